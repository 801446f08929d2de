"""Areas in time, counted by hand: which exist, which former district they belonged to, what the districts add up to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queries import geography
from queries.data import Data
from queries.filters import Organisation
from queries.geography import DistrictVolumes
from queries.period import Period
from tests.queries.hand import AREAS, SUCCESSIONS, ask, province, received, returned

IN_2024 = Period(date(2024, 1, 1), date(2024, 12, 31))
IN_2025 = Period(date(2025, 1, 1), date(2025, 12, 31))
IN_2026 = Period(date(2026, 1, 1), date(2026, 6, 30))


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """Tam Đường: two communes and one dossier that names the district itself. Sìn Hồ: one commune. Nothing by post after the districts ended."""
    dossiers = [
        returned("2025-02-03", "post", area_code="03390"),
        returned("2025-02-04", "counter", area_code="03390"),
        returned("2025-02-05", "post", area_code="03405"),
        returned("2025-02-06", "post", area_code="106"),
        returned("2025-02-07", "counter", area_code="03487"),
        returned("2025-02-08", None, area_code="03487"),
        received("2025-02-09", "post", area_code=None),
        returned("2025-08-03", "post", area_code="03390"),
        returned("2025-07-04", "post", area_code="03405") | {"received_at": "2025-06-30"},
    ]
    return province(tmp_path, dossiers)


def by_district(data: Data, query: str) -> dict[str, tuple[int, int, int]]:
    """Received, returned and returned by post, by district."""
    frame = ask(data, DistrictVolumes(), query)
    figures = zip(frame["received"], frame["returned"], frame["returned_by_post"], strict=True)
    return dict(zip(frame["area_name"], figures, strict=True))


def test_a_district_is_the_sum_of_its_communes_and_of_what_names_itself(data: Data) -> None:
    assert {"Huyện Tam Đường": (5, 4, 3), "Huyện Sìn Hồ": (2, 2, 0)} == by_district(data, "ky=2025-H1")


def test_a_district_rate_is_a_ratio_of_sums_and_leaves_unrecorded_channels_out(data: Data) -> None:
    frame = ask(data, DistrictVolumes(), "ky=2025-H1").set_index("area_name")
    assert 3 / 4 == frame.loc["Huyện Tam Đường", "postal_return_rate"]
    assert (0, 1) == tuple(frame.loc["Huyện Sìn Hồ", ["postal_return_rate_numerator", "postal_return_rate_denominator"]])


def test_a_code_used_again_never_counts_for_the_former_district(data: Data) -> None:
    """03390 was a town of Tam Đường and is Bình Lư since: its result of August belongs to no district."""
    assert {"Huyện Tam Đường": (0, 1, 1)} == by_district(data, "ky=2025-Q3")


def test_a_district_without_a_dossier_counts_nothing_while_it_exists(data: Data) -> None:
    assert {"Huyện Tam Đường": (0, 0, 0), "Huyện Sìn Hồ": (0, 0, 0)} == by_district(data, "ky=2025-Q2&tt=1.02")


def test_no_district_is_left_after_their_end_and_where_history_is_added_up(data: Data) -> None:
    assert {} == by_district(data, "ky=2026")
    assert {} == by_district(data, "ky=2025-H1&tc=hien-nay")


def test_a_period_without_data_has_no_figures(data: Data) -> None:
    assert {} == by_district(data, "ky=2030")


def test_areas_exist_on_their_last_day_and_not_on_the_next(data: Data) -> None:
    last, after = date(2025, 6, 30), date(2025, 7, 1)
    assert {"03390@2025", "03405@2025", "03487@2025"} == set(geography.existing(data.catalogue, Period(last, last), "commune"))
    assert {"03390", "03487", "03999"} == set(geography.existing(data.catalogue, Period(after, after), "commune"))
    assert last == geography.last_days(data.catalogue)["03405@2025"]


def test_the_former_communes_are_shown_as_organised_then_and_todays_as_organised_now(data: Data) -> None:
    assert ["03390@2025", "03405@2025", "03487@2025"] == sorted(geography.shown(data.catalogue, Organisation.THEN, IN_2024))
    assert ["03390", "03487"] == sorted(geography.shown(data.catalogue, Organisation.NOW, IN_2024))
    assert ["03390", "03487", "03999"] == sorted(geography.shown(data.catalogue, Organisation.NOW, IN_2025))
    assert ["106@2025", "108@2025"] == geography.existing(data.catalogue, IN_2024, "district")


def test_a_commune_that_begins_in_the_middle_is_not_comparable_unless_history_is_added_up(data: Data) -> None:
    then = geography.comparable(data.catalogue, Organisation.THEN, IN_2025, IN_2026)
    now = geography.comparable(data.catalogue, Organisation.NOW, IN_2025, IN_2026)
    assert then.isdisjoint({"03390", "03390@2025", "03999"})
    assert {"03390", "03487"} <= now
    assert "03999" not in now, "nothing was added up to it"
    assert "03390" in geography.comparable(data.catalogue, Organisation.THEN, IN_2026)


def test_a_commune_made_of_two_districts_crosses_them(tmp_path: Path) -> None:
    crossed = [*(SUCCESSIONS or ()), {"kind": "area", "predecessor_code": "03500", "successor_code": "03487"}]
    areas = [*(AREAS or ()), {"area_code": "03500", "area_name": "Xã của Tam Đường", "parent_code": "106", "valid_to": "2025-06-30"}]
    data = province(tmp_path, [received("2026-03-02")], areas=areas, successions=crossed)
    assert ["03487"] == geography.crossing(data.catalogue)


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # AreaVolumes fills an empty column of another type
def test_without_the_relation_of_areas_nothing_exists_and_nothing_breaks(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", area_code="03390")], areas=None)
    assert [] == geography.existing(data.catalogue, IN_2026, "commune")
    assert {} == data.catalogue.area_parents
    assert [] == geography.crossing(data.catalogue)
    assert {} == by_district(data, "ky=2026")
