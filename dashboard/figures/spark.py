"""A tiny line for a KPI card, as a picture address for an `<img>`: no chart library, no script."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dashboard.figures.marks import clean, known
from dashboard.theme import LIGHT

_PAD = 4.0


def sparkline(values: Sequence[float | None], *, color: str = LIGHT.accent, width: int = 132, height: int = 36) -> str:
    """An SVG as a `data:` address: a line from zero or the lowest negative, broken where a value is missing, a dot on the last one; empty when none."""
    points = _points(clean(values), width, height)
    pieces: list[str] = []
    for run in _runs(points):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        pieces.append(f"<polyline points='{path}' fill='none' stroke='{color}' stroke-width='1.75' stroke-linecap='round' stroke-linejoin='round'/>")
    there = [point for point in points if point is not None]
    if there:
        pieces.append(f"<circle cx='{there[-1][0]:.1f}' cy='{there[-1][1]:.1f}' r='2.75' fill='{color}'/>")
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>{''.join(pieces)}</svg>"
    return "data:image/svg+xml," + quote(svg, safe="=:/',")


def _points(values: Sequence[float | None], width: int, height: int) -> list[tuple[float, float] | None]:
    there = known(values)
    low, high = min([0.0, *there]), max([0.0, *there])
    span = (high - low) or 1.0
    step = (width - 2 * _PAD) / max(len(values) - 1, 1)
    return [None if value is None else (_PAD + row * step, height - _PAD - (value - low) / span * (height - 2 * _PAD)) for row, value in enumerate(values)]


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]
