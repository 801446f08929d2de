"""Cơ quan, đơn vị: one unit's own page when one is chosen, the ranking of all otherwise; months, procedures, and what is late."""

from __future__ import annotations

from typing import Final

import pandas as pd

from config.language import say
from dashboard import figures, text
from dashboard.cards import Asked, Choice, Drawing, Page
from dashboard.figures import Part, Series
from dashboard.pages import agencies_heat, agencies_rows, agencies_similar, agencies_words, event_marks, months, phrases
from dashboard.pages.agencies_rows import Row
from dashboard.pages.readings import Reading, rows_of
from dashboard.tables import Column, Kind, Table, TableState
from dashboard.theme import CHANNEL, LIGHT, SCALE
from queries import metrics, standing
from queries.adoption import MonthlyVerdicts
from queries.backlog import LATE, Backlog
from queries.filters import NOT_RECORDED
from queries.listings import AgencyLists
from queries.measure import Measure, Window
from queries.period import month_label
from queries.similar import SimilarToAsked
from queries.standing import Standing
from queries.statement import Dim
from queries.volumes import AgencyVolumes, ProcedureVolumes

PATH: Final = "/don-vi"
PAGE: Final = Page(PATH, "Cơ quan, đơn vị", "Chọn một đơn vị để mở trang riêng của đơn vị đó; không chọn thì xem xếp hạng tất cả.")

BY_MONTH: Final = Measure((metrics.RECEIVED_BY_POST, metrics.RETURNED_BY_POST), by=(Dim.MONTH,), window=Window.LAST_24_MONTHS)
MOST_ROWS: Final = 30
MOST_PROCEDURES: Final = 15
TABLE_ROWS: Final = 50
LATE_PARTS: Final = {"late_1_5": "1–5 ngày", "late_6_10": "6–10 ngày", "late_11_30": "11–30 ngày", "late_over_30": "trên 30 ngày"}


