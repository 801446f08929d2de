"""The annexes of a briefing that are made by name: units, the circular's postal form, units at zero, procedures with nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.cards import Asked
from dashboard.content.evaluation_facts import Facts
from dashboard.content.plan import TitledTable
from dashboard.content.postal_form import postal_form
from dashboard.pages import adoption_words, agencies_rows
from dashboard.pages.readings import rows_of
from dashboard.tables import Column, Kind, Table, TableState
from queries import metrics, organisation
from queries.adoption import Verdict, verdict
from queries.coverage import covered_spans
from queries.listings import AgencyLists
from queries.postal_list import Idleness, IdleProcedures
from queries.sentence import VERDICT_NAMES
from queries.volumes import AgencyVolumes

MOST_PROCEDURES: Final = 300
Row = dict[str, Any]
Maker = Callable[[Facts], TitledTable]
_SUMS: Final = (metrics.RECEIVED, metrics.RECEIVED_BY_POST, metrics.RETURNED, metrics.RETURNED_BY_POST)
_RECEIVED_NAMES: Final = {
    Verdict.NOT_BY_POST: "Chưa tiếp nhận qua bưu chính",
    Verdict.CHANNEL_NOT_RECORDED: "Không ghi nhận hình thức",
    Verdict.NO_RESULT: "Không có hồ sơ tiếp nhận",
    Verdict.NO_DATA: "Chưa có số liệu",
}
_IDLE: Final = {Idleness.OTHER_CHANNELS: "Có hồ sơ bằng hình thức khác", Idleness.NO_DOSSIER: "Không có hồ sơ nào"}


def units(facts: Facts) -> TitledTable:
    """The report per unit, most results by post first; the last row is the question's own total, not the sum of the rows."""
    asked = facts.asked
    frame = asked.data.ask(AgencyVolumes(), asked.filters)
    rows, _ = agencies_rows.volumes(frame, asked.data.ask(AgencyLists(), asked.filters), _unsorted(asked))
    columns = (
        Column("stt", "STT", Kind.WHOLE),
        *(column for column in agencies_rows.volume_columns(asked, one=len(rows) == 1) if column.key != "change" or facts.is_compared),
    )
    note = (
        f"Tiếp nhận tính theo ngày tiếp nhận, trả kết quả theo ngày trả, {dates(asked)}. Tỷ lệ tính trên hồ sơ, kết quả có ghi nhận hình thức; "
        f"dưới {facts.minimum} hồ sơ thì ghi “–”. BCCI: bưu chính công ích. Xếp hạng theo số kết quả trả qua BCCI. Dòng cộng tính riêng ở cấp của phạm vi."
    )
    total = _total(facts)
    note += _differences(rows, total)
    return TitledTable("Kết quả theo cơ quan, đơn vị", Table(_plain(columns), numbered(rows), total=total), note, is_wide=True)


def _unsorted(asked: Asked) -> Asked:
    """The same state with the table's own order."""
    return Asked(asked.data, asked.filters, TableState(), asked.path, targets=asked.targets)


def _total(facts: Facts) -> Row:
    """The total row from the figures of the whole scope."""
    found: Row = {"agency_name": "Tổng cộng"}
    for metric in _SUMS:
        found[metric.key] = facts.reading(metric).now
    for metric in (metrics.POSTAL_RECEIPT_RATE, metrics.POSTAL_RETURN_RATE):
        reading = facts.reading(metric)
        shown = reading.is_known and bool(reading.below) and not reading.is_thin
        found |= {metric.key: reading.now / reading.below if shown else pd.NA}
        found |= {f"{metric.key}_numerator": reading.now, f"{metric.key}_denominator": reading.below}
    lists, returned = facts.reading(metrics.ACTIVE_PROCEDURES), facts.reading(metrics.RETURNED_BY_POST)
    found |= {"listed_procedures": lists.below, "active_procedures": lists.now}
    if facts.is_compared and not text.is_missing(returned.before):
        found["change"] = returned.now - returned.before
    return found


def _differences(rows: Sequence[Row], total: Row) -> str:
    """A sentence where the rows do not add up to the total; empty where they do."""
    parts = []
    for metric in _SUMS:
        apart = int(total[metric.key]) - sum(int(row[metric.key]) for row in rows if not text.is_missing(row[metric.key]))
        if apart:
            parts.append(f"{metric.label[0].lower()}{metric.label[1:]} lệch {text.signed(apart)}")
    return f" Tổng cộng khác tổng các dòng ({', '.join(parts)}): phần của đơn vị không nằm trong bảng." if parts else ""


