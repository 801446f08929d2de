"""Reminder letters as one Word document in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I: drafts without number, date, signature or name."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

import docx
import pandas as pd
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from dashboard.cards import Asked
from dashboard.exports.letter_words import DEMO, SUBJECT, Letter, clean, letter
from queries.errors import BadRequest
from queries.filters import Organisation

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

FONT: Final = "Times New Roman"
LANGUAGE: Final = "vi-VN"
PAPER: Final = (Mm(210), Mm(297))
TOP, BOTTOM, LEFT, RIGHT = Mm(20), Mm(20), Mm(30), Mm(15)  # within the ranges of NĐ 30
HEAD_WIDTHS: Final = (76.0, 89.0)  # of the two columns over and under a letter, in mm; together they fill the line
FOOT_WIDTHS: Final = (65.0, 100.0)
MOTTO_WIDTH: Final = 62.0  # of “Độc lập - Tự do - Hạnh phúc” in bold 13 points, in mm: the rule is as long
CAPITAL_WIDTH: Final = 2.95  # of an average bold capital of 12 points, in mm
RULE_SHARE: Final = 0.4  # the rule under the issuing body: a third to a half of its name
BODY_SIZE: Final = 13
BODY: Final = "Nội dung"
BLANK: Final = "\N{NO-BREAK SPACE}"
CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


def reminder_letters(frame: pd.DataFrame, asked: Asked) -> bytes:
    """One letter per row of `CallList`, each on pages of its own that are numbered from 1.

    Raises:
        BadRequest: there is no row, or the rows are comparable groups, to which nobody can write.
    """
    if frame.empty:
        raise BadRequest("no rows, no letters", sentence="Danh sách của kỳ và bộ lọc này không có đơn vị nào: không có thư nào để soạn.")
    if asked.filters.organisation is Organisation.COMPARABLE:
        advice = "Hãy xem theo “Như tổ chức lúc đó” hoặc “Cộng về đơn vị hiện nay”, rồi tải lại."
        raise BadRequest("letters to groups", sentence=f"Thư gửi cho từng đơn vị, không gửi cho nhóm đơn vị. {advice}")
    document = docx.Document()
    _set_styles(document)
    _set_properties(document, asked)
    _set_pages(document.sections[0], is_demo=asked.data.is_demo)
    rows: list[dict[str, object]] = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    for number, row in enumerate(rows):
        if number:
            _break(document)
        _write(document, letter(row, asked), asked)
    _without_room(document.add_paragraph())
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _set_styles(document: Document) -> None:
    """Times New Roman for every script of a font, black, Vietnamese; the template's own theme fonts go."""
    normal: ParagraphStyle = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY_SIZE)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for properties in (defaults, normal.element.get_or_add_rPr()):
        for name in (qn("w:rFonts"), qn("w:lang")):
            for old in properties.findall(name):
                properties.remove(old)
        properties.insert(0, _element("w:rFonts", **{f"w:{script}": FONT for script in ("ascii", "hAnsi", "eastAsia", "cs")}))
        properties.append(_element("w:lang", **{f"w:{script}": LANGUAGE for script in ("val", "eastAsia", "bidi")}))
    body: ParagraphStyle = document.styles.add_style(BODY, WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = normal
    body.paragraph_format.alignment = JUSTIFY
    body.paragraph_format.first_line_indent = Mm(12.7)
    body.paragraph_format.space_before = body.paragraph_format.space_after = Pt(3)  # together six points between paragraphs


def _set_properties(document: Document, asked: Asked) -> None:
    """What the file says of itself: its subject and the date of the data; no author."""
    said = document.core_properties
    said.title, said.subject, said.language = "Thư nhắc trả kết quả qua bưu chính công ích (dự thảo)", SUBJECT, LANGUAGE
    said.author = said.last_modified_by = said.keywords = ""
    said.comments = DEMO if asked.data.is_demo else ""
    said.created = said.modified = datetime.combine(asked.data.as_of, time())


def _set_pages(section: Section, *, is_demo: bool) -> None:
    """A4 upright; the number in the middle of the top margin, not on the first page of a letter; made-up data is said on every page."""
    section.page_width, section.page_height = PAPER
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
    section.header_distance = section.footer_distance = Mm(9)
    section.different_first_page_header_footer = True
    margins = section._sectPr.find(qn("w:pgMar"))  # noqa: SLF001 - python-docx has no word for where numbers start
    assert margins is not None
    margins.addnext(_element("w:pgNumType", **{"w:start": "1"}))
    number = section.header.paragraphs[0]
    number.alignment = CENTER
    field = _element("w:fldSimple", **{"w:instr": "PAGE"})
    field.append(number.add_run("2")._r)  # noqa: SLF001 - nor for fields
    number._p.append(field)  # noqa: SLF001 - the same
    if is_demo:
        for footer in (section.footer, section.first_page_footer):
            _line(footer.paragraphs[0], DEMO, 11, italic=True)


def _break(document: Document) -> None:
    """The next letter starts on a new page."""
    document.add_section(WD_SECTION.NEW_PAGE)
    _without_room(document.paragraphs[-1])


def _without_room(mark: Paragraph) -> None:
    """A paragraph that the format needs after a table, so low that it never fills a page of its own."""
    mark.paragraph_format.line_spacing = Pt(1)
    mark.paragraph_format.space_before = mark.paragraph_format.space_after = Pt(0)


def _write(document: Document, one: Letter, asked: Asked) -> None:
    _head(document, asked)
    _line(document.add_paragraph(), f"Kính gửi: {one.to}", BODY_SIZE, before=14, after=8)
    document.add_paragraph(one.opening, style=BODY)
    for number, title, paragraphs in ((1, "Kết quả rà soát", one.findings), (2, "Đề nghị", one.requests)):
        heading = document.add_paragraph(style=BODY)
        heading.add_run(f"{number}. {title}").bold = True
        heading.paragraph_format.keep_with_next = True
        for words in paragraphs:
            document.add_paragraph(words, style=BODY)
    closing = document.add_paragraph(one.closing, style=BODY)
    closing.paragraph_format.keep_with_next = True
    _foot(document)


def _head(document: Document, asked: Asked) -> None:
    """The two columns over the letter: who writes and about what; the country, its motto, the place and the date that is not yet known."""
    letterhead = asked.letterhead
    superior, issuer, place = (clean(name) for name in (letterhead.superior, letterhead.issuer, letterhead.place))
    left, right = _columns(document, HEAD_WIDTHS)
    _line(left.paragraphs[0], superior.upper(), 12)
    _line(left.add_paragraph(), issuer.upper(), 12, bold=True)
    _rule(left.add_paragraph(), min(len(issuer) * CAPITAL_WIDTH, HEAD_WIDTHS[0]) * RULE_SHARE, HEAD_WIDTHS[0])
    _line(left.add_paragraph(), f"Số:{BLANK * 8}/", 13, before=6)
    _line(left.add_paragraph(), SUBJECT, 12, before=3)
    _line(left.add_paragraph(), "DỰ THẢO", 13, bold=True, before=6)
    _line(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    _line(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    _rule(right.add_paragraph(), MOTTO_WIDTH, HEAD_WIDTHS[1])
    where = f"{place}, ngày" if place else "Ngày"
    _line(right.add_paragraph(), f"{where}{BLANK * 6}tháng{BLANK * 6}năm{BLANK * 8}", 13, italic=True, before=6)


def _foot(document: Document) -> None:
    """Who receives it at the left, the empty signature block at the right; kept together."""
    left, right = _columns(document, FOOT_WIDTHS)
    receivers = _line(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True, before=6)
    receivers.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for words in ("- Như trên;", "- Lưu: VT."):
        _line(left.add_paragraph(), words, 11).alignment = WD_ALIGN_PARAGRAPH.LEFT
    _line(right.paragraphs[0], "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ", 13, bold=True, before=6)
    for _ in range(4):
        _line(right.add_paragraph(), "", 13)


def _columns(document: Document, widths: tuple[float, float]) -> tuple[_Cell, _Cell]:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    margins = _element("w:tblCellMar")  # none: the line of the country's name is as wide as its column
    margins.extend(_element(f"w:{side}", **{"w:w": "0", "w:type": "dxa"}) for side in ("left", "right"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001 - python-docx has no word for it
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001 - python-docx has no word for it
    left, right = row.cells
    for column, cell, width in zip(table.columns, row.cells, widths, strict=True):
        column.width = cell.width = Mm(width)
    return left, right


def _line(paragraph: Paragraph, words: str, size: int, *, bold: bool = False, italic: bool = False, before: int = 0, after: int = 0) -> Paragraph:
    """A centred line."""
    run = paragraph.add_run(words)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    paragraph.alignment = CENTER
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def _rule(paragraph: Paragraph, length: float, room: float) -> None:
    """A rule of a length in the middle of the room, both in mm: the upper border of an empty line with indents."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((room - length) / 2)
    layout.line_spacing, layout.space_before = Pt(3), Pt(2)
    borders = _element("w:pBdr")
    borders.append(_element("w:top", **{"w:val": "single", "w:sz": "6", "w:space": "1", "w:color": "000000"}))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no word for borders
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element
