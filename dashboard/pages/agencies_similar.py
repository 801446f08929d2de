"""A unit among the units that are like it: rows and sentences of the card `agencies.similar`."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any, Final

import pandas as pd

from config.language import say, told
from dashboard import figures, text
from dashboard.cards import Asked, Drawing
from dashboard.figures import Figure
from dashboard.pages import phrases
from dashboard.pages.readings import rows_of
from dashboard.tables import Column, Kind, Table
from dashboard.theme import LIGHT
from queries.similar import LEAST_ALIKE, VOLUME_FACTOR, Basis

Row = dict[str, Any]
BASES: Final = {
    Basis.PROCEDURES: told("giống về cơ cấu thủ tục (mức giống từ {} trở lên)", text.percent(LEAST_ALIKE, 1, 0)),
    Basis.SECTORS: told("giống về cơ cấu lĩnh vực (mức giống từ {} trở lên)", text.percent(LEAST_ALIKE, 1, 0)),
    Basis.VOLUME: "chỉ so được đến đó, vì không đơn vị nào giống về thủ tục hay lĩnh vực",
}
COLUMNS: Final = (
    Column("agency_name", "Cơ quan, đơn vị", link="link"),
    Column("similarity", "Mức giống về việc làm", Kind.PERCENT),
    Column("returned", "Kết quả đã trả", Kind.WHOLE),
    Column("returned_recorded", "Có ghi nhận hình thức", Kind.WHOLE),
    Column("returned_by_post", "Trả qua bưu chính", Kind.WHOLE),
    Column("rate", "Tỷ lệ", Kind.PERCENT, over=("returned_by_post", "returned_recorded")),
    Column("rank", "Thứ hạng", Kind.WHOLE),
    Column("points_below_best", "Còn cách nhóm tốt nhất (điểm %)", Kind.NUMBER),
)


def drawing(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The asked unit first, then the units like it."""
    if len(asked.filters.agencies) != 1:
        return Drawing("Chọn đúng một đơn vị để so với các đơn vị tương tự", phrases.subtitle(asked, "Tỷ lệ trả kết quả qua bưu chính"), is_empty=True)
    if frame.empty:
        return phrases.nothing(asked, "kết quả đã trả để so với đơn vị tương tự")
    rows = [row | _more(row, asked) for row in rows_of(frame)]
    ranked = sorted((row for row in rows if not text.is_missing(row["rank"])), key=lambda row: (row["rank"], text.sort_key(row["agency_name"])))
    return Drawing(
        title=_title(rows),
        subtitle=phrases.subtitle(asked, "Tỷ lệ trả kết quả qua bưu chính của đơn vị tương tự"),
        lines=_lines(rows[0]),
        figure=_bars(ranked) if ranked else None,
        table=Table(COLUMNS, tuple(rows)),
        note=_note(rows, asked.data.rules.minimum_n),
    )


def _more(row: Row, asked: Asked) -> Row:
    """The rate where the unit is ranked, and the address of its own page."""
    rate = pd.NA if text.is_missing(row["rank"]) else row["returned_by_post"] / row["returned_recorded"]
    return {"rate": rate, "link": asked.link("/don-vi", agencies=(row["agency_code"],))}


def _bars(ranked: Sequence[Row]) -> Figure:
    return figures.bars(
        names=[row["agency_name"] for row in ranked],
        values=[float(row["rate"]) * 100 for row in ranked],
        texts=[text.percent(row["returned_by_post"], row["returned_recorded"]) for row in ranked],
        hovers=[
            say("{}\n{} trong {} kết quả", row["agency_name"], text.whole(row["returned_by_post"]), text.whole(row["returned_recorded"])) for row in ranked
        ],
        links=[row["link"] for row in ranked],
        colors=[LIGHT.accent if row["is_asked"] else LIGHT.quiet for row in ranked],
    )


def _title(rows: Sequence[Row]) -> str:
    own = rows[0]
    name = own["agency_name"]
    if len(rows) == 1:
        return say("{} không có đơn vị nào tương tự: cùng cấp và có số kết quả gần bằng", name)
    if text.is_missing(own["rank"]):
        return say(
            "{} có {} kết quả ghi nhận hình thức trả: số ít, chưa xếp hạng với {} đơn vị tương tự", name, text.whole(own["returned_recorded"]), len(rows) - 1
        )
    rate = text.percent(own["returned_by_post"], own["returned_recorded"])
    head = say("{} trả {} kết quả qua bưu chính, thứ {} trong {} đơn vị tương tự xếp hạng được", name, rate, text.whole(own["rank"]), text.whole(own["ranked"]))
    if text.is_missing(own["points_below_best"]):
        return head
    best = text.percent(own["benchmark_numerator"], own["benchmark_denominator"])
    if own["points_below_best"] <= 0:
        return say("{}; đạt mức của nhóm tốt nhất ({} trở lên)", head, best)
    gap = text.gap(own["benchmark_numerator"], own["benchmark_denominator"], own["returned_by_post"], own["returned_recorded"])
    return say("{}; thấp hơn nhóm tốt nhất ({}) {}", head, best, gap)


def _lines(own: Row) -> tuple[str, ...]:
    """How many more results by post would have reached the best quarter."""
    if text.is_missing(own["points_below_best"]) or own["points_below_best"] <= 0:
        return ()
    above, below, mine, all_mine = (int(own[name]) for name in ("benchmark_numerator", "benchmark_denominator", "returned_by_post", "returned_recorded"))
    lack = ceil((above * all_mine - mine * below) / below)
    return (say("Để bằng nhóm tốt nhất, trong kỳ này cần thêm {} kết quả trả qua bưu chính.", text.whole(lack)),)


def _note(rows: Sequence[Row], minimum: int) -> str:
    bases = sorted({str(row["basis"]) for row in rows if isinstance(row["basis"], str)})
    by = text.join_names([BASES[Basis(basis)] for basis in bases], noun="cách") if bases else BASES[Basis.PROCEDURES]
    return say(
        "Tương tự: cùng cấp, số kết quả không nhiều hay ít hơn quá {} lần; {}. Nhóm tốt nhất: mức mà một phần tư đơn vị tương "
        "tự có tỷ lệ cao nhất đều đạt. Dưới {} kết quả có ghi nhận hình thức thì không xếp hạng.",
        text.number(VOLUME_FACTOR),
        by,
        minimum,
    )
