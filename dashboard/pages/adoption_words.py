"""What the page “Chưa trả qua bưu chính” says: names of the verdicts, what to do about each, the messages and the remarks of its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import months, phrases
from queries import call_list, organisation
from queries.adoption import Verdict
from queries.call_list import NOT_IN_PERIOD
from queries.coverage import Span, covered_spans
from queries.measure import numerator
from queries.metrics import POSTAL_RETURN_RATE
from queries.period import Kind, Period
from queries.sentence import LEVEL_NAMES, VERDICT_NAMES

AGENCY_PAGE: Final = "/don-vi"
GROUPS: Final[dict[str, str]] = {**VERDICT_NAMES, NOT_IN_PERIOD: "Không tồn tại trong kỳ"}
MEANING: Final[dict[str, str]] = {
    Verdict.NOT_BY_POST: "Có trả kết quả, có ghi nhận hình thức trả, nhưng không kết quả nào qua bưu chính.",
    Verdict.CHANNEL_NOT_RECORDED: "Có trả kết quả nhưng không kết quả nào ghi hình thức trả, nên chưa kết luận được.",
    Verdict.NO_RESULT: "Có nguồn số liệu, nhưng trong kỳ không trả kết quả nào.",
    Verdict.NO_DATA: "Trong kỳ không có nguồn số liệu nào của đơn vị.",
    Verdict.RETURNS_BY_POST: "Có ít nhất một kết quả trả qua bưu chính.",
    NOT_IN_PERIOD: "Đơn vị đã kết thúc trước kỳ hoặc chưa hoạt động trong kỳ; không xét tình trạng.",
}
ADVICE: Final[dict[str, str]] = {
    Verdict.NOT_BY_POST: "Nhắc đơn vị hướng dẫn người dân đăng ký nhận kết quả qua bưu chính và bàn giao kết quả cho doanh nghiệp bưu chính.",
    **call_list.ADVICE,
    Verdict.RETURNS_BY_POST: "Không cần nhắc.",
}
ORDER: Final = {name: place for place, name in enumerate([*Verdict, NOT_IN_PERIOD])}
_STEPS: Final = {Kind.QUARTER: "quý", Kind.HALF: "nửa năm", Kind.YEAR: "năm"}


def level_name(level: object) -> str:
    """A level as a row or a choice is called."""
    return phrases.capital(LEVEL_NAMES.get(str(level), str(level)))


def step(period: Period) -> str:
    """What periods in a row are counted in: months, unless the asked period is a quarter, a half-year or a year."""
    return say(_STEPS.get(period.kind, "tháng"))


def counts(units: pd.DataFrame) -> dict[str, int]:
    """How many agencies that exist in the period have each verdict, in the order of the verdicts; those that do not exist come last."""
    existing = units.loc[units["in_period"], "verdict"].value_counts()
    return {**{name: int(existing.get(name, 0)) for name in VERDICT_NAMES}, NOT_IN_PERIOD: int((~units["in_period"]).sum())}


def title(units: pd.DataFrame) -> str:
    """The message of the list."""
    number = counts(units)
    existing = units[units["in_period"]]
    if len(existing) == 1:
        return _one(existing.iloc[0])
    calls = existing[existing["verdict"] == Verdict.NOT_BY_POST]
    if existing.empty:
        return say("{} không hoạt động trong kỳ đã chọn", text.join_names(list(units["agency_name"])))
    if not calls.empty:
        who = (
            say("{} trong {} đơn vị", len(calls), len(existing))
            if len(calls) > 1
            else say("Trong {} đơn vị, chỉ {}", len(existing), calls["agency_name"].iloc[0])
        )
        return say("{} trả {} kết quả nhưng chưa trả kết quả nào qua bưu chính", who, text.whole(int(calls["returned"].sum())))
    if number[Verdict.RETURNS_BY_POST] == len(existing):
        return say("Cả {} đơn vị đều có trả kết quả qua bưu chính", len(existing))
    rest = [f"{number[name]} {_small(name)}" for name in VERDICT_NAMES if number[name] and name != Verdict.NOT_BY_POST]
    return say("Không có đơn vị nào phải nhắc: trong {} đơn vị, {}", len(existing), text.join_names(rest, 5))


def _one(row: pd.Series) -> str:
    """The message about a single agency."""
    name, returned = row["agency_name"], text.whole(row["returned"])
    match row["verdict"]:
        case Verdict.RETURNS_BY_POST:
            return say(
                "{} trả {} trong {} kết quả có ghi hình thức qua bưu chính", name, text.whole(row["returned_by_post"]), text.whole(row["returned_recorded"])
            )
        case Verdict.NOT_BY_POST:
            return say("{} trả {} kết quả nhưng chưa trả kết quả nào qua bưu chính", name, returned)
        case Verdict.CHANNEL_NOT_RECORDED:
            return say("{} trả {} kết quả nhưng không ghi nhận hình thức trả của kết quả nào", name, returned)
        case Verdict.NO_RESULT:
            return say("{} không có kết quả nào để trả trong kỳ", name)
    return say("{} chưa có số liệu trong kỳ", name)


def _small(name: str) -> str:
    return phrases.small(VERDICT_NAMES[name])


def adding_up(units: pd.DataFrame) -> str:
    """How the verdicts add up to the list of agencies; empty where there is nothing to add."""
    number = counts(units)
    gone = number.pop(NOT_IN_PERIOD)
    whole = sum(number.values())
    if whole < 2:
        return ""
    parts = " + ".join(f"{count} {_small(name)}" for name, count in number.items() if count)
    outside = say("; {} đơn vị khác của danh mục không tồn tại trong kỳ, không xét", gone) if gone else ""
    return say("{} đơn vị tồn tại trong kỳ = {}{}.", whole, parts, outside)


def against(units: pd.DataFrame, earlier: pd.DataFrame, asked: Asked) -> str:
    """The same in the compared period; empty without a comparison."""
    if earlier.empty or asked.timeframe.compared is None:
        return ""
    when = f"{phrases.capital(phrases.compared_name(asked))} ({asked.timeframe.compared_label()})"
    if len(units) == 1:
        return f"{when}: {_small(earlier['verdict'].iloc[0])}."
    now, before = counts(units)[Verdict.NOT_BY_POST], int((earlier["verdict"] == Verdict.NOT_BY_POST).sum())
    return say("{} {}có {} trong {} đơn vị chưa trả qua bưu chính.", when, "cũng " if now == before else "", before, len(earlier))


def about_groups(chosen: Sequence[str]) -> list[str]:
    """What the chosen verdicts mean and what to do about each; a word that is no verdict is said to be none."""
    known = [f"{say(name)}: {say(MEANING[group])} {say(ADVICE[group])}" for group, name in GROUPS.items() if group in chosen]
    unknown = [say("Không có tình trạng «{}»; các tình trạng: {}.", group[:40], ", ".join(GROUPS)) for group in chosen if group not in GROUPS]
    return known + unknown


def stopped(rows: pd.DataFrame) -> str:
    """Agencies to remind that returned by post before the period, with the day of the last return; empty when there is none."""
    found = rows[rows["in_period"] & (rows["verdict"] == Verdict.NOT_BY_POST) & rows["last_before"].notna()]
    if found.empty:
        return ""
    found = found.sort_values(["last_before", "agency_name"], ascending=[False, True])
    names = [say("{} (lần cuối {})", name, text.date_label(day)) for name, day in zip(found["agency_name"], found["last_before"], strict=True)]
    return say("{} đơn vị trước kỳ này từng trả qua bưu chính, trong kỳ không còn: {}.", len(found), text.join_names(names))


def remark(row: pd.Series, lives: Mapping[str, list[Span]], feeds: Mapping[str, list[Span]], period: Period) -> str:
    """What a reader should know about one row: when it last returned by post, when it ended, until when its feed reaches."""
    code = str(row["agency_code"])
    if not row["in_period"]:
        return _nearest(lives.get(code, []), period, say("kết thúc ngày"), say("hoạt động từ ngày"))
    if row["verdict"] == Verdict.NO_DATA:
        return _nearest(feeds.get(code, []), period, say("nguồn số liệu dừng ở ngày"), say("có nguồn số liệu từ ngày")) or say("chưa có nguồn số liệu")
    if row["verdict"] != Verdict.NOT_BY_POST:
        return ""
    later = pd.notna(row["last_postal_return"]) and row["last_postal_return"].date() > period.end
    if pd.notna(row["last_before"]):
        return say("trước kỳ này có trả, lần cuối {}", text.date_label(row["last_before"])) + (say("; trả lại sau kỳ này") if later else "")
    return say("bắt đầu trả qua bưu chính sau kỳ này") if later else say("chưa từng trả qua bưu chính")


def _nearest(spans: list[Span], period: Period, ended: str, begins: str) -> str:
    """The day on which the last span before the period ended, or else the first one after it begins; empty when there is neither."""
    ends = [span.last for span in spans if span.last is not None and span.last < period.start]
    starts = [span.first for span in spans if span.first is not None and span.first > period.end]
    if ends:
        return f"{ended} {text.date_label(max(ends))}"
    return f"{begins} {text.date_label(min(starts))}" if starts else ""


def feeds(asked: Asked) -> dict[str, list[Span]]:
    """The days a feed covers each agency, by code of the asked view."""
    return covered_spans(asked.data, organisation.today(asked.data.catalogue, asked.filters.organisation, "agency"))


def left_out(units: pd.DataFrame, results: pd.DataFrame, asked: Asked) -> str:
    """Small print of the list: what it counts in, and results of agencies that stand on no list."""
    unit = step(asked.timeframe.period)
    words = [
        say("“Ghi hình thức”: kết quả có ghi nhận hình thức trả. “Lần gần nhất”: lần trả qua bưu chính gần nhất đến ngày số liệu, kể cả sau kỳ."),
        say(
            "“Số {} liền” không có kết quả qua bưu chính: đếm ngược từ cuối kỳ, xa nhất đến kết quả đầu tiên của đơn vị, kể cả {} không ghi hình thức.",
            unit,
            unit,
        ),
        say("“Thủ tục”: số thủ tục của đơn vị được trả kết quả qua bưu chính theo danh mục."),
    ]
    if asked.filters.channels or asked.filters.procedures or asked.filters.sectors or asked.filters.areas:
        words.append(say("Tình trạng chỉ xét hồ sơ trong phạm vi lọc, không phải mọi hồ sơ của đơn vị."))
    gone = units[~units["in_period"] & (units["returned"] > 0)]
    if not gone.empty:
        returned, by_post = text.whole(int(gone["returned"].sum())), text.whole(int(gone["returned_by_post"].sum()))
        words.append(
            say("{} đơn vị không tồn tại trong kỳ vẫn có {} kết quả mang mã của mình ({} qua bưu chính), không tính ở đây.", len(gone), returned, by_post)
        )
    outside = results[~results["agency_code"].isin(set(units["agency_code"]))]
    returned_outside = int(outside["returned"].fillna(0).sum())
    if returned_outside:
        by_post = text.whole(int(outside[numerator(POSTAL_RETURN_RATE)].fillna(0).sum()))
        words.append(
            say("{} kết quả ({} qua bưu chính) chưa gán đơn vị hoặc mang mã ngoài danh mục nên không thuộc dòng nào.", text.whole(returned_outside), by_post)
        )
    return " ".join(words)


def months_title(frame: pd.DataFrame, asked: Asked) -> str:
    """The last month against the same month of the year before; of one agency, in how many months it returned by post."""
    if len(asked.filters.agencies) == 1:
        having, by_post = int((frame["agencies_with_results"] > 0).sum()), int((frame["agencies_by_post"] > 0).sum())
        return say("{}: {} trong {} tháng có kết quả là có trả qua bưu chính", phrases.capital(phrases.place(asked)), by_post, having)
    now, before = frame.iloc[-1], frame.iloc[-13]
    last = phrases.capital(months.until(asked, [int(now["month"])]) or months.name(asked, int(now["month"])))
    if not now["agencies_with_results"]:
        return say("{}: chưa đơn vị nào có kết quả trả", last)
    said = say("{}: {} trong {} đơn vị có kết quả đã trả qua bưu chính", last, now["agencies_by_post"], now["agencies_with_results"])
    if pd.isna(before["agencies_with_results"]):
        return said
    if not before["agencies_with_results"]:
        return say("{}; {} chưa đơn vị nào có kết quả", said, months.name(asked, int(before["month"])))
    whole = "" if months.is_finished(asked, int(now["month"])) else say(" (cả tháng)")
    return say("{}; {}{} là {} trong {}", said, months.name(asked, int(before["month"])), whole, before["agencies_by_post"], before["agencies_with_results"])
