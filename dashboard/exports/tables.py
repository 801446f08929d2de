"""A frame as text for another programme: JSON records or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

DANGEROUS_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a cell as a formula
BOM: Final = "\ufeff"  # tells a spreadsheet that the file is UTF-8
EXACT: Final = 2**53  # whole numbers up to here keep every digit in a float


def to_json(frame: pd.DataFrame) -> str:
    """The rows as a list of records: missing is null, days and times are ISO, whole numbers have no decimal point."""
    return json.dumps([dict(zip(frame.columns, row, strict=True)) for row in _rows(frame)], ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_csv(frame: pd.DataFrame) -> str:
    """The rows under a line of column names: missing is empty, text that a spreadsheet would run as a formula starts with a quote.

    Without byte order mark: put `BOM` before it in a file for spreadsheets.
    """
    return "".join([_line(frame.columns), *(_line([_safe(cell) for cell in row]) for row in _rows(frame))])


def _line(cells: Iterable[Any]) -> str:
    """One line ending in LF. The writer itself must end lines in CR LF: with LF alone it leaves a text with CR unquoted."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + "\n"


def _rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    columns = [_plain(frame[name]) for name in frame.columns]
    return list(zip(*columns, strict=True)) if columns else []


def _plain(column: pd.Series[Any]) -> list[Any]:
    is_days = pd.api.types.is_datetime64_any_dtype(column) and bool((column.dropna() == column.dropna().dt.normalize()).all())
    return [None if pd.isna(value) else _value(value, is_days=is_days) for value in column.tolist()]


def _value(value: Any, *, is_days: bool) -> Any:  # noqa: ANN401 - a cell of any column
    if isinstance(value, datetime):
        return value.date().isoformat() if is_days else value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return _number(value)
    return value


def _number(value: float) -> float | int | None:
    if value in (float("inf"), float("-inf")):
        return None
    return int(value) if value.is_integer() and abs(value) <= EXACT else value


def _safe(cell: Any) -> Any:  # noqa: ANN401 - a cell of any column
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS_STARTS) else cell
