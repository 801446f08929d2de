"""What a reader does around the figures: light or dark, a link to this state, views kept in the browser, keys.

The words stand here, the doing in `assets/tools.js` and `assets/appearance.js`: the server keeps nothing of it.
"""

from __future__ import annotations

from typing import Any, Final

from dash import dcc, html

from config.language import say

THEMES: Final = {"system": "Theo máy", "light": "Sáng", "dark": "Tối"}
KEYS: Final = {
    "/": "tìm trong bảng",
    "k": "chọn kỳ",
    "s": "chọn so sánh",
    "p": "chọn phạm vi",
    "x": "xóa tất cả bộ lọc",
    "c": "sao chép liên kết",
    "l": "mở góc nhìn đã lưu",
    "t": "đổi nền: theo máy, sáng, tối",
    "?": "mở danh sách này",
    "Esc": "đóng",
}
"""Single keys that work while nothing is typed; `g` and a letter of `PAGE_KEYS` opens a page."""
PAGE_KEYS: Final = {
    "/": "t",
    "/don-vi": "d",
    "/dia-ban": "b",
    "/thu-tuc": "h",
    "/chua-tra-qua-buu-chinh": "c",
    "/tiem-nang": "n",
    "/bien-dong": "v",
    "/diem-va-chi-tieu": "m",
    "/trinh-bay": "r",
    "/du-lieu-va-cach-tinh": "l",
}
PRESS_FIRST: Final = "g"
TV_QUERY: Final = "tv=1"


def theme_switch() -> html.Div:
    """Three buttons: as the system, light, dark; the pressed one is marked by the script, which knows what the browser keeps."""
    buttons = [
        html.Button(
            html.Span(say(words), className="visually-hidden"),
            type="button",
            className=f"theme__choice theme__choice--{name}",
            title=say("Nền: {}", say(words).lower()),
            **{"data-theme-choice": name, "aria-pressed": "false"},
        )
        for name, words in THEMES.items()
    ]
    return html.Div(buttons, className="theme", role="group", **{"aria-label": say("Nền sáng hay tối")})


def state_tools() -> html.Div:
    """Beside the filters: a link to this state, and the views that the browser keeps."""
    copy = html.Button(
        say("Sao chép liên kết"),
        type="button",
        className="action",
        **{"data-copy-link": "", "data-done": say("Đã sao chép liên kết"), "data-failed": say("Không sao chép được")},
    )
    return html.Div([copy, _views()], className="filters__tools")


def _views() -> html.Details:
    """Named states of the dashboard; the script fills the list from the browser's own store."""
    name = dcc.Input(id="ten-goc-nhin", type="text", maxLength=60, className="filters__control", autoComplete="off")
    field = html.Div(
        [html.Label(say("Tên của trang và bộ lọc đang xem"), htmlFor="ten-goc-nhin", className="filters__label"), name], className="filters__field"
    )
    save = html.Button(say("Lưu"), type="button", className="button", **{"data-view-save": ""})
    words = {
        "data-rename": "Đổi tên",
        "data-delete": "Xóa",
        "data-ask": "Tên mới của góc nhìn",
        "data-saved": "Đã lưu góc nhìn",
        "data-deleted": "Đã xóa góc nhìn",
        "data-untitled": "Góc nhìn chưa đặt tên",
    }
    parts = [
        html.P(say("Chưa lưu góc nhìn nào."), className="views__none", **{"data-views-none": ""}),
        html.Ul(className="views__list", **{"data-views": "", **{name: say(said) for name, said in words.items()}}),
        html.Div([field, save], className="views__new"),
        html.P(say("Chỉ lưu trong trình duyệt này, không gửi lên máy chủ."), className="views__note"),
    ]
    return html.Details([html.Summary(say("Góc nhìn đã lưu"), className="action"), html.Div(parts, className="views__panel")], className="views", id="views")


def shortcuts(pages: dict[str, str]) -> html.Dialog:
    """The list of keys; `pages` are names by path."""
    rows = [_key([key], words) for key, words in KEYS.items()]
    links = [_key([PRESS_FIRST, PAGE_KEYS[path]], name, {"data-go": PAGE_KEYS[path], "data-path": path}) for path, name in pages.items() if path in PAGE_KEYS]
    return html.Dialog(
        [
            html.Div(
                [
                    html.H2(say("Phím tắt"), id="phim-tat-ten", className="keys__title"),
                    html.Button(say("Đóng"), type="button", className="button button--quiet", **{"data-keys-close": ""}),
                ],
                className="keys__head",
            ),
            html.Div([html.Dl(rows, className="keys__list"), html.Dl(links, className="keys__list")], className="keys__columns"),
            html.Button(say("Tắt phím tắt"), type="button", className="action", **{"data-keys-off": "", "data-on": say("Bật phím tắt")}),
            html.P(say("Không tác dụng khi đang gõ trong một ô."), className="views__note"),
        ],
        id="phim-tat",
        className="keys",
        **{"aria-labelledby": "phim-tat-ten"},
    )


def shortcuts_button() -> html.Button:
    """What opens the list of keys without a keyboard."""
    return html.Button(say("Phím tắt"), type="button", className="action", **{"data-keys-open": "", "aria-haspopup": "dialog"})


def announcer() -> html.P:
    """Where the script says that figures are loading and that they have come."""
    return html.P(
        id="announcer",
        className="visually-hidden",
        role="status",
        **{"data-loading": say("Đang tải số liệu"), "data-loaded": say("Đã tải xong"), "aria-live": "polite"},
    )


def _key(keys: list[str], words: str, more: dict[str, Any] | None = None) -> html.Div:
    shown = [html.Kbd(key) for key in keys]
    return html.Div([html.Dt(shown), html.Dd(say(words))], className="keys__row", **(more or {}))
