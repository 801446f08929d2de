"""Biến động: splits that add up on the fingers, months and rates that are really different, and what is too small to say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config.events import load_events
from dashboard.cards import Asked, Drawing
from dashboard.pages import CARDS, event_marks
from dashboard.pages.change_words import points
from queries.data import Data, open_data
from queries.filters import Filters
from tests.queries.hand import province, received, returned

SPLITS = ("change.split", "change.by_procedure", "change.by_area", "change.by_channel")


def _draw(address: str, data: Data, query: str = "ky=2026") -> Drawing:
    return CARDS[address].drawing(Asked(data, Filters.from_query(query), path="/bien-dong"))


def _cells(drawing: Drawing) -> list[list[str]]:
    assert drawing.table is not None
    return [[column.show(row.get(column.key)) for column in drawing.table.columns] for row in drawing.table.rows]


def _total(drawing: Drawing) -> list[str]:
    assert drawing.table is not None
    assert drawing.table.total is not None
    return [column.show(drawing.table.total.get(column.key)) for column in drawing.table.columns]


def _many(count: int, day: str, channel: str = "post", **more: Any) -> list[dict[str, Any]]:
    return [returned(day, channel, **more) for _ in range(count)]


def _links(figure: Mapping[str, Any]) -> list[str]:
    return [link for trace in figure["data"] for link in trace.get("customdata") or () if link]


@pytest.fixture
def moved(tmp_path: Path) -> Data:
    """By post in the first halves of 2025 and 2026: STP 6 and 10; STTTT 2, carried on by SKHCN with 3; HTD 5, carried on by X-BL with 2."""
    dossiers = [
        *_many(6, "2025-01-02"),
        *_many(10, "2026-01-02", procedure_code="2.01"),
        *_many(2, "2025-01-02", agency_code="STTTT"),
        *_many(3, "2026-01-02", agency_code="SKHCN"),
        *_many(5, "2025-02-03", agency_code="HTD", received_channel="online"),
        *_many(2, "2026-02-03", agency_code="X-BL", received_channel="online"),
    ]
    return province(tmp_path, dossiers)


# --- the split of a count ----------------------------------------------------------------------------------------------------


def test_the_units_that_moved_are_named_and_add_up_to_the_change(moved: Data) -> None:
    drawing = _draw("change.split", moved)
    assert (
        "Kết quả trả qua bưu chính của toàn tỉnh tăng 2 kết quả (+15,4%) so với cùng kỳ năm trước: "
        "tăng nhiều nhất ở Sở Tư pháp (+4), giảm nhiều nhất ở UBND xã Bình Lư (−3)"
    ) == drawing.title
    assert ("2 đơn vị tăng, cộng +5; 1 đơn vị giảm, cộng −3; từ 13 đến 15 kết quả là +2.",) == drawing.lines
    assert [["Sở Tư pháp", "6", "10", "+4"], ["Sở Khoa học và Công nghệ", "2", "3", "+1"], ["UBND xã Bình Lư", "5", "2", "−3"]] == _cells(drawing)
    assert ["Cộng các dòng = tổng số đếm riêng", "13", "15", "+2"] == _total(drawing)
    assert "2 dòng gộp đơn vị trước và sau sắp xếp" in drawing.note


def test_a_group_leads_to_all_its_units(moved: Data) -> None:
    figure = _draw("change.split", moved).figure
    assert figure is not None
    assert ["/don-vi?dv=STP&ky=2026", "/don-vi?dv=SKHCN,STTTT&ky=2026", "/don-vi?dv=HTD,X-BL&ky=2026"] == _links(figure)


def test_the_procedures_add_up_to_the_same_change(moved: Data) -> None:
    drawing = _draw("change.by_procedure", moved)
    assert [["Cấp giấy phép xây dựng", "0", "10", "+10"], ["Đăng ký khai sinh", "13", "5", "−8"]] == _cells(drawing)
    assert drawing.title.endswith("; toàn tỉnh tăng 2 kết quả (+15,4%) so với cùng kỳ năm trước")
    assert ["Cộng các dòng = tổng số đếm riêng", "13", "15", "+2"] == _total(drawing)


def test_the_channels_are_those_of_the_application(moved: Data) -> None:
    drawing = _draw("change.by_channel", moved)
    assert [["Trực tiếp", "8", "13", "+5"], ["Trực tuyến", "5", "2", "−3"]] == _cells(drawing)
    assert "tăng nhiều nhất ở hình thức trực tiếp (+5)" in drawing.title


def test_what_is_not_recorded_is_in_the_table_and_named_only_where_nothing_else_moved(moved: Data) -> None:
    drawing = _draw("change.by_area", moved)
    assert [["Không ghi nhận địa bàn", "13", "15", "+2"]] == _cells(drawing)
    assert "tăng nhiều nhất ở phần không ghi nhận địa bàn (+2)" in drawing.title


def test_long_tables_merge_the_smallest_changes_and_keep_the_sum(tmp_path: Path) -> None:
    dossiers = [dossier for number in range(120) for dossier in _many(1 + (number < 5), "2026-01-02", procedure_code=f"P{number}")]
    drawing = _draw("change.by_procedure", province(tmp_path, [*dossiers, *_many(1, "2025-01-02")]))
    assert drawing.table is not None
    assert 101 == len(drawing.table.rows)
    assert ["21 thủ tục khác", "1", "20", "+19"] == _cells(drawing)[-1]
    assert ["1", "125", "+124"] == _total(drawing)[1:]
    assert "gộp phần còn lại; tệp CSV có đủ" in drawing.note


@pytest.mark.parametrize("address", [*SPLITS, "change.rate"])
def test_without_a_compared_period_nothing_is_split(address: str, moved: Data) -> None:
    drawing = _draw(address, moved, "ky=2026&ss=khong")
    assert drawing.is_empty
    assert "chưa chọn kỳ so sánh" in drawing.title


def test_dossiers_without_an_agency_are_no_agency_that_ended(moved: Data) -> None:
    assert "Chưa phát sinh kết quả trả qua bưu chính ở cả hai kỳ" == _draw("change.split", moved, "ky=2026&dv=-").title


# --- the split of a rate -----------------------------------------------------------------------------------------------------


@pytest.fixture
def rates(tmp_path: Path) -> Data:
    """STP: 2 of 20, then 10 of 20 by post; SKHCN: 10 of 20, then 30 of 60. The whole: 30 %, then 50 %."""
    dossiers = [
        received("2025-01-02"),
        *[dossier for by_post, day in ((2, "2025-04-02"), (10, "2026-04-02")) for dossier in (*_many(by_post, day), *_many(20 - by_post, day, "counter"))],
        *_many(10, "2025-04-02", agency_code="SKHCN"),
        *_many(10, "2025-04-02", "counter", agency_code="SKHCN"),
        *_many(30, "2026-04-02", agency_code="SKHCN"),
        *_many(30, "2026-04-02", "counter", agency_code="SKHCN"),
    ]
    return province(tmp_path, dossiers)


def test_a_rate_is_split_into_behaviour_and_mix_without_a_rest(rates: Data) -> None:
    """STP's own rate rose by 40 points at a mean share of 3/8: 15. SKHCN, 10 points above the mean rate of 40 %, has a quarter more of all results: 2.5."""
    drawing = _draw("change.rate", rates)
    assert (
        "Tỷ lệ trả kết quả qua bưu chính của toàn tỉnh tăng 20,0 điểm % (từ 30,0% thành 50,0%) so với cùng kỳ năm trước: "
        "do cách làm +15,00, do cơ cấu +5,00 điểm %"
    ) == drawing.title
    assert [
        ["Sở Tư pháp", "10,0%", "50,0%", "+15,00", "+2,50", "+17,50"],
        ["Sở Khoa học và Công nghệ", "50,0%", "50,0%", "0", "+2,50", "+2,50"],
    ] == _cells(drawing)
    assert ["Cộng các dòng = thay đổi của tỷ lệ đếm riêng", "30,0%", "50,0%", "+15,00", "+5,00", "+20,00"] == _total(drawing)


