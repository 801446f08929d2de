"""Charts as SVG text without a browser."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import Chart, ChartMark, ChartSeries, Form, Number
from dashboard.content.chart_spec import page_specs
from dashboard.exports.vector import svg, svgs
from dashboard.exports.vector_rows import CUT
from dashboard.pages import PAGES
from queries.data import Data, open_data
from tests.dashboard.sample_plan import DRAWN, LETTERS, asked_for, spec_of

GREEN = "#0a6a66"
VALUES = st.one_of(st.none(), st.integers(-10_000, 10_000), st.floats(-1e6, 1e6, allow_nan=False))


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


def _chart(form: Form, *values: float | None, unfinished_from: int | None = None, **options: object) -> Chart:
    names = tuple(f"Tên {number}" for number in range(len(values)))
    return Chart(form, names, (ChartSeries("Trả", values, GREEN, unfinished_from=unfinished_from),), **options)  # type: ignore[arg-type] # options of Chart


def _elements(drawn: str, name: str) -> list[ET.Element]:
    return list(ET.fromstring(drawn).iter(f"{{http://www.w3.org/2000/svg}}{name}"))


def _words(drawn: str) -> list[str]:
    return [element.text or "" for element in _elements(drawn, "text")]


def test_a_missing_value_is_a_gap_and_its_neighbours_are_dots() -> None:
    drawn = svg(_chart(Form.LINE, 1, None, 3))
    assert (2, 0) == (len(_elements(drawn, "circle")), sum(line.get("stroke") == GREEN for line in _elements(drawn, "polyline")))


def test_an_unfinished_month_is_dashed_and_its_dot_hollow() -> None:
    drawn = svg(_chart(Form.LINE, 1, 2, 3, unfinished_from=2))
    assert [None, "4 4"] == [line.get("stroke-dasharray") for line in _elements(drawn, "polyline") if line.get("stroke") == GREEN]
    assert ["#ffffff"] == [dot.get("fill") for dot in _elements(drawn, "circle")]


def test_a_line_says_its_last_known_value_at_its_end() -> None:
    assert "1.234" in _words(svg(_chart(Form.LINE, 5, 1234, None)))


def test_lines_that_end_at_the_same_height_have_labels_apart() -> None:
    series = (ChartSeries("A", (1, 5), GREEN), ChartSeries("B", (2, 5), "#cb8114"))
    drawn = svg(Chart(Form.LINE, ("1", "2"), series))
    first, second = (float(element.get("y", "")) for element in _elements(drawn, "text") if (element.text or "").startswith("5 "))
    assert abs(first - second) >= 16


def test_a_mark_has_a_pole_and_its_words() -> None:
    drawn = svg(_chart(Form.LINE, 1, 2, 3, marks=(ChartMark(0.5, "Sắp xếp cơ quan"),)))
    assert "Sắp xếp cơ quan" in _words(drawn)
    assert ["1 3"] == [line.get("stroke-dasharray") for line in _elements(drawn, "polyline") if line.get("stroke-dasharray")]


def test_an_unfinished_column_is_hatched_and_the_others_are_full() -> None:
    drawn = svg(_chart(Form.COLUMNS, 4, 2, unfinished_from=1))
    assert [GREEN, "#ffffff"] == [box.get("fill") for box in _elements(drawn, "rect")]


def test_a_bar_that_is_missing_has_no_length_and_says_so() -> None:
    drawn = svg(_chart(Form.BARS, 3, None))
    assert (1, True) == (len(_elements(drawn, "rect")), "–" in _words(drawn))


def test_a_negative_bar_goes_left_of_zero() -> None:
    up, down = _elements(svg(_chart(Form.BARS, 3, -2)), "rect")
    assert float(down.get("x", "")) + float(down.get("width", "")) == pytest.approx(float(up.get("x", "")), abs=0.11)


def test_a_marker_stands_where_a_bar_of_its_value_would_end() -> None:
    series = (ChartSeries("Kỳ này", (2, 4), GREEN), ChartSeries("Kỳ trước", (4, 2), "#17242b", is_marker=True))
    drawn = svg(Chart(Form.BARS, ("A", "B"), series))
    ends = [round(float(box.get("x", "")) + float(box.get("width", "")), 1) for box in _elements(drawn, "rect")[-2:]]
    poles = [line.get("points", "").split(",")[0] for line in _elements(drawn, "polyline") if line.get("stroke-width") == "2.5"]
    assert ends == pytest.approx([float(pole) for pole in reversed(poles)], abs=0.11)


def test_shares_fill_the_row_and_say_their_percentage() -> None:
    series = (ChartSeries("A", (1, None), GREEN), ChartSeries("B", (3, None), "#cb8114"))
    words = _words(svg(Chart(Form.STACKED, ("x", "y"), series, unit="hồ sơ", is_share=True)))
    assert {"25,0%", "75,0%", "4 hồ sơ", "–"} <= set(words)


def test_a_cut_axis_is_said_and_its_totals_are_points() -> None:
    drawn = svg(_chart(Form.STEPS, 1000, 5, -3, 1002, floor=990.0))
    assert (True, 2, 2) == (CUT in _words(drawn), len(_elements(drawn, "polygon")), len(_elements(drawn, "rect")))
    assert CUT not in _words(svg(_chart(Form.STEPS, 10, 5, -3, 12)))


def test_tiles_stand_at_their_places_with_name_and_value() -> None:
    series = ChartSeries("Trên 1.000 dân", (4.3, None), GREEN, ("#eaf4f2", "#eff0ef"), ("4,3", "–"))
    drawn = svg(Chart(Form.TILES, ("Mường Tè", "Sìn Hồ"), (series,), Number.DECIMAL, places=((0, 0), (1, 2))))
    assert {"Mường Tè", "Sìn Hồ", "4,3", "–"} <= set(_words(drawn))


def test_names_are_shown_and_never_obeyed() -> None:
    drawn = svg(Chart(Form.BARS, ("<script>x</script> & \x07\ud800", LETTERS), (ChartSeries("", (1, 2), GREEN),)), alt_text="<b>")
    assert (["<b>"], []) == ([title.text for title in _elements(drawn, "title")], _elements(drawn, "script"))
    assert "<script>x</script> &" in _words(drawn)


def test_nothing_to_draw_is_refused() -> None:
    for chart in (Chart(Form.LINE, (), ()), Chart(Form.GRID, ("A",), ())):
        with pytest.raises(ValueError, match="nothing to draw"):
            svg(chart)


def test_a_long_chart_is_cut_between_rows_on_one_scale() -> None:
    chart = _chart(Form.BARS, *range(1, 101))
    pieces = svgs(chart, height=480)
    assert [f"Tên {number}" for number in range(100)] == [words for piece in pieces for words in _words(piece) if words.startswith("Tên")]
    assert all(float(ET.fromstring(piece).get("height", "")) <= 480 for piece in pieces)
    lengths = [float(box.get("width", "")) for piece in pieces for box in _elements(piece, "rect")]
    assert lengths == pytest.approx([lengths[0] * number for number in range(1, 101)], abs=6)


@pytest.mark.parametrize("address", DRAWN)
def test_the_picture_holds_every_name_and_number_of_the_chart(data: Data, address: str) -> None:
    spec = spec_of(data, address).chart
    assert spec is not None
    said = " ".join(_words(svg(spec.chart)))
    assert svg(spec.chart) == svg(spec.chart)
    if spec.chart.form in (Form.BARS, Form.STEPS, Form.GRID, Form.TILES):
        labels = {series.label_at(at, spec.chart.number) for series in spec.chart.series for at in range(len(spec.chart.categories)) if not series.is_marker}
        assert set() == {label for label in labels if label and label not in said}
    assert set() == {mark.label for mark in spec.chart.marks if mark.label not in said}


@pytest.mark.slow
def test_every_chart_of_every_page_stays_on_its_sheet(data: Data) -> None:
    drawn = [svg(spec.chart.chart) for page in PAGES if page.cards for spec in page_specs(page, asked_for(data, address=page.cards[0].address)) if spec.chart]
    assert len(drawn) > 20
    assert [] == [outside for one in drawn for outside in _outside(one)]


@given(st.sampled_from([Form.LINE, Form.COLUMNS, Form.BARS, Form.STACKED, Form.STEPS, Form.GRID]), st.lists(VALUES, min_size=1, max_size=40))
def test_whatever_the_values_are_everything_stays_on_the_sheet(form: Form, values: list[float | None]) -> None:
    positive = [None if value is None else abs(value) for value in values] if form in (Form.STACKED, Form.COLUMNS) else values
    ends = [0, 0] if form is Form.STEPS else []  # a waterfall has a first and a last total
    assert [] == _outside(svg(_chart(form, *ends, *positive)))


def _outside(drawn: str) -> list[str]:
    """The marks whose coordinates are not numbers on the sheet."""
    sheet = ET.fromstring(drawn)
    width, height = (float(sheet.get(side, "")) for side in ("width", "height"))
    found = []
    for element in sheet.iter():
        points = [tuple(map(float, pair.split(","))) for pair in element.get("points", "").split()]
        if element.get("x"):
            points.append((float(element.get("x", "")), float(element.get("y", ""))))
            points.append((points[-1][0] + float(element.get("width", "0")), points[-1][1] + float(element.get("height", "0"))))
        if any(not (-1 <= x <= width + 1 and -1 <= y <= height + 1) for x, y in points if element is not sheet):
            found.append(re.sub(r"\{.*?\}", "", ET.tostring(element, encoding="unicode")))
    return found
