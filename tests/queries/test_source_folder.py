"""A folder as a source: exports and SELECTs over files with duckdb://, and every reason to refuse one."""

from __future__ import annotations

import shutil
import threading
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
import sqlalchemy as sa

from queries.errors import BadRequest, SourceRefused
from queries.source import Source, open_source
from tests.servers import SMALL

AGENCIES = "agency_code,agency_name,level\nSTP,Sở Tư pháp,province\n"
HEADER = "dossier_id,agency_code,procedure_code,received_channel,returned_channel,received_at,due_at,completed_at,returned_at,status"
DOSSIERS = f"{HEADER}\n001,STP,,post,,2026-01-05 08:00:00,,,,4\n"


def _folder(path: Path, **files: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return path


def _all(source: Source, relation: str = "dossiers") -> pd.DataFrame:
    return source.frame(sa.select(*source.relation(relation).c))


def _refusal(folder: Path) -> SourceRefused:
    with pytest.raises(SourceRefused) as caught:
        open_source("duckdb://", str(folder))
    return caught.value


def test_codes_keep_their_zeros_and_empty_cells_are_missing(tmp_path: Path) -> None:
    with open_source("duckdb://", str(_folder(tmp_path, dossiers__csv=DOSSIERS, agencies__csv=AGENCIES))) as source:
        row = _all(source).iloc[0]
    assert "001" == row["dossier_id"]
    assert datetime(2026, 1, 5, 8) == row["received_at"]
    assert 4 == row["status"]
    assert [True] * 4 == [bool(pd.isna(row[name])) for name in ("procedure_code", "returned_channel", "due_at", "postal_fee")]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_separators_and_a_byte_order_mark_are_understood(tmp_path: Path, mark: str) -> None:
    _folder(tmp_path, agencies__csv=AGENCIES)
    (tmp_path / "dossiers.csv").write_text(DOSSIERS.replace(",", mark), encoding="utf-8-sig")
    with open_source("duckdb://", str(tmp_path)) as source:
        assert ["001"] == list(_all(source)["dossier_id"])


@pytest.mark.parametrize(
    ("written", "wall_time"),
    [
        ("2026-01-05T01:00:00Z", datetime(2026, 1, 5, 8)),
        ("2026-01-05 08:00:00+07:00", datetime(2026, 1, 5, 8)),
        ("2026-01-05 08:00:00.25", datetime(2026, 1, 5, 8, 0, 0, 250000)),
        ("2026-01-05", datetime(2026, 1, 5)),
    ],
)
def test_an_instant_with_a_zone_becomes_viet_nam_wall_time(tmp_path: Path, written: str, wall_time: datetime) -> None:
    _folder(tmp_path, dossiers__csv=DOSSIERS.replace("2026-01-05 08:00:00", written), agencies__csv=AGENCIES)
    with open_source("duckdb://", str(tmp_path)) as source:
        assert wall_time == _all(source)["received_at"].iloc[0]


def test_parquet_and_excel_give_the_same_frames_as_csv(tmp_path: Path) -> None:
    parquet, excel = tmp_path / "parquet", tmp_path / "excel"
    parquet.mkdir()
    excel.mkdir()
    with open_source("duckdb://", str(SMALL)) as source:
        for relation in ("dossiers", "agencies", "areas", "agency_procedures", "load_info"):
            frame = _all(source, relation)
            duckdb.connect().execute(f"COPY frame TO '{parquet / relation}.parquet' (FORMAT parquet)")
            _write_sheet(excel / f"{relation}.xlsx", frame)
        for folder in (parquet, excel):
            with open_source("duckdb://", str(folder)) as other:
                for relation in ("dossiers", "agencies", "areas", "agency_procedures", "load_info"):
                    pd.testing.assert_frame_equal(_all(source, relation), _all(other, relation))


def _write_sheet(path: Path, frame: pd.DataFrame) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(frame.columns))
    for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
        sheet.append([_as_excel_keeps_it(value) for value in row])
    book.save(path)


def _as_excel_keeps_it(value: object) -> object:
    """Excel has no microseconds: such an instant is written as text."""
    if not isinstance(value, pd.Timestamp):
        return value
    return str(value) if value.microsecond else value.to_pydatetime()


