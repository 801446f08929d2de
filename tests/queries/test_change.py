"""What drove a change: groups that close across a reorganisation, and parts that add up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from queries.change import Drivers, comparable_groups
from queries.data import Data, open_data
from queries.measure import Measure
from queries.metrics import RETURNED_BY_POST
from tests.queries.hand import ask, province, received, returned


@pytest.fixture
def across_the_reform(tmp_path: Path) -> Data:
    """Half a year on each side of both reorganisations: five results by post before, seven after."""
    before = [("STP", "2025-02-10"), ("STTTT", "2025-02-11"), ("STTTT", "2025-02-12"), ("SKHCN", "2025-04-01"), ("HTD", "2025-05-05")]
    now = [("STP", "2026-01-05"), ("STP", "2026-02-05"), ("STP", "2026-03-05"), ("SKHCN", "2026-01-06"), ("X-BL", "2026-01-07"), ("X-LL", "2026-01-08")]
    dossiers = [returned(day, "post", agency_code=code, procedure_code="2.01" if code == "STP" else "1.01") for code, day in [*before, *now]]
    return province(tmp_path, [*dossiers, returned("2026-05-01", "post", agency_code=None), returned("2026-05-02", "counter"), received("2024-12-30")])


def _rows(frame: pd.DataFrame) -> list[tuple[str, str | None, int, int, int]]:
    keys = [key if isinstance(key, str) else None for key in frame["key"]]
    return list(zip(frame["kind"], keys, frame["before"], frame["now"], frame["change"], strict=True))


def test_units_of_a_reorganisation_between_the_periods_are_one_row(across_the_reform: Data) -> None:
    assert _rows(ask(across_the_reform, Drivers())) == [
        ("agency", "STP", 1, 3, 2),
        ("group", "HTD,X-BL,X-LL", 1, 2, 1),
        ("agency", None, 0, 1, 1),
        ("group", "SKHCN,STTTT", 3, 1, -2),
    ]


def test_a_group_is_named_by_its_one_successor_or_by_those_that_ended(across_the_reform: Data) -> None:
    names = ask(across_the_reform, Drivers())["name"].tolist()
    assert names == ["Sở Tư pháp", "UBND huyện Tam Đường và 2 đơn vị kế thừa", "chưa gán đơn vị", "Sở Khoa học và Công nghệ"]


def test_the_rows_add_up_to_the_totals_of_both_periods(across_the_reform: Data) -> None:
    frame = ask(across_the_reform, Drivers())
    assert (5, 7) == (frame["before"].sum(), frame["now"].sum())


def test_within_one_organisation_every_agency_is_its_own_row(across_the_reform: Data) -> None:
    frame = ask(across_the_reform, Drivers(), "ky=2026-Q2&ss=ky-truoc")
    assert {"agency"} == set(frame["kind"])


def test_one_agency_is_split_by_procedure(across_the_reform: Data) -> None:
    assert [("procedure", "2.01", 1, 3, 2)] == _rows(ask(across_the_reform, Drivers(), "dv=STP"))


@pytest.mark.parametrize("query", ["ss=khong", "ky=2030", "dv=KHONG-CO"])
def test_nothing_to_compare_leaves_no_row(across_the_reform: Data, query: str) -> None:
    frame = ask(across_the_reform, Drivers(), query)
    assert (0, ["kind", "key", "name", "members", "before", "now", "change"]) == (len(frame), list(frame.columns))


def test_units_that_share_a_successor_fall_into_one_group_and_others_into_none(across_the_reform: Data) -> None:
    groups = comparable_groups(across_the_reform.catalogue, date(2025, 1, 1), date(2026, 6, 30))
    assert ("HTD", "X-BL", "X-LL") == groups["X-LL"]
    assert ("SKHCN", "SKHCN-CU", "STTTT") == groups["STTTT"]
    assert "STP" not in groups


def test_a_reorganisation_outside_the_days_joins_nothing(across_the_reform: Data) -> None:
    assert {} == comparable_groups(across_the_reform.catalogue, date(2025, 7, 1), date(2026, 6, 30))


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "tc=hien-nay", "ky=2025", "cap=commune&ky=2026-Q3", "dv=CAT", "ky=2026-H1&ss=ky-truoc"])
def test_in_the_demo_the_rows_add_up_to_the_measured_totals(demo_url: str, query: str) -> None:
    data = open_data(demo_url)
    frame, total = ask(data, Drivers(), query), ask(data, Measure((RETURNED_BY_POST,), compared=True), query).iloc[0]
    assert (total["returned_by_post_before"], total["returned_by_post"]) == (frame["before"].sum(), frame["now"].sum())
