"""One slide while it is written: its head, its foot, its notes, and the things placed between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Final

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.util import Emu

from dashboard import text
from dashboard.charts import Chart, Form
from dashboard.content.stamp import CODE_PATH, Audience, Stamp
from dashboard.exports.letter_words import clean
from dashboard.exports.slides_chart_xml import workbook
from dashboard.exports.slides_charts import Native, native
from dashboard.exports.slides_paper import COVER_FOOTER, EYEBROW, FOOTER, MARK, NUMBER, SUBTITLE, TITLE, number_body
from dashboard.exports.slides_xml import PX, Box, Para, Run, cut, fitting, para, shape
from dashboard.theme import LIGHT

if TYPE_CHECKING:
    from pptx.presentation import Presentation

DEMO_MARK: Final = "Dữ liệu minh họa"
OPEN: Final = "Mở đúng trạng thái này"
_LONGEST_LINK: Final = 2_000  # office programmes refuse longer ones
_KINDS: Final = {
    Form.LINE: XL_CHART_TYPE.LINE,
    Form.COLUMNS: XL_CHART_TYPE.COLUMN_STACKED,
    Form.BARS: XL_CHART_TYPE.BAR_CLUSTERED,
    Form.STACKED: XL_CHART_TYPE.BAR_STACKED,
    Form.STEPS: XL_CHART_TYPE.BAR_STACKED,
}


class _Ready(CategoryChartData):
    """A chart whose XML and workbook are already written, as `add_chart` takes it."""

    def __init__(self, ready: Native, made: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # python-pptx leaves its chart data untyped
        self._ready, self._made = ready, made

    def xml_bytes(self, chart_type: XL_CHART_TYPE) -> bytes:  # noqa: ARG002 - the signature of python-pptx
        return self._ready.xml

    @property
    def xlsx_blob(self) -> bytes:
        return workbook(self._ready.categories, self._ready.rows, self._made)


class Canvas:
    """A slide of a layout, emptied; things are added in the order in which they are read."""

    def __init__(self, deck: Presentation, layout: str, stamp: Stamp) -> None:
        self.stamp = stamp
        self.slide = deck.slides.add_slide(next(one for one in deck.slide_layouts if one.name == layout))
        for old in list(self.slide.shapes):
            old.element.getparent().remove(old.element)
        self.number = len(deck.slides)
        self._next = 2

    def numbers(self, count: int = 1) -> int:
        """The first of so many new numbers for shapes."""
        first, self._next = self._next, self._next + count
        return first

    def add(self, xml: str) -> None:
        """A shape at the end of the slide."""
        self.slide.shapes.element.append(parse_xml(xml))

    def words(self, name: str, box: Box, paragraphs: Sequence[Para], *, place: str = "", fill: str = "", anchor: str = "t", inset: int = 0) -> None:
        """A box of words."""
        self.add(shape(self.numbers(), name, box, paragraphs, place=place, fill=fill, anchor=anchor, inset=inset))

    def head(self, eyebrow: str, title: str, subtitle: str = "") -> None:
        """The message as title, over it what the slide belongs to, below it what is measured; made-up data is called so."""
        size = fitting([title], (24, 22, 20, 18, 16), TITLE.w, TITLE.h, bold=True)
        most = int(TITLE.h // (size * 4 / 3 * 1.25))
        self.words("Tiêu đề", TITLE, (para(cut(title, size, TITLE.w, most, bold=True), size, bold=True),), place='type="title"')
        if eyebrow:
            self.words("Thuộc phần", EYEBROW, (para(cut(eyebrow, 11, EYEBROW.w, 1, bold=True), 11, LIGHT.accent, bold=True),))
        if subtitle:
            self.words("Đo gì, ở đâu, khi nào", SUBTITLE, (para(cut(subtitle, 13, SUBTITLE.w, 1), 13, LIGHT.ink_soft),))
        self.mark()

    def mark(self) -> None:
        """The words “Dữ liệu minh họa” in the corner of made-up data."""
        if self.stamp.is_demo:
            line = (para(DEMO_MARK, 10.5, LIGHT.ink, bold=True, align="ctr"),)
            self.add(shape(self.numbers(), DEMO_MARK, MARK, line, fill=LIGHT.channel_not_recorded, anchor="ctr", form="roundRect"))

    def foot(self, link: str, color: str = LIGHT.ink_soft, *, is_cover: bool = False) -> None:
        """Source, data date, code and the way back to the exact state; the number of the slide. On the cover the whole line is the link."""
        stamp = self.stamp
        source = text.shorten(clean(stamp.source_name) or "cơ sở dữ liệu hồ sơ của tỉnh", 60)
        outside = " · Tệp gửi ra ngoài, số nhỏ đã che" if stamp.audience is Audience.OUTSIDE else ""
        said = f"Nguồn: {source} · Số liệu đến {text.date_label(stamp.as_of)} · Mã đối chiếu {stamp.code}{outside} · "
        address = self.slide.part.relate_to(self.address(link), RT.HYPERLINK, is_external=True)
        if is_cover:
            line = (para(said + OPEN, 10, color),)
            self.add(shape(self.numbers(), "Chân trang", COVER_FOOTER, line, anchor="ctr", link=address))
            return
        line = (Para((Run(said, 10, color), Run(OPEN, 10, color, link=address))),)
        self.words("Chân trang", FOOTER, line, place='type="ftr" sz="quarter" idx="11"', anchor="ctr")
        self.add(shape(self.numbers(), "Số trang", NUMBER, number_body(str(self.number)), place='type="sldNum" sz="quarter" idx="12"'))

    def address(self, link: str) -> str:
        """The full address of a state; that of the code where there is none, or where it is too long for office programmes."""
        base = self.stamp.code_link.removesuffix(CODE_PATH + self.stamp.code)
        full = base + link if link.startswith("/") else link or self.stamp.link
        return full if len(full) <= _LONGEST_LINK else self.stamp.code_link

    def notes(self, lines: Sequence[str], link: str) -> None:
        """The speaker's notes: what was handed in, then filters, dates, source and the way back."""
        page = self.slide.notes_slide
        frame = page.notes_text_frame
        assert frame is not None
        said = [clean(one) for one in (*lines, *self.stamp.lines(), f"Mở đúng trạng thái này: {self.address(link)}") if one]
        frame.text = "\n".join(dict.fromkeys(said))
        for holder, name in zip(page.placeholders, ("Hình trang chiếu", "Ghi chú cho người trình bày", "Số trang"), strict=False):
            holder.name = name

    def picture(self, png: bytes, area: Box, said: str) -> None:
        """A picture as large as fits, in the middle of an area, with words for who cannot see it."""
        found = self.slide.shapes.add_picture(BytesIO(png), Emu(0), Emu(0))
        scale = min(area.w * PX / found.width, area.h * PX / found.height)
        found.width, found.height = Emu(round(found.width * scale)), Emu(round(found.height * scale))
        found.left, found.top = Emu(area.x * PX + (area.w * PX - found.width) // 2), Emu(area.y * PX + (area.h * PX - found.height) // 2)
        self._next = max(self._next, found.shape_id + 1)
        found.name = "Ảnh"
        found._element.nvPicPr.cNvPr.set("descr", clean(said))  # noqa: SLF001 - python-pptx has no attribute for it

    def chart(self, chart: Chart, box: Box, said: str, whole: Chart | None = None) -> None:
        """A native chart, or a part of one on the scale of the whole, with words for who cannot see it."""
        ready = native(chart, box, whole)
        data = _Ready(ready, datetime.combine(self.stamp.as_of, time()))
        place = (Emu(box.x * PX), Emu(box.y * PX), Emu(box.w * PX), Emu(box.h * PX))
        frame = self.slide.shapes.add_chart(_KINDS[chart.form], *place, data)
        self._next = max(self._next, frame.shape_id + 1)
        frame.name = "Biểu đồ"
        frame.element.nvGraphicFramePr.cNvPr.set("descr", clean(said))
        if chart.marks:
            self._marks(chart, box, ready)

    def _marks(self, chart: Chart, box: Box, ready: Native) -> None:
        """The dated notes over a chart: a thin line where it happened, its sign on top; what it means stands in the lines and below the chart."""
        x, y, w, h = (part * side for part, side in zip(ready.inner, (box.w, box.h, box.w, box.h), strict=True))
        for mark in chart.marks:
            at = round(box.x + x + (mark.x + 0.5) / len(chart.categories) * w)
            self.add(shape(self.numbers(), f"Mốc {mark.label}", Box(at, round(box.y + y), 1, round(h)), fill=LIGHT.ink_soft))
            sign = para(text.shorten(mark.label, 12), 11, LIGHT.ink_soft, align="ctr")
            self.words(f"Mốc {mark.label}", Box(at - 30, round(box.y + y) - 20, 60, 18), (sign,), anchor="ctr")
