"""What a source says of its dossiers month by month: the sums by which an extract is checked and a changed month is found."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from queries.period import Clock
from queries.statement import month_of

Sums = tuple[int, ...]
Months = dict[int | None, Sums]  # by month of receipt; None: without a time of receipt

FIRST: Final = datetime(1, 1, 1)
_TIMES: Final = ("received_at", "due_at", "completed_at", "returned_at")
_CODES: Final = ("agency_code", "procedure_code", "area_code", "received_channel", "returned_channel", "postal_stage")


def month_select(d: sa.FromClause, *, closely: bool = False) -> sa.Select[Any]:
    """One row per month of receipt: dossiers, and sums of the other columns.

    `closely` sums dates by day and the length of codes, so that almost every change of a row changes a sum; it costs the source several times as much.
    """
    received = _known(d.c.received_at)
    month = sa.case((received.is_not(None), month_of(d.c.received_at, Clock.CALENDAR)))
    sums = [sa.func.count(), _sum(d.c.status), _sum(d.c.postal_fee)]
    sums += [sa.func.count(_known(d.c[name])) for name in _TIMES]
    sums += [sa.func.count(d.c.agency_code), *(_sum(sa.case((d.c[name] == "post", 1), else_=0)) for name in ("received_channel", "returned_channel"))]
    if closely:
        sums += [_sum(sa.case((_known(d.c[name]).is_not(None), _day_number(d.c[name])))) for name in _TIMES]
        sums += [each for name in _CODES for each in (sa.func.count(d.c[name]), _sum(sa.func.char_length(d.c[name])))]
    return sa.select(month.label("month"), *(value.label(f"s{number}") for number, value in enumerate(sums))).group_by(month)


def months_of(connection: sa.Connection, d: sa.FromClause, *, closely: bool = False) -> Months:
    """The sums of every month, as the source counts them."""
    rows = connection.execute(month_select(d, closely=closely))
    return {None if row[0] is None else int(row[0]): tuple(int(value) for value in row[1:]) for row in rows}


def total(months: Months) -> int:
    """Dossiers of all months."""
    return sum(sums[0] for sums in months.values())


def differing(one: Months, other: Months) -> list[int | None]:
    """Months whose sums are not the same, the one without a time of receipt first."""
    return sorted((month for month in {*one, *other} if one.get(month) != other.get(month)), key=lambda month: -1 if month is None else month)


def _known(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A time, or missing: a date that no calendar knows (MySQL's 0000-00-00) is missing to the dashboard too."""
    return sa.case((column >= FIRST, column))


def _day_number(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    number = sa.extract("year", column) * 10_000 + sa.extract("month", column) * 100 + sa.extract("day", column)
    return sa.cast(number, sa.BigInteger)


def _sum(value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger)
