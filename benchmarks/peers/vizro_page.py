"""The eight charts as Vizro's documentation writes a page: dynamic data with a parameter, vizro.plotly.express. Served by gunicorn in its own environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import vizro.models as vm
import vizro.plotly.express as px
from flask_caching import Cache
from vizro import Vizro
from vizro.managers import data_manager

sys.path.insert(0, str(Path(__file__).resolve().parent))
from questions import EIGHT, YEAR, Question

WHOLE = "Toàn tỉnh"
database = duckdb.connect(os.environ["PEER_DATABASE"], read_only=True)
data_manager.cache = Cache(config={"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 3600})


def loader(question: Question) -> Callable[[str], pd.DataFrame]:
    """What Vizro calls for the data of a chart."""

    def load(agency: str = WHOLE) -> pd.DataFrame:
        return database.cursor().execute(question.sql(YEAR, "" if agency == WHOLE else agency)).df()

    return load


def chart(question: Question) -> vm.Graph:
    """One chart of dynamic data."""
    data_manager[question.name] = loader(question)
    labels = [label for label, _ in question.counts]
    if question.split:
        return vm.Graph(id=f"chart-{question.name}", figure=px.bar(question.name, x=question.by, y=labels[0], color=question.split), title=question.title)
    return vm.Graph(id=f"chart-{question.name}", figure=px.bar(question.name, x=question.by, y=labels), title=question.title)


codes = [row[0] for row in database.execute("SELECT agency_code FROM agencies ORDER BY 1").fetchall()]
choice = vm.Parameter(
    targets=[f"chart-{question.name}.data_frame.agency" for question in EIGHT],
    selector=vm.Dropdown(options=[WHOLE, *codes], value=WHOLE, multi=False, title="Đơn vị"),
)
page = vm.Page(title="Bưu chính", components=[chart(question) for question in EIGHT], layout=vm.Grid(grid=[[0, 1], [2, 3], [4, 5], [6, 7]]), controls=[choice])
app = Vizro().build(vm.Dashboard(pages=[page]))
