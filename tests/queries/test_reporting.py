"""Reporting periods around a day, in both clocks, and the circular's deadlines."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.period import Clock, Kind, parse_code
from queries.reporting import ReportingPeriods, deadline, first_working_day, periods_around
from tests.queries.hand import ask, province, received


def due(code: str, clock: Clock = Clock.CALENDAR) -> date | None:
    period = parse_code(code, clock)
    assert period is not None
    return deadline(period)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 4, 10), "2026-Q1"),
        (date(2026, 7, 10), "2026-Q2"),
        (date(2026, 10, 10), "2026-Q3"),
        (date(2027, 1, 10), "2026-Q4"),
        (date(2026, 7, 10), "2026-H1"),
        (date(2027, 1, 10), "2026"),
    ],
)
def test_the_circular_wants_reports_on_the_tenth(day: date, code: str) -> None:
    assert day == due(code)


@pytest.mark.parametrize("code", ["2026-10", "2026-9T", "2026-H2"])
def test_the_circular_names_no_day_for_months_nine_months_and_the_second_half(code: str) -> None:
    assert due(code) is None


def test_the_reporting_clock_has_no_deadline_of_the_circular() -> None:
    assert due("2026-Q3", Clock.REPORTING) is None


def test_the_next_working_day_passes_a_weekend() -> None:
    assert date(2026, 10, 12) == first_working_day(date(2026, 10, 10))
    assert date(2026, 7, 10) == first_working_day(date(2026, 7, 10))


def row(frame: pd.DataFrame, clock: str, label: str) -> pd.Series:
    return frame[(frame["clock"] == clock) & (frame["label"] == label)].iloc[0]


def test_the_calendar_says_days_coverage_and_days_left_from_the_date_of_the_data(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, [received("2026-01-05"), received("2026-08-20")], as_of="2026-08-20"), ReportingPeriods())
    quarter = row(frame, "lich", "quý III/2026")
    assert ("2026-07-01", "2026-09-30", False, "2026-08-20", "2026-10-10", 51) == (
        str(quarter["start"].date()),
        str(quarter["end"].date()),
        bool(quarter["is_covered"]),
        str(quarter["covered_to"].date()),
        str(quarter["deadline_on"].date()),
        int(quarter["days_left"]),
    )
    assert bool(row(frame, "lich", "quý II/2026")["is_covered"])
    assert -41 == int(row(frame, "lich", "quý II/2026")["days_left"])
    month = row(frame, "bao-cao", "tháng 9/2026")
    assert ("2026-08-15", "2026-09-14") == (str(month["start"].date()), str(month["end"].date()))


def test_a_period_before_the_first_dossier_is_not_covered(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, [received("2026-01-05"), received("2026-08-20")], as_of="2026-08-20"), ReportingPeriods())
    assert not bool(row(frame, "lich", "năm 2025")["is_covered"])
    assert pd.isna(row(frame, "lich", "năm 2025")["covered_to"])


@given(st.dates(date(1995, 1, 1), date(2095, 12, 31)), st.sampled_from(list(Clock)))
def test_every_kind_has_the_period_that_holds_the_day_and_the_one_just_before_it(day: date, clock: Clock) -> None:
    periods = list(periods_around(day, clock))
    assert 11 == len(periods)
    for kind in (Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR):
        now, before = (period for period in periods if period.kind is kind)
        assert now.start <= day <= now.end
        assert before.end + timedelta(days=1) == now.start
        assert parse_code(str(now.code()), clock) == now
