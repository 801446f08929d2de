"""The pace towards the year's targets, in rows and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from config.language import say
from config.targets import UNCONFIRMED, Target, known_targets
from dashboard import text
from dashboard.cards import Asked, Drawing
from dashboard.pages import phrases
from dashboard.pages import score_words as words
from dashboard.pages.readings import rows_of
from dashboard.pages.score_words import Row
from dashboard.tables import Column, Kind, Table
from queries.metrics import BY_KEY
from queries.pace import AGENCY, NO_TARGET, PROVINCE, Year, with_targets
from queries.paces import Paces, adds_up

_AGENCY_PAGE: Final = "/don-vi"
_DONE: Final = {"postal_return_rate": "kết quả trả qua bưu chính", "postal_receipt_rate": "hồ sơ tiếp nhận qua bưu chính"}
_COLUMNS: Final = (
    Column("name", "Phạm vi", link="link"),
    Column("label", "Số đo"),
    Column("aim", "Chỉ tiêu"),
    Column("done", "Đã làm", Kind.WHOLE),
    Column("per_day", "Mỗi ngày làm việc đã qua", Kind.NUMBER),
    Column("goal", "Cả năm cần", Kind.WHOLE),
    Column("remaining", "Còn phải làm", Kind.WHOLE),
    Column("needed_per_day", "Cần mỗi ngày làm việc", Kind.NUMBER),
    Column("range", "Dự báo cả năm"),
    Column("remark", "Ghi chú"),
)


def drawing(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The card: the province and every unit that has a target or is asked."""
    year = Year.of(asked.data.as_of, asked.filters.clock)
    known, problems = known_targets(asked.targets or (), BY_KEY, asked.data.catalogue.agency_names)
    narrowed = _narrowed(asked)
    rows, counted = _rows(frame, () if narrowed else known, year, asked)
    first = rows[0]
    notes = sorted({row["target_note"] for row in rows if row["target_note"]})
    return Drawing(
        _title(first, year),
        say("Từ đầu năm {} đến {} · {}", year.number, text.date_label(asked.data.as_of), phrases.place(words.everywhere(asked))),
        lines=(
            say("Năm {} đã qua {} ngày làm việc, còn {} ngày (trừ thứ bảy, chủ nhật và ngày lễ).", year.number, year.days_past, year.days_left),
            *(f"{(phrases.capital(note) if note == UNCONFIRMED else say('Căn cứ chỉ tiêu: {}', note))}." for note in notes),
            *((narrowed,) if narrowed else ()),
            *(() if narrowed else _left_out(known, counted, year, asked)),
            *(words.local(problem) for problem in problems),
        ),
        table=Table(_COLUMNS, tuple(rows)),
        note="Kỳ ở bộ lọc không ảnh hưởng thẻ này. Dự báo là khoảng, lấy cùng các tháng năm trước nhân mức tăng gần đây; "
        "không hiện khi dự báo thử trên số liệu cũ sai trung bình quá 35% hoặc có dưới 24 tháng. Chỉ tiêu tỷ lệ tính trên số hồ sơ dự báo của cả năm.",
    )


def _narrowed(asked: Asked) -> str:
    """Why no target is shown: it is set for all dossiers of the province or of a unit."""
    filters = asked.filters
    if not (filters.procedures or filters.sectors or filters.areas or filters.channels):
        return ""
    return say("Đang lọc theo thủ tục, lĩnh vực, địa bàn hoặc hình thức: không so với chỉ tiêu, vì chỉ tiêu đặt cho toàn bộ hồ sơ.")


def _rows(frame: pd.DataFrame, targets: Sequence[Target], year: Year, asked: Asked) -> tuple[list[Row], set[tuple[str, str | None]]]:
    """The rows shown, the province first, and the metric and unit of every target that counted."""
    shown = list(dict.fromkeys(frame["metric"]))
    more = [key for key in dict.fromkeys(target.metric for target in targets) if key not in shown and adds_up(key)]
    whole = [frame[frame["metric"] == key] for key in shown]
    whole += [asked.data.ask(Paces((key,)), asked.filters) for key in more]
    found: list[Row] = []
    counted: set[tuple[str, str | None]] = set()
    for part in whole:
        metric = BY_KEY[part["metric"].iloc[0]]
        for row in rows_of(with_targets(part, targets, metric, year.last)):
            aimed = not text.is_missing(row["target"])
            if aimed:
                counted.add((metric.key, row["code"] or None))
            if aimed or (metric.key in shown and (row["kind"] == PROVINCE or (row["kind"] == AGENCY and row["code"] in asked.filters.agencies))):
                found.append(row | _words(row, asked))
    found.sort(key=lambda row: row["kind"] != PROVINCE)
    return found, counted


