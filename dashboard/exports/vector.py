"""A chart as SVG text in the look of the screen, without a browser: for PDF, and for whoever wants the picture of a card on a server."""

from __future__ import annotations

from typing import Final

from dashboard.charts import Chart, Form
from dashboard.exports.vector_canvas import Canvas
from dashboard.exports.vector_grids import HEAD_PX, grid, tiles
from dashboard.exports.vector_rows import row_chart, row_height
from dashboard.exports.vector_time import time_chart
from dashboard.figures.marks import ROW_PX
from dashboard.theme import FONT

WIDTH: Final = 760
_OVER_TIME: Final = (Form.LINE, Form.COLUMNS)


def svg(chart: Chart, *, width: float = WIDTH, font: str = FONT, alt_text: str = "") -> str:
    """The whole chart in one picture, `width` pixels wide and as high as it needs. `font` is a list of families as CSS writes it.

    Raises:
        ValueError: the chart has no categories or no series: there is nothing to draw.
    """
    return _all(chart, width, None, font)[0].svg(alt_text)


def svgs(chart: Chart, *, width: float = WIDTH, height: float | None = None, font: str = FONT) -> tuple[str, ...]:
    """The chart in as many pictures as it needs when none may be higher than `height` pixels: charts with rows are cut between rows, on one scale.

    Raises:
        ValueError: the chart has no categories or no series: there is nothing to draw.
    """
    return tuple(canvas.svg() for canvas in _all(chart, width, height, font))


def height_of(drawn: str) -> float:
    """The height of a picture in pixels, as its first tag says it."""
    return float(drawn.partition('height="')[2].partition('"')[0])


def _all(chart: Chart, width: float, height: float | None, font: str) -> list[Canvas]:
    if not chart.categories or not chart.series:
        message = "a chart without categories or series has nothing to draw"
        raise ValueError(message)
    return [_draw(chart, width, font, shown) for shown in _pieces(chart, width, height)]


def _pieces(chart: Chart, width: float, height: float | None) -> list[range]:
    """Rows of about the same number a picture; charts over time and maps are one."""
    count = len(chart.categories)
    if height is None or chart.form in _OVER_TIME or chart.form is Form.TILES:
        return [range(count)]
    tall = ROW_PX if chart.form is Form.GRID else row_height(chart, width)
    most = max(1, int((height - 2 * HEAD_PX) / tall))
    pieces = -(-count // most)
    each = -(-count // pieces)
    return [range(start, min(start + each, count)) for start in range(0, count, each)]


def _draw(chart: Chart, width: float, font: str, shown: range) -> Canvas:
    if chart.form in _OVER_TIME:
        return time_chart(chart, width, font)
    if chart.form is Form.GRID:
        return grid(chart, width, font, shown)
    if chart.form is Form.TILES:
        return tiles(chart, width, font)
    return row_chart(chart, width, font, shown)
