"""What every chart of every card keeps to, whatever it shows: the rules of docs/decisions/0013-the-screen.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard import theme
from dashboard.cards import Asked, Drawing
from dashboard.charts import Form
from dashboard.pages import CARDS
from queries.data import Data, open_data
from queries.filters import Filters
from queries.sentence import CHANNEL_NAMES

STATES = ("", "dv=SKHCN&tc=hien-nay", "ky=2025-Q2&lich=bao-cao&ss=khong")
CHANNEL_OF = {CHANNEL_NAMES[key].capitalize(): color for key, color in (("post", "post"), ("online", "online"), ("counter", "counter"), ("-", "not_recorded"))}
OWN = {theme.LIGHT.online, theme.LIGHT.counter}  # of one channel and nothing else; the green of the post is the accent too
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def drawings(demo_url: str) -> list[tuple[str, Drawing]]:
    """All cards in all states, drawn once."""
    data: Data = open_data(demo_url)
    return [(f"{address}?{query}", card.drawing(Asked(data, Filters.from_query(query), path="/"))) for address, card in CARDS.items() for query in STATES]


def traces(drawings: list[tuple[str, Drawing]]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Name, trace and layout of everything that is drawn."""
    for name, drawing in drawings:
        if drawing.figure is not None:
            for trace in drawing.figure["data"]:
                yield name, trace, drawing.figure["layout"]


def test_charts_are_drawn_at_all(drawings: list[tuple[str, Drawing]]) -> None:
    drawn = {name.partition("?")[0] for name, _, _ in traces(drawings)}
    forms = {drawing.figure["chart"].form for _, drawing in drawings if drawing.figure is not None and "chart" in drawing.figure}
    assert len(drawn) > len(CARDS) / 3
    assert {Form.LINE, Form.COLUMNS, Form.BARS, Form.GRID} <= forms


def test_no_chart_has_a_second_value_axis(drawings: list[tuple[str, Drawing]]) -> None:
    for name, trace, layout in traces(drawings):
        assert not {"yaxis2", "xaxis2"} & set(layout), name
        assert trace.get("yaxis", "y") == "y", name


def test_a_pie_has_at_most_three_parts(drawings: list[tuple[str, Drawing]]) -> None:
    assert [name for name, trace, _ in traces(drawings) if trace["type"] in ("pie", "sunburst", "treemap") and len(trace["values"]) > 3] == []


def test_bars_begin_at_zero_or_are_no_bars(drawings: list[tuple[str, Drawing]]) -> None:
    """Steps between two totals have a base of their own; where their axis is cut, the chart says so and its totals are points."""
    for name, trace, layout in traces(drawings):
        if trace["type"] != "bar":
            continue
        low, high = layout["xaxis" if trace.get("orientation") == "h" else "yaxis"]["range"]
        if low <= 0 <= high:
            continue
        assert "base" in trace, name
        assert any("không bắt đầu từ 0" in note["text"] for note in layout["annotations"]), name


def test_values_over_time_begin_at_zero(drawings: list[tuple[str, Drawing]]) -> None:
    for name, drawing in drawings:
        if drawing.figure is not None and "chart" in drawing.figure and drawing.figure["chart"].form is Form.LINE:
            assert drawing.figure["layout"]["yaxis"]["range"][0] <= 0, name


def test_names_stand_on_the_vertical_axis(drawings: list[tuple[str, Drawing]]) -> None:
    """Upright columns are for months and quarters; whatever has a name lies."""
    for name, drawing in drawings:
        chart = drawing.figure.get("chart") if drawing.figure is not None else None
        if chart is not None and chart.form is Form.COLUMNS:
            assert all(re.search(r"\d", label) for label in chart.categories), name


def test_a_channel_has_its_colour_and_no_other_series_takes_it(drawings: list[tuple[str, Drawing]]) -> None:
    seen = set()
    for name, drawing in drawings:
        chart = drawing.figure.get("chart") if drawing.figure is not None else None
        if chart is None or chart.is_table:
            continue
        for series in chart.series:
            if series.name in CHANNEL_OF:
                seen.add(series.name)
                assert series.color == theme.CHANNEL[CHANNEL_OF[series.name]], (name, series.name)
            else:
                assert not OWN & {series.color, *series.colors}, (name, series.name)
    assert seen == set(CHANNEL_OF)


def test_every_colour_of_a_chart_has_a_dark_counterpart(drawings: list[tuple[str, Drawing]]) -> None:
    for name, drawing in drawings:
        if drawing.figure is not None:
            whole = {key: value for key, value in theme.finish(drawing.figure).items() if key != "chart"}
            assert set(re.findall(r"#[0-9a-f]{6}\b", str(whole))) <= set(theme.DARK_OF), name


def test_lines_and_parts_are_named_in_the_chart_and_not_in_a_legend_box(drawings: list[tuple[str, Drawing]]) -> None:
    for name, drawing in drawings:
        chart = drawing.figure.get("chart") if drawing.figure is not None else None
        if drawing.figure is None or chart is None or not chart.categories or chart.is_table:
            continue
        assert drawing.figure["layout"]["showlegend"] is False, name
        if len(chart.series) > 1:
            words = " ".join(note["text"] for note in drawing.figure["layout"].get("annotations", ()))
            for series in chart.series:
                assert series.name.split()[0] in words, (name, series.name)


def test_an_unfinished_month_is_drawn_unfinished(demo_url: str) -> None:
    data = open_data(demo_url)
    unfinished = 0
    for address, card in CARDS.items():
        drawing = card.drawing(Asked(data, Filters.from_query("lich=bao-cao"), path="/"))
        chart = drawing.figure.get("chart") if drawing.figure is not None else None
        if chart is None or chart.form not in (Form.LINE, Form.COLUMNS):
            continue
        if all(series.unfinished_from is None for series in chart.series):
            continue
        unfinished += 1
        drawn = drawing.figure["data"] if drawing.figure is not None else []
        assert any("dash" in trace.get("line", {}) or "pattern" in trace.get("marker", {}) for trace in drawn), address
    assert unfinished > 0


def test_every_chart_has_a_message_and_says_what_where_and_when(drawings: list[tuple[str, Drawing]]) -> None:
    for name, drawing in drawings:
        if drawing.figure is not None and not drawing.is_empty:
            assert drawing.title, name
            assert drawing.subtitle, name
