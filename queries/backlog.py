"""Open dossiers by how late they are at the date of the data: counts only, never a single dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import sqlalchemy as sa

from queries import counting, organisation, scope
from queries.catalogue import NO_PROCEDURE, UNASSIGNED
from queries.filters import Filters
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

SOON_DAYS: Final = 3
LATE: Final = {"late_1_5": (1, 5), "late_6_10": (6, 10), "late_11_30": (11, 30), "late_over_30": (31, None)}
"""Days a dossier is late, both ends counted, by column; None is open."""
_SUMS: Final = ("open", "without_due", "due_soon", *LATE, "overdue")


@dataclass(frozen=True)
class Backlog:
    """Open dossiers at the date of the data, one row per procedure or agency, whatever the period: most overdue first, then by code.

    Columns: procedure_code or agency_code (missing: not recorded), name, open, without_due, due_soon (due on the date of the data or in the
    three days after it), late_1_5, late_6_10, late_11_30, late_over_30 (calendar days between due date and date of the data), overdue (their sum).
    """

    by: Dim = Dim.PROCEDURE

    def __post_init__(self) -> None:
        if self.by not in (Dim.PROCEDURE, Dim.AGENCY):
            raise ValueError(f"a backlog is counted by procedure or agency, not by {self.by}")

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        d = data.source.open_dossiers()
        key = d.c[self.by.value]
        # A filter on a column that this database lacks selects nothing: never wider.
        where = scope.conditions(d, data.catalogue, filters, data.rules)
        kept = [sa.false()] if where is None else where
        sums = [sa.cast(sa.func.sum(sa.case((condition, 1), else_=0)), sa.BigInteger).label(name) for name, condition in _conditions(d, data)]
        frame = data.source.frame(sa.select(key, *sums).where(counting.C_OPEN.where(d, data.given), *kept).group_by(key))
        if self.by is Dim.AGENCY:
            frame[self.by.value] = organisation.renamed(frame[self.by.value], organisation.today(data.catalogue, filters.organisation, "agency"))
            frame = frame.groupby(self.by.value, dropna=False, as_index=False).sum()
        names, nameless = (data.catalogue.agency_names, UNASSIGNED) if self.by is Dim.AGENCY else (data.catalogue.procedure_names, NO_PROCEDURE)
        frame["name"] = pd.Series([nameless if pd.isna(code) else names.get(code, f"{code} (ngoài danh mục)") for code in frame[self.by.value]], dtype="str")
        return frame[[self.by.value, "name", *_SUMS]].sort_values(["overdue", self.by.value], ascending=[False, True], ignore_index=True)


def _conditions(d: sa.FromClause, data: Data) -> list[tuple[str, sa.ColumnElement[bool]]]:
    """What each column counts among open dossiers; due dates are compared by day through their first instant."""
    today = datetime.combine(data.as_of, time())
    due: sa.ColumnElement[Any] = d.c.due_at

    def due_between(first: datetime | None, last: datetime) -> sa.ColumnElement[bool]:
        until = due < last + timedelta(days=1)
        return until if first is None else sa.and_(due >= first, until)

    late = {name: due_between(None if most is None else today - timedelta(days=most), today - timedelta(days=least)) for name, (least, most) in LATE.items()}
    return [
        ("open", sa.true()),
        ("without_due", due.is_(None)),
        ("due_soon", due_between(today, today + timedelta(days=SOON_DAYS))),
        *late.items(),
        ("overdue", counting.C_OVERDUE.where(d, data.given)),
    ]
