"""Horizontal charts as SVG, first row on top: bars with a marker, bars of several parts, a waterfall. Every bar carries its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, steps
from dashboard.exports.vector_canvas import SMALL, Canvas, key, key_height
from dashboard.figures.marks import LINE_PX, NAME_CHARS, ROW_PX, known, lines_of, text_px
from dashboard.theme import LIGHT, on

CUT: Final = "Trục giá trị không bắt đầu từ 0"
_GAP: Final = 0.32
_NAME_SIZE: Final = 13
_WIDE_PX: Final = 900
_WIDE_CHARS: Final = 52


@dataclass(frozen=True)
class Rows:
    """Where the rows stand and how values become lengths. `low` and `high` are of the whole chart, also where only some rows are drawn."""

    left: float
    right: float
    top: float
    height: float
    low: float
    high: float

    def x(self, value: float) -> float:
        """Where a value stands."""
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def middle(self, row: int) -> float:
        """The middle of a row."""
        return self.top + (row + 0.5) * self.height


def row_height(chart: Chart, width: float) -> float:
    """The height of a row: as many lines as the longest name takes."""
    lines = max((len(_name(name, width)) for name in chart.categories), default=1)
    return ROW_PX + LINE_PX * (lines - 1)


def row_chart(chart: Chart, width: float, font: str, shown: range) -> Canvas:
    """The rows of `shown`, on the scale of all."""
    entries = _entries(chart)
    head = key_height(entries, width)
    tail = 20.0 if chart.floor is not None else 6.0
    tall = row_height(chart, width)
    canvas = Canvas(width, head + tall * len(shown) + tail, font)
    key(canvas, 0, entries, width)
    rows = _rows(chart, width, head, tall)
    for row, at in enumerate(shown):
        lines = _name(chart.categories[at], width)
        for number, line in enumerate(lines):
            y = rows.middle(row) + (number - (len(lines) - 1) / 2) * LINE_PX
            canvas.words((_names_px(chart, width), y), line, size=_NAME_SIZE, anchor="end")
    draw = {Form.STACKED: _stacked, Form.STEPS: _steps}.get(chart.form, _bars)
    if chart.form is not Form.STEPS or chart.floor is None:
        canvas.line(((rows.x(0), rows.top), (rows.x(0), rows.top + tall * len(shown))), LIGHT.ink_soft)
    draw(canvas, chart, rows, shown)
    if chart.floor is not None:
        canvas.words((rows.left, canvas.height - 9), CUT, color=LIGHT.ink_soft)
    return canvas


def _name(name: str, width: float) -> list[str]:
    """A name in lines: on a wide picture longer ones, and fewer."""
    return lines_of(name, _WIDE_CHARS, 2) if width >= _WIDE_PX else lines_of(name, NAME_CHARS, 3)


def _entries(chart: Chart) -> list[tuple[str, str]]:
    """What the colours mean, where there is more than one series."""
    return [(series.color, series.name) for series in chart.series] if len(chart.series) > 1 else []


def _names_px(chart: Chart, width: float) -> float:
    return max(text_px(line, _NAME_SIZE) for name in chart.categories for line in _name(name, width))


def _rows(chart: Chart, width: float, head: float, tall: float) -> Rows:
    """The scale: from zero or from where the axis is cut; room for words right of the bars, left of them too where values are negative."""
    values = _ends(chart)
    low, high = min([0.0, *values]), max([0.0, *values]) or (0.0 if min(values, default=0.0) < 0 else 1.0)
    if chart.floor is not None:
        low, high = chart.floor, max([chart.floor + 1e-9, *values])
    room = max((text_px(words, SMALL) for words in _words(chart)), default=0) + 16
    before = room if chart.form is Form.BARS and low < 0 else 8
    left = _names_px(chart, width) + before
    return Rows(left, max(width - room, left + 60), head, tall, low, high)


def _ends(chart: Chart) -> list[float]:
    """The values that the scale must hold."""
    if chart.form is Form.STEPS:
        return [end for pair in steps(chart.series[0].values) for end in pair]
    if chart.form is Form.STACKED:
        return [100.0] if chart.is_share else [_sum(chart, at) for at in range(len(chart.categories))]
    return [value for series in chart.series for value in known(series.values)]


def _words(chart: Chart) -> list[str]:
    places = range(len(chart.categories))
    if chart.form is Form.STACKED:
        return [_total(chart, at) for at in places]
    return [chart.series[0].label_at(at, chart.number) for at in places]


def _sum(chart: Chart, at: int) -> float:
    return sum(known([series.values[at] for series in chart.series]))


def _total(chart: Chart, at: int) -> str:
    there = known([series.values[at] for series in chart.series])
    if not there:
        return text.MISSING
    return f"{text.number(sum(there))} {chart.unit}".strip() if chart.unit != "%" else text.number(sum(there)) + "%"


def _bars(canvas: Canvas, chart: Chart, rows: Rows, shown: range) -> None:
    """The number stands past the bar and past the marker, on the side the bar points to."""
    plain = [series for series in chart.series if not series.is_marker]
    markers = [series for series in chart.series if series.is_marker]
    thick = rows.height * (1 - _GAP) if rows.height < 2 * ROW_PX else ROW_PX
    for row, at in enumerate(shown):
        each = thick / max(len(plain), 1)
        for number, series in enumerate(plain):
            top = rows.middle(row) - thick / 2 + number * each
            value = series.values[at]
            _bar(canvas, rows, (0.0, value or 0.0), (top, each), series.color_at(at))
            _label(canvas, rows, top + each / 2, [value, *(marker.values[at] for marker in markers)], series.label_at(at, chart.number))
        for marker in markers:
            _marker(canvas, rows, row, marker, at)


def _bar(canvas: Canvas, rows: Rows, ends: tuple[float, float], place: tuple[float, float], color: str) -> None:
    low, high = sorted(rows.x(end) for end in ends)
    canvas.rect(low, place[0], high - low, place[1], color)


def _label(canvas: Canvas, rows: Rows, y: float, values: Sequence[float | None], words: str) -> None:
    there = known(values)
    own = values[0]
    if own is not None and own < 0:
        canvas.words((rows.x(min(there)) - 5, y), words, anchor="end")
    else:
        canvas.words((rows.x(max([0.0, *there])) + 5, y), words)


def _marker(canvas: Canvas, rows: Rows, row: int, marker: ChartSeries, at: int) -> None:
    value = marker.values[at]
    if value is not None:
        x, middle = rows.x(value), rows.middle(row)
        canvas.line(((x, middle - 9), (x, middle + 9)), marker.color_at(at), 2.5)


def _stacked(canvas: Canvas, chart: Chart, rows: Rows, shown: range) -> None:
    """Side by side; a number inside where it has room, the whole at the right end."""
    thick = min(rows.height * 0.8, ROW_PX)
    for row, at in enumerate(shown):
        total, so_far = _sum(chart, at), 0.0
        for series in chart.series:
            value = series.values[at]
            if not value or not total:
                continue
            length = value / total * 100 if chart.is_share else value
            left, right = rows.x(so_far), rows.x(so_far + length)
            canvas.rect(left, rows.middle(row) - thick / 2, right - left - 1, thick, series.color_at(at))
            words = text.percent(value, total) if chart.is_share else series.label_at(at, chart.number)
            if text_px(words, 11) + 6 < right - left:
                canvas.words(((left + right) / 2, rows.middle(row)), words, size=11, color=on(series.color_at(at)), anchor="middle")
            so_far += length
        canvas.words((rows.x(so_far) + 5, rows.middle(row)), _total(chart, at), color=LIGHT.ink_soft)


def _steps(canvas: Canvas, chart: Chart, rows: Rows, shown: range) -> None:
    """Floating bars, handed down by dotted lines; on a cut axis the totals are points, so that no length lies."""
    series, places = chart.series[0], steps(chart.series[0].values)
    thick = min(rows.height * (1 - _GAP), ROW_PX)
    last = len(places) - 1
    for row, at in enumerate(shown):
        before, after = places[at]
        middle = rows.middle(row)
        is_total = at in (0, last)
        if is_total and chart.floor is not None:
            canvas.diamond((rows.x(after), middle), LIGHT.ink)
        else:
            _bar(canvas, rows, (before, after), (middle - thick / 2, thick), series.color_at(at))
        if at != last and at != shown[-1]:
            canvas.line(((rows.x(after), middle), (rows.x(after), middle + rows.height)), LIGHT.ink_soft, dash="1 3")
        past = 9 if is_total and chart.floor is not None else 5
        canvas.words((max(rows.x(before) if not is_total else 0, rows.x(after)) + past, middle), series.label_at(at, chart.number), bold=is_total)
