"""A card as every file shows it: the message, the chart in native terms, the table behind it, the small print. Made from the card's own drawing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from dashboard import text
from dashboard.cards import Asked, Card, Drawing, Kpi, Page
from dashboard.charts import Chart, ChartSeries, Form
from dashboard.tables import Table, ordered
from queries.counting import Metric
from queries.errors import NotAllowed, RelationAbsent

_FORM_NAMES: Final = {
    Form.LINE: "Biểu đồ đường",
    Form.COLUMNS: "Biểu đồ cột chồng",
    Form.BARS: "Biểu đồ thanh ngang",
    Form.STACKED: "Biểu đồ thanh ngang chồng",
    Form.STEPS: "Biểu đồ bậc thang",
    Form.GRID: "Bảng màu",
    Form.TILES: "Bản đồ ô",
}
_SERIES_SAID: Final = 4
_ON_SCREEN: Final = re.compile(r"(Bấm|Chọn|Tự chọn)[ :]|Tệp CSV ")
_CHOOSE: Final = re.compile(r"; (muốn gộp, )?(chọn|bấm) [^.;]*(?=[.;])|; tệp CSV có đủ")
UNFINISHED: Final = "nét đứt hoặc gạch chéo: kỳ chưa đủ"


@dataclass(frozen=True)
class ChartSpec:
    """One chart for every renderer: what is drawn, and its words. `source` names the data and its date.

    `picture` is the PNG that the reader's browser made of a form that office programmes do not have; empty where there is none.
    """

    chart: Chart
    title: str
    subtitle: str
    alt_text: str
    source: str
    picture: bytes = b""


@dataclass(frozen=True)
class CardSpec:
    """One card for every renderer, in words and numbers: all rows of its table in the order of the state.

    `link` is the address of its page in the same state, from the root.
    """

    address: str
    name: str
    title: str
    subtitle: str = ""
    lines: tuple[str, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    chart: ChartSpec | None = None
    table: Table | None = None
    note: str = ""
    metrics: tuple[Metric, ...] = ()
    link: str = ""
    is_empty: bool = False


def card_spec(card: Card, asked: Asked) -> CardSpec:
    """The card for a state. Raises RelationAbsent and the errors of `Source.frame`."""
    drawing = card.drawing(asked)
    return CardSpec(
        address=card.address,
        name=card.name,
        title=drawing.title,
        subtitle=drawing.subtitle,
        lines=drawing.lines,
        kpis=drawing.kpis,
        chart=_chart_spec(drawing, asked),
        table=None if drawing.is_empty or drawing.table is None else _for_files(ordered(drawing.table, asked.state)),
        note=printed(drawing.note),
        metrics=card.metrics,
        link=asked.link(state=asked.state),
        is_empty=drawing.is_empty,
    )


def printed(note: str) -> str:
    """The small print without what can only be done on the screen: “Bấm vào một thanh …”, “Chọn … ở cột đầu …”."""
    kept = (sentence for sentence in re.split(r"(?<=[.!?])\s+", note) if not _ON_SCREEN.match(sentence))
    return " ".join(re.sub(_CHOOSE, "", sentence) for sentence in kept)


def page_specs(page: Page, asked: Asked) -> tuple[CardSpec, ...]:
    """All cards of a page; a card whose relation the database lacks says so in its place. Raises the errors of `Source.frame`."""
    return tuple(spec_or_reason(card, asked) for card in page.cards)


def spec_or_reason(card: Card, asked: Asked) -> CardSpec:
    """The card, or an empty one that says which relation the database lacks, or what the reader may not see. Raises the errors of `Source.frame`."""
    try:
        return card_spec(card, asked)
    except (RelationAbsent, NotAllowed) as error:
        return CardSpec(card.address, card.name, card.name, error.sentence, metrics=card.metrics, link=asked.link(state=asked.state), is_empty=True)


def source_words(asked: Asked) -> str:
    """Where the figures come from and until which day; made-up data is called so."""
    name = asked.data.source_name or "cơ sở dữ liệu hồ sơ của tỉnh"
    return f"Nguồn: {name}; số liệu đến {text.date_label(asked.data.as_of)}."


def _for_files(table: Table) -> Table:
    """A table without the columns that only lead somewhere."""
    return replace(table, columns=tuple(column for column in table.columns if not column.is_action))


def _chart_spec(drawing: Drawing, asked: Asked) -> ChartSpec | None:
    chart = None if drawing.is_empty or drawing.figure is None else drawing.figure.get("chart")
    if chart is None or not chart.categories:
        return None
    return ChartSpec(chart, drawing.title, drawing.subtitle, alt_text(chart, drawing.title), source_words(asked))


def alt_text(chart: Chart, title: str) -> str:
    """A chart for who cannot see it: its form, its message, and per series the first, last and highest value."""
    parts = [f"{_FORM_NAMES[chart.form]}: {title}."]
    if chart.form is Form.GRID:
        parts.append(f"{len(chart.categories)} dòng, {len(chart.series)} cột, từ {chart.series[0].name} đến {chart.series[-1].name}.")
    else:
        parts += [_said(series, chart) for series in chart.series[:_SERIES_SAID]]
        if len(chart.series) > _SERIES_SAID:
            parts.append(f"Còn {len(chart.series) - _SERIES_SAID} chuỗi số khác.")
    return " ".join([*parts, "Bảng số liệu đi kèm có đủ các giá trị."])


def _said(series: ChartSeries, chart: Chart) -> str:
    known = [index for index, value in enumerate(series.values) if value is not None]
    head = f"{series.name}: " if series.name else ""
    if not known:
        return f"{head}không có giá trị."
    first, last = known[0], known[-1]
    ends = [f"{chart.categories[at]} {series.label_at(at, chart.number)}" for at in dict.fromkeys((first, last))]
    top = max(known, key=lambda at: series.values[at] or 0)
    highest = "" if top in (first, last) else f", cao nhất {chart.categories[top]} {series.label_at(top, chart.number)}"
    return f"{head}{' đến '.join(ends)}{highest}."
