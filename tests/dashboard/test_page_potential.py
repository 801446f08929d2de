"""The page “Tiềm năng”, worked by hand: what is listed and used, and how much more could go by post."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard import theme
from dashboard.cards import Asked, Drawing
from dashboard.pages import potential
from dashboard.tables import TableState, select
from queries.data import Data, open_data
from queries.errors import RelationAbsent
from queries.filters import Filters
from tests.queries.hand import completed, province, received, returned

AGENCIES = [
    {"agency_code": code, "agency_name": f"UBND xã {name}", "level": "commune"}
    for code, name in zip("ABCD", ("Mường Tè", "Pa Ủ", "Tà Tổng", "Mù Cả"), strict=True)
]
AGENCIES += [{"agency_code": "SO", "agency_name": "Sở Tư pháp", "level": "province"}]
LISTINGS = [{"agency_code": code, "procedure_code": "1.01"} for code in "ABC"] + [{"agency_code": "A", "procedure_code": "2.01"}]
SERVED = {"A": (20, 10), "B": (20, 6), "C": (20, 0), "D": (20, 4)}


def by(code: str, recorded: int, by_post: int, procedure: str = "1.01") -> list[dict[str, Any]]:
    return [returned("2026-03-02", "post" if place < by_post else "counter", agency_code=code, procedure_code=procedure) for place in range(recorded)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    dossiers = [dossier for code, (recorded, by_post) in SERVED.items() for dossier in by(code, recorded, by_post)]
    dossiers += [*by("SO", 5, 0, "1.02"), received("2024-01-05", agency_code="A")]
    return province(tmp_path_factory.mktemp("potential"), dossiers, agencies=AGENCIES, successions=None, listings=LISTINGS)


@pytest.fixture(scope="module")
def demo(demo_url: str) -> Data:
    return open_data(demo_url)


def drawn(data: Data, address: str, query: str = "ky=2026") -> Drawing:
    card = next(card for card in potential.PAGE.cards if card.address == address)
    return card.drawing(Asked(data, Filters.from_query(query), TableState.from_query(query), potential.PAGE.path))


def cells(drawing: Drawing, query: str = "") -> list[list[str]]:
    assert drawing.table is not None
    columns = drawing.table.columns
    return [[column.show(row.get(column.key)) for column in columns] for row in select(drawing.table, TableState.from_query(query)).rows]


def test_the_message_is_the_sum_of_the_gaps_beside_what_is_returned_already(data: Data) -> None:
    # the best of four communes returns 10 of 20 by post: B lacks 4, C lacks 10, D lacks 6
    assert "Nếu đạt tỷ lệ đối chiếu, toàn tỉnh có thêm 20 kết quả trả qua bưu chính, ngoài 20 kết quả đã trả" == drawn(data, "potential.pairs").title


def test_the_pairs_stand_by_their_gap_with_the_rate_to_reach(data: Data) -> None:
    lines = cells(drawn(data, "potential.pairs"))
    assert ["UBND xã Tà Tổng", "Đăng ký khai sinh", "có", "20", "20", "0", "0%", "50,0%", "cùng cấp", "10", "1.01"] == lines[0]
    assert ["UBND xã Mù Cả", "UBND xã Pa Ủ"] == [line[0] for line in lines[1:]]
    assert "không" == lines[1][2]


def test_pairs_without_enough_results_are_said_and_not_counted(data: Data) -> None:
    assert "1 cặp đơn vị – thủ tục với 5 kết quả không có đủ số liệu để đối chiếu, không tính." in drawn(data, "potential.pairs").lines


def test_the_pairs_are_searched_without_diacritics_and_chosen_by_kind(data: Data) -> None:
    assert ["UBND xã Pa Ủ"] == [line[0] for line in cells(drawn(data, "potential.pairs"), "tim=pa u")]
    choices = drawn(data, "potential.pairs").choices
    assert [("Còn khoảng trống", "3"), ("Có danh mục, có hồ sơ, chưa dùng", "1"), ("Có danh mục, không hồ sơ", "1"), ("Dùng ngoài danh mục", "1")] == [
        (choice.label, choice.count) for choice in choices
    ]
    for choice in choices:
        assert int(choice.count) == len(cells(drawn(data, "potential.pairs", choice.link.partition("?")[2])))


def test_both_ends_of_a_pair_lead_to_their_page(data: Data) -> None:
    table = drawn(data, "potential.pairs").table
    assert table is not None
    assert ("/don-vi?dv=C&ky=2026", "/thu-tuc?ky=2026&tt=1.01") == (table.rows[0]["agency_link"], table.rows[0]["procedure_link"])


@pytest.mark.parametrize("address", ["potential.units", "potential.procedures"])
def test_the_bars_add_up_to_the_message_of_the_page(address: str, data: Data, demo: Data) -> None:
    for source, query in ((data, "ky=2026"), (demo, "ky=2026-Q3")):
        table = drawn(source, address, query).table
        assert table is not None
        frame = potential.PAGE.cards[0].answer(source, Filters.from_query(query))
        assert int(frame["gap"].sum()) == sum(row["gap"] for row in table.rows)


def test_the_greatest_gaps_are_named_with_their_part(data: Data) -> None:
    units = drawn(data, "potential.units")
    assert "UBND xã Tà Tổng, UBND xã Mù Cả và UBND xã Pa Ủ: 100% khoảng trống (20 trong 20 kết quả)" == units.title
    assert units.figure is not None
    assert [10, 6, 4] == units.figure["data"][0]["x"]
    assert "Đăng ký khai sinh có thể trả thêm 20 kết quả qua bưu chính" == drawn(data, "potential.procedures").title


def test_an_agency_that_reaches_the_rate_has_no_gap_and_no_bars(data: Data) -> None:
    assert "Trong kỳ này không có thủ tục nào dưới tỷ lệ đối chiếu" == drawn(data, "potential.pairs", "ky=2026&dv=A").title
    assert drawn(data, "potential.units", "ky=2026&dv=A").figure is None


def test_too_few_results_for_a_rate_to_reach_are_said(data: Data) -> None:
    assert "Trong kỳ này quá ít kết quả có ghi hình thức trả để có tỷ lệ đối chiếu" == drawn(data, "potential.pairs", "ky=2026&dv=SO").title


def test_listed_used_and_idle_pairs_add_up(data: Data) -> None:
    drawing = drawn(data, "potential.kinds")
    assert "2 trong 3 cặp đơn vị – thủ tục có danh mục và có hồ sơ đã dùng bưu chính" == drawing.title
    assert [["Cấp xã", "2", "1", "1", "1", "5"]] == cells(drawing)
    assert drawing.figure is not None
    go.Figure(theme.finish(drawing.figure))


def test_a_dossier_with_a_result_not_handed_over_makes_a_pair_busy(tmp_path: Path) -> None:
    waiting = [received("2025-01-05", agency_code="A"), {**completed("2026-03-02", agency_code="A", procedure_code="2.01"), "received_at": "2025-12-30"}]
    data = province(tmp_path, waiting, agencies=AGENCIES, successions=None, listings=LISTINGS)
    assert ["Cấp xã", "0", "1", "3", "0", "4"] == cells(drawn(data, "potential.kinds"))[0]


def test_the_funnel_goes_from_the_list_to_the_people(data: Data) -> None:
    drawing = drawn(data, "potential.funnel")
    assert "Trong 4 cặp đơn vị – thủ tục của danh mục, 3 cặp có hồ sơ và 2 cặp có trả kết quả qua bưu chính" == drawing.title
    assert ["4", "3", "0", "2"] == [line[1] for line in cells(drawing)[:4]]
    assert ["–", "–", "0", "16"] == [line[3] for line in cells(drawing)[:4]]
    assert drawing.figure is not None
    assert "2 · 50,0% danh mục" == drawing.figure["data"][0]["text"][3]


def test_without_a_postal_stage_the_last_two_steps_are_unknown_and_not_0(tmp_path: Path) -> None:
    blind = province(tmp_path, by("A", 3, 3), agencies=AGENCIES, successions=None, listings=LISTINGS, without=("dossiers.postal_stage",))
    drawing = drawn(blind, "potential.funnel")
    assert ["–", "–"] == [line[1] for line in cells(drawing)[4:]]
    assert "không biết hai bước cuối" in drawing.note


def test_without_a_postal_list_the_gap_stays_and_the_list_is_asked_for(tmp_path: Path) -> None:
    dossiers = [dossier for code, (recorded, by_post) in SERVED.items() for dossier in by(code, recorded, by_post)]
    unlisted = province(tmp_path, dossiers, agencies=AGENCIES, successions=None, listings=None)
    drawing = drawn(unlisted, "potential.pairs")
    assert "thêm 20 kết quả" in drawing.title
    assert () == drawing.choices
    assert {"–"} == {line[2] for line in cells(drawing)}
    for address in ("potential.kinds", "potential.funnel"):
        with pytest.raises(RelationAbsent):
            drawn(unlisted, address)


@pytest.mark.parametrize("address", [card.address for card in potential.PAGE.cards])
def test_a_period_without_data_and_an_unknown_agency_are_empty_with_the_reason(address: str, data: Data) -> None:
    later, unknown = drawn(data, address, "ky=2027"), drawn(data, address, "ky=2026&dv=LA")
    assert later.is_empty
    assert "nằm sau ngày số liệu 30/06/2026" in later.subtitle
    assert unknown.is_empty
    assert "mã «LA» không có trong danh mục" in unknown.title


@pytest.mark.parametrize("query", ["lv=LA", "tt=LA", "lv=LA&tt=LA&dv=LA&cap=LA&db=LA&ht=LA", "lv=LA&tc=nhom", "tt=LA&tc=hien-nay"])
@pytest.mark.parametrize("address", [card.address for card in potential.PAGE.cards])
def test_filters_that_leave_nothing_are_words_and_no_fault(address: str, query: str, data: Data) -> None:
    drawing = drawn(data, address, f"ky=2026&{query}")
    assert drawing.is_empty
    assert drawing.title.startswith("Không có")
