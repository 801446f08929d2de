"""When agencies first and last returned results, in any way and by post: one statement, from the roll-up of returns where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import sqlalchemy as sa

from queries import counting, organisation, scope
from queries.filters import Filters
from queries.period import FIRST_YEAR, Period
from queries.rollups import ENDS, divided, fitting

if TYPE_CHECKING:
    from queries.data import Data

_MADE: Final = {"first_at": "min", "first_post_at": "min", "last_at": "max", "last_until": "max"}


@dataclass(frozen=True)
class ReturnDays:
    """One row per agency code of the database (of the asked view) that ever returned a result up to the date of the data, by code.

    Columns: agency_code, first_at (first result ever), first_post_at and last_at (first and last one by post ever), last_until (last one by post up to
    the end of the asked period); missing: none. Otherwise the period plays no part.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        frame = data.source.frame(_statement(data, filters, (timeframe.counted or timeframe.period).end)).dropna(subset=["agency_code"])
        frame["agency_code"] = organisation.renamed(frame["agency_code"], organisation.today(data.catalogue, filters.organisation, "agency"))
        return frame.groupby("agency_code", as_index=False).agg(_MADE)


@dataclass(frozen=True)
class _Days:
    """Which days are looked at: those known, and for `last_until` those up to the end of the asked period."""

    known: list[Period]
    earlier: list[Period]


def _statement(data: Data, filters: Filters, until: date) -> sa.Select[Any]:
    d = data.source.relation("dossiers")
    known = Period(date(FIRST_YEAR, 1, 1), data.as_of)
    earlier = known.until(until)
    plain = _of(data, filters, d, _Days([known], [earlier]))
    rollup = fitting(data.source.rollups, plain, d, "returned_at")
    (whole, after), (whole_earlier, after_earlier) = divided(known), divided(earlier)
    if rollup is None or rollup.ends != ENDS or whole is None or whole_earlier is None:
        return plain
    rolled = _of(data, filters, rollup.clause, _Days([whole], [whole_earlier]))
    both = sa.union_all(rolled, _of(data, filters, d, _Days(after, after_earlier))).subquery("both_parts")
    return sa.select(both.c.agency_code, *(getattr(sa.func, way)(both.c[name]).label(name) for name, way in _MADE.items())).group_by(both.c.agency_code)


def _of(data: Data, filters: Filters, relation: sa.FromClause, days: _Days) -> sa.Select[Any]:
    """The instants of the dossiers, or of the roll-up that holds them."""
    where = scope.conditions(relation, data.catalogue, filters, data.rules)
    post = counting.C_RETURNED_BY_POST.where(relation, data.given)
    on_known, on_earlier = (sa.or_(sa.false(), *(scope.within(relation.c.returned_at, span) for span in spans)) for spans in (days.known, days.earlier))
    first, last = (relation.c.get(name, relation.c.returned_at) for name in ENDS)
    instants = {
        "first_at": sa.func.min(sa.case((on_known, first))),
        "first_post_at": sa.func.min(sa.case((sa.and_(post, on_known), first))),
        "last_at": sa.func.max(sa.case((sa.and_(post, on_known), last))),
        "last_until": sa.func.max(sa.case((sa.and_(post, on_earlier), last))),
    }
    returned = sa.and_(counting.C_RETURNED.where(relation, data.given), sa.or_(on_known, on_earlier))
    columns = (instant.label(name) for name, instant in instants.items())
    conditions = [sa.false()] if where is None else where
    return sa.select(relation.c.agency_code, *columns).where(returned, *conditions).group_by(relation.c.agency_code)
