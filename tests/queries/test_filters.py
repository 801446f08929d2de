"""Filters as a value and an address: canonical both ways, and whatever stands in an address is kept, said or comes up empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from queries.addresses import LISTS, NO_SUCH_CODE
from queries.code_list import LONGEST_CODE, read_codes, write_codes
from queries.data import Data
from queries.filters import KEYS, MOST_VALUES, Compare, Filters, Organisation
from queries.measure import Measure
from queries.metrics import RECEIVED
from queries.period import FIRST_YEAR, LAST_YEAR, Clock, Kind, Period
from queries.sentence import sentence
from tests.queries.hand import province, received, value

CODE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=LONGEST_CODE)
CODES = st.lists(CODE | st.sampled_from(["a", "A", "a ", "-", ",", "\\", "a,b", "a\\", "--"]), max_size=4).map(tuple)
DAY = st.none() | st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
FILTERS = st.builds(
    Filters,
    code=st.sampled_from([None, "2026", "2026-Q3", "2026-H1", "2026-9T", "2026-10", "2026-q3", "luy-ke", "nonsense"]),
    start=DAY,
    end=DAY,
    clock=st.sampled_from(Clock),
    compare=st.sampled_from(Compare),
    organisation=st.sampled_from(Organisation),
    levels=CODES,
    agencies=CODES,
    areas=CODES,
    procedures=CODES,
    sectors=CODES,
    channels=CODES,
)
AS_OF, FIRST_ON = date(2026, 10, 31), date(2017, 1, 2)


def of(query: str) -> Filters:
    return Filters.from_query(query)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """Two dossiers: one with every code, one with none."""
    dossiers = [received("2026-03-02", "post", area_code="03390"), received("2026-03-02", None, agency_code=None, procedure_code=None)]
    return province(tmp_path_factory.mktemp("two"), dossiers)


@given(FILTERS)
def test_an_address_gives_back_the_filters_it_was_written_from(filters: Filters) -> None:
    assert filters == of(filters.to_query())
    assert () == of(filters.to_query()).problems


@given(FILTERS)
def test_equal_filters_are_equal_strings(filters: Filters) -> None:
    turned = replace(filters, agencies=tuple(reversed(filters.agencies)) * 2, areas=filters.areas + filters.areas[:1])
    assert (filters, filters.to_query()) == (turned, turned.to_query())


@given(FILTERS, st.sampled_from(sorted(LISTS.values())), CODES | st.just(("", "b", "a", "a")))
def test_an_address_with_one_list_set_anew_is_that_of_filters_with_it(filters: Filters, attribute: str, codes: tuple[str, ...]) -> None:
    assert filters.with_values(attribute, codes).to_query() == filters.to_query_with(attribute, codes)


@given(FILTERS, FILTERS)
def test_different_filters_are_different_strings(one: Filters, other: Filters) -> None:
    assert (one == other) == (one.to_query() == other.to_query())


@given(st.text())
@example("?" * 50)
@example("tu=&den=&ky=&dv=")
@example("dv=%ff%fe%00%zz&ky=%c3%28")
@example("dv=\ud800&tt=\udfff")
@example("dv=" + "\\" * 7)
@example("&".join(f"{key}={key}" for key in KEYS))
def test_no_text_breaks_the_reading_and_what_was_read_is_canonical(text: str) -> None:
    filters = of(text)
    assert filters == of(filters.to_query())
    assert filters.timeframe(AS_OF, FIRST_ON).period.start <= filters.timeframe(AS_OF, FIRST_ON).period.end


@given(st.dictionaries(st.sampled_from(sorted(KEYS)), st.text(max_size=40)))
def test_any_value_in_any_key_can_be_read_and_written_again(values: dict[str, str]) -> None:
    filters = of("&".join(f"{key}={quote(value, errors='replace')}" for key, value in values.items()))
    assert filters == of(filters.to_query())


@given(st.binary(max_size=60))
def test_percent_signs_with_any_bytes_can_be_read(raw: bytes) -> None:
    filters = of("dv=" + "".join(f"%{byte:02x}" for byte in raw))
    assert filters == of(filters.to_query())


def test_no_address_is_the_year_to_date_of_the_whole_province_compared_with_the_year_before() -> None:
    assert Filters() == of("") == of("?") == of("ky=luy-ke&lich=lich&ss=cung-ky&tc=luc-do")
    assert "" == Filters().to_query()
    timeframe = Filters().timeframe(AS_OF, FIRST_ON)
    assert ("01/01/2026–31/10/2026", "01/01/2025–31/10/2025") == (timeframe.period.dates(), timeframe.compared_label())


def test_keys_are_sorted_and_defaults_left_out() -> None:
    assert "db=03390,03487@2025&dv=STP&ky=2026-Q3&ss=khong" == of("ss=khong&ky=2026-q3&dv=STP&lich=lich&db=03487@2025,03390").to_query()


@pytest.mark.parametrize("key", ["ky", "tu", "den", "lich", "ss", "tc"])
@pytest.mark.parametrize("nonsense", ["x", "2026-13", "9999", "<script>", "' OR 1=1", "%00", "-", "🙂", "\u0662\u0660\u0662\u0666-\u0660\u0661"])
def test_nonsense_in_a_key_of_one_value_is_said_with_the_key_and_the_value_and_taken_for_the_default(key: str, nonsense: str) -> None:
    filters = of(f"{key}={quote(nonsense, safe='%')}")
    assert Filters() == filters
    assert 1 == len(filters.problems)
    assert f"«{key}»" in filters.problems[0]
    assert "đã dùng giá trị mặc định" in filters.problems[0]


@pytest.mark.parametrize("key", ["cap", "dv", "db", "tt", "lv", "ht"])
@pytest.mark.parametrize("nonsense", ["x", "999999", "<script>", "' OR '1'='1", "%00", "%ff", ",", ",,", "\\", "🙂", "%25", "POST", "st_", "ST%25"])
def test_nonsense_in_a_key_of_codes_comes_up_empty_and_never_wider(key: str, nonsense: str, two: Data) -> None:
    row = two.ask(Measure((RECEIVED,)), of(f"ky=2026&{key}={nonsense}")).iloc[0]
    assert (2, 0) == (value(two, "received"), row["received"])


def test_a_key_without_a_value_sets_nothing() -> None:
    assert Filters() == of("dv=&db=%20&ky=&tu=&ht=")


def test_an_unknown_key_narrows_nothing_and_is_no_fault() -> None:
    assert (Filters(), ()) == (of("donvi=STP&utm_source=zalo"), of("donvi=STP").problems)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-00-10", "2026-1-1", "0001-01-01", "9999-12-31", "1989-12-31", "2101-01-01", "10/10/2026", "2026-10-10T00:00", "26-10-10"]
)
@pytest.mark.parametrize("key", ["tu", "den"])
def test_a_day_that_cannot_be_used_is_said_and_left_out(key: str, text: str) -> None:
    filters = of(f"{key}={text}")
    assert Filters() == filters
    assert [f"«{text}»" in problem and "từ năm 1990 đến năm 2100" in problem for problem in filters.problems] == [True]


def test_one_bad_date_leaves_the_other_alone() -> None:
    filters = of("tu=2026-02-30&den=2026-03-31")
    assert (None, date(2026, 3, 31), 1) == (filters.start, filters.end, len(filters.problems))
    assert "01/01/2026–31/03/2026" == filters.timeframe(AS_OF, FIRST_ON).period.dates()


def test_reversed_dates_are_put_in_order_and_that_is_said() -> None:
    filters = of("tu=2026-05-31&den=2026-05-01")
    assert of("tu=2026-05-01&den=2026-05-31") == filters == Filters(start=date(2026, 5, 31), end=date(2026, 5, 1))
    assert ["Ngày bắt đầu 31/05/2026 sau ngày kết thúc 01/05/2026: đã đổi chỗ hai ngày."] == list(filters.problems)


def test_dates_stand_instead_of_a_code() -> None:
    assert of("tu=2026-05-01") == of("ky=2024&tu=2026-05-01")


def test_only_a_first_day_runs_to_the_date_of_the_data_and_only_a_last_day_from_the_start_of_its_year() -> None:
    assert "01/05/2026–31/10/2026" == of("tu=2026-05-01").timeframe(AS_OF, FIRST_ON).period.dates()
    assert "01/01/2025–31/05/2025" == of("den=2025-05-31").timeframe(AS_OF, FIRST_ON).period.dates()
    assert "01/05/2027–01/05/2027" == of("tu=2027-05-01").timeframe(AS_OF, FIRST_ON).period.dates()


def test_of_five_hundred_values_the_first_two_hundred_are_kept_and_that_is_said() -> None:
    filters = of("dv=" + ",".join(f"A{number:03d}" for number in range(500)))
    assert (MOST_VALUES, "A000", "A199") == (len(filters.agencies), filters.agencies[0], filters.agencies[-1])
    assert ["«dv» có 500 giá trị, nhiều hơn 200: chỉ giữ 200 giá trị đầu."] == list(filters.problems)


def test_a_very_long_list_does_not_push_another_filter_out() -> None:
    assert ("STP",) == of("db=" + "0" * 100_000 + "&dv=STP").agencies


def test_a_code_that_is_too_long_is_cut_and_marked_so_that_it_cannot_be_another_code() -> None:
    (cut,) = of("dv=" + "A" * 500).agencies
    assert ("A" * (LONGEST_CODE - 1) + "…", LONGEST_CODE) == (cut, len(cut))


def test_two_equal_keys_of_codes_are_one_list_and_of_one_value_the_last_holds() -> None:
    assert ("SKHCN", "STP") == of("dv=STP&dv=SKHCN").agencies
    assert "2025" == of("ky=2024&ky=2025").code
    assert ("a\\", "b") == of("dv=a%5C&dv=b").agencies  # the backslash does not reach into the next list


@pytest.mark.parametrize("codes", [["a,b", "c"], ["a\\", "b"], ["a ", "a", " a"], ["\\,"], [" "], ["a\n"], ["-", "--"], ["a\\,b\\"], ["x  y"]])
def test_commas_backslashes_and_blanks_belong_to_a_code(codes: list[str]) -> None:
    assert sorted(codes) == read_codes([write_codes(codes)])
    assert tuple(sorted(codes)) == of(Filters(agencies=tuple(codes)).to_query()).agencies


def test_blanks_around_typed_codes_are_left_out() -> None:
    assert ("SKHCN", "STP") == of("dv=%20STP%20,%20SKHCN%20,,").agencies


def test_a_list_in_which_nothing_can_be_read_selects_nothing() -> None:
    assert ((NO_SUCH_CODE,), (NO_SUCH_CODE,)) == (of("dv=,").agencies, Filters(agencies=("",)).agencies)


def test_a_code_for_a_missing_character_reaches_no_database() -> None:
    assert ("A\N{REPLACEMENT CHARACTER}",) == of("dv=A%00").agencies
    assert ("?",) == of("dv=\ud800").agencies


def test_problems_do_not_make_filters_different() -> None:
    assert (of("ky=x"), hash(of("ky=x"))) == (Filters(), hash(Filters()))
    assert of("ky=x").problems != Filters().problems


def test_a_named_period_is_set_by_its_code_and_free_dates_by_their_days() -> None:
    month = Period(date(2026, 3, 1), date(2026, 3, 31), Kind.MONTH)
    assert "dv=STP&ky=2026-03" == of("dv=STP&tu=2025-01-01").with_period(month).to_query()
    assert "den=2026-03-09&dv=STP&tu=2026-03-02" == of("dv=STP&ky=2025").with_period(Period(date(2026, 3, 2), date(2026, 3, 9))).to_query()


def test_a_period_after_the_data_counts_nothing_and_says_so() -> None:
    timeframe = of("ky=2027").timeframe(AS_OF, FIRST_ON)
    assert (None, None) == (timeframe.counted, timeframe.compared)
    assert ["nằm sau ngày số liệu 31/10/2026" in notice for notice in timeframe.notices] == [True]


def test_a_period_before_the_data_counts_nothing_and_says_so() -> None:
    timeframe = of("ky=2016").timeframe(AS_OF, FIRST_ON)
    assert (None, None) == (timeframe.counted, timeframe.compared)
    assert ["nằm trước hồ sơ đầu tiên (02/01/2017)" in notice for notice in timeframe.notices] == [True]


def test_an_unfinished_period_is_counted_to_the_date_of_the_data_and_compared_with_the_same_days() -> None:
    timeframe = of("ky=2026-Q4").timeframe(AS_OF, FIRST_ON)
    assert timeframe.counted is not None
    assert timeframe.unfinished
    assert ("01/10/2026–31/10/2026", "01/10/2025–31/10/2025") == (timeframe.counted.dates(), timeframe.compared_label())
    assert "quý IV/2026 (đến 31/10/2026)" == timeframe.label()


def test_a_finished_period_is_not_called_unfinished() -> None:
    timeframe = of("ky=2026-10").timeframe(AS_OF, FIRST_ON)
    assert ("tháng 10/2026", False) == (timeframe.label(), timeframe.unfinished)


def test_the_previous_period_and_no_comparison_can_be_asked_for() -> None:
    assert "01/07/2026–31/07/2026" == of("ky=2026-Q4&ss=ky-truoc").timeframe(AS_OF, FIRST_ON).compared_label()
    assert "" == of("ky=2026-Q4&ss=khong").timeframe(AS_OF, FIRST_ON).compared_label()


def test_a_compared_period_that_begins_before_the_data_is_left_out_and_that_is_said() -> None:
    timeframe = of("ky=2017").timeframe(AS_OF, FIRST_ON)
    assert None is timeframe.compared
    assert ["không so sánh" in notice for notice in timeframe.notices] == [True]


def test_data_that_begin_after_the_first_holidays_of_a_year_have_that_year_whole() -> None:
    timeframe = of("ky=2018").timeframe(AS_OF, FIRST_ON)
    assert ("01/01/2017–31/12/2017", ()) == (timeframe.compared_label(), timeframe.notices)
    assert None is of("ky=2018").timeframe(AS_OF, date(2017, 1, 12)).compared


def test_the_sentence_names_a_cut_comparison_by_its_days_and_a_whole_one_by_its_name(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2024-01-02"), received("2026-03-02")])
    assert "Năm 2026 (đến 30/06/2026) · so với 01/01/2025–30/06/2025 · toàn tỉnh" == sentence(of("ky=2026"), data)
    assert "Quý II/2026 · so với quý II/2025 · toàn tỉnh" == sentence(of("ky=2026-Q2"), data)


def test_the_sentence_says_every_filter_and_that_an_unknown_code_is_unknown(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2024-01-02")])
    said = sentence(of("ky=2025&ss=khong&dv=STP&db=03487@2025,-&lv=HT&tt=7.77&ht=post,-&cap=commune&tc=hien-nay&lich=bao-cao"), data)
    assert (
        "Năm 2025 · cấp xã; Sở Tư pháp; địa bàn không ghi nhận; địa bàn Xã Chăn Nưa; lĩnh vực Hộ tịch; thủ tục mã «7.77» không có trong danh mục;"
        " tiếp nhận không ghi nhận; tiếp nhận bưu chính · cộng về đơn vị hiện nay · kỳ báo cáo từ ngày 15 đến ngày 14" == said
    )
