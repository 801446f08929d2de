"""The eight charts as Streamlit's documentation writes a page: cached connection and frames, plotly.express. Run by "streamlit run" in its own environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import duckdb
import pandas as pd
import plotly.express as px
import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parent))
from questions import EIGHT, YEAR


@st.cache_resource
def database() -> duckdb.DuckDBPyConnection:
    """The file, opened once."""
    return duckdb.connect(os.environ["PEER_DATABASE"], read_only=True)


@st.cache_data
def asked(sql: str) -> pd.DataFrame:
    """The answer to a question."""
    return database().cursor().execute(sql).df()


st.set_page_config(layout="wide")
agency = st.selectbox("Đơn vị", ["", *asked("SELECT agency_code FROM agencies ORDER BY 1")["agency_code"]])
columns = st.columns(2)
for number, question in enumerate(EIGHT):
    figure = px.bar(
        asked(question.sql(YEAR, agency)), x=question.by, y=[label for label, _ in question.counts], color=question.split or None, title=question.title
    )
    columns[number % 2].plotly_chart(figure, key=question.name)
