"""The periods that reports use, one click away, in both clocks; and the chips of everything that differs from the default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from dash import dcc, html

from config.language import say
from dashboard.cards import Asked
from dashboard.view.controls import COMPARE_NAMES, ORGANISATION_NAMES
from queries.filters import Compare, Organisation
from queries.period import Clock, Kind, Period, month_index, of_months, year_to_date
from queries.sentence import chosen

_MONTHS: Final = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.NINE_MONTHS: 9, Kind.YEAR: 12}
_CLOCKS: Final = {Clock.CALENDAR: "Năm lịch", Clock.REPORTING: "Năm báo cáo"}
_CLOCK_HELP: Final = {
    Clock.CALENDAR: "Tháng từ ngày 1 đến ngày cuối tháng",
    Clock.REPORTING: "Tháng từ ngày 15 tháng trước đến ngày 14 (NĐ 09/2019/NĐ-CP)",
}


def preset_periods(as_of: date, clock: Clock) -> list[Period]:
    """Month, quarter, half-year, nine months and year that hold the date of the data, and the year to date, in the given clock."""
    month = month_index(as_of, clock)
    january = month // 12 * 12
    periods = []
    for kind, months in _MONTHS.items():
        first = january if kind is Kind.NINE_MONTHS else january + (month - january) // months * months
        periods.append(of_months(first, first + months - 1, kind, clock))
    return [*periods, year_to_date(as_of, clock)]


def presets(asked: Asked) -> html.Nav:
    """Links: the periods in the clock that is set, then the two clocks; the set ones are marked."""
    filters = asked.filters
    links = []
    for period in preset_periods(asked.data.as_of, filters.clock):
        wanted = replace(filters, code=period.code(), start=None, end=None)
        words = period.label() if wanted.code else say("lũy kế từ đầu năm")
        links.append(_link(words, asked.link(code=wanted.code, start=None, end=None), is_set=wanted == filters))
    clocks = [_link(say(words), asked.link(clock=clock), is_set=filters.clock is clock, help_words=say(_CLOCK_HELP[clock])) for clock, words in _CLOCKS.items()]
    return html.Nav(
        [html.Ul(links, className="presets__list"), html.Ul(clocks, className="presets__list presets__list--clock")],
        className="presets",
        **{"aria-label": say("Chọn nhanh kỳ")},
    )


def chips(asked: Asked) -> html.Ul | None:
    """Everything that differs from the default, each with one click to clear it, and one that clears all; None where nothing does."""
    found = list(_set(asked))
    if not found:
        return None
    items = [html.Li([words, _clear(words, asked.link(**changes))], className="chip") for words, changes in found]
    items.append(html.Li(dcc.Link(say("Xóa tất cả"), href=asked.path, className="chips__clear")))
    return html.Ul(items, className="chips", **{"aria-label": say("Đang lọc theo")})


def _set(asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    """Words of each value that is set, and the changes of the filters that take it away."""
    filters = asked.filters
    if filters.code or filters.start or filters.end:
        yield asked.timeframe.period.label(), {"code": None, "start": None, "end": None}
    if filters.clock is not Clock.CALENDAR:
        yield say(_CLOCKS[filters.clock]).lower(), {"clock": Clock.CALENDAR}
    if filters.compare is not Compare.SAME_PERIOD:
        yield _compared(filters.compare), {"compare": Compare.SAME_PERIOD}
    if filters.organisation is not Organisation.THEN:
        yield say(ORGANISATION_NAMES[filters.organisation]).lower(), {"organisation": Organisation.THEN}
    for attribute, code, words in chosen(filters, asked.data):
        if attribute == "agencies" and filters.agencies == asked.data.rights.agencies:
            continue  # the reader's whole scope was not chosen, and cannot be cleared
        yield words, {attribute: tuple(value for value in getattr(filters, attribute) if value != code)}


def _compared(compare: Compare) -> str:
    words = say(COMPARE_NAMES[compare]).lower()
    return words if compare is Compare.NOTHING else say("so với {}", words)


def _link(words: str, href: str, *, is_set: bool, help_words: str = "") -> html.Li:
    link = dcc.Link(words[0].upper() + words[1:], href=href, className="presets__link" + (" is-set" if is_set else ""), title=help_words or None)
    return html.Li(link, **({"aria-current": "true"} if is_set else {}))


def _clear(words: str, href: str) -> dcc.Link:
    return dcc.Link("×", href=href, className="chip__remove", title=say("Bỏ lọc {}", words))
