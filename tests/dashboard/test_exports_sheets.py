"""Workbooks opened again: the numbers of the screen as real numbers, totals and rates as live formulas, charts over cells, and no text that runs."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from math import isclose
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dashboard import figures
from dashboard.cards import Asked
from dashboard.charts import Chart, ChartSeries, Form, Number
from dashboard.content.chart_spec import CardSpec, ChartSpec, page_specs, spec_or_reason
from dashboard.content.stamp import DEMO, Audience, Making, Stamp, stamp_of
from dashboard.exports.letter_words import clean
from dashboard.exports.sheets import ASKED, CONTENTS, FIGURES, FIRST_ROW, MEANINGS, card_sheets, page_sheets, plan_sheets
from dashboard.exports.sheets_book import DATE, LONGEST_NAME, PERCENT, number_format, sheet_name
from dashboard.exports.sheets_cells import decimals, real
from dashboard.exports.sheets_table import PARTS
from dashboard.figures import Part, Series, Tile
from dashboard.pages import CARDS, PAGES
from dashboard.tables import Column, Kind, Table, TableState
from queries.data import Data, open_data
from queries.filters import Filters
from tests.dashboard.sample_plan import LETTERS, MADE_AT, sample_plan

HEADINGS = FIRST_ROW + 1  # openpyxl counts from 1
STATES = ("ky=2026-Q3", "dv=SKHCN&tc=hien-nay", "tu=2026-10-30&den=2026-10-31")
NOT_RATIOS = {
    "change.funnel_limits.lower": "a limit, reckoned by the rule of the chart",
    "change.funnel_limits.upper": "a limit, reckoned by the rule of the chart",
    "score.province.next_threshold": "a threshold of the scoring rules",
    "agencies.similar.similarity": "the likeness of two mixes of procedures, not a ratio of two counts",
}
NAME = Column("name", "Đơn vị")
Specs = Callable[[str], tuple[CardSpec, ...]]


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


def asked_for(data: Data, query: str, path: str, state: TableState | None = None) -> Asked:
    return Asked(data, Filters.from_query(query), state or TableState(), path=path)


def stamp_for(data: Data, query: str = "ky=2026-Q3", **more: Any) -> Stamp:
    return stamp_of("Thẻ", "card:x", asked_for(data, query, "/"), Making(MADE_AT, **more))


@pytest.fixture(scope="module")
def all_specs(data: Data) -> Specs:
    """Every card in a state, drawn once."""
    return cache(lambda query: tuple(spec_or_reason(card, asked_for(data, query, page.path)) for page in PAGES for card in page.cards))


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(name).decode()


def charts(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return [name for name in book.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]


def words_of(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def a_stamp(**changes: Any) -> Stamp:
    found = Stamp(
        what="Thẻ",
        filters="Quý III/2026 · toàn tỉnh",
        dates="01/07/2026–30/09/2026",
        as_of=datetime(2026, 10, 31).date(),
        source_name="",
        made_at=MADE_AT,
        code="AAAAA-BBBBB",
        link="http://127.0.0.1:8050/don-vi?ky=2026-Q3",
        code_link="http://127.0.0.1:8050/ma/AAAAA-BBBBB",
        place="Tỉnh Lai Châu",
        is_demo=True,
        audience=Audience.INSIDE,
    )
    return replace(found, **changes)


def made(*columns: Column, rows: tuple[dict[str, Any], ...], stamp: Stamp | None = None, **more: Any) -> Workbook:
    return opened(card_sheets(CardSpec("x.y", "Thẻ", "Thông điệp", table=Table(columns, rows, **more)), stamp or a_stamp()))


def charted(chart: Chart) -> bytes:
    rows = ({"name": "A"},)
    spec = CardSpec("x.y", "Thẻ", "Thông điệp", chart=ChartSpec(chart, "Thông điệp", "", "Mô tả biểu đồ", "Nguồn"), table=Table((NAME,), rows))
    return card_sheets(spec, a_stamp())


# --- every card ------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("query", STATES)
def test_a_rate_of_every_card_knows_its_two_sums(query: str, all_specs: Specs) -> None:
    for spec in all_specs(query):
        for column in spec.table.columns if spec.table is not None else ():
            if column.kind is not Kind.PERCENT:
                continue
            if column.over is None:
                assert f"{spec.address}.{column.key}" in NOT_RATIOS
                continue
            assert spec.table is not None
            lines = (*spec.table.rows, spec.table.total or {})
            for value, upper, lower in ([real(line.get(key)) for key in (column.key, *column.over)] for line in lines):
                if value is not None:
                    assert upper is not None, f"{spec.address} {column.key}"
                    assert lower, f"{spec.address} {column.key}"
                    assert isclose(value, upper / lower, rel_tol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("query", STATES)
def test_the_figures_of_every_card_are_those_of_the_screen(query: str, data: Data, all_specs: Specs) -> None:
    specs = all_specs(query)
    book = opened(page_sheets("Mọi thẻ", specs, stamp_for(data, query)), values=True)
    for sheet, spec in zip(book.worksheets[1:-2], specs, strict=True):
        text = words_of(sheet)
        for line in filter(None, (spec.title, spec.subtitle, spec.note, *spec.lines)):
            assert clean(line) in text, spec.address
        assert all(clean(kpi.value) in text for kpi in spec.kpis)
        if spec.table is not None:
            for row, line in enumerate((*spec.table.rows, *((spec.table.total,) if spec.table.total is not None else ())), start=HEADINGS + 1):
                for place, column in enumerate(spec.table.columns, start=1):
                    wanted, cell = column.show(line.get(column.key)), sheet.cell(row, place)
                    is_blank = cell.value is None and wanted == "–" and line is spec.table.total
                    assert is_blank or shown(column, cell.value) == clean(wanted), (spec.address, cell.coordinate)
        if spec.chart is not None:
            assert charted_numbers(spec.chart.chart) <= all_numbers(sheet) | words_in(text), spec.address


def shown(column: Column, value: Any) -> str:
    """A cell as the screen would write it; whole numbers come back without their type."""
    if isinstance(value, str):
        return clean(value)
    return clean(column.show(int(value) if column.kind is Kind.WHOLE and float(value).is_integer() else value))


def charted_numbers(chart: Chart) -> set[Any]:
    """What a chart says: its numbers, or its words where the screen shows words."""
    if chart.form in (Form.STEPS, Form.GRID):
        words = {series.label_at(place, chart.number) for series in chart.series for place, _ in enumerate(series.values)}
        return words - {"", *(chart.number.show(value) for series in chart.series for value in series.values)} if chart.form is Form.GRID else words
    scale = 100 if chart.number is Number.PERCENT else 1
    return {round(value / scale, 9) for series in chart.series for value in series.values if value is not None}


def all_numbers(sheet: Worksheet) -> set[Any]:
    return {round(float(cell.value), 9) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)}


def words_in(text: str) -> set[Any]:
    return set(re.split(r"[\n ]", text)) | {line.rpartition(": ")[2] for line in text.split("\n")}


@pytest.mark.slow
def test_an_office_programme_reckons_what_the_file_says(data: Data, all_specs: Specs, tmp_path: Path) -> None:
    """All cards in one workbook, the values beside the formulas set to 0, opened and reckoned anew."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("no LibreOffice on this machine (looked for soffice): the formulas are not reckoned by a second programme")
    content = page_sheets("Mọi thẻ", all_specs("ky=2026-Q3"), stamp_for(data))
    wanted, formulas = opened(content, values=True), opened(content)
    reckoned = opened(_reckoned(soffice, content, tmp_path), values=True)
    count = {"=SUM": 0, "=IF(": 0}
    for sheet in formulas.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            found, value = reckoned[sheet.title][cell.coordinate].value, wanted[sheet.title][cell.coordinate].value
            assert isinstance(found, int | float), (sheet.title, cell.coordinate, cell.value, found)
            assert isclose(found, value, rel_tol=1e-9, abs_tol=1e-9), (sheet.title, cell.coordinate, cell.value)
            count[str(cell.value)[:4]] += 1
    assert min(count.values()) > 50


