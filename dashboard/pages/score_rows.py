"""Rows, columns and links of the scores: all units in one table, and the units of a what-if."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked, Choice, Kpi
from dashboard.pages import score_assumed as assumed
from dashboard.pages import score_words as words
from dashboard.pages.phrases import capital
from dashboard.pages.readings import rows_of
from dashboard.pages.score_words import Row
from dashboard.tables import Column, Kind
from queries.metrics import ACTIVE_PROCEDURES, BY_KEY, POSTAL_RETURN_RATE
from queries.scoring import AGENCY, LEVEL, PROVINCE
from queries.what_if import Change

AGENCY_PAGE: Final = "/don-vi"
MOST_CHIPS: Final = 8
OFFERED: Final = (10, 15, 20, 30, 50)  # rates a reader may set for all chosen units at once, percent
STEP: Final = Fraction(5, 100)
_SUM: Final = "sum"


def province(frame: pd.DataFrame) -> list[Row]:
    """The rows of the province, one per ratio."""
    return rows_of(frame[frame["kind"] == PROVINCE])


def link(row: Row, asked: Asked) -> str:
    """Where a row leads: the unit's page, or the same page for its level."""
    if row["kind"] == AGENCY:
        return asked.link(AGENCY_PAGE, agencies=(row["code"],))
    return asked.link(levels=(row["code"],)) if row["kind"] == LEVEL else ""


def wide(frame: pd.DataFrame, asked: Asked) -> list[Row]:
    """One row per scope: rate and points of every ratio, and the sum of the points."""
    found: dict[tuple[str, str], Row] = {}
    minimum = asked.data.rules.minimum_n
    parts: dict[tuple[str, str], list[Row]] = {}
    for row in rows_of(frame):
        place = (row["kind"], row["code"])
        line = found.setdefault(place, {"name": capital(row["name"]), "link": link(row, asked), "kind": row["kind"], "code": row["code"]})
        line[f"{row['metric']}.rate"] = rate(row, minimum)
        line |= {f"{row['metric']}.{part}": row[part] for part in ("numerator", "denominator", "points")}
        parts.setdefault(place, []).append(row)
    for place, line in found.items():
        total = words.total(parts[place])
        line[_SUM] = pd.NA if total is None else total[0]
        line["remark"] = remark(parts[place], minimum)
    return list(found.values())


def rate(row: Row, minimum: int) -> Any:  # noqa: ANN401 - a number or NA
    """The ratio where enough cases carry it; a share of the listed procedures always."""
    thin = row["metric"] != ACTIVE_PROCEDURES.key and not text.is_missing(row["denominator"]) and row["denominator"] < minimum
    return pd.NA if thin else row["rate"]


def remark(rows: Sequence[Row], minimum: int) -> str:
    """Why a cell is missing."""
    rates = [row for row in rows if row["metric"] != ACTIVE_PROCEDURES.key]
    if rates and not any(row["denominator"] for row in rates):
        return say("không có hồ sơ")
    return say("ít hồ sơ") if any(0 < row["denominator"] < minimum for row in rates) else ""


def wide_columns(metrics: Iterable[str]) -> tuple[Column, ...]:
    """Columns of `wide`."""
    short = {ACTIVE_PROCEDURES.key: say("Thủ tục"), "postal_receipt_rate": say("Tiếp nhận"), POSTAL_RETURN_RATE.key: say("Trả kết quả")}
    pairs = [
        (
            Column(f"{key}.rate", say("{}: tỷ lệ", short[key]), Kind.PERCENT, over=(f"{key}.numerator", f"{key}.denominator")),
            Column(f"{key}.points", say("{}: điểm", short[key]), Kind.POINTS),
        )
        for key in metrics
    ]
    return (
        Column("name", "Đơn vị", link="link"),
        *(column for pair in pairs for column in pair),
        Column(_SUM, "Cộng điểm", Kind.POINTS),
        Column("remark", "Ghi chú"),
    )


