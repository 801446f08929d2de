"""Who began and who fell silent, how steadily a unit returns by post, and the cohort after a day: worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries.data import Data
from queries.period import month_index
from queries.push import Cohort, FirstReturns, NewlyActive, UnitPattern
from tests.queries.hand import ask, province, received, returned


def agencies(*codes: str, **more: Any) -> tuple[dict[str, Any], ...]:
    return tuple({"agency_code": code, "agency_name": f"Sở {code}", **more} for code in codes)


def row(frame: pd.DataFrame, code: str) -> dict[str, Any]:
    """The row of an agency."""
    return {str(name): value for name, value in frame.set_index("agency_code").loc[code].items()}


def months(code: str, channels: dict[str, str | None]) -> list[dict[str, Any]]:
    """One result of an agency on the fifth of each of these months, through these channels."""
    return [returned(f"{month}-05", channel, agency_code=code) for month, channel in channels.items()]


def data_of(folder: Path, codes: str, dossiers: list[dict[str, Any]], **more: Any) -> Data:
    return province(folder, dossiers, **{"agencies": agencies(*codes.split()), "successions": None, "areas": None, **more})


# --- newly active, newly silent --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Data:
    dossiers = [
        received("2025-01-02", agency_code="STEADY"),
        *months("BEGAN", {"2025-03": "counter", "2026-03": "post", "2026-04": "counter"}),
        *months("BEGAN-MORE", {"2025-03": "online", "2026-03": "post", "2026-04": "post"}),
        *months("SILENT", {"2025-02": "post", "2025-03": "post", "2026-03": "counter"}),
        *months("SILENT-BACK", {"2025-02": "post", "2025-09": "post", "2026-03": "counter"}),
        *months("STEADY", {"2025-03": "post", "2026-03": "post"}),
        *months("NEVER", {"2025-03": "counter", "2026-03": "counter"}),
        *months("NEW", {"2026-03": "post"}),
        *months("GONE", {"2025-03": "post"}),
        *months("UNRECORDED-BEFORE", {"2025-03": None, "2026-03": "post"}),
        *months("UNRECORDED-NOW", {"2025-03": "post", "2026-03": None}),
    ]
    codes = "BEGAN BEGAN-MORE SILENT SILENT-BACK STEADY NEVER NEW GONE UNRECORDED-BEFORE UNRECORDED-NOW"
    return data_of(tmp_path_factory.mktemp("changed"), codes, dossiers)


def test_who_began_stands_before_who_fell_silent_and_only_who_had_recorded_results_in_both_periods(changed: Data) -> None:
    frame = ask(changed, NewlyActive(), "ky=2026")
    columns = ["agency_code", "change", "returned_by_post", "returned_by_post_before"]
    assert [
        ["BEGAN-MORE", "newly_active", 2, 0],
        ["BEGAN", "newly_active", 1, 0],
        ["SILENT", "newly_silent", 0, 2],
        ["SILENT-BACK", "newly_silent", 0, 1],
    ] == frame[columns].to_numpy().tolist()


def test_beside_it_stand_the_name_the_level_and_the_last_return_by_post_of_all(changed: Data) -> None:
    back = row(ask(changed, NewlyActive(), "ky=2026"), "SILENT-BACK")
    assert ("Sở SILENT-BACK", "province", pd.Timestamp("2025-09-05")) == (back["agency_name"], back["level"], back["last_postal_return"])


def test_filters_narrow_the_change_and_nothing_is_new_without_a_comparison(changed: Data) -> None:
    assert ["SILENT"] == list(ask(changed, NewlyActive(), "ky=2026&dv=SILENT,STEADY")["agency_code"])
    assert ask(changed, NewlyActive(), "ky=2026&ss=khong").empty
    assert ask(changed, NewlyActive(), "ky=2026&cap=commune").empty
    assert ask(changed, NewlyActive(), "ky=2027").empty


# --- patterns --------------------------------------------------------------------------------------------------------------------


def in_a_row(first: int, marks: str) -> dict[str, str | None]:
    """Months of 2026 from a number on: P by post, c at the counter, ? not recorded."""
    return {f"2026-{first + place:02d}": {"P": "post", "c": "counter", "?": None}[mark] for place, mark in enumerate(marks)}


PATTERNS = {
    "REGULAR": ("regular", 5, 4, "PcPPP"),  # four of five months are 80 %
    "IRREGULAR": ("irregular", 5, 3, "PccPP"),
    "LATELY": ("irregular", 5, 2, "PcPcc"),  # by post in the third month from the end: not stopped
    "STOPPED": ("stopped", 5, 2, "PPccc"),
    "UNKNOWN-BETWEEN": ("irregular", 4, 2, "PPc?c"),  # a month without a recorded channel neither counts nor fills
    "NEVER": ("never", 2, 0, "cc"),
    "ONCE": ("regular", 1, 1, "P"),
    "UNRECORDED": (None, 0, 0, "??"),
    "IDLE": (None, 0, 0, ""),
}


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Data:
    dossiers = [dossier for code, (_, _, _, marks) in PATTERNS.items() for dossier in months(code, in_a_row(1, marks))]
    dossiers += [*months("LONG-AGO", {"2024-06": "post", "2026-02": "counter"}), *months("LATER", {"2026-02": "counter", "2026-06": "post"})]
    return data_of(tmp_path_factory.mktemp("steady"), " ".join([*PATTERNS, "LONG-AGO", "LATER"]), dossiers)


@pytest.mark.parametrize("code", PATTERNS)
def test_a_pattern_is_read_from_the_months_with_recorded_results(code: str, steady: Data) -> None:
    found = row(ask(steady, UnitPattern(), "ky=2026"), code)
    pattern = None if pd.isna(found["pattern"]) else found["pattern"]
    assert PATTERNS[code][:3] == (pattern, found["months_with_results"], found["months_by_post"])


def test_who_returned_by_post_before_the_24_months_and_not_in_them_has_stopped(steady: Data) -> None:
    found = row(ask(steady, UnitPattern(), "ky=2026"), "LONG-AGO")
    assert ("stopped", 1, 0, True) == (found["pattern"], found["months_with_results"], found["months_by_post"], pd.isna(found["last_month_by_post"]))


def test_a_return_after_the_asked_period_does_not_speak_for_it(steady: Data) -> None:
    early, late = (row(ask(steady, UnitPattern(), query), "LATER") for query in ("ky=2026-05", "ky=2026-06"))
    assert ("never", "irregular", month_index(date(2026, 6, 1))) == (early["pattern"], late["pattern"], late["last_month_by_post"])


def test_every_agency_of_the_catalogue_has_one_row_and_a_period_without_data_has_none(steady: Data) -> None:
    assert [*sorted([*PATTERNS, "LONG-AGO", "LATER"])] == list(ask(steady, UnitPattern(), "ky=2026")["agency_code"])
    assert ["NEVER"] == list(ask(steady, UnitPattern(), "ky=2026&dv=NEVER")["agency_code"])
    assert ask(steady, UnitPattern(), "ky=2030").empty


# --- the cohort ------------------------------------------------------------------------------------------------------------------

START = date(2025, 11, 15)


def cohort(data: Data, query: str = "", start: date = START) -> list[tuple[int | None, int]]:
    """Numerator and denominator, month by month."""
    frame = ask(data, Cohort(start), query)
    return [(None if pd.isna(above) else int(above), int(below)) for above, below in zip(frame["numerator"], frame["denominator"], strict=True)]


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Data:
    listed = [*agencies("AT-ONCE", "LATER", "NEVER", "BEFORE"), *agencies("BORN-LATER", valid_from="2025-12-01"), *agencies("ENDED", valid_to="2025-11-14")]
    dossiers = [
        received("2024-01-03", agency_code="NEVER"),
        *[returned(day, "post", agency_code=code) for code, day in (("AT-ONCE", "2025-11-15 00:00"), ("LATER", "2026-01-31 23:59"), ("BEFORE", "2025-11-14"))],
        *[returned(day, "post", agency_code=code) for code, day in (("BEFORE", "2026-01-05"), ("BORN-LATER", "2026-01-05"))],
        returned("2026-02-02", "counter", agency_code="NEVER"),
    ]
    return data_of(tmp_path_factory.mktemp("after"), "", dossiers, agencies=listed)


def test_the_cohort_is_who_existed_and_did_not_yet_return_by_post_on_the_day(after: Data) -> None:
    known = [(1, 3), (1, 3), *[(2, 3)] * 6]  # November to June; at once and later of three
    assert known + [(None, 3)] * 17 == cohort(after)


def test_the_rows_name_their_month_and_the_share(after: Data) -> None:
    rows = ask(after, Cohort(START)).to_dict("records")
    assert [(0, month_index(date(2025, 11, 1))), (24, month_index(date(2027, 11, 1)))] == [(rows[k]["months_after"], rows[k]["month"]) for k in (0, 24)]
    assert (pytest.approx(1 / 3), True) == (rows[0]["share"], pd.isna(rows[24]["share"]))


def test_the_cohort_is_that_of_the_asked_agencies_and_the_period_plays_no_part(after: Data) -> None:
    assert (1, 2) == cohort(after, "dv=LATER,NEVER,BEFORE&ky=2025-01")[2]
    assert cohort(after) == cohort(after, "ky=2024&ss=khong")
    empty = ask(after, Cohort(START), "dv=BEFORE")
    assert [0] * 25 == list(empty["denominator"])
    assert empty["share"].isna().all()


def test_who_no_feed_covers_on_the_day_is_not_counted_as_silent(tmp_path: Path) -> None:
    ends = {"FED": None, "AT-ONCE": "2025-11-15", "UNFED": "2025-11-14"}
    coverage = [{"agency_code": code, "covered_from": "2024-01-01", "covered_to": last} for code, last in ends.items()]
    dossiers = [received("2024-01-03", agency_code="FED"), returned("2025-11-15", "post", agency_code="AT-ONCE")]
    assert (1, 2) == cohort(data_of(tmp_path, "FED AT-ONCE UNFED", dossiers, coverage=coverage))[0]


@pytest.mark.parametrize("start", [date(2024, 1, 3), date(2023, 1, 1), date(2026, 7, 1)])
def test_a_day_before_the_data_or_after_them_has_no_cohort(start: date, after: Data) -> None:
    assert [] == cohort(after, start=start)


def test_in_the_other_views_a_successor_goes_on_for_the_cohort(tmp_path: Path) -> None:
    dossiers = [received("2024-01-03"), returned("2025-04-01", "post", agency_code="SKHCN")]
    data = province(tmp_path, dossiers)
    start = date(2025, 2, 3)
    then, now, group = (cohort(data, "dv=STTTT,SKHCN-CU&tc=" + view, start)[2] for view in ("luc-do", "hien-nay", "nhom"))
    assert ((0, 2), (1, 1), (1, 1)) == (then, now, group)


def test_the_first_return_of_a_group_is_that_of_its_first_member(tmp_path: Path) -> None:
    dossiers = [returned(f"2025-0{month}-04", "post", agency_code=code) for month, code in ((4, "SKHCN"), (2, "STTTT"), (3, "STP"))]
    frame = ask(province(tmp_path, dossiers), FirstReturns(), "tc=nhom")
    assert {"STP": pd.Timestamp("2025-03-04"), "nhom:SKHCN": pd.Timestamp("2025-02-04")} == dict(zip(frame["agency_code"], frame["first_on"], strict=True))
