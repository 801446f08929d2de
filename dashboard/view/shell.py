"""The shell around every page, and a page for an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from dash import dcc, html

from config.language import LANGUAGES, in_english, language, say
from dashboard.cards import Asked, Page
from dashboard.content.stamp import CODE_PATH
from dashboard.exports.files import KINDS, PAGES_BY_KEY, Subject
from dashboard.exports.office import Office
from dashboard.ops import Away, Feed
from dashboard.pages import BRIEFING_PATH, PAGES, page_at, seen_cards
from dashboard.tables import OUTSIDE, TableState
from dashboard.view.account import Account, menu
from dashboard.view.briefing_panel import panel
from dashboard.view.card import card, late, notice, part
from dashboard.view.code_page import code_page
from dashboard.view.controls import bar
from dashboard.view.look import Look
from dashboard.view.presets import chips, presets
from dashboard.view.skeleton import skeleton
from dashboard.view.tools import TV_QUERY, announcer, shortcuts, shortcuts_button, theme_switch
from queries.data import Data
from queries.errors import DashboardError
from queries.filters import Filters
from queries.period import day_label
from queries.rights import Rights
from queries.sentence import sentence

JOURNAL_PATH: Final = "/nhat-ky"
LANGUAGE_PATH: Final = "/ngon-ngu/"
PAGE_SECONDS: Final = 40.0  # below the minute after which proxies give up


def shell(feed: Feed, look: Look, account: Account = Account()) -> html.Div:
    """What stays while pages change: masthead, navigation, filter bar, and the place of the page; for an administrator the way to the audit."""
    return html.Div(
        [
            dcc.Location(id="url", refresh="callback-nav"),
            html.A(say("Đến nội dung chính"), href="#main", className="skip-link"),
            html.Header(
                html.Div(
                    [
                        html.Span(say("Hồ sơ qua bưu chính công ích"), className="masthead__brand"),
                        html.Span(look.place, className="masthead__place"),
                        html.Span(id="data-date", className="masthead__meta"),
                        html.Span(className="masthead__state", **{"data-state": ""}),
                        theme_switch(),
                        menu(account, _agency_names(feed)),
                        *_languages(),
                    ],
                    className="masthead__row",
                ),
                className="masthead",
            ),
            html.Nav(navigation(JOURNAL_PATH, Filters(), feed.rights()), id="navigation", className="tabs", **{"aria-label": say("Các trang")}),
            html.Div(_demo_mark(feed), id="notices"),
            html.Main([bar(feed), html.Div(skeleton(), id="page")], id="main", className="page", tabIndex=-1),
            html.Footer(html.Div(_foot(account), className="page-footer__row"), className="page-footer"),
            shortcuts({one.path: one.name for one in PAGES if seen_cards(one, feed.rights())}),
            announcer(),
        ],
        className="shell",
    )


def _foot(account: Account) -> list[Any]:
    """What is true of every page, and the ways that no page shows."""
    return [
        *([html.Span(say("Các tệp tải về là văn bản chính thức, chỉ có tiếng Việt."))] if in_english() else []),
        html.Span(say("Chỉ đọc cơ sở dữ liệu hồ sơ; không có dữ liệu cá nhân. Tỷ lệ là tỷ số của hai tổng.")),
        dcc.Link(say("Dữ liệu và cách tính"), href="/du-lieu-va-cach-tinh"),
        *([html.A(say("Nhật ký"), href=JOURNAL_PATH)] if account.rights.may_audit else []),
        html.A(say("Màn hình treo tường"), href=f"/?{TV_QUERY}", title=say("Tự chuyển trang, chữ lớn; phím Esc để thoát")),
        shortcuts_button(),
    ]


def _languages() -> list[html.A]:
    """The way to each other language, in that language; the server leads back to the open page."""
    return [
        html.A(name, href=LANGUAGE_PATH + code, lang=code, hrefLang=code, className="masthead__language")
        for code, name in LANGUAGES.items()
        if code != language()
    ]


def _agency_names(feed: Feed) -> dict[str, str]:
    try:
        return feed.current().catalogue.agency_names
    except DashboardError:
        return {}


def _demo_mark(feed: Feed) -> list[Any]:
    """The banner of made-up data stands before the page does, so that nothing moves when that comes."""
    try:
        return [_demo_banner()] if feed.current().is_demo else []
    except DashboardError:
        return []


def _demo_banner() -> html.Div:
    return html.Div(say("Dữ liệu minh họa: mọi con số trên trang này là số giả định, không dùng để báo cáo."), className="demo-banner", role="note")


def navigation(path: str, filters: Filters, rights: Rights) -> html.Ul:
    """Links to the pages that these rights show; the filters go along."""
    here = page_at(path)
    links = []
    for one in (page for page in PAGES if seen_cards(page, rights)):
        mark = {"aria-current": "page"} if one is here else {}
        links.append(html.Li(dcc.Link(say(one.name), href=_address(one.path, filters), className="tabs__link"), className="is-current" if mark else "", **mark))
    return html.Ul(links, className="tabs__list")


def _address(path: str, filters: Filters) -> str:
    query = filters.to_query()
    return f"{path}?{query}" if query else path


def page(feed: Feed, look: Look, office: Office, path: str, search: str) -> tuple[Any, Any, Any, Any]:
    """The page at an address: its content, the notices above it, the navigation and the date of the data. Never raises."""
    links = navigation(path, Filters.from_query(search), feed.rights())
    if path.startswith(CODE_PATH):
        return _code(feed, office, path.removeprefix(CODE_PATH), links)
    found = page_at(path)
    if found is None:
        words = say("Không có trang nào ở địa chỉ “{}”. Hãy chọn một trang ở thanh trên.", path[:80])
        return notice("warning", "Không tìm thấy trang.", words), [], links, ""
    try:
        return feed.steady(lambda data: _found(found, _asked(found, data, look, office, search), office, feed, links))
    except DashboardError as error:
        return _without_data(found.name, error.sentence), [], links, ""


def _asked(found: Page, data: Data, look: Look, office: Office, search: str) -> Asked:
    filters, state = Filters.from_query(search), TableState.from_query(search)
    return Asked(data=data, filters=filters, state=state, path=found.path, targets=look.targets, letterhead=office.letterhead)


def _found(found: Page, asked: Asked, office: Office, feed: Feed, links: html.Ul) -> tuple[Any, Any, Any, Any]:
    seen = seen_cards(found, asked.data.rights)
    if not seen:
        words = say("Trang “{}” có số của toàn tỉnh, tài khoản của bạn chỉ xem đơn vị trong phạm vi được giao.", found.name)
        return notice("warning", "Trang này không thuộc quyền xem của bạn.", words), [], links, ""
    until = feed.clock() + PAGE_SECONDS
    cards = [card(one, asked) if feed.clock() < until else late(one) for one in seen]
    first = part("phần trình bày", lambda: panel(asked, office), asked) if found.path == BRIEFING_PATH else []
    content = [*_heading(found, asked), html.Div([*first, *cards], className="grid")]
    return content, _notices(asked, feed), links, _date_of(asked.data, feed)


def _date_of(data: Data, feed: Feed) -> str:
    mark = say(" (chưa cập nhật được)") if feed.away is not None else ""
    return say("Số liệu đến {}{}", day_label(data.as_of), mark)


def _code(feed: Feed, office: Office, code: str, links: html.Ul) -> tuple[Any, Any, Any, Any]:
    """The page of a code: the state of a file and what has changed since."""
    try:
        return feed.steady(lambda data: (code_page(code, data, office), _notices(Asked(data, Filters()), feed), links, _date_of(data, feed)))
    except DashboardError as error:
        return _without_data(say("Mã đối chiếu"), error.sentence), [], links, ""


def _without_data(name: str, words: str) -> list[Any]:
    return [html.Header(html.H1(say(name), className="page__title"), className="page__header"), notice("error", "Không đọc được cơ sở dữ liệu hồ sơ.", words)]


def _heading(found: Page, asked: Asked) -> list[Any]:
    """The state above the page, then its name, its sentence and its files."""
    words = sentence(asked.filters, asked.data)
    parts: list[Any] = [html.H1(say(found.name), className="page__title"), html.P(words, className="page__lead"), _page_files(found, asked)]
    set_values = chips(asked)
    above = [presets(asked), *([set_values] if set_values is not None else [])]
    return [html.Div(above, className="state"), html.Header(parts, className="page__header")]


def _page_files(found: Page, asked: Asked) -> html.Div:
    """The whole page as a file, and the way to a briefing of the same state."""
    key = next(key for key, page in PAGES_BY_KEY.items() if page is found)
    links: list[Any] = [html.Span(say("Tải cả trang:"), className="page__files-label")]
    links += [
        html.A(kind.upper(), href=asked.file(f"trang/{key}", kind), className="action", title=say("Tải cả trang {}", kind.upper()), **{"data-make": ""})
        for kind in KINDS[Subject.PAGE]
    ]
    if found.path != BRIEFING_PATH:
        outside = asked.state.audience == OUTSIDE
        words = say("Đang che số nhỏ để gửi ra ngoài; bỏ che") if outside else say("Che số nhỏ để gửi ra ngoài")
        links.append(dcc.Link(words, href=asked.link(state=replace(asked.state, audience="" if outside else OUTSIDE)), className="action"))
        links.append(dcc.Link(say("Trình bày kỳ này"), href=asked.link(BRIEFING_PATH), className="action"))
    return html.Div(links, className="page__files")


def _notices(asked: Asked, feed: Feed) -> list[Any]:
    found: list[Any] = []
    if feed.away is not None:
        found.append(_stale(asked.data, feed, feed.away))
    if asked.data.rights.agencies == ():
        words = say("Hãy báo quản trị gán đơn vị cho tài khoản này; trước đó không số liệu nào được hiện.")
        found.append(notice("warning", "Tài khoản chưa được giao đơn vị nào.", words))
    if asked.data.is_demo:
        found.append(_demo_banner())
    if asked.filters.problems:
        found.append(notice("warning", "Có giá trị lọc không hiểu được.", " ".join(map(say, asked.filters.problems))))
    if asked.timeframe.notices:
        found.append(notice("info", "Về kỳ đã chọn.", " ".join(map(say, asked.timeframe.notices))))
    return found


def _stale(data: Data, feed: Feed, away: Away) -> html.Div:
    """That the database is away, for how long, and what the figures below are then."""
    minutes = round((feed.clock() - away.since) / 60)
    since = say("khoảng {} phút nay", minutes) if minutes else say("chưa đầy một phút nay")
    words = say(
        "Đang hiện số liệu đã lấy trước đó, tính đến {}; câu hỏi chưa hỏi lần nào thì chưa trả lời được. Trang sẽ tự lấy số "
        "liệu mới khi kết nối lại được. Lý do: {}",
        day_label(data.as_of),
        away.sentence,
    )
    return notice("warning", say("Không đọc được cơ sở dữ liệu hồ sơ ({}).", since), words)
