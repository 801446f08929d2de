"""Incidents of the postal service as the circular's form counts them, on a handful of cases."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from queries.errors import RelationAbsent
from queries.postal_form import COLUMNS, PostalIncidents
from tests.queries.hand import ask, province, received

CASES = (
    {"kind": "complaint", "reported_on": "2026-03-31", "settled_on": "2026-04-03"},
    {"kind": "complaint", "reported_on": "2026-04-01", "settled_on": "2026-07-02"},  # settled after the date of the data
    {"kind": "complaint", "reported_on": "2026-06-30"},
    {"kind": "complaint", "reported_on": "2026-05-05", "settled_on": "2026-05-09", "agency_code": "X-BL"},
    {"kind": "lost", "reported_on": "2026-04-10", "settled_on": "2026-05-01", "compensation": 500_000},
    {"kind": "damaged", "reported_on": "2026-06-02", "compensation": 0},
    {"kind": "misplaced", "reported_on": "2025-06-02", "compensation": 20_000},
    {"kind": "complaint", "reported_on": "2025-05-02", "settled_on": "2025-07-01"},
)
DOSSIERS = [received("2024-01-02"), received("2026-06-30")]


def counted(tmp_path: Path, query: str, **options: object) -> dict[str, int | None]:
    data = province(tmp_path, DOSSIERS, incidents=CASES, **options)  # type: ignore[arg-type]
    row = ask(data, PostalIncidents(), query).iloc[0]
    return {str(name): None if pd.isna(value) else int(value) for name, value in row.items()}


def test_a_case_stands_in_the_period_of_its_report(tmp_path: Path) -> None:
    found = counted(tmp_path, "ky=2026-Q2")
    assert (3, 1, 1, 0, 1) == tuple(found[name] for name in ("complaint", "complaint_settled", "lost", "misplaced", "damaged"))
    assert 1 == counted(tmp_path, "ky=2026-Q1")["complaint"]


def test_settled_means_settled_by_the_date_of_the_data(tmp_path: Path) -> None:
    assert 1 == counted(tmp_path, "ky=2026-Q2")["complaint_settled"]
    assert 2 == counted(tmp_path, "ky=2026-Q2", as_of="2026-07-02")["complaint_settled"]


def test_a_compensation_of_nothing_is_no_compensation(tmp_path: Path) -> None:
    found = counted(tmp_path, "ky=2026-Q2")
    assert (1, 500_000) == (found["compensated"], found["compensation"])


def test_the_same_days_of_the_year_before_stand_beside_it(tmp_path: Path) -> None:
    found = counted(tmp_path, "ky=2026-Q2")
    assert (1, 1, 1, 20_000) == tuple(found[f"{name}_before"] for name in ("complaint", "complaint_settled", "misplaced", "compensation"))


def test_of_an_unfinished_period_the_compared_complaints_are_settled_by_the_same_day(tmp_path: Path) -> None:
    assert (1, 0) == tuple(counted(tmp_path, "ky=2026-H1", as_of="2026-06-29")[f"{name}_before"] for name in ("complaint", "complaint_settled"))


def test_one_unit_has_its_own_cases(tmp_path: Path) -> None:
    assert (1, 1, 0) == tuple(counted(tmp_path, "ky=2026-Q2&dv=X-BL")[name] for name in ("complaint", "complaint_settled", "lost"))


@pytest.mark.parametrize("query", ["ky=2026-Q2&tt=1.01", "ky=2026-Q2&ht=post"])
def test_an_incident_has_no_procedure_and_no_channel(tmp_path: Path, query: str) -> None:
    assert dict.fromkeys([name + suffix for suffix in ("", "_before") for name in COLUMNS]) == counted(tmp_path, query)


def test_a_period_after_the_data_has_no_cases_but_missing_ones(tmp_path: Path) -> None:
    assert {None} == set(counted(tmp_path, "ky=2027").values())


def test_without_the_relation_the_question_says_so(tmp_path: Path) -> None:
    with pytest.raises(RelationAbsent):
        ask(province(tmp_path, DOSSIERS), PostalIncidents(), "ky=2026")
