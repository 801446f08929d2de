"""Chưa trả qua bưu chính: every agency of the catalogue with its verdict, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from config.language import say
from dashboard import figures, text
from dashboard.cards import Asked, CardFile, Drawing, Page
from dashboard.figures import Part, Series
from dashboard.pages import adoption_calls as calls
from dashboard.pages import adoption_push as push
from dashboard.pages import adoption_rows, event_marks, months, phrases
from dashboard.pages import adoption_strip as strip
from dashboard.pages import adoption_words as words
from dashboard.tables import Column, Kind, Table
from dashboard.theme import LIGHT, VERDICT
from queries import metrics
from queries.adoption import AdoptionUnits, MonthlyVerdicts, Verdict
from queries.adoption_series import RESULTS, ComparedVerdicts, LastBefore, MonthlyAdoption
from queries.call_list import CallList, CallListOthers
from queries.event_cohorts import EventCohorts
from queries.filters import NOT_RECORDED
from queries.period import month_label
from queries.push import NewlyActive, UnitPattern
from queries.sentence import VERDICT_NAMES

PAGE: Final = Page(
    "/chua-tra-qua-buu-chinh", "Chưa trả qua bưu chính", "Đơn vị nào trả kết quả mà chưa trả qua bưu chính, từ bao giờ, và cần làm gì với từng đơn vị."
)


def nothing(asked: Asked) -> Drawing:
    """The card where there is no agency to speak of, and why."""
    if asked.timeframe.counted is None:
        return Drawing("Kỳ này chưa có số liệu để xét tình trạng của đơn vị", " ".join(asked.timeframe.notices), is_empty=True)
    if asked.filters.agencies and NOT_RECORDED not in asked.filters.agencies:
        return phrases.nothing(asked, "đơn vị để xét tình trạng")
    return Drawing("Không có đơn vị nào của danh mục hoạt động trong kỳ và phạm vi đã chọn", phrases.subtitle(asked, "Đơn vị theo tình trạng"), is_empty=True)


def is_nothing(units: pd.DataFrame, asked: Asked) -> bool:
    """Whether there is no agency, or no day, to give a verdict on."""
    return units.empty or asked.timeframe.counted is None


@PAGE.card(
    "adoption.call_list",
    "Danh sách cần gọi",
    CallList(),
    metrics=(metrics.RETURNED, metrics.POSTAL_RETURN_RATE),
    also=(AdoptionUnits(),),
    files=(CardFile("xlsx", "Tải danh sách (Excel)", "call_list_workbook"), CardFile("docx", "Tải thư nhắc (Word)", "reminder_letters")),
)
def call_list(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The calls to make: who, why, and with what in hand."""
    units = asked.others[0]
    if is_nothing(units, asked) or not units["in_period"].any():
        return nothing(asked)
    return Drawing(
        calls.title(frame, units),
        calls.subtitle(asked),
        table=calls.table(calls.chosen(frame, asked), asked) if len(frame) else None,
        lines=calls.lines(frame, units, asked),
        choices=calls.choices(frame, asked),
        note=calls.note(asked) if len(frame) else "",
    )


