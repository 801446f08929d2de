"""The layout of official documents (NĐ 30/2020/NĐ-CP, Phụ lục I) in Word: paper, styles, the head with country and bodies, the foot with the signature."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from dashboard.cards import Letterhead
from dashboard.exports.letter_words import clean

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
_UNUSED: Final = ("/stylesWithEffects", "/thumbnail", "/customXml")
_APP: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


def set_styles(document: Document) -> None:
    """Times New Roman for every script of a font, black, Vietnamese; the template's own theme fonts go."""
    normal: ParagraphStyle = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY_SIZE)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for properties in (defaults, normal.element.get_or_add_rPr()):
        set_font(properties)
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        properties.append(element("w:lang", **{f"w:{script}": LANGUAGE for script in ("val", "eastAsia", "bidi")}))
    _drop_unused(document)
    _set_settings(document)
    body: ParagraphStyle = document.styles.add_style(BODY, WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = normal
    body.paragraph_format.alignment = JUSTIFY
    body.paragraph_format.first_line_indent = Mm(12.7)
    body.paragraph_format.space_before = body.paragraph_format.space_after = Pt(3)  # together six points between paragraphs


def _drop_unused(document: Document) -> None:
    """The template's table styles, older styles and picture of its first page, which make nine tenths of an empty file."""
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) != "1":
            styles.remove(style)
    for relations in (document.part.rels, document.part.package.rels):
        for name in [name for name, one in relations.items() if one.reltype.endswith(_UNUSED)]:
            del relations[name]


def _set_settings(document: Document) -> None:
    """Vietnamese for the fonts of the theme, the comma for decimals, the layout of today's Word; the programme that made the template is not named."""
    settings = document.settings.element
    wanted = (("w:themeFontLang", {"w:val": LANGUAGE}), ("w:decimalSymbol", {"w:val": ","}), ("w:listSeparator", {"w:val": ";"}))
    for name, attributes in wanted:
        old = settings.find(qn(name))
        assert old is not None
        settings.replace(old, element(name, **attributes))
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")
    package = document.part.package
    assert package is not None
    package.part_related_by(RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)._blob = _APP  # noqa: SLF001 - python-docx has no word for it


