"""A card as HTML: message, chart, the table behind it, small print, downloads; and its states without figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import dcc, html

from config.language import say
from dashboard import figures, meters, theme
from dashboard.cards import Asked, Card, Choice, Drawing, Kpi
from dashboard.exports.card_files import CSV
from dashboard.exports.files import KINDS, Subject
from dashboard.ops import incident
from dashboard.view.table import table
from queries.errors import DashboardError, NotAllowed, RelationAbsent
from queries.period import day_label


def card(one: Card, asked: Asked) -> html.Section:
    """The card for the reader. The one place where any fault of a card is caught: the others live."""
    try:
        return _frame(one, _body(one, one.drawing(asked), asked))
    except (RelationAbsent, NotAllowed) as error:
        return _frame(one, [_name(one), html.P(say(error.sentence), className="empty")])
    except DashboardError as error:
        meters.CARD_FAULTS.labels(one.address, type(error).__name__).inc()
        return _frame(one, [_name(one), notice("error", "Không lấy được số liệu của thẻ này.", error.sentence)])
    except Exception as error:  # noqa: BLE001 - the one place that renders: whatever breaks a card, the reader gets words and a number
        meters.CARD_FAULTS.labels(one.address, "unforeseen").inc()
        number = incident("card failed", error, card=one.address, query=asked.filters.to_query())
        words = say("Các thẻ khác không bị ảnh hưởng. Hãy thử lại; nếu còn lỗi, báo quản trị kèm mã sự cố {}.", number)
        return _frame(one, [_name(one), notice("error", "Không tính được thẻ này.", words)])


def part(what: str, make: Callable[[], list[Any]], asked: Asked) -> list[Any]:
    """A part of a page that is no card, made so that a fault in it is told in its place and the cards below live."""
    try:
        return make()
    except DashboardError as error:
        return [notice("error", say("Không lấy được {}.", what), error.sentence)]
    except Exception as error:  # noqa: BLE001 - as above: whatever breaks, the reader gets words and a number
        number = incident("part of a page failed", error, part=what, query=asked.filters.to_query())
        return [notice("error", say("Không tính được {}.", what), say("Hãy thử lại; nếu còn lỗi, báo quản trị kèm mã sự cố {}.", number))]


def late(one: Card) -> html.Section:
    """A card that is not asked any more because the cards before it have used up the time of the page."""
    meters.CARD_FAULTS.labels(one.address, "late").inc()
    words = say("Các thẻ phía trên đã chạy quá lâu nên thẻ này chưa được hỏi. Hãy chọn kỳ ngắn hơn hoặc ít đơn vị hơn rồi thử lại.")
    return _frame(one, [_name(one), notice("error", "Chưa tính thẻ này.", words)])


def notice(kind: str, title: str, detail: str = "") -> html.Div:
    """A notice above the page or inside a card: info, warning or error."""
    parts = [html.P(say(title), className="notice__title")] + ([html.P(say(detail), className="notice__detail")] if detail else [])
    return html.Div(parts, className="notice" if kind == "info" else f"notice notice--{kind}", role="alert" if kind == "error" else "status")


def _frame(one: Card, children: list[Any]) -> html.Section:
    return html.Section(children, id=_id(one), className=f"grid__item grid__item--{one.width} chart-card", **{"aria-labelledby": f"{_id(one)}-title"})


def _id(one: Card) -> str:
    return "card-" + one.address.replace(".", "-").replace("_", "-")


def _name(one: Card) -> html.H2:
    return html.H2(say(one.name), id=f"{_id(one)}-title", className="chart-card__title")


def _body(one: Card, drawing: Drawing, asked: Asked) -> list[Any]:
    parts: list[Any] = [
        html.P(say(one.name), className="chart-card__eyebrow"),
        html.H2(say(drawing.title), id=f"{_id(one)}-title", className="chart-card__title"),
        html.P(say(drawing.subtitle), className="chart-card__subtitle"),
        *[html.P(say(line), className="chart-card__line") for line in drawing.lines],
    ]
    if drawing.choices:
        parts.append(html.Ul([_choice(choice) for choice in drawing.choices], className="chips", **{"aria-label": say("Chọn cách xem")}))
    if drawing.kpis:
        parts.append(html.Div([_kpi(kpi) for kpi in drawing.kpis], className="kpis"))
    if drawing.figure is not None:
        parts.append(_chart(one, drawing))
    if drawing.table is not None and not drawing.is_empty:
        behind = table(drawing.table, asked, say(drawing.title))
        alone = drawing.figure is None and not drawing.kpis
        shown = alone or drawing.table.interactive
        parts.append(behind if shown else html.Details([html.Summary(say("Bảng số liệu")), behind], className="chart-card__data"))
    return [*parts, _foot(one, drawing, asked)]


def _choice(choice: Choice) -> html.Li:
    words = f"{say(choice.label)} · {choice.count}" if choice.count else say(choice.label)
    name = "chip chip--choice" + (f" chip--{choice.tone}" if choice.tone else "") + (" is-set" if choice.is_set else "")
    return html.Li(dcc.Link(words, href=choice.link, className=name), **({"aria-current": "true"} if choice.is_set else {}))


def _kpi(kpi: Kpi) -> Any:  # noqa: ANN401 - a link or a block
    value = html.Span([kpi.value, html.Span(f" {say(kpi.unit)}", className="kpi__unit")] if kpi.unit else kpi.value, className="kpi__value")
    drawn = {"--spark": f'url("{figures.sparkline(kpi.spark)}")'}  # a mask: its colour is the page's, light or dark
    spark = [html.Span(className="kpi__spark", style=drawn)] if len(kpi.spark) > 1 else []
    parts: list[Any] = [html.Span(say(kpi.label), className="kpi__label"), html.Span([value, *spark], className="kpi__figure")]
    if kpi.change:
        parts.append(html.Span(say(kpi.change), className="kpi__change kpi__change--flat"))
    if kpi.target:
        parts.append(html.Span(say(kpi.target), className="kpi__target"))
    return dcc.Link(parts, href=kpi.link, className="kpi", title=say(kpi.help)) if kpi.link else html.Div(parts, className="kpi", title=say(kpi.help))


def _chart(one: Card, drawing: Drawing) -> html.Figure:
    figure = theme.finish(drawing.figure) if drawing.figure is not None else figures.empty()
    height = figure["layout"].get("height", 320)
    graph = dcc.Graph(id=f"{_id(one)}-chart", figure=figure, config=theme.config(), style={"height": f"{height}px"}, responsive=True)
    words = say("{}. {}. Số liệu của biểu đồ ở bảng bên dưới.", drawing.title, drawing.subtitle)
    chart = None if drawing.figure is None else drawing.figure.get("chart")
    shown = {"data-picture": f"{_id(one)}-chart"} if chart is not None and chart.is_table else {}  # office programmes have no such chart
    narrow = figure["layout"].get("meta", {}).get("narrow", {}).get("height", height)
    room = html.Div(graph, className="chart-card__drawing", style={"--h": f"{height}px", "--h-narrow": f"{narrow}px"})  # kept before the chart comes
    return html.Figure(
        [room, html.Figcaption(words, className="visually-hidden")], className="chart-card__chart", role="group", **{"aria-label": say(drawing.title)}, **shown
    )


def _foot(one: Card, drawing: Drawing, asked: Asked) -> html.Footer:
    mark = say("Dữ liệu minh họa. ") if asked.data.is_demo else ""
    note = html.P(say("{}{} Số liệu đến {}.", mark, drawing.note, day_label(asked.data.as_of)).strip(), className="chart-card__note")
    meaning = []
    if one.metrics:
        terms = [
            html.Li([html.B(f"{say(metric.label)}: "), say(metric.definition), html.Span(f" ({say(metric.source)})", className="definition__source")])
            for metric in one.metrics
        ]
        meaning = [html.Details([html.Summary(say("Cách tính")), html.Ul(terms)], className="chart-card__data")]
    actions: list[Any] = _files(one, drawing, asked)
    if drawing.figure is not None and not drawing.is_empty:
        name = one.address + ("-du-lieu-minh-hoa" if asked.data.is_demo else "")
        graph = {"data-graph": f"{_id(one)}-chart", "data-name": name, "data-card": one.address}
        actions += [html.Button(say("Tải {}", kind.upper()), type="button", className="action", **{"data-save": kind}, **graph) for kind in ("png", "svg")]
    return html.Footer([note, *meaning, html.Div(actions, className="chart-card__actions")], className="chart-card__foot")


def _files(one: Card, drawing: Drawing, asked: Asked) -> list[Any]:
    """Links to the files of the card; `assets/figure.js` adds the chosen rows to their addresses, `assets/files.js` shows their progress.

    Without the script a link gives the file all the same, and a fault is a sentence in the window, not a file that failed.
    """
    chooses = drawing.table is not None and bool(drawing.table.choose)

    def link(words: str, kind: str) -> Any:  # noqa: ANN401 - a component
        href = asked.file(one.address, kind, with_state=not chooses)
        return html.A(words, href=href, className="action", **{"data-make": ""}, **({"data-file": href} if chooses else {}))

    own = () if drawing.is_empty else one.files
    named = {file.kind for file in own}
    general = [] if drawing.is_empty else [kind for kind in KINDS[Subject.CARD] if kind != CSV and kind not in named]
    return [link(say("Tải CSV"), CSV), *(link(say(file.label), file.kind) for file in own), *(link(say("Tải {}", kind.upper()), kind) for kind in general)]
