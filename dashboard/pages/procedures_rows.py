"""The rows of the page “Thủ tục”: which procedures are seen, in which order, under which headings."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import phrases
from dashboard.pages.readings import over
from dashboard.tables import Column, Kind
from queries import metrics
from queries.filters import NOT_RECORDED
from queries.measure import denominator
from queries.postal_list import has_dossier

_PLAIN: Final = re.compile(r"[0-9A-Za-z.]+")
BARS: Final = 20
PREVIEW: Final = 20
BCCI: Final = "BCCI: bưu chính công ích."
SEARCHED: Final = ("procedure_code", "procedure_name", "sector_name")
_SUMS: Final = ("received", "received_by_post", "returned", "returned_by_post", "listed", "procedures", "by_post", "change")
IDLE_COLUMNS: Final = (
    Column("procedure_name", "Thủ tục", link="link"),
    Column("procedure_code", "Mã"),
    Column("sector_name", "Lĩnh vực"),
    Column("kind_name", "Trong kỳ"),
    Column("received", "Tiếp nhận cách khác", Kind.WHOLE),
    Column("returned", "Trả cách khác", Kind.WHOLE),
    Column("listing_agencies", "Đơn vị niêm yết", Kind.WHOLE),
    Column("last_postal_on", "Lần cuối qua BCCI", Kind.DATE),
)
UNLISTED_COLUMNS: Final = (
    Column("procedure_name", "Thủ tục", link="link"),
    Column("procedure_code", "Mã"),
    Column("sector_name", "Lĩnh vực"),
    Column("received_by_post", "Tiếp nhận qua BCCI", Kind.WHOLE),
    Column("returned_by_post", "Trả qua BCCI", Kind.WHOLE),
    Column("listed_until", "Ra khỏi danh mục sau ngày", Kind.DATE),
)
FIGURE_COLUMNS: Final = (
    Column("received", "Tiếp nhận", Kind.WHOLE),
    Column("received_by_post", "Tiếp nhận qua BCCI", Kind.WHOLE),
    Column("returned", "Trả kết quả", Kind.WHOLE),
    Column("returned_by_post", "Trả qua BCCI", Kind.WHOLE),
    Column("postal_return_rate", "% trả", Kind.PERCENT, over=over(metrics.POSTAL_RETURN_RATE)),
)


def present(frame: pd.DataFrame) -> pd.DataFrame:
    """Procedures with a figure in the period or on the list."""
    return frame[has_dossier(frame) | frame["is_listed"].fillna(False).astype("bool")]


def ordered(rows: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """The rows with most results by post first; a rate over fewer results than `minimum` is missing."""
    below = rows[denominator(metrics.POSTAL_RETURN_RATE)].fillna(0)
    rows = rows.assign(postal_return_rate=rows["postal_return_rate"].mask(below < minimum), by_name=[text.fold(name) for name in rows["procedure_name"]])
    order = ["returned_by_post", "received_by_post", "returned", "received", "by_name"]
    return rows.sort_values(order, ascending=[False, False, False, False, True], ignore_index=True).drop(columns="by_name")


def linked(rows: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The rows with the address of each procedure on this page: one address, written out again only for codes that need escaping."""
    any_code = asked.link(procedures=("CODE",))
    codes = [NOT_RECORDED if pd.isna(code) else str(code) for code in rows["procedure_code"]]
    links = [any_code.replace("tt=CODE", f"tt={code}") if _PLAIN.fullmatch(code) else asked.link(procedures=(code,)) for code in codes]
    return rows.assign(link=links)


def few(asked: Asked) -> str:
    """The rule of the smallest number under a rate."""
    return say("Dưới {} kết quả có ghi nhận hình thức trả thì không tính tỷ lệ.", text.whole(asked.data.rules.minimum_n))


def sector_columns(asked: Asked, key: str) -> list[Column]:
    """Headings of the sectors: how many procedures, what they do, and the change where there is a compared period."""
    columns = [Column("sector_name", "Lĩnh vực", link="link")]
    if "agency_procedures" in asked.data.catalogue.present:
        columns.append(Column("listed", "TTHC trong danh mục", Kind.WHOLE))
    columns += [Column("procedures", "TTHC có hồ sơ", Kind.WHOLE), Column("by_post", "TTHC có phát sinh qua BCCI", Kind.WHOLE), *FIGURE_COLUMNS]
    act = next(column.label for column in FIGURE_COLUMNS if column.key == key)
    change = Column("change", say("{} so {}", act, phrases.compared_name(asked)), Kind.SIGNED)
    return [*columns, change] if asked.timeframe.compared is not None else columns


def total(rows: pd.DataFrame, first: str) -> dict[str, object]:
    """The last row: sums of the rows, and the rate as a ratio of sums."""
    parts = {key: rows[key].sum() for key in over(metrics.POSTAL_RETURN_RATE)}
    above, below = parts.values()
    sums = {name: rows[name].sum() for name in _SUMS if name in rows}
    return {first: say("Tổng"), **sums, **parts, "postal_return_rate": above / below if below else None}