def test_an_instant_with_zone_in_parquet_becomes_viet_nam_wall_time(tmp_path: Path) -> None:
    _folder(tmp_path, agencies__csv=AGENCIES)
    columns = ", ".join(f"NULL::VARCHAR AS {name}" for name in HEADER.split(",") if name not in ("dossier_id", "received_at", "status"))
    select = f"SELECT 1 AS dossier_id, TIMESTAMPTZ '2026-01-05 01:00:00+00' AS received_at, 4 AS status, {columns}"
    duckdb.connect().execute(f"COPY ({select}) TO '{tmp_path / 'dossiers.parquet'}' (FORMAT parquet)")
    with open_source("duckdb://", str(tmp_path)) as source:
        assert ("1", datetime(2026, 1, 5, 8)) == tuple(_all(source)[["dossier_id", "received_at"]].iloc[0])


def test_a_select_may_read_a_file_beside_it_wherever_the_programme_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = _folder(tmp_path / "elsewhere", raw__csv="id\nWRONG\n")
    folder = _folder(
        tmp_path / "source",
        raw__csv="id,moment\n7,2026-01-05 08:00:00\n",
        dossiers__sql="-- one row\nSELECT id AS dossier_id, NULL AS agency_code, NULL AS procedure_code, 'post' AS received_channel, NULL AS returned_channel,"
        " moment AS received_at, NULL AS due_at, NULL AS completed_at, NULL AS returned_at, 4 AS status FROM read_csv('raw.csv');",
        agencies__sql="SELECT 'STP' AS agency_code, 'Sở Tư pháp' AS agency_name, 'province' AS level",
    )
    monkeypatch.chdir(elsewhere)
    with open_source("duckdb://", str(folder)) as source:
        assert [("7", datetime(2026, 1, 5, 8))] == list(_all(source)[["dossier_id", "received_at"]].itertuples(index=False, name=None))


def test_one_database_in_memory_serves_every_thread() -> None:
    counts: list[int] = []
    with open_source("duckdb://", str(SMALL)) as source:

        def count() -> None:
            counts.append(len(_all(source)))

        threads = [threading.Thread(target=count) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [40] * 8 == counts


def test_the_database_in_memory_cannot_be_written_and_reads_no_file_after_loading() -> None:
    with open_source("duckdb://", str(SMALL)) as source:
        for statement, reason in (
            ("DELETE FROM dossiers", "read-only"),
            ("CREATE TABLE t (a INT)", "read-only"),
            (f"SELECT * FROM read_csv('{SMALL}/dossiers.csv')", "disabled"),
            ("SET threads = 2", "locked"),
        ):
            with pytest.raises(sa.exc.DBAPIError, match=reason), source.database.engine.begin() as connection:
                connection.exec_driver_sql(statement)
        assert 40 == len(_all(source))


def test_a_personal_column_in_a_select_is_refused_by_name(tmp_path: Path) -> None:
    columns = ", ".join(f"NULL AS {name}" for name in HEADER.split(","))
    _folder(
        tmp_path,
        dossiers__sql=f"SELECT {columns}, 'Nguyễn Văn A' AS applicantName",
        agencies__sql="SELECT 'a' AS agency_code, 'A' AS agency_name, 'other' AS level",
    )
    refusal = _refusal(tmp_path)
    for word in ("dossiers.sql", "applicantName", "dossiers", "dữ liệu cá nhân"):
        assert word in refusal.sentence
    assert "Nguyễn" not in f"{refusal} {refusal.sentence}"


def test_a_personal_column_in_an_export_is_refused_by_name(tmp_path: Path) -> None:
    _folder(tmp_path, dossiers__csv=DOSSIERS.replace("status", "status,applicantName").replace(",4\n", ",4,Nguyễn Văn A\n"), agencies__csv=AGENCIES)
    refusal = _refusal(tmp_path)
    assert "“applicantName”" in refusal.sentence
    assert "dossiers.csv" in refusal.sentence


def test_a_missing_required_column_is_named(tmp_path: Path) -> None:
    _folder(tmp_path, dossiers__csv=DOSSIERS.replace("due_at", "hen_tra"), agencies__csv=AGENCIES.replace(",level", "").replace(",province", ""))
    assert "“hen_tra”" in _refusal(tmp_path).sentence
    _folder(tmp_path, dossiers__csv=DOSSIERS)
    assert "agencies" in _refusal(tmp_path).sentence
    assert "“level”" in _refusal(tmp_path).sentence


def test_a_missing_required_relation_is_named(tmp_path: Path) -> None:
    assert "“agencies”" in _refusal(_folder(tmp_path, dossiers__csv=DOSSIERS)).sentence


def test_a_value_that_is_no_date_is_named_by_column_and_row_and_not_repeated(tmp_path: Path) -> None:
    text = DOSSIERS + "002,STP,,post,,bí mật,,,,4\n003,STP,,post,,05/01/2026,,,,4\n"
    refusal = _refusal(_folder(tmp_path, dossiers__csv=text, agencies__csv=AGENCIES))
    for word in ("dossiers.csv", "received_at", "2 giá trị", "dòng dữ liệu thứ 2"):
        assert word in refusal.sentence
    assert "bí mật" not in f"{refusal} {refusal.sentence}"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "tệp trống"),
        (DOSSIERS + "only,three,cells\n", "số cột"),
        (DOSSIERS.replace("due_at", "dossier_id"), "hơn một lần"),
    ],
)
def test_a_broken_csv_is_named_with_its_fault(tmp_path: Path, text: str, word: str) -> None:
    refusal = _refusal(_folder(tmp_path, dossiers__csv=text, agencies__csv=AGENCIES))
    assert "dossiers.csv" in refusal.sentence
    assert word in refusal.sentence
    assert "only,three" not in f"{refusal} {refusal.sentence}"


