"""An Excel workbook being written: how it begins and ends, its formats, the names of its sheets, its paper. What is shown stands in the modules beside it."""

from __future__ import annotations

import io
import math
import re
import textwrap
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import quote_sheetname

from dashboard import text
from dashboard.content.stamp import DEMO
from dashboard.exports.letter_words import clean

# Office programmes that know Vietnamese from the file (LibreOffice) write 1.234,5; Excel takes the separators from its own settings. The cell is a number.
VIETNAMESE: Final = "[$-42A]"
PERCENT: Final = f"{VIETNAMESE}[=0]0%;{VIETNAMESE}[=1]0%;{VIETNAMESE}0.0%"
DATE: Final = f"{VIETNAMESE}dd/mm/yyyy"
FONT: Final = "Times New Roman"
LINE_HEIGHT: Final = 16  # points, of 12-point letters
PX_A_POINT: Final = 4 / 3
LETTERS_PER_WIDTH: Final = 1.05  # in one unit of column width
LONGEST_TEXT: Final = 32_000  # Excel takes 32,767 characters a cell
LONGEST_NAME: Final = 31
LONGEST_LINK: Final = 2_000  # Excel takes 2,079
DEMO_INK: Final = "#9A3412"
LINK_INK: Final = "#0A6A66"
_PAIR_WIDTHS: Final = (40, 100)
_A4: Final = 9
_GAPS: Final = b'<c:dispBlanksAs val="gap"/>'
_TAKEN: Final = "history"  # Excel keeps this name for itself
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\U00010000-\U0010ffff]+")
# Strings never become formulas, links or numbers, whatever they begin with. See test_text_that_looks_like_a_formula_stays_text.
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}


def number_format(digits: int, *, signed: bool = False) -> str:
    """Thousands and decimals in Vietnamese, with the true minus sign: 1.234,5 and −12."""
    plain = "#,##0" + (f".{'0' * digits}" if digits else "")
    return f'{VIETNAMESE}+{plain};{VIETNAMESE}"{text.MINUS}"{plain};{VIETNAMESE}0' if signed else f'{VIETNAMESE}{plain};{VIETNAMESE}"{text.MINUS}"{plain}'


_PLAIN: Final = {"font_name": FONT, "font_size": 12, "valign": "top"}
_CELL: Final = {**_PLAIN, "border": 1, "border_color": "#B8C0C2"}
_STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {**_PLAIN, "font_size": 14, "bold": True},
    "plain": _PLAIN,
    "wrapped": {**_PLAIN, "text_wrap": True},
    "bold": {**_PLAIN, "bold": True},
    "demo": {**_PLAIN, "bold": True, "font_color": DEMO_INK},
    "link": {**_PLAIN, "font_color": LINK_INK, "underline": 1},
    "head": {**_CELL, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E6EEEE"},
    "text": {**_CELL, "text_wrap": True, "num_format": "@", "align": "left", "indent": 1},
    "whole": {**_CELL, "num_format": number_format(0), "align": "right"},
    "rate": {**_CELL, "num_format": PERCENT, "align": "right"},
    "date": {**_CELL, "num_format": DATE, "align": "center"},
    "cell": _CELL,
    "bare": {},
    "number": {**_CELL, "align": "right"},
}


@dataclass
class Sheet:
    """One sheet of a book: XlsxWriter's own, its name, and the heights that its rows have been given, in points."""

    book: Book
    raw: Any
    name: str
    heights: dict[int, float] = field(default_factory=dict)

    def style(self, name: str, **more: Any) -> Any:  # noqa: ANN401 - XlsxWriter is untyped
        """A format of the book."""
        return self.book.style(name, **more)

    def tall(self, row: int, height: float) -> None:
        """Makes a row at least so high."""
        if height > self.heights.get(row, LINE_HEIGHT):
            self.heights[row] = height
            self.raw.set_row(row, height)

    def below(self, row: int, points: float) -> int:
        """The first row that lies so far under the top of a row."""
        while points > 0:
            points -= self.heights.get(row, LINE_HEIGHT)
            row += 1
        return row


@dataclass
class Book:
    """A workbook with its formats, each made once, and the names of its sheets."""

    content: io.BytesIO
    raw: Any
    is_demo: bool
    styles: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def style(self, name: str, **more: Any) -> Any:  # noqa: ANN401 - XlsxWriter is untyped
        """A format by its name, with further properties."""
        key = (name, *sorted(more.items()))
        if key not in self.styles:
            self.styles[key] = self.raw.add_format({**_STYLES[name], **more})
        return self.styles[key]

    def sheet(self, wanted: str) -> Sheet:
        """A new sheet under the wanted name, made valid and unique."""
        name = sheet_name(wanted, self.names)
        self.names.add(name.casefold())
        raw = self.raw.add_worksheet(name)
        raw.set_default_row(LINE_HEIGHT)
        raw.hide_gridlines(2)
        return Sheet(self, raw, name)

    def close(self) -> bytes:
        """The file."""
        self.raw.close()
        return _in_vietnamese(self.content.getvalue())


