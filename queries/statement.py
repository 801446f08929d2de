"""From counts and dimensions to one SQL statement: the same SQLAlchemy Core for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from queries import scope
from queries.counting import C_OPEN, C_OVERDUE, Count
from queries.filters import Filters
from queries.gathering import CODES, gathered, looked_at
from queries.period import Clock, Period
from queries.rollups import NUMBER, divided, fitting

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


OPEN_COUNTS: Final = frozenset({C_OPEN.key, C_OVERDUE.key})  # counts that look at the due day of open dossiers, and of no others
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


Statement = sa.Select[Any]


def statement(data: Data, filters: Filters, span: Period | None, by: Sequence[Dim], counts: Sequence[Count]) -> Statement | None:
    """One GROUP BY for counts that share a relation and a dating column; None when the database or the filters do not allow it.

    The only place where a question comes to a roll-up: the counts of whole half-months are read there when it has the columns, the days at either
    end of the span from the dossiers.
    """
    if not counts or not data.source.has(counts[0].relation):
        return None
    relation = data.source.relation(counts[0].relation)
    asked = _Asked(data, filters, by, counts)
    dated_by, spans = counts[0].dated_by, [span] if span else []
    plain = asked.of(relation, spans)
    if plain is None or (dated_by is None and any(count.key not in OPEN_COUNTS for count in counts)):
        return None if plain is None else asked.gathered(relation, spans)
    rollup = fitting(data.source.rollups, plain, relation, dated_by)
    whole, ends = divided(span) if span and dated_by else (None, [])
    if rollup is None or (dated_by is not None and whole is None):
        return asked.gathered(relation, spans)
    rolled = asked.of(rollup.clause, [whole] if whole else [])
    rest = asked.of(relation, ends) if ends else None
    return rolled if rolled is None or rest is None else _added(rolled, rest, counts)


@dataclass(frozen=True)
class _Asked:
    """What is counted of whatever relation holds the dossiers."""

    data: Data
    filters: Filters
    by: Sequence[Dim]
    counts: Sequence[Count]

    def of(self, relation: sa.FromClause, spans: Sequence[Period]) -> Statement | None:
        """One GROUP BY of a relation; None when the filters or the columns do not allow it."""
        parts = self._parts(relation, spans)
        return None if parts is None else self._summed(relation, *parts)

    def gathered(self, relation: sa.FromClause, spans: Sequence[Period]) -> Statement | None:
        """The same, with the rows gathered by codes first where that is quicker."""
        parts = self._parts(relation, spans)
        codes = looked_at(relation, self.counts, self.data.given)
        if parts is None or not codes <= CODES or len(self.counts) < 2:
            return None if parts is None else self._summed(relation, *parts)
        rows = gathered(relation, *parts, codes, self.counts)
        return self._summed(rows, {column: rows.c[column] for column in parts[0]}, [])

    def _parts(self, relation: sa.FromClause, spans: Sequence[Period]) -> tuple[dict[str, sa.ColumnElement[Any]], list[sa.ColumnElement[bool]]] | None:
        """The keys to group by under their names, and the conditions."""
        data, dated_by = self.data, self.counts[0].dated_by
        where = scope.conditions(relation, data.catalogue, self.filters, data.rules)
        keys = {column: _key(relation, column, dated_by, data, self.filters) for dim in self.by for column in columns_of(dim)}
        if where is None or any(key is None for key in keys.values()):
            return None
        if dated_by is not None and spans:
            where.append(sa.or_(*(scope.within(relation.c[dated_by], span) for span in spans)))
        return {column: key for column, key in keys.items() if key is not None}, where

    def _summed(self, rows: sa.FromClause, groups: dict[str, sa.ColumnElement[Any]], where: Sequence[sa.ColumnElement[bool]]) -> Statement:
        sums = [_total(rows, count, self.data).label(count.key) for count in self.counts]
        return sa.select(*(key.label(column) for column, key in groups.items()), *sums).where(*where).group_by(*groups.values())


def _added(one: Statement, other: Statement, counts: Sequence[Count]) -> Statement:
    """The rows of two statements added up."""
    both = sa.union_all(one, other).subquery("both_parts")
    names = {count.key for count in counts}
    keys = [column for column in both.c if column.name not in names]
    return sa.select(*keys, *(_sum(both.c[count.key]).label(count.key) for count in counts)).group_by(*keys)


def _key(relation: sa.FromClause, column: str, dated_by: str | None, data: Data, filters: Filters) -> sa.ColumnElement[Any] | None:
    if column == Dim.MONTH:
        return None if dated_by is None else month_of(relation.c[dated_by], filters.clock)
    if column == "era":
        return era_of(scope.moment(relation), data.catalogue.era_starts)
    return relation.c.get(column)


def _total(relation: sa.FromClause, count: Count, data: Data) -> sa.ColumnElement[Any]:
    worth: Any = relation.c[count.amount] if count.amount else relation.c.get(NUMBER, 1)
    return _sum(sa.case((count.where(relation, data.given), worth), else_=0))


def _sum(value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger)
