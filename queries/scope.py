"""Filters as conditions on a relation: which rows a question may count. Nothing here widens; an unknown code selects nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from queries import organisation
from queries.catalogue import Catalogue
from queries.counting import Rules, is_channel
from queries.filters import NOT_RECORDED, Filters
from queries.period import Period


def within(column: sa.ColumnElement[Any], period: Period) -> sa.ColumnElement[bool]:
    """Rows whose date or instant lies in the inclusive days of the period; keeps an index on the column usable."""
    after = period.end + timedelta(days=1)
    return sa.and_(column >= _start(column, period.start), column < _start(column, after))


def conditions(relation: sa.FromClause, catalogue: Catalogue, filters: Filters, rules: Rules = Rules()) -> list[sa.ColumnElement[bool]] | None:
    """The conditions of the filters on a relation; None when the relation lacks a column that a set filter needs."""
    wanted: dict[str, Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]] = {}
    if filters.areas:
        wanted["area_code"] = lambda column: _areas(column, moment(relation), catalogue, filters)
    if filters.channels:
        wanted["received_channel"] = lambda column: sa.or_(*(is_channel(column, None if c == NOT_RECORDED else c, rules) for c in filters.channels))
    if filters.agencies or filters.levels:
        wanted["agency_code"] = lambda column: _agencies(column, catalogue, filters)
    if filters.procedures or filters.sectors:
        wanted["procedure_code"] = lambda column: _procedures(column, catalogue, filters)
    if any(name not in relation.c for name in wanted):
        return None
    return [condition(relation.c[name]) for name, condition in wanted.items()]


def _agencies(column: sa.ColumnElement[Any], catalogue: Catalogue, filters: Filters) -> sa.ColumnElement[bool]:
    mapping = organisation.today(catalogue, filters.organisation, "agency")
    found: list[sa.ColumnElement[bool]] = [sa.true()]
    if filters.agencies:
        named = organisation.members(catalogue, filters.agencies, "agency")
        found.append(_in(column, organisation.with_predecessors(named, mapping)))
    if filters.levels:
        levels = catalogue.agency_levels
        found.append(_in(column, [code for code in {**levels, **mapping} if levels.get(mapping.get(code, code)) in filters.levels]))
    return sa.and_(*found)


def _procedures(column: sa.ColumnElement[Any], catalogue: Catalogue, filters: Filters) -> sa.ColumnElement[bool]:
    found: list[sa.ColumnElement[bool]] = [sa.true()]
    if filters.procedures:
        found.append(_in(column, filters.procedures))
    if filters.sectors:
        sectors = catalogue.procedure_sectors
        named = column.in_([code for code, sector in sectors.items() if sector in filters.sectors])
        without = sa.or_(column.is_(None), column.not_in(list(sectors)))
        found.append(sa.or_(named, without) if NOT_RECORDED in filters.sectors else named)
    return sa.and_(*found)


def _in(column: sa.ColumnElement[Any], values: Sequence[str]) -> sa.ColumnElement[bool]:
    named = column.in_([value for value in values if value != NOT_RECORDED])
    return sa.or_(named, column.is_(None)) if NOT_RECORDED in values else named


def moment(relation: sa.FromClause) -> sa.ColumnElement[Any]:
    """What places a row in time when its area is looked up."""
    return relation.c.received_at if "received_at" in relation.c else relation.c.reported_on


def _areas(column: sa.ColumnElement[Any], placed: sa.ColumnElement[Any], catalogue: Catalogue, filters: Filters) -> sa.ColumnElement[bool]:
    """Areas by key: the code together with the days on which it means that area."""
    keys = areas_within(catalogue, filters)
    known = catalogue.area_codes
    parts: list[sa.ColumnElement[bool]] = [column.in_(sorted(keys - known - {NOT_RECORDED}))]  # codes that the catalogue does not have, as they stand
    for era in range(len(catalogue.era_starts) + 1):
        codes = sorted(code for code in known if catalogue.area_key(code, era) in keys)
        if codes:
            parts.append(sa.and_(column.in_(codes), *_era(placed, catalogue.era_starts, era)))
    if NOT_RECORDED in keys:
        parts.append(column.is_(None))
    return sa.or_(*parts)


def _era(placed: sa.ColumnElement[Any], starts: Sequence[date], era: int) -> list[sa.ColumnElement[bool]]:
    found = [] if era == 0 else [placed >= _start(placed, starts[era - 1])]
    return found if era == len(starts) else [*found, placed < _start(placed, starts[era])]


def _start(column: sa.ColumnElement[Any], day: date) -> date:
    """A day as what the column holds: its first instant, or itself."""
    return datetime.combine(day, time()) if isinstance(column.type, sa.DateTime) else day


def areas_within(catalogue: Catalogue, filters: Filters) -> set[str]:
    """Keys of the asked areas, of all areas below them that lived at the same time, and in other views than “then” of those added up with them."""
    areas = catalogue.areas
    found = set(organisation.members(catalogue, filters.areas, "area"))
    fresh = set(found)
    while fresh:
        below: set[str] = set()
        for code, first, last in areas.loc[areas["area_key"].isin(fresh), ["area_code", "valid_from", "valid_to"]].itertuples(index=False):
            together = ~((areas["valid_from"] > last) | (areas["valid_to"] < first))  # an open end is never passed
            below |= set(areas.loc[(areas["parent_code"] == code) & together, "area_key"])
        fresh = below - found
        found |= fresh
    return set(organisation.with_predecessors(found, organisation.today(catalogue, filters.organisation, "area")))