def zero_returned(facts: Facts) -> TitledTable:
    """Units of the period that returned nothing by post; the verdicts stand apart."""
    found = facts.units[facts.units["verdict"] != Verdict.RETURNS_BY_POST]
    order = {str(name): place for place, name in enumerate(VERDICT_NAMES)}
    rows = []
    for row in rows_of(found):
        known = row["verdict"] != Verdict.NO_DATA
        rows.append(
            row
            | {"state": VERDICT_NAMES[row["verdict"]], "advice": adoption_words.ADVICE[row["verdict"]]}
            | ({} if known else {"returned": pd.NA, "returned_recorded": pd.NA, "periods_without": pd.NA})
        )
    rows.sort(key=lambda row: (order[row["verdict"]], text.sort_key(row["agency_name"])))
    step = adoption_words.step(facts.asked.timeframe.period)
    columns = (
        Column("stt", "STT", Kind.WHOLE),
        Column("agency_name", "Cơ quan, đơn vị"),
        Column("state", "Tình trạng"),
        Column("returned", "Kết quả đã trả", Kind.WHOLE),
        Column("returned_recorded", "Có ghi hình thức", Kind.WHOLE),
        Column("last_postal_return", "Lần gần nhất trả qua BCCI", Kind.DATE),
        Column("periods_without", f"Số {step} liền không trả", Kind.WHOLE),
        Column("listed_procedures", "TTHC trong danh mục", Kind.WHOLE),
        Column("advice", "Việc cần làm"),
    )
    note = (
        f"Kết quả trả tính theo ngày trả, {dates(facts.asked)}. Chỉ “chưa trả qua bưu chính” là cần nhắc; "
        "thiếu ghi nhận hay thiếu số liệu không phải là không trả."
    )
    return TitledTable("Đơn vị không phát sinh kết quả trả qua bưu chính", Table(columns, numbered(rows)), note, is_wide=True)


def zero_received(facts: Facts) -> TitledTable:
    """Units of the period that received nothing by post; the reasons stand apart."""
    asked = facts.asked
    period = asked.timeframe.counted or asked.timeframe.period
    fed = covered_spans(asked.data, organisation.today(asked.data.catalogue, asked.filters.organisation, "agency"))
    alive = set(facts.units["agency_code"])
    found: list[tuple[Verdict, Row]] = []
    for row in facts.volumes:
        if row["agency_code"] not in alive:
            continue
        covered = any(span.meets(period) for span in fed.get(row["agency_code"], ()))
        known = verdict(int(row["received"]), int(row["postal_receipt_rate_denominator"]), int(row["received_by_post"]), covered=covered)
        if known != Verdict.RETURNS_BY_POST:
            received = pd.NA if known == Verdict.NO_DATA else row["received"]
            recorded = pd.NA if known == Verdict.NO_DATA else row["postal_receipt_rate_denominator"]
            found.append((known, row | {"state": _RECEIVED_NAMES[known], "received": received, "recorded": recorded}))
    order = {name: place for place, name in enumerate(Verdict)}
    rows = [row for _, row in sorted(found, key=lambda pair: (order[pair[0]], text.sort_key(pair[1]["agency_name"])))]
    columns = (
        Column("stt", "STT", Kind.WHOLE),
        Column("agency_name", "Cơ quan, đơn vị"),
        Column("state", "Tình trạng"),
        Column("received", "Hồ sơ tiếp nhận", Kind.WHOLE),
        Column("recorded", "Có ghi hình thức", Kind.WHOLE),
    )
    note = f"Tiếp nhận tính theo ngày tiếp nhận, {dates(asked)}. Thiếu ghi nhận hay thiếu số liệu không phải là không tiếp nhận."
    return TitledTable("Đơn vị không phát sinh hồ sơ tiếp nhận qua bưu chính", Table(columns, numbered(rows)), note)


def idle_procedures(facts: Facts) -> TitledTable:
    """Procedures of the postal list with nothing by post, used otherwise first."""
    rows = [row | {"state": _IDLE[row["kind"]]} for row in rows_of(facts.asked.data.ask(IdleProcedures(), facts.asked.filters))]
    columns = (
        Column("stt", "STT", Kind.WHOLE),
        Column("procedure_code", "Mã thủ tục"),
        Column("procedure_name", "Thủ tục"),
        Column("sector_name", "Lĩnh vực"),
        Column("state", "Tình trạng"),
        Column("received", "Hồ sơ tiếp nhận", Kind.WHOLE),
        Column("returned", "Kết quả đã trả", Kind.WHOLE),
        Column("listing_agencies", "Đơn vị niêm yết", Kind.WHOLE),
        Column("last_postal_on", "Lần gần nhất qua BCCI", Kind.DATE),
    )
    left = max(0, len(rows) - MOST_PROCEDURES)
    more = f" Còn {text.whole(left)} thủ tục khác, xem trang Thủ tục." if left else ""
    note = f"Thủ tục trong danh mục bưu chính không có hồ sơ tiếp nhận và kết quả trả qua bưu chính, {dates(facts.asked)}.{more}"
    return TitledTable("Thủ tục trong danh mục chưa phát sinh qua bưu chính", Table(columns, numbered(rows[:MOST_PROCEDURES])), note, left, is_wide=True)


def dates(asked: Asked) -> str:
    """The counted days, as every table names them."""
    counted = asked.timeframe.counted or asked.timeframe.period
    return f"từ ngày {text.date_label(counted.start)} đến ngày {text.date_label(counted.end)}"


def numbered(rows: Sequence[Row]) -> tuple[Mapping[str, Any], ...]:
    """The rows with their number in `stt`."""
    return tuple({"stt": place, **row} for place, row in enumerate(rows, start=1))


def _plain(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns without links."""
    return tuple(Column(column.key, column.label, column.kind) for column in columns)


WHOLE: Final = ("postal_form",)  # of the whole scope, not of units or procedures
MAKERS: Final[dict[str, tuple[Maker, str, tuple[str, ...]]]] = {  # with the sheet's name and the relations they need
    "units": (units, "Theo đơn vị", ()),
    "postal_form": (postal_form, "Biểu bưu chính", ()),
    "zero_returned": (zero_returned, "Chưa trả qua bưu chính", ()),
    "zero_received": (zero_received, "Chưa tiếp nhận", ()),
    "idle_procedures": (idle_procedures, "Thủ tục chưa phát sinh", ("agency_procedures",)),
}
