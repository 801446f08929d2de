"""Periods in both clocks, their names, and the period to compare with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.period import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS_IN,
    Clock,
    Kind,
    Period,
    a_year_before,
    like_for_like,
    month_end,
    month_index,
    month_label,
    month_start,
    parse_code,
    previous_period,
    same_period_last_year,
    year_to_date,
)

CLOCKS = st.sampled_from(Clock)
DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
CODES = st.builds(
    lambda year, part: f"{year}{part}",
    st.integers(FIRST_YEAR, LAST_YEAR),
    st.sampled_from(["", "-9T", "-H1", "-H2", *(f"-Q{number}" for number in range(1, 5)), *(f"-{number:02d}" for number in range(1, 13))]),
)


def named(code: str, clock: Clock = Clock.CALENDAR) -> Period:
    period = parse_code(code, clock)
    assert period is not None
    return period


def days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def ends(period: Period) -> tuple[str, str]:
    return period.start.isoformat(), period.end.isoformat()


@pytest.mark.parametrize(
    ("code", "first", "last", "label"),
    [
        ("2026", "2026-01-01", "2026-12-31", "năm 2026"),
        ("2026-Q3", "2026-07-01", "2026-09-30", "quý III/2026"),
        ("2026-H1", "2026-01-01", "2026-06-30", "6 tháng đầu năm 2026"),
        ("2026-H2", "2026-07-01", "2026-12-31", "6 tháng cuối năm 2026"),
        ("2026-9T", "2026-01-01", "2026-09-30", "9 tháng đầu năm 2026"),
        ("2026-10", "2026-10-01", "2026-10-31", "tháng 10/2026"),
        ("2024-02", "2024-02-01", "2024-02-29", "tháng 2/2024"),
    ],
)
def test_a_code_names_days_of_the_calendar(code: str, first: str, last: str, label: str) -> None:
    assert ((first, last), label, code) == (ends(named(code)), named(code).label(), named(code).code())


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-03", "2026-02-15", "2026-03-14"),
        ("2026-01", "2025-12-15", "2026-01-14"),
        ("2026-Q1", "2025-12-15", "2026-03-14"),
        ("2026-H2", "2026-06-15", "2026-12-14"),
        ("2026-9T", "2025-12-15", "2026-09-14"),
        ("2026", "2025-12-15", "2026-12-14"),
    ],
)
def test_reporting_periods_run_from_the_15th_to_the_14th(code: str, first: str, last: str) -> None:
    period = named(code, Clock.REPORTING)
    assert ((first, last), code) == (ends(period), period.code())
    assert period.label() == named(code).label()


@pytest.mark.parametrize(
    ("day", "calendar", "reporting"),
    [
        ("2026-03-14", "3/2026", "3/2026"),
        ("2026-03-15", "3/2026", "4/2026"),
        ("2026-12-14", "12/2026", "12/2026"),
        ("2026-12-15", "12/2026", "1/2027"),
        ("2026-12-31", "12/2026", "1/2027"),
        ("2027-01-01", "1/2027", "1/2027"),
    ],
)
def test_the_fifteenth_begins_the_next_reporting_month_and_in_december_the_next_year(day: str, calendar: str, reporting: str) -> None:
    moment = date.fromisoformat(day)
    assert (calendar, reporting) == (month_label(month_index(moment)), month_label(month_index(moment, Clock.REPORTING)))


@given(DAYS, CLOCKS)
def test_every_day_lies_in_exactly_the_month_that_names_it(day: date, clock: Clock) -> None:
    index = month_index(day, clock)
    assert month_start(index, clock) <= day <= month_end(index, clock)
    assert month_end(index, clock) + timedelta(days=1) == month_start(index + 1, clock)


@given(CODES, CLOCKS)
def test_the_code_of_a_named_period_names_it_again(code: str, clock: Clock) -> None:
    period = named(code, clock)
    assert period.code() == code
    assert period.is_whole
    assert period.last_month - period.first_month + 1 == MONTHS_IN[period.kind]


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "2026-H3", "2026-8T", "1989", "2101", "9999", "0001", "luy-ke", "2026-1", "26", "2026-Q", "x"]
)
def test_what_names_no_period_is_none(text: str) -> None:
    assert parse_code(text) is None


def test_a_code_is_read_in_any_case_and_with_blanks_around_it() -> None:
    assert named(" 2026-q3 ") == named("2026-Q3")


@given(st.text())
def test_no_text_breaks_the_reading_of_a_code(text: str) -> None:
    period = parse_code(text)
    assert period is None or period.is_whole


def test_free_dates_have_their_days_for_a_name_and_no_code() -> None:
    period = days("2026-01-05", "2026-10-31")
    assert ("05/01/2026–31/10/2026", None, False) == (period.label(), period.code(), period.is_whole)


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        days("2026-01-02", "2026-01-01")


def test_both_ends_of_a_period_are_counted() -> None:
    assert (1, 366) == (days("2026-01-01", "2026-01-01").days, named("2024").days)


def test_the_year_to_date_ends_with_the_data_and_begins_with_its_own_clock() -> None:
    assert ("2026-01-01", "2026-10-31") == ends(year_to_date(date(2026, 10, 31)))
    assert ("2025-12-15", "2026-10-31") == ends(year_to_date(date(2026, 10, 31), Clock.REPORTING))
    assert ("2026-12-15", "2026-12-20") == ends(year_to_date(date(2026, 12, 20), Clock.REPORTING))
    assert "lũy kế từ đầu năm 2026" == year_to_date(date(2026, 10, 31)).label()


def test_a_period_cut_at_the_data_keeps_its_name_and_is_not_whole() -> None:
    cut = named("2026-Q3").until(date(2026, 8, 10))
    assert (("2026-07-01", "2026-08-10"), "quý III/2026", False) == (ends(cut), cut.label(), cut.is_whole)
    assert named("2026-Q3") == named("2026-Q3").until(date(2026, 9, 30))


@pytest.mark.parametrize(
    ("code", "last_year", "before"),
    [
        ("2026", ("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-12-31")),
        ("2026-Q1", ("2025-01-01", "2025-03-31"), ("2025-10-01", "2025-12-31")),
        ("2026-H2", ("2025-07-01", "2025-12-31"), ("2026-01-01", "2026-06-30")),
        ("2026-9T", ("2025-01-01", "2025-09-30"), ("2025-04-01", "2025-12-31")),
        ("2026-01", ("2025-01-01", "2025-01-31"), ("2025-12-01", "2025-12-31")),
        ("2025-02", ("2024-02-01", "2024-02-29"), ("2025-01-01", "2025-01-31")),
        ("2024-02", ("2023-02-01", "2023-02-28"), ("2024-01-01", "2024-01-31")),
    ],
)
def test_whole_months_are_compared_with_whole_months(code: str, last_year: tuple[str, str], before: tuple[str, str]) -> None:
    assert (last_year, before) == (ends(same_period_last_year(named(code))), ends(previous_period(named(code))))


def test_reporting_months_are_compared_with_reporting_months() -> None:
    period = named("2026-01", Clock.REPORTING)
    assert ("2024-12-15", "2025-01-14") == ends(same_period_last_year(period))
    assert ("2025-11-15", "2025-12-14") == ends(previous_period(period))


def test_free_dates_are_compared_with_the_same_dates_or_with_as_many_days_before() -> None:
    period = days("2026-03-10", "2026-03-19")
    assert ("2025-03-10", "2025-03-19") == ends(same_period_last_year(period))
    assert ("2026-02-28", "2026-03-09") == ends(previous_period(period))


def test_a_year_to_date_goes_back_a_year_in_both_comparisons() -> None:
    period = year_to_date(date(2026, 10, 31))
    assert ("2025-01-01", "2025-10-31") == ends(same_period_last_year(period)) == ends(previous_period(period))


def test_the_29th_of_february_becomes_the_28th() -> None:
    assert date(2023, 2, 28) == a_year_before(date(2024, 2, 29))
    assert ("2023-01-01", "2023-02-28") == ends(same_period_last_year(year_to_date(date(2024, 2, 29))))
    assert ("2023-02-28", "2023-02-28") == ends(same_period_last_year(days("2024-02-29", "2024-02-29")))


def test_free_dates_to_the_end_of_february_are_compared_to_the_end_of_february() -> None:
    assert ("2024-01-01", "2024-02-29") == ends(same_period_last_year(days("2025-01-01", "2025-02-28")))
    assert ("2024-02-01", "2024-02-27") == ends(same_period_last_year(days("2025-02-01", "2025-02-27")))


@pytest.mark.parametrize(
    ("code", "as_of", "last_year", "before"),
    [
        ("2026", "2026-10-31", ("2025-01-01", "2025-10-31"), ("2025-01-01", "2025-10-31")),
        ("2026-Q3", "2026-08-10", ("2025-07-01", "2025-08-10"), ("2026-04-01", "2026-05-11")),
        ("2026-03", "2026-03-30", ("2025-03-01", "2025-03-30"), ("2026-02-01", "2026-02-28")),
        ("2024-H1", "2024-02-29", ("2023-01-01", "2023-02-28"), ("2023-07-01", "2023-08-29")),
        ("2026-Q3", "2026-07-01", ("2025-07-01", "2025-07-01"), ("2026-04-01", "2026-04-01")),
    ],
)
def test_an_unfinished_period_is_compared_with_the_same_days(code: str, as_of: str, last_year: tuple[str, str], before: tuple[str, str]) -> None:
    period, end = named(code), date.fromisoformat(as_of)
    assert last_year == ends(like_for_like(period, same_period_last_year(period), end))
    assert before == ends(like_for_like(period, previous_period(period), end))


def test_a_finished_period_is_compared_as_it_is() -> None:
    period = named("2026-02")
    for compared in (same_period_last_year(period), previous_period(period)):
        assert compared == like_for_like(period, compared, date(2026, 2, 28)) == like_for_like(period, compared, date(2027, 1, 1))


@given(CODES, CLOCKS, st.integers(0, 400))
def test_like_for_like_never_adds_a_day_and_never_ends_before_it_starts(code: str, clock: Clock, after: int) -> None:
    period = named(code, clock)
    as_of = period.start + timedelta(days=after)
    counted = period.until(as_of)
    for compared in (same_period_last_year(period), previous_period(period)):
        cut = like_for_like(period, compared, as_of)
        assert compared.start == cut.start <= cut.end <= compared.end
        assert as_of >= period.end or cut.days <= counted.days + 1  # one more day when a 29 February lies in the year before


@given(DAYS, DAYS)
def test_the_period_before_free_dates_ends_the_day_before_and_is_as_long(one: date, other: date) -> None:
    period = Period(min(one, other), max(one, other))
    before = previous_period(period)
    assert (period.days, period.start - timedelta(days=1), Kind.DAYS) == (before.days, before.end, before.kind)
