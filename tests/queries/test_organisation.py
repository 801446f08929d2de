"""Units before and after a reorganisation: what is added up, what stays itself, and that no total hangs on the view."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries import metrics, organisation
from queries.filters import Filters
from queries.measure import Measure
from queries.metrics import RECEIVED, RETURNED
from queries.statement import Dim
from queries.volumes import AgencyVolumes, AreaVolumes
from tests.queries.hand import SUCCESSIONS, ask, province, received, returned

SUMS = tuple(metric for metric in metrics.ALL if not metric.denominator)
NOW = "&tc=hien-nay"


def figures(frame: Any, key: str, figure: str) -> dict[str | None, int]:
    """The figures by code that are not nought; None is the row without a code."""
    return {code if isinstance(code, str) else None: int(number) for code, number in zip(frame[key], frame[figure], strict=True) if number}


def test_the_history_of_merged_agencies_is_added_up_to_their_successor(tmp_path: Path) -> None:
    dossiers = [received("2025-02-03", agency_code="STTTT"), *[received("2025-02-03", agency_code="SKHCN-CU")] * 2, received("2025-03-03", agency_code="SKHCN")]
    data = province(tmp_path, dossiers)
    then, now = (ask(data, Measure((RECEIVED,), by=(Dim.AGENCY,)), "ky=2025" + view) for view in ("", NOW))
    assert {"STTTT": 1, "SKHCN-CU": 2, "SKHCN": 1} == figures(then, "agency_code", "received")
    assert {"SKHCN": 4} == figures(now, "agency_code", "received")


def test_a_divided_district_stays_itself_and_nothing_is_apportioned(tmp_path: Path) -> None:
    dossiers = [*[received("2025-06-30", agency_code="HTD", area_code="106")] * 3, received("2025-07-01", agency_code="X-BL", area_code="03390")]
    data = province(tmp_path, dossiers)
    assert {"HTD": 3, "X-BL": 1} == figures(ask(data, Measure((RECEIVED,), by=(Dim.AGENCY,)), "ky=2025" + NOW), "agency_code", "received")
    assert {"106@2025": 3, "03390": 1} == figures(ask(data, Measure((RECEIVED,), by=(Dim.AREA,)), "ky=2025" + NOW), "area_key", "received")


def test_a_reused_area_code_is_another_area_before_and_after(tmp_path: Path) -> None:
    dossiers = [*[received("2025-06-30 23:59", area_code="03487")] * 2, received("2025-07-01", area_code="03487")]
    data = province(tmp_path, dossiers, successions=None)
    for view in ("", NOW):
        assert {"03487@2025": 2, "03487": 1} == figures(ask(data, Measure((RECEIVED,), by=(Dim.AREA,)), "ky=2025" + view), "area_key", "received")
    named = ask(data, AreaVolumes(), "ky=2025").set_index("area_key")["area_name"]
    assert ("Xã Chăn Nưa", "Xã Lê Lợi") == (named["03487@2025"], named["03487"])


def test_the_day_of_receipt_decides_which_area_a_code_means(tmp_path: Path) -> None:
    data = province(tmp_path, [{**returned("2025-07-10", area_code="03487"), "received_at": "2025-06-30"}])
    assert {"03487@2025": 1} == figures(ask(data, Measure((RETURNED,), by=(Dim.AREA,)), "ky=2025-07"), "area_key", "returned")


def test_old_communes_are_added_up_to_the_one_that_carries_them_on(tmp_path: Path) -> None:
    dossiers = [received(day, area_code=code) for day, code in (("2025-06-30", "03390"), ("2025-06-30", "03405"), ("2025-07-01", "03390"))]
    data = province(tmp_path, dossiers)
    assert {"03390@2025": 1, "03405@2025": 1, "03390": 1} == figures(ask(data, Measure((RECEIVED,), by=(Dim.AREA,)), "ky=2025"), "area_key", "received")
    assert {"03390": 3} == figures(ask(data, Measure((RECEIVED,), by=(Dim.AREA,)), "ky=2025" + NOW), "area_key", "received")


def test_a_code_on_a_day_on_which_it_means_nothing_is_nobodys(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-06-30", area_code="03999"), received("2025-07-01", area_code="03999"), received("2025-07-01", area_code="03405")])
    frame = ask(data, Measure((RECEIVED,), by=(Dim.AREA,)), "ky=2025")
    assert {"03999@?": 1, "03999": 1, "03405@?": 1} == figures(frame, "area_key", "received")


def test_before_the_first_area_of_all_a_code_means_what_it_meant_first(tmp_path: Path) -> None:
    areas = [{"area_code": "1", "valid_from": "2004-01-01", "valid_to": "2025-06-30"}, {"area_code": "1", "valid_from": "2025-07-01"}]
    data = province(tmp_path, [received("1999-01-04", area_code="1")], areas=areas, successions=None)
    assert {"1@2025": 1} == figures(ask(data, Measure((RECEIVED,), by=(Dim.AREA,)), "ky=1999"), "area_key", "received")


def test_two_meanings_that_end_in_one_year_have_keys_of_their_own(tmp_path: Path) -> None:
    areas = [
        {"area_code": "1", "area_name": "Xã A", "valid_to": "2025-02-28"},
        {"area_code": "1", "area_name": "Xã B", "valid_from": "2025-03-01", "valid_to": "2025-06-30"},
        {"area_code": "1", "area_name": "Xã C", "valid_from": "2025-07-01", "valid_to": "9999-12-31"},
    ]
    data = province(tmp_path, [received(day, area_code="1") for day in ("2025-02-28", "2025-03-01", "2025-06-30", "2025-07-01")], areas=areas, successions=None)
    frame = ask(data, AreaVolumes(), "ky=2025")
    assert {"1@2025-02-28": 1, "1@2025-06-30": 2, "1": 1} == figures(frame, "area_key", "received")
    assert ["Xã C", "Xã A", "Xã B"] == list(frame["area_name"])


def test_a_chain_of_single_successors_is_followed_to_its_end() -> None:
    assert {"A": "C", "B": "C"} == organisation.carried_on_by({"A": ("B",), "B": ("C",)})


def test_a_chain_stops_at_a_unit_that_was_divided() -> None:
    assert {"A": "B"} == organisation.carried_on_by({"A": ("B",), "B": ("C", "D")})


def test_successions_that_run_in_a_circle_leave_their_codes_alone() -> None:
    assert {} == organisation.carried_on_by({"A": ("B",), "B": ("A",), "C": ("A",), "D": ("D",)})


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=2, unique=True).map(tuple)))
def test_nobody_is_added_up_to_a_unit_that_is_added_up_to_another(successors: Mapping[str, tuple[str, ...]]) -> None:
    mapping = organisation.carried_on_by(successors)
    assert set(mapping).isdisjoint(mapping.values())


def test_a_successor_that_the_catalogue_does_not_have_takes_nobody_away(tmp_path: Path) -> None:
    successions = [{"kind": "agency", "predecessor_code": "STP", "successor_code": "KHONG-CO"}]
    data = province(tmp_path, [received("2026-03-02")], successions=successions)
    assert {} == organisation.agencies_now(data.catalogue)
    assert "STP" in set(ask(data, AgencyVolumes(), "ky=2026" + NOW)["agency_code"])


def test_a_succession_between_reused_codes_joins_the_meanings_nearest_to_its_day(tmp_path: Path) -> None:
    areas = [
        {"area_code": "1", "valid_to": "2019-12-31"},
        {"area_code": "2", "valid_from": "2020-01-01", "valid_to": "2025-06-30"},
        {"area_code": "1", "valid_from": "2020-01-01", "valid_to": "2025-06-30"},
        {"area_code": "1", "valid_from": "2025-07-01"},
        {"area_code": "2", "valid_from": "2025-07-01"},
    ]
    successions = [
        {"kind": "area", "predecessor_code": "1", "successor_code": "2", "effective_on": "2020-01-01"},
        {"kind": "area", "predecessor_code": "2", "successor_code": "1", "effective_on": "2025-07-01"},
        {"kind": "area", "predecessor_code": "1", "successor_code": "2", "effective_on": "2025-07-01"},
    ]
    data = province(tmp_path, [received("2026-03-02")], areas=areas, successions=successions)
    assert {"1@2019": "1", "2@2025": "1", "1@2025": "2"} == organisation.areas_now(data.catalogue)


def test_a_succession_without_a_day_joins_the_last_that_ended_with_the_last_that_began(tmp_path: Path) -> None:
    successions = [{"kind": "area", "predecessor_code": "03405", "successor_code": "03390", "effective_on": None}]
    data = province(tmp_path, [received("2026-03-02")], successions=successions)
    assert {"03405@2025": "03390"} == organisation.areas_now(data.catalogue)


def test_a_day_on_which_two_units_change_hands_is_a_break_with_its_words(tmp_path: Path) -> None:
    assert SUCCESSIONS is not None
    single = {"kind": "agency", "predecessor_code": "STP", "successor_code": "SKHCN", "effective_on": "2026-01-01"}
    data = province(tmp_path, [received("2026-03-02")], successions=[*SUCCESSIONS, single])
    assert [(date(2025, 3, 1), "Sắp xếp cơ quan"), (date(2025, 7, 1), "Sắp xếp đơn vị hành chính")] == organisation.breaks(data.catalogue)


def test_asking_for_a_merged_agency_as_organised_now_shows_the_whole_successor(tmp_path: Path) -> None:
    dossiers = [received("2025-02-03", agency_code="STTTT"), received("2025-02-03", agency_code="SKHCN-CU"), received("2025-02-03")]
    data = province(tmp_path, dossiers)
    assert {"STTTT": 1} == figures(ask(data, AgencyVolumes(), "ky=2025&dv=STTTT"), "agency_code", "received")
    assert {"SKHCN": 2} == figures(ask(data, AgencyVolumes(), "ky=2025&dv=STTTT" + NOW), "agency_code", "received")


def test_the_level_of_history_is_that_of_the_unit_it_is_added_up_to(tmp_path: Path) -> None:
    agencies = [
        {"agency_code": "TYT", "agency_name": "Trạm", "level": "district", "valid_to": "2025-06-30"},
        {"agency_code": "TTYT", "agency_name": "Trung tâm"},
    ]
    successions = [{"kind": "agency", "predecessor_code": "TYT", "successor_code": "TTYT"}]
    data = province(tmp_path, [received("2025-03-03", agency_code="TYT")], agencies=agencies, successions=successions)
    by_level = Measure((RECEIVED,), by=(Dim.LEVEL,))
    assert ({"district": 1}, {"province": 1}) == tuple(figures(ask(data, by_level, "ky=2025" + view), "level", "received") for view in ("", NOW))
    assert ({"TTYT": 1}, {}) == tuple(
        figures(ask(data, AgencyVolumes(), f"ky=2025&cap={level}" + NOW), "agency_code", "received") for level in ("province", "district")
    )


DOSSIERS = st.lists(
    st.fixed_dictionaries(
        {
            "agency_code": st.sampled_from(["STP", "STTTT", "SKHCN-CU", "SKHCN", "HTD", "X-BL", "KHONG-CO", None]),
            "procedure_code": st.sampled_from(["1.01", "2.01", "9.01", "KHONG-CO", None]),
            "area_code": st.sampled_from(["106", "03390", "03405", "03487", "03999", "KHONG-CO", None]),
            "received_at": st.sampled_from(["2025-02-28", "2025-03-01", "2025-06-30 23:59", "2025-07-01", "2025-12-31"]),
            "completed_at": st.sampled_from(["2025-03-01", "2025-07-01", None]),
            "returned_at": st.sampled_from(["2025-03-01", "2025-07-01", None]),
            "due_at": st.sampled_from(["2025-02-28", "2025-07-01", None]),
            "received_channel": st.sampled_from(["counter", "online", "post", "fax", None]),
            "returned_channel": st.sampled_from(["counter", "post", "fax", None]),
            "status": st.sampled_from([0, 1, 2, 3, 4, 8, 9, 10, 10, 10]),
            "postal_fee": st.sampled_from([0, 30_000, None]),
        }
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(DOSSIERS)
def test_the_rows_of_every_dimension_add_up_to_the_province_under_both_views(dossiers: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = province(Path(folder), dossiers, incidents=[{"reported_on": "2025-07-01", "area_code": "03487"}])
        for view in ("", NOW):
            filters = Filters.from_query("tu=2025-02-28&den=2025-12-31" + view)
            province_wide = data.ask(Measure(SUMS), filters).iloc[0]
            for dim in (Dim.AGENCY, Dim.LEVEL, Dim.AREA, Dim.PROCEDURE, Dim.SECTOR, Dim.RECEIVED_CHANNEL):
                frame = data.ask(Measure(SUMS, by=(dim,)), filters)
                for metric in SUMS:
                    if dim in (Dim.PROCEDURE, Dim.SECTOR, Dim.RECEIVED_CHANNEL) and metric is metrics.INCIDENTS:
                        assert frame[metric.key].isna().all()  # an incident has no procedure and no channel
                    else:
                        assert province_wide[metric.key] == frame[metric.key].sum(), (dim, metric.key, view)
        data.source.close()