@PAGE.card("agencies.unit", "So với toàn tỉnh và cùng cấp", Standing(), metrics=standing.METRICS)
def unit(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The asked unit or units beside the province, their level and their peers."""
    rows = rows_of(frame)
    own, province = rows[0], rows[1]
    if asked.timeframe.counted is None or not any(not text.is_missing(own[key]) and own[key] > 0 for key in ("received", "returned", "open")):
        return phrases.nothing(asked, "hồ sơ tiếp nhận hay kết quả đã trả")
    one, minimum = len(asked.filters.agencies) == 1, asked.data.rules.minimum_n
    peers = [row for row in rows if row["kind"] == standing.PEER]
    level = asked.data.catalogue.agency_levels.get(str(peers[0]["code"])) if peers else None
    beside = {"toàn tỉnh": province} | {agencies_words.level_name(level): row for row in rows if row["kind"] == standing.LEVEL and row["code"] == level}
    lines = [row | {"name": agencies_words.line_name(row, asked)} for row in agencies_rows.lines(rows, asked)]
    shown = agencies_rows.drawn(lines, asked, one=one)
    return Drawing(
        title=agencies_words.unit_title(rows, asked),
        subtitle=" · ".join(filter(None, (phrases.subtitle(asked, "Hồ sơ và kết quả qua bưu chính"), phrases.compared(asked)))),
        lines=phrases.comparison_line(asked),
        kpis=tuple(agencies_rows.kpis(own, beside if one or not phrases.is_province(asked) else {}, asked)),
        figure=figures.bars(
            names=[row["name"] for row in shown],
            values=[float(row["postal_return_rate"]) * 100 for row in shown],
            texts=[Reading.of_measure(metrics.POSTAL_RETURN_RATE, row, minimum).value() for row in shown],
            hovers=[agencies_words.rate_hover(row, minimum) for row in shown],
            links=[agencies_rows.line_link(row, asked) for row in shown],
            colors=[agencies_rows.color(row, asked) for row in shown],
        )
        if shown
        else None,
        table=Table(
            agencies_rows.STANDING_COLUMNS, tuple(row | agencies_rows.rates(row, minimum) | {"link": agencies_rows.line_link(row, asked)} for row in lines)
        ),
        note=agencies_words.unit_note(lines, shown, minimum, one=one),
    )


@PAGE.card(
    "agencies.volumes",
    "Xếp hạng đơn vị",
    AgencyVolumes(),
    metrics=(metrics.RETURNED_BY_POST, metrics.RECEIVED_BY_POST, metrics.POSTAL_RETURN_RATE),
    also=(AgencyLists(),),
)
def volumes(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The report per unit: ranking by what the table is sorted by, and all its columns."""
    rows, ended = agencies_rows.volumes(frame, asked.others[0] if asked.others else pd.DataFrame(), asked)
    if asked.timeframe.counted is None or not any(row[name] > 0 for row in rows for name in ("received", "returned")):
        return phrases.nothing(asked, "hồ sơ tiếp nhận hay kết quả đã trả")
    key = agencies_rows.ranked_by(asked)
    one = len(rows) == 1
    top = [row for row in rows if not text.is_missing(row[key]) and row[key] > 0][:MOST_ROWS]
    is_rate = key in agencies_words.RATES
    choices = [
        Choice(label, asked.link(state=TableState(sort=f"-{name}", search=asked.state.search)), is_set=name == key)
        for name, label in agencies_words.RANKINGS.items()
    ]
    return Drawing(
        title=agencies_words.volumes_title(rows, key, asked.data.rules.minimum_n),
        subtitle=" · ".join(filter(None, (phrases.subtitle(asked, agencies_words.RANKINGS[key]), phrases.compared(asked)))),
        lines=phrases.comparison_line(asked) if not one else (),
        choices=() if one else tuple(choices),
        figure=figures.bars(
            names=[row["agency_name"] for row in top],
            values=[float(row[key]) * (100 if is_rate else 1) for row in top],
            texts=[text.percent(row[key], 1) if is_rate else text.whole(row[key]) for row in top],
            hovers=[agencies_words.volumes_hover(row) for row in top],
            links=[row["link"] for row in top],
        )
        if top and not one
        else None,
        table=Table(
            agencies_rows.volume_columns(asked, one=one),
            tuple(rows),
            interactive=not one,
            total=None if one else agencies_rows.total(frame, asked),
            search_keys=("agency_name", "short_name", "agency_code"),
        ),
        note=agencies_words.volumes_note(rows, top, ended, asked),
    )


@PAGE.card("agencies.months", "Đơn vị theo tháng", MonthlyVerdicts(), metrics=(metrics.RETURNED_BY_POST,), also=(BY_MONTH,))
def by_month(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Results returned by post by unit and month; one unit's own line when one is chosen."""
    if asked.timeframe.counted is None or frame.empty or not (frame["returned"] > 0).any():
        return phrases.nothing(asked, "kết quả đã trả trong 24 tháng")
    if len(asked.filters.agencies) == 1 and asked.others:
        return _line(frame, months.lived(asked.others[0], asked), asked)
    indexes = sorted({int(month) for month in frame["month"]})
    rows = agencies_heat.rows(frame, asked)
    shown = agencies_heat.shown(rows, asked)[:MOST_ROWS]
    cells = agencies_heat.cells(frame, shown, indexes, asked)
    figure = figures.heat(
        row_names=[row["agency_name"] for row in shown],
        column_labels=[month_label(month) for month in indexes],
        values=[[value for value, _, _ in line] for line in cells],
        texts=[[words for _, words, _ in line] for line in cells],
        hovers=[[hover for _, _, hover in line] for line in cells],
        links=[[row["link"]] * len(indexes) for row in shown],
    )
    columns = (
        Column("agency_name", "Cơ quan, đơn vị", link="link"),
        *(Column(f"m{month}", month_label(month), Kind.WHOLE) for month in indexes),
        Column("total", "Cộng", Kind.WHOLE),
    )
    return Drawing(
        title=agencies_words.months_title(frame, indexes, asked),
        subtitle=say("Kết quả trả qua bưu chính theo đơn vị và tháng · {} · {}", phrases.place(asked), months.span(asked, indexes)),
        lines=agencies_words.steady_lines(frame),
        figure=figure,
        table=Table(columns, tuple(rows)),
        note=agencies_words.months_note(rows, shown, asked.others[0] if asked.others else None, indexes, asked),
    )


def _line(frame: pd.DataFrame, by_month: pd.DataFrame, asked: Asked) -> Drawing:
    """The months of one unit, received and returned."""
    indexes = [int(month) for month in by_month[Dim.MONTH.value]]
    dashed = months.unfinished_from(asked, indexes)
    series = [
        Series("Trả kết quả", months.floats(by_month["returned_by_post"]), CHANNEL["post"], dashed),
        Series("Tiếp nhận", months.floats(by_month["received_by_post"]), LIGHT.ink_soft, dashed),
    ]
    marks, event_lines = event_marks.marks(asked, indexes)
    figure = figures.line(
        x_labels=[month_label(month) for month in indexes],
        series=series,
        marks=marks,
        unit="",
        links=[months.link(asked, month) for month in indexes],
        note=months.until(asked, indexes),
    )
    return Drawing(
        title=agencies_words.line_title(frame, asked),
        subtitle=say("Hồ sơ tiếp nhận và kết quả trả qua bưu chính theo tháng · {} · {}", phrases.place(asked), months.span(asked, indexes)),
        lines=event_lines,
        figure=figure,
        table=months.table(by_month, asked, {"received_by_post": "Tiếp nhận qua bưu chính (hồ sơ)", "returned_by_post": "Trả qua bưu chính (kết quả)"}),
        note=say("{}Đường bắt đầu từ tháng đơn vị hoạt động.", months.note(asked, indexes)),
    )


@PAGE.card("agencies.procedures", "Thủ tục của đơn vị", ProcedureVolumes(), metrics=(metrics.RETURNED_BY_POST, metrics.RECEIVED_BY_POST))
def procedures(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Which procedures the asked units receive and return by post."""
    if asked.timeframe.counted is None or not (frame[["received", "returned"]].fillna(0) > 0).any(axis=None):
        return phrases.nothing(asked, "hồ sơ tiếp nhận hay kết quả đã trả")
    one = len(asked.filters.agencies) == 1
    rows = agencies_rows.procedures(frame, asked, len(frame) if one else TABLE_ROWS)
    top = [row for row in rows if row["returned_by_post"] > 0][:MOST_PROCEDURES]
    return Drawing(
        title=agencies_words.procedures_title(frame, top, asked),
        subtitle=phrases.subtitle(asked, "Kết quả trả qua bưu chính theo thủ tục"),
        lines=agencies_words.listed_lines(frame),
        figure=figures.bars(
            names=[text.shorten(row["procedure_name"], 68) for row in top],
            values=[float(row["returned_by_post"]) for row in top],
            hovers=[
                say("{}\n{} trong {} kết quả đã trả", row["procedure_name"], text.whole(row["returned_by_post"]), text.whole(row["returned"])) for row in top
            ],
            links=[row["link"] for row in top],
        )
        if top
        else None,
        table=Table(agencies_rows.PROCEDURE_COLUMNS, tuple(rows), interactive=one, search_keys=("procedure_name", "procedure_code", "sector_name")),
        note=agencies_words.procedures_note(frame, top, rows),
    )


@PAGE.card("agencies.overdue", "Hồ sơ quá hạn và sắp đến hạn", Backlog(), metrics=(metrics.OPEN, metrics.OVERDUE), also=(Backlog(Dim.AGENCY),))
def overdue(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """How many open dossiers are late, by how much and where; counts only."""
    sums = {str(name): int(frame[name].sum()) for name in ("open", "without_due", "due_soon", *LATE, "overdue")}
    subtitle = say("Hồ sơ đang giải quyết tại ngày {} · {}", text.date_label(asked.data.as_of), phrases.place(asked))
    if not sums["open"]:
        return phrases.nothing_open(asked, subtitle)
    one = len(asked.filters.agencies) == 1
    source, key = (frame, Dim.PROCEDURE.value) if one or not asked.others else (asked.others[0], Dim.AGENCY.value)
    rows: list[Row] = []
    for row in rows_of(source):
        code = row[key] if isinstance(row[key], str) else NOT_RECORDED
        link = asked.link("/thu-tuc", procedures=(code,)) if key == Dim.PROCEDURE else asked.link(PATH, agencies=(code,))
        rows.append(row | {"link": link})
    rows.sort(key=lambda row: (-row["overdue"], -row["due_soon"], text.sort_key(row["name"])))
    late = [row for row in rows if row["overdue"] > 0]
    colors = (SCALE[1], SCALE[2], SCALE[3], SCALE[5])
    parts = [
        Part(say("Quá hạn {}", name), [float(row[bucket]) for row in late[:MOST_ROWS]], color)
        for (bucket, name), color in zip(LATE_PARTS.items(), colors, strict=True)
    ]
    return Drawing(
        title=agencies_words.overdue_title(sums, late, asked),
        subtitle=subtitle,
        kpis=tuple(agencies_rows.backlog_kpis(sums, asked)),
        figure=figures.stacked(
            names=[text.shorten(row["name"], 68) for row in late[:MOST_ROWS]], parts=parts, share=False, links=[row["link"] for row in late[:MOST_ROWS]]
        )
        if late
        else None,
        table=Table(
            agencies_rows.backlog_columns(say("Thủ tục") if key == Dim.PROCEDURE else say("Cơ quan, đơn vị"), LATE_PARTS),
            tuple(row for row in rows if row["overdue"] > 0 or row["due_soon"] > 0),
            total={"name": say("Cộng tất cả"), **sums},
        ),
        note=agencies_words.overdue_note(sums, len(late) - MOST_ROWS),
    )


PAGE.card("agencies.similar", "So với đơn vị tương tự", SimilarToAsked(), metrics=(metrics.POSTAL_RETURN_RATE,))(agencies_similar.drawing)
