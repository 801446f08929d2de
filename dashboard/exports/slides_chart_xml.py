"""The parts of a native chart as DrawingML: series with their points, labels and numbers, the axes, the frame; and the workbook behind it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from dashboard.charts import Number
from dashboard.exports.letter_words import clean
from dashboard.exports.slides_xml import LANGUAGE, PX, color, solid, words
from dashboard.theme import LIGHT

SHEET: Final = "Số liệu"
LINE_PX: Final = 3
FORMATS: Final = {  # of whole numbers and of numbers with a decimal; 42A is Vietnamese
    Number.WHOLE: ('[$-42A]#,##0;"−"#,##0', '[$-42A]#,##0;"−"#,##0'),
    Number.DECIMAL: ('[$-42A]#,##0;"−"#,##0', '[$-42A]#,##0.0;"−"#,##0.0'),
    Number.PERCENT: ('[$-42A]#,##0"%";"−"#,##0"%"', '[$-42A]#,##0.0"%";"−"#,##0.0"%"'),
    Number.SIGNED: ('[$-42A]+#,##0;"−"#,##0;0', '[$-42A]+#,##0.0;"−"#,##0.0;0'),
}
_NAMES: Final = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@dataclass(frozen=True)
class Label:
    """The words at one mark: its number in a format, or `said` where no format can say it; moved by parts of the chart's size."""

    format: str = ""
    said: str = ""
    color: str = LIGHT.ink
    place: str = "outEnd"
    move: tuple[float, float] = (0.0, 0.0)
    bold: bool = False


@dataclass(frozen=True)
class Row:
    """One series of a native chart: its numbers, the looks and labels of single points by their index."""

    name: str
    values: tuple[float | None, ...]
    look: str
    points: Mapping[int, str] = field(default_factory=dict)
    labels: Mapping[int, Label] = field(default_factory=dict)
    is_line: bool = False


def number_format(number: Number, value: float | None) -> str:
    """The format in which a value looks as on the screen."""
    whole, decimal = FORMATS[number]
    return whole if value is None or round(value, 1) == round(value) else decimal


def fill(value: str, *, hatched: bool = False) -> str:
    """A bar's look: plain, or hatched for what is not finished."""
    if not value:
        return "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    inside = f'<a:pattFill prst="wdUpDiag"><a:fgClr>{color(value)}</a:fgClr><a:bgClr>{color(LIGHT.card)}</a:bgClr></a:pattFill>' if hatched else solid(value)
    return f"<c:spPr>{inside}<a:ln><a:noFill/></a:ln></c:spPr>"


def stroke(value: str, *, dashed: bool = False) -> str:
    """A line's look: plain, or dashed for what is not finished."""
    dash = '<a:prstDash val="sysDash"/>' if dashed else ""
    return f'<c:spPr><a:ln w="{LINE_PX * PX}" cap="rnd">{solid(value)}{dash}<a:round/></a:ln></c:spPr>'


def dot(value: str, *, hollow: bool = False) -> str:
    """A round marker of a line."""
    look = f'<c:spPr>{solid(LIGHT.card if hollow else value)}<a:ln w="{2 * PX}">{solid(value)}</a:ln></c:spPr>'
    return f'<c:marker><c:symbol val="circle"/><c:size val="8"/>{look}</c:marker>'


NO_DOT: Final = '<c:marker><c:symbol val="none"/></c:marker>'


def series(row: Row, index: int, categories: Sequence[str], size: float) -> str:
    """A series with its cached numbers; `index` is its place in the chart and in the workbook."""
    column = xl_col_to_name(index + 1)
    end = len(categories) + 1
    said = f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{words(row.name)}</c:v></c:pt></c:strCache>'
    name = f"<c:tx><c:strRef><c:f>'{SHEET}'!${column}$1</c:f>{said}</c:strRef></c:tx>"
    cats = "".join(f'<c:pt idx="{number}"><c:v>{words(one)}</c:v></c:pt>' for number, one in enumerate(categories))
    vals = "".join(f'<c:pt idx="{number}"><c:v>{value!r}</c:v></c:pt>' for number, value in enumerate(row.values) if value is not None)
    count = f'<c:ptCount val="{len(categories)}"/>'
    smooth = '<c:smooth val="0"/>' if row.is_line else ""
    more = NO_DOT if row.is_line else '<c:invertIfNegative val="0"/>'
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>{name}{row.look}{more}{"".join(_point(row, number) for number in sorted(row.points))}'
        f"{_labels(row, size)}"
        f"<c:cat><c:strRef><c:f>'{SHEET}'!$A$2:$A${end}</c:f><c:strCache>{count}{cats}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>'{SHEET}'!${column}$2:${column}${end}</c:f><c:numCache><c:formatCode>General</c:formatCode>{count}{vals}</c:numCache></c:numRef></c:val>"
        f"{smooth}</c:ser>"
    )


def _point(row: Row, number: int) -> str:
    look = row.points[number]
    marker = "" if look.startswith("<c:marker>") else NO_DOT
    head = marker if row.is_line else '<c:invertIfNegative val="0"/>'
    return f'<c:dPt><c:idx val="{number}"/>{head}{look}</c:dPt>'


