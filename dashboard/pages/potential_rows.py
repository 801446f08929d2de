"""The rows of the page “Tiềm năng”: pairs of agency and procedure, their kinds and links, and their sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked, Choice
from dashboard.pages.readings import rows_of
from dashboard.tables import Column, Table
from dashboard.tables import Kind as Cell
from queries.filters import NOT_RECORDED
from queries.potential import Basis, Kind

AGENCY_PAGE: Final = "/don-vi"
PROCEDURE_PAGE: Final = "/thu-tuc"
IDLE: Final = "listed_idle"
KINDS: Final[dict[str, str]] = {
    "used": "Trong danh mục, có dùng bưu chính",
    Kind.LISTED_UNUSED: "Trong danh mục, có hồ sơ, chưa dùng bưu chính",
    IDLE: "Trong danh mục, không có hồ sơ",
    Kind.USED_UNLISTED: "Ngoài danh mục, có dùng bưu chính",
}
CHOOSABLE: Final = {Kind.LISTED_UNUSED: "Có danh mục, có hồ sơ, chưa dùng", IDLE: "Có danh mục, không hồ sơ", Kind.USED_UNLISTED: "Dùng ngoài danh mục"}
BASES: Final = {Basis.LEVEL: "cùng cấp", Basis.PROVINCE: "toàn tỉnh"}


def kinds(pairs: pd.DataFrame) -> pd.Series:
    """The kind of each pair by `KINDS`; missing for one that is neither listed nor used, or where there is no postal list."""
    busy = (pairs["received"] > 0) | (pairs["returned"] > 0) | (pairs["settled"] > 0)
    found = pairs["kind"].where(pairs["kind"] != Kind.OK, "used")
    found = found.mask((pairs["kind"] == Kind.LISTED_UNUSED) & ~busy, IDLE)
    unlisted = (pairs["kind"] == Kind.OK) & ~pairs["is_listed"].fillna(False).astype("bool")
    return found.mask(unlisted)


def with_gap(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs that would return more results by post at the rate to reach."""
    return pairs[pairs["gap"].fillna(0) > 0]


def chosen(pairs: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The pairs of the kind that the address names, most results first; those with a gap where it names none."""
    wanted = _wanted(asked)
    if not wanted:
        return with_gap(pairs)
    rows = pairs[kinds(pairs).isin(wanted)]
    return rows.sort_values(["returned", "received", "agency_code", "procedure_code"], ascending=[False, False, True, True], ignore_index=True)


def _wanted(asked: Asked) -> tuple[str, ...]:
    return tuple(name for name in asked.state.verdicts if name in CHOOSABLE)


def choices(pairs: pd.DataFrame, asked: Asked) -> tuple[Choice, ...]:
    """The pairs with a gap, and one choice per kind with its count; none where there is no postal list."""
    wanted, number = _wanted(asked), kinds(pairs).value_counts()
    found = [Choice("Còn khoảng trống", _link(asked, ()), not wanted, text.whole(len(with_gap(pairs))))]
    for name, label in CHOOSABLE.items():
        count = int(number.get(name, 0))
        if count or name in wanted:
            found.append(Choice(label, _link(asked, () if wanted == (name,) else (name,)), name in wanted, text.whole(count)))
    return tuple(found) if len(found) > 1 else ()


def _link(asked: Asked, names: tuple[str, ...]) -> str:
    return asked.link(state=replace(asked.state, verdicts=names, page=1))


def agency_link(asked: Asked) -> Callable[[str], str]:
    """The address of an agency's page, written once an agency."""
    return cache(lambda code: asked.link(AGENCY_PAGE, agencies=(code,)))


def procedure_link(asked: Asked) -> Callable[[str], str]:
    """The address of a procedure's page, written once a procedure."""
    return cache(lambda code: asked.link(PROCEDURE_PAGE, procedures=(code,)))


def pairs_table(pairs: pd.DataFrame, asked: Asked) -> Table:
    """The pairs as a table that sorts, searches and turns pages."""
    columns = (
        Column("agency_name", "Đơn vị", link="agency_link"),
        Column("procedure_name", "Thủ tục", link="procedure_link"),
        Column("listed", "Danh mục"),
        Column("settled", "Có kết quả", Cell.WHOLE),
        Column("returned_recorded", "Ghi hình thức trả", Cell.WHOLE),
        Column("returned_by_post", "Qua bưu chính", Cell.WHOLE),
        Column("own_rate", "Tỷ lệ", Cell.PERCENT, over=("returned_by_post", "returned_recorded")),
        Column("rate_to_reach", "Tỷ lệ đối chiếu", Cell.PERCENT, over=("benchmark_numerator", "benchmark_denominator")),
        Column("basis", "Đối chiếu với"),
        Column("gap", "Thêm được", Cell.WHOLE),
        Column("procedure_code", "Mã"),
    )
    enough = pairs["returned_recorded"] >= asked.data.rules.minimum_n
    own = pairs["returned_by_post"].astype("Float64") / pairs["returned_recorded"].where(enough & (pairs["returned_recorded"] > 0)).astype("Float64")
    agency, procedure = agency_link(asked), procedure_link(asked)
    procedure_links: list[Any] = [procedure(code) if isinstance(code, str) else None for code in pairs["procedure_code"]]
    listed = pairs["is_listed"].map({True: say("có"), False: say("không")}).where(pairs["is_listed"].notna(), None)
    rows = pairs.assign(
        own_rate=own,
        rate_to_reach=pairs["benchmark_numerator"].astype("Float64") / pairs["benchmark_denominator"].astype("Float64"),
        basis=pairs["benchmark_basis"].map(BASES).where(pairs["benchmark_basis"].notna(), None),
        listed=listed,
        agency_link=[agency(code) for code in pairs["agency_code"]],
        procedure_link=procedure_links,
        procedure_name=pairs["procedure_name"].fillna(pairs["procedure_code"]),
    )
    return Table.of(rows, columns, interactive=True, search_keys=("agency_name", "procedure_name", "procedure_code"))


def by_agency(pairs: pd.DataFrame, asked: Asked) -> list[dict[str, Any]]:
    """The agencies with their gap and how many procedures it comes from; largest gap first."""
    link = agency_link(asked)
    return [row | {"link": link(row["code"])} for row in _summed(pairs, "agency_code", "agency_name")]


def by_procedure(pairs: pd.DataFrame, asked: Asked) -> list[dict[str, Any]]:
    """The procedures with their gap and how many agencies it comes from; largest gap first."""
    link = procedure_link(asked)
    return [row | {"link": link(row["code"]) if row["code"] != NOT_RECORDED else None} for row in _summed(pairs, "procedure_code", "procedure_name")]


def _summed(pairs: pd.DataFrame, code: str, name: str) -> list[dict[str, Any]]:
    """Sums over the pairs with a benchmark, of codes with a gap."""
    rows = pairs[pairs["gap"].notna()].assign(with_gap=lambda found: (found["gap"] > 0).astype("Int64"))
    rows = rows.assign(code=rows[code].fillna(NOT_RECORDED), name=rows[name].fillna(rows[code]).fillna(say("Không ghi nhận")))
    sums = rows.groupby("code", as_index=False).agg(
        name=("name", "first"),
        returned_recorded=("returned_recorded", "sum"),
        returned_by_post=("returned_by_post", "sum"),
        gap=("gap", "sum"),
        pairs=("with_gap", "sum"),
    )
    found = rows_of(sums[sums["gap"] > 0])
    return sorted(found, key=lambda row: (-row["gap"], text.sort_key(row["name"])))