def open_book(title: str, as_of: date, *, is_demo: bool, subject: str = "") -> Book:
    """A new workbook; its properties name the data date as the day of making, so that equal data give equal bytes."""
    content = io.BytesIO()
    raw = xlsxwriter.Workbook(content, _OPTIONS)
    words = {"title": cell_words(title), "subject": cell_words(subject), "author": "", "comments": DEMO if is_demo else ""}
    raw.set_properties({**words, "created": datetime.combine(as_of, time())})
    return Book(content, raw, is_demo)


@lru_cache(maxsize=8_192)  # names of sectors, agencies and procedures stand in many rows
def cell_words(words: str) -> str:
    """Text as a cell holds it: in one line, without characters that no file may hold, and not longer than Excel takes."""
    found = clean(words)
    return found if len(found) <= LONGEST_TEXT else found[:LONGEST_TEXT] + "…"


def sheet_name(wanted: str, taken: Iterable[str] = ()) -> str:
    """A valid name for a sheet: at most 31 characters, none that Excel refuses, unlike those taken (in small letters); a number makes it unique."""
    base = " ".join(_NOT_IN_NAMES.sub(" ", clean(wanted)).split()).strip("' ") or "Trang tính"
    used = {_TAKEN, *taken}
    name, number = _cut(base, LONGEST_NAME), 1
    while name.casefold() in used:
        number += 1
        tail = f" ({number})"
        name = _cut(base, LONGEST_NAME - len(tail)) + tail
    return name


def _cut(name: str, length: int) -> str:
    """At most so many characters, at a word where one ends in the second half."""
    if len(name) <= length:
        return name
    cut = name[:length]
    at_word = cut if name[length] == " " else cut.rpartition(" ")[0]
    return (at_word if len(at_word) > length // 2 else cut).rstrip("' ,;·–-(")


def row_height(cells: Iterable[tuple[str, float]], line: float = LINE_HEIGHT) -> float:
    """Height of a row of wrapped texts with the widths of their columns: not every programme finds it by itself."""
    return line * max((lines_of(words, width) for words, width in cells), default=1)


def lines_of(words: str, width: float) -> int:
    """Lines of a text in a column of a width."""
    letters = max(1, math.floor(width * LETTERS_PER_WIDTH))
    return 1 if len(words) <= letters else len(textwrap.wrap(words, letters, break_on_hyphens=False))


def internal(sheet: Sheet, cell: str = "A1") -> str:
    """A link to a cell of the same workbook."""
    return f"internal:{quote_sheetname(sheet.name)}!{cell}"


def write_link(sheet: Sheet, place: tuple[int, int], link: str, words: str) -> None:
    """A link with words; words alone where it is longer than Excel takes."""
    if link and len(link) <= LONGEST_LINK:
        sheet.raw.write_url(*place, link, sheet.style("link"), cell_words(words))
    else:
        sheet.raw.write_string(*place, cell_words(words), sheet.style("plain"))


def write_pairs(sheet: Sheet, pairs: Iterable[tuple[str, str]]) -> int:
    """Two columns under a heading; the first pair is the heading. Answers the first free row."""
    for place, width in enumerate(_PAIR_WIDTHS):
        sheet.raw.set_column(place, place, width)
    row = 0
    for row, pair in enumerate(pairs):
        style = sheet.style("text" if row else "head")
        words = [cell_words(part) for part in pair]
        sheet.tall(row, row_height(zip(words, _PAIR_WIDTHS, strict=True)))
        for place, part in enumerate(words):
            sheet.raw.write_string(row, place, part, style)
    if sheet.book.is_demo:
        row += 2
        sheet.raw.write_string(row, 0, DEMO, sheet.style("demo"))
    sheet.raw.freeze_panes(1, 0)
    set_paper(sheet)
    return row + 2


def set_paper(sheet: Sheet, *, pages_wide: int = 1, foot: str = "") -> None:
    """A4 landscape, so many pages wide, numbered; made-up data is said on every page."""
    sheet.raw.set_paper(_A4)
    sheet.raw.set_landscape()
    sheet.raw.print_across()
    sheet.raw.fit_to_pages(pages_wide, 0)
    sheet.raw.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    left = foot or (DEMO if sheet.book.is_demo else "")
    sheet.raw.set_footer((f"&L&8{left.replace('&', '&&')}" if left else "") + "&C&P/&N")


def _in_vietnamese(content: bytes) -> bytes:
    """The same file in Vietnamese: XlsxWriter calls every chart English and gives a file no language. Dates of the entries stay fixed.

    It also leaves out that empty cells are gaps, which some programmes take for zeros.
    """
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename.startswith("xl/charts/"):
                part = part.replace(b'"en-US"', b'"vi-VN"').replace(b"</c:chart>", _GAPS + b"</c:chart>")
            elif entry.filename == "docProps/core.xml":
                part = part.replace(b"</cp:coreProperties>", b"<dc:language>vi-VN</dc:language></cp:coreProperties>")
            target.writestr(entry, part)
    return found.getvalue()
