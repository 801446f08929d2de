"""Grids: heat map and status strip. Every cell can say its own words and carry its own link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from config.language import say
from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, number_of
from dashboard.figures.marks import KEY_NARROW_PX, KEY_WIDE_PX, ROW_PX, Key, clean, empty, known, rows, safe, text_px, wrapped
from dashboard.figures.shades import Cells, color_at, missing_cells, scale, shaded
from dashboard.theme import LIGHT, Figure, Json

_COLUMNS_WIDE: Final = 12
_COLUMNS_NARROW: Final = 4
_COLUMNS_SHOWN_NARROW: Final = 12
_LABELS_PX: Final = 30
_NARROW_NAME: Final = 15


@dataclass(frozen=True)
class State:
    """One value of a status strip: its label in the legend, its colour, the symbol in its cells."""

    label: str
    color: str
    symbol: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", say(self.label))


def heat(
    *,
    row_names: Sequence[str],
    column_labels: Sequence[str],
    values: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]] | None = None,
    hovers: Cells | None = None,
    links: Cells | None = None,
) -> Figure:
    """A table coloured by value, zero to the highest, one hue; a missing cell is grey with `–`; values and texts are rows of columns.

    A narrow screen shows the last twelve columns and says so.
    """
    if not row_names or not column_labels:
        return empty()
    cells = [clean(row) for row in values]
    words = [[str(cell) for cell in row] for row in texts] if texts is not None else [[text.number(value) for value in row] for row in cells]
    hover = _grid_hovers(row_names, column_labels, words, hovers)
    top = max([0.0, *(value for row in cells for value in known(row))]) or 1.0
    marks: Json = {"z": cells, "zmin": 0, "zmax": top, "colorscale": scale()}
    layout = _grid_layout(row_names, column_labels, key=None)
    colors = [[LIGHT.missing if value is None else color_at(value / top) for value in row] for row in cells]
    chart = _grid_chart(row_names, column_labels, cells, words, colors)
    return {"data": [missing_cells(cells), shaded(marks, words, hover, links)], "layout": layout, "chart": chart}


def strip(
    *,
    row_names: Sequence[str],
    column_labels: Sequence[str],
    states: Sequence[Sequence[str | None]],
    legend: Mapping[str, State],
    hovers: Cells | None = None,
    links: Cells | None = None,
) -> Figure:
    """A status per row and column, told by colour and symbol; the legend stands on top in the order of the mapping; None leaves a cell blank.

    Raises:
        KeyError: a state that is not in the legend.
    """
    if not row_names or not column_labels:
        return empty()
    order = {state: number for number, state in enumerate(legend)}
    codes = [[None if state is None else order[state] for state in row] for row in states]
    symbols = [["" if state is None else legend[state].symbol for state in row] for row in states]
    said = [["" if state is None else legend[state].label for state in row] for row in states]
    steps = [[(number + side) / len(legend), state.color] for number, state in enumerate(legend.values()) for side in (0, 1)]
    marks: Json = {"z": codes, "zmin": -0.5, "zmax": len(legend) - 0.5, "colorscale": steps}
    key = Key([("■", state.color, f"{state.symbol} {state.label}".strip()) for state in legend.values()])
    layout = _grid_layout(row_names, column_labels, key=key)
    colors = [[LIGHT.card if state is None else legend[state].color for state in row] for row in states]
    note = " · ".join(f"{state.symbol} {state.label}".strip() for state in legend.values())
    chart = replace(_grid_chart(row_names, column_labels, codes, symbols, colors), note=note)
    return {"data": [shaded(marks, symbols, _grid_hovers(row_names, column_labels, said, hovers), links)], "layout": layout, "chart": chart}


def _grid_chart(names: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]], words: Cells, colors: Sequence[Sequence[str]]) -> Chart:
    """One series a column, so that a cell has its value, its words and its colour."""
    series = tuple(
        ChartSeries(column, tuple(row[at] for row in values), LIGHT.missing, tuple(row[at] for row in colors), tuple(str(row[at] or "") for row in words))
        for at, column in enumerate(columns)
    )
    return Chart(Form.GRID, tuple(names), series, number_of([value for row in values for value in row]))


def _grid_hovers(row_names: Sequence[str], columns: Sequence[str], words: Sequence[Sequence[str]], hovers: Cells | None) -> list[list[str]]:
    own = hovers if hovers is not None else [[None] * len(columns) for _ in row_names]
    row_names = [say(name) for name in row_names]
    return [
        [safe(cell or (f"{name}\n{column}: {word}" if word else "")) for column, word, cell in zip(columns, row, own_row, strict=True)]
        for name, row, own_row in zip(row_names, words, own, strict=True)
    ]


def _grid_layout(row_names: Sequence[str], columns: Sequence[str], *, key: Key | None) -> Json:
    """Names left, column labels on top, above them the key."""
    top = _LABELS_PX + (key.px(KEY_WIDE_PX) if key else 0)
    axis = rows(row_names, top=top, lines=1)
    wide = _columns_at(len(columns), _COLUMNS_WIDE)
    layout: Json = {
        "height": axis.height,
        "margin": {"l": axis.margin_left, "r": 8, "t": top, "b": 8},
        "yaxis": axis.axis,
        "xaxis": {
            "range": [-0.5, len(columns) - 0.5],
            "side": "top",
            "showgrid": False,
            "tickvals": wide,
            "ticktext": [safe(columns[i]) for i in wide],
            "tickfont": {"size": 12, "color": LIGHT.ink_soft},
            "tickangle": 0,
            "title": {"text": "", "font": {"size": 12, "color": LIGHT.ink_soft}, "standoff": 4},
        },
        "annotations": [key.note(KEY_WIDE_PX, axis.margin_left, _LABELS_PX)] if key else [],
        "showlegend": False,
        "hovermode": "closest",
    }
    return layout | {"meta": {"narrow": _grid_narrow(row_names, columns, key)}}


def _grid_narrow(row_names: Sequence[str], columns: Sequence[str], key: Key | None) -> Json:
    names = [wrapped(say(name), _NARROW_NAME, 2) for name in row_names]
    count, shown = len(columns), min(len(columns), _COLUMNS_SHOWN_NARROW)
    labelled = [i for i in _columns_at(count, ceil(count / shown * _COLUMNS_NARROW)) if i >= count - shown]
    cut = shown < count
    labels = _LABELS_PX + (22 if cut else 0)
    top = labels + (key.px(KEY_NARROW_PX) if key else 0)
    left = max(text_px(name.replace("<br>", "\n"), 11) for name in names) + 8
    return {
        "yaxis.ticktext": names,
        "yaxis.tickfont.size": 11,
        "margin.l": left,
        "margin.r": 24,
        "margin.t": top,
        "xaxis.range": [count - shown - 0.5, count - 0.5],
        "xaxis.tickvals": labelled,
        "xaxis.ticktext": [safe(columns[i]) for i in labelled],
        "xaxis.title.text": say("{} cột gần nhất", shown) if cut else "",
        "height": (ROW_PX + 4) * len(row_names) + top + 8,
        "annotations": [key.note(KEY_NARROW_PX, left, labels)] if key else [],
    }


def _columns_at(count: int, most: int) -> list[int]:
    step = ceil(count / most)
    return list(range((count - 1) % step, count, step))
