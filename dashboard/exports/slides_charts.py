"""A chart as a native, editable one of PowerPoint: lines, stacked columns, bars, stacked bars, steps; grids and tiles are tables and shapes elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, Number, steps
from dashboard.exports.slides_axes import axis_format, inner, turned, value_ticks
from dashboard.exports.slides_chart_xml import (
    Label,
    Row,
    category_axis,
    dot,
    fill,
    frame,
    number_format,
    series,
    stroke,
    value_axis,
)
from dashboard.exports.slides_xml import Box
from dashboard.figures.lines import apart
from dashboard.figures.marks import text_px
from dashboard.theme import LIGHT, on, readable

MOST_ROWS: Final = 20  # horizontal bars in one chart; more stand in a second one beside it
_KEY_PX: Final = 36
_PITCH_PX: Final = 84
_BAR_PX: Final = 40


@dataclass(frozen=True)
class Native:
    """A chart ready to be placed: its XML, and what its workbook holds."""

    xml: bytes
    categories: tuple[str, ...]
    rows: tuple[Row, ...]
    inner: tuple[float, float, float, float]


def native(chart: Chart, box: Box, whole: Chart | None = None) -> Native:
    """The chart for a place of this size; a part of a chart is drawn on the scale of the whole. Raises KeyError for a form that is a table."""
    maker = {Form.LINE: _line, Form.COLUMNS: _columns, Form.BARS: _bars, Form.STACKED: _stacked, Form.STEPS: _steps}[chart.form]
    return maker(chart, box, whole or chart)


def halves(chart: Chart) -> tuple[Chart, ...]:
    """The chart in as many charts of equal length as its bars need; only horizontal bars are divided."""
    count = len(chart.categories)
    if chart.form not in (Form.BARS, Form.STACKED) or count <= MOST_ROWS:
        return (chart,)
    each = -(-count // 2)
    return tuple(_slice(chart, start, start + each) for start in (0, each))


def _slice(chart: Chart, start: int, end: int) -> Chart:
    def cut(one: ChartSeries) -> ChartSeries:
        return replace(one, values=one.values[start:end], colors=one.colors[start:end], labels=one.labels[start:end])

    return replace(chart, categories=chart.categories[start:end], series=tuple(cut(one) for one in chart.series))


def _known(rows: Sequence[ChartSeries]) -> list[float]:
    return [float(value) for one in rows for value in one.values if value is not None]


# --- over time -------------------------------------------------------------------------------------------------------------------


def _line(chart: Chart, box: Box, _: Chart) -> Native:
    values = _known(chart.series)
    marks = value_ticks(chart.number, min([0.0, *values]), max([0.0, *values]) if values else 1.0)
    low, high = marks[0], marks[-1]
    ends = [_end_words(one, chart.number) for one in chart.series]
    left = max(text_px(chart.number.show(mark), 15) for mark in marks) + 12
    right = max((text_px(words, 16) for words in ends), default=0) + 22
    turn, bottom = turned(chart.categories, box.w - left - right)
    place = inner(box, left, 26 if chart.marks else 10, right, bottom)
    plot_px = place[3] * box.h
    last = [next((at for at in reversed(range(len(one.values))) if one.values[at] is not None), None) for one in chart.series]
    heights = [0.0 if at is None else (one.values[at] or 0.0) / (high - low) * plot_px for one, at in zip(chart.series, last, strict=True)]
    moves = apart([height * 0.72 for height in heights])  # labels of 12 points need more room than those of the screen
    rows = tuple(_line_row(one, words, at, -move / 0.72 / box.h) for one, words, at, move in zip(chart.series, ends, last, moves, strict=True))
    drawn = "".join(series(row, at, chart.categories, 12) for at, row in enumerate(rows))
    plot = (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{drawn}<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>'
        + category_axis(1, 2, "b", 11 if not turn else 10, turn=turn)
        + value_axis(2, 1, "l", 11, (low, high), step=marks[1] - marks[0], form=axis_format(chart.number, marks))
    )
    return Native(frame(plot, place), chart.categories, rows, place)


def _end_words(one: ChartSeries, number: Number) -> str:
    at = next((at for at in reversed(range(len(one.values))) if one.values[at] is not None), None)
    return "" if at is None else f"{one.label_at(at, number)} {text.shorten(one.name, 22)}".strip()


def _line_row(one: ChartSeries, words: str, last: int | None, move: float) -> Row:
    start = len(one.values) if one.unfinished_from is None else one.unfinished_from
    points = {at: stroke(one.color, dashed=True) for at in range(max(start, 1), len(one.values)) if start}
    known = {at for at, value in enumerate(one.values) if value is not None}
    alone = {at for at in known if at - 1 not in known and at + 1 not in known}
    for at in sorted(alone | ({last} if last is not None else set())) if start else ():  # a limit has no dots
        points[at] = dot(one.color, hollow=at >= start) + stroke(one.color, dashed=at >= start)
    label = {} if last is None else {last: Label(said=words, color=readable(one.color), place="r", move=(0.0, move), bold=start > 0)}
    return Row(one.name, one.values, stroke(one.color, dashed=start == 0), points, label, is_line=True)


def _columns(chart: Chart, box: Box, _: Chart) -> Native:
    count = len(chart.categories)
    tops = [sum(max(value or 0.0, 0.0) for value in column) for column in zip(*(one.values for one in chart.series), strict=True)]
    lows = [sum(min(value or 0.0, 0.0) for value in column) for column in zip(*(one.values for one in chart.series), strict=True)]
    marks = value_ticks(chart.number, min([0.0, *lows]), max([*tops, 0.0]) or 1.0)
    left = max(text_px(chart.number.show(mark), 15) for mark in marks) + 12
    turn, bottom = turned(chart.categories, box.w - left - 8)
    place = inner(box, left, _KEY_PX + (22 if chart.marks else 0), 8, bottom)
    rows = tuple(
        Row(one.name, one.values, fill(one.color), {at: fill(one.color, hatched=True) for at in range(min(one.unfinished_from or 0, count), count)})
        if one.unfinished_from is not None
        else Row(one.name, one.values, fill(one.color))
        for one in chart.series
    )
    drawn = "".join(series(row, at, chart.categories, 11) for at, row in enumerate(rows))
    plot = (
        f'<c:barChart><c:barDir val="col"/><c:grouping val="stacked"/><c:varyColors val="0"/>{drawn}<c:gapWidth val="45"/><c:overlap val="100"/>'
        '<c:axId val="1"/><c:axId val="2"/></c:barChart>'
        + category_axis(1, 2, "b", 11 if not turn else 10, turn=turn)
        + value_axis(2, 1, "l", 11, (marks[0], marks[-1]), step=marks[1] - marks[0], form=axis_format(chart.number, marks))
    )
    return Native(frame(plot, place, has_legend=len(rows) > 1), chart.categories, rows, place)


# --- horizontal bars -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lane:
    """The rows of horizontal bars: the names that fit, the place of the plot, the size of type, the gap between bars."""

    names: tuple[str, ...]
    inner: tuple[float, float, float, float]
    size: float
    gap: int

    @classmethod
    def of(cls, names: Sequence[str], all_names: Sequence[str], box: Box, right: float, top: float) -> Lane:
        """Lanes of equal height, names of at most two lines and two fifths of the width."""
        pitch = min((box.h - top - 4) / max(len(names), 1), _PITCH_PX)
        size = 12 if pitch >= 27 else 10.5 if pitch >= 21 else 9
        px = size * 4 / 3
        longest = max((text_px(name, 100) * px / 100 for name in all_names), default=0)
        room = min(longest, box.w * 0.4)
        lines = 2 if pitch >= px * 2.6 else 1
        fits = tuple(name if text_px(name, 100) * px / 100 <= room else text.shorten(name, int(room * lines * 0.95 / (px * 0.56))) for name in names)
        bar = min(pitch * 0.68, _BAR_PX)
        bottom = box.h - top - pitch * len(names)
        return cls(fits, inner(box, room + 14, top, right, max(bottom, 4)), size, round((pitch / bar - 1) * 100))


def label_of(one: ChartSeries, at: int, number: Number) -> Label:
    """The words at a mark: the number in a format where a format says the same, otherwise the words."""
    said, value = one.label_at(at, number), one.values[at]
    plain = said == number.show(value)
    return Label(format=number_format(number, value)) if plain else Label(said=said)


def _bars(chart: Chart, box: Box, whole: Chart) -> Native:
    """Bars with their words; a comparison is a second, grey bar on the same scale."""
    names = _bar_names(chart)
    said = [one for one in _words_of(whole) if one]
    right = max((text_px(words, 16) for words in said), default=0) + 14
    lane = Lane.of(names, _bar_names(whole), box, min(right, box.w * 0.4), _KEY_PX if len(chart.series) > 1 else 4)
    values = _known(whole.series)
    low = min([0.0, *values])
    high = max([0.0, *values]) or (0.0 if low else 1.0)
    low -= (high - low) * 0.12 if low else 0  # room for the words beyond a negative bar
    rows = tuple(_bar_row(one, chart.number) for one in chart.series)
    drawn = "".join(series(row, at, lane.names, lane.size) for at, row in enumerate(rows))
    plot = _bar_plot(drawn, lane.gap if len(rows) == 1 else 40, "clustered", 0)
    axes = category_axis(1, 2, "l", lane.size, down=True) + value_axis(2, 1, "b", 10, (low, high))
    return Native(frame(plot + axes, lane.inner, has_legend=len(rows) > 1), names, rows, lane.inner)


def _words_of(chart: Chart) -> list[str]:
    main = chart.series[0]
    return [main.label_at(at, chart.number) if main.values[at] is not None else "" for at in range(len(chart.categories))]


def _bar_names(chart: Chart) -> tuple[str, ...]:
    """The names of the bars; one without a value has no bar to carry its words, so its name does."""
    main = chart.series[0]
    return tuple(name if main.values[at] is not None else f"{name}: {main.label_at(at, chart.number)}" for at, name in enumerate(chart.categories))


def _bar_row(one: ChartSeries, number: Number) -> Row:
    if one.is_marker:
        return Row(one.name, one.values, fill(LIGHT.not_recorded))  # so light that the words of the bar above can be read on it
    points = {at: fill(one.colors[at]) for at in range(len(one.values)) if one.colors and one.colors[at] != one.color}
    labels = {at: label_of(one, at, number) for at, value in enumerate(one.values) if value is not None and one.label_at(at, number)}
    return Row(one.name, one.values, fill(one.color), points, labels)


def _bar_plot(drawn: str, gap: int, grouping: str, overlap: int) -> str:
    head = f'<c:barDir val="bar"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>'
    return f'<c:barChart>{head}{drawn}<c:gapWidth val="{min(gap, 500)}"/><c:overlap val="{overlap}"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'


def _stacked(chart: Chart, box: Box, whole: Chart) -> Native:
    totals, names = _totals(chart), _total_names(chart)
    lane = Lane.of(names, _total_names(whole), box, 8, _KEY_PX * _key_lines(chart, box))
    high = 1.0 if chart.is_share else max([0.0, *_totals(whole)]) or 1.0
    width = lane.inner[2] * box.w
    rows = tuple(_part_row(one, chart, totals, width / high, lane.size) for one in chart.series)
    drawn = "".join(series(row, at, lane.names, lane.size) for at, row in enumerate(rows))
    plot = _bar_plot(drawn, lane.gap, "percentStacked" if chart.is_share else "stacked", 100)
    axes = category_axis(1, 2, "l", lane.size, down=True) + value_axis(2, 1, "b", 10, (0.0, high))
    return Native(frame(plot + axes, lane.inner, has_legend=True), names, rows, lane.inner)


def _totals(chart: Chart) -> list[float]:
    return [sum(value for value in column if value is not None) for column in zip(*(one.values for one in chart.series), strict=True)]


def _total_names(chart: Chart) -> tuple[str, ...]:
    """The names of stacked bars with their totals, as the screen prints them at the end of the bars."""
    ends = [f"{chart.number.show(total)} {chart.unit}".strip() if total else text.MISSING for total in _totals(chart)]
    return tuple(f"{name} · {end}" for name, end in zip(chart.categories, ends, strict=True))


def _key_lines(chart: Chart, box: Box) -> int:
    length = sum(text_px(one.name, 16) + 34 for one in chart.series)
    return max(1, -(-length // box.w))


def _part_row(one: ChartSeries, chart: Chart, totals: Sequence[float], per_unit: float, size: float) -> Row:
    """One part of every bar; its words stand in it where they have room, a share as a share."""
    labels = {}
    for at, value in enumerate(one.values):
        if value is None or not value:
            continue
        said = text.percent(value, totals[at]) if chart.is_share else chart.number.show(value)
        length = (value / totals[at] if chart.is_share and totals[at] else value) * per_unit
        if text_px(said, 100) * size / 75 + 6 <= length:
            label = Label(said=said) if chart.is_share else Label(format=number_format(chart.number, value))
            labels[at] = replace(label, color=on(one.color), place="ctr")
    return Row(one.name, one.values, fill(one.color), {}, labels)


def _steps(chart: Chart, box: Box, _: Chart) -> Native:
    """An invisible base carries each step; totals on a cut axis are hatched, because their length says nothing."""
    one = chart.series[0]
    spans = [(min(pair), max(pair)) for pair in steps(one.values)]
    said = [one.label_at(at, chart.number) for at in range(len(one.values))]
    right = max((text_px(words, 16) for words in said), default=0) + 14
    lane = Lane.of(chart.categories, chart.categories, box, right, 4)
    low = chart.floor if chart.floor is not None else min(0.0, *(start for start, _ in spans))
    high = max([end for _, end in spans] + [low + 1e-9])
    high = high if high > low + 1e-6 else low + 1.0
    ends = (0, len(spans) - 1)
    looks = {at: fill(one.color_at(at), hatched=chart.floor is not None and at in ends) for at in range(len(spans))}
    base = tuple(_base(start, end) for start, end in spans)
    above = tuple(end - max(start, 0.0) if end > 0 else start - end for start, end in spans)
    below = tuple(start if start < 0 < end else None for start, end in spans)
    labels = {at: Label(said=words, place="inBase") for at, words in enumerate(said)}
    rows = [Row("Nền (không vẽ)", base, fill("")), Row(one.name, above, fill(one.color), looks)]
    if any(value is not None for value in below):
        rows.append(Row(f"{one.name} (dưới 0)", below, fill(one.color), looks))
    tips = Row("Nhãn (không vẽ)", tuple(0.0 if end <= 0 else (high - low) * 1e-6 for _, end in spans), fill(""), {}, labels)
    rows.append(tips)
    drawn = "".join(series(row, at, lane.names, lane.size) for at, row in enumerate(rows))
    plot = _bar_plot(drawn, lane.gap, "stacked", 100)
    axes = category_axis(1, 2, "l", lane.size, down=True) + value_axis(2, 1, "b", 10, (low, high))
    return Native(frame(plot + axes, lane.inner), lane.names, tuple(rows), lane.inner)


def _base(start: float, end: float) -> float:
    """How far the invisible base reaches, towards the side on which the step lies."""
    return max(start, 0.0) if end > 0 else end
