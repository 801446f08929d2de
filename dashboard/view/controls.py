"""The filter bar: controls made from filters, and filters made from controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dash import dcc, html, no_update

from config.language import say
from dashboard import text
from dashboard.ops import Feed
from dashboard.tables import TableState
from dashboard.view.tools import state_tools
from queries.errors import DashboardError
from queries.filters import YEAR_TO_DATE_CODE, Compare, Filters, Organisation
from queries.period import Clock, Kind, month_index, of_months, parse_code
from queries.sentence import CHANNEL_NAMES, LEVEL_NAMES

CUSTOM: Final = "tu-chon"
Option = dict[str, str]


@dataclass(frozen=True)
class Control:
    """One control of the bar. `attribute` is the field of the filters; `keeps_unknown` controls show a value that is not among their options.

    `nothing` is said where nothing is chosen.
    """

    id: str
    label: str
    attribute: str
    is_many: bool = False
    keeps_unknown: bool = False
    nothing: str = "Tất cả"


CONTROLS: Final = (
    Control("f-ky", "Kỳ", "code", keeps_unknown=True),
    Control("f-ss", "So sánh", "compare"),
    Control("f-dv", "Phạm vi", "agencies", is_many=True, keeps_unknown=True, nothing="Toàn tỉnh, mọi cơ quan, đơn vị"),
    Control("f-cap", "Cấp", "levels", is_many=True, keeps_unknown=True),
    Control("f-db", "Địa bàn", "areas", is_many=True, keeps_unknown=True),
    Control("f-lv", "Lĩnh vực", "sectors", is_many=True, keeps_unknown=True),
    Control("f-ht", "Hình thức tiếp nhận", "channels", is_many=True, keeps_unknown=True),
    Control("f-tc", "Tổ chức", "organisation"),
    Control("f-lich", "Lịch", "clock"),
    Control("f-tu", "Từ ngày", "start"),
    Control("f-den", "Đến ngày", "end"),
)
_ALWAYS_SHOWN: Final = ("f-ky", "f-ss", "f-dv")
COMPARE_NAMES: Final = {Compare.SAME_PERIOD: "Cùng kỳ năm trước", Compare.PREVIOUS: "Kỳ liền trước", Compare.NOTHING: "Không so sánh"}
ORGANISATION_NAMES: Final = {
    Organisation.THEN: "Như tổ chức lúc đó",
    Organisation.NOW: "Cộng về đơn vị hiện nay",
    Organisation.COMPARABLE: "Nhóm so sánh được",
}
_CLOCK: Final = {Clock.CALENDAR: "Dương lịch", Clock.REPORTING: "Kỳ báo cáo (ngày 15 đến ngày 14)"}


def bar(feed: Feed) -> html.Div:
    """The filter bar: three controls, the others under “Thêm”, and what is done with the state; without a database its lists are empty."""
    options = _options(feed)
    fields = {control.id: _field(control, options.get(control.id, [])) for control in CONTROLS}
    more = [fields[control.id] for control in CONTROLS if control.id not in _ALWAYS_SHOWN]
    form = html.Form(
        [
            *[fields[name] for name in _ALWAYS_SHOWN],
            html.Details([html.Summary(say("Thêm")), html.Div(more, className="filters__extra")], className="filters__more"),
        ],
        className="filters",
        **{"aria-label": say("Bộ lọc")},
    )
    return html.Div([form, state_tools()], className="bar")


def _field(control: Control, options: list[Option]) -> html.Div:
    if control.attribute in ("start", "end"):
        body: Any = dcc.Input(id=control.id, type="date", debounce=True, className="filters__control")
    else:
        body = dcc.Dropdown(
            id=control.id,
            options=options,
            multi=control.is_many,
            clearable=control.is_many,
            placeholder=say(control.nothing),
            searchable=len(options) > 6,
            labels={key: say(words) for key, words in _DROPDOWN_LABELS.items()},
            maxHeight=380,
        )
    name = "filters__field" + {"f-dv": " filters__field--wide", "f-ss": " filters__field--second"}.get(control.id, "")
    return html.Div([html.Label(say(control.label), htmlFor=control.id, className="filters__label"), body], className=name)


_DROPDOWN_LABELS: Final = {
    "select_all": "Chọn tất cả",
    "deselect_all": "Bỏ chọn tất cả",
    "selected_count": "đã chọn {num_selected}",
    "search": "Tìm",
    "clear_search": "Xóa chữ tìm",
    "clear_selection": "Xóa lựa chọn",
    "no_options_found": "Không có lựa chọn nào",
}


def _options(feed: Feed) -> dict[str, list[Option]]:
    """The lists of all dropdowns; those that need the database are empty while it is away (the page says why)."""
    fixed = {
        "f-ss": [{"value": str(value), "label": say(label)} for value, label in COMPARE_NAMES.items()],
        "f-tc": [{"value": str(value), "label": say(label)} for value, label in ORGANISATION_NAMES.items()],
        "f-lich": [{"value": str(value), "label": say(label)} for value, label in _CLOCK.items()],
        "f-cap": [{"value": value, "label": _capital(label)} for value, label in LEVEL_NAMES.items()],
        "f-ht": [{"value": value, "label": _capital(label)} for value, label in CHANNEL_NAMES.items()],
    }
    try:
        data = feed.current()
    except DashboardError:
        return {**fixed, "f-ky": [_option(YEAR_TO_DATE_CODE, say("Lũy kế từ đầu năm"))]}
    catalogue = data.catalogue
    return {
        **fixed,
        "f-ky": period_options(data.as_of, data.first_on),
        "f-dv": _named((code, catalogue.agency_names[code]) for code in set(catalogue.agencies["agency_code"])),
        "f-db": _named((key, _area_label(key, catalogue.area_names[key])) for key in set(catalogue.areas["area_key"])),
        "f-lv": _named(catalogue.sector_names.items()),
    }


def _capital(words: str) -> str:
    said = say(words)
    return said[:1].upper() + said[1:]


def _area_label(key: str, name: str) -> str:
    return say("{} (đến {})", name, key.partition("@")[2]) if "@" in key else name


def _named(pairs: Iterable[tuple[str, str]]) -> list[Option]:
    """Options in Vietnamese order, found without diacritics."""
    return [_option(code, name) for code, name in sorted(pairs, key=lambda pair: text.sort_key(pair[1]))]


def _option(code: str, name: str) -> Option:
    label = say(name)
    return {"value": code, "label": label, "search": f"{label} {text.fold(label)} {code}"}


def period_options(as_of: date, first_on: date) -> list[Option]:
    """Periods that reports use, newest first: to date, two years of quarters and of months, then half-years, nine months and years."""
    last, first = month_index(as_of), month_index(first_on)
    found: list[Option] = [_option(YEAR_TO_DATE_CODE, say("Lũy kế từ đầu năm"))]
    for kind, months, starts in (
        (Kind.QUARTER, 3, (0, 3, 6, 9)),
        (Kind.MONTH, 1, tuple(range(12))),
        (Kind.HALF, 6, (0, 6)),
        (Kind.NINE_MONTHS, 9, (0,)),
        (Kind.YEAR, 12, (0,)),
    ):
        oldest = max(first, last - 23) if kind in (Kind.MONTH, Kind.QUARTER) else first
        begins = [year * 12 + start for year in range(last // 12, oldest // 12 - 1, -1) for start in reversed(starts)]
        periods = [of_months(begin, begin + months - 1, kind) for begin in begins if oldest - months < begin <= last]
        found += [_option(str(period.code()), _capital(period.label())) for period in periods]
    return [*found, _option(CUSTOM, say("Tự chọn ngày"))]


def control_values(filters: Filters) -> list[Any]:
    """Values of the controls for filters, in the order of CONTROLS."""
    values: list[Any] = []
    for control in CONTROLS:
        value = getattr(filters, control.attribute)
        if control.attribute == "code":
            value = CUSTOM if filters.start or filters.end else filters.code or YEAR_TO_DATE_CODE
        elif isinstance(value, date):
            value = value.isoformat()
        values.append(list(value) if control.is_many else value if value is None else str(value))
    return values


def control_options(filters: Filters, feed: Feed) -> list[Any]:
    """Options of the controls that keep unknown values: a value missing from a dropdown's list would be dropped and the scope widened.

    Comparable groups are offered where they are rows, and named wherever one is chosen.
    """
    options, groups = _options(feed), _groups(feed)
    answers: list[Any] = []
    for control, value in zip(CONTROLS, control_values(filters), strict=True):
        if control.keeps_unknown:
            known = options.get(control.id, [])
            wanted = value if control.is_many else [value]
            offered = [one for one in groups.get(control.id, []) if filters.organisation is Organisation.COMPARABLE or one["value"] in wanted]
            named = {option["value"] for option in (*known, *offered)}
            unknown = [{"value": one, "label": _unlisted(one, filters.clock)} for one in wanted if one not in named]
            answers.append([*known, *offered, *unknown] if unknown or control.id in groups else no_update)
    return answers


def _unlisted(value: str, clock: Clock) -> str:
    """A value that no list holds: a period by its name (the reporting clock is ahead of the calendar's), anything else as unknown."""
    period = parse_code(value, clock)
    return say("{} (không có trong danh mục)", value) if period is None else period.label()[0].upper() + period.label()[1:]


def _groups(feed: Feed) -> dict[str, list[Option]]:
    """The comparable groups by control, where there are some that are no unit of today."""
    try:
        catalogue = feed.current().catalogue
    except DashboardError:
        return {}
    found = {"f-dv": catalogue.agency_groups, "f-db": catalogue.area_groups}
    named = {name: _named((group.key, group.name) for group in groups if group.key not in group.members) for name, groups in found.items()}
    return {name: options for name, options in named.items() if options}


def filters_of(filters: Filters, values: Mapping[str, Any], triggered: str) -> Filters:
    """The filters after a reader changed one control; what cannot be understood leaves them as they were."""
    control = next((control for control in CONTROLS if control.id == triggered), None)
    if control is None:
        return filters
    value = values[control.id]
    if control.attribute == "code":
        return filters if value == CUSTOM else Filters.from_query(_with(filters, ky=str(value or ""), tu="", den=""))
    if control.attribute in ("start", "end"):
        return Filters.from_query(_with(filters, **{control.id.removeprefix("f-"): str(value or ""), "ky": ""}))
    if control.is_many:
        return filters.with_values(control.attribute, [str(one) for one in value or ()])
    return Filters.from_query(_with(filters, **{control.id.removeprefix("f-"): str(value or "")}))


def _with(filters: Filters, **pairs: str) -> str:
    """The filters' query with some keys set anew, empty ones taken out."""
    kept = [part for part in filters.to_query().split("&") if part and part.partition("=")[0] not in pairs]
    return "&".join([*kept, *(f"{key}={value}" for key, value in pairs.items() if value)])


def search_of(filters: Filters, state: TableState) -> str:
    """The query part of an address, with its “?”; empty for the default state."""
    query = "&".join(part for part in (filters.to_query(), state.to_query()) if part)
    return f"?{query}" if query else ""
