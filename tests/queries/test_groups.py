"""Comparable groups: who stands in one, what it is called, and that whoever is chosen, the whole group is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import organisation
from queries.adoption import AdoptionUnits, MonthlyVerdicts
from queries.data import Data
from queries.filters import Filters, Organisation
from queries.groups import circles, components, mark
from queries.measure import Measure
from queries.metrics import RECEIVED
from queries.scope import areas_within
from queries.sentence import sentence
from queries.statement import Dim
from queries.volumes import AgencyVolumes, AreaVolumes
from tests.queries.hand import SUCCESSIONS, ask, province, received, returned, value

GROUP = "&tc=nhom"
EDGES = st.dictionaries(st.sampled_from("ABCDEF"), st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=3, unique=True).map(tuple))


def figures(frame: pd.DataFrame, key: str, figure: str = "received") -> dict[str | None, int]:
    """The figures by code that are not nought; None is the row without a code."""
    return {code if isinstance(code, str) else None: int(number) for code, number in zip(frame[key], frame[figure], strict=True) if number}


def by_agency(data: Data, query: str) -> dict[str | None, int]:
    return figures(ask(data, Measure((RECEIVED,), by=(Dim.AGENCY,)), query), "agency_code")


def succession(old: str, new: str, kind: str = "agency", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "predecessor_code": old, "successor_code": new, **more}


# --- who stands in a group -------------------------------------------------------------------------------------------------------


def test_units_are_joined_over_any_number_of_successions_in_any_direction() -> None:
    assert [("A", "B", "C", "D"), ("X", "Y")] == components({"A": ("C",), "B": ("C", "D"), "X": ("Y",), "Z": ("Z",)})


@given(EDGES)
def test_components_share_no_code_and_hold_every_succession(successors: dict[str, tuple[str, ...]]) -> None:
    found = components(successors)
    codes = [code for group in found for code in group]
    assert len(set(codes)) == len(codes)
    for old, heirs in successors.items():
        for new in heirs:
            assert old == new or any({old, new} <= set(group) for group in found)


def test_a_circle_is_named_as_it_runs_and_a_unit_that_follows_itself_is_none() -> None:
    assert [("A", "C", "B"), ("X", "Y")] == circles({"A": ("C",), "C": ("B",), "B": ("A", "Z"), "D": ("A",), "X": ("X", "Y"), "Y": ("X",)})
    assert [] == circles({"A": ("B", "C"), "B": ("D",), "C": ("D",), "E": ("E",)})


@given(EDGES)
def test_a_circle_is_a_way_along_successions_back_to_its_beginning(successors: dict[str, tuple[str, ...]]) -> None:
    for way in circles(successors):
        assert len(way) > 1
        assert all(new in successors[old] for old, new in zip(way, (*way[1:], way[0]), strict=True))


@given(st.lists(st.text(alphabet="nhom:-S", max_size=12)))
def test_no_key_of_a_group_can_be_a_code(codes: list[str]) -> None:
    assert not any(code.startswith(mark(codes)) for code in codes)


# --- rows ------------------------------------------------------------------------------------------------------------------------


def test_the_units_before_and_after_are_one_row_with_a_key_that_is_no_code(tmp_path: Path) -> None:
    dossiers = [received("2025-02-03", agency_code=code) for code in ("STTTT", "SKHCN-CU", "SKHCN", "HTD", "X-BL", "X-LL", "X-LL", "STP", "LA")]
    data = province(tmp_path, [*dossiers, received("2025-02-03", agency_code=None)])
    assert {"nhom:SKHCN": 3, "nhom:X-BL": 4, "STP": 1, "LA": 1, None: 1} == by_agency(data, "ky=2025" + GROUP)


def test_a_group_is_called_by_its_first_living_unit_and_says_how_many_it_holds(tmp_path: Path) -> None:
    catalogue = province(tmp_path, [received("2025-02-03")]).catalogue
    names = ("Nhóm: Sở Khoa học và Công nghệ (gồm 3 đơn vị trước và sau sắp xếp)", "Nhóm: UBND xã Bình Lư (gồm 3 đơn vị trước và sau sắp xếp)")
    assert names == tuple(catalogue.agency_names[key] for key in ("nhom:SKHCN", "nhom:X-BL"))
    assert "Nhóm UBND xã Bình Lư (3 đơn vị)" == catalogue.agency_short_names["nhom:X-BL"]
    assert ("province", "commune") == (catalogue.agency_levels["nhom:SKHCN"], catalogue.agency_levels["nhom:X-BL"])


@pytest.mark.parametrize(
    ("expected", "levels", "ends"),
    [
        ("commune", ("district", "commune", "commune"), ("2025-06-30", None, None)),
        ("other", ("district", "commune", "province"), ("2025-06-30", None, None)),
        ("district", ("district", "district", "district"), ("2025-06-30", "2026-01-31", "2026-01-31")),
        ("other", ("district", "commune", "district"), ("2025-06-30", "2026-01-31", "2026-01-31")),
    ],
)
def test_the_level_of_a_group_is_that_of_all_who_live_or_else_of_all(expected: str, levels: Sequence[str], ends: Sequence[str | None], tmp_path: Path) -> None:
    agencies = [{"agency_code": code, "agency_name": code, "level": level, "valid_to": end} for code, level, end in zip("ABC", levels, ends, strict=True)]
    data = province(tmp_path, [received("2025-02-03", agency_code="A")], agencies=agencies, successions=[succession("A", "B"), succession("A", "C")])
    key = "nhom:B" if None in ends else "nhom:A"
    assert expected == data.catalogue.agency_levels[key]
    assert {expected: 1} == figures(ask(data, Measure((RECEIVED,), by=(Dim.LEVEL,)), "ky=2025" + GROUP), "level")
    assert 1 == value(data, "received", f"ky=2025&cap={expected}" + GROUP)


def test_a_code_that_looks_like_a_key_stays_another_unit(tmp_path: Path) -> None:
    agencies = [{"agency_code": code, "agency_name": code} for code in ("A", "B", "nhom:B")]
    dossiers = [received("2025-02-03", agency_code=code) for code in ("A", "B", "nhom:B")]
    data = province(tmp_path, dossiers, agencies=agencies, successions=[succession("A", "B")])
    assert {"nhom-nhom:A": 2, "nhom:B": 1} == by_agency(data, "ky=2025" + GROUP)
    assert 1 == value(data, "received", "ky=2025&dv=nhom:B" + GROUP)


def test_a_successor_that_the_catalogue_does_not_have_joins_nobody_and_a_predecessor_that_it_does_not_have_is_joined(tmp_path: Path) -> None:
    successions = [succession("STP", "KHONG-CO"), succession("CU", "SKHCN")]
    data = province(tmp_path, [received("2025-02-03", agency_code=code) for code in ("STP", "KHONG-CO", "CU", "SKHCN")], successions=successions)
    assert {"STP": 1, "KHONG-CO": 1, "nhom:SKHCN": 2} == by_agency(data, "ky=2025" + GROUP)
    for view in ("&tc=hien-nay", GROUP):
        assert 3 == value(data, "received", "ky=2025&cap=province" + view)


def test_a_circle_of_successors_is_one_group_and_the_rest_works(tmp_path: Path) -> None:
    data = province(
        tmp_path,
        [received("2025-02-03", agency_code=code) for code in ("STP", "SKHCN", "STTTT", "HTD")],
        successions=[succession("STP", "SKHCN"), succession("SKHCN", "STP"), succession("STTTT", "SKHCN"), succession("HTD", "X-BL")],
    )
    assert [("agency", ("SKHCN", "STP"))] == organisation.circles(data.catalogue)
    assert {"nhom:SKHCN": 3, "nhom:X-BL": 1} == by_agency(data, "ky=2025" + GROUP)
    assert {"STP": 1, "SKHCN": 1, "STTTT": 1, "X-BL": 1} == by_agency(data, "ky=2025&tc=hien-nay")


def test_reused_area_codes_are_no_circle(tmp_path: Path) -> None:
    assert [] == organisation.circles(province(tmp_path, [received("2025-02-03")]).catalogue)


# --- areas -----------------------------------------------------------------------------------------------------------------------


def test_a_group_of_old_communes_is_the_commune_of_today_and_a_divided_district_stays_itself(tmp_path: Path) -> None:
    places = (("2025-06-30", "03390"), ("2025-06-30", "03405"), ("2025-07-01", "03390"), ("2025-06-30", "03487"), ("2025-06-30", "106"), ("2025-06-30", None))
    data = province(tmp_path, [received(day, area_code=code) for day, code in places])
    frame = ask(data, AreaVolumes(), "ky=2025" + GROUP)
    assert {"03390": 3, "03487": 1, "106@2025": 1, None: 1} == figures(frame, "area_key")
    row = frame.set_index("area_key").loc["03390"]
    assert ("Xã Bình Lư", 2000) == (row["area_name"], row["population"])


def test_communes_that_were_divided_and_mixed_are_one_area_of_all_their_people(tmp_path: Path) -> None:
    areas: list[dict[str, Any]] = [
        {"area_code": "1", "area_name": "Xã cũ", "valid_to": "2025-06-30", "population": 900},
        *({"area_code": code, "area_name": f"Xã {code}", "valid_from": "2025-07-01", "population": int(code) * 100} for code in ("2", "3")),
    ]
    places = (("2025-06-30", "1"), ("2025-07-01", "2"), ("2025-07-01", "3"))
    successions = [succession("1", "2", "area"), succession("1", "3", "area")]
    data = province(tmp_path, [received(day, area_code=code) for day, code in places], areas=areas, successions=successions)
    row = ask(data, AreaVolumes(), "ky=2025" + GROUP).iloc[0]
    assert ("nhom:2", "nhom:2", "Nhóm: Xã 2 (gồm 3 địa bàn trước và sau sắp xếp)") == (row["area_key"], row["area_code"], row["area_name"])
    assert (3, 500, "commune", True) == (row["received"], row["population"], row["level"], pd.isna(row["parent_code"]))
    for chosen in ("1@2025", "2", "nhom:2"):
        assert {"1@2025", "2", "3"} == areas_within(data.catalogue, Filters(areas=(chosen,), organisation=Organisation.COMPARABLE)) - {"nhom:2"}
        assert 3 == value(data, "received", f"ky=2025&db={chosen}" + GROUP)


def test_the_people_of_a_group_are_unknown_while_those_of_one_of_its_living_areas_are(tmp_path: Path) -> None:
    areas: list[dict[str, Any]] = [
        {"area_code": "1", "valid_to": "2025-06-30"},
        {"area_code": "2", "valid_from": "2025-07-01", "population": 500},
        {"area_code": "3", "valid_from": "2025-07-01"},
    ]
    successions = [succession("1", "2", "area"), succession("1", "3", "area")]
    data = province(tmp_path, [received("2025-07-01", area_code="2")], areas=areas, successions=successions)
    rows = ask(data, AreaVolumes(), "ky=2025" + GROUP)
    assert ["nhom:2"] == list(rows["area_key"])
    assert rows[["population", "received_by_post_per_1000"]].isna().all(axis=None)


# --- the whole group, whoever is chosen ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", ["STTTT", "SKHCN-CU", "SKHCN", "nhom:SKHCN", "SKHCN,STTTT"])
def test_choosing_a_member_or_the_group_shows_the_whole_group(chosen: str, tmp_path: Path) -> None:
    dossiers = [received("2025-02-03", agency_code=code) for code in ("STTTT", "SKHCN-CU", "SKHCN", "STP")]
    data = province(tmp_path, dossiers)
    assert {"nhom:SKHCN": 3} == figures(ask(data, AgencyVolumes(), f"ky=2025&dv={chosen}" + GROUP), "agency_code")
    assert ["nhom:SKHCN"] == list(ask(data, AdoptionUnits(), f"ky=2025&dv={chosen}" + GROUP)["agency_code"])


def test_a_group_that_is_chosen_under_another_view_stands_for_its_members(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-02-03", agency_code=code) for code in ("STTTT", "SKHCN-CU", "SKHCN", "STP")])
    query = "ky=2025&dv=nhom:SKHCN"
    assert {"STTTT": 1, "SKHCN-CU": 1, "SKHCN": 1} == figures(ask(data, AgencyVolumes(), query), "agency_code")
    assert {"SKHCN": 3} == figures(ask(data, AgencyVolumes(), query + "&tc=hien-nay"), "agency_code")
    assert ["SKHCN", "SKHCN-CU", "STTTT"] == list(ask(data, AdoptionUnits(), query)["agency_code"])


def test_a_group_lives_while_one_of_its_units_lives_and_has_the_verdict_of_all_of_them(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2025-02-03", "post", agency_code="STTTT"), returned("2025-04-03", agency_code="SKHCN")])
    units = ask(data, AdoptionUnits(), "ky=2025" + GROUP).set_index("agency_code")
    assert ["STP", "nhom:SKHCN", "nhom:X-BL"] == list(units.index)
    assert ("returns_by_post", 2, 1) == tuple(units.loc["nhom:SKHCN", ["verdict", "returned", "returned_by_post"]])
    assert units["in_period"].all()
    months = ask(data, MonthlyVerdicts(), "ky=2025" + GROUP)
    assert 3 * 24 == len(months)
    assert ["returns_by_post", "not_by_post"] == list(months.loc[(months["agency_code"] == "nhom:SKHCN") & (months["returned"] > 0), "verdict"])


def test_the_sentence_of_the_filters_says_that_groups_are_compared(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-02-03")])
    said = sentence(Filters.from_query("ky=2025&ss=khong&dv=nhom:SKHCN" + GROUP), data)
    assert ("Năm 2025 · Nhóm: Sở Khoa học và Công nghệ (gồm 3 đơn vị trước và sau sắp xếp) · theo nhóm so sánh được trước và sau sắp xếp") == said


def test_without_successions_every_unit_is_its_own_group(tmp_path: Path) -> None:
    assert SUCCESSIONS is not None
    data = province(tmp_path, [received("2025-02-03", agency_code="HTD", area_code="03405")], successions=None)
    assert ({"HTD": 1}, {"03405@2025": 1}) == (by_agency(data, "ky=2025" + GROUP), figures(ask(data, AreaVolumes(), "ky=2025" + GROUP), "area_key"))