@PAGE.card("adoption.others", "Đơn vị không gọi và việc cần làm", CallListOthers(), also=(AdoptionUnits(),))
def others(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The agencies about which nothing can be said yet, apart from the calls, and what to do with each."""
    if is_nothing(asked.others[0], asked):
        return nothing(asked)
    return calls.others(frame, asked)


@PAGE.card(
    "adoption.units",
    "Danh sách đơn vị theo tình trạng",
    AdoptionUnits(),
    metrics=(metrics.RETURNED, metrics.RETURNED_BY_POST, metrics.RETURNED_CHANNEL_NOT_RECORDED),
    also=(LastBefore(), ComparedVerdicts(), RESULTS),
)
def units(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Every agency of the catalogue: who did not return by post first, then all others by verdict."""
    if is_nothing(frame, asked):
        return nothing(asked)
    last_before, earlier, results = asked.others
    rows = adoption_rows.listed(frame, last_before, asked)
    shown = rows[rows["in_period"]] if rows["in_period"].any() else rows
    verdicts = adoption_rows.chosen_verdicts(asked)
    lines = [words.adding_up(frame), words.against(frame, earlier, asked), words.stopped(rows)]
    if verdicts:
        shown, lines = rows[rows["group"].isin(verdicts)], words.about_groups(verdicts)
    return Drawing(
        words.title(frame),
        phrases.subtitle(asked, "Tình trạng trả kết quả của từng đơn vị"),
        table=adoption_rows.units_table(shown, asked),
        lines=tuple(line for line in lines if line),
        choices=tuple(adoption_rows.verdict_choices(frame, asked)),
        note=words.left_out(frame, results, asked),
    )


@PAGE.card("adoption.changes", "Đơn vị mới trả và thôi trả", NewlyActive(), metrics=(metrics.RETURNED_BY_POST,), also=(AdoptionUnits(),))
def changes(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Who began to return by post since the compared period, and who fell silent."""
    if is_nothing(asked.others[0], asked):
        return nothing(asked)
    if not phrases.is_compared(asked):
        return phrases.not_compared(asked, "Đơn vị mới trả và thôi trả qua bưu chính")
    return push.changes(frame, asked)


@PAGE.card("adoption.pattern", "Mức đều đặn", UnitPattern(), also=(AdoptionUnits(),), width=6)
def pattern(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """How steadily the agencies of the period return by post."""
    units = asked.others[0]
    existing = units.loc[units["in_period"].astype("bool"), "agency_code"]
    rows = frame[frame["agency_code"].isin(existing)]
    return nothing(asked) if is_nothing(rows, asked) else push.patterns(rows, asked)


@PAGE.card("adoption.levels", "Tình trạng theo cấp đơn vị", AdoptionUnits(), metrics=(metrics.ACTIVE_AGENCIES,), width=6)
def levels(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """What part of each level has which verdict."""
    existing = frame[frame["in_period"]]
    if is_nothing(existing, asked):
        return nothing(asked)
    counted = pd.crosstab(existing["level"], existing["verdict"]).reindex(columns=list(VERDICT_NAMES), fill_value=0)
    counted["whole"] = counted.sum(axis=1)
    counted["name"] = [words.level_name(level) for level in counted.index]
    counted["link"] = [asked.link(levels=(str(level),)) for level in counted.index]
    counted = counted.sort_values(["whole", "name"], ascending=[False, True])
    parts = [Part(name, [int(value) for value in counted[verdict]], VERDICT[verdict]) for verdict, name in VERDICT_NAMES.items() if counted[verdict].any()]
    figure = figures.stacked(names=list(counted["name"]), parts=parts, links=list(counted["link"]), share=False, unit="đơn vị")
    columns = (
        Column("name", "Cấp", link="link"),
        *(Column(verdict, name, Kind.WHOLE) for verdict, name in VERDICT_NAMES.items()),
        Column("whole", "Tổng", Kind.WHOLE),
    )
    total = {"name": say("Cộng"), **{name: int(counted[name].sum()) for name in (*VERDICT_NAMES, "whole")}}
    return Drawing(
        levels_title(counted),
        phrases.subtitle(asked, "Số đơn vị theo tình trạng"),
        figure=figure,
        table=Table.of(counted, columns, total=total if len(counted) > 1 else None),
        note="Chỉ gồm đơn vị tồn tại trong kỳ. Bấm vào một thanh để chỉ xem cấp đó.",
    )


def levels_title(counted: pd.DataFrame) -> str:
    """The levels where agencies are to be reminded, with their parts of the level."""
    calls = counted[counted[Verdict.NOT_BY_POST] > 0].sort_values([Verdict.NOT_BY_POST, "name"], ascending=[False, True])
    by_post, whole = int(counted[Verdict.RETURNS_BY_POST].sum()), int(counted["whole"].sum())
    if calls.empty:
        return say("Không cấp nào có đơn vị phải nhắc") + (say("; {} trong {} đơn vị có trả qua bưu chính", by_post, whole) if by_post else "")
    parts = [say("{} trong {} đơn vị {}", row[Verdict.NOT_BY_POST], row["whole"], phrases.small(row["name"])) for _, row in calls.iterrows()]
    return say("Chưa trả qua bưu chính: {}", text.join_names(parts, 4, "cấp"))


@PAGE.card("adoption.strip", "Tình trạng từng tháng của từng đơn vị", MonthlyVerdicts(), also=(AdoptionUnits(),))
def by_agency_and_month(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Agencies by month, those to remind on top."""
    verdicts = asked.others[0]
    if is_nothing(frame, asked) or not verdicts["in_period"].any():
        return nothing(asked)
    rows = strip.rows(frame, verdicts, asked)
    axis = sorted({int(month) for month in frame["month"]})
    return Drawing(
        strip.title(rows, months.span(asked, axis)),
        say("Tình trạng theo tháng · {} · {}", phrases.place(asked), months.span(asked, axis)),
        figure=strip.drawing(rows, axis, asked),
        table=strip.table(rows, asked),
        choices=tuple(strip.level_choices(verdicts, asked)),
        note=strip.note(rows, axis, asked),
    )


@PAGE.card("adoption.months", "Số đơn vị trả qua bưu chính theo tháng", MonthlyAdoption(), metrics=(metrics.ACTIVE_AGENCIES,))
def by_month(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Agencies with results, and those of them that returned some by post."""
    if is_nothing(frame, asked):
        return nothing(asked)
    axis = [int(month) for month in frame["month"]]
    if not frame["agencies_with_results"].fillna(0).any():
        return Drawing(say("Chưa phát sinh kết quả trả {}", months.span(asked, axis)), phrases.subtitle(asked, "Số đơn vị theo tháng"), is_empty=True)
    dashed = months.unfinished_from(asked, axis)
    series = [
        Series("Có kết quả trả", months.floats(frame["agencies_with_results"]), LIGHT.quiet, dashed),
        Series("Có trả qua bưu chính", months.floats(frame["agencies_by_post"]), LIGHT.post, dashed),
    ]
    marks, event_lines = event_marks.marks(asked, axis)
    figure = figures.line(
        x_labels=[month_label(month) for month in axis],
        series=series,
        marks=marks,
        unit="đơn vị",
        links=[months.link(asked, month) for month in axis],
        note=phrases.capital(months.until(asked, axis)),
    )
    return Drawing(
        words.months_title(frame, asked),
        say("Số đơn vị theo tháng · {} · {}", phrases.place(asked), months.span(asked, axis)),
        lines=event_lines,
        figure=figure,
        table=_months_table(frame, axis, asked),
        note="Mỗi tháng chỉ tính đơn vị có trong danh mục; trước và sau một mốc sắp xếp, số đơn vị không so trực tiếp được.",
    )


def _months_table(frame: pd.DataFrame, axis: list[int], asked: Asked) -> Table:
    rows = frame.assign(name=[phrases.capital(months.name(asked, month)) for month in axis], link=[months.link(asked, month) for month in axis])
    share = frame["agencies_by_post"].astype("Float64") / frame["agencies_with_results"].where(frame["agencies_with_results"] > 0).astype("Float64")
    columns = (
        Column("name", "Tháng", link="link"),
        Column("agencies_with_results", "Đơn vị có kết quả trả", Kind.WHOLE),
        Column("agencies_by_post", "Có trả qua bưu chính", Kind.WHOLE),
        Column("share", "Phần có trả qua bưu chính", Kind.PERCENT, over=("agencies_by_post", "agencies_with_results")),
    )
    return Table.of(rows.assign(share=share), columns)


@PAGE.card("adoption.cohort", "Sau một kế hoạch, tập huấn, văn bản", EventCohorts(), also=(AdoptionUnits(),))
def cohort(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """How many of the agencies that did not yet return by post began after an event."""
    return nothing(asked) if is_nothing(asked.others[0], asked) else push.cohort(frame, asked, event_marks.known_events(asked).problems)


@PAGE.card("adoption.meaning", "Năm tình trạng và việc cần làm", AdoptionUnits())
def meaning(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """What each verdict means and what to do about it."""
    if is_nothing(frame, asked) or not frame["in_period"].any():
        return nothing(asked)
    number = words.counts(frame)
    rows = tuple(
        {
            "verdict": name,
            "count": number[name],
            "meaning": words.MEANING[name],
            "advice": words.ADVICE[name],
            "list": "Xem" if number[name] else "",
            "link": asked.link(state=replace(asked.state, verdicts=(name,), page=1)),
        }
        for name in VERDICT_NAMES
    )
    columns = (
        Column("verdict", "Tình trạng", Kind.VERDICT),
        Column("count", "Số đơn vị", Kind.WHOLE),
        Column("meaning", "Nghĩa là"),
        Column("advice", "Việc cần làm"),
        Column("list", "Danh sách", link="link", is_action=True),
    )
    calls = number[Verdict.NOT_BY_POST]
    title = say("Trong năm tình trạng, chỉ “chưa trả qua bưu chính” là để nhắc: {} đơn vị", calls) if calls else say("Kỳ này không có đơn vị nào phải nhắc")
    return Drawing(
        title,
        phrases.subtitle(asked, "Số đơn vị theo tình trạng"),
        table=Table(columns, rows),
        note="Năm tình trạng không gộp vào nhau: thiếu số liệu không có nghĩa là không trả qua bưu chính.",
    )
