"""Tổng quan: the province in one look, two years by month, what drove the change, who leads and who is at zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import figures, text
from dashboard.cards import Asked, Choice, Drawing, Kpi, Page
from dashboard.figures import Part, Series
from dashboard.pages import event_marks, months, phrases
from dashboard.pages import overview_words as words
from dashboard.pages.readings import Reading, change_words, rows_of, target_words
from dashboard.tables import Column, Kind, Table, TableState
from dashboard.theme import CHANNEL, LIGHT
from queries import metrics
from queries.adoption import AdoptionUnits
from queries.change import PROCEDURE, Drivers
from queries.counting import Metric
from queries.filters import NOT_RECORDED
from queries.measure import Measure, Window
from queries.period import month_label
from queries.statement import Dim
from queries.volumes import AgencyVolumes, Totals

PAGE: Final = Page("/", "Tổng quan", "Tiếp nhận hồ sơ và trả kết quả qua dịch vụ bưu chính công ích: bao nhiêu, so với trước, do đâu.")

UNITS: Final = "/don-vi"
ADOPTION: Final = "/chua-tra-qua-buu-chinh"
BY_MONTH: Final = Measure((metrics.RECEIVED_BY_POST, metrics.RETURNED_BY_POST), by=(Dim.MONTH,), window=Window.LAST_24_MONTHS)
CHANNELS: Final = Measure(
    (metrics.RECEIVED_BY_POST, metrics.RECEIVED_ONLINE, metrics.RECEIVED_AT_COUNTER, metrics.RECEIVED_CHANNEL_NOT_RECORDED),
    by=(Dim.MONTH,),
    window=Window.LAST_24_MONTHS,
)
HEADLINES: Final[tuple[tuple[Metric, str, str], ...]] = (  # with the page that splits it up, and that page's order
    (metrics.RECEIVED_BY_POST, UNITS, "-received_by_post"),
    (metrics.RETURNED_BY_POST, UNITS, ""),
    (metrics.POSTAL_RECEIPT_RATE, UNITS, "-postal_receipt_rate"),
    (metrics.POSTAL_RETURN_RATE, UNITS, "-postal_return_rate"),
    (metrics.ACTIVE_AGENCIES, ADOPTION, ""),
    (metrics.ACTIVE_PROCEDURES, "/thu-tuc", ""),
    (metrics.ON_TIME_RATE, UNITS, ""),
    (metrics.OVERDUE, UNITS, ""),
    (metrics.POSTAL_REVENUE, "", ""),
    (metrics.SAFETY_RATE, "", ""),
)
CHANNEL_PARTS: Final = {
    "received_by_post": ("Bưu chính", CHANNEL["post"]),
    "received_online": ("Trực tuyến", CHANNEL["online"]),
    "received_at_counter": ("Trực tiếp", CHANNEL["counter"]),
    "received_channel_not_recorded": ("Không ghi nhận", CHANNEL["not_recorded"]),
}
MOST_STEPS: Final = 6  # in each direction; the rest is one step
MOST_BARS: Final = 10
Row = dict[str, Any]


@PAGE.card("overview.totals", "Số liệu chính", Totals(), metrics=tuple(metric for metric, _, _ in HEADLINES), also=(BY_MONTH,))
def totals(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The headline and ten figures, each with its change and target."""
    rows = {row["key"]: row for row in rows_of(frame)}
    readings = {metric.key: Reading.of_total(metric, rows[metric.key], asked.data.rules.minimum_n) for metric in metrics.ALL if metric.key in rows}
    happened = (readings[metric.key].now for metric in (metrics.RECEIVED, metrics.RETURNED))
    if asked.timeframe.counted is None or not any(not text.is_missing(value) and value > 0 for value in happened):
        return phrases.nothing(asked, "hồ sơ tiếp nhận hay kết quả đã trả")
    sparks = _sparks(asked)
    kpis = [
        Kpi(
            label=metric.label,
            value=readings[metric.key].value(),
            unit=readings[metric.key].unit,
            change=change_words(asked, readings[metric.key]),
            target=target_words(asked, readings[metric.key]),
            link=asked.link(path, state=TableState(sort=order)) if path else "",
            help=metric.definition,
            spark=sparks.get(metric.key, ()),
        )
        for metric, path, order in HEADLINES
    ]
    place = phrases.subtitle(asked, "Hồ sơ và kết quả qua bưu chính công ích")
    return Drawing(
        title=words.totals_title(readings, asked),
        subtitle=" · ".join(filter(None, (place, phrases.compared(asked)))),
        lines=phrases.comparison_line(asked),
        kpis=tuple(kpis),
        table=_totals_table(readings, asked),
        note="Hồ sơ quá hạn tính tại ngày số liệu, không theo kỳ; các số khác tính trong kỳ. “–” là không tính được hoặc quá ít hồ sơ để tính tỷ lệ.",
    )


