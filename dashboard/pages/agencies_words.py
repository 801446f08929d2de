"""The sentences of the page Cơ quan, đơn vị, computed from the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import months, phrases
from dashboard.pages.readings import Reading
from queries import metrics, organisation, standing
from queries.adoption import Verdict
from queries.backlog import SOON_DAYS
from queries.filters import Organisation
from queries.measure import denominator
from queries.period import day_label, month_end, month_start
from queries.sentence import LEVEL_NAMES

Row = Mapping[str, Any]
RANKINGS: Final = {
    "returned_by_post": "Kết quả trả qua bưu chính",
    "received_by_post": "Hồ sơ tiếp nhận qua bưu chính",
    "postal_return_rate": "Tỷ lệ trả kết quả qua bưu chính",
    "postal_receipt_rate": "Tỷ lệ tiếp nhận hồ sơ qua bưu chính",
}
RATES: Final = ("postal_return_rate", "postal_receipt_rate")
WHOLE_NAMES: Final = {"received": "tiếp nhận", "returned": "đã trả", "open": "đang giải quyết"}
_RATE: Final = metrics.POSTAL_RETURN_RATE


def level_name(level: str | None) -> str:
    """Name of a level inside a sentence."""
    return LEVEL_NAMES.get(level or "", "cùng cấp")


def line_name(row: Row, asked: Asked) -> str:
    """Name of a line of comparison."""
    if row["kind"] == standing.PEER:
        return str(row["name"])
    if row["kind"] == standing.LEVEL:
        return phrases.capital(level_name(str(row["code"])))
    return say("Toàn tỉnh") if row["kind"] == standing.PROVINCE else phrases.capital(phrases.place(asked))


def rate_hover(row: Row, minimum: int) -> str:
    """A rate with both its sums."""
    reading = Reading.of_measure(_RATE, row, minimum)
    return say("{}\n{}: {} trong {} kết quả có ghi nhận hình thức", row["name"], reading.value(), text.whole(reading.now), text.whole(reading.below))


def unit_title(rows: Sequence[Row], asked: Asked) -> str:
    """Where the asked units stand against the province and among their peers."""
    own, province = (Reading.of_measure(_RATE, row, asked.data.rules.minimum_n) for row in rows[:2])
    place = phrases.capital(phrases.place(asked))
    if not asked.filters.agencies and not asked.filters.levels:
        return _levels_title(rows, province)
    if not own.is_known or not own.below:
        return say("{} chưa trả kết quả nào có ghi nhận hình thức trả; tiếp nhận {} hồ sơ qua bưu chính", place, text.whole(rows[0]["received_by_post"]))
    if own.is_thin:
        return say("{} trả qua bưu chính {} trong {} kết quả: quá ít để so sánh tỷ lệ", place, text.whole(own.now), text.whole(own.below))
    head = (
        say("{} trả {} số kết quả qua bưu chính", place, own.value())
        if own.now
        else say("{} chưa trả kết quả nào qua bưu chính trong {} kết quả", place, text.whole(own.below))
    )
    beside = own.beside(province)
    words = say(", {} so với toàn tỉnh ({})", beside, province.value()) if beside and beside != say(text.SAME) else say(", bằng toàn tỉnh") if beside else ""
    return head + words + _rank_words(rows, asked)


def _levels_title(rows: Sequence[Row], province: Reading) -> str:
    """The levels with the highest and the lowest rate."""
    levels = [(level_name(str(row["code"])), Reading.of_measure(_RATE, row, province.minimum)) for row in rows if row["kind"] == standing.LEVEL]
    ranked = sorted(((name, one) for name, one in levels if one.is_known and one.below >= one.minimum), key=lambda pair: -(pair[1].now / pair[1].below))
    if not province.is_known or not province.below:
        return say("Chưa có kết quả nào có ghi nhận hình thức trả")
    head = say("Toàn tỉnh trả {} số kết quả qua bưu chính", province.value()) if not province.is_thin else say("Quá ít kết quả để tính tỷ lệ trả qua bưu chính")
    if len(ranked) < 2:
        return head
    (first, most), (last, least) = ranked[0], ranked[-1]
    return say("{}: {} cao nhất ({}), {} thấp nhất ({})", head, first, most.value(), last, least.value())


def _rank_words(rows: Sequence[Row], asked: Asked) -> str:
    """`; đứng thứ 5 trong 38 đơn vị cấp xã`, by rate among peers with enough cases; units with equal rates share a place."""
    minimum = asked.data.rules.minimum_n
    ranked = [row for row in rows if row["kind"] == standing.PEER and row[denominator(_RATE)] >= minimum]
    mapping = organisation.today(asked.data.catalogue, asked.filters.organisation, "agency")
    wanted = organisation.asked_agencies(asked.data.catalogue, asked.filters.agencies, mapping)
    own = [row for row in ranked if row["code"] in wanted]
    if len(ranked) < 2 or not own:
        return ""
    place = 1 + sum(1 for row in ranked if row[_RATE.key] > own[0][_RATE.key])
    level = asked.data.catalogue.agency_levels.get(str(own[0]["code"]))
    return say("; đứng thứ {} trong {} đơn vị {} có từ {} kết quả", place, len(ranked), level_name(level), text.whole(minimum))


def unit_note(lines: Sequence[Row], shown: Sequence[Row], minimum: int, *, one: bool) -> str:
    """What the bars leave out."""
    parts = [say("Lọc khác ngoài đơn vị và cấp áp dụng cho mọi dòng so sánh.")]
    if one:
        peers = [row for row in lines if row["kind"] == standing.PEER]
        thin = [row for row in peers if row not in shown]
        if thin:
            parts.append(say("Còn {} đơn vị cùng cấp không vẽ (dưới {} kết quả hoặc ngoài 30 đơn vị đầu); bảng có đủ.", len(thin), text.whole(minimum)))
    parts.append(say("Tỷ lệ dưới {} hồ sơ ghi “–”. Hồ sơ đang giải quyết và quá hạn tính tại ngày số liệu.", text.whole(minimum)))
    return " ".join(parts)


def volumes_title(rows: Sequence[Row], key: str, minimum: int) -> str:
    """Who ranks first, and how much the first five have together."""
    if len(rows) == 1:
        row = rows[0]
        into = say("tiếp nhận qua bưu chính {} trong {} hồ sơ", text.whole(row["received_by_post"]), text.whole(row["received"]))
        out = say("trả qua bưu chính {} trong {} kết quả", text.whole(row["returned_by_post"]), text.whole(row["returned"]))
        return f"{phrases.capital(str(row['agency_name']))} {into}, {out}"
    ranked = [row for row in rows if not text.is_missing(row[key]) and row[key] > 0]
    if not ranked:
        verb = say("tiếp nhận hồ sơ") if key in ("received_by_post", "postal_receipt_rate") else say("trả kết quả")
        return say("Chưa đơn vị nào trong {} đơn vị {} qua bưu chính", len(rows), verb)
    first = phrases.capital(str(ranked[0]["agency_name"]))
    if key in RATES:
        what, noun = (say("trả"), say("kết quả")) if key == _RATE.key else (say("tiếp nhận"), say("hồ sơ"))
        share = text.percent(ranked[0][key], 1)
        among = say("trong {} đơn vị có {} qua bưu chính và có từ {} {}", len(ranked), what, text.whole(minimum), noun)
        return say("{} có tỷ lệ {} qua bưu chính cao nhất: {}, {}", first, what, share, among)
    verb, noun = (say("tiếp nhận"), say("hồ sơ")) if key == "received_by_post" else (say("trả"), say("kết quả"))
    total = sum(int(row[key]) for row in ranked)
    if len(ranked) == 1:
        return say("Trong {} đơn vị chỉ có {} {} qua bưu chính: {} {}", len(rows), ranked[0]["agency_name"], verb, text.whole(total), noun)
    most, share = text.whole(ranked[0][key]), text.percent(ranked[0][key], total)
    head = say("{} {} nhiều nhất qua bưu chính: {} trong {} {} ({})", first, verb, most, text.whole(total), noun, share)
    five = sum(int(row[key]) for row in ranked[:5])
    return say("{}; 5 đơn vị đầu chiếm {}", head, text.percent(five, total)) if len(ranked) > 6 else head


def volumes_hover(row: Row) -> str:
    """All of a unit's figures."""
    return say(
        "{}\nTiếp nhận qua bưu chính {} trong {} hồ sơ\nTrả qua bưu chính {} trong {} kết quả",
        row["agency_name"],
        text.whole(row["received_by_post"]),
        text.whole(row["received"]),
        text.whole(row["returned_by_post"]),
        text.whole(row["returned"]),
    )


