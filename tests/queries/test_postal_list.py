"""The postal list beside what was done, by sector and by postal stage, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from queries.data import Data
from queries.errors import RelationAbsent
from queries.postal_list import IdleProcedures, ListSteps, UnlistedProcedures
from queries.sectors import NO_SECTOR, SectorVolumes
from queries.stages import PostalStages
from tests.queries.hand import ask, completed, province, received, returned

LISTINGS = (
    {"agency_code": "STP", "procedure_code": "1.01"},
    {"agency_code": "X-BL", "procedure_code": "1.01"},
    {"agency_code": "STP", "procedure_code": "1.02"},
    {"agency_code": "STP", "procedure_code": "9.01"},
    {"agency_code": "STP", "procedure_code": "9.02"},
    {"agency_code": "STP", "procedure_code": "2.01", "valid_to": "2025-12-31"},
)


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """2026, on the list: 1.01 returns by post, 1.02 only at the counter, 9.01 and 9.02 nothing; off it: 2.01 and a dossier without a procedure."""
    dossiers = [
        returned("2026-03-02", "post", procedure_code="1.01"),
        returned("2026-03-03", "counter", procedure_code="1.02"),
        received("2026-03-04", "online", procedure_code="1.02"),
        received("2025-04-05", "post", procedure_code="1.02"),
        returned("2024-04-06", "post", procedure_code="1.02") | {"received_at": "2024-04-01"},
        received("2026-03-07", "post", procedure_code="2.01"),
        received("2026-03-08", "post", procedure_code="2.01"),
        received("2026-03-09", "post", procedure_code=None),
        received("2026-03-10", "counter", procedure_code="2.01"),
    ]
    return province(tmp_path, dossiers, listings=LISTINGS)


def steps(data: Data, query: str) -> list[int | None]:
    return [None if pd.isna(number) else int(number) for number in ask(data, ListSteps(), query)["procedures"]]


def test_the_list_is_followed_from_listed_to_returned_by_post(data: Data) -> None:
    """Listed 1.01, 1.02, 9.01, 9.02; with a dossier 1.01, 1.02; by post 1.01; received by post none; returned by post 1.01."""
    assert [4, 2, 1, 0, 1] == steps(data, "ky=2026")


def test_a_procedure_listed_by_two_agencies_is_one_procedure(data: Data) -> None:
    assert [1, 0, 0, 0, 0] == steps(data, "ky=2026&dv=X-BL")


def test_a_period_without_data_has_a_list_and_no_figures(data: Data) -> None:
    assert [4, None, None, None, None] == steps(data, "ky=2030")
    assert ask(data, IdleProcedures(), "ky=2030").empty


def test_an_idle_procedure_is_used_in_other_ways_or_not_at_all(data: Data) -> None:
    idle = ask(data, IdleProcedures(), "ky=2026")
    found = list(zip(idle["procedure_code"], idle["kind"], idle["received"], idle["returned"], strict=True))
    assert [("1.02", "other_channels", 2, 1), ("9.01", "no_dossier", 0, 0), ("9.02", "no_dossier", 0, 0)] == found


def test_the_last_postal_day_of_an_idle_procedure_looks_beyond_the_period(data: Data) -> None:
    idle = ask(data, IdleProcedures(), "ky=2026").set_index("procedure_code")["last_postal_on"]
    assert pd.Timestamp("2025-04-05") == idle["1.02"]
    assert bool(idle.isna()["9.01"])


def test_what_goes_by_post_off_the_list_is_named_with_the_end_of_its_listing(data: Data) -> None:
    frame = ask(data, UnlistedProcedures(), "ky=2026")
    assert [2, 1] == list(frame["received_by_post"])
    assert "2.01" == frame.loc[0, "procedure_code"]
    assert pd.Timestamp("2025-12-31") == frame.loc[0, "listed_until"]
    assert [False, True] == list(frame["procedure_code"].isna())


def test_while_it_is_listed_a_procedure_is_not_outside(data: Data) -> None:
    assert [] == list(ask(data, UnlistedProcedures(), "ky=2025")["procedure_code"])


def test_an_agencys_own_list_decides_what_is_outside_for_it(tmp_path: Path) -> None:
    """1.01 is on the list of STP; the commune that returns it by post without listing it stands outside."""
    data = province(tmp_path, [returned("2026-03-02", "post", agency_code="X-LL")], listings=LISTINGS)
    assert ["1.01"] == list(ask(data, UnlistedProcedures(), "ky=2026&dv=X-LL")["procedure_code"])
    assert [] == list(ask(data, UnlistedProcedures(), "ky=2026")["procedure_code"])


def test_an_unknown_agency_has_neither_list_nor_idle_procedures(data: Data) -> None:
    assert [0, 0, 0, 0, 0] == steps(data, "ky=2026&dv=KHONG-CO")
    assert ask(data, IdleProcedures(), "ky=2026&dv=KHONG-CO").empty


def test_sectors_are_sums_of_their_procedures(data: Data) -> None:
    frame = ask(data, SectorVolumes(), "ky=2026").set_index("sector_name")
    columns = ["received", "received_by_post", "returned_by_post", "procedures", "by_post", "listed"]
    assert (3, 0, 1, 2, 1, 2) == tuple(frame.loc["Hộ tịch", columns])
    assert (3, 2, 0, 1, 1, 0) == tuple(frame.loc["Xây dựng", columns])
    assert (1, 1, 0, 1, 1, 2) == tuple(frame.loc[NO_SECTOR, columns])


def test_without_a_postal_list_sectors_do_not_claim_an_empty_one(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02")])
    assert ask(data, SectorVolumes(), "ky=2026")["listed"].isna().all()
    with pytest.raises(RelationAbsent):
        data.source.relation("agency_procedures")


def test_stages_of_the_post_are_parts_of_the_one_before(tmp_path: Path) -> None:
    """Settled in March: one registered, two shipped of which one came back, two delivered, one without post; one settled in April."""
    dossiers = [
        completed("2026-03-02", postal_stage="registered"),
        returned("2026-03-03", "post", postal_stage="shipped"),
        returned("2026-03-04", "post", postal_stage="undelivered"),
        returned("2026-03-05", "post", postal_stage="delivered"),
        returned("2026-03-06", "post", postal_stage="delivered"),
        returned("2026-03-07", "counter"),
        returned("2026-04-01", "post", postal_stage="delivered"),
        received("2026-03-08", postal_stage="registered"),
    ]
    data = province(tmp_path, dossiers)
    assert [6, 5, 4, 2, 1] == list(ask(data, PostalStages(), "ky=2026-03")["dossiers"])
    assert ask(data, PostalStages(), "ky=2030")["dossiers"].isna().all()


def test_without_the_column_the_stages_are_unknown_and_not_zero(tmp_path: Path) -> None:
    data = province(tmp_path, [completed("2026-03-02")], without=("dossiers.postal_stage",))
    assert ask(data, PostalStages(), "ky=2026")["dossiers"].isna().all()
