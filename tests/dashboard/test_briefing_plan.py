"""A plan in many states of the demo province: complete, in Vietnamese, with the numbers of the cards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

import pytest

from config.briefings import BriefingTemplate, load_briefings
from config.targets import load_targets
from dashboard import text
from dashboard.cards import Asked, Letterhead
from dashboard.content.briefing import make_plan, notices, preview
from dashboard.content.chart_spec import card_spec
from dashboard.content.plan import ChartBlock, Heading, Paragraph, Plan, SlideKind, TableBlock
from dashboard.content.stamp import Audience, Making
from dashboard.pages import CARDS
from dashboard.tables import Table
from queries import metrics
from queries.data import Data, open_data
from queries.errors import BadRequest
from queries.filters import Filters
from queries.volumes import AgencyVolumes, Totals
from tests.conftest import ROOT

KEYS = ("monthly", "quarterly", "half-year", "yearly", "one-unit", "reminders")
UNIT = "dv=X03445"  # UBND xã Mường Tè, since 1 July 2025
STATES = {
    "an unfinished quarter": "ky=2026-Q4",
    "the year with both breaks": "ky=2025",
    "the year so far": "",
    "a month as organised now": "ky=2026-09&tc=hien-nay",
    "comparable groups against the period before": "ky=2025-H2&tc=nhom&ss=ky-truoc",
    "the first year": "ky=2017",
    "nothing to compare": "ky=2026-Q3&ss=khong",
    "the reporting clock": "ky=2026-Q3&lich=bao-cao",
    "free days": "tu=2026-09-05&den=2026-09-25",
    "one level": "ky=2026-H1&cap=commune",
}
UNIT_STATES = ("ky=2025", "ky=2026-Q3", "ky=2026-10&ss=khong", "ky=2025-Q3&tc=hien-nay", "ky=2026-Q3&lich=bao-cao")
MADE_AT = datetime(2026, 11, 2, 9, 5)
ENGLISH = re.compile(
    r"\b(nan|NaN|None|NaT|NA|null|true|false|not_by_post|no_data|no_result|channel_not_recorded|returns_by_post|other_channels|the|of|and)\b|<NA>"
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


def template(key: str) -> BriefingTemplate:
    found = load_briefings().get(key)
    assert found is not None
    return found


def asked_for(data: Data, query: str) -> Asked:
    targets = load_targets(ROOT / "config" / "targets.toml")
    return Asked(data, Filters.from_query(query), path="/trinh-bay", targets=targets, letterhead=Letterhead("UBND tỉnh", "Sở KH&CN", "Lai Châu"))


def plan_of(data: Data, key: str, query: str, audience: Audience = Audience.INSIDE) -> Plan:
    if key == "one-unit" and "dv=" not in query:
        query = f"{query}&{UNIT}"
    return make_plan(template(key), asked_for(data, query), Making(MADE_AT, audience=audience))


def cells(table: Table) -> Iterator[str]:
    rows = [*table.rows, *([table.total] if table.total is not None else [])]
    yield from (column.label for column in table.columns)
    yield from (column.show(row.get(column.key)) for row in rows for column in table.columns)


def words_of(plan: Plan) -> Iterator[str]:
    """Every text of a plan."""
    yield from (plan.about, plan.period, plan.name, plan.kind_words)
    for slide in plan.slides:
        yield from (slide.title, slide.subtitle, *slide.bullets, *slide.notes)
        yield from (part for kpi in slide.kpis for part in (kpi.label, kpi.value, kpi.unit, kpi.change, kpi.target))
        yield from cells(slide.table.table) if slide.table is not None else ()
        if slide.chart is not None:
            yield from (*slide.chart.chart.categories, *(series.name for series in slide.chart.chart.series), slide.chart.alt_text)
    for block in plan.report:
        if isinstance(block, Heading | Paragraph):
            yield block.words
        elif isinstance(block, TableBlock):
            yield from (block.caption, block.table.note, *cells(block.table.table))
        else:
            yield from (block.caption, block.chart.alt_text)
    for annex in plan.annexes:
        yield from (annex.heading, annex.sheet, annex.table.title, annex.table.note, *cells(annex.table.table))


def checked(plan: Plan) -> None:
    """What every plan promises."""
    for words in words_of(plan):
        assert not ENGLISH.search(words), words
        assert unicodedata.normalize("NFC", words) == words
    for slide in plan.slides:
        assert slide.title.strip()
        full = {
            SlideKind.COVER: bool(slide.subtitle),
            SlideKind.FIGURES: bool(slide.kpis),
            SlideKind.CHART: slide.chart is not None,
            SlideKind.TABLE: slide.table is not None and bool(slide.table.table.rows),
            SlideKind.TEXT: bool(slide.bullets),
            SlideKind.SOURCES: bool(slide.bullets),
        }
        assert full[slide.kind], f"a blank slide: {slide.title}"
        assert len(slide.kpis) <= 6
    assert SlideKind.SOURCES is plan.slides[-1].kind
    assert len(plan.slides) == len(preview(plan))
    figures = [block.caption.split(".")[0] for block in plan.report if isinstance(block, ChartBlock)]
    assert [f"Hình {number}" for number in range(1, len(figures) + 1)] == figures
    assert [f"PHỤ LỤC {number}" for number in range(1, len(plan.annexes) + 1)] == [annex.heading for annex in plan.annexes]
    assert len({spec.address for spec in plan.cards}) == len(plan.cards)
    assert all(not spec.is_empty for spec in plan.cards)


@pytest.mark.parametrize(("key", "state"), [(key, state) for key in KEYS for state in STATES if (key, state) != ("one-unit", "the first year")])
def test_every_template_gives_a_plan_in_every_state(data: Data, key: str, state: str) -> None:
    query = STATES[state]
    checked(plan_of(data, key, query))


@pytest.mark.parametrize("query", UNIT_STATES)
def test_a_commune_born_in_2025_has_a_plan_and_no_change_against_days_before_its_birth(data: Data, query: str) -> None:
    plan = plan_of(data, "one-unit", f"{query}&{UNIT}")
    checked(plan)
    if query == "ky=2025":
        sums = [words for words in words_of(plan) if words.startswith("Trong năm 2025")]
        assert sums
        assert not any("so với cùng kỳ" in words for words in sums)


@pytest.mark.parametrize("query", ["ky=2026-Q3", "ky=2025", "ky=2026-Q4&cap=province"])
def test_the_figures_of_the_slides_and_charts_are_those_of_the_cards(data: Data, query: str) -> None:
    plan = plan_of(data, "quarterly", query)
    cards = {spec.title: spec for spec in plan.cards}
    for slide in plan.slides:
        spec = cards.get(slide.title)
        if spec is None:
            continue
        alone = card_spec(CARDS[spec.address], asked_for(data, query))
        assert alone.title == slide.title
        assert slide.chart is None or (alone.chart is not None and alone.chart.chart == slide.chart.chart)
        assert all(kpi.value in {own.value for own in alone.kpis} for kpi in slide.kpis)


@pytest.mark.parametrize("query", ["ky=2026-Q3", "ky=2025", "ky=2018", "ky=2026-Q4&cap=commune"])
def test_the_annex_of_units_has_the_frame_of_the_question_and_its_own_total(data: Data, query: str) -> None:
    table = next(annex for annex in plan_of(data, "quarterly", query).annexes if annex.sheet == "Theo đơn vị").table.table
    frame = data.ask(AgencyVolumes(), Filters.from_query(query)).set_index("agency_name")
    sums = ("received", "received_by_post", "returned", "returned_by_post")
    for row in table.rows:
        assert [frame.loc[row["agency_name"], name] for name in sums] == [row[name] for name in sums]
    totals = data.ask(Totals(), Filters.from_query(query)).set_index("key")["value"]
    assert table.total is not None
    assert [int(totals[name]) for name in sums] == [int(table.total[name]) for name in sums]


def test_the_published_figure_of_2018_stands_in_the_report_and_in_the_postal_form(data: Data) -> None:
    plan = plan_of(data, "yearly", "ky=2018")
    assert any("tiếp nhận qua dịch vụ bưu chính công ích 13.205 hồ sơ" in words for words in words_of(plan))
    form = next(annex for annex in plan.annexes if annex.sheet == "Biểu bưu chính").table.table
    shown = {row["label"]: form.columns[3].show(row["value"]) for row in form.rows}
    assert "13.205" == shown["Sản lượng: hồ sơ tiếp nhận qua bưu chính"]
    assert ("0", "0", "0", "0", "0", "100%") == tuple(shown[name] for name in [*list(shown)[5:9], "Số vụ bồi thường", "Mức độ an toàn"])


def test_the_published_half_year_of_2019_is_safe_and_without_complaint(data: Data) -> None:
    words = " ".join(words_of(plan_of(data, "half-year", "ky=2019-H1")))
    assert "tiếp nhận qua dịch vụ bưu chính công ích 12.566 hồ sơ" in words
    assert "Chưa phát sinh khiếu nại, mất, thất lạc, hư hỏng hồ sơ, kết quả; mức độ an toàn 100%" in words


def test_an_unfinished_period_says_until_when(data: Data) -> None:
    plan = plan_of(data, "quarterly", "ky=2026-Q4")
    assert plan.about.endswith("quý IV/2026 (tính đến ngày 31/10/2026)")
    assert any("Kỳ báo cáo chưa kết thúc" in words for words in words_of(plan))


def test_the_reporting_clock_names_its_days_everywhere(data: Data) -> None:
    plan = plan_of(data, "quarterly", "ky=2026-Q3&lich=bao-cao")
    assert "kỳ báo cáo quý III/2026 (từ ngày 15/06/2026 đến ngày 14/09/2026)" == plan.period
    assert all("15/06/2026" in annex.table.note for annex in plan.annexes)


def test_a_reorganisation_between_the_periods_is_said_in_the_report(data: Data) -> None:
    assert any("Giữa hai kỳ có sắp xếp tổ chức (01/03/2025 và 01/07/2025)" in words for words in words_of(plan_of(data, "yearly", "ky=2025")))


def test_no_score_stands_without_its_warning_and_both_sums(data: Data) -> None:
    for words in words_of(plan_of(data, "quarterly", "ky=2026-Q3")):
        if words.startswith("Theo bộ ngưỡng"):
            assert "ngưỡng cấu hình, cần đối chiếu văn bản" in words
            assert re.search(r"\d/1\.986\)", words)
            break
    else:
        pytest.fail("no sentence about the score")


def test_what_only_a_person_knows_is_a_place_to_fill_in(data: Data) -> None:
    places = [block for block in plan_of(data, "quarterly", "ky=2026-Q3").report if isinstance(block, Paragraph) and block.is_to_fill]
    assert 4 == len(places)
    assert all(block.words.startswith("[") and block.words.endswith("]") for block in places)


def test_the_same_state_gives_the_same_plan_and_another_moment_only_another_stamp(data: Data) -> None:
    first, again = plan_of(data, "quarterly", "ky=2026-Q3"), plan_of(data, "quarterly", "ky=2026-Q3")
    assert first == again
    later = make_plan(template("quarterly"), asked_for(data, "ky=2026-Q3"), Making(datetime(2027, 1, 1, 0, 0)))
    assert first.report == later.report
    assert first.annexes == later.annexes
    assert first.stamp.code == later.stamp.code


@pytest.mark.parametrize(
    ("key", "query", "said"),
    [
        ("quarterly", "ky=2030", "Số liệu có từ ngày 02/01/2017 đến ngày 31/10/2026; hãy chọn kỳ nằm trong khoảng đó."),
        ("quarterly", "ky=sai", "Không hiểu giá trị «sai» của «ky»"),
        ("one-unit", "ky=2026-Q3&dv=STP,SYT", "cần đúng một đơn vị, đang chọn 2. Hãy chọn một đơn vị ở ô Phạm vi (khóa dv)."),
        ("one-unit", "ky=2026-Q3&dv=KHONG-CO", "Danh mục không có đơn vị mã «KHONG-CO»"),
        ("one-unit", f"ky=2017&{UNIT}", "Hãy chọn kỳ khác hoặc đơn vị khác."),
    ],
)
def test_a_state_of_which_no_briefing_can_be_made_is_refused_with_what_to_choose(data: Data, key: str, query: str, said: str) -> None:
    with pytest.raises(BadRequest) as refused:
        make_plan(template(key), asked_for(data, query), Making(MADE_AT))
    assert said in refused.value.sentence


def test_the_unit_template_without_a_unit_says_that_none_is_chosen(data: Data) -> None:
    with pytest.raises(BadRequest, match="one unit"):
        make_plan(template("one-unit"), asked_for(data, "ky=2026-Q3"), Making(MADE_AT))


def test_a_period_of_another_kind_is_a_notice_and_no_refusal(data: Data) -> None:
    asked = asked_for(data, "ky=2026-08")
    assert "Mẫu “Giao ban quý” dành cho kỳ quý; kỳ đang chọn là tháng 8/2026 (01/08/2026–31/08/2026)" in notices(template("quarterly"), asked)[0]
    assert any("dành cho kỳ quý" in bullet for bullet in plan_of(data, "quarterly", "ky=2026-08").slides[-1].bullets)
    assert () == notices(template("quarterly"), asked_for(data, "ky=2026-Q3"))


def test_metrics_beyond_the_headlines_can_be_figures(data: Data) -> None:
    plan = plan_of(data, "quarterly", "ky=2026-Q3")
    expected = text.whole(data.ask(Totals(), Filters.from_query("ky=2026-Q3")).set_index("key").loc[metrics.RECEIVED_BY_POST.key, "value"])
    assert expected == plan.slides[1].kpis[0].value
