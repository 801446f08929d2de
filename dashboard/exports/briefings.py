"""Briefings by their template: the plan of a state, the template that fits a period, and publishing."""

from __future__ import annotations

from config.briefings import BriefingTemplate
from config.language import VIETNAMESE, answering
from dashboard.archive import figures_of
from dashboard.cards import Asked
from dashboard.content.briefing import make_plan
from dashboard.content.plan import Plan
from dashboard.content.stamp import audience_of
from dashboard.exports.office import Office
from queries.errors import BadRequest
from queries.period import MONTHS_IN, Kind, Period, month_index, of_months, year_to_date

MOST_PERIODS = 4
LONGEST_NAME = 200


def template_of(key: str, office: Office) -> BriefingTemplate:
    """The template of a key. Raises BadRequest that names those there are."""
    found = office.briefings.get(key)
    if found is None:
        known = ", ".join(f"{one.key} ({one.name})" for one in office.briefings.templates)
        raise BadRequest(f"no template {key!r}", sentence=f"Không có mẫu trình bày “{key}”. Các mẫu: {known}.")
    return found


def fitting_template(asked: Asked, office: Office) -> BriefingTemplate | None:
    """The first template meant for the kind of period that is asked, preferring those of one unit where one unit is chosen; else the first of all."""
    kind = asked.timeframe.period.kind.value
    one = len(asked.filters.agencies) == 1
    fits = [template for template in office.briefings.templates if kind in template.periods and template.one_unit == one]
    fits += [template for template in office.briefings.templates if kind in template.periods and not template.one_unit]
    return next(iter([*fits, *office.briefings.templates]), None)


def periods_of(template: BriefingTemplate, asked: Asked) -> list[Period]:
    """The newest periods that a template is meant for, as far as the data reach: finished ones first, the one that runs last."""
    clock, as_of = asked.filters.clock, asked.data.as_of
    found: list[Period] = []
    for kind, months in MONTHS_IN.items():
        if kind.value in template.periods:
            found += _latest(kind, months, month_index(as_of, clock), asked)
    if Kind.YEAR_TO_DATE.value in template.periods:
        found.append(year_to_date(as_of, clock))
    return found[:MOST_PERIODS]


def _latest(kind: Kind, months: int, now: int, asked: Asked) -> list[Period]:
    """The running period of a kind and the one before it, the finished one first."""
    start = now - now % 12 if kind is Kind.NINE_MONTHS else now - now % months
    step = 12 if kind is Kind.NINE_MONTHS else months
    both = (of_months(first, first + months - 1, kind, asked.filters.clock) for first in (start, start - step))
    ordered = sorted((period for period in both if asked.data.first_on <= period.start <= asked.data.as_of), key=lambda period: period.end > asked.data.as_of)
    return list(ordered)


@answering(VIETNAMESE)
def plan_of(template: BriefingTemplate, asked: Asked, office: Office) -> Plan:
    """The plan of a template for a state. Raises BadRequest for a state the template cannot be used for, and the errors of the cards."""
    return make_plan(template, asked, office.making(audience_of(asked.state)))


@answering(VIETNAMESE)
def publish(template: BriefingTemplate, asked: Asked, office: Office, name: str) -> str:
    """Freeze the figures of a briefing under a name; its code. Raises BadRequest without a name, ArchiveUnavailable, and the errors of the cards."""
    words = " ".join(name.split())[:LONGEST_NAME]
    if not words:
        raise BadRequest("no name", sentence="Hãy đặt tên cho báo cáo trước khi chốt số liệu.")
    plan = plan_of(template, asked, office)
    office.archive.keep(plan.stamp, asked.link(state=asked.state), figures_of(plan.cards))
    office.archive.publish(plan.stamp.code, words, office.clock())
    return plan.stamp.code
