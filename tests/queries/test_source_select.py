"""One SELECT from a file: what is kept, what is dropped, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine.default import DefaultDialect

from queries.address import Engine
from queries.source_select import for_sqlalchemy, single_select

ENGINES: tuple[Engine, ...] = ("duckdb", "postgresql", "mysql")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    ["SELECT 1 AS a", "select 1 AS a;", "-- why\n SELECT 1 AS a ;;\n-- after\n", "/* why; */ WITH x AS (SELECT 1 AS a) SELECT * FROM x", "(SELECT 1 AS a)"],
)
def test_one_select_with_comments_and_a_semicolon_is_kept(text: str, engine: Engine) -> None:
    select = single_select(text, engine)
    assert "why" not in select
    assert "after" not in select
    assert not select.endswith(";")
    assert select.endswith(("a", "x", ")"))


@pytest.mark.parametrize("engine", ENGINES)
def test_semicolons_and_comment_signs_inside_a_text_stay(engine: Engine) -> None:
    assert "SELECT 'a;b--c/*d' AS a" == single_select("SELECT 'a;b--c/*d' AS a;", engine)


def test_a_text_in_dollars_stays_on_postgresql() -> None:
    assert "SELECT $t$a;'b$t$ AS a" == single_select("SELECT $t$a;'b$t$ AS a;", "postgresql")


def test_a_backslash_ends_no_text_on_mysql_and_is_a_plain_sign_elsewhere() -> None:
    assert r"SELECT 'it\'s; one' AS a" == single_select(r"SELECT 'it\'s; one' AS a", "mysql")
    assert r"SELECT 'C:\' AS a, ';' AS b" == single_select(r"SELECT 'C:\' AS a, ';' AS b", "postgresql")


def test_comments_in_comments_end_where_postgresql_ends_them() -> None:
    assert "SELECT   1" == single_select("SELECT /* a /* b */ ; */ 1", "postgresql")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "không có câu lệnh"),
        ("-- only words\n;", "không có câu lệnh"),
        ("SELECT 1; SELECT 2", "nhiều hơn một"),
        ("SELECT 1; DROP TABLE dossiers", "nhiều hơn một"),
        ("DELETE FROM dossiers", "không phải là SELECT"),
        ("UPDATE dossiers SET status = 1", "không phải là SELECT"),
        ("EXPLAIN SELECT 1", "không phải là SELECT"),
        ("selection", "không phải là SELECT"),
        ("SELECT 1) AS x; --", "ngoặc đóng thừa"),
        ("SELECT (1", "ngoặc mở"),
        ("SELECT 'a", "mở mà không đóng"),
        ("SELECT 1 /* a", "không đóng"),
    ],
)
def test_anything_but_one_select_is_refused_with_its_reason(text: str, reason: str, engine: Engine) -> None:
    with pytest.raises(ValueError, match=reason):
        single_select(text, engine)


def test_a_comment_that_mysql_would_run_is_refused() -> None:
    with pytest.raises(ValueError, match="chú thích có lệnh"):
        single_select("SELECT 1 /*! INTO OUTFILE '/tmp/x' */", "mysql")


def test_the_name_of_a_data_file_means_the_file_in_the_folder(tmp_path: Path) -> None:
    select = single_select("SELECT 'post' AS c FROM read_csv('dossiers.csv', header = true), read_parquet('/srv/a.parquet')", "duckdb", tmp_path)
    assert f"SELECT 'post' AS c FROM read_csv('{tmp_path.resolve()}/dossiers.csv', header = true), read_parquet('/srv/a.parquet')" == select


@given(st.text(alphabet=":a b\\1$%'\nx", max_size=30))
def test_no_sign_is_lost_or_taken_for_a_parameter_on_the_way_through_sqlalchemy(sql: str) -> None:
    compiled = sa.text(for_sqlalchemy(sql)).compile(dialect=DefaultDialect(paramstyle="named"))
    assert sql == str(compiled)
    assert {} == compiled.params
