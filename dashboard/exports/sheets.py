"""Excel workbooks of a card, a page and a briefing: real numbers, live formulas, native charts, what everything means, and what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from dashboard import text
from dashboard.content.chart_spec import CardSpec
from dashboard.content.plan import Plan
from dashboard.content.stamp import AUDIENCE_NAMES, CODE_PATH, Audience, Stamp
from dashboard.exports.sheets_book import (
    LINE_HEIGHT,
    Book,
    Sheet,
    cell_words,
    internal,
    lines_of,
    open_book,
    row_height,
    set_paper,
    write_link,
    write_pairs,
)
from dashboard.exports.sheets_chart import place_chart
from dashboard.exports.sheets_table import PARTS, Placed, write_table
from dashboard.tables import Kind

FIGURES, MEANINGS, ASKED, CONTENTS = "Số liệu", "Định nghĩa", "Bộ lọc", "Mục lục"
FIRST_ROW: Final = 5  # of the headings, counted from 0
_NO_TABLE: Final = (40.0, 80.0)  # widths of the two columns of a sheet without a table
_SIZE: Final = {"title": 19.0, "plain": float(LINE_HEIGHT)}


def card_sheets(spec: CardSpec, stamp: Stamp) -> bytes:
    """A card on three sheets: its figures with chart and small print, what they mean, what was asked."""
    book = open_book(spec.title, stamp.as_of, is_demo=stamp.is_demo, subject=stamp.filters)
    _write_card(book, book.sheet(FIGURES), spec, stamp)
    _write_meanings(book, _meanings((spec,)))
    _write_asked(book, stamp)
    return book.close()


def page_sheets(name: str, specs: Sequence[CardSpec], stamp: Stamp) -> bytes:
    """A page: contents with links, a sheet a card, what the figures mean, what was asked."""
    book = open_book(name, stamp.as_of, is_demo=stamp.is_demo, subject=stamp.filters)
    _write_parts(book, name, [(spec, "") for spec in specs], stamp)
    _write_meanings(book, _meanings(specs))
    _write_asked(book, stamp)
    return book.close()


def plan_sheets(plan: Plan) -> bytes:
    """A briefing: contents, its annexes, the tables behind its cards with their charts, what the figures mean, what was asked."""
    stamp = plan.stamp
    book = open_book(f"{plan.name}, {plan.period}", stamp.as_of, is_demo=stamp.is_demo, subject=plan.about)
    annexes = [
        (CardSpec("", annex.sheet, annex.table.title, annex.heading, table=annex.table.table, note=_annex_note(annex.table.note, annex.table.left_out)), annex.heading)
        for annex in plan.annexes
    ]
    _write_parts(book, f"{plan.name}, {plan.period}", [*annexes, *((spec, "") for spec in plan.cards)], stamp)
    _write_meanings(book, _meanings(plan.cards, plan.definitions))
    _write_asked(book, stamp)
    return book.close()


def _annex_note(note: str, left_out: int) -> str:
    return " ".join(filter(None, (note, f"Còn {text.whole(left_out)} dòng không nêu ở bảng này." if left_out else "")))


def _write_parts(book: Book, title: str, parts: Sequence[tuple[CardSpec, str]], stamp: Stamp) -> None:
    """The contents and a sheet for each part; the words beside a part stand before its title in the contents."""
    contents = book.sheet(CONTENTS)
    sheets = [book.sheet(spec.name) for spec, _ in parts]
    _write_contents(book, contents, title, [(sheet, spec, before) for sheet, (spec, before) in zip(sheets, parts, strict=True)], stamp)
    for sheet, (spec, _) in zip(sheets, parts, strict=True):
        _write_card(book, sheet, spec, stamp, contents)


def _write_contents(book: Book, sheet: Sheet, title: str, parts: Iterable[tuple[Sheet, CardSpec, str]], stamp: Stamp) -> None:
    widths = (6.0, 36.0, 96.0, 10.0)
    for place, width in enumerate(widths):
        sheet.raw.set_column(place, place, width)
    _write_head(book, sheet, (title, stamp.filters), stamp, stamp.link, widths)
    for place, words in enumerate(("STT", "Trang tính", "Nội dung", "Số dòng")):
        sheet.raw.write_string(FIRST_ROW, place, words, book.style("head"))
    row = FIRST_ROW
    for number, (target, spec, before) in enumerate(parts, start=1):
        row = FIRST_ROW + number
        words = cell_words(f"{before}. {spec.title}" if before else spec.title)
        sheet.tall(row, row_height([(words, widths[2] - 2), (target.name, widths[1] - 2)]))
        sheet.raw.write_number(row, 0, number, book.style("number"))
        link = book.style("text", font_color="#0A6A66", underline=1)
        sheet.raw.write_url(row, 1, internal(target), link, target.name)
        sheet.raw.write_string(row, 2, words, book.style("text"))
        rows = None if spec.table is None else len(spec.table.rows)
        sheet.raw.write(row, 3, text.MISSING if rows is None else rows, book.style("number"))
    for extra, name in enumerate((MEANINGS, ASKED), start=1):
        sheet.raw.write_url(row + extra, 1, f"internal:{quote_sheetname(name)}!A1", book.style("text", font_color="#0A6A66", underline=1), name)
    sheet.raw.freeze_panes(FIRST_ROW + 1, 0)
    set_paper(book, sheet, foot=stamp.short)


def _write_card(book: Book, sheet: Sheet, spec: CardSpec, stamp: Stamp, contents: Sheet | None = None) -> None:
    """Head, table, small print under it, chart at its right."""
    placed: Placed | None = None
    widths = _NO_TABLE
    if spec.table is not None and not spec.is_empty:
        placed = write_table(book, sheet, spec.table, FIRST_ROW, with_parts=stamp.audience is Audience.INSIDE)
        widths = placed.widths
    else:
        for place, width in enumerate(widths):
            sheet.raw.set_column(place, place, width)
    link = stamp.code_link.removesuffix(CODE_PATH + stamp.code) + spec.link if spec.link else stamp.link
    _write_head(book, sheet, (spec.title, spec.subtitle), stamp, link, widths)
    if contents is not None:
        write_link(book, sheet, (FIRST_ROW - 1, 0), internal(contents), f"Về {CONTENTS.lower()}")
    last = _write_small_print(book, sheet, spec, placed, widths)
    areas = [xl_range_abs(0, 0, last, len(widths) - 1)]
    if spec.chart is not None:
        corner = (FIRST_ROW, (placed.right if placed is not None else len(widths) - 1) + 2)
        end = place_chart(book, sheet, spec.chart, corner)
        areas.append(xl_range_abs(*corner, *end))
    quoted = quote_sheetname(sheet.name)
    book.raw.define_name(f"{quoted}!_xlnm.Print_Area", "=" + ",".join(f"{quoted}!{area}" for area in areas))
    set_paper(book, sheet, foot=stamp.short)


def _write_head(book: Book, sheet: Sheet, words: tuple[str, str], stamp: Stamp, link: str, widths: Sequence[float]) -> None:
    """Title and what is below it over the whole table, the stamp in one line, the link back to the exact state."""
    for row, (part, style) in enumerate(zip(words, ("title", "plain"), strict=True)):
        _write_wide(book, sheet, row, part, (0, widths), style)
    sheet.raw.write_string(2, 0, cell_words(stamp.short), book.style("demo" if stamp.is_demo else "plain"))
    write_link(book, sheet, (3, 0), link, "Mở trạng thái này trên bảng điều khiển")


def _write_wide(book: Book, sheet: Sheet, row: int, words: str, over: tuple[int, Sequence[float]], style: str = "plain") -> None:
    """Text over several columns, wrapped, in a row that is high enough."""
    first, widths = over
    found, wrapped = cell_words(words), book.style(style, text_wrap=True)
    if len(widths) > 1:
        sheet.raw.merge_range(row, first, row, first + len(widths) - 1, "", wrapped)
    sheet.raw.write_string(row, first, found, wrapped)
    shrunk = sum(widths) * (0.82 if style == "title" else 1)
    sheet.tall(row, _SIZE[style] * lines_of(found, shrunk))


def _write_small_print(book: Book, sheet: Sheet, spec: CardSpec, placed: Placed | None, widths: Sequence[float]) -> int:
    """Headline figures, remarks and note under the table. Answers the last row."""
    row = FIRST_ROW if placed is None else placed.last + 2
    if spec.kpis:
        sheet.raw.write_string(row, 0, "Số chính", book.style("bold"))
        for row, kpi in enumerate(spec.kpis, start=row + 1):  # noqa: B020 - goes on from the heading
            sheet.raw.write_string(row, 0, cell_words(kpi.label), book.style("wrapped"))
            sheet.tall(row, row_height([(kpi.label, widths[0])]))
            value = " ".join(filter(None, (kpi.value, kpi.unit)))
            _write_wide(book, sheet, row, "; ".join(filter(None, (value, kpi.change, kpi.target))), (1, widths[1:]))
        row += 2
    folded = placed is not None and placed.right > placed.visible
    parts = f"{PARTS} của các tỷ lệ không có cột riêng nằm ở các cột gấp lại bên phải bảng: bấm dấu + phía trên để mở." if folded else ""
    for words in filter(None, (*spec.lines, spec.note, parts)):
        _write_wide(book, sheet, row, words, (0, widths))
        row += 1
    return row


def _meanings(specs: Iterable[CardSpec], definitions: Iterable[tuple[str, str]] = ()) -> Iterable[tuple[str, str]]:
    specs = tuple(specs)
    yield "Chỉ tiêu", "Định nghĩa và căn cứ"
    found = {metric.label: f"{metric.definition} Căn cứ: {metric.source}." for spec in specs for metric in spec.metrics}
    yield from (found | dict(definitions)).items()
    tables = [spec.table for spec in specs if spec.table is not None]
    if any(column.kind is Kind.PERCENT for table in tables for column in table.columns):
        yield "Tỷ lệ trong tệp", "Công thức tử số chia mẫu số; “–” khi mẫu số bằng 0 hoặc quá ít hồ sơ để tính tỷ lệ."
    if any(table.total is not None for table in tables):
        yield "Hàng tổng", "Công thức cộng khi các dòng cộng lại đúng bằng tổng; tỷ lệ của tổng là tỷ số của hai tổng, không cộng hay lấy trung bình các tỷ lệ."
    yield "Dấu “–”", "Không có số liệu hoặc không tính được; không phải là 0."


def _write_meanings(book: Book, pairs: Iterable[tuple[str, str]]) -> None:
    write_pairs(book, book.sheet(MEANINGS), pairs)


def _write_asked(book: Book, stamp: Stamp) -> None:
    """The stamp: what was asked of which data, and the links that open it again."""
    pairs = (
        ("Mục", "Giá trị"),
        ("Nội dung", stamp.what),
        ("Kỳ, so sánh và phạm vi", stamp.filters),
        ("Các ngày được tính", stamp.dates),
        ("Số liệu đến", text.date_label(stamp.as_of)),
        ("Nguồn", stamp.source_name or "cơ sở dữ liệu hồ sơ của tỉnh"),
        ("Nơi lập", stamp.place),
        ("Đối tượng", AUDIENCE_NAMES[stamp.audience]),
        ("Lập lúc", text.datetime_label(stamp.made_at)),
        ("Phiên bản", stamp.version),
        ("Mã đối chiếu", stamp.code),
    )
    sheet = book.sheet(ASKED)
    row = write_pairs(book, sheet, pairs)
    write_link(book, sheet, (row, 0), stamp.link, "Mở trạng thái này trên bảng điều khiển")
    write_link(book, sheet, (row + 1, 0), stamp.code_link, f"Xem số liệu của mã {stamp.code} có thay đổi không")
