"""Periods of a report in both clocks, the period to compare with, and how far the data reaches into them.

The calendar clock runs from the first to the last day of a month; the government's reporting clock (NĐ 09/2019/NĐ-CP) from the 15th
of the month before to the 14th. The clock of the machine is never read: the date of the data decides what is unfinished.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from config.language import in_english, say


class Clock(StrEnum):
    """Which days make a month."""

    CALENDAR = "lich"
    REPORTING = "bao-cao"


class Kind(StrEnum):
    """What a period is, as reports name it."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    YEAR_TO_DATE = "year_to_date"
    DAYS = "days"


MONTHS_IN: Final = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.NINE_MONTHS: 9, Kind.YEAR: 12}
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
_ENGLISH_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ROMAN: Final = {1: "I", 2: "II", 3: "III", 4: "IV"}
_CODE: Final = re.compile(r"(\d{4})(?:-(Q[1-4]|H[12]|9T|0[1-9]|1[0-2]))?")
_REPORT_DAY: Final = 15


@dataclass(frozen=True, order=True)
class Period:
    """Inclusive days, with the name reports give them."""

    start: date
    end: date
    kind: Kind = Kind.DAYS
    clock: Clock = Clock.CALENDAR

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period ends on {self.end}, before it starts on {self.start}")

    @property
    def days(self) -> int:
        """Number of days, both ends counted."""
        return (self.end - self.start).days + 1

    @property
    def first_month(self) -> int:
        """Month index (year × 12 + month − 1) of the first month, in the period's clock."""
        return month_index(self.start, self.clock)

    @property
    def last_month(self) -> int:
        """Month index of the last month, in the period's clock."""
        return month_index(self.end, self.clock)

    def label(self) -> str:
        """Name in words: “quý III/2026”, “6 tháng đầu năm 2026”, “01/01/2026–31/10/2026”."""
        year, month = divmod(self.last_month, 12)
        names = {
            Kind.MONTH: say("tháng {}", month_label(self.last_month)),
            Kind.QUARTER: say("quý {}/{}", month // 3 + 1 if in_english() else _ROMAN[month // 3 + 1], year),
            Kind.HALF: say("6 tháng đầu năm {}" if month < 6 else "6 tháng cuối năm {}", year),
            Kind.NINE_MONTHS: say("9 tháng đầu năm {}", year),
            Kind.YEAR: say("năm {}", year),
            Kind.YEAR_TO_DATE: say("lũy kế từ đầu năm {}", year),
        }
        return names.get(self.kind, self.dates())

    def dates(self) -> str:
        """The days: “01/01/2026–31/10/2026”."""
        return f"{day_label(self.start)}–{day_label(self.end)}"

    def code(self) -> str | None:
        """The code that stands in an address; None for free dates and for the year to date."""
        year, month = divmod(self.last_month, 12)
        codes = {
            Kind.MONTH: f"{year}-{month + 1:02d}",
            Kind.QUARTER: f"{year}-Q{month // 3 + 1}",
            Kind.HALF: f"{year}-H{month // 6 + 1}",
            Kind.NINE_MONTHS: f"{year}-9T",
            Kind.YEAR: f"{year}",
        }
        return codes.get(self.kind)

    @property
    def is_whole(self) -> bool:
        """Whether it has all the days that its code stands for; free dates, a year to date and a period cut short have not."""
        code = self.code()
        return code is not None and parse_code(code, self.clock) == self

    def until(self, last_on: date) -> Period:
        """The part up to and including `last_on`; the period itself when it is finished by then.

        Raises ValueError when the period starts after `last_on`.
        """
        return self if self.end <= last_on else replace(self, end=last_on)


def day_label(day: date) -> str:
    """A date as Vietnamese documents write it: 05/01/2027; in English 5 Jan 2027."""
    if in_english():
        return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year:04d}"
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def month_index(day: date, clock: Clock = Clock.CALENDAR) -> int:
    """Year × 12 + month − 1 of the month that holds the day, in the given clock."""
    shift = 1 if clock is Clock.REPORTING and day.day >= _REPORT_DAY else 0
    return day.year * 12 + day.month - 1 + shift


