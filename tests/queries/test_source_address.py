"""Database URLs: the accepted forms, and what a person reads when the form is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.address import parse_address
from queries.errors import BadRequest, DatabaseUnreachable
from queries.source import open_source


@pytest.mark.parametrize(
    ("text", "engine", "drivername"),
    [
        ("duckdb:///var/demo.duckdb", "duckdb", "duckdb"),
        ("duckdb:////srv/demo.duckdb", "duckdb", "duckdb"),
        ("var/demo.duckdb", "duckdb", "duckdb"),
        ("postgresql://reader:pw@db:5432/province", "postgresql", "postgresql+psycopg"),
        ("postgres://reader@db/province", "postgresql", "postgresql+psycopg"),
        ("mysql://reader@db/province", "mysql", "mysql+pymysql"),
        ("mariadb://reader@db/province", "mysql", "mysql+pymysql"),
        ("mariadb+pymysql://reader@db/province", "mysql", "mysql+pymysql"),
    ],
)
def test_every_accepted_form_names_its_engine(text: str, engine: str, drivername: str) -> None:
    address = parse_address(text)
    assert (engine, drivername) == (address.engine, address.url.drivername)


def test_three_slashes_are_a_relative_path_and_four_an_absolute_one() -> None:
    assert Path("var/demo.duckdb") == parse_address("duckdb:///var/demo.duckdb").path
    assert Path("/srv/demo.duckdb") == parse_address("duckdb:////srv/demo.duckdb").path


@pytest.mark.parametrize("text", ["duckdb://", "duckdb:///:memory:"])
def test_duckdb_without_a_path_is_in_memory(text: str) -> None:
    assert parse_address(text).in_memory


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "sqlite:///a.db",
        "oracle://scott:tiger@db/x",
        "http://example.org",
        "postgresql://db",
        "mysql://db:notaport/x",
        "duckdb://host/x",
        "duckdb:///a.duckdb?threads=4",
    ],
)
def test_any_other_form_is_refused_with_the_accepted_forms(text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_address(text)
    for form in ("duckdb:///", "postgresql://", "mysql://", "mariadb://", ".duckdb"):
        assert form in caught.value.sentence


@pytest.mark.parametrize("url", ["postgresql://reader:s3cret@db:5432/province", "mariadb://reader:s3cret@db/province", "mysql://reader:s3cret@db:port/x"])
def test_a_password_is_neither_in_the_label_nor_in_a_message(url: str) -> None:
    try:
        shown = parse_address(url).label
    except BadRequest as error:
        shown = f"{error} {error.sentence}"
    assert "s3cret" not in shown
    assert "reader" not in shown


def test_a_duckdb_file_that_does_not_exist_is_not_created(tmp_path: Path) -> None:
    path = tmp_path / "missing.duckdb"
    with pytest.raises(DatabaseUnreachable) as caught:
        open_source(f"duckdb:///{path}")
    assert "missing.duckdb" in caught.value.sentence
    assert not path.exists()


def test_a_file_that_is_not_a_duckdb_database_is_unreachable(tmp_path: Path) -> None:
    path = tmp_path / "notes.duckdb"
    path.write_text("only words, many of them, so that it is longer than a header\n" * 400)
    with pytest.raises(DatabaseUnreachable) as caught:
        open_source(str(path))
    assert "không phải tệp DuckDB" in caught.value.sentence
