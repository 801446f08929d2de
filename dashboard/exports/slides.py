"""PowerPoint: a card, a page or a briefing as slides with native, editable charts and tables, messages as titles, and speaker's notes."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.cards import Kpi
from dashboard.content.chart_spec import CardSpec
from dashboard.content.plan import Plan, Slide, SlideKind, TitledTable
from dashboard.content.stamp import Stamp
from dashboard.exports.slides_draw import Drawn, draw, draw_picture
from dashboard.exports.slides_paper import content, new_deck


def card_slides(spec: CardSpec, stamp: Stamp) -> bytes:
    """One card as a presentation of one slide; a coloured grid with many rows goes on on further slides, its picture is one more."""
    return page_slides(spec.name, (spec,), stamp)


def page_slides(name: str, specs: Sequence[CardSpec], stamp: Stamp) -> bytes:
    """A page as a presentation: a slide per card, in the order of the page."""
    deck = new_deck()
    for spec in specs:
        slide = Drawn(_slide(spec), stamp, eyebrow=spec.name, alt_text=spec.title)
        draw(deck, slide)
        draw_picture(deck, slide)
    return content(deck, stamp, name)


def deck(plan: Plan) -> bytes:
    """A briefing as a presentation: the slides of the plan and none besides."""
    made = new_deck()
    for slide in plan.slides:
        draw(made, Drawn(slide, plan.stamp, eyebrow=f"{plan.name} · {plan.period}", is_complete=False))
    return content(made, plan.stamp, f"{plan.name} · {plan.period}")


def _slide(spec: CardSpec) -> Slide:
    """A card as a slide: its chart, else its headline figures, else its table; an empty card is its words."""
    notes = (
        *([spec.title, spec.subtitle] if spec.subtitle else [spec.title]),
        *(_figure_words(one) for one in spec.kpis),
        *spec.lines,
        spec.note,
        *(f"{metric.label}: {metric.definition} ({metric.source})" for metric in spec.metrics),
    )
    if spec.chart is not None:
        return Slide(SlideKind.CHART, spec.title, spec.subtitle, spec.kpis, spec.chart, bullets=spec.lines[:3], notes=notes, link=spec.link)
    if spec.kpis:
        return Slide(SlideKind.FIGURES, spec.title, spec.subtitle, spec.kpis, bullets=spec.lines[:3], notes=notes, link=spec.link)
    if spec.table is not None and spec.table.rows:
        table = TitledTable(spec.title, spec.table, spec.note)
        return Slide(SlideKind.TABLE, spec.title, spec.subtitle, table=table, bullets=spec.lines[:3], notes=notes, link=spec.link)
    return Slide(SlideKind.TEXT, spec.title, bullets=tuple(one for one in (spec.subtitle, *spec.lines) if one), notes=notes, link=spec.link)


def _figure_words(one: Kpi) -> str:
    parts = [f"{one.label}: {one.value} {one.unit}".strip(), one.change, one.target]
    return "; ".join(part for part in parts if part)
