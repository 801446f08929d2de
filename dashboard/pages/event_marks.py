"""Reorganisations and dated events of the province on an axis of months: a numbered mark each, and the words of the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from config.events import Event, Events, load_events
from config.language import say
from dashboard import text
from dashboard.cards import Asked
from dashboard.figures import Mark
from dashboard.pages import months
from queries import organisation

_ROOT = Path(__file__).resolve().parents[2]  # the page does not tell where the server keeps its files
HEAD = "Mốc trên biểu đồ"
_NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def known_events(asked: Asked) -> Events:
    """The events of the configured file that the catalogue knows; made-up ones only beside made-up data."""
    events = load_events()
    return (events if asked.data.is_demo else events.without_samples()).known(asked.data.catalogue.agency_names)


def concerns(event: Event, asked: Asked) -> bool:
    """Whether an event was meant for the whole province or for one of the asked agencies."""
    filters, levels = asked.filters, asked.data.catalogue.agency_levels
    if not event.agencies:
        return True
    named = [code for code in event.agencies if code in filters.agencies or not filters.agencies]
    return any(levels.get(code) in filters.levels or not filters.levels for code in named)


def marks(asked: Asked, indexes: Sequence[int]) -> tuple[list[Mark], tuple[str, ...]]:
    """Numbered marks of reorganisations and events on the axis, in order of time, and a line that says what the numbers mean.

    A further line names file and line of every event that could not be used.
    """
    events = known_events(asked)
    dated = [*organisation.breaks(asked.data.catalogue), *((event.on, event.name) for event in events.events if concerns(event, asked))]
    placed = [(x, day, words) for day, words in sorted(dated) if (x := months.at(asked, indexes, day)) is not None]
    numbered = list(zip(_NUMBERS, placed, strict=False))
    words = "; ".join(f"{number} {text.date_label(day)}: {say(name)}" for number, (_, day, name) in numbered)
    lines = (f"{say(HEAD)}: {words}.",) if words else ()
    return [Mark(x, number) for number, (x, _, _) in numbered], (*lines, *(say(problem.replace(f"{_ROOT}/", "")) for problem in events.problems))
