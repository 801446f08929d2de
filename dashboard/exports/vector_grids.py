"""Coloured tables and tile maps as SVG: every cell says its own words, in ink or white, whichever reads better."""

from __future__ import annotations

from math import ceil
from typing import Final

from dashboard import text
from dashboard.charts import Chart
from dashboard.exports.vector_canvas import SMALL, Canvas
from dashboard.figures.marks import NAME_CHARS, ROW_PX, known, lines_of, text_px
from dashboard.theme import LIGHT, SCALE, on

HEAD_PX: Final = 24
_NOTE_PX: Final = 20
_NAME_SIZE: Final = 12
_TILE: Final = 62
_TILE_WIDE: Final = 74
_SCALE_PX: Final = 44


def grid(chart: Chart, width: float, font: str, shown: range) -> Canvas:
    """The rows of `shown` as a coloured table under its column names; the note says what the symbols mean."""
    canvas = Canvas(width, HEAD_PX + ROW_PX * len(shown) + (_NOTE_PX if chart.note else 2), font)
    names = [lines_of(name, NAME_CHARS, 1)[0] for name in chart.categories]
    left = max(text_px(name, _NAME_SIZE) for name in names) + 8
    wide = (width - left) / len(chart.series)
    _head(canvas, chart, left, wide)
    for row, at in enumerate(shown):
        top = HEAD_PX + row * ROW_PX
        canvas.words((left - 6, top + ROW_PX / 2), names[at], size=_NAME_SIZE, anchor="end")
        for column, series in enumerate(chart.series):
            color = series.color_at(at)
            canvas.rect(left + column * wide + 1, top + 1, wide - 2, ROW_PX - 2, color)
            words = series.label_at(at, chart.number)
            size = min(SMALL, SMALL * (wide - 3) / max(text_px(words, SMALL), 1))
            canvas.words((left + (column + 0.5) * wide, top + ROW_PX / 2), words, size=size, color=on(color), anchor="middle")
    if chart.note:
        canvas.words((0, canvas.height - 9), chart.note, color=LIGHT.ink_soft)
    return canvas


def tiles(chart: Chart, width: float, font: str) -> Canvas:
    """Areas as tiles in about their place, with the scale of the colours on top."""
    series = chart.series[0]
    rows, columns = (max(place[axis] for place in chart.places) + 1 for axis in (0, 1))
    wide = min(_TILE_WIDE, width / columns)
    canvas = Canvas(width, _SCALE_PX + rows * _TILE + 2, font)
    _scale(canvas, chart)
    left = (width - columns * wide) / 2
    for at, (row, column) in enumerate(chart.places):
        color = series.color_at(at)
        x, y = left + column * wide, _SCALE_PX + row * _TILE
        canvas.rect(x + 1, y + 1, wide - 2, _TILE - 2, color)
        lines = lines_of(chart.categories[at], 11, 3)
        middle = y + _TILE / 2 - len(lines) * 6.5
        for number, line in enumerate(lines):
            size = min(11.0, 11 * (wide - 6) / max(text_px(line, 11), 1))
            canvas.words((x + wide / 2, middle + number * 13), line, size=size, color=on(color), anchor="middle")
        canvas.words((x + wide / 2, middle + len(lines) * 13 + 1), series.label_at(at, chart.number), size=11, color=on(color), anchor="middle", bold=True)
    return canvas


def _head(canvas: Canvas, chart: Chart, left: float, wide: float) -> None:
    """Column names, every so many where they are wider than their column; the last one always."""
    widest = max(text_px(series.name, SMALL) for series in chart.series) + 6
    step = ceil(widest / wide)
    count = len(chart.series)
    for column in range((count - 1) % step, count, step):
        at = left + (column + 0.5) * wide
        anchor = "end" if step > 1 and column == count - 1 else "middle"
        canvas.words((at if anchor == "middle" else left + count * wide, HEAD_PX / 2), chart.series[column].name, color=LIGHT.ink_soft, anchor=anchor)


def _scale(canvas: Canvas, chart: Chart) -> None:
    """The colours from low to high, between the lowest and highest value shown; missing has its own."""
    series = chart.series[0]
    there = known(series.values)
    canvas.words((0, 9), series.name, color=LIGHT.ink_soft)
    if not there:
        return
    low, high = chart.number.show(min(there)), chart.number.show(max(there))
    start = text_px(low, SMALL) + 4
    canvas.words((0, 28), low, color=LIGHT.ink_soft)
    for number, color in enumerate(SCALE):
        canvas.rect(start + number * 24, 23, 24, 10, color)
    end = start + len(SCALE) * 24 + 6
    canvas.words((end, 28), high, color=LIGHT.ink_soft)
    gone = end + text_px(high, SMALL) + 20
    canvas.rect(gone, 23, 14, 10, LIGHT.missing)
    canvas.words((gone + 18, 28), f"{text.MISSING} không có số liệu", color=LIGHT.ink_soft)
