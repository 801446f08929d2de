from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries.succession import Successions
from tests.queries.hand import ask, province, received

Rows = dict[tuple[str, str], Mapping[Hashable, Any]]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    data = province(tmp_path_factory.mktemp("hand"), [received("2026-01-05")])
    return {(row["kind"], row["predecessor_code"]): row for row in ask(data, Successions()).to_dict("records")}


def test_a_unit_with_one_successor_is_added_up_and_one_with_several_is_not(rows: Rows) -> None:
    merged, divided = rows["agency", "STTTT"], rows["agency", "HTD"]
    assert ("Sở Khoa học và Công nghệ", 1, True) == (merged["successor_names"], merged["successors"], merged["is_added_up"])
    assert ("UBND xã Bình Lư; UBND xã Lê Lợi", 2, False) == (divided["successor_names"], divided["successors"], divided["is_added_up"])
    assert pd.Timestamp("2025-03-01") == merged["effective_on"]


def test_a_code_that_means_another_area_today_names_both(rows: Rows) -> None:
    reused = rows["area", "03487"]
    assert ("Xã Chăn Nưa", "Xã Lê Lợi", "Xã Lê Lợi") == (reused["predecessor_name"], reused["successor_names"], reused["code_now_of"])
    assert pd.isna(rows["area", "03405"]["code_now_of"])


def test_the_rows_are_the_predecessors_by_kind_day_and_name(rows: Rows) -> None:
    kinds = [kind for kind, _ in rows]
    assert sorted(kinds) == kinds
    assert ["SKHCN-CU", "STTTT", "HTD"] == [code for kind, code in rows if kind == "agency"]


def test_without_the_relation_there_are_no_rows(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05")], successions=None)
    assert ask(data, Successions()).empty


def test_a_succession_of_codes_that_no_list_knows_keeps_its_codes(tmp_path: Path) -> None:
    unknown = ({"kind": "agency", "predecessor_code": "CU", "successor_code": "MOI", "effective_on": None},)
    row = ask(province(tmp_path, [received("2026-01-05")], successions=unknown), Successions()).iloc[0]
    assert ("CU", "MOI", False) == (row["predecessor_name"], row["successor_names"], row["is_added_up"])
    assert pd.isna(row["effective_on"])
