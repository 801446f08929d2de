"""The audit as a page and as a file, for administrators only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import flask
import pandas as pd

from config.language import say
from dashboard.audit import Audit, AuditUnavailable, Event, Wanted
from dashboard.auth import current_rights
from dashboard.exports.tables import BOM, to_csv
from dashboard.view.shell import JOURNAL_PATH as PATH

CSV_PATH: Final = f"{PATH}.csv"
PAGE_ROWS: Final = 100
MOST_ROWS: Final = 200_000
NAMES: Final = {
    Event.OPENED: "Mở trang",
    Event.EXPORTED: "Tải tệp",
    Event.PUBLISHED: "Công bố",
    Event.REFUSED: "Bị từ chối",
    Event.SIGNED_IN: "Đăng nhập",
    Event.SIGNED_OUT: "Đăng xuất",
}
COLUMNS: Final = {"number": "Số", "at": "Lúc", "event": "Việc", "reader": "Ai", "what": "Gì", "query": "Bộ lọc", "facts": "Thêm"}
NOT_ADMINISTRATOR: Final = "Chỉ quản trị xem được nhật ký.\n"
UNREADABLE: Final = "Không đọc được kho nhật ký. Kiểm tra thư mục lưu (chỗ trống trên đĩa, quyền ghi); các trang số liệu không bị ảnh hưởng.\n"
_TEMPLATE: Final = (Path(__file__).parent / "journal.html").read_text(encoding="utf-8")


def register(server: flask.Flask, audit: Audit) -> None:
    """Register the page and the file."""

    @server.get(PATH)
    def journal() -> flask.Response:
        return _for_administrator(lambda: flask.Response(_page(audit), mimetype="text/html"))

    @server.get(CSV_PATH)
    def journal_file() -> flask.Response:
        return _for_administrator(lambda: _file(audit))


def _for_administrator(answer: Callable[[], flask.Response]) -> flask.Response:
    if not current_rights().may_audit:
        return flask.Response(say(NOT_ADMINISTRATOR), status=403, mimetype="text/plain")
    try:
        return answer()
    except AuditUnavailable:
        return flask.Response(say(UNREADABLE), status=503, mimetype="text/plain")


def _wanted() -> Wanted:
    given = flask.request.args
    return Wanted(*(given.get(key, "")[:200].strip() for key in ("viec", "ai", "tu", "den")))


def _page(audit: Audit) -> str:
    wanted = _wanted()
    number = flask.request.args.get("trang", "1")
    page = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    rows = audit.entries(wanted, PAGE_ROWS + 1, (page - 1) * PAGE_ROWS)
    return flask.render_template_string(
        _TEMPLATE,
        names={str(event): say(name) for event, name in NAMES.items()},
        columns={key: say(name) for key, name in COLUMNS.items()},
        rows=rows[:PAGE_ROWS],
        wanted=wanted,
        page=page,
        csv=_address(CSV_PATH, wanted),
        newer=_address(PATH, wanted, page - 1),
        older=_address(PATH, wanted, page + 1) if len(rows) > PAGE_ROWS else "",
        trouble=audit.trouble,
        broken=audit.broken_at(),
        days=audit.days,
    )


def _address(path: str, wanted: Wanted, page: int = 1) -> str:
    pairs = {"viec": wanted.event, "ai": wanted.reader, "tu": wanted.first, "den": wanted.last, "trang": str(page) if page > 1 else ""}
    query = urlencode({key: value for key, value in pairs.items() if value})
    return f"{path}?{query}" if query else path


def _file(audit: Audit) -> flask.Response:
    rows = audit.entries(_wanted(), MOST_ROWS)
    frame = pd.DataFrame([[getattr(row, name) for name in (*COLUMNS, "chain")] for row in rows], columns=[*COLUMNS.values(), "Dấu nối"])
    body = BOM + to_csv(frame)
    return flask.Response(body, mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="nhat-ky.csv"'})
