"""A table on a sheet: headings, real numbers, rates as formulas of their two sums, totals as formulas where they are sums of their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose
from typing import Any, Final

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from dashboard.exports import sheets_cells as cells
from dashboard.exports.sheets_book import Sheet, cell_words, lines_of, row_height
from dashboard.tables import Column, Kind, Table

NO_ROW: Final = "Không có dòng nào."
LEAST_WIDTH: Final = 76  # of the visible columns together, so that the title over them is read well
FROZEN_WIDTH: Final = 40
PARTS: Final = "Tử số / Mẫu số"
_SAME: Final = 1e-9
_PART_WORDS: Final = ("tử số", "mẫu số")


@dataclass(frozen=True)
class Placed:
    """Where a table stands: the row of its headings, its last row, its last visible column, its last column, and the width of the visible ones."""

    head: int
    last: int
    visible: int
    right: int
    width: float
    widths: tuple[float, ...]


@dataclass(frozen=True)
class _Layout:
    """Columns with their looks; `places` are the columns of the sheet by key, those of hidden sums after the visible ones."""

    columns: tuple[Column, ...]
    visible: int
    looks: tuple[cells.Look, ...]
    places: Mapping[str, int]


def write_table(sheet: Sheet, table: Table, head: int, *, with_parts: bool) -> Placed:
    """The whole table under its headings in a row, with filters and frozen panes.

    Numerators and denominators that are no visible column stand folded at the right of the table, unless `with_parts` is false:
    a file that leaves the house holds nothing that is not seen.
    """
    layout = _layout(sheet, table, with_parts=with_parts)
    _write_heads(sheet, layout, head)
    for row, values in enumerate(table.rows, start=head + 1):
        _write_row(sheet, layout, row, values)
    last = head + max(len(table.rows), 1)
    if not table.rows:
        sheet.raw.write_string(head + 1, 0, NO_ROW, sheet.style("plain"))
    _mark_extremes(sheet, layout, (head + 1, last + 1))
    sheet.raw.autofilter(head, 0, last, len(layout.columns) - 1)
    sheet.raw.freeze_panes(head + 1, 1 if layout.visible > 1 and layout.looks[0].width <= FROZEN_WIDTH else 0)
    sheet.raw.repeat_rows(head)
    if table.total is not None and table.rows:
        last += 1
        _write_total(sheet, layout, table, (head + 1, last))
    widths = tuple(look.width for look in layout.looks[: layout.visible])
    return Placed(head, last, layout.visible - 1, len(layout.columns) - 1, sum(widths), widths)


def _layout(sheet: Sheet, table: Table, *, with_parts: bool) -> _Layout:
    shown = {column.key for column in table.columns}
    hidden: dict[str, Column] = {}
    for column in table.columns if with_parts else ():
        for key, word in zip(column.over or (), _PART_WORDS, strict=column.over is not None):
            if key not in shown and any(cells.real(row.get(key)) is not None for row in table.rows):
                hidden.setdefault(key, Column(key, f"{column.label}: {word}", Kind.WHOLE))
    columns = (*table.columns, *hidden.values())
    rows = (*table.rows, table.total) if table.total is not None else table.rows
    looks = [cells.look(sheet, column, rows, is_first=not place) for place, column in enumerate(columns)]
    looks[: len(table.columns)] = _spread(looks[: len(table.columns)])
    return _Layout(columns, len(table.columns), tuple(looks), {column.key: place for place, column in enumerate(columns)})


def _spread(looks: list[cells.Look]) -> list[cells.Look]:
    """Columns that are narrower together than the title wants get the rest in equal parts."""
    lack = LEAST_WIDTH - sum(look.width for look in looks)
    return [replace(look, width=look.width + max(lack, 0) / len(looks)) for look in looks]


def _write_heads(sheet: Sheet, layout: _Layout, head: int) -> None:
    lines = 1
    for place, (column, look) in enumerate(zip(layout.columns, layout.looks, strict=True)):
        is_hidden = place >= layout.visible
        sheet.raw.set_column(place, place, look.width, None, {"level": 1, "hidden": True} if is_hidden else {})
        sheet.raw.write_string(head, place, cell_words(column.label), sheet.style("head"))
        lines = max(lines, lines_of(column.label, look.width - 1.5))  # bold letters
    if len(layout.columns) > layout.visible:
        sheet.raw.write_string(head - 1, layout.visible, PARTS, sheet.style("bold"))
        sheet.raw.set_column(len(layout.columns), len(layout.columns), None, None, {"collapsed": True})
    sheet.tall(head, lines * 16 + 6)


def _write_row(sheet: Sheet, layout: _Layout, row: int, values: Mapping[str, Any], *, total: Mapping[str, str] | None = None) -> None:
    """One row; `total` are the formulas of the last one."""
    long = []
    for place, (column, look) in enumerate(zip(layout.columns, layout.looks, strict=True)):
        value = values.get(column.key)
        style = look.format if total is None else sheet.style(look.style, **look.more, bold=True, top=2)
        formula = _ratio(layout, column, values, row) or (total or {}).get(column.key, "")
        if formula:
            sheet.raw.write_formula(row, place, formula, style, cells.real(value))
        elif total is not None and look.style == "text" and value is None:
            sheet.raw.write_blank(row, place, None, style)
        else:
            cells.write_cell(sheet, (row, place), column, value, style)
        if look.style == "text" and isinstance(value, str):
            long.append((column.show(value), look.width - 2))
    sheet.tall(row, row_height(long))


def _ratio(layout: _Layout, column: Column, values: Mapping[str, Any], row: int) -> str:
    """The formula of a ratio that has a value and whose two sums stand in the row; empty for any other cell."""
    value = cells.real(values.get(column.key))
    if column.over is None or value is None or not all(key in layout.places for key in column.over):
        return ""
    upper, lower = (cells.real(values.get(key)) for key in column.over)
    if upper is None or not lower or not isclose(upper / lower, value, rel_tol=_SAME, abs_tol=_SAME):
        return ""
    above, below = (xl_rowcol_to_cell(row, layout.places[key], col_abs=True) for key in column.over)
    return cells.ratio(above, below)


def _write_total(sheet: Sheet, layout: _Layout, table: Table, rows: tuple[int, int]) -> None:
    """The last row: a SUM only where the rows really add up to the total, the ratio of two totals for a rate, otherwise the value itself."""
    total = table.total or {}
    first, own = rows
    sums = {column.key: f"=SUM({xl_range(first, place, own - 1, place)})" for place, column in enumerate(layout.columns) if _adds_up(column, table.rows, total)}
    _write_row(sheet, layout, own, total, total=sums)


def _adds_up(column: Column, rows: Sequence[Mapping[str, Any]], total: Mapping[str, Any]) -> bool:
    """Whether a total is the sum of the rows: it is not for distinct counts, rates, and tables that show a part of their rows."""
    whole = cells.real(total.get(column.key))
    if whole is None or column.kind is Kind.PERCENT or not column.is_number:
        return False
    values = [row.get(column.key) for row in rows]
    numbers = [number for value in values if (number := cells.real(value)) is not None]
    if not numbers or any(isinstance(value, str) for value in values):
        return False
    return isclose(sum(numbers), whole, rel_tol=_SAME, abs_tol=_SAME)


def _mark_extremes(sheet: Sheet, layout: _Layout, rows: tuple[int, int]) -> None:
    """A rate is never rounded to nothing nor to all, as on the screen: >99,9% and <0,1%."""
    for place, column in enumerate(layout.columns):
        if column.kind is not Kind.PERCENT:
            continue
        cell = xl_rowcol_to_cell(rows[0], place)
        rules = {f"=AND({cell}>0,{cell}<0.0005)": '"<0,1%"', f"=AND({cell}>=0.9995,{cell}<1)": '">99,9%"'}
        for rule, shown in rules.items():
            sheet.raw.conditional_format(rows[0], place, rows[1], place, {"type": "formula", "criteria": rule, "format": sheet.style("bare", num_format=shown)})
