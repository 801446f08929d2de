"""What the sentences of a briefing are made of: the figures of one state, each asked once, and how a count may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.cards import Asked
from dashboard.content.periods import in_period
from dashboard.pages import phrases
from dashboard.pages.readings import Reading, rows_of
from queries import metrics
from queries.adoption import AdoptionUnits
from queries.change import Drivers
from queries.counting import Metric
from queries.errors import RelationAbsent
from queries.measure import Measure
from queries.period import Kind, month_start
from queries.postal_form import PostalIncidents
from queries.volumes import AgencyVolumes, Totals

Row = dict[str, Any]
NAMED = 12
YEAR_METRICS = (metrics.RECEIVED, metrics.RECEIVED_BY_POST, metrics.RETURNED, metrics.RETURNED_BY_POST)


@dataclass(frozen=True)
class Facts:
    """The figures of a state. In files for outside counts from 1 to `least` - 1 of a unit are not told; `least` 1 tells all."""

    asked: Asked
    least: int = 1

    @cached_property
    def readings(self) -> Mapping[str, Reading]:
        """Every metric with its change, by key."""
        rows = rows_of(self.asked.data.ask(Totals(), self.asked.filters))
        return {row["key"]: Reading.of_total(metrics.BY_KEY[row["key"]], row, self.minimum) for row in rows}

    @cached_property
    def units(self) -> pd.DataFrame:
        """The agencies that exist in the period, with their verdicts."""
        frame = self.asked.data.ask(AdoptionUnits(), self.asked.filters)
        return frame[frame["in_period"].astype("bool")]

    @cached_property
    def volumes(self) -> list[Row]:
        """The figures of every agency of the catalogue."""
        return [row for row in rows_of(self.asked.data.ask(AgencyVolumes(), self.asked.filters)) if row["is_known"]]

    @cached_property
    def drivers(self) -> list[Row]:
        """The parts of the change of results returned by post."""
        return rows_of(self.asked.data.ask(Drivers(), self.asked.filters)) if self.is_compared else []

    @cached_property
    def incidents(self) -> Row | None:
        """The incidents of the postal service; None where the database has none."""
        try:
            return rows_of(self.asked.data.ask(PostalIncidents(), self.asked.filters))[0]
        except RelationAbsent:
            return None

    @cached_property
    def year(self) -> Facts | None:
        """The same from the first day of the year to the last counted day, where that is more than the period; None otherwise."""
        counted = self.asked.timeframe.counted
        if counted is None or counted.kind in (Kind.DAYS, Kind.YEAR, Kind.YEAR_TO_DATE):
            return None
        january = month_start(counted.last_month // 12 * 12, counted.clock)
        if january == counted.start:
            return None
        return replace(self, asked=replace(self.asked, filters=replace(self.asked.filters, code=None, start=january, end=counted.end)))

    @cached_property
    def sums(self) -> Mapping[str, Reading]:
        """The volumes alone, by key: less to ask than all readings."""
        row = rows_of(self.asked.data.ask(Measure(YEAR_METRICS, compared=True), self.asked.filters))[0]
        return {metric.key: Reading.of_measure(metric, row, self.minimum) for metric in YEAR_METRICS}

    @property
    def minimum(self) -> int:
        """The least number of cases that carries a ratio."""
        return self.asked.data.rules.minimum_n

    @property
    def place(self) -> str:
        """Whose figures these are, inside a sentence."""
        return phrases.place(self.asked)

    @cached_property
    def is_compared(self) -> bool:
        """Whether there is something to compare with."""
        return phrases.is_compared(self.asked)

    @property
    def compared_name(self) -> str:
        """“cùng kỳ năm trước” or “kỳ trước”."""
        return phrases.compared_name(self.asked)

    @property
    def is_one_unit(self) -> bool:
        """Whether exactly one agency is asked for."""
        return len(self.asked.filters.agencies) == 1

    @property
    def is_narrow(self) -> bool:
        """Whether the state asks for less than the whole province, so that every count of it is a count of a part."""
        filters = self.asked.filters
        return any((filters.agencies, filters.levels, filters.areas, filters.procedures, filters.sectors, filters.channels))

    @property
    def when(self) -> str:
        """The period at the beginning of a sentence: “Trong quý III/2026”."""
        frame = self.asked.timeframe
        return phrases.capital(in_period(frame.period, frame.counted or frame.period))

    @property
    def as_of(self) -> str:
        """The date of the data."""
        return text.date_label(self.asked.data.as_of)

    def reading(self, metric: Metric) -> Reading:
        """One metric of the state."""
        return self.readings[metric.key]

    def hides(self, count: object, *, of_unit: bool = False) -> bool:
        """Whether a count may not be told: it is small, of a part of the province, and the file goes outside."""
        return (of_unit or self.is_narrow) and not text.is_missing(count) and 0 < int(str(int(count))) < self.least  # type: ignore[call-overload]

    def told(self, count: object, *, of_unit: bool = False) -> str:
        """A count in words: `1.234`, or `dưới 5` where it may not be told."""
        return f"dưới {self.least}" if self.hides(count, of_unit=of_unit) else text.whole(count)

    def share(self, reading: Reading, noun: str) -> str:
        """A ratio with both its sums, with a comma before it; empty where there is none or it may not be told."""
        if not reading.is_known or not reading.below or self.hides(reading.now) or self.hides(reading.below):
            return ""
        sums = f"{text.whole(reading.now)}/{text.whole(reading.below)} {noun}"
        return f", tỷ lệ {sums} (ít hồ sơ nên không tính phần trăm)" if reading.is_thin else f", đạt tỷ lệ {reading.value()} ({sums})"

    def moved(self, reading: Reading) -> str:
        """How a figure moved against the compared period, with a semicolon before it; empty where it may not be told or nothing is compared."""
        words = reading.change() if self.is_compared and not reading.is_thin else ""
        counts = (reading.now, reading.before, reading.below, reading.below_before)
        if not words or any(self.hides(count) for count in counts):
            return ""
        return f"; {words} so với {self.compared_name}" if words == text.NO_CHANGE else f"; so với {self.compared_name} {words}"

    def named(self, rows: Sequence[Mapping[str, Any]], key: str, noun: str = "", limit: int = 3) -> str:
        """The units of rows with a count each: “Công an tỉnh (1.452 kết quả), Sở Tư pháp (908)”."""
        names = []
        for place, row in enumerate(rows):
            unit = f" {noun}" if noun and not place else ""
            names.append(f"{row['agency_name']} ({self.told(row[key], of_unit=True)}{unit})")
        return text.join_names(names, limit)


def names_of(frame: pd.DataFrame, limit: int = NAMED) -> str:
    """The names of agencies in Vietnamese order; the rest is counted."""
    return text.join_names(sorted(map(str, frame["agency_name"]), key=text.sort_key), limit)
