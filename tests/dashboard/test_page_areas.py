"""The page “Địa bàn” over a province small enough to count, and over the demo."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config.errors import BadSettings
from dashboard.cards import Asked, Card, Drawing
from dashboard.pages import areas
from dashboard.tables import TableState
from queries.counting import Rules
from queries.data import Data, open_data
from queries.filters import Filters
from queries.measure import Measure
from queries.metrics import RECEIVED, RECEIVED_BY_POST, RETURNED, RETURNED_BY_POST
from tests.queries.hand import AREAS, province, received, returned

CARDS: Mapping[str, Card] = {card.address: card for card in areas.PAGE.cards}


def drawn(data: Data, address: str, query: str = "ky=2026") -> Drawing:
    return CARDS[address].drawing(Asked(data, Filters.from_query(query), TableState.from_query(query), path=areas.PAGE.path))


def by_name(drawing: Drawing) -> dict[str, Mapping[str, Any]]:
    assert drawing.table is not None
    return {str(row["name"]): row for row in drawing.table.rows}


def bar_names(drawing: Drawing) -> list[str]:
    assert drawing.figure is not None
    return list(drawing.figure["layout"]["yaxis"]["ticktext"])


def tile_values(drawing: Drawing) -> list[float]:
    assert drawing.figure is not None
    rows = drawing.figure["data"][1]["z"]
    return sorted(value for row in rows for value in row if value is not None)


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """2026: Bình Lư (2,000 people) four results by post and one not, Lê Lợi (500) two, a commune without people one, nowhere three."""
    dossiers = [
        *(returned(f"2026-03-0{day}", "post", area_code="03390") for day in range(1, 5)),
        returned("2026-03-05", "counter", area_code="03390"),
        *(returned(f"2026-03-0{day}", "post", area_code="03487") for day in range(1, 3)),
        returned("2026-03-03", "post", area_code="03999"),
        *(returned(f"2026-03-0{day}", "counter", area_code=None) for day in range(1, 4)),
        returned("2025-03-03", "post", area_code="03405"),
        returned("2025-03-04", "post", area_code="03487"),
        received("2024-12-31", area_code="03487"),
    ]
    return province(tmp_path, dossiers)


def test_the_map_says_who_leads_per_thousand_people_and_by_how_much(data: Data) -> None:
    """Lê Lợi 2 of 500 people is 4, Bình Lư 4 of 2,000 is 2; both together 6 of 2,500 is 2.4."""
    assert "Xã Lê Lợi trả qua bưu chính nhiều nhất: 4 kết quả trên 1.000 dân (2 kết quả), gấp 2 lần xã Bình Lư (2); chung 2 xã, phường là 2,4" == (
        drawn(data, "areas.tiles").title
    )
    assert [2.0, 4.0] == tile_values(drawn(data, "areas.tiles"))


def test_a_commune_without_a_place_on_the_map_is_named(data: Data) -> None:
    assert "Chưa có vị trí trên sơ đồ: Xã chỉ có mã mới; số liệu ở bảng." in drawn(data, "areas.tiles").note


def test_a_tile_leads_to_its_commune(data: Data) -> None:
    figure = drawn(data, "areas.tiles").figure
    assert figure is not None
    assert {"/dia-ban?db=03390&ky=2026", "/dia-ban?db=03487&ky=2026"} == {link for row in figure["data"][1]["customdata"] for link in row if link}


def test_the_ranking_says_who_uses_the_post_least(data: Data) -> None:
    assert "1 trong 2 địa bàn dưới mức chung 2,4 kết quả trên 1.000 dân; thấp nhất là xã Bình Lư (2) và xã Lê Lợi (4)" == drawn(data, "areas.volumes").title
    assert ["Xã Lê Lợi", "Xã Bình Lư"] == bar_names(drawn(data, "areas.volumes"))


def test_a_choice_ranks_by_another_figure_and_sorts_the_table_by_it(data: Data) -> None:
    choices = {choice.label: choice.link for choice in drawn(data, "areas.volumes").choices}
    assert "/dia-ban?ky=2026&sx=-returned_by_post" == choices["Số kết quả trả qua bưu chính"]
    drawing = drawn(data, "areas.volumes", "ky=2026&sx=-returned_by_post")
    assert "Số kết quả trả qua bưu chính ít nhất: xã chỉ có mã mới (1), xã Lê Lợi (2) và xã Bình Lư (4)" == drawing.title
    assert ["Số kết quả trả qua bưu chính"] == [choice.label for choice in drawing.choices if choice.is_set]


def test_dossiers_without_an_area_are_told_counted_and_not_ranked(data: Data) -> None:
    drawing = drawn(data, "areas.volumes")
    assert 3 == by_name(drawing)["không ghi nhận địa bàn"]["returned"]
    assert "3 hồ sơ tiếp nhận và 3 kết quả không ghi nhận địa bàn (cơ sở dữ liệu để trống, 100% là của sở, ban, ngành cấp tỉnh)" in drawing.note
    assert "không ghi nhận địa bàn" not in bar_names(drawing)


@pytest.mark.parametrize("query", ["ky=2026", "ky=2025", "ky=2025&tc=hien-nay", "ky=2025-Q3", "cap=province"])
def test_the_total_of_the_areas_is_the_total_of_everything(demo_url: str, query: str) -> None:
    data = open_data(demo_url)
    table = drawn(data, "areas.volumes", query).table
    assert table is not None
    assert table.total is not None
    metrics = (RECEIVED, RECEIVED_BY_POST, RETURNED, RETURNED_BY_POST)
    whole = data.ask(Measure(metrics), Filters.from_query(query)).iloc[0]
    assert [whole[metric.key] for metric in metrics] == [table.total[metric.key] for metric in metrics]


def test_a_rate_over_too_few_results_is_no_rate(tmp_path: Path) -> None:
    """Bình Lư has one result less than the smallest number, Lê Lợi exactly as many."""
    dossiers = [returned("2026-03-02", "post", area_code="03390") for _ in range(19)]
    dossiers += [returned("2026-03-02", "post" if number < 5 else "counter", area_code="03487") for number in range(20)]
    drawing = drawn(province(tmp_path, dossiers), "areas.volumes", "ky=2026&sx=-postal_return_rate")
    rows = by_name(drawing)
    assert drawing.table is not None
    rate = next(column for column in drawing.table.columns if column.key == "postal_return_rate")
    assert ("–", "25,0%") == (rate.show(rows["Xã Bình Lư"]["postal_return_rate"]), rate.show(rows["Xã Lê Lợi"]["postal_return_rate"]))
    assert "Dưới 20 kết quả có ghi nhận hình thức trả thì không tính tỷ lệ." in drawing.note


def test_the_smallest_number_of_results_under_a_rate_is_what_the_province_sets(tmp_path: Path) -> None:
    dossiers = [returned("2026-03-02", "post" if number < 1 else "counter", area_code="03390") for number in range(4)]
    for minimum, shown in ((4, "25,0%"), (5, "–")):
        drawing = drawn(province(tmp_path, dossiers, rules=Rules(minimum_n=minimum)), "areas.volumes", "ky=2026&sx=-postal_return_rate")
        assert drawing.table is not None
        rate = next(column for column in drawing.table.columns if column.key == "postal_return_rate")
        assert shown == rate.show(by_name(drawing)["Xã Bình Lư"]["postal_return_rate"])
        assert f"Dưới {minimum} kết quả" in drawing.note


def test_one_commune_speaks_for_itself(data: Data) -> None:
    assert "Xã Lê Lợi trả qua bưu chính: 4 kết quả trên 1.000 dân (2 kết quả)" == drawn(data, "areas.tiles", "ky=2026&db=03487").title


def test_added_up_to_today_a_commune_is_compared_with_what_it_carries_on(data: Data) -> None:
    title = drawn(data, "areas.tiles", "ky=2026-H1&db=03487&tc=hien-nay").title
    assert "Xã Lê Lợi trả qua bưu chính: 4 kết quả trên 1.000 dân (2 kết quả), tăng 1 kết quả (+100%) so với cùng kỳ năm trước" == title


def test_a_commune_younger_than_the_compared_period_is_not_compared(data: Data) -> None:
    drawing = drawn(data, "areas.volumes", "ky=2026-H1")
    assert "change" not in [column.key for column in (drawing.table.columns if drawing.table else ())]
    assert "Không so được địa bàn không tồn tại suốt cả kỳ này và kỳ so sánh (01/01/2025–30/06/2025)" in drawing.note


def test_before_the_communes_of_today_the_map_sends_to_the_districts(data: Data) -> None:
    drawing = drawn(data, "areas.tiles", "ky=2025-H1")
    assert drawing.is_empty
    assert "Kỳ này nằm trước khi có các xã, phường hiện nay" == drawing.title
    assert ["/dia-ban?ky=2025-H1&tc=hien-nay"] == [choice.link for choice in drawing.choices]


def test_former_districts_stand_on_their_own_map_without_people(data: Data) -> None:
    drawing = drawn(data, "areas.former_districts", "ky=2025-H1")
    assert "2 huyện, thành phố trả qua bưu chính cùng mức 1 kết quả" == drawing.title
    assert [1.0, 1.0] == tile_values(drawing)
    assert "population" not in [column.key for column in (drawing.table.columns if drawing.table else ())]


def test_a_period_over_the_reorganisation_shows_both_maps_and_what_can_be_compared(data: Data) -> None:
    communes, districts = drawn(data, "areas.tiles", "ky=2025"), drawn(data, "areas.former_districts", "ky=2025")
    for drawing in (communes, districts):
        assert drawing.figure is not None
        assert "Kỳ này chứa ngày sắp xếp địa bàn: đến hết 30/06/2025" in drawing.note
        assert "Không so huyện cũ hay xã cũ với xã mới." in drawing.note


def test_after_their_end_the_districts_are_told_to_be_over_with_a_way_back(data: Data) -> None:
    drawing = drawn(data, "areas.former_districts", "ky=2026")
    assert drawing.is_empty
    assert "Kỳ này không còn cấp huyện: huyện hết hiệu lực sau ngày 30/06/2025" == drawing.title
    assert [("Xem 6 tháng đầu năm 2025", "/dia-ban?ky=2025-H1")] == [(choice.label, choice.link) for choice in drawing.choices]


def test_results_of_a_former_commune_returned_later_are_told_and_not_ranked(tmp_path: Path) -> None:
    late = returned("2025-07-03", "post", area_code="03405") | {"received_at": "2025-06-27"}
    drawing = drawn(province(tmp_path, [late, returned("2025-08-01", "post", area_code="03487")]), "areas.volumes", "ky=2025-Q3")
    assert "1 kết quả (1 qua bưu chính) trả trong kỳ này là của hồ sơ tiếp nhận ở địa bàn nay đã hết hiệu lực" in drawing.note
    assert 1 == by_name(drawing)["Xã Sơn Bình cũ"]["returned"]
    assert "Xã Sơn Bình cũ" not in bar_names(drawing)


def test_six_communes_of_the_province_cross_old_districts(demo_url: str) -> None:
    note = drawn(open_data(demo_url), "areas.former_districts", "ky=2024").note
    assert "6 xã, phường mới gồm xã cũ của nhiều huyện (phường Đoàn Kết, phường Tân Phong, xã Hua Bum, xã Lê Lợi, xã Pa Tần và xã Sin Suối Hồ)" in note


def test_the_demo_map_has_38_communes_and_8_districts(demo_url: str) -> None:
    data = open_data(demo_url)
    assert 38 == len(tile_values(drawn(data, "areas.tiles", "ky=2025")))
    assert 8 == len(tile_values(drawn(data, "areas.former_districts", "ky=2025")))


def test_an_agency_is_not_reproached_with_communes_it_does_not_serve(data: Data) -> None:
    drawing = drawn(data, "areas.tiles", "ky=2026&dv=X-BL")
    assert drawing.is_empty
    assert "Chưa phát sinh hồ sơ theo địa bàn" == drawing.title


def test_a_period_without_data_says_so_on_every_card(data: Data) -> None:
    for address in CARDS:
        drawing = drawn(data, address, "ky=2030")
        assert drawing.is_empty
        assert "Năm 2030 chưa có số liệu" == drawing.title


def test_a_province_without_anything_by_post_is_not_ranked(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "counter", area_code="03390"), received("2026-03-02", area_code="03487")])
    assert "Chưa xã, phường nào có kết quả trả qua bưu chính trong kỳ" == drawn(data, "areas.tiles", "ky=2026&sx=-returned_by_post").title


def test_without_the_column_every_card_says_that_this_database_has_no_area(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post")], without=("dossiers.area_code",))
    for address in CARDS:
        drawing = drawn(data, address)
        assert drawing.is_empty
        assert "Cơ sở dữ liệu này không ghi địa bàn của hồ sơ" == drawing.title


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # AreaVolumes fills an empty column of another type
def test_without_the_list_of_areas_codes_are_ranked_instead_of_a_map(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post", area_code="03390"), returned("2026-03-03", "post", area_code="03390")], areas=None)
    drawing = drawn(data, "areas.tiles")
    assert ["03390 (ngoài danh mục)"] == bar_names(drawing)
    assert "Cơ sở dữ liệu không có danh mục địa bàn (bảng areas): chỉ có mã, không có sơ đồ, dân số và tên." in drawing.note
    assert "Danh mục địa bàn của cơ sở dữ liệu này không có cấp huyện" == drawn(data, "areas.former_districts").title


def test_without_places_for_the_codes_bars_take_the_place_of_the_map(tmp_path: Path) -> None:
    elsewhere = [{**row, "area_code": f"9{row['area_code']}"} for row in AREAS or ()]
    drawing = drawn(province(tmp_path, [returned("2026-03-02", "post", area_code="903390")], areas=elsewhere), "areas.tiles")
    assert ["Xã Bình Lư", "Xã Lê Lợi"] == bar_names(drawing)
    assert "Chưa có vị trí của các địa bàn này trên sơ đồ (tệp config/province/tiles.csv)" in drawing.note


def test_a_broken_file_of_places_costs_the_map_and_nothing_else(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise BadSettings("bad", sentence="Tệp vị trí địa bàn “tiles.csv”, dòng 3: cột row phải là một số nguyên.")

    monkeypatch.setattr(areas, "load_places", broken)
    drawing = drawn(data, "areas.tiles")
    assert ["Xã Lê Lợi", "Xã Bình Lư"] == bar_names(drawing)
    assert "Không vẽ được sơ đồ. Tệp vị trí địa bàn “tiles.csv”, dòng 3" in drawing.note


def test_an_unknown_area_comes_up_empty_with_its_code(data: Data) -> None:
    drawing = drawn(data, "areas.volumes", "ky=2026&db=99999")
    assert drawing.is_empty
    assert "99999" in drawing.title
    assert drawing.figure is None