def volumes_note(rows: Sequence[Row], top: Sequence[Row], ended: Sequence[Row], asked: Asked) -> str:
    """What is not drawn, not ranked or not in the table."""
    if len(rows) == 1:
        return say("Danh mục là danh mục thủ tục thực hiện qua bưu chính; có phát sinh là có hồ sơ tiếp nhận hoặc kết quả trả qua bưu chính trong kỳ.")
    parts = []
    if len(rows) > len(top):
        parts.append(
            say(
                "Biểu đồ vẽ {} đơn vị; {} đơn vị khác ở trong bảng (không phát sinh, ít hồ sơ hoặc ngoài {} đơn vị đầu).",
                len(top),
                len(rows) - len(top),
                len(top),
            )
        )
    if ended:
        parts.append(say("{} đơn vị đã kết thúc trước kỳ này không nằm trong bảng; số kỳ so sánh của chúng vẫn nằm ở dòng Cộng.", len(ended)))
    if asked.timeframe.compared is not None:
        hint = "" if asked.filters.organisation is Organisation.NOW or not ended else say("; chọn Tổ chức “Cộng về đơn vị hiện nay” để so đơn vị đã sáp nhập")
        parts.append(say("Cột so sánh ghi “–” khi đơn vị không có đủ ngày trong kỳ so sánh{}.", hint))
    parts.append(say("Tỷ lệ dưới {} hồ sơ ghi “–” và không xếp hạng.", text.whole(asked.data.rules.minimum_n)))
    return " ".join(parts)


