"""The call list of the page “Chưa trả qua bưu chính”: whom to call, why, and with what in hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked, Choice, Drawing
from dashboard.pages import adoption_words as words
from dashboard.pages import phrases
from dashboard.tables import Column, Kind, Table
from queries.adoption import Verdict
from queries.call_list import BETWEEN_NAMES, NORM_MONTHS, NOT_IN_PERIOD, Reason, verdict_counts
from queries.sentence import VERDICT_NAMES

REASONS: Final[dict[str, str]] = {
    Reason.NEVER: "Chưa từng trả",
    Reason.STOPPED: "Đã ngừng",
    Reason.BELOW_NORM: "Thấp hơn mức của chính mình",
}
_NAME_WIDTH: Final = 46  # of a procedure in the table; its whole name is in the files
_TITLES: Final[dict[str, str]] = {
    Reason.NEVER: "chưa từng trả qua bưu chính",
    Reason.STOPPED: "đã ngừng trả qua bưu chính",
    Reason.BELOW_NORM: "trả thấp hơn mức của chính mình",
}


def counts(calls: pd.DataFrame) -> dict[str, int]:
    """How many calls there are for each reason, in the order of urgency."""
    found = calls["reason"].value_counts()
    return {str(reason): int(found.get(reason, 0)) for reason in Reason}


def title(calls: pd.DataFrame, units: pd.DataFrame) -> str:
    """Whom to call, by reason; of one unit, why it is called or that it is not."""
    existing = units[units["in_period"]]
    number = {reason: count for reason, count in counts(calls).items() if count}
    if calls.empty:
        return say("{} không thuộc diện phải gọi", existing["agency_name"].iloc[0]) if len(existing) == 1 else say("Không có đơn vị nào phải gọi")
    if len(calls) == 1:
        row = calls.iloc[0]
        return say("Cần gọi {}: {}, {}", row["agency_name"], _TITLES[row["reason"]], _meanwhile(row))
    if len(number) == 1:
        return say("Cần gọi {} đơn vị {}", len(calls), _TITLES[next(iter(number))])
    parts = [f"{count} {say(_TITLES[reason]).removesuffix(say(' qua bưu chính'))}" for reason, count in number.items()]
    return say("Cần gọi {} đơn vị về trả kết quả qua bưu chính: {}", len(calls), text.join_names(parts))


def _meanwhile(row: pd.Series) -> str:
    if row["reason"] == Reason.BELOW_NORM:
        return say("{} trong kỳ", _rate(row["period_by_post"], row["period_recorded"]))
    since = say(" từ ngày {}", text.date_label(row["counted_from"])) if pd.notna(row["counted_from"]) else ""
    return say("trong khi đã trả {} kết quả{}", text.whole(row["returned"]), since)


def _rate(above: object, below: object) -> str:
    """A rate with its two sums: “14,2% (917/6.444)”."""
    return f"{text.percent(above, below)} ({text.whole(above)}/{text.whole(below)})"


def lines(calls: pd.DataFrame, units: pd.DataFrame, asked: Asked) -> tuple[str, ...]:
    """How the calls and the other verdicts add up to the catalogue; nothing where a single agency is asked for."""
    number, reasons = verdict_counts(units), counts(calls)
    if len(units) < 2:
        return ()
    why = [f"{reasons[reason]} {label}" for reason, label in ((Reason.NEVER, say("chưa từng trả")), (Reason.STOPPED, say("đã ngừng"))) if reasons[reason]]
    silent = say("{} chưa trả trong kỳ", number[Verdict.NOT_BY_POST]) + (f" ({', '.join(why)})" if why else "")
    active = say("{} có trả qua bưu chính", number[Verdict.RETURNS_BY_POST])
    if reasons[Reason.BELOW_NORM]:
        active += say(" ({} thấp hơn mức của chính mình)", reasons[Reason.BELOW_NORM])
    others = {
        Verdict.CHANNEL_NOT_RECORDED: say("không ghi nhận hình thức"),
        Verdict.NO_RESULT: say("không có kết quả trả"),
        Verdict.NO_DATA: say("chưa có số liệu"),
        NOT_IN_PERIOD: say("không tồn tại trong kỳ"),
    }
    parts = [silent, active, *(f"{number[name]} {label}" for name, label in others.items() if number[name])]
    where = say("trong phạm vi đã chọn") if asked.filters.agencies or asked.filters.levels else say("của danh mục")
    added = say("{} đơn vị {} = {}.", len(units), where, " + ".join(parts))
    apart = sum(number[name] for name in list(others)[:3])
    if not apart:
        return (added,)
    return added, say(
        "Không gọi {} đơn vị không ghi nhận hình thức, không có kết quả trả hoặc chưa có số liệu: việc cần làm với từng đơn vị ở các thẻ sau.", apart
    )


def chosen(calls: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The rows of the reasons that the address names; all where it names none."""
    reasons = [name for name in asked.state.verdicts if name in REASONS]
    return calls[calls["reason"].isin(reasons)] if reasons else calls


