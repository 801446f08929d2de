"""From counts and dimensions to one SQL statement: the same SQLAlchemy Core for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from queries import scope
from queries.counting import Count
from queries.filters import Filters
from queries.gathering import CODES, ROWS, gathered, looked_at
from queries.period import Clock, Period

if TYPE_CHECKING:
    from queries.data import Data


class Dim(StrEnum):
    """What a measure may be split by; the value is the column of the frame."""

    AGENCY = "agency_code"
    LEVEL = "level"
    AREA = "area_key"
    PROCEDURE = "procedure_code"
    SECTOR = "sector_code"
    MONTH = "month"
    RECEIVED_CHANNEL = "received_channel"
    RETURNED_CHANNEL = "returned_channel"
    POSTAL_STAGE = "postal_stage"


_COLUMNS: Final = {Dim.LEVEL: ("agency_code",), Dim.SECTOR: ("procedure_code",), Dim.AREA: ("area_code", "era"), Dim.MONTH: ("month",)}


def columns_of(dim: Dim) -> tuple[str, ...]:
    """The columns of the database that a dimension is made of."""
    return _COLUMNS.get(dim, (dim.value,))


def grouped(counts: Iterable[Count]) -> dict[tuple[str, str | None], list[Count]]:
    """Counts that one statement can answer: by relation and dating column."""
    groups: dict[tuple[str, str | None], list[Count]] = {}
    for count in counts:
        groups.setdefault((count.relation, count.dated_by), []).append(count)
    return groups


def month_of(moment: sa.ColumnElement[Any], clock: Clock) -> sa.ColumnElement[Any]:
    """Month index of an instant in SQL; constants are written out, because a bound one in GROUP BY makes two expressions."""
    index = sa.extract("year", moment) * sa.literal_column("12") + sa.extract("month", moment) - sa.literal_column("1")
    if clock is Clock.REPORTING:
        index = index + sa.case((sa.extract("day", moment) >= sa.literal_column("15"), sa.literal_column("1")), else_=sa.literal_column("0"))
    return sa.cast(index, sa.Integer)


def era_of(moment: sa.ColumnElement[Any], starts: Sequence[date]) -> sa.ColumnElement[Any]:
    """Number of the era of an instant: how many of the starts lie on or before it."""
    if not starts:
        return sa.cast(sa.literal_column("0"), sa.Integer)
    whens: list[tuple[sa.ColumnElement[bool], sa.ColumnElement[Any]]] = [
        (moment < sa.literal_column(f"DATE '{start.isoformat()}'"), sa.literal_column(str(era))) for era, start in enumerate(starts)
    ]
    return sa.cast(sa.case(*whens, else_=sa.literal_column(str(len(starts)))), sa.Integer)


def statement(data: Data, filters: Filters, span: Period | None, by: Sequence[Dim], counts: Sequence[Count]) -> sa.Select[Any] | None:
    """One GROUP BY for counts that share a relation and a dating column; None when the database or the filters do not allow it."""
    if not counts or not data.source.has(counts[0].relation):
        return None
    relation, dated_by = data.source.relation(counts[0].relation), counts[0].dated_by
    where = scope.conditions(relation, data.catalogue, filters, data.rules)
    keys = {column: _key(relation, column, dated_by, data, filters) for dim in by for column in columns_of(dim)}
    if where is None or any(key is None for key in keys.values()):
        return None
    if dated_by is not None and span is not None:
        where.append(scope.within(relation.c[dated_by], span))
    groups = {column: key for column, key in keys.items() if key is not None}
    codes = looked_at(relation, counts, data.given)
    rows = relation
    if codes <= CODES and len(counts) > 1:
        rows = gathered(relation, groups, where, codes, counts)
        groups, where = {column: rows.c[column] for column in groups}, []
    sums = [_total(rows, count, data).label(count.key) for count in counts]
    return sa.select(*(key.label(column) for column, key in groups.items()), *sums).where(*where).group_by(*groups.values())


def _key(relation: sa.FromClause, column: str, dated_by: str | None, data: Data, filters: Filters) -> sa.ColumnElement[Any] | None:
    if column == Dim.MONTH:
        return None if dated_by is None else month_of(relation.c[dated_by], filters.clock)
    if column == "era":
        return era_of(scope.moment(relation), data.catalogue.era_starts)
    return relation.c.get(column)


def _total(rows: sa.FromClause, count: Count, data: Data) -> sa.ColumnElement[Any]:
    worth: Any = rows.c[count.amount] if count.amount else rows.c.get(ROWS, 1)
    added = sa.func.sum(sa.case((count.where(rows, data.given), worth), else_=0))
    return sa.cast(sa.func.coalesce(added, 0), sa.BigInteger)
