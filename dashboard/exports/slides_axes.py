"""The scale under a chart over time, and the place of a plot within its frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.charts import Number
from dashboard.exports.slides_chart_xml import FORMATS
from dashboard.exports.slides_xml import Box
from dashboard.figures.marks import text_px, ticks

_TURN: Final = -45


def value_ticks(number: Number, low: float, high: float) -> list[float]:
    """Round numbers along the axis; whole ones for counts."""
    if number is not Number.WHOLE:
        return ticks(low, high, 5)
    tried = (ticks(low, high, count, least=1) for count in (5, 4, 6, 3, 7))
    return next((marks for marks in tried if all(float(mark).is_integer() for mark in marks)), ticks(low, high, 2, least=1))


def turned(categories: Sequence[str], width: float) -> tuple[int, int]:
    """How far the names under a chart are turned, in degrees, and the room they need below it: level where they fit side by side."""
    longest = max((text_px(name, 15) for name in categories), default=0)
    return (0, 34) if (longest + 8) * len(categories) <= width else (_TURN, 20 + min(round(longest * 0.66), 110))


def axis_format(number: Number, marks: Sequence[float]) -> str:
    """The format in which every value along the axis is exact."""
    return FORMATS[number][0 if all(float(mark).is_integer() for mark in marks) else 1]


def inner(box: Box, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    """The plot within the frame, as parts of it."""
    return left / box.w, top / box.h, max(box.w - left - right, 40) / box.w, max(box.h - top - bottom, 20) / box.h
