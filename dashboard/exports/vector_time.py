"""Charts over time as SVG: lines named at their ends, stacked columns; unfinished periods dashed or hatched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, Number
from dashboard.exports.vector_canvas import SMALL, Canvas, key, key_height
from dashboard.figures.lines import apart
from dashboard.figures.marks import LINE_PX, known, text_px, ticks
from dashboard.figures.timeline import Mark, labels_at, note_levels
from dashboard.theme import LIGHT, readable

HEIGHT: Final = 320
_LABELS: Final = 12
_BOTTOM: Final = 30
_NOTE_PX: Final = 19
_GAP: Final = 0.28


@dataclass(frozen=True)
class Ground:
    """The plot between the axes, in pixels, and the range of its values."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    count: int

    @property
    def step(self) -> float:
        """The room of one label."""
        return (self.right - self.left) / max(self.count, 1)

    def x(self, place: float) -> float:
        """Where a label stands; 5.5 is between the labels 5 and 6."""
        return self.left + (place + 0.5) * self.step

    def y(self, value: float) -> float:
        """Where a value stands."""
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)


def time_chart(chart: Chart, width: float, font: str) -> Canvas:
    """Lines or columns over time from zero, with the notes of what happened."""
    canvas = Canvas(width, HEIGHT, font)
    entries = [(series.color, series.name) for series in chart.series] if chart.form is Form.COLUMNS and len(chart.series) > 1 else []
    ends = _end_words(chart) if chart.form is Form.LINE else []
    ground = _ground(chart, width, key_height(entries, width), max((text_px(words, SMALL) for words in ends), default=10) + 18)
    key(canvas, 0, entries, width)
    _axes(canvas, chart, ground)
    _notes(canvas, chart, ground)
    if chart.form is Form.COLUMNS:
        _columns(canvas, chart, ground)
    else:
        for series in chart.series:
            _line(canvas, series, ground)
        _name_ends(canvas, chart, ground, ends)
    return canvas


def _ground(chart: Chart, width: float, key_px: float, room: float) -> Ground:
    marks = _ticks(chart)
    levels = note_levels(_marks(chart), len(chart.categories))
    left = max(text_px(_tick(mark, chart), SMALL) for mark in marks) + 12
    top = 18 + key_px + (LINE_PX * (max(levels) + 1) if levels else 0)
    bottom = HEIGHT - _BOTTOM - (_NOTE_PX if chart.note else 0)
    return Ground(left, max(width - room, left + 40), top, bottom, marks[0], max(marks[-1], *_tops(chart), marks[0] + 1e-9), len(chart.categories))


def _tops(chart: Chart) -> list[float]:
    """The highest values: of columns their sums."""
    if chart.form is Form.COLUMNS:
        return [sum(known([series.values[at] for series in chart.series])) for at in range(len(chart.categories))] or [0.0]
    return [value for series in chart.series for value in known(series.values)] or [0.0]


def _ticks(chart: Chart) -> list[float]:
    values = _tops(chart)
    least = 1 if chart.number is Number.WHOLE and all(float(value).is_integer() for value in values) else 0
    return ticks(min([0.0, *values]), max([0.0, *values]), least=least)


def _tick(value: float, chart: Chart) -> str:
    return text.number(value, 2) + ("%" if chart.number is Number.PERCENT else "")


def _marks(chart: Chart) -> list[Mark]:
    return [Mark(mark.x, mark.label) for mark in chart.marks]


def _axes(canvas: Canvas, chart: Chart, ground: Ground) -> None:
    for mark in _ticks(chart):
        y = ground.y(mark)
        canvas.line(((ground.left, y), (ground.right, y)), LIGHT.ink_soft if mark == 0 else LIGHT.grid)
        canvas.words((ground.left - 6, y), _tick(mark, chart), color=LIGHT.ink_soft, anchor="end")
    widest = max(text_px(label, SMALL) for label in chart.categories) + 8
    most = max(1, min(_LABELS, int((ground.right - ground.left) / widest)))
    for at in labels_at(ground.count, most):
        canvas.line(((ground.x(at), ground.bottom), (ground.x(at), ground.bottom + 4)), LIGHT.rule)
        canvas.words((ground.x(at), ground.bottom + 14), chart.categories[at], color=LIGHT.ink_soft, anchor="middle")
    if chart.note:
        canvas.words(((ground.left + ground.right) / 2, ground.bottom + 14 + _NOTE_PX), chart.note, color=LIGHT.ink_soft, anchor="middle")