def _words(row: Row, asked: Asked) -> Row:
    """The cells that are words, and the link."""
    metric = BY_KEY[row["metric"]]
    aim = text.MISSING
    if not text.is_missing(row["target"]):
        aim = words.share(row["target"]) if metric.is_ratio else f"{text.number(row['target'])} {say(metric.unit)}"
    has_range = not text.is_missing(row["forecast_low"])
    remarks = [row["no_need"], "" if has_range else row["no_forecast"]]
    if has_range and not text.is_missing(row["goal"]):
        remarks.append(_outlook(row))
    return {
        "name": phrases.capital(row["name"]),
        "link": asked.link(_AGENCY_PAGE, agencies=(row["code"],)) if row["kind"] == AGENCY else "",
        "aim": aim,
        "range": f"{text.whole(row['forecast_low'])} – {text.whole(row['forecast_high'])}" if has_range else text.MISSING,
        "remark": "; ".join(dict.fromkeys(say(remark) for remark in remarks if remark)),
    }


def _outlook(row: Row) -> str:
    """Where the range lies beside the goal."""
    if row["done"] >= row["goal"]:
        return say("đã đạt")
    if row["forecast_low"] >= row["goal"]:
        return say("cả khoảng dự báo đều đạt")
    return say("cả khoảng dự báo đều chưa đạt") if row["forecast_high"] < row["goal"] else say("khoảng dự báo nằm hai bên chỉ tiêu")


def _title(row: Row, year: Year) -> str:
    """The first row, that of the province: what it needs, or what is done and where the year may end."""
    who, what = row["name"], _DONE.get(row["metric"], row["label"])
    done = say("{} năm {} đã có {} {}", who, year.number, text.whole(row["done"]), what) if row["done"] else say("{} năm {} chưa có {}", who, year.number, what)
    if not text.is_missing(row["goal"]) and not row["remaining"]:
        return say("{}, đủ phần của cả năm theo chỉ tiêu {}", done, row["aim"]) if row["done"] else done
    if not text.is_missing(row["needed_per_day"]):
        need = say("{} cần thêm {} {} để cả năm {} đạt {}", who, text.whole(row["remaining"]), what, year.number, row["aim"])
        return say("{}: mỗi ngày làm việc {}, đến nay mỗi ngày {}", need, text.number(row["needed_per_day"]), text.number(row["per_day"]))
    if not text.is_missing(row["forecast_low"]):
        return say("{}; dự báo cả năm từ {} đến {}", done, text.whole(row["forecast_low"]), text.whole(row["forecast_high"]))
    why = next((words for words in (row["no_need"], row["no_forecast"]) if words and words != NO_TARGET), NO_TARGET)
    return f"{done}; {say(why)}"


def _left_out(known: Sequence[Target], counted: set[tuple[str, str | None]], year: Year, asked: Asked) -> list[str]:
    """Targets of this year's days that no row is held against, each with its place."""
    found = []
    for target in known:
        if (target.metric, target.agency) in counted or not target.covers(year.last):
            continue
        label, unit = BY_KEY[target.metric].label, target.agency
        if not adds_up(target.metric):
            why = say("số đo này không cộng dồn theo tháng nên không có nhịp độ ngày")
        elif unit is not None and not asked.filters.agencies and not asked.filters.levels:
            why = say("{} không hoạt động tại ngày số liệu", phrases.agency_name(asked, unit))
        elif unit is None:
            why = say("số tuyệt đối chỉ so được khi ghi cho một năm")
        else:
            continue
        found.append(say("Chưa dùng chỉ tiêu “{}” ({}): {}.", label, words.local(target.where) or "tệp chỉ tiêu", why))
    return found
