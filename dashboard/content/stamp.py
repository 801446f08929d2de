"""The stamp of a file: what was asked, on which data, when it was made, and the code under which the same state can be opened again."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from dashboard import VERSION, tables, text
from dashboard.cards import Asked
from dashboard.tables import TableState
from queries.sentence import sentence

VIETNAM: Final = timezone(timedelta(hours=7))
CODE_LENGTH: Final = 10
DEMO: Final = "Dữ liệu minh họa: mọi con số trong tệp này là số giả định, không dùng để báo cáo."
CODE_PATH: Final = "/ma/"


class Audience(StrEnum):
    """For whom a file is made; outside the house small counts are suppressed."""

    INSIDE = "noi-bo"
    OUTSIDE = tables.OUTSIDE


def audience_of(state: TableState) -> Audience:
    """For whom a file of a state is made."""
    return Audience(state.audience) if state.audience else Audience.INSIDE


AUDIENCE_NAMES: Final = {Audience.INSIDE: "Nội bộ", Audience.OUTSIDE: "Gửi ra ngoài (che số nhỏ)"}


@dataclass(frozen=True)
class Making:
    """What whoever makes a file knows besides the data: the moment (Viet Nam time), the address of this dashboard, the audience, the place, and the
    setting `small_cell`: outside the house counts from 1 to one less are suppressed.
    """

    made_at: datetime
    base_url: str = "http://127.0.0.1:8050"
    audience: Audience = Audience.INSIDE
    place: str = "Tỉnh Lai Châu"
    small_cell: int = 5

    def absolute(self, link: str) -> str:
        """A link from the root as a full address."""
        return self.base_url.rstrip("/") + link


@dataclass(frozen=True)
class Stamp:
    """What stands on every file. `link` is the full address of the same state, `code_link` that of its code, `scope` the key of the maker's rights."""

    what: str
    filters: str
    dates: str
    as_of: date
    source_name: str
    made_at: datetime
    code: str
    link: str
    code_link: str
    place: str
    is_demo: bool
    audience: Audience
    version: str = VERSION
    scope: str = ""

    def lines(self) -> tuple[str, ...]:
        """The stamp in words, one line each; only the line with the time of making differs between two files of one state."""
        outside = ("Tệp gửi ra ngoài: các số nhỏ đã được che.",) if self.audience is Audience.OUTSIDE else ()
        return (
            *((DEMO,) if self.is_demo else ()),
            self.filters,
            f"Các ngày được tính: {self.dates}. Số liệu đến {text.date_label(self.as_of)}. Nguồn: {self.source_name or 'cơ sở dữ liệu hồ sơ của tỉnh'}.",
            *outside,
            self.made_line,
            f"Mở lại đúng trạng thái và xem số liệu có thay đổi không: {self.code_link}",
        )

    @property
    def made_line(self) -> str:
        """When and by which version the file was made, and its code."""
        return f"Lập lúc {text.datetime_label(self.made_at)} bằng phiên bản {self.version}. Mã đối chiếu: {self.code}."

    @property
    def short(self) -> str:
        """The stamp in one line for the foot of a page: data date, code, and that made-up data is made up."""
        mark = "Dữ liệu minh họa · " if self.is_demo else ""
        return f"{mark}Số liệu đến {text.date_label(self.as_of)} · Mã đối chiếu {self.code}"


def now() -> datetime:
    """This moment in Viet Nam time, without zone. The only clock of the files; it never decides a figure."""
    return datetime.now(VIETNAM).replace(tzinfo=None, microsecond=0)


def stamp_of(what: str, key: str, asked: Asked, making: Making) -> Stamp:
    """The stamp of a file. `what` names it for the reader, `key` is its address in a code (“card:overview.months”, “briefing:quy”)."""
    counted = asked.timeframe.counted
    code = code_of(key, asked, making.audience)
    return Stamp(
        what=what,
        filters=sentence(asked.filters, asked.data),
        dates=counted.dates() if counted is not None else "không có, kỳ nằm ngoài số liệu",
        as_of=asked.data.as_of,
        source_name=asked.data.source_name,
        made_at=making.made_at,
        code=code,
        link=making.absolute(asked.link(state=asked.state)),
        code_link=making.absolute(CODE_PATH + code),
        place=making.place,
        is_demo=asked.data.is_demo,
        audience=making.audience,
        scope=asked.data.rights.key,
    )


def code_of(key: str, asked: Asked, audience: Audience) -> str:
    """The code of a state on a version of the data: the same for the same, as `K7QF2-M9TXA`; letters and digits that are not mistaken for each other."""
    state = f"{asked.filters.to_query()}\n{asked.state.to_query()}"
    given = f"{key}\n{state}\n{audience}\n{asked.data.version}\n{asked.data.as_of.isoformat()}\n{VERSION}"
    digest = base64.b32encode(hashlib.sha256(given.encode()).digest()).decode()
    letters = digest.replace("I", "8").replace("O", "9")[:CODE_LENGTH]
    return f"{letters[:5]}-{letters[5:]}"