def choices(calls: pd.DataFrame, asked: Asked) -> tuple[Choice, ...]:
    """One choice per reason with its count, and the way back to all; none where there is one reason only."""
    number = counts(calls)
    reasons = tuple(name for name in asked.state.verdicts if name in REASONS)
    if sum(1 for count in number.values() if count) < 2 and not reasons:
        return ()
    found = [Choice("Tất cả", _link(asked, ()), not reasons, text.whole(len(calls)))]
    found += [
        Choice(REASONS[name], _link(asked, () if reasons == (name,) else (name,)), name in reasons, text.whole(count))
        for name, count in number.items()
        if count or name in reasons
    ]
    return tuple(found)


def _link(asked: Asked, reasons: tuple[str, ...]) -> str:
    kept = tuple(name for name in asked.state.verdicts if name not in REASONS)
    return asked.link(state=replace(asked.state, verdicts=tuple(sorted((*kept, *reasons))), page=1))


def table(calls: pd.DataFrame, asked: Asked) -> Table:
    """The list as a table that sorts, searches and lets its rows be chosen for the files."""
    step = words.step(asked.timeframe.period)
    columns = (
        Column("agency_name", "Đơn vị", link="link"),
        Column("why", "Vì sao gọi"),
        Column("periods_without", say("Số {} liền chưa trả", step), Kind.WHOLE),
        Column("returned", "Kết quả trả trong lúc đó", Kind.WHOLE),
        Column("returned_listed", "Trong danh mục", Kind.WHOLE),
        Column("registered_not_carried", "Đăng ký, chưa chuyển", Kind.WHOLE),
        Column("last_postal_return", "Lần gần nhất", Kind.DATE),
        Column("similar", "Đơn vị tương tự có trả"),
        Column("start", "Nên bắt đầu từ thủ tục"),
        Column("level_name", "Cấp"),
    )
    rows = tuple(_row({str(key): value for key, value in row.items()}, asked) for row in calls.to_dict("records"))
    return Table(columns, rows, interactive=True, search_keys=("agency_name", "short_name", "why", "level_name"), choose="agency_code")


