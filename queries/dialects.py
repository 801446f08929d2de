"""The engines by name, and the two that are servers: sessions are read-only and limited in time by the server itself.

Times are Viet Nam wall time: the session's zone is set to UTC+7, so a zone of the server or of the machine does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import pandas as pd
import psycopg
import pymysql
import sqlalchemy as sa
from sqlalchemy.dialects.mysql.pymysql import MySQLDialect_pymysql
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from typing_extensions import override

from queries.address import Address
from queries.clickhouse import ClickHouse
from queries.database import POOL, Batch, Database, Kind, by_relation
from queries.embedded import DuckDB
from queries.faults import DRIVER_ERRORS, bad_parameter

CONNECT_SECONDS: Final = 5
_SERVER_POOL: Final[dict[str, Any]] = {**POOL, "pool_recycle": 1800, "pool_pre_ping": True}
_STREAM_SECONDS: Final = 600  # MariaDB drops a reader that waits longer than this between two rows; its default of 60 is little for a slow copy


class Server(Database):
    """A database server: a snapshot is a transaction that repeats its reads."""

    @override
    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        with self.connection() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ")


class PostgreSQL(Server):
    """PostgreSQL through psycopg 3. Tables, views and materialised views on the search path are looked at."""

    casts: Mapping[Kind, str] = {
        "text": "CAST({0} AS TEXT)",
        "integer": "CAST({0} AS BIGINT)",
        "float": "CAST({0} AS DOUBLE PRECISION)",
        "boolean": "CAST({0} AS BOOLEAN)",
        "date": "CAST({0} AS DATE)",
        "datetime": "CAST({0} AS TIMESTAMP)",
    }
    _KINDS: Final[Mapping[int, Kind]] = {
        16: "boolean",
        20: "integer",
        21: "integer",
        23: "integer",
        25: "text",
        1043: "text",
        700: "float",
        701: "float",
        1082: "date",
        1114: "datetime",
    }

    @override
    def _engine(self) -> sa.Engine:
        session = f"-c default_transaction_read_only=on -c statement_timeout={round(self.seconds * 1000)} -c timezone=UTC-7"
        given = self.address.url.query.get("options", "")
        options = f"{given if isinstance(given, str) else ' '.join(given)} {session}".strip()
        engine = sa.create_engine(self.address.url, connect_args={"connect_timeout": CONNECT_SECONDS, "options": options}, **_SERVER_POOL)

        @sa.event.listens_for(engine, "checkout")
        def stay_read_only(connection: psycopg.Connection[Any], _record: object, _proxy: object) -> None:
            connection.read_only = True  # psycopg writes it into every BEGIN, whatever the session was set to meanwhile

        return engine

    @override
    def native_columns(self, connection: sa.Connection) -> dict[str, set[str]]:
        rows = connection.execute(
            sa.text(
                "SELECT c.relname, a.attname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
                " WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND pg_catalog.pg_table_is_visible(c.oid)"
                " AND c.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')"
            )
        )
        return by_relation(rows)

    @override
    def described(self, type_code: object) -> Kind | None:
        return self._KINDS.get(type_code) if isinstance(type_code, int) else None

    @override
    def batches(self, connection: sa.Connection, select: sa.Select[Any], rows: int) -> Iterator[Batch]:
        """As CSV by COPY: no value becomes a Python object on the way (docs/decisions/0010)."""
        connection.execute(sa.text("SELECT 1"))  # begins the transaction that COPY is a part of
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY ({_plain(select, PGDialect_psycopg)}) TO STDOUT (FORMAT csv)") as copy:
            lines: list[bytes] = []
            for line in copy:
                lines.append(bytes(line))
                if len(lines) >= rows:
                    yield b"".join(lines)
                    lines = []
            if lines:
                yield b"".join(lines)


class MySQL(Server):
    """MariaDB (10.2 or later) and MySQL (8.0.17 or later) through PyMySQL. Text is compared byte by byte, as on the other engines."""

    _SHARED: Final[Mapping[Kind, str]] = {
        "integer": "CAST({0} AS SIGNED)",
        "float": "CAST({0} AS DOUBLE)",
        "boolean": "CAST({0} AS SIGNED)",
        "date": "CAST({0} AS DATE)",
        "datetime": "CAST({0} AS DATETIME(6))",
    }
    always_cast: frozenset[Kind] = frozenset({"text"})
    _KINDS: Final[Mapping[int, Kind]] = {
        1: "integer",
        2: "integer",
        3: "integer",
        8: "integer",
        9: "integer",
        4: "float",
        5: "float",
        10: "date",
        7: "datetime",
        12: "datetime",
    }

    def __init__(self, address: Address, seconds: float) -> None:
        super().__init__(address, seconds)
        try:
            with self.engine.connect() as connection:
                self.name = "mariadb" if getattr(connection.dialect, "is_mariadb", False) else "mysql"
        except DRIVER_ERRORS as error:
            raise self.fault(error) from error
        except TypeError:  # how PyMySQL receives a URL parameter it does not know
            raise bad_parameter(address.label) from None
        collation = "utf8mb4_nopad_bin" if self.name == "mariadb" else "utf8mb4_0900_bin"
        self.casts = {**self._SHARED, "text": f"CONVERT({{0}} USING utf8mb4) COLLATE {collation}"}

    @override
    def _engine(self) -> sa.Engine:
        arguments = {
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": self.seconds + CONNECT_SECONDS,
            "charset": "utf8mb4",
            "local_infile": False,
            "init_command": None,
        }
        engine = sa.create_engine(self.address.url, connect_args=arguments, **_SERVER_POOL)

        @sa.event.listens_for(engine, "connect")
        def read_only_session(connection: pymysql.connections.Connection[Any], _record: object) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SET SESSION TRANSACTION READ ONLY")
                cursor.execute("SELECT VERSION()")
                is_mariadb = "mariadb" in str(cursor.fetchone()).lower()
                limit = f"max_statement_time = {self.seconds:g}" if is_mariadb else f"max_execution_time = {round(self.seconds * 1000)}"
                cursor.execute(f"SET SESSION time_zone = '+07:00', {limit}")

        return engine

    @override
    def native_columns(self, connection: sa.Connection) -> dict[str, set[str]]:
        rows = connection.execute(sa.text("SELECT table_name, lower(column_name) FROM information_schema.columns WHERE table_schema = DATABASE()"))
        return by_relation(rows)

    @override
    def described(self, type_code: object) -> Kind | None:
        return self._KINDS.get(type_code) if isinstance(type_code, int) else None

    @override
    def batches(self, connection: sa.Connection, select: sa.Select[Any], rows: int) -> Iterator[Batch]:
        """By a cursor that the server feeds, every value as the text that came over the wire: PyMySQL would build each time anew in Python."""
        connection.exec_driver_sql(f"SET SESSION net_write_timeout = {_STREAM_SECONDS}")
        driver: Any = connection.connection.driver_connection
        kept, driver.decoders = driver.decoders, {}
        try:
            with driver.cursor(pymysql.cursors.SSCursor) as cursor:  # not SQLAlchemy's stream, which fetches a row ahead
                cursor.execute(_plain(select, MySQLDialect_pymysql))
                names = [item[0] for item in cursor.description]
                while found := cursor.fetchmany(rows):
                    yield pd.DataFrame(
                        {name: np.array(values, dtype=object) for name, values in zip(names, zip(*found, strict=True), strict=True)}, dtype=object
                    )
        finally:
            driver.decoders = kept

    @override
    def expression(self, column: str, want: Kind, have: Kind | None) -> str:
        return column if want == "boolean" and have == "integer" else super().expression(column, want, have)


def _plain(select: sa.Select[Any], dialect: Callable[..., sa.Dialect]) -> str:
    """A SELECT as text with its values written out, for a cursor of the driver's own; with named parameters no percent sign is doubled."""
    return str(select.compile(dialect=dialect(paramstyle="named"), compile_kwargs={"literal_binds": True}))


def open_database(address: Address, seconds: float, threads: int = 1) -> Database:
    """Open a database and prove that it answers.

    Raises DatabaseUnreachable, AccessRefused or BadRequest.
    """
    if address.engine == "duckdb":
        return DuckDB(address, seconds, threads)
    servers: dict[str, Callable[[Address, float], Database]] = {"postgresql": PostgreSQL, "mysql": MySQL, "clickhouse": ClickHouse}
    database = servers[address.engine](address, seconds)
    with database.connection() as connection:
        connection.execute(sa.text("SELECT 1"))
    return database
