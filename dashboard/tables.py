"""Tables for readers: typed columns, and the rows that a state of sort, search and page leaves. No HTML here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import pandas as pd

from config.language import say
from dashboard import text
from queries.sentence import VERDICT_NAMES

PAGE_ROWS: Final = 100
LONGEST_SEARCH: Final = 80  # letters typed into the search box of a table
LONGEST_ASSUMED: Final = 6_000
OUTSIDE: Final = "ben-ngoai"
STATE_KEYS: Final = {
    "sx": "cột sắp xếp của bảng, thêm dấu - phía trước để xếp giảm dần",
    "tim": "chữ cần tìm trong bảng, không phân biệt dấu",
    "trang": "trang của bảng, từ 1",
    "tinh": "tình trạng: not_by_post, channel_not_recorded, no_result, no_data, returns_by_post; not_in_period: không tồn tại trong kỳ; "
    "danh sách cần gọi: never, stopped, below_norm; trang Thủ tục: other_channels, no_dossier; trang Tiềm năng: listed_unused, listed_idle, used_unlisted; "
    "trang Điểm và chỉ tiêu: active_procedures, postal_receipt_rate, postal_return_rate",
    "sk": "ngày của sự kiện bắt đầu đường theo dõi nhóm, viết như 2026-07-06; sự kiện thứ hai của một ngày thêm .2",
    "mau": "mẫu của trang Trình bày: tên tệp trong config/briefings",
    "ng": "tệp để làm gì: noi-bo (mặc định), ben-ngoai (gửi ra ngoài, che số nhỏ)",
    "gt": "giả định ở trang Điểm và chỉ tiêu, viết MÃ:tỷ lệ trả kết quả (%), thêm :tiep-nhan cho tỷ lệ tiếp nhận; dấu - là không giả định gì",
}


class Kind(StrEnum):
    """How a cell is written and sorted."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    POINTS = "points"  # a score, to the hundredth
    PERCENT = "percent"  # a fraction
    SIGNED = "signed"
    DATE = "date"
    VERDICT = "verdict"


@dataclass(frozen=True)
class Column:
    """One column: the key of its cells, its heading, how cells are written, and the key that holds a cell's link.

    `over` are the keys of numerator and denominator of a ratio in the row, so that a workbook can reckon it. A column that only leads somewhere
    (`is_action`) is left out of files.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    link: str = ""
    over: tuple[str, str] | None = None
    is_action: bool = False

    @property
    def is_number(self) -> bool:
        """Whether cells align right and sort with the greatest first."""
        return self.kind in (Kind.WHOLE, Kind.NUMBER, Kind.POINTS, Kind.PERCENT, Kind.SIGNED)

    @property
    def digits(self) -> int:
        """Decimals at most; of a ratio in percent."""
        return {Kind.PERCENT: 1, Kind.NUMBER: 1, Kind.POINTS: 2}.get(self.kind, 0)

    def show(self, value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
        """The cell in words; “–” for a missing value."""
        if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT:
            return text.MISSING
        # Words stand in a column of numbers for a suppressed count, and for a percentage among counts.
        return say(value) if isinstance(value, str) and self.kind is not Kind.VERDICT else self._shown(value)

    def _shown(self, value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
        if self.kind is Kind.PERCENT:
            return text.percent(float(value), 1)
        if self.kind is Kind.NUMBER:
            return text.number(float(value), 1)
        if self.kind is Kind.POINTS:
            return text.number(float(value), 2)
        if self.kind is Kind.WHOLE:
            return text.whole(value)
        if self.kind is Kind.SIGNED:
            return text.signed(value)
        if self.kind is Kind.DATE:
            return text.date_label(value)
        return say(VERDICT_NAMES.get(str(value), str(value))) if self.kind is Kind.VERDICT else str(value)


@dataclass(frozen=True)
class Table:
    """A table as the reader sees it. `interactive` tables sort by their headings, search and turn pages; `total` is a last row set apart.

    `choose` is the key of the codes by which rows can be chosen for the files of the card; empty: none can.
    """

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    interactive: bool = False
    total: Mapping[str, Any] | None = None
    search_keys: tuple[str, ...] = ()
    choose: str = ""

    @classmethod
    def of(cls, frame: pd.DataFrame, columns: Sequence[Column], **options: Any) -> Table:
        """A table of a frame's rows."""
        rows: list[Mapping[str, Any]] = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
        return cls(tuple(columns), tuple(rows), **options)


