"""Tổng quan: sentences and figures of a province that can be counted on the fingers, and sums in the demo."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.targets import UNCONFIRMED, Target
from dashboard.cards import Asked, Drawing
from dashboard.pages import CARDS
from queries.data import Data, open_data
from queries.filters import Filters
from tests.queries.hand import SUCCESSIONS, province, received, returned

TARGET = Target("postal_return_rate", 0.5, date(2017, 1, 1), None, "văn bản nào đó", confirmed=False)


def _draw(address: str, data: Data, query: str = "", targets: tuple[Target, ...] = ()) -> Drawing:
    return CARDS[address].drawing(Asked(data, Filters.from_query(query), targets=targets))


def _kpis(drawing: Drawing) -> dict[str, tuple[str, str]]:
    return {kpi.label: (f"{kpi.value} {kpi.unit}".strip(), kpi.change) for kpi in drawing.kpis}


def _cells(drawing: Drawing) -> list[dict[str, str]]:
    assert drawing.table is not None
    return [{column.label: column.show(row.get(column.key)) for column in drawing.table.columns} for row in drawing.table.rows]


def _many(count: int, day: str, channel: str | None, **more: Any) -> list[dict[str, Any]]:
    return [returned(day, channel, **more) for _ in range(count)]


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """STP: 12 of 24 by post in 2026, 6 of 30 the year before; X-BL, born in July 2025: 2 results by counter; data to 30 June 2026."""
    dossiers = [
        *_many(6, "2025-03-03", "post"),
        *_many(24, "2025-03-04", "counter"),
        *_many(12, "2026-03-03", "post", procedure_code="2.01"),
        *_many(12, "2026-04-03", "counter"),
        *_many(2, "2026-04-06", "counter", agency_code="X-BL"),
        received("2024-12-02", "counter"),
        received("2025-03-05", "post"),
        received("2026-06-01", "post"),
        received("2026-06-02", "post"),
        received("2026-06-03", "online", due_at="2026-06-29"),
    ]
    return province(tmp_path, dossiers)


def test_the_headline_says_what_was_returned_and_received_and_how_it_moved(data: Data) -> None:
    drawing = _draw("overview.totals", data)
    expected = "Toàn tỉnh trả 12 kết quả qua bưu chính, tăng 6 kết quả (+100%) so với cùng kỳ năm trước; tiếp nhận 2 hồ sơ qua bưu chính, tăng 1 hồ sơ (+100%)"
    assert expected == drawing.title
    assert "01/01/2025–30/06/2025" in drawing.subtitle


def test_ratios_change_in_points_and_stocks_name_their_day(data: Data) -> None:
    kpis = _kpis(_draw("overview.totals", data))
    assert ("46,2%", "tăng 26,2 điểm %") == kpis["Tỷ lệ trả kết quả qua bưu chính"]
    assert ("1 hồ sơ", "tại ngày 30/06/2026") == kpis["Hồ sơ quá hạn"]


def test_what_the_database_does_not_have_is_a_dash(data: Data) -> None:
    kpis = _kpis(_draw("overview.totals", data))
    assert ("–", "") == kpis["Mức độ an toàn"] == kpis["Thủ tục có phát sinh qua bưu chính"]


def test_a_target_says_how_many_are_lacking_and_that_it_is_not_confirmed(data: Data) -> None:
    words = {kpi.label: kpi.target for kpi in _draw("overview.totals", data, targets=(TARGET,)).kpis}
    assert f"Chỉ tiêu 50%: còn thiếu 1 kết quả ({UNCONFIRMED})" == words["Tỷ lệ trả kết quả qua bưu chính"]
    assert "" == words["Tỷ lệ tiếp nhận qua bưu chính"]


def test_a_reached_target_says_so(data: Data) -> None:
    low = Target("postal_return_rate", 0.4615, date(2017, 1, 1), None, "QĐ 1", confirmed=True)
    words = {kpi.label: kpi.target for kpi in _draw("overview.totals", data, targets=(low,)).kpis}
    assert "Chỉ tiêu 46,2%: đạt (QĐ 1)" == words["Tỷ lệ trả kết quả qua bưu chính"]


def test_a_target_counts_from_the_day_it_is_in_force(data: Data) -> None:
    later = Target("postal_return_rate", 0.5, date(2026, 1, 1), None, "QĐ 2", confirmed=True)
    assert not any(kpi.target for kpi in _draw("overview.totals", data, "ky=2025", targets=(later,)).kpis)


def test_a_ratio_of_few_cases_is_not_a_percentage(data: Data) -> None:
    assert ("–", "ít hồ sơ: 0/2") == _kpis(_draw("overview.totals", data, "dv=X-BL"))["Tỷ lệ trả kết quả qua bưu chính"]


def test_a_unit_born_between_the_periods_is_not_compared(data: Data) -> None:
    drawing = _draw("overview.totals", data, "dv=X-BL")
    assert "UBND xã Bình Lư chưa phát sinh hồ sơ tiếp nhận hay kết quả trả qua bưu chính" == drawing.title
    assert ("UBND xã Bình Lư (hoạt động từ 01/07/2025) không có đủ ngày trong kỳ so sánh 01/01/2025–30/06/2025: không tính tăng, giảm.",) == drawing.lines


def test_nothing_compared_leaves_the_change_out(data: Data) -> None:
    drawing = _draw("overview.totals", data, "ss=khong")
    assert "Toàn tỉnh trả 12 kết quả qua bưu chính; tiếp nhận 2 hồ sơ qua bưu chính" == drawing.title
    assert {""} == {kpi.change for kpi in drawing.kpis} - {"tại ngày 30/06/2026"}


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("ky=2030", "Năm 2030 chưa có số liệu"),
        ("dv=KHONG-CO", "Không có hồ sơ tiếp nhận hay kết quả đã trả: mã «KHONG-CO» không có trong danh mục"),
        ("dv=HTD&ky=2026", "UBND huyện Tam Đường đã kết thúc ngày 30/06/2025: không có số liệu trong kỳ này"),
        ("dv=SKHCN", "Chưa phát sinh hồ sơ tiếp nhận hay kết quả đã trả"),
    ],
)
def test_a_card_without_figures_says_why(data: Data, query: str, title: str) -> None:
    drawing = _draw("overview.totals", data, query)
    assert (title, True) == (drawing.title, drawing.is_empty)


def test_a_unit_without_a_feed_is_said_to_have_no_data(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-02-02")], coverage=({"agency_code": "STP", "covered_from": "2020-01-01", "covered_to": "2026-06-30"},))
    assert _draw("overview.totals", data, "dv=X-LL").title == "UBND xã Lê Lợi chưa có số liệu trong kỳ này: chưa có nguồn hồ sơ nào cập nhật đơn vị"


def test_months_compare_the_last_finished_month_with_the_same_month_a_year_before(data: Data) -> None:
    assert "Tháng 3/2026 trả 12 kết quả qua bưu chính, tăng 6 kết quả (+100%) so với tháng 3/2025; tiếp nhận 0 hồ sơ, giảm 1 hồ sơ (−100%)" == (
        _draw("overview.months", data, "ky=2026-03").title
    )


def test_the_unfinished_month_is_dashed_and_named_and_not_compared(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-05-04", "post"), received("2026-06-02", "post")], as_of="2026-06-10")
    drawing = _draw("overview.months", data)
    assert drawing.title.startswith("Tháng 5/2026 trả 0 kết quả qua bưu chính; tiếp nhận 1 hồ sơ")
    assert "tháng 6/2026 tính đến ngày 10/06/2026" in drawing.note
    assert "6/2026 (đến 10/06/2026)" == _cells(drawing)[-1]["Tháng"]
    assert drawing.figure is not None
    assert any(trace.get("line", {}).get("dash") == "4px,4px" for trace in drawing.figure["data"])


def test_reorganisations_are_marked_at_their_day(tmp_path: Path) -> None:
    ended = {"kind": "agency", "predecessor_code": "STP", "successor_code": "SKHCN", "effective_on": "2025-07-01"}
    assert SUCCESSIONS is not None
    data = province(tmp_path, [received("2024-01-02", "post"), received("2026-06-02", "post")], successions=(*SUCCESSIONS, ended))
    figure = _draw("overview.months", data).figure
    assert figure is not None
    assert [7.5, 11.5] == [shape["x0"] for shape in figure["layout"]["shapes"]]  # 7/2024 is month 0


def test_every_month_leads_to_itself(data: Data) -> None:
    figure = _draw("overview.months", data).figure
    assert figure is not None
    links = [link for trace in figure["data"] for link in trace.get("customdata", [])]
    assert links[-1] == "/?ky=2026-06"


def test_channels_say_whether_online_grows_while_post_shrinks(tmp_path: Path) -> None:
    earlier = [received("2025-02-03", "post") for _ in range(10)] + [received("2025-02-03", "online") for _ in range(10)]
    later = [received("2026-02-03", "post") for _ in range(5)] + [received("2026-02-03", "online") for _ in range(15)]
    data = province(tmp_path, [received("2024-01-02"), *earlier, *later])
    assert "12 tháng gần đây tiếp nhận trực tuyến tăng từ 50,0% lên 75,0%, trong khi bưu chính giảm từ 50,0% xuống 25,0% so với cùng kỳ năm trước" == (
        _draw("overview.channels", data).title
    )


def test_a_channel_that_was_not_recorded_is_its_own_column(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-06-02", None), received("2026-06-03", "post")])
    last = _cells(_draw("overview.channels", data))[-1]
    assert ("1", "0", "1") == (last["Bưu chính (hồ sơ)"], last["Trực tiếp (hồ sơ)"], last["Không ghi nhận (hồ sơ)"])


def test_drivers_name_who_moved_the_total(tmp_path: Path) -> None:
    dossiers = [*_many(3, "2025-03-03", "post"), *_many(1, "2025-03-03", "post", agency_code="SKHCN"), *_many(5, "2026-03-03", "post", agency_code="SKHCN")]
    drawing = _draw("overview.drivers", province(tmp_path, [*dossiers, received("2024-12-30")]))
    head = "Kết quả trả qua bưu chính của toàn tỉnh tăng 1 kết quả (+25,0%) so với cùng kỳ năm trước"
    assert f"{head}: tăng nhiều nhất ở Sở Khoa học và Công nghệ (+4), giảm nhiều nhất ở Sở Tư pháp (−3)" == drawing.title
    assert ("1 đơn vị tăng, cộng +4 kết quả; 1 đơn vị giảm, cộng −3 kết quả.",) == drawing.lines


def test_drivers_without_a_compared_period_say_what_to_choose(data: Data) -> None:
    drawing = _draw("overview.drivers", data, "ss=khong")
    assert drawing.is_empty
    assert "Cùng kỳ năm trước" in drawing.subtitle


def test_the_list_of_units_counts_each_verdict_and_links_to_it(data: Data) -> None:
    drawing = _draw("overview.best_and_zero", data)
    assert (
        "1 trong 4 đơn vị có trả kết quả qua bưu chính, nhiều nhất là Sở Tư pháp (12 kết quả); 1 đơn vị có trả kết quả nhưng chưa qua bưu chính"
        == drawing.title
    )
    found = {choice.label: (choice.count, choice.link) for choice in drawing.choices}
    assert ("1", "/chua-tra-qua-buu-chinh?tinh=not_by_post") == found["Chưa trả qua bưu chính"]
    assert ("2", "/chua-tra-qua-buu-chinh?tinh=no_result") == found["Không có kết quả trả"]


def test_one_unit_has_its_verdict_in_words(data: Data) -> None:
    assert "UBND xã Bình Lư trả 2 kết quả, chưa kết quả nào qua bưu chính" == _draw("overview.best_and_zero", data, "dv=X-BL").title


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "ky=2025", "cap=commune&ky=2026-Q3"])
def test_in_the_demo_the_steps_lead_from_one_total_to_the_other(demo_url: str, query: str) -> None:
    drawing = _draw("overview.drivers", open_data(demo_url), query)
    if drawing.is_empty:
        return
    assert drawing.figure is not None
    assert drawing.table is not None
    assert drawing.table.total is not None
    ups_and_downs = sum(row["change"] for row in drawing.table.rows)
    assert drawing.table.total["now"] - drawing.table.total["before"] == ups_and_downs
    names = [name for trace in drawing.figure["data"] for name in trace.get("hovertext", [])]
    assert not any(name.startswith("Khác") for name in names)


@pytest.mark.slow
@pytest.mark.parametrize(("query", "received_by_post"), [("ky=2018", "13.205 hồ sơ"), ("ky=2019-H1", "12.566 hồ sơ")])
def test_the_published_figures_stand_on_the_first_card(demo_url: str, query: str, received_by_post: str) -> None:
    drawing = _draw("overview.totals", open_data(demo_url), query)
    assert received_by_post == _kpis(drawing)["Tiếp nhận qua bưu chính"][0]
    assert "100%" == _kpis(drawing)["Mức độ an toàn"][0]
