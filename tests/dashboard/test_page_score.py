"""Điểm và chỉ tiêu: points, thresholds, what-if and pace in a province that can be counted on the fingers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.scoring import FOLDER, Indicator, RuleSet, Scoring, Threshold, load_scoring
from config.targets import Target, load_targets
from dashboard.cards import Asked, Drawing
from dashboard.pages import CARDS, score, score_assumed
from dashboard.tables import TableState
from queries.data import Data
from queries.filters import Filters
from queries.score import needed
from queries.scoring import Scores
from queries.what_if import Change
from tests.queries.hand import province, received, returned

POST_RATE = Indicator("postal_return_rate", (Threshold(Fraction(15, 100), Fraction(1, 2)), Threshold(Fraction(10, 100), Fraction(1, 4))))
RECEIPT_RATE = Indicator("postal_receipt_rate", (Threshold(Fraction(10, 100), Fraction(1, 2)), Threshold(Fraction(5, 100), Fraction(1, 4))))
LISTED = Indicator("active_procedures", (Threshold(Fraction(50, 100), Fraction(1, 2)), Threshold(Fraction(30, 100), Fraction(1, 4))))
RULES = RuleSet("bản thử", date(2026, 1, 1), None, "Quyết định 1", confirmed=False, indicators=(LISTED, RECEIPT_RATE, POST_RATE))
LISTINGS = (
    {"agency_code": "STP", "procedure_code": "1.01"},
    {"agency_code": "SKHCN", "procedure_code": "1.01"},
    {"agency_code": "X-BL", "procedure_code": "1.01"},
    {"agency_code": "X-LL", "procedure_code": "1.02"},
)
KEY = "postal_return_rate"


def _many(count: int, channel: str | None, day: str = "2026-03-03", **more: Any) -> list[dict[str, Any]]:
    return [returned(day, channel, **more) for _ in range(count)]


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """Returned by post: STP 20 of 100, SKHCN 2 of 100, X-BL 3 of 50, X-LL nothing of 4: 25 of 254; all received at the counter."""
    dossiers = [
        *_many(20, "post"),
        *_many(80, "counter"),
        *_many(2, "post", agency_code="SKHCN"),
        *_many(98, "counter", agency_code="SKHCN"),
        *_many(3, "post", agency_code="X-BL"),
        *_many(47, "counter", agency_code="X-BL"),
        *_many(4, "counter", agency_code="X-LL"),
    ]
    return province(tmp_path, dossiers, listings=LISTINGS)


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page under rules of the test."""
    _use(Scoring((RULES,)), monkeypatch)


