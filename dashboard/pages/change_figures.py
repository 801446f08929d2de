"""Limits behind the charts of the page “Biến động”: the band of a line over time, the limits of each bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from config.language import say
from dashboard import figures, text
from dashboard.figures import Figure
from dashboard.theme import LIGHT, Json
from queries.signal import RateWord, Word

Row = Mapping[str, Any]
BAND: Final = {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": LIGHT.grid}


def banded(figure: Figure, rows: Sequence[Row]) -> Figure:
    """A line chart of months with the band between their limits, and a ring around each month that is a real change."""
    limits = next(((float(row["lower"]), float(row["upper"])) for row in rows if not text.is_missing(row["lower"])), None)
    if limits is None:
        return figure
    band = {**BAND, "x0": -0.5, "x1": len(rows) - 0.5, "y0": limits[0], "y1": limits[1]}
    real = [place for place, row in enumerate(rows) if row["word"] == Word.REAL]
    rings = {
        "type": "scatter",
        "mode": "markers",
        "x": real,
        "y": [float(rows[place]["value"]) for place in real],
        "marker": {"symbol": "circle-open", "size": 13, "color": LIGHT.ink, "line": {"width": 2, "color": LIGHT.ink}},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    layout = figure["layout"] | {"shapes": [band, *figure["layout"].get("shapes", [])]}
    data: list[Json] = [rings, *figure["data"]] if real else figure["data"]
    return {**figure, "data": data, "layout": layout}


def limited(rows: Sequence[Row]) -> Figure:
    """Bars of rates in percent, each before the grey stretch of its limits, with the province's rate as a line down all of them."""
    figure = figures.bars(
        names=[row["agency_name"] for row in rows],
        values=[float(row["rate"]) * 100 for row in rows],
        texts=[_end(row) for row in rows],
        hovers=[_hover(row) for row in rows],
        links=[row["link"] for row in rows],
        colors=[_color(row) for row in rows],
    )
    stretches = [
        {**BAND, "x0": float(row["lower"]) * 100, "x1": float(row["upper"]) * 100, "y0": place - 0.46, "y1": place + 0.46} for place, row in enumerate(rows)
    ]
    province = float(rows[0]["province_rate"]) * 100
    line = {
        "type": "line",
        "x0": province,
        "x1": province,
        "y0": -0.5,
        "y1": len(rows) - 0.5,
        "layer": "below",
        "line": {"width": 1, "color": LIGHT.ink, "dash": "dot"},
    }
    most = max(float(row[key]) * 100 for row in rows for key in ("rate", "upper"))
    layout = figure["layout"] | {"shapes": [*stretches, line], "xaxis": figure["layout"]["xaxis"] | {"range": [0, most]}}
    return {**figure, "layout": layout}


def _end(row: Row) -> str:
    rate = text.percent(row["numerator"], row["denominator"])
    return f"{rate} · {row['side']}" if row["word"] == RateWord.REAL else rate


def _color(row: Row) -> str:
    """Colours of judgement only where the difference is real; the word stands beside it."""
    if row["word"] != RateWord.REAL:
        return LIGHT.quiet
    return LIGHT.up if row["rate"] > row["province_rate"] else LIGHT.down


def _hover(row: Row) -> str:
    rate = say("{} ({} trong {} kết quả)", text.percent(row["numerator"], row["denominator"]), text.whole(row["numerator"]), text.whole(row["denominator"]))
    limits = say("giới hạn {} đến {}", text.percent(float(row["lower"]), 1), text.percent(float(row["upper"]), 1))
    return f"{row['agency_name']}\n{rate}\n{limits}: {row['side']}"
