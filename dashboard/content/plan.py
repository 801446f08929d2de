"""The plan of a briefing: what stands on every slide, in every section of the report and in every annex, before any file format.

A plan is complete: renderers add layout and nothing else, so that the deck, the report, the workbook, the PDF and the preview hold the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dashboard.cards import Kpi, Letterhead
from dashboard.content.chart_spec import CardSpec, ChartSpec
from dashboard.content.stamp import Stamp
from dashboard.tables import Table


class SlideKind(StrEnum):
    """How a slide is laid out."""

    COVER = "cover"  # title, subtitle, stamp
    FIGURES = "figures"  # headline figures (kpis), at most six
    CHART = "chart"  # one chart with its message, up to three short lines beside or under it
    TABLE = "table"  # one table, at most as many rows as fit; the rest is in the annex
    TEXT = "text"  # short bullets
    SOURCES = "sources"  # definitions, sources, the stamp


@dataclass(frozen=True)
class TitledTable:
    """A table for a file: its title, what is below it, and how many rows were left out (they stand in the annex or in the workbook)."""

    title: str
    table: Table
    note: str = ""
    left_out: int = 0
    is_wide: bool = False  # wants landscape paper


@dataclass(frozen=True)
class Slide:
    """One slide: its title is the message; `notes` are the speaker's notes: definition, source, dates; `link` opens the exact state."""

    kind: SlideKind
    title: str
    subtitle: str = ""
    kpis: tuple[Kpi, ...] = ()
    chart: ChartSpec | None = None
    table: TitledTable | None = None
    bullets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading of the report with its number, as “II. KẾT QUẢ” (level 1) or “1. Tiếp nhận hồ sơ” (level 2)."""

    words: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the report. `is_to_fill` is a place the author fills in by hand, in square brackets."""

    words: str
    is_to_fill: bool = False


@dataclass(frozen=True)
class ChartBlock:
    """A chart in the report, with the caption under it: “Hình 1. …”."""

    caption: str
    chart: ChartSpec


@dataclass(frozen=True)
class TableBlock:
    """A table in the report, with the caption over it: “Bảng 1. …”."""

    caption: str
    table: TitledTable


Block = Heading | Paragraph | ChartBlock | TableBlock


@dataclass(frozen=True)
class Annex:
    """One annex: its heading (“PHỤ LỤC 1”), its title, its table; also a sheet of the workbook, named by `sheet`."""

    heading: str
    sheet: str
    table: TitledTable


@dataclass(frozen=True)
class Plan:
    """One briefing for one state. `kind_words` and `about` head the report: “BÁO CÁO” and “Kết quả tiếp nhận … quý III/2026”.

    `cards` are the cards it rests on, each once, with all their figures: what is frozen when the briefing is published.
    """

    key: str
    name: str
    kind_words: str
    about: str
    period: str
    letterhead: Letterhead
    stamp: Stamp
    slides: tuple[Slide, ...]
    report: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    cards: tuple[CardSpec, ...]
    recipients: tuple[str, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()  # metric, its meaning with its legal source