def narrow(frame: pd.DataFrame, metric: str, plan: assumed.Plan, asked: Asked) -> list[Row]:
    """One row per scope for one ratio: everything that its score is made of, and the link that puts an agency into the what-if."""
    minimum = asked.data.rules.minimum_n
    found = []
    for row in rows_of(frame[frame["metric"] == metric]):
        more = {"name": capital(row["name"]), "link": link(row, asked), "remark": remark([row], minimum), "rate": rate(row, minimum)}
        found.append(row | more | {"try": "", "try_link": ""} | _trial(row, plan, asked))
    return found


def _trial(row: Row, plan: assumed.Plan, asked: Asked) -> Row:
    if row["kind"] != AGENCY or row["metric"] not in assumed.RATES or not row["denominator"]:
        return {}
    if any((change.agency_code, change.metric) == (row["code"], row["metric"]) for change in plan.changes):
        return {"try": say("Bỏ giả định"), "try_link": without(plan, row["code"], row["metric"], asked)}
    if text.is_missing(row["potential"]) or not row["potential"]:
        return {}
    return {"try": say("Thử {}", text.percent(row["numerator"] + row["potential"], row["denominator"])), "try_link": with_more(plan, row, asked)}


def narrow_columns(metric: str) -> tuple[Column, ...]:
    """Columns of `narrow`."""
    noun = words.NOUN[metric]
    heads = {
        ACTIVE_PROCEDURES.key: (say("Thủ tục có phát sinh"), say("Thủ tục trong danh mục")),
        "postal_receipt_rate": (say("Tiếp nhận qua bưu chính"), say("Tiếp nhận có ghi hình thức")),
        POSTAL_RETURN_RATE.key: (say("Trả qua bưu chính"), say("Trả có ghi hình thức")),
    }[metric]
    trial = (Column("potential", "Có thể chuyển thêm", Kind.WHOLE), Column("try", "Giả định", link="try_link")) if metric in assumed.RATES else ()
    return (
        Column("name", "Đơn vị", link="link"),
        Column("numerator", heads[0], Kind.WHOLE),
        Column("denominator", heads[1], Kind.WHOLE),
        Column("rate", "Tỷ lệ", Kind.PERCENT, over=("numerator", "denominator")),
        Column("points", "Điểm", Kind.POINTS),
        Column("next_threshold", "Ngưỡng kế tiếp", Kind.PERCENT),
        Column("missing", say("Còn thiếu ({})", noun), Kind.WHOLE),
        *trial,
        Column("remark", "Ghi chú"),
    )


def _link_of(changes: Iterable[Change], asked: Asked) -> str:
    return asked.link(state=replace(asked.state, assumed=assumed.write(changes)))


def without(plan: assumed.Plan, code: str, metric: str, asked: Asked) -> str:
    """Address of the what-if without one change."""
    return _link_of([change for change in plan.changes if (change.agency_code, change.metric) != (code, metric)], asked)


def with_more(plan: assumed.Plan, row: Row, asked: Asked) -> str:
    """Address of the what-if with an agency at the rate of the best quarter of its level, as far as its listed dossiers reach."""
    below = int(row["denominator"])
    change = assumed.short(Change(row["code"], row["metric"], Fraction(int(row["numerator"]) + int(row["potential"]), below)), below)
    return _link_of([*plan.changes, change], asked)


def choices(frame: pd.DataFrame, plan: assumed.Plan, asked: Asked) -> tuple[Choice, ...]:
    """Chips: each change can be taken back, the agencies with the greatest potential can be added."""
    names = {row["code"]: row["name"] for row in rows_of(frame[frame["kind"] == AGENCY])}
    taken = {(change.agency_code, change.metric) for change in plan.changes}
    chips = [
        Choice(say("Bỏ {} ({})", names[change.agency_code], _short(change)), without(plan, change.agency_code, change.metric, asked), is_set=True)
        for change in plan.changes[:MOST_CHIPS]
    ]
    rooms = frame[(frame["kind"] == AGENCY) & frame["metric"].isin(assumed.RATES) & (frame["potential"].fillna(0) > 0)]
    first = POSTAL_RETURN_RATE.key if (rooms["metric"] == POSTAL_RETURN_RATE.key).any() else "postal_receipt_rate"
    rest = [row for row in rows_of(rooms[rooms["metric"] == first]) if (row["code"], first) not in taken]
    rest.sort(key=lambda row: (-row["potential"], row["code"]))
    for row in rest[: MOST_CHIPS if len(plan.changes) < MOST_CHIPS else 4]:
        aim = text.percent(row["numerator"] + row["potential"], row["denominator"])
        chips.append(Choice(say("Thêm {} ({} {})", row["name"], say(words.SHORT[first].partition(" qua")[0]), aim), with_more(plan, row, asked)))
    if plan.changes:
        chips += [_all_at(plan, percent, asked) for percent in OFFERED]
        chips.append(Choice("Bỏ hết giả định", asked.link(state=replace(asked.state, assumed=assumed.NOTHING))))
    if not plan.is_suggestion:
        chips.append(Choice("Theo gợi ý ít đơn vị nhất", asked.link(state=replace(asked.state, assumed=""))))
    return tuple(chips)


