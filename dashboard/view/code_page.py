"""The page of a code: what was asked, when and of which data; whether today's figures are the same, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dash import dcc, html

from config.language import say
from dashboard import text
from dashboard.archive import Difference, Kept
from dashboard.cards import Asked
from dashboard.content.stamp import AUDIENCE_NAMES, CODE_PATH
from dashboard.exports.again import changed_since
from dashboard.exports.office import Office
from dashboard.tables import Column, Table
from dashboard.view.card import notice
from dashboard.view.table import table
from queries.data import Data
from queries.filters import Filters
from queries.rights import Rights

COLUMNS: Final = (
    Column("card", "Thẻ"),
    Column("row", "Dòng"),
    Column("column", "Cột"),
    Column("was", "Đã đưa ra"),
    Column("now", "Hiện nay"),
    Column("change", "Chênh lệch"),
)
MOST_ROWS: Final = 500


def code_page(code: str, data: Data, office: Office) -> list[Any]:
    """The page. Raises ArchiveUnavailable and the errors of `Source.frame`."""
    kept = office.archive.find(normal(code))
    made_under = Rights.from_key(kept.scope if kept is not None else "")
    if kept is None or not data.rights.covers(made_under):  # a code of a wider scope reads as one that is not there
        words = say("Mã này không có trong kho của bảng điều khiển này. Kiểm tra lại từng chữ; mã có dạng K7QF2-M9TXA, in ở chân mỗi tệp.")
        return [
            html.Header(html.H1(say("Mã đối chiếu"), className="page__title"), className="page__header"),
            notice("warning", say("Không tìm thấy mã {}.", code[:40]), words),
        ]
    data = data.within(made_under)
    changes = changed_since(kept, office.archive.figures(kept.code), data, office)
    asked = Asked(data, Filters(), path=CODE_PATH + kept.code)
    heading = html.Header(
        [
            html.H1(_title(kept), className="page__title"),
            html.P(kept.filters, className="page__lead"),
            dcc.Link(say("Mở lại đúng trạng thái này"), href=kept.link, className="button page__action"),
        ],
        className="page__header",
    )
    return [heading, _verdict(kept, changes, data), html.Div([_facts(kept, data), *_changes(changes, asked)], className="grid")]


def _by_how_much(change: float | None) -> str:
    """A difference with its sign; of a ratio to the tenth of a point, and never rounded to nothing."""
    if change is None:
        return text.MISSING
    shown = text.signed(change, 0 if change.is_integer() else 1)
    return shown if shown != "0" else say("dưới {}", text.number(0.1))


def normal(code: str) -> str:
    """A code as it is kept, however it was typed."""
    letters = "".join(mark for mark in code.upper() if mark.isalnum())[:10]
    return f"{letters[:5]}-{letters[5:]}"


def _title(kept: Kept) -> str:
    return say("{} (đã công bố)", kept.published_as) if kept.published_at else kept.what


def _verdict(kept: Kept, changes: Sequence[Difference], data: Data) -> html.Div:
    given = say("đã công bố") if kept.published_at else say("đã đưa ra")
    if not changes:
        return notice("good", say("Số liệu hôm nay giống số liệu {}.", given), say("Số liệu đến {}, tính lại với cùng bộ lọc.", text.date_label(data.as_of)))
    cards = len({change.card for change in changes})
    words = say("Số liệu {} tính đến {}; hiện nay tính đến {}.", given, text.date_label(kept.as_of), text.date_label(data.as_of))
    return notice("warning", say("{} số ở {} thẻ khác với số liệu {}.", text.whole(len(changes)), cards, given), words)


def _facts(kept: Kept, data: Data) -> html.Section:
    facts = [
        (say("Mã"), kept.code),
        (say("Tệp của"), kept.what),
        (say("Lập lúc"), say("{} bằng phiên bản {}", text.datetime_label(kept.made_at), kept.version)),
        (say("Số liệu khi lập"), say("đến {}", text.date_label(kept.as_of))),
        (say("Số liệu hiện nay"), say("đến {}", text.date_label(data.as_of))),
        (say("Dùng để"), AUDIENCE_NAMES[kept.audience]),
    ]
    if kept.published_at:
        facts.append((say("Công bố lúc"), text.datetime_label(kept.published_at)))
    rows = [
        html.Div([html.Dt(name, className="definition__term"), html.Dd(say(words), className="definition__text")], className="definition")
        for name, words in facts
    ]
    return html.Section(
        [html.H2(say("Tệp này"), className="chart-card__title"), html.Dl(rows, className="facts")], className="grid__item grid__item--12 chart-card"
    )


def _changes(changes: Sequence[Difference], asked: Asked) -> list[html.Section]:
    if not changes:
        return []
    rows = tuple(
        {"card": one.card, "row": one.row, "column": one.column, "was": one.was, "now": one.now, "change": _by_how_much(one.change)}
        for one in changes[:MOST_ROWS]
    )
    left = say(" Bảng nêu {} số đầu.", MOST_ROWS) if len(changes) > MOST_ROWS else ""
    title = say("Những số đã thay đổi")
    return [
        html.Section(
            [
                html.H2(title, className="chart-card__title"),
                html.P(say("So từng ô của bảng số liệu, theo tên dòng và tên cột.{}", left), className="chart-card__subtitle"),
                table(Table(COLUMNS, rows), asked, title),
            ],
            className="grid__item grid__item--12 chart-card",
        )
    ]
