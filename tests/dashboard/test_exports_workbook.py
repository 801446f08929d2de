"""The call list as a workbook, opened again: real numbers, dates and formulas, and no text that a spreadsheet would run."""

from __future__ import annotations

import io
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.exports.sheets import ASKED, FIRST_ROW, MEANINGS
from dashboard.exports.sheets_book import DATE, PERCENT, number_format
from dashboard.exports.workbook import LIST, call_list_workbook
from tests.dashboard.call_rows import BELOW, LETTERS, NEVER, STOPPED, asked, calls

HEADINGS = FIRST_ROW + 1  # openpyxl counts from 1


def opened(folder: Path, *rows: dict[str, Any], values: bool = False, **more: Any) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(call_list_workbook(calls(*rows), asked(folder, **more))), data_only=values)


def cells(sheet: Worksheet, line: int = 1) -> dict[str, Any]:
    """The cells of one unit by their headings."""
    return {str(head.value): sheet.cell(HEADINGS + line, place) for place, head in enumerate(sheet[HEADINGS], start=1)}


def words(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def footer(sheet: Worksheet) -> str:
    """What is printed at the left under every page."""
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.left is not None
    return str(sheet.oddFooter.left.text)


def test_the_sheets_are_list_definitions_and_filters(tmp_path: Path) -> None:
    assert opened(tmp_path, NEVER).sheetnames == [LIST, MEANINGS, ASKED] == ["Danh sách", "Định nghĩa", "Bộ lọc"]


def test_numbers_are_numbers_and_dates_are_dates_in_vietnamese_formats(tmp_path: Path) -> None:
    row = cells(opened(tmp_path, STOPPED)[LIST])
    assert (1629, "n", number_format(0)) == tuple(getattr(row["Kết quả đã trả từ ngày đó"], name) for name in ("value", "data_type", "number_format"))
    day = row["Lần trả qua bưu chính gần nhất"]
    assert (datetime(2026, 2, 10), DATE) == (day.value, day.number_format)
    assert (1, "Sở Tư pháp", "Đã ngừng") == (row["STT"].value, row["Đơn vị"].value, row["Lý do"].value)


def test_rates_are_formulas_of_numerator_and_denominator_with_their_value_beside(tmp_path: Path) -> None:
    sheet = opened(tmp_path, BELOW)[LIST]
    row = cells(sheet)
    above, below = row["Trả qua bưu chính trong kỳ"], row["Kết quả có ghi hình thức trả trong kỳ"]
    assert row["Tỷ lệ trong kỳ"].value == f'=IF(N(${below.column_letter}{below.row})>0,${above.column_letter}{above.row}/${below.column_letter}{below.row},"–")'
    assert row["Tỷ lệ trong kỳ"].number_format == PERCENT
    kept = cells(opened(tmp_path, BELOW, values=True)[LIST])
    assert kept["Tỷ lệ trong kỳ"].value == pytest.approx(12 / 1200)
    assert kept["Các đơn vị đó: tỷ lệ"].value == pytest.approx(126 / 1063)
    assert kept["Giới hạn dưới của mức thường thấy"].value == pytest.approx(0.032)


def test_missing_is_an_empty_cell_and_a_rate_over_nothing_a_dash(tmp_path: Path) -> None:
    bare = {name: NEVER[name] for name in ("agency_code", "agency_name", "reason", "level")}
    for row in ({**bare, "period_by_post": 0, "period_recorded": 0}, bare):
        kept = cells(opened(tmp_path, row, values=True)[LIST])
        assert [kept[name].value for name in ("Kết quả đã trả từ ngày đó", "Lần trả qua bưu chính gần nhất", "Đơn vị tương tự có trả qua bưu chính")] == [
            None
        ] * 3
        assert (kept["Tỷ lệ trong kỳ"].value, kept["Các đơn vị đó: tỷ lệ"].value) == ("–", "–")


@pytest.mark.parametrize("evil", ['=HYPERLINK("http://x","y")', "+1+1", "-1", "@SUM(A1)", "{=1}", "http://x.vn", "0012"])
def test_text_never_becomes_a_formula_a_link_or_a_number(evil: str, tmp_path: Path) -> None:
    cell = cells(opened(tmp_path, {**NEVER, "agency_name": evil, "agency_code": evil, "procedures_to_start": evil})[LIST])
    for name in ("Đơn vị", "Mã đơn vị", "Thủ tục nên bắt đầu: mã"):
        assert (evil, "s", None) == (cell[name].value, cell[name].data_type, cell[name].hyperlink)


def test_vietnamese_letters_survive(tmp_path: Path) -> None:
    row = cells(opened(tmp_path, {**NEVER, "agency_name": unicodedata.normalize("NFD", LETTERS), "similar_names": LETTERS})[LIST])
    assert (LETTERS, LETTERS) == (row["Đơn vị"].value, row["Đơn vị tương tự có trả qua bưu chính"].value)


def test_the_head_is_frozen_and_every_column_has_a_width(tmp_path: Path) -> None:
    sheet = opened(tmp_path, NEVER)[LIST]
    assert sheet.freeze_panes == f"D{HEADINGS + 1}"
    assert sheet.print_title_rows == f"${HEADINGS}:${HEADINGS}"
    widths = {str(head.value): sheet.column_dimensions[get_column_letter(place)].width for place, head in enumerate(sheet[HEADINGS], start=1)}
    assert widths["Đơn vị"] >= 28
    assert [name for name, width in widths.items() if width < max(map(len, name.split()))] == []
    assert sheet.auto_filter.ref == f"A{HEADINGS}:V{HEADINGS + 1}"


def test_every_heading_has_its_meaning(tmp_path: Path) -> None:
    book = opened(tmp_path, NEVER)
    meanings = {str(row[0].value): str(row[1].value) for row in book[MEANINGS].iter_rows() if row[0].value}
    assert [head.value for head in book[LIST][HEADINGS][1:] if not meanings.get(str(head.value), "").endswith(".")] == []
    assert {"Lý do “Chưa từng trả”", "Lý do “Đã ngừng”", "Lý do “Thấp hơn mức của chính mình”", "Ô trống"} <= set(meanings)


def test_periods_without_are_counted_in_the_steps_of_the_period(tmp_path: Path) -> None:
    assert "Số quý liên tiếp không trả qua bưu chính" in cells(opened(tmp_path, NEVER)[LIST])
    assert "Số tháng liên tiếp không trả qua bưu chính" in cells(opened(tmp_path, NEVER, query="")[LIST])


def test_the_filters_say_period_scope_and_what_was_chosen(tmp_path: Path) -> None:
    said = words(opened(tmp_path, NEVER, query="ky=2026-Q2&cap=commune")[ASKED])
    assert "quý II/2026" in said
    assert "01/04/2026–30/06/2026" in said
    assert "cấp xã" in said
    assert "30/06/2026" in said
    assert "cả danh sách, 1 đơn vị" in said
    assert "1 đơn vị được chọn trong danh sách" in words(opened(tmp_path, NEVER, chosen=("X-MC",))[ASKED])


def test_made_up_data_is_said_on_every_sheet_and_printed_page(tmp_path: Path) -> None:
    for sheet in opened(tmp_path, NEVER, is_demo=True):
        assert "Dữ liệu minh họa" in words(sheet)
        assert "Dữ liệu minh họa" in footer(sheet)
    for sheet in opened(tmp_path, NEVER):
        assert "minh họa" not in words(sheet) + footer(sheet)


def test_a_list_without_units_says_so(tmp_path: Path) -> None:
    sheet = opened(tmp_path)[LIST]
    assert sheet.cell(HEADINGS + 1, 1).value == "Không có đơn vị nào trong kỳ và phạm vi này."
    assert "0 đơn vị." in words(sheet)


def test_the_file_is_dated_by_the_data_and_not_by_the_clock(tmp_path: Path) -> None:
    assert opened(tmp_path, NEVER).properties.created == datetime(2026, 6, 30)
