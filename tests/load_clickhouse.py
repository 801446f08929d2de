"""Copies a DuckDB dossier database into a ClickHouse one, for the smoke test of docs/clickhouse.md: python -m tests.load_clickhouse FILE URL."""

from __future__ import annotations

import sys
from typing import Any

import duckdb
import sqlalchemy as sa

from queries import contract

ROWS = 200_000


def copy(path: str, url: str) -> None:
    """Insert every relation of the file, in blocks; the tables must be there and empty."""
    engine = sa.create_engine(url)
    with duckdb.connect(path, read_only=True) as connection, engine.connect() as target:
        driver: Any = target.connection.driver_connection
        for table in contract.RELATIONS:
            there = connection.execute("SELECT column_name FROM information_schema.columns WHERE table_name = ?", [table.name]).fetchall()
            columns = [name for (name,) in there if name in table.columns]
            if not columns:
                continue
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table.name}")
            count = 0
            while block := rows.fetchmany(ROWS):
                driver.client.insert(table.name, block, column_names=columns)
                count += len(block)
            print(f"{table.name}: {count}")


if __name__ == "__main__":
    copy(sys.argv[1], sys.argv[2])
