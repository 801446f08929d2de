"""Điểm và chỉ tiêu: what the postal ratios earn, what is missing to the next threshold, who could bring it, and the pace towards the year's targets."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from config.language import say
from config.scoring import RuleSet
from dashboard import figures, text
from dashboard.cards import Asked, Choice, Drawing, Kpi, Page
from dashboard.pages import phrases, score_pace
from dashboard.pages import score_assumed as assumed
from dashboard.pages import score_rows as rows
from dashboard.pages import score_words as words
from dashboard.pages.readings import rows_of
from dashboard.pages.score_words import Row
from dashboard.tables import Column, Kind, Table
from queries import metrics
from queries.paces import Paces
from queries.scoring import AGENCY, Scores
from queries.what_if import Cheapest, cheapest_units, what_if

PATH: Final = "/diem-va-chi-tieu"
PAGE: Final = Page(PATH, "Điểm và chỉ tiêu", "Ba tỷ lệ bưu chính được bao nhiêu điểm, còn thiếu bao nhiêu hồ sơ, và năm nay có kịp chỉ tiêu không.")
SCORES: Final = Scores()
PACES: Final = Paces((metrics.POSTAL_RETURN_RATE.key, metrics.POSTAL_RECEIPT_RATE.key))
MOST_BARS: Final = 30
_SCORED: Final = (metrics.ACTIVE_PROCEDURES, metrics.POSTAL_RECEIPT_RATE, metrics.POSTAL_RETURN_RATE)


def rules(asked: Asked) -> RuleSet | None:
    """The rules in force on the last counted day."""
    counted = asked.timeframe.counted
    return None if counted is None else SCORES.scoring.on(counted.end)


@PAGE.card("score.province", "Điểm bưu chính của toàn tỉnh", SCORES, metrics=_SCORED)
def province(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The ratios of the province with their points, and what is missing to the next threshold."""
    found = rows.province(frame)
    problems = tuple(words.local(problem) for problem in SCORES.scoring.problems)
    if words.is_nothing(found, asked):
        return replace(words.nothing(words.everywhere(asked)), lines=problems)
    kpis = [
        Kpi(
            row["label"],
            text.percent(row["numerator"], row["denominator"]),
            change=say("{} trong {} {}", text.whole(row["numerator"]), text.whole(row["denominator"]), words.COUNTED[row["metric"]]),
            target=f"{words.earned(row)}; {words.missing(row)}",
        )
        for row in found
    ]
    total = words.total(found)
    if total is not None:
        kpis.append(Kpi("Cộng điểm", words.points(total[0]), f"/ {words.points(total[1])}", target=frame["note"].iloc[0]))
    columns = (Column("label", "Tỷ lệ"), *rows.narrow_columns(metrics.POSTAL_RETURN_RATE.key)[3:6], Column("missing", "Còn thiếu", Kind.WHOLE))
    parts = (Column("numerator", "Tử số", Kind.WHOLE), Column("denominator", "Mẫu số", Kind.WHOLE))
    return Drawing(
        words.province_title(found, asked),
        phrases.subtitle(words.everywhere(asked), "Ba tỷ lệ bưu chính theo ngưỡng chấm điểm"),
        lines=(*words.rules_lines(rules(asked), asked), *problems),
        kpis=tuple(kpis),
        table=Table((columns[0], *parts, *columns[1:]), tuple(found)),
        note="Còn thiếu: số hồ sơ trong mẫu số cần đi qua bưu chính thay cho cách khác (với thủ tục: số thủ tục của danh mục cần có phát sinh).",
    )


