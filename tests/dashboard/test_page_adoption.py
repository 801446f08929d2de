"""The page “Chưa trả qua bưu chính” on five agencies, one for each verdict, and on the demo province."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard import theme
from dashboard.cards import Asked, Drawing
from dashboard.exports.card_files import makers
from dashboard.exports.workbook import REASONS
from dashboard.pages import adoption, adoption_calls, adoption_words
from dashboard.pages.adoption_strip import DRAWN, month_ranges
from dashboard.tables import TableState, select
from queries.adoption import AdoptionUnits, Verdict
from queries.call_list import CallList
from queries.data import Data, open_data
from queries.filters import Filters
from queries.period import month_index
from queries.sentence import VERDICT_NAMES
from tests.queries.hand import province, received, returned

AGENCIES = (
    {"agency_code": "A", "agency_name": "Sở Tư pháp"},
    {"agency_code": "B", "agency_name": "Sở Y tế"},
    {"agency_code": "B2", "agency_name": "UBND xã Mường Tè", "level": "commune"},
    {"agency_code": "C", "agency_name": "Sở Nội vụ"},
    {"agency_code": "D", "agency_name": "Sở Ngoại vụ"},
    {"agency_code": "E", "agency_name": "UBND xã Pa Ủ", "level": "commune"},
    {"agency_code": "Z", "agency_name": "UBND huyện Mường Tè", "level": "district", "valid_to": "2025-06-30"},
)
FED = tuple({"agency_code": code, "covered_from": "2024-01-01", "covered_to": "2026-06-30"} for code in ("A", "B", "B2", "C", "D", "Z"))
DOSSIERS = (
    received("2024-01-05", agency_code="Z"),
    returned("2025-03-04", "post", agency_code="B2"),
    returned("2025-03-05", "counter", agency_code="B"),
    returned("2026-02-03", "post", agency_code="A"),
    returned("2026-02-04", "counter", agency_code="B"),
    *[returned("2026-02-05", "counter", agency_code="B2")] * 2,
    returned("2026-02-06", None, agency_code="B2"),
    returned("2026-02-07", None, agency_code="C"),
    returned("2026-02-08", "post", agency_code="Z"),
    returned("2026-02-09", "post", agency_code=None),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return province(tmp_path_factory.mktemp("hand"), DOSSIERS, agencies=AGENCIES, successions=None, coverage=FED)


@pytest.fixture(scope="module")
def demo(demo_url: str) -> Data:
    return open_data(demo_url)


def drawn(data: Data, address: str, query: str = "ky=2026") -> Drawing:
    card = next(card for card in adoption.PAGE.cards if card.address == address)
    return card.drawing(Asked(data, Filters.from_query(query), TableState.from_query(query), adoption.PAGE.path))


def rows(data: Data, address: str, query: str = "ky=2026") -> list[dict[str, Any]]:
    table = drawn(data, address, query).table
    assert table is not None
    return [dict(row) for row in select(table, TableState.from_query(query)).rows]


def cells(data: Data, address: str, query: str = "ky=2026") -> list[list[str]]:
    table = drawn(data, address, query).table
    assert table is not None
    return [[column.show(row.get(column.key)) for column in table.columns] for row in table.rows]


# --- the list --------------------------------------------------------------------------------------------------------------------


def test_the_message_counts_the_calls_and_their_results(data: Data) -> None:
    assert "2 trong 6 đơn vị trả 4 kết quả nhưng chưa trả kết quả nào qua bưu chính" == drawn(data, "adoption.units").title


def test_the_verdicts_add_up_to_the_catalogue(data: Data) -> None:
    expected = (
        "6 đơn vị tồn tại trong kỳ = 2 chưa trả qua bưu chính + 1 không ghi nhận hình thức + 1 không có kết quả trả + 1 chưa có số liệu "
        "+ 1 có trả qua bưu chính; 1 đơn vị khác của danh mục không tồn tại trong kỳ, không xét."
    )
    assert expected == drawn(data, "adoption.units").lines[0]


def test_the_compared_period_is_told_and_left_out_when_none_is_asked(data: Data) -> None:
    assert "Cùng kỳ năm trước (01/01/2025–30/06/2025) có 1 trong 7 đơn vị chưa trả qua bưu chính." in drawn(data, "adoption.units").lines
    assert not any("Cùng kỳ" in line for line in drawn(data, "adoption.units", "ky=2026&ss=khong").lines)


def test_who_returned_by_post_before_is_named_with_the_last_day(data: Data) -> None:
    expected = "1 đơn vị trước kỳ này từng trả qua bưu chính, trong kỳ không còn: UBND xã Mường Tè (lần cuối 04/03/2025)."
    assert expected in drawn(data, "adoption.units").lines


def test_calls_stand_first_then_the_other_verdicts_and_ended_agencies_not_at_all(data: Data) -> None:
    assert ["B2", "B", "C", "D", "E", "A"] == [row["agency_code"] for row in rows(data, "adoption.units")]


def test_each_row_says_what_a_reader_should_know(data: Data) -> None:
    remarks = {row["agency_code"]: row["remark"] for row in rows(data, "adoption.units")}
    assert "trước kỳ này có trả, lần cuối 04/03/2025" == remarks["B2"]
    assert "chưa từng trả qua bưu chính" == remarks["B"]
    assert "chưa có nguồn số liệu" == remarks["E"]
    assert "" == remarks["A"]


def test_a_later_return_by_post_is_told_beside_an_earlier_period(tmp_path: Path) -> None:
    first, again = ("A", {"2025-03-05": "counter", "2026-02-03": "post"}), ("B", {"2024-02-01": "post", "2025-03-05": "counter", "2026-02-03": "post"})
    dossiers = [returned(day, channel, agency_code=code) for code, days in (first, again) for day, channel in days.items()]
    later = province(tmp_path, dossiers, agencies=AGENCIES[:2], successions=None)
    remarks = {row["agency_code"]: row["remark"] for row in rows(later, "adoption.units", "ky=2025")}
    assert {"A": "bắt đầu trả qua bưu chính sau kỳ này", "B": "trước kỳ này có trả, lần cuối 01/02/2024; trả lại sau kỳ này"} == remarks


def test_without_a_feed_the_counts_are_missing_and_never_0(data: Data) -> None:
    unfed = next(line for line in cells(data, "adoption.units") if line[0] == "UBND xã Pa Ủ")
    assert ["–", "–", "–", "–", "–"] == unfed[2:7]
    idle = next(line for line in cells(data, "adoption.units") if line[0] == "Sở Ngoại vụ")
    assert ["0", "0", "0"] == idle[2:5]


def test_choosing_a_verdict_shows_its_rows_and_says_what_to_do(data: Data) -> None:
    drawing = drawn(data, "adoption.units", "ky=2026&tinh=channel_not_recorded")
    assert ["C"] == [row["agency_code"] for row in rows(data, "adoption.units", "ky=2026&tinh=channel_not_recorded")]
    assert 1 == len(drawing.lines)
    assert drawing.lines[0].startswith("Không ghi nhận hình thức: ")
    assert drawing.lines[0].endswith("Đề nghị đơn vị ghi hình thức trả của từng kết quả trên hệ thống một cửa, rồi xét lại; chưa nhắc về bưu chính.")
    assert ["Không ghi nhận hình thức"] == [choice.label for choice in drawing.choices if choice.is_set]


def test_only_not_by_post_is_a_call() -> None:
    assert [Verdict.NOT_BY_POST] == [name for name, advice in adoption_words.ADVICE.items() if advice.startswith("Nhắc")]


def test_every_choice_leads_to_as_many_rows_as_it_says(data: Data) -> None:
    for choice in drawn(data, "adoption.units").choices:
        query = choice.link.partition("?")[2]
        assert choice.count == str(len(rows(data, "adoption.units", query))), choice.label


def test_a_verdict_that_does_not_exist_shows_nothing_and_is_said(data: Data) -> None:
    drawing = drawn(data, "adoption.units", "ky=2026&tinh=abc")
    assert [] == rows(data, "adoption.units", "ky=2026&tinh=abc")
    assert drawing.lines[0].startswith("Không có tình trạng «abc»")


def test_results_of_ended_agencies_and_without_agency_are_in_the_small_print(data: Data) -> None:
    note = drawn(data, "adoption.units").note
    assert "1 đơn vị không tồn tại trong kỳ vẫn có 1 kết quả mang mã của mình (1 qua bưu chính), không tính ở đây." in note
    assert "1 kết quả (1 qua bưu chính) chưa gán đơn vị hoặc mang mã ngoài danh mục nên không thuộc dòng nào." in note


def test_an_ended_agency_is_shown_when_asked_for_with_the_day_it_ended(data: Data) -> None:
    ended = rows(data, "adoption.units", "ky=2026&tinh=not_in_period")
    assert [("Z", "kết thúc ngày 30/06/2025")] == [(row["agency_code"], row["remark"]) for row in ended]
    assert "UBND huyện Mường Tè không hoạt động trong kỳ đã chọn" == drawn(data, "adoption.units", "ky=2026&dv=Z").title
    assert ["Z"] == [row["agency_code"] for row in rows(data, "adoption.units", "ky=2026&dv=Z")]


def test_a_row_leads_to_the_page_of_its_agency_with_the_same_period(data: Data) -> None:
    assert "/don-vi?dv=B2&ky=2026" == rows(data, "adoption.units")[0]["link"]


def test_a_word_searched_in_the_call_list_leaves_the_list_of_all_agencies_whole(data: Data) -> None:
    assert 6 == len(rows(data, "adoption.units", "ky=2026&tim=muong te"))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("A", "Sở Tư pháp trả 1 trong 1 kết quả có ghi hình thức qua bưu chính"),
        ("B", "Sở Y tế trả 1 kết quả nhưng chưa trả kết quả nào qua bưu chính"),
        ("C", "Sở Nội vụ trả 1 kết quả nhưng không ghi nhận hình thức trả của kết quả nào"),
        ("D", "Sở Ngoại vụ không có kết quả nào để trả trong kỳ"),
        ("E", "UBND xã Pa Ủ chưa có số liệu trong kỳ"),
    ],
)
def test_the_message_about_one_agency(code: str, expected: str, data: Data) -> None:
    assert expected == drawn(data, "adoption.units", f"ky=2026&dv={code}").title


def test_one_call_among_several_is_named(data: Data) -> None:
    expected = "Trong 2 đơn vị, chỉ UBND xã Mường Tè trả 3 kết quả nhưng chưa trả kết quả nào qua bưu chính"
    assert expected == drawn(data, "adoption.units", "ky=2026&cap=commune").title


def test_where_all_return_by_post_and_where_nobody_is_to_be_reminded_it_is_said(tmp_path: Path) -> None:
    both = [{"agency_code": "A", "agency_name": "Sở Tư pháp"}, {"agency_code": "B", "agency_name": "Sở Y tế"}]
    all_by_post = province(tmp_path, [returned("2026-02-03", "post", agency_code=code) for code in "AB"], agencies=both, successions=None)
    assert "Cả 2 đơn vị đều có trả kết quả qua bưu chính" == drawn(all_by_post, "adoption.units").title
    one = province(tmp_path, [returned("2026-02-03", "post", agency_code="A")], agencies=both, successions=None)
    assert "Không có đơn vị nào phải nhắc: trong 2 đơn vị, 1 không có kết quả trả và 1 có trả qua bưu chính" == drawn(one, "adoption.units").title


@pytest.mark.parametrize("address", [card.address for card in adoption.PAGE.cards])
def test_a_period_without_data_and_a_scope_without_agencies_are_empty_with_the_reason(address: str, data: Data) -> None:
    later, unknown = drawn(data, address, "ky=2027"), drawn(data, address, "ky=2026&dv=LA")
    assert later.is_empty
    assert unknown.is_empty
    assert "nằm sau ngày số liệu 30/06/2026" in later.subtitle
    assert "mã «LA» không có trong danh mục" in unknown.title


# --- the call list -----------------------------------------------------------------------------------------------------------------


def test_the_call_list_counts_its_reasons(data: Data) -> None:
    expected = "Cần gọi 2 đơn vị về trả kết quả qua bưu chính: 1 chưa từng trả và 1 đã ngừng trả"
    assert expected == drawn(data, "adoption.call_list").title


def test_the_calls_and_the_other_verdicts_add_up_to_the_catalogue(data: Data) -> None:
    expected = (
        "7 đơn vị của danh mục = 2 chưa trả trong kỳ (1 chưa từng trả, 1 đã ngừng) + 1 có trả qua bưu chính + 1 không ghi nhận hình thức "
        "+ 1 không có kết quả trả + 1 chưa có số liệu + 1 không tồn tại trong kỳ."
    )
    assert expected == drawn(data, "adoption.call_list").lines[0]


def test_a_reason_without_a_call_is_left_out_of_the_sum(data: Data) -> None:
    expected = "2 đơn vị trong phạm vi đã chọn = 1 chưa trả trong kỳ (1 đã ngừng) + 0 có trả qua bưu chính + 1 chưa có số liệu."
    assert expected == drawn(data, "adoption.call_list", "ky=2026&cap=commune").lines[0]


def test_who_cannot_be_judged_is_not_called(data: Data) -> None:
    assert ["B", "B2"] == [row["agency_code"] for row in rows(data, "adoption.call_list")]
    assert "Không gọi 3 đơn vị" in drawn(data, "adoption.call_list").lines[1]


def test_a_call_says_why_and_what_was_returned_meanwhile(data: Data) -> None:
    never, stopped = cells(data, "adoption.call_list")
    assert ["Sở Y tế", "Chưa từng trả", "2", "–", "–"] == [never[place] for place in (0, 1, 3, 4, 6)]
    assert ["UBND xã Mường Tè", "Đã ngừng: lần cuối trước kỳ 04/03/2025", "3", "–", "04/03/2025"] == [stopped[place] for place in (0, 1, 3, 4, 6)]


def test_the_call_list_is_searched_without_diacritics_and_sorted(data: Data) -> None:
    assert ["B2"] == [row["agency_code"] for row in rows(data, "adoption.call_list", "ky=2026&tim=da ngung")]
    assert ["B2", "B"] == [row["agency_code"] for row in rows(data, "adoption.call_list", "ky=2026&sx=-returned")]


def test_rows_of_the_call_list_are_chosen_for_its_two_files(data: Data) -> None:
    table = drawn(data, "adoption.call_list").table
    assert table is not None
    assert "agency_code" == table.choose
    card = next(card for card in adoption.PAGE.cards if card.address == "adoption.call_list")
    assert [("xlsx", "agency_code"), ("docx", "agency_code")] == [(file.kind, file.by) for file in card.files]
    assert {file.maker for file in card.files} <= set(makers())


def test_the_page_and_the_workbook_call_the_reasons_the_same() -> None:
    assert {reason: name for reason, (name, _) in REASONS.items()} == adoption_calls.REASONS


def test_a_reason_is_a_choice_of_the_call_list_and_leaves_the_other_list_alone(data: Data) -> None:
    choices = drawn(data, "adoption.call_list").choices
    assert [("Tất cả", "2"), ("Chưa từng trả", "1"), ("Đã ngừng", "1")] == [(choice.label, choice.count) for choice in choices]
    query = choices[2].link.partition("?")[2]
    assert ["B2"] == [row["agency_code"] for row in rows(data, "adoption.call_list", query)]
    assert ["Tất cả"] == [choice.label for choice in drawn(data, "adoption.units", query).choices if choice.is_set]
    both = next(choice.link for choice in drawn(data, "adoption.units", query).choices if choice.label == "Không có kết quả trả")
    assert "tinh=no_result,stopped" in both


def test_the_call_list_of_one_agency_names_it(data: Data) -> None:
    assert "Cần gọi Sở Y tế: chưa từng trả qua bưu chính, trong khi đã trả 2 kết quả" == drawn(data, "adoption.call_list", "ky=2026&dv=B").title
    assert (
        "Cần gọi UBND xã Mường Tè: đã ngừng trả qua bưu chính, trong khi đã trả 3 kết quả từ ngày 05/03/2025"
        == drawn(data, "adoption.call_list", "ky=2026&dv=B2").title
    )
    assert "Sở Tư pháp không thuộc diện phải gọi" == drawn(data, "adoption.call_list", "ky=2026&dv=A").title


def test_where_everybody_returns_by_post_nobody_is_called(tmp_path: Path) -> None:
    both = [{"agency_code": "A", "agency_name": "Sở Tư pháp"}, {"agency_code": "B", "agency_name": "Sở Y tế"}]
    fine = province(tmp_path, [returned("2026-02-03", "post", agency_code=code) for code in "AB"], agencies=both, successions=None)
    drawing = drawn(fine, "adoption.call_list")
    assert "Không có đơn vị nào phải gọi" == drawing.title
    assert drawing.table is None


def test_the_demo_calls_for_every_reason_and_names_procedures_and_similar_units(demo: Data) -> None:
    lines = cells(demo, "adoption.call_list", "ky=2025-Q4")
    assert {"Chưa từng trả", "Đã ngừng", "Thấp hơn mức của chính mình"} == {line[1].partition(":")[0] for line in lines}
    low = next(line[1] for line in lines if line[1].startswith("Thấp hơn"))
    assert re.fullmatch(r"Thấp hơn mức của chính mình: [\d,]+% \([\d.]+/[\d.]+\), thường không dưới [\d,]+%", low)
    assert any("✓ " in line[8] for line in lines)
    assert any(re.search(r"; .*: [\d,]+% \([\d.]+/[\d.]+\)$", line[7]) for line in lines)


# --- levels, strip, months, meaning ----------------------------------------------------------------------------------------------


def test_levels_tell_their_calls_and_lead_to_themselves(data: Data) -> None:
    drawing = drawn(data, "adoption.levels")
    assert "Chưa trả qua bưu chính: 1 trong 2 đơn vị cấp xã và 1 trong 4 đơn vị sở, ban, ngành cấp tỉnh" == drawing.title
    assert [["Sở, ban, ngành cấp tỉnh", "1", "1", "1", "0", "1", "4"], ["Cấp xã", "1", "0", "0", "1", "0", "2"]] == cells(data, "adoption.levels")
    assert drawing.figure is not None
    assert ["/chua-tra-qua-buu-chinh?cap=province&ky=2026", "/chua-tra-qua-buu-chinh?cap=commune&ky=2026"] == drawing.figure["data"][0]["customdata"]


def test_the_strip_has_calls_on_top_and_months_in_words_behind_it(data: Data) -> None:
    drawing = drawn(data, "adoption.strip")
    assert "Từ tháng 7/2024 đến tháng 6/2026, 1 trong 6 đơn vị có kết quả mà không tháng nào trả qua bưu chính" in drawing.title
    assert ["Sở Y tế", "3/2025, 2/2026", "–", "7/2024–2/2025, 4/2025–1/2026, 3/2026–6/2026", "–", "–"] == cells(data, "adoption.strip")[0]
    assert ["UBND xã Mường Tè", "2/2026"] == cells(data, "adoption.strip")[1][:2]
    assert drawing.figure is not None
    go.Figure(theme.finish(drawing.figure))


def test_a_cell_of_the_strip_leads_to_the_agency_in_that_month(data: Data) -> None:
    figure = drawn(data, "adoption.strip").figure
    assert figure is not None
    assert "/don-vi?dv=B&ky=2026-06" == figure["data"][0]["customdata"][0][-1]


def test_the_strip_says_how_many_agencies_it_leaves_to_the_table(demo: Data) -> None:
    drawing = drawn(demo, "adoption.strip", "")
    assert drawing.figure is not None
    assert drawing.table is not None
    assert DRAWN == len(drawing.figure["data"][0]["z"])
    assert f"và bảng có thêm {len(drawing.table.rows) - DRAWN} đơn vị khác" in drawing.note


def test_before_an_agency_begins_its_cells_are_blank(demo: Data) -> None:
    drawing = drawn(demo, "adoption.strip", "ky=2025-09&dv=X03390")
    assert drawing.figure is not None
    row = drawing.figure["data"][0]["z"][0]
    assert [None] * 21 == row[:21]
    assert None not in row[21:]


def test_months_as_ranges() -> None:
    def months(*texts: str) -> list[int]:
        return [int(year) * 12 + int(month) - 1 for month, year in (text.split("/") for text in texts)]

    assert "11/2024–1/2025, 7/2025" == month_ranges(months("7/2025", "11/2024", "12/2024", "1/2025"))
    assert "–" == month_ranges([])


def test_the_last_month_is_told_against_the_same_month_a_year_before(data: Data) -> None:
    title = drawn(data, "adoption.months", "ky=2026-02").title
    assert "Tháng 2/2026: 2 trong 5 đơn vị có kết quả đã trả qua bưu chính; tháng 2/2025 chưa đơn vị nào có kết quả" == title


def test_an_unfinished_month_is_dashed_and_said(tmp_path: Path) -> None:
    dossiers = [returned(day, "post", agency_code="A") for day in ("2025-06-20", "2026-05-20", "2026-06-05")]
    data = province(tmp_path, [received("2024-01-05", agency_code="A"), *dossiers], agencies=AGENCIES[:1], successions=None, as_of="2026-06-10")
    drawing = drawn(data, "adoption.months", "ky=2026")
    expected = "Tháng 6/2026 tính đến ngày 10/06/2026: 1 trong 1 đơn vị có kết quả đã trả qua bưu chính; tháng 6/2025 (cả tháng) là 1 trong 1"
    assert expected == drawing.title
    assert drawing.figure is not None
    assert any((trace.get("line") or {}).get("dash") for trace in drawing.figure["data"])


def test_reorganisations_and_events_are_marked_on_the_line_and_said(demo: Data) -> None:
    drawing = drawn(demo, "adoption.months", "")
    assert drawing.figure is not None
    assert {"①", "②", "③", "④", "⑤"} <= {note["text"] for note in drawing.figure["layout"]["annotations"]}
    assert "Sắp xếp cơ quan" in drawing.lines[0]
    assert "Sắp xếp đơn vị hành chính" in drawing.lines[0]
    assert "06/07/2026: Công văn nhắc các đơn vị chưa trả kết quả qua bưu chính (minh họa)" in drawing.lines[0]


def test_the_table_behind_the_line_has_its_figures(data: Data) -> None:
    by_month = dict(zip((line[0] for line in cells(data, "adoption.months")), cells(data, "adoption.months"), strict=True))
    assert ["Tháng 2/2026", "5", "2", "40,0%"] == by_month["Tháng 2/2026"]
    assert ["Tháng 1/2026", "0", "0", "–"] == by_month["Tháng 1/2026"]
    assert 24 == len(by_month)
    assert month_index(data.as_of) - 23 == rows(data, "adoption.months")[0]["month"]


def test_every_verdict_has_its_own_sentence_of_what_to_do(data: Data) -> None:
    lines = cells(data, "adoption.meaning")
    assert [VERDICT_NAMES[verdict] for verdict in Verdict] == [line[0] for line in lines]
    assert 5 == len({line[3] for line in lines})
    assert ["2", "1", "1", "1", "1"] == [line[1] for line in lines]


def test_the_counts_of_the_demo_add_up_to_its_catalogue(demo: Data) -> None:
    number = adoption_words.counts(demo.ask(AdoptionUnits(), Filters()))
    assert len(demo.catalogue.agencies) == sum(number.values())
    assert min(number.values()) > 0, "the demo tells every story"


def test_units_about_which_nothing_can_be_said_stand_apart_with_what_to_do(demo: Data) -> None:
    drawing = drawn(demo, "adoption.others", "ky=2026")
    assert drawing.table is not None
    assert {"channel_not_recorded", "no_result", "no_data"} == {row["verdict"] for row in drawing.table.rows}
    assert all(row["advice"] for row in drawing.table.rows)
    called = set(demo.ask(CallList(), Filters.from_query("ky=2026"))["agency_code"])
    assert called & {row["agency_code"] for row in drawing.table.rows} == set()
