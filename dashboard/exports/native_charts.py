"""Charts as office programmes draw them, editable: the data, the look and the workbook behind them, whatever file they stand in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from math import ceil
from typing import Any, Final, cast

import xlsxwriter
from pptx.chart.chart import Chart as NativeChart
from pptx.chart.data import CategoryChartData
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_PATTERN_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, Number, steps
from dashboard.exports.letter_words import clean
from dashboard.figures.marks import ticks
from dashboard.theme import LIGHT, on, readable

NUMBER_FORMATS: Final = {
    Number.WHOLE: "[$-42A]#,##0",
    Number.DECIMAL: "[$-42A]#,##0.0",
    Number.PERCENT: '[$-42A]#,##0.0"%"',
    Number.SIGNED: f"[$-42A]+#,##0;{text.MINUS}#,##0;0",
}
TYPES: Final = {
    Form.LINE: XL_CHART_TYPE.LINE,
    Form.COLUMNS: XL_CHART_TYPE.COLUMN_STACKED,
    Form.BARS: XL_CHART_TYPE.BAR_CLUSTERED,
    Form.STACKED: XL_CHART_TYPE.BAR_STACKED,
    Form.STEPS: XL_CHART_TYPE.BAR_STACKED,
}
SHEET: Final = "Số liệu"
_HORIZONTAL: Final = (Form.BARS, Form.STACKED, Form.STEPS)
_UNSEEN: Final = ""
_LEAST_SHARE: Final = 0.06  # of a bar, under which its part has no room for a number
_LABELS_ACROSS: Final = 12
_NAMES_SHARE: Final = 0.35  # of the width, for the names of bars


@dataclass(frozen=True)
class Look:
    """The type of a chart in a file: the font, the size of its letters and the width of the chart in points."""

    font: str
    points: float
    width: float


def native_type(chart: Chart) -> XL_CHART_TYPE:
    """The type of a chart in the words of office programmes."""
    return XL_CHART_TYPE.BAR_STACKED_100 if chart.form is Form.STACKED and chart.is_share else TYPES[chart.form]


def native_data(chart: Chart) -> CategoryChartData:
    """The categories and series of a chart as python-pptx takes them."""
    data = CategoryChartData(number_format=NUMBER_FORMATS[chart.number])
    drawn = drawn_series(chart)
    data.categories = names(chart)
    for series in drawn:
        data.add_series(series.name, series.values)
    return data


def native_chart(chart: Chart, look: Look) -> Any:  # noqa: ANN401 - the element `c:chartSpace`, for which lxml has no type of its own
    """The XML of a chart with its look, its formulas pointing into `workbook`."""
    space: Any = parse_xml(ChartXmlWriter(native_type(chart), native_data(chart)).xml.encode())  # type: ignore[no-untyped-call]  # python-pptx leaves it untyped
    style(NativeChart(space, None), chart, look)  # type: ignore[no-untyped-call]  # the same
    return space


def names(chart: Chart) -> tuple[str, ...]:
    """The names of the categories; a bar without a value says so in its name, because it has no mark to carry the words."""
    if chart.form is not Form.BARS:
        return tuple(clean(name) for name in chart.categories)
    values = chart.series[0].values
    return tuple(clean(name) + (f" ({text.MISSING})" if value is None else "") for name, value in zip(chart.categories, values, strict=True))


def drawn_series(chart: Chart) -> tuple[ChartSeries, ...]:
    """The series that are drawn: those of the chart, or for a waterfall the unseen ground, the bars on it, and unseen room for the words."""
    if chart.form is not Form.STEPS:
        return tuple(replace(one, name=clean(one.name) or clean(chart.unit) or "Giá trị") for one in chart.series)
    spans = [(low, high) if low <= high else (high, low) for low, high in _spans(chart)]
    ground = tuple(max(low, 0.0) if high > 0 else min(high, 0.0) for low, high in spans)
    above = tuple(max(high, 0.0) - max(low, 0.0) for low, high in spans)
    below = tuple(min(low, 0.0) - min(high, 0.0) for low, high in spans)
    one = chart.series[0]
    whole = tuple(value if value is not None else 0.0 for value in above)
    drawn = [ChartSeries("Nền", ground, _UNSEEN), replace(one, name=clean(one.name), values=whole, labels=())]
    if any(below):
        drawn.append(replace(one, name=f"{clean(one.name)} (dưới 0)", values=below, labels=()))
    return (*drawn, ChartSeries("Chỗ ghi số", tuple(_room(chart) for _ in spans), _UNSEEN, labels=one.labels))


def _spans(chart: Chart) -> list[tuple[float, float]]:
    """From where to where each bar of a waterfall goes; with a cut axis a total is a thin mark at its value, so that no length lies."""
    spans = list(steps(chart.series[0].values))
    if chart.floor is not None:
        thin = (max(max(pair) for pair in spans) - chart.floor) * 0.012
        spans[0], spans[-1] = ((value - thin, value) for value in (spans[0][1], spans[-1][1]))
    return spans


def _room(chart: Chart) -> float:
    """The room for the words right of a waterfall's bars, in its own unit."""
    levels = [level for pair in steps(chart.series[0].values) for level in pair if chart.floor is None or level > 0]
    return ((max(levels) - (min([*levels, 0.0]) if chart.floor is None else chart.floor)) or 1.0) * 0.3


