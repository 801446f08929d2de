from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import figures, theme
from dashboard.figures import Figure, Mark, Part, Series, State, Tile

LETTERS = "Ẳ ẵ ệ ỗ ữ ự ỵ Đ đ — Mường Tè, Nậm Nhùn, Sìn Hồ"
LONG = "Cấp Phiếu lý lịch tư pháp theo yêu cầu của cơ quan nhà nước, tổ chức chính trị, tổ chức chính trị - xã hội " * 3
LEGEND = {"yes": State("Có trả qua bưu chính", "#83c0b8", "✓"), "no": State("Chưa trả qua bưu chính", "#bf3a22", "✕")}
Values = list[float | None]


def draw_line(names: list[str], values: Values) -> Figure:
    return figures.line(x_labels=names, series=[Series(LETTERS, values, "#0a6a66", dashed_from=len(names) - 1), Series("B", values, "#cb8114")])


def draw_stacked(names: list[str], values: Values) -> Figure:
    return figures.stacked(names=names, parts=[Part("A", values, "#0a6a66"), Part("B", [1.0 for _ in names], "#cb8114")])


def draw_columns(names: list[str], values: Values) -> Figure:
    return figures.columns_stacked(x_labels=names, parts=[Part("A", values, "#0a6a66"), Part("B", values, "#cb8114")], unfinished_from=1)


def draw_heat(names: list[str], values: Values) -> Figure:
    return figures.heat(row_names=names, column_labels=["T1", "T2"], values=[[value, None] for value in values])


def draw_strip(names: list[str], values: Values) -> Figure:
    states = [["no" if value is None else "yes", None] for value in values]
    return figures.strip(row_names=names, column_labels=["T1", "T2"], states=states, legend=LEGEND)


def draw_tiles(names: list[str], values: Values) -> Figure:
    return figures.tiles(tiles=[Tile(name, row, 0, value, "1") for row, (name, value) in enumerate(zip(names, values, strict=True))])


def draw_waterfall(names: list[str], values: Values) -> Figure:
    return figures.waterfall(names=names, deltas=values, start=100, end=120, start_name="Quý I", end_name="Quý II")


