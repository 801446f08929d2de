"""Dated events that may have moved the figures: a plan, a training, a directive. Marked on time lines; where a cohort curve starts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from config.entries import Entry, read_toml
from config.errors import BadSettings

FILE: Final = Path(__file__).resolve().parent / "events.toml"
KIND_NAMES: Final = {"plan": "kế hoạch", "training": "tập huấn", "directive": "văn bản chỉ đạo"}

_REQUIRED: Final = ("name", "date", "kind", "citation")
_KNOWN: Final = (*_REQUIRED, "agencies", "is_sample")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day. `agencies` are the codes it was meant for, empty for the whole province. `where` names file and line."""

    name: str
    on: date
    kind: str
    citation: str
    agencies: tuple[str, ...] = ()
    is_sample: bool = False
    where: str = field(default="", compare=False)

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return KIND_NAMES[self.kind]


@dataclass(frozen=True, slots=True)
class Events:
    """Events in order of time, and a sentence with file and line for everything that could not be used."""

    events: tuple[Event, ...] = ()
    problems: tuple[str, ...] = ()

    def known(self, agencies: Collection[str]) -> Events:
        """The events with the units of the catalogue. Unknown units are named and left out; an event for unknown units alone is left out with
        them, because it must not become one for the whole province.
        """
        kept: list[Event] = []
        problems = list(self.problems)
        for event in self.events:
            unknown = [code for code in event.agencies if code not in agencies]
            if not unknown:
                kept.append(event)
                continue
            problems.append(f"{event.where}: danh mục không có đơn vị mã {', '.join(f'“{code}”' for code in unknown)} của sự kiện “{event.name}”.")
            rest = tuple(code for code in event.agencies if code in agencies)
            if rest:
                kept.append(replace(event, agencies=rest))
        return Events(tuple(kept), tuple(problems))

    def without_samples(self) -> Events:
        """Only what really happened: made-up events belong to the demo province."""
        return Events(tuple(event for event in self.events if not event.is_sample), self.problems)


def load_events(path: Path = FILE) -> Events:
    """The events of a file, in order of time. An event that is wrong is named in `problems` and the others are used."""
    try:
        state = path.stat()
    except OSError:
        return _load(path, 0, 0)
    return _load(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _load(path: Path, changed: int, size: int) -> Events:  # noqa: ARG001 - a file that has changed is read again
    events: list[Event] = []
    problems: list[str] = []
    try:
        file = read_toml(path, "Tệp sự kiện")
        entries = list(file.entries("event", "sự kiện"))
        problems += [file.fault(file.line_of(key), "chỉ được có các mục [[event]]").sentence for key in file.content if key != "event"]
    except BadSettings as error:
        return Events((), (error.sentence,))
    for entry in entries:
        try:
            events.append(_event(entry))
        except BadSettings as error:
            problems.append(error.sentence)
    return Events(tuple(sorted(events, key=lambda event: (event.on, event.name))), tuple(problems))


def _event(entry: Entry) -> Event:
    entry.keep_to(_KNOWN, _REQUIRED)
    on, kind = entry.day("date"), entry.text("kind")
    if on is None:
        raise entry.fault("date", "“date” phải là một ngày, viết như 2026-01-31")
    if kind not in KIND_NAMES:
        raise entry.fault("kind", f"“kind” phải là một trong: {', '.join(KIND_NAMES)}")
    return Event(
        name=entry.text("name"),
        on=on,
        kind=kind,
        citation=entry.text("citation"),
        agencies=tuple(dict.fromkeys(entry.texts("agencies"))),
        is_sample=entry.flag("is_sample", default=False),
        where=entry.where,
    )