def style(native: NativeChart, chart: Chart, look: Look) -> None:
    """Colours, labels, axes and legend of the screen on a chart made from `native_data`; quiet, without frame and title."""
    native.has_title = False
    native.font.size, native.font.name, native.font.color.rgb = Pt(look.points), look.font, _rgb(LIGHT.ink)
    drawn = drawn_series(chart)
    _set_ground(native)
    _set_legend(native, chart, drawn)
    plot = native.plots[0]
    if chart.form is not Form.LINE:
        plot.gap_width = 45
        plot.overlap = -5 if chart.form is Form.BARS else 100
    for series, given in zip(plot.series, drawn, strict=True):
        _set_marks(series, given, chart)
        _set_labels(series, given, chart, look)
    _set_categories(native.category_axis, chart, look)
    _set_values(native.value_axis, chart, drawn, look)
    for formula in native._chartSpace.iter(qn("c:f")):  # noqa: SLF001 - python-pptx writes the name of its own sheet
        formula.text = (formula.text or "").replace("Sheet1!", f"'{SHEET}'!")


def workbook(chart: Chart, as_of: date) -> bytes:
    """The workbook that opens behind a chart: categories down, series across; text stays text."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": datetime.combine(as_of, time())})
    sheet = book.add_worksheet(SHEET)
    number = book.add_format({"num_format": NUMBER_FORMATS[chart.number]})
    sheet.set_column(0, 0, 40)
    for row, name in enumerate(names(chart), start=1):
        sheet.write_string(row, 0, name)
    for column, series in enumerate(drawn_series(chart), start=1):
        sheet.write_string(0, column, series.name)
        for row, value in enumerate(series.values, start=1):
            if value is not None:
                sheet.write_number(row, column, value, number)
    book.close()
    return content.getvalue()


def _set_ground(native: NativeChart) -> None:
    """No frame, no background, square corners, Vietnamese, a gap where a value is missing."""
    space: Any = native._chartSpace  # noqa: SLF001 - python-pptx has no word for these
    for name in ("c:roundedCorners", "c:lang"):
        for old in space.findall(qn(name)):
            space.remove(old)
    space.find(qn("c:date1904")).addnext(parse_xml(f'<c:roundedCorners {nsdecls("c")} val="0"/>'))
    space.find(qn("c:date1904")).addnext(parse_xml(f'<c:lang {nsdecls("c")} val="vi-VN"/>'))
    bare = f"<c:spPr {nsdecls('c', 'a')}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    space.find(qn("c:chart")).addnext(parse_xml(bare))
    for blanks in space.iter(qn("c:dispBlanksAs")):
        blanks.set("val", "gap")


def _set_legend(native: NativeChart, chart: Chart, drawn: Sequence[ChartSeries]) -> None:
    native.has_legend = chart.form is not Form.STEPS and len(drawn) > 1
    if native.has_legend:
        native.legend.position = XL_LEGEND_POSITION.TOP
        native.legend.include_in_layout = False


def _set_marks(series: Any, given: ChartSeries, chart: Chart) -> None:  # noqa: ANN401 - a line or a bar series of python-pptx
    """Line or fill in the colours of the screen; unfinished periods dashed or hatched."""
    if chart.form is Form.LINE:
        series.smooth = False
        _set_line(series.format.line, given.color, is_dashed=given.unfinished_from == 0)
        for at in range(max(given.unfinished_from or 0, 1), len(given.values) if given.unfinished_from else 0):
            _set_line(series.points[at].format.line, given.color, is_dashed=True)
        return
    series.invert_if_negative = False
    if given.color == _UNSEEN:
        series.format.fill.background()
        return
    _fill(series.format.fill, given.color)
    for at, color in enumerate(given.colors):
        if color != given.color:
            _fill(series.points[at].format.fill, color)
    for at in range(given.unfinished_from or 0, len(given.values) if given.unfinished_from is not None else 0):
        fill = series.points[at].format.fill
        fill.patterned()
        fill.pattern = MSO_PATTERN_TYPE.WIDE_UPWARD_DIAGONAL
        fill.fore_color.rgb, fill.back_color.rgb = _rgb(given.color), _rgb(LIGHT.card)


def _set_line(line: Any, color: str, *, is_dashed: bool) -> None:  # noqa: ANN401 - LineFormat of python-pptx
    line.width, line.color.rgb = Pt(2.25), _rgb(color)
    if is_dashed:
        line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _fill(fill: Any, color: str) -> None:  # noqa: ANN401 - FillFormat of python-pptx
    fill.solid()
    fill.fore_color.rgb = _rgb(color)


def _set_labels(series: Any, given: ChartSeries, chart: Chart, look: Look) -> None:  # noqa: ANN401 - a series of python-pptx
    """The screen's words at the marks: a number format where it writes the same, so that an edited value has its new label; else the words."""
    written = labels(given, chart)
    position = _position(given, chart)
    for at, words in written.items():
        label = series.points[at].data_label
        color = _label_color(given, chart, at)
        if words == formatted(given.values[at], chart.number):
            font = label.font
        else:
            frame = label.text_frame
            frame.text = words
            font = frame.paragraphs[0].runs[0].font
        font.size, font.name, font.color.rgb, font.bold = Pt(look.points), look.font, _rgb(color), chart.form is Form.LINE
        label.position = position


