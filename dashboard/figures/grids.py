"""Grids: heat map, status strip, tile map. Every cell can say its own words and carry its own link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from config.language import say
from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, number_of
from dashboard.figures.marks import KEY_NARROW_PX, KEY_WIDE_PX, ROW_PX, Key, clean, empty, known, lines_of, rows, safe, text_px, wrapped
from dashboard.theme import LIGHT, SCALE, Figure, Json, on

_COLUMNS_WIDE: Final = 12
_COLUMNS_NARROW: Final = 4
_COLUMNS_SHOWN_NARROW: Final = 12
_LABELS_PX: Final = 30
_NARROW_NAME: Final = 15
_TILE_PX: Final = 62
_TILE_NARROW_PX: Final = 46

Cells = Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class State:
    """One value of a status strip: its label in the legend, its colour, the symbol in its cells."""

    label: str
    color: str
    symbol: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", say(self.label))


@dataclass(frozen=True)
class Tile:
    """One area on the tile map: short name, place (row and column from 0), value (None for missing), printed value, link, hover words."""

    name: str
    row: int
    column: int
    value: float | None
    text: str
    link: str | None = None
    hover: str = ""


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
    colors = [[LIGHT.missing if value is None else _color_at(value / top) for value in row] for row in cells]
    chart = _grid_chart(row_names, column_labels, cells, words, colors)
    return {"data": [_missing_cells(cells), _cells(marks, words, hover, links)], "layout": layout, "chart": chart}


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
    return {"data": [_cells(marks, symbols, _grid_hovers(row_names, column_labels, said, hovers), links)], "layout": layout, "chart": chart}


def tiles(*, tiles: Sequence[Tile], scale_name: str = "", low: float = 0.0, high: float | None = None) -> Figure:
    """Areas as equal squares in about their place on the map, coloured from `low` to `high` (default: the highest value), with a small scale on top.

    A missing value is grey with `–`. A narrow screen leaves the printed value to hover and table. Rows and columns start at 0, top left.

    Raises:
        ValueError: two tiles on one place.
    """
    if not tiles:
        return empty()
    if len({(tile.row, tile.column) for tile in tiles}) < len(tiles):
        message = "two tiles on one place"
        raise ValueError(message)
    count, width = max(tile.row for tile in tiles) + 1, max(tile.column for tile in tiles) + 1
    top = high if high is not None else top_of(tiles)
    marks: Json = {"zmin": low, "zmax": top, "colorscale": scale()}
    z: list[list[float | None]] = [[None] * width for _ in range(count)]
    gone: list[list[float | None]] = [[0.0] * width for _ in range(count)]
    hover = [[""] * width for _ in range(count)]
    links: list[list[str | None]] = [[None] * width for _ in range(count)]
    for tile in tiles:
        value = clean([tile.value])[0]
        z[tile.row][tile.column] = value
        gone[tile.row][tile.column] = None if value is None else 0.0
        hover[tile.row][tile.column] = safe(tile.hover or f"{tile.name}\n{tile.text}")
        links[tile.row][tile.column] = tile.link
    bar = scale_bar(scale_name, low, top)
    trace = {**_cells(marks | {"z": z}, [], hover, links), "showscale": True, "colorbar": bar}
    return {"data": [_missing_cells(gone), trace], "layout": _tile_layout(tiles, count, width, low, top), "chart": tile_chart(tiles, scale_name, low, top)}


def _grid_chart(names: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]], words: Cells, colors: Sequence[Sequence[str]]) -> Chart:
    """One series a column, so that a cell has its value, its words and its colour."""
    series = tuple(
        ChartSeries(column, tuple(row[at] for row in values), LIGHT.missing, tuple(row[at] for row in colors), tuple(str(row[at] or "") for row in words))
        for at, column in enumerate(columns)
    )
    return Chart(Form.GRID, tuple(names), series, number_of([value for row in values for value in row]))


def top_of(tiles: Sequence[Tile]) -> float:
    """The end of the scale: the highest value."""
    return max(known([tile.value for tile in tiles]), default=0) or 1.0


def color_of(value: float | None, low: float, high: float) -> str:
    """The colour of an area of this value; grey where it is missing."""
    known_value = clean([value])[0]
    return LIGHT.missing if known_value is None else _color_at((known_value - low) / ((high - low) or 1))


def tile_chart(tiles: Sequence[Tile], name: str, low: float, high: float) -> Chart:
    """What a map of tiles says, for files."""
    values = clean([tile.value for tile in tiles])
    colors = tuple(color_of(value, low, high) for value in values)
    labels = tuple(tile.text for tile in tiles)
    series = ChartSeries(name, tuple(values), LIGHT.accent, colors, labels)
    places = tuple((tile.row, tile.column) for tile in tiles)
    return Chart(Form.TILES, tuple(tile.name for tile in tiles), (series,), number_of(values, labels=labels), places=places)


def _cells(marks: Json, words: Sequence[Sequence[str]], hover: Sequence[Sequence[str]], links: Cells | None) -> Json:
    """The font size is left open: plotly.js then fits it to the cell."""
    trace: Json = {"type": "heatmap", "showscale": False, "xgap": 2, "ygap": 2, "hoverinfo": "text", "hovertext": hover, **marks}
    if words:
        trace |= {"text": [[safe(cell) for cell in row] for row in words], "texttemplate": "%{text}"}
    if links is not None:
        trace["customdata"] = [list(row) for row in links]
    return trace


def _missing_cells(cells: Sequence[Sequence[float | None]]) -> Json:
    z = [[0 if value is None else None for value in row] for row in cells]
    flat = [[0, LIGHT.missing], [1, LIGHT.missing]]
    return {"type": "heatmap", "z": z, "zmin": 0, "zmax": 1, "colorscale": flat, "showscale": False, "xgap": 2, "ygap": 2, "hoverinfo": "skip"}


def scale() -> list[list[float | str]]:
    """The colours of a scale by their share of it."""
    return [[number / (len(SCALE) - 1), color] for number, color in enumerate(SCALE)]


def _color_at(share: float) -> str:
    """The colour that plotly paints at a share of the scale, mixed between two stops, so that the ink on it is chosen rightly."""
    place = min(max(share, 0), 1) * (len(SCALE) - 1)
    left = min(int(place), len(SCALE) - 2)
    stops = [[int(SCALE[number][at : at + 2], 16) for at in (1, 3, 5)] for number in (left, left + 1)]
    mixed = (round(low + (high - low) * (place - left)) for low, high in zip(*stops, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


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


def scale_bar(name: str, low: float, high: float) -> Json:
    """A small scale above the plot, on the left."""
    return {
        "orientation": "h",
        "thickness": 8,
        "len": 220,
        "lenmode": "pixels",
        "x": 0,
        "xanchor": "left",
        "xpad": 10,
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "ypad": 0,
        "outlinewidth": 0,
        "ticks": "",
        "tickvals": [low, high],
        "ticktext": [text.number(low), text.number(high)],
        "ticklabelposition": "outside bottom",
        "tickfont": {"size": 12, "color": LIGHT.ink_soft},
        "title": {"text": safe(say(name)), "side": "top", "font": {"size": 12, "color": LIGHT.ink_soft}},
    }


def _tile_layout(tiles: Sequence[Tile], count: int, width: int, low: float, high: float) -> Json:
    hidden = {"visible": False}
    top = 56
    layout: Json = {
        "height": count * _TILE_PX + top + 8,
        "margin": {"l": 0, "r": 0, "t": top, "b": 8},
        "xaxis": {**hidden, "range": [-0.5, width - 0.5]},
        "yaxis": {**hidden, "range": [count - 0.5, -0.5]},
        "showlegend": False,
        "hovermode": "closest",
        "annotations": [_tile_words(tile, low, high, narrow=False) for tile in tiles],
    }
    narrow = {"height": count * _TILE_NARROW_PX + top + 8, "annotations": [_tile_words(tile, low, high, narrow=True) for tile in tiles]}
    return layout | {"meta": {"narrow": narrow}}


def _tile_words(tile: Tile, low: float, high: float, *, narrow: bool) -> Json:
    fill = color_of(tile.value, low, high)
    name = lines_of(tile.name, 5 if narrow else 9, 3)
    words = "<br>".join(map(safe, name)) + ("" if narrow else f"<br><b>{safe(tile.text)}</b>")
    return {
        "x": tile.column,
        "y": tile.row,
        "text": words,
        "showarrow": False,
        "font": {"size": 9 if narrow else 11, "color": on(fill)},
        "captureevents": False,
    }