KINDS: dict[str, Callable[[list[str], Values], Figure]] = {
    "line": draw_line,
    "bars": lambda names, values: figures.bars(names=names, values=values, comparison=values),
    "stacked": draw_stacked,
    "columns": draw_columns,
    "heat": draw_heat,
    "strip": draw_strip,
    "tiles": draw_tiles,
    "waterfall": draw_waterfall,
    "pareto": lambda names, values: figures.pareto(names=names, values=values),
    "funnel": lambda names, values: figures.funnel(names=names, values=values),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def valid(figure: Figure) -> go.Figure:
    """The figure as plotly knows it: raises at an attribute or a value plotly.js would ignore."""
    return go.Figure(theme.finish(figure))


def texts_of(figure: Figure) -> str:
    return json.dumps([figure["data"], figure["layout"]], ensure_ascii=False)


@every_kind
def test_no_rows_give_a_chart_that_says_so(kind: str) -> None:
    figure = KINDS[kind]([], [])
    assert figure["data"] == []
    assert "Không có số liệu" in texts_of(figure)
    valid(figure)


@every_kind
def test_one_row_is_a_chart(kind: str) -> None:
    assert len(valid(KINDS[kind](["Sở Tư pháp"], [5])).data) > 0


@every_kind
@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_missing_values_pass_and_are_never_written_as_numbers(kind: str, missing: Any) -> None:
    figure = KINDS[kind](["A", "B", "C"], [3, missing, 1])
    valid(figure)
    json.dumps(theme.finish(figure), allow_nan=False)


@every_kind
def test_rows_without_any_value_are_drawn(kind: str) -> None:
    valid(KINDS[kind](["A", "B"], [None, None]))


@every_kind
def test_very_long_names_do_not_take_the_plot(kind: str) -> None:
    figure = KINDS[kind]([LONG, LONG + "2"], [3, 1])
    valid(figure)
    assert figure["layout"]["margin"]["l"] <= 320


@every_kind
def test_mark_up_in_a_name_is_shown_not_obeyed(kind: str) -> None:
    assert "<a href" not in texts_of(KINDS[kind](["<a href='x'>Sở", "B"], [3, 1]))


@every_kind
def test_a_narrow_screen_changes_only_attributes_that_exist(kind: str) -> None:
    figure = theme.finish(KINDS[kind](["A", "B", "C"], [3, None, 1]))
    layout = go.Figure(figure).layout
    for path, value in figure["layout"]["meta"]["narrow"].items():
        layout[path.replace(".", "_") if "." in path else path] = value


@every_kind
def test_a_figure_is_the_same_twice_and_finishing_twice_is_finishing_once(kind: str) -> None:
    once = theme.finish(KINDS[kind](["A", "B"], [3, 1]))
    assert theme.finish(theme.finish(KINDS[kind](["A", "B"], [3, 1]))) == once


@given(st.lists(st.one_of(st.none(), st.floats(min_value=-1e6, max_value=1e9, allow_nan=False)), min_size=1, max_size=8))
def test_bars_and_waterfalls_take_any_numbers(values: Values) -> None:
    names = [str(number) for number in range(len(values))]
    for draw in (KINDS["bars"], KINDS["waterfall"], KINDS["line"]):
        json.dumps(theme.finish(draw(names, values)), allow_nan=False)


def test_equal_names_stay_two_bars() -> None:
    figure = figures.bars(names=["Tân Phong", "Tân Phong"], values=[2, 1])
    assert figure["data"][0]["y"] == [0, 1]
    assert figure["layout"]["yaxis"]["ticktext"] == ["Tân Phong", "Tân Phong"]


def test_the_first_name_is_on_top_and_a_missing_value_is_a_dash() -> None:
    figure = figures.bars(names=["A", "B"], values=[1234, None])
    low, high = figure["layout"]["yaxis"]["range"]
    assert low > high
    assert figure["data"][0]["text"] == ["1.234", "–"]


def test_a_link_travels_in_customdata() -> None:
    assert figures.bars(names=["A", "B"], values=[2, 1], links=["?dv=A", None])["data"][0]["customdata"] == ["?dv=A", None]
    heat = figures.heat(row_names=["A"], column_labels=["T1", "T2"], values=[[1, 2]], links=[["?a", None]])
    assert heat["data"][-1]["customdata"] == [["?a", None]]
    tiles = figures.tiles(tiles=[Tile("A", 0, 1, 2, "2", "/don-vi?db=1")])
    assert tiles["data"][-1]["customdata"] == [[None, "/don-vi?db=1"]]


def test_one_hover_box_holds_every_line_of_a_month() -> None:
    figure = figures.line(
        x_labels=["tháng 1/2026"], series=[Series("Bưu chính", [1234], "#0a6a66"), Series("Trực tuyến", [None], "#cb8114")], links=["?ky=2026-01"]
    )
    box = figure["data"][-1]
    assert box["hovertext"] == ["<b>tháng 1/2026</b><br>Bưu chính: 1.234 hồ sơ<br>Trực tuyến: –"]
    assert box["customdata"] == ["?ky=2026-01"]
    assert {trace["hoverinfo"] for trace in figure["data"][:-1]} == {"skip"}


def test_an_unfinished_month_is_dashed_and_hollow() -> None:
    figure = figures.line(x_labels=["1", "2", "3"], series=[Series("A", [1, 2, 1], "#0a6a66", dashed_from=2)])
    solid, dashed, dots = figure["data"][:3]
    assert (solid["x"], dashed["x"]) == ([0, 1], [1, 2])
    assert "dash" in dashed["line"]
    assert dots["marker"]["color"] == [theme.LIGHT.card]


def test_a_gap_is_a_gap_and_a_lonely_point_is_a_dot() -> None:
    figure = figures.line(x_labels=["1", "2", "3", "4"], series=[Series("A", [1, None, 2, None], "#0a6a66")])
    assert figure["data"][0]["y"] == [1, None, 2, None]
    assert figure["data"][0]["connectgaps"] is False
    assert figure["data"][1]["x"] == [0, 2]


def test_a_line_chart_starts_at_zero() -> None:
    low, high = figures.line(x_labels=["1", "2"], series=[Series("A", [990, 1000], "#0a6a66")])["layout"]["yaxis"]["range"]
    assert (low, high) == (0, 1000)


def test_names_at_line_ends_do_not_cover_each_other() -> None:
    series = [Series(name, [1000, value], "#0a6a66") for name, value in (("A", 500), ("B", 501), ("C", 502))]
    layout = figures.line(x_labels=["1", "2"], series=series, height=300)["layout"]
    px = (300 - layout["margin"]["t"] - layout["margin"]["b"]) / layout["yaxis"]["range"][1]
    heights = sorted(note["y"] * px + note["yshift"] for note in layout["annotations"])
    assert all(above - below >= 16 for below, above in pairwise(heights))


def test_a_reorganisation_is_a_pole_with_words() -> None:
    layout = figures.line(x_labels=list("123456"), series=[Series("A", [1] * 6, "#0a6a66")], marks=[Mark(2.5, "1/7/2025: bỏ cấp huyện")])["layout"]
    assert layout["shapes"][0]["x0"] == 2.5
    assert layout["annotations"][0]["text"] == "1/7/2025: bỏ cấp huyện"


def test_shares_are_of_the_row_and_an_empty_row_is_a_dash() -> None:
    figure = figures.stacked(names=["A", "B"], parts=[Part("x", [1, 0], "#0a6a66"), Part("y", [3, None], "#cb8114")])
    assert figure["data"][0]["x"] == [25.0, 0]
    assert figure["data"][1]["text"] == ["75,0%", ""]
    assert figure["data"][2]["text"] == [" 4 hồ sơ", " –"]


def test_cumulative_shares_are_of_the_given_total() -> None:
    notes = figures.pareto(names=["A", "B"], values=[50, 30], total=200)["layout"]["annotations"]
    assert [note["text"] for note in notes] == ["25,0%", "40,0%", "Lũy kế"]


def test_a_funnel_says_what_goes_on() -> None:
    figure = figures.funnel(names=["a", "b", "c", "d"], values=[200, 50, 0, 0])
    assert figure["data"][0]["text"] == ["200", "50 · 25,0% bước trước", "0 · 0% bước trước", "0 · – bước trước"]


def test_the_steps_of_a_waterfall_always_close() -> None:
    bars = figures.waterfall(names=["A", "B"], deltas=[5, -2], start=0, end=10, start_name="đầu", end_name="cuối")["data"][0]
    assert bars["text"] == ["+5", "−2", "+7"]
    assert bars["base"] == [0, 3, 3]


def test_a_cut_axis_says_so_and_draws_no_total_as_a_bar() -> None:
    cut = figures.waterfall(names=["A"], deltas=[5], start=1000, end=1005, start_name="đầu", end_name="cuối")
    whole = figures.waterfall(names=["A"], deltas=[900], start=100, end=1000, start_name="đầu", end_name="cuối")
    assert "không bắt đầu từ 0" in texts_of(cut)
    assert "không bắt đầu từ 0" not in texts_of(whole)
    assert [figure["data"][1]["type"] for figure in (cut, whole)] == ["scatter", "bar"]


def test_a_status_is_told_by_a_symbol_too() -> None:
    figure = figures.strip(row_names=["A"], column_labels=["T1", "T2"], states=[["yes", "no"]], legend=LEGEND)
    assert figure["data"][0]["text"] == [["✓", "✕"]]
    assert "✕ Chưa trả qua bưu chính" in texts_of(figure)


def test_a_status_outside_the_legend_is_refused() -> None:
    with pytest.raises(KeyError):
        figures.strip(row_names=["A"], column_labels=["T1"], states=[["maybe"]], legend=LEGEND)


def test_two_tiles_on_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="two tiles"):
        figures.tiles(tiles=[Tile("A", 0, 0, 1, "1"), Tile("B", 0, 0, 1, "1")])