def labels(given: ChartSeries, chart: Chart) -> dict[int, str]:
    """Which marks carry words: every bar and step, the last point of a line, the parts of a stacked bar that have the room."""
    known = [at for at, value in enumerate(given.values) if value is not None]
    if chart.form is Form.LINE:
        return {at: given.label_at(at, chart.number) for at in known[-1:]}
    if chart.form is Form.STEPS:
        return {at: clean(given.labels[at]) for at in known if given.labels} if given.color == _UNSEEN else {}
    if chart.form is Form.BARS:
        return {at: clean(given.label_at(at, chart.number)) for at in known}
    sums = [sum(one.values[at] or 0 for one in chart.series) for at in range(len(chart.categories))]
    if chart.form is Form.STACKED and chart.is_share:
        return {at: text.percent(given.values[at], sums[at]) for at in known if (given.values[at] or 0) >= sums[at] * _LEAST_SHARE > 0}
    if chart.form is Form.COLUMNS and len(chart.categories) > _LABELS_ACROSS:
        return {}
    least = max([*sums, 0.0]) * _LEAST_SHARE
    return {at: given.label_at(at, chart.number) for at in known if (given.values[at] or 0) >= least > 0}


def formatted(value: float | None, number: Number) -> str:
    """What the number format of a native chart makes of a value."""
    if value is None:
        return text.MISSING
    if number is Number.SIGNED:
        return text.signed(value)
    fixed = text.number(value, 0 if number is Number.WHOLE else 1)
    if number is not Number.WHOLE and "," not in fixed:
        fixed += ",0"
    return fixed.replace(text.MINUS, "-") + ("%" if number is Number.PERCENT else "")


def _position(given: ChartSeries, chart: Chart) -> XL_LABEL_POSITION:
    if chart.form is Form.BARS:
        return XL_LABEL_POSITION.OUTSIDE_END
    if chart.form is Form.STEPS:
        return XL_LABEL_POSITION.INSIDE_BASE
    if chart.form is not Form.LINE:
        return XL_LABEL_POSITION.CENTER
    order = sorted((_last(one), place) for place, one in enumerate(chart.series) if any(value is not None for value in one.values))
    rank = [place for _, place in order].index(next(place for place, one in enumerate(chart.series) if one.values == given.values))
    return XL_LABEL_POSITION.BELOW if rank == 0 and len(order) > 1 else XL_LABEL_POSITION.ABOVE


