"""Keeping the service running: the data that pages read now, incident numbers, and the log."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import structlog

from config.language import told
from dashboard import meters
from queries.data import Data, read_data
from queries.errors import DashboardError, DatabaseUnreachable, NothingLoaded, QueryFailed, SourceChanging, SourceRefused
from queries.rights import Rights

LOG = structlog.get_logger("dashboard")
T = TypeVar("T")
AWAY_CHECK_SECONDS: Final = 5.0
MOST_TRIES: Final = 3
_PASSWORD: Final = re.compile(r"(://[^\s:/@]*:)[^\s@]+@")


def start_log() -> None:
    """One JSON line an event on standard error; nothing of a person is ever logged."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            without_passwords,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),  # looked up at each line: whoever redirects the stream gets it
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def without_passwords(_logger: object, _method: str, facts: Any) -> Any:  # noqa: ANN401 - structlog's own type of an event
    """The event without the passwords of addresses, wherever in it they stand: a trace may quote one."""
    return {key: _PASSWORD.sub(r"\1…@", value) if isinstance(value, str) else value for key, value in facts.items()}


def incident(event: str, error: BaseException, **facts: str) -> str:
    """Log a fault with its trace and give the number by which the reader can name it."""
    number = secrets.token_hex(4).upper()
    meters.INCIDENTS.inc()
    LOG.error(event, incident=number, exc_info=error, **facts)
    return number


@dataclass(frozen=True)
class Away:
    """The database cannot be asked now: the sentence for the reader, since when, and whether it answers but breaks the contract."""

    sentence: str
    since: float
    is_contract: bool


@dataclass
class Feed:
    """The data of this process: opened at the first request, looked at again every few seconds.

    A page asks for `current` once, so that all its cards see one version of the data. While the database is away the last data stay: what was
    answered before is shown, `away` says so, and new questions fail with its sentence. `on_new` is told each new version, with the rights of the
    readers of the one before, and must return at once.
    `rights` are those of whoever asks now: what is handed out is narrowed to them in `narrowing` and nowhere else (docs/decisions/0011).

    A cache of finished pages must not keep what was made while `away` is set, and its key must carry the reader's rights beside the version.
    """

    opener: Callable[[], Data]
    check_seconds: float = 15.0
    clock: Callable[[], float] = time.monotonic
    rights: Callable[[], Rights] = Rights
    on_new: Callable[[Data, tuple[Rights, ...]], object] = lambda _data, _readers: None
    away: Away | None = field(init=False, default=None)
    _data: Data | None = field(init=False, default=None)
    _looked_at: float = field(init=False, default=0.0)
    _closed_until: float = field(init=False, default=float("-inf"))
    _verified: int = field(init=False, default=0)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def current(self) -> Data:
        """The newest version of the data for whoever asks now, or the last one while the database is away.

        Raises the errors of `open_data` when there has been none yet.
        """
        return self.narrowing()(self.whole())

    def narrowing(self) -> Callable[[Data], Data]:
        """How data are narrowed to whoever asks now. Taken in their request; the thread that makes their file uses it later."""
        rights = self.rights()
        return lambda data: data.within(rights)

    def whole(self) -> Data:
        """The data that nobody's rights narrow: for what operators ask, never for a reader. Raises as `current`."""
        data = self._data
        if data is None:
            with self._lock:
                return self._data or self._open()
        wait = min(self.check_seconds, AWAY_CHECK_SECONDS) if self.away else self.check_seconds
        if self.clock() - self._looked_at >= wait and self._lock.acquire(blocking=False):  # one looks, the others go on with what there is
            try:
                self._look_again(data)
            finally:
                self._lock.release()
        return self._data or data

    def steady(self, work: Callable[[Data], T], narrow: Callable[[Data], Data] | None = None) -> T:
        """What `work` makes of one version of the data, narrowed to whoever asks: made again when the data changed under it.

        Raises the errors of `current`, and SourceChanging when the data do not hold still.
        """
        narrow = narrow or self.narrowing()
        for _ in range(MOST_TRIES):
            data = self.whole()
            made = work(narrow(data))
            if not self._moved_on(data):
                return made
        raise SourceChanging(
            "the data changed under every try", sentence="Số liệu đang được nạp vào cơ sở dữ liệu nên chưa thể tính cho nhất quán. Hãy thử lại sau ít phút."
        )

    def close(self) -> None:
        """Close the data before the process ends; only when nobody asks any more."""
        with self._lock:
            data, self._data = self._data, None
        if data is not None:
            data.close()

    def _moved_on(self, data: Data) -> bool:
        """Whether the data are of another version now. Asked only when a statement was run since the last look that found the version unchanged."""
        if data is not self._data:
            return True
        statements = data.source.watch.statements
        if self.away is not None or statements == self._verified:
            return False
        with self._lock:
            self._look_again(data)
        if data is not self._data:
            return True
        self._verified = statements
        return False

    def _open(self) -> Data:
        """The data at the first request. A try that took long (a server that does not answer) is not repeated for as long again."""
        began = self.clock()
        if self.away is not None and began < self._closed_until:
            raise DatabaseUnreachable("the last try failed a moment ago", sentence=self.away.sentence)
        try:
            self._take(self._told(self.opener))
        except DashboardError as error:
            now = self.clock()
            self._closed_until = now + min(now - began, AWAY_CHECK_SECONDS)
            self._lost(error)
            raise
        assert self._data is not None
        return self._data

    def _look_again(self, data: Data) -> None:
        """Go over to a newer version, if there is one; keep the last when the database is away."""
        self._looked_at = self.clock()
        try:
            self._take(self._told(lambda: _newest(data)))
        except DashboardError as error:
            self._lost(error)

    def _take(self, data: Data) -> None:
        data.source.watch.on_statement, data.source.watch.on_question = _count_statement, meters.QUESTIONS.inc
        if is_new := data is not self._data:
            self._verified = -1
        readers = self._data.readers if self._data is not None else ()
        self._data, self._looked_at = data, self.clock()
        if self.away is not None:
            LOG.info("the database answers again", seconds=round(self.clock() - self.away.since))
        self.away = None
        meters.DATABASE_UP.set(1)
        meters.DATA_AS_OF.set(datetime(data.as_of.year, data.as_of.month, data.as_of.day, tzinfo=UTC).timestamp())
        if is_new:
            self.on_new(data, readers)

    def _lost(self, error: DashboardError) -> None:
        if self.away is None:
            LOG.error("the database is away", fault=str(error))
        since = self.away.since if self.away is not None else self.clock()
        self.away = Away(error.sentence, since, isinstance(error, SourceRefused | NothingLoaded))
        meters.DATABASE_UP.set(0)

    @staticmethod
    def _told(look: Callable[[], Data]) -> Data:
        """What a look at the database gives; an unforeseen fault becomes one of ours with an incident number."""
        try:
            return look()
        except DashboardError:
            raise
        except Exception as error:
            number = incident("the data could not be opened", error)
            sentence = told("Có lỗi khi mở cơ sở dữ liệu hồ sơ. Hãy báo quản trị kèm mã sự cố {}.", number)
            raise QueryFailed("the data could not be opened", sentence=sentence) from error


def _newest(data: Data) -> Data:
    source = data.source.newest()
    if source.version() == data.version:
        return data
    try:
        return read_data(source, data.rules, data.answers)
    except DashboardError:
        if source is not data.source:
            source.close()
        raise


def _count_statement(seconds: float, outcome: str) -> None:
    meters.STATEMENTS.labels(outcome).inc()
    meters.STATEMENT_SECONDS.observe(seconds)
