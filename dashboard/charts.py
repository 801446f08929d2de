"""What a chart says, apart from how plotly.js draws it: the categories, series, numbers and colours that every file renders natively.

Each function of `dashboard.figures` puts a `Chart` beside its traces, made from the same arguments; `theme.finish` leaves it out of what the browser gets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Final

from dashboard import text

MISSING: Final = text.MISSING
_PERCENTAGE: Final = re.compile(r"[<>]?[\d.,−]+%")


class Form(StrEnum):
    """How a chart is drawn."""

    LINE = "line"  # over time, one line a series
    COLUMNS = "columns"  # over time, series stacked from the bottom
    BARS = "bars"  # horizontal, first on top; a further series that is a marker stands on the same scale
    STACKED = "stacked"  # horizontal, the series side by side in one bar
    STEPS = "steps"  # a waterfall: first and last category are totals, between them the changes
    GRID = "grid"  # rows are the categories, columns the series: a coloured table
    TILES = "tiles"  # areas in about their place: categories with `places`, one series


class Number(StrEnum):
    """How values are written."""

    WHOLE = "whole"
    DECIMAL = "decimal"
    PERCENT = "percent"  # values are percentages: 15.3 is 15,3%
    SIGNED = "signed"

    def show(self, value: float | None) -> str:
        """The value as on the screen; “–” for a missing one."""
        if value is None or text.is_missing(value):
            return MISSING
        if self is Number.PERCENT:
            return text.number(value) + "%"
        if self is Number.SIGNED:
            return text.signed(value, 0 if float(value).is_integer() else 1)
        return text.number(value, 0 if self is Number.WHOLE else 1)


@dataclass(frozen=True)
class ChartSeries:
    """One series, as long as the categories: missing values are None, colours `#rrggbb`.

    `colors` (one a category) win over `color`; `labels` are the words printed at the marks where they are not the bare number.
    From the index `unfinished_from` on a line is dashed and a column hatched: unfinished periods, or a limit when it is 0.
    `is_marker` is a mark on the scale of the first series.
    """

    name: str
    values: tuple[float | None, ...]
    color: str
    colors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    unfinished_from: int | None = None
    is_marker: bool = False

    def color_at(self, index: int) -> str:
        """The colour of one mark."""
        return self.colors[index] if self.colors else self.color

    def label_at(self, index: int, number: Number) -> str:
        """The words at one mark."""
        return self.labels[index] if self.labels else number.show(self.values[index])


@dataclass(frozen=True)
class ChartMark:
    """A vertical note on a time line: where (5.5 is between the labels 5 and 6) and what happened."""

    x: float
    label: str


@dataclass(frozen=True)
class Chart:
    """The content of one chart. `note` says what is unfinished; `floor` is where a cut value axis begins; `is_share` stretches every bar to 100 %.

    A chart without categories has nothing to draw.
    """

    form: Form
    categories: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    number: Number = Number.WHOLE
    unit: str = ""
    marks: tuple[ChartMark, ...] = ()
    note: str = ""
    is_share: bool = False
    floor: float | None = None
    places: tuple[tuple[int, int], ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether office programmes have no chart of this form, so that it becomes a coloured table there."""
        return self.form in (Form.GRID, Form.TILES)


def number_of(values: Sequence[float | None], unit: str = "", labels: Sequence[str] = ()) -> Number:
    """How to write values: percentages when the unit says so or every label begins with one, whole numbers when all are whole."""
    said = [label for label in labels if label != MISSING]
    if unit == "%" or (said and all(_PERCENTAGE.match(label) for label in said)):
        return Number.PERCENT
    return Number.WHOLE if all(value is None or float(value).is_integer() for value in values) else Number.DECIMAL


def steps(values: Sequence[float | None]) -> tuple[tuple[float, float], ...]:
    """Where each bar of a waterfall begins and ends, the two totals from 0: start, changes, end → ((0, start), (start, start + d1), …, (0, end))."""
    start, *deltas, end = (value or 0.0 for value in values)
    levels = list(accumulate(deltas, initial=start))
    return ((0.0, start), *pairwise(levels), (0.0, end))
