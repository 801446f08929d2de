"""Chưa trả qua bưu chính: every agency of the catalogue with its verdict, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd

from dashboard import figures, text
from dashboard.cards import Asked, Choice, Drawing, Page
from dashboard.figures import Part, Series
from dashboard.pages import adoption_strip as strip
from dashboard.pages import adoption_words as words
from dashboard.pages import months, phrases
from dashboard.pages.adoption_words import NOT_IN_PERIOD
from dashboard.tables import Column, Kind, Table
from dashboard.theme import LIGHT, VERDICT
from queries import metrics
from queries.adoption import AdoptionUnits, MonthlyVerdicts, Verdict
from queries.adoption_series import RESULTS, ComparedVerdicts, LastBefore, MonthlyAdoption
from queries.filters import NOT_RECORDED
from queries.period import month_label

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
    "adoption.units",
    "Danh sách đơn vị theo tình trạng",
    AdoptionUnits(),
    metrics=(metrics.RETURNED, metrics.RETURNED_BY_POST, metrics.RETURNED_CHANNEL_NOT_RECORDED),
    also=(LastBefore(), ComparedVerdicts(), RESULTS),
)
def units(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The list: who to remind first, then all others by verdict."""
    if is_nothing(frame, asked):
        return nothing(asked)
    last_before, earlier, results = asked.others
    rows = listed(frame, last_before, asked)
    shown = rows[rows["in_period"]] if rows["in_period"].any() else rows
    if asked.state.verdicts:
        shown = rows[rows["group"].isin(asked.state.verdicts)]
    lines = [words.adding_up(frame), words.against(frame, earlier, asked), words.stopped(rows)]
    if asked.state.verdicts:
        lines = words.about_groups(asked.state.verdicts)
    return Drawing(
        words.title(frame),
        phrases.subtitle(asked, "Tình trạng trả kết quả của từng đơn vị"),
        table=units_table(shown, asked),
        lines=tuple(line for line in lines if line),
        choices=tuple(verdict_choices(frame, asked)),
        note=words.left_out(frame, results, asked),
    )


