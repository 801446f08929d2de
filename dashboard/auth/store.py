"""Sessions and failed sign-ins, in a small SQLite file that all workers share. Only hashes of session ids are kept: the file opens no session."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from queries.errors import DashboardError

_WAIT_SECONDS: Final = 5.0
WINDOW_SECONDS: Final = 900
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, content TEXT NOT NULL, made_at REAL NOT NULL, seen_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS attempts (key TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS attempts_by_key ON attempts (key, at);
"""


class SessionsUnavailable(DashboardError):
    """The store of sessions cannot be read or written: nobody is let in."""


@dataclass(frozen=True)
class Kept:
    """A session as it is kept: its content, when it was begun and when it was last used."""

    content: dict[str, Any]
    made_at: float
    seen_at: float


@dataclass(frozen=True)
class Store:
    """The file; it is made at the first writing, readable by the service alone. Every call may raise SessionsUnavailable."""

    path: Path

    def find(self, session: str) -> Kept | None:
        """The session of an id."""
        if not self.path.exists():
            return None
        with self._open() as store:
            row = store.execute("SELECT content, made_at, seen_at FROM sessions WHERE id = ?", (_hashed(session),)).fetchone()
        return None if row is None else Kept(json.loads(row[0]), row[1], row[2])

    def keep(self, session: str, content: Mapping[str, Any], made_at: float, seen_at: float) -> None:
        """Write a session."""
        with self._open() as store:
            store.execute("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)", (_hashed(session), json.dumps(content), made_at, seen_at))

    def touch(self, session: str, seen_at: float) -> None:
        """Say that a session is used; one that has ended meanwhile stays ended."""
        with self._open() as store:
            store.execute("UPDATE sessions SET seen_at = ? WHERE id = ?", (seen_at, _hashed(session)))

    def end(self, session: str) -> None:
        """Take a session out."""
        with self._open() as store:
            store.execute("DELETE FROM sessions WHERE id = ?", (_hashed(session),))

    def forget(self, made_before: float, seen_before: float, tried_before: float) -> None:
        """Take out what is over."""
        with self._open() as store:
            store.execute("DELETE FROM sessions WHERE made_at < ? OR seen_at < ?", (made_before, seen_before))
            store.execute("DELETE FROM attempts WHERE at < ?", (tried_before,))

    def try_once(self, limits: Mapping[str, int], now: float) -> bool:
        """Count one attempt under each key before it is made, unless one has had its number in the window: False then, whichever worker asks."""
        with self._open() as store:
            store.execute("BEGIN IMMEDIATE")
            for key, most in limits.items():
                count = store.execute("SELECT count(*) FROM attempts WHERE key = ? AND at > ?", (key, now - WINDOW_SECONDS)).fetchone()[0]
                if count >= most:
                    return False
            store.executemany("INSERT INTO attempts VALUES (?, ?)", [(key, now) for key in limits])
        return True

    def clear(self, key: str) -> None:
        """Forget the attempts under a key: the right password came."""
        with self._open() as store:
            store.execute("DELETE FROM attempts WHERE key = ?", (key,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = None
        try:
            if not self.path.exists():
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.touch(mode=0o600)
            connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS)
            if connection.execute("PRAGMA user_version").fetchone()[0] < 1:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_SCHEMA + "PRAGMA user_version = 1;")
            connection.execute("PRAGMA synchronous = NORMAL")
            with connection:
                yield connection
        except (sqlite3.Error, OSError, ValueError) as error:
            sentence = "Kho phiên đăng nhập không dùng được lúc này, nên chưa cho ai vào. Hãy báo quản trị kiểm tra thư mục lưu (chỗ trống, quyền ghi)."
            raise SessionsUnavailable(f"{self.path} cannot be used: {error}", sentence=sentence) from error
        finally:
            if connection is not None:
                connection.close()


def _hashed(session: str) -> str:
    return sha256(session.encode()).hexdigest()
