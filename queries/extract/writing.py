"""The file of an extract while it is made: batches go into tables of the contract's types, then each table is written once, sorted for scanning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb
import pandas as pd
import sqlalchemy as sa

from queries.database import Batch, Kind, kind_of
from queries.errors import ExtractRefused

TYPES: Final = {
    sa.Text: "VARCHAR",
    sa.SmallInteger: "SMALLINT",
    sa.BigInteger: "BIGINT",
    sa.Double: "DOUBLE",
    sa.Boolean: "BOOLEAN",
    sa.Date: "DATE",
    sa.DateTime: "TIMESTAMP",
}
_CASTS: Final[dict[Kind, str]] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}
_BAD_VALUES: Final = (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException)
_BATCH: Final = "batch"
_CONFIG: Final[dict[str, str | bool]] = {
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


class Writer:
    """A new DuckDB file in a folder of its own. Rows are gathered in a second file there, so that the first holds no freed blocks."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "extract.duckdb"
        self._lines = folder / "batch.csv"
        self._connection = duckdb.connect(str(self.path), config={**_CONFIG, "temp_directory": str(folder / "temp")})
        self.run(f"ATTACH {text(folder / 'gathered.duckdb')} AS gathered")

    def run(self, statement: str, values: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        """Run one statement. Raises ExtractRefused."""
        with _said(self.path):
            return self._connection.execute(statement, values)

    def begin(self, table: sa.Table, columns: Sequence[str]) -> None:
        """A table for the rows to come."""
        made = ", ".join(f"{name} {TYPES[type(table.c[name].type)]}" for name in columns)
        self.run(f"CREATE TABLE gathered.{table.name} ({made})")

    def add(self, table: sa.Table, columns: Sequence[str], batch: Batch) -> int:
        """Add a batch; how many rows it had. Raises ExtractRefused for a value that is not of its column's type, or where the disk is full."""
        if isinstance(batch, bytes):
            self._lines.write_bytes(batch)
            names = ", ".join(f"{text(name)}: 'VARCHAR'" for name in columns)
            options = f"header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', allow_quoted_nulls = false, columns = {{{names}}}"
            rows = f"read_csv({text(self._lines)}, {options})"
        else:
            self._connection.register(_BATCH, batch)
            rows = _BATCH
        cast = ", ".join(
            _cast(name, kind_of(table.c[name].type), is_told=not isinstance(batch, bytes) and not pd.api.types.is_datetime64_any_dtype(batch[name]))
            for name in columns
        )
        with _naming(table):
            found = self.run(f"INSERT INTO gathered.{table.name} SELECT {cast} FROM {rows}").fetchone()
        return int(found[0]) if found else 0

    def keep_from(self, version: Path, table: sa.Table, columns: Sequence[str], condition: str) -> None:
        """Add the rows of an earlier version that keep a condition."""
        self.run(f"ATTACH {text(version)} AS earlier (READ_ONLY)")
        self.run(f"INSERT INTO gathered.{table.name} SELECT {', '.join(columns)} FROM earlier.{table.name} WHERE {condition}")
        self.run("DETACH earlier")

    def finish(self, table: sa.Table, order: Sequence[str]) -> None:
        """Write a gathered table into the file, in an order."""
        ordered = f" ORDER BY {', '.join(order)}" if order else ""
        self.run(f"CREATE TABLE {table.name} AS SELECT * FROM gathered.{table.name}{ordered}")
        self.run(f"DROP TABLE gathered.{table.name}")

    def close(self) -> None:
        """Write everything to disk."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def text(value: object) -> str:
    """A text or a path as a literal of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def _cast(name: str, kind: Kind, *, is_told: bool) -> str:
    """A cell as its column's type; in a date that is told as a text a month or day 00 (MySQL's 0000-00-00) is missing, as it is to the dashboard."""
    cast = f"CAST({name} AS {_CASTS[kind]})"
    return f"CASE WHEN CAST({name} AS VARCHAR) NOT LIKE '%-00%' THEN {cast} END" if is_told and kind in ("date", "datetime") else cast


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """A fault of the file under way, told apart from one of the source: the source's own driver may be DuckDB too."""
    try:
        yield
    except _BAD_VALUES:
        raise
    except (duckdb.Error, OSError) as error:
        raise ExtractRefused(
            f"{path}: {str(error).splitlines()[0]}",
            sentence=f"Không ghi được bản trích vào thư mục “{path.parent.parent}”. Hãy kiểm tra chỗ trống trên đĩa và quyền ghi rồi chạy lại.",
        ) from error


@contextmanager
def _naming(table: sa.Table) -> Iterator[None]:
    """A value that is not of its column's type: which relation; the value itself is not repeated."""
    try:
        yield
    except _BAD_VALUES as error:
        raise ExtractRefused(
            f"{table.name}: a value is not of the contract's type ({type(error).__name__})",
            sentence=f"Bảng {table.name} của nguồn có giá trị không đổi được sang kiểu dữ liệu của hợp đồng. "
            "Hãy sửa dữ liệu hoặc câu SELECT của nguồn rồi chạy lại; lệnh check cho biết cột nào.",
        ) from error
