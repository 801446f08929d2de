"""The audit: who opened, exported, published what, who signed in and was refused. A store of its own, only added to, that never holds a reader up.

Events are written by one thread of each worker. A store that is full, locked or broken loses events: counted, logged, shown by readiness, and the
dashboard goes on. Each row carries a hash over itself and the row before, so that a row changed or taken out afterwards shows.
"""

from __future__ import annotations

import atexit
import json
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog

from dashboard import meters

LOG = structlog.get_logger("dashboard")
AUDIT_FILE: Final = "audit.sqlite"
LEAST_DAYS: Final = 30
MOST_WAITING: Final = 10_000
LONGEST: Final = 4_000
_WAIT_SECONDS: Final = 2.0
_TOLD_SECONDS: Final = 0.25  # how long a file waits for its event to be on disk
_LAST_SECONDS: Final = 3.0  # how long a process that ends waits for its last events
_SAY_AGAIN_SECONDS: Final = 60.0
_PRUNE_SECONDS: Final = 3600.0
_SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, event TEXT NOT NULL, reader TEXT NOT NULL,
    what TEXT NOT NULL, query TEXT NOT NULL, facts TEXT NOT NULL, chain TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER IF NOT EXISTS kept_for_a_while BEFORE DELETE ON events
WHEN OLD.at > datetime('now', '+7 hours', '-{LEAST_DAYS} days') BEGIN SELECT RAISE(ABORT, 'the audit is kept for {LEAST_DAYS} days at least'); END;
"""


class Event(StrEnum):
    """What is noted."""

    OPENED = "opened"
    EXPORTED = "exported"
    PUBLISHED = "published"
    REFUSED = "refused"
    SIGNED_IN = "sign_in"
    SIGNED_OUT = "sign_out"


@dataclass(frozen=True)
class Entry:
    """One row of the audit. `chain` binds it to the row before."""

    number: int
    at: str
    event: str
    reader: str
    what: str
    query: str
    facts: str
    chain: str


@dataclass(frozen=True)
class Wanted:
    """Which rows are looked at; empty: all. `first` and `last` are ISO days, both included."""

    event: str = ""
    reader: str = ""
    first: str = ""
    last: str = ""


class AuditUnavailable(Exception):
    """The store cannot be read now."""


_Row = tuple[str, str, str, str, str, str]


@dataclass
class Audit:
    """The audit in a file, made at the first event. `days` is how long rows are kept; `clock` gives the moment, Viet Nam time."""

    path: Path
    clock: Callable[[], datetime]
    days: int = 730
    _waiting: queue.Queue[tuple[_Row, threading.Event]] = field(init=False, default_factory=lambda: queue.Queue(MOST_WAITING))
    _thread: threading.Thread | None = field(init=False, default=None)
    _guard: threading.Lock = field(init=False, default_factory=threading.Lock)
    _trouble: str = field(init=False, default="")
    _said_at: float = field(init=False, default=float("-inf"))
    _pruned_at: float = field(init=False, default=float("-inf"))

    @property
    def trouble(self) -> str:
        """Why events are being lost; empty while all is well."""
        return self._trouble

    def write(self, event: str, reader: str, facts: Mapping[str, str]) -> None:
        """Note an event. Returns at once for a page; for what leaves the house it waits a moment until the row is on disk. Never raises."""
        rest = {key: value[:LONGEST] for key, value in facts.items() if key not in ("what", "query")}
        what, query = facts.get("what", "")[:LONGEST], facts.get("query", "")[:LONGEST]
        row = (self.clock().isoformat(sep=" ", timespec="seconds"), str(event), reader[:200], what, query, json.dumps(rest, ensure_ascii=False, sort_keys=True))
        done = threading.Event()
        try:
            self._waiting.put_nowait((row, done))
        except queue.Full:
            self._lost(1, "too many events wait")
            return
        self._ensure_writer()
        if event != Event.OPENED and not self._trouble:
            done.wait(_TOLD_SECONDS)

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until every event so far has been written or counted as lost; whether that was in time."""
        until = time.monotonic() + seconds
        while self._waiting.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)
        return not self._waiting.unfinished_tasks

    def _ensure_writer(self) -> None:
        with self._guard:
            if self._thread is None or not self._thread.is_alive():
                if self._thread is None:
                    atexit.register(self.flush, _LAST_SECONDS)
                self._thread = threading.Thread(target=self._keep_writing, name="audit", daemon=True)
                self._thread.start()

    def _keep_writing(self) -> None:
        while True:
            batch = [self._waiting.get()]
            while len(batch) < 500 and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            try:
                self._store([row for row, _ in batch])
                self._trouble = ""
                meters.AUDIT_EVENTS.labels("kept").inc(len(batch))
            except (sqlite3.Error, OSError, UnicodeError) as error:
                self._lost(len(batch), str(error))
            for _, done in batch:
                done.set()
                self._waiting.task_done()

    def _store(self, rows: list[_Row]) -> None:
        with self._open() as store:
            store.execute("BEGIN IMMEDIATE")  # the last chain is read and followed by one process at a time
            last = store.execute("SELECT chain FROM events ORDER BY number DESC LIMIT 1").fetchone()
            chain = last[0] if last else ""
            for row in rows:
                chain = _follow(chain, row)
                store.execute("INSERT INTO events (at, event, reader, what, query, facts, chain) VALUES (?,?,?,?,?,?,?)", (*row, chain))
            if time.monotonic() - self._pruned_at > _PRUNE_SECONDS:
                before = self.clock() - timedelta(days=max(self.days, LEAST_DAYS) + 1)
                store.execute("DELETE FROM events WHERE at < ? AND at < datetime('now', '+7 hours', ?)", (before.isoformat(sep=" "), f"-{LEAST_DAYS} days"))
                self._pruned_at = time.monotonic()
            store.execute("COMMIT")

    def _lost(self, number: int, why: str) -> None:
        self._trouble = why
        meters.AUDIT_EVENTS.labels("lost").inc(number)
        if time.monotonic() - self._said_at > _SAY_AGAIN_SECONDS:
            self._said_at = time.monotonic()
            LOG.error("audit events are being lost", events=number, fault=why, store=str(self.path))

    def entries(self, wanted: Wanted, most: int, skip: int = 0) -> list[Entry]:
        """Rows, newest first. Raises AuditUnavailable."""
        condition, values = _condition(wanted)
        statement = f"SELECT number, at, event, reader, what, query, facts, chain FROM events{condition} ORDER BY number DESC LIMIT ? OFFSET ?"  # noqa: S608 - our own column names, values bound
        return [Entry(*row) for row in self._read(statement, (*values, most, skip))]

    def broken_at(self) -> int | None:
        """The number of the first row that does not follow from the row before; None while the audit is whole. Raises AuditUnavailable."""
        before: Entry | None = None
        for row in self._read("SELECT number, at, event, reader, what, query, facts, chain FROM events ORDER BY number", ()):
            entry = Entry(*row)
            is_next = before is None or (
                entry.number == before.number + 1
                and entry.chain == _follow(before.chain, (entry.at, entry.event, entry.reader, entry.what, entry.query, entry.facts))
            )
            if not is_next:
                return entry.number
            before = entry
        return None

    def _read(self, statement: str, values: tuple[object, ...]) -> list[tuple[int, str, str, str, str, str, str, str]]:
        if not self.path.exists():
            return []
        try:
            with self._open() as store:
                return store.execute(statement, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise AuditUnavailable(str(error)) from error

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        with closing(sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)) as store:
            if is_new:
                self.path.chmod(0o600)
                store.execute("PRAGMA journal_mode = WAL")
            store.execute("PRAGMA synchronous = NORMAL")
            if not store.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept_for_a_while'").fetchone():
                store.executescript(_SCHEMA)
            yield store


def _follow(chain: str, row: _Row) -> str:
    return sha256("\x1f".join((chain, *row)).encode("utf-8", "surrogatepass")).hexdigest()


def _condition(wanted: Wanted) -> tuple[str, tuple[str, ...]]:
    parts = {"event = ?": wanted.event, "reader = ?": wanted.reader, "at >= ?": wanted.first, "at < ?": _after(wanted.last)}
    found = {part: value for part, value in parts.items() if value}
    return (" WHERE " + " AND ".join(found) if found else "", tuple(found.values()))


def _after(day: str) -> str:
    """The day after an ISO day; empty for what is no day."""
    try:
        return (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()
    except ValueError:
        return ""
