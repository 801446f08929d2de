"""Filters as conditions: every filter narrows, an unknown code selects nothing, and what a row counts its own filter counts too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries import metrics
from queries.counting import Rules
from queries.data import Data
from queries.filters import NOT_RECORDED, Filters, Organisation
from queries.measure import Measure
from queries.metrics import RECEIVED
from queries.scope import areas_within
from queries.statement import Dim
from tests.queries.hand import ask, province, received, returned, value

SUMS = tuple(metric for metric in metrics.ALL if not metric.denominator)
UNKNOWN = ("KHONG-CO", "--", "%", "' OR 1=1 --", "stp", "STP ", "counter,post", "\N{REPLACEMENT CHARACTER}")
LISTS = {
    "levels": ("province", "district", "commune", NOT_RECORDED),
    "agencies": ("STP", "STTTT", "SKHCN", "HTD", "X-BL", "LA", NOT_RECORDED),
    "areas": ("12", "106@2025", "108@2025", "03390", "03487@2025", "03487", "03999", "03999@?", "LA", NOT_RECORDED),
    "procedures": ("1.01", "2.01", "9.01", "LA", NOT_RECORDED),
    "sectors": ("HT", "XD", NOT_RECORDED),
    "channels": ("counter", "online", "post", NOT_RECORDED),
}
FILTERS = st.builds(
    Filters,
    code=st.just("2025"),
    organisation=st.sampled_from(Organisation),
    **{name: st.lists(st.sampled_from([*values, *UNKNOWN[:2]]), max_size=3).map(tuple) for name, values in LISTS.items()},
)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """Forty-eight dossiers of 2025 in which every code, also a missing and an unknown one, meets many others."""
    agencies = ("STP", "STTTT", "SKHCN", "HTD", "X-BL", "LA", None)
    areas = ("106", "03390", "03487", "03999", "03405", "LA", None, None)
    procedures = ("1.01", "1.02", "2.01", "9.01", "LA", None)
    channels = ("counter", "online", "post", "fax", None)
    dossiers = [
        returned(
            ("2025-02-28", "2025-06-30", "2025-07-01")[number % 3],
            channels[number % 4],
            received_channel=channels[number % 5],
            agency_code=agencies[number % 7],
            area_code=areas[number % 8],
            procedure_code=procedures[number % 6],
            status=(10, 10, 10, 9, 4)[number % 5],
            postal_fee=number,
        )
        for number in range(48)
    ]
    return province(tmp_path_factory.mktemp("mixed"), dossiers, incidents=[{"reported_on": "2025-07-01", "area_code": "03487"}])


def sums(data: Data, filters: Filters) -> pd.Series:
    """Every additive figure of the filters; what does not apply is missing."""
    return data.ask(Measure(SUMS), filters).iloc[0]


def with_list(filters: Filters, name: str, *codes: str) -> Filters:
    """The filters with other codes in one list."""
    changes: dict[str, Any] = {name: codes}
    return replace(filters, **changes)


def count(data: Data, query: str) -> float | None:
    return value(data, "received", "ky=2025&" + query)


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(FILTERS)
def test_no_filter_counts_more_than_no_filter(mixed: Data, filters: Filters) -> None:
    narrowed, everything = sums(mixed, filters), sums(mixed, Filters(code="2025"))
    assert (narrowed.isna() | (narrowed <= everything)).all()


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(FILTERS, st.sampled_from(sorted(LISTS)), st.sampled_from(UNKNOWN))
def test_an_unknown_code_alone_selects_nothing_whatever_else_is_set(mixed: Data, filters: Filters, name: str, unknown: str) -> None:
    found = sums(mixed, with_list(filters, name, unknown))
    assert 0 == found.fillna(0).sum()


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(FILTERS, st.sampled_from(sorted(LISTS)), st.sampled_from(UNKNOWN))
def test_an_unknown_code_beside_others_adds_nothing(mixed: Data, filters: Filters, name: str, unknown: str) -> None:
    known = tuple(value for value in getattr(filters, name) if value not in UNKNOWN) or LISTS[name][:1]
    one, other = with_list(filters, name, *known), with_list(filters, name, *known, unknown)
    pd.testing.assert_series_equal(sums(mixed, one), sums(mixed, other))


@pytest.mark.slow
@settings(deadline=None, max_examples=12)
@given(FILTERS, st.sampled_from(sorted(LISTS)))
def test_a_list_of_codes_counts_what_its_codes_count_one_by_one(mixed: Data, filters: Filters, name: str) -> None:
    codes: Sequence[str] = LISTS[name] if name != "areas" else ("106@2025", "03390", "03487", "LA", NOT_RECORDED)  # a district holds its communes
    base = replace(filters, organisation=Organisation.THEN)
    one_by_one = [sums(mixed, with_list(base, name, code))["received"] for code in codes]
    assert sum(one_by_one) == sums(mixed, with_list(base, name, *codes))["received"]


@pytest.mark.parametrize(
    ("dim", "name"),
    [
        (Dim.AGENCY, "agencies"),
        (Dim.AREA, "areas"),
        (Dim.PROCEDURE, "procedures"),
        (Dim.SECTOR, "sectors"),
        (Dim.RECEIVED_CHANNEL, "channels"),
    ],
)
@pytest.mark.parametrize("view", Organisation)
def test_a_row_and_the_filter_that_its_link_sets_show_the_same_figures(mixed: Data, dim: Dim, name: str, view: Organisation) -> None:
    filters = Filters(code="2025", organisation=view)
    frame = mixed.ask(Measure(SUMS, by=(dim,)), filters)
    assert len(frame) > 2
    for key, row in zip(frame[dim.value], frame.to_dict("records"), strict=True):
        if key in ("106@2025", "108@2025"):
            continue  # a district's own rows are fewer than those of its communes too
        alone = sums(mixed, with_list(filters, name, key if isinstance(key, str) else NOT_RECORDED))
        assert {metric.key: row[metric.key] for metric in SUMS if pd.notna(row[metric.key])} == {
            metric.key: alone[metric.key] for metric in SUMS if pd.notna(row[metric.key])
        }, key


def test_each_filter_selects_the_dossiers_it_names(tmp_path: Path) -> None:
    dossiers = [
        received("2025-06-30", "post", agency_code="HTD", area_code="03390", procedure_code="1.01"),
        received("2025-07-01", "online", agency_code="X-BL", area_code="03390", procedure_code="2.01"),
        received("2025-07-01", None, agency_code=None, area_code=None, procedure_code=None),
    ]
    data = province(tmp_path, dossiers)
    assert 3 == count(data, "")
    for query in ("dv=HTD", "cap=district", "db=03390@2025", "db=106@2025", "tt=1.01", "lv=HT", "ht=post", "db=03390", "dv=-", "tt=-", "lv=-", "ht=-", "db=-"):
        assert 1 == count(data, query), query
    for query in ("dv=HTD,-", "db=12", "tt=1.01,2.01", "ht=post,-", "cap=district,commune", "lv=HT,XD"):
        assert 2 == count(data, query), query
    for query in ("dv=HTD&ht=online", "db=106", "db=108@2025", "cap=other", "dv=htd"):
        assert 0 == count(data, query), query


def test_codes_that_differ_by_a_blank_or_by_case_are_different_agencies(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-06-30", agency_code=code) for code in ("a", "A", "A", "a ", "a ", "a ")])
    assert [1, 2, 3] == [value(data, "received", Filters(code="2025", agencies=(code,)).to_query()) for code in ("a", "A", "a ")]


def test_not_recorded_channels_hold_the_unknown_words_and_the_switch_moves_both_to_the_counter(tmp_path: Path) -> None:
    dossiers = [received("2025-06-30", channel) for channel in ("counter", "fax", None)]
    assert (1, 2, 0) == tuple(count(province(tmp_path, dossiers), query) for query in ("ht=counter", "ht=-", "ht=fax"))
    merged = province(tmp_path, dossiers, rules=Rules(missing_channel_as_counter=True))
    assert (3, 0, 0) == tuple(count(merged, query) for query in ("ht=counter", "ht=-", "ht=fax"))


def test_a_procedure_without_a_sector_is_not_recorded_among_sectors(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-06-30", procedure_code=code) for code in ("1.01", "9.01", "KHONG-CO", None)])
    assert (1, 3) == (count(data, "lv=HT"), count(data, "lv=-"))


def test_a_province_holds_its_districts_and_their_communes_of_every_time(tmp_path: Path) -> None:
    data = province(
        tmp_path, [received("2025-06-30", area_code="03487"), received("2025-07-01", area_code="03487"), received("2025-07-01", area_code="KHONG-CO")]
    )
    assert {"106@2025", "108@2025", "03390@2025", "03405@2025", "03487@2025", "03390", "03487", "03999", "12"} == areas_within(
        data.catalogue, Filters(areas=("12",))
    )
    assert (2, 1) == (count(data, "db=12"), count(data, "db=108@2025"))


def test_without_a_catalogue_of_areas_a_code_stands_for_itself(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-06-30", area_code="03487"), received("2025-07-01", area_code="03487")], areas=None, successions=None)
    assert (2, 0) == (count(data, "db=03487"), count(data, "db=03487@2025"))
    assert [("03487", 2)] == list(ask(data, Measure((RECEIVED,), by=(Dim.AREA,)), "ky=2025").itertuples(index=False, name=None))
