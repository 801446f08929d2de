"""The door to a database: what it takes from it, what it hands out, and what it refuses, on a DuckDB file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import sqlalchemy as sa

from queries.errors import DatabaseUnreachable, QueryFailed, QueryTooSlow, RelationAbsent, SourceRefused
from queries.source import Source, open_source
from tests.servers import new_duckdb, small_rows


def _database(path: Path, *statements: str) -> str:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return str(path)


DOSSIERS = (
    "CREATE TABLE dossiers AS SELECT 'D1' AS dossier_id, 'A' AS agency_code, 'P' AS procedure_code, 'post' AS received_channel, 'post' AS returned_channel,"
    " TIMESTAMP '2026-01-05 08:00:00' AS received_at, NULL::TIMESTAMP AS due_at, NULL::TIMESTAMP AS completed_at, NULL::TIMESTAMP AS returned_at,"
    " 4::SMALLINT AS status, 'Nguyễn Văn A' AS applicantName"
)
AGENCIES = "CREATE TABLE agencies AS SELECT 'A' AS agency_code, 'Sở A' AS agency_name, 'province' AS level"


def test_a_personal_column_of_a_table_is_never_selected(tmp_path: Path) -> None:
    with open_source(_database(tmp_path / "a.duckdb", DOSSIERS, AGENCIES)) as source:
        relation = source.relation("dossiers")
        assert "applicantName" not in relation.c
        assert "applicantName" not in str(sa.select(*relation.c))
        assert "Nguyễn Văn A" not in source.frame(sa.select(*relation.c)).to_csv()


def test_an_optional_column_that_is_absent_is_missing_with_its_type(tmp_path: Path) -> None:
    with open_source(_database(tmp_path / "a.duckdb", DOSSIERS, AGENCIES)) as source:
        d, a = source.relation("dossiers"), source.relation("agencies")
        frame = source.frame(sa.select(d.c.area_code, d.c.postal_fee, a.c.valid_from).join_from(d, a, d.c.agency_code == a.c.agency_code))
        assert ["str", "Int64", "datetime64[us]"] == [str(kind) for kind in frame.dtypes]
        assert frame.isna().all(axis=None)
        assert not source.has_column("dossiers", "postal_fee")
        assert source.has_column("dossiers", "status")


def test_an_absent_relation_is_said_by_name(tmp_path: Path) -> None:
    with open_source(_database(tmp_path / "a.duckdb", DOSSIERS, AGENCIES)) as source:
        assert not source.has("areas")
        assert not source.has_column("areas", "area_code")
        with pytest.raises(RelationAbsent) as caught:
            source.relation("areas")
        assert "“areas”" in caught.value.sentence


def test_a_view_is_as_good_as_a_table(tmp_path: Path) -> None:
    url = _database(tmp_path / "a.duckdb", DOSSIERS.replace("dossiers", "records"), "CREATE VIEW dossiers AS SELECT * FROM records", AGENCIES)
    with open_source(url) as source:
        assert 1 == len(source.frame(sa.select(source.relation("dossiers").c.dossier_id)))


def test_a_required_table_or_column_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused) as caught:
        open_source(_database(tmp_path / "a.duckdb", DOSSIERS))
    assert "“agencies”" in caught.value.sentence
    with pytest.raises(SourceRefused) as caught:
        open_source(_database(tmp_path / "b.duckdb", DOSSIERS.replace("due_at", "hen_tra"), AGENCIES))
    assert "dossiers" in caught.value.sentence
    assert "“due_at”" in caught.value.sentence


def test_columns_of_another_type_are_brought_to_the_contracts(tmp_path: Path) -> None:
    text = DOSSIERS.replace("'D1'", "17").replace("TIMESTAMP '2026-01-05 08:00:00'", "'2026-01-05 08:00:00'").replace("4::SMALLINT", "'4'")
    with open_source(_database(tmp_path / "a.duckdb", text, AGENCIES)) as source:
        assert ("dossier_id", "received_at", "status") == source.cast_columns("dossiers")
        d = source.relation("dossiers")
        row = source.frame(sa.select(d.c.dossier_id, d.c.received_at, d.c.status)).iloc[0]
    assert ("17", datetime(2026, 1, 5, 8), 4) == tuple(row)


def test_a_value_that_cannot_be_cast_names_the_columns_to_look_at_and_not_the_value(tmp_path: Path) -> None:
    with open_source(_database(tmp_path / "a.duckdb", DOSSIERS.replace("4::SMALLINT", "'bí mật'"), AGENCIES)) as source:
        d = source.relation("dossiers")
        with pytest.raises(QueryFailed) as caught:
            source.frame(sa.select(d.c.status))
    assert "dossiers.status" in caught.value.sentence
    assert "bí mật" not in f"{caught.value} {caught.value.sentence}"


def test_codes_keep_case_and_blanks(small_source: Source) -> None:
    a = small_source.relation("agencies")
    assert {"a", "A", "a "} <= set(small_source.frame(sa.select(a.c.agency_code))["agency_code"])


def test_whole_numbers_stay_whole_beside_missing_ones(small_source: Source) -> None:
    d = small_source.relation("dossiers")
    fees = small_source.frame(sa.select(d.c.postal_fee).where(d.c.dossier_id.in_(["D-01", "D-03"])).order_by(d.c.dossier_id))["postal_fee"]
    assert "Int64" == str(fees.dtype)
    assert 32000 == fees.iloc[0]
    assert fees.isna().iloc[1]


def test_an_expression_without_a_type_is_refused_by_its_name(small_source: Source) -> None:
    d = small_source.relation("dossiers")
    with pytest.raises(TypeError, match="column what"):
        small_source.frame(sa.select(sa.func.some_function(d.c.status).label("what")))


def test_only_a_select_can_be_asked(small_source: Source) -> None:
    with pytest.raises(TypeError, match="only a SELECT"):
        small_source.frame(sa.text("DELETE FROM dossiers"))  # type: ignore[arg-type]  # what a caller who ignores the types would do


def test_a_statement_over_the_limit_does_not_interrupt_its_neighbour(tmp_path: Path) -> None:
    slow = sa.text("SELECT count(*) AS n FROM range(100000000) AS a, range(1000) AS b WHERE (a.range * b.range) % 7 = 3").columns(sa.column("n", sa.BigInteger))
    with open_source(new_duckdb(tmp_path / "a.duckdb", small_rows()), timeout_seconds=0.2) as source:
        for _ in range(3):
            with pytest.raises(QueryTooSlow):
                source.frame(sa.select(slow.subquery("slow")))
            assert 40 == len(source.frame(sa.select(source.relation("dossiers").c.dossier_id)))


def test_another_version_of_the_file_is_another_token_and_its_rows_are_served(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    with open_source(_database(path, DOSSIERS, AGENCIES)) as source:
        first = source.version()
        assert first == source.version()
        _database(tmp_path / "next.duckdb", DOSSIERS.replace("'D1'", "'D2'"), AGENCIES, "CREATE TABLE load_info AS SELECT DATE '2026-01-31' AS as_of")
        (tmp_path / "next.duckdb").replace(path)
        assert first != source.version()
        assert ["D2"] == list(source.frame(sa.select(source.relation("dossiers").c.dossier_id))["dossier_id"])
        assert source.has("load_info")


def test_a_file_taken_away_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    with open_source(_database(path, DOSSIERS, AGENCIES)) as source:
        path.unlink()
        with pytest.raises(DatabaseUnreachable):
            source.version()


def test_a_file_that_is_being_written_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    _database(path, DOSSIERS, AGENCIES)
    with duckdb.connect(str(path)), pytest.raises(DatabaseUnreachable) as caught:
        open_source(str(path))
    assert "a.duckdb" in caught.value.sentence


def test_a_union_is_a_question_too(small_source: Source) -> None:
    d = small_source.relation("dossiers")
    both = sa.union_all(sa.select(d.c.dossier_id, d.c.status), sa.select(d.c.dossier_id, d.c.status)).order_by(sa.text("1"))
    frame = small_source.frame(both)
    assert 80 == len(frame)
    pd.testing.assert_index_equal(pd.Index(["dossier_id", "status"]), frame.columns)
