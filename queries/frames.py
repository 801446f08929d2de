"""Rows of any driver as the same frame: dtypes come from the statement's column types, never from the values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, SupportsInt

import numpy as np
import pandas as pd
import sqlalchemy as sa

from queries.database import Kind, kind_of


def kinds_of(statement: sa.SelectBase) -> dict[str, Kind]:
    """Kind by column name of a statement's result. Raises TypeError for a column without a type of the contract."""
    kinds: dict[str, Kind] = {}
    for column in statement.selected_columns:
        name = str(getattr(column, "name", column))
        try:
            kinds[name] = kind_of(column.type)
        except TypeError as error:
            raise TypeError(f"column {name}: {error}") from error
    return kinds


def frame_of_rows(rows: Sequence[Sequence[Any]], kinds: dict[str, Kind]) -> pd.DataFrame:
    """A frame from rows of Python values, as the server drivers give them."""
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    return _frame({name: _from_values(values, kind) for (name, kind), values in zip(kinds.items(), columns, strict=True)})


def frame_of_arrays(arrays: Sequence[Any], kinds: dict[str, Kind]) -> pd.DataFrame:
    """A frame from numpy arrays, masked where values are missing, as DuckDB gives them."""
    return _frame({name: _from_array(array, kind) for (name, kind), array in zip(kinds.items(), arrays, strict=True)})


def _frame(series: dict[str, pd.Series]) -> pd.DataFrame:
    return pd.DataFrame(series)


def _from_values(values: Sequence[Any], kind: Kind) -> pd.Series:
    if kind == "text":
        return pd.Series([None if value is None else str(value) for value in values], dtype="str")
    if kind == "integer":
        return pd.Series([None if value is None else _whole(value) for value in values], dtype="Int64")
    if kind == "float":
        return pd.Series([np.nan if value is None else float(value) for value in values], dtype="float64")
    if kind == "boolean":
        return pd.Series([None if value is None else bool(value) for value in values], dtype="boolean")
    return pd.Series(np.array([_instant(value) for value in values], dtype="datetime64[us]"))


def _whole(value: SupportsInt) -> int:
    number = int(value)
    if number != value:
        raise ValueError(f"{value!r} is not a whole number")
    return number


def _instant(value: object) -> date | None:
    """A driver's date without zone; a date no calendar knows (MySQL's 0000-00-00 comes as text) is missing."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value if isinstance(value, date) else None


def _from_array(array: np.ndarray[Any, Any], kind: Kind) -> pd.Series:
    mask = np.ma.getmaskarray(array)
    values = np.ma.getdata(array)
    if values.dtype == object:
        return _from_values([None if missing else value for value, missing in zip(values, mask, strict=True)], kind)
    if kind in ("integer", "boolean"):
        return _masked(values, mask, kind)
    if kind == "float":
        return pd.Series(np.where(mask, np.nan, values.astype("float64")))
    return pd.Series(np.where(mask, np.datetime64("NaT", "us"), values.astype("datetime64[us]")))


def _masked(values: np.ndarray[Any, Any], mask: np.ndarray[Any, Any], kind: Kind) -> pd.Series:
    if kind == "boolean":
        return pd.Series(pd.arrays.BooleanArray(values.astype(bool), mask))
    whole = np.where(mask, 0, values)
    if values.dtype.kind == "f" and not np.equal(np.mod(whole, 1), 0).all():
        raise ValueError("a value of an integer column is not a whole number")
    return pd.Series(pd.arrays.IntegerArray(whole.astype("int64"), mask))


def joined(left: pd.DataFrame, right: pd.DataFrame, on: Sequence[str], how: Literal["left", "outer"]) -> pd.DataFrame:
    """`left.merge(right)`, also for two frames without rows, which pandas refuses to merge on two columns of text."""
    if len(left) or len(right):
        return left.merge(right, on=list(on), how=how)
    return left.assign(**{str(name): right[name] for name in right.columns if name not in left.columns})
