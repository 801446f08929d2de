"""The report in Word: the layout of official documents, native charts with their workbooks, tables, annexes, sources, and the whole plan in words."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import figures
from dashboard.charts import Chart, ChartSeries, Form
from dashboard.content.chart_spec import ChartSpec, alt_text
from dashboard.content.plan import Annex, Block, ChartBlock, Heading, Paragraph, Plan, TableBlock, TitledTable
from dashboard.content.stamp import DEMO
from dashboard.exports.official_layout import FONT
from dashboard.exports.report import SOURCES, report
from dashboard.exports.word_tables import GRID_PORTRAIT, NOTHING, cell_words, data_table, grid_table
from dashboard.figures import Mark, Part, Series, Tile
from dashboard.tables import Column, Kind, Table
from queries.data import Data, open_data
from tests.dashboard.sample_plan import DRAWN, LETTERS, MADE_AT, sample_plan, spec_of

COLUMNS = (Column("name", "Đơn vị"), Column("count", "Hồ sơ", Kind.WHOLE), Column("rate", "Tỷ lệ", Kind.PERCENT), Column("verdict", "Tình trạng", Kind.VERDICT))
TABLE = Table(
    COLUMNS,
    ({"name": "=1+1 <b>", "count": 1234, "rate": 0.125, "verdict": "not_by_post"}, {"name": "B", "count": None, "rate": None, "verdict": None}),
    total={"name": "Tổng", "count": 1234, "rate": 0.125},
)
C, A, W = "{http://schemas.openxmlformats.org/drawingml/2006/chart}", "{http://schemas.openxmlformats.org/drawingml/2006/main}", qn("w:t")


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


@pytest.fixture(scope="module")
def plan(data: Data) -> Plan:
    return sample_plan(data)


@pytest.fixture(scope="module")
def content(plan: Plan) -> bytes:
    return report(plan)


@pytest.fixture(scope="module")
def document(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def opened(plan: Plan, *blocks: Block, annexes: tuple[Annex, ...] = ()) -> Document:
    return docx.Document(io.BytesIO(report(replace(plan, report=blocks, annexes=annexes))))


def every_word(document: Document) -> str:
    """The words of every paragraph, also in tables, a line each."""
    return "\n".join("".join(text.text or "" for text in paragraph.iter(W)) for paragraph in document.element.body.iter(qn("w:p")))


def charts(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [package.read(name).decode() for name in package.namelist() if re.fullmatch(r"word/charts/chart\d+\.xml", name)]


def spec(chart: Chart, title: str = "Tiêu đề") -> ChartSpec:
    return ChartSpec(chart, title, "Phụ đề", alt_text(chart, title), "Nguồn: thử.")


# --- the layout of official documents --------------------------------------------------------------------------------------------


def test_the_head_names_country_and_bodies_and_leaves_number_and_date_open(document: Document) -> None:
    left, right = document.tables[0].rows[0].cells
    assert ["ỦY BAN NHÂN DÂN TỈNH LAI CHÂU", "SỞ KHOA HỌC VÀ CÔNG NGHỆ"] == [line.text for line in left.paragraphs if line.text][:2]
    assert ["Số:/BC-", "DỰ THẢO"] == [line.text.replace("\xa0", "") for line in left.paragraphs if line.text][2:]
    assert ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"] == [line.text for line in right.paragraphs if line.text][:2]
    assert ["Lai", "Châu,", "ngày", "tháng", "năm", "2026"] == [line.text for line in right.paragraphs if line.text][2].split()
    assert [1, 1] == [len([*cell._tc.iter(qn("w:pBdr"))]) for cell in (left, right)]


def test_kind_and_subject_stand_under_the_head_in_bold_and_in_the_properties(document: Document, plan: Plan) -> None:
    kind, about = [paragraph for paragraph in document.paragraphs if paragraph.text][:2]
    assert ("BÁO CÁO", plan.about) == (kind.text, about.text)
    assert all(paragraph.runs[0].bold and paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER for paragraph in (kind, about))
    said = document.core_properties
    assert (f"Báo cáo (dự thảo): {plan.about}", plan.about, "vi-VN", "") == (said.title, said.subject, said.language, said.author)


def test_pages_are_a4_within_the_margins_and_numbered_on_top_but_the_first(document: Document) -> None:
    for place, section in enumerate(document.sections):
        assert section.page_width is not None
        assert section.page_height is not None
        wide = section.orientation == WD_ORIENT.LANDSCAPE
        assert ((297, 210) if wide else (210, 297)) == (round(section.page_width.mm), round(section.page_height.mm))
        assert [20, 20, 30, 15] == [round(one.mm) for one in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin) if one]
        assert (place == 0) == section.different_first_page_header_footer
        assert ["PAGE"] == [node.get(qn("w:instr")) for node in section.header._element.iter(qn("w:fldSimple"))]
        assert (["1"] if place == 0 else []) == [node.get(qn("w:start")) for node in section._sectPr.iter(qn("w:pgNumType"))]
    assert not [*document.sections[0].first_page_header._element.iter(qn("w:fldSimple"))]
    assert WD_ALIGN_PARAGRAPH.CENTER == document.sections[0].header.paragraphs[0].alignment


def test_all_four_fonts_of_text_and_headings_are_times_new_roman_in_black_and_vietnamese(document: Document) -> None:
    used = {document.styles[name].element for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Caption")}
    for style in used:
        assert [{qn(f"w:{script}"): FONT for script in ("ascii", "hAnsi", "eastAsia", "cs")}] == [node.attrib for node in style.iter(qn("w:rFonts"))]
        assert {"000000"} >= {node.get(qn("w:val")) for node in style.iter(qn("w:color"))}
        assert not [node for node in style.iter(qn("w:color")) if node.get(qn("w:themeColor"))]
    assert {"vi-VN"} == {node.get(qn("w:val")) for node in document.styles.element.iter(qn("w:lang"))}
    assert ["vi-VN"] == [node.get(qn("w:val")) for node in document.settings.element.iter(qn("w:themeFontLang"))]
    assert {FONT} >= {node.get(qn("w:ascii")) for node in document.element.body.iter(qn("w:rFonts"))}


def test_headings_are_headings_of_word_in_the_order_of_the_plan(document: Document) -> None:
    said = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs if paragraph.style and paragraph.style.name.startswith("Heading")]
    assert [
        ("Heading 1", "I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI"),
        ("Heading 1", "II. KẾT QUẢ"),
        ("Heading 2", "1. Tiếp nhận và trả kết quả"),
        ("Heading 1", "III. TỒN TẠI, NGUYÊN NHÂN"),
        ("Heading 1", "PHỤ LỤC 1"),
        ("Heading 1", "PHỤ LỤC 2"),
        ("Heading 1", SOURCES),
    ] == said


def test_the_foot_lists_the_recipients_and_leaves_the_signature_without_a_name(document: Document) -> None:
    foot = next(table for table in document.tables if "Nơi nhận:" in table.rows[0].cells[0].text)
    left, right = foot.rows[0].cells
    assert ["Nơi nhận:", "- Văn phòng UBND tỉnh;", "- Lưu: VT."] == [line.text for line in left.paragraphs]
    assert ["QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ"] == [line.text for line in right.paragraphs if line.text]


def test_a_place_to_fill_in_is_in_brackets_slanted_and_shaded(plan: Plan) -> None:
    made = opened(plan, Paragraph("Nêu khó khăn", is_to_fill=True), Paragraph("[Nêu nguyên nhân]", is_to_fill=True), Paragraph("Đã xong."))
    said = {paragraph.text: paragraph for paragraph in made.paragraphs if paragraph.text}
    for words in ("[Nêu khó khăn]", "[Nêu nguyên nhân]"):
        assert said[words].runs[0].italic
        assert ["FFF4CC"] == [node.get(qn("w:fill")) for node in said[words]._p.iter(qn("w:shd"))]
    assert not [*said["Đã xong."]._p.iter(qn("w:shd"))]


# --- everything of the plan, and nothing else ------------------------------------------------------------------------------------


def test_every_block_definition_annex_and_line_of_the_stamp_is_printed(document: Document, plan: Plan) -> None:
    words = every_word(document).replace("\xa0", " ")
    for block in plan.report:
        expected = [block.words] if isinstance(block, Heading | Paragraph) else [block.caption]
        assert all(one in words for one in expected), block
    for annex in plan.annexes:
        assert f"{annex.heading}\n{annex.table.title}\n(Kèm theo Báo cáo số" in words
        assert all(cell_words(column, row) in words for row in annex.table.table.rows for column in annex.table.table.columns)
    assert all(f"{name}: {meaning}" in words for name, meaning in plan.definitions)
    assert all(one in words for one in plan.stamp.lines())
    assert LETTERS in words


def test_slides_and_their_notes_are_not_printed(document: Document, plan: Plan) -> None:
    assert "Rà soát danh mục thủ tục." in {bullet for slide in plan.slides for bullet in slide.bullets}
    assert "Rà soát danh mục thủ tục." not in every_word(document)


def test_the_code_of_the_stamp_is_a_link_to_the_same_state(document: Document, plan: Plan) -> None:
    links = [document.part.rels[node.get(qn("r:id"), "")].target_ref for node in document.element.body.iter(qn("w:hyperlink"))]
    assert [plan.stamp.code_link] == links
    assert plan.stamp.code in every_word(document)


def test_made_up_data_is_said_on_every_page_and_real_data_has_no_such_words(document: Document, plan: Plan) -> None:
    first = document.sections[0]
    assert all(DEMO == foot.paragraphs[0].text for foot in (first.footer, first.first_page_footer))
    assert all(section.footer.is_linked_to_previous for section in document.sections[1:])
    real = docx.Document(io.BytesIO(report(replace(plan, report=(), annexes=(), stamp=replace(plan.stamp, is_demo=False)))))
    assert f"Số liệu đến 31/10/2026 · Mã đối chiếu {plan.stamp.code}" == real.sections[0].footer.paragraphs[0].text
    assert "minh họa" not in every_word(real).replace("Nguồn: Dữ liệu minh họa", "")


def test_the_same_plan_gives_the_same_bytes_and_another_moment_changes_only_the_stamp(content: bytes, plan: Plan) -> None:
    assert content == report(plan)
    later = report(replace(plan, stamp=replace(plan.stamp, made_at=datetime(2026, 11, 3, 10, 6))))
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(io.BytesIO(later)) as after:
        assert before.namelist() == after.namelist()
        changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
        assert ["word/document.xml"] == changed
        assert {(1980, 1, 1, 0, 0, 0)} == {entry.date_time for entry in before.infolist()}
        assert before.read(changed[0]).decode().replace("02/11/2026 09:05", "03/11/2026 10:06") == after.read(changed[0]).decode()


def test_the_file_is_dated_by_the_data(document: Document) -> None:
    said = document.core_properties
    assert [datetime(2026, 10, 31)] * 2 == [day.replace(tzinfo=None) for day in (said.created, said.modified) if day]
    assert MADE_AT.year == 2026


# --- charts ----------------------------------------------------------------------------------------------------------------------


def test_every_chart_is_native_with_alt_text_and_a_number_of_its_own(document: Document, content: bytes, plan: Plan) -> None:
    expected = [block.chart for block in plan.report if isinstance(block, ChartBlock)]
    assert 5 == len(expected) == len(charts(content))
    drawn = [*document.element.body.iter(qn("wp:docPr"))]
    assert [one.alt_text for one in expected] == [node.get("descr") for node in drawn]
    assert ["1", "2", "3", "4", "5"] == [node.get("id") for node in drawn]
    assert not [*document.element.body.iter(qn("pic:pic"))]


def test_the_numbers_behind_a_chart_are_those_of_the_screen(content: bytes, plan: Plan) -> None:
    chart = next(block.chart.chart for block in plan.report if isinstance(block, ChartBlock))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet = openpyxl.load_workbook(io.BytesIO(package.read("word/embeddings/bang-so-lieu-1.xlsx"))).active
    assert sheet is not None
    rows = [*sheet.iter_rows(values_only=True)]
    assert [(None, *(one.name for one in chart.series)), *zip(chart.categories, *(one.values for one in chart.series), strict=True)] == rows


@pytest.mark.parametrize("address", [address for address in DRAWN if address not in ("agencies.months", "areas.tiles")])
def test_what_a_chart_says_at_its_marks_stands_in_the_chart_of_word(address: str, plan: Plan, data: Data) -> None:
    one = spec_of(data, address).chart
    assert one is not None
    chart = charts(report(replace(plan, report=(ChartBlock("Hình 1.", one),), annexes=())))[0]
    values = {float(value) for value in re.findall(r"<c:v>(-?[\d.]+(?:e-?\d+)?)</c:v>", chart)}
    if one.chart.form is Form.STEPS:
        assert all(words in chart for words in one.chart.series[0].labels)
    else:
        assert {value for series in one.chart.series for value in series.values if value is not None} <= values
    assert f'typeface="{FONT}"' in chart
    assert one.chart.form not in (Form.LINE, Form.COLUMNS) or 'formatCode="[$-42A]#,##0' in chart


def test_the_marks_of_a_time_line_are_drawn_at_their_place(plan: Plan) -> None:
    chart = figures.line(x_labels=["8/2026", "9/2026"], series=[Series("Trả", [1, 2], "#0a6a66")], marks=[Mark(0.5, "①")])["chart"]
    content = report(replace(plan, report=(ChartBlock("Hình 1. Tiêu đề", spec(chart)),), annexes=()))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        drawing = package.read("word/drawings/drawing1.xml").decode()
        left, width = (float(re.search(rf'<c:{name} val="([\d.]+)"/>', charts(content)[0])[1]) for name in "xw")  # type: ignore[index]  # the layout of the plot comes first
    assert "①" in drawing
    assert f"<cdr:x>{left + width / 2:.5f}</cdr:x>" in drawing


def test_a_title_that_the_caption_lacks_is_printed_and_what_is_unfinished_under_it(plan: Plan) -> None:
    drawn = figures.columns_stacked(x_labels=["9/2026", "10/2026"], parts=[Part("Trả", [1, 2], "#0a6a66")], unfinished_from=1, note="đến ngày 15/10/2026")
    words = every_word(opened(plan, ChartBlock("Hình 1. Khác", spec(drawn["chart"], "Trả tăng"))))
    assert "Trả tăng\n" in words
    assert "Hình 1. Khác\nPhụ đề · đến ngày 15/10/2026. Nguồn: thử." in words


def test_a_heat_map_is_a_table_in_the_colours_of_the_screen_on_turned_paper(plan: Plan, data: Data) -> None:
    one = spec_of(data, "agencies.months").chart
    assert one is not None
    assert len(one.chart.series) > GRID_PORTRAIT
    made = opened(plan, ChartBlock("Hình 1.", one))
    assert [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT] == [section.orientation for section in made.sections]
    grid = made.tables[1]
    assert len(one.chart.categories) + 1 == len(grid.rows)
    first = one.chart.series[0]
    cell = grid.rows[1].cells[1]
    assert first.label_at(0, one.chart.number) == cell.text
    assert [first.color_at(0).lstrip("#").upper()] == [node.get(qn("w:fill")) for node in cell._tc.iter(qn("w:shd"))]
    assert not charts(report(replace(plan, report=(ChartBlock("Hình 1.", one),), annexes=())))


def test_a_tile_map_keeps_every_area_in_its_place() -> None:
    chart = figures.tiles(tiles=[Tile("A", 0, 1, 5, "5"), Tile("B", 1, 0, None, "–")])["chart"]
    rows = [
        [["".join(text.text or "" for text in line.iter(W)) for line in cell.iter(qn("w:p"))] for cell in row.iter(qn("w:tc"))]
        for row in grid_table(chart, "", 165).iter(qn("w:tr"))
    ]
    assert [[[""], ["A5"]], [["B–"], [""]]] == rows


LENGTHS = st.sampled_from([1, 2, 40])
VALUES = st.one_of(st.none(), st.floats(-1e6, 1e6).map(lambda value: round(value, 1)), st.integers(0, 10**7).map(float))


@given(form=st.sampled_from([Form.LINE, Form.COLUMNS, Form.BARS, Form.STACKED, Form.STEPS, Form.GRID]), count=LENGTHS, draw=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_chart_gives_a_file_that_opens(form: Form, count: int, draw: st.DataObject, plan: Plan) -> None:
    length = max(count, 2) if form is Form.STEPS else count
    names = tuple(draw.draw(st.lists(st.text(max_size=120), min_size=length, max_size=length)))
    several = 1 if form is Form.STEPS else draw.draw(st.integers(1, 3))
    series = tuple(ChartSeries(f"S{at}", tuple(draw.draw(st.lists(VALUES, min_size=length, max_size=length))), "#0a6a66") for at in range(several))
    made = opened(plan, ChartBlock("Hình 1.", spec(Chart(form, names, series))))
    assert "Hình 1." in every_word(made)


# --- tables ----------------------------------------------------------------------------------------------------------------------


def test_a_table_repeats_its_headings_and_splits_no_row(plan: Plan) -> None:
    table = opened(plan, TableBlock("Bảng 1. Thử", TitledTable("Thử", TABLE))).tables[1]
    assert [True, False, False, False] == [bool([*row._tr.iter(qn("w:tblHeader"))]) for row in table.rows]
    assert all([*row._tr.iter(qn("w:cantSplit"))] for row in table.rows)
    assert ["Thử"] == [node.get(qn("w:val")) for node in table._tbl.iter(qn("w:tblDescription"))]


def test_figures_stand_at_the_right_totals_in_bold_and_missing_values_are_a_dash(plan: Plan) -> None:
    table = opened(plan, TableBlock("Bảng 1. Thử", TitledTable("Thử", TABLE))).tables[1]
    assert ["=1+1 <b>", "1.234", "12,5%", "Chưa trả qua bưu chính"] == [cell.text for cell in table.rows[1].cells]
    assert ["B", "–", "–", "–"] == [cell.text for cell in table.rows[2].cells]
    aligns = [cell.paragraphs[0].alignment for cell in table.rows[1].cells]
    assert [WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT] == aligns
    assert [None, True] == [table.rows[row].cells[1].paragraphs[0].runs[0].bold for row in (1, 3)]


def test_rows_left_out_are_counted_under_the_table(plan: Plan) -> None:
    table = TitledTable("Thử", TABLE, "Ghi chú.", left_out=1200)
    words = every_word(opened(plan, TableBlock("Bảng 1. Thử", table), annexes=(Annex("PHỤ LỤC 1", "x", table),)))
    assert "Ghi chú. Còn 1.200 dòng không in ở đây: xem phụ lục hoặc tệp bảng tính kèm theo.\n" in words
    assert "Ghi chú. Còn 1.200 dòng không in ở đây.\n" in words


def test_a_table_without_rows_says_so(plan: Plan) -> None:
    table = opened(plan, TableBlock("Bảng 1.", TitledTable("", Table(COLUMNS, ())))).tables[1]
    assert NOTHING == table.rows[1].cells[0].text == table.rows[1].cells[3].text  # one cell over all columns


def test_a_wide_annex_lies_on_turned_paper_and_every_annex_on_a_page_of_its_own(plan: Plan) -> None:
    wide, upright = (Annex(f"PHỤ LỤC {at}", "x", TitledTable("Thử", TABLE, is_wide=at == 1)) for at in (1, 2))
    made = opened(plan, annexes=(wide, upright, replace(upright, heading="PHỤ LỤC 3")))
    assert [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT] == [section.orientation for section in made.sections]
    assert 2 == len([*made.element.body.iter(qn("w:pageBreakBefore"))])  # of the third annex and of the sources; the sections begin the others


@given(texts=st.lists(st.tuples(st.text(max_size=200), st.integers(0, 10**9)), max_size=5), width=st.sampled_from([165.0, 252.0]))
def test_columns_fill_the_width_whatever_they_hold(texts: list[tuple[str, int]], width: float) -> None:
    table = Table(COLUMNS[:2], tuple({"name": name, "count": count} for name, count in texts))
    made = data_table(table, "", width)
    assert width == pytest.approx(sum(int(node.get(qn("w:w"), "0")) for node in made.iter(qn("w:gridCol"))) / 56.693, abs=0.1)
