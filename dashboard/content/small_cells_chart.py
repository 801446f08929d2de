"""Small counts in charts: a hidden value is missing; a waterfall, whose steps add up, is left out as a whole."""

from __future__ import annotations

from dataclasses import replace
from math import isclose
from typing import Final

from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, Number
from dashboard.content.small_cells_words import Hidden

_WIDTHS: Final = (26, 28, 30, 32, 36, 40, 46, 48, 60, 68, 70, 90)


def chart_without(chart: Chart, hidden: Hidden, least: int) -> Chart | None:
    """The chart without hidden values; None for a waterfall with one, because its other steps would give it away."""
    named = {category: _row_of(category, hidden) for category in chart.categories}
    series = tuple(_series(one, chart, named, hidden, least) for one in chart.series)
    if series == chart.series:
        return chart
    return None if chart.form is Form.STEPS else replace(chart, series=series)


def _row_of(category: str, hidden: Hidden) -> str | None:
    """The name of the table's row that a category stands for; None where it is none."""
    if category in hidden.names:
        return category
    if not category.endswith("…"):
        return None
    return next((name for name in hidden.names if any(text.shorten(name, width) == category for width in _WIDTHS)), None)


def _series(series: ChartSeries, chart: Chart, named: dict[str, str | None], hidden: Hidden, least: int) -> ChartSeries:
    everything = tuple(value for values in hidden.by_name.values() for value in values)
    values: list[float | None] = []
    for category, value in zip(chart.categories, series.values, strict=True):
        row = named[category]
        known = everything if row is None else hidden.by_name.get(row, ())
        values.append(None if value is not None and _is_hidden(value, known, chart, least) else value)
    if tuple(values) == series.values:
        return series
    labels = tuple(text.MISSING if new is None and old is not None else label for new, old, label in zip(values, series.values, series.labels, strict=False))
    return replace(series, values=tuple(values), labels=labels)


def _is_hidden(value: float, known: tuple[float, ...], chart: Chart, least: int) -> bool:
    if chart.number is Number.WHOLE and 0 < value < least and chart.form is not Form.STEPS:
        return True
    shown = value / 100 if chart.number is Number.PERCENT else value
    return any(isclose(shown, other, rel_tol=1e-9) for other in known)
