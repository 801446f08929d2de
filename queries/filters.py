"""What the reader asked for, as a value, an address and a sentence.

`Filters.from_query` accepts anything and keeps what it understands; what it does not understand is said, and never widens a scope:
an unknown code stays in the filter and comes up empty. Equal filters are equal strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import parse_qsl

from config.language import say
from queries.addresses import LISTS, NO_SUCH_CODE, canonical, joined, parts_of, with_codes
from queries.code_list import LONGEST_CODE, read_codes
from queries.period import (
    FIRST_YEAR,
    LAST_YEAR,
    Clock,
    Kind,
    Period,
    day_label,
    like_for_like,
    parse_code,
    previous_period,
    same_period_last_year,
    year_to_date,
)

if TYPE_CHECKING:
    from queries.rights import Rights

NOT_RECORDED: Final = "-"  # stands for a missing code or channel in an address
YEAR_TO_DATE_CODE: Final = "luy-ke"
MOST_VALUES: Final = 200
EMPTY_FIRST_DAYS: Final = 10  # the data of a year may begin after its first holidays (Tết takes up to nine days) and the year still be whole

KEYS: Final = {
    "ky": "kỳ: luy-ke (mặc định), 2026, 2026-Q3, 2026-H1 (6 tháng), 2026-9T (9 tháng), 2026-10 (tháng)",
    "tu": "từ ngày, dạng 2026-01-31, tính cả ngày đó; thay cho ky",
    "den": "đến ngày, dạng 2026-01-31, tính cả ngày đó; thay cho ky",
    "lich": "lich (dương lịch, mặc định) hoặc bao-cao (từ ngày 15 đến ngày 14, NĐ 09/2019/NĐ-CP)",
    "ss": "so sánh: cung-ky (mặc định), ky-truoc, khong",
    "tc": "tổ chức: luc-do (như tổ chức lúc đó, mặc định), hien-nay (cộng về đơn vị kế thừa), nhom (nhóm so sánh được trước và sau sắp xếp)",
    "cap": "cấp đơn vị: province, district, commune, vertical, other",
    "dv": "mã cơ quan, đơn vị",
    "db": "mã địa bàn; mã đã hết hiệu lực viết kèm năm hết hiệu lực: 03487@2025",
    "tt": "mã thủ tục",
    "lv": "mã lĩnh vực",
    "ht": "hình thức tiếp nhận: counter, online, post",
}
_E = TypeVar("_E", bound=StrEnum)
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class Compare(StrEnum):
    """What the period is compared with."""

    SAME_PERIOD = "cung-ky"
    PREVIOUS = "ky-truoc"
    NOTHING = "khong"


class Organisation(StrEnum):
    """How units before a reorganisation are shown."""

    THEN = "luc-do"
    NOW = "hien-nay"
    COMPARABLE = "nhom"


@dataclass(frozen=True)
class Timeframe:
    """The days that are really counted: the asked period, its part with data, and the same days of the compared period."""

    period: Period
    counted: Period | None  # None: the period lies wholly before or after the data
    compared: Period | None  # None: no comparison asked, or nothing counted
    as_of: date
    first_on: date
    notices: tuple[str, ...] = ()

    @property
    def unfinished(self) -> bool:
        """Whether the data stop before the period ends."""
        return self.as_of < self.period.end

    def label(self) -> str:
        """The period in words, with “đến ngày …” when it is unfinished and its end is not said already."""
        if self.unfinished and self.counted is not None:
            return say("{} (đến {})", self.period.label(), day_label(self.as_of))
        if self.period.kind is Kind.YEAR_TO_DATE:
            return say("{} (đến {})", self.period.label(), day_label(self.period.end))
        return self.period.label()

    def compared_label(self) -> str:
        """The compared days in words; empty when nothing is compared."""
        return "" if self.compared is None else self.compared.dates()


@dataclass(frozen=True)
class Filters:
    """One state of the dashboard, in canonical form: values sorted, each once; free dates in order and instead of a code.

    `problems` are sentences about what was not understood and do not make filters different.
    """

    code: str | None = None
    start: date | None = None
    end: date | None = None
    clock: Clock = Clock.CALENDAR
    compare: Compare = Compare.SAME_PERIOD
    organisation: Organisation = Organisation.THEN
    levels: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        for name in LISTS.values():
            object.__setattr__(self, name, canonical(getattr(self, name)))
        if self.start is not None and self.end is not None and self.end < self.start:
            start, end = self.end, self.start
            object.__setattr__(self, "start", start)
            object.__setattr__(self, "end", end)
        named = None if self.start or self.end else parse_code(self.code or "", self.clock)
        object.__setattr__(self, "code", None if named is None else named.code())

    @classmethod
    def from_query(cls, query: str) -> Filters:
        """Filters of a query string, whatever stands in it."""
        return _Reader(query).filters()

    def to_query(self) -> str:
        """Canonical query string, without “?”: sorted keys, defaults left out."""
        return joined(self._parts)

    def to_query_with(self, attribute: str, codes: Iterable[str]) -> str:
        """The query string of the same filters with one list of codes set anew; `attribute` is a field such as “agencies”."""
        return with_codes(self._parts, attribute, codes)

    @cached_property
    def _parts(self) -> dict[str, str]:
        return parts_of(self)

    def with_period(self, period: Period) -> Filters:
        """The same filters for another period."""
        code = period.code()
        if code is not None:
            return replace(self, code=code, start=None, end=None, clock=period.clock)
        return replace(self, code=None, start=period.start, end=period.end)

    def with_values(self, attribute: str, values: Iterable[str]) -> Filters:
        """The same filters with one list of codes set anew; `attribute` is a field such as “agencies”."""
        changes: dict[str, Any] = {attribute: tuple(sorted(set(values)))}
        return replace(self, **changes)

    def within(self, rights: Rights) -> Filters:
        """The same filters for what a reader may see: of the asked agencies those in the scope, all of the scope where none is asked."""
        if rights.agencies is None:
            return self
        asked = set(self.agencies) & set(rights.agencies) if self.agencies else rights.agencies
        return replace(self, agencies=tuple(asked) or (NO_SUCH_CODE,))

    def timeframe(self, as_of: date, first_on: date) -> Timeframe:
        """The days to count, given the last and the first day of the data."""
        period = self._period(as_of)
        notices: list[str] = []
        if period.start > as_of:
            notices.append(say("Kỳ đã chọn ({}) nằm sau ngày số liệu {}: chưa có số liệu để tính. Hãy chọn kỳ sớm hơn.", period.dates(), day_label(as_of)))
        elif period.end < first_on:
            notices.append(say("Kỳ đã chọn ({}) nằm trước hồ sơ đầu tiên ({}): không có số liệu. Hãy chọn kỳ muộn hơn.", period.dates(), day_label(first_on)))
        if notices:
            return Timeframe(period, None, None, as_of, first_on, tuple(notices))
        counted = period.until(as_of)
        compared = self._compared(period, as_of)
        if compared is not None and compared.start < first_on - timedelta(days=EMPTY_FIRST_DAYS):
            notices.append(say("Kỳ so sánh ({}) bắt đầu trước hồ sơ đầu tiên ({}): không so sánh.", compared.dates(), day_label(first_on)))
            compared = None
        return Timeframe(period, counted, compared, as_of, first_on, tuple(notices))

    def _period(self, as_of: date) -> Period:
        named = parse_code(self.code or "", self.clock)
        if named is not None:
            return named
        if self.start is None and self.end is None:
            return year_to_date(as_of, self.clock)
        end = self.end or max(as_of, self.start or as_of)
        start = self.start or date(end.year, 1, 1)
        return Period(start, end, Kind.DAYS, self.clock)

    def _compared(self, period: Period, as_of: date) -> Period | None:
        if self.compare is Compare.NOTHING:
            return None
        earlier = same_period_last_year(period) if self.compare is Compare.SAME_PERIOD else previous_period(period)
        return like_for_like(period, earlier, as_of)


class _Reader:
    """Reads one query string, collecting a sentence for each value that cannot be understood."""

    def __init__(self, query: str) -> None:
        self.problems: list[str] = []
        text = query.encode("utf-8", "replace").decode()  # half a surrogate pair is no character, and no database takes one
        self.values: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        for key, value in parse_qsl(text.lstrip("?"), errors="replace"):
            if key in LISTS and value.strip():
                self.lists.setdefault(key, []).append(value)
            elif key in KEYS and value.strip():
                self.values[key] = value.strip()

    def filters(self) -> Filters:
        start, end = self._day("tu"), self._day("den")
        if start is not None and end is not None and end < start:
            self.problems.append(say("Ngày bắt đầu {} sau ngày kết thúc {}: đã đổi chỗ hai ngày.", day_label(start), day_label(end)))
            start, end = end, start
        clock = self._choice("lich", Clock, Clock.CALENDAR)
        return Filters(
            code=None if start or end else self._code(clock),
            start=start,
            end=end,
            clock=clock,
            compare=self._choice("ss", Compare, Compare.SAME_PERIOD),
            organisation=self._choice("tc", Organisation, Organisation.THEN),
            **{name: self._list(key) for key, name in LISTS.items()},
            problems=tuple(self.problems),
        )

    def _day(self, key: str) -> date | None:
        text = self.values.get(key)
        if text is None:
            return None
        match = _ISO.fullmatch(text)
        try:
            day = date(int(match[1]), int(match[2]), int(match[3])) if match else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._say(key, text, say("một ngày dạng 2026-01-31, từ năm {} đến năm {}", FIRST_YEAR, LAST_YEAR))
            return None
        return day

    def _code(self, clock: Clock) -> str | None:
        text = self.values.get("ky")
        if text is None or text == YEAR_TO_DATE_CODE:
            return None
        period = parse_code(text, clock)
        if period is None:
            self._say("ky", text, KEYS["ky"].removeprefix("kỳ: "))
            return None
        return period.code()

    def _choice(self, key: str, kind: type[_E], default: _E) -> _E:
        text = self.values.get(key)
        if text is None:
            return default
        try:
            return kind(text)
        except ValueError:
            self._say(key, text, say("một trong: ") + ", ".join(kind))
            return default

    def _list(self, key: str) -> tuple[str, ...]:
        texts = self.lists.get(key)
        if texts is None:
            return ()
        wanted = read_codes(texts)
        if len(wanted) > MOST_VALUES:
            self.problems.append(say("«{}» có {} giá trị, nhiều hơn {}: chỉ giữ {} giá trị đầu.", key, len(wanted), MOST_VALUES, MOST_VALUES))
        return tuple(wanted[:MOST_VALUES]) or (NO_SUCH_CODE,)

    def _say(self, key: str, text: str, wanted: str) -> None:
        self.problems.append(say("Không hiểu giá trị «{}» của «{}» (cần {}); đã dùng giá trị mặc định.", text[:LONGEST_CODE], key, wanted))
