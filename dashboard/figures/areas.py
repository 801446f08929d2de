"""A map of areas by their own boundaries: filled shapes on nothing, no base map, no line around the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dashboard.figures.marks import clean, empty, safe, text_px
from dashboard.figures.shades import color_of, scale
from dashboard.figures.tiles import Tile, scale_bar, tile_chart, top_of
from dashboard.theme import LIGHT, Figure, Json, on

_TOP_PX: Final = 56
_WIDTH_PX: Final = 760
_NARROW_PX: Final = 340
_REACH_PX: Final = 60
_NAME_PX: Final = 10
_LESS: Final = 0.85  # the lines above and below may be shorter

Ring = Sequence[tuple[float, float]]


def shapes(
    *,
    tiles: Sequence[Tile],
    rings: Mapping[str, Sequence[Ring]],
    centres: Mapping[str, tuple[float, float, float]],
    size: tuple[float, float],
    keys: Sequence[str],
    scale_name: str = "",
    low: float = 0.0,
) -> Figure:
    """Areas in their own shape, coloured from `low` to the highest value, with a small scale on top; `keys` names the rings of each tile.

    `centres` are a point inside each and the room there, in the units of the rings: a name that is wider is left to hover and table, as all words are on a
    narrow screen. Hover and link belong to the nearest centre. Files show the areas as tiles.
    """
    if not tiles:
        return empty()
    top = top_of(tiles)
    drawn = [_area(tile, rings[key], low, top) for tile, key in zip(tiles, keys, strict=True)]
    middles = [centres[key] for key in keys]
    words = [_words(tile, middle, _WIDTH_PX / (size[0] or 1), low, top) for tile, middle in zip(tiles, middles, strict=True)]
    data = [*drawn, _points(tiles, middles, scale_name, low, top)]
    return {"data": data, "layout": _layout(size, words), "chart": tile_chart(tiles, scale_name, low, top)}


def _area(tile: Tile, rings: Sequence[Ring], low: float, top: float) -> Json:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for ring in rings:
        if xs:
            xs.append(None)
            ys.append(None)
        xs += [x for x, _ in ring]
        ys += [y for _, y in ring]
    line = {"color": LIGHT.card, "width": 1}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "fill": "toself",
        "fillcolor": color_of(tile.value, low, top),
        "line": line,
        "hoverinfo": "skip",
    }


def _words(tile: Tile, middle: tuple[float, float, float], px: float, low: float, top: float) -> Json:
    x, y, room = middle
    fits = text_px(tile.name, _NAME_PX) <= room * px * _LESS
    return {
        "x": x,
        "y": y,
        "text": (f"{safe(tile.name)}<br>" if fits else "") + f"<b>{safe(tile.text)}</b>",
        "showarrow": False,
        "font": {"size": _NAME_PX, "color": on(color_of(tile.value, low, top))},
        "captureevents": False,
    }


def _points(tiles: Sequence[Tile], middles: Sequence[tuple[float, float, float]], name: str, low: float, top: float) -> Json:
    """What is pointed at, and the scale; the points themselves are not seen."""
    colors = {"colorscale": scale(), "cmin": low, "cmax": top, "showscale": True, "colorbar": scale_bar(name, low, top)}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _, _ in middles],
        "y": [y for _, y, _ in middles],
        "marker": {"size": 1, "opacity": 0, "color": [value if value is not None else low for value in clean([tile.value for tile in tiles])], **colors},
        "hoverinfo": "text",
        "hovertext": [safe(tile.hover or f"{tile.name}\n{tile.text}") for tile in tiles],
        "customdata": [tile.link for tile in tiles],
    }


def _layout(size: tuple[float, float], words: list[Json]) -> Json:
    """One scale both ways."""
    width, height = size
    axis = {"visible": False, "constrain": "domain"}
    share = height / (width or 1)
    return {
        "height": round(_WIDTH_PX * share) + _TOP_PX + 8,
        "margin": {"l": 0, "r": 0, "t": _TOP_PX, "b": 8},
        "xaxis": {**axis, "range": [0, width]},
        "yaxis": {**axis, "range": [0, height], "scaleanchor": "x"},
        "showlegend": False,
        "hovermode": "closest",
        "hoverdistance": _REACH_PX,
        "annotations": words,
        "meta": {"narrow": {"annotations": [], "height": round(_NARROW_PX * share) + _TOP_PX + 8}},
    }
