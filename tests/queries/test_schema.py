"""The printed DDL: every engine takes it, and what it makes is read as a native database."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from queries import contract, schema
from queries.errors import BadRequest
from queries.source import open_source
from tests.servers import run_sql

NAMES = [table.name for table in contract.RELATIONS]


def test_duckdb_takes_the_ddl_and_the_dashboard_opens_what_it_made(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "made.duckdb")) as connection:
        connection.execute(schema.text("duckdb"))
    with open_source(f"duckdb:///{tmp_path / 'made.duckdb'}") as source:
        assert [name for name in NAMES if source.has(name) and not source.cast_columns(name)] == NAMES


@pytest.mark.server
@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_a_server_takes_the_ddl_and_the_dashboard_opens_what_it_made(dialect: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres_database" if dialect == "postgresql" else "mariadb_database")
    run_sql(url, *(statement.replace("%", "%%") for statement in schema.statements(dialect)))
    with open_source(url) as source:
        assert [name for name in NAMES if source.has(name) and not source.cast_columns(name)] == NAMES


def test_clickhouse_can_parse_every_statement_for_a_cluster(clickhouse_server: sa.Engine) -> None:
    with clickhouse_server.connect() as connection:
        for statement in schema.statements("clickhouse", "viet_nam"):
            assert connection.exec_driver_sql(f"EXPLAIN AST {statement}").fetchall()


def test_on_a_cluster_dossiers_are_spread_and_every_node_has_the_catalogues() -> None:
    made = {statement.split()[2]: statement for statement in schema.statements("clickhouse", "viet_nam")}
    assert {"dossiers_local", *NAMES} == set(made)
    assert "Distributed('viet_nam', currentDatabase(), 'dossiers_local', cityHash64(dossier_id))" in made["dossiers"]
    assert "ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/dossiers_local', '{replica}')" in made["dossiers_local"]
    assert "ReplicatedMergeTree('/clickhouse/tables/all/{database}/agencies', '{shard}-{replica}')" in made["agencies"]


def test_only_columns_that_may_be_missing_are_nullable() -> None:
    lines = [line.strip() for statement in schema.statements("clickhouse") for line in statement.splitlines() if line.startswith("  ")]
    nullable = [line.split()[0] for line in lines if "Nullable(" in line]
    assert [column.name for table in contract.RELATIONS for column in table.columns if column.nullable] == nullable


@pytest.mark.parametrize(("dialect", "cluster"), [("oracle", None), ("postgresql", "viet_nam"), ("clickhouse", "a'; DROP TABLE x")])
def test_what_cannot_be_printed_gives_a_sentence(dialect: str, cluster: str | None) -> None:
    with pytest.raises(BadRequest) as caught:
        schema.text(dialect, cluster)
    assert "clickhouse" in caught.value.sentence
