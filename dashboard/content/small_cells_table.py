"""Small counts in tables: which cells are hidden, and what rests on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.content.small_cells_words import Hidden, is_told, reveals_before
from dashboard.tables import Column, Kind, Table

__all__ = ["MORE", "Hidden", "suppressed"]

MORE: Final = "*"
_THINGS: Final = frozenset(
    {
        *("stt", "rank", "population", "listed_procedures", "active_procedures", "listing_agencies", "procedures", "listed", "pairs", "by_post"),
        *("periods_without", "months_by_post", "months_with_results", "months_after", "agencies_by_post", "agencies_with_results", "count", "touched"),
        *("whole", "used", "listed_idle", "listed_unused", "used_unlisted", "missing", "done_elsewhere", "members", "gap", "potential", "goal"),
        *("in_period", "is_known", "place", "year", "month", "level", "era", "similar_recorded"),
    }
)
"""Whole numbers that count no dossiers."""
_RESTS_ON: Final = {
    "postal_receipt_rate": ("received_by_post", "postal_receipt_rate_numerator", "postal_receipt_rate_denominator"),
    "postal_return_rate": ("returned_by_post", "postal_return_rate_numerator", "postal_return_rate_denominator"),
    "received_by_post_per_1000": ("received_by_post",),
    "returned_by_post_per_1000": ("returned_by_post",),
}
"""The counts that a ratio rests on; any other ratio rests on every count of its row."""
_SUMS_OF: Final = {"overdue": re.compile(r"late_\w+"), "total": re.compile(r"m\d+")}
"""Columns of a row that add up to another one."""
_NAMES: Final = re.compile(r"(.*_)?(name|code|label|unit|stage|step|state|kind|advice|what|how|key|link|listed|side)")
_IS_RATIO: Final = re.compile(r"(rate|per_1000|limit|share|points)(_before)?$|\.")
_RATIOS: Final = (Kind.PERCENT, Kind.NUMBER, Kind.POINTS, Kind.SIGNED)
Row = dict[str, Any]


@dataclass
class _Grid:
    """The cells of a table while they are hidden."""

    table: Table
    least: int
    rows: list[Row]
    marks: dict[tuple[int, str], str] = field(default_factory=dict)  # row and column → what is printed instead

    @property
    def counts(self) -> list[Column]:
        return [column for column in self.table.columns if column.kind is Kind.WHOLE and str(column.key) not in _THINGS]

    def number(self, at: int, key: str) -> float | None:
        value = self.rows[at].get(key)
        return None if isinstance(value, str | bool) or text.is_missing(value) or not isinstance(value, int | float) else float(value)

    def is_small(self, value: object) -> bool:
        is_count = not isinstance(value, bool) and isinstance(value, int | float) and not text.is_missing(value) and float(value).is_integer()
        return is_count and isinstance(value, int | float) and 0 < value < self.least


def suppressed(table: Table, least: int, *, narrow: bool) -> tuple[Table, Hidden]:
    """The table with small counts hidden, and what was hidden. `narrow`: the total row is the count of a part too, and is hidden where small."""
    grid = _Grid(table, least, [_plain(row) for row in table.rows])
    places = range(len(grid.rows))
    grid.marks |= {(at, column.key): f"<{least}" for column in grid.counts for at in places if grid.is_small(grid.number(at, column.key))}
    for cells in _sums(grid):
        _hide_more(grid, cells)
    for at in places:
        _hide_what_rests(grid, at)
    hidden = _hidden(grid)
    rows = tuple(_shown(grid, at) for at in range(len(grid.rows)))
    total = table.total
    if total is not None and narrow:
        below, more = suppressed(replace(table, rows=(total,), total=None), least, narrow=True)
        total = below.rows[0]
        hidden = hidden.joined(more)
    return replace(table, rows=rows, total=total), hidden


def _sums(grid: _Grid) -> Iterator[list[tuple[int, str]]]:
    """The cells of every sum that the table shows: columns with a total, and columns of a row that add up to another one."""
    places, total = range(len(grid.rows)), grid.table.total or {}
    for column in grid.counts:
        if not isinstance(total.get(column.key), str) and not text.is_missing(total.get(column.key)):
            yield [(at, column.key) for at in places]
    for whole, parts in _SUMS_OF.items():
        keys = [column.key for column in grid.counts if parts.fullmatch(str(column.key))]
        if any(column.key == whole for column in grid.counts):
            yield from ([(at, key) for key in keys] for at in places)


def _plain(row: Mapping[str, Any]) -> Row:
    """A row with Python numbers instead of numpy's."""
    return {str(key): value.item() if hasattr(value, "item") and not isinstance(value, pd.Timestamp) else value for key, value in row.items()}


