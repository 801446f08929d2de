"""Tables on a slide: native ones with a quiet head, as many rows as fit; the coloured grid; areas as tiles in their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import text
from dashboard.charts import Chart
from dashboard.exports.slides_xml import LINE_HEIGHT, NAMESPACES, PX, Box, Para, attribute, cut, lines_needed, para, shape, solid
from dashboard.figures.marks import text_px
from dashboard.tables import Column, Kind, Table
from dashboard.theme import LIGHT, on

GRID_ROWS: Final = 20
MOST_COLUMNS: Final = 12
_SIZES: Final = (14, 13, 12, 11, 10.5)
_PAD: Final = 8
_HEAD_LINES: Final = 3
_CELL_LINES: Final = 2
_LEAST_TEXT_PX: Final = 7.4  # of a text that wraps, in sizes of its type
_MEASURED_ROWS: Final = 40
_NAME_PX: Final = 236


@dataclass(frozen=True)
class Cell:
    """One cell: its words, their look, the colour behind and the rule below it."""

    said: str
    size: float
    color: str = LIGHT.ink
    bold: bool = False
    align: str = "l"
    fill: str = ""
    rule: str = LIGHT.rule
    rule_px: int = 1

    def xml(self, pad: int) -> str:
        """The cell as DrawingML, with a free space at both sides."""
        rise = 2 * PX if pad > 1 else 0  # the rows of a coloured grid are as low as their type
        line = Para((para(self.said, self.size, self.color, bold=self.bold).runs), self.align).xml()
        none = "".join(f'<a:{side} w="0"><a:noFill/></a:{side}>' for side in ("lnL", "lnR", "lnT"))
        below = f'<a:lnB w="{self.rule_px * PX}">{solid(self.rule)}</a:lnB>'
        look = f'<a:tcPr marL="{pad * PX}" marR="{pad * PX}" marT="{rise}" marB="{rise}" anchor="ctr">{none}{below}{solid(self.fill)}</a:tcPr>'
        return f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{line}</a:txBody>{look}</a:tc>"


@dataclass(frozen=True)
class Laid:
    """A table laid out: its columns' widths, its rows' heights and cells, and how many rows found no room."""

    widths: tuple[int, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    left_out: int = 0
    columns_left_out: int = 0
    pad: int = _PAD

    def xml(self, number: int, name: str, box: Box, said: str) -> str:
        """The table as a native one, with words for who cannot see it."""
        grid = "".join(f'<a:gridCol w="{width * PX}"/>' for width in self.widths)
        rows = "".join(f'<a:tr h="{height * PX}">{"".join(cell.xml(self.pad) for cell in cells)}</a:tr>' for height, cells in self.rows)
        place = Box(box.x, box.y, sum(self.widths), sum(height for height, _ in self.rows)).xfrm("p:xfrm")
        return (
            f'<p:graphicFrame {NAMESPACES}><p:nvGraphicFramePr><p:cNvPr id="{number}" name={attribute(name)} descr={attribute(said)}/>'
            '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
            f'{place}<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl><a:tblPr firstRow="1"/>'
            f"<a:tblGrid>{grid}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
        )


def laid(table: Table, box: Box) -> Laid:
    """A table in a place: the largest type in which its columns fit, texts in at most three lines, rows while there is room."""
    rows = [*table.rows[:_MEASURED_ROWS], *([table.total] if table.total else [])]
    shown = [[_show(column, row, is_total=row is table.total) for column in table.columns[:MOST_COLUMNS]] for row in rows]
    size, widths = _widths(table.columns[:MOST_COLUMNS], shown, box.w)
    columns, shown = table.columns[: len(widths)], [row[: len(widths)] for row in shown]
    head = [
        Cell(cut(c.label, size, w - 2 * _PAD, _HEAD_LINES, bold=True), size, LIGHT.ink_soft, True, _side(c), rule=LIGHT.ink_soft)
        for c, w in zip(columns, widths, strict=True)
    ]
    made = [(_height(head, widths), tuple(head))]
    total = _cells(columns, shown[-1], widths, size, is_total=True) if table.total else None
    room = box.h - made[0][0] - (_height(total, widths) if total else 0)
    count = 0
    for words in shown[: len(table.rows)]:
        cells = _cells(columns, words, widths, size)
        height = _height(cells, widths)
        if height > room:
            break
        made.append((height, tuple(cells)))
        room, count = room - height, count + 1
    if total:
        made.append((_height(total, widths), tuple(total)))
    return Laid(tuple(widths), tuple(made), len(table.rows) - count, len(table.columns) - len(columns))


def _show(column: Column, row: Mapping[str, Any], *, is_total: bool = False) -> str:
    said = column.show(row.get(column.key))
    return "" if is_total and said == text.MISSING and not column.is_number else said


def _side(column: Column) -> str:
    return "r" if column.is_number else "l"


def _cells(columns: Sequence[Column], words: Sequence[str], widths: Sequence[int], size: float, *, is_total: bool = False) -> list[Cell]:
    rule, px = (LIGHT.ink_soft, 1) if is_total else (LIGHT.rule, 1)
    return [
        Cell(cut(said, size, width - 2 * _PAD, _CELL_LINES, bold=is_total), size, bold=is_total, align=_side(column), rule=rule, rule_px=px)
        for column, said, width in zip(columns, words, widths, strict=True)
    ]


def _height(cells: Sequence[Cell], widths: Sequence[int]) -> int:
    lines = max(lines_needed(cell.said, cell.size, width - 2 * _PAD, bold=cell.bold) for cell, width in zip(cells, widths, strict=True))
    return round(lines * cells[0].size * 4 / 3 * LINE_HEIGHT * 1.02) + 10


def _widths(columns: Sequence[Column], shown: Sequence[Sequence[str]], room: int) -> tuple[float, list[int]]:
    """The largest size at which the columns have room, and their widths, together the whole room; at the smallest size the last columns give way."""
    for size in _SIZES:
        needs = [_needs(column, [row[at] for row in shown], size) for at, column in enumerate(columns)]
        while size == _SIZES[-1] and len(needs) > 1 and sum(least for least, _ in needs) > room:
            needs.pop()
        if sum(least for least, _ in needs) <= room or len(needs) == 1:
            return size, _shared([least for least, _ in needs], [full for _, full in needs], room, [column.is_number for column in columns[: len(needs)]])
    raise AssertionError  # the last size is always taken


def _needs(column: Column, said: Sequence[str], size: float) -> tuple[float, float]:
    """The least and the natural width of a column: numbers never wrap, texts take two lines, headings three."""
    px = size * 4 / 300
    word = max((text_px(part, 100) for part in column.label.split()), default=0) * px * 1.16
    head = next((word + step for step in range(0, 400, 6) if lines_needed(column.label, size, word + step, bold=True) <= _HEAD_LINES), word)
    full = max((text_px(cell, 100) for cell in said), default=0) * px * 1.06
    kept = full if column.is_number or column.kind is Kind.DATE else min(full, max(full / _CELL_LINES * 1.15, _LEAST_TEXT_PX * 100 * px), 15 * 100 * px)
    return max(head, kept) + 2 * _PAD + 2, max(head, full) + 2 * _PAD + 2


def _shared(least: Sequence[float], natural: Sequence[float], room: int, is_number: Sequence[bool]) -> list[int]:
    """The room left over goes first to texts that wrap, then to all columns, so that the table is as wide as the slide."""
    widths = list(least)
    free = room - sum(widths)
    if free < 0:
        return [int(width * room / sum(widths)) for width in widths]
    wish = [n - w for n, w in zip(natural, widths, strict=True)]
    share = min(1.0, free / sum(wish)) if sum(wish) else 0.0
    widths = [w + extra * share for w, extra in zip(widths, wish, strict=True)]
    free = room - sum(widths)
    texts = [at for at, number in enumerate(is_number) if not number] or list(range(len(widths)))
    per_text, per_number = (free * 0.5 / len(texts), free * 0.5 / len(widths))
    return [int(w + per_number + (per_text if at in texts else 0)) for at, w in enumerate(widths)]


# --- a coloured table ------------------------------------------------------------------------------------------------------------


def grid(chart: Chart, box: Box, start: int = 0) -> Laid:
    """Rows of a coloured grid from `start`, as many as a slide holds."""
    names = chart.categories[start : start + GRID_ROWS]
    longest = max((text_px(name, 13) for name in chart.categories), default=0) + 12
    first = min(longest, _NAME_PX)
    width = min((box.w - first) // max(len(chart.series), 1), 96)
    said = [[one.label_at(row, chart.number) for one in chart.series] for row in range(start, start + len(names))]
    height = min(24, max(16, (box.h - 28) // max(len(names), 1)))
    sizes = [size for size in (11, 10, 9, 8, 7) if size * 4 / 3 * LINE_HEIGHT + 3 <= height]
    size = next((size for size in sizes if all(text_px(word, 100) * size / 75 + 2 <= width for row in said for word in row)), 6)
    head_size = next((size for size in (10, 9, 8, 7) if all(text_px(one.name, 100) * size / 75 + 2 <= width for one in chart.series)), 6)
    head = (Cell("", head_size), *(Cell(one.name, head_size, LIGHT.ink_soft, align="ctr") for one in chart.series))
    rows = [(24, head)]
    for at, name in enumerate(names):
        cells = [Cell(cut(name, 9.5, first - 4, 1), 9.5, rule=LIGHT.card)]
        for word, one in zip(said[at], chart.series, strict=True):
            ground = one.color_at(start + at) or LIGHT.card
            cells.append(Cell(word, size, on(ground), align="ctr", fill=ground, rule=LIGHT.card))
        rows.append((height, tuple(cells)))
    return Laid((first, *([width] * len(chart.series))), tuple(rows), max(0, len(chart.categories) - start - len(names)), pad=1)


# --- tiles -----------------------------------------------------------------------------------------------------------------------


def tiles(chart: Chart, box: Box, number: int, said: str) -> str:
    """Areas as one group of rectangles in their places, each with its name and value."""
    one = chart.series[0]
    places = chart.places or tuple(divmod(at, 8) for at in range(len(chart.categories)))
    rows, columns = max(row for row, _ in places) + 1, max(column for _, column in places) + 1
    high = min(box.h // rows, 84)
    wide = min(box.w // columns, high * 2)
    left = box.x + (box.w - wide * columns) // 2
    inner = []
    for at, (name, (row, column)) in enumerate(zip(chart.categories, places, strict=True)):
        ground = one.color_at(at) or LIGHT.missing
        ink = on(ground)
        big, small = (13, 10.5) if high >= 56 else (12, 9.5) if high >= 46 else (10, 8)
        lines = (
            para(cut(name, small, wide - 12, 1), small, ink, align="ctr"),
            para(cut(one.label_at(at, chart.number), big, wide - 8, 1, bold=True), big, ink, bold=True, align="ctr"),
        )
        place = Box(left + column * wide, box.y + row * high, wide - 4, high - 4)
        inner.append(shape(number + 1 + at, text.shorten(name, 60), place, lines, fill=ground, anchor="ctr", inset=2))
    area = Box(left, box.y, wide * columns, high * rows)
    child = f'<a:chOff x="{area.x * PX}" y="{area.y * PX}"/><a:chExt cx="{area.w * PX}" cy="{area.h * PX}"/></a:xfrm>'
    return (
        f'<p:grpSp {NAMESPACES}><p:nvGrpSpPr><p:cNvPr id="{number}" name="Bản đồ ô" descr={attribute(said)}/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        f"<p:grpSpPr>{area.xfrm().replace('</a:xfrm>', child)}</p:grpSpPr>{''.join(inner)}</p:grpSp>"
    )