def months_title(frame: pd.DataFrame, indexes: Sequence[int], asked: Asked) -> str:
    """How many units returned by post in the last finished month, beside the year before."""
    done = [month for month in indexes if months.is_finished(asked, month)] or list(indexes)
    last = done[-1]
    active = frame[frame["returned_by_post"] > 0].groupby("month")["agency_code"].nunique()
    now, earlier = int(active.get(last, 0)), int(active.get(last - 12, 0))
    days = "" if months.is_finished(asked, last) else say(" (đến ngày {})", day_label(asked.data.as_of))
    who = say("có {} đơn vị", text.whole(now)) if now else say("chưa đơn vị nào")
    head = say("{}{} {} trả kết quả qua bưu chính", phrases.capital(months.name(asked, last)), days, who)
    clock = asked.filters.clock
    moved = [day for day, _ in organisation.breaks(asked.data.catalogue) if month_start(last - 12, clock) < day <= month_end(last, clock)]
    began = month_start(last - 12, clock) < asked.data.first_on
    return head if last - 12 not in indexes or days or moved or began else say("{}; cùng tháng năm trước có {} đơn vị", head, text.whole(earlier))


def steady_lines(frame: pd.DataFrame) -> tuple[str, ...]:
    """How many units returned by post in every month in which they returned anything."""
    with_results = frame[(frame["returned"] > 0) & (frame["verdict"] != Verdict.CHANNEL_NOT_RECORDED)]
    by_unit = with_results.assign(by_post=with_results["returned_by_post"] > 0).groupby("agency_code")["by_post"]
    always, never = int(by_unit.all().sum()), int((~by_unit.any()).sum())
    parts = [say("{} đơn vị tháng nào có kết quả cũng trả qua bưu chính", text.whole(always))] if always else []
    parts += [say("{} đơn vị có kết quả mà chưa tháng nào trả qua bưu chính", text.whole(never))] if never else []
    return (f"{phrases.capital('; '.join(parts))}.",) if parts else ()


def months_note(rows: Sequence[Row], shown: Sequence[Row], by_month: pd.DataFrame | None, indexes: Sequence[int], asked: Asked) -> str:
    """What is unfinished, not drawn, not in a row; and the reorganisations."""
    parts = [say("Tháng cuối chưa đủ ngày: {}.", months.until(asked, indexes))] if months.until(asked, indexes) else []
    if len(rows) > len(shown):
        parts.append(say("Và {} đơn vị khác trong bảng, kể cả đơn vị đã kết thúc.", len(rows) - len(shown)))
    outside = 0 if by_month is None else int(by_month["returned_by_post"].fillna(0).sum()) - sum(row["total"] for row in rows)
    if outside > 0:
        parts.append(say("{} kết quả chưa gán đơn vị hoặc của đơn vị ngoài danh mục không có hàng.", text.whole(outside)))
    clock = asked.filters.clock
    for day, words in organisation.breaks(asked.data.catalogue):
        if indexes and month_start(indexes[0], clock) < day <= month_end(indexes[-1], clock):
            parts.append(say("{} từ {}: đơn vị trước và sau ở hai hàng khác nhau.", words, day_label(day)))
    return " ".join([*parts, say("“–” là chưa có số liệu hoặc đơn vị không hoạt động; “?” là không ghi nhận hình thức trả.")])


def line_title(frame: pd.DataFrame, asked: Asked) -> str:
    """In how many months the unit returned by post, of those in which it returned anything."""
    name = phrases.capital(phrases.place(asked))
    with_results, by_post = frame[frame["returned"] > 0], frame[frame["returned_by_post"] > 0]
    if by_post.empty:
        return say("{} có kết quả trả trong {} tháng, chưa tháng nào trả qua bưu chính", name, len(with_results))
    last = int(by_post["month"].max())
    return say("{} trả qua bưu chính trong {} của {} tháng có kết quả trả, gần nhất là {}", name, len(by_post), len(with_results), months.name(asked, last))