@PAGE.card("score.what_if", "Thử giả định", SCORES, metrics=(metrics.POSTAL_RECEIPT_RATE, metrics.POSTAL_RETURN_RATE))
def assume(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Ratios and points of the province if chosen units reached chosen rates; the cheapest set where none is chosen."""
    if words.is_nothing(rows.province(frame), asked):
        return words.nothing(words.everywhere(asked))
    plan = assumed.plan(asked.state.assumed, frame)
    after = what_if(frame, plan.changes, rules(asked))
    found = rows.province(after)
    how = say("Tự chọn: ghi gt=MÃ:tỷ lệ vào địa chỉ trang, ví dụ gt=STP:20 (tỷ lệ trả kết quả) hoặc gt=STP:20:tiep-nhan (tỷ lệ tiếp nhận).")
    return Drawing(
        _assumed_title(plan, found, after),
        phrases.subtitle(words.everywhere(asked), "Tỷ lệ và điểm nếu các đơn vị đạt tỷ lệ giả định"),
        lines=(*plan.problems, *words.rules_lines(rules(asked), asked)),
        choices=rows.choices(frame, plan, asked),
        kpis=rows.assumed_kpis(found),
        table=Table(rows.ASSUMED_COLUMNS, rows.assumed_rows(after, plan, asked)) if plan.changes else None,
        note=say("Giữ nguyên mẫu số; hồ sơ đi cách khác được coi là đi qua bưu chính. {} Tệp CSV là số liệu hiện nay.", how),
    )


def _assumed_title(plan: assumed.Plan, found: list[Row], after: pd.DataFrame) -> str:
    """What the changes do to the province."""
    if not plan.changes:
        return say("Không có đơn vị nào để gợi ý trong phạm vi đang xem") if plan.is_suggestion else say("Chưa chọn đơn vị nào: điểm và tỷ lệ như hiện nay")
    names = after[after["kind"] == AGENCY].set_index("code")["name"].to_dict()
    units = list(dict.fromkeys(names[change.agency_code] for change in plan.changes))
    touched = {change.metric for change in plan.changes}
    moves = [
        say(
            "{} toàn tỉnh từ {} thành {}",
            words.SHORT[row["metric"]],
            text.percent(row["numerator_before"], row["denominator"]),
            text.percent(row["numerator"], row["denominator"]),
        )
        + _points_moved(row)
        for row in found
        if row["metric"] in touched
    ]
    who = units[0] if len(units) == 1 else say("{} đơn vị", len(units))
    return say("{} {} đạt tỷ lệ giả định, {}", "Gợi ý: nếu" if plan.is_suggestion else "Nếu", who, "; ".join(moves))


def _points_moved(row: Row) -> str:
    if text.is_missing(row["points"]):
        return ""
    before, now = words.points(row["points_before"]), words.points(row["points"])
    return say(", điểm vẫn là {}", now) if before == now else say(", điểm từ {} thành {}", before, now)


@PAGE.card("score.cheapest", "Ít đơn vị nhất để đạt ngưỡng kế tiếp", SCORES, metrics=(metrics.POSTAL_RECEIPT_RATE, metrics.POSTAL_RETURN_RATE))
def cheapest(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The fewest units that bring the province to the next threshold of each ratio."""
    found = {row["metric"]: row for row in rows.province(frame)}
    if words.is_nothing(list(found.values()), asked):
        return words.nothing(words.everywhere(asked))
    sets = [cheapest_units(frame, metric) for metric in assumed.RATES if metric in found]
    sentences = [words.cheapest_sentence(one, found[one.metric], asked) for one in sets]
    others = [f"{sentence}." for sentence in sentences[1:]]
    others += [words.procedures_line(row) for key, row in found.items() if key == metrics.ACTIVE_PROCEDURES.key]
    listed = [
        row | {"label": metrics.BY_KEY[one.metric].label, "link": asked.link(rows.AGENCY_PAGE, agencies=(row["code"],))}
        for one in sets
        for row in rows_of(one.units)
    ]
    columns = (
        Column("name", "Đơn vị", link="link"),
        Column("label", "Tỷ lệ"),
        Column("potential", "Có thể chuyển thêm (hồ sơ)", Kind.WHOLE),
        Column("moved", "Cần chuyển thêm (hồ sơ)", Kind.WHOLE),
        Column("rate", "Tỷ lệ khi đó", Kind.PERCENT, over=("numerator", "denominator")),
    )
    first = next((one for one in sets if one.is_enough and len(one.units) > 1), None)
    return Drawing(
        sentences[0] if sentences else words.procedures_line(next(iter(found.values()))).rstrip("."),
        phrases.subtitle(words.everywhere(asked), _charted(first)),
        lines=(*(others if sentences else ()), *words.rules_lines(rules(asked), asked)),
        figure=_moved(first, asked),
        table=Table(columns, tuple(listed)) if listed else None,
        note=say(
            "Ít đơn vị nhất, rồi ít hồ sơ nhất. Một đơn vị có thể chuyển thêm hồ sơ của thủ tục trong danh mục bưu chính đang đi cách khác, "
            "đến mức mà một phần tư đơn vị tốt nhất cùng cấp đã đạt."
        )
        + ("" if first is None or len(first.units) <= MOST_BARS else say(" Bảng có đủ các đơn vị.")),
    )


def _moved(first: Cheapest | None, asked: Asked) -> figures.Figure | None:
    """What each unit of the set has to move, as bars."""
    shown = [] if first is None else rows_of(first.units.head(MOST_BARS))
    return (
        figures.bars(
            names=[row["name"] for row in shown],
            values=[float(row["moved"]) for row in shown],
            texts=[text.whole(row["moved"]) for row in shown],
            links=[asked.link(rows.AGENCY_PAGE, agencies=(row["code"],)) for row in shown],
        )
        if shown
        else None
    )


def _charted(first: Cheapest | None) -> str:
    """What the bars are; there are none for a set of one unit or one that does not suffice."""
    return say("Hồ sơ cần chuyển sang bưu chính") if first is None else say("Biểu đồ: hồ sơ từng đơn vị cần chuyển để tăng tỷ lệ {}", words.SHORT[first.metric])


@PAGE.card("score.units", "Điểm của từng cấp và từng đơn vị", SCORES, metrics=_SCORED)
def units(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Every scope with its ratios and points; one ratio in full when it is chosen."""
    agencies = frame[frame["kind"] == AGENCY]
    if words.is_nothing(rows_of(agencies), asked):
        return words.nothing(asked)
    keys = [str(key) for key in frame["metric"].unique()]
    chosen = next((key for key in asked.state.verdicts if key in keys), "")
    state = replace(asked.state, verdicts=(), page=1, sort="")
    choices = [Choice("Cả ba tỷ lệ", asked.link(state=state), not chosen)]
    choices += [Choice(phrases.capital(words.SHORT[key]), asked.link(state=replace(state, verdicts=(key,))), key == chosen) for key in keys]
    plan = assumed.plan(asked.state.assumed, frame)
    table = rows.narrow(frame, chosen, plan, asked) if chosen else rows.wide(frame, asked)
    return Drawing(
        _units_title(agencies[agencies["metric"] == chosen] if chosen else agencies, chosen, asked),
        phrases.subtitle(asked, phrases.capital(words.SHORT[chosen]) if chosen else "Tỷ lệ và điểm của từng đơn vị"),
        lines=words.rules_lines(rules(asked), asked),
        choices=tuple(choices),
        table=Table(rows.narrow_columns(chosen) if chosen else rows.wide_columns(keys), tuple(table), interactive=True, search_keys=("name", "code")),
        note=say(
            "Điểm của cấp và đơn vị tính theo cùng bộ ngưỡng với toàn tỉnh, chỉ cộng các tỷ lệ có mẫu số. Dưới {} hồ sơ không ghi "
            "tỷ lệ. Chọn một tỷ lệ để xem tử số, mẫu số và số còn thiếu.",
            asked.data.rules.minimum_n,
        ),
    )


def _units_title(agencies: pd.DataFrame, chosen: str, asked: Asked) -> str:
    """How many agencies have the full points of all ratios that they have, or of the chosen one; of one agency its own."""
    known, about = agencies[agencies["points"].notna()], say(" về {}", words.SHORT[chosen]) if chosen else ""
    if known.empty:
        return say("{}: chưa chấm được điểm", phrases.capital(phrases.place(asked)))
    codes = list(known["code"].unique())
    if len(codes) == 1:
        total = words.total(rows_of(known))
        return say(
            "{} được {} trong {} điểm{}", known["name"].iloc[0], words.points(total[0] if total else None), words.points(total[1] if total else None), about
        )
    reached = (known["points"] >= known["max_points"]).groupby(known["code"]).all()
    full = list(reached.index[reached])
    none = [code for code, part in known.groupby("code") if not (part["points"] > 0).any()]
    top = say("{} đơn vị đạt điểm tối đa", len(full)) if full else say("chưa đơn vị nào đạt điểm tối đa")
    return say("Trong {} đơn vị được chấm{}, {}", len(codes), about, top) + (say("; {} đơn vị chưa có điểm nào", len(none)) if none else "")


@PAGE.card("pace.targets", "Nhịp độ để đạt chỉ tiêu năm", PACES, metrics=(metrics.POSTAL_RETURN_RATE, metrics.POSTAL_RECEIPT_RATE))
def targets(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """What the year's targets still need a working day, and where the year may end."""
    return score_pace.drawing(frame, asked)