def listed(frame: pd.DataFrame, last_before: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The rows of the list in their order, with group, names, link and remark; what a missing feed leaves unknown is missing, not 0."""
    period = asked.timeframe.counted or asked.timeframe.period
    rows = frame.merge(last_before, on="agency_code", how="left")
    rows["group"] = rows["verdict"].where(rows["in_period"], NOT_IN_PERIOD)
    rows["level_name"] = [words.level_name(level) for level in rows["level"]]
    rows["link"] = [asked.link(words.AGENCY_PAGE, agencies=(code,)) for code in rows["agency_code"]]
    lives, feeds = phrases.lives_by_agency(asked), words.feeds(asked)
    rows["remark"] = [words.remark(row, lives, feeds, period) for _, row in rows.iterrows()]
    unknown = (rows["group"] == Verdict.NO_DATA) | ((rows["group"] == NOT_IN_PERIOD) & (rows["returned"] == 0))
    for name in ("returned", "returned_recorded", "returned_by_post", "periods_without"):
        rows[name] = rows[name].mask(unknown)
    keys = zip(rows["group"].map(words.ORDER), rows["returned"].fillna(0), rows["agency_name"], strict=True)
    order = [(place, -returned, text.sort_key(name)) for place, returned, name in keys]
    return rows.iloc[sorted(range(len(rows)), key=order.__getitem__)].reset_index(drop=True)


def units_table(rows: pd.DataFrame, asked: Asked) -> Table:
    """The list as a table that sorts, searches and turns pages."""
    step = words.step(asked.timeframe.period)
    columns = (
        Column("agency_name", "Đơn vị", link="link"),
        Column("verdict", "Tình trạng", Kind.VERDICT),
        Column("returned", "Kết quả trả", Kind.WHOLE),
        Column("returned_recorded", "Ghi hình thức", Kind.WHOLE),
        Column("returned_by_post", "Qua bưu chính", Kind.WHOLE),
        Column("last_postal_return", "Lần gần nhất", Kind.DATE),
        Column("periods_without", f"Số {step} liền", Kind.WHOLE),
        Column("listed_procedures", "Thủ tục", Kind.WHOLE),
        Column("remark", "Ghi chú"),
        Column("level_name", "Cấp"),
    )
    sums = ("returned", "returned_recorded", "returned_by_post")
    total: dict[str, Any] = {"agency_name": "Cộng", **{name: rows[name].sum(min_count=1) for name in sums}}
    return Table.of(rows, columns, interactive=True, total=total if len(rows) > 1 else None, search_keys=("agency_name", "short_name", "remark"))


def verdict_choices(frame: pd.DataFrame, asked: Asked) -> list[Choice]:
    """One choice per verdict with its count, and the way back to all."""
    number, chosen = words.counts(frame), asked.state.verdicts
    existing = sum(number.values()) - number[NOT_IN_PERIOD]
    found = [Choice("Tất cả", asked.link(state=replace(asked.state, verdicts=(), page=1)), not chosen, text.whole(existing))]
    for group, name in words.GROUPS.items():
        if number[group] or group in chosen:
            verdicts = () if chosen == (group,) else (group,)
            link = asked.link(state=replace(asked.state, verdicts=verdicts, page=1))
            found.append(Choice(name, link, group in chosen, text.whole(number[group]), group.replace("_", "-")))
    return found


@PAGE.card("adoption.levels", "Tình trạng theo cấp đơn vị", AdoptionUnits(), metrics=(metrics.ACTIVE_AGENCIES,))
def levels(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """What part of each level has which verdict."""
    existing = frame[frame["in_period"]]
    if is_nothing(existing, asked):
        return nothing(asked)
    counted = pd.crosstab(existing["level"], existing["verdict"]).reindex(columns=list(words.NAMES), fill_value=0)
    counted["whole"] = counted.sum(axis=1)
    counted["name"] = [words.level_name(level) for level in counted.index]
    counted["link"] = [asked.link(levels=(str(level),)) for level in counted.index]
    counted = counted.sort_values(["whole", "name"], ascending=[False, True])
    parts = [Part(name, [int(value) for value in counted[verdict]], VERDICT[verdict]) for verdict, name in words.NAMES.items() if counted[verdict].any()]
    figure = figures.stacked(names=list(counted["name"]), parts=parts, links=list(counted["link"]), share=False, unit="đơn vị")
    columns = (
        Column("name", "Cấp", link="link"),
        *(Column(verdict, name, Kind.WHOLE) for verdict, name in words.NAMES.items()),
        Column("whole", "Tổng", Kind.WHOLE),
    )
    total = {"name": "Cộng", **{name: int(counted[name].sum()) for name in (*words.NAMES, "whole")}}
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
        return "Không cấp nào có đơn vị phải nhắc" + (f"; {by_post} trong {whole} đơn vị có trả qua bưu chính" if by_post else "")
    parts = [f"{row[Verdict.NOT_BY_POST]} trong {row['whole']} đơn vị {row['name'][0].lower()}{row['name'][1:]}" for _, row in calls.iterrows()]
    return f"Chưa trả qua bưu chính: {text.join_names(parts, 4, 'cấp')}"


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
        f"Tình trạng theo tháng · {phrases.place(asked)} · {months.span(asked, axis)}",
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
    if not frame["agencies_with_results"].fillna(0).any():
        return Drawing(
            f"Chưa phát sinh kết quả trả {months.span(asked, [int(month) for month in frame['month']])}",
            phrases.subtitle(asked, "Số đơn vị theo tháng"),
            is_empty=True,
        )
    axis = [int(month) for month in frame["month"]]
    dashed = months.unfinished_from(asked, axis)
    series = [
        Series("Có kết quả trả", months.floats(frame["agencies_with_results"]), LIGHT.counter, dashed),
        Series("Có trả qua bưu chính", months.floats(frame["agencies_by_post"]), LIGHT.post, dashed),
    ]
    figure = figures.line(
        x_labels=[month_label(month) for month in axis],
        series=series,
        marks=months.marks(asked, axis),
        unit="đơn vị",
        links=[months.link(asked, month) for month in axis],
        note=phrases.capital(months.until(asked, axis)),
    )
    rows = frame.assign(name=[phrases.capital(months.name(asked, month)) for month in axis], link=[months.link(asked, month) for month in axis])
    share = frame["agencies_by_post"].astype("Float64") / frame["agencies_with_results"].where(frame["agencies_with_results"] > 0).astype("Float64")
    columns = (
        Column("name", "Tháng", link="link"),
        Column("agencies_with_results", "Đơn vị có kết quả trả", Kind.WHOLE),
        Column("agencies_by_post", "Có trả qua bưu chính", Kind.WHOLE),
        Column("share", "Phần có trả qua bưu chính", Kind.PERCENT),
    )
    return Drawing(
        months_title(frame, asked),
        f"Số đơn vị theo tháng · {phrases.place(asked)} · {months.span(asked, axis)}",
        figure=figure,
        table=Table.of(rows.assign(share=share), columns),
        note="Mỗi tháng chỉ tính đơn vị có trong danh mục; trước và sau một mốc sắp xếp, số đơn vị không so trực tiếp được.",
    )


def months_title(frame: pd.DataFrame, asked: Asked) -> str:
    """The last month against the same month of the year before; of one agency, in how many months it returned by post."""
    if len(asked.filters.agencies) == 1:
        having, by_post = int((frame["agencies_with_results"] > 0).sum()), int((frame["agencies_by_post"] > 0).sum())
        return f"{phrases.capital(phrases.place(asked))}: {by_post} trong {having} tháng có kết quả là có trả qua bưu chính"
    now, before = frame.iloc[-1], frame.iloc[-13]
    last = phrases.capital(months.until(asked, [int(now["month"])]) or months.name(asked, int(now["month"])))
    if not now["agencies_with_results"]:
        return f"{last}: chưa đơn vị nào có kết quả trả"
    said = f"{last}: {now['agencies_by_post']} trong {now['agencies_with_results']} đơn vị có kết quả đã trả qua bưu chính"
    if pd.isna(before["agencies_with_results"]):
        return said
    if not before["agencies_with_results"]:
        return f"{said}; {months.name(asked, int(before['month']))} chưa đơn vị nào có kết quả"
    whole = "" if months.is_finished(asked, int(now["month"])) else " (cả tháng)"
    return f"{said}; {months.name(asked, int(before['month']))}{whole} là {before['agencies_by_post']} trong {before['agencies_with_results']}"


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
        for name in words.NAMES
    )
    columns = (
        Column("verdict", "Tình trạng", Kind.VERDICT),
        Column("count", "Số đơn vị", Kind.WHOLE),
        Column("meaning", "Nghĩa là"),
        Column("advice", "Việc cần làm"),
        Column("list", "Danh sách", link="link"),
    )
    calls = number[Verdict.NOT_BY_POST]
    title = f"Trong năm tình trạng, chỉ “chưa trả qua bưu chính” là để nhắc: {calls} đơn vị" if calls else "Kỳ này không có đơn vị nào phải nhắc"
    return Drawing(
        title,
        phrases.subtitle(asked, "Số đơn vị theo tình trạng"),
        table=Table(columns, rows),
        note="Năm tình trạng không gộp vào nhau: thiếu số liệu không có nghĩa là không trả qua bưu chính.",
    )
