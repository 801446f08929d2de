"""What the browser's part is measured against: a stock Dash over the same answers, showing the charts of the overview and nothing else.

Everything is Dash's own: its scripts, its settings, `plotly.graph_objects` with its template, one callback. Run by gunicorn as the dashboard is.
"""

from __future__ import annotations

import os

import dash
import plotly.graph_objects as go
from dash import Input, Output, dcc, html

from dashboard.cards import Asked
from dashboard.pages import PAGES
from dashboard.view.controls import period_options
from queries.data import Data, open_data
from queries.filters import Filters

DATA_VARIABLE = "BENCH_DATA"


def figures(data: Data, query: str) -> list[go.Figure]:
    """The charts of the overview as objects of plotly."""
    drawn = [card.drawing(Asked(data, Filters.from_query(query), path="/")).figure for card in PAGES[0].cards]
    return [go.Figure(data=figure["data"], layout=figure["layout"]) for figure in drawn if figure is not None]


def create_app(data: Data) -> dash.Dash:
    """The charts, and a list of periods that draws them anew."""
    app = dash.Dash("stock")
    options = [{"value": one["value"], "label": one["label"]} for one in period_options(data.as_of, data.first_on)]
    app.layout = html.Div([dcc.Dropdown(options, options[0]["value"], id="f-ky", clearable=False), html.Div(id="page")])

    @app.callback(Output("page", "children"), Input("f-ky", "value"))
    def load(period: str) -> list[dcc.Graph]:
        return [dcc.Graph(figure=figure) for figure in figures(data, f"ky={period}")]

    return app


if url := os.environ.get(DATA_VARIABLE):
    server = create_app(open_data(url)).server
