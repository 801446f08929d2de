"""The tile map: a square for each area in about its place. Every tile can say its own words and carry its own link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from config.language import say
from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, number_of
from dashboard.figures.marks import clean, empty, known, lines_of, safe
from dashboard.figures.shades import color_of, missing_cells, scale, shaded
from dashboard.theme import LIGHT, Figure, Json, on

_TILE_PX: Final = 62
_TILE_NARROW_PX: Final = 46


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
    trace = {**shaded(marks | {"z": z}, [], hover, links), "showscale": True, "colorbar": bar}
    return {"data": [missing_cells(gone), trace], "layout": _tile_layout(tiles, count, width, low, top), "chart": tile_chart(tiles, scale_name, low, top)}


def top_of(tiles: Sequence[Tile]) -> float:
    """The end of the scale: the highest value."""
    return max(known([tile.value for tile in tiles]), default=0) or 1.0


def tile_chart(tiles: Sequence[Tile], name: str, low: float, high: float) -> Chart:
    """What a map of tiles says, for files."""
    values = clean([tile.value for tile in tiles])
    colors = tuple(color_of(value, low, high) for value in values)
    labels = tuple(tile.text for tile in tiles)
    series = ChartSeries(name, tuple(values), LIGHT.accent, colors, labels)
    places = tuple((tile.row, tile.column) for tile in tiles)
    return Chart(Form.TILES, tuple(tile.name for tile in tiles), (series,), number_of(values, labels=labels), places=places)


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
