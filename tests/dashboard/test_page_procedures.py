"""The page “Thủ tục” over a province small enough to count, and over the demo."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dashboard.cards import Asked, Card, Drawing
from dashboard.pages import procedures
from dashboard.tables import TableState, select
from queries.data import Data, open_data
from queries.errors import RelationAbsent
from queries.filters import Filters
from tests.queries.hand import province, received, returned

CARDS: Mapping[str, Card] = {card.address: card for card in procedures.PAGE.cards}
LISTINGS = tuple({"agency_code": "STP", "procedure_code": code} for code in ("1.01", "1.02", "9.01"))


def drawn(data: Data, address: str, query: str = "ky=2026") -> Drawing:
    return CARDS[address].drawing(Asked(data, Filters.from_query(query), TableState.from_query(query), path=procedures.PAGE.path))


def cells(drawing: Drawing, *keys: str) -> list[tuple[Any, ...]]:
    assert drawing.table is not None
    return [tuple(row.get(key) for key in keys) for row in drawing.table.rows]


def bar_values(drawing: Drawing) -> list[float]:
    assert drawing.figure is not None
    return list(drawing.figure["data"][0]["x"])


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """2026: births eight results by post, marriages one at the counter, building permits (not listed) two by post; 9.01 listed and idle."""
    dossiers = [
        *(returned(f"2026-03-0{day}", "post", procedure_code="1.01", postal_stage="delivered") for day in range(1, 9)),
        returned("2026-03-02", "counter", procedure_code="1.02"),
        *(returned(f"2026-04-0{day}", "post", procedure_code="2.01", postal_stage="undelivered") for day in range(1, 3)),
        *(returned(f"2025-03-0{day}", "post", procedure_code="1.01") for day in range(1, 5)),
        received("2024-12-31"),
    ]
    return province(tmp_path, dossiers, listings=LISTINGS)


def test_the_funnel_counts_listed_procedures_and_nothing_else(data: Data) -> None:
    drawing = drawn(data, "procedures.funnel")
    assert "1 trong 3 thủ tục của danh mục (33,3%) có phát sinh qua bưu chính, 1 có trả kết quả" == drawing.title
    assert [3, 2, 1, 0, 1] == bar_values(drawing)


def test_the_stages_end_with_what_arrived(data: Data) -> None:
    drawing = drawn(data, "procedures.stages")
    assert "10 trong 11 hồ sơ có kết quả (90,9%) đăng ký nhận qua bưu chính; 80,0% số đã gửi được phát, 2 bị chuyển hoàn" == drawing.title
    assert [11, 10, 10, 8] == bar_values(drawing)


def test_few_procedures_make_four_fifths(data: Data) -> None:
    """Births make 8 of 10: one of the two procedures with results by post is enough."""
    drawing = drawn(data, "procedures.pareto")
    assert "Riêng một thủ tục tạo ra 80,0% kết quả trả qua bưu chính: Đăng ký khai sinh" == drawing.title
    assert [("Đăng ký khai sinh", 8, 0.8), ("Cấp giấy phép xây dựng", 2, 1.0)] == cells(drawing, "procedure_name", "returned_by_post", "share")


def test_evenly_spread_results_are_called_even(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post", procedure_code=code) for code in ("1.01", "1.02", "2.01")])
    assert "Kết quả trả qua bưu chính trải đều: cần 3 trong 3 thủ tục mới đủ 80%" == drawn(data, "procedures.pareto").title


def test_a_single_procedure_is_not_called_few(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post")])
    assert "Mọi kết quả trả qua bưu chính (1) là của một thủ tục: Đăng ký khai sinh" == drawn(data, "procedures.pareto").title


def test_sectors_are_ranked_and_lead_to_their_filter(data: Data) -> None:
    drawing = drawn(data, "procedures.sectors")
    assert "Lĩnh vực Hộ tịch trả qua bưu chính nhiều nhất: 8 kết quả, 80,0% tổng số" == drawing.title
    assert [8, 2] == bar_values(drawing)
    assert ("Hộ tịch", "/thu-tuc?ky=2026&lv=HT") == cells(drawing, "sector_name", "link")[0]


def test_the_sectors_without_any_are_counted(data: Data) -> None:
    drawing = drawn(data, "procedures.sectors", "ky=2026&sx=-received_by_post")
    assert drawing.is_empty
    assert "Chưa phát sinh hồ sơ tiếp nhận qua bưu chính" == drawing.title


def test_idle_procedures_are_of_two_kinds_that_are_not_merged(data: Data) -> None:
    drawing = drawn(data, "procedures.idle")
    assert "2 trong 3 thủ tục của danh mục (66,7%) chưa phát sinh qua bưu chính: 1 có hồ sơ bằng hình thức khác, 1 không có hồ sơ nào" == drawing.title
    assert [("1.02", "Hình thức khác"), ("9.01", "Không có hồ sơ")] == cells(drawing, "procedure_code", "kind_name")
    assert ["2", "1", "1"] == [choice.count for choice in drawing.choices]


def test_one_table_of_the_page_can_be_searched_at_a_time(data: Data) -> None:
    """The box, the order and the page stand once in the address."""
    for query, searched in (("ky=2026", "procedures.volumes"), ("ky=2026&tinh=no_dossier", "procedures.idle")):
        found = [address for address in CARDS if (table := drawn(data, address, query).table) is not None and table.interactive]
        assert [searched] == found


def test_a_chosen_kind_of_idleness_shows_only_its_rows(data: Data) -> None:
    drawing = drawn(data, "procedures.idle", "ky=2026&tinh=no_dossier")
    assert [("9.01",)] == cells(drawing, "procedure_code")
    assert ["Không có hồ sơ nào"] == [choice.label for choice in drawing.choices if choice.is_set]


def test_the_idle_list_of_the_demo_is_searched_without_diacritics_and_paged(demo_url: str) -> None:
    data = open_data(demo_url)
    query = "ky=2026&tinh=no_dossier,other_channels"
    table = drawn(data, "procedures.idle", query).table
    assert table is not None
    whole = select(table, TableState.from_query(query))
    assert whole.found > 1_500
    assert whole.pages == -(-whole.found // 100)
    invented = select(table, TableState.from_query(query + "&tim=minh hoa 12"))
    assert 0 < invented.found < whole.found
    assert all("minh họa 12" in str(row["procedure_name"]) or "12" in str(row["procedure_code"]) for row in invented.rows)


def test_every_procedure_stands_in_the_table_with_the_total_of_everything(data: Data) -> None:
    drawing = drawn(data, "procedures.volumes")
    assert "2 trong 3 thủ tục có hồ sơ đã dùng bưu chính; trả nhiều nhất: Đăng ký khai sinh (8 kết quả)" == drawing.title
    assert [("1.01", 8, 8, 4), ("2.01", 2, 2, 2), ("1.02", 1, 0, 0), ("9.01", 0, 0, 0)] == cells(
        drawing, "procedure_code", "returned", "returned_by_post", "change"
    )
    assert drawing.table is not None
    assert drawing.table.total is not None
    assert (11, 10, 6) == tuple(drawing.table.total[name] for name in ("returned", "returned_by_post", "change"))


def test_one_procedure_speaks_for_itself(data: Data) -> None:
    title = drawn(data, "procedures.volumes", "ky=2026&tt=1.01").title
    assert "Đăng ký khai sinh: 8 trong 8 kết quả trả qua bưu chính, tăng 4 kết quả (+100%) so với cùng kỳ năm trước" == title
    assert "Thủ tục này nằm trong danh mục bưu chính và đã phát sinh qua bưu chính trong kỳ" == drawn(data, "procedures.funnel", "ky=2026&tt=1.01").title
    assert "Thủ tục này chưa phát sinh qua bưu chính trong kỳ" == drawn(data, "procedures.idle", "ky=2026&tt=9.01").title


def test_what_goes_by_post_off_the_list_is_told(data: Data) -> None:
    drawing = drawn(data, "procedures.outside")
    assert "1 thủ tục ngoài danh mục vẫn dùng bưu chính: 0 hồ sơ tiếp nhận, 2 kết quả trả" == drawing.title
    assert [("2.01", 2)] == cells(drawing, "procedure_code", "returned_by_post")


def test_nothing_off_the_list_is_good_news_only_where_something_went_by_post(data: Data) -> None:
    assert "Mọi hồ sơ qua bưu chính đều thuộc thủ tục trong danh mục" == drawn(data, "procedures.outside", "ky=2026-03").title
    assert "Chưa phát sinh hồ sơ qua bưu chính" == drawn(data, "procedures.outside", "ky=2026-06").title


def test_dossiers_by_post_without_a_procedure_are_no_procedure(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", "post", procedure_code=None)], listings=LISTINGS)
    assert "Có hồ sơ qua bưu chính không ghi thủ tục: 1 hồ sơ tiếp nhận, 0 kết quả trả" == drawn(data, "procedures.outside").title


def test_without_a_postal_list_the_cards_about_it_say_which_relation_is_missing(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post")])
    for address in ("procedures.funnel", "procedures.idle", "procedures.outside"):
        with pytest.raises(RelationAbsent) as absent:
            drawn(data, address)
        assert "agency_procedures" in absent.value.sentence
    assert "Đăng ký khai sinh: 1 trong 1 kết quả trả qua bưu chính" == drawn(data, "procedures.volumes").title


def test_without_the_postal_stage_the_card_says_so(tmp_path: Path) -> None:
    drawing = drawn(province(tmp_path, [returned("2026-03-02", "post")], without=("dossiers.postal_stage",)), "procedures.stages")
    assert drawing.is_empty
    assert "Cơ sở dữ liệu này không ghi chặng đường bưu chính của kết quả" == drawing.title


def test_a_period_without_data_says_so_on_every_card(data: Data) -> None:
    for address in CARDS:
        drawing = drawn(data, address, "ky=2030")
        assert drawing.is_empty
        assert "Năm 2030 chưa có số liệu" == drawing.title


def test_an_unknown_agency_comes_up_empty_on_every_card(data: Data) -> None:
    for address in CARDS:
        drawing = drawn(data, address, "ky=2026&dv=KHONG-CO")
        assert drawing.is_empty, address


def test_a_bar_leads_to_its_procedure(data: Data) -> None:
    figure = drawn(data, "procedures.pareto").figure
    assert figure is not None
    assert ["/thu-tuc?ky=2026&tt=1.01", "/thu-tuc?ky=2026&tt=2.01"] == figure["data"][0]["customdata"]


def test_a_code_that_needs_escaping_leads_to_the_same_filter_as_a_plain_one(tmp_path: Path) -> None:
    odd = ("a,b", "c&d=e", "f g", "CODE", "-x", "ắ")
    data = province(tmp_path, [returned("2026-03-02", "post", procedure_code=code) for code in odd])
    links = dict(cells(drawn(data, "procedures.volumes"), "procedure_code", "link"))
    assert {code: (code,) for code in odd} == {code: Filters.from_query(str(link).partition("?")[2]).procedures for code, link in links.items()}
