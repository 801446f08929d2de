"""Keeping the service running: the data that pages read now, incident numbers, and the log."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import flask
import structlog

from queries.data import Data, read_data
from queries.errors import DashboardError, QueryFailed
from queries.rights import Rights

LOG = structlog.get_logger("dashboard")


def start_log() -> None:
    """One JSON line an event on standard error; nothing of a person is ever logged."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def incident(event: str, error: BaseException, **facts: str) -> str:
    """Log a fault with its trace and give the number by which the reader can name it."""
    number = secrets.token_hex(4).upper()
    LOG.error(event, incident=number, exc_info=error, **facts)
    return number


def same_site(request: flask.Request) -> bool:
    """Whether a request that changes something comes from this site's own pages; a browser says so, and no other site can make it say so."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


@dataclass
class Feed:
    """The data of this process: opened at the first request, looked at again every few seconds, opened anew after a failure.

    A page asks for `current` once, so that all its cards see one version of the data. `on_new` is told each new version and must return at once.
    `rights` are those of whoever asks now: what is handed out is narrowed to them here and nowhere else (docs/decisions/0011).
    """

    opener: Callable[[], Data]
    check_seconds: float = 15.0
    clock: Callable[[], float] = time.monotonic
    rights: Callable[[], Rights] = Rights
    on_new: Callable[[Data], object] = lambda _: None
    _data: Data | None = field(init=False, default=None)
    _looked_at: float = field(init=False, default=0.0)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def current(self) -> Data:
        """The newest version of the data. Raises the errors of `open_data` when the database is away or does not keep the contract."""
        with self._lock:
            try:
                data = self._newest()
            except DashboardError:
                raise
            except Exception as error:
                number = incident("the data could not be opened", error)
                sentence = f"Có lỗi khi mở cơ sở dữ liệu hồ sơ. Hãy báo quản trị kèm mã sự cố {number}."
                raise QueryFailed("the data could not be opened", sentence=sentence) from error
        return data.within(self.rights())

    def _newest(self) -> Data:
        if self._data is None:
            self._data = self.opener()
            self._looked_at = self.clock()
            self.on_new(self._data)
        elif self.clock() - self._looked_at >= self.check_seconds:
            self._looked_at = self.clock()
            source = self._data.source.newest()
            if source.version() != self._data.version:
                self._data = read_data(source, self._data.rules, self._data.answers)
                self.on_new(self._data)
        return self._data