_SHOWN: Final = (
    '<c:showLegendKey val="0"/><c:showVal val="{}"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


def _labels(row: Row, size: float) -> str:
    inner = "".join(_label(number, row.labels[number], size) for number in sorted(row.labels))
    return f"<c:dLbls>{inner}{_SHOWN.format(0)}</c:dLbls>"


def _label(number: int, one: Label, size: float) -> str:
    x, y = one.move
    layout = f'<c:layout><c:manualLayout><c:x val="{x:.5f}"/><c:y val="{y:.5f}"/></c:manualLayout></c:layout>' if x or y else ""
    run = f'lang="{LANGUAGE}" sz="{round(size * 100)}" b="{int(one.bold)}"'
    rich = ""
    if one.said:
        text = f"<a:r><a:rPr {run}>{solid(one.color)}</a:rPr><a:t>{words(one.said)}</a:t></a:r>"
        rich = f'<c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr><a:defRPr {run}/></a:pPr>{text}</a:p></c:rich></c:tx>'
    format_ = f'<c:numFmt formatCode="{_quoted(one.format)}" sourceLinked="0"/>' if one.format and not one.said else ""
    paragraph = f'<a:p><a:pPr><a:defRPr {run}>{solid(one.color)}</a:defRPr></a:pPr><a:endParaRPr lang="{LANGUAGE}"/></a:p>'
    look = f'<c:spPr><a:noFill/></c:spPr><c:txPr><a:bodyPr wrap="none"/><a:lstStyle/>{paragraph}</c:txPr>'
    return f'<c:dLbl><c:idx val="{number}"/>{layout}{rich}{format_}{look}<c:dLblPos val="{one.place}"/>{_SHOWN.format(1)}</c:dLbl>'


def _quoted(said: str) -> str:
    return said.replace("&", "&amp;").replace('"', "&quot;")


def category_axis(number: int, cross: int, place: str, size: float, *, down: bool = False, turn: int = 0) -> str:
    """The axis of the categories; `down` puts the first one on top, `turn` turns its words by degrees."""
    order = "maxMin" if down else "minMax"
    line = f'<c:spPr><a:ln w="{PX}">{solid(LIGHT.rule)}</a:ln></c:spPr>'
    return (
        f'<c:catAx><c:axId val="{number}"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/><c:axPos val="{place}"/>'
        f'<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"{line}{text_look(size, turn=turn)}"
        f'<c:crossAx val="{cross}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="60"/>'
        f'<c:tickLblSkip val="1"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def value_axis(number: int, cross: int, place: str, size: float, span: tuple[float, float], *, step: float = 0, form: str = "") -> str:
    """The axis of the values over a span; without a step it is not drawn, because the marks carry their numbers."""
    grid = f'<c:majorGridlines><c:spPr><a:ln w="{PX}">{solid(LIGHT.grid)}</a:ln></c:spPr></c:majorGridlines>' if step else ""
    unit = f'<c:majorUnit val="{step!r}"/>' if step else ""
    return (
        f'<c:valAx><c:axId val="{number}"/><c:scaling><c:orientation val="minMax"/><c:max val="{span[1]!r}"/><c:min val="{span[0]!r}"/></c:scaling>'
        f'<c:delete val="{int(not step)}"/><c:axPos val="{place}"/>{grid}<c:numFmt formatCode="{_quoted(form or "General")}" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{text_look(size)}'
        f'<c:crossAx val="{cross}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>{unit}</c:valAx>'
    )


def text_look(size: float, said: str = LIGHT.ink_soft, turn: int = 0) -> str:
    """The look of words of an axis, a legend or the whole chart."""
    look = f'<a:defRPr lang="{LANGUAGE}" sz="{round(size * 100)}" b="0">{solid(said)}</a:defRPr>'
    return f'<c:txPr><a:bodyPr rot="{turn * 60_000}" vert="horz"/><a:lstStyle/><a:p><a:pPr>{look}</a:pPr><a:endParaRPr lang="{LANGUAGE}"/></a:p></c:txPr>'


def frame(plot: str, inner: tuple[float, float, float, float], *, has_legend: bool = False, size: float = 12) -> bytes:
    """A whole chart: the plot in its place (parts of the frame), a legend on top when asked for."""
    x, y, w, h = inner
    place = (
        f'<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/><c:x val="{x:.5f}"/><c:y val="{y:.5f}"/>'
        f'<c:w val="{w:.5f}"/><c:h val="{h:.5f}"/></c:manualLayout></c:layout>'
    )
    key = ""
    if has_legend:
        key = f'<c:legend><c:legendPos val="t"/><c:overlay val="0"/>{text_look(size, LIGHT.ink)}</c:legend>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {_NAMES}><c:date1904 val="0"/><c:lang val="{LANGUAGE}"/>'
        f'<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea>{place}{plot}</c:plotArea>{key}<c:plotVisOnly val="1"/>'
        f'<c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{text_look(size)}</c:chartSpace>'
    ).encode()


def workbook(categories: Sequence[str], rows: Sequence[Row], made: datetime) -> bytes:
    """The workbook that opens at “Edit data”: categories down, a column a series; text stays text."""
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"created": made})
    sheet = book.add_worksheet(SHEET)
    for number, one in enumerate(categories, start=1):
        sheet.write_string(number, 0, clean(one))
    for column, row in enumerate(rows, start=1):
        sheet.write_string(0, column, clean(row.name))
        for number, value in enumerate(row.values, start=1):
            if value is not None:
                sheet.write_number(number, column, value)
    book.close()
    return raw.getvalue()
