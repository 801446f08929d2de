"""The ClickHouse engine inside the test process (chdb): filled by the printed DDL, opened by the dashboard through its own driver.

A second database is laid out over three shards: every row of `dossiers_all` belongs to one of them, and the table `dossiers` asks all three and merges
their partial results, as a Distributed table does. A real network, replicas and a keeper are what the smoke test of docs/clickhouse.md is for.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from queries import contract, schema
from queries.source import Source, open_source
from tests.servers import Rows, small_rows

_SERVER = "clickhousedb://127.0.0.1/{0}?interface=chdb"
_THREE_SHARDS = (
    "RENAME TABLE {0}.dossiers TO {0}.dossiers_all",
    "CREATE VIEW {0}.dossiers_local AS SELECT * FROM {0}.dossiers_all WHERE cityHash64(dossier_id) % 3 + 1 = shardNum()",
    "CREATE TABLE {0}.dossiers AS remote('127.0.0.1,127.0.0.1,127.0.0.1', '{0}', 'dossiers_local')",
)


@pytest.fixture(scope="session")
def clickhouse_server() -> Iterator[sa.Engine]:
    """An engine that may write and keeps the database in memory alive; skipped with its reason where chdb is not installed."""
    pytest.importorskip("chdb", reason="chdb, the ClickHouse engine as a library, is not installed (requirements-dev.txt)")
    engine = sa.create_engine(_SERVER.format("default"), poolclass=sa.StaticPool)
    with engine.connect():
        yield engine
    engine.dispose()


def run_clickhouse(engine: sa.Engine, *statements: str) -> None:
    """Run statements that may write, each as it stands."""
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))


def insert_rows(engine: sa.Engine, target: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; a value that is not given is missing."""
    if rows:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.client.insert(target, [[row.get(name) for name in columns] for row in rows], column_names=list(columns))


@contextmanager
def new_clickhouse(engine: sa.Engine, rows: Rows | None = None, *more: str) -> Iterator[str]:
    """A database of a random name with the given relations, dropped afterwards; its address. `more` is run last, {0} being the database."""
    name = f"dashboard_test_{secrets.token_hex(6)}"
    run_clickhouse(engine, f"CREATE DATABASE {name}")
    try:
        for statement, table in zip(schema.statements("clickhouse", prefix=f"{name}."), contract.RELATIONS, strict=True):
            if table.name in (rows or {}):
                run_clickhouse(engine, statement)
                insert_rows(engine, f"{name}.{table.name}", [column.name for column in table.columns], (rows or {})[table.name])
        run_clickhouse(engine, *(statement.format(name) for statement in more))
        yield _SERVER.format(name)
    finally:
        run_clickhouse(engine, f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def clickhouse_url(clickhouse_server: sa.Engine) -> Iterator[str]:
    """The forty dossiers of fixtures/small in ClickHouse: their address."""
    with new_clickhouse(clickhouse_server, small_rows()) as url:
        yield url


@pytest.fixture(scope="session", params=["one server", "three shards"])
def clickhouse_source(clickhouse_server: sa.Engine, request: pytest.FixtureRequest) -> Iterator[Source]:
    """The forty dossiers of fixtures/small opened in ClickHouse, in one table and over three shards."""
    more = _THREE_SHARDS if request.param == "three shards" else ()
    with new_clickhouse(clickhouse_server, small_rows(), *more) as url, open_source(url) as source:
        yield source


@pytest.fixture(scope="session")
def three_shards(clickhouse_server: sa.Engine) -> Iterator[Source]:
    """The forty dossiers of fixtures/small over three shards."""
    with new_clickhouse(clickhouse_server, small_rows(), *_THREE_SHARDS) as url, open_source(url) as source:
        yield source