def set_font(properties: BaseOxmlElement) -> None:
    """Times New Roman for the four scripts of a run's or a style's properties, instead of any font or theme font before."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, element("w:rFonts", **{f"w:{script}": FONT for script in ("ascii", "hAnsi", "eastAsia", "cs")}))


def set_properties(document: Document, *, title: str, subject: str, comments: str, as_of: date) -> None:
    """What the file says of itself: its title, its subject and the date of the data; no author."""
    said = document.core_properties
    said.title, said.subject, said.language = title, subject, LANGUAGE
    said.author = said.last_modified_by = said.keywords = ""
    said.comments = comments
    said.created = said.modified = datetime.combine(as_of, time())


def set_pages(section: Section, footer: Sequence[str]) -> None:
    """A4 upright, numbered from 1 in the middle of the top margin, not on the first page; the lines of the footer on every page."""
    section.page_width, section.page_height = PAPER
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
    section.header_distance = section.footer_distance = Mm(9)
    section.different_first_page_header_footer = True
    margins = section._sectPr.find(qn("w:pgMar"))  # noqa: SLF001 - python-docx has no word for where numbers start
    assert margins is not None
    margins.addnext(element("w:pgNumType", **{"w:start": "1"}))
    number = section.header.paragraphs[0]
    number.alignment = CENTER
    field = element("w:fldSimple", **{"w:instr": "PAGE"})
    field.append(number.add_run("2")._r)  # noqa: SLF001 - nor for fields
    number._p.append(field)  # noqa: SLF001 - the same
    for foot in (section.footer, section.first_page_footer) if footer else ():
        for place, words in enumerate(footer):
            line(foot.add_paragraph() if place else foot.paragraphs[0], words, 11 if len(footer) == 1 else 9, italic=True)


def write_head(document: Document, letterhead: Letterhead, *, number: str, subject: str = "", year: str = BLANK * 8) -> None:
    """The two columns over a document: who writes, its number and subject, that it is a draft; the country, its motto, the place and the date not yet known."""
    superior, issuer, place = (clean(name) for name in (letterhead.superior, letterhead.issuer, letterhead.place))
    left, right = two_columns(document, HEAD_WIDTHS)
    line(left.paragraphs[0], superior.upper(), 12)
    line(left.add_paragraph(), issuer.upper(), 12, bold=True)
    rule(left.add_paragraph(), min(len(issuer) * CAPITAL_WIDTH, HEAD_WIDTHS[0]) * RULE_SHARE, HEAD_WIDTHS[0])
    line(left.add_paragraph(), number, 13, before=6)
    if subject:
        line(left.add_paragraph(), subject, 12, before=3)
    line(left.add_paragraph(), "DỰ THẢO", 13, bold=True, before=6)
    line(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    line(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    rule(right.add_paragraph(), MOTTO_WIDTH, HEAD_WIDTHS[1])
    where = f"{place}, ngày" if place else "Ngày"
    line(right.add_paragraph(), f"{where}{BLANK * 6}tháng{BLANK * 6}năm{year}", 13, italic=True, before=6)


def write_foot(document: Document, receivers: Sequence[str]) -> None:
    """Who receives it at the left, the empty signature block at the right; kept together."""
    left, right = two_columns(document, FOOT_WIDTHS)
    line(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True, before=6).alignment = WD_ALIGN_PARAGRAPH.LEFT
    for place, words in enumerate(receivers, start=1):
        line(left.add_paragraph(), f"- {words}{'.' if place == len(receivers) else ';'}", 11).alignment = WD_ALIGN_PARAGRAPH.LEFT
    line(right.paragraphs[0], "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ", 13, bold=True, before=6)
    for _ in range(4):
        line(right.add_paragraph(), "", 13)


def two_columns(document: Document, widths: tuple[float, float]) -> tuple[_Cell, _Cell]:
    """Two cells side by side without borders, their widths in mm, never split over pages."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    margins = element("w:tblCellMar")  # none: the line of the country's name is as wide as its column
    margins.extend(element(f"w:{side}", **{"w:w": "0", "w:type": "dxa"}) for side in ("left", "right"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001 - python-docx has no word for it
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))  # noqa: SLF001 - python-docx has no word for it
    left, right = row.cells
    for column, cell, width in zip(table.columns, row.cells, widths, strict=True):
        column.width = cell.width = Mm(width)
    return left, right


def line(paragraph: Paragraph, words: str, size: int, *, bold: bool = False, italic: bool = False, before: int = 0, after: int = 0) -> Paragraph:
    """A centred line."""
    run = paragraph.add_run(words)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    paragraph.alignment = CENTER
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def rule(paragraph: Paragraph, length: float, room: float) -> None:
    """A rule of a length in the middle of the room, both in mm: the upper border of an empty line with indents."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((room - length) / 2)
    layout.line_spacing, layout.space_before = Pt(3), Pt(2)
    borders = element("w:pBdr")
    borders.append(element("w:top", **{"w:val": "single", "w:sz": "6", "w:space": "1", "w:color": "000000"}))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no word for borders
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def without_room(mark: Paragraph) -> None:
    """A paragraph that the format needs after a table or a section, so low that it never fills a page of its own."""
    mark.paragraph_format.line_spacing = Pt(1)
    mark.paragraph_format.space_before = mark.paragraph_format.space_after = Pt(0)


def element(name: str, **attributes: str) -> BaseOxmlElement:
    """An element of WordprocessingML with attributes, both with their prefix."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made


def saved(document: Document) -> bytes:
    """The bytes of a document, the same for the same content: no entry carries the time of writing."""
    written, content = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as fixed:
        for entry in given.infolist():
            fixed.writestr(zipfile.ZipInfo(entry.filename, _ZIP_DATE), given.read(entry), zipfile.ZIP_DEFLATED)
    return content.getvalue()
