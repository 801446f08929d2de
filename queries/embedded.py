"""DuckDB: a file opened read-only, or a database in memory filled once from files.

Every transaction begins READ ONLY, also in memory, where no file can be opened read-only. After filling, the database in memory is closed to files,
extensions and settings; a file is so from the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import duckdb_sqlalchemy
import sqlalchemy as sa
from sqlalchemy.pool import QueuePool
from typing_extensions import override

from queries.address import Address
from queries.database import POOL, Batch, Database, Kind, by_relation
from queries.errors import DatabaseUnreachable
from queries.faults import translated
from queries.time_limit import TimeLimit

_CONFIG: Final[dict[str, Any]] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "allow_community_extensions": False}
_LOCKED: Final[dict[str, Any]] = {"enable_external_access": False, "lock_configuration": True}
_OF_A_FILE: Final[dict[str, Any]] = {"memory_limit": "64MB"}  # DuckDB would keep most of the machine's memory for pages of the file, which the system keeps too
_VECTOR: Final = 2048  # rows in which DuckDB counts


class DuckDB(Database):
    """A DuckDB file opened read-only, or a database in memory that is filled once and then closed to writes, files and settings."""

    # A text with a zone, and an instant with zone, become Viet Nam wall time: DuckDB's own cast would drop the zone, or use the machine's.
    casts: Mapping[Kind, str] = {
        "text": "CAST({0} AS VARCHAR)",
        "integer": "CAST({0} AS BIGINT)",
        "float": "CAST({0} AS DOUBLE)",
        "boolean": "CAST({0} AS BOOLEAN)",
        "date": "CAST({0} AS DATE)",
        "datetime": (
            "CASE WHEN regexp_matches(CAST({0} AS VARCHAR), ':[0-9.]+ ?([Zz]|[+-][0-9][0-9](:?[0-9][0-9])?)$')"
            " THEN make_timestamp(epoch_us(CAST({0} AS TIMESTAMPTZ)) + 25200000000) ELSE CAST({0} AS TIMESTAMP) END"
        ),
    }
    _KINDS: Final[Mapping[str, Kind]] = {
        "VARCHAR": "text",
        "TINYINT": "integer",
        "SMALLINT": "integer",
        "INTEGER": "integer",
        "BIGINT": "integer",
        "DOUBLE": "float",
        "BOOLEAN": "boolean",
        "DATE": "date",
        "TIMESTAMP": "datetime",
    }

    def __init__(self, address: Address, seconds: float, threads: int = 1) -> None:
        self._config: dict[str, Any] = {"threads": threads, **_CONFIG}
        self._limit = TimeLimit(seconds)
        self._threads = threads
        self._file: Path | None = None
        self._opened: str | None = None
        self._root = self._connect(address)
        super().__init__(address, seconds)

    def _connect(self, address: Address) -> duckdb.DuckDBPyConnection:
        if address.path is None:
            return duckdb.connect(config=dict(self._config))
        if not address.path.is_file():
            raise DatabaseUnreachable(
                f"{address.label}: no such file",
                sentence=f"Không tìm thấy tệp {address.path}. Hãy kiểm tra đường dẫn, hoặc tạo dữ liệu minh họa bằng lệnh seed.",
            )
        # A pointer is followed here and not by DuckDB, which knows a file by its name and would go on serving the old one.
        self._file = address.path.resolve()
        found = _identity(self._file)
        try:
            root = duckdb.connect(str(self._file), read_only=True, config={**self._config, **_LOCKED, **_OF_A_FILE})
        except duckdb.Error as error:
            raise translated(error, label=address.label, seconds=0) from error
        self._opened = found  # only now: a file that could not be opened is tried again at the next look
        return root

    @override
    def _engine(self) -> sa.Engine:
        engine = sa.create_engine("duckdb://", creator=lambda: duckdb_sqlalchemy.ConnectionWrapper(self._root.cursor()), poolclass=QueuePool, **POOL)

        @sa.event.listens_for(engine, "connect")
        def leave_begin_to_us(connection: duckdb_sqlalchemy.ConnectionWrapper, _record: object) -> None:
            connection.autocommit = True

        @sa.event.listens_for(engine, "begin")
        def begin_read_only(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN TRANSACTION READ ONLY")

        return engine

    @override
    @contextmanager
    def limited(self, connection: sa.Connection) -> Iterator[None]:
        """Interrupt this connection, and only this one, when the time is up."""
        running: Any = connection.connection.driver_connection
        with self._limit.over(running.interrupt):
            yield

    @override
    def batches(self, connection: sa.Connection, select: sa.Select[Any], rows: int) -> Iterator[Batch]:
        cursor: Any = connection.execute(select).cursor
        while len(frame := cursor.fetch_df_chunk(max(rows // _VECTOR, 1))):
            yield frame

    def fill(self, statements: Sequence[str]) -> None:
        """Run statements that make tables in memory from files. Only before `seal`."""
        for statement in statements:
            self._root.execute(statement)

    def register(self, name: str, frame: object) -> None:
        """Show a pandas frame as a view. Only before `seal`."""
        self._root.register(name, frame)

    def rows(self, statement: str) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]]]:
        """Rows and (column, type) of a statement on the database in memory while it is being filled."""
        result = self._root.execute(statement)
        columns = [(item[0], str(item[1])) for item in result.description]
        return result.fetchall(), columns

    def forget(self, name: str) -> None:
        """Take back a frame that was registered."""
        self._root.unregister(name)

    def seal(self) -> None:
        """Close the filled database to files, extensions and settings."""
        for name, value in _LOCKED.items():
            self._root.execute(f"SET {name} = {str(value).lower()}")

    @override
    def native_columns(self, connection: sa.Connection) -> dict[str, set[str]]:
        rows = connection.execute(
            sa.text(
                "SELECT lower(table_name), lower(column_name) FROM information_schema.columns"
                " WHERE table_catalog = current_database() AND table_schema = current_schema()"
            )
        )
        return by_relation(rows)

    @override
    def described(self, type_code: object) -> Kind | None:
        return self._KINDS.get(str(type_code))

    def file_identity(self) -> str | None:
        """What tells the open file, or another that was moved to its path, from other versions; None in memory."""
        return None if self._file is None else _identity(self._file) if not self.is_superseded() else self._opened

    def is_stale(self) -> bool:
        """Whether another file lies at the path than the one that is open."""
        return self.file_identity() != self._opened

    def is_superseded(self) -> bool:
        """Whether the path is a pointer that names another file now; the open one may stay open beside it."""
        return self.address.path is not None and self.address.path.is_file() and self.address.path.resolve() != self._file

    def beside(self) -> DuckDB:
        """The file that the pointer names now, opened while this one stays open."""
        return DuckDB(self.address, self.seconds, self._threads)

    def reopen(self) -> None:
        """Open the file that lies at the path now. Only while nobody reads."""
        self.close()
        self._root = self._connect(self.address)
        self.engine = self._engine()

    @override
    def close(self) -> None:
        super().close()
        self._limit.close()
        self._root.close()


def _identity(file: Path) -> str:
    if not file.is_file():
        return ""
    found = file.stat()
    return f"{found.st_dev}-{found.st_ino}-{found.st_mtime_ns}-{found.st_size}"
