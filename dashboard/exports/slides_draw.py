"""How each kind of slide is laid out: cover, figures, chart, table, words, sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboard import text
from dashboard.cards import Kpi
from dashboard.charts import Chart, ChartMark, Form
from dashboard.content.plan import Slide, SlideKind
from dashboard.content.stamp import Stamp
from dashboard.exports.slides_canvas import Canvas
from dashboard.exports.slides_charts import halves
from dashboard.exports.slides_paper import CONTENT, COVER, COVER_SUBTITLE, COVER_TITLE, MESSAGE, WORDS
from dashboard.exports.slides_tables import GRID_ROWS, grid, laid, tiles
from dashboard.exports.slides_xml import LINE_HEIGHT, Box, Para, Run, cut, fitting, height_of, para
from dashboard.figures.marks import text_px
from dashboard.theme import LIGHT

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_SIDE_PX: Final = 296
_SHORT: Final = 180  # so many letters of lines stand under a chart; more stand beside it
_GAP: Final = 32
_STRIP_PX: Final = 92
_REMARK_SIZE: Final = 10.5
_LINE_GAP: Final = 9.0
_UNIT_SHARE: Final = 0.45  # of the size of the number before it


@dataclass(frozen=True)
class Drawn:
    """A slide to be drawn: the words over its title, words for a table; `is_complete`: a grid that does not fit goes on on further slides."""

    slide: Slide
    stamp: Stamp
    eyebrow: str = ""
    alt_text: str = ""
    is_complete: bool = True


def draw(deck: Presentation, one: Drawn) -> None:
    """Add the slide to the deck."""
    makers = {SlideKind.COVER: _cover, SlideKind.FIGURES: _figures, SlideKind.CHART: _chart, SlideKind.TABLE: _table}
    makers.get(one.slide.kind, _words)(deck, one)


def _open(deck: Presentation, one: Drawn, layout: str = MESSAGE, more: str = "") -> Canvas:
    canvas = Canvas(deck, layout, one.stamp)
    canvas.head(one.eyebrow, f"{one.slide.title}{more}", one.slide.subtitle)
    return canvas


def _close(canvas: Canvas, one: Drawn) -> None:
    canvas.foot(one.slide.link)
    chart = one.slide.chart
    more = (f"Hình: {chart.alt_text}", chart.source) if chart else ()
    canvas.notes((*one.slide.notes, *one.slide.bullets, *more), one.slide.link)


def _cover(deck: Presentation, one: Drawn) -> None:
    canvas, slide, stamp = Canvas(deck, COVER, one.stamp), one.slide, one.stamp
    size = fitting([slide.title], (44, 40, 36, 32, 28, 24), COVER_TITLE.w, COVER_TITLE.h, bold=True)
    title = cut(slide.title, size, COVER_TITLE.w, max(1, int(COVER_TITLE.h // (size * 4 / 3 * LINE_HEIGHT))), bold=True)
    canvas.words("Tiêu đề", COVER_TITLE, (para(title, size, LIGHT.card, bold=True),), place='type="ctrTitle"', anchor="b")
    if slide.subtitle:
        small = fitting([slide.subtitle], (20, 18, 16, 14, 12), COVER_SUBTITLE.w, COVER_SUBTITLE.h)
        said = cut(slide.subtitle, small, COVER_SUBTITLE.w, int(COVER_SUBTITLE.h // (small * 4 / 3 * LINE_HEIGHT)))
        canvas.words("Phụ đề", COVER_SUBTITLE, (para(said, small, LIGHT.accent_soft),), place='type="subTitle" idx="1"')
    canvas.words("Nơi lập", Box(96, 84, 800, 26), (para(cut(stamp.place, 14, 800, 1, bold=True), 14, LIGHT.card, bold=True),))
    place = Box(96, 540, 1040, 96)
    dates = f"Các ngày được tính: {stamp.dates}. Số liệu đến {text.date_label(stamp.as_of)}."
    lines = [cut(stamp.filters, 13, place.w, 3), cut(dates, 13, place.w, 1)]
    canvas.words("Phạm vi", place, [para(said, 13, LIGHT.accent_soft, before=4 if at else 0) for at, said in enumerate(lines)])
    canvas.mark()
    canvas.foot(slide.link, LIGHT.accent_soft, is_cover=True)
    canvas.notes((slide.title, slide.subtitle, *slide.notes, *slide.bullets), slide.link)


# --- figures ---------------------------------------------------------------------------------------------------------------------


def _figures(deck: Presentation, one: Drawn) -> None:
    canvas, kpis = _open(deck, one), one.slide.kpis
    under = _lines_height(one.slide.bullets)
    area = Box(CONTENT.x, CONTENT.y, CONTENT.w, CONTENT.h - under)
    columns = len(kpis) if len(kpis) <= 3 else 2 if len(kpis) == 4 else 3 if len(kpis) <= 6 else -(-len(kpis) // 2) if len(kpis) <= 10 else 5
    rows = -(-len(kpis) // max(columns, 1)) or 1
    gap = 16
    wide, high = (area.w - gap * (columns - 1)) // max(columns, 1), min(216, (area.h - gap * rows) // rows)
    big = min((_number_size(kpi, wide - 44) for kpi in kpis), default=34)
    for at, kpi in enumerate(kpis):
        row, column = divmod(at, columns)
        place = Box(area.x + column * (wide + gap), area.y + row * (high + gap), wide, high)
        canvas.words(text.shorten(kpi.label, 60), place, _figure(kpi, wide - 40, high, big), fill=LIGHT.paper, anchor="ctr", inset=20)
    _lines(canvas, one.slide.bullets, Box(area.x, area.y + rows * (high + gap), area.w, under))
    _close(canvas, one)


def _number_size(kpi: Kpi, width: int) -> float:
    """The largest type in which a number and its smaller unit stand in one line."""
    length = text_px(kpi.value, 100) * 1.05 + text_px(f" {kpi.unit}", 100) * _UNIT_SHARE
    return next((size for size in (44, 40, 36, 32, 28, 24, 20, 18) if length * size / 75 <= width), 16)


def _figure(kpi: Kpi, width: int, height: int, big: float) -> list[Para]:
    """One headline figure: its name, the number, how it changed, where it stands against its target."""
    small = 10.5 if height < 150 else 14 if width >= 300 else 12
    made = [para(cut(kpi.label, small + 0.5, width, 2), small + 0.5, LIGHT.ink_soft)]
    unit = (Run(f" {kpi.unit}", big * _UNIT_SHARE, LIGHT.ink_soft),) if kpi.unit else ()
    made.append(Para((Run(kpi.value, big, LIGHT.accent, bold=True), *unit), before=3))
    if kpi.change:
        made.append(para(cut(kpi.change, small, width, 3 if width < 260 else 2), small, before=3))
    if kpi.target:
        made.append(para(cut(kpi.target, small - 1, width, 3 if width < 260 else 2), small - 1, LIGHT.ink_soft, before=3))
    return made


def _strip(canvas: Canvas, kpis: Sequence[Kpi], box: Box) -> None:
    """Headline figures in one row over a chart."""
    shown = kpis[:6]
    wide = (box.w - 12 * (len(shown) - 1)) // len(shown)
    for at, kpi in enumerate(shown):
        value = Para((Run(kpi.value, 18, LIGHT.accent, bold=True), Run(f" {kpi.unit}" if kpi.unit else "", 10, LIGHT.ink_soft)), before=1)
        lines = [para(cut(kpi.label, 9.5, wide - 16, 2), 9.5, LIGHT.ink_soft), value]
        if kpi.change or kpi.target:
            lines.append(para(cut(kpi.change or kpi.target, 9, wide - 16, 1), 9, LIGHT.ink_soft, before=1))
        place = Box(box.x + at * (wide + 12), box.y, wide, box.h)
        canvas.words(text.shorten(kpi.label, 60), place, lines, fill=LIGHT.paper, anchor="ctr", inset=8)


# --- charts ----------------------------------------------------------------------------------------------------------------------


def _chart(deck: Presentation, one: Drawn) -> None:
    spec = one.slide.chart
    if spec is None or not spec.chart.categories:
        _words(deck, one)
        return
    chart, start = spec.chart, 0
    while True:
        canvas = _open(deck, one, more=f" (tiếp, từ dòng {start + 1})" if start else "")
        area = CONTENT
        if one.slide.kpis:
            _strip(canvas, one.slide.kpis, Box(area.x, area.y, area.w, _STRIP_PX))
            area = Box(area.x, area.y + _STRIP_PX + 12, area.w, area.h - _STRIP_PX - 12)
        goes_on = chart.form is Form.GRID and start + GRID_ROWS < len(chart.categories)
        remarks = _remarks(chart, one.slide.bullets)
        if goes_on and not one.is_complete:
            remarks.append(f"Còn {len(chart.categories) - GRID_ROWS} dòng; xem đủ trên bảng điều hành")
        _place(canvas, one, area, " · ".join(remarks), start)
        _close(canvas, one)
        start += GRID_ROWS
        if not goes_on or not one.is_complete:
            return


def draw_picture(deck: Presentation, one: Drawn) -> None:
    """Add a slide with the picture that the reader's browser made of the chart, where there is one."""
    spec = one.slide.chart
    if spec is None or not spec.picture:
        return
    canvas = _open(deck, one, more=" (ảnh như trên màn hình)")
    canvas.picture(spec.picture, CONTENT, spec.alt_text)
    _close(canvas, one)


