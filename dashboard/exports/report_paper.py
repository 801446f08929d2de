"""The paper of the report: upright or turned, and the blocks that are written on it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from dashboard import text
from dashboard.content.chart_spec import ChartSpec
from dashboard.content.plan import TitledTable
from dashboard.exports.letter_words import clean
from dashboard.exports.official_layout import BODY, BODY_SIZE, CENTER, FONT, JUSTIFY, LEFT, PAPER, RIGHT, element, line, set_font, without_room
from dashboard.exports.word_charts import chart_paragraph
from dashboard.exports.word_tables import data_table, grid_table
from dashboard.theme import LIGHT, SERIES

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

CAPTION: Final = "Caption"
_THEME_COLORS: Final = {
    "dk1": LIGHT.ink,
    "lt1": LIGHT.card,
    "dk2": LIGHT.ink_soft,
    "lt2": LIGHT.paper,
    **{f"accent{number}": color for number, color in enumerate(SERIES, start=1)},
    "hlink": LIGHT.accent,
    "folHlink": LIGHT.accent,
}
_SMALL_SIZE: Final = 10
_FILL_IN: Final = "FFF4CC"
_LINK_COLOR: Final = "0563C1"
_EMU_PER_MM: Final = 36_000


def set_report_styles(document: Document) -> None:
    """The headings of Word, so that its navigation finds them, and its captions, in the type of official documents."""
    for level in (1, 2, 3):
        style: ParagraphStyle = document.styles[f"Heading {level}"]
        _set_type(style, BODY_SIZE, is_italic=level == 3)
        layout = style.paragraph_format
        layout.alignment, layout.first_line_indent, layout.keep_with_next = JUSTIFY, Mm(12.7), True
        layout.space_before, layout.space_after = Pt(8 if level == 1 else 6), Pt(3)
    _dress_theme(document)
    caption: ParagraphStyle = document.styles[CAPTION]
    _set_type(caption, 12, is_italic=False)
    caption.paragraph_format.alignment = CENTER
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(4), Pt(4)


def _set_type(style: ParagraphStyle, size: int, *, is_italic: bool) -> None:
    set_font(style.element.get_or_add_rPr())
    style.font.size, style.font.bold, style.font.italic = Pt(size), True, is_italic
    style.font.color.rgb = RGBColor(0, 0, 0)


def _dress_theme(document: Document) -> None:
    """The colours of the screen as the colours of the file, which its charts follow; the fonts of the theme are those of the text."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = parse_xml(part.blob)
    scheme = theme.find(f".//{qn('a:clrScheme')}")
    assert scheme is not None
    for name, color in _THEME_COLORS.items():
        place = scheme.find(qn(f"a:{name}"))
        assert place is not None
        for old in list(place):
            place.remove(old)
        place.append(parse_xml(f'<a:srgbClr {nsdecls("a")} val="{color.lstrip("#").upper()}"/>'))
    for font in theme.iter(qn("a:majorFont"), qn("a:minorFont")):
        latin = font.find(qn("a:latin"))
        assert latin is not None
        latin.set("typeface", FONT)
    part._blob = serialize_part_xml(theme)  # noqa: SLF001 - python-docx has no word for themes


