"""The slides of a briefing: each a message computed from the data, with its figures, chart or table, and notes that say what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from config.briefings import SlideTemplate
from dashboard import text
from dashboard.cards import Kpi
from dashboard.content.briefing_book import TOTALS, Book, worded
from dashboard.content.chart_spec import CardSpec
from dashboard.content.plan import Slide, SlideKind, TitledTable
from dashboard.pages import phrases
from dashboard.pages.readings import change_words, target_words
from dashboard.tables import Table
from queries import metrics

LINES: Final = 3
MOST_FIGURES: Final = 6


def slides(book: Book) -> tuple[Slide, ...]:
    """All slides; a card with nothing to show has none, and the last slide says so."""
    made = (_MAKERS[SlideKind(template.kind)](template, book) for template in book.template.slides)
    return tuple(slide for slide in made if slide is not None)


def _cover(template: SlideTemplate, book: Book) -> Slide:
    title = book.filled(template.title) if template.title else book.filled(book.template.about)
    counted = book.asked.timeframe.counted or book.asked.timeframe.period
    days = f"từ ngày {text.date_label(counted.start)} đến ngày {text.date_label(counted.end)}"
    subtitle = f"{phrases.capital(phrases.place(book.asked))} · {days} · số liệu đến ngày {text.date_label(book.asked.data.as_of)}"
    return Slide(SlideKind.COVER, title, subtitle, notes=book.stamp.lines(), link=book.stamp.link)


def _figures(template: SlideTemplate, book: Book) -> Slide | None:
    spec = book.shown(template.card or TOTALS)
    if spec is None:
        return None
    kpis = tuple(_kpi(key, spec, book) for key in template.metrics) or spec.kpis
    return replace(_of(SlideKind.FIGURES, template, spec, book), kpis=kpis[:MOST_FIGURES])


def _kpi(key: str, spec: CardSpec, book: Book) -> Kpi:
    """The figure of the card, or of the same question where the card does not show the metric."""
    metric = metrics.BY_KEY[key]
    found = next((kpi for kpi in spec.kpis if kpi.label == metric.label), None)
    if found is not None:
        return found
    reading, asked = book.facts.reading(metric), book.facts.asked
    if book.facts.hides(reading.now) or book.facts.hides(reading.below):
        return Kpi(metric.label, f"<{book.facts.least}", reading.unit, help=metric.definition)
    return Kpi(metric.label, reading.value(), reading.unit, change_words(asked, reading), target_words(asked, reading), help=metric.definition)


def _chart(template: SlideTemplate, book: Book) -> Slide | None:
    """The chart of a card; its table, figures or words where there is no chart in this state."""
    spec = book.shown(template.card)
    if spec is None:
        return None
    if spec.chart is not None:
        return replace(_of(SlideKind.CHART, template, spec, book), chart=spec.chart)
    return _table(template, book)


def _table(template: SlideTemplate, book: Book) -> Slide | None:
    spec = book.shown(template.card)
    if spec is None:
        return None
    if spec.table is None or not spec.table.rows:
        kind = SlideKind.FIGURES if spec.kpis else SlideKind.TEXT
        bare = _of(kind, template, spec, book)
        return replace(bare, kpis=spec.kpis[:MOST_FIGURES], bullets=bare.bullets or (spec.subtitle,))
    table = _trimmed(spec, worded(spec.table), template)
    return replace(_of(SlideKind.TABLE, template, spec, book), table=table)


def _trimmed(spec: CardSpec, table: Table, template: SlideTemplate) -> TitledTable:
    """The columns and rows that a slide holds, and how many rows are left out."""
    columns = tuple(column for key in template.columns for column in table.columns if column.key == key) or table.columns
    left = max(0, len(table.rows) - template.rows)
    return TitledTable(spec.title, replace(table, columns=columns, rows=table.rows[: template.rows]), spec.note, left)


def _text(template: SlideTemplate, book: Book) -> Slide | None:
    bullets = (*map(book.filled, template.bullets), *book.sentences(*template.sentences))
    if not bullets:
        title = book.filled(template.title)
        book.left_out.setdefault(title, f"Không có phần “{title}”: trong kỳ không có nội dung phải nêu.")
        return None
    return Slide(SlideKind.TEXT, book.filled(template.title), bullets=bullets, notes=book.sentences("basis"), link=book.stamp.link)


def _sources(template: SlideTemplate, book: Book) -> Slide:
    title = book.filled(template.title) or "Nguồn số liệu và cách tính"
    bullets = (*book.stamp.lines(), *book.notices, *book.left_out.values())
    notes = tuple(f"{label}: {meaning}" for label, meaning in book.definitions)
    return Slide(SlideKind.SOURCES, title, bullets=bullets, notes=notes, link=book.stamp.code_link)


def _of(kind: SlideKind, template: SlideTemplate, spec: CardSpec, book: Book) -> Slide:
    """A slide with the words of a card."""
    meanings = tuple(f"{metric.label}: {metric.definition} ({metric.source})" for metric in spec.metrics)
    days = book.asked.timeframe.counted or book.asked.timeframe.period
    notes = (spec.note, *meanings, f"Các ngày được tính: {days.dates()}. Số liệu đến ngày {text.date_label(book.asked.data.as_of)}.")
    title = book.filled(template.title) or spec.title
    own = (spec.title,) if template.title else ()
    return Slide(kind, title, spec.subtitle, bullets=(*own, *spec.lines)[:LINES], notes=tuple(filter(None, notes)), link=book.making.absolute(spec.link))


_MAKERS: Final[dict[SlideKind, Callable[[SlideTemplate, Book], Slide | None]]] = {
    SlideKind.COVER: _cover,
    SlideKind.FIGURES: _figures,
    SlideKind.CHART: _chart,
    SlideKind.TABLE: _table,
    SlideKind.TEXT: _text,
    SlideKind.SOURCES: _sources,
}
