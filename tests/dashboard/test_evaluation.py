"""Evaluation sentences worked by hand on a few dossiers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.targets import Target
from dashboard.cards import Asked
from dashboard.content.evaluation import RULES, sentences
from dashboard.content.evaluation_facts import Facts
from queries.counting import Rules
from queries.data import Data
from queries.filters import Filters
from tests.queries.hand import completed, province, received, returned

AGENCIES = (
    {"agency_code": "STP", "agency_name": "Sở Tư pháp"},
    {"agency_code": "SYT", "agency_name": "Sở Y tế"},
    {"agency_code": "X-BL", "agency_name": "UBND xã Bình Lư", "level": "commune", "valid_from": "2025-07-01"},
    {"agency_code": "X-LL", "agency_name": "UBND xã Lê Lợi", "level": "commune"},
)
DOSSIERS = [
    received("2024-01-02"),
    # the second quarter of 2025: 1 received by post, 1 returned by post
    received("2025-04-02", "post"),
    returned("2025-05-02", "post"),
    # the second quarter of 2026: STP receives 2 by post of 4, returns 3 by post of 4
    received("2026-04-02", "post"),
    received("2026-04-03", "post"),
    returned("2026-05-04", "post"),
    returned("2026-05-05", "post"),
    returned("2026-05-06", "post", due_at="2026-05-05"),
    returned("2026-05-07", "counter", due_at="2026-05-07"),
    # SYT returns 1, not by post; X-BL 1 without a recorded channel
    returned("2026-06-01", "counter", agency_code="SYT"),
    returned("2026-06-02", None, agency_code="X-BL"),
    received("2026-06-03", "online", agency_code="SYT"),
]
LISTINGS = (
    {"agency_code": "STP", "procedure_code": "1.01"},
    {"agency_code": "STP", "procedure_code": "1.02"},
    {"agency_code": "SYT", "procedure_code": "2.01"},
)
PERCENT = Rules(minimum_n=1)


@pytest.fixture
def data(tmp_path: Path) -> Data:
    coverage = [{"agency_code": code, "covered_from": "2024-01-01", "covered_to": "2026-06-30"} for code in ("STP", "SYT", "X-BL")]
    return province(tmp_path, DOSSIERS, agencies=AGENCIES, successions=(), listings=LISTINGS, incidents=[], coverage=coverage, rules=PERCENT)


def said(data: Data, rule: str, query: str = "ky=2026-Q2", least: int = 1, targets: tuple[Target, ...] = ()) -> tuple[str, ...]:
    return sentences([rule], Facts(Asked(data, Filters.from_query(query), targets=targets), least))


def test_received_has_level_share_with_both_sums_and_change(data: Data) -> None:
    assert (
        "Trong quý II/2026, toàn tỉnh tiếp nhận 9 hồ sơ TTHC, trong đó tiếp nhận qua dịch vụ bưu chính công ích 2 hồ sơ, đạt tỷ lệ 22,2% (2/9 hồ sơ có ghi "
        "nhận hình thức tiếp nhận); so với cùng kỳ năm trước tăng 1 hồ sơ (+100%)."
    ) == said(data, "received")[0]
    assert "Tỷ lệ tiếp nhận qua bưu chính giảm 27,8 điểm % so với cùng kỳ năm trước." == said(data, "received")[1]


def test_returned_divides_by_results_with_a_recorded_channel_only(data: Data) -> None:
    assert (
        "Trong quý II/2026, toàn tỉnh trả 6 kết quả giải quyết TTHC, trong đó trả qua dịch vụ bưu chính công ích 3 kết quả, đạt tỷ lệ 60,0% (3/5 kết quả có "
        "ghi nhận hình thức trả); so với cùng kỳ năm trước tăng 2 kết quả (+200,0%)."
    ) == said(data, "returned")[0]


def test_few_cases_carry_no_percentage(tmp_path: Path) -> None:
    thin = province(tmp_path, DOSSIERS, agencies=AGENCIES, successions=(), rules=Rules(minimum_n=20))
    words = said(thin, "received")[0]
    assert "tỷ lệ 2/9 hồ sơ có ghi nhận hình thức tiếp nhận (ít hồ sơ nên không tính phần trăm)" in words
    assert "%" not in words.replace("(+100%)", "")


def test_nothing_by_post_is_said_in_the_words_of_officials(data: Data) -> None:
    assert (
        "Trong quý II/2026, Sở Y tế tiếp nhận 2 hồ sơ TTHC; chưa phát sinh hồ sơ tiếp nhận qua dịch vụ bưu chính công ích"
        in said(data, "received", "ky=2026-Q2&dv=SYT")[0]
    )
    assert said(data, "returned", "ky=2024-Q2")[0] == "Trong quý II/2024, toàn tỉnh chưa phát sinh kết quả trả."


def test_the_five_verdicts_are_counted_apart(data: Data) -> None:
    assert (
        (
            "Trong 4 đơn vị tồn tại trong kỳ: 1 đơn vị có trả kết quả qua bưu chính; 1 đơn vị có trả kết quả nhưng chưa trả qua bưu chính; "
            "1 đơn vị có trả kết quả nhưng không ghi nhận hình thức trả, chưa kết luận được; 1 đơn vị chưa có số liệu."
        ),
    ) == said(data, "verdicts")


def test_units_at_zero_are_named_each_verdict_apart(data: Data) -> None:
    assert (
        "1 đơn vị có trả kết quả nhưng chưa trả qua bưu chính (đã trả 1 kết quả bằng hình thức khác): Sở Y tế.",
        "1 đơn vị có trả kết quả nhưng không ghi nhận hình thức trả, chưa kết luận được: UBND xã Bình Lư.",
        "1 đơn vị chưa có số liệu: UBND xã Lê Lợi.",
    ) == said(data, "zero_returned")


def test_on_time_is_by_date_and_what_has_no_due_date_stands_apart(data: Data) -> None:
    words = said(data, "on_time")
    assert words[0].startswith("Giải quyết đúng hạn đạt 50,0% (1/2 hồ sơ có kết quả và có ngày hẹn trả)")
    assert "4 hồ sơ có kết quả nhưng không có ngày hẹn trả, đứng ngoài tỷ lệ đúng hạn." == words[-1]


def test_without_an_incident_safety_is_whole(data: Data) -> None:
    assert (
        "Chưa phát sinh khiếu nại, mất, thất lạc, hư hỏng hồ sơ, kết quả; mức độ an toàn 100% (quy định phải đạt 100%: TT 17/2017/TT-BTTTT, Điều 6).",
    ) == said(data, "safety")


def test_incidents_are_told_with_settled_ones_and_compensation(tmp_path: Path) -> None:
    cases = (
        {"kind": "complaint", "reported_on": "2026-04-01", "settled_on": "2026-04-05"},
        {"kind": "complaint", "reported_on": "2026-04-02"},
        {"kind": "lost", "reported_on": "2026-05-01", "compensation": 500_000},
    )
    found = province(tmp_path, DOSSIERS, agencies=AGENCIES, successions=(), incidents=cases, rules=PERCENT)
    assert (
        (
            "2 vụ khiếu nại (đã giải quyết 1 vụ); 1 vụ mất hồ sơ, kết quả; bồi thường 1 vụ, 500.000 đồng; mức độ an toàn 80,00% "
            "(quy định phải đạt 100%: TT 17/2017/TT-BTTTT, Điều 6)."
        ),
    ) == said(found, "safety")


def test_without_the_relation_of_incidents_safety_is_said_to_be_unknown(tmp_path: Path) -> None:
    bare = province(tmp_path, DOSSIERS, agencies=AGENCIES, successions=())
    assert ("Cơ sở dữ liệu không có bảng khiếu nại, mất, thất lạc, hư hỏng: chưa đánh giá được mức độ an toàn.",) == said(bare, "safety")


def test_the_postal_list_is_divided_into_used_otherwise_used_and_idle(data: Data) -> None:
    assert (
        ("Trong 3 thủ tục thuộc danh mục thực hiện qua bưu chính, 1 thủ tục (33,3%) có phát sinh; 2 thủ tục chưa phát sinh, gồm 2 thủ tục không có hồ sơ nào."),
    ) == said(data, "idle_procedures")


def target(metric: str, value: float, **more: object) -> Target:
    from datetime import date

    return Target(metric, value, date(2026, 1, 1), None, "Kế hoạch số 1", confirmed=False, **more)  # type: ignore[arg-type]


def test_a_target_says_reached_or_what_is_missing_and_that_nobody_confirmed_it(data: Data) -> None:
    assert ("Tỷ lệ trả kết quả qua bưu chính: 60,0% (3/5). Chỉ tiêu 50%: đạt (chỉ tiêu minh họa, cần đối chiếu văn bản).",) == said(
        data, "targets", targets=(target("postal_return_rate", 0.5),)
    )
    assert ("Tỷ lệ trả kết quả qua bưu chính: 60,0% (3/5). Chỉ tiêu 70%: còn thiếu 1 kết quả (chỉ tiêu minh họa, cần đối chiếu văn bản).",) == said(
        data, "targets", targets=(target("postal_return_rate", 0.7),)
    )


def test_the_amount_of_a_year_is_held_against_the_year_so_far(data: Data) -> None:
    aim = target("returned_by_post", 12, year=2026, is_percent=False)
    assert ("Trả kết quả qua bưu chính từ đầu năm: 3 kết quả, bằng 25,0% chỉ tiêu cả năm 12 (chỉ tiêu minh họa, cần đối chiếu văn bản).",) == said(
        data, "targets", targets=(aim,)
    )


def test_the_year_so_far_is_told_only_where_it_is_more_than_the_period(data: Data) -> None:
    assert said(data, "year_to_date")[0].startswith(
        "Lũy kế từ đầu năm (từ ngày 01/01/2026 đến ngày 30/06/2026), toàn tỉnh tiếp nhận 2 hồ sơ qua bưu chính công ích"
    )
    assert () == said(data, "year_to_date", "ky=2026-H1")


def test_a_unit_that_began_in_july_2025_has_no_change_against_the_spring_before(data: Data) -> None:
    assert not any("so với cùng kỳ" in words for rule in RULES for words in said(data, rule, "ky=2026-Q2&dv=X-BL"))


def test_an_unfinished_period_says_the_days_on_both_sides(data: Data) -> None:
    assert (
        (
            "Kỳ báo cáo chưa kết thúc: số liệu tính từ ngày 01/01/2026 đến ngày 30/06/2026; so sánh với đúng những ngày đó của cùng kỳ năm trước "
            "(01/01/2025–30/06/2025)."
        ),
    ) == said(data, "unfinished", "ky=2026")


def test_without_comparison_no_sentence_has_a_change(data: Data) -> None:
    for rule in RULES:
        assert not any(re.search(r"so với (cùng kỳ|kỳ trước)", words) for words in said(data, rule, "ky=2026-Q2&ss=khong")), rule


def test_movers_are_the_parts_of_the_change(data: Data) -> None:
    assert ("Tăng nhiều nhất so với cùng kỳ năm trước về kết quả trả qua bưu chính, theo đơn vị: Sở Tư pháp (+2 kết quả).",) == said(data, "movers")


def test_outside_a_small_count_of_a_unit_is_not_told(data: Data) -> None:
    inside, outside = said(data, "received_units"), said(data, "received_units", least=5)
    assert "Tiếp nhận qua bưu chính nhiều nhất là Sở Tư pháp (2 hồ sơ)." == inside[0]
    assert "Tiếp nhận qua bưu chính nhiều nhất là Sở Tư pháp (dưới 5 hồ sơ)." == outside[0]
    assert () == said(data, "movers", least=5)


def test_outside_the_counts_of_the_province_stay_and_those_of_one_unit_do_not(data: Data) -> None:
    assert said(data, "received") == said(data, "received", least=5)
    words = said(data, "received", "ky=2026-Q2&dv=STP", least=5)
    assert ("Trong quý II/2026, Sở Tư pháp tiếp nhận 6 hồ sơ TTHC, trong đó tiếp nhận qua dịch vụ bưu chính công ích dưới 5 hồ sơ.",) == words


def test_no_sentence_claims_a_cause(data: Data) -> None:
    for rule in RULES:
        for words in said(data, rule):
            assert not re.search(r"\b(do|vì|bởi|nguyên nhân|nhờ)\b", words), (rule, words)


def test_every_sentence_is_a_sentence(data: Data) -> None:
    for rule in RULES:
        for words in said(data, rule):
            assert words.endswith("."), (rule, words)
            assert words[0].isupper() or words[0].isdigit(), (rule, words)
            assert "  " not in words


def test_late_results_are_no_part_of_an_evaluation_without_results(tmp_path: Path) -> None:
    only_settled = province(tmp_path, [received("2024-01-02"), completed("2026-05-02", "2026-05-01")], agencies=AGENCIES, successions=(), rules=PERCENT)
    assert "Giải quyết đúng hạn đạt 0% (0/1 hồ sơ có kết quả và có ngày hẹn trả)." in said(only_settled, "on_time", "ky=2026-Q2&ss=khong")[0]
