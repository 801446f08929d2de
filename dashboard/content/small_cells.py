"""Small counts in files that leave the house: a count from 1 to `least` - 1 of a unit or a procedure can point at a person and is suppressed.

Inside the house nothing is suppressed. A suppressed count is `<5`; `*` is what had to be hidden with it, so that it cannot be found by subtraction,
and what rests on it. Totals of the whole province stay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from dashboard.content.chart_spec import CardSpec, ChartSpec, alt_text
from dashboard.content.small_cells_chart import chart_without
from dashboard.content.small_cells_table import MORE, Hidden, suppressed
from dashboard.content.small_cells_words import is_told, kept_sentences, safe_kpi
from dashboard.content.stamp import Audience, Making
from dashboard.tables import Table

__all__ = ["MORE", "for_audience", "for_outside", "is_narrow", "note_of", "table_for_outside"]

_NARROW: Final = ("dv", "db", "tt", "lv", "cap", "ht")
WHOLE_PROVINCE: Final = (
    "overview.totals",
    "overview.months",
    "overview.channels",
    "change.signal",
    "change.by_channel",
    "procedures.stages",
    "potential.funnel",
    "score.province",
    "pace.targets",
)
"""Cards that show the whole province while no unit, area or procedure is chosen."""
NO_DOSSIERS: Final = (
    "adoption.levels",
    "adoption.months",
    "adoption.meaning",
    "adoption.pattern",
    "adoption.cohort",
    "adoption.strip",
    "procedures.funnel",
    "potential.kinds",
    "briefing.",
    "data.",
)
"""Cards that count units, procedures or months, never dossiers."""
ONLY_INSIDE: Final = ("score.units", "score.what_if", "change.rate")
"""Cards that show the rates of units without the counts under them, so that nobody can tell which rest on a small one."""


def for_outside(spec: CardSpec, least: int) -> CardSpec:
    """A card without counts from 1 to `least` - 1 of a unit or a procedure, in its table, its chart, its figures and its words.

    A card of the whole province stays as it is, unless its state is narrowed to a part.
    """
    narrow = is_narrow(spec.link)
    if least <= 1 or spec.is_empty or spec.address.startswith(NO_DOSSIERS) or (spec.address in WHOLE_PROVINCE and not narrow):
        return spec
    if spec.address in ONLY_INSIDE:
        why = "Tỷ lệ của đơn vị ở thẻ này không kèm tử số, mẫu số nên không che được số nhỏ."
        return replace(_bare(spec), title=f"{spec.name}: không có trong tệp gửi ra ngoài", subtitle=why)
    table, hidden = (None, Hidden()) if spec.table is None else suppressed(spec.table, least, narrow=narrow)
    title = spec.title if is_told(spec.title, hidden, least) else f"{spec.name} (các số nhỏ đã được che)"
    chart = None if spec.chart is None else _chart(spec.chart, title, hidden, least)
    note = kept_sentences(spec.note, hidden, least)
    return replace(
        spec,
        title=title,
        subtitle=kept_sentences(spec.subtitle, hidden, least),
        lines=tuple(line for line in spec.lines if is_told(line, hidden, least)),
        kpis=tuple(safe_kpi(kpi, hidden, least) for kpi in spec.kpis),
        chart=chart,
        table=table,
        note=" ".join(filter(None, (note, note_of(least)))),
    )


def for_audience(spec: CardSpec, making: Making) -> CardSpec:
    """A card as the readers of a file may see it."""
    return for_outside(spec, making.small_cell) if making.audience is Audience.OUTSIDE else spec


def _bare(spec: CardSpec) -> CardSpec:
    """The card with nothing to show."""
    return replace(spec, lines=(), kpis=(), chart=None, table=None, note="", is_empty=True)


def _chart(spec: ChartSpec, title: str, hidden: Hidden, least: int) -> ChartSpec | None:
    chart = chart_without(spec.chart, hidden, least)
    return None if chart is None else replace(spec, chart=chart, title=title, alt_text=alt_text(chart, title))


def table_for_outside(table: Table, least: int, *, narrow: bool) -> tuple[Table, str]:
    """A table of units or procedures without small counts, and a sentence for its small print, empty where nothing was hidden.

    `narrow` says that even its total is the count of a part of the province.
    """
    if least <= 1:
        return table, ""
    found, hidden = suppressed(table, least, narrow=narrow)
    return found, note_of(least) if hidden.is_any else ""


def note_of(least: int) -> str:
    """What the signs of suppression mean."""
    return f"“<{least}”: số từ 1 đến {least - 1}, che trong tệp gửi ra ngoài; “{MORE}”: che thêm để không suy ra được số đó."


def is_narrow(link: str) -> bool:
    """Whether an address asks for less than the whole province."""
    return any(key in _NARROW and value.strip() for key, value in parse_qsl(urlsplit(link).query))
