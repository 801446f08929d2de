"""The source national on a real PostgreSQL: codes, text dates good and bad, and no personal column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from queries.check import check
from queries.errors import SourceRefused
from queries.source import Source, open_source
from tests.servers import FIXTURES, new_database, rows_of, run_script, run_sql

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def national_url(postgres_url: str) -> Iterator[str]:
    with new_database(postgres_url) as url:
        run_script(url, FIXTURES / "national" / "ho_so.sql")
        yield url


@pytest.fixture(scope="module")
def national(national_url: str) -> Iterator[Source]:
    with open_source(national_url, "national") as source:
        yield source


def _all(source: Source, relation: str) -> pd.DataFrame:
    return source.frame(sa.select(*source.relation(relation).c))


@pytest.fixture(scope="module")
def dossiers(national: Source) -> dict[str, Any]:
    """Rows by the last digits of the dossier number."""
    return {row.dossier_id.rpartition("-")[2]: row for row in rows_of(_all(national, "dossiers"))}


def test_a_record_that_was_only_registered_is_not_countable(dossiers: dict[str, Any]) -> None:
    assert 10 == len(dossiers)
    assert "0008" not in dossiers


@pytest.mark.parametrize(
    ("dossier", "received", "returned"),
    [
        ("0001", "post", "post"),
        ("0002", "online", "counter"),
        ("0003", "counter", "counter"),
        ("0005", None, None),
        ("0006", "counter", "2"),
        ("00007", "9", "counter"),
    ],
)
def test_codes_of_the_channel_become_words_and_unknown_ones_stay_to_be_seen(
    dossiers: dict[str, Any], dossier: str, received: str | None, returned: str | None
) -> None:
    assert (received, returned) == (dossiers[dossier].received_channel, dossiers[dossier].returned_channel)


def test_the_unit_comes_from_its_column_else_from_the_dossier_number_else_is_missing(dossiers: dict[str, Any]) -> None:
    assert ("DV-01", "H35.02", None) == (dossiers["0001"].agency_code, dossiers["0003"].agency_code, dossiers["dang"].agency_code)


def test_the_suffix_of_the_province_is_taken_off_the_procedure(dossiers: dict[str, Any]) -> None:
    assert ["2.000488", "2.000488", "1.001193", None] == [dossiers[key].procedure_code for key in ("0001", "0002", "0003", "0006")]


def test_text_dates_become_instants(dossiers: dict[str, Any]) -> None:
    row = dossiers["0001"]
    assert [pd.Timestamp(text) for text in ("2026-01-05 07:30", "2026-01-19 17:00", "2026-01-16 15:00", "2026-01-17 08:30")] == [
        row.received_at,
        row.due_at,
        row.completed_at,
        row.returned_at,
    ]
    assert pd.Timestamp("2026-01-20 23:59:59") == dossiers["0002"].completed_at
    assert pd.Timestamp("2024-02-29 08:00") == dossiers["00007"].received_at


@pytest.mark.parametrize(
    ("dossier", "column"),
    [("0005", "due_at"), ("0005", "completed_at"), ("0005", "returned_at"), ("0006", "due_at"), ("0006", "returned_at"), ("0011", "received_at")],
)
def test_a_text_that_is_no_date_is_missing_and_no_error(dossiers: dict[str, Any], dossier: str, column: str) -> None:
    assert getattr(dossiers[dossier], column) is None


def test_a_return_time_counts_with_status_10_only(dossiers: dict[str, Any]) -> None:
    assert 9 == dossiers["0010"].status
    assert dossiers["0010"].returned_at is None


def test_a_status_outside_the_list_is_0(dossiers: dict[str, Any]) -> None:
    assert 0 == dossiers["00007"].status


def test_units_and_procedures_are_those_that_occur(national: Source) -> None:
    agencies, procedures = _all(national, "agencies"), _all(national, "procedures")
    assert {"DV-01": "Đơn vị minh họa 1", "H35.02": "H35.02"} == dict(zip(agencies["agency_code"], agencies["agency_name"], strict=True))
    assert {"2.000488": "LLTP", "1.001193": "HT"} == dict(zip(procedures["procedure_code"], procedures["sector_code"], strict=True))


@pytest.mark.parametrize("relation", ["dossiers", "agencies", "procedures"])
def test_no_personal_value_reaches_a_frame(national: Source, relation: str) -> None:
    assert "PII-DECOY" not in _all(national, relation).to_csv()


def test_the_check_runs_and_finds_the_faults_of_the_fixture(national: Source) -> None:
    report = check(national)
    touched = {line.rule: line.touched for line in report.lines}
    rules = ("dossiers", "unknown_received_channel", "unknown_returned_channel", "unknown_status", "missing_received_at", "returned_without_time")
    assert (10, 1, 1, 1, 1, 1) == tuple(touched[rule] for rule in rules)
    assert 1 == report.exit_code


def test_fields_that_a_province_does_not_have_are_missing_values(postgres_database: str) -> None:
    run_script(postgres_database, FIXTURES / "national" / "ho_so.sql")
    run_sql(postgres_database, *(f"ALTER TABLE ho_so DROP COLUMN {name}" for name in ("DonViXuLy", "TenDonViXuLy", "NgayTra", "NgayKetThucXuLy", "TenLinhVuc")))
    with open_source(postgres_database, "national") as source:
        frame = _all(source, "dossiers").set_index("dossier_id")
    assert "H35.01" == frame.loc["H35.01-260105-0001", "agency_code"]
    assert frame["returned_at"].isna().all()


def test_a_table_without_a_field_that_is_needed_is_refused_by_its_name(postgres_database: str) -> None:
    run_script(postgres_database, FIXTURES / "national" / "ho_so.sql")
    run_sql(postgres_database, "ALTER TABLE ho_so DROP COLUMN KenhThucHien")
    with pytest.raises(SourceRefused) as caught:
        open_source(postgres_database, "national")
    assert "kenhthuchien" in caught.value.sentence
    assert "dossiers.sql" in caught.value.sentence
