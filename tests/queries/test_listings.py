"""How many procedures an agency offers by post and how many were used, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from queries.data import Data
from queries.listings import AgencyLists
from tests.queries.hand import ask, province, received, returned

LISTINGS = (
    {"agency_code": "STP", "procedure_code": "1.01"},
    {"agency_code": "STP", "procedure_code": "1.02"},
    {"agency_code": "STP", "procedure_code": "2.01", "valid_to": "2025-12-31"},
    {"agency_code": "X-BL", "procedure_code": "1.01"},
    {"agency_code": "STTTT", "procedure_code": "1.01", "valid_to": "2027-12-31"},
    {"agency_code": "SKHCN", "procedure_code": "1.01"},
)


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """STP used one procedure of its list, one that is not on it any more, and one by counter only."""
    dossiers = [
        received("2026-03-02", "post", procedure_code="1.01"),
        returned("2026-03-05", "post", procedure_code="1.01"),
        returned("2026-03-06", "post", procedure_code="2.01"),
        returned("2026-03-07", "counter", procedure_code="1.02"),
        returned("2026-03-08", "post", procedure_code="1.01", agency_code="SKHCN"),
        received("2026-03-09", "post", procedure_code=None),
        received("2026-03-10", "post", agency_code=None),
    ]
    return province(tmp_path, dossiers, listings=LISTINGS)


def _of(frame: pd.DataFrame) -> dict[str, tuple[bool, int, int]]:
    return dict(
        zip(frame["agency_code"], zip(frame["in_period"], frame["listed_procedures"], frame["active_procedures"], strict=True), strict=True),
    )


def test_only_procedures_on_the_list_in_the_period_are_offered_and_used(data: Data) -> None:
    assert (True, 2, 1) == _of(ask(data, AgencyLists()))["STP"]


def test_an_agency_without_a_dossier_has_its_list_and_nothing_used(data: Data) -> None:
    assert (True, 1, 0) == _of(ask(data, AgencyLists()))["X-BL"]


def test_an_agency_that_ended_before_the_period_is_marked(data: Data) -> None:
    assert (False, 0, 0) == _of(ask(data, AgencyLists()))["HTD"]


def test_a_procedure_listed_by_two_units_that_merged_counts_once(data: Data) -> None:
    found = _of(ask(data, AgencyLists(), "tc=hien-nay"))
    assert (True, 1, 1) == found["SKHCN"]
    assert "STTTT" not in found


def test_filters_hold_for_the_list_as_for_the_dossiers(data: Data) -> None:
    assert {"STP": (True, 0, 0)} == _of(ask(data, AgencyLists(), "dv=STP&lv=XD"))
    assert ["X-BL", "X-LL"] == sorted(set(_of(ask(data, AgencyLists(), "cap=commune"))))
    assert ask(data, AgencyLists(), "dv=KHONG-CO").empty


def test_without_a_postal_list_both_numbers_are_missing(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, [received("2026-03-02", "post")]), AgencyLists())
    assert frame[["listed_procedures", "active_procedures"]].isna().all(axis=None)


def test_a_period_without_data_has_a_list_and_nothing_counted(data: Data) -> None:
    frame = ask(data, AgencyLists(), "ky=2027").set_index("agency_code")
    assert frame.loc["STP", "listed_procedures"] == 2
    assert frame["active_procedures"].isna().all()
