"""Native, editable charts in Word: python-docx has none, so the chart's XML and its workbook become parts of the document."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import quoteattr

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from dashboard.charts import Chart, Form
from dashboard.content.chart_spec import ChartSpec
from dashboard.exports.letter_words import clean
from dashboard.exports.native_charts import Look, native_chart, workbook
from dashboard.exports.official_layout import FONT

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

POINTS: Final = 10.0
_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORKBOOK_RELATION: Final = "rId1"  # the only one that a chart part has
_EMU_PER_MM: Final = 36_000
_POINTS_PER_MM: Final = 72 / 25.4
_HEIGHT: Final = 78.0
_LOWEST, _HIGHEST = 45.0, 205.0
_ROW: Final = 7.2
_LEGEND: Final = 14.0


def chart_paragraph(document: Document, spec: ChartSpec, *, number: int, width: float, as_of: date) -> BaseOxmlElement:
    """A paragraph with the chart in line, kept on the page of the paragraph after it; the width in mm. Its parts are added to the document."""
    relation = _add_parts(document, spec.chart, number, Look(FONT, POINTS, width * _POINTS_PER_MM), as_of)
    name, words = quoteattr(f"Biểu đồ {number}"), quoteattr(clean(spec.alt_text))
    extent = f'cx="{round(width * _EMU_PER_MM)}" cy="{round(height(spec.chart) * _EMU_PER_MM)}"'
    return parse_xml(
        f'<w:p {nsdecls("w", "wp", "a", "r")}><w:pPr><w:keepNext/><w:spacing w:before="120"/><w:jc w:val="center"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/><wp:docPr id="{number}" name={name} descr={words}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" r:id="{relation}"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def height(chart: Chart) -> float:
    """How high a chart stands in mm: bars by their number, charts over time always the same."""
    if chart.form in (Form.LINE, Form.COLUMNS):
        return _HEIGHT
    bars = len(chart.series) if chart.form is Form.BARS else 1
    rows = len(chart.categories) * _ROW * (1 + 0.6 * (bars - 1))
    return min(max(rows + (_LEGEND if len(chart.series) > 1 else 6.0), _LOWEST), _HIGHEST)


def _add_parts(document: Document, chart: Chart, number: int, look: Look, as_of: date) -> str:
    """The parts of the chart and of its workbook; the id of the document's relation to the chart."""
    package = document.part.package
    space: Any = native_chart(chart, look)
    behind: Any = etree.SubElement(space, f"{{{_CHART}}}externalData")
    behind.set(f"{{{_OFFICE}}}id", _WORKBOOK_RELATION)
    etree.SubElement(behind, f"{{{_CHART}}}autoUpdate").set("val", "0")
    content = etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, content, package)
    book = Part(PackURI(f"/word/embeddings/bang-so-lieu-{number}.xlsx"), CONTENT_TYPE.SML_SHEET, workbook(chart, as_of), package)
    assert part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE) == _WORKBOOK_RELATION
    return document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
