"""Words and rows of the scores: where each ratio stands, what is missing, and under which rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from config.language import say
from config.scoring import FOLDER, UNCONFIRMED, RuleSet
from dashboard import text
from dashboard.cards import Asked, Drawing
from dashboard.pages import phrases
from queries.filters import NOT_RECORDED
from queries.metrics import ACTIVE_PROCEDURES, BY_KEY, POSTAL_RECEIPT_RATE, POSTAL_RETURN_RATE
from queries.score import NO_RULES
from queries.what_if import Cheapest

Row = dict[str, Any]
SHORT: Final = {
    ACTIVE_PROCEDURES.key: "thủ tục có phát sinh",
    POSTAL_RECEIPT_RATE.key: "tiếp nhận qua bưu chính",
    POSTAL_RETURN_RATE.key: "trả kết quả qua bưu chính",
}
NOUN: Final = {ACTIVE_PROCEDURES.key: "thủ tục", POSTAL_RECEIPT_RATE.key: "hồ sơ", POSTAL_RETURN_RATE.key: "hồ sơ"}
COUNTED: Final = NOUN | {POSTAL_RETURN_RATE.key: "kết quả"}
_NAMED: Final = 3


def local(problem: str) -> str:
    """A sentence about a file with its path from the project's folder: the page does not tell where the server keeps it."""
    return problem.replace(f"{FOLDER.parents[1]}/", "")


def points(value: object) -> str:
    """A score to the hundredth."""
    return text.number(value, 2)


def share(value: object) -> str:
    """A fraction in percent, whole where it is whole: thresholds are."""
    return text.MISSING if text.is_missing(value) else f"{text.number(float(str(value)) * 100, 2)}%"


def earned(row: Row) -> str:
    """“0,25 / 0,5 điểm”; “–” without a denominator or rules."""
    return text.MISSING if text.is_missing(row["points"]) else say("{} / {} điểm", points(row["points"]), points(row["max_points"]))


def missing(row: Row) -> str:
    """What is missing to the next threshold; why there is nothing to say otherwise."""
    if not text.is_missing(row["missing"]):
        return say("còn thiếu {} {} để đạt ngưỡng kế tiếp ({})", text.whole(row["missing"]), NOUN[row["metric"]], share(row["next_threshold"]))
    if not text.is_missing(row["points"]):
        return say("đã ở mức điểm cao nhất")
    if text.is_missing(row["max_points"]):
        return NO_RULES
    return say("chưa có danh mục bưu chính để tính") if text.is_missing(row["denominator"]) else say("chưa có hồ sơ để tính")


def total(rows: Sequence[Row]) -> tuple[float, float] | None:
    """The points of the ratios that have some, and what these can earn at most; None where none has."""
    known = [row for row in rows if not text.is_missing(row["points"])]
    return (sum(float(row["points"]) for row in known), sum(float(row["max_points"]) for row in known)) if known else None


def rules_lines(rules: RuleSet | None, asked: Asked) -> tuple[str, ...]:
    """Version, days, citation and whether it is confirmed; and what the filters do to a score."""
    counted = asked.timeframe.counted
    if rules is None:
        day = say(" ngày {}", text.date_label(counted.end)) if counted is not None else ""
        return (say("{}: không có bộ ngưỡng nào có hiệu lực{}.", phrases.capital(NO_RULES), day), *narrowed(asked))
    until = "" if rules.valid_to is None else say(" đến {}", text.date_label(rules.valid_to))
    said = say("Bộ ngưỡng “{}”, hiệu lực từ {}{}. Căn cứ: {}.", rules.version, text.date_label(rules.valid_from), until, rules.citation.rstrip("."))
    return (said if rules.confirmed else f"{said} {phrases.capital(UNCONFIRMED)}.", *narrowed(asked))


def narrowed(asked: Asked) -> tuple[str, ...]:
    """That a score within some procedures, areas or channels is not the province's."""
    filters = asked.filters
    names = {"thủ tục": filters.procedures, "lĩnh vực": filters.sectors, "địa bàn": filters.areas, "hình thức tiếp nhận": filters.channels}
    set_ones = [name for name, codes in names.items() if codes]
    if not set_ones:
        return ()
    return (say("Đang lọc theo {}: điểm dưới đây chỉ tính trên phần đã lọc, không phải điểm của cả tỉnh.", text.join_names(set_ones, 4, "bộ lọc")),)


