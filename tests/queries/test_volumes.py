"""Volumes as tables: totals of the province, one row per agency, area and procedure, and that they never disagree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import metrics
from queries.adoption import AdoptionUnits, ListedProcedures, active_agencies
from queries.catalogue import NO_AREA, NO_PROCEDURE, UNASSIGNED
from queries.measure import Measure, before
from queries.volumes import AgencyVolumes, AreaVolumes, ProcedureVolumes, Totals
from tests.queries.hand import Row, ask, province, received, returned, total

SUMS = ("received", "received_by_post", "returned", "returned_by_post")
LISTINGS = (
    {"agency_code": "STP", "procedure_code": "1.01"},
    {"agency_code": "SKHCN", "procedure_code": "1.01"},
    {"agency_code": "STP", "procedure_code": "1.02", "valid_to": "2025-12-31"},
    {"agency_code": "HTD", "procedure_code": "2.01", "valid_to": "2025-06-30"},
    {"agency_code": "STP", "procedure_code": "9.01", "postal_return": False},
)
DOSSIERS: list[Row] = [
    received("2024-01-02"),
    received("2025-02-03", "post", agency_code="STTTT", area_code="106"),
    returned("2025-03-03", "post", area_code="03487", procedure_code="2.01"),
    received("2026-02-02", "post", area_code="03390"),
    returned("2026-02-03", "post", area_code="03390", procedure_code="1.02"),
    returned("2026-02-04", None, area_code="03487", agency_code="X-LL", procedure_code="KHONG-CO"),
    received("2026-02-05", agency_code=None, procedure_code=None),
    received("2026-02-06", "post", agency_code="KHONG-CO", area_code="KHONG-CO"),
]


def cells(frame: pd.DataFrame, key: str, *columns: str) -> dict[str | None, tuple[Any, ...]]:
    """Some cells by key; missing is None, and so is the key of the row without a code."""
    clean = frame[[key, *columns]].astype("object").where(frame[[key, *columns]].notna(), None)
    return {row[0]: tuple(row[1:]) for row in clean.itertuples(index=False, name=None)}


def test_totals_have_one_row_per_metric_in_the_order_of_declaration(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, DOSSIERS), Totals(), "ky=2026")
    assert [metric.key for metric in metrics.ALL] == list(frame["key"])
    assert [(metric.label, str(metric.unit)) for metric in metrics.ALL] == list(zip(frame["label"], frame["unit"], strict=True))
    assert ["key", "label", "unit", "value", "numerator", "denominator", "value_before", "numerator_before", "denominator_before"] == list(frame.columns)


@pytest.mark.parametrize(
    "query", ["", "ky=2026", "ky=2025&tc=hien-nay", "ky=2026&dv=STP", "ky=2026&ss=khong", "ky=2027", "ky=2026-Q1&lich=bao-cao&cap=commune"]
)
def test_totals_are_the_measures_and_the_two_counts_of_distinct_things(query: str, tmp_path: Path) -> None:
    data = province(tmp_path, DOSSIERS, listings=LISTINGS, incidents=[{"reported_on": "2026-02-03"}])
    shown = cells(ask(data, Totals(), query), "key", "value")
    summed = [metric for metric in metrics.ALL if metric not in metrics.DISTINCT]
    row = ask(data, Measure(tuple(summed)), query).iloc[0]
    assert {metric.key: None if pd.isna(row[metric.key]) else (row[metric.key],) for metric in summed} == {
        metric.key: None if shown[metric.key] == (None,) else shown[metric.key] for metric in summed
    }
    counted = query != "ky=2027"
    agencies, listed = active_agencies(ask(data, AdoptionUnits(), query)), ask(data, ListedProcedures(), query)
    assert (agencies if counted else (None, None)) == total(data, "active_agencies", query)[1:]
    assert ((listed["is_active"].sum(), len(listed)) if counted else (None, None)) == total(data, "active_procedures", query)[1:]


def test_totals_of_the_compared_period_stand_beside(tmp_path: Path) -> None:
    shown = cells(ask(province(tmp_path, DOSSIERS, listings=LISTINGS), Totals(), "ky=2026"), "key", "value", before("value"), before("denominator"))
    assert (5, 2, None) == shown["received"]
    assert (2 / 5, 1 / 2, 2) == shown["postal_receipt_rate"]
    assert (1, 1, 5) == shown["active_agencies"]  # STP, before among five: the two that were merged, their successor, the district
    assert (1, 2, 4) == shown["active_procedures"]  # 1.01, before also 2.01 of the district
    assert (5, None, None) == shown["open"]


def test_every_living_agency_has_a_row_and_an_ended_one_only_with_a_figure(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, DOSSIERS), AgencyVolumes(), "ky=2026")
    assert {
        "KHONG-CO": (1, 1, 0, 0),
        "SKHCN": (0, 0, 0, 0),
        "STP": (2, 1, 1, 1),
        "STTTT": (0, 0, 0, 0),
        "X-BL": (0, 0, 0, 0),
        "X-LL": (1, 0, 1, 0),
        None: (1, 0, 0, 0),
    } == cells(frame, "agency_code", *SUMS)  # STTTT has ended, and had a dossier in the compared period
    assert "STTTT" not in set(ask(province(tmp_path, DOSSIERS), AgencyVolumes(), "ky=2026&ss=khong")["agency_code"])


def test_an_agency_without_a_code_or_outside_the_catalogue_is_named_as_such(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, DOSSIERS), AgencyVolumes(), "ky=2026")
    named = cells(frame, "agency_code", "agency_name", "level", "is_known")
    assert (UNASSIGNED, None, False) == named[None]
    assert ("KHONG-CO (ngoài danh mục)", None, False) == named["KHONG-CO"]
    assert ("UBND xã Lê Lợi", "commune", True) == named["X-LL"]


def test_rates_of_agencies_are_missing_where_no_channel_is_recorded(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, DOSSIERS), AgencyVolumes(), "ky=2026")
    rates = cells(frame, "agency_code", "postal_return_rate", "postal_return_rate_numerator", "postal_return_rate_denominator", before("returned"))
    assert {"STP": (1, 1, 1, 1), "X-LL": (None, 0, 0, 0), "X-BL": (None, 0, 0, 0)} == {code: rates[code] for code in ("STP", "X-LL", "X-BL")}


def test_asked_agencies_and_levels_leave_the_other_rows_out(tmp_path: Path) -> None:
    data = province(tmp_path, DOSSIERS)
    assert {"STP", "X-BL"} == set(ask(data, AgencyVolumes(), "ky=2026&dv=STP,X-BL")["agency_code"])
    assert {"X-BL", "X-LL"} == set(ask(data, AgencyVolumes(), "ky=2026&cap=commune")["agency_code"])
    assert 0 == len(ask(data, AgencyVolumes(), "ky=2026&dv=KHONG"))


def test_the_tables_of_agencies_areas_and_procedures_have_the_totals_of_the_province(tmp_path: Path) -> None:
    data = province(tmp_path, DOSSIERS, listings=LISTINGS)
    for query in ("ky=2025", "ky=2026", "ky=2025&tc=hien-nay", "ky=2026&tc=hien-nay"):
        wanted = [total(data, key, query)[0] for key in SUMS]
        for question in (AgencyVolumes(), AreaVolumes(), ProcedureVolumes()):
            assert wanted == [ask(data, question, query)[key].sum() for key in SUMS], (query, question)


def test_every_living_commune_has_a_row_and_a_reused_code_the_name_of_its_time(tmp_path: Path) -> None:
    data = province(tmp_path, DOSSIERS)
    assert {
        ("03390", "Xã Bình Lư"): (2, 1),
        ("03487", "Xã Lê Lợi"): (1, 0),
        ("03999", "Xã chỉ có mã mới"): (0, 0),
        ("KHONG-CO", "KHONG-CO (ngoài danh mục)"): (1, 1),
        (None, NO_AREA): (1, 0),
    } == {
        (None if pd.isna(code) else code, name): (n, by_post)
        for code, name, n, by_post in ask(data, AreaVolumes(), "ky=2026&ss=khong")[["area_code", "area_name", "received", "received_by_post"]].itertuples(
            index=False
        )
    }
    earlier = cells(ask(data, AreaVolumes(), "ky=2025-H1"), "area_key", "area_code", "area_name", "received")
    assert ("03487", "Xã Chăn Nưa", 1) == earlier["03487@2025"]
    assert ("106", "Huyện Tam Đường", 1) == earlier["106@2025"]
    assert "03487" not in earlier


def test_areas_are_measured_against_their_people_and_missing_without_them(tmp_path: Path) -> None:
    shown = cells(
        ask(province(tmp_path, DOSSIERS), AreaVolumes(), "ky=2026"), "area_key", "population", "received_by_post_per_1000", "returned_by_post_per_1000"
    )
    assert (2000, 0.5, 0.5) == shown["03390"]  # one dossier and one result for two thousand people
    assert (500, 0, 0) == shown["03487"]
    assert (None, None, None) == shown["03999"] == shown[None]


def test_an_asked_district_shows_its_communes_also_those_without_a_dossier(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, DOSSIERS), AreaVolumes(), "ky=2025-H1&db=106@2025")
    assert {"106@2025": (1,), "03390@2025": (0,), "03405@2025": (0,)} == cells(frame, "area_key", "received")


def test_a_code_outside_its_days_keeps_its_code_and_is_outside_the_catalogue(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, [received("2025-06-30", area_code="03999")]), AreaVolumes(), "ky=2025-H1")
    assert ("03999", "03999@? (ngoài danh mục)", 1) == cells(frame, "area_key", "area_code", "area_name", "received")["03999@?"]


def test_procedures_have_a_figure_or_stand_on_the_list_of_the_period(tmp_path: Path) -> None:
    data = province(tmp_path, DOSSIERS, listings=LISTINGS)
    shown = cells(ask(data, ProcedureVolumes(), "ky=2026&ss=khong"), "procedure_code", *SUMS, "is_listed", "listing_agencies")
    assert {
        "1.01": (2, 2, 0, 0, True, 2),
        "1.02": (1, 0, 1, 1, False, None),
        "9.01": (0, 0, 0, 0, True, 1),
        "KHONG-CO": (1, 0, 1, 0, False, None),
        None: (1, 0, 0, 0, False, None),
    } == shown
    named = cells(ask(data, ProcedureVolumes(), "ky=2026"), "procedure_code", "procedure_name", "sector_code", "sector_name")
    assert ("Đăng ký khai sinh", "HT", "Hộ tịch") == named["1.01"]
    assert (NO_PROCEDURE, None, None) == named[None]
    assert ("KHONG-CO (ngoài danh mục)", None, None) == named["KHONG-CO"]


def test_without_a_postal_list_it_is_missing_whether_a_procedure_is_on_it(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, DOSSIERS), ProcedureVolumes(), "ky=2026")
    assert frame["is_listed"].isna().all()
    assert frame["listing_agencies"].isna().all()


def test_the_list_of_a_period_holds_what_was_valid_in_it_and_knows_what_was_used(tmp_path: Path) -> None:
    data = province(tmp_path, DOSSIERS, listings=LISTINGS)
    listed = {
        query: cells(ask(data, ListedProcedures(), query), "procedure_code", "agencies", "is_active")
        for query in ("ky=2026", "ky=2025-H1", "ky=2026&lv=-", "ky=2026&dv=SKHCN")
    }
    assert {"1.01": (2, True), "9.01": (1, False)} == listed["ky=2026"]
    assert {"1.01": (2, True), "1.02": (1, False), "2.01": (1, True), "9.01": (1, False)} == listed["ky=2025-H1"]
    assert {"9.01": (1, False)} == listed["ky=2026&lv=-"]
    assert {"1.01": (1, False)} == listed["ky=2026&dv=SKHCN"]


def test_the_list_of_merged_agencies_counts_their_successor_once(tmp_path: Path) -> None:
    listings = [{"agency_code": code, "procedure_code": "1.01"} for code in ("STTTT", "SKHCN-CU", "SKHCN")]
    data = province(tmp_path, DOSSIERS, listings=listings)
    assert (3, 1) == tuple(ask(data, ListedProcedures(), "ky=2025" + view)["agencies"].iloc[0] for view in ("", "&tc=hien-nay"))


def test_where_nothing_is_counted_the_tables_show_who_is_there_and_no_figure(tmp_path: Path) -> None:
    data = province(tmp_path, DOSSIERS, listings=LISTINGS)
    for question, rows in ((AgencyVolumes(), 4), (AreaVolumes(), 3), (ProcedureVolumes(), 2)):
        frame = ask(data, question, "ky=2027")
        assert rows == len(frame), question
        assert frame[list(SUMS)].isna().all().all(), question