def test_the_steps_of_the_rate_are_the_units_and_the_mix_and_close(rates: Data) -> None:
    figure = _draw("change.rate", rates).figure
    assert figure is not None
    assert ["Cùng kỳ năm trước (%)", "Sở Tư pháp", "Cơ cấu giữa các đơn vị", "Kỳ này (%)"] == figure["layout"]["yaxis"]["ticktext"]
    assert [15.0, 5.0] == pytest.approx(figure["data"][0]["x"])


def test_one_unit_has_no_mix(rates: Data) -> None:
    drawing = _draw("change.rate", rates, "ky=2026&dv=STP")
    assert drawing.title.endswith("do cách làm +40,00, do cơ cấu 0 điểm %")
    assert drawing.lines[0].startswith("Chỉ có một dòng nên không có cơ cấu")


def test_a_rate_over_too_few_results_is_not_printed(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-01-02"), *_many(1, "2025-04-02"), *_many(30, "2026-04-02", "counter")])
    drawing = _draw("change.rate", data)
    assert [["Sở Tư pháp", "–", "0%", "−100", "0", "−100"]] == _cells(drawing)
    assert "Dưới 20 kết quả thì không in tỷ lệ" in drawing.note


@pytest.mark.parametrize(("value", "words"), [(0.4, "+0,40"), (-1.234, "−1,23"), (0.001, "+0,00"), (-0.001, "−0,00"), (0.0, "0"), (None, "–"), (100, "+100")])
def test_points_carry_their_sign_and_never_lose_it(value: float | None, words: str) -> None:
    assert words == points(value)


# --- months ------------------------------------------------------------------------------------------------------------------


def _by_month(tmp_path: Path, counts: list[int], **more: Any) -> Data:
    """So many results by post in each month up to June 2026."""
    first = 2026 * 12 + 6 - len(counts)
    days = [f"{month // 12}-{month % 12 + 1:02d}-02" for month in range(first, first + len(counts))]
    return province(tmp_path, [dossier for day, count in zip(days, counts, strict=True) for dossier in _many(count, day, **more)])


def test_a_usual_month_says_what_is_usual(tmp_path: Path) -> None:
    """10 and 12 in turn: 11 ± 2.66 × 2."""
    drawing = _draw("change.signal", _by_month(tmp_path, [10, 12] * 9))
    assert "Tháng 6/2026, toàn tỉnh trả 12 kết quả qua bưu chính: dao động thường (bình thường từ 5,7 đến 16,3)" == drawing.title
    assert "Không tháng nào ra ngoài dao động thường." == drawing.lines[0]
    assert ["6/2026", "12", "5,7", "11", "16,3", "dao động thường"] == _cells(drawing)[-1]


def test_a_month_beyond_the_limits_is_a_real_change_and_is_ringed(tmp_path: Path) -> None:
    drawing = _draw("change.signal", _by_month(tmp_path, [*[30, 28] * 8, 30, 5]))
    assert drawing.title.startswith("Tháng 6/2026, toàn tỉnh trả 5 kết quả qua bưu chính: thay đổi thật, thấp hơn mức thường thấy (")
    assert drawing.lines[0].endswith("thấp: 6/2026.")
    assert drawing.figure is not None
    ring = drawing.figure["data"][0]
    assert ("circle-open", 17) == (ring["marker"]["symbol"], ring["x"][-1])
    assert "rect" == drawing.figure["layout"]["shapes"][0]["type"]


def test_eight_months_on_one_side_are_a_real_change(tmp_path: Path) -> None:
    drawing = _draw("change.signal", _by_month(tmp_path, [11, 15] * 4 + [9, 5] * 4))
    assert "Tháng 6/2026, toàn tỉnh trả 5 kết quả qua bưu chính: thay đổi thật, 8 tháng liền thấp hơn trung bình 10" == drawing.title


def test_few_months_are_not_judged_and_it_is_said_why(tmp_path: Path) -> None:
    drawing = _draw("change.signal", _by_month(tmp_path, [30, 2, 40]))
    assert drawing.title.endswith("số ít, chưa kết luận")
    assert "Cần ít nhất 12 tháng đủ số liệu" in drawing.lines[0]


def test_months_before_a_unit_existed_are_no_months_without_results(tmp_path: Path) -> None:
    elsewhere = [returned("2024-01-02")]
    days = [f"{month // 12}-{month % 12 + 1:02d}-02" for month in range(2025 * 12 + 6, 2026 * 12 + 6)]
    results = [dossier for place, day in enumerate(days) for dossier in _many(10 + 2 * (place % 2), day, agency_code="X-BL")]
    drawing = _draw("change.signal", province(tmp_path, [*elsewhere, *results]), "ky=2026&dv=X-BL")
    assert "7/2025" == _cells(drawing)[0][0]
    assert drawing.title.endswith("dao động thường (bình thường từ 5,7 đến 16,3)")


def test_an_unfinished_month_is_shown_and_not_judged(tmp_path: Path) -> None:
    days = [f"{month // 12}-{month % 12 + 1:02d}-02" for month in range(2025 * 12, 2026 * 12 + 6)]
    data = province(tmp_path, [dossier for day in days for dossier in _many(10, day)], as_of="2026-06-10")
    drawing = _draw("change.signal", data)
    assert drawing.title.startswith("Tháng 5/2026")
    assert "chưa hết tháng" == _cells(drawing)[-1][-1]


def test_events_and_reorganisations_are_numbered_on_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "su-kien.toml"
    event = '[[event]]\nname = "{}"\n{}kind = "training"\ncitation = "x"\n{}\n'
    file.write_text(
        event.format("Tập huấn toàn tỉnh", "date = 2026-02-02\n", "")
        + event.format("Tập huấn riêng", "date = 2026-03-02\n", 'agencies = ["STP"]')
        + event.format("Quên ghi ngày", "", ""),
        encoding="utf-8",
    )
    events = load_events(file)
    monkeypatch.setattr(event_marks, "load_events", lambda: events)
    data = _by_month(tmp_path, [10, 12] * 9, agency_code="SKHCN")
    lines = _draw("change.signal", data).lines
    assert (
        "Mốc trên biểu đồ: ① 01/03/2025: Sắp xếp cơ quan; ② 01/07/2025: Sắp xếp đơn vị hành chính; "
        "③ 02/02/2026: Tập huấn toàn tỉnh; ④ 02/03/2026: Tập huấn riêng."
    ) == lines[1]
    assert "su-kien.toml" in lines[2]
    assert "Tập huấn riêng" not in _draw("change.signal", data, "ky=2026&dv=SKHCN").lines[1]
    assert "Tập huấn riêng" in _draw("change.signal", data, "ky=2026&cap=province").lines[1]


# --- rates beside the province -----------------------------------------------------------------------------------------------


@pytest.fixture
def unlike(tmp_path: Path) -> Data:
    """By post: STP 60 of 100, SKHCN none of 100, X-BL 5 of 10; the province 65 of 210."""
    dossiers = [
        *_many(60, "2026-01-02"),
        *_many(40, "2026-01-02", "counter"),
        *_many(100, "2026-01-02", "counter", agency_code="SKHCN"),
        *_many(5, "2026-01-02", agency_code="X-BL"),
        *_many(5, "2026-01-02", "counter", agency_code="X-BL"),
    ]
    return province(tmp_path, dossiers)


def test_who_really_differs_is_counted_both_ways_and_the_small_stay_apart(unlike: Data) -> None:
    drawing = _draw("change.funnel_limits", unlike)
    assert "2 trong 3 đơn vị có tỷ lệ trả qua bưu chính khác thật so với toàn tỉnh (31,0%): 1 cao hơn, 1 thấp hơn" == drawing.title
    assert ("1 đơn vị số ít, chưa kết luận.",) == drawing.lines
    assert [("Sở Tư pháp", "cao hơn thật"), ("UBND xã Bình Lư", "số ít, chưa kết luận"), ("Sở Khoa học và Công nghệ", "thấp hơn thật")] == [
        (row[0], row[-1]) for row in _cells(drawing)
    ]
    assert ["Cấp xã", "5", "10", "–", "–", "–"] == _cells(drawing)[1][1:-1]


def test_the_place_stands_beside_the_units_that_are_counted(unlike: Data) -> None:
    title = _draw("change.funnel_limits", unlike, "ky=2026&cap=province").title
    assert "2 trong 2 đơn vị của khối sở, ban, ngành cấp tỉnh có tỷ lệ trả qua bưu chính khác thật so với toàn tỉnh (31,0%): 1 cao hơn, 1 thấp hơn" == title


def test_the_colour_of_a_difference_stands_beside_its_word(unlike: Data) -> None:
    figure = _draw("change.funnel_limits", unlike).figure
    assert figure is not None
    bars = figure["data"][0]
    assert ["60,0% · cao hơn thật", "0% · thấp hơn thật"] == bars["text"]
    assert 2 == len(set(bars["marker"]["color"]))
    assert "/don-vi?dv=STP&ky=2026" == _links(figure)[0]


def test_one_unit_is_set_beside_the_province_and_not_beside_itself(unlike: Data) -> None:
    title = _draw("change.funnel_limits", unlike, "ky=2026&dv=STP").title
    assert "Sở Tư pháp trả 60,0% (60/100 kết quả) qua bưu chính: cao hơn thật so với toàn tỉnh (31,0%)" == title
    few = _draw("change.funnel_limits", unlike, "ky=2026&dv=X-BL")
    assert "UBND xã Bình Lư trả 5/10 kết quả qua bưu chính: số ít, chưa kết luận" == few.title
    assert few.figure is None


# --- similar units -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def alike(tmp_path: Path) -> Data:
    """Three communes with 20 results of one procedure each, by post: A 5, B 10, C 8."""
    agencies = [{"agency_code": code, "agency_name": f"UBND xã {code}", "level": "commune"} for code in "ABCD"]
    by_post = {"A": 5, "B": 10, "C": 8}
    dossiers = [
        dossier
        for code, count in by_post.items()
        for dossier in (*_many(count, "2026-01-02", agency_code=code), *_many(20 - count, "2026-01-02", "counter", agency_code=code))
    ]
    return province(tmp_path, [*dossiers, *_many(900, "2026-01-02", agency_code="D")], agencies=agencies, successions=None)


def test_a_unit_stands_among_the_units_like_it(alike: Data) -> None:
    drawing = _draw("agencies.similar", alike, "ky=2026&dv=A")
    assert "UBND xã A trả 25,0% kết quả qua bưu chính, thứ 3 trong 3 đơn vị tương tự xếp hạng được; thấp hơn nhóm tốt nhất (50,0%) 25,0 điểm %" == drawing.title
    assert ("Để bằng nhóm tốt nhất, trong kỳ này cần thêm 5 kết quả trả qua bưu chính.",) == drawing.lines
    assert [["UBND xã A", "25,0%", "3", "25"], ["UBND xã B", "50,0%", "1", "0"], ["UBND xã C", "40,0%", "2", "10"]] == [
        [row[0], *row[5:]] for row in _cells(drawing)
    ]
    assert "giống về cơ cấu thủ tục" in drawing.note


def test_the_best_unit_is_not_told_to_do_more(alike: Data) -> None:
    drawing = _draw("agencies.similar", alike, "ky=2026&dv=B")
    assert drawing.title.endswith("thứ 1 trong 3 đơn vị tương tự xếp hạng được; đạt mức của nhóm tốt nhất (40,0% trở lên)")
    assert () == drawing.lines


def test_a_unit_without_its_like_is_said_to_have_none(alike: Data) -> None:
    assert "UBND xã D không có đơn vị nào tương tự: cùng cấp và có số kết quả gần bằng" == _draw("agencies.similar", alike, "ky=2026&dv=D").title


@pytest.mark.parametrize("query", ["ky=2026", "ky=2026&dv=A,B"])
def test_similar_units_need_exactly_one_unit(query: str, alike: Data) -> None:
    drawing = _draw("agencies.similar", alike, query)
    assert drawing.is_empty
    assert "Chọn đúng một đơn vị để so với các đơn vị tương tự" == drawing.title


# --- the demo ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("address", SPLITS)
@pytest.mark.parametrize("query", ["ky=2026", "ky=2026-Q3&tc=hien-nay", "ky=2026&tc=nhom", "ky=2026-10&ss=ky-truoc&cap=commune"])
def test_every_split_of_the_demo_adds_up_to_the_change_counted_by_itself(address: str, query: str, demo_url: str) -> None:
    drawing = _draw(address, open_data(demo_url), query)
    assert "Cộng các dòng = tổng số đếm riêng" == _total(drawing)[0]
