"""Whom to call: every reason, every figure beside a call worked by hand, and the verdicts that add up to the catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries.adoption import AdoptionUnits, Verdict
from queries.call_list import ADVICE, CallList, CallListOthers, lower_limit, verdict_counts
from queries.data import Data, open_data, read_data
from queries.filters import Filters
from queries.metrics import POSTAL_RETURN_RATE
from queries.period import month_start
from queries.potential import ListedFunnel, Potential
from queries.similar import SimilarUnits
from queries.source import Source
from queries.split import Split
from queries.statement import Dim
from queries.streak import Streaks
from tests.queries.hand import Rows, ask, completed, province, received, returned

NAMES = {"R": "UBND xã R", "N": "UBND xã N", "S": "UBND xã S", "U": "UBND xã U", "Q": "UBND xã Q", "D": "UBND xã D", "E": "UBND xã E"}
AGENCIES = [{"agency_code": code, "agency_name": name, "level": "commune"} for code, name in NAMES.items() if code != "E"]
AGENCIES += [{"agency_code": "E", "agency_name": "UBND xã E", "level": "commune", "valid_to": "2025-12-31"}]
LISTINGS: Rows = [
    *({"agency_code": code, "procedure_code": "1.01", "postal_return": True} for code in NAMES),
    {"agency_code": "S", "procedure_code": "1.02", "postal_return": False},
    {"agency_code": "S", "procedure_code": "2.01", "postal_return": True, "valid_to": "2026-03-31"},
    {"agency_code": "S", "procedure_code": "9.01"},
    {"agency_code": "N", "procedure_code": "9.01", "postal_return": True},
]
COVERAGE = [{"agency_code": code, "covered_from": "2025-01-01", "covered_to": "2026-06-30"} for code in "RNSUQE"]
Q2 = "ky=2026-Q2"


def _by(code: str, on: str, channel: str | None = "counter", procedure: str = "1.01", **more: Any) -> dict[str, Any]:
    return returned(on, channel, agency_code=code, procedure_code=procedure, **more)


DOSSIERS = [
    *[_by("R", "2026-05-04", "post")] * 2,
    *[_by("R", "2026-05-04")] * 3,
    _by("R", "2026-05-04", "post", "9.01"),
    # never: three results since the beginning, one of them in the quarter
    _by("N", "2025-02-03"),
    _by("N", "2026-01-05", procedure="9.01"),
    _by("N", "2026-05-05"),
    # stopped on 10 February; what was returned on that day and before is not meanwhile
    _by("S", "2026-02-09"),
    _by("S", "2026-02-10", "post"),
    _by("S", "2026-02-10"),
    _by("S", "2026-02-11", "online"),
    _by("S", "2026-05-05", procedure="1.02"),
    _by("S", "2026-05-05", procedure="2.01"),
    *[_by("S", "2026-05-06", procedure="9.01")] * 2,
    _by("S", "2026-05-06", None, "9.01"),
    # registered for the post by S: two were not taken, one was, one lies there since before, one is not ready
    completed("2026-05-07", agency_code="S", returned_channel="post", postal_stage="registered"),
    completed("2026-05-07", agency_code="S", returned_channel="post"),
    completed("2026-05-07", agency_code="S", returned_channel="post", postal_stage="shipped"),
    completed("2026-02-10", agency_code="S", returned_channel="post", postal_stage="registered"),
    received("2026-05-07", agency_code="S", returned_channel="post", postal_stage="registered"),
    _by("U", "2026-05-05", None),
    received("2026-05-05", agency_code="Q"),
    _by("E", "2026-05-05"),
]


@pytest.fixture
def communes(tmp_path: Path) -> Data:
    """One commune for every verdict of the second quarter of 2026: R returns by post, N never did, S stopped, U records nothing, Q has no result,
    D has no feed, and E ended the year before.
    """
    return province(tmp_path, DOSSIERS, agencies=AGENCIES, listings=LISTINGS, coverage=COVERAGE, successions=None)


def _row(frame: pd.DataFrame, code: str) -> dict[str, Any]:
    found = frame.set_index("agency_code").loc[code].to_dict()
    return {str(name): None if pd.isna(value) else value.date() if isinstance(value, pd.Timestamp) else value for name, value in found.items()}


def test_only_agencies_with_results_and_none_by_post_are_called(communes: Data) -> None:
    frame = ask(communes, CallList(), Q2)
    assert list(zip(frame["agency_code"], frame["reason"], frame["verdict"], strict=True)) == [("N", "never", "not_by_post"), ("S", "stopped", "not_by_post")]


def test_a_stopped_agency_is_counted_from_the_day_after_its_last_postal_return(communes: Data) -> None:
    row = _row(ask(communes, CallList(), Q2), "S")
    assert (date(2026, 2, 10), date(2026, 2, 10), date(2026, 2, 11)) == (row["stopped_since"], row["last_postal_return"], row["counted_from"])
    assert row["returned"] == 6
    assert row["returned_listed"] == 4  # 1.01 once and 9.01 thrice; 1.02 is not listed for return, 2.01 not any more
    assert row["registered_not_carried"] == 2
    assert (row["period_by_post"], row["period_recorded"], row["periods_without"]) == (0, 4, 1)


def test_an_agency_that_never_returned_by_post_is_counted_from_its_first_result(communes: Data) -> None:
    row = _row(ask(communes, CallList(), Q2), "N")
    assert (None, None, None) == (row["stopped_since"], row["last_postal_return"], row["counted_from"])
    assert (row["returned"], row["returned_listed"], row["registered_not_carried"]) == (3, 3, 0)
    assert row["periods_without"] == 6  # quarters since the first result


def test_an_agency_that_began_again_after_the_period_had_stopped_in_it(tmp_path: Path) -> None:
    dossiers = [_by("S", "2025-11-03", "post"), _by("S", "2026-02-03"), _by("S", "2026-05-04", "post"), _by("N", "2026-02-03"), _by("N", "2026-05-04", "post")]
    data = province(tmp_path, [received("2025-01-02"), *dossiers], agencies=AGENCIES, successions=None)
    frame = ask(data, CallList(), "ky=2026-Q1")
    stopped, never = _row(frame, "S"), _row(frame, "N")
    assert ("stopped", date(2025, 11, 3), date(2026, 5, 4), 1) == (
        stopped["reason"],
        stopped["stopped_since"],
        stopped["last_postal_return"],
        stopped["returned"],
    )
    assert ("never", None, date(2026, 5, 4)) == (never["reason"], never["stopped_since"], never["last_postal_return"])
    assert ask(data, CallList(), Q2).empty


def test_similar_units_that_return_by_post_stand_beside_a_call_with_their_rate(tmp_path: Path) -> None:
    volumes = {"N": (0, 4), "R": (1, 4), "S": (3, 5), "Q": (0, 4), "U": (2, 6), "D": (1, 7)}
    dossiers = [_by(code, "2026-05-04", "post" if place < by_post else "counter") for code, (by_post, size) in volumes.items() for place in range(size)]
    row = _row(ask(province(tmp_path, dossiers, agencies=AGENCIES, successions=None), CallList(), f"{Q2}&dv=N"), "N")
    assert row["similar_codes"] == "R; S; U"  # Q is as near and returns nothing by post; D is the fourth
    assert row["similar_names"] == "UBND xã R; UBND xã S; UBND xã U"
    assert (row["similar_by_post"], row["similar_recorded"]) == (6, 15)


def test_the_procedures_to_start_with_are_listed_and_first_those_that_others_return_by_post(communes: Data) -> None:
    frame = ask(communes, CallList(), Q2)
    stopped = _row(frame, "S")
    assert stopped["procedures_to_start"] == "9.01; 1.01"  # three results and one; R returns both by post
    assert stopped["procedures_to_start_names"] == "Thủ tục chưa có lĩnh vực | Đăng ký khai sinh"
    assert stopped["done_elsewhere"] == 2


def test_what_nobody_else_returns_by_post_comes_after_what_others_do(tmp_path: Path) -> None:
    dossiers = [*[_by("N", "2026-05-04", procedure="2.01")] * 9, *[_by("N", "2026-05-04", procedure="1.02")] * 3, _by("N", "2026-05-04")]
    others = [_by("R", "2026-05-04", "post")]
    row = _row(ask(province(tmp_path, [*dossiers, *others], agencies=AGENCIES, successions=None), CallList(), Q2), "N")
    assert (row["procedures_to_start"], row["done_elsewhere"]) == ("1.01; 2.01; 1.02", 1)
    assert row["returned_listed"] is None  # there is no postal list


def test_the_verdicts_add_up_to_the_catalogue(communes: Data) -> None:
    units = ask(communes, AdoptionUnits(), Q2)
    counts = verdict_counts(units)
    assert counts == {"not_by_post": 2, "channel_not_recorded": 1, "no_result": 1, "no_data": 1, "returns_by_post": 1, "not_in_period": 1}
    assert sum(counts.values()) == len(AGENCIES)
    called, others = ask(communes, CallList(), Q2), ask(communes, CallListOthers(), Q2)
    assert (len(called), len(others)) == (counts["not_by_post"], len(AGENCIES) - counts["not_by_post"] - counts["returns_by_post"])


def test_agencies_that_are_not_called_stand_apart_with_what_to_do(communes: Data) -> None:
    frame = ask(communes, CallListOthers(), Q2)
    expected = [("U", "channel_not_recorded", 1), ("Q", "no_result", 0), ("D", "no_data", None), ("E", "not_in_period", 1)]
    found = [
        (code, verdict, None if pd.isna(number) else number) for code, verdict, number in frame[["agency_code", "verdict", "returned"]].itertuples(index=False)
    ]
    assert expected == found
    assert [ADVICE[verdict] for _, verdict, _ in expected] == list(frame["advice"])
    assert Verdict.NOT_BY_POST not in ADVICE


@pytest.mark.parametrize("query", ["ky=2030", "ky=2020", "dv=KHONG&ky=2026-Q2", "cap=vertical&ky=2026-Q2"])
def test_where_there_is_nobody_to_call_the_lists_are_empty_and_keep_their_columns(query: str, communes: Data) -> None:
    for question in (CallList(), CallListOthers()):
        whole, nothing = ask(communes, question, Q2), ask(communes, question, query)
        assert nothing.empty
        assert list(whole.dtypes.items()) == list(nothing.dtypes.items())


def test_the_history_of_a_merged_agency_is_that_of_all_it_carries_on(tmp_path: Path) -> None:
    dossiers = [
        returned("2025-01-06", "post", agency_code="STTTT"),
        returned("2025-02-03", agency_code="SKHCN-CU"),
        returned("2025-01-06", agency_code="SKHCN-CU"),
        returned("2026-05-04", agency_code="SKHCN"),
    ]
    data = province(tmp_path, [received("2024-12-02"), *dossiers])
    now, then = (_row(ask(data, CallList(), f"{Q2}&dv=SKHCN&tc={view}"), "SKHCN") for view in ("hien-nay", "luc-do"))
    assert ("stopped", date(2025, 1, 6), 2) == (now["reason"], now["stopped_since"], now["returned"])
    assert ("never", None, 1) == (then["reason"], then["stopped_since"], then["returned"])


# --- below the own norm ----------------------------------------------------------------------------------------------------------


def test_the_lower_limit_is_the_mean_less_two_point_66_moving_ranges() -> None:
    limit = lower_limit([(6, 10), (5, 10)] * 6)
    assert limit == pytest.approx(0.55 - 2.66 * 0.1)


@pytest.mark.parametrize(
    "months",
    [
        [(6, 10), (5, 10)] * 5 + [(6, 10)],  # eleven months
        [(6, 10), (5, 10)] * 5 + [(6, 10), None],  # the same, and one without results
        [(4, 10), (5, 10)] * 6,  # four and a half a month
        [(9, 10), (1, 10)] * 6,  # so restless that no rate lies below
        [],
    ],
)
def test_few_or_restless_months_make_no_norm(months: list[tuple[int, int] | None]) -> None:
    assert lower_limit(months) is None


def _a_year(by_post: int, last: tuple[int, int], *, months: int = 12) -> list[dict[str, Any]]:
    """Ten results a month up to March 2026, of which so many by post, and then a quarter with (by post, recorded)."""
    end = 2026 * 12 + 3
    days = [month_start(month).isoformat() for month in range(end - months, end)]
    rows = [_by("R", day, "post" if place < by_post else "counter") for day in days for place in range(10)]
    return [*rows, *(_by("R", "2026-05-04", "post" if place < last[0] else "counter") for place in range(last[1]))]


def test_an_agency_below_its_own_norm_is_called_with_the_limit(tmp_path: Path) -> None:
    data = province(tmp_path, _a_year(5, (2, 5)), agencies=AGENCIES, successions=None)
    frame = ask(data, CallList(), Q2)
    row = _row(frame, "R")
    assert list(frame["agency_code"]) == ["R"]
    assert ("below_norm", "returns_by_post", 0.5) == (row["reason"], row["verdict"], row["lower_limit"])
    assert (2, 5, 5, 0) == (row["period_by_post"], row["period_recorded"], row["returned"], row["periods_without"])
    assert (date(2026, 4, 1), None) == (row["counted_from"], row["stopped_since"])


@pytest.mark.parametrize("dossiers", [_a_year(5, (5, 10)), _a_year(5, (2, 5), months=11), _a_year(4, (1, 10))])
def test_at_its_norm_or_without_one_an_agency_is_not_called(dossiers: list[dict[str, Any]], tmp_path: Path) -> None:
    assert ask(province(tmp_path, dossiers, agencies=AGENCIES, successions=None), CallList(), Q2).empty


# --- what was returned meanwhile -------------------------------------------------------------------------------------------------


def test_every_agency_has_its_own_first_day(communes: Data) -> None:
    frame = communes.ask(Streaks((("N", None), ("S", date(2026, 5, 6)))), Filters.from_query(Q2))
    rows = list(frame[["agency_code", "procedure_code", "returned", "not_carried"]].itertuples(index=False, name=None))
    assert rows == [("N", "1.01", 2, 0), ("N", "9.01", 1, 0), ("S", "1.01", 0, 2), ("S", "9.01", 3, 0)]


def test_without_a_postal_stage_what_is_ready_and_not_handed_over_was_not_carried(tmp_path: Path) -> None:
    dossiers = [completed("2026-05-07", returned_channel="post"), completed("2026-05-07"), returned("2026-05-07", "post")]
    data = province(tmp_path, dossiers, without=("dossiers.postal_stage",))
    assert [(1, 1)] == list(data.ask(Streaks((("STP", None),)), Filters.from_query(Q2))[["returned", "not_carried"]].itertuples(index=False, name=None))


def test_a_result_marked_registered_after_it_was_returned_was_not_carried(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-05-07", "post", postal_stage="registered"), returned("2026-05-07", "post", postal_stage="delivered")])
    assert [(2, 1)] == list(data.ask(Streaks((("STP", None),)), Filters.from_query(Q2))[["returned", "not_carried"]].itertuples(index=False, name=None))


# --- the demo province -----------------------------------------------------------------------------------------------------------


def test_the_demo_calls_those_of_whom_its_story_says_so(demo_url: str) -> None:
    data, filters = open_data(demo_url), Filters.from_query("ky=2026-Q3")
    frame = data.ask(CallList(), filters)
    reasons = {reason: set(part["agency_code"]) for reason, part in frame.groupby("reason")}
    assert {"TTT", "BQLKKT", "SDTTG", "X03439", "X03451", "X03463", "X03538", "X03640"} == reasons["never"]
    assert {"SVHTTDL", "X03472", "X03508", "SGDDT"} <= reasons["stopped"]  # in a small demo others may have none by chance
    assert frame.loc[frame["agency_code"] == "SVHTTDL", "stopped_since"].iloc[0].date() <= date(2025, 11, 28)
    counts = verdict_counts(data.ask(AdoptionUnits(), filters))
    assert len(data.catalogue.agencies) == sum(counts.values())
    assert len(frame[frame["verdict"] == Verdict.NOT_BY_POST]) == counts["not_by_post"]
    assert len(data.ask(CallListOthers(), filters)) == sum(counts[group] for group in ADVICE)


# --- three engines ---------------------------------------------------------------------------------------------------------------


@pytest.mark.server
@pytest.mark.parametrize("query", ["ky=2026", "ky=2026-Q2&ss=ky-truoc&tc=hien-nay", "ky=2025"])
def test_the_lists_are_the_same_on_three_engines(query: str, three_sources: dict[str, Source]) -> None:
    filters = Filters.from_query(query)
    for question in (CallList(), CallListOthers(), Potential(), ListedFunnel(), SimilarUnits("a"), Split(POSTAL_RETURN_RATE, Dim.AGENCY)):
        frames = {name: read_data(source).ask(question, filters) for name, source in three_sources.items()}
        pd.testing.assert_frame_equal(frames["duckdb"], frames["postgresql"])
        pd.testing.assert_frame_equal(frames["duckdb"], frames["mariadb"])