@dataclass(frozen=True)
class TableState:
    """Sort, search, page, verdicts, event, assumed rates, template and audience, as they stand in the address beside the filters."""

    sort: str = ""
    search: str = ""
    page: int = 1
    verdicts: tuple[str, ...] = ()
    event: str = ""
    assumed: str = ""
    template: str = ""
    audience: str = ""

    @classmethod
    def from_query(cls, query: str) -> TableState:
        """The state in a query string; what is not understood is left out and cannot widen anything."""
        text = query.encode("utf-8", "replace").decode()  # half a surrogate pair is no character
        values = dict(parse_qsl(text.lstrip("?")[:20_000], errors="replace"))
        page = values.get("trang", "1")
        return cls(
            sort=values.get("sx", "")[:80],
            search=values.get("tim", "")[:LONGEST_SEARCH].strip(),
            page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
            verdicts=tuple(sorted({part for part in values.get("tinh", "").split(",") if part})),
            event=values.get("sk", "")[:20],
            assumed=values.get("gt", "")[:LONGEST_ASSUMED].strip(),
            template=values.get("mau", "")[:80].strip(),
            audience=OUTSIDE if values.get("ng") == OUTSIDE else "",
        )

    def to_query(self) -> str:
        """Canonical query string, defaults left out."""
        pairs = {"sx": self.sort, "tim": self.search, "trang": str(self.page) if self.page > 1 else "", "tinh": ",".join(self.verdicts)}
        pairs |= {"sk": self.event, "gt": self.assumed, "mau": self.template, "ng": self.audience}
        return urlencode(sorted((key, value) for key, value in pairs.items() if value), safe=",:")

    def sorted_by(self, column: Column) -> TableState:
        """The state after a click on a heading: numbers start with the greatest, names with the first; a second click turns it round."""
        down, up = f"-{column.key}", column.key
        first, second = (down, up) if column.is_number or column.kind is Kind.DATE else (up, down)
        return replace(self, sort=second if self.sort == first else first, page=1)


@dataclass(frozen=True)
class Selection:
    """The rows of one page of a table, and how many there are in all."""

    rows: tuple[Mapping[str, Any], ...]
    found: int
    page: int
    pages: int


def select(table: Table, state: TableState) -> Selection:
    """Rows that contain every searched word (without diacritics), sorted, cut to a page; a page beyond the last is the last."""
    if not table.interactive:
        return Selection(table.rows, len(table.rows), 1, 1)
    words = text.fold(state.search).split()
    keys = table.search_keys or tuple(column.key for column in table.columns if column.kind is Kind.TEXT)
    rows = [row for row in ordered(table, state).rows if all(word in text.fold(" ".join(str(row.get(key, "")) for key in keys)) for word in words)]
    pages = max(1, math.ceil(len(rows) / PAGE_ROWS))
    page = min(state.page, pages)
    return Selection(tuple(rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]), len(rows), page, pages)


def ordered(table: Table, state: TableState) -> Table:
    """All rows of an interactive table in the order that the state names; any other table as it is."""
    column = next((c for c in table.columns if c.key == state.sort.lstrip("-")), None) if table.interactive else None
    return table if column is None else replace(table, rows=tuple(_sorted(table.rows, column, down=state.sort.startswith("-"))))


def _sorted(rows: Sequence[Mapping[str, Any]], column: Column, *, down: bool) -> list[Mapping[str, Any]]:
    """Sorted by a column, missing values always last."""
    known = [row for row in rows if not pd.isna(row.get(column.key))]
    unknown = [row for row in rows if pd.isna(row.get(column.key))]
    text_like = column.kind in (Kind.TEXT, Kind.VERDICT)
    return sorted(known, key=lambda row: text.sort_key(str(row[column.key])) if text_like else row[column.key], reverse=down) + unknown