def _place(canvas: Canvas, one: Drawn, area: Box, remark: str, start: int) -> None:
    """The chart with its lines beside it, or under it where it needs the whole width."""
    assert one.slide.chart is not None
    chart, lines, said = one.slide.chart.chart, one.slide.bullets, one.slide.chart.alt_text
    parts = halves(chart)
    beside = sum(map(len, lines)) > _SHORT and len(parts) == 1 and not chart.is_table
    width = area.w - (_SIDE_PX + _GAP if beside else 0)
    foot = min(round(height_of(remark, _REMARK_SIZE, width)) + 8, 46) if remark else 0
    under = 0 if beside or chart.form is Form.GRID else min(_lines_height(lines), 110)
    room = Box(area.x, area.y, width, area.h - foot - under)
    if chart.form is Form.GRID:
        canvas.add(grid(chart, room, start).xml(canvas.numbers(), "Bảng màu", room, said))
    elif chart.form is Form.TILES:
        canvas.add(tiles(chart, room, canvas.numbers(len(chart.categories) + 1), said))
    else:
        wide = (room.w - _GAP * (len(parts) - 1)) // len(parts)
        for at, part in enumerate(parts):
            more = f" Phần {at + 1}: {part.categories[0]} đến {part.categories[-1]}." if len(parts) > 1 else ""
            canvas.chart(part, Box(room.x + at * (wide + _GAP), room.y, wide, room.h), said + more, chart)
    if remark:
        most = max(1, int((foot - 4) // (_REMARK_SIZE * 4 / 3 * LINE_HEIGHT)))
        line = (para(cut(remark, _REMARK_SIZE, width, most), _REMARK_SIZE, LIGHT.ink_soft),)
        canvas.words("Chú thích", Box(area.x, room.y + room.h + 4, width, foot - 4), line)
    if beside:
        _lines(canvas, lines, Box(area.x + area.w - _SIDE_PX, area.y, _SIDE_PX, room.h), is_side=True)
    elif under:
        _lines(canvas, lines, Box(area.x, area.y + area.h - under, area.w, under))


def _remarks(chart: Chart, lines: Sequence[str]) -> list[str]:
    """What the marks of a chart mean: its note, the cut axis, the dated notes that no line explains, the colours of a map."""
    said = [chart.note] if chart.note else []
    if chart.floor is not None:
        said.append(f"Trục bắt đầu từ {chart.number.show(chart.floor)}, không từ 0: chỉ so độ dài các bước, không so hai thanh tổng (gạch chéo)")
    said += [_mark_words(mark, chart.categories) for mark in chart.marks if not any(mark.label in line for line in lines)]
    if chart.form is Form.TILES:
        said.append(f"{chart.series[0].name}: màu đậm là nhiều, ô xám là không có số liệu; mỗi ô ở gần vị trí trên bản đồ")
    return said


def _mark_words(mark: ChartMark, categories: Sequence[str]) -> str:
    at = min(max(int(mark.x), 0), len(categories) - 1)
    if float(mark.x).is_integer() or at + 1 >= len(categories):
        return f"{mark.label}: {categories[at]}"
    return f"{mark.label}: giữa {categories[at]} và {categories[at + 1]}"


# --- lines, tables, words --------------------------------------------------------------------------------------------------------


def _lines_height(lines: Sequence[str]) -> int:
    if not lines:
        return 0
    size = fitting(lines, (13, 12, 11), CONTENT.w - 16, 120, gap=4)
    return min(round(sum(height_of(said, size, CONTENT.w - 16) + 6 for said in lines)) + 14, 134)


def _lines(canvas: Canvas, lines: Sequence[str], box: Box, *, is_side: bool = False) -> None:
    """Short lines beside or under a chart, in the largest type that fits; the whole words stand in the notes."""
    if not lines or box.h < 16:
        return
    sizes = (15, 14, 13, 12, 11) if is_side else (13, 12, 11, 10)
    inside = Box(box.x, box.y + (0 if is_side else 8), box.w, box.h - (0 if is_side else 8))
    gap = _LINE_GAP if is_side else 3.0
    size = fitting(lines, sizes, inside.w - 20, inside.h, gap=gap)
    left = inside.h
    made = []
    for at, said in enumerate(lines):
        most = int((left - (len(lines) - at - 1) * size * 4 / 3 * LINE_HEIGHT) // (size * 4 / 3 * LINE_HEIGHT))
        if most < 1:
            break
        short = cut(said, size, inside.w - 20, most)
        left -= round(height_of(short, size, inside.w - 20) + gap * 4 / 3)
        made.append(para(short, size, before=gap if at else 0, bullet=True))
    canvas.words("Nhận xét", inside, made)


def _table(deck: Presentation, one: Drawn) -> None:
    titled = one.slide.table
    if titled is None or not titled.table.columns:
        _words(deck, one)
        return
    canvas = _open(deck, one)
    under = _lines_height(one.slide.bullets)
    room = Box(CONTENT.x, CONTENT.y, CONTENT.w, CONTENT.h - under - 24)
    made = laid(titled.table, room)
    said = f"Bảng: {one.slide.title}. {len(made.rows) - 1} dòng, {len(made.widths)} cột: {', '.join(column.label for column in titled.table.columns)}."
    canvas.add(made.xml(canvas.numbers(), "Bảng", room, said))
    missing = made.left_out + titled.left_out
    remarks = [f"Còn {text.whole(missing)} dòng; xem đủ trên bảng điều hành hoặc trong tệp Excel"] if missing else []
    if made.columns_left_out:
        remarks.append(f"còn {made.columns_left_out} cột")
    if remarks:
        line = (para(" · ".join(remarks), _REMARK_SIZE, LIGHT.ink_soft),)
        canvas.words("Chú thích", Box(room.x, room.y + room.h + 4, room.w, 20), line)
    _lines(canvas, one.slide.bullets, Box(CONTENT.x, CONTENT.y + CONTENT.h - under, CONTENT.w, under))
    canvas.foot(one.slide.link)
    canvas.notes((*one.slide.notes, titled.note, *one.slide.bullets), one.slide.link)


def _words(deck: Presentation, one: Drawn) -> None:
    """Bullets in the largest type that fits; sources in small type."""
    canvas = _open(deck, one, WORDS)
    lines = one.slide.bullets
    is_sources = one.slide.kind is SlideKind.SOURCES
    sizes = (15, 14, 13, 12, 11, 10) if is_sources else (22, 20, 18, 16, 14, 12, 11, 10)
    width = CONTENT.w - 40
    gap = 6.0 if is_sources else 12.0
    size = fitting(lines, sizes, width, CONTENT.h - 8, gap=gap)
    left, made = float(CONTENT.h - 8), []
    for at, said in enumerate(lines):
        most = int(left // (size * 4 / 3 * LINE_HEIGHT))
        if most < 1:
            break
        short = cut(said, size, width, most)
        left -= height_of(short, size, width) + gap * 4 / 3
        made.append(para(short, size, before=gap if at else 0, bullet=True))
    if made:
        canvas.words("Nội dung", CONTENT, made, place='idx="1"')
    _close(canvas, one)