def _reckoned(soffice: str, content: bytes, folder: Path) -> bytes:
    file = folder / "in" / "book.xlsx"
    file.parent.mkdir()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        for entry in source.infolist():
            target.writestr(entry.filename, re.sub(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1<v>0</v>", source.read(entry)))
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    item = '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>'
    settings = f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{item}</oor:items>'
    (profile / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / "book.xlsx").read_bytes()


@pytest.mark.slow
def test_all_rows_stand_in_the_order_that_the_reader_chose(data: Data) -> None:
    asked = asked_for(data, "ky=2026-Q3", "/thu-tuc", TableState(sort="-received", page=2))
    spec = spec_or_reason(CARDS["procedures.volumes"], asked)
    sheet = opened(card_sheets(spec, stamp_for(data)), values=True)[FIGURES]
    assert spec.table is not None
    assert len(spec.table.rows) > 100
    received = [sheet.cell(row, 4).value for row in range(HEADINGS + 1, HEADINGS + 1 + len(spec.table.rows))]
    known = [value for value in received if isinstance(value, int | float)]
    assert sorted(known, reverse=True) == known != []


@pytest.mark.slow
@pytest.mark.parametrize("query", ["tu=2030-01-01&den=2030-12-31", "dv=KHONG-CO-DON-VI-NAY"])
def test_a_card_without_figures_says_why(query: str, data: Data) -> None:
    for page in PAGES[:2]:
        specs = page_specs(page, asked_for(data, query, page.path))
        book = opened(page_sheets(page.name, specs, stamp_for(data, query)))
        assert all(clean(spec.title) in words_of(sheet) for sheet, spec in zip(book.worksheets[1:-2], specs, strict=True))


# --- cells -----------------------------------------------------------------------------------------------------------------------


def test_the_sheets_of_a_card_are_figures_definitions_and_filters() -> None:
    assert ["Số liệu", "Định nghĩa", "Bộ lọc"] == made(NAME, rows=({"name": "A"},)).sheetnames == [FIGURES, MEANINGS, ASKED]


def test_numbers_and_dates_are_real_in_vietnamese_formats() -> None:
    columns = (Column("n", "Số", Kind.WHOLE), Column("d", "Ngày", Kind.DATE), Column("s", "Tăng", Kind.SIGNED), Column("x", "Thập phân", Kind.NUMBER))
    sheet = made(NAME, *columns, rows=({"name": "A", "n": 1234, "d": datetime(2027, 1, 5), "s": -12, "x": 4.25},))[FIGURES]
    found = [(cell.value, cell.number_format) for cell in sheet[HEADINGS + 1][1:5]]
    assert [(1234, number_format(0)), (datetime(2027, 1, 5), DATE), (-12, number_format(0, signed=True)), (4.25, number_format(1))] == found


def test_a_missing_value_is_a_dash_and_never_0() -> None:
    sheet = made(NAME, Column("n", "Số", Kind.WHOLE), Column("d", "Ngày", Kind.DATE), rows=({"name": "A", "n": None, "d": None},))[FIGURES]
    assert ["–", "–"] == [cell.value for cell in sheet[HEADINGS + 1][1:3]]


def test_a_total_is_a_sum_only_where_the_rows_add_up() -> None:
    columns = (NAME, Column("n", "Kết quả", Kind.WHOLE), Column("p", "Thủ tục khác nhau", Kind.WHOLE))
    sheet = made(*columns, rows=({"name": "A", "n": 3, "p": 2}, {"name": "B", "n": 4, "p": 2}), total={"name": "Cộng", "n": 7, "p": 3})[FIGURES]
    assert ["Cộng", f"=SUM(B{HEADINGS + 1}:B{HEADINGS + 2})", 3] == [cell.value for cell in sheet[HEADINGS + 3][:3]]


def test_a_rate_is_the_formula_of_two_columns_and_of_two_totals() -> None:
    columns = (NAME, Column("a", "Qua bưu chính", Kind.WHOLE), Column("b", "Tất cả", Kind.WHOLE), Column("r", "Tỷ lệ", Kind.PERCENT, over=("a", "b")))
    rows = ({"name": "A", "a": 1, "b": 4, "r": 0.25}, {"name": "B", "a": 1, "b": 2, "r": 0.5})
    sheet = made(*columns, rows=rows, total={"name": "Cộng", "a": 2, "b": 6, "r": 2 / 6})[FIGURES]
    first, last = HEADINGS + 1, HEADINGS + 3
    assert [f'=IF(N($C{row})>0,$B{row}/$C{row},"–")' for row in (first, last)] == [sheet.cell(row, 4).value for row in (first, last)]
    assert PERCENT == sheet.cell(first, 4).number_format


RATE = Column("r", "Tỷ lệ", Kind.PERCENT, over=("a", "b"))


def test_sums_that_are_no_visible_column_stand_folded_at_the_right() -> None:
    sheet = made(NAME, RATE, rows=({"name": "A", "a": 1, "b": 4, "r": 0.25},))[FIGURES]
    assert [PARTS, "Tỷ lệ: tử số", "Tỷ lệ: mẫu số"] == [sheet.cell(HEADINGS - 1, 3).value, *(sheet.cell(HEADINGS, place).value for place in (3, 4))]
    assert f'=IF(N($D{HEADINGS + 1})>0,$C{HEADINGS + 1}/$D{HEADINGS + 1},"–")' == sheet.cell(HEADINGS + 1, 2).value
    assert sheet.column_dimensions["C"].hidden
    assert "bấm dấu +" in words_of(sheet)


def test_a_file_for_outside_holds_no_sum_that_is_not_seen() -> None:
    sheet = made(NAME, RATE, rows=({"name": "A", "a": 1, "b": 4, "r": 0.25},), stamp=a_stamp(audience=Audience.OUTSIDE))[FIGURES]
    assert (0.25, None) == (sheet.cell(HEADINGS + 1, 2).value, sheet.cell(HEADINGS + 1, 3).value)


def test_a_rate_over_too_few_cases_stays_a_dash() -> None:
    sheet = made(NAME, RATE, rows=({"name": "A", "a": 1, "b": 2, "r": None},))[FIGURES]
    assert ["–", 1, 2] == [cell.value for cell in sheet[HEADINGS + 1][1:4]]


def test_words_in_a_column_of_numbers_stay_words_and_are_not_summed() -> None:
    columns = (NAME, Column("n", "Kết quả", Kind.WHOLE))
    sheet = made(*columns, rows=({"name": "A", "n": "<5"}, {"name": "B", "n": 4}), total={"name": "Cộng", "n": 4})[FIGURES]
    assert ["<5", 4, 4] == [sheet.cell(HEADINGS + line, 2).value for line in (1, 2, 3)]


def test_verdicts_are_words() -> None:
    assert "Chưa trả qua bưu chính" == made(NAME, Column("v", "Tình trạng", Kind.VERDICT), rows=({"name": "A", "v": "not_by_post"},))[FIGURES]["B7"].value


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://a.vn", "12", "{=1}"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    book = made(NAME, Column("n", text), rows=({"name": text, "n": text},))
    for cell in (*book[FIGURES][HEADINGS + 1][:2], book[FIGURES].cell(HEADINGS, 2)):
        assert (text, "s", None) == (cell.value, cell.data_type, cell.hyperlink)


def test_letters_survive_and_signs_that_no_file_may_hold_are_left_out() -> None:
    sheet = made(NAME, rows=({"name": LETTERS}, {"name": "Mường\x00 Tè\ud800\x0b"}, {"name": "dài " * 10_000}))[FIGURES]
    assert [LETTERS, "Mường Tè"] == [sheet.cell(HEADINGS + line, 1).value for line in (1, 2)]
    assert 32_001 == len(str(sheet.cell(HEADINGS + 3, 1).value))


def test_a_table_without_rows_says_so() -> None:
    assert "Không có dòng nào." == made(NAME, rows=())[FIGURES].cell(HEADINGS + 1, 1).value


@given(st.text(), st.sets(st.text(max_size=40).map(str.casefold), max_size=4))
def test_the_name_of_a_sheet_is_always_valid_and_unlike_the_others(wanted: str, taken: set[str]) -> None:
    name = sheet_name(wanted, taken)
    assert 1 <= len(name) <= LONGEST_NAME
    assert name.casefold() not in {"history", *taken}
    assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)


def test_equal_names_are_numbered() -> None:
    assert ["Thủ tục", "Thủ tục (2)"] == [sheet_name("Thủ tục"), sheet_name("Thủ tục", {"thủ tục"})]
    assert LONGEST_NAME >= len(sheet_name("Trả nhiều nhất, tăng giảm nhiều nhất, chưa trả", {"trả nhiều nhất, tăng giảm nhiều"}))


@pytest.mark.parametrize(("values", "most", "found"), [([1.0, 2.0], 1, 0), ([1.25], 1, 1), ([0.5, 0.25], 2, 2), ([1.04], 1, 0), ([None], 2, 0)])
def test_a_column_has_as_many_decimals_as_it_needs(values: list[float | None], most: int, found: int) -> None:
    assert found == decimals(values, most)


# --- charts ----------------------------------------------------------------------------------------------------------------------


def test_a_line_is_solid_to_where_it_is_unfinished_and_dashed_from_there() -> None:
    content = charted(figures.line(x_labels=["8/2026", "9/2026", "10/2026"], series=[Series("Trả", [3, None, 1], "#0a6a66", dashed_from=2)])["chart"])
    chart, sheet = part(content, "xl/charts/chart1.xml"), opened(content)[FIGURES]
    assert 'val="dash"' in chart
    assert '<c:dispBlanksAs val="gap"/>' in chart
    refs = re.findall(r"<c:val><c:numRef><c:f>'Số liệu'!\$(\w+)\$(\d+):\$\w+\$(\d+)</c:f>", chart)
    assert [2, 3] == [int(last) - int(first) + 1 for _, first, last in refs]
    column, first, _ = refs[0]
    assert [3, None, 1] == [sheet[f"{column}{int(first) + line}"].value for line in range(3)]


def test_bars_have_the_words_of_the_screen_and_the_first_on_top() -> None:
    chart = part(charted(figures.bars(names=["A", "B"], values=[15.29, None], texts=["15,3%", "–"])["chart"]), "xl/charts/chart1.xml")
    assert "15,3%" in chart
    assert '<c:orientation val="maxMin"/>' in chart


def test_the_steps_stand_on_an_invisible_base() -> None:
    content = charted(figures.waterfall(names=["A", "B"], deltas=[5, -2], start=10, end=13, start_name="Trước", end_name="Nay")["chart"])
    rows = [[cell.value for cell in row if cell.value is not None] for row in opened(content)[FIGURES].iter_rows()]
    assert [["Trước: 10", 0, 10], ["A: +5", 10, 5], ["B: −2", 13, 2], ["Nay: 13", 0, 13]] == [row for row in rows if ":" in str(row[:1]) and len(row) == 3]
    assert "<a:noFill/>" in part(content, "xl/charts/chart1.xml")


def test_steps_below_zero_go_down_from_zero() -> None:
    chart = Chart(Form.STEPS, ("Đầu", "A", "Cuối"), (ChartSeries("Đổi", (2, -5, -3), "#0a6a66"),))
    rows = [[cell.value for cell in row if cell.value is not None] for row in opened(charted(chart))[FIGURES].iter_rows()]
    assert ["A: −5", 0, 2, -3] in rows


@pytest.mark.parametrize(
    "figure",
    [
        figures.columns_stacked(x_labels=["1", "2"], parts=[Part("A", [1.0, 2.0], "#0a6a66")], unfinished_from=1),
        figures.stacked(names=["X"], parts=[Part("A", [1.0], "#0a6a66"), Part("B", [3.0], "#cb8114")], share=True),
        figures.bars(names=["A"], values=[-3], comparison=[2], comparison_name="Kỳ trước"),
        figures.bars(names=[f"Đơn vị {place}" for place in range(40)], values=list(range(40))),
    ],
)
def test_a_chart_has_its_description_and_is_vietnamese(figure: Any) -> None:
    content = charted(figure["chart"])
    assert 'descr="Mô tả biểu đồ"' in part(content, "xl/drawings/drawing1.xml")
    chart = part(content, "xl/charts/chart1.xml")
    assert '<c:lang val="vi-VN"/>' in chart
    assert "en-US" not in chart
    assert set(re.findall(r"<c:f>('[^']+')!", chart)) == {"'Số liệu'"}
    assert "<dc:language>vi-VN</dc:language>" in part(content, "docProps/core.xml")


def test_unfinished_columns_are_hatched() -> None:
    chart = figures.columns_stacked(x_labels=["1", "2"], parts=[Part("A", [1.0, 2.0], "#0a6a66")], unfinished_from=1)["chart"]
    assert "<a:pattFill" in part(charted(chart), "xl/charts/chart1.xml")


def test_tiles_are_coloured_cells_in_their_places() -> None:
    chart = figures.tiles(tiles=[Tile("Mù Cả", 0, 1, 12.5, "12,5%"), Tile("Tà Tổng", 1, 0, 3.0, "3%")])["chart"]
    sheet = opened(charted(chart))[FIGURES]
    found = {cell.value: (cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value in ("Mù Cả", "Tà Tổng")}
    assert (2, -1) == (found["Tà Tổng"][0] - found["Mù Cả"][0], found["Tà Tổng"][1] - found["Mù Cả"][1])
    assert "FFFFFFFF" != sheet.cell(*found["Mù Cả"]).fill.fgColor.rgb


# --- whole files -----------------------------------------------------------------------------------------------------------------


def test_the_reader_can_go_back_to_the_exact_state() -> None:
    book = made(NAME, rows=({"name": "A"},))
    links = [cell.hyperlink.target for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert {"http://127.0.0.1:8050/don-vi?ky=2026-Q3", "http://127.0.0.1:8050/ma/AAAAA-BBBBB"} == set(links)


def test_the_paper_is_a4_landscape_with_headings_on_every_page() -> None:
    sheet = made(NAME, RATE, rows=({"name": "A", "r": 0.5},))[FIGURES]
    assert ("landscape", "9", f"${HEADINGS}:${HEADINGS}") == (sheet.page_setup.orientation, str(sheet.page_setup.paperSize), sheet.print_title_rows)
    assert (f"B{HEADINGS + 1}", f"A{HEADINGS}:B{HEADINGS + 1}") == (sheet.freeze_panes, sheet.auto_filter.ref)


def test_made_up_data_is_called_so_on_every_sheet() -> None:
    for sheet in made(NAME, rows=({"name": "A"},)).worksheets:
        assert "Dữ liệu minh họa" in words_of(sheet)
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.left is not None
        assert "Dữ liệu minh họa" in str(sheet.oddFooter.left.text)
    assert not any("minh họa" in words_of(sheet) for sheet in made(NAME, rows=({"name": "A"},), stamp=a_stamp(is_demo=False)).worksheets)


def test_the_same_state_gives_the_same_bytes_and_another_time_changes_the_stamp_only() -> None:
    spec = CardSpec("x.y", "Thẻ", "Thông điệp", table=Table((NAME,), ({"name": "A"},)))
    first, later = card_sheets(spec, a_stamp()), card_sheets(spec, a_stamp(made_at=MADE_AT + timedelta(hours=1)))
    assert card_sheets(spec, a_stamp()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as one, zipfile.ZipFile(io.BytesIO(later)) as other:
        assert ["xl/sharedStrings.xml"] == [name for name in one.namelist() if one.read(name) != other.read(name)]
        assert {(1980, 1, 1, 0, 0, 0)} == {entry.date_time for entry in one.infolist()}


@pytest.mark.slow
def test_a_briefing_is_a_workbook_of_annexes_and_the_tables_behind_it(data: Data) -> None:
    plan = sample_plan(data)
    content = plan_sheets(plan)
    book = opened(content)
    assert [CONTENTS, *(annex.sheet for annex in plan.annexes)] == book.sheetnames[: 1 + len(plan.annexes)]
    assert [MEANINGS, ASKED] == book.sheetnames[-2:]
    assert 1 + len(plan.annexes) + len(plan.cards) + 2 == len(book.sheetnames)
    assert content == plan_sheets(plan)
    targets = {cell.hyperlink.location for row in book[CONTENTS].iter_rows() for cell in row if cell.hyperlink and cell.hyperlink.location}
    assert {f"'{name}'!A1" for name in book.sheetnames[1:]} == {target if "'" in target else f"'{target.partition('!')[0]}'!A1" for target in targets}
    assert sum(spec.chart is not None and not spec.chart.chart.is_table for spec in plan.cards) == len(charts(content))
    assert plan.definitions[0][1] in words_of(book[MEANINGS])
    assert plan.stamp.code in words_of(book[ASKED])
    assert DEMO in words_of(book[ASKED])
