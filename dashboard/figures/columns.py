"""Columns over time, their parts stacked."""

from __future__ import annotations

from collections.abc import Sequence

from config.language import say
from dashboard.charts import Chart, ChartSeries, Form, number_of
from dashboard.figures.marks import KEY_NARROW_PX, KEY_WIDE_PX, Key, Part, clean, empty, known, safe
from dashboard.figures.timeline import Mark, chart_marks, frame, hover_text, hover_trace
from dashboard.theme import LIGHT, Figure, Json


def columns_stacked(
    *,
    x_labels: Sequence[str],
    parts: Sequence[Part],
    marks: Sequence[Mark] = (),
    unit: str = "hồ sơ",
    links: Sequence[str | None] | None = None,
    unfinished_from: int | None = None,
    height: int = 320,
    note: str = "",
) -> Figure:
    """Columns over time, the parts stacked from the bottom in the given order; columns from `unfinished_from` on are hatched.

    A missing part is left out; one hover box per column with all parts and the total. A key stands on top when there are two parts or more.
    """
    if not x_labels or not any(known(part.values) for part in parts):
        return empty(height=height)
    key = Key([("■", part.color, part.name) for part in parts])
    several = len(parts) > 1
    room, narrow_room = (key.px(KEY_WIDE_PX), key.px(KEY_NARROW_PX)) if several else (0, 0)
    sums = [sum(known([part.values[i] for part in parts])) for i in range(len(x_labels))]
    ground = frame(x_labels, sums, marks, unit=unit, height=height, note=note, key_px=room)
    traces = [_column_trace(part, len(x_labels) if unfinished_from is None else unfinished_from) for part in parts]
    hovers = [hover_text(label, _words(parts, i, sums[i]), unit) for i, label in enumerate(x_labels)]
    traces.append(hover_trace(hovers, sums, links))
    layout = ground.layout | {"barmode": "stack", "bargap": 0.28, "annotations": list(ground.notes)}
    if several:
        left, above = layout["margin"]["l"], ground.top - room - 12
        layout["annotations"].append(key.note(KEY_WIDE_PX, left, above))
        narrow = [*ground.notes, key.note(KEY_NARROW_PX, left, above)]
        layout["meta"]["narrow"] |= {"annotations": narrow, "margin.t": ground.top - room + narrow_room, "height": height - room + narrow_room}
    series = tuple(ChartSeries(part.name, tuple(clean(part.values)), part.color, unfinished_from=unfinished_from) for part in parts)
    number = number_of([value for one in series for value in one.values], unit)
    chart = Chart(Form.COLUMNS, tuple(x_labels), series, number, unit, chart_marks(marks), note)
    return {"data": traces, "layout": layout, "chart": chart}


def _column_trace(part: Part, solid_to: int) -> Json:
    values = clean(part.values)
    marker: Json = {"color": part.color, "line": {"width": 0.5, "color": LIGHT.card}}
    if solid_to < len(values):
        shapes = ["" if i < solid_to else "/" for i in range(len(values))]
        marker["pattern"] = {"shape": shapes, "fillmode": "replace", "size": 6, "solidity": 0.45, "bgcolor": LIGHT.card}
    return {"type": "bar", "name": safe(part.name), "x": list(range(len(values))), "y": values, "marker": marker, "hoverinfo": "skip"}


def _words(parts: Sequence[Part], index: int, total: float) -> list[tuple[str, float | None, str]]:
    words: list[tuple[str, float | None, str]] = [(part.name, part.values[index], "") for part in parts]
    return [*words, (say("Tổng"), total, "")] if len(parts) > 1 else words