def _all_at(plan: assumed.Plan, percent: int, asked: Asked) -> Choice:
    """Every chosen unit at one rate."""
    rate = Fraction(percent, 100)
    is_set = all(change.rate == rate for change in plan.changes)
    return Choice(say("Đặt tỷ lệ {}%", percent), _link_of([replace(change, rate=rate) for change in plan.changes], asked), is_set=is_set)


def _moved_by(plan: assumed.Plan, change: Change, step: Fraction, asked: Asked) -> str:
    """Address of the what-if with one change raised or lowered, within 0 and 100 percent."""
    rate = min(max(change.rate + step, Fraction(0)), Fraction(1))
    return _link_of([replace(one, rate=rate) if one is change else one for one in plan.changes], asked)


def _short(change: Change) -> str:
    return f"{say(words.SHORT[change.metric].partition(' qua')[0])} {text.percent(change.rate.numerator, change.rate.denominator)}"


def assumed_kpis(after: Sequence[Row]) -> tuple[Kpi, ...]:
    """The ratios and points as they would be, beside those of now."""
    kpis = []
    for row in after:
        if row["metric"] not in assumed.RATES:
            continue
        now = text.percent(row["numerator_before"], row["denominator"])
        points = say("{}; hiện nay {}", words.earned(row), words.points(row["points_before"]))
        kpis.append(Kpi(capital(words.SHORT[row["metric"]]), text.percent(row["numerator"], row["denominator"]), change=say("hiện nay {}", now), target=points))
    total = words.total(after)
    if total is not None:
        now_total = words.total([row | {"points": row["points_before"]} for row in after])
        kpis.append(
            Kpi(
                "Cộng điểm", words.points(total[0]), f"/ {words.points(total[1])}", change=say("hiện nay {}", words.points(now_total[0] if now_total else None))
            )
        )
    return tuple(kpis)


def assumed_rows(after: pd.DataFrame, plan: assumed.Plan, asked: Asked) -> tuple[Row, ...]:
    """One row per change: the unit, the ratio now and as assumed, and by how many dossiers."""
    rows = {(row["code"], row["metric"]): row for row in rows_of(after[after["kind"] == AGENCY])}
    found = []
    for change in plan.changes:
        row = rows[change.agency_code, change.metric]
        found.append(
            row
            | {
                "label": BY_KEY[change.metric].label,
                "link": link(row, asked),
                "moved": row["numerator"] - row["numerator_before"],
                "lower": say("−5 điểm %"),
                "lower_link": _moved_by(plan, change, -STEP, asked),
                "higher": say("+5 điểm %"),
                "higher_link": _moved_by(plan, change, STEP, asked),
                "drop": say("Bỏ"),
                "drop_link": without(plan, change.agency_code, change.metric, asked),
            }
        )
    return tuple(found)


ASSUMED_COLUMNS: Final = (
    Column("name", "Đơn vị", link="link"),
    Column("label", "Tỷ lệ"),
    Column("rate_before", "Hiện nay", Kind.PERCENT, over=("numerator_before", "denominator")),
    Column("rate", "Giả định", Kind.PERCENT, over=("numerator", "denominator")),
    Column("moved", "Chuyển thêm (hồ sơ)", Kind.SIGNED),
    Column("lower", "Giảm", link="lower_link", is_action=True),
    Column("higher", "Tăng", link="higher_link", is_action=True),
    Column("drop", "Bỏ", link="drop_link", is_action=True),
)
