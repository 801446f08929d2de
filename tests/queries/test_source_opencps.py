"""The source opencps on a real MariaDB: every trap of the fixture, and no personal column."""

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
RELATIONS = ("dossiers", "agencies", "procedures", "agency_procedures")


@pytest.fixture(scope="module")
def opencps(mariadb_url: str) -> Iterator[Source]:
    with new_database(mariadb_url) as url:
        run_script(url, FIXTURES / "opencps" / "schema.sql")
        run_script(url, FIXTURES / "opencps" / "rows.sql")
        with open_source(url, "opencps") as source:
            yield source


def _all(source: Source, relation: str) -> pd.DataFrame:
    return source.frame(sa.select(*source.relation(relation).c))


@pytest.fixture(scope="module")
def dossiers(opencps: Source) -> dict[str, Any]:
    return {row.dossier_id: row for row in rows_of(_all(opencps, "dossiers"))}


def test_only_countable_dossiers_come_through(dossiers: dict[str, Any]) -> None:
    assert [str(number) for number in range(1, 16)] == sorted(dossiers, key=int)


@pytest.mark.parametrize(
    ("dossier", "received", "returned", "stage"),
    [
        ("1", "online", "post", "registered"),
        ("2", "post", "post", "delivered"),
        ("3", "counter", "post", "shipped"),
        ("4", "counter", "counter", None),
        ("5", "counter", "counter", None),  # 0, and the procedure does not offer the post
        ("6", "counter", None, None),  # 0, and the procedure offers the post: never recorded
        ("8", "online", "post", "registered"),
        ("15", "counter", None, None),
    ],
)
def test_channels_and_stage(dossiers: dict[str, Any], dossier: str, received: str, returned: str | None, stage: str | None) -> None:
    row = dossiers[dossier]
    assert (received, returned, stage) == (row.received_channel, row.returned_channel, row.postal_stage)


@pytest.mark.parametrize(("dossier", "status"), [("1", 10), ("7", 3), ("8", 7), ("9", 6), ("10", 5), ("11", 9), ("13", 0), ("14", 8)])
def test_status_by_the_installations_mapping_then_by_its_own_words(dossiers: dict[str, Any], dossier: str, status: int) -> None:
    assert status == dossiers[dossier].status


def test_only_done_is_handed_over_although_others_are_finished(dossiers: dict[str, Any]) -> None:
    assert {"1", "2", "3", "4", "5", "6", "12", "15"} == {key for key, row in dossiers.items() if row.returned_at is not None}


def test_times_of_the_portal_become_viet_nam_wall_time(dossiers: dict[str, Any]) -> None:
    assert pd.Timestamp("2019-06-01 01:30") == dossiers["9"].received_at
    assert pd.Timestamp("2019-06-30 17:00") == dossiers["9"].due_at


def test_codes_are_trimmed_mapped_to_national_ones_and_blank_is_missing(dossiers: dict[str, Any]) -> None:
    assert ("SO-A", "2.000488") == (dossiers["2"].agency_code, dossiers["2"].procedure_code)
    assert ("SO-B", "XD") == (dossiers["5"].agency_code, dossiers["5"].procedure_code)
    assert dossiers["12"].agency_code is None


def test_postal_charges_are_added_up_and_fees_are_not_among_them(dossiers: dict[str, Any]) -> None:
    assert (35000, None, 0, None) == tuple(dossiers[key].postal_fee for key in ("1", "2", "4", "5"))


def test_every_agency_of_the_catalogue_once_with_its_level(opencps: Source) -> None:
    frame = _all(opencps, "agencies")
    expected = {"SO-A": "province", "SO-B": "province", "SO-C": "province", "HUYEN": "district", "XA": "commune", "KHAC": "other"}
    assert expected == dict(zip(frame["agency_code"], frame["level"], strict=True))
    assert "HUYEN" == frame.set_index("agency_code").loc["XA", "parent_code"]


def test_the_postal_list_says_yes_no_and_not_known(opencps: Source) -> None:
    frame = _all(opencps, "agency_procedures")
    listed = {(row.agency_code, row.procedure_code): row.postal_return for row in rows_of(frame)}
    assert {("SO-A", "2.000488"): True, ("SO-B", "XD"): False, ("XA", "KS"): True, ("HUYEN", "KS"): None} == listed
    assert frame["postal_receive"].isna().all()


@pytest.mark.parametrize("relation", RELATIONS)
def test_no_personal_value_reaches_a_frame(opencps: Source, relation: str) -> None:
    assert "PII-DECOY" not in _all(opencps, relation).to_csv()


def test_the_decoys_are_really_there(opencps: Source) -> None:
    with opencps.database.engine.connect() as connection:
        assert "PII-DECOY-NAME" == connection.exec_driver_sql("SELECT MAX(applicantName) FROM opencps_dossier").scalar()


def test_the_check_runs_and_finds_the_faults_of_the_fixture(opencps: Source) -> None:
    report = check(opencps)
    touched = {line.rule: line.touched for line in report.lines}
    assert 1 == report.exit_code
    assert (15, 1, 1, 1) == (touched["dossiers"], touched["unknown_status"], touched["missing_agency"], touched["procedure_not_in_catalogue"])


def test_a_database_of_another_system_is_refused_with_the_table_it_lacks(mariadb_database: str) -> None:
    run_sql(mariadb_database, "CREATE TABLE something (a INT)")
    with pytest.raises(SourceRefused) as caught:
        open_source(mariadb_database, "opencps")
    assert "opencps_dossier" in caught.value.sentence
    assert "dossiers.sql" in caught.value.sentence