def _hide_more(grid: _Grid, cells: Sequence[tuple[int, str]]) -> None:
    """Hide the next smallest cells of a sum until its hidden ones cannot be found by subtraction."""
    known = [(number, at, key) for at, key in cells if (number := grid.number(at, key)) is not None]
    while (hidden := [cell for cell in known if (cell[1], cell[2]) in grid.marks]) and _is_found(hidden, grid.least):
        rest = [cell for cell in known if (cell[1], cell[2]) not in grid.marks]
        if not rest:
            return
        larger = [cell for cell in rest if cell[0] > 0] or rest
        _, at, key = min(larger, key=lambda cell: (cell[0], cell[1], cell[2]))
        grid.marks[at, key] = MORE


def _is_found(hidden: Iterable[tuple[float, int, str]], least: int) -> bool:
    """Whether the sum of hidden cells gives away one of them: it is alone, or all must be as small or as great as they can be."""
    values = [value for value, _, _ in hidden]
    small = [value for value in values if 0 < value < least]
    return len(values) == 1 or (len(small) == len(values) and sum(small) in (len(small), len(small) * (least - 1)))


def _hide_what_rests(grid: _Grid, at: int) -> None:
    """Ratios, changes and words that rest on a hidden count of the row, or on a small one that is not shown."""
    row = grid.rows[at]
    hidden_keys = {column.key for column in grid.counts if (at, column.key) in grid.marks}
    unseen = {key for key, value in row.items() if key not in _THINGS and grid.is_small(value) and not _IS_RATIO.search(key)} - _ratio_keys(grid)
    for column in grid.table.columns:
        value = row.get(column.key)
        if column.kind in _RATIOS and not isinstance(value, str) and not text.is_missing(value):
            parts = _RESTS_ON.get(column.key)
            touched = hidden_keys | unseen
            if touched & set(parts) if parts else touched:
                grid.marks[at, column.key] = MORE
        elif column.kind is Kind.TEXT and isinstance(value, str) and not _NAMES.fullmatch(str(column.key)):
            own = column.key in ("value", "change", "target") and hidden_keys
            told = is_told(value, Hidden(), grid.least) and not (column.key == "change" and reveals_before(str(row.get("value", "")), value, grid.least))
            if own or not told:
                grid.marks[at, column.key] = MORE


def _ratio_keys(grid: _Grid) -> set[str]:
    """Columns whose numbers are no counts, and their links."""
    return {column.key for column in grid.table.columns if column.kind in _RATIOS}


def _shown(grid: _Grid, at: int) -> Row:
    """A row as a file may hold it: hidden cells as signs, and nothing behind the columns from which they could be read."""
    row = grid.rows[at]
    keys = {column.key for column in grid.table.columns}
    links = {column.link for column in grid.table.columns if column.link}
    touched = any(place == at for place, _ in grid.marks)
    kept = {key: value for key, value in row.items() if key in keys | links or (not (touched and _is_number(value)) and not grid.is_small(value))}
    return kept | {key: mark for (place, key), mark in grid.marks.items() if place == at}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _hidden(grid: _Grid) -> Hidden:
    """What was hidden: by name of the row its values, and their words."""
    named = next((column.key for column in grid.table.columns if column.kind is Kind.TEXT), "")
    by_name: dict[str, tuple[float, ...]] = {}
    words: set[str] = set()
    columns = {column.key: column for column in grid.table.columns}
    for at, key in grid.marks:
        name = str(grid.rows[at].get(named, ""))
        value = grid.rows[at].get(key)
        if isinstance(value, int | float) and not text.is_missing(value):
            by_name[name] = (*by_name.get(name, ()), float(value))
            words.add(columns[key].show(value).lstrip("+−"))
        else:
            by_name.setdefault(name, ())
    names = tuple(str(row.get(named, "")) for row in grid.rows)
    return Hidden(by_name, frozenset(words), names)