def month_label(index: int) -> str:
    """Short name of a month index: “3/2026”, in English “Mar 2026”."""
    if in_english():
        return f"{_ENGLISH_MONTHS[index % 12]} {index // 12}"
    return f"{index % 12 + 1}/{index // 12}"


def month_start(index: int, clock: Clock = Clock.CALENDAR) -> date:
    """First day of a month index, in the given clock."""
    if clock is Clock.REPORTING:
        return date((index - 1) // 12, (index - 1) % 12 + 1, _REPORT_DAY)
    return date(index // 12, index % 12 + 1, 1)


def month_end(index: int, clock: Clock = Clock.CALENDAR) -> date:
    """Last day of a month index, in the given clock."""
    return month_start(index + 1, clock) - timedelta(days=1)


def of_months(first: int, last: int, kind: Kind, clock: Clock = Clock.CALENDAR) -> Period:
    """The period from one month index to another, both counted."""
    return Period(month_start(first, clock), month_end(last, clock), kind, clock)


def parse_code(code: str, clock: Clock = Clock.CALENDAR) -> Period | None:
    """The period a code names (2026, 2026-Q3, 2026-H1, 2026-9T, 2026-10), or None when it names none."""
    match = _CODE.fullmatch(code.strip().upper())
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return None
    january, part = int(match[1]) * 12, match[2]
    if part is None:
        return of_months(january, january + 11, Kind.YEAR, clock)
    if part == "9T":
        return of_months(january, january + 8, Kind.NINE_MONTHS, clock)
    if part[0] == "Q":
        first = january + (int(part[1]) - 1) * 3
        return of_months(first, first + 2, Kind.QUARTER, clock)
    if part[0] == "H":
        first = january + (int(part[1]) - 1) * 6
        return of_months(first, first + 5, Kind.HALF, clock)
    return of_months(january + int(part) - 1, january + int(part) - 1, Kind.MONTH, clock)


def year_to_date(as_of: date, clock: Clock = Clock.CALENDAR) -> Period:
    """From the first day of the year to the date of the data."""
    january = month_index(as_of, clock) // 12 * 12
    return Period(month_start(january, clock), as_of, Kind.YEAR_TO_DATE, clock)


def a_year_before(day: date) -> date:
    """The same day of the year before; 29 February becomes 28 February."""
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def same_period_last_year(period: Period) -> Period:
    """The period a year earlier (cùng kỳ năm trước): whole months stay whole months."""
    if period.kind in MONTHS_IN:
        return of_months(period.first_month - 12, period.last_month - 12, period.kind, period.clock)
    end = period.end
    last_of_february = end.month == 2 and end.day == 28 and period.kind is Kind.DAYS
    before = a_year_before(end)
    if last_of_february and calendar.isleap(end.year - 1):
        before = before.replace(day=29)
    return replace(period, start=a_year_before(period.start), end=before)


def previous_period(period: Period) -> Period:
    """The period just before (kỳ trước): as many months, or as many days for free dates; a year to date goes back a year."""
    if period.kind is Kind.YEAR_TO_DATE:
        return same_period_last_year(period)
    if period.kind is Kind.DAYS:
        return replace(period, start=period.start - timedelta(days=period.days), end=period.start - timedelta(days=1))
    months = MONTHS_IN[period.kind]
    kind = period.kind if period.kind is not Kind.NINE_MONTHS else Kind.DAYS
    return of_months(period.first_month - months, period.last_month - months, kind, period.clock)


def like_for_like(period: Period, compared: Period, as_of: date) -> Period:
    """The compared period cut to the same days when the data do not reach the end of `period`.

    “The same days” are the same dates of a year before, or else as many days from the start; a compared month that is shorter stays whole.
    """
    if as_of >= period.end:
        return compared
    a_year = same_period_last_year(period)
    if compared == a_year:
        return compared.until(max(compared.start, a_year_before(as_of)))
    return compared.until(compared.start + (as_of - period.start))