def everywhere(asked: Asked) -> Asked:
    """The same without agencies and levels: the province stays whole whatever units are asked."""
    return replace(asked, filters=replace(asked.filters, agencies=(), levels=()))


def is_nothing(rows: Sequence[Row], asked: Asked) -> bool:
    """Whether no day is counted, or no dossier; the list of procedures alone is nothing to score, no area and no channel narrows it."""
    rates = [row for row in rows if row["metric"] != ACTIVE_PROCEDURES.key] or rows
    return asked.timeframe.counted is None or all(text.is_missing(row["denominator"]) or not row["denominator"] for row in rates)


def nothing(asked: Asked) -> Drawing:
    """The card without a score, and why."""
    if asked.filters.agencies and NOT_RECORDED in asked.filters.agencies and asked.timeframe.counted is not None:
        return Drawing("Hồ sơ chưa gán đơn vị không có điểm riêng", phrases.subtitle(asked, "Điểm của đơn vị"), is_empty=True)
    return phrases.nothing(asked, "hồ sơ để chấm điểm")


def province_title(rows: Sequence[Row], asked: Asked) -> str:
    """The points of the province, and the ratio that is nearest to its next threshold."""
    who = phrases.capital(phrases.place(everywhere(asked)))
    found = total(rows)
    rates = [f"{say(SHORT[row['metric']])} {text.percent(row['numerator'], row['denominator'])}" for row in rows if not text.is_missing(row["rate"])]
    if found is None:
        return say("{} chưa chấm được điểm: {}", who, text.join_names(rates, 3, "tỷ lệ"))
    said = say("{} được {} trong {} điểm bưu chính", who, points(found[0]), points(found[1]))
    open_ones = [row for row in rows if not text.is_missing(row["missing"])]
    if not open_ones:
        return say("{}: mọi tỷ lệ đã ở mức điểm cao nhất", said)
    nearest = min(open_ones, key=lambda row: (float(row["next_threshold"]) - float(row["rate"]), row["metric"]))
    return say("{}; gần nhất là {}: {}", said, SHORT[nearest["metric"]], missing(nearest))


def cheapest_sentence(found: Cheapest, row: Row, asked: Asked) -> str:
    """How few agencies bring the province to the next threshold of a ratio, or why none can."""
    name = SHORT[found.metric]
    if found.missing is None:
        return f"{phrases.capital(name)}: {missing(row)}"
    aim, names = say("ngưỡng {} {}", share(row["next_threshold"]), name), list(found.units["name"])
    if found.is_enough:
        who = names[0] if len(names) == 1 else say("{} đơn vị ({})", len(names), text.join_names(names, _NAMED))
        return say("Chỉ cần {} chuyển thêm {} hồ sơ sang bưu chính là toàn tỉnh đạt {}", who, text.whole(found.missing), aim)
    scope = say("trong phạm vi đang xem ") if asked.filters.agencies or asked.filters.levels else ""
    lack = say("toàn tỉnh còn thiếu {} hồ sơ để đạt {}", text.whole(found.missing), aim)
    if names:
        could = say("nếu đơn vị duy nhất còn khả năng") if len(names) == 1 else say("nếu cả {} đơn vị còn khả năng", len(names))
        return say("{}; {} {}lên mức tốt cùng cấp thì mới thêm được {}", phrases.capital(lack), could, scope, text.whole(found.moved))
    none = (
        say("chưa có danh mục bưu chính để tính khả năng của đơn vị")
        if text.is_missing(row["potential"])
        else say("không đơn vị nào còn dưới mức tốt cùng cấp")
    )
    return f"{phrases.capital(lack)}; {scope}{none}"


def procedures_line(row: Row) -> str:
    """What the ratio of procedures needs: it is not made of agencies."""
    label = BY_KEY[row["metric"]].label
    if text.is_missing(row["missing"]):
        return f"{label}: {missing(row)}."
    return say("{}: {}; mỗi thủ tục chỉ cần một hồ sơ tiếp nhận hoặc trả qua bưu chính.", label, missing(row))
