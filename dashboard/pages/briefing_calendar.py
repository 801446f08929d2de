"""The reporting calendar of the page “Trình bày”: which periods there are, their days, whether the data reach them, and when reports are due."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked, Drawing
from dashboard.pages import phrases
from dashboard.pages.readings import rows_of
from dashboard.tables import Column, Kind, Table
from queries.period import Clock, Period
from queries.period import Kind as PeriodKind
from queries.reporting import CITATION

CLOCKS: Final = {Clock.CALENDAR: "Dương lịch", Clock.REPORTING: "Kỳ báo cáo (ngày 15–14)"}
Row = dict[str, Any]


def drawing(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The reporting periods around the date of the data, each with its exact days and its deadline."""
    rows = [_row(row, asked) for row in rows_of(frame)]
    columns = (
        Column("label", "Kỳ", link="link"),
        Column("clock_name", "Lịch"),
        Column("start", "Từ ngày", Kind.DATE),
        Column("end", "Đến ngày", Kind.DATE),
        Column("covered", "Số liệu"),
        Column("deadline_on", "Hạn báo cáo", Kind.DATE),
        Column("days_left", "Còn (ngày)", Kind.WHOLE),
        Column("remark", "Ghi chú"),
    )
    return Drawing(
        _title(rows),
        say("Kỳ báo cáo quanh ngày số liệu {} · hai cách tính tháng", text.date_label(asked.data.as_of)),
        table=Table(columns, tuple(rows)),
        lines=_lines(rows),
        note=(
            say(
                "Hạn theo {}: quý chậm nhất ngày 10 của tháng đầu quý sau, 6 tháng ngày 10/7, năm ngày 10/1; thông tư không nêu hạn "
                "cho tháng và 9 tháng. Phần văn bản đã đọc không nói hạn rơi vào ngày nghỉ có lùi hay không: cần đối chiếu văn bản. Kỳ "
                "báo cáo từ ngày 15 tháng trước đến ngày 14 theo NĐ 09/2019/NĐ-CP. Số ngày còn lại tính từ ngày số liệu, không từ hôm "
                "nay; số âm là đã qua. Thẻ này không phụ thuộc bộ lọc.",
                CITATION,
            )
        ),
    )


def _row(row: Row, asked: Asked) -> Row:
    clock = Clock(row["clock"])
    link = asked.link(code=row["code"] if isinstance(row["code"], str) else None, start=None, end=None, clock=clock)
    label = phrases.capital(Period(row["start"], row["end"], PeriodKind(row["kind"]), clock).label())
    return row | {"clock_name": CLOCKS[clock], "covered": _covered(row), "remark": _remark(row), "link": link, "label": label}


def _small(row: Row) -> str:
    """The name of a period inside a sentence."""
    label = str(row["label"])
    return phrases.small(label)


def _covered(row: Row) -> str:
    if row["is_covered"]:
        return say("đủ cả kỳ") if row["kind"] != PeriodKind.YEAR_TO_DATE else say("đủ đến ngày số liệu")
    return say("chưa có") if text.is_missing(row["covered_to"]) else say("mới đến {}", text.date_label(row["covered_to"]))


def _remark(row: Row) -> str:
    """What is special about a deadline: it falls on a day off."""
    if text.is_missing(row["deadline_on"]) or row["deadline_on"] == row["working_deadline_on"]:
        return ""
    return say("hạn rơi vào ngày nghỉ; ngày làm việc kế tiếp là {} (cần đối chiếu văn bản)", text.date_label(row["working_deadline_on"]))


def _due(rows: list[Row]) -> list[Row]:
    """Periods with a deadline that lies ahead, the next first."""
    ahead = [row for row in rows if not text.is_missing(row["days_left"]) and row["days_left"] >= 0]
    return sorted(ahead, key=lambda row: row["days_left"])


def _title(rows: list[Row]) -> str:
    ahead = _due(rows)
    if not ahead:
        return say("Không có hạn báo cáo nào ở phía trước trong các kỳ quanh ngày số liệu")
    first = ahead[0]
    names = text.join_names([_small(row) for row in ahead if row["days_left"] == first["days_left"]])
    return say("Báo cáo {} đến hạn ngày {}, còn {} ngày kể từ ngày số liệu", names, text.date_label(first["deadline_on"]), text.whole(first["days_left"]))


def _lines(rows: list[Row]) -> tuple[str, ...]:
    past = [row for row in rows if row["is_covered"] and not text.is_missing(row["days_left"]) and row["days_left"] < 0]
    if not past:
        return ()
    last = max(past, key=lambda row: (row["deadline_on"], row["label"]))
    return (say("Kỳ gần nhất đã đủ số liệu và đã qua hạn là {} (hạn {}).", _small(last), text.date_label(last["deadline_on"])),)
