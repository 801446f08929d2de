"""The generic callbacks that serve every card and page. No page registers one of its own."""

from __future__ import annotations

from typing import Any, Final

import dash
from dash import Input, Output, ctx, no_update

from dashboard import view
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.tables import TableState
from dashboard.view import Look
from queries.filters import Filters

CONTROLS: Final = view.CONTROLS


def register(app: dash.Dash, feed: Feed, look: Look, office: Office) -> None:
    """Register the callbacks: address ↔ controls, and address → page."""

    @app.callback(
        Output("url", "search"),
        *(Output(control.id, "value") for control in CONTROLS),
        *(Output(control.id, "options") for control in CONTROLS if control.keeps_unknown),
        Input("url", "search"),
        *(Input(control.id, "value") for control in CONTROLS),
    )
    def sync(search: str | None, *control_values: Any) -> tuple[Any, ...]:
        filters, state = Filters.from_query(search or ""), TableState.from_query(search or "")
        if ctx.triggered_id in (None, "url"):
            return (no_update, *view.control_values(filters), *view.control_options(filters, feed))
        wanted = view.search_of(view.filters_of(filters, dict(zip((c.id for c in CONTROLS), control_values, strict=True)), str(ctx.triggered_id)), state)
        unchanged = wanted == view.search_of(filters, state)
        return (no_update if unchanged else wanted, *[no_update] * len(CONTROLS), *[no_update] * sum(c.keeps_unknown for c in CONTROLS))

    @app.callback(
        Output("page", "children"),
        Output("notices", "children"),
        Output("navigation", "children"),
        Output("data-date", "children"),
        Input("url", "pathname"),
        Input("url", "search"),
    )
    def load(path: str | None, search: str | None) -> tuple[Any, Any, Any, Any]:
        return view.page(feed, look, office, path or "/", search or "")