def test_a_missing_cell_is_grey_with_a_dash_and_zero_is_not() -> None:
    figure = figures.heat(row_names=["A"], column_labels=["T1", "T2"], values=[[None, 0]])
    assert figure["data"][0]["z"] == [[0, None]]
    assert figure["data"][1]["text"] == [["–", "0"]]


def test_a_sparkline_is_a_picture_with_a_gap_for_a_missing_month() -> None:
    svg = unquote(figures.sparkline([1, 2, None, 3, 4]))
    assert svg.startswith("data:image/svg+xml,<svg ")
    assert svg.count("<polyline") == 2
    assert figures.sparkline([None]).count("polyline") == figures.sparkline([]).count("circle") == 0
    assert '"' not in figures.sparkline([1, 2])


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 3, [0, 1, 2, 3]), (0, 1000, [0, 250, 500, 750, 1000]), (0, 0, [0, 0.25, 0.5, 0.75, 1]), (-30, 70, [-50, -25, 0, 25, 50, 75])],
)
def test_axis_numbers_are_round(low: float, high: float, expected: list[float]) -> None:
    from dashboard.figures.marks import ticks

    assert ticks(low, high) == expected


def test_an_axis_of_counts_has_no_fractions() -> None:
    axis = figures.line(x_labels=["1", "2"], series=[Series("A", [0, 1], "#0a6a66")])["layout"]["yaxis"]
    assert axis["ticktext"] == ["0", "1"]
    axis = figures.line(x_labels=["1", "2"], series=[Series("A", [0, 0.5], "#0a6a66")], unit="%")["layout"]["yaxis"]
    assert axis["ticktext"] == ["0%", "0,2%", "0,4%", "0,6%"]


def test_drawing_loads_no_plotly() -> None:
    import subprocess
    import sys

    code = "import sys, dashboard.figures as f; f.bars(names=['A'], values=[1]); print('plotly' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


draw_two: Callable[[], Figure] = partial(figures.bars, names=["A", "B"], values=[2, 1])


def test_a_small_chart_stays_small() -> None:
    assert len(json.dumps(theme.finish(draw_two()))) < 4000
