"""The verdict of five on every agency, worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.adoption import AdoptionUnits, ListedProcedures, MonthlyVerdicts, Verdict, active_agencies, verdict
from queries.adoption_series import ComparedVerdicts, LastBefore, MonthlyAdoption
from queries.counting import Rules
from queries.data import Data
from queries.period import month_index, month_label
from queries.volumes import Totals
from tests.queries.hand import ask, province, received, returned

FIVE = (
    {"agency_code": "A-POST", "agency_name": "Sở Tư pháp"},
    {"agency_code": "B-COUNTER", "agency_name": "Sở Y tế"},
    {"agency_code": "C-UNKNOWN", "agency_name": "Sở Nội vụ"},
    {"agency_code": "D-IDLE", "agency_name": "Sở Ngoại vụ"},
    {"agency_code": "E-UNFED", "agency_name": "UBND xã Pa Ủ", "level": "commune"},
)
FED = tuple({"agency_code": code, "covered_from": "2025-01-01", "covered_to": "2026-06-30"} for code in ("A-POST", "B-COUNTER", "C-UNKNOWN", "D-IDLE"))
DOSSIERS = (
    returned("2026-02-03", "post", agency_code="A-POST"),
    returned("2026-02-04", "counter", agency_code="A-POST"),
    returned("2026-02-05", "counter", agency_code="B-COUNTER"),
    returned("2026-02-06", None, agency_code="B-COUNTER"),
    returned("2026-02-07", None, agency_code="C-UNKNOWN"),
    returned("2026-02-08", "fax", agency_code="C-UNKNOWN"),
    received("2025-01-02", "post", agency_code="D-IDLE"),
)


def five(folder: Path, dossiers: Sequence[dict[str, Any]] = DOSSIERS, **more: Any) -> Data:
    return province(folder, dossiers, **{"agencies": FIVE, "successions": None, "coverage": FED, **more})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """The five agencies, one for each verdict."""
    return five(tmp_path_factory.mktemp("five"))


def verdicts(data: Data, query: str = "ky=2026") -> dict[str, str]:
    frame = ask(data, AdoptionUnits(), query)
    return dict(zip(frame["agency_code"], frame["verdict"], strict=True))


def cell(data: Data, code: str, column: str, query: str = "ky=2026") -> Any:
    return ask(data, AdoptionUnits(), query).set_index("agency_code").loc[code, column]


# --- the verdict -----------------------------------------------------------------------------------------------------------------


def test_the_five_verdicts_are_never_merged(data: Data) -> None:
    expected = {
        "A-POST": "returns_by_post",
        "B-COUNTER": "not_by_post",
        "C-UNKNOWN": "channel_not_recorded",
        "D-IDLE": "no_result",
        "E-UNFED": "no_data",
    }
    assert expected == verdicts(data)


def test_beside_the_verdict_stand_the_counts_it_rests_on(data: Data) -> None:
    frame = ask(data, AdoptionUnits(), "ky=2026")
    columns = ["agency_code", "returned", "returned_recorded", "returned_by_post"]
    assert [["A-POST", 2, 2, 1], ["B-COUNTER", 2, 1, 0], ["C-UNKNOWN", 2, 0, 0], ["D-IDLE", 0, 0, 0], ["E-UNFED", 0, 0, 0]] == frame[
        columns
    ].to_numpy().tolist()


def test_one_result_by_post_is_enough(tmp_path: Path) -> None:
    many = [returned("2026-02-04", "counter", agency_code="A-POST")] * 30
    assert verdicts(five(tmp_path, [*many, returned("2026-02-04", "post", agency_code="A-POST")]))["A-POST"] == "returns_by_post"


def test_registered_for_post_and_not_handed_over_is_not_returned_by_post(tmp_path: Path) -> None:
    waiting = {"received_at": "2026-02-01", "completed_at": "2026-02-03", "returned_channel": "post", "status": 9, "agency_code": "B-COUNTER"}
    assert verdicts(five(tmp_path, [waiting]))["B-COUNTER"] == "no_result"


def test_received_by_post_says_nothing_about_returns(tmp_path: Path) -> None:
    assert verdicts(five(tmp_path, [received("2026-02-01", "post", agency_code="B-COUNTER")]))["B-COUNTER"] == "no_result"
    assert cell(five(tmp_path, [received("2026-02-01", "post", agency_code="B-COUNTER")]), "B-COUNTER", "received_by_post") == 1


def test_a_return_outside_the_period_does_not_count(data: Data) -> None:
    assert verdicts(data, "ky=2026-03")["A-POST"] == "no_result"


def test_with_the_switch_of_766_an_unrecorded_channel_is_the_counter_and_a_call(tmp_path: Path) -> None:
    assert verdicts(five(tmp_path, rules=Rules(missing_channel_as_counter=True)))["C-UNKNOWN"] == "not_by_post"


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_only_recorded_results_without_post_are_a_call(returned_: int, recorded: int, by_post: int, covered: bool) -> None:
    recorded, by_post = min(recorded, returned_), min(by_post, recorded, returned_)
    is_call = verdict(returned_, recorded, by_post, covered=covered) is Verdict.NOT_BY_POST
    assert (recorded > 0 and by_post == 0) == is_call


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9))
def test_coverage_does_not_change_the_verdict_on_an_agency_with_results(returned_: int, recorded: int, by_post: int) -> None:
    recorded, by_post = min(recorded, returned_), min(by_post, recorded, returned_)
    assert verdict(returned_, recorded, by_post, covered=True) == verdict(returned_, recorded, by_post, covered=False)


# --- who is on the list ----------------------------------------------------------------------------------------------------------


def test_an_agency_without_a_single_dossier_is_on_the_list(data: Data) -> None:
    assert "E-UNFED" in verdicts(data)


def test_results_without_an_agency_or_of_an_unknown_one_are_on_no_row(tmp_path: Path) -> None:
    data = five(tmp_path, [returned("2026-02-03", "post", agency_code=None), returned("2026-02-03", "post", agency_code="LA")])
    frame = ask(data, AdoptionUnits(), "ky=2026")
    assert (5, 0) == (len(frame), frame["returned"].sum())


def test_an_ended_agency_is_on_the_list_and_marked_as_not_in_the_period(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, [returned("2026-02-03")]), AdoptionUnits(), "ky=2026").set_index("agency_code")
    assert {"STP", "SKHCN", "X-BL", "X-LL"} == set(frame.index[frame["in_period"]])
    assert {"STTTT", "SKHCN-CU", "HTD"} == set(frame.index[~frame["in_period"]])


def test_the_level_and_the_code_narrow_the_list_and_an_unknown_code_empties_it(data: Data) -> None:
    assert {"E-UNFED"} == set(verdicts(data, "ky=2026&cap=commune"))
    assert {"B-COUNTER"} == set(verdicts(data, "ky=2026&dv=B-COUNTER"))
    assert set() == set(verdicts(data, "ky=2026&dv=KHONG-CO"))


def test_without_the_relation_coverage_every_living_agency_is_covered(tmp_path: Path) -> None:
    assert verdicts(five(tmp_path, coverage=None))["E-UNFED"] == "no_result"


def test_a_feed_for_all_agencies_covers_each(tmp_path: Path) -> None:
    everyone = ({"agency_code": None, "covered_from": "2025-01-01", "covered_to": None},)
    assert verdicts(five(tmp_path, coverage=everyone))["E-UNFED"] == "no_result"


def test_a_feed_that_stopped_before_the_period_is_no_data_and_one_shared_day_is_data(tmp_path: Path) -> None:
    stopped = ({"agency_code": "D-IDLE", "covered_from": "2025-01-01", "covered_to": "2025-12-31"},)
    assert verdicts(five(tmp_path, coverage=stopped), "ky=2026")["D-IDLE"] == "no_data"
    assert verdicts(five(tmp_path, coverage=stopped), "tu=2025-12-31&den=2026-01-31")["D-IDLE"] == "no_result"


def test_in_a_period_after_the_data_nobody_has_data(data: Data) -> None:
    assert {"no_data"} == set(verdicts(data, "ky=2027").values())


def test_as_organised_now_the_successor_has_the_results_of_all_it_carries_on(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2024-05-02", "post", agency_code="STTTT"), returned("2024-05-03", "counter", agency_code="SKHCN-CU")])
    assert ("returns_by_post", "not_by_post") == (verdicts(data, "ky=2024")["STTTT"], verdicts(data, "ky=2024")["SKHCN-CU"])
    now = verdicts(data, "ky=2024&tc=hien-nay")
    assert now["SKHCN"] == "returns_by_post"
    assert not {"STTTT", "SKHCN-CU"} & set(now)
    assert 2 == cell(data, "SKHCN", "returned", "ky=2024&tc=hien-nay")


# --- what stands beside ----------------------------------------------------------------------------------------------------------


def test_the_last_postal_return_is_the_last_ever_and_missing_when_there_was_none(tmp_path: Path) -> None:
    data = five(tmp_path, [returned(f"{day} 15:30", "post", agency_code="A-POST") for day in ("2025-03-04", "2026-05-06")])
    assert pd.Timestamp("2026-05-06") == cell(data, "A-POST", "last_postal_return", "ky=2025")
    assert pd.isna(cell(data, "B-COUNTER", "last_postal_return"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ky=2026-06", 3),  # April, May, June
        ("ky=2026-03", 0),
        ("ky=2026-Q2", 1),
        ("ky=2026-Q1", 0),
        ("ky=2025-12", 3),  # October, November, December: its first result was in October
        ("ky=2025-Q4", 1),
        ("ky=2026", 0),
        ("ky=2025", 1),
        ("", 3),  # the year to date counts months
    ],
)
def test_periods_in_a_row_without_a_postal_return(query: str, expected: int, tmp_path: Path) -> None:
    data = five(tmp_path, [returned("2025-10-20", "counter", agency_code="A-POST"), returned("2026-03-31", "post", agency_code="A-POST")])
    assert expected == cell(data, "A-POST", "periods_without", query)


def test_periods_in_a_row_are_missing_before_the_first_result(data: Data) -> None:
    assert pd.isna(cell(data, "D-IDLE", "periods_without"))


def test_procedures_listed_for_receipt_only_are_not_listed_for_return(data: Data, tmp_path: Path) -> None:
    listings = (
        {"agency_code": "A-POST", "procedure_code": "1.01", "postal_return": True},
        {"agency_code": "A-POST", "procedure_code": "1.02", "postal_return": False},
        {"agency_code": "A-POST", "procedure_code": "2.01", "postal_return": True, "valid_to": "2025-12-31"},
        {"agency_code": "A-POST", "procedure_code": "9.01"},
    )
    listed = five(tmp_path, listings=listings)
    assert (2, 0) == (cell(listed, "A-POST", "listed_procedures"), cell(listed, "B-COUNTER", "listed_procedures"))
    assert pd.isna(cell(data, "A-POST", "listed_procedures"))


# --- the two distinct counts -----------------------------------------------------------------------------------------------------


def test_active_agencies_are_those_that_exist_in_the_period_and_return_by_post(data: Data, tmp_path: Path) -> None:
    assert (1, 5) == active_agencies(ask(data, AdoptionUnits(), "ky=2026"))
    late = province(tmp_path, [returned("2026-02-03", "post", agency_code="HTD"), returned("2026-02-03", "post", agency_code="STP")])
    assert (1, 4) == active_agencies(ask(late, AdoptionUnits(), "ky=2026"))
    row = ask(late, Totals(), "ky=2026").set_index("key").loc["active_agencies"]
    assert (1, 4) == (row["value"], row["denominator"])


def test_a_listed_procedure_is_active_when_it_was_received_or_returned_by_post(tmp_path: Path) -> None:
    listings = [{"agency_code": code, "procedure_code": procedure} for code in ("A-POST", "B-COUNTER") for procedure in ("1.01", "1.02", "2.01")]
    dossiers = [
        received("2026-02-03", "post", procedure_code="1.01", agency_code="A-POST"),
        returned("2026-02-03", "post", procedure_code="1.02", agency_code="A-POST"),
        returned("2026-02-03", "counter", procedure_code="2.01", agency_code="A-POST"),
    ]
    frame = ask(five(tmp_path, dossiers, listings=listings), ListedProcedures(), "ky=2026")
    assert [["1.01", 2, True], ["1.02", 2, True], ["2.01", 2, False]] == frame.to_numpy().tolist()


# --- month by month, and before --------------------------------------------------------------------------------------------------


def test_every_agency_has_a_verdict_in_each_of_24_months(data: Data) -> None:
    frame = ask(data, MonthlyVerdicts(), "ky=2026-03")
    assert 5 * 24 == len(frame)
    assert ("4/2024", "3/2026") == (month_label(frame["month"].min()), month_label(frame["month"].max()))
    of_post = frame[frame["agency_code"] == "A-POST"].set_index("month")["verdict"]
    february = month_index(pd.Timestamp("2026-02-01").date())
    assert ("no_result", "returns_by_post", "no_result") == tuple(of_post[february + step] for step in (-1, 0, 1))
    assert of_post[february - 14] == "no_data"  # December 2024 lies before the feed and the first dossier


def test_in_the_reporting_clock_the_15th_belongs_to_the_next_month(tmp_path: Path) -> None:
    data = five(tmp_path, [returned("2026-02-14", "post", agency_code="A-POST"), returned("2026-02-15", "counter", agency_code="A-POST")])
    frame = ask(data, MonthlyVerdicts(), "ky=2026-03&lich=bao-cao").set_index(["agency_code", "month"])["verdict"]
    march = month_index(pd.Timestamp("2026-03-01").date())
    assert ("returns_by_post", "not_by_post") == (frame["A-POST", march - 1], frame["A-POST", march])


def test_agencies_with_results_and_those_by_post_are_counted_by_month(data: Data) -> None:
    frame = ask(data, MonthlyAdoption(), "ky=2026-02").set_index("month")
    february = month_index(pd.Timestamp("2026-02-01").date())
    assert [[0, 0, 0, 0], [3, 1, 6, 1]] == frame.loc[[february - 1, february]].to_numpy().tolist()
    assert frame.loc[february - 14].isna().all()  # before the first dossier of all
    assert 24 == len(frame)


def test_the_last_return_before_the_period_is_told_for_agencies_to_remind_even_when_they_returned_by_post_later(tmp_path: Path) -> None:
    days = {"2025-03-04": "post", "2025-11-20": "post", "2026-02-05": "counter", "2026-05-06": "post"}
    data = five(tmp_path, [returned(day, channel, agency_code="B-COUNTER") for day, channel in days.items()])
    frame = ask(data, LastBefore(), "ky=2026-02")
    assert [["B-COUNTER", pd.Timestamp("2025-11-20")]] == frame.to_numpy().tolist()
    assert ask(data, LastBefore(), "ky=2026").empty  # it returned by post in the year: nothing to remind of


def test_an_agency_that_never_returned_by_post_has_no_last_return(data: Data) -> None:
    assert ask(data, LastBefore(), "ky=2026").empty
    assert ask(data, LastBefore(), "ky=2027").empty


def test_the_verdict_of_the_compared_period_is_given_for_agencies_that_existed_in_it(tmp_path: Path) -> None:
    dossiers = [returned("2025-02-03", "post", agency_code="STP"), returned("2025-02-04", "counter", agency_code="HTD"), returned("2026-02-03", "counter")]
    frame = ask(province(tmp_path, [*dossiers, received("2024-01-05")]), ComparedVerdicts(), "ky=2026-Q1")
    expected = {"STP": "returns_by_post", "HTD": "not_by_post", "STTTT": "no_result", "SKHCN-CU": "no_result", "SKHCN": "no_result"}
    assert expected == dict(zip(frame["agency_code"], frame["verdict"], strict=True))


def test_nothing_is_compared_when_nothing_is_asked(data: Data) -> None:
    assert ask(data, ComparedVerdicts(), "ky=2026&ss=khong").empty