def _row(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
    shown = {
        "link": asked.link(words.AGENCY_PAGE, agencies=(row["agency_code"],)),
        "level_name": words.level_name(row["level"]),
        "why": _why(row),
        "similar": pd.NA if text.is_missing(row["similar_names"]) else _similar(row),
        "start": pd.NA if text.is_missing(row["procedures_to_start"]) else _start(row),
    }
    return row | shown


def _why(row: dict[str, Any]) -> str:
    name = REASONS[row["reason"]]
    if row["reason"] == Reason.STOPPED:
        return say("{}: lần cuối trước kỳ {}", name, text.date_label(row["stopped_since"]))
    if row["reason"] == Reason.BELOW_NORM:
        return say("{}: {}, thường không dưới {}", name, _rate(row["period_by_post"], row["period_recorded"]), text.percent(row["lower_limit"], 1))
    return name


def _similar(row: dict[str, Any]) -> str:
    return f"{row['similar_names']}: {_rate(row['similar_by_post'], row['similar_recorded'])}"


def _start(row: dict[str, Any]) -> str:
    """The procedures with their codes; those that another agency already returns by post have a mark."""
    codes, names = row["procedures_to_start"].split("; "), row["procedures_to_start_names"].split(BETWEEN_NAMES)
    marks = ["✓ " if place < row["done_elsewhere"] else "" for place in range(len(codes))]
    return "; ".join(
        f"{mark}{code}" + (f" {text.shorten(name, _NAME_WIDTH)}" if name != code else "") for mark, code, name in zip(marks, codes, names, strict=True)
    )


def note(asked: Asked) -> str:
    """Small print: what the columns count."""
    step = words.step(asked.timeframe.period)
    parts = [
        say("“Kết quả trả trong lúc đó”: mọi hình thức, từ sau lần trả qua bưu chính cuối trước kỳ (chưa từng trả: từ đầu) đến hết kỳ."),
        say("Với đơn vị thấp hơn mức của chính mình chỉ tính trong kỳ. “Trong danh mục”: của thủ tục được trả qua bưu chính theo danh mục."),
        say("“Đăng ký, chưa chuyển”: đã đăng ký nhận qua bưu chính nhưng bưu chính chưa nhận."),
        say("“Số {} liền chưa trả”: đếm ngược từ cuối kỳ. “Lần gần nhất”: kể cả sau kỳ.", step),
        say("Thấp hơn mức của chính mình: tỷ lệ trong kỳ dưới giới hạn dao động thường của {} tháng trước kỳ.", NORM_MONTHS),
        say("Đơn vị tương tự: cùng cấp, cơ cấu thủ tục và số kết quả gần nhau; tỷ lệ là của chung các đơn vị được nêu."),
        say("✓: thủ tục đã có đơn vị khác trả qua bưu chính."),
    ]
    if asked.filters.channels or asked.filters.procedures or asked.filters.sectors or asked.filters.areas:
        parts.append(say("Danh sách chỉ xét hồ sơ trong phạm vi lọc, không phải mọi hồ sơ của đơn vị."))
    parts.append(say("Chọn đơn vị ở cột đầu rồi tải danh sách hoặc thư nhắc; không chọn là tải cả danh sách."))
    return " ".join(parts)


def subtitle(asked: Asked) -> str:
    """Measure, place, time."""
    return phrases.subtitle(asked, "Đơn vị cần gọi về trả kết quả qua bưu chính")


def others(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Agencies without a recorded channel, without a result or without data: never an accusation, each with what to do."""
    rows = frame[frame["verdict"] != NOT_IN_PERIOD]
    about = phrases.subtitle(asked, "Đơn vị chưa kết luận được")
    if rows.empty:
        return Drawing("Không có đơn vị nào thiếu ghi nhận hình thức, thiếu kết quả hay thiếu số liệu", about, is_empty=True)
    number = rows["verdict"].value_counts()
    parts = [f"{number[verdict]} {phrases.small(name)}" for verdict, name in VERDICT_NAMES.items() if verdict in number]
    links = [asked.link("/don-vi", agencies=(str(code),)) for code in rows["agency_code"]]
    columns = (
        Column("agency_name", "Đơn vị", link="link"),
        Column("verdict", "Tình trạng", Kind.VERDICT),
        Column("returned", "Kết quả trả", Kind.WHOLE),
        Column("last_postal_return", "Lần gần nhất qua bưu chính", Kind.DATE),
        Column("advice", "Việc cần làm"),
    )
    return Drawing(
        say("{} đơn vị chưa kết luận được, không gọi: {}", len(rows), text.join_names(parts, limit=3)),
        about,
        table=Table.of(rows.assign(link=links), columns),
        note="Thiếu ghi nhận, thiếu kết quả hay thiếu số liệu không có nghĩa là không trả qua bưu chính.",
    )
