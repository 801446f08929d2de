"""Nothing twice, nothing lost: every sum is equal as organised then, as organised now and in comparable groups."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries import metrics
from queries.data import Data, open_data
from queries.filters import NOT_RECORDED, Filters, Organisation
from queries.measure import Measure
from queries.statement import Dim
from queries.volumes import AgencyVolumes, AreaVolumes
from tests.queries.hand import AREAS, province

SUMS = tuple(metric for metric in metrics.ALL if not metric.denominator)
CODES = ("A", "B", "C", "D", "E")
DOSSIERS = st.lists(
    st.fixed_dictionaries(
        {
            "agency_code": st.sampled_from([*CODES, "KHONG-CO", None]),
            "area_code": st.sampled_from(["106", "03390", "03405", "03487", "03999", "KHONG-CO", None]),
            "received_at": st.sampled_from(["2025-02-28", "2025-03-01", "2025-06-30 23:59", "2025-07-01", "2025-12-31"]),
            "completed_at": st.sampled_from(["2025-03-01", "2025-07-01", None]),
            "returned_at": st.sampled_from(["2025-03-01", "2025-07-01", None]),
            "due_at": st.sampled_from(["2025-02-28", "2025-07-01", None]),
            "received_channel": st.sampled_from(["counter", "post", "fax", None]),
            "returned_channel": st.sampled_from(["counter", "post", None]),
            "status": st.sampled_from([1, 4, 9, 10, 10, 10]),
            "postal_fee": st.sampled_from([0, 30_000, None]),
        }
    ),
    min_size=1,
    max_size=10,
)
LIVES = st.lists(st.tuples(st.sampled_from(["province", "district", "commune"]), st.sampled_from(["2025-02-28", "2025-06-30", None])), min_size=5, max_size=5)
JOINS = st.lists(st.tuples(st.sampled_from([*CODES, "KHONG-CO"]), st.sampled_from([*CODES, "KHONG-CO"])), max_size=6, unique=True)
AREA_JOINS = st.lists(st.tuples(st.sampled_from(["106", "03390", "03405", "03487"]), st.sampled_from(["03390", "03487", "03999"])), max_size=5, unique=True)
PERIOD = Filters.from_query("tu=2025-02-28&den=2025-12-31&ss=khong")


def whole_row(data: Data, filters: Filters) -> dict[str, int]:
    """Every additive figure of the filters that can be made here."""
    row = data.ask(Measure(SUMS), filters).iloc[0]
    return {metric.key: int(row[metric.key]) for metric in SUMS if pd.notna(row[metric.key])}


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(DOSSIERS, LIVES, JOINS, AREA_JOINS)
def test_totals_are_equal_under_the_three_views_and_no_dossier_is_counted_twice_or_lost(
    dossiers: list[dict[str, Any]], lives: list[tuple[str, str | None]], joins: list[tuple[str, str]], area_joins: list[tuple[str, str]]
) -> None:
    agencies = [{"agency_code": code, "agency_name": code, "level": level, "valid_to": end} for code, (level, end) in zip(CODES, lives, strict=True)]
    kinds = [*(("agency", *pair) for pair in joins), *(("area", *pair) for pair in area_joins)]
    successions = [{"kind": kind, "predecessor_code": old, "successor_code": new} for kind, old, new in kinds]
    with tempfile.TemporaryDirectory() as folder:
        data = province(Path(folder), dossiers, agencies=agencies, areas=AREAS, successions=successions)
        expected = whole_row(data, PERIOD)
        for view in Organisation:
            filters = replace(PERIOD, organisation=view)
            assert expected == whole_row(data, filters)
            for dim in (Dim.AGENCY, Dim.LEVEL, Dim.AREA):
                rows = data.ask(Measure(SUMS, by=(dim,)), filters)
                assert expected == {key: int(rows[key].sum()) for key in expected}, (view, dim)
            rows = data.ask(AgencyVolumes(), filters)
            assert not rows["agency_code"].duplicated().any()
            for code, number in zip(rows["agency_code"], rows["received"], strict=True):
                alone = replace(filters, agencies=(code if isinstance(code, str) else NOT_RECORDED,))
                assert number == whole_row(data, alone)["received"], (view, code)
            for questions in (AgencyVolumes(), AreaVolumes()):
                assert expected["received"] == data.ask(questions, filters)["received"].sum()
        data.source.close()


@pytest.mark.slow
def test_on_the_demo_of_2025_every_sum_is_equal_under_the_three_views_across_both_breaks(demo_url: str) -> None:
    data = open_data(demo_url)
    base = Filters.from_query("ky=2025")
    expected = whole_row(data, base)
    assert expected["received"] > 10_000
    lengths: dict[Organisation, int] = {}
    for view in Organisation:
        filters = replace(base, organisation=view)
        assert expected == whole_row(data, filters)
        for dim in (Dim.AGENCY, Dim.LEVEL, Dim.AREA, Dim.PROCEDURE, Dim.MONTH):
            rows = data.ask(Measure(SUMS, by=(dim,)), filters)
            apart = {key for key in expected if rows[key].notna().any()}
            assert {key: expected[key] for key in apart} == {key: int(rows[key].sum()) for key in apart}, (view, dim)
        volumes = data.ask(AgencyVolumes(), filters)
        assert expected["received"] == volumes["received"].sum()
        lengths[view] = len(volumes)
    assert lengths[Organisation.THEN] > lengths[Organisation.NOW] > lengths[Organisation.COMPARABLE]
