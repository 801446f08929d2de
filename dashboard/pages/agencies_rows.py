"""The rows, columns and headline figures of the page Cơ quan, đơn vị."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked, Kpi
from dashboard.pages import agencies_words, phrases
from dashboard.pages.readings import Reading, change_words, over, rows_of
from dashboard.tables import Column, Kind
from dashboard.theme import LIGHT
from queries import metrics, organisation, standing
from queries.backlog import SOON_DAYS
from queries.counting import Metric
from queries.coverage import Span
from queries.filters import NOT_RECORDED
from queries.measure import before, denominator, numerator

PATH: Final = "/don-vi"
Row = dict[str, Any]
MOST_PEERS: Final = 30

STANDING_COLUMNS: Final = (
    Column("name", "So sánh", link="link"),
    Column("received", "Tiếp nhận", Kind.WHOLE),
    Column("received_by_post", "Tiếp nhận qua bưu chính", Kind.WHOLE),
    Column("postal_receipt_rate", "Tỷ lệ tiếp nhận", Kind.PERCENT, over=over(metrics.POSTAL_RECEIPT_RATE)),
    Column("returned", "Kết quả đã trả", Kind.WHOLE),
    Column("returned_by_post", "Trả qua bưu chính", Kind.WHOLE),
    Column("postal_return_rate", "Tỷ lệ trả", Kind.PERCENT, over=over(metrics.POSTAL_RETURN_RATE)),
    Column("on_time_rate", "Đúng hạn", Kind.PERCENT, over=over(metrics.ON_TIME_RATE)),
    Column("open", "Đang giải quyết", Kind.WHOLE),
    Column("overdue", "Quá hạn", Kind.WHOLE),
)
PROCEDURE_COLUMNS: Final = (
    Column("procedure_name", "Thủ tục", link="link"),
    Column("sector_name", "Lĩnh vực"),
    Column("listed", "Danh mục bưu chính"),
    Column("received", "Tiếp nhận", Kind.WHOLE),
    Column("received_by_post", "Tiếp nhận qua bưu chính", Kind.WHOLE),
    Column("returned", "Trả kết quả", Kind.WHOLE),
    Column("returned_by_post", "Trả qua bưu chính", Kind.WHOLE),
    Column("postal_return_rate", "% trả", Kind.PERCENT, over=over(metrics.POSTAL_RETURN_RATE)),
)
_SUMS: Final = ("received", "received_by_post", "returned", "returned_by_post")
_RATES: Final = (metrics.POSTAL_RECEIPT_RATE, metrics.POSTAL_RETURN_RATE, metrics.ON_TIME_RATE)


def rates(row: Mapping[str, Any], minimum: int) -> Row:
    """The ratios of a row, missing where fewer cases than `minimum` carry them."""
    found: Row = {}
    for metric in _RATES:
        below = row.get(denominator(metric), pd.NA)
        if metric.key in row:
            found[metric.key] = pd.NA if text.is_missing(below) or below < minimum else row[metric.key]
    return found


def lines(rows: Sequence[Row], asked: Asked) -> list[Row]:
    """The lines of comparison to show: not the same figures twice, and no level without a figure."""
    same = len(asked.filters.levels) <= 1 and not asked.filters.agencies  # the selection is the province or one level
    alive = ("received", "returned", "open")
    return [
        row
        for row in rows
        if not (row["kind"] == standing.ASKED and same)
        and not (row["kind"] == standing.LEVEL and not any(not text.is_missing(row[name]) and row[name] > 0 for name in alive))
    ]


def is_own(row: Mapping[str, Any], asked: Asked) -> bool:
    """Whether a line of comparison is the asked unit or selection itself."""
    mapping = organisation.today(asked.data.catalogue, asked.filters.organisation, "agency")
    wanted = organisation.asked_agencies(asked.data.catalogue, asked.filters.agencies, mapping)
    return bool(
        row["kind"] == standing.ASKED or (row["kind"] == standing.PEER and row["code"] in wanted) or (row["code"] in asked.filters.levels and not wanted)
    )


def is_drawn(row: Mapping[str, Any], asked: Asked) -> bool:
    """Whether a line has a rate of returns that may be compared."""
    below = row.get(denominator(metrics.POSTAL_RETURN_RATE), pd.NA)
    return not text.is_missing(below) and below >= asked.data.rules.minimum_n


def peers(lines: Sequence[Row], asked: Asked) -> list[Row]:
    """The peers with a comparable rate among the province and their level, highest first: at most thirty, always with the asked unit."""
    own_level = {asked.data.catalogue.agency_levels.get(str(row["code"])) for row in lines if row["kind"] == standing.PEER}
    ranked = sorted(
        (row for row in lines if row["kind"] == standing.PEER and is_drawn(row, asked)),
        key=lambda row: (-row["postal_return_rate"], text.sort_key(row["name"])),
    )
    shown = ranked[:MOST_PEERS]
    own = [row for row in ranked[MOST_PEERS:] if is_own(row, asked)]
    beside = [
        row for row in lines if is_drawn(row, asked) and (row["kind"] == standing.PROVINCE or (row["kind"] == standing.LEVEL and row["code"] in own_level))
    ]
    return sorted([*shown[: MOST_PEERS - len(own)], *own, *beside], key=lambda row: -row["postal_return_rate"])


def drawn(lines: Sequence[Row], asked: Asked, *, one: bool) -> list[Row]:
    """The lines with a bar, highest rate first."""
    return peers(lines, asked) if one else sorted((row for row in lines if is_drawn(row, asked)), key=lambda row: -row["postal_return_rate"])


def color(row: Mapping[str, Any], asked: Asked) -> str:
    """The colour of a line of comparison: the asked unit, what it is measured against, and the others."""
    if is_own(row, asked):
        return LIGHT.accent
    return LIGHT.ink_soft if row["kind"] == standing.PROVINCE or (row["kind"] == standing.LEVEL and asked.filters.agencies) else LIGHT.quiet


def line_link(row: Mapping[str, Any], asked: Asked) -> str:
    """Where a line of comparison leads: a unit's own page, a level, the whole province."""
    if row["kind"] == standing.PEER:
        return asked.link(PATH, agencies=(row["code"],), levels=())
    if row["kind"] == standing.LEVEL:
        return asked.link(PATH, agencies=(), levels=(row["code"],))
    return asked.link(PATH, agencies=(), levels=()) if row["kind"] == standing.PROVINCE else ""


