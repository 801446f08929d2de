"""Advice for the owner of a live database: it can be pasted, it is measured on a copy, and the owner's tables stay as they were."""

from __future__ import annotations

import pandas as pd
import pytest
import sqlalchemy as sa

from dashboard.advising import advise
from queries import advice, schema
from queries.errors import AccessRefused
from queries.source import Source, open_source
from tests.servers import fill, run_sql, small_rows, writing_engine

EVERYTHING = (
    "SELECT n.nspname, c.relname, c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_' ORDER BY 1, 2"
)


def _objects(url: str) -> list[tuple[object, ...]]:
    engine = writing_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(EVERYTHING))]
    engine.dispose()
    return found


@pytest.fixture
def filled(postgres_database: str) -> str:
    fill(postgres_database, small_rows())
    return postgres_database


def _paste(url: str) -> None:
    with open_source(url) as source:
        statements = [statement for _, group in advice.advice(source).groups for statement in group]
    run_sql(url, *(statement.replace("%", "%%") for statement in statements))


def _dossiers(url: str) -> pd.DataFrame:
    with open_source(url) as source:
        return source.frame(sa.select(*source.relation("dossiers").c).order_by(source.relation("dossiers").c.dossier_id))


@pytest.mark.server
def test_on_a_table_the_advice_is_three_covering_indexes_that_can_be_pasted(filled: str) -> None:
    before = _objects(filled)
    _paste(filled)
    assert ["i", "i", "i"] == [kind for _, _, kind in set(_objects(filled)) - set(before)]


@pytest.mark.server
def test_on_views_the_advice_is_a_materialised_view_that_the_dashboard_opens(filled: str) -> None:
    run_sql(filled, "ALTER TABLE dossiers RENAME TO ho_so", "CREATE VIEW dossiers AS SELECT * FROM ho_so")
    expected = _dossiers(filled)
    _paste(filled)
    pd.testing.assert_frame_equal(expected, _dossiers(f"{filled}?options=-csearch_path%3D{advice.VIEWS_SCHEMA}"))


@pytest.mark.server
def test_mariadb_takes_the_advised_indexes(mariadb_database: str) -> None:
    run_sql(mariadb_database, *(statement.replace("%", "%%") for statement in schema.statements("mariadb")))
    _paste(mariadb_database)


@pytest.mark.server
def test_measuring_asks_a_copy_and_leaves_nothing_behind(filled: str) -> None:
    before = _objects(filled)
    with open_source(filled) as source, advice.scratch(source, 15) as copy:
        copy.create_indexes()
        assert _objects(filled) != before
        for name in ("dossiers", "agencies", "areas"):
            count = sa.select(sa.func.count().label("n"))
            assert source.frame(count.select_from(source.relation(name))).equals(copy.source.frame(count.select_from(copy.source.relation(name))))
    assert before == _objects(filled)


@pytest.mark.server
def test_the_copy_is_dropped_also_when_something_fails(filled: str) -> None:
    before = _objects(filled)
    with open_source(filled) as source, pytest.raises(KeyError), advice.scratch(source, 15):
        raise KeyError
    assert before == _objects(filled)


@pytest.mark.server
def test_an_account_that_may_only_read_is_told_that_nothing_was_measured(filled: str) -> None:
    role = f"reader_{filled.rsplit('_', 1)[1][:12]}"
    run_sql(filled, f"CREATE ROLE {role} LOGIN", f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    url = sa.make_url(filled).set(username=role).render_as_string(hide_password=False)
    try:
        with open_source(url) as source, pytest.raises(AccessRefused), advice.scratch(source, 15):
            pass
        lines = "\n".join(advise(url, "native", 15.0, measure=True))
    finally:
        run_sql(filled, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
    assert "Không đo được: tài khoản chưa có quyền tạo lược đồ" in lines
    assert "CREATE INDEX" in lines


@pytest.mark.server
def test_the_measured_gain_names_both_sides(filled: str) -> None:
    lines = list(advise(filled, "native", 15.0, measure=True))
    assert 2 == sum("bảng hiện có" in line and "lần" in line for line in lines)


def test_every_statement_that_is_sent_is_listened_to_and_then_no_more(small_source: Source) -> None:
    count = sa.select(sa.func.count().label("n")).select_from(small_source.relation("dossiers"))
    with advice.logged(small_source) as log:
        small_source.frame(count)
        small_source.frame(count)
    small_source.frame(count)
    assert [True, True] == ["count" in asked.sql for asked in log.asked]
    assert log.seconds > 0


def test_a_duckdb_file_needs_no_advice(small_source: Source) -> None:
    assert () == advice.advice(small_source).groups