def test_a_csv_in_another_encoding_is_refused_with_what_to_do(tmp_path: Path) -> None:
    _folder(tmp_path, agencies__csv=AGENCIES)
    (tmp_path / "dossiers.csv").write_bytes(DOSSIERS.replace("post", "bưu chính").encode("utf-16"))
    assert "UTF-8" in _refusal(tmp_path).sentence


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    _folder(tmp_path, dossiers__xlsx="not a workbook", agencies__csv=AGENCIES)
    assert "Excel" in _refusal(tmp_path).sentence


def test_a_file_of_no_relation_is_refused_with_the_names_that_are(tmp_path: Path) -> None:
    refusal = _refusal(_folder(tmp_path, dossier__csv=DOSSIERS, agencies__csv=AGENCIES))
    assert "dossier.csv" in refusal.sentence
    assert "agency_procedures" in refusal.sentence


def test_two_files_of_one_relation_are_refused(tmp_path: Path) -> None:
    assert "hai tệp" in _refusal(_folder(tmp_path, dossiers__csv=DOSSIERS, dossiers__parquet="", agencies__csv=AGENCIES)).sentence


def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path) -> None:
    assert "không có tệp" in _refusal(_folder(tmp_path, README__md="nothing")).sentence


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1; DELETE FROM x",
        "DROP TABLE x",
        "SELECT FROM WHERE",
        "SELECT * FROM read_csv('absent.csv')",
        "SELECT nope FROM (SELECT 1 AS a) AS x",
        "SELECT * FROM nope",
    ],
)
def test_a_file_that_is_not_one_running_select_is_refused_by_name(tmp_path: Path, text: str) -> None:
    _folder(tmp_path, dossiers__sql=text, agencies__sql="SELECT 'a' AS agency_code, 'A' AS agency_name, 'other' AS level")
    assert "dossiers.sql" in _refusal(tmp_path).sentence


def test_exports_need_duckdb_in_memory(small_source: Source) -> None:
    with pytest.raises(BadRequest, match="duckdb://"):
        open_source(str(small_source.database.address.path), str(SMALL))


def test_duckdb_in_memory_needs_a_folder() -> None:
    with pytest.raises(BadRequest) as caught:
        open_source("duckdb://")
    assert "--source" in caught.value.sentence


def test_an_unknown_source_is_refused_with_the_names_that_are_known(small_source: Source) -> None:
    with pytest.raises(BadRequest) as caught:
        open_source(str(small_source.database.address.path), "opencsp")
    for name in ("native", "opencps", "national"):
        assert name in caught.value.sentence


def test_a_folder_with_signs_that_mean_something_in_a_search_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "nguồn [1], d'été *"
    shutil.copytree(SMALL, folder)
    with open_source("duckdb://", str(folder)) as source:
        assert 40 == len(_all(source))
