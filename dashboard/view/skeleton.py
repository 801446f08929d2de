"""What stands in the place of a page until it comes: shapes of about its size, so that nothing moves."""

from __future__ import annotations

from typing import Any

from dash import html

from config.language import say


def skeleton() -> list[Any]:
    """Presets, heading, a card of headline figures, two charts."""
    state = html.Div(_bones("preset"), className="state state--skeleton")
    heading = html.Div(_bones("title", "text", "text"), className="page__header")
    figures = html.Section([*_bones("text", "title", "text"), html.Div(_bones(*["number"] * 4), className="skeleton-kpis")], className=_CARD)
    charts = [html.Section(_bones("text", "title", "chart"), className=_CARD) for _ in range(2)]
    grid = html.Div([figures, *charts], className="grid")
    return [html.Div([state, heading, grid], role="group", **{"aria-busy": "true", "aria-label": say("Đang tải số liệu")})]


_CARD = "grid__item grid__item--12 chart-card"


def _bones(*kinds: str) -> list[html.Span]:
    return [html.Span(className=f"skeleton skeleton--{kind}") for kind in kinds]
