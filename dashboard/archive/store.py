"""The dashboard's own store: one SQLite file under `var/`, never the dossier database. Several processes may use it at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from dashboard.archive.figures import CardFigures, pack, unpack
from dashboard.content.stamp import Audience, Stamp
from queries.errors import DashboardError

_WAIT_SECONDS: Final = 5.0
_SCHEMA: Final = 2  # 2: scope, the rights (their key) under which a file was made; empty for all
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS files (
    code TEXT PRIMARY KEY,
    what TEXT NOT NULL,
    path TEXT NOT NULL,
    query TEXT NOT NULL,
    filters TEXT NOT NULL,
    audience TEXT NOT NULL,
    as_of TEXT NOT NULL,
    version TEXT NOT NULL,
    made_at TEXT NOT NULL,
    figures BLOB NOT NULL,
    published_at TEXT,
    published_as TEXT,
    scope TEXT NOT NULL DEFAULT ''
)
"""
_COLUMNS: Final = "code, what, path, query, filters, audience, as_of, version, made_at, published_at, published_as, scope"


class ArchiveUnavailable(DashboardError):
    """The store cannot be read or written; everything but codes and published figures goes on without it."""


@dataclass(frozen=True)
class Kept:
    """One state of which a file was made: what, where it opens, and when; `published_as` is the name under which its figures were reported."""

    code: str
    what: str
    path: str
    query: str
    filters: str
    audience: Audience
    as_of: date
    version: str
    made_at: datetime
    published_at: datetime | None = None
    published_as: str = ""
    scope: str = ""

    @property
    def link(self) -> str:
        """The address of the state, from the root."""
        return self.path + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True)
class Archive:
    """The store in a file; it is made at the first writing. Every call is a transaction of its own and may raise ArchiveUnavailable."""

    path: Path

    def keep(self, stamp: Stamp, link: str, figures: Sequence[CardFigures]) -> None:
        """Keep the figures of a file under its code; a code that is there already keeps its first figures and time."""
        path, _, query = link.partition("?")
        row = (stamp.code, stamp.what, path, query, stamp.filters, stamp.audience.value, stamp.as_of.isoformat(), stamp.version, stamp.scope)
        with self._open() as store:
            store.execute(
                "INSERT INTO files (code, what, path, query, filters, audience, as_of, version, scope, made_at, figures) VALUES (?,?,?,?,?,?,?,?,?,?,?) "
                "ON CONFLICT (code) DO NOTHING",
                (*row, stamp.made_at.isoformat(), pack(figures)),
            )

    def publish(self, code: str, name: str, at: datetime) -> None:
        """Freeze the figures of a code as reported under a name; what is published stays as it was first published."""
        with self._open() as store:
            store.execute("UPDATE files SET published_at = ?, published_as = ? WHERE code = ? AND published_at IS NULL", (at.isoformat(), name, code))

    def find(self, code: str) -> Kept | None:
        """What is kept under a code; None for one that was never given out here."""
        if not self.path.exists():
            return None
        with self._open() as store:
            row = store.execute(f"SELECT {_COLUMNS} FROM files WHERE code = ?", (code,)).fetchone()  # noqa: S608 - our own column names
        return None if row is None else _kept(row)

    def figures(self, code: str) -> tuple[CardFigures, ...]:
        """The figures kept under a code; empty for an unknown one."""
        with self._open() as store:
            row = store.execute("SELECT figures FROM files WHERE code = ?", (code,)).fetchone()
        try:
            return () if row is None else unpack(row[0])
        except ValueError as error:
            raise _unavailable(self.path, error) from error

    def published(self) -> list[Kept]:
        """What was published, newest first."""
        if not self.path.exists():
            return []
        with self._open() as store:
            rows = store.execute(f"SELECT {_COLUMNS} FROM files WHERE published_at IS NOT NULL ORDER BY published_at DESC, code")  # noqa: S608 - our own column names
            return [_kept(row) for row in rows]

    def forget(self, before: datetime) -> int:
        """Remove codes of files made before a moment that were never published; how many."""
        with self._open() as store:
            return store.execute("DELETE FROM files WHERE published_at IS NULL AND made_at < ?", (before.isoformat(),)).rowcount

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS)
            _prepare(connection)
            with connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise _unavailable(self.path, error) from error
        finally:
            if connection is not None:
                connection.close()


def _prepare(connection: sqlite3.Connection) -> None:
    """The table in a new file; a file of a newer dashboard is left alone."""
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > _SCHEMA:
        raise sqlite3.DatabaseError(f"the store has schema {found}, this dashboard knows {_SCHEMA}")
    if found < _SCHEMA:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(_TABLE)
        if found == 1:
            connection.execute("ALTER TABLE files ADD COLUMN scope TEXT NOT NULL DEFAULT ''")
        connection.execute(f"PRAGMA user_version = {_SCHEMA}")


def _kept(row: tuple[str, ...]) -> Kept:
    code, what, path, query, filters, audience, as_of, version, made_at, published_at, published_as, scope = row
    moment = datetime.fromisoformat(published_at) if published_at else None
    days = date.fromisoformat(as_of)
    return Kept(code, what, path, query, filters, Audience(audience), days, version, datetime.fromisoformat(made_at), moment, published_as or "", scope)


def _unavailable(path: Path, error: Exception) -> ArchiveUnavailable:
    return ArchiveUnavailable(
        f"the store {path} cannot be used: {error}",
        sentence="Không đọc hoặc ghi được kho lưu số liệu đã chốt của bảng điều khiển. Các trang khác vẫn dùng được; hãy báo quản trị kiểm tra thư mục lưu "
        "(chỗ trống trên đĩa, quyền ghi).",
    )