def _notes(canvas: Canvas, chart: Chart, ground: Ground) -> None:
    """A pole and its words for each thing that happened, on lines of their own where they are near each other."""
    marks = _marks(chart)
    for mark, level in zip(marks, note_levels(marks, ground.count), strict=True):
        x, middle = ground.x(mark.x), ground.top - 10 - LINE_PX * level
        canvas.line(((x, middle - 6), (x, ground.bottom)), LIGHT.ink_soft, dash="1 3")
        is_left = mark.x < ground.count * 0.62
        canvas.words((x + (4 if is_left else -4), middle), mark.label, color=LIGHT.ink_soft, anchor="start" if is_left else "end")


def _columns(canvas: Canvas, chart: Chart, ground: Ground) -> None:
    wide, totals = ground.step * (1 - _GAP), [_total(chart, at) for at in range(ground.count)]
    is_said = max(text_px(words, 11) for words in totals) < ground.step
    for at in range(ground.count):
        up = down = 0.0
        for series in chart.series:
            value = series.values[at] or 0.0
            base = up if value >= 0 else down
            top, bottom = ground.y(max(base, base + value)), ground.y(min(base, base + value))
            hatched = series.unfinished_from is not None and at >= series.unfinished_from
            canvas.rect(ground.x(at) - wide / 2, top, wide, bottom - top, series.color_at(at), is_hatched=hatched)
            up, down = (up + value, down) if value >= 0 else (up, down + value)
        if is_said:
            canvas.words((ground.x(at), ground.y(up) - 8), totals[at], size=11, color=LIGHT.ink_soft, anchor="middle")


def _total(chart: Chart, at: int) -> str:
    there = known([series.values[at] for series in chart.series])
    return chart.number.show(sum(there)) if there else text.MISSING


def _line(canvas: Canvas, series: ChartSeries, ground: Ground) -> None:
    """Solid up to the unfinished part, dashed from the point before it; a value without neighbours is a dot; a missing one is a gap; a limit has no dots."""
    points = [None if value is None else (ground.x(at), ground.y(value)) for at, value in enumerate(series.values)]
    start = ground.count if series.unfinished_from is None else max(series.unfinished_from, 0)
    for first, last, dash in ((0, start, ""), (max(start - 1, 0), ground.count, "4 4")):
        if first >= ground.count or (dash and start >= ground.count):
            continue
        run: list[tuple[float, float]] = []
        for point in [*points[first:last], None]:
            if point is not None:
                run.append(point)
            else:
                canvas.line(run, series.color, 2.5, dash=dash)
                run = []
    there = [at for at, point in enumerate(points) if point is not None]
    for at, point in enumerate(points):
        alone = (at == 0 or points[at - 1] is None) and (at + 1 == ground.count or points[at + 1] is None)
        if point is not None and start and (alone or at == there[-1]):
            canvas.dot(point, series.color, is_hollow=at >= start)


def _end_words(chart: Chart) -> list[str]:
    """Value and name of each line that has a value, in the order of the series."""
    words = []
    for series in chart.series:
        there = [at for at, value in enumerate(series.values) if value is not None]
        if there:
            name = f" {text.shorten(series.name, 22)}" if len(chart.series) > 1 else ""
            words.append(series.label_at(there[-1], chart.number) + name)
    return words


def _name_ends(canvas: Canvas, chart: Chart, ground: Ground, words: list[str]) -> None:
    ends = []
    for series in chart.series:
        there = [(at, value) for at, value in enumerate(series.values) if value is not None]
        if there:
            ends.append((series, *there[-1]))
    shifts = apart([-ground.y(value) for _, _, value in ends])
    for (series, at, value), shift, said in zip(ends, shifts, words, strict=True):
        canvas.words((ground.x(at) + 9, ground.y(value) - shift), said, color=readable(series.color), bold=True)