def procedures_title(frame: pd.DataFrame, top: Sequence[Row], asked: Asked) -> str:
    """Which procedure is returned by post most, and how much a few of them make."""
    used, total = int((frame["returned_by_post"] > 0).sum()), int(frame["returned_by_post"].sum())
    place = phrases.place(asked)
    if not used:
        return say(
            "{} chưa trả kết quả thủ tục nào qua bưu chính; tiếp nhận {} hồ sơ qua bưu chính",
            phrases.capital(place),
            text.whole(frame["received_by_post"].sum()),
        )
    first = f"“{text.shorten(top[0]['procedure_name'], 70)}”"
    if used == 1:
        return say("{} chỉ trả qua bưu chính kết quả của thủ tục {}: {} kết quả", phrases.capital(place), first, text.whole(total))
    most = say("{} ({} trong {})", first, text.whole(top[0]["returned_by_post"]), text.whole(total))
    head = say("{} thủ tục của {} có trả kết quả qua bưu chính, nhiều nhất là {}", text.whole(used), place, most)
    three = sum(int(row["returned_by_post"]) for row in top[:3])
    return say("{}; 3 thủ tục đầu chiếm {}", head, text.percent(three, total)) if used > 4 else head


def listed_lines(frame: pd.DataFrame) -> tuple[str, ...]:
    """How many procedures of the postal list were used, and how many used ones are not on it."""
    by_post = (frame["received_by_post"].fillna(0) > 0) | (frame["returned_by_post"].fillna(0) > 0)
    listed = int(frame["is_listed"].fillna(False).sum())
    active, outside = int((by_post & frame["is_listed"].fillna(False)).sum()), int((by_post & ~frame["is_listed"].fillna(True)).sum())
    lines = []
    if listed:
        lines.append(
            say(
                "Trong {} thủ tục của danh mục bưu chính, {} thủ tục có phát sinh qua bưu chính, {} chưa phát sinh.",
                text.whole(listed),
                text.whole(active),
                text.whole(listed - active),
            )
        )
    if outside:
        lines.append(say("{} thủ tục có phát sinh qua bưu chính nhưng không nằm trong danh mục.", text.whole(outside)))
    return tuple(lines)


def procedures_note(frame: pd.DataFrame, top: Sequence[Row], rows: Sequence[Row]) -> str:
    """What the bars and the table leave out."""
    used = int((frame["returned_by_post"] > 0).sum())
    parts = [say("Biểu đồ vẽ {} thủ tục; còn {} thủ tục khác có trả qua bưu chính.", len(top), used - len(top))] if used > len(top) else []
    if len(frame) > len(rows):
        parts.append(say("Bảng có {} thủ tục đầu; trang Thủ tục có đủ {} thủ tục.", len(rows), text.whole(len(frame))))
    return " ".join([*parts, say("Một thủ tục mang một mã quốc gia; hồ sơ không ghi mã thủ tục là một dòng riêng.")])


def overdue_title(sums: Mapping[str, int], late: Sequence[Row], asked: Asked) -> str:
    """How many open dossiers are late, and where most of them are."""
    if not sums["overdue"]:
        soon = say("; {} hồ sơ đến hạn trong {} ngày", text.whole(sums["due_soon"]), SOON_DAYS) if sums["due_soon"] else ""
        return say("Không có hồ sơ quá hạn trong {} hồ sơ đang giải quyết{}", text.whole(sums["open"]), soon)
    share = f" ({text.percent(sums['overdue'], sums['open'])})" if sums["open"] >= asked.data.rules.minimum_n else ""
    over = say(", {} hồ sơ quá hạn trên 30 ngày", text.whole(sums["late_over_30"])) if sums["late_over_30"] else ""
    most = say("; nhiều nhất: {} ({} hồ sơ)", text.shorten(late[0]["name"], 70), text.whole(late[0]["overdue"])) if len(late) > 1 else ""
    place = "" if phrases.is_province(asked) else f"{phrases.capital(phrases.place(asked))}: "
    return say("{}{} trong {} hồ sơ đang giải quyết đã quá hạn{}{}{}", place, text.whole(sums["overdue"]), text.whole(sums["open"]), share, over, most)


def overdue_note(sums: Mapping[str, int], more: int) -> str:
    """How days are counted and what stands outside."""
    parts = [say("Và {} dòng khác trong bảng.", more)] if more > 0 else []
    parts.append(
        say("Không theo kỳ đã chọn. Số ngày quá hạn là ngày lịch từ ngày hẹn trả đến ngày số liệu; hồ sơ đang chờ bổ sung giấy tờ hoặc nộp phí cũng được tính.")
    )
    if sums["without_due"]:
        parts.append(say("{} hồ sơ đang giải quyết không có ngày hẹn trả đứng ngoài các số quá hạn.", text.whole(sums["without_due"])))
    return " ".join([*parts, say("Chỉ đếm số lượng, không hiện hồ sơ riêng lẻ.")])
