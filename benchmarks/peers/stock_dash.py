"""The baseline: stock Dash with plotly.express, eight charts of the same nine questions on the same file, one callback a page, nothing kept."""

from __future__ import annotations

import sys
from pathlib import Path

import dash
import duckdb
import plotly.express as px
from dash import Input, Output, dcc, html

from benchmarks.engine import NINE

CHARTS = 8


def create_app(path: Path) -> dash.Dash:
    """Eight charts that a change of the address draws anew."""
    connection = duckdb.connect(str(path), read_only=True, config={"threads": 1})
    app = dash.Dash("stock")
    app.layout = html.Div([dcc.Location(id="url"), html.Div(id="page")])

    @app.callback(Output("page", "children"), Input("url", "search"))
    def load(_search: str | None) -> list[dcc.Graph]:
        frames = [connection.cursor().execute(text).df() for text in NINE]
        return [dcc.Graph(figure=px.bar(frame, x=frame.columns[0], y=list(frame.select_dtypes("number").columns))) for frame in frames[1 : CHARTS + 1]]

    return app


if __name__ == "__main__":
    create_app(Path(sys.argv[1])).run(port=int(sys.argv[2]))
