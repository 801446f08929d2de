"""What every chart over time shares: the two axes, notes for what happened, one hover box per label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from config.language import say
from dashboard import text
from dashboard.charts import ChartMark
from dashboard.figures.marks import LINE_PX, safe, text_px, ticks, with_unit
from dashboard.theme import LIGHT, Json

_BOTTOM_PX: Final = 30
_NOTE_PX: Final = 19
_RIGHT_PX: Final = 28
_LABELS: Final = 9
_LABELS_NARROW: Final = 4
_SOFT: Final[Json] = {"size": 12, "color": LIGHT.ink_soft}


@dataclass(frozen=True)
class Mark:
    """A vertical note: where (5.5 is between the labels 5 and 6) and what happened."""

    x: float
    label: str


def chart_marks(marks: Sequence[Mark]) -> tuple[ChartMark, ...]:
    """The notes as a chart for files carries them."""
    return tuple(ChartMark(mark.x, mark.label) for mark in marks)


@dataclass(frozen=True)
class Frame:
    """The ground of a chart over time: pixels above and inside the plot, the range of values, the layout, the notes."""

    top: int
    plot_px: int
    low: float
    high: float
    layout: Json
    notes: list[Json]


def frame(x_labels: Sequence[str], values: Sequence[float], marks: Sequence[Mark], *, unit: str, height: int, note: str, key_px: int = 0) -> Frame:
    """Axes from zero with round ticks, poles and words of the marks, the note under the axis; `key_px` is kept free above all."""
    note = say(note)
    levels = note_levels(marks, len(x_labels))
    top = 16 + key_px + (LINE_PX * (max(levels) + 1) if levels else 0)
    bottom = _BOTTOM_PX + (_NOTE_PX if note else 0)
    plot_px = height - top - bottom
    value_axis, low, high = _value_axis(values, unit)
    left = max(text_px(words, 12) for words in value_axis["ticktext"]) + 12
    wide, narrow = labels_at(len(x_labels), _LABELS), labels_at(len(x_labels), _LABELS_NARROW)
    layout: Json = {
        "height": height,
        "margin": {"l": left, "r": _RIGHT_PX, "t": top, "b": bottom},
        "xaxis": _label_axis(x_labels, wide, note),
        "yaxis": value_axis,
        "shapes": _poles(marks, levels, plot_px),
        "hovermode": "x",
        "hoverdistance": -1,
        "spikedistance": -1,
        "showlegend": False,
        "meta": {"narrow": {"xaxis.tickvals": narrow, "xaxis.ticktext": [safe(x_labels[i]) for i in narrow]}},
    }
    return Frame(top, plot_px, low, high, layout, _words(marks, levels, len(x_labels)))


def hover_text(label: str, words: Sequence[tuple[str, float | None, str]], unit: str) -> str:
    """The label in bold and a line per name, value and own words (which win)."""
    return "<br>".join([f"<b>{safe(label)}</b>", *(safe(own or f"{name}: {with_unit(value, unit)}") for name, value, own in words)])


def hover_trace(hovers: list[str], tops: Sequence[float], links: Sequence[str | None] | None) -> Json:
    """One unseen point per label carries the hover box and the link for all series: one box, not one per line."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(range(len(hovers))),
        "y": list(tops),
        "marker": {"size": 8, "opacity": 0},
        "hoverinfo": "text",
        "hovertext": hovers,
        "customdata": list(links) if links is not None else [None] * len(hovers),
        "cliponaxis": False,
    }


def _value_axis(values: Sequence[float], unit: str) -> tuple[Json, float, float]:
    counts = unit != "%" and all(value == int(value) for value in values)
    marks = ticks(min([0.0, *values]), max([0.0, *values]), least=1 if counts else 0)
    low, high = marks[0], max(marks[-1], *values)
    axis: Json = {
        "range": [low, high],
        "tickvals": marks,
        "ticktext": [text.number(mark, 2) + ("%" if unit == "%" else "") for mark in marks],
        "tickfont": _SOFT,
        "zeroline": True,
        "zerolinecolor": LIGHT.ink_soft,
        "zerolinewidth": 1,
    }
    return axis, low, high


def _label_axis(x_labels: Sequence[str], at: Sequence[int], note: str) -> Json:
    axis: Json = {
        "range": [-0.5, len(x_labels) - 0.5],
        "tickvals": list(at),
        "ticktext": [safe(x_labels[i]) for i in at],
        "showgrid": False,
        "tickfont": _SOFT,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": LIGHT.rule,
        "showspikes": True,
        "spikemode": "across",
        "spikethickness": 1,
        "spikedash": "solid",
        "spikecolor": LIGHT.rule,
        "spikesnap": "data",
    }
    return axis | {"title": {"text": safe(note), "font": _SOFT, "standoff": 6}} if note else axis


def labels_at(count: int, most: int) -> list[int]:
    """Every so many labels, the last one always."""
    step = ceil(count / most)
    return list(range((count - 1) % step, count, step))


def note_levels(marks: Sequence[Mark], count: int) -> list[int]:
    """The line of text each note stands on, 0 the lowest: of two notes near each other the earlier goes one line up, past the pole of the later."""
    levels = [0] * len(marks)
    for number in range(len(marks) - 2, -1, -1):
        if abs(marks[number + 1].x - marks[number].x) < count * 0.4:
            levels[number] = (levels[number + 1] + 1) % 3
    return levels


def _poles(marks: Sequence[Mark], levels: Sequence[int], plot_px: int) -> list[Json]:
    """Lines that reach up beside their notes."""
    stroke = {"width": 1, "color": LIGHT.ink_soft, "dash": "dot"}
    return [
        {"type": "line", "x0": mark.x, "x1": mark.x, "yref": "paper", "y0": 0, "y1": 1 + (LINE_PX * level + 14) / plot_px, "line": stroke, "layer": "below"}
        for mark, level in zip(marks, levels, strict=True)
    ]


def _words(marks: Sequence[Mark], levels: Sequence[int], count: int) -> list[Json]:
    return [
        {
            "x": mark.x,
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "yshift": LINE_PX * level,
            "xanchor": "left" if mark.x < count * 0.62 else "right",
            "xshift": 1 if mark.x < count * 0.62 else -1,
            "text": safe(mark.label),
            "showarrow": False,
            "font": _SOFT,
        }
        for mark, level in zip(marks, levels, strict=True)
    ]
