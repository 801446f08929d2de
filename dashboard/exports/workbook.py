"""The call list as an Excel workbook: the list with real numbers, dates and formulas, what every column means, and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from dashboard import text
from dashboard.cards import Asked
from dashboard.content.stamp import DEMO
from dashboard.exports.letter_words import clean
from dashboard.exports.sheets import ASKED, FIRST_ROW, MEANINGS
from dashboard.exports.sheets_book import Sheet, open_book, row_height, set_paper, write_pairs
from dashboard.exports.sheets_cells import ratio
from dashboard.pages.adoption_words import level_name, step
from queries.call_list import BETWEEN_NAMES, NORM_MONTHS, PROCEDURES_NAMED, SIMILAR_NAMED, Reason
from queries.metrics import POSTAL_RETURN_RATE, RETURNED
from queries.period import day_label
from queries.sentence import sentence

LIST: Final = "Danh sách"
TITLE: Final = "Danh sách đơn vị cần nhắc về trả kết quả qua bưu chính công ích"
REASONS: Final = {
    Reason.NEVER: ("Chưa từng trả", "Từ trước đến hết kỳ, đơn vị có trả kết quả nhưng chưa lần nào trả qua bưu chính."),
    Reason.STOPPED: ("Đã ngừng", "Trước kỳ này đơn vị có trả qua bưu chính; trong kỳ có trả kết quả nhưng không có kết quả nào qua bưu chính."),
    Reason.BELOW_NORM: (
        "Thấp hơn mức của chính mình",
        f"Trong kỳ có trả qua bưu chính, với tỷ lệ dưới giới hạn dao động thường của chính đơn vị trong {NORM_MONTHS} tháng trước kỳ.",
    ),
}
"""Name and meaning of a reason."""
FROZEN_COLUMNS: Final = 3


@dataclass(frozen=True)
class _Column:
    """One column: its key in the frame, heading, width, format, and meaning. `over` are the keys of numerator and denominator of a rate."""

    key: str
    label: str
    width: int
    kind: str
    meaning: str
    over: tuple[str, str] | None = None
    words: Callable[[str], str] = clean


def call_list_workbook(frame: pd.DataFrame, asked: Asked) -> bytes:
    """The rows of `CallList` on three sheets: the list, the meaning of its columns, the filters. Strings never become formulas, links or numbers."""
    book = open_book(TITLE, asked.data.as_of, is_demo=asked.data.is_demo)
    columns = _columns(asked)
    _write_list(book.sheet(LIST), frame, columns, asked)
    write_pairs(book.sheet(MEANINGS), _meanings(columns))
    write_pairs(book.sheet(ASKED), _asked(frame, asked))
    return book.close()


def _columns(asked: Asked) -> tuple[_Column, ...]:
    unit = step(asked.timeframe.period)
    listed = "thủ tục thuộc danh mục trả qua bưu chính"
    return (
        _Column("agency_code", "Mã đơn vị", 12, "text", "Mã của đơn vị trong danh mục."),
        _Column("agency_name", "Đơn vị", 28, "text", "Tên đơn vị trong danh mục."),
        _Column("level", "Cấp", 18, "text", "Cấp của đơn vị.", words=level_name),
        _Column("reason", "Lý do", 18, "text", "Vì sao đơn vị có trong danh sách; xem các lý do bên dưới.", words=_reason),
        _Column(
            "periods_without", f"Số {unit} liên tiếp không trả qua bưu chính", 14, "whole", f"Tính đến hết kỳ, từ kết quả đầu tiên của đơn vị, theo {unit}."
        ),
        _Column("last_postal_return", "Lần trả qua bưu chính gần nhất", 14, "date", "Ngày, kể cả sau kỳ. Ô trống: chưa lần nào."),
        _Column("counted_from", "Tính kết quả từ ngày", 14, "date", "Ngày đầu được tính của các cột bên phải. Ô trống: từ kết quả đầu tiên."),
        _Column("returned", "Kết quả đã trả từ ngày đó", 13, "whole", f"{RETURNED.definition} Tính từ ngày ở cột bên trái đến hết kỳ."),
        _Column("returned_listed", "Trong đó thuộc danh mục bưu chính", 13, "whole", f"Kết quả của {listed} của đơn vị. Ô trống: nguồn không có danh mục."),
        _Column("registered_not_carried", "Đã đăng ký qua bưu chính, chưa chuyển", 13, "whole", "Có kết quả, đăng ký trả qua bưu chính, bưu chính chưa nhận."),
        _Column("period_by_post", "Trả qua bưu chính trong kỳ", 12, "whole", "Tử số của tỷ lệ trong kỳ."),
        _Column("period_recorded", "Kết quả có ghi hình thức trả trong kỳ", 13, "whole", "Mẫu số của tỷ lệ trong kỳ."),
        _Column("period_rate", "Tỷ lệ trong kỳ", 10, "rate", f"{POSTAL_RETURN_RATE.definition} Mẫu số 0: “–”.", ("period_by_post", "period_recorded")),
        _Column("lower_limit", "Giới hạn dưới của mức thường thấy", 13, "rate", "Chỉ với lý do “Thấp hơn mức của chính mình”."),
        _Column(
            "similar_names",
            "Đơn vị tương tự có trả qua bưu chính",
            40,
            "text",
            f"Nhiều nhất {SIMILAR_NAMED}, cùng cấp, gần nhau về cơ cấu thủ tục và số lượng.",
        ),
        _Column("similar_by_post", "Các đơn vị đó: trả qua bưu chính", 13, "whole", "Tổng trong kỳ."),
        _Column("similar_recorded", "Các đơn vị đó: có ghi hình thức trả", 13, "whole", "Tổng trong kỳ."),
        _Column("similar_rate", "Các đơn vị đó: tỷ lệ", 10, "rate", "Tỷ số của hai tổng bên trái.", ("similar_by_post", "similar_recorded")),
        _Column("procedures_to_start", "Thủ tục nên bắt đầu: mã", 22, "text", f"Nhiều nhất {PROCEDURES_NAMED} thủ tục trong danh mục, nhiều kết quả nhất."),
        _Column("procedures_to_start_names", "Thủ tục nên bắt đầu: tên", 54, "text", "Theo thứ tự của cột mã.", words=_procedures),
        _Column("done_elsewhere", "Đơn vị khác đã trả qua bưu chính", 13, "whole", "Bao nhiêu thủ tục đầu trong số đó đơn vị khác đã trả qua bưu chính."),
    )


def _reason(code: str) -> str:
    return next((name for reason, (name, _) in REASONS.items() if reason == code), code)


def _procedures(names: str) -> str:
    return clean(names.replace(BETWEEN_NAMES, "; "))


def _write_list(sheet: Sheet, frame: pd.DataFrame, columns: tuple[_Column, ...], asked: Asked) -> None:
    sheet.raw.write_string(0, 0, TITLE, sheet.style("title"))
    sheet.raw.write_string(1, 0, sentence(asked.filters, asked.data), sheet.style("plain"))
    sheet.raw.write_string(2, 0, f"Số liệu đến {day_label(asked.data.as_of)}. {len(frame)} đơn vị.", sheet.style("plain"))
    if asked.data.is_demo:
        sheet.raw.write_string(3, 0, DEMO, sheet.style("demo"))
    sheet.raw.write_string(FIRST_ROW, 0, "STT", sheet.style("head"))
    sheet.raw.set_column(0, 0, 5)
    sheet.tall(FIRST_ROW, 84)
    for place, column in enumerate(columns, start=1):
        sheet.raw.set_column(place, place, column.width)
        sheet.raw.write_string(FIRST_ROW, place, column.label, sheet.style("head"))
    for number, row in enumerate(frame.to_dict("records"), start=1):
        sheet.raw.write_number(FIRST_ROW + number, 0, number, sheet.style("whole"))
        _write_row(sheet, FIRST_ROW + number, {str(key): value for key, value in row.items()}, columns)
    if frame.empty:
        sheet.raw.write_string(FIRST_ROW + 1, 0, "Không có đơn vị nào trong kỳ và phạm vi này.", sheet.style("plain"))
    sheet.raw.freeze_panes(FIRST_ROW + 1, FROZEN_COLUMNS)
    sheet.raw.autofilter(FIRST_ROW, 0, FIRST_ROW + max(len(frame), 1), len(columns))
    sheet.raw.repeat_rows(FIRST_ROW)
    sheet.raw.repeat_columns(0, FROZEN_COLUMNS - 1)
    set_paper(sheet, pages_wide=2)


def _write_row(sheet: Sheet, line: int, row: dict[str, Any], columns: tuple[_Column, ...]) -> None:
    """The cells of one unit. A rate is the formula of its two sums, with the value beside it for programmes that do not reckon."""
    words = [(column.words(str(row[column.key])), column.width) for column in columns if column.kind == "text" and not text.is_missing(row[column.key])]
    sheet.tall(line, row_height(words))
    places = {column.key: place for place, column in enumerate(columns, start=1)}
    for column in columns:
        place, cell = places[column.key], sheet.style(column.kind)
        if column.over is None:
            _write_cell(sheet, (line, place), column, row[column.key], cell)
            continue
        above, below = (xl_rowcol_to_cell(line, places[key], col_abs=True) for key in column.over)
        upper, lower = (row[key] for key in column.over)
        value = text.MISSING if text.is_missing(upper) or text.is_missing(lower) or not lower else float(upper) / float(lower)
        sheet.raw.write_formula(line, place, ratio(above, below), cell, value)


def _write_cell(sheet: Sheet, place: tuple[int, int], column: _Column, value: Any, cell: Any) -> None:  # noqa: ANN401 - a cell of any column
    """One cell of its kind; missing is an empty cell."""
    if text.is_missing(value):
        sheet.raw.write_blank(*place, None, cell)
    elif column.kind == "text":
        sheet.raw.write_string(*place, column.words(str(value)), cell)
    elif column.kind == "date":
        sheet.raw.write_datetime(*place, pd.Timestamp(value).to_pydatetime(), cell)
    else:
        sheet.raw.write_number(*place, float(value), cell)


def _meanings(columns: tuple[_Column, ...]) -> Iterable[tuple[str, str]]:
    yield "Cột", "Ý nghĩa"
    yield from ((column.label, column.meaning) for column in columns)
    yield from ((f"Lý do “{name}”", meaning) for name, meaning in REASONS.values())
    yield (
        "Không có trong danh sách",
        "Đơn vị không ghi hình thức trả, không có kết quả trả hoặc chưa có số liệu: không kết luận được, xem trang Chưa trả qua bưu chính.",
    )
    for metric in (RETURNED, POSTAL_RETURN_RATE):
        yield metric.label, f"{metric.definition} Căn cứ: {metric.source}."
    yield "Ô trống", "Không có số liệu; không phải là 0."


def _asked(frame: pd.DataFrame, asked: Asked) -> Iterable[tuple[str, str]]:
    timeframe = asked.timeframe
    yield "Mục", "Giá trị"
    yield "Kỳ", timeframe.label()
    yield "Các ngày được tính", timeframe.counted.dates() if timeframe.counted is not None else "không có: kỳ nằm ngoài số liệu"
    yield "Kỳ, so sánh và phạm vi", sentence(asked.filters, asked.data)
    yield "Đơn vị trong tệp", f"{len(frame)} đơn vị được chọn trong danh sách" if asked.chosen else f"cả danh sách, {len(frame)} đơn vị"
    yield "Số liệu đến", day_label(asked.data.as_of)
    yield "Nguồn", asked.data.source_name or text.MISSING
    yield "Bộ lọc trong địa chỉ", asked.filters.to_query() or "(mặc định)"
