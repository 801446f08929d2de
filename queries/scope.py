"""Filters as conditions on a relation: which rows a question may count. Nothing here widens; an unknown code selects nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from queries import organisation
from queries.catalogue import Catalogue
from queries.filters import NOT_RECORDED, Filters, Organisation
from queries.period import Period


def within(column: sa.ColumnElement[Any], period: Period) -> sa.ColumnElement[bool]:
    """Rows whose date or instant lies in the inclusive days of the period; keeps an index on the column usable."""
    after = period.end + timedelta(days=1)
    if isinstance(column.type, sa.DateTime):
        return sa.and_(column >= datetime.combine(period.start, time()), column < datetime.combine(after, time()))
    return sa.and_(column >= period.start, column < after)


def conditions(relation: sa.FromClause, catalogue: Catalogue, filters: Filters) -> list[sa.ColumnElement[bool]] | None:
    """The conditions of the filters on a relation; None when the relation lacks a column that a set filter needs."""
    found: list[sa.ColumnElement[bool]] = []
    for column, values in (
        ("agency_code", _agency_codes(catalogue, filters)),
        ("procedure_code", filters.procedures or None),
        ("received_channel", filters.channels or None),
    ):
        if values is not None:
            if column not in relation.c:
                return None
            found.append(_in(relation.c[column], values))
    if filters.sectors:
        if "procedure_code" not in relation.c:
            return None
        found.append(_in(relation.c.procedure_code, _procedures_of(catalogue, filters.sectors)))
    if filters.levels:
        found.append(_in(relation.c.agency_code, tuple(code for code, level in catalogue.agency_levels.items() if level in filters.levels)))
    if filters.areas:
        found.append(_areas(relation, catalogue, filters))
    return found


def _agency_codes(catalogue: Catalogue, filters: Filters) -> tuple[str, ...] | None:
    if not filters.agencies:
        return None
    return organisation.with_predecessors(filters.agencies, organisation.today(catalogue, filters.organisation, "agency"))


def _procedures_of(catalogue: Catalogue, sectors: Sequence[str]) -> tuple[str, ...]:
    codes = tuple(code for code, sector in catalogue.procedure_sectors.items() if sector in sectors)
    return (*codes, NOT_RECORDED) if NOT_RECORDED in sectors else codes


def _in(column: sa.ColumnElement[Any], values: Sequence[str]) -> sa.ColumnElement[bool]:
    named = column.in_([value for value in values if value != NOT_RECORDED])
    return sa.or_(named, column.is_(None)) if NOT_RECORDED in values else named


def _areas(relation: sa.FromClause, catalogue: Catalogue, filters: Filters) -> sa.ColumnElement[bool]:
    """Areas by key: the code together with the days on which it means that area. A district stands for its communes."""
    keys = set(_with_children(catalogue, filters.areas))
    if filters.organisation is Organisation.NOW:
        keys |= set(organisation.with_predecessors(sorted(keys), organisation.today(catalogue, filters.organisation, "area")))
    if catalogue.areas.empty:
        return _in(relation.c.area_code, filters.areas)
    codes_by_era: dict[int, list[str]] = {}
    for (code, era), key in catalogue.area_keys.items():
        if key in keys:
            codes_by_era.setdefault(era, []).append(code)
    moment = relation.c.received_at if "received_at" in relation.c else relation.c.reported_on
    parts = [sa.and_(relation.c.area_code.in_(sorted(codes)), *_era(moment, catalogue, era)) for era, codes in sorted(codes_by_era.items())]
    if NOT_RECORDED in filters.areas:
        parts.append(relation.c.area_code.is_(None))
    return sa.or_(sa.false(), *parts)


def _era(moment: sa.ColumnElement[Any], catalogue: Catalogue, era: int) -> list[sa.ColumnElement[bool]]:
    starts = catalogue.era_starts
    found = [] if era == 0 else [moment >= datetime.combine(starts[era - 1], time())]
    return found if era == len(starts) else [*found, moment < datetime.combine(starts[era], time())]


def _with_children(catalogue: Catalogue, keys: Sequence[str]) -> set[str]:
    """The keys and the keys of the areas directly below them that lived at the same time."""
    areas = catalogue.areas
    found = set(keys)
    for parent in areas[areas["area_key"].isin(keys) & (areas["level"] != "commune")].itertuples():
        same_time = areas["valid_to"].isna() == (parent.valid_to is None or parent.valid_to != parent.valid_to)
        found |= set(areas.loc[(areas["parent_code"] == parent.area_code) & same_time, "area_key"])
    return found
