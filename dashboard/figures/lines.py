"""Lines over time, each named at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from config.language import say
from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, number_of
from dashboard.figures.marks import KEY_NARROW_PX, Key, clean, empty, known, safe, text_px
from dashboard.figures.timeline import Mark, chart_marks, frame, hover_text, hover_trace
from dashboard.theme import LIGHT, Figure, Json, readable

_LABEL_GAP_PX: Final = 17


@dataclass(frozen=True)
class Series:
    """One line: its name, its values (None for missing, drawn as a gap), its colour, the index from which it is unfinished, its hover texts."""

    name: str
    values: Sequence[float | None]
    color: str
    dashed_from: int | None = None
    hovers: Sequence[str] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", say(self.name))


def line(
    *,
    x_labels: Sequence[str],
    series: Sequence[Series],
    marks: Sequence[Mark] = (),
    unit: str = "hồ sơ",
    links: Sequence[str | None] | None = None,
    height: int = 320,
    note: str = "",
) -> Figure:
    """Lines over time from zero, each named at its end (on a narrow screen in a key on top); one hover box per label with all values.

    Values of the unit `%` are percentages (95.2). `links` go with the labels. `note` says what is unfinished (“đến ngày …”), under the axis.
    """
    if not x_labels or not any(known(one.values) for one in series):
        return empty(height=height)
    ground = frame(x_labels, [value for one in series for value in known(one.values)], marks, unit=unit, height=height, note=note)
    traces = [trace for one in series for trace in _line_traces(one)]
    hovers = [hover_text(label, [(one.name, one.values[i], one.hovers[i] if one.hovers else "") for one in series], unit) for i, label in enumerate(x_labels)]
    traces.append(hover_trace(hovers, [max(known([one.values[i] for one in series]), default=0) for i in range(len(x_labels))], links))
    named = _end_labels(series, unit, ground.plot_px / (ground.high - ground.low), with_name=len(series) > 1)
    bare = _end_labels(series, unit, ground.plot_px / (ground.high - ground.low), with_name=False)
    layout = ground.layout
    layout["annotations"] = [*ground.notes, *named]
    layout["margin"]["r"] = _labels_px(named)
    narrow = layout["meta"]["narrow"]
    narrow |= {"annotations": [*ground.notes, *bare], "margin.r": max(_labels_px(bare), layout["margin"]["r"] if len(series) == 1 else 0)}
    if len(series) > 1:
        key = Key([("━", one.color, one.name) for one in series])
        room = key.px(KEY_NARROW_PX)
        narrow["annotations"].append(key.note(KEY_NARROW_PX, layout["margin"]["l"], ground.top - 12))
        narrow |= {"margin.t": ground.top + room, "height": height + room}
    return {"data": traces, "layout": layout, "chart": _chart(x_labels, series, marks, unit, note)}


def _chart(x_labels: Sequence[str], series: Sequence[Series], marks: Sequence[Mark], unit: str, note: str) -> Chart:
    drawn = tuple(ChartSeries(one.name, tuple(clean(one.values)), one.color, unfinished_from=one.dashed_from) for one in series)
    number = number_of([value for one in drawn for value in one.values], unit)
    return Chart(Form.LINE, tuple(x_labels), drawn, number, unit, chart_marks(marks), note)


def _line_traces(one: Series) -> list[Json]:
    values = clean(one.values)
    count = len(values)
    from_index = count if one.dashed_from is None else max(one.dashed_from, 0)
    last = max((i for i in range(count) if values[i] is not None), default=-1)
    alone = [i for i in range(count) if values[i] is not None and _at(values, i - 1) is None and _at(values, i + 1) is None]
    dots = sorted({last, *alone} - {-1})
    shared: Json = {"type": "scatter", "hoverinfo": "skip", "connectgaps": False, "cliponaxis": False}
    stroke = {"color": one.color, "width": 2.5}
    traces = [shared | {"mode": "lines", "name": safe(one.name), "x": list(range(from_index)), "y": values[:from_index], "line": stroke}]
    if from_index < count:
        first = max(from_index - 1, 0)
        traces.append(shared | {"mode": "lines", "x": list(range(first, count)), "y": values[first:], "line": stroke | {"dash": "4px,4px"}})
    fill = [LIGHT.card if i >= from_index else one.color for i in dots]
    marker = {"size": 7, "color": fill, "line": {"width": 2, "color": one.color}}
    traces.append(shared | {"mode": "markers", "x": dots, "y": [values[i] for i in dots], "marker": marker})
    return traces


def _at(values: Sequence[float | None], index: int) -> float | None:
    return values[index] if 0 <= index < len(values) else None


def _end_labels(series: Sequence[Series], unit: str, px_per_unit: float, *, with_name: bool) -> list[Json]:
    ends = []
    for one in series:
        there = [(i, value) for i, value in enumerate(clean(one.values)) if value is not None]
        if there:
            ends.append((one, *there[-1]))
    shifts = apart([value * px_per_unit for _, _, value in ends])
    labels = []
    for (one, index, value), shift in zip(ends, shifts, strict=True):
        printed = f"<b>{text.number(value)}{'%' if unit == '%' else ''}</b>"
        place = {"x": index, "y": value, "xanchor": "left", "xshift": 8, "yshift": shift, "showarrow": False, "align": "left"}
        words = f"{printed} {safe(text.shorten(one.name, 22))}" if with_name else printed
        labels.append({**place, "text": words, "font": {"size": 12, "color": readable(one.color)}})
    return labels


def apart(heights: Sequence[float]) -> list[float]:
    """How far each label has to move, in pixels, so that none covers another; they keep their order and their middle."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = [heights[i] for i in order]
    for _ in range(50):
        for low in range(len(placed) - 1):
            lack = _LABEL_GAP_PX - (placed[low + 1] - placed[low])
            if lack > 0:
                placed[low] -= lack / 2
                placed[low + 1] += lack / 2
    moved = dict(zip(order, placed, strict=True))
    return [round(moved[i] - heights[i], 1) for i in range(len(heights))]


def _labels_px(labels: Sequence[Json]) -> int:
    return max((text_px(label["text"].replace("<b>", "").replace("</b>", ""), 12) for label in labels), default=0) + 18
