"""The periods that reports are about, around the date of the data: both clocks, exact days, how far the data reach, and the circular's deadlines.

TT 17/2017/TT-BTTTT, Điều 13: the quarter by the 10th of the first month of the next quarter, the half-year by 10 July, the year by 10 January.
Whether a deadline on a day off moves is not in the part of the text that was read: the next working day stands beside it, unconfirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from config.language import VIETNAMESE, answering
from queries.filters import Filters
from queries.period import MONTHS_IN, Clock, Kind, Period, month_end, month_index, of_months, year_to_date
from queries.working_days import is_working_day

if TYPE_CHECKING:
    from queries.data import Data

CITATION: Final = "TT 17/2017/TT-BTTTT, Điều 13"
DEADLINE_DAY: Final = 10
KINDS: Final = (Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.NINE_MONTHS, Kind.YEAR)
_COLUMNS: Final = {
    **dict.fromkeys(("clock", "kind", "code", "label"), "str"),
    **dict.fromkeys(("start", "end"), "datetime64[us]"),
    "is_covered": "boolean",
    "covered_to": "datetime64[us]",
    "deadline_on": "datetime64[us]",
    "working_deadline_on": "datetime64[us]",
    "days_left": "Int64",
}


@dataclass(frozen=True)
class ReportingPeriods:
    """One row per reporting period around the date of the data, the calendar clock first, in each clock months before quarters, halves, nine months, years
    and the year so far, of a kind the latest first: the period that holds the date of the data, and the one before it. The same for all filters.

    Columns: clock, kind (of `queries.period`), code (for an address; missing for the year so far, which is the address without a period), label, start, end,
    is_covered (the data reach from its first to its last day), covered_to (last of its days with data; missing: none), deadline_on (calendar quarters,
    first halves and years only: the circular names no other), working_deadline_on (that day, or the first working day after it), days_left (from the
    date of the data to deadline_on; negative: past).
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame."""
        if filters != Filters().within(data.rights):
            return data.ask(self, Filters())
        rows = [_row(period, data) for clock in Clock for period in periods_around(data.as_of, clock)]
        return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def periods_around(day: date, clock: Clock) -> Iterator[Period]:
    """The periods of every kind that hold a day, each followed by the one before it, and the year so far."""
    here = month_index(day, clock)
    january = here // 12 * 12
    for kind in KINDS:
        size = MONTHS_IN[kind]
        first = january if kind is Kind.NINE_MONTHS else here // size * size
        back = 12 if kind is Kind.NINE_MONTHS else size
        for start in (first, first - back):
            yield of_months(start, start + size - 1, kind, clock)
    yield year_to_date(day, clock)


def deadline(period: Period) -> date | None:
    """The day by which the circular wants the report of a calendar quarter, a first half or a year; None for every other period."""
    if period.clock is not Clock.CALENDAR:
        return None
    first_half = period.kind is Kind.HALF and period.last_month % 12 == 5
    if not (period.kind in (Kind.QUARTER, Kind.YEAR) or first_half):
        return None
    return month_end(period.last_month) + timedelta(days=DEADLINE_DAY)


def first_working_day(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@answering(VIETNAMESE)
def _vietnamese_label(period: Period) -> str:
    """The name of a period as a frame holds it: frames are kept for readers of every language."""
    return period.label()


def _row(period: Period, data: Data) -> dict[str, Any]:
    due = deadline(period)
    reached = period.start <= data.as_of and period.end >= data.first_on
    return {
        "clock": str(period.clock),
        "kind": str(period.kind),
        "code": period.code(),
        "label": _vietnamese_label(period),
        "start": period.start,
        "end": period.end,
        "is_covered": data.first_on <= period.start and period.end <= data.as_of,
        "covered_to": min(period.end, data.as_of) if reached else None,
        "deadline_on": due,
        "working_deadline_on": None if due is None else first_working_day(due),
        "days_left": None if due is None else (due - data.as_of).days,
    }
