"""Reading only what has changed: which dossiers are read again from the source, and which are taken from the version before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from queries.errors import ExtractRefused
from queries.extract.months import FIRST, Months, months_of
from queries.period import month_start
from queries.source import Source, open_source

INFO: Final = "extract_info"
FORMAT: Final = 1


@dataclass(frozen=True)
class Earlier:
    """The version before: its file, its columns of dossiers, and its sums by month of receipt."""

    path: Path
    columns: tuple[str, ...]
    months: Months


def source_label(source: Source) -> str:
    """What tells one source from another, without account and password."""
    return f"{source.label} · {source.name}"


def columns_of(source: Source, table: sa.Table) -> tuple[str, ...]:
    """The contract's columns that a source has of a relation, in the contract's order."""
    return tuple(column.name for column in table.columns if source.has_column(table.name, column.name))


def earlier(version: Path | None, dossiers: sa.Table, source: Source) -> Earlier:
    """What the version before holds. Raises ExtractRefused where there is none, or one of another source or of other columns."""
    if version is None:
        raise _not_possible("there is no version yet", "chưa có bản trích nào trước đó")
    with open_source(str(version), timeout_seconds=source.database.seconds) as old, old.database.connection() as connection:
        found = connection.execute(sa.text(f"SELECT source, format FROM {INFO}")).one()
        columns, months = columns_of(old, dossiers), months_of(connection, old.relation(dossiers.name), closely=True)
    if (found.source, found.format) != (source_label(source), FORMAT) or columns != columns_of(source, dossiers):
        raise _not_possible("the version before is of another source, other columns or another format", "bản trước lấy từ nguồn khác hoặc có cột khác")
    return Earlier(version, columns, months)


def wanted(received: sa.ColumnElement[Any], since: date, changed: Sequence[int | None]) -> sa.ColumnElement[bool]:
    """Dossiers to read from the source: received from a day on, or in a month whose sums have changed."""
    spans = [sa.and_(received >= start, received < end) for start, end in _spans(changed)]
    untimed = [sa.or_(received.is_(None), received < FIRST)] if None in changed else []
    return sa.or_(received >= datetime.combine(since, time()), *spans, *untimed)


def kept_condition(since: date, changed: Sequence[int | None]) -> str:
    """The others, as SQL on the version before."""
    parts = [
        f"received_at < TIMESTAMP '{since}'",
        *(f"NOT (received_at >= TIMESTAMP '{start}' AND received_at < TIMESTAMP '{end}')" for start, end in _spans(changed)),
    ]
    timed = f"({' AND '.join(parts)})"
    return timed if None in changed else f"({timed} OR received_at IS NULL)"


def _spans(changed: Sequence[int | None]) -> list[tuple[datetime, datetime]]:
    months = [month for month in changed if month is not None and month >= 12]
    return [(datetime.combine(month_start(month), time()), datetime.combine(month_start(month + 1), time())) for month in months]


def _not_possible(reason: str, why: str) -> ExtractRefused:
    return ExtractRefused(f"--since: {reason}", sentence=f"Không dùng được --since: {why}. Hãy chạy lại lệnh refresh không có --since để chép toàn bộ.")
