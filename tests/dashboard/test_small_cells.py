"""Small counts in files for outside: none survives, none can be found by subtraction, totals stay, and inside nothing is hidden."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.briefings import load_briefings
from dashboard import text
from dashboard.cards import Asked, Kpi
from dashboard.charts import Chart, ChartSeries, Form, Number
from dashboard.content.briefing import make_plan
from dashboard.content.chart_spec import CardSpec, ChartSpec, card_spec
from dashboard.content.plan import Paragraph, Plan
from dashboard.content.small_cells import for_outside, is_narrow, table_for_outside
from dashboard.content.small_cells_words import Hidden, is_told, kept_sentences, reveals_before
from dashboard.content.stamp import Audience, Making
from dashboard.pages import CARDS, PAGES
from dashboard.tables import Column, Kind, Table
from queries.data import Data, open_data
from queries.filters import Filters

LEAST = 5
COLUMNS = (
    Column("agency_name", "Đơn vị"),
    Column("returned", "Đã trả", Kind.WHOLE),
    Column("returned_by_post", "Qua bưu chính", Kind.WHOLE),
    Column("postal_return_rate", "% trả", Kind.PERCENT),
    Column("change", "So cùng kỳ", Kind.SIGNED),
    Column("rank", "Xếp hạng", Kind.WHOLE),
)


def row(name: str, returned: int, by_post: int, before: int = 100, rank: int = 1) -> dict[str, object]:
    return {
        "agency_name": name,
        "returned": returned,
        "returned_by_post": by_post,
        "postal_return_rate": by_post / returned if returned else None,
        "postal_return_rate_numerator": by_post,
        "postal_return_rate_denominator": returned,
        "returned_by_post_before": before,
        "change": by_post - before,
        "rank": rank,
    }


def table_of(*rows: dict[str, object], total: bool = True) -> Table:
    sums = {name: sum(int(str(row[name])) for row in rows) for name in ("returned", "returned_by_post")}
    return Table(COLUMNS, rows, total={"agency_name": "Cộng", **sums} if total else None)


def outside(table: Table, *, narrow: bool = False) -> Table:
    return table_for_outside(table, LEAST, narrow=narrow)[0]


def column(table: Table, key: str) -> list[object]:
    return [row.get(key) for row in table.rows]


def test_a_count_of_four_is_hidden_and_one_of_five_is_not() -> None:
    found = outside(table_of(row("A", 50, 4), row("B", 50, 5), row("C", 50, 3), row("D", 60, 0)))
    assert ["<5", 5, "<5", 0] == column(found, "returned_by_post")


def test_one_hidden_cell_of_a_column_with_a_total_takes_the_next_smallest_with_it() -> None:
    found = outside(table_of(row("A", 50, 4), row("B", 50, 20), row("C", 50, 9), row("D", 50, 0)))
    assert ["<5", 20, "*", 0] == column(found, "returned_by_post")


def test_two_hidden_ones_that_can_only_be_one_and_one_take_another_with_them() -> None:
    found = outside(table_of(row("A", 50, 1), row("B", 50, 1), row("C", 50, 9)))
    assert ["<5", "<5", "*"] == column(found, "returned_by_post")


def test_without_a_total_nothing_more_is_hidden() -> None:
    found = outside(table_of(row("A", 50, 4), row("B", 50, 20), total=False))
    assert ["<5", 20] == column(found, "returned_by_post")


def test_a_rate_and_a_change_on_a_hidden_count_are_hidden_with_what_they_are_made_of() -> None:
    found = outside(table_of(row("A", 50, 4), row("B", 50, 20), row("C", 50, 9)))
    assert ["*", "*"] == [found.rows[0][key] for key in ("postal_return_rate", "change")]
    assert not {"postal_return_rate_numerator", "returned_by_post_before"} & set(found.rows[0])
    assert 0.4 == found.rows[1]["postal_return_rate"]


def test_a_change_that_gives_away_a_small_count_of_the_year_before_is_hidden() -> None:
    found = outside(table_of(row("A", 50, 40, before=3), row("B", 50, 20)))
    assert ["*", -80] == column(found, "change")
    assert [40, 20] == column(found, "returned_by_post")


def test_ranks_and_procedures_are_no_counts_of_dossiers() -> None:
    assert [1, 2] == column(outside(table_of(row("A", 50, 40, rank=1), row("B", 50, 20, rank=2))), "rank")


def test_the_total_of_the_province_stays_and_that_of_a_part_does_not() -> None:
    table = table_of(row("A", 2, 1), row("B", 1, 1))
    assert 2 == (outside(table).total or {})["returned_by_post"]
    assert "<5" == (outside(table, narrow=True).total or {})["returned_by_post"]


def test_months_of_a_row_with_its_sum_are_hidden_in_twos() -> None:
    months = (Column("agency_name", "Đơn vị"), *(Column(f"m{place}", str(place), Kind.WHOLE) for place in (1, 2, 3)), Column("total", "Cộng", Kind.WHOLE))
    found = outside(Table(months, ({"agency_name": "A", "m1": 2, "m2": 30, "m3": 7, "total": 39},)))
    assert ["<5", 30, "*", 39] == [found.rows[0][key] for key in ("m1", "m2", "m3", "total")]


def test_inside_and_with_a_threshold_of_one_nothing_is_hidden() -> None:
    table = table_of(row("A", 50, 1), row("B", 1, 1))
    assert (table, "") == table_for_outside(table, 1, narrow=True)


numbers = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12)


@given(numbers, st.integers(2, 8), st.booleans())
def test_no_small_count_survives_and_totals_stay(parts: list[tuple[int, int, int]], least: int, narrow: bool) -> None:
    table = table_of(*(row(f"Đơn vị {place}", by_post + more, by_post, before) for place, (by_post, more, before) in enumerate(parts)))
    found, _ = table_for_outside(table, least, narrow=narrow)
    for shown in found.rows:
        for key, value in shown.items():
            if key not in ("rank", "agency_name", "change", "postal_return_rate"):
                assert isinstance(value, str) or value == 0 or value >= least, (key, value)
    if not narrow:
        assert table.total == found.total


@given(numbers, st.integers(2, 8))
def test_hidden_counts_cannot_be_found_by_subtraction(parts: list[tuple[int, int, int]], least: int) -> None:
    table = table_of(*(row(f"Đơn vị {place}", by_post + more, by_post, before) for place, (by_post, more, before) in enumerate(parts)))
    found, _ = table_for_outside(table, least, narrow=False)
    for key in ("returned", "returned_by_post"):
        hidden = [place for place, value in enumerate(column(found, key)) if isinstance(value, str)]
        if hidden and len(table.rows) > len(hidden):
            assert len(hidden) > 1
        for place in hidden:  # the rate of a hidden count is hidden too
            assert key != "returned_by_post" or found.rows[place]["postal_return_rate"] in ("*", None)


@given(numbers, st.integers(2, 8))
def test_hiding_twice_is_hiding_once(parts: list[tuple[int, int, int]], least: int) -> None:
    table = table_of(*(row(f"Đơn vị {place}", by_post + more, by_post, before) for place, (by_post, more, before) in enumerate(parts)), total=False)
    once, _ = table_for_outside(table, least, narrow=False)
    assert once == table_for_outside(once, least, narrow=False)[0]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (False, "UBND xã A trả 3 kết quả qua bưu chính"),
        (False, "tăng nhiều nhất ở UBND xã A (+2)"),
        (False, "tỷ lệ 2/40"),
        (False, "nhiều nhất là “Đăng ký kết hôn” (4 trong 41)"),
        (True, "3 đơn vị chưa trả qua bưu chính"),
        (True, "Trong 4 thủ tục của danh mục, 2 thủ tục có phát sinh"),
        (True, "quý III/2026, từ ngày 01/07/2026 đến ngày 03/09/2026, tháng 3/2026 và tháng 4"),
        (True, "QĐ 45/2016/QĐ-TTg, Điều 4: 1.234 hồ sơ"),
        (True, "8 chưa từng trả và 4 đã ngừng trả"),
    ],
)
def test_a_text_is_told_unless_it_quotes_a_small_count(told: bool, words: str) -> None:
    assert told == is_told(words, Hidden(), LEAST)


def test_a_text_that_quotes_a_hidden_rate_or_neighbour_is_not_told() -> None:
    hidden = Hidden({"A": (9.0, 0.08)}, frozenset({"9", "8,0%"}))
    assert not is_told("thấp nhất là A (8,0%)", hidden, LEAST)
    assert not is_told("A trả 9 kết quả", hidden, LEAST)
    assert is_told("9 đơn vị", hidden, LEAST)


def test_only_the_sentence_that_tells_is_left_out() -> None:
    assert "Bảng có đủ. Dưới 20 hồ sơ ghi “–”." == kept_sentences("Bảng có đủ. Còn 3 hồ sơ khác. Dưới 20 hồ sơ ghi “–”.", Hidden(), LEAST)


def test_a_change_that_gives_away_the_year_before_is_known() -> None:
    assert reveals_before("7", "tăng 5 kết quả (+250,0%)", LEAST)
    assert reveals_before("0", "giảm 3 hồ sơ (−100%)", LEAST)
    assert not reveals_before("7", "tăng 1 kết quả (+16,7%)", LEAST)


def spec_with(chart: Chart, *rows: dict[str, object]) -> CardSpec:
    return CardSpec(
        "agencies.volumes",
        "Xếp hạng đơn vị",
        "B trả nhiều nhất: 20 kết quả",
        lines=("A trả 4 kết quả.", "3 đơn vị có trả."),
        kpis=(Kpi("Trả qua bưu chính", "4", "kết quả", "giảm 9 kết quả"), Kpi("Đơn vị", "3/4", "đơn vị")),
        chart=ChartSpec(chart, "B trả nhiều nhất", "", "", ""),
        table=table_of(*rows),
        link="/don-vi?ky=2026-Q3",
    )


ROWS = (row("A", 50, 4), row("B", 50, 20), row("C", 50, 9))


def test_a_chart_has_no_small_value_and_its_words_for_the_blind_have_none() -> None:
    chart = Chart(Form.BARS, ("B", "C", "A"), (ChartSeries("Kỳ này", (20.0, 9.0, 4.0), "#123456", labels=("20", "9", "4")),))
    found = for_outside(spec_with(chart, *ROWS), LEAST)
    assert found.chart is not None
    assert (20.0, None, None) == found.chart.chart.series[0].values
    assert ("20", "–", "–") == found.chart.chart.series[0].labels
    assert "4" not in re.sub(r"[“”]", "", found.chart.alt_text)


def test_a_rate_in_a_chart_goes_with_its_count() -> None:
    chart = Chart(Form.BARS, ("B", "C", "A"), (ChartSeries("Tỷ lệ", (40.0, 18.0, 8.0), "#123456"),), Number.PERCENT)
    found = for_outside(spec_with(chart, *ROWS), LEAST)
    assert found.chart is not None
    assert (40.0, None, None) == found.chart.chart.series[0].values


def test_a_waterfall_with_a_hidden_step_is_left_out() -> None:
    chart = Chart(Form.STEPS, ("Trước", "A", "B", "Nay"), (ChartSeries("Tăng", (300.0, -96.0, -80.0, 124.0), "#123456"),))
    assert for_outside(spec_with(chart, *ROWS), LEAST).chart is None


def test_lines_and_figures_that_quote_a_small_count_are_left_out_or_reworded() -> None:
    chart = Chart(Form.BARS, ("B",), (ChartSeries("Kỳ này", (20.0,), "#123456"),))
    found = for_outside(spec_with(chart, *ROWS), LEAST)
    assert ("3 đơn vị có trả.",) == found.lines
    assert ("<5", "") == (found.kpis[0].value, found.kpis[0].change)
    assert "3/4" == found.kpis[1].value
    assert "“<5”: số từ 1 đến 4" in found.note


@pytest.mark.parametrize(
    ("narrow", "link"), [(False, "/?ky=2026-Q3"), (True, "/?dv=STP&ky=2026-Q3"), (True, "/?tt=1.01"), (False, "/?lich=bao-cao&tc=hien-nay")]
)
def test_an_address_says_whether_it_asks_for_a_part(narrow: bool, link: str) -> None:
    assert narrow == is_narrow(link)


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


QUERIES = ("ky=2026-Q3", "ky=2026-10&dv=X03445", "ky=2026-10&cap=commune&ss=ky-truoc", "ky=2017&tt=1.001193")
NOT_COUNTED = (
    "adoption.levels",
    "adoption.months",
    "adoption.meaning",
    "adoption.pattern",
    "adoption.cohort",
    "adoption.strip",
    "procedures.funnel",
    "potential.kinds",
    "procedures.sectors",
)


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES)
def test_no_card_of_units_shows_a_small_count_outside(data: Data, query: str) -> None:
    path = {card.address: page.path for page in PAGES for card in page.cards}
    counts = (
        "received",
        "received_by_post",
        "returned",
        "returned_by_post",
        "overdue",
        "due_soon",
        "now",
        "before",
        "numerator",
        "denominator",
        "returned_recorded",
    )
    for address in sorted(CARDS):
        if address.startswith(("data.", "briefing.", "overview.", "score.", "pace.", *NOT_COUNTED)) and "&" not in query:
            continue
        if address.startswith(("data.", "briefing.", *NOT_COUNTED)):
            continue
        spec = for_outside(card_spec(CARDS[address], Asked(data, Filters.from_query(query), path=path[address])), LEAST)
        for shown in spec.table.rows if spec.table is not None else ():
            for key in counts:
                value = shown.get(key)
                assert isinstance(value, str) or value is None or text.is_missing(value) or not 0 < value < LEAST, (address, key, value)
        if spec.chart is not None and spec.chart.chart.number is Number.WHOLE and spec.chart.chart.form is not Form.STEPS and not address.startswith("change."):
            for series in spec.chart.chart.series:
                assert not any(value is not None and 0 < value < LEAST for value in series.values), (address, series.name)


def plan_of(data: Data, key: str, query: str, audience: Audience) -> Plan:
    template = load_briefings().get(key)
    assert template is not None
    return make_plan(template, Asked(data, Filters.from_query(query), path="/trinh-bay"), Making(datetime(2026, 11, 2), audience=audience))


@pytest.mark.slow
def test_the_report_on_one_unit_tells_no_small_count_outside(data: Data) -> None:
    plan = plan_of(data, "one-unit", "ky=2026-10&dv=X03445", Audience.OUTSIDE)
    for block in plan.report:
        if isinstance(block, Paragraph) and not block.is_to_fill and "cần thêm" not in block.words and "còn thiếu" not in block.words:
            assert is_told(block.words.replace("dưới 5 ", ""), Hidden(), LEAST), block.words
    for slide in plan.slides:
        assert is_told(slide.title, Hidden(), LEAST), slide.title


@pytest.mark.slow
@pytest.mark.parametrize("address", ["score.units", "change.rate"])
def test_rates_of_units_without_their_counts_stay_in_the_house(data: Data, address: str) -> None:
    asked = Asked(data, Filters.from_query("ky=2026-Q3"), path="/")
    spec = for_outside(card_spec(CARDS[address], asked), LEAST)
    assert (True, None, None) == (spec.is_empty, spec.table, spec.chart)
    assert spec.title.endswith("không có trong tệp gửi ra ngoài")


@pytest.mark.slow
def test_inside_the_plan_has_no_sign_of_suppression(data: Data) -> None:
    for annex in plan_of(data, "quarterly", "ky=2026-Q3", Audience.INSIDE).annexes:
        for shown in annex.table.table.rows:
            assert not {"<5", "*"} & {value for value in shown.values() if isinstance(value, str)}


@pytest.mark.slow
def test_the_stamp_of_a_file_for_outside_says_so_and_its_code_is_another(data: Data) -> None:
    inside, outside_ = (plan_of(data, "quarterly", "ky=2026-Q3", audience) for audience in Audience)
    assert inside.stamp.code != outside_.stamp.code
    assert "Tệp gửi ra ngoài: các số nhỏ đã được che." in outside_.slides[-1].bullets
