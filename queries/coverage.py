"""The days on which an agency exists, and the days on which a feed covers it: what tells “chưa phát sinh” from “chưa có số liệu”."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from queries import organisation
from queries.catalogue import as_days
from queries.filters import Filters
from queries.period import Period

if TYPE_CHECKING:
    from queries.data import Data


@dataclass(frozen=True)
class Span:
    """Days from first to last; None is open."""

    first: date | None
    last: date | None

    def meets(self, period: Period) -> bool:
        """Whether at least one day is shared with the period."""
        return (self.first is None or self.first <= period.end) and (self.last is None or self.last >= period.start)

    def cut(self, other: Span) -> Span | None:
        """The shared days; None when there are none."""
        firsts = [day for day in (self.first, other.first) if day is not None]
        lasts = [day for day in (self.last, other.last) if day is not None]
        first, last = max(firsts, default=None), min(lasts, default=None)
        return None if first is not None and last is not None and last < first else Span(first, last)


def lifetimes(data: Data, mapping: Mapping[str, str]) -> dict[str, list[Span]]:
    """The days each agency exists, by code after re-mapping; a merged agency has the spans of all it carries on."""
    found: dict[str, list[Span]] = {}
    for code, life in _lives(data):
        found.setdefault(mapping.get(code, code), []).append(life)
    return found


def asked_lives(data: Data, filters: Filters) -> list[Span]:
    """The days of existence of the agencies the filters name, one by one or by level; empty when they name none."""
    if not filters.agencies and not filters.levels:
        return []
    mapping = organisation.today(data.catalogue, filters.organisation, "agency")
    wanted, levels = organisation.asked_agencies(data.catalogue, filters.agencies, mapping), data.catalogue.agency_levels
    return [
        span
        for code, spans in lifetimes(data, mapping).items()
        if (code in wanted or not filters.agencies) and (levels.get(code) in filters.levels or not filters.levels)
        for span in spans
    ]


def covered_spans(data: Data, mapping: Mapping[str, str]) -> dict[str, list[Span]]:
    """The days a feed covers each agency, by code after re-mapping: the relation coverage, or else its lifetime; both within the data."""
    whole = Span(data.first_on, data.as_of)
    fed: dict[str | None, list[Span]] = _fed(data) if "coverage" in data.catalogue.present else {None: [whole]}
    found: dict[str, list[Span]] = {}
    for code, life in _lives(data):
        shared = (span.cut(life) for owner in (None, code) for span in fed.get(owner, []))
        within = (None if span is None else span.cut(whole) for span in shared)
        found.setdefault(mapping.get(code, code), []).extend(span for span in within if span is not None)
    return found


def _lives(data: Data) -> Iterator[tuple[str, Span]]:
    agencies = data.catalogue.agencies
    for code, first, last in zip(agencies["agency_code"], as_days(agencies["valid_from"]), as_days(agencies["valid_to"]), strict=True):
        yield code, Span(first, last)


def _fed(data: Data) -> dict[str | None, list[Span]]:
    """The covered spans by owner; None owns those of all agencies."""
    rows = data.catalogue.coverage
    found: dict[str | None, list[Span]] = {}
    for owner, first, last in zip(rows["agency_code"], as_days(rows["covered_from"]), as_days(rows["covered_to"]), strict=True):
        found.setdefault(owner if isinstance(owner, str) else None, []).append(Span(first, last))
    return found
