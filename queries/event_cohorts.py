"""What became of the units that did not yet return by post when something happened: one cohort for every dated event of the province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from config.events import Event, load_events
from queries import organisation
from queries.push import Cohort

if TYPE_CHECKING:
    from queries.data import Data
    from queries.filters import Filters

_TEXTS = ("event", "event_name", "event_kind", "citation")


def keys(days: Sequence[date]) -> list[str]:
    """A name for each of the days in an address: the day itself, with `.2` for the second event of one day."""
    earlier = [sum(other == day for other in days[:place]) for place, day in enumerate(days)]
    return [day.isoformat() + (f".{number + 1}" if number else "") for day, number in zip(days, earlier, strict=True)]


@dataclass(frozen=True)
class EventCohorts:
    """The rows of `Cohort` for every dated event of config/events.toml that the data can follow, in order of the events.

    Columns: event (its key in an address, see `keys`), event_on, event_name, event_kind (in words), citation, and those of `Cohort`. An event that was meant
    for some agencies is followed at these only, within the asked ones. Made-up events belong to made-up data. No rows for an event before the first day
    of the data or after their date, nor for one meant for other agencies than the asked ones.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        loaded = load_events()
        events = (loaded if data.is_demo else loaded.without_samples()).known(data.catalogue.agency_names).events
        frames = [_rows(key, event, data, filters) for key, event in zip(keys([event.on for event in events]), events, strict=True)]
        kept = [frame for frame in frames if len(frame)]
        if kept:
            return pd.concat(kept, ignore_index=True)
        return _named(data.ask(Cohort(data.first_on), filters), "", Event("", data.first_on, "plan", ""))  # no rows, but the columns


def _rows(key: str, event: Event, data: Data, filters: Filters) -> pd.DataFrame:
    """The cohort of one event; no rows where it was meant for none of the asked agencies."""
    meant = _meant(event, data, filters)
    rows = data.ask(Cohort(event.on), replace(filters, agencies=tuple(sorted(meant))) if event.agencies else filters)
    return _named(rows if meant or not event.agencies else rows.iloc[:0], key, event)


def _meant(event: Event, data: Data, filters: Filters) -> list[str]:
    """The agencies an event was meant for that stand for asked ones in the asked view; all of its own where none is asked."""
    if not filters.agencies:
        return list(event.agencies)
    mapping = organisation.today(data.catalogue, filters.organisation, "agency")
    asked = {mapping.get(code, code) for code in organisation.members(data.catalogue, filters.agencies, "agency")}
    return [code for code in event.agencies if mapping.get(code, code) in asked]


def _named(rows: pd.DataFrame, key: str, event: Event) -> pd.DataFrame:
    texts = dict(zip(_TEXTS, (key, event.name, event.kind_name, event.citation), strict=True))
    named = {name: pd.Series(words, index=rows.index, dtype="str") for name, words in texts.items()}
    days = pd.Series(pd.Timestamp(event.on), index=rows.index, dtype="datetime64[us]")
    return rows.assign(**named, event_on=days)[["event", "event_on", *_TEXTS[1:], *rows.columns]]
