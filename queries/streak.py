"""What agencies returned since a day of their own, and what was registered for the post meanwhile without being carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import sqlalchemy as sa

from queries import contract, counting, organisation, scope
from queries.filters import Filters
from queries.period import FIRST_YEAR, Period

if TYPE_CHECKING:
    from queries.data import Data

Begin = tuple[str, date | None]
_KINDS: Final = {"agency_code": "str", "procedure_code": "str", "returned": "Int64", "not_carried": "Int64"}


@dataclass(frozen=True)
class Streaks:
    """One row per asked agency and procedure with a figure, by codes: agency_code, procedure_code (missing: not recorded), returned (results handed over
    in any way) and not_carried, both from the agency's own first day (None: from the beginning) to the end of the period.

    Not carried are dossiers with a result of those days that were registered for return by post and that the post has not taken: still marked
    registered, or, where the stage is not known, ready and not handed over.
    """

    begins: tuple[Begin, ...]  # agency code, as organised in the asked view, and its first day

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        counted = filters.timeframe(data.as_of, data.first_on).counted
        d = data.source.relation("dossiers")
        where = scope.conditions(d, data.catalogue, filters, data.rules)
        if counted is None or where is None or not self.begins:
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _KINDS.items()})
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        conditions = {
            "returned": sa.and_(counting.C_RETURNED.where(d, data.given), _since(d, "returned_at", self.begins, mapping, counted.end)),
            "not_carried": sa.and_(_not_carried(d, data), _since(d, "completed_at", self.begins, mapping, counted.end)),
        }
        sums = (sa.cast(sa.func.sum(sa.case((condition, 1), else_=0)), sa.BigInteger).label(name) for name, condition in conditions.items())
        keys = (d.c.agency_code, d.c.procedure_code)
        asked = d.c.agency_code.in_(organisation.with_predecessors([code for code, _ in self.begins], mapping))
        frame = data.source.frame(sa.select(*keys, *sums).where(asked, *where).group_by(*keys))
        frame["agency_code"] = organisation.renamed(frame["agency_code"], mapping)
        figures = frame[(frame["returned"] > 0) | (frame["not_carried"] > 0)]
        return figures.groupby(["agency_code", "procedure_code"], dropna=False, as_index=False)[["returned", "not_carried"]].sum()


def _since(d: sa.FromClause, column: str, begins: Sequence[Begin], mapping: dict[str, str], end: date) -> sa.ColumnElement[bool]:
    """Rows of the agencies, each from its own day on."""
    days: dict[date, list[str]] = {}
    for code, first in begins:
        days.setdefault(first or date(FIRST_YEAR, 1, 1), []).append(code)
    spans = {first: codes for first, codes in days.items() if first <= end}
    parts = (
        sa.and_(d.c.agency_code.in_(organisation.with_predecessors(codes, mapping)), scope.within(d.c[column], Period(first, end)))
        for first, codes in sorted(spans.items())
    )
    return sa.or_(sa.false(), *parts)


def _not_carried(d: sa.FromClause, data: Data) -> sa.ColumnElement[bool]:
    """Settled, registered for return by post, and not taken by the post."""
    registered: Any = d.c.postal_stage == contract.STAGES[0]
    by_post = counting.is_channel(d.c.returned_channel, "post", data.rules)
    ready = sa.and_(counting.C_COMPLETED.where(d, data.given), sa.not_(counting.C_RETURNED.where(d, data.given)))
    without_stage = sa.and_(d.c.postal_stage.is_(None), by_post, ready)
    return sa.and_(counting.C_COMPLETED.where(d, data.given), sa.or_(registered, without_stage))
