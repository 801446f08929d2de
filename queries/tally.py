"""Questions of a page that share a dating column become one finer statement, kept and folded for each of them.

A tally counts everything that a dating column dates, by agency and month of about three years, or by the asked dimensions of a period. Its rows are
few thousand; adding them up to the rows of a measure is exact, because every count is a sum. Equal frames: see tests/queries/test_tally.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import counting
from queries.counting import Count
from queries.cube import Cube
from queries.filters import Compare, Filters
from queries.gathering import CODES, looked_at
from queries.period import Clock, Kind, Period, month_end, month_index, month_start, of_months
from queries.statement import Dim, columns_of, grouped, statement

if TYPE_CHECKING:
    from queries.data import Data

_BY_AGENCY: Final = frozenset({Dim.AGENCY, Dim.LEVEL, Dim.MONTH})
_DISTINCT: Final = ("active_agencies", "active_procedures", "agencies", "procedures")  # counted in queries.adoption: no sums
_ALL: Final = grouped(value for value in vars(counting).values() if isinstance(value, Count) and value.key not in _DISTINCT)


@dataclass(frozen=True)
class Tally:
    """Every count of a relation that one column dates, by the database's keys: one row per combination of keys that has rows.

    Keys: those of the dimensions (`month`, `agency_code` …); sums: one per count that this database can make.
    """

    relation: str
    dated_by: str | None
    span: Period | None
    by: tuple[Dim, ...]
    counts: tuple[Count, ...]

    def add_up(self, data: Data, filters: Filters) -> Cube:
        """The sums; without names where the filters or the database have no such question. Raises the errors of `Source.frame`."""
        select = statement(data, filters, self.span, self.by, self.counts)
        keys = dict.fromkeys(name for dim in self.by for name in columns_of(dim))
        return Cube.of(pd.DataFrame(), ()) if select is None else Cube.of(data.source.frame(select), keys)


def is_makeable(data: Data, count: Count) -> bool:
    """Whether the database has the columns that a count needs besides those of every database, and they may be seen."""
    return all(name is None or data.source.has_column(count.relation, name) for name in (count.amount, count.needs))


def counted(data: Data, filters: Filters, span: Period | None, by: Sequence[Dim], counts: Sequence[Count]) -> Cube | None:
    """The counts by the database's keys, from the tally that holds them, not added up; None when the database or the filters do not allow it.

    Raises the errors of `Source.frame`.
    """
    if not counts or not data.source.has(counts[0].relation) or (Dim.MONTH in by and counts[0].dated_by is None):
        return None
    wanted = _tally(data, filters, span, tuple(by), counts)
    cube = data.sums(wanted, _scope(filters))
    if not cube.names:
        return None
    if Dim.MONTH in wanted.by and span is not None:
        cube = cube.between(Dim.MONTH.value, month_index(span.start, filters.clock), month_index(span.end, filters.clock))
    return cube.only([count.key for count in counts])


def _scope(filters: Filters) -> Filters:
    """Only what decides which rows are counted and what a month is: periods and comparisons share a tally."""
    return replace(filters, code=None, start=None, end=None, compare=Compare.SAME_PERIOD)


def _tally(data: Data, filters: Filters, span: Period | None, by: tuple[Dim, ...], counts: Sequence[Count]) -> Tally:
    """The tally that holds a question about these counts."""
    one = counts[0]
    relation = data.source.relation(one.relation)
    every = tuple(count for count in _ALL[one.relation, one.dated_by] if is_makeable(data, count))
    days = None if one.dated_by is None or span is None else Period(span.start, span.end)
    if not _BY_AGENCY.issuperset(by) or "agency_code" not in relation.c:
        return Tally(one.relation, one.dated_by, days, by, every if looked_at(relation, every, data.given) <= CODES else tuple(counts))
    window = None if days is None else _window(data, filters, days)
    months = (Dim.MONTH,) if window or Dim.MONTH in by else ()
    return Tally(one.relation, one.dated_by, window or days, (Dim.AGENCY, *months), every)


def _window(data: Data, filters: Filters, span: Period) -> Period | None:
    """The whole months that hold the span: the year of the data and the two before it, else two years up to the asked period; None where it is no whole months.

    The last month may stop at the date of the data. Most periods a reader chooses share the first, so that another period is no new statement.
    """
    asked = filters.timeframe(data.as_of, data.first_on).counted
    if asked is None or not _is_whole(span, filters.clock, data.as_of):
        return None
    newest, last = month_index(data.as_of, filters.clock), month_index(asked.end, filters.clock)
    for first, until in ((newest - newest % 12 - 24, newest), (last - 23, last)):
        window = of_months(first, until, Kind.DAYS, filters.clock).until(data.as_of)
        if window.start <= span.start and span.end <= window.end:
            return Period(window.start, window.end)
    return None


def _is_whole(span: Period, clock: Clock, as_of: date) -> bool:
    starts = span.start == month_start(month_index(span.start, clock), clock)
    return starts and (span.end == as_of or span.end == month_end(month_index(span.end, clock), clock))
