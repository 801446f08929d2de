"""Native, editable charts in Word: python-docx has none, so the chart's XML, its workbook and its marks become parts of the document."""

from __future__ import annotations

from datetime import date, datetime, time
from math import ceil
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from dashboard.charts import Chart, Form
from dashboard.content.chart_spec import ChartSpec
from dashboard.exports.letter_words import clean
from dashboard.exports.official_layout import FONT
from dashboard.exports.slides_chart_xml import workbook
from dashboard.exports.slides_charts import Native, native
from dashboard.exports.slides_xml import LANGUAGE, Box
from dashboard.figures.marks import text_px
from dashboard.theme import LIGHT

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.package import Package

_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MARKS: Final = "http://schemas.openxmlformats.org/drawingml/2006/chartDrawing"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MARKS_RELATION: Final = f"{_OFFICE}/chartUserShapes"
_EMU_PER_MM: Final = 36_000
_PX_PER_MM: Final = 96 / 25.4
_HEIGHT: Final = 80.0
_LOWEST, _HIGHEST = 30.0, 205.0
_ROW: Final = 6.6
_ROW_OF_TWO_LINES: Final = 11.4  # names of two lines need it
_ROW_OF_TWO_BARS: Final = 1.35
_LONG_NAME: Final = 34  # letters
_KEY: Final = 10.0
_KEY_MARK_PX: Final = 34
_MARK_WIDTH: Final = 0.04  # of the chart, for the sign over a mark


def chart_paragraph(document: Document, spec: ChartSpec, *, number: int, width: float, as_of: date) -> BaseOxmlElement:
    """A paragraph with the chart in line, kept on the page of the paragraph after it; the width in mm. Its parts are added to the document."""
    high = height(spec.chart, width)
    box = Box(0, 0, round(width * _PX_PER_MM), round(high * _PX_PER_MM))
    relation = _add_parts(document, spec.chart, native(spec.chart, box), number, as_of)
    name, words = quoteattr(f"Biểu đồ {number}"), quoteattr(clean(spec.alt_text))
    extent = f'cx="{round(width * _EMU_PER_MM)}" cy="{round(high * _EMU_PER_MM)}"'
    return parse_xml(
        f'<w:p {nsdecls("w", "wp", "a", "r")}><w:pPr><w:keepNext/><w:spacing w:before="120"/><w:jc w:val="center"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/><wp:docPr id="{number}" name={name} descr={words}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" r:id="{relation}"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def height(chart: Chart, width: float) -> float:
    """How high a chart of a width stands, both in mm: bars by their number and the lines of their key, charts over time always the same."""
    if chart.form in (Form.LINE, Form.COLUMNS):
        return _HEIGHT
    key = ceil(sum(text_px(one.name, 16) + _KEY_MARK_PX for one in chart.series) / (width * _PX_PER_MM)) * _KEY if len(chart.series) > 1 else 0.0
    rows = len(chart.categories) * (_ROW_OF_TWO_BARS if chart.form is Form.BARS and len(chart.series) > 1 else 1.0)
    has_long_names = max(map(len, chart.categories)) > _LONG_NAME
    room = key + rows * _ROW_OF_TWO_LINES + 2.0
    return room if has_long_names and _LOWEST <= room <= _HIGHEST else min(max(key + rows * _ROW + 2.0, _LOWEST), _HIGHEST)


def _add_parts(document: Document, chart: Chart, drawn: Native, number: int, as_of: date) -> str:
    """The parts of the chart, of its workbook and of its marks; the id of the document's relation to the chart."""
    package = document.part.package
    assert package is not None
    space = parse_xml(drawn.xml)
    for look in space.iter(f"{{{_DRAWING}}}defRPr", f"{{{_DRAWING}}}rPr"):
        look.extend(look.makeelement(f"{{{_DRAWING}}}{script}", {"typeface": FONT}) for script in ("latin", "ea", "cs"))
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    content = workbook(drawn.categories, drawn.rows, datetime.combine(as_of, time()))
    book = Part(PackURI(f"/word/embeddings/bang-so-lieu-{number}.xlsx"), CONTENT_TYPE.SML_SHEET, content, package)
    names = f'xmlns:c="{_CHART}" xmlns:r="{_OFFICE}"'
    behind = part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    space.append(parse_xml(f'<c:externalData {names} r:id="{behind}"><c:autoUpdate val="0"/></c:externalData>'))
    if chart.marks:
        shapes = part.relate_to(_marks(chart, drawn, number, package), _MARKS_RELATION)
        space.append(parse_xml(f'<c:userShapes {names} r:id="{shapes}"/>'))
    part._blob = serialize_part_xml(space)  # noqa: SLF001 - its relations had to be known first
    return document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)


def _marks(chart: Chart, drawn: Native, number: int, package: Package) -> Part:
    """The marks of a time line as shapes in the chart: a dotted line through the plot, its sign over it."""
    left, top, width, high = drawn.inner
    shapes = []
    for at, mark in enumerate(chart.marks):
        x = left + width * (mark.x + 0.5) / len(chart.categories)
        line = f'<a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="9525"><a:solidFill>{_color()}</a:solidFill><a:prstDash val="sysDot"/></a:ln>'
        shapes.append(_shape(2 * at + 2, (x, top, x, top + high), line, ""))
        words = (
            f'<a:p><a:pPr algn="ctr"/><a:r><a:rPr lang="{LANGUAGE}" sz="1000"><a:solidFill>{_color()}</a:solidFill><a:latin typeface="{FONT}"/></a:rPr>'
            f"<a:t>{escape(clean(mark.label))}</a:t></a:r></a:p>"
        )
        frame = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        shapes.append(_shape(2 * at + 3, (x - _MARK_WIDTH / 2, max(top - 0.075, 0.0), x + _MARK_WIDTH / 2, top), frame, words))
    content = f'<c:userShapes xmlns:c="{_CHART}" xmlns:a="{_DRAWING}" xmlns:cdr="{_MARKS}">{"".join(shapes)}</c:userShapes>'
    kind = "application/vnd.openxmlformats-officedocument.drawingml.chartshapes+xml"
    return Part(PackURI(f"/word/drawings/drawing{number}.xml"), kind, b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + content.encode(), package)


def _shape(number: int, place: tuple[float, float, float, float], look: str, words: str) -> str:
    """A shape in the chart; its place in parts of the chart's size."""
    x, y, end_x, end_y = place
    body = f'<cdr:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/><a:lstStyle/>{words}</cdr:txBody>' if words else ""
    zero = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></a:xfrm>'
    return (
        f"<cdr:relSizeAnchor><cdr:from><cdr:x>{x:.5f}</cdr:x><cdr:y>{y:.5f}</cdr:y></cdr:from><cdr:to><cdr:x>{end_x:.5f}</cdr:x><cdr:y>{end_y:.5f}</cdr:y></cdr:to>"
        f'<cdr:sp macro="" textlink=""><cdr:nvSpPr><cdr:cNvPr id="{number}" name="Mốc {number // 2}"/><cdr:cNvSpPr/></cdr:nvSpPr>'
        f"<cdr:spPr>{zero}{look}</cdr:spPr>{body}</cdr:sp></cdr:relSizeAnchor>"
    )


def _color() -> str:
    return f'<a:srgbClr val="{LIGHT.ink_soft.lstrip("#").upper()}"/>'
