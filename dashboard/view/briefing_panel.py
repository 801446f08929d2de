"""The page Trình bày: choose a template and an audience, see what the slides and the report will say, take the files, publish the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from dash import dcc, html

from config.briefings import BriefingTemplate
from config.language import VIETNAMESE, language, say
from dashboard import text
from dashboard.archive import Archive, ArchiveUnavailable, Kept
from dashboard.cards import Asked
from dashboard.content.plan import ChartBlock, Heading, Paragraph, Plan, Slide, SlideKind, TableBlock
from dashboard.content.stamp import AUDIENCE_NAMES, CODE_PATH, Audience
from dashboard.exports.briefings import fitting_template, periods_of, plan_of
from dashboard.exports.files import KINDS, Subject
from dashboard.exports.office import Office
from dashboard.tables import OUTSIDE
from dashboard.view.card import notice
from queries.errors import DashboardError
from queries.rights import Rights

FILE_NAMES: Final = {"pptx": "Trang chiếu (PPTX)", "docx": "Báo cáo Word (DOCX)", "xlsx": "Bảng số liệu (XLSX)", "pdf": "Báo cáo PDF"}
SLIDE_NAMES: Final = {
    SlideKind.COVER: "Bìa",
    SlideKind.FIGURES: "Số chính",
    SlideKind.CHART: "Biểu đồ",
    SlideKind.TABLE: "Bảng",
    SlideKind.TEXT: "Nội dung",
    SlideKind.SOURCES: "Nguồn",
}
PUBLISH_PATH: Final = "/cong-bo"


def panel(asked: Asked, office: Office) -> list[html.Section]:
    """The workshop of a state, and what was published before. A template that cannot be used for the state says why; the rest of the page lives."""
    chosen = office.briefings.get(asked.state.template) or fitting_template(asked, office)
    if chosen is None:
        words = " ".join(office.briefings.problems) or say("Chưa có mẫu nào trong thư mục mẫu.")
        return [_section(say("Chưa lập được bản trình bày"), [notice("warning", "Không có mẫu trình bày dùng được.", words)])]
    asked = replace(asked, state=replace(asked.state, template=chosen.key))
    parts: list[Any] = [_choices(chosen, asked, office), *_problems(office)]
    try:
        plan = plan_of(chosen, asked, office)
    except DashboardError as error:
        parts.append(notice("warning", say("Chưa lập được “{}” cho kỳ và phạm vi này.", chosen.name), error.sentence))
        return [_section(say("Chọn mẫu"), parts), *_published(office.archive, asked.data.rights)]
    parts += [_fit(chosen, asked), _files(chosen, asked), _publish(plan, asked) if asked.data.rights.may_publish else None]
    return [
        _section(f"{plan.name}: {plan.period}", [part for part in parts if part is not None], spoken=VIETNAMESE),
        _preview(plan),
        _outline(plan),
        *_published(office.archive, asked.data.rights),
    ]


def _section(title: str, parts: Sequence[Any], width: int = 12, *, spoken: str = "") -> html.Section:
    """A section; `spoken` is the language of a title that is part of a paper."""
    heading = html.H2(title, className="chart-card__title", **({"lang": spoken} if spoken else {}))
    return html.Section([heading, *parts], className=f"grid__item grid__item--{width} chart-card")


def _choices(chosen: BriefingTemplate, asked: Asked, office: Office) -> html.Div:
    """Templates and audience as links: every choice is an address."""
    templates = [
        _chip(say(one.name), asked.link(state=replace(asked.state, template=one.key)), is_set=one.key == chosen.key) for one in office.briefings.templates
    ]
    now = asked.state.audience
    audiences = [
        _chip(say(AUDIENCE_NAMES[audience]), asked.link(state=replace(asked.state, audience=key)), is_set=key == now)
        for audience, key in ((Audience.INSIDE, ""), (Audience.OUTSIDE, OUTSIDE))
    ]
    return html.Div(
        [
            html.Ul(templates, className="chips", **{"aria-label": say("Chọn mẫu")}),
            html.Ul(audiences, className="chips", **{"aria-label": say("Tệp dùng để làm gì")}),
            html.P(say("Kỳ, so sánh và đơn vị chọn ở thanh lọc phía trên."), className="chart-card__note"),
        ]
    )


def _chip(words: str, link: str, *, is_set: bool) -> html.Li:
    name = "chip chip--choice" + (" is-set" if is_set else "")
    return html.Li(dcc.Link(words, href=link, className=name), **({"aria-current": "true"} if is_set else {}))


def _problems(office: Office) -> list[html.Div]:
    return [notice("warning", "Có mẫu không dùng được.", " ".join(map(say, office.briefings.problems)))] if office.briefings.problems else []


def _fit(chosen: BriefingTemplate, asked: Asked) -> html.Div | None:
    """Where the chosen period is not one the template is meant for: the nearest that is, one click away."""
    if asked.timeframe.period.kind.value in chosen.periods:
        return None
    links = [html.Li(dcc.Link(period.label(), href=_with_period(asked, period), className="chip chip--choice")) for period in periods_of(chosen, asked)]
    words = say("Mẫu “{}” dành cho kỳ khác với kỳ đang chọn ({}). Vẫn lập được; kỳ phù hợp gần nhất:", chosen.name, asked.timeframe.label())
    return html.Div([html.P(words, className="chart-card__line"), html.Ul(links, className="chips", **{"aria-label": say("Kỳ phù hợp")})])


def _with_period(asked: Asked, period: Any) -> str:  # noqa: ANN401 - a Period
    return asked.link(**{name: getattr(asked.filters.with_period(period), name) for name in ("code", "start", "end", "clock")})


def _files(chosen: BriefingTemplate, asked: Asked) -> html.Div:
    links = [
        html.A(say(FILE_NAMES[kind]), href=asked.file(f"trinh-bay/{chosen.key}", kind), className="button", **{"data-make": ""})
        for kind in KINDS[Subject.BRIEFING]
    ]
    return html.Div(links, className="briefing__files")


def _publish(plan: Plan, asked: Asked) -> html.Details:
    """A plain form: it works without scripts, and only from this site."""
    hidden = [dcc.Input(type="hidden", name=name, value=value) for name, value in (("loc", asked.link(state=asked.state).partition("?")[2]),)]
    words = say("Chốt để lưu các số của bản này dưới tên báo cáo. Sau này trang so “đã báo cáo” với “hiện nay” và nêu từng số đã đổi.")
    name = f"{plan.name} {plan.period}"
    field = html.Label(
        [say("Tên báo cáo"), dcc.Input(type="text", name="ten", value=name, maxLength=200, required=True, className="filters__control")],
        className="filters__label",
    )
    form = html.Form(
        [*hidden, field, html.Button(say("Chốt số liệu"), type="submit", className="button button--quiet")],
        action=PUBLISH_PATH,
        method="POST",
        className="briefing__form",
    )
    return html.Details([html.Summary(say("Chốt số liệu đã báo cáo")), html.P(words, className="chart-card__note"), form], className="chart-card__data")


def _preview(plan: Plan) -> html.Section:
    items = [html.Li(_slide(slide), className="preview__slide") for slide in plan.slides]
    return _section(say("{} trang chiếu", len(plan.slides)), [html.Ol(items, className="preview", lang=VIETNAMESE)], 7)


def _slide(slide: Slide) -> list[Any]:
    parts: list[Any] = [html.Span(say(SLIDE_NAMES[slide.kind]), className="preview__kind", lang=language()), html.Span(slide.title, className="preview__title")]
    figures = [f"{kpi.label}: {kpi.value} {kpi.unit}".strip() for kpi in slide.kpis]
    words = " · ".join(figures) or slide.subtitle
    return [*parts, html.Span(words, className="preview__words")] if words else parts


def _outline(plan: Plan) -> html.Section:
    """The report as it will read, without its charts and tables."""
    report = html.Div([_block(block) for block in plan.report], className="outline", tabIndex=0, role="region", **{"aria-label": say("Nội dung báo cáo")})
    return _section(f"{plan.kind_words}: {plan.about}", [html.Div([report, _annexes(plan)], lang=VIETNAMESE)], 5, spoken=VIETNAMESE)


def _block(block: Heading | Paragraph | ChartBlock | TableBlock) -> Any:  # noqa: ANN401 - a component
    if isinstance(block, Heading):
        return html.H3(block.words, className=f"outline__heading outline__heading--{block.level}")
    if isinstance(block, Paragraph):
        return html.P(block.words, className="outline__fill" if block.is_to_fill else "outline__words")
    return html.P(block.caption, className="outline__caption")


def _annexes(plan: Plan) -> html.Ul:
    return html.Ul([html.Li(f"{annex.heading}. {annex.table.title}") for annex in plan.annexes], className="outline__annexes")


def _published(archive: Archive, rights: Rights) -> list[html.Section]:
    """What was reported within the reader's scope, each with the way to what has changed since."""
    try:
        found = [one for one in archive.published() if rights.covers(Rights.from_key(one.scope))]
    except ArchiveUnavailable as error:
        return [_section(say("Số liệu đã báo cáo"), [notice("warning", "Không đọc được kho số liệu đã chốt.", error.sentence)])]
    if not found:
        return [_section(say("Số liệu đã báo cáo"), [html.P(say("Chưa chốt bản nào."), className="empty")])]
    return [_section(say("Số liệu đã báo cáo"), [html.Ul([html.Li(_kept(one)) for one in found], className="outline__annexes")])]


def _kept(one: Kept) -> list[Any]:
    facts = say("{}. Số liệu đến {}, chốt {}.", one.filters, text.date_label(one.as_of), text.datetime_label(one.published_at))
    link = dcc.Link(say("Xem có gì thay đổi"), href=CODE_PATH + one.code)
    return [html.B(one.published_as), html.Br(), facts, " ", link]
