"""From a template and a state to the plan of a briefing: what is asked is checked, every card is asked once, nothing is laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from config.briefings import Briefings, BriefingTemplate
from config.language import told
from dashboard import text
from dashboard.cards import Asked, Card
from dashboard.charts import Form
from dashboard.content.annexes import MAKERS
from dashboard.content.briefing_book import Book
from dashboard.content.briefing_report import annexes, report
from dashboard.content.briefing_slides import slides
from dashboard.content.evaluation import RULES
from dashboard.content.periods import period_words
from dashboard.content.plan import Plan, Slide, SlideKind
from dashboard.content.stamp import Making
from dashboard.pages import CARDS, phrases
from queries import metrics
from queries.errors import BadRequest

PERIOD_NAMES: Final = {
    "month": "tháng",
    "quarter": "quý",
    "half": "6 tháng",
    "nine_months": "9 tháng",
    "year": "năm",
    "year_to_date": "lũy kế từ đầu năm",
    "days": "khoảng ngày tự chọn",
}
_KINDS: Final = {
    SlideKind.COVER: "Trang bìa",
    SlideKind.FIGURES: "Số liệu chính",
    SlideKind.CHART: "Biểu đồ",
    SlideKind.TABLE: "Bảng",
    SlideKind.TEXT: "Chữ",
    SlideKind.SOURCES: "Nguồn và cách tính",
}
_FORMS: Final = {Form.GRID: "Bảng màu", Form.TILES: "Bản đồ ô"}


def make_plan(template: BriefingTemplate, asked: Asked, making: Making, cards: Mapping[str, Card] = CARDS) -> Plan:
    """The briefing of a template for a state. Counts that may not leave the house are suppressed when `making` says outside.

    Raises:
        BadRequest: the state cannot be understood, has no data, or lacks the unit that the template needs.
        DashboardError: the database does not answer.
    """
    check_request(template, asked)
    book = Book(template, asked, making, cards, notices=notices(template, asked))
    made = annexes(book)
    blocks = report(book)
    shown = slides(book)
    return Plan(
        key=template.key,
        name=template.name,
        kind_words=template.kind_words,
        about=book.filled(template.about),
        period=period_words(asked),
        letterhead=asked.letterhead,
        stamp=book.stamp,
        slides=shown,
        report=blocks,
        annexes=made,
        cards=book.used,
        recipients=template.recipients,
        definitions=book.definitions,
    )


def check_request(template: BriefingTemplate, asked: Asked) -> None:
    """Refuse a state of which no briefing can be made. Raises BadRequest with what to choose instead."""
    data, filters = asked.data, asked.filters
    if filters.problems:
        raise BadRequest("bad query", sentence=" ".join(filters.problems).replace("; đã dùng giá trị mặc định", ""))
    if asked.timeframe.counted is None:
        days = (text.date_label(data.first_on), text.date_label(data.as_of))
        words = told("{} Số liệu có từ ngày {} đến ngày {}; hãy chọn kỳ nằm trong khoảng đó.", " ".join(asked.timeframe.notices), *days)
        raise BadRequest("the period has no data", sentence=words)
    if not template.one_unit:
        return
    if len(filters.agencies) != 1:
        words = told("Mẫu “{}” cần đúng một đơn vị, đang chọn {}. Hãy chọn một đơn vị ở ô Phạm vi (khóa dv).", template.name, len(filters.agencies))
        raise BadRequest("one unit is needed", sentence=words)
    if filters.agencies[0] not in data.catalogue.agency_names:
        raise BadRequest("unknown unit", sentence=told("Danh mục không có đơn vị mã «{}». Hãy chọn lại đơn vị.", filters.agencies[0]))
    lives = phrases.asked_lives(asked)
    if lives and not any(span.meets(asked.timeframe.counted) for span in lives):
        why = phrases.nothing(asked, "hồ sơ")
        raise BadRequest("the unit does not exist in the period", sentence=told("{}. {} Hãy chọn kỳ khác hoặc đơn vị khác.", why.title, why.subtitle))


def notices(template: BriefingTemplate, asked: Asked) -> tuple[str, ...]:
    """What a reader should know before making it: a period of another kind, an unfinished one, nothing to compare with."""
    frame, found = asked.timeframe, []
    if frame.period.kind.value not in template.periods:
        meant = text.join_names([PERIOD_NAMES[kind] for kind in template.periods], 7)
        found.append(
            f"Mẫu “{template.name}” dành cho kỳ {meant}; kỳ đang chọn là {frame.period.label()} ({frame.period.dates()}): tệp vẫn lập theo kỳ đã chọn."
        )
    if frame.unfinished and frame.counted is not None:
        found.append(f"Kỳ chưa kết thúc: số liệu chỉ đến ngày {text.date_label(frame.as_of)}.")
    if frame.compared is None and frame.counted is not None:
        found.append(" ".join(frame.notices) or "Chưa chọn kỳ so sánh: bản trình bày không có tăng, giảm.")
    return tuple(found)


def usable(briefings: Briefings, cards: Mapping[str, Card] = CARDS) -> Briefings:
    """The templates whose cards, metrics, rules and annexes exist; a sentence with file and line for every one that names another."""
    kept: list[BriefingTemplate] = []
    problems = list(briefings.problems)
    for template in briefings.templates:
        wrong = _unknown(template, cards)
        problems += wrong
        if not wrong:
            kept.append(template)
    return replace(briefings, templates=tuple(kept), problems=tuple(problems))


def _unknown(template: BriefingTemplate, cards: Mapping[str, Card]) -> list[str]:
    """A sentence for every name in a template that nothing has."""
    found: list[str] = []

    def look(where: str, what: str, names: tuple[str, ...], known: Mapping[str, object]) -> None:
        found.extend(f"{where}: không có {what} “{name}”; không dùng mẫu “{template.name}”." for name in names if name and name not in known)

    for slide in template.slides:
        look(slide.where, "thẻ ở địa chỉ", (slide.card,), cards)
        look(slide.where, "chỉ tiêu", slide.metrics, metrics.BY_KEY)
        look(slide.where, "quy tắc câu", slide.sentences, RULES)
    for section in template.sections:
        look(section.where, "thẻ ở địa chỉ", (*section.tables, *section.charts), cards)
        look(section.where, "quy tắc câu", section.sentences, RULES)
    for annex in template.annexes:
        look(annex.where, "phụ lục", (annex.make,), MAKERS)
        look(annex.where, "thẻ ở địa chỉ", (annex.card,), cards)
    return found


@dataclass(frozen=True)
class SlidePreview:
    """One slide before it is made: its number, its message, what it holds in a few words, and its figures."""

    number: int
    title: str
    holds: str
    figures: tuple[str, ...] = ()


def preview(plan: Plan) -> tuple[SlidePreview, ...]:
    """The slides of a plan in short: titles and figures."""
    return tuple(SlidePreview(number, slide.title, _holds(slide), _figures(slide)) for number, slide in enumerate(plan.slides, start=1))


def _holds(slide: Slide) -> str:
    if slide.chart is not None:
        chart = slide.chart.chart
        return f"{_FORMS.get(chart.form, 'Biểu đồ')}: {text.whole(len(chart.categories))} mục, {text.whole(len(chart.series))} chuỗi số"
    if slide.table is not None:
        rest = f", còn {text.whole(slide.table.left_out)} dòng trong phụ lục" if slide.table.left_out else ""
        return f"Bảng {text.whole(len(slide.table.table.rows))} dòng{rest}"
    return _KINDS[slide.kind]


def _figures(slide: Slide) -> tuple[str, ...]:
    shown = tuple(f"{kpi.label}: {' '.join(filter(None, (kpi.value, kpi.unit)))}" for kpi in slide.kpis)
    return shown or (slide.bullets if slide.kind is not SlideKind.SOURCES else ())
