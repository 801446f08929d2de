"""The page “Dữ liệu và cách tính”."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.cards import Asked, Drawing
from dashboard.pages import definitions
from dashboard.tables import STATE_KEYS, TableState, select
from queries import contract, metrics
from queries.counting import Rules
from queries.data import Answers, Data, open_data
from queries.filters import KEYS, Filters
from tests.queries.hand import province, received, returned


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return province(tmp_path_factory.mktemp("hand"), [received("2026-01-05"), received("2026-02-06"), returned("2026-03-07", "post")])


@pytest.fixture(scope="module")
def demo(demo_url: str) -> Data:
    return open_data(demo_url)


def drawn(data: Data, address: str, query: str = "") -> Drawing:
    card = next(card for card in definitions.PAGE.cards if card.address == address)
    return card.drawing(Asked(data, Filters.from_query(query), TableState.from_query(query), definitions.PAGE.path))


def cells(data: Data, address: str) -> list[list[str]]:
    table = drawn(data, address).table
    assert table is not None
    return [[column.show(row.get(column.key)) for column in table.columns] for row in table.rows]


def test_the_state_tells_the_date_of_the_data_and_the_number_of_dossiers(hand: Data) -> None:
    assert "Số liệu đến 30/06/2026: 3 hồ sơ từ 05/01/2026" == drawn(hand, "data.state").title
    facts = {line[0]: line[1] for line in cells(hand, "data.state")}
    assert facts["Nạp lúc"].startswith("– (")
    assert facts["Hình thức không ghi nhận"].startswith("để riêng một dòng (")


def test_made_up_data_are_called_so(demo: Data) -> None:
    assert drawn(demo, "data.state").title.endswith("là dữ liệu minh họa")


def test_a_switch_of_counting_is_told(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05")], rules=Rules(missing_channel_as_counter=True))
    assert any(line[1].startswith("tính là trực tiếp (") for line in cells(data, "data.state"))


def test_a_source_given_as_a_path_shows_no_folders_of_the_server(hand: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand.source, "name", "/srv/bi-mat/xuat-du-lieu/")
    said = " ".join(" ".join(line) for line in cells(replace(hand, answers=Answers()), "data.state"))
    assert "xuat-du-lieu" in said
    assert "bi-mat" not in said


def test_the_gravest_findings_stand_first(demo: Data) -> None:
    words = [line[0] for line in cells(demo, "data.check")]
    order = ["Lỗi", "Cảnh báo", "Ghi chú", "Đạt"]
    assert sorted(words, key=order.index) == words
    warnings = words.count("Cảnh báo")
    assert warnings > 0, "the demo has a handful of faults for the check to find"
    assert f"Số liệu dùng được, có {warnings} cảnh báo trong {len(words)} điều kiểm tra" == drawn(demo, "data.check").title


def test_data_with_an_error_are_called_not_usable(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05", dossier_id="D"), received("2026-01-06", dossier_id="D")])
    assert drawn(data, "data.check").title.startswith("Số liệu chưa dùng được: 1 lỗi")


def test_a_missing_relation_is_named_with_what_it_switches_off(hand: Data) -> None:
    drawing = drawn(hand, "data.relations")
    expected = "Cơ sở dữ liệu này không có 4 trong 10 bảng: danh mục thủ tục thực hiện qua bưu chính, điểm phục vụ bưu chính, "
    assert drawing.title.startswith(expected)
    lines = {line[1]: line for line in cells(hand, "data.relations")}
    assert ["không có", "không bắt buộc"] == lines["coverage"][2:4]
    assert "không phân biệt được “chưa phát sinh” với “chưa có số liệu”" == lines["coverage"][5]
    assert {table.name for table in contract.RELATIONS} == set(lines)


def test_with_all_relations_nothing_is_switched_off(demo: Data) -> None:
    assert "Cơ sở dữ liệu có đủ 10 bảng: không tính năng nào bị tắt" == drawn(demo, "data.relations").title


def test_every_relation_of_the_contract_has_a_name_for_readers() -> None:
    assert {table.name for table in contract.RELATIONS} == set(definitions.RELATIONS)


def test_every_metric_stands_with_numerator_denominator_and_source(hand: Data) -> None:
    lines = {line[0]: line for line in cells(hand, "data.metrics")}
    assert [metric.label for metric in metrics.ALL] == list(lines)
    rate = lines["Tỷ lệ trả kết quả qua bưu chính"]
    assert ["kết quả trả qua bưu chính", "kết quả đã trả có ghi nhận hình thức", "ngày trả kết quả", "%", "QĐ 45/2016/QĐ-TTg, Điều 5"] == rate[2:]
    assert "–" == lines["Hồ sơ tiếp nhận"][3]


def test_divided_units_and_re_used_codes_are_named(hand: Data) -> None:
    drawing = drawn(hand, "data.organisation")
    assert "3 đơn vị và 4 địa bàn có bên kế thừa (01/03/2025 và 01/07/2025); số liệu cũ của 5 bên cộng được về hiện nay" == drawing.title
    assert drawing.lines[0].endswith("vẫn hiện dưới tên cũ: UBND huyện Tam Đường và Huyện Tam Đường.")
    assert "2 mã địa bàn được dùng lại" in drawing.lines[1]


def test_successions_are_searched_without_diacritics(demo: Data) -> None:
    drawing = drawn(demo, "data.organisation", "tim=chan nua")
    assert drawing.table is not None
    found = select(drawing.table, TableState.from_query("tim=chan nua")).rows
    assert [("Xã Chăn Nưa", "Xã Lê Lợi", "Xã Lê Lợi")] == [(row["predecessor_name"], row["successor_names"], row["code_now_of"]) for row in found]


def test_without_successions_the_card_says_so(tmp_path: Path) -> None:
    drawing = drawn(province(tmp_path, [received("2026-01-05")], successions=None), "data.organisation")
    assert drawing.is_empty
    assert "Chưa ghi nhận lần sắp xếp tổ chức nào" == drawing.title


def test_every_key_of_an_address_is_explained(hand: Data) -> None:
    assert [*KEYS, *STATE_KEYS] == [line[0] for line in cells(hand, "data.keys")]
    assert "Bộ lọc đang dùng viết là: dv=STP&ky=2026" == drawn(hand, "data.keys", "ky=2026&dv=STP").lines[0]


@pytest.mark.parametrize("address", [card.address for card in definitions.PAGE.cards if card.address != "data.keys"])
def test_filters_change_nothing_here(address: str, hand: Data) -> None:
    assert drawn(hand, address) == drawn(hand, address, "ky=2027&dv=LA")
