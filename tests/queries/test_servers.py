"""The same forty dossiers on three real servers: equal frames, no writes, a time limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from queries import contract
from queries.errors import QueryTooSlow
from queries.source import Source, open_source
from tests.servers import SMALL

ENGINES = ("duckdb", "postgresql", "mariadb")
Question = Callable[[sa.FromClause], sa.Select[*tuple[Any, ...]]]

pytestmark = pytest.mark.server


def _by_agency(d: sa.FromClause) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(d.c.agency_code, sa.func.count().label("dossiers"), sa.func.sum(d.c.postal_fee).label("fee")).group_by(d.c.agency_code)


def _by_month(d: sa.FromClause) -> sa.Select[*tuple[Any, ...]]:
    month = sa.extract("year", d.c.received_at) * sa.literal_column("12") + sa.extract("month", d.c.received_at)
    return sa.select(sa.cast(month, sa.Integer).label("month"), sa.func.count().label("dossiers")).group_by(month)


def _late_by_date(d: sa.FromClause) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(d.c.dossier_id, sa.cast(d.c.completed_at, sa.Date).label("completed_on")).where(
        sa.cast(d.c.completed_at, sa.Date) > sa.cast(d.c.due_at, sa.Date)
    )


def _of_agency_small_a(d: sa.FromClause) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(d.c.dossier_id).where(d.c.agency_code == "a")


QUESTIONS: dict[str, Question] = {"agency": _by_agency, "month": _by_month, "late": _late_by_date, "small a": _of_agency_small_a}


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns), ignore_index=True)


@pytest.mark.parametrize("relation", [table.name for table in contract.RELATIONS])
def test_every_relation_is_the_same_frame_on_three_engines(three_sources: dict[str, Source], relation: str) -> None:
    frames = {name: _sorted(source.frame(sa.select(*source.relation(relation).c))) for name, source in three_sources.items()}
    assert len(frames["duckdb"]) > 0
    pd.testing.assert_frame_equal(frames["duckdb"], frames["postgresql"])
    pd.testing.assert_frame_equal(frames["duckdb"], frames["mariadb"])


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_gives_equal_frames_on_three_engines(three_sources: dict[str, Source], question: str) -> None:
    frames = {name: _sorted(source.frame(QUESTIONS[question](source.relation("dossiers")))) for name, source in three_sources.items()}
    assert len(frames["duckdb"]) > 0
    pd.testing.assert_frame_equal(frames["duckdb"], frames["postgresql"])
    pd.testing.assert_frame_equal(frames["duckdb"], frames["mariadb"])


def test_a_folder_of_csv_gives_the_same_frames_as_a_server(three_sources: dict[str, Source]) -> None:
    with open_source("duckdb://", str(SMALL)) as files:
        for table in contract.RELATIONS:
            of_files, of_server = (_sorted(source.frame(sa.select(*source.relation(table.name).c))) for source in (files, three_sources["postgresql"]))
            pd.testing.assert_frame_equal(of_files, of_server)


@pytest.mark.parametrize("engine", ENGINES)
def test_codes_that_differ_by_case_or_a_blank_are_different_agencies(three_sources: dict[str, Source], engine: str) -> None:
    source = three_sources[engine]
    frame = source.frame(_by_agency(source.relation("dossiers")))
    counts = dict(zip(frame["agency_code"], frame["dossiers"], strict=True))
    assert (2, 3, 1) == (counts["a"], counts["A"], counts["a "])


@pytest.mark.parametrize("engine", ENGINES)
def test_joins_keep_codes_apart(three_sources: dict[str, Source], engine: str) -> None:
    source = three_sources[engine]
    d, a = source.relation("dossiers"), source.relation("agencies")
    frame = source.frame(sa.select(a.c.agency_name, sa.func.count().label("n")).join_from(d, a, d.c.agency_code == a.c.agency_code).group_by(a.c.agency_name))
    assert 2 == frame.set_index("agency_name").loc["Đơn vị mã chữ thường", "n"]


@pytest.mark.parametrize("engine", ENGINES)
def test_dtypes_come_from_the_contract_even_without_a_row(three_sources: dict[str, Source], engine: str) -> None:
    source = three_sources[engine]
    d, a = source.relation("dossiers"), source.relation("areas")
    empty = source.frame(sa.select(d.c.dossier_id, d.c.status, d.c.received_at, d.c.postal_fee).where(sa.false()))
    assert ["str", "Int64", "datetime64[us]", "Int64"] == [str(kind) for kind in empty.dtypes]
    assert 0 == len(empty)
    areas = source.frame(sa.select(a.c.latitude, a.c.population, a.c.valid_to))
    assert ["float64", "Int64", "datetime64[us]"] == [str(kind) for kind in areas.dtypes]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO agencies (agency_code) VALUES ('X')",
        "UPDATE dossiers SET status = 0",
        "DELETE FROM dossiers",
        "CREATE TABLE written_by_the_dashboard (a INT)",
        "DROP TABLE dossiers",
        "ALTER TABLE dossiers ADD COLUMN a INT",
    ],
)
def test_a_write_through_the_dashboards_own_engine_fails(three_sources: dict[str, Source], engine: str, statement: str) -> None:
    source = three_sources[engine]
    before = source.frame(_by_agency(source.relation("dossiers")))
    with pytest.raises(sa.exc.DBAPIError, match=r"(?i)read.only"), source.database.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    pd.testing.assert_frame_equal(_sorted(before), _sorted(source.frame(_by_agency(source.relation("dossiers")))))


def test_postgresql_stays_read_only_when_a_session_was_switched_to_write(three_sources: dict[str, Source]) -> None:
    engine = three_sources["postgresql"].database.engine
    with engine.connect() as connection:
        connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
        connection.commit()
    with pytest.raises(sa.exc.DBAPIError, match="read-only transaction"), engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM dossiers")


SLOW = {
    "duckdb": "SELECT count(*) AS n FROM range(100000000) AS a, range(1000) AS b WHERE (a.range * b.range) % 7 = 3",
    "postgresql": "SELECT count(*) AS n FROM generate_series(1, 100000) AS a, generate_series(1, 100000) AS b WHERE (a * b) % 7 = 3",
    "mariadb": "SELECT count(*) AS n FROM seq_1_to_100000 AS a, seq_1_to_100000 AS b WHERE (a.seq * b.seq) % 7 = 3",
}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_statement_over_the_time_limit_is_stopped_and_the_next_one_answered(three_urls: dict[str, str], engine: str) -> None:
    with open_source(three_urls[engine], timeout_seconds=0.5) as source:
        slow = sa.select(sa.text(SLOW[engine]).columns(sa.column("n", sa.BigInteger)).subquery("slow"))
        with pytest.raises(QueryTooSlow) as caught:
            source.frame(slow)
        assert "0.5 giây" in caught.value.sentence
        assert 40 == source.frame(sa.select(sa.func.count().label("n")).select_from(source.relation("dossiers")))["n"].iloc[0]
