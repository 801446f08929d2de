"""PowerPoint: what python-pptx reads back is what the screen shows, in its place, in Vietnamese, the same bytes for the same state."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.oxml.ns import qn
from pptx.shapes.base import BaseShape
from pptx.slide import Slide as PptxSlide

from dashboard import figures
from dashboard.cards import Asked, Kpi
from dashboard.charts import Chart, Form
from dashboard.content.chart_spec import CardSpec, ChartSpec, alt_text, page_specs
from dashboard.content.plan import Plan, SlideKind
from dashboard.content.stamp import Audience, Making, Stamp, stamp_of
from dashboard.exports.slides import card_slides, deck, page_slides
from dashboard.exports.slides_charts import halves
from dashboard.exports.slides_xml import cut, lines_needed
from dashboard.figures import Part, Series, State, Tile
from dashboard.pages import PAGES
from dashboard.tables import Column, Kind, Table
from queries.data import Data, open_data
from queries.filters import Filters
from tests.dashboard.sample_plan import LETTERS, MADE_AT, asked_for, sample_plan, spec_of

PX = 9525
STAMP = Stamp(
    what="Thẻ",
    filters="Quý III/2026 · toàn tỉnh",
    dates="01/07/2026–30/09/2026",
    as_of=date(2026, 10, 31),
    source_name="Kho hồ sơ",
    made_at=MADE_AT,
    code="ABCDE-FGHJK",
    link="http://bang.example/don-vi?ky=2026-Q3",
    code_link="http://bang.example/ma/ABCDE-FGHJK",
    place="Tỉnh Lai Châu",
    is_demo=True,
    audience=Audience.INSIDE,
)


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


@pytest.fixture(scope="module")
def plan(data: Data) -> Plan:
    return sample_plan(data)


def spec(chart: Chart, **options: Any) -> CardSpec:
    return CardSpec("t.t", "Thẻ", "Thông điệp", "Đo gì", chart=ChartSpec(chart, "Thông điệp", "Đo gì", alt_text(chart, "Thông điệp"), "Nguồn."), **options)


def read(content: bytes) -> list[PptxSlide]:
    return list(pptx.Presentation(io.BytesIO(content)).slides)


def flat(shapes: Any) -> list[BaseShape]:
    return [one for shape in shapes for one in ([shape, *flat(shape.shapes)] if hasattr(shape, "shapes") else [shape])]


def words(slide: PptxSlide) -> str:
    """Every word on a slide and in its notes, also those of tables and charts."""
    said = []
    for shape in flat(slide.shapes):
        chart = getattr(shape, "chart", None) if getattr(shape, "has_chart", False) else None
        part = shape._element if chart is None else chart.part._element
        said += [node.text or "" for node in part.iter(qn("a:t"), qn("c:v"))]
    assert slide.notes_slide.notes_text_frame is not None
    return "\n".join([*said, slide.notes_slide.notes_text_frame.text])


def charts(slide: PptxSlide) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]  # type: ignore[attr-defined]  # every shape has the property


def label_words(series: Any) -> list[str]:
    return ["".join(node.text or "" for node in label.iter(qn("a:t"))) for label in series._element.iter(qn("c:dLbl"))]


def test_a_line_keeps_its_numbers_its_gaps_and_is_dashed_where_it_is_unfinished() -> None:
    chart = figures.line(x_labels=["7/2026", "8/2026", "9/2026"], series=[Series("Trả", [1, None, 3], "#0a6a66", dashed_from=2)])["chart"]
    (slide,) = read(card_slides(spec(chart), STAMP))
    (line,) = charts(slide)[0].plots[0].series
    assert ((1, None, 3), ["3 Trả"]) == (line.values, label_words(line))
    dashed = [int(point.find(qn("c:idx")).get("val")) for point in line._element.iter(qn("c:dPt")) if point.find(f".//{qn('a:prstDash')}") is not None]
    assert [2] == dashed
    assert not charts(slide)[0].has_legend


def test_unfinished_columns_are_hatched_and_the_note_says_why() -> None:
    part = Part("Trả", [4.0, 2.0], "#0a6a66")
    chart = replace(figures.columns_stacked(x_labels=["8/2026", "9/2026"], parts=[part, part], unfinished_from=1)["chart"], note="đến ngày 15/09/2026")
    (slide,) = read(card_slides(spec(chart), STAMP))
    first = charts(slide)[0].plots[0].series[0]._element
    assert ["1"] == [point.find(qn("c:idx")).get("val") for point in first.iter(qn("c:dPt")) if point.find(f".//{qn('a:pattFill')}") is not None]
    assert "đến ngày 15/09/2026" in words(slide)


def test_bars_start_at_zero_with_the_first_on_top_and_say_the_words_of_the_screen() -> None:
    chart = figures.bars(names=["A", "B", "C"], values=[15.29, 2, None], texts=["15,3%", "2% · 1/50", "–"])["chart"]
    (slide,) = read(card_slides(spec(chart), STAMP))
    made = charts(slide)[0]
    assert 0 == made.value_axis.minimum_scale
    assert made.category_axis.reverse_order
    assert ((15.29, 2, None), ["", "2% · 1/50"]) == (made.plots[0].series[0].values, label_words(made.plots[0].series[0]))
    assert '[$-42A]#,##0.0"%";"−"#,##0.0"%"' in [node.get("formatCode") for node in made.plots[0].series[0]._element.iter(qn("c:numFmt"))]
    assert "C: –" in made.plots[0].categories


def test_a_comparison_is_a_second_bar_on_the_same_scale() -> None:
    chart = figures.bars(names=["A"], values=[3], comparison=[7], comparison_name="Kỳ trước")["chart"]
    made = charts(read(card_slides(spec(chart), STAMP))[0])[0]
    assert [("Kỳ này", (3,)), ("Kỳ trước", (7,))] == [(one.name, one.values) for one in made.plots[0].series]
    assert made.has_legend


def test_a_share_is_stretched_to_the_whole_and_says_shares() -> None:
    chart = figures.stacked(names=["X"], parts=[Part("A", [1.0], "#0a6a66"), Part("B", [3.0], "#cb8114")], share=True)["chart"]
    made = charts(read(card_slides(spec(chart), STAMP))[0])[0]
    assert ["25,0%"] == label_words(made.plots[0].series[0])
    assert ["X · 4 hồ sơ"] == list(made.plots[0].categories)


def test_the_steps_of_a_waterfall_stand_on_an_invisible_base() -> None:
    chart = figures.waterfall(names=["A", "B"], deltas=[5, -2], start=10, end=13, start_name="Trước", end_name="Nay")["chart"]
    (slide,) = read(card_slides(spec(replace(chart, floor=9.0)), STAMP))
    base, steps, labels = charts(slide)[0].plots[0].series
    assert ((0, 10, 13, 0), (10, 5, 2, 13)) == (base.values, steps.values)
    assert ["10", "+5", "−2", "13"] == label_words(labels)
    assert "Trục bắt đầu từ 9, không từ 0" in words(slide)


def test_steps_below_zero_reach_down() -> None:
    chart = figures.waterfall(names=["A"], deltas=[-6], start=2, end=-4, start_name="Trước", end_name="Nay")["chart"]
    base, above, below, _ = charts(read(card_slides(spec(replace(chart, floor=None)), STAMP))[0])[0].plots[0].series
    assert ((0, 0, 0), (2, 2, -4), (None, -4, None)) == (base.values, above.values, below.values)


def test_a_grid_is_a_native_table_whose_further_rows_go_on() -> None:
    names = [f"Đơn vị {row}" for row in range(45)]
    chart = figures.strip(row_names=names, column_labels=["T1", "T2"], states=[["no", None]] * 45, legend={"no": State("Chưa trả", "#bf3a22", "✕")})["chart"]
    slides = read(card_slides(spec(chart), STAMP))
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]  # type: ignore[attr-defined]  # every shape has the property
    assert names == [row.cells[0].text for table in tables for row in list(table.rows)[1:]]
    assert "✕" == tables[0].cell(1, 1).text


def test_tiles_are_one_group_with_an_area_in_each() -> None:
    chart = figures.tiles(tiles=[Tile("Mù Cả", 0, 0, 12.5, "12,5%"), Tile("Tà Tổng", 1, 1, None, "–")])["chart"]
    group = next(shape for shape in read(card_slides(spec(chart), STAMP))[0].shapes if shape.name == "Bản đồ ô")
    first, second = group.shapes  # type: ignore[attr-defined]  # a group
    assert (["Mù Cả", "12,5%"], ["Tà Tổng", "–"]) == (first.text_frame.text.split("\n"), second.text_frame.text.split("\n"))
    assert first.left < second.left
    assert first.top < second.top


def test_many_bars_stand_in_two_charts_on_one_scale() -> None:
    chart = figures.bars(names=[f"Đơn vị {n}" for n in range(40)], values=list(range(40, 0, -1)))["chart"]
    first, second = charts(read(card_slides(spec(chart), STAMP))[0])
    assert (20, 20) == tuple(len(one.plots[0].categories) for one in (first, second))
    assert first.value_axis.maximum_scale == second.value_axis.maximum_scale == 40
    assert 2 == len(halves(chart))


def test_figures_are_words_on_the_slide_and_in_the_notes() -> None:
    card = CardSpec("t.t", "Thẻ", "Thông điệp", kpis=(Kpi("Tiếp nhận", "1.234", "hồ sơ", "tăng 5 hồ sơ", "đạt 50% kế hoạch"),))
    (slide,) = read(card_slides(card, STAMP))
    assert all(said in words(slide) for said in ("1.234", "hồ sơ", "tăng 5 hồ sơ", "đạt 50% kế hoạch", "Tiếp nhận: 1.234 hồ sơ"))


def test_a_table_shows_verdicts_in_words_and_says_how_many_rows_found_no_room() -> None:
    columns = (Column("name", "Đơn vị"), Column("verdict", "Tình trạng", Kind.VERDICT), Column("n", "Kết quả", Kind.WHOLE))
    rows = tuple({"name": f"Đơn vị {n}", "verdict": "not_by_post", "n": 1000 + n} for n in range(200))
    (slide,) = read(card_slides(CardSpec("t.t", "Thẻ", "Thông điệp", table=Table(columns, rows, total={"name": "Cộng", "n": 5})), STAMP))
    table = next(shape.table for shape in slide.shapes if shape.has_table)  # type: ignore[attr-defined]  # every shape has the property
    shown = len(table.rows) - 2
    assert ("Chưa trả qua bưu chính", "1.000") == (table.cell(1, 1).text, table.cell(1, 2).text)
    assert ("Cộng", "5") == (table.cell(shown + 1, 0).text, table.cell(shown + 1, 2).text)
    assert f"Còn {200 - shown} dòng" in words(slide)


def test_an_empty_card_says_why() -> None:
    (slide,) = read(card_slides(CardSpec("t.t", "Thẻ", "Không có hồ sơ nào", "Kỳ này chưa có số liệu.", is_empty=True), STAMP))
    assert slide.shapes.title is not None
    assert ("Không có hồ sơ nào", True) == (slide.shapes.title.text_frame.text, "Kỳ này chưa có số liệu." in words(slide))


def test_text_that_looks_like_a_formula_stays_text_in_the_workbook_of_a_chart() -> None:
    import openpyxl

    chart = figures.bars(names=["=1+1", "@B"], values=[1, 2])["chart"]
    made = charts(read(card_slides(spec(chart), STAMP))[0])[0]
    sheet = openpyxl.load_workbook(io.BytesIO(made.part.chart_workbook.xlsx_part.blob)).active
    assert sheet is not None
    assert [("=1+1", "s", 1), ("@B", "s", 2)] == [(row[0].value, row[0].data_type, row[1].value) for row in sheet.iter_rows(min_row=2)]


HOSTILE = st.text(st.characters(categories=("L", "M", "N", "P", "S", "Z", "Cc", "Cs")), max_size=120)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(HOSTILE, st.none() | st.floats(-1e9, 1e9)), min_size=1, max_size=44), HOSTILE)
def test_any_name_and_any_number_give_a_file_that_can_be_read(rows: list[tuple[str, float | None]], title: str) -> None:
    chart = figures.bars(names=[name for name, _ in rows], values=[value for _, value in rows])["chart"]
    slides = read(card_slides(replace(spec(chart), title=title, lines=(title,)), STAMP))
    values = [value for made in charts(slides[0]) for value in made.plots[0].series[0].values]
    assert [value for _, value in rows] == values


@given(st.text(st.characters(categories=("L", "Z")), min_size=1, max_size=300), st.integers(1, 4))
def test_words_cut_to_lines_fit_into_them(said: str, most: int) -> None:
    assert lines_needed(cut(said, 12, 300, most), 12, 300) <= most


# --- the deck --------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_deck_has_the_slides_of_its_plan_with_their_messages_as_titles(plan: Plan) -> None:
    slides = read(deck(plan))
    titles = [slide.shapes.title.text_frame.text for slide in slides if slide.shapes.title is not None]
    assert [slide.title for slide in plan.slides] == titles
    assert (1280 * PX, 720 * PX) == (pptx.Presentation(io.BytesIO(deck(plan))).slide_width, pptx.Presentation(io.BytesIO(deck(plan))).slide_height)


@pytest.mark.slow
def test_the_numbers_of_the_charts_are_those_of_the_plan(plan: Plan) -> None:
    for slide, made in zip(plan.slides, read(deck(plan)), strict=True):
        if slide.kind is not SlideKind.CHART or slide.chart is None or slide.chart.chart.is_table or slide.chart.chart.form is Form.STEPS:
            continue
        chart = slide.chart.chart
        for series in chart.series:
            values = [value for one in charts(made) for drawn in one.plots[0].series if drawn.name == series.name for value in drawn.values]
            assert list(series.values) == pytest.approx(values), slide.title


@pytest.mark.slow
def test_the_letters_of_vietnamese_survive(plan: Plan) -> None:
    assert LETTERS in words(read(deck(plan))[0])


@pytest.mark.slow
def test_the_same_state_gives_the_same_bytes_and_another_time_changes_only_the_stamp(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    first = deck(plan)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert first == deck(plan)
    later = replace(plan, stamp=replace(plan.stamp, made_at=datetime(2027, 1, 5, 8)))
    with zipfile.ZipFile(io.BytesIO(first)) as old, zipfile.ZipFile(io.BytesIO(deck(later))) as new:
        changed = {name.split("/")[1] for name in old.namelist() if old.read(name) != new.read(name)}
        assert {(2026, 10, 31, 0, 0, 0)} == {entry.date_time for entry in old.infolist()}
    assert {"notesSlides", "core.xml"} == changed


@pytest.mark.slow
def test_every_slide_says_data_date_code_and_that_the_data_is_made_up_and_leads_back(plan: Plan) -> None:
    for slide in read(deck(plan)):
        said = words(slide)
        assert "Dữ liệu minh họa" in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]  # type: ignore[attr-defined]  # has_text_frame says so
        assert all(part in said for part in ("Số liệu đến 31/10/2026", plan.stamp.code, "Mở đúng trạng thái này: http"))
        targets = [relation.target_ref for relation in slide.part.rels.values() if relation.is_external]
        assert [True] == [target.startswith("http://127.0.0.1:8050/") for target in targets]


@pytest.mark.slow
def test_notes_hold_definition_source_dates_and_filters(plan: Plan) -> None:
    said = words(read(deck(plan))[1])
    assert all(part in said for part in (*plan.slides[1].notes, plan.stamp.filters, plan.stamp.dates))


@pytest.mark.slow
def test_everything_is_vietnamese(plan: Plan) -> None:
    with zipfile.ZipFile(io.BytesIO(deck(plan))) as file:
        parts = {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}
    assert not [name for name, xml in parts.items() if 'lang="en' in xml or "Click to edit" in xml or "Calibri" in xml]
    assert "<dc:language>vi-VN</dc:language>" in parts["docProps/core.xml"]
    for slide in read(deck(plan)):
        assert {"vi-VN"} == {node.get("lang") for node in slide._element.iter(qn("a:rPr"), qn("a:endParaRPr"))}


def check_slide(slide: PptxSlide) -> None:
    """Inside the slide, nothing over anything else, charts and tables described, a title."""
    boxes = [(one.name, one.left, one.top, one.left + one.width, one.top + one.height) for one in slide.shapes if not one.name.startswith("Mốc")]
    for name, left, top, right, bottom in boxes:
        assert left >= 0 <= top, name
        assert right <= 1280 * PX, name
        assert bottom <= 720 * PX, name
    for at, (name, left, top, right, bottom) in enumerate(boxes):
        for other, left2, top2, right2, bottom2 in boxes[at + 1 :]:
            assert not (left < right2 and left2 < right and top < bottom2 and top2 < bottom), (name, other)
    for shape in slide.shapes:
        if shape.name.startswith(("Biểu đồ", "Bảng", "Bản đồ")):
            assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), shape.name
    assert slide.shapes.title is not None
    numbers = [node.get("id") for node in slide._element.iter(qn("p:cNvPr"))]
    assert len(numbers) == len(set(numbers))


@pytest.mark.slow
def test_nothing_on_the_deck_lies_outside_the_slide_or_over_another_thing(plan: Plan) -> None:
    for slide in read(deck(plan)):
        check_slide(slide)


@pytest.mark.slow
@pytest.mark.parametrize("query", ["ky=2026-Q3", "ky=2025-Q3&tc=nhom", "ky=2019-Q1", "tu=2026-10-01&den=2026-10-31&dv=ZZZ"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_every_card_of_every_page_is_a_slide_with_its_numbers(page, query: str, data: Data) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - parametrised by the list of pages
    asked = Asked(data, Filters.from_query(query), path=page.path)
    specs = page_specs(page, asked)
    slides = read(page_slides(page.name, specs, stamp_of(page.name, f"page:{page.path}", asked, Making(MADE_AT))))
    assert len(slides) >= len(specs)
    for slide in slides:
        check_slide(slide)
    said = "\n".join(words(slide) for slide in slides)
    for one in specs:
        chart = one.chart.chart if one.chart else None
        if chart is not None and chart.is_table:
            assert all(series.label_at(at, chart.number) in said for series in chart.series for at in range(len(series.values))), one.address
        for kpi in one.kpis:
            assert kpi.value in said


@pytest.mark.slow
def test_a_card_leads_back_to_its_own_state(data: Data) -> None:
    asked = asked_for(data, "ky=2026-Q3", "adoption.units")
    card = spec_of(data, "adoption.units")
    (slide,) = read(card_slides(card, stamp_of(card.name, "card:adoption.units", asked, Making(MADE_AT, "https://bdh.example"))))
    assert ["https://bdh.example" + card.link] == [one.target_ref for one in slide.part.rels.values() if one.is_external]


def test_the_axis_of_counts_has_whole_numbers() -> None:
    chart = figures.line(x_labels=["7/2026", "8/2026"], series=[Series("Đơn vị", [0, 12], "#0a6a66")])["chart"]
    (axis,) = charts(read(card_slides(spec(chart), STAMP))[0])[0]._chartSpace.iter(qn("c:valAx"))
    assert float(axis.find(qn("c:majorUnit")).get("val")).is_integer()
