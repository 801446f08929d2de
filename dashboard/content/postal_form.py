"""The postal operator's periodic form (TT 17/2017/TT-BTTTT, Điều 13): list, volume, revenue, complaints, losses, compensation, safety."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.content.evaluation_facts import Facts
from dashboard.content.plan import TitledTable
from dashboard.pages.readings import Reading
from dashboard.tables import Column, Kind, Table
from queries import metrics

NO_INCIDENTS: Final = "cơ sở dữ liệu không có bảng khiếu nại, mất, thất lạc, hư hỏng"
NO_LIST: Final = "cơ sở dữ liệu không có danh mục bưu chính theo đơn vị"
NO_FEE: Final = "cơ sở dữ liệu không có cột cước bưu chính"
NOT_SPLIT: Final = "không tính được trong phạm vi lọc này"
Row = dict[str, Any]
_INCIDENTS: Final = (
    ("Số vụ khiếu nại", "vụ", "complaint"),
    ("Số vụ khiếu nại đã giải quyết", "vụ", "complaint_settled"),
    ("Hồ sơ, kết quả bị mất", "vụ", "lost"),
    ("Hồ sơ, kết quả bị thất lạc", "vụ", "misplaced"),
    ("Hồ sơ, kết quả bị hư hỏng", "vụ", "damaged"),
    ("Số vụ bồi thường", "vụ", "compensated"),
    ("Tổng giá trị bồi thường", "đồng", "compensation"),
)


def postal_form(facts: Facts) -> TitledTable:
    """The form for the period, with the compared days beside it; what the database lacks is missing, with the reason."""
    rows = [{"stt": place, **row} for place, row in enumerate(_rows(facts), start=1)]
    columns = [
        Column("stt", "STT", Kind.WHOLE),
        Column("label", "Chỉ tiêu"),
        Column("unit", "Đơn vị tính"),
        Column("value", "Kỳ này", Kind.WHOLE),
        Column("before", facts.compared_name[0].upper() + facts.compared_name[1:], Kind.WHOLE),
        Column("remark", "Ghi chú"),
    ]
    if not facts.is_compared:
        columns = [column for column in columns if column.key != "before"]
    frame = facts.asked.timeframe
    counted = frame.counted or frame.period
    against = f"; kỳ so sánh {frame.compared_label()}" if facts.is_compared else ""
    note = (
        f"Kỳ này: {counted.dates()}{against}. Vụ việc tính theo ngày báo; khiếu nại đã giải quyết tính đến ngày {facts.as_of}. "
        "Doanh thu là cước bưu chính, không gồm phí, lệ phí thu hộ. Mức độ an toàn theo TT 17/2017/TT-BTTTT, Điều 6 phải đạt 100%."
    )
    return TitledTable("Biểu báo cáo dịch vụ bưu chính công ích (TT 17/2017/TT-BTTTT, Điều 13)", Table(tuple(columns), tuple(rows)), note)


def _rows(facts: Facts) -> Iterator[Row]:
    listed = facts.reading(metrics.ACTIVE_PROCEDURES)
    yield _row("Thủ tục trong danh mục thực hiện qua bưu chính", "thủ tục", listed.below, listed.below_before, NO_LIST)
    yield _row("Thủ tục có phát sinh qua bưu chính", "thủ tục", listed.now, listed.before, NO_LIST)
    into, out = facts.reading(metrics.RECEIVED_BY_POST), facts.reading(metrics.RETURNED_BY_POST)
    yield _row("Sản lượng: hồ sơ tiếp nhận qua bưu chính", "hồ sơ", into.now, into.before)
    yield _row("Sản lượng: kết quả trả qua bưu chính", "kết quả", out.now, out.before)
    revenue = facts.reading(metrics.POSTAL_REVENUE)
    yield _row("Doanh thu cước bưu chính", "đồng", revenue.now, revenue.before, NO_FEE)
    found = facts.incidents
    for label, unit, key in _INCIDENTS:
        if found is None:
            yield _row(label, unit, pd.NA, pd.NA, NO_INCIDENTS)
        else:
            yield _row(label, unit, found[key], found[f"{key}_before"])
    yield _safety(facts.reading(metrics.SAFETY_RATE), facts)


def _row(label: str, unit: str, value: object, earlier: object, why: str = NOT_SPLIT) -> Row:
    missing = text.is_missing(value)
    return {"label": label, "unit": unit, "value": value, "before": earlier, "remark": why if missing else ""}


def _safety(reading: Reading, facts: Facts) -> Row:
    """The safety level in words: a percentage among counts."""
    if not reading.is_known:
        why = NO_INCIDENTS if facts.incidents is None else NOT_SPLIT
    else:
        why = "chưa phát sinh hồ sơ, kết quả qua bưu chính" if not reading.below else "ít hồ sơ nên không tính phần trăm" if reading.is_thin else ""
    if reading.is_known and reading.below:
        why = "; ".join(filter(None, (why, f"{text.whole(reading.now)}/{text.whole(reading.below)} hồ sơ, kết quả an toàn")))
    known_before = not text.is_missing(reading.below_before) and reading.below_before >= facts.minimum
    earlier = text.percent(reading.before, reading.below_before, 2) if known_before else text.MISSING
    return {"label": "Mức độ an toàn", "unit": "%", "value": reading.value(), "before": earlier, "remark": why}
