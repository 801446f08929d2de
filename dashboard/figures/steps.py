"""A waterfall: from one total to another, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from config.language import say
from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, number_of
from dashboard.figures.marks import bare_values, clean, empty, rows, safe, text_px
from dashboard.theme import LIGHT, Figure, Json

_CUT: Final = "Trục giá trị không bắt đầu từ 0"
_CUT_PX: Final = 16


def waterfall(
    *,
    names: Sequence[str],
    deltas: Sequence[float | None],
    start: float,
    end: float,
    start_name: str,
    end_name: str,
    texts: Sequence[str] | None = None,
    hovers: Sequence[str] | None = None,
    links: Sequence[str | None] | None = None,
) -> Figure:
    """What drove a change: a row for the start, one floating bar per delta (colour and sign), a row for the end, horizontally.

    `start` plus the deltas should be `end`; a difference gets a row “Khác” so that the steps always close. Where the deltas are small beside
    the totals the value axis is cut, and start and end are then drawn as points, not bars, so that no length lies.
    """
    if not names:
        return empty()
    steps = [value or 0.0 for value in clean(deltas)]
    rest = end - start - sum(steps)
    labels = list(texts) if texts is not None else [text.signed(value) for value in clean(deltas)]
    all_links = list(links) if links is not None else [None] * len(names)
    steps_named = list(names)
    if abs(rest) > 1e-9:
        steps, labels, steps_named, all_links = [*steps, rest], [*labels, text.signed(rest)], [*names, say("Khác")], [*all_links, None]
    levels = list(accumulate(steps, initial=start))
    low, high = min(levels), max(levels)
    cut = low > 0 and high - low < high * 0.6
    floor = low - (high - low) * 0.12 - (0 if high > low else 1) if cut else min(low, 0)
    words = [text.number(start), *labels, text.number(end)]
    names_all = [say(name) for name in (start_name, *steps_named, end_name)]
    hover = _hovers(names_all, words, hovers)
    traces = [_floating(levels, steps, words, hover, all_links), _totals(start, end, len(steps) + 1, words, cut=cut)]
    figure = _laid_out(names_all, traces, words, floor, high)
    figure["layout"]["shapes"] = _thread(levels)
    if cut:
        _say_cut(figure["layout"])
    figure["chart"] = _chart(names_all, [start, *steps, end], words, floor if cut else None)
    return figure


def _chart(names: Sequence[str], values: Sequence[float], words: Sequence[str], floor: float | None) -> Chart:
    colors = [LIGHT.ink_soft, *(LIGHT.up if step >= 0 else LIGHT.down for step in values[1:-1]), LIGHT.ink_soft]
    series = ChartSeries(say("Tăng, giảm"), tuple(values), LIGHT.ink_soft, tuple(colors), tuple(words))
    return Chart(Form.STEPS, tuple(names), (series,), number_of(values), floor=floor)


def _hovers(names: Sequence[str], words: Sequence[str], own: Sequence[str] | None) -> list[str]:
    """What the reader sees over each row: the caller's words for a step, or its name and value."""
    standard = [f"{name}\n{word}" for name, word in zip(names, words, strict=True)]
    for row, words_of_step in enumerate(own or (), start=1):
        standard[row] = words_of_step or standard[row]
    return standard


def _laid_out(names: Sequence[str], traces: list[Json], words: Sequence[str], low: float, high: float) -> Figure:
    axis = rows(names)
    values = bare_values(low, high) | {"range": [low, high], "zeroline": low <= 0}
    room = max(text_px(label, 12) for label in words) + 16
    layout: Json = {
        "height": axis.height,
        "margin": {"l": axis.margin_left, "r": room, "t": 8, "b": 8},
        "yaxis": axis.axis,
        "xaxis": values,
        "bargap": 0.32,
        "showlegend": False,
        "hovermode": "closest",
        "meta": {"narrow": axis.narrow | {"shapes": []}},
    }
    return {"data": traces, "layout": layout}


def _say_cut(layout: Json) -> None:
    words = {"text": say(_CUT), "xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 0, "yanchor": "top", "yshift": -4, "showarrow": False}
    layout["annotations"] = [words | {"font": {"size": 12, "color": LIGHT.ink_soft}}]
    layout["margin"]["b"] += _CUT_PX
    layout["height"] += _CUT_PX
    layout["meta"]["narrow"]["height"] += _CUT_PX


def _floating(levels: Sequence[float], steps: Sequence[float], words: Sequence[str], hovers: Sequence[str], links: Sequence[str | None]) -> Json:
    """The text stands right of every bar, also of a falling one: room is only needed on one side."""
    return {
        "type": "bar",
        "orientation": "h",
        "base": [min(before, before + step) for before, step in zip(levels, steps, strict=False)],
        "x": [abs(step) for step in steps],
        "y": list(range(1, len(steps) + 1)),
        "text": [safe(label) for label in words[1:-1]],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "textfont": {"size": 12, "color": LIGHT.ink},
        "marker": {"color": [LIGHT.up if step >= 0 else LIGHT.down for step in steps]},
        "hoverinfo": "text",
        "hovertext": [safe(words) for words in hovers[1:-1]],
        "customdata": list(links),
    }


def _totals(start: float, end: float, last: int, words: Sequence[str], *, cut: bool) -> Json:
    shared: Json = {"x": [start, end], "y": [0, last], "cliponaxis": False, "hoverinfo": "text", "hovertext": [words[0], words[-1]]}
    font = {"size": 12, "color": LIGHT.ink, "weight": 700}
    if cut:
        marker = {"symbol": "diamond", "size": 11, "color": LIGHT.ink}
        return shared | {
            "type": "scatter",
            "mode": "markers+text",
            "text": [f"  {words[0]}", f"  {words[-1]}"],
            "textposition": "middle right",
            "textfont": font,
            "marker": marker,
        }
    texts = {"text": [words[0], words[-1]], "textposition": "outside", "constraintext": "none", "textfont": font}
    return shared | texts | {"type": "bar", "orientation": "h", "marker": {"color": LIGHT.ink_soft}}


def _thread(levels: Sequence[float]) -> list[Json]:
    """The thin line that hands each level down to the next row; left out on a narrow screen, where the names stand between the rows."""
    stroke = {"width": 1, "color": LIGHT.ink_soft, "dash": "dot"}
    return [{"type": "line", "x0": level, "x1": level, "y0": row, "y1": row + 1, "line": stroke, "layer": "below"} for row, level in enumerate(levels)]
