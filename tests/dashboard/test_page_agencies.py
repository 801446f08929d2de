"""Cơ quan, đơn vị: ranking and one unit's own page in a province that can be counted on the fingers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.cards import Asked, Drawing
from dashboard.pages import CARDS
from dashboard.tables import TableState
from queries.counting import Rules
from queries.data import Data, open_data
from queries.filters import Filters
from tests.queries.hand import province, received, returned

LISTINGS = ({"agency_code": "STP", "procedure_code": "1.01"}, {"agency_code": "STP", "procedure_code": "1.02"})


def _draw(address: str, data: Data, query: str = "") -> Drawing:
    return CARDS[address].drawing(Asked(data, Filters.from_query(query), TableState.from_query(query), path="/don-vi"))


def _cells(drawing: Drawing, key: str) -> dict[str, dict[str, str]]:
    assert drawing.table is not None
    columns = drawing.table.columns
    return {str(row[key]): {column.label: column.show(row.get(column.key)) for column in columns} for row in drawing.table.rows}


def _bars(drawing: Drawing) -> dict[str, float]:
    assert drawing.figure is not None
    trace = drawing.figure["data"][0]
    return {words.partition("<br>")[0]: length for words, length in zip(trace["hovertext"], trace["x"], strict=True)}


def _many(count: int, channel: str | None, day: str = "2026-03-03", **more: Any) -> list[dict[str, Any]]:
    return [returned(day, channel, **more) for _ in range(count)]


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """By post STP 15 of 30, SKHCN 5 of 20, X-BL 3 of 4 and X-LL 0 of 25; one result without an agency; a year earlier STP 10."""
    dossiers = [
        *_many(15, "post"),
        *_many(15, "counter"),
        *_many(5, "post", agency_code="SKHCN", procedure_code="2.01"),
        *_many(15, "counter", agency_code="SKHCN"),
        *_many(3, "post", agency_code="X-BL"),
        *_many(1, "counter", agency_code="X-BL"),
        *_many(25, "counter", agency_code="X-LL"),
        *_many(1, "post", agency_code=None),
        *_many(10, "post", "2025-03-03"),
        received("2024-12-02"),
        received("2026-05-04", "post", due_at="2026-06-19"),
        received("2026-05-04", due_at="2026-07-02", agency_code="SKHCN"),
    ]
    return province(tmp_path, dossiers, listings=LISTINGS)


def test_the_ranking_names_the_first_unit_and_its_share(data: Data) -> None:
    assert "Sở Tư pháp trả nhiều nhất qua bưu chính: 15 trong 24 kết quả (62,5%)" == _draw("agencies.volumes", data).title


def test_the_ranking_follows_what_the_table_is_sorted_by(data: Data) -> None:
    drawing = _draw("agencies.volumes", data, "sx=-postal_return_rate")
    assert "Sở Tư pháp có tỷ lệ trả qua bưu chính cao nhất: 50,0%, trong 2 đơn vị có trả qua bưu chính và có từ 20 kết quả" == drawing.title
    assert {"Sở Tư pháp": 50.0, "Sở Khoa học và Công nghệ": 25.0} == _bars(drawing)
    by_receipt = _draw("agencies.volumes", data, "sx=-postal_receipt_rate").title
    assert "Sở Tư pháp có tỷ lệ tiếp nhận qua bưu chính cao nhất: 3,2%, trong 1 đơn vị có tiếp nhận qua bưu chính và có từ 20 hồ sơ" == by_receipt
    assert ["Tỷ lệ trả kết quả qua bưu chính"] == [choice.label for choice in drawing.choices if choice.is_set]


def test_the_report_per_unit_has_its_columns_and_reasons(data: Data) -> None:
    rows = _cells(_draw("agencies.volumes", data), "agency_name")
    assert ("2", "1", "15", "50,0%", "+5", "1", "") == tuple(
        rows["Sở Tư pháp"][name]
        for name in ("TTHC trong danh mục", "TTHC có phát sinh", "Trả qua BCCI", "% trả", "Trả qua BCCI so cùng kỳ năm trước", "Xếp hạng", "Ghi chú")
    )
    assert ("–", "–", "ít hồ sơ") == tuple(rows["UBND xã Bình Lư"][name] for name in ("% trả", "Trả qua BCCI so cùng kỳ năm trước", "Ghi chú"))
    assert ("0%", "–", "chưa trả qua bưu chính") == tuple(rows["UBND xã Lê Lợi"][name] for name in ("% trả", "Xếp hạng", "Ghi chú"))
    assert "1" == rows["chưa gán đơn vị"]["Trả qua BCCI"]


def test_units_that_ended_before_the_period_are_not_ranked_but_counted_in_the_note(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2024-01-01"), *_many(4, "post", "2025-02-03", agency_code="STTTT"), *_many(3, "post")])
    drawing = _draw("agencies.volumes", data)
    assert "Sở Thông tin và Truyền thông" not in _cells(drawing, "agency_name")
    assert "1 đơn vị đã kết thúc trước kỳ này" in drawing.note
    assert drawing.table is not None
    assert drawing.table.total is not None
    assert (3, -1) == (drawing.table.total["returned_by_post"], drawing.table.total["change"])


def test_equal_units_share_a_rank(tmp_path: Path) -> None:
    rows = _cells(
        _draw("agencies.volumes", province(tmp_path, [*_many(2, "post"), *_many(2, "post", agency_code="SKHCN"), *_many(1, "post", agency_code="X-BL")])),
        "agency_name",
    )
    assert ["1", "1", "3"] == [rows[name]["Xếp hạng"] for name in ("Sở Khoa học và Công nghệ", "Sở Tư pháp", "UBND xã Bình Lư")]


def test_every_bar_and_row_leads_to_the_units_own_page(data: Data) -> None:
    drawing = _draw("agencies.volumes", data, "ky=2026")
    assert drawing.figure is not None
    assert drawing.table is not None
    assert "/don-vi?dv=STP&ky=2026" == drawing.figure["data"][0]["customdata"][0] == drawing.table.rows[0]["link"]
    assert "/don-vi?dv=-&ky=2026" in [row["link"] for row in drawing.table.rows]


def test_one_unit_has_one_row_without_a_rank(data: Data) -> None:
    drawing = _draw("agencies.volumes", data, "dv=STP")
    assert "Sở Tư pháp tiếp nhận qua bưu chính 1 trong 31 hồ sơ, trả qua bưu chính 15 trong 30 kết quả" == drawing.title
    assert "Xếp hạng" not in _cells(drawing, "agency_name")["Sở Tư pháp"]


def test_a_unit_stands_beside_the_province_and_its_level(data: Data) -> None:
    drawing = _draw("agencies.unit", data, "dv=STP")
    assert (
        "Sở Tư pháp trả 50,0% số kết quả qua bưu chính, cao hơn 20,0 điểm % so với toàn tỉnh (30,0%); "
        "đứng thứ 1 trong 2 đơn vị sở, ban, ngành cấp tỉnh có từ 20 kết quả"
    ) == drawing.title
    words = {kpi.label: (kpi.value, kpi.target) for kpi in drawing.kpis}
    assert ("50,0%", "toàn tỉnh 30,0% · sở, ban, ngành cấp tỉnh 40,0%") == words["Tỷ lệ trả kết quả qua bưu chính"]
    assert ("15", "trong 30 kết quả đã trả") == words["Trả kết quả qua bưu chính"]


def test_peers_are_drawn_with_province_and_level_and_few_cases_are_not(data: Data) -> None:
    assert {"Sở Tư pháp": 50.0, "Sở, ban, ngành cấp tỉnh": 40.0, "Toàn tỉnh": 30.0, "Sở Khoa học và Công nghệ": 25.0} == _bars(
        _draw("agencies.unit", data, "dv=STP")
    )
    assert "UBND xã Bình Lư" not in _bars(_draw("agencies.unit", data, "dv=X-LL"))


def test_a_unit_with_few_results_is_not_compared(data: Data) -> None:
    assert "UBND xã Bình Lư trả qua bưu chính 3 trong 4 kết quả: quá ít để so sánh tỷ lệ" == _draw("agencies.unit", data, "dv=X-BL").title


def test_how_few_results_are_too_few_is_what_the_province_sets(data: Data) -> None:
    """X-BL has 4 results: enough from 4 on. STP has 30: too few below 31."""
    title = _draw("agencies.unit", replace(data, rules=Rules(minimum_n=4)), "dv=X-BL").title
    assert title.startswith("UBND xã Bình Lư trả 75,0% số kết quả qua bưu chính, cao hơn 45,0 điểm % so với toàn tỉnh (30,0%); đứng thứ 1 trong 2 đơn vị")
    assert title.endswith("có từ 4 kết quả")
    drawing = _draw("agencies.unit", replace(data, rules=Rules(minimum_n=31)), "dv=STP")
    assert "Sở Tư pháp trả qua bưu chính 15 trong 30 kết quả: quá ít để so sánh tỷ lệ" == drawing.title
    assert "Tỷ lệ dưới 31 hồ sơ ghi “–”." in drawing.note


def test_without_a_unit_the_levels_are_compared(data: Data) -> None:
    drawing = _draw("agencies.unit", data)
    assert "Toàn tỉnh trả 30,0% số kết quả qua bưu chính: sở, ban, ngành cấp tỉnh cao nhất (40,0%), cấp xã thấp nhất (10,3%)" == drawing.title
    assert ["Sở, ban, ngành cấp tỉnh", "Toàn tỉnh", "Cấp xã"] == list(_bars(drawing))


def test_the_heat_map_tells_no_data_from_nothing(tmp_path: Path) -> None:
    dossiers = [received("2024-01-01"), *_many(2, "post", "2026-05-05"), *_many(1, None, "2026-06-05"), *_many(1, "counter", "2026-05-05", agency_code="X-BL")]
    drawing = _draw("agencies.months", province(tmp_path, dossiers))
    assert drawing.figure is not None
    trace = drawing.figure["data"][1]
    assert ["2", "?"] == trace["text"][0][-2:]
    assert (2.0, None) == tuple(trace["z"][0][-2:])
    rows = _cells(drawing, "agency_name")
    assert ("–", "0", "0") == tuple(rows["UBND xã Bình Lư"][name] for name in ("6/2025", "7/2025", "5/2026"))


def test_a_unit_that_ended_stays_in_the_table_and_leaves_the_heat_map(tmp_path: Path) -> None:
    drawing = _draw("agencies.months", province(tmp_path, [received("2024-01-01"), *_many(9, "post", "2025-01-06", agency_code="STTTT"), *_many(1, "post")]))
    assert drawing.figure is not None
    assert ["Sở Tư pháp"] == drawing.figure["layout"]["yaxis"]["ticktext"]
    assert "9" == _cells(drawing, "agency_name")["Sở Thông tin và Truyền thông"]["Cộng"]


def test_months_say_how_many_units_returned_by_post(data: Data) -> None:
    assert "Tháng 3/2026 có 3 đơn vị trả kết quả qua bưu chính" == _draw("agencies.months", data, "ky=2026-03").title
    assert "Tháng 6/2026 chưa đơn vị nào trả kết quả qua bưu chính" == _draw("agencies.months", data).title


def test_results_without_an_agency_are_said_to_have_no_row(data: Data) -> None:
    assert "1 kết quả chưa gán đơn vị hoặc của đơn vị ngoài danh mục không có hàng." in _draw("agencies.months", data).note


def test_one_unit_has_a_line_that_begins_with_its_life(data: Data) -> None:
    drawing = _draw("agencies.months", data, "dv=X-BL")
    assert "UBND xã Bình Lư trả qua bưu chính trong 1 của 1 tháng có kết quả trả, gần nhất là tháng 3/2026" == drawing.title
    rows = _cells(drawing, "name")
    assert ("–", "0") == (rows["6/2025"]["Trả qua bưu chính (kết quả)"], rows["7/2025"]["Trả qua bưu chính (kết quả)"])


def test_procedures_name_the_most_returned_and_count_the_idle_ones(data: Data) -> None:
    drawing = _draw("agencies.procedures", data)
    assert "2 thủ tục của toàn tỉnh có trả kết quả qua bưu chính, nhiều nhất là “Đăng ký khai sinh” (19 trong 24)" == drawing.title
    assert (
        "Trong 2 thủ tục của danh mục bưu chính, 1 thủ tục có phát sinh qua bưu chính, 1 chưa phát sinh.",
        "1 thủ tục có phát sinh qua bưu chính nhưng không nằm trong danh mục.",
    ) == drawing.lines
    rows = _cells(drawing, "procedure_name")
    assert ("có", "có", "không") == tuple(rows[name]["Danh mục bưu chính"] for name in ("Đăng ký khai sinh", "Đăng ký kết hôn", "Cấp giấy phép xây dựng"))


def test_late_dossiers_are_counted_by_agency_or_by_procedure_of_one_agency(data: Data) -> None:
    every, one = _draw("agencies.overdue", data), _draw("agencies.overdue", data, "dv=STP")
    assert "1 trong 3 hồ sơ đang giải quyết đã quá hạn" == every.title
    assert ("1", "1", "0") == tuple(_cells(every, "name")["Sở Tư pháp"][name] for name in ("Quá hạn", "Quá hạn 11–30 ngày", "Đến hạn trong 3 ngày"))
    assert "1" == _cells(every, "name")["Sở Khoa học và Công nghệ"]["Đến hạn trong 3 ngày"]
    assert ["Đăng ký khai sinh"] == list(_cells(one, "name"))


def test_nothing_late_is_said_with_what_falls_due_next(data: Data) -> None:
    assert "Không có hồ sơ quá hạn trong 1 hồ sơ đang giải quyết; 1 hồ sơ đến hạn trong 3 ngày" == _draw("agencies.overdue", data, "dv=SKHCN").title


def test_no_open_dossier_and_an_unknown_unit_are_different(data: Data) -> None:
    assert "Không có hồ sơ nào đang giải quyết tại ngày 30/06/2026" == _draw("agencies.overdue", data, "dv=X-BL").title
    assert "Không có hồ sơ đang giải quyết: mã «KHONG-CO» không có trong danh mục" == _draw("agencies.overdue", data, "dv=KHONG-CO").title


@pytest.mark.parametrize("address", ["agencies.unit", "agencies.volumes", "agencies.months", "agencies.procedures"])
@pytest.mark.parametrize(("query", "words"), [("ky=2030", "chưa có số liệu"), ("dv=KHONG-CO", "«KHONG-CO»"), ("dv=HTD", "đã kết thúc ngày 30/06/2025")])
def test_a_card_without_figures_says_why(data: Data, address: str, query: str, words: str) -> None:
    drawing = _draw(address, data, query)
    assert drawing.is_empty
    assert words in drawing.title


@pytest.mark.slow
def test_in_the_demo_the_total_of_the_table_is_the_total_of_the_overview(demo_url: str) -> None:
    data = open_data(demo_url)
    table, totals = _draw("agencies.volumes", data).table, CARDS["overview.totals"].answer(data, Filters()).set_index("key")["value"]
    assert table is not None
    assert table.total is not None
    for key in ("received", "received_by_post", "returned", "returned_by_post"):
        assert totals[key] == table.total[key] == sum(row[key] for row in table.rows)
    assert totals["postal_return_rate"] == pytest.approx(table.total["postal_return_rate"])