def kpis(own: Mapping[str, Any], beside: Mapping[str, Mapping[str, Any]], asked: Asked) -> Iterator[Kpi]:
    """Headline figures of the asked units, ratios beside those of the province and the level."""
    wholes: dict[Metric, Metric] = {metrics.RECEIVED_BY_POST: metrics.RECEIVED, metrics.RETURNED_BY_POST: metrics.RETURNED}
    for metric in standing.METRICS:
        if metric in (*wholes.values(), metrics.OPEN, metrics.OVERDUE):  # the open ones have a card of their own
            continue
        reading = Reading.of_measure(metric, own, asked.data.rules.minimum_n)
        against = ""
        if metric.is_ratio:
            against = " · ".join(f"{say(name)} {Reading.of_measure(metric, row, asked.data.rules.minimum_n).value()}" for name, row in beside.items())
        elif metric in wholes:
            whole = Reading.of_measure(wholes[metric], own, asked.data.rules.minimum_n)
            against = say("trong {} {}", whole.with_unit(), agencies_words.WHOLE_NAMES[whole.metric.key])
        yield Kpi(metric.label, reading.value(), reading.unit, change_words(asked, reading), against, help=metric.definition)


def volume_columns(asked: Asked, *, one: bool) -> tuple[Column, ...]:
    """Columns of the report per unit, as officials know it; one unit alone has no rank."""
    columns = (
        Column("agency_name", "Cơ quan, đơn vị", link="link"),
        Column("listed_procedures", "TTHC trong danh mục", Kind.WHOLE),
        Column("active_procedures", "TTHC có phát sinh", Kind.WHOLE),
        Column("received", "Tiếp nhận", Kind.WHOLE),
        Column("received_by_post", "Tiếp nhận qua BCCI", Kind.WHOLE),
        Column("postal_receipt_rate", "% tiếp nhận", Kind.PERCENT, over=over(metrics.POSTAL_RECEIPT_RATE)),
        Column("returned", "Trả kết quả", Kind.WHOLE),
        Column("returned_by_post", "Trả qua BCCI", Kind.WHOLE),
        Column("postal_return_rate", "% trả", Kind.PERCENT, over=over(metrics.POSTAL_RETURN_RATE)),
        Column("change", say("Trả qua BCCI so {}", phrases.compared_name(asked)), Kind.SIGNED),
        Column("rank", "Xếp hạng", Kind.WHOLE),
        Column("remark", "Ghi chú"),
    )
    return tuple(column for column in columns if not (one and column.key == "rank"))


