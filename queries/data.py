"""One version of the data with its catalogue: what every question is asked of."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, Protocol

import pandas as pd
import sqlalchemy as sa
from cachetools import LRUCache

from queries.catalogue import Catalogue, load_catalogue
from queries.counting import Given, Rules
from queries.cube import Cube
from queries.errors import DashboardError, NothingLoaded
from queries.filters import Filters
from queries.kept import Kept
from queries.period import FIRST_YEAR, LAST_YEAR, Period
from queries.rights import Rights, SourceWithin, catalogue_within
from queries.scope import within
from queries.source import Source, open_source

DEMO_MARK = "minh họa"
MOST_READERS = 64
MOST_BYTES: Final = 64 * 2**20
_FRAME_BYTES: Final = 4_000  # what a frame takes besides its values
_TEXT_BYTES: Final = 80
_NUMBER_BYTES: Final = 9


class Question(Protocol):
    """Filters in, tidy frame out. A question is a frozen value: equal questions share an answer."""

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters."""
        ...


class Sums(Protocol):
    """Filters in, sums out, from which questions make their frames; a frozen value too."""

    def add_up(self, data: Data, filters: Filters) -> Cube:
        """The sums for the filters."""
        ...


class Answers:
    """Frames kept by question, filters, data version, date, rules and what may be seen, bounded in bytes; one asker per frame while the others wait."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.kept: Kept[Any] = Kept(most_bytes, _bytes_of)

    def frame(self, question: Question, data: Data, filters: Filters) -> pd.DataFrame:
        """The kept frame, or the answer asked for now. Callers must not change it."""
        found: pd.DataFrame = self.kept.get(_key(question, data, filters), lambda: question.ask(data, filters))
        return found

    def cube(self, sums: Sums, data: Data, filters: Filters) -> Cube:
        """The kept sums, or those added up now."""
        found: Cube = self.kept.get(_key(sums, data, filters), lambda: sums.add_up(data, filters))
        return found


def _key(asked: Question | Sums, data: Data, filters: Filters) -> Hashable:
    return asked, filters, data.version, data.given, data.rights.key


def _bytes_of(answer: pd.DataFrame | Cube) -> int:
    """About the bytes of an answer, never fewer: a number and its mask, and text, which lies about as objects, as so much a cell."""
    if isinstance(answer, Cube):
        return _FRAME_BYTES + answer.bytes
    kinds = answer.dtypes.tolist()
    texts = sum(str(kind) in {"object", "str"} for kind in kinds)
    return _FRAME_BYTES + len(answer) * (_TEXT_BYTES * texts + _NUMBER_BYTES * (len(kinds) - texts))


@dataclass(frozen=True)
class Data:
    """A source, its catalogue and its dates. `as_of` is the date of the data; the clock of the machine is never read.

    `rights` are those of whom it is for: source and catalogue hold nothing else (`within`), and `version` differs with what may be seen.
    """

    source: Source
    catalogue: Catalogue
    as_of: date
    first_on: date
    version: str
    source_name: str = ""
    loaded_at: datetime | None = None
    rules: Rules = Rules()
    answers: Answers = field(default_factory=Answers, compare=False)
    rights: Rights = Rights()
    whole: Data | None = field(default=None, compare=False, repr=False)  # only `dashboard.cards` asks it, for ranked totals
    _narrowed: LRUCache[Rights, Data] = field(init=False, default_factory=lambda: LRUCache(MOST_READERS), compare=False, repr=False)
    _guard: threading.Lock = field(init=False, default_factory=threading.Lock, compare=False, repr=False)

    @property
    def given(self) -> Given:
        """What conditions may look at besides the row."""
        return Given(self.as_of, self.rules)

    @property
    def is_demo(self) -> bool:
        """Whether the figures are made up (dữ liệu minh họa)."""
        return DEMO_MARK in self.source_name

    def ask(self, question: Question, filters: Filters) -> pd.DataFrame:
        """The answer, kept for the next asker. Do not change the frame."""
        self.source.watch.question()
        return self.answers.frame(question, self, filters.within(self.rights))

    def sums(self, sums: Sums, filters: Filters) -> Cube:
        """The sums, kept for the next asker."""
        self.source.watch.question()
        return self.answers.cube(sums, self, filters.within(self.rights))

    @property
    def readers(self) -> tuple[Rights, ...]:
        """The rights to which the data were narrowed so far, in the order in which they first came."""
        with self._guard:
            return tuple(self._narrowed)

    def close(self) -> None:
        """Forget every answer and close the source."""
        self.answers.kept.clear()
        with self._guard:
            self._narrowed.clear()
        (self.whole or self).source.close()

    def within(self, rights: Rights) -> Data:
        """The data as far as a reader may see them. Narrows only: the rights that hold already stay. Asks the database nothing."""
        both = self.rights.narrowed(rights)
        if both == self.rights:
            return self
        with self._guard:
            if both not in self._narrowed:
                self._narrowed[both] = self._seen(both)
            return self._narrowed[both]

    def _seen(self, rights: Rights) -> Data:
        if rights.is_whole:
            return replace(self, rights=rights)
        whole = self.whole or replace(self)  # a copy that knows of no narrowed one: a circle would keep an old version open until the garbage is collected
        own = None if rights.agencies is None else rights.own(whole.catalogue)
        source = SourceWithin(whole.source, own, times=rights.sees_times)
        return replace(
            self, source=source, catalogue=catalogue_within(whole.catalogue, own), version=f"{whole.version} {rights.key}", whole=whole, rights=rights
        )


def _dates(source: Source) -> tuple[date, date]:
    """First day received, and the last day on which anything happened; a due date is a plan and 9999 no year (docs/decisions/0005)."""
    d = source.relation("dossiers")
    span = Period(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    times = {name: sa.case((within(d.c[name], span), d.c[name])) for name in ("received_at", "completed_at", "returned_at")}
    latest = (sa.func.max(time).label(name) for name, time in times.items())
    row = source.frame(sa.select(sa.func.min(times["received_at"]).label("first"), *latest)).iloc[0]
    if pd.isna(row["first"]):
        raise NothingLoaded(
            f"the relation dossiers has no row received from {FIRST_YEAR} to {LAST_YEAR}",
            sentence="Cơ sở dữ liệu có đủ bảng nhưng chưa có hồ sơ nào có ngày tiếp nhận. Hãy nạp hồ sơ rồi mở lại trang.",
        )
    return row["first"].date(), row.max().date()


def _load_info(source: Source) -> dict[str, Any]:
    if not source.has("load_info"):
        return {}
    info = source.relation("load_info")
    frame = source.frame(sa.select(info.c.as_of, info.c.loaded_at, info.c.source_name).order_by(info.c.as_of.desc()))
    found = {} if frame.empty else {str(name): value for name, value in frame.iloc[0].items() if not pd.isna(value)}
    if "as_of" in found and not FIRST_YEAR <= found["as_of"].year <= LAST_YEAR:
        del found["as_of"]
    return found


def read_data(source: Source, rules: Rules = Rules(), answers: Answers | None = None) -> Data:
    """Read catalogue and dates of an open source.

    Raises NothingLoaded for a database without a dossier, and the errors of `Source.frame`.
    """
    version = source.version()
    first_on, latest = _dates(source)
    info = _load_info(source)
    as_of = info["as_of"].date() if "as_of" in info else latest
    return Data(
        source=source,
        catalogue=load_catalogue(source),
        as_of=as_of,
        first_on=min(first_on, as_of),
        version=version,
        source_name=str(info.get("source_name", "")),
        loaded_at=info["loaded_at"].to_pydatetime() if "loaded_at" in info else None,
        rules=rules,
        answers=answers or Answers(),
    )


def open_data(url: str, name: str = "native", timeout_seconds: float = 15.0, rules: Rules = Rules()) -> Data:
    """Open a database and read what every question needs. Raises the errors of `open_source` and `read_data`."""
    source = open_source(url, name, timeout_seconds=timeout_seconds)
    try:
        return read_data(source, rules)
    except DashboardError:
        source.close()
        raise
