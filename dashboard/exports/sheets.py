"""Excel workbooks of a card, a page and a briefing: real numbers, live formulas, native charts, what everything means, and what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from dashboard import text
from dashboard.content.chart_spec import CardSpec
from dashboard.content.plan import Annex, Plan
from dashboard.content.stamp import AUDIENCE_NAMES, CODE_PATH, Audience, Stamp
from dashboard.exports.sheets_book import (
    LINE_HEIGHT,
    LINK_INK,
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
OPEN: Final = "Mở trạng thái này trên bảng điều khiển"
FIRST_ROW: Final = 5  # of the headings, counted from 0
_LAST: Final = ((MEANINGS, "Các chỉ tiêu được hiểu và tính thế nào, căn cứ"), (ASKED, "Kỳ, phạm vi, ngày số liệu, mã đối chiếu"))
_NO_TABLE: Final = (40.0, 80.0)  # widths of the two columns of a sheet without a table
_BOLD: Final = 0.9  # letters of a title in the width of plain ones
_SIZE: Final = {"title": 19.0, "plain": float(LINE_HEIGHT)}


def card_sheets(spec: CardSpec, stamp: Stamp) -> bytes:
    """A card on three sheets: its figures with chart and small print, what they mean, what was asked."""
    book = open_book(spec.title, stamp.as_of, is_demo=stamp.is_demo, subject=stamp.filters)
    _write_card(book.sheet(FIGURES), spec, stamp)
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
    annexes = [(_annex_spec(annex), annex.heading) for annex in plan.annexes]
    _write_parts(book, f"{plan.name}, {plan.period}", [*annexes, *((spec, "") for spec in plan.cards)], stamp)
    _write_meanings(book, _meanings(plan.cards, plan.definitions))
    _write_asked(book, stamp)
    return book.close()


def _annex_spec(annex: Annex) -> CardSpec:
    """An annex as a card without chart."""
    found = annex.table
    left_out = f"Còn {text.whole(found.left_out)} dòng không nêu ở bảng này." if found.left_out else ""
    return CardSpec("", annex.sheet, found.title, annex.heading, table=found.table, note=" ".join(filter(None, (found.note, left_out))))


def _write_parts(book: Book, title: str, parts: Sequence[tuple[CardSpec, str]], stamp: Stamp) -> None:
    """The contents and a sheet for each part; the words beside a part stand before its title in the contents."""
    contents = book.sheet(CONTENTS)
    sheets = [book.sheet(spec.name) for spec, _ in parts]
    _write_contents(contents, title, [(sheet, spec, before) for sheet, (spec, before) in zip(sheets, parts, strict=True)], stamp)
    for sheet, (spec, _) in zip(sheets, parts, strict=True):
        _write_card(sheet, spec, stamp, contents)


def _write_contents(sheet: Sheet, title: str, parts: Iterable[tuple[Sheet, CardSpec, str]], stamp: Stamp) -> None:
    widths = (6.0, 36.0, 96.0, 10.0)
    for place, width in enumerate(widths):
        sheet.raw.set_column(place, place, width)
    _write_head(sheet, (title, stamp.filters), stamp, widths)
    write_link(sheet, (3, 0), stamp.link, OPEN)
    for place, words in enumerate(("STT", "Trang tính", "Nội dung", "Số dòng")):
        sheet.raw.write_string(FIRST_ROW, place, words, sheet.style("head"))
    row = FIRST_ROW
    for number, (target, spec, before) in enumerate(parts, start=1):
        row = FIRST_ROW + number
        words = cell_words(f"{before}. {spec.title}" if before else spec.title)
        sheet.tall(row, row_height([(words, widths[2] - 2), (target.name, widths[1] - 2)]))
        sheet.raw.write_number(row, 0, number, sheet.style("number"))
        link = sheet.style("text", font_color=LINK_INK, underline=1)
        sheet.raw.write_url(row, 1, internal(target), link, target.name)
        sheet.raw.write_string(row, 2, words, sheet.style("text"))
        rows = None if spec.table is None else len(spec.table.rows)
        sheet.raw.write(row, 3, text.MISSING if rows is None else rows, sheet.style("number"))
    for extra, (name, words) in enumerate(
        ((MEANINGS, "Các chỉ tiêu được hiểu và tính thế nào, căn cứ"), (ASKED, "Kỳ, phạm vi, ngày số liệu, mã đối chiếu")), start=1
    ):
        sheet.raw.write_url(row + extra, 1, f"internal:{quote_sheetname(name)}!A1", sheet.style("text", font_color=LINK_INK, underline=1), name)
        sheet.raw.write_string(row + extra, 2, words, sheet.style("text"))
    sheet.raw.freeze_panes(FIRST_ROW + 1, 0)
    set_paper(sheet, foot=stamp.short)


def _write_card(sheet: Sheet, spec: CardSpec, stamp: Stamp, contents: Sheet | None = None) -> None:
    """Head, table, small print under it, chart at its right."""
    placed: Placed | None = None
    widths: tuple[float, ...] = _NO_TABLE
    if spec.table is not None and not spec.is_empty:
        placed = write_table(sheet, spec.table, FIRST_ROW, with_parts=stamp.audience is Audience.INSIDE)
        widths = placed.widths
    else:
        for place, width in enumerate(widths):
            sheet.raw.set_column(place, place, width)
    _write_head(sheet, (spec.title, spec.subtitle), stamp, widths)
    write_link(sheet, (3, 0), stamp.code_link.removesuffix(CODE_PATH + stamp.code) + spec.link if spec.link else stamp.link, OPEN)
    if contents is not None:
        write_link(sheet, (FIRST_ROW - 1, 0), internal(contents), f"Về {CONTENTS.lower()}")
    after = FIRST_ROW if placed is None else placed.last + 2
    last = _write_small_print(sheet, spec, placed, widths)
    areas = [xl_range_abs(0, 0, last, len(widths) - 1)]
    if spec.chart is not None:
        corner = (FIRST_ROW, (placed.right if placed is not None else len(widths) - 1) + 2)
        end = place_chart(sheet, spec.chart, corner, range(after, last + 1))
        areas.append(xl_range_abs(*corner, *end))
    quoted = quote_sheetname(sheet.name)
    sheet.book.raw.define_name(f"{quoted}!_xlnm.Print_Area", "=" + ",".join(f"{quoted}!{area}" for area in areas))
    set_paper(sheet, foot=stamp.short)


def _write_head(sheet: Sheet, words: tuple[str, str], stamp: Stamp, widths: Sequence[float]) -> None:
    """Title and what is below it over the whole table, the stamp in one line."""
    for row, (part, style) in enumerate(zip(words, ("title", "plain"), strict=True)):
        _write_wide(sheet, (row, 0), part, widths, style)
    sheet.raw.write_string(2, 0, cell_words(stamp.short), sheet.style("demo" if stamp.is_demo else "plain"))


def _write_wide(sheet: Sheet, place: tuple[int, int], words: str, widths: Sequence[float], style: str = "plain") -> None:
    """Text over several columns, wrapped, in a row that is high enough."""
    found, wrapped = cell_words(words), sheet.style(style, text_wrap=True)
    row, first = place
    if len(widths) > 1:
        sheet.raw.merge_range(row, first, row, first + len(widths) - 1, "", wrapped)
    sheet.raw.write_string(row, first, found, wrapped)
    shrunk = sum(widths) * (_BOLD if style == "title" else 1)
    sheet.tall(row, _SIZE[style] * lines_of(found, shrunk))


def _write_small_print(sheet: Sheet, spec: CardSpec, placed: Placed | None, widths: Sequence[float]) -> int:
    """Headline figures, remarks and note under the table. Answers the last row."""
    row = FIRST_ROW if placed is None else placed.last + 2
    if spec.kpis:
        sheet.raw.write_string(row, 0, "Số chính", sheet.style("bold"))
        for kpi in spec.kpis:
            row += 1
            sheet.raw.write_string(row, 0, cell_words(kpi.label), sheet.style("wrapped"))
            sheet.tall(row, row_height([(kpi.label, widths[0])]))
            value = " ".join(filter(None, (kpi.value, kpi.unit)))
            _write_wide(sheet, (row, 1), "; ".join(filter(None, (value, kpi.change, kpi.target))), widths[1:])
        row += 2
    folded = placed is not None and placed.right > placed.visible
    parts = f"{PARTS} của các tỷ lệ không có cột riêng nằm ở các cột gấp lại bên phải bảng: bấm dấu + phía trên để mở." if folded else ""
    for words in filter(None, (*spec.lines, spec.note, parts)):
        _write_wide(sheet, (row, 0), words, widths)
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
    write_pairs(book.sheet(MEANINGS), pairs)


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
    row = write_pairs(sheet, pairs)
    write_link(sheet, (row, 0), stamp.link, OPEN)
    write_link(sheet, (row + 1, 0), stamp.code_link, f"Xem số liệu của mã {stamp.code} có thay đổi không")
