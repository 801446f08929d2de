"""Where the potential is, worked by hand: what is listed, what is used, the rate to reach and the results missing to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from queries.data import Data, open_data
from queries.filters import Filters
from queries.measure import Measure
from queries.metrics import COMPLETED, RECEIVED_BY_POST, RETURNED, RETURNED_BY_POST
from queries.potential import ListedFunnel, Potential
from queries.similar import best_quarter
from tests.queries.hand import Rows, ask, completed, province, received, returned

AGENCIES = [{"agency_code": code, "agency_name": f"UBND xã {code}", "level": "commune"} for code in "ABCDEF"]
AGENCIES += [{"agency_code": "SO", "agency_name": "Sở", "level": "province"}]
Y = "ky=2026"


def _by(code: str, recorded: int, by_post: int, procedure: str = "1.01") -> list[dict[str, Any]]:
    return [returned("2026-03-02", "post" if place < by_post else "counter", agency_code=code, procedure_code=procedure) for place in range(recorded)]


def _data(folder: Path, dossiers: list[dict[str, Any]], listings: Rows = None, **more: Any) -> Data:
    return province(folder, dossiers, agencies=AGENCIES, successions=None, listings=listings, **more)


def _of(frame: pd.DataFrame, column: str, procedure: str = "1.01") -> dict[str, Any]:
    rows = frame[frame["procedure_code"] == procedure]
    return {code: None if pd.isna(value) else value for code, value in zip(rows["agency_code"], rows[column], strict=True)}


def test_the_gap_is_what_the_rate_of_the_best_quarter_of_the_level_would_add(tmp_path: Path) -> None:
    dossiers = [*_by("A", 20, 10), *_by("B", 20, 6), *_by("C", 20, 4), *_by("D", 25, 0), *_by("E", 5, 1), *_by("SO", 20, 20)]
    frame = ask(_data(tmp_path, dossiers), Potential(), Y)
    # four communes have twenty results: the best one's 10/20 is a quarter of them; 12.5 and 2.5 are rounded down; the department is no commune
    assert _of(frame, "gap") == {"A": 0, "B": 4, "C": 6, "D": 12, "E": 1, "SO": 0}
    assert _of(frame, "benchmark_numerator") == dict.fromkeys("ABCDE", 10) | {"SO": 41}
    assert _of(frame, "benchmark_denominator") == dict.fromkeys("ABCDE", 20) | {"SO": 110}
    assert _of(frame, "benchmark_basis") == dict.fromkeys("ABCDE", "level") | {"SO": "province"}
    assert _of(frame, "benchmark_units") == dict.fromkeys("ABCDE", 4) | {"SO": None}
    assert list(frame["gap"]) == [12, 6, 4, 1, 0, 0]


def test_with_fewer_than_four_comparable_agencies_the_procedure_of_the_province_is_the_benchmark(tmp_path: Path) -> None:
    frame = ask(_data(tmp_path, [*_by("A", 20, 10), *_by("B", 20, 0), *_by("C", 20, 2)]), Potential(), Y)
    assert _of(frame, "gap") == {"A": 0, "B": 4, "C": 2}  # 12 of 60


def test_too_few_results_in_the_whole_province_make_no_benchmark_and_no_gap(tmp_path: Path) -> None:
    frame = ask(_data(tmp_path, [*_by("A", 10, 10), *_by("B", 9, 0)]), Potential(), Y)
    assert _of(frame, "gap") == {"A": None, "B": None}
    assert _of(frame, "benchmark_basis") == {"A": None, "B": None}


def test_results_without_a_recorded_channel_leave_the_gap_unknown_and_no_result_leaves_none(tmp_path: Path) -> None:
    dossiers = [*_by("A", 20, 10), returned("2026-03-02", None, agency_code="B"), received("2026-03-02", agency_code="C")]
    frame = ask(_data(tmp_path, dossiers), Potential(), Y)
    assert _of(frame, "gap") == {"A": 0, "B": None, "C": 0}


def test_the_asked_agencies_do_not_change_the_benchmark(tmp_path: Path) -> None:
    data = _data(tmp_path, [*_by("A", 20, 10), *_by("B", 20, 6), *_by("C", 20, 4), *_by("D", 25, 0)])
    assert _of(ask(data, Potential(), f"{Y}&dv=D"), "gap") == {"D": 12}
    assert _of(ask(data, Potential(), f"{Y}&cap=commune&dv=B,C"), "gap") == {"B": 4, "C": 6}
    assert ask(data, Potential(), f"{Y}&dv=KHONG").empty
    assert ask(data, Potential(), "ky=2030").empty


LISTINGS: Rows = [
    {"agency_code": "A", "procedure_code": "1.01", "postal_return": True},
    {"agency_code": "A", "procedure_code": "1.02", "postal_return": False},
    {"agency_code": "A", "procedure_code": "2.01", "postal_return": True, "valid_to": "2025-12-31"},
    {"agency_code": "B", "procedure_code": "1.01"},
    {"agency_code": "B", "procedure_code": "9.01"},
]


def test_every_pair_says_whether_it_is_listed_and_used(tmp_path: Path) -> None:
    dossiers = [
        *_by("A", 1, 1),
        received("2026-03-02", "post", agency_code="A", procedure_code="1.02"),
        *_by("A", 1, 1, "2.01"),
        *_by("B", 1, 0),
        *_by("C", 1, 0),
        completed("2026-03-02", agency_code="B", procedure_code="1.02"),
    ]
    frame = ask(_data(tmp_path, dossiers, LISTINGS), Potential(), Y)
    kinds = {(code, procedure): kind for code, procedure, kind in frame[["agency_code", "procedure_code", "kind"]].itertuples(index=False)}
    assert kinds == {
        ("A", "1.01"): "ok",
        ("A", "1.02"): "ok",  # a dossier came by post
        ("A", "2.01"): "used_unlisted",  # its listing has ended
        ("B", "1.01"): "listed_unused",
        ("B", "9.01"): "listed_unused",  # not even a dossier
        ("B", "1.02"): "ok",
        ("C", "1.01"): "ok",  # neither listed nor by post
    }
    assert _of(frame, "is_listed_return", "1.02") == {"A": False, "B": False}
    assert _of(frame, "is_listed_return") == {"A": True, "B": True, "C": False}  # where the list does not say, it is for both ways
    assert (1, 0) == (_of(frame, "settled", "1.02")["B"], _of(frame, "returned", "1.02")["B"])


def test_without_a_postal_list_nothing_is_said_to_be_listed_or_not(tmp_path: Path) -> None:
    frame = ask(_data(tmp_path, _by("A", 20, 1)), Potential(), Y)
    assert frame[["is_listed", "is_listed_return", "kind"]].isna().all(axis=None)
    assert list(frame["gap"]) == [0]


def test_sectors_narrow_list_and_figures_alike(tmp_path: Path) -> None:
    data = _data(tmp_path, [*_by("A", 1, 1), *_by("A", 1, 0, "2.01")], LISTINGS)
    frame = ask(data, Potential(), f"{Y}&lv=HT")
    assert {("A", "1.01"), ("A", "1.02"), ("B", "1.01")} == set(zip(frame["agency_code"], frame["procedure_code"], strict=True))


def _steps(frame: pd.DataFrame) -> dict[str, tuple[int | None, int | None]]:
    rows = frame[["step", "pairs", "dossiers"]].itertuples(index=False, name=None)
    return {step: (None if pd.isna(pairs) else pairs, None if pd.isna(dossiers) else dossiers) for step, pairs, dossiers in rows}


FUNNEL = [
    *[received("2026-03-02", "post", agency_code="A")] * 2,
    returned("2026-03-02", "post", agency_code="A", postal_stage="registered"),
    returned("2026-03-02", "post", agency_code="B", postal_stage="undelivered"),
    *[returned("2026-03-02", "post", agency_code="B", postal_stage="delivered")] * 2,
    received("2026-03-02", "online", agency_code="A", procedure_code="1.02"),
    returned("2026-03-02", "post", agency_code="C", postal_stage="delivered"),  # not listed
]


def test_the_funnel_counts_listed_pairs_and_their_dossiers(tmp_path: Path) -> None:
    assert _steps(ask(_data(tmp_path, FUNNEL, LISTINGS), ListedFunnel(), Y)) == {
        "listed": (4, None),
        "with_dossier": (3, None),
        "received_by_post": (1, 2),
        "returned_by_post": (2, 4),
        "shipped": (1, 3),  # what came back had been shipped
        "delivered": (1, 2),
    }


def test_what_the_database_does_not_tell_is_missing_from_the_funnel(tmp_path: Path) -> None:
    without_stage = _steps(ask(_data(tmp_path, [{k: v for k, v in row.items() if k != "postal_stage"} for row in FUNNEL], LISTINGS), ListedFunnel(), Y))
    assert (0, 0) == without_stage["shipped"]  # a column without a stage: nothing was shipped
    data = _data(tmp_path, [{k: v for k, v in row.items() if k != "postal_stage"} for row in FUNNEL], LISTINGS, without=("dossiers.postal_stage",))
    assert ((2, 4), (None, None), (None, None)) == tuple(_steps(ask(data, ListedFunnel(), Y))[step] for step in ("returned_by_post", "shipped", "delivered"))
    assert set(_steps(ask(_data(tmp_path, FUNNEL), ListedFunnel(), Y)).values()) == {(None, None)}
    later = _steps(ask(_data(tmp_path, FUNNEL, LISTINGS), ListedFunnel(), "ky=2030"))
    assert ((4, None), (None, None)) == (later["listed"], later["with_dossier"])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(20, 40)), min_size=1, max_size=12))
def test_at_least_a_quarter_of_the_units_reach_the_rate_of_the_best_quarter(units: list[tuple[int, int]]) -> None:
    rates = [(min(above, below), below) for above, below in units]
    best = best_quarter(pd.DataFrame(rates, columns=["numerator", "denominator"], dtype="Int64")).iloc[0]
    above, below = int(best["benchmark_numerator"]), int(best["benchmark_denominator"])
    reached = sum(a * below >= above * b for a, b in rates)
    better = sum(a * below > above * b for a, b in rates)
    assert (above, below) in rates
    assert reached * 4 >= len(rates)
    assert better * 4 < len(rates)


def test_the_pairs_of_the_demo_add_up_to_the_totals_and_no_gap_is_negative(demo_url: str) -> None:
    data, filters = open_data(demo_url), Filters.from_query("ky=2026-Q3&cap=commune")
    frame = data.ask(Potential(), filters)
    totals = data.ask(Measure((COMPLETED, RETURNED, RETURNED_BY_POST, RECEIVED_BY_POST)), filters).iloc[0]
    for metric, column in ((COMPLETED, "settled"), (RETURNED, "returned"), (RETURNED_BY_POST, "returned_by_post"), (RECEIVED_BY_POST, "received_by_post")):
        assert totals[metric.key] == frame[column].sum()
    assert (frame["gap"].dropna() >= 0).all()
    assert not frame.duplicated(["agency_code", "procedure_code"]).any()