def ranked_by(asked: Asked) -> str:
    """The column units are ranked by: the one the table is sorted by when it is one of the choices."""
    key = asked.state.sort.lstrip("-")
    return key if key in agencies_words.RANKINGS else metrics.RETURNED_BY_POST.key


def volumes(frame: pd.DataFrame, lists: pd.DataFrame, asked: Asked) -> tuple[list[Row], list[Row]]:
    """The rows of the report per unit in the order of the ranking, and units that ended before the period and have no figure in it."""
    listed = {str(row["agency_code"]): row for row in rows_of(lists)}
    lives = phrases.lives_by_agency(asked)
    rows: list[Row] = []
    ended: list[Row] = []
    for row in rows_of(frame):
        code = row["agency_code"] if isinstance(row["agency_code"], str) else NOT_RECORDED
        known = listed.get(code, {})
        happened = any(not text.is_missing(row[name]) and row[name] > 0 for name in _SUMS)
        if not happened and not known.get("in_period", False):
            ended.append(row)
            continue
        rows.append(
            row
            | rates(row, asked.data.rules.minimum_n)
            | _listing(known)
            | _moved(row, lives.get(code, []), asked)
            | {"link": asked.link(PATH, agencies=(code,)), "remark": _remark(row, known, asked.data.rules.minimum_n)}
        )
    key = ranked_by(asked)
    rows.sort(key=lambda row: (text.is_missing(row[key]), 0 if text.is_missing(row[key]) else -row[key], text.sort_key(row["agency_name"])))
    for row in rows:
        value = row[key]
        row["rank"] = (
            pd.NA
            if len(rows) == 1 or text.is_missing(value) or value <= 0
            else 1 + sum(1 for other in rows if not text.is_missing(other[key]) and other[key] > value)
        )
    return rows, ended


def _listing(known: Mapping[str, Any]) -> Row:
    return {name: known.get(name, pd.NA) for name in ("listed_procedures", "active_procedures")}


def _moved(row: Mapping[str, Any], lives: Sequence[Span], asked: Asked) -> Row:
    """The change of results returned by post, missing where the unit did not exist in the compared period to its full length."""
    earlier = row.get(before("returned_by_post"), pd.NA)
    compared = asked.timeframe.compared
    whole = compared is not None and (not lives or phrases.covers(lives, compared.start, compared.end))
    return {"change": row["returned_by_post"] - earlier if whole and not text.is_missing(earlier) else pd.NA}


def _remark(row: Mapping[str, Any], known: Mapping[str, Any], minimum: int) -> str:
    """Why a cell is missing, or what is special about a unit."""
    parts = []
    if isinstance(row["agency_code"], str) and not row["is_known"]:
        parts.append(say("ngoài danh mục"))
    if known and not known["in_period"]:
        parts.append(say("đã kết thúc trước kỳ này"))
    if text.is_missing(row["received"]) or not (row["received"] or row["returned"]):
        return "; ".join([*parts, say("không có hồ sơ")])
    if 0 < row[denominator(metrics.POSTAL_RETURN_RATE)] < minimum:
        parts.append(say("ít hồ sơ"))
    if row["returned"] and not row[denominator(metrics.POSTAL_RETURN_RATE)]:
        parts.append(say("không ghi nhận hình thức trả"))
    elif row["returned"] and not row["returned_by_post"]:
        parts.append(say("chưa trả qua bưu chính"))
    return "; ".join(parts)


