"""What a card says in files: the chart it draws on the screen, in native terms."""

from __future__ import annotations

import pytest

from dashboard import figures
from dashboard.cards import Asked
from dashboard.charts import Form, Number, number_of, steps
from dashboard.content.chart_spec import alt_text, card_spec, page_specs, printed
from dashboard.figures import Part, Series, State, Tile
from dashboard.pages import CARDS, PAGES
from dashboard.tables import TableState, select
from queries.data import Data, open_data
from queries.filters import Filters


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


def test_a_line_chart_says_its_series_and_from_where_they_are_unfinished() -> None:
    chart = figures.line(x_labels=["8/2026", "9/2026"], series=[Series("Trả", [1, None], "#0a6a66", dashed_from=1)])["chart"]
    assert (Form.LINE, ("8/2026", "9/2026"), (1, None), 1) == (chart.form, chart.categories, chart.series[0].values, chart.series[0].unfinished_from)


def test_bars_of_rates_are_percentages_and_keep_the_words_of_the_screen() -> None:
    chart = figures.bars(names=["A", "B"], values=[15.29, None], texts=["15,3%", "–"])["chart"]
    assert Number.PERCENT is chart.number
    assert ["15,3%", "–"] == [chart.series[0].label_at(row, chart.number) for row in (0, 1)]


def test_a_comparison_is_a_marker_on_the_same_scale() -> None:
    chart = figures.bars(names=["A"], values=[3], comparison=[2], comparison_name="Kỳ trước")["chart"]
    assert ("Kỳ trước", True, (2,)) == (chart.series[1].name, chart.series[1].is_marker, chart.series[1].values)


def test_the_steps_of_a_waterfall_lead_from_its_start_to_its_end() -> None:
    chart = figures.waterfall(names=["A", "B"], deltas=[5, -2], start=10, end=13, start_name="Trước", end_name="Nay")["chart"]
    assert ((0, 10), (10, 15), (15, 13), (0, 13)) == steps(chart.series[0].values)


def test_a_grid_has_a_series_a_column_with_words_and_colours() -> None:
    chart = figures.strip(row_names=["A"], column_labels=["T1", "T2"], states=[["no", None]], legend={"no": State("Chưa trả", "#bf3a22", "✕")})["chart"]
    assert (["T1", "T2"], "✕", "#bf3a22", "") == (
        [s.name for s in chart.series],
        chart.series[0].labels[0],
        chart.series[0].colors[0],
        chart.series[1].labels[0],
    )


def test_tiles_keep_their_places() -> None:
    chart = figures.tiles(tiles=[Tile("Mù Cả", 0, 2, 12.5, "12,5%")])["chart"]
    assert (((0, 2),), "12,5%") == (chart.places, chart.series[0].labels[0])


def test_a_share_of_parts_is_stretched_and_a_count_is_not() -> None:
    parts = [Part("A", [1.0], "#0a6a66"), Part("B", [3.0], "#cb8114")]
    assert [True, False] == [figures.stacked(names=["X"], parts=parts, share=share)["chart"].is_share for share in (True, False)]


@pytest.mark.parametrize(
    ("value", "number", "words"), [(15.29, Number.PERCENT, "15,3%"), (1234, Number.WHOLE, "1.234"), (-3, Number.SIGNED, "−3"), (None, Number.WHOLE, "–")]
)
def test_numbers_of_a_chart_are_written_as_on_the_screen(value: float | None, number: Number, words: str) -> None:
    assert words == number.show(value)


def test_a_share_within_a_label_does_not_make_counts_percentages() -> None:
    assert Number.WHOLE is number_of([12.0], labels=["12 · 45% bước trước"])


def test_the_alternative_text_says_form_message_and_ends() -> None:
    chart = figures.bars(names=["A", "B", "C"], values=[3, 9, 1])["chart"]
    assert "Biểu đồ thanh ngang: Thông điệp. Kỳ này: A 3 đến C 1, cao nhất B 9. Bảng số liệu đi kèm có đủ các giá trị." == alt_text(chart, "Thông điệp")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_every_chart_on_a_screen_has_its_content_for_files(page, data: Data) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - parametrised by the list of pages
    asked = Asked(data, Filters.from_query("ky=2026-Q3"), path=page.path)
    for card, spec in zip(page.cards, page_specs(page, asked), strict=True):
        drawing = card.drawing(asked)
        assert (spec.title, spec.is_empty) == (drawing.title, drawing.is_empty)
        has_marks = drawing.figure is not None and bool(drawing.figure["data"])
        assert has_marks == (spec.chart is not None), card.address
        if spec.chart is not None:
            assert all(len(series.values) == len(spec.chart.chart.categories) for series in spec.chart.chart.series)


@pytest.mark.slow
def test_the_numbers_of_a_chart_are_the_numbers_of_its_table(data: Data) -> None:
    spec = card_spec(CARDS["overview.months"], Asked(data, Filters.from_query("ky=2026-Q3")))
    assert spec.chart is not None
    assert spec.table is not None
    column = spec.table.columns[-1]
    shown = [column.show(row.get(column.key)) for row in select(spec.table, TableState()).rows]
    by_name = {series.name: series for series in spec.chart.chart.series}
    drawn = [by_name["Trả kết quả"].label_at(at, spec.chart.chart.number) for at in range(len(spec.chart.chart.categories))]
    assert sorted(drawn) == sorted(shown)


@pytest.mark.parametrize(
    ("kept", "note"),
    [
        ("Chỉ gồm đơn vị tồn tại trong kỳ.", "Chỉ gồm đơn vị tồn tại trong kỳ. Bấm vào một thanh để chỉ xem cấp đó."),
        ("Chỉ gồm đơn vị tồn tại trong kỳ.", "Chỉ gồm đơn vị tồn tại trong kỳ; bấm vào một thanh để chỉ xem cấp đó."),
        ("Bảng liệt kê 100 thủ tục. BCCI: bưu chính công ích.", "Bảng liệt kê 100 thủ tục; tệp CSV có đủ. BCCI: bưu chính công ích."),
        ("Kỳ đã chọn không ảnh hưởng thẻ này.", "Kỳ đã chọn không ảnh hưởng thẻ này."),
    ],
)
def test_a_file_has_no_words_about_clicking(kept: str, note: str) -> None:
    assert kept == printed(note)