def _use(scoring: Scoring, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = Scores(scoring)
    monkeypatch.setattr(score, "SCORES", scores)
    for address, card in CARDS.items():
        if address.startswith("score."):
            monkeypatch.setitem(CARDS, address, replace(card, question=scores))


def _draw(address: str, data: Data, query: str = "", targets: tuple[Target, ...] = ()) -> Drawing:
    return CARDS[address].drawing(Asked(data, Filters.from_query(query), TableState.from_query(query), path="/diem-va-chi-tieu", targets=targets))


def _cells(drawing: Drawing, key: str = "name") -> dict[str, dict[str, str]]:
    assert drawing.table is not None
    return {str(row[key]): {column.label: column.show(row.get(column.key)) for column in drawing.table.columns} for row in drawing.table.rows}


# --- the province --------------------------------------------------------------------------------------------------------------


def test_the_province_says_its_points_and_what_is_missing(data: Data) -> None:
    """25 of 254 is 9.84 %; a tenth of 254 is 25.4, so 26: one more. Of two listed procedures one is used."""
    drawing = _draw("score.province", data)
    kpis = {kpi.label: (kpi.value, kpi.change, kpi.target) for kpi in drawing.kpis}
    assert (
        "9,8%",
        "25 trong 254 kết quả",
        "0 / 0,5 điểm; còn thiếu 1 hồ sơ để đạt ngưỡng kế tiếp (10%)",
    ) == kpis["Tỷ lệ trả kết quả qua bưu chính"]
    assert ("0%", "0 trong 254 hồ sơ", "0 / 0,5 điểm; còn thiếu 13 hồ sơ để đạt ngưỡng kế tiếp (5%)") == kpis["Tỷ lệ tiếp nhận qua bưu chính"]
    assert ("50,0%", "1 trong 2 thủ tục", "0,5 / 0,5 điểm; đã ở mức điểm cao nhất") == kpis["Thủ tục có phát sinh qua bưu chính"]
    assert ("0,5", "", "ngưỡng cấu hình, cần đối chiếu văn bản") == kpis["Cộng điểm"]
    assert "Toàn tỉnh được 0,5 trong 1,5 điểm bưu chính; gần nhất là trả kết quả qua bưu chính: còn thiếu 1 hồ sơ để đạt ngưỡng kế tiếp (10%)" == drawing.title


def test_version_citation_and_the_warning_stand_on_every_score(data: Data) -> None:
    said = "Bộ ngưỡng “bản thử”, hiệu lực từ 01/01/2026. Căn cứ: Quyết định 1. Ngưỡng cấu hình, cần đối chiếu văn bản."
    for address in ("score.province", "score.what_if", "score.cheapest", "score.units"):
        assert said in _draw(address, data).lines


def test_confirmed_rules_carry_no_warning(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    _use(Scoring((replace(RULES, confirmed=True),)), monkeypatch)
    assert ("Bộ ngưỡng “bản thử”, hiệu lực từ 01/01/2026. Căn cứ: Quyết định 1.",) == _draw("score.province", data).lines


def test_without_rules_the_ratios_stand_without_points(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    _use(Scoring(), monkeypatch)
    drawing = _draw("score.province", data)
    assert "Toàn tỉnh chưa chấm được điểm: thủ tục có phát sinh 50,0%, tiếp nhận qua bưu chính 0% và trả kết quả qua bưu chính 9,8%" == drawing.title
    assert ("Chưa có bộ ngưỡng chấm điểm cho kỳ này: không có bộ ngưỡng nào có hiệu lực ngày 30/06/2026.",) == drawing.lines
    assert ["–; chưa có bộ ngưỡng chấm điểm cho kỳ này"] * 3 == [kpi.target for kpi in drawing.kpis]


def test_a_ratio_without_a_denominator_is_a_dash_and_no_nought(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-03", "post"), received("2026-03-04")], listings=LISTINGS)
    drawing = _draw("score.province", data)
    kpis = {kpi.label: (kpi.value, kpi.target) for kpi in drawing.kpis}
    assert ("–", "–; chưa có hồ sơ để tính") == kpis["Tỷ lệ trả kết quả qua bưu chính"]
    row = _cells(drawing, "metric")[KEY]
    assert ("–", "–") == (row["Điểm"], row["Còn thiếu"])


def test_overlapping_rules_are_named_with_file_and_line_and_the_first_are_used(data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = next(iter(FOLDER.glob("*.toml"))).read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(shipped, encoding="utf-8")
    (tmp_path / "b.toml").write_text(shipped.replace("bản cũ", "bản mới").replace("2017-01-01", "2020-01-01"), encoding="utf-8")
    _use(load_scoring(tmp_path), monkeypatch)
    drawing = _draw("score.province", data)
    named = [line for line in drawing.lines if "b.toml" in line]
    line = 1 + next(number for number, words in enumerate(shipped.splitlines()) if words.startswith("valid_from"))
    assert 1 == len(named)
    assert f"dòng {line}:" in named[0]
    assert "trùng ngày" in named[0]
    assert "được 0,5 trong 1,5 điểm" in drawing.title


def test_a_narrowed_score_says_that_it_is_not_the_provinces(data: Data) -> None:
    lines = _draw("score.province", data, "tt=1.01").lines
    assert "Đang lọc theo thủ tục: điểm dưới đây chỉ tính trên phần đã lọc, không phải điểm của cả tỉnh." == lines[-1]


def test_agencies_in_the_filters_leave_the_province_whole(data: Data) -> None:
    assert _draw("score.province", data).title == _draw("score.province", data, "dv=X-LL").title


@pytest.mark.parametrize("query", ["lv=KHONG", "tt=KHONG", "db=KHONG", "ht=khong", "tu=2030-01-01&den=2030-12-31"])
@pytest.mark.parametrize("address", ["score.province", "score.what_if", "score.cheapest", "score.units"])
def test_what_does_not_exist_is_no_score_of_nought(address: str, query: str, data: Data) -> None:
    assert _draw(address, data, query).is_empty


# --- units ---------------------------------------------------------------------------------------------------------------------


def test_all_levels_and_agencies_have_rates_and_points(data: Data) -> None:
    drawing = _draw("score.units", data)
    rows = _cells(drawing)
    assert drawing.table is not None
    assert drawing.table.interactive
    assert ("20,0%", "0,5", "1") == tuple(rows["Sở Tư pháp"][name] for name in ("Trả kết quả: tỷ lệ", "Trả kết quả: điểm", "Cộng điểm"))
    assert ("11,0%", "0,25") == tuple(rows["Sở, ban, ngành cấp tỉnh"][name] for name in ("Trả kết quả: tỷ lệ", "Trả kết quả: điểm"))
    assert ("–", "ít hồ sơ") == tuple(rows["UBND xã Lê Lợi"][name] for name in ("Trả kết quả: tỷ lệ", "Ghi chú"))
    assert "Trong 4 đơn vị được chấm, chưa đơn vị nào đạt điểm tối đa; 1 đơn vị chưa có điểm nào" == drawing.title


def test_one_ratio_is_shown_with_its_parts_what_is_missing_and_a_link_into_the_what_if(data: Data) -> None:
    drawing = _draw("score.units", data, f"tinh={KEY}")
    assert "Trong 4 đơn vị được chấm về trả kết quả qua bưu chính, 1 đơn vị đạt điểm tối đa; 3 đơn vị chưa có điểm nào" == drawing.title
    row = _cells(drawing)["UBND xã Bình Lư"]
    assert ("3", "50", "6,0%", "0", "10,0%", "2") == tuple(row.values())[1:7]
    assert ["Trả kết quả qua bưu chính"] == [choice.label for choice in drawing.choices if choice.is_set]
    assert drawing.table is not None
    links = {str(row["name"]): row["try_link"] for row in drawing.table.rows}
    assert f"/diem-va-chi-tieu?gt=-&tinh={KEY}" == links["Sở Khoa học và Công nghệ"]  # the suggestion has it: the link takes it out
    assert "" == links["Toàn tỉnh"]


# --- what if -------------------------------------------------------------------------------------------------------------------


def test_the_suggestion_is_the_cheapest_set(data: Data) -> None:
    """SKHCN gives the one dossier that is missing: 26 of 254."""
    drawing = _draw("score.what_if", data)
    assert (
        "Gợi ý: nếu Sở Khoa học và Công nghệ đạt tỷ lệ giả định, trả kết quả qua bưu chính toàn tỉnh từ 9,8% thành 10,2%, điểm từ 0 thành 0,25" == drawing.title
    )
    row = _cells(drawing)["Sở Khoa học và Công nghệ"]
    assert ("2,0%", "3,0%", "+1") == (row["Hiện nay"], row["Giả định"], row["Chuyển thêm (hồ sơ)"])
    assert "Bỏ Sở Khoa học và Công nghệ (trả kết quả 3,0%)" == drawing.choices[0].label
    assert "/diem-va-chi-tieu?gt=-" == drawing.choices[0].link


def test_chosen_rates_stand_beside_those_of_now(data: Data) -> None:
    """SKHCN at 20 % is 20 of 100, X-BL receives 30 % by post, 15 of 50: 43 of 254 and 15 of 254."""
    drawing = _draw("score.what_if", data, "gt=SKHCN:20,X-BL:30:tiep-nhan")
    kpis = {kpi.label: (kpi.value, kpi.change, kpi.target) for kpi in drawing.kpis}
    assert ("16,9%", "hiện nay 9,8%", "0,5 / 0,5 điểm; hiện nay 0") == kpis["Trả kết quả qua bưu chính"]
    assert ("5,9%", "hiện nay 0%", "0,25 / 0,5 điểm; hiện nay 0") == kpis["Tiếp nhận qua bưu chính"]
    assert ("1,25", "hiện nay 0,5", "") == kpis["Cộng điểm"]
    links = {choice.label: choice.link for choice in drawing.choices}
    assert "/diem-va-chi-tieu?gt=X-BL:30:tiep-nhan" == links["Bỏ Sở Khoa học và Công nghệ (trả kết quả 20,0%)"]
    assert "/diem-va-chi-tieu" == links["Theo gợi ý ít đơn vị nhất"]


def test_bad_parts_are_said_and_the_good_ones_count(data: Data) -> None:
    drawing = _draw("score.what_if", data, "gt=SKHCN:20,abc,STP:101,KHONG:5,SKHCN:30")
    problems = " ".join(drawing.lines)
    for words in ("«abc»", "«STP:101»", "«KHONG»", "hai giả định"):
        assert words in problems
    assert drawing.title.startswith("Nếu Sở Khoa học và Công nghệ đạt")


def test_nothing_assumed_is_not_the_suggestion(data: Data) -> None:
    drawing = _draw("score.what_if", data, "gt=-")
    assert "Chưa chọn đơn vị nào: điểm và tỷ lệ như hiện nay" == drawing.title
    assert any(choice.label.startswith("Thêm Sở Khoa học và Công nghệ") for choice in drawing.choices)


@given(st.text(max_size=200))
def test_any_text_can_stand_for_assumed_rates(text: str) -> None:
    plan = score_assumed.read(text)
    assert all(0 <= change.rate <= 1 and change.agency_code for change in plan.changes)


CODES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(lambda code: code.strip() == code)
RATES = st.integers(0, 10**8).map(lambda number: Fraction(number, 10**8))


@given(st.dictionaries(st.tuples(CODES, st.sampled_from(score_assumed.RATES)), RATES, max_size=5))
def test_what_is_written_is_read_back(found: dict[tuple[str, str], Fraction]) -> None:
    changes = {Change(code, metric, rate) for (code, metric), rate in found.items()}
    assert (changes, ()) == (set(score_assumed.read(score_assumed.write(changes)).changes), score_assumed.read(score_assumed.write(changes)).problems)


@given(st.integers(1, 50_000).flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below))))
def test_a_short_rate_means_the_same_number_of_dossiers(case: tuple[int, int]) -> None:
    above, below = case
    change = score_assumed.short(Change("A", KEY, Fraction(above, below)), below)
    (again,) = score_assumed.read(score_assumed.write([change])).changes
    assert above == needed(again.rate, below)


def test_the_address_keeps_the_assumed_rates_while_the_table_is_sorted() -> None:
    state = TableState.from_query("gt=STP:20,SYT:12.5:tiep-nhan&sx=-sum")
    assert "gt=STP:20,SYT:12.5:tiep-nhan&sx=-sum" == state.to_query()


# --- the fewest units ----------------------------------------------------------------------------------------------------------


def test_the_fewest_units_and_what_cannot_be_reached(data: Data) -> None:
    drawing = _draw("score.cheapest", data)
    assert "Chỉ cần Sở Khoa học và Công nghệ chuyển thêm 1 hồ sơ sang bưu chính là toàn tỉnh đạt ngưỡng 10% trả kết quả qua bưu chính" == drawing.title
    assert "Toàn tỉnh còn thiếu 13 hồ sơ để đạt ngưỡng 5% tiếp nhận qua bưu chính; không đơn vị nào còn dưới mức tốt cùng cấp." == drawing.lines[0]
    assert "Thủ tục có phát sinh qua bưu chính: đã ở mức điểm cao nhất." == drawing.lines[1]
    row = _cells(drawing)["Sở Khoa học và Công nghệ"]
    assert ("18", "1", "3,0%") == (row["Có thể chuyển thêm (hồ sơ)"], row["Cần chuyển thêm (hồ sơ)"], row["Tỷ lệ khi đó"])


def test_without_a_postal_list_no_unit_is_named(tmp_path: Path) -> None:
    drawing = _draw("score.cheapest", province(tmp_path, [*_many(1, "post"), *_many(99, "counter")]))
    assert drawing.title.endswith("chưa có danh mục bưu chính để tính khả năng của đơn vị")
    assert drawing.table is None


# --- targets and pace ----------------------------------------------------------------------------------------------------------

TARGETS = """[[target]]
metric = "returned_by_post"
value = 150
year = 2026
citation = "Kế hoạch 1"
confirmed = true

[[target]]
metric = "returned_by_post"
value = 20
year = 2026
agency = "STP"
citation = "Kế hoạch 1"
confirmed = true

[[target]]
metric = "returned_by_post"
value = 5
year = 2026
agency = "KHONG-CO"
citation = "Kế hoạch 1"
confirmed = true

[[target]]
metric = "no_such_metric"
value = 5
year = 2026
citation = "Kế hoạch 1"
confirmed = true
"""


@pytest.fixture
def targets(tmp_path: Path) -> tuple[Target, ...]:
    path = tmp_path / "chi-tieu.toml"
    path.write_text(TARGETS, encoding="utf-8")
    return load_targets(path)


def test_the_province_and_the_units_with_a_target_have_a_pace(data: Data, targets: tuple[Target, ...]) -> None:
    """Of the 150 results by post 25 are there: 125 remain; STP has its 20."""
    drawing = _draw("pace.targets", data, targets=targets)
    assert drawing.table is not None
    rows = {(row["name"], row["label"]): row for row in drawing.table.rows}
    whole = rows["Toàn tỉnh", "Trả kết quả qua bưu chính"]
    assert (25, 150, 125) == (whole["done"], whole["goal"], whole["remaining"])
    assert whole["needed_per_day"] == pytest.approx(125 / whole["days_left"])
    assert (20, 0) == (rows["Sở Tư pháp", "Trả kết quả qua bưu chính"]["done"], rows["Sở Tư pháp", "Trả kết quả qua bưu chính"]["remaining"])
    assert "Sở Khoa học và Công nghệ" not in {name for name, _ in rows}


def test_a_range_is_hidden_with_its_reason(data: Data, targets: tuple[Target, ...]) -> None:
    row = _cells(_draw("pace.targets", data, targets=targets))["Toàn tỉnh"]
    assert ("–", "chưa đủ 24 tháng số liệu để dự báo") == (row["Dự báo cả năm"], row["Ghi chú"])


def test_targets_for_unknown_units_and_metrics_are_named_with_file_and_line(data: Data, targets: tuple[Target, ...]) -> None:
    lines = _draw("pace.targets", data, targets=targets).lines
    assert 1 == len([line for line in lines if "chi-tieu.toml" in line and "dòng 16" in line and "KHONG-CO" in line])
    assert 1 == len([line for line in lines if "chi-tieu.toml" in line and "dòng 24" in line and "no_such_metric" in line])


def test_a_part_of_the_dossiers_is_not_held_against_a_target(data: Data, targets: tuple[Target, ...]) -> None:
    drawing = _draw("pace.targets", data, "tt=1.01", targets)
    assert {"–"} == {row["Chỉ tiêu"] for row in _cells(drawing).values()}
    assert any(line.startswith("Đang lọc theo thủ tục") for line in drawing.lines)


def test_an_asked_unit_stands_below_the_province(data: Data) -> None:
    assert ["Toàn tỉnh", "Sở Khoa học và Công nghệ"] == list(_cells(_draw("pace.targets", data, "dv=SKHCN")))


def test_the_title_says_what_a_working_day_needs(data: Data) -> None:
    target = Target(KEY, 0.15, date(2026, 1, 1), None, "Kế hoạch 2", confirmed=True)
    title = _draw("pace.targets", data, targets=(target,)).title
    assert "toàn tỉnh năm 2026 đã có 25 kết quả trả qua bưu chính; chưa dự báo được tổng số hồ sơ cả năm để tính phần phải đạt" == title[:1].lower() + title[1:]


def test_the_rate_of_the_chosen_units_is_set_by_a_choice_and_moved_by_five_points(data: Data) -> None:
    drawing = _draw("score.what_if", data, "gt=SKHCN:20,X-BL:30:tiep-nhan")
    offered = {choice.label: choice for choice in drawing.choices if choice.label.startswith("Đặt tỷ lệ")}
    assert ["Đặt tỷ lệ 10%", "Đặt tỷ lệ 15%", "Đặt tỷ lệ 20%", "Đặt tỷ lệ 30%", "Đặt tỷ lệ 50%"] == list(offered)
    assert unquote(offered["Đặt tỷ lệ 50%"].link).endswith("gt=SKHCN:50,X-BL:50:tiep-nhan")
    assert drawing.table is not None
    first = drawing.table.rows[0]
    assert unquote(first["higher_link"]).endswith("gt=SKHCN:25,X-BL:30:tiep-nhan")
    assert unquote(first["lower_link"]).endswith("gt=SKHCN:15,X-BL:30:tiep-nhan")
