"""Cells of a workbook: a table's column as a number format and a width, and a value as a real number, a real date or a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from numbers import Real
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.charts import Number
from dashboard.exports.sheets_book import PERCENT, Sheet, cell_words, number_format
from dashboard.tables import Column, Kind

FIRST_YEAR: Final = 1900  # of Excel's calendar
NARROWEST: Final = 10
_WIDEST: Final = {True: 46, False: 34}  # the first column, any other
_NUMBER_WIDEST: Final = 16
_HEAD_LINES: Final = 3  # of a heading at most, where its words allow it


@dataclass(frozen=True)
class Look:
    """How the cells of a column look: the name of their style with its further properties, the format made of them, the width of the column."""

    style: str
    more: Mapping[str, Any]
    format: Any
    width: float


def chart_format(number: Number, values: Iterable[float | None]) -> str:
    """The format of a chart's values."""
    if number is Number.PERCENT:
        return PERCENT
    return number_format(decimals(values, 1), signed=number is Number.SIGNED)


def look(sheet: Sheet, column: Column, rows: Iterable[Mapping[str, Any]], *, is_first: bool = False) -> Look:
    """Format and width for the values of a column: as many decimals as the screen needs at most, no wider than is read well."""
    values = [row.get(column.key) for row in rows]
    head = 3 + max([len(column.label) / _HEAD_LINES, *(len(word) for word in column.label.split())])
    if column.kind in (Kind.TEXT, Kind.VERDICT):
        longest = max((len(column.show(value)) for value in values), default=0)
        return _look(sheet, "text", {}, min(max(longest + 3, head), _WIDEST[is_first]))
    head = min(head, _NUMBER_WIDEST)
    if column.kind is Kind.DATE:
        return _look(sheet, "date", {}, max(12, head))
    if column.kind is Kind.PERCENT:
        return _look(sheet, "rate", {}, head)
    numbers = [number for value in values if (number := real(value)) is not None]
    shape = number_format(decimals(numbers, column.digits), signed=column.kind is Kind.SIGNED)
    digits = len(text.whole(max(map(abs, numbers), default=0)))
    return _look(sheet, "number", {"num_format": shape}, max(digits + 4, head))


def _look(sheet: Sheet, style: str, more: Mapping[str, Any], width: float) -> Look:
    return Look(style, more, sheet.style(style, **more), max(width, NARROWEST))


def ratio(above: str, below: str) -> str:
    """The formula of a ratio of two cells; “–” where the lower one is not a number over 0."""
    return f'=IF(N({below})>0,{above}/{below},"{text.MISSING}")'


def decimals(values: Iterable[float | None], most: int) -> int:
    """How many decimals the values need, at most so many."""
    found = 0
    for value in values:
        while value is not None and found < most and abs(round(value, found) - value) >= 0.5 * 10**-most:
            found += 1
    return found


def real(value: object) -> float | None:
    """The number in a cell; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, Real) or text.is_missing(value):
        return None
    return float(value)


def write_cell(sheet: Sheet, place: tuple[int, int], column: Column, value: Any, style: Any) -> None:  # noqa: ANN401 - a cell of any column
    """One cell: a number, a date, or words; “–” where it is missing."""
    number = real(value)
    day = _day(value) if column.kind is Kind.DATE else None
    if day is not None:
        sheet.raw.write_datetime(*place, day, style)
    elif number is not None and column.is_number:
        sheet.raw.write_number(*place, number, style)
    elif isinstance(value, str) and column.kind is not Kind.VERDICT:
        sheet.raw.write_string(*place, cell_words(value), style)
    else:
        sheet.raw.write_string(*place, cell_words(column.show(value)), style)


def _day(value: object) -> datetime | None:
    """The day of a cell as Excel takes it; None for a missing one and for those before its calendar begins."""
    if not isinstance(value, date) or text.is_missing(value):
        return None
    day = pd.Timestamp(value).date()
    return datetime.combine(day, time()) if day.year >= FIRST_YEAR else None