def _sparks(asked: Asked) -> dict[str, tuple[float | None, ...]]:
    """Finished months of the two volumes."""
    if not asked.others:
        return {}
    frame = asked.others[0]
    done = frame[[months.is_finished(asked, int(month)) for month in frame[Dim.MONTH.value]]]
    return {key: tuple(months.floats(done[key])) for key in (metrics.RECEIVED_BY_POST.key, metrics.RETURNED_BY_POST.key)}


def _totals_table(readings: Mapping[str, Reading], asked: Asked) -> Table:
    rows: list[dict[str, Any]] = []
    for reading in readings.values():
        has_parts = bool(reading.metric.denominator)
        rows.append(
            {
                "label": reading.metric.label,
                "value": reading.with_unit(),
                "numerator": reading.now if has_parts else pd.NA,
                "denominator": reading.below if has_parts else pd.NA,
                "change": change_words(asked, reading) or text.MISSING,
                "target": target_words(asked, reading) or text.MISSING,
            }
        )
    columns = [
        Column("label", "Chỉ tiêu"),
        Column("value", "Giá trị"),
        Column("numerator", "Tử số", Kind.WHOLE),
        Column("denominator", "Mẫu số", Kind.WHOLE),
        Column("change", say("So với {}", phrases.compared_name(asked))),
        Column("target", "Chỉ tiêu phải đạt"),
    ]
    return Table(tuple(columns), tuple(rows))


