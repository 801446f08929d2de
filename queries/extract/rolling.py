"""Writing the roll-ups of an extract from its dossiers; what each column keeps is told by `queries.rollups.Rollup`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import duckdb

from queries import contract
from queries.extract.writing import TYPES
from queries.rollups import HALVES, NUMBER, OPEN_COPY, ROLLUPS, SHARED_IDS, Rollup

_OPEN: Final = f"status IN ({', '.join(str(status) for status in contract.OPEN)})"


Run = Callable[[str], duckdb.DuckDBPyConnection]


def add_rollups(run: Run, columns: tuple[str, ...], *, has_areas: bool) -> None:
    """Write every roll-up, how many dossiers share an id, and the open dossiers as they are, by statements to `run`.

    `columns` are those that the file has of dossiers.
    """
    days = _days_of_meaning(run) if has_areas else []
    for rollup in ROLLUPS:
        keys = {name: _kept(rollup, name, columns, days) for name in rollup.grouped}
        sums = {name: f"CAST(sum({name}) AS BIGINT)" if name in columns else "CAST(NULL AS BIGINT)" for name in rollup.amounts}
        ends = {name: f"{least}({rollup.dated_by})" for name, least in zip(rollup.ends, ("min", "max"), strict=False)}
        made = ", ".join(f"{sql} AS {name}" for name, sql in (keys | sums | ends | {NUMBER: "count(*)"}).items())
        order = ", ".join(str(number) for number in range(1, len(keys) + 1))
        dated = f"WHERE {rollup.dated_by} IS NOT NULL " if rollup.dated_by else ""
        run(f"CREATE TABLE {rollup.name} AS SELECT {made} FROM dossiers {dated}GROUP BY {order} ORDER BY {order}")
    shared = "SELECT count(*) AS same FROM dossiers WHERE dossier_id IS NOT NULL GROUP BY dossier_id HAVING same > 1"
    run(f"CREATE TABLE {SHARED_IDS} AS SELECT CAST(coalesce(sum(same), 0) AS BIGINT) AS {NUMBER} FROM ({shared})")
    cells = ", ".join(c.name if c.name in columns else f"CAST(NULL AS {TYPES[type(c.type)]}) AS {c.name}" for c in contract.DOSSIERS.columns)
    run(f"CREATE TABLE {OPEN_COPY} AS SELECT {cells} FROM dossiers WHERE {_OPEN}")


def _days_of_meaning(run: Run) -> list[date]:
    """The days on which the code of some area may change its meaning; more days than needed do no harm."""
    statement = "SELECT DISTINCT unnest([valid_from, CAST(valid_to + INTERVAL 1 DAY AS DATE)]) AS day FROM areas ORDER BY day"
    return [row[0] for row in run(statement).fetchall() if isinstance(row[0], date)]


def _kept(rollup: Rollup, name: str, columns: tuple[str, ...], days: list[date]) -> str:
    """SQL of what a roll-up keeps of a column."""
    if name not in columns:
        return "CAST(NULL AS VARCHAR)"
    if name == "due_at" and rollup.dated_by is None:
        return f"CASE WHEN {_OPEN} THEN CAST(date_trunc('day', due_at) AS TIMESTAMP) END"
    if name == "due_at":
        completed, due = _half(str(rollup.dated_by)), f"CAST({rollup.dated_by} AS DATE) <= CAST(due_at AS DATE)"
        return f"CASE WHEN due_at IS NOT NULL THEN CASE WHEN {due} THEN {completed} ELSE {completed} - INTERVAL 1 DAY END END"
    if name == rollup.dated_by:
        return f"greatest({_half(name)}, {_meaning(days)})" if "area_code" in rollup.keys and name == "received_at" else _half(name)
    return f"CASE WHEN received_at IS NOT NULL THEN {_meaning(days)} END" if name == "received_at" else name


def _half(column: str) -> str:
    """The beginning of a time's half-month."""
    month = f"CAST(date_trunc('month', {column}) AS TIMESTAMP)"
    return f"CASE WHEN day({column}) >= {HALVES[1]} THEN {month} + INTERVAL {HALVES[1] - 1} DAY ELSE {month} END"


def _meaning(days: list[date]) -> str:
    """The last day on or before the receipt on which codes of areas changed their meaning."""
    since = " ".join(f"WHEN received_at >= TIMESTAMP '{day}' THEN TIMESTAMP '{day}'" for day in reversed(days))
    return f"CASE {since} ELSE TIMESTAMP '0001-01-01' END" if since else "TIMESTAMP '0001-01-01'"
