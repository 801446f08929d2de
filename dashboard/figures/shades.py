"""Cells that are shaded by a value, on one scale of colours from little to much."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.figures.marks import clean, safe
from dashboard.theme import LIGHT, SCALE, Json

Cells = Sequence[Sequence[str | None]]


def scale() -> list[list[float | str]]:
    """The colours of a scale by their share of it."""
    return [[number / (len(SCALE) - 1), color] for number, color in enumerate(SCALE)]


def color_at(share: float) -> str:
    """The colour that plotly paints at a share of the scale, mixed between two stops, so that the ink on it is chosen rightly."""
    place = min(max(share, 0), 1) * (len(SCALE) - 1)
    left = min(int(place), len(SCALE) - 2)
    stops = [[int(SCALE[number][at : at + 2], 16) for at in (1, 3, 5)] for number in (left, left + 1)]
    mixed = (round(low + (high - low) * (place - left)) for low, high in zip(*stops, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def color_of(value: float | None, low: float, high: float) -> str:
    """The colour of an area of this value; grey where it is missing."""
    known_value = clean([value])[0]
    return LIGHT.missing if known_value is None else color_at((known_value - low) / ((high - low) or 1))


def shaded(marks: Json, words: Sequence[Sequence[str]], hover: Sequence[Sequence[str]], links: Cells | None) -> Json:
    """The trace of the cells. The font size is left open: plotly.js then fits it to the cell."""
    trace: Json = {"type": "heatmap", "showscale": False, "xgap": 2, "ygap": 2, "hoverinfo": "text", "hovertext": hover, **marks}
    if words:
        trace |= {"text": [[safe(cell) for cell in row] for row in words], "texttemplate": "%{text}"}
    if links is not None:
        trace["customdata"] = [list(row) for row in links]
    return trace


def missing_cells(cells: Sequence[Sequence[float | None]]) -> Json:
    """A trace that paints grey what has no value."""
    z = [[0 if value is None else None for value in row] for row in cells]
    flat = [[0, LIGHT.missing], [1, LIGHT.missing]]
    return {"type": "heatmap", "z": z, "zmin": 0, "zmax": 1, "colorscale": flat, "showscale": False, "xgap": 2, "ygap": 2, "hoverinfo": "skip"}