@PAGE.card("overview.months", "24 tháng gần đây", BY_MONTH, metrics=(metrics.RECEIVED_BY_POST, metrics.RETURNED_BY_POST))
def by_month(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Received and returned by post, month by month."""
    frame = months.lived(frame, asked)
    indexes = [int(month) for month in frame[Dim.MONTH.value]]
    received, returned = (months.floats(frame[metric.key]) for metric in (metrics.RECEIVED_BY_POST, metrics.RETURNED_BY_POST))
    if not any([*received, *returned]):
        return phrases.nothing(asked, "hồ sơ tiếp nhận hay kết quả trả qua bưu chính trong 24 tháng")
    dashed = months.unfinished_from(asked, indexes)
    marks, event_lines = event_marks.marks(asked, indexes)
    figure = figures.line(
        x_labels=[month_label(month) for month in indexes],
        series=[Series("Trả kết quả", returned, CHANNEL["post"], dashed), Series("Tiếp nhận", received, LIGHT.ink_soft, dashed)],
        marks=marks,
        unit="",
        links=[months.link(asked, month) for month in indexes],
        note=months.until(asked, indexes),
    )
    names = {"received_by_post": say("Tiếp nhận qua bưu chính (hồ sơ)"), "returned_by_post": say("Trả kết quả qua bưu chính (kết quả)")}
    return Drawing(
        title=words.months_title(frame, asked),
        subtitle=say("Hồ sơ tiếp nhận và kết quả trả qua bưu chính theo tháng · {} · {}", phrases.place(asked), months.span(asked, indexes)),
        lines=(*words.months_lines(frame, asked), *event_lines),
        figure=figure,
        table=months.table(frame, asked, names),
        note=say("{}Tiếp nhận tính theo ngày tiếp nhận, trả kết quả theo ngày trả: hai nhóm hồ sơ khác nhau.", months.note(asked, indexes)),
    )


@PAGE.card("overview.channels", "Ba hình thức tiếp nhận", CHANNELS, metrics=CHANNELS.metrics, also=(BY_MONTH,))
def channels(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Receipts by channel and month: whether online takes the place of post."""
    frame = months.lived(frame, asked)
    indexes = [int(month) for month in frame[Dim.MONTH.value]]
    parts = [Part(name, months.floats(frame[key]), color) for key, (name, color) in CHANNEL_PARTS.items()]
    if not any(value for part in parts for value in part.values):
        return phrases.nothing(asked, "hồ sơ tiếp nhận trong 24 tháng")
    marks, event_lines = event_marks.marks(asked, indexes)
    figure = figures.columns_stacked(
        x_labels=[month_label(month) for month in indexes],
        parts=parts,
        marks=marks,
        unit="hồ sơ",
        links=[months.link(asked, month) for month in indexes],
        unfinished_from=months.unfinished_from(asked, indexes),
        note=months.until(asked, indexes),
    )
    return Drawing(
        title=words.channels_title(frame, asked),
        subtitle=say("Hồ sơ tiếp nhận theo hình thức và tháng · {} · {}", phrases.place(asked), months.span(asked, indexes)),
        lines=(*words.channels_lines(asked.others[0] if asked.others else frame.iloc[:0], asked), *event_lines),
        figure=figure,
        table=months.table(frame, asked, {key: say("{} (hồ sơ)", name) for key, (name, _) in CHANNEL_PARTS.items()}),
        note=say("{}Tỷ trọng tính trên số hồ sơ có ghi nhận hình thức; “không ghi nhận” để riêng.", months.note(asked, indexes)),
    )


@PAGE.card("overview.drivers", "Tăng giảm do đâu", Drivers(), metrics=(metrics.RETURNED_BY_POST,))
def drivers(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """From the compared period to this one, unit by unit."""
    if asked.timeframe.counted is None:
        return phrases.nothing(asked, "kết quả trả qua bưu chính")
    if not phrases.is_compared(asked):
        return phrases.not_compared(asked, "Tăng giảm của kết quả trả qua bưu chính")
    if frame.empty:
        return phrases.nothing(asked, "kết quả trả qua bưu chính ở cả hai kỳ")
    rows = _linked(frame, asked)
    steps, merged = _steps(rows)
    before, now = int(frame["before"].sum()), int(frame["now"].sum())
    noun = say("thủ tục") if (frame["kind"] == PROCEDURE).all() else say("đơn vị")
    if merged:
        steps.insert(len([row for row in steps if row["change"] > 0]), _rest(merged, noun))
    figure = figures.waterfall(
        names=[row["name"] for row in steps],
        deltas=[int(row["change"]) for row in steps],
        start=before,
        end=now,
        start_name=phrases.capital(phrases.compared_name(asked)),
        end_name="Kỳ này",
        links=[row["link"] for row in steps],
        hovers=[
            say("{}\n{} kết quả\ntừ {} thành {}", row["name"], text.signed(row["change"]), text.whole(row["before"]), text.whole(row["now"])) for row in steps
        ],
    )
    columns = (
        Column("name", phrases.capital(noun), link="link"),
        Column("before", phrases.capital(phrases.compared_name(asked)), Kind.WHOLE),
        Column("now", "Kỳ này", Kind.WHOLE),
        Column("change", "Tăng, giảm", Kind.SIGNED),
    )
    return Drawing(
        title=words.drivers_title(rows, before, now, asked),
        subtitle=f"{phrases.subtitle(asked, 'Kết quả trả qua bưu chính')} · {phrases.compared(asked)}",
        lines=words.drivers_lines(rows, noun),
        figure=figure if steps else figures.empty("Không đơn vị nào tăng hay giảm"),
        table=Table(columns, tuple(rows), total={"name": say("Cộng"), "before": before, "now": now, "change": now - before}),
        note=words.drivers_note(int((frame["members"] > 1).sum()), len(merged), noun),
    )


def _linked(frame: pd.DataFrame, asked: Asked) -> list[Row]:
    """Rows of `Drivers` with the address each leads to: the unit, the units of a group, or the procedure; greatest rise first."""
    rows: list[Row] = []
    for row in rows_of(frame):
        codes = tuple(sorted(row["key"].split(","))) if isinstance(row["key"], str) else (NOT_RECORDED,)
        link = asked.link("/thu-tuc", procedures=codes) if row["kind"] == PROCEDURE else asked.link(UNITS, agencies=codes)
        rows.append(row | {"link": link})
    return sorted(rows, key=lambda row: (-row["change"], text.sort_key(row["name"])))


def _steps(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The steps of the waterfall and the rows that are merged into one; a single row left over is not worth merging."""
    ups, downs = [row for row in rows if row["change"] > 0], [row for row in rows if row["change"] < 0]
    merged = ups[MOST_STEPS:] + downs[: max(0, len(downs) - MOST_STEPS)]
    if len(merged) <= 1:
        return [*ups, *downs], []
    return [*ups[:MOST_STEPS], *downs[-MOST_STEPS:]], merged


def _rest(merged: list[Row], noun: str) -> Row:
    sums = {key: sum(int(row[key]) for row in merged) for key in ("before", "now", "change")}
    return {"name": say("{} {} khác", len(merged), noun), "link": None, **sums}


@PAGE.card(
    "overview.best_and_zero",
    "Trả nhiều nhất, tăng giảm nhiều nhất, chưa trả",
    AdoptionUnits(),
    metrics=(metrics.RETURNED_BY_POST, metrics.ACTIVE_AGENCIES),
    also=(AgencyVolumes(), Drivers()),
)
def best_and_zero(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Who returns most by post, who moved most, and how many units stand at each verdict."""
    if asked.timeframe.counted is None or frame.empty or not frame["in_period"].any():
        return phrases.nothing(asked, "đơn vị trong kỳ")
    units = frame[frame["in_period"].astype(bool)]
    rows = [row | {"link": asked.link(UNITS, agencies=(row["agency_code"],))} for row in rows_of(units)]
    rows.sort(key=lambda row: (-row["returned_by_post"], text.sort_key(row["agency_name"])))
    top = [row for row in rows if row["returned_by_post"] > 0][:MOST_BARS]
    counts = units["verdict"].value_counts()
    choices = [
        Choice(name, asked.link(ADOPTION, state=TableState(verdicts=(verdict,))), count=text.whole(counts.get(verdict, 0)))
        for verdict, name in words.VERDICTS.items()
        if counts.get(verdict, 0)
    ]
    moved = _linked(asked.others[1], asked) if len(asked.others) > 1 and len(asked.filters.agencies) != 1 and phrases.is_compared(asked) else []
    columns = (
        Column("agency_name", "Cơ quan, đơn vị", link="link"),
        Column("verdict", "Tình trạng", Kind.VERDICT),
        Column("returned", "Kết quả đã trả", Kind.WHOLE),
        Column("returned_by_post", "Trả qua bưu chính", Kind.WHOLE),
        Column("last_postal_return", "Lần cuối trả qua bưu chính", Kind.DATE),
    )
    return Drawing(
        title=words.zero_title(units, asked),
        subtitle=phrases.subtitle(asked, "Kết quả trả qua bưu chính theo đơn vị và tình trạng"),
        lines=words.moved_lines(moved, asked),
        choices=tuple(choices),
        figure=figures.bars(
            names=[row["agency_name"] for row in top],
            values=[float(row["returned_by_post"]) for row in top],
            texts=[say("{} kết quả", text.whole(row["returned_by_post"])) for row in top],
            links=[row["link"] for row in top],
        )
        if top
        else None,
        table=Table(columns, tuple(rows)),
        note=words.zero_note(asked.others[0] if asked.others else frame.iloc[:0], len(top), sum(row["returned_by_post"] > 0 for row in rows)),
    )