class Paper:
    """A document that is written from top to bottom; the numbers of its charts go up."""

    def __init__(self, document: Document, as_of: date) -> None:
        self.document = document
        self._as_of = as_of
        self._charts = 0
        self._is_wide = False

    @property
    def width(self) -> float:
        """The width between the margins, in mm."""
        return (PAPER[1 if self._is_wide else 0] - LEFT - RIGHT) / _EMU_PER_MM

    def turn(self, *, is_wide: bool) -> bool:
        """Go on upright or on turned paper; whether a new page began for it."""
        if is_wide == self._is_wide:
            return False
        self._is_wide = is_wide
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        without_room(self.document.paragraphs[-1])
        section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = reversed(PAPER) if is_wide else PAPER
        section.different_first_page_header_footer = False
        for restart in section._sectPr.findall(qn("w:pgNumType")):  # noqa: SLF001 - python-docx has no word for it
            section._sectPr.remove(restart)  # noqa: SLF001 - the same
        return True

    def new_page(self, *, is_wide: bool) -> None:
        """A page of its own, upright or turned."""
        if not self.turn(is_wide=is_wide):
            mark = self.document.add_paragraph()
            without_room(mark)
            mark.paragraph_format.page_break_before = True

    def title(self, words: str) -> None:
        """A heading of the first level in the middle of the line: of an annex, of the sources."""
        paragraph = self.document.add_paragraph(words, style="Heading 1")
        paragraph.alignment = CENTER
        paragraph.paragraph_format.first_line_indent = Mm(0)

    def heading(self, words: str, level: int) -> None:
        """A heading that Word's navigation finds."""
        self.document.add_paragraph(words, style=f"Heading {level}")

    def paragraph(self, words: str, *, is_to_fill: bool) -> None:
        """A paragraph of the body; a place to fill in stands in brackets, slanted, on a light ground."""
        said = clean(words)
        if is_to_fill and not said.startswith("["):
            said = f"[{said}]"
        run = self.document.add_paragraph(style=BODY).add_run(said)
        if is_to_fill:
            run.italic = True
            run._r.get_or_add_rPr().append(element("w:shd", **{"w:val": "clear", "w:color": "auto", "w:fill": _FILL_IN}))  # noqa: SLF001 - python-docx has no word for shading

    def chart(self, caption: str, spec: ChartSpec) -> None:
        """A native chart or a coloured table, its caption under it, then what it measures, what is unfinished, and the source."""
        said, title, chart = clean(caption), clean(spec.title), spec.chart
        if title and title not in said:
            line(self.document.add_paragraph(), title, 12, bold=True, before=6).paragraph_format.keep_with_next = True
        if chart.is_table:
            self._append(grid_table(chart, spec.alt_text, self.width))
        else:
            self._charts += 1
            self._append(chart_paragraph(self.document, spec, number=self._charts, width=self.width, as_of=self._as_of))
        self.caption(said, is_before=False)
        cut = "trục giá trị không bắt đầu từ 0" if chart.floor is not None else ""
        words = (clean(spec.subtitle), clean(chart.note), cut)
        self.small(". ".join(filter(None, (" · ".join(filter(None, words)).rstrip("."), clean(spec.source)))))

    def caption(self, words: str, *, is_before: bool) -> None:
        """The name of a table over it, kept with it; or of a chart under it, kept with the small print."""
        paragraph = self.document.add_paragraph(words, style=CAPTION)
        paragraph.paragraph_format.keep_with_next = True
        if is_before:
            paragraph.paragraph_format.space_before = Pt(8)

    def small(self, words: str) -> None:
        """Small print in the middle of the line."""
        if words:
            line(self.document.add_paragraph(), words, _SMALL_SIZE, italic=True, after=6)

    def table(self, titled: TitledTable, *, elsewhere: str = "") -> None:
        """A table, what is below it, and how many of its rows are not printed; `elsewhere` says where they stand."""
        self._append(data_table(titled.table, titled.title, self.width))
        rest = f"Còn {text.whole(titled.left_out)} dòng không in ở đây{elsewhere}." if titled.left_out else ""
        words = " ".join(filter(None, (clean(titled.note), rest)))
        if words:
            line(self.document.add_paragraph(), words, _SMALL_SIZE, italic=True, before=3, after=6).alignment = WD_ALIGN_PARAGRAPH.LEFT
        else:
            without_room(self.document.add_paragraph())

    def _append(self, block: BaseOxmlElement) -> None:
        self.document.element.body.insert_element_before(block, "w:sectPr")


def add_link(paragraph: Paragraph, address: str) -> None:
    """An address that opens when it is clicked."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = element("w:hyperlink", **{"r:id": relation})
    run = paragraph.add_run(address)
    run.underline, run.font.color.rgb = True, RGBColor.from_string(_LINK_COLOR)
    link.append(run._r)  # noqa: SLF001 - python-docx has no word for links
    paragraph._p.append(link)  # noqa: SLF001 - the same