def total(frame: pd.DataFrame, asked: Asked) -> Row:
    """The last row: sums of all rows of the frame, ratios of sums, ended units in the change included."""
    sums = {str(name): frame[name].sum(min_count=1) for name in frame.columns if name in _SUMS or str(name).endswith(("_numerator", "_denominator"))}
    found: Row = {"agency_name": say("Cộng"), **{name: sums[name] for name in _SUMS}}
    for metric in (metrics.POSTAL_RECEIPT_RATE, metrics.POSTAL_RETURN_RATE):
        below = sums[denominator(metric)]
        found |= {key: sums[key] for key in over(metric)}
        found[metric.key] = pd.NA if text.is_missing(below) or below < asked.data.rules.minimum_n else sums[numerator(metric)] / below
    earlier = before("returned_by_post")
    if earlier in frame and phrases.is_compared(asked):
        found["change"] = found["returned_by_post"] - frame[earlier].sum()
    return found


def procedures(frame: pd.DataFrame, asked: Asked, most: int) -> list[Row]:
    """The first procedures, most returned by post first, then received by post, then returned; of equal ones the first by name."""
    ordered = frame.assign(**{name: frame[name].fillna(0) for name in _SUMS}).sort_values(
        ["returned_by_post", "received_by_post", "returned", "procedure_code"], ascending=[False, False, False, True]
    )
    words = {True: say("có"), False: say("không")}
    rows: list[Row] = []
    for row in rows_of(ordered.head(most)):
        code = row["procedure_code"] if isinstance(row["procedure_code"], str) else NOT_RECORDED
        listed = text.MISSING if text.is_missing(row["is_listed"]) else words[bool(row["is_listed"])]
        rows.append(row | rates(row, asked.data.rules.minimum_n) | {"listed": listed, "link": asked.link("/thu-tuc", procedures=(code,))})
    return sorted(rows, key=lambda row: (-row["returned_by_post"], -row["received_by_post"], -row["returned"], text.sort_key(row["procedure_name"])))


def backlog_columns(first: str, late: Mapping[str, str]) -> tuple[Column, ...]:
    """Columns of the late list."""
    return (
        Column("name", first, link="link"),
        Column("overdue", "Quá hạn", Kind.WHOLE),
        *(Column(key, say("Quá hạn {}", words), Kind.WHOLE) for key, words in late.items()),
        Column("due_soon", say("Đến hạn trong {} ngày", SOON_DAYS), Kind.WHOLE),
        Column("open", "Đang giải quyết", Kind.WHOLE),
    )


def backlog_kpis(sums: Mapping[str, int], asked: Asked) -> Iterator[Kpi]:
    """Open dossiers: late ones, very late ones, what falls due next, and what has no due date."""
    day = text.date_label(asked.data.as_of)
    yield Kpi("Quá hạn", text.whole(sums["overdue"]), "hồ sơ", target=say("trong {} hồ sơ đang giải quyết", text.whole(sums["open"])))
    yield Kpi("Quá hạn trên 10 ngày", text.whole(sums["late_11_30"] + sums["late_over_30"]), "hồ sơ")
    yield Kpi("Quá hạn trên 30 ngày", text.whole(sums["late_over_30"]), "hồ sơ")
    yield Kpi(say("Đến hạn trong {} ngày", SOON_DAYS), text.whole(sums["due_soon"]), "hồ sơ", target=say("kể từ {}, tính cả ngày đó", day))
    yield Kpi("Không có ngày hẹn trả", text.whole(sums["without_due"]), "hồ sơ", target="đứng ngoài các số quá hạn")
