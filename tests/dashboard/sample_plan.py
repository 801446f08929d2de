"""A briefing put together by hand from the cards of the demo province: what the renderers are tested on, whatever the templates say."""

from __future__ import annotations

from datetime import datetime

from dashboard.cards import Asked, Letterhead
from dashboard.content.chart_spec import CardSpec, card_spec
from dashboard.content.plan import Annex, Block, ChartBlock, Heading, Paragraph, Plan, Slide, SlideKind, TableBlock, TitledTable
from dashboard.content.stamp import Making, stamp_of
from dashboard.pages import CARDS, PAGES
from dashboard.tables import Table
from queries.data import Data
from queries.filters import Filters

LETTERS = "Ẳ ẵ ệ ỗ ữ ự ỵ Đ đ — Mường Tè, Nậm Nhùn, Sìn Hồ"
MADE_AT = datetime(2026, 11, 2, 9, 5)
LETTERHEAD = Letterhead("Ủy ban nhân dân tỉnh Lai Châu", "Sở Khoa học và Công nghệ", "Lai Châu")
DRAWN = (
    "overview.months",  # lines
    "overview.channels",  # stacked columns
    "overview.drivers",  # waterfall
    "overview.best_and_zero",  # bars
    "adoption.levels",  # stacked bars
    "agencies.months",  # heat map
    "areas.tiles",
)


def asked_for(data: Data, query: str = "ky=2026-Q3", address: str = "overview.totals") -> Asked:
    """A card's state on its own page."""
    path = next(page.path for page in PAGES if any(card.address == address for card in page.cards))
    return Asked(data, Filters.from_query(query), path=path, letterhead=LETTERHEAD)


def spec_of(data: Data, address: str, query: str = "ky=2026-Q3") -> CardSpec:
    """A card as files show it."""
    return card_spec(CARDS[address], asked_for(data, query, address))


def sample_plan(data: Data, query: str = "ky=2026-Q3") -> Plan:
    """Every kind of slide, every kind of block, two annexes; the test letters in its subtitle and in a paragraph."""
    asked = asked_for(data, query)
    stamp = stamp_of("Giao ban quý", "briefing:quy", asked, Making(MADE_AT))
    totals = spec_of(data, "overview.totals", query)
    specs = tuple(spec_of(data, address, query) for address in DRAWN)
    calls = spec_of(data, "adoption.call_list", query)
    table = TitledTable(calls.title, calls.table or Table((), ()), calls.note, is_wide=True)
    notes = tuple(f"{metric.label}: {metric.definition} ({metric.source})" for metric in totals.metrics[:2])
    slides = (
        Slide(SlideKind.COVER, "Giao ban quý III/2026", f"Tiếp nhận hồ sơ, trả kết quả qua bưu chính công ích · {LETTERS}"),
        Slide(SlideKind.FIGURES, totals.title, totals.subtitle, kpis=totals.kpis[:6], bullets=totals.lines, notes=notes, link=stamp.link),
        *(Slide(SlideKind.CHART, spec.title, spec.subtitle, chart=spec.chart, bullets=spec.lines[:3], notes=(spec.note,), link=stamp.link) for spec in specs),
        Slide(SlideKind.TABLE, calls.title, calls.subtitle, table=table, notes=notes, link=stamp.link),
        Slide(SlideKind.TEXT, "Kiến nghị", bullets=("Nhắc các đơn vị chưa trả kết quả qua bưu chính.", "Rà soát danh mục thủ tục.")),
        Slide(SlideKind.SOURCES, "Nguồn và cách tính", bullets=stamp.lines(), notes=notes),
    )
    charts = [spec.chart for spec in specs if spec.chart is not None and not spec.chart.chart.is_table]
    report: tuple[Block, ...] = (
        Heading("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI"),
        Paragraph("[Nêu các văn bản chỉ đạo trong kỳ]", is_to_fill=True),
        Heading("II. KẾT QUẢ"),
        Heading("1. Tiếp nhận và trả kết quả", 2),
        Paragraph(f"Trong kỳ, {totals.title}. {LETTERS}"),
        *(ChartBlock(f"Hình {number}. {chart.title}", chart) for number, chart in enumerate(charts, start=1)),
        TableBlock("Bảng 1. Số liệu chính", TitledTable("Số liệu chính", totals.table or Table((), ()))),
        Heading("III. TỒN TẠI, NGUYÊN NHÂN"),
        Paragraph("Một số đơn vị chưa trả kết quả qua bưu chính (Phụ lục 1)."),
    )
    annexes = (
        Annex("PHỤ LỤC 1", "Cần nhắc", table),
        Annex("PHỤ LỤC 2", "Số liệu chính", TitledTable("Số liệu chính", totals.table or Table((), ()))),
    )
    return Plan(
        key="quarterly",
        name="Giao ban quý",
        kind_words="BÁO CÁO",
        about="Kết quả tiếp nhận hồ sơ, trả kết quả giải quyết thủ tục hành chính qua dịch vụ bưu chính công ích quý III/2026",
        period="quý III/2026",
        letterhead=LETTERHEAD,
        stamp=stamp,
        slides=slides,
        report=report,
        annexes=annexes,
        cards=(totals, *specs, calls),
        recipients=("Văn phòng UBND tỉnh", "Lưu: VT"),
        definitions=tuple((metric.label, f"{metric.definition} ({metric.source})") for metric in totals.metrics),
    )