def _last(series: ChartSeries) -> float:
    return next(value for value in reversed(series.values) if value is not None)


def _label_color(given: ChartSeries, chart: Chart, at: int) -> str:
    if chart.form is Form.LINE:
        return readable(given.color)
    if chart.form in (Form.BARS, Form.STEPS):
        return LIGHT.ink
    is_hatched = given.unfinished_from is not None and at >= given.unfinished_from
    return LIGHT.ink if is_hatched else on(given.color_at(at))


def _set_categories(axis: Any, chart: Chart, look: Look) -> None:  # noqa: ANN401 - an axis of python-pptx
    axis.has_major_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = _rgb(LIGHT.ink_soft)
    axis.tick_labels.font.size = Pt(look.points)
    axis._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}").set("rot", "0")  # noqa: SLF001 - python-pptx has no word for level names
    if chart.form in _HORIZONTAL:
        axis.reverse_order = True
        return
    element = axis._element  # noqa: SLF001 - python-pptx has no word for how many labels are left out
    most = max(int(look.width / (look.points * 5.5)), 2)
    if len(chart.categories) > most:
        element.insert_element_before(
            parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="{ceil(len(chart.categories) / most)}"/>'), "c:tickMarkSkip", "c:noMultiLvlLbl", "c:extLst"
        )


def _set_values(axis: Any, chart: Chart, drawn: Sequence[ChartSeries], look: Look) -> None:  # noqa: ANN401 - an axis of python-pptx
    """From zero with round ticks over time; bars carry their numbers, so their axis is hidden and leaves room for the words."""
    low, high = _extremes(chart, drawn)
    axis.has_minor_gridlines = False
    axis.minor_tick_mark = axis.major_tick_mark = XL_TICK_MARK.NONE
    if chart.form in _HORIZONTAL:
        axis.has_major_gridlines = axis.visible = False
        if chart.form is Form.STACKED and chart.is_share:
            return
        room = _words_share(chart, look) if chart.form is Form.BARS else 0.0
        axis.maximum_scale = high + (high - low) * room / (1 - room) if high > 0 else 0
        axis.minimum_scale = chart.floor if chart.floor is not None else low - ((high - low) * room / (1 - room) if low < 0 else 0)
        return
    marks = ticks(low, high, least=1 if chart.number is Number.WHOLE else 0)
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = marks[0], marks[-1], marks[1] - marks[0]
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _rgb(LIGHT.rule)
    axis.format.line.fill.background()
    decimals = max(len(text.number(mark, 2).partition(",")[2]) for mark in marks)
    axis.tick_labels.number_format = "[$-42A]#,##0" + ("." + "0" * decimals if decimals else "") + ('"%"' if chart.number is Number.PERCENT else "")
    axis.tick_labels.number_format_is_linked = False
    axis.tick_labels.font.size = Pt(look.points)


def _extremes(chart: Chart, drawn: Sequence[ChartSeries]) -> tuple[float, float]:
    """The least and the greatest value of the axis, zero among them; of a stack its sum."""
    columns = list(zip(*(cast("Sequence[float | None]", one.values) for one in drawn), strict=True))
    if chart.form in (Form.LINE, Form.BARS):
        values = [value for column in columns for value in column if value is not None]
    else:
        values = [sum(value for value in column if value is not None and (value > 0) is up) for column in columns for up in (True, False)]
    low, high = min([0.0, *values]), max([0.0, *values])
    return low, high if high > low else low + 1


def _words_share(chart: Chart, look: Look) -> float:
    """The share of the plot that the longest words beside a bar need."""
    longest = max((len(words) for one in chart.series for words in labels(one, chart).values()), default=0)
    return min(longest * look.points * 0.52 / (look.width * (1 - _NAMES_SHARE)) + 0.02, 0.6)


def _rgb(color: str) -> RGBColor:
    return RGBColor.from_string(color.lstrip("#").upper())
