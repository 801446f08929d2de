"""Similar units: the same level, about as many results, the same mix; and the rate that the best quarter of them reaches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import similar
from queries.data import Data
from queries.similar import Similar, SimilarToAsked, SimilarUnits, best_quarter
from tests.queries.hand import ask, province, returned

COMMUNES = [{"agency_code": code, "agency_name": f"UBND xã {code}", "level": "commune"} for code in "ABCDE"]


def _results(agency: str, numbers: Mapping[str, int], *, on: str = "2026-03-02", by_post: int = 0) -> list[dict[str, Any]]:
    """So many results by procedure, the first `by_post` of them by post."""
    codes = [code for code, number in numbers.items() for _ in range(number)]
    return [returned(on, "post" if place < by_post else "counter", agency_code=agency, procedure_code=code) for place, code in enumerate(codes)]


def _pairs(frame: pd.DataFrame, code: str) -> list[tuple[str, float | None, str]]:
    rows = frame[frame["agency_code"] == code]
    cosines = [None if pd.isna(value) else round(float(value), 6) for value in rows["similarity"]]
    return list(zip(rows["similar_code"], cosines, rows["basis"], strict=True))


@pytest.fixture
def communes(tmp_path: Path) -> Data:
    """A and B do two procedures the other way round; C three times what A does; D four times; E, a department, the same as A."""
    agencies = [*COMMUNES[:4], {"agency_code": "E", "agency_name": "Sở E", "level": "province"}]
    dossiers = [
        *_results("A", {"1.01": 3, "2.01": 4}),
        *_results("B", {"1.01": 4, "2.01": 3}),
        *_results("C", {"1.01": 9, "2.01": 12}),
        *_results("D", {"1.01": 12, "2.01": 16}),
        *_results("E", {"1.01": 3, "2.01": 4}),
    ]
    return province(tmp_path, dossiers, agencies=agencies)


def test_the_cosine_of_the_mixes_orders_units_of_a_level_within_three_times_the_results(communes: Data) -> None:
    frame = ask(communes, Similar(), "ky=2026")
    assert _pairs(frame, "A") == [("C", 1.0, "procedures"), ("B", 0.96, "procedures")]  # B: (3·4 + 4·3) / (5·5); D has four times the results
    assert list(frame.loc[frame["agency_code"] == "A", "volume_ratio"]) == [3.0, 1.0]
    assert _pairs(frame, "E") == []


def test_the_asked_agencies_and_dossiers_do_not_change_who_is_similar(communes: Data) -> None:
    whole = ask(communes, Similar(), "ky=2026")
    for query in ("dv=B", "cap=province", "tt=1.01", "lv=XD", "ht=online", "db=03390"):
        pd.testing.assert_frame_equal(whole, ask(communes, Similar(), f"ky=2026&{query}"))


def test_units_without_a_procedure_in_common_are_compared_by_sector_and_else_by_volume_alone(tmp_path: Path) -> None:
    dossiers = [*_results("A", {"1.01": 4}), *_results("B", {"1.02": 4}), *_results("C", {"2.01": 5}), *_results("D", {"9.01": 4})]
    frame = ask(province(tmp_path, dossiers, agencies=COMMUNES), Similar(), "ky=2026")
    assert _pairs(frame, "A") == [("B", 1.0, "sectors")]
    assert _pairs(frame, "C") == [("A", None, "volume"), ("B", None, "volume"), ("D", None, "volume")]
    assert _pairs(frame, "D") == [("A", None, "volume"), ("B", None, "volume"), ("C", None, "volume")]  # no sector makes nobody alike


def test_a_level_with_too_many_procedures_is_compared_by_sector(communes: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "MOST_PROCEDURES", 1)
    assert _pairs(ask(communes, Similar(), "ky=2026"), "A") == [("C", 1.0, "sectors"), ("B", 0.96, "sectors")]


def test_equal_likeness_is_ordered_by_volume_and_then_by_code(tmp_path: Path) -> None:
    dossiers = [*_results("A", {"1.01": 4}), *_results("D", {"1.01": 4}), *_results("C", {"1.01": 2}), *_results("B", {"1.01": 8}), *_results("E", {"1.01": 4})]
    frame = ask(province(tmp_path, dossiers, agencies=COMMUNES), Similar(), "ky=2026")
    assert [code for code, _, _ in _pairs(frame, "A")] == ["D", "E", "B", "C"]  # twice and half are as far away
    assert list(frame.loc[frame["agency_code"] == "A", "place"]) == [1, 2, 3, 4]


def test_a_short_period_is_compared_by_the_twelve_months_up_to_its_end(tmp_path: Path) -> None:
    dossiers = [
        *_results("A", {"1.01": 1}),
        *_results("B", {"2.01": 1}),
        *_results("A", {"1.01": 3}, on="2025-04-01"),
        *_results("B", {"1.01": 3}, on="2025-04-01"),
        *_results("B", {"2.01": 90}, on="2025-03-31"),
    ]
    data = province(tmp_path, dossiers, agencies=COMMUNES)
    assert _pairs(ask(data, Similar(), "ky=2026-03"), "A") == [("B", round(3 * 4 / (4 * 10**0.5), 6), "procedures")]
    assert _pairs(ask(data, Similar(), "ky=2026-Q1"), "A") == [("B", None, "volume")]


def test_a_period_without_data_has_no_similar_units(communes: Data) -> None:
    assert ask(communes, Similar(), "ky=2030").empty
    assert ask(communes, SimilarUnits("A"), "ky=2030").empty


def _rates(*rates: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame(rates, columns=["numerator", "denominator"], dtype="Int64")


@pytest.mark.parametrize(
    ("expected", "units"),
    [
        ((9, 30, 1), [(9, 30)]),
        ((20, 40, 4), [(1, 40), (20, 40), (3, 40), (2, 40)]),  # one in four is a quarter
        ((3, 40, 5), [(1, 40), (20, 40), (3, 40), (2, 40), (0, 40)]),  # of five a quarter is two
        ((1, 20, 1), [(1, 20), (19, 19)]),  # 19 results are too few
    ],
)
def test_the_best_quarter_of_units_reaches_a_rate_that_one_of_them_has(expected: tuple[int, int, int], units: list[tuple[int, int]]) -> None:
    assert [expected] == list(best_quarter(_rates(*units)).itertuples(index=False, name=None))


def test_without_a_unit_large_enough_there_is_no_best_quarter() -> None:
    assert best_quarter(_rates((1, 2), (0, 0))).empty
    assert best_quarter(_rates()).empty


def test_a_unit_stands_at_its_rank_and_distance_among_similar_ones(tmp_path: Path) -> None:
    dossiers = [
        *_results("A", {"1.01": 20}, by_post=2),
        *_results("B", {"1.01": 20}, by_post=8),
        *_results("C", {"1.01": 25}, by_post=5),
        *_results("D", {"1.01": 20}, by_post=2),
        *_results("E", {"1.01": 19}, by_post=19),
    ]
    data = province(tmp_path, dossiers, agencies=COMMUNES)
    frame = ask(data, SimilarUnits("A"), "ky=2026&dv=A&cap=commune")
    assert list(frame["agency_code"]) == ["A", "B", "D", "E", "C"]  # 20, 20, 19 and 25 results beside 20
    assert list(frame["is_asked"]) == [True, False, False, False, False]
    assert list(frame["rank"].fillna(0)) == [3, 1, 3, 0, 2]  # equal rates share a rank; 19 results have none
    assert set(frame["ranked"]) == {4}
    assert set(zip(frame["benchmark_numerator"], frame["benchmark_denominator"], strict=True)) == {(8, 20)}
    assert [30.0, 0.0, 30.0, None, 20.0] == [None if pd.isna(points) else round(float(points), 9) for points in frame["points_below_best"]]
    assert list(ask(data, SimilarUnits("A", nearest=1), "ky=2026")["agency_code"]) == ["A", "B"]


def test_rates_are_counted_within_the_filters(tmp_path: Path) -> None:
    dossiers = [*_results("A", {"1.01": 2, "2.01": 1}, by_post=1), *_results("B", {"1.01": 1, "2.01": 2}, by_post=1)]
    data = province(tmp_path, dossiers, agencies=COMMUNES)
    frame = ask(data, SimilarUnits("A"), "ky=2026&tt=2.01")
    assert list(frame[["agency_code", "returned", "returned_by_post"]].itertuples(index=False, name=None)) == [("A", 1, 0), ("B", 2, 0)]


def test_a_former_unit_is_compared_as_its_successor_when_asked_as_organised_now(tmp_path: Path) -> None:
    data = province(tmp_path, [*_results("STTTT", {"1.01": 1}, on="2025-02-03"), *_results("STP", {"1.01": 2}, on="2025-02-03")])
    assert list(ask(data, SimilarUnits("STTTT"), "ky=2025&tc=hien-nay")["agency_code"]) == ["SKHCN", "STP"]
    assert list(ask(data, SimilarUnits("STTTT"), "ky=2025")["agency_code"]) == ["STTTT", "STP"]


def test_an_unknown_unit_and_one_without_results_have_no_similar_units(communes: Data) -> None:
    for code in ("KHONG", ""):
        assert ask(communes, SimilarUnits(code), "ky=2026").empty


def test_similar_units_are_those_of_the_one_asked_agency_or_none(communes: Data) -> None:
    pd.testing.assert_frame_equal(ask(communes, SimilarUnits("A"), "dv=A&ky=2026"), ask(communes, SimilarToAsked(), "dv=A&ky=2026"))
    for query in ("ky=2026", "dv=A,B&ky=2026", "dv=KHONG-CO&ky=2026"):
        assert ask(communes, SimilarToAsked(), query).empty
