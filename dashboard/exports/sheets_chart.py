"""Charts of a workbook: native ones over cells of their own sheet, and coloured cells for what office programmes have no chart for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, Number, steps
from dashboard.content.chart_spec import UNFINISHED, ChartSpec
from dashboard.exports import sheets_cells as cells
from dashboard.exports.sheets_book import FONT, LINE_HEIGHT, PX_A_POINT, Sheet, cell_words, lines_of
from dashboard.theme import LIGHT, on

DATA_HEAD: Final = "Số liệu của biểu đồ"
DASHED: Final = " (kỳ chưa đủ)"
BASE: Final = "Nền (không vẽ)"
NAME_WIDTH: Final = 34
VALUE_WIDTH: Final = 14
TILE_WIDTH: Final = 13
WIDTH_PX: Final = 800
HEIGHT_PX: Final = 380
_BAR_PX: Final = 26
_PAIR_PX: Final = 36
_MARKER_INK: Final = "#B8C0C2"  # of the bar that stands for a mark on the scale of the first series
_CUT: Final = "trục giá trị không bắt đầu từ 0"
_AROUND_PX: Final = 110
_LEGEND_PX: Final = 70  # and the axis of values
_TALLEST_PX: Final = 1_000
_KINDS: Final = {
    Form.LINE: {"type": "line"},
    Form.COLUMNS: {"type": "column", "subtype": "stacked"},
    Form.BARS: {"type": "bar"},
    Form.STACKED: {"type": "bar", "subtype": "stacked"},
    Form.STEPS: {"type": "bar", "subtype": "stacked"},
}


@dataclass(frozen=True)
class _Line:
    """One column of the data of a chart, and how its marks are drawn; `last` is the first category that is not drawn."""

    name: str
    values: tuple[float | None, ...]
    series: ChartSeries
    is_base: bool = False
    is_dashed: bool = False
    is_extra: bool = False  # says nothing that another column does not say: it has no line in the legend
    last: int | None = None


def place_chart(sheet: Sheet, spec: ChartSpec, place: tuple[int, int], high: range) -> tuple[int, int]:
    """Draws a chart with its corner in a cell, its data under it but not beside the `high` rows. Answers the last row and column that are used."""
    chart = spec.chart
    if chart.form is Form.GRID:
        return _write_grid(sheet, chart, place)
    if chart.form is Form.TILES:
        return _write_tiles(sheet, chart, (place[0] + 1, place[1]))
    lines = _lines(chart)
    corner = (place[0] + 1, place[1])  # under the row of the headings, which is printed again on every page
    top = sheet.below(corner[0], _height(chart) / PX_A_POINT + LINE_HEIGHT)
    if high.start < top + len(chart.categories) + 6 and top < high.stop:
        top = high.stop + 1
    last = _write_data(sheet, chart, lines, (top, place[1]))
    options = {"description": cell_words(spec.alt_text), "object_position": 2}
    sheet.raw.insert_chart(*corner, _native(sheet, spec, lines, (top + 1, place[1])), options)
    return last


def _height(chart: Chart) -> int:
    if chart.form in (Form.LINE, Form.COLUMNS):
        return HEIGHT_PX
    bar = _PAIR_PX if any(series.is_marker for series in chart.series) else _BAR_PX
    around = _AROUND_PX + (_LEGEND_PX if len(chart.series) > 1 else 0)
    return min(around + bar * max(len(chart.categories), 4), _TALLEST_PX)


def _lines(chart: Chart) -> list[_Line]:
    """The columns of the data: those of the screen, a base under the steps of a waterfall, a second line for what is unfinished."""
    if chart.form is Form.STEPS:
        return _step_lines(chart.series[0])
    found = []
    for series in chart.series:
        start = series.unfinished_from if chart.form is Form.LINE else None
        if start is None or not start:
            found.append(_Line(series.name, series.values, series, is_dashed=start == 0))
            continue
        found.append(_Line(series.name, series.values, series, last=start))
        rest = tuple(value if place >= start - 1 else None for place, value in enumerate(series.values))
        found.append(_Line(series.name + DASHED, rest, series, is_dashed=True, is_extra=True))
    return found


def _step_lines(series: ChartSeries) -> list[_Line]:
    """Each bar of a waterfall from where it begins to where it ends, on both sides of zero."""
    ends = [(min(pair), max(pair)) for pair in steps(series.values)]
    base = tuple(max(low, 0.0) + min(high, 0.0) for low, high in ends)
    above = tuple(max(high, 0.0) - max(low, 0.0) for low, high in ends)
    below = tuple(min(low, 0.0) - min(high, 0.0) for low, high in ends)
    found = [_Line(BASE, base, series, is_base=True), _Line(series.name, above, series)]
    return [*found, _Line(series.name + " dưới 0", below, series, is_extra=True)] if any(below) else found


def _scaled(value: float | None, chart: Chart) -> float | None:
    """A percentage as the fraction that a percent format writes."""
    return value / 100 if value is not None and chart.number is Number.PERCENT else value


def _write_data(sheet: Sheet, chart: Chart, lines: Sequence[_Line], place: tuple[int, int]) -> tuple[int, int]:
    """The cells behind a chart: a heading, the names of the series, a row a category."""
    top, left = place
    heads = [line.name or chart.unit or "Giá trị" for line in lines]
    sheet.raw.write_string(top, left, cell_words(DATA_HEAD), sheet.style("bold"))
    sheet.raw.set_column(left, left, NAME_WIDTH)
    sheet.raw.set_column(left + 1, left + max(len(heads), 7), VALUE_WIDTH)
    sheet.raw.write_string(top + 1, left, "", sheet.style("head"))
    for place_of, name in enumerate(heads, start=left + 1):
        sheet.raw.write_string(top + 1, place_of, cell_words(name), sheet.style("head"))
    sheet.tall(top + 1, LINE_HEIGHT * max(lines_of(name, VALUE_WIDTH * 0.9) for name in heads) + 4)
    shapes = [cells.chart_format(chart.number, line.values) for line in lines]
    for index, category in enumerate(chart.categories):
        row = top + 2 + index
        words = f"{category}: {lines[0].series.label_at(index, chart.number)}" if chart.form is Form.STEPS else category
        sheet.raw.write_string(row, left, cell_words(words), sheet.style("text", text_wrap=False))
        for place_of, (line, shape) in enumerate(zip(lines, shapes, strict=True), start=left + 1):
            value = _scaled(line.values[index], chart)
            if value is None:
                sheet.raw.write_blank(row, place_of, None, sheet.style("number"))
            else:
                sheet.raw.write_number(row, place_of, value, sheet.style("number", num_format=shape))
    last = _write_notes(sheet, chart, (top + 2 + len(chart.categories), left))
    return last, left + max(len(heads), 7)


def _write_notes(sheet: Sheet, chart: Chart, place: tuple[int, int]) -> int:
    """What is unfinished, where an axis is cut, and the dated marks of a time line."""
    unfinished = UNFINISHED if any(series.unfinished_from for series in chart.series) else ""
    notes = ["; ".join(filter(None, (chart.note, unfinished)))]
    if chart.floor is not None:
        notes.append(f"{_CUT[0].upper()}{_CUT[1:]}.")
    marks = [f"{mark.label} {chart.categories[min(max(int(mark.x + 0.5), 0), len(chart.categories) - 1)]}" for mark in chart.marks]
    notes.append(f"Mốc: {'; '.join(marks)}" if marks else "")
    row = place[0]
    for note in filter(None, notes):
        sheet.raw.write_string(row, place[1], cell_words(note), sheet.style("plain", italic=True))
        row += 1
    return row - 1


def _native(sheet: Sheet, spec: ChartSpec, lines: Sequence[_Line], head: tuple[int, int]) -> Any:  # noqa: ANN401 - XlsxWriter is untyped
    chart = spec.chart
    kind = dict(_KINDS[chart.form])
    if chart.is_share:
        kind["subtype"] = "percent_stacked"
    native = sheet.book.raw.add_chart(kind)
    for place, line in enumerate(lines, start=1):
        native.add_series(_series(sheet, chart, line, head, place))
    font = {"name": FONT, "color": LIGHT.ink}
    title = spec.title if chart.floor is None else f"{spec.title} ({_CUT})"
    native.set_title({"name": cell_words(title), "name_font": {**font, "size": 12, "bold": True}, "overlay": False})
    native.set_size({"width": WIDTH_PX, "height": _height(chart)})
    unseen = [place for place, line in enumerate(lines) if line.is_base or line.is_extra]
    if len(lines) - len(unseen) > 1:
        native.set_legend({"position": "bottom", "font": {**font, "size": 11}, "delete_series": unseen})
    else:
        native.set_legend({"none": True})
    _set_axes(native, chart, font)
    return native


def _set_axes(native: Any, chart: Chart, font: dict[str, Any]) -> None:  # noqa: ANN401 - XlsxWriter is untyped
    """Quiet axes: names without lines, values with a soft grid; the first bar on top. Bars that carry their values need no axis for them."""
    is_across = chart.form not in (Form.LINE, Form.COLUMNS)
    number = "0%" if chart.is_share or chart.number is Number.PERCENT else cells.chart_format(chart.number, [])
    names: dict[str, Any] = {"num_font": {**font, "size": 11}, "line": {"color": LIGHT.rule}, "major_tick_mark": "none"}
    values: dict[str, Any] = {
        "num_font": {**font, "size": 10},
        "num_format": number,
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": LIGHT.grid}},
        "major_tick_mark": "none",
    }
    names |= {"reverse": True, "label_position": "low"} if is_across else {"label_position": "low"}
    if chart.form in (Form.BARS, Form.STEPS):
        values |= {"visible": False, "major_gridlines": {"visible": False}}
    elif is_across:
        values["label_position"] = "high"
    if chart.floor is not None:
        values["min"] = _scaled(chart.floor, chart)
    if chart.unit and chart.unit != "%":
        values |= {"name": cell_words(chart.unit), "name_font": {**font, "size": 10, "bold": False}}
    native.set_x_axis(values if is_across else names)
    native.set_y_axis(names if is_across else values)


def _series(sheet: Sheet, chart: Chart, line: _Line, head: tuple[int, int], place: int) -> dict[str, Any]:
    top, left = head
    end = top + (line.last if line.last is not None else len(chart.categories))
    found: dict[str, Any] = {
        "name": [sheet.name, top, left + place],
        "categories": [sheet.name, top + 1, left, top + len(chart.categories), left],
        "values": [sheet.name, top + 1, left + place, end, left + place],
    }
    series = line.series
    if line.is_base:
        return found | {"fill": {"none": True}, "border": {"none": True}, "gap": 40}
    if chart.form is Form.LINE:
        return found | _stroke(line)
    color = _MARKER_INK if series.is_marker else series.color
    found |= {"fill": {"color": color}, "border": {"none": True}, "gap": 40, "points": None if series.is_marker else _points(chart, series)}
    if chart.form is Form.BARS and not series.is_marker:
        found["data_labels"] = _labels(chart, series)
    return found


def _stroke(line: _Line) -> dict[str, Any]:
    """A line with dots; dashed and without them where it is unfinished or a limit."""
    color = line.series.color
    if line.is_dashed:
        width = 2.25 if line.is_extra else 1.5
        return {"line": {"color": color, "width": width, "dash_type": "dash"}, "marker": {"type": "none"}}
    return {"line": {"color": color, "width": 2.25}, "marker": {"type": "circle", "size": 4, "fill": {"color": color}, "border": {"color": color}}}


def _points(chart: Chart, series: ChartSeries) -> list[dict[str, Any] | None] | None:
    """Marks that differ from their series: another colour, or hatched because the period is unfinished."""
    start = series.unfinished_from if chart.form is Form.COLUMNS and series.unfinished_from is not None else len(series.values)
    if not series.colors and start >= len(series.values):
        return None
    found: list[dict[str, Any] | None] = []
    for index in range(len(series.values)):
        color = series.color_at(index)
        if index >= start:
            found.append({"pattern": {"pattern": "wide_upward_diagonal", "fg_color": color, "bg_color": LIGHT.card}, "border": {"color": color}})
        else:
            found.append({"fill": {"color": color}, "border": {"none": True}} if series.colors else None)
    return found


def _labels(chart: Chart, series: ChartSeries) -> dict[str, Any]:
    """The words at the marks, as on the screen."""
    font = {"name": FONT, "size": 11, "color": LIGHT.ink}
    custom = [
        {"delete": True} if text.is_missing(value) else {"value": cell_words(series.label_at(index, chart.number)), "font": font}
        for index, value in enumerate(series.values)
    ]
    return {"value": True, "custom": custom, "font": font, "position": "outside_end"}


def _write_grid(sheet: Sheet, chart: Chart, place: tuple[int, int]) -> tuple[int, int]:
    """Rows by columns, each cell with its value or word on its colour."""
    top, left = place
    sheet.raw.set_column(left, left, NAME_WIDTH)
    sheet.raw.set_column(left + 1, left + len(chart.series), 9)
    sheet.raw.write_string(top, left, "", sheet.style("head"))
    for column, series in enumerate(chart.series, start=left + 1):
        sheet.raw.write_string(top, column, cell_words(series.name), sheet.style("head"))
        for row, _ in enumerate(chart.categories):
            _write_colored(sheet, chart, series, row, (top + 1 + row, column))
    for row, category in enumerate(chart.categories, start=top + 1):
        sheet.raw.write_string(row, left, cell_words(category), sheet.style("text"))
    return _write_notes(sheet, chart, (top + 1 + len(chart.categories), left)), left + len(chart.series)


def _write_colored(sheet: Sheet, chart: Chart, series: ChartSeries, index: int, place: tuple[int, int]) -> None:
    """One coloured cell: the number where the screen shows the number, otherwise its word."""
    value, color = _scaled(series.values[index], chart), series.color_at(index)
    words = series.label_at(index, chart.number)
    paint: dict[str, Any] = {"bg_color": color, "font_color": on(color), "align": "center"} if color else {"align": "center"}
    if value is not None and words == chart.number.show(series.values[index]):
        shape = cells.chart_format(chart.number, series.values)
        sheet.raw.write_number(*place, value, sheet.style("cell", num_format=shape, **paint))
    else:
        sheet.raw.write_string(*place, cell_words(words), sheet.style("cell", text_wrap=True, **paint))


def _write_tiles(sheet: Sheet, chart: Chart, place: tuple[int, int]) -> tuple[int, int]:
    """Areas in about their place: the name of each over its value, both on the colour of the value."""
    top, left = place
    series = chart.series[0]
    width = max(column for _, column in chart.places) + 1
    sheet.raw.set_column(left, left + width - 1, TILE_WIDTH)
    for index, (category, (row, column)) in enumerate(zip(chart.categories, chart.places, strict=True)):
        at, color = top + 2 * row, series.color_at(index)
        paint = {"bg_color": color, "font_color": on(color)}
        name = sheet.style("cell", text_wrap=True, align="center", valign="vcenter", font_size=11, bottom=0, **paint)
        sheet.tall(at, lines_of(category, TILE_WIDTH) * LINE_HEIGHT)
        sheet.raw.write_string(at, left + column, cell_words(category), name)
        _write_colored(sheet, chart, series, index, (at + 1, left + column))
    last = top + 2 * (max(row for row, _ in chart.places) + 1)
    return _write_notes(sheet, chart, (last, left)), left + width - 1
