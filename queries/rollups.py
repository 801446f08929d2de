"""Roll-ups: dossiers added up by few columns and half-month, which an extract has beside the dossiers and a question reads instead when it can.

A roll-up has columns of the same names as the dossiers, so the same conditions select from it, and `n`, how many dossiers a row stands for. Its times
are cut down to the last day that a question can tell apart: the 1st and the 15th (both clocks), so that whole half-months come from it and the
days at either end of a period from the dossiers. Nothing in it depends on the date of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from queries import contract
from queries.period import Period

NUMBER: Final = "n"
OPEN_COPY: Final = "rollup_open"
SHARED_IDS: Final = (
    "rollup_shared_ids"  # one row, one number: dossiers that share their dossier_id with another; to find them takes more memory than readers have
)
HALVES: Final = (1, 15)


@dataclass(frozen=True)
class Rollup:
    """Dossiers that have the time `dated_by`, by its half-month and by `keys`; all dossiers, where it is None. `amounts` are added up, of `ends` the
    first is the earliest and the second the latest instant.

    Of the keys, received_at keeps only on which side of the days it lies on which codes of areas change their meaning (`queries.scope`), and
    due_at only what is asked of it: of completed dossiers whether it was there and kept (it is the day of completion, or the day before), without
    `dated_by` the day it falls on, of open dossiers alone.
    """

    name: str
    dated_by: str | None
    keys: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    @property
    def grouped(self) -> tuple[str, ...]:
        """The columns that it is grouped by."""
        return (*([self.dated_by] if self.dated_by else []), *self.keys)

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns, `n` the last."""
        return (*self.grouped, *self.amounts, *self.ends, NUMBER)

    @property
    def clause(self) -> sa.TableClause:
        """It as a FROM."""
        known = (sa.column(name, contract.DOSSIERS.c[name].type) for name in (*self.grouped, *self.amounts))
        return sa.table(self.name, *known, *(sa.column(name, sa.DateTime()) for name in self.ends), sa.column(NUMBER, sa.BigInteger()))


ENDS: Final = ("first_at", "last_at")
_RETURN: Final = ("received_channel", "returned_channel", "postal_stage", "status")
ROLLUPS: Final = (  # the smallest first
    Rollup("rollup_received_by_agency", "received_at", ("agency_code", "received_channel", "status"), ("postal_fee",)),
    Rollup("rollup_received_by_area", "received_at", ("area_code", "received_channel", "status"), ("postal_fee",)),
    Rollup("rollup_received_by_procedure", "received_at", ("procedure_code", "received_channel", "status"), ("postal_fee",), ENDS),
    Rollup("rollup_returned_by_agency", "returned_at", ("agency_code", *_RETURN), ends=ENDS),
    Rollup("rollup_returned_by_area", "returned_at", ("area_code", "received_at", *_RETURN)),
    Rollup("rollup_returned_by_procedure", "returned_at", ("procedure_code", *_RETURN), ends=ENDS),
    Rollup("rollup_completed_by_agency", "completed_at", ("agency_code", "due_at", "received_channel", "status")),
    Rollup("rollup_open_by_agency", None, ("agency_code", "due_at", "received_channel", "status")),
)


def shared_ids(tables: Mapping[str, set[str]]) -> sa.TableClause | None:
    """Where a file holds how many dossiers share their dossier_id; None where they must be counted."""
    return sa.table(SHARED_IDS, sa.column(NUMBER, sa.BigInteger())) if tables.get(SHARED_IDS) == {NUMBER} else None


def found(tables: Mapping[str, set[str]]) -> tuple[Rollup, ...]:
    """The roll-ups among the tables of a file: of this name and with exactly these columns."""
    return tuple(rollup for rollup in ROLLUPS if tables.get(rollup.name) == set(rollup.columns))


def fitting(rollups: tuple[Rollup, ...], select: sa.Select[Any], d: sa.FromClause, dated_by: str | None) -> Rollup | None:
    """The smallest roll-up that has every column of the dossiers `d` that the SELECT names; None where the dossiers must be asked."""
    named = {element.name for element in visitors.iterate(select) if isinstance(element, sa.ColumnClause) and element.table is d}
    return next((rollup for rollup in rollups if rollup.dated_by == dated_by and named <= set(rollup.columns)), None)


def divided(span: Period) -> tuple[Period | None, list[Period]]:
    """The whole half-months of a span as one period, and the days before and after them."""
    first, after = _half_from(span.start), _half_until(span.end + timedelta(days=1))
    if first >= after:
        return None, [span]
    before, behind = first - timedelta(days=1), after
    ends = [(span.start, before), (behind, span.end)]
    return replace(span, start=first, end=after - timedelta(days=1)), [replace(span, start=start, end=end) for start, end in ends if start <= end]


def _half_until(day: date) -> date:
    """The last beginning of a half-month on or before a day."""
    return day.replace(day=max(first for first in HALVES if first <= day.day))


def _half_from(day: date) -> date:
    """The first beginning of a half-month on or after a day."""
    return day if day.day in HALVES else day.replace(day=HALVES[1]) if day.day < HALVES[1] else (day.replace(day=28) + timedelta(days=4)).replace(day=1)
