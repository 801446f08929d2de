"""A refresh: the extract holds what the source holds, is served only when whole, and leaves everything as it was when it fails."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import sqlalchemy as sa

from queries import contract
from queries.errors import DashboardError, DatabaseUnreachable, ExtractRefused, NothingLoaded
from queries.extract import Refreshed, Step, refresh
from queries.extract.versions import Versions
from queries.source import Source, open_source
from tests.servers import SMALL, new_duckdb, run_sql, small_rows

AT = datetime(2026, 11, 1, 2, 30)
ENGINES = pytest.mark.parametrize("engine", ["duckdb", pytest.param("postgresql", marks=pytest.mark.server), pytest.param("mariadb", marks=pytest.mark.server)])


def make(url: str, to: Path, nights: int = 0, **more: Any) -> Refreshed:
    """A refresh in one of the nights."""
    return refresh(url, more.pop("name", "native"), to, at=AT + timedelta(days=nights), **more)


def rows(source: Source, relation: str = "dossiers") -> pd.DataFrame:
    """Every row of a relation, in the order of its first columns."""
    table = source.relation(relation)
    frame = source.frame(sa.select(*table.c))
    return frame.sort_values(list(frame.columns[:4]), ignore_index=True)


def keys(path: Path) -> list[str]:
    """The dossiers that a reader finds."""
    with open_source(str(path)) as source:
        return list(rows(source)["dossier_id"])


@pytest.fixture
def small(tmp_path: Path) -> str:
    """The forty dossiers in a file of this test."""
    return new_duckdb(tmp_path / "small.duckdb", small_rows())


@ENGINES
def test_the_extract_holds_what_the_source_holds(three_urls: dict[str, str], engine: str, tmp_path: Path) -> None:
    made = make(three_urls[engine], tmp_path / "dossiers.duckdb")
    assert (40, 40) == (made.dossiers, made.read)
    with open_source(three_urls[engine]) as source, open_source(f"duckdb:///{tmp_path / 'dossiers.duckdb'}") as extract:
        for table in contract.RELATIONS:
            assert source.has(table.name) == extract.has(table.name)
            pd.testing.assert_frame_equal(rows(source, table.name), rows(extract, table.name))


def test_a_folder_of_exports_is_copied_too(tmp_path: Path) -> None:
    make("duckdb://", tmp_path / "dossiers.duckdb", name=str(SMALL))
    assert 40 == len(keys(tmp_path / "dossiers.duckdb"))


def test_optional_relations_and_columns_that_are_not_there_stay_absent(tmp_path: Path) -> None:
    url = new_duckdb(tmp_path / "a.duckdb", {name: found for name, found in small_rows().items() if name in ("dossiers", "agencies")})
    run_sql(url, "ALTER TABLE dossiers DROP COLUMN postal_fee")
    make(url, tmp_path / "b.duckdb")
    with open_source(str(tmp_path / "b.duckdb")) as extract:
        assert not extract.has("areas")
        assert not extract.has_column("dossiers", "postal_fee")
        assert extract.has_column("dossiers", "area_code")


def test_a_column_outside_the_contract_is_not_copied(small: str, tmp_path: Path) -> None:
    run_sql(small, "ALTER TABLE dossiers ADD COLUMN applicant_name VARCHAR DEFAULT 'Nguyễn Văn A'")
    made = make(small, tmp_path / "dossiers.duckdb")
    with duckdb.connect(str(made.version), read_only=True) as file:
        columns = {row[0] for row in file.execute("SELECT column_name FROM information_schema.columns").fetchall()}
    assert "applicant_name" not in columns
    assert b"Nguy\xe1\xbb\x85n V\xc4\x83n A" not in made.version.read_bytes()


def test_dossiers_lie_in_the_order_of_receipt(small: str, tmp_path: Path) -> None:
    made = make(small, tmp_path / "dossiers.duckdb")
    with duckdb.connect(str(made.version), read_only=True) as file:
        received = [row[0] for row in file.execute("SELECT received_at FROM dossiers").fetchall()]
    assert sorted(received) == received


def test_the_pointer_names_the_newest_version_and_the_last_ones_are_kept(small: str, tmp_path: Path) -> None:
    pointer = tmp_path / "dossiers.duckdb"
    made = [make(small, pointer, night, keep=2) for night in range(4)]
    assert made[3].version == pointer.resolve() == Versions(pointer).current()
    assert [made[2].version, made[3].version] == Versions(pointer).all()
    assert [0, 0, 1, 1] == [each.removed for each in made]
    assert "dossiers-20261104T023000000000.duckdb" == made[3].version.name


def test_an_open_reader_keeps_its_version_and_the_newest_is_opened_beside_it(small: str, tmp_path: Path) -> None:
    pointer = tmp_path / "dossiers.duckdb"
    make(small, pointer)
    with open_source(str(pointer)) as old:
        token = old.version()
        assert old is old.newest()
        run_sql(small, "DELETE FROM dossiers WHERE dossier_id <> (SELECT min(dossier_id) FROM dossiers)")
        make(small, pointer, 1, keep=1)
        assert token == old.version()
        assert 40 == len(rows(old))
        with old.newest() as new:
            assert token != new.version()
            assert 1 == len(rows(new))
            assert new is new.newest()


def test_a_version_is_closed_with_its_last_reader(small: str, tmp_path: Path) -> None:
    make(small, tmp_path / "dossiers.duckdb")
    source = open_source(str(tmp_path / "dossiers.duckdb"))
    make(small, tmp_path / "dossiers.duckdb", 1, keep=1)
    reader, source = source, source.newest()
    assert 40 == len(rows(reader))
    assert [1, 1] == [_open_files(name) for name in ("-20261101T", "-20261102T")]
    del reader
    assert [0, 1] == [_open_files(name) for name in ("-20261101T", "-20261102T")]
    source.close()


def _open_files(name: str) -> int:
    """How many files of this process have the text in their name."""
    return sum(name in str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink())


def test_a_second_refresh_says_so_and_leaves(small: str, tmp_path: Path) -> None:
    pointer = tmp_path / "dossiers.duckdb"
    make(small, pointer)
    before = pointer.resolve()
    with Versions(pointer).making() as folder:
        with pytest.raises(ExtractRefused, match="another refresh") as caught:
            make(small, pointer, 1)
        assert folder.is_dir()
    assert "Một lệnh refresh khác" in caught.value.sentence
    assert before == pointer.resolve()


def test_what_an_interrupted_refresh_left_is_removed_by_the_next(small: str, tmp_path: Path) -> None:
    pointer = tmp_path / "dossiers.duckdb"
    left = Versions(pointer).folder / ".dang-tao"
    left.mkdir(parents=True)
    (left / "extract.duckdb").write_text("half")
    make(small, pointer)
    assert 40 == len(keys(pointer))
    assert [".khoa", pointer.resolve().name] == sorted(path.name for path in Versions(pointer).folder.iterdir())


def test_a_file_under_the_name_of_the_pointer_is_never_replaced(small: str, tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused) as caught:
        make(small, tmp_path / "small.duckdb")
    assert "chọn tên khác" in caught.value.sentence
    assert 40 == len(keys(tmp_path / "small.duckdb"))


def _fails(url: str, pointer: Path, kind: type[DashboardError], **more: Any) -> DashboardError:
    """A refresh that fails and changes nothing."""
    before, files = pointer.resolve(), Versions(pointer).all()
    with pytest.raises(kind) as caught:
        make(url, pointer, 1, **more)
    assert before == pointer.resolve()
    assert files == Versions(pointer).all()
    assert not (Versions(pointer).folder / ".dang-tao").exists()
    return caught.value


def test_a_value_that_is_not_of_its_type_changes_nothing(small: str, tmp_path: Path) -> None:
    make(small, tmp_path / "dossiers.duckdb")
    run_sql(
        small,
        "ALTER TABLE dossiers ALTER status TYPE VARCHAR",
        "UPDATE dossiers SET status = 'bí mật' WHERE dossier_id = (SELECT max(dossier_id) FROM dossiers)",
    )
    error = _fails(small, tmp_path / "dossiers.duckdb", DashboardError)
    assert "không đổi được sang kiểu" in error.sentence
    assert "bí mật" not in error.sentence + str(error)


def test_a_source_without_a_dossier_changes_nothing(small: str, tmp_path: Path) -> None:
    make(small, tmp_path / "dossiers.duckdb")
    run_sql(small, "DELETE FROM dossiers")
    _fails(small, tmp_path / "dossiers.duckdb", NothingLoaded)


def test_a_copy_that_lacks_a_row_is_not_served(small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(small, tmp_path / "dossiers.duckdb")
    with open_source(small) as source:
        kind = type(source.database)
    whole = kind.batches
    monkeypatch.setattr(kind, "batches", lambda *arguments: (batch[1:] if len(batch) == 40 else batch for batch in whole(*arguments)))
    error = _fails(small, tmp_path / "dossiers.duckdb", ExtractRefused)
    assert "Bản chép khác nguồn ở 1 tháng tiếp nhận" in error.sentence


@pytest.mark.server
def test_a_source_that_dies_midway_changes_nothing(postgres_database: str, tmp_path: Path) -> None:
    pointer = tmp_path / "dossiers.duckdb"
    _demo(postgres_database, 30_000)
    make(postgres_database, pointer)

    def kill(step: Step) -> None:
        if step.relation == "dossiers" and step.rows:
            run_sql(postgres_database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")

    _fails(postgres_database, pointer, DatabaseUnreachable, progress=kill, rate=10_000)


@pytest.mark.server
@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_what_is_written_meanwhile_is_left_for_the_next_refresh(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> None:
    url = request.getfixturevalue("postgres_database" if engine == "postgresql" else "mariadb_database")
    _demo(url, 30_000)

    def write(step: Step) -> None:
        if step.relation == "dossiers" and step.rows == 10_000:
            run_sql(url, "INSERT INTO dossiers (dossier_id, received_at, status) VALUES ('moi', '2026-10-01', 2)", "DELETE FROM areas")

    made = make(url, tmp_path / "dossiers.duckdb", progress=write, rate=10_000)
    assert 30_000 == made.dossiers
    with open_source(str(tmp_path / "dossiers.duckdb")) as extract:
        assert len(rows(extract, "areas"))
    assert 30_001 == make(url, tmp_path / "dossiers.duckdb", 1).dossiers


@pytest.mark.server
def test_an_empty_text_is_not_a_missing_one(postgres_database: str, tmp_path: Path) -> None:
    _own(postgres_database, "('D1', '', NULL, 'a,\"b\"\nc', '2026-01-05', 4)")
    make(postgres_database, tmp_path / "dossiers.duckdb")
    with open_source(str(tmp_path / "dossiers.duckdb")) as extract:
        row = rows(extract).iloc[0]
    assert ("", 'a,"b"\nc') == (row["agency_code"], row["received_channel"])
    assert pd.isna(row["procedure_code"])


@pytest.mark.server
def test_a_date_that_no_calendar_knows_is_missing(mariadb_database: str, tmp_path: Path) -> None:
    run_sql(
        f"{mariadb_database}?init_command=SET sql_mode=''",
        *_tables("('D1', 'STP', '1.01', 'post', '2026-01-05', 4)"),
        "UPDATE dossiers SET due_at = '0000-00-00'",
    )
    make(mariadb_database, tmp_path / "dossiers.duckdb")
    with open_source(str(tmp_path / "dossiers.duckdb")) as extract:
        assert rows(extract)["due_at"].isna().all()


def _tables(*dossiers: str) -> list[str]:
    columns = "dossier_id, agency_code, procedure_code, received_channel, received_at, status"
    return [
        (
            "CREATE TABLE dossiers (dossier_id VARCHAR(20), agency_code VARCHAR(20), procedure_code VARCHAR(20), received_channel VARCHAR(20), "
            "returned_channel VARCHAR(20), received_at TIMESTAMP NULL, due_at DATE, completed_at DATE, returned_at DATE, status SMALLINT)"
        ),
        "CREATE TABLE agencies (agency_code VARCHAR(20), agency_name VARCHAR(20), level VARCHAR(20))",
        f"INSERT INTO dossiers ({columns}) VALUES {', '.join(dossiers)}",
        "INSERT INTO agencies VALUES ('STP', 'Sở Tư pháp', 'province')",
    ]


def _own(url: str, *dossiers: str) -> None:
    run_sql(url, *_tables(*dossiers))


def _demo(url: str, dossiers: int) -> None:
    """A few agencies and many dossiers, made by the server itself."""
    numbers = f"generate_series(1, {dossiers}) AS g(n)" if url.startswith("postgresql") else f"(SELECT seq AS n FROM seq_1_to_{dossiers}) AS g"
    key = "'D' || n" if url.startswith("postgresql") else "CONCAT('D', n)"
    _own(url, "('D0', 'STP', NULL, 'post', '2026-01-05', 4)")
    run_sql(
        url,
        "CREATE TABLE areas (area_code VARCHAR(20), area_name VARCHAR(20), level VARCHAR(20), parent_code VARCHAR(20), valid_from DATE, valid_to DATE, "
        "population INT, latitude FLOAT, longitude FLOAT)",
        "INSERT INTO areas (area_code, area_name) VALUES ('12', 'Tỉnh Lai Châu')",
        f"INSERT INTO dossiers (dossier_id, agency_code, received_at, status) SELECT {key}, 'STP', '2026-01-05', 4 FROM {numbers} WHERE n < {dossiers}",
    )


@ENGINES
def test_since_reads_the_last_days_and_the_months_that_changed(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> None:
    url = (
        new_duckdb(tmp_path / "a.duckdb")
        if engine == "duckdb"
        else request.getfixturevalue("postgres_database" if engine == "postgresql" else "mariadb_database")
    )
    _own(url, *(f"('D{month}', 'STP', '1.01', 'counter', '2026-0{month}-05', 4)" for month in range(1, 8)))
    pointer = tmp_path / "dossiers.duckdb"
    make(url, pointer)
    run_sql(
        url,
        "UPDATE dossiers SET status = 10, returned_at = '2026-07-06' WHERE dossier_id = 'D2'",
        "DELETE FROM dossiers WHERE dossier_id = 'D3'",
        "INSERT INTO dossiers (dossier_id, received_at, status) VALUES ('D8', '2026-07-20', 2)",
        "UPDATE dossiers SET due_at = '2026-09-09' WHERE dossier_id = 'D6'",
    )
    made = make(url, pointer, 1, since=date(2026, 7, 1))
    assert (7, 4) == (made.dossiers, made.read)  # D2 and D6 changed, D7 and D8 are of the last days
    with open_source(url) as source, open_source(str(pointer)) as extract:
        pd.testing.assert_frame_equal(rows(source), rows(extract))


def test_since_without_an_earlier_version_of_the_same_source_is_refused(small: str, tmp_path: Path) -> None:
    pointer = tmp_path / "dossiers.duckdb"
    with pytest.raises(ExtractRefused) as caught:
        make(small, pointer, since=date(2026, 1, 1))
    assert "chưa có bản trích nào" in caught.value.sentence
    make(small, pointer)
    shutil.copy(tmp_path / "small.duckdb", tmp_path / "other.duckdb")
    error = _fails(f"duckdb:///{tmp_path / 'other.duckdb'}", pointer, ExtractRefused, since=date(2026, 1, 1))
    assert "nguồn khác" in error.sentence
    run_sql(small, "ALTER TABLE dossiers DROP COLUMN postal_fee")
    assert "cột khác" in _fails(small, pointer, ExtractRefused, since=date(2026, 1, 1)).sentence


def test_a_rate_is_kept_to(tmp_path: Path) -> None:
    url = new_duckdb(tmp_path / "a.duckdb")
    _own(url, "('D0', 'STP', NULL, 'post', '2026-01-05', 4)")
    run_sql(url, "INSERT INTO dossiers SELECT 'D' || range, 'STP', NULL, NULL, NULL, TIMESTAMP '2026-01-05', NULL, NULL, NULL, 4 FROM range(10000)")
    assert 0.9 < make(url, tmp_path / "dossiers.duckdb", rate=10_000).seconds
