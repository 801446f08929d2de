"""Frames as JSON records and as CSV: what another programme reads."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.exports.tables import to_csv, to_json


def record(**cells: Any) -> dict[str, Any]:
    frame = pd.DataFrame({name: pd.Series([value]) if not isinstance(value, pd.Series) else value for name, value in cells.items()})
    records: list[dict[str, Any]] = json.loads(to_json(frame))
    return records[0]


def test_vietnamese_letters_are_written_as_they_are() -> None:
    assert "Ẳ ẵ ệ ỗ ữ ự ỵ Đ đ — Mường Tè" in to_json(pd.DataFrame({"name": ["Ẳ ẵ ệ ỗ ữ ự ỵ Đ đ — Mường Tè"]}))


def test_a_whole_number_has_no_decimal_point() -> None:
    assert '"value": 13205\n' in to_json(pd.DataFrame({"value": [13205.0]}))
    assert "value\n13205\n0.125\n" == to_csv(pd.DataFrame({"value": [13205.0, 0.125]}))
    assert record(value=pd.Series([12566], dtype="Int64")) == {"value": 12566}


@pytest.mark.parametrize(
    "missing",
    [
        pd.Series([pd.NA], dtype="Int64"),
        pd.Series([float("nan")]),
        pd.Series([None], dtype="str"),
        pd.Series([pd.NaT], dtype="datetime64[us]"),
        pd.Series([pd.NA], dtype="boolean"),
        pd.Series([float("inf")]),
    ],
    ids=lambda series: str(series.dtype),
)
def test_missing_is_null_and_an_empty_cell(missing: pd.Series[Any]) -> None:
    assert record(cell=missing) == {"cell": None}
    assert to_csv(pd.DataFrame({"one": [1], "cell": missing})) == "one,cell\n1,\n"


def test_days_and_times_are_iso() -> None:
    assert record(day=pd.Series([date(2026, 1, 31)], dtype="datetime64[us]")) == {"day": "2026-01-31"}
    assert record(time=pd.Series([datetime(2026, 1, 31, 7, 30)], dtype="datetime64[us]")) == {"time": "2026-01-31T07:30:00"}
    assert record(day=pd.Series([date(2026, 1, 31)], dtype="object")) == {"day": "2026-01-31"}


def test_a_column_with_one_time_shows_all_as_times() -> None:
    times = pd.Series([datetime(2026, 1, 31), datetime(2026, 1, 31, 7, 30)], dtype="datetime64[us]")
    assert [row["t"] for row in json.loads(to_json(pd.DataFrame({"t": times})))] == ["2026-01-31T00:00:00", "2026-01-31T07:30:00"]


def test_yes_and_no_are_words_in_both() -> None:
    frame = pd.DataFrame({"listed": pd.Series([True, False], dtype="boolean")})
    assert json.loads(to_json(frame)) == [{"listed": True}, {"listed": False}]
    assert to_csv(frame) == "listed\ntrue\nfalse\n"


def test_a_frame_without_rows_keeps_its_columns_in_csv() -> None:
    frame = pd.DataFrame({"agency_code": pd.Series([], dtype="str"), "received": pd.Series([], dtype="Int64")})
    assert to_csv(frame) == "agency_code,received\n"
    assert json.loads(to_json(frame)) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_starts_with_a_quote(start: str) -> None:
    cell = f"{start}1+1"
    assert next(csv.DictReader(io.StringIO(to_csv(pd.DataFrame({"name": [cell]})), newline="")))["name"] == f"'{cell}"


def test_a_negative_number_stays_a_number() -> None:
    assert to_csv(pd.DataFrame({"change": [-12.0, -0.5]})) == "change\n-12\n-0.5\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1))
def test_csv_gives_back_every_text(cells: list[str]) -> None:
    frame = pd.DataFrame({"one": pd.Series([1] * len(cells)), "name": pd.Series(cells, dtype="object")})
    read = [row["name"] for row in csv.DictReader(io.StringIO(to_csv(frame), newline=""))]
    assert [text.removeprefix("'") for text in read] == [text.removeprefix("'") for text in cells]


@given(st.lists(st.integers(-(2**53), 2**53), min_size=1))
def test_json_gives_back_every_whole_number_even_from_a_float_column(numbers: list[int]) -> None:
    assert [row["n"] for row in json.loads(to_json(pd.DataFrame({"n": pd.Series(numbers, dtype="float64")})))] == numbers
