"""The annexes made by name, on a few dossiers, and the calendar's card."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.briefings import AnnexTemplate, load_briefings
from dashboard.cards import Asked, Drawing
from dashboard.content.annexes import MAKERS, idle_procedures, units, zero_received, zero_returned
from dashboard.content.evaluation import RULES
from dashboard.content.evaluation_facts import Facts
from dashboard.content.plan import TitledTable
from dashboard.content.postal_form import NO_FEE, NO_INCIDENTS, NO_LIST, postal_form
from dashboard.pages import CARDS
from queries.data import Data
from queries.filters import Filters
from tests.conftest import ROOT
from tests.dashboard.test_evaluation import AGENCIES, DOSSIERS, LISTINGS, PERCENT
from tests.queries.hand import province, received

CASES = ({"kind": "complaint", "reported_on": "2026-04-01", "settled_on": "2026-04-05"}, {"kind": "lost", "reported_on": "2026-05-01", "compensation": 500_000})


def facts(data: Data, query: str = "ky=2026-Q2") -> Facts:
    return Facts(Asked(data, Filters.from_query(query)))


@pytest.fixture
def data(tmp_path: Path) -> Data:
    coverage = [{"agency_code": code, "covered_from": "2024-01-01", "covered_to": "2026-06-30"} for code in ("STP", "SYT", "X-BL")]
    rows = [*DOSSIERS, received("2026-05-01", "post", agency_code=None), received("2026-05-02", "post", postal_fee=30_000)]
    return province(tmp_path, rows, agencies=AGENCIES, successions=(), listings=LISTINGS, incidents=CASES, coverage=coverage, rules=PERCENT)


def shown(titled: TitledTable, key: str) -> list[str]:
    column = next(column for column in titled.table.columns if column.key == key)
    return [column.show(row.get(key)) for row in titled.table.rows]


def test_the_total_of_the_units_is_that_of_the_whole_question(data: Data) -> None:
    titled = units(facts(data))
    total = titled.table.total or {}
    assert (11, 4, 6, 3) == tuple(total[key] for key in ("received", "received_by_post", "returned", "returned_by_post"))
    assert "Chưa gán đơn vị" in [name[:1].upper() + name[1:] for name in shown(titled, "agency_name")]
    assert "từ ngày 01/04/2026 đến ngày 30/06/2026" in titled.note


def test_the_postal_form_has_list_volume_revenue_cases_compensation_and_safety(data: Data) -> None:
    form = postal_form(facts(data))
    found = dict(zip(shown(form, "label"), shown(form, "value"), strict=True))
    assert {
        "Thủ tục trong danh mục thực hiện qua bưu chính": "3",
        "Thủ tục có phát sinh qua bưu chính": "1",
        "Sản lượng: hồ sơ tiếp nhận qua bưu chính": "4",
        "Sản lượng: kết quả trả qua bưu chính": "3",
        "Doanh thu cước bưu chính": "30.000",
        "Số vụ khiếu nại": "1",
        "Số vụ khiếu nại đã giải quyết": "1",
        "Hồ sơ, kết quả bị mất": "1",
        "Hồ sơ, kết quả bị thất lạc": "0",
        "Hồ sơ, kết quả bị hư hỏng": "0",
        "Số vụ bồi thường": "1",
        "Tổng giá trị bồi thường": "500.000",
        "Mức độ an toàn": "85,71%",
    } == found
    assert "6/7 hồ sơ, kết quả an toàn" == shown(form, "remark")[-1]


def test_what_the_database_lacks_is_missing_in_the_form_with_its_reason(tmp_path: Path) -> None:
    bare = province(tmp_path, DOSSIERS, agencies=AGENCIES, successions=(), without=("dossiers.postal_fee",))
    form = postal_form(facts(bare))
    found = {row["label"]: (row["remark"], value) for row, value in zip(form.table.rows, shown(form, "value"), strict=True)}
    assert (NO_FEE, "–") == found["Doanh thu cước bưu chính"]
    assert (NO_LIST, "–") == found["Thủ tục có phát sinh qua bưu chính"]
    assert (NO_INCIDENTS, "–") == found["Số vụ khiếu nại"] == found["Tổng giá trị bồi thường"] == found["Mức độ an toàn"]


def test_units_that_returned_nothing_by_post_stand_by_verdict_and_unknown_is_missing(data: Data) -> None:
    titled = zero_returned(facts(data))
    assert ["Sở Y tế", "UBND xã Bình Lư", "UBND xã Lê Lợi"] == shown(titled, "agency_name")
    assert ["Chưa trả qua bưu chính", "Không ghi nhận hình thức", "Chưa có số liệu"] == shown(titled, "state")
    assert ["1", "1", "–"] == shown(titled, "returned")


def test_units_that_received_nothing_by_post_stand_by_reason(data: Data) -> None:
    titled = zero_received(facts(data))
    assert ["Sở Y tế", "UBND xã Bình Lư", "UBND xã Lê Lợi"] == shown(titled, "agency_name")
    assert ["Chưa tiếp nhận qua bưu chính", "Chưa tiếp nhận qua bưu chính", "Chưa có số liệu"] == shown(titled, "state")
    assert ["2", "1", "–"] == shown(titled, "received")


def test_idle_procedures_are_those_of_the_list_with_nothing_by_post(data: Data) -> None:
    assert ["1.02", "2.01"] == shown(idle_procedures(facts(data)), "procedure_code")


def test_the_page_about_templates_names_every_rule_annex_and_key() -> None:
    words = (ROOT / "docs" / "briefings.md").read_text(encoding="utf-8")
    for name in (*RULES, *MAKERS, *(template.key for template in load_briefings().templates), *AnnexTemplate.__slots__):
        assert name == "where" or f"`{name}`" in words, name


def calendar(data: Data) -> Drawing:
    return CARDS["briefing.calendar"].drawing(Asked(data, Filters.from_query("dv=STP"), path="/trinh-bay"))


def test_the_calendar_says_what_is_due_next_and_links_to_the_period(data: Data) -> None:
    drawing = calendar(data)
    assert "Báo cáo quý II/2026 và 6 tháng đầu năm 2026 đến hạn ngày 10/07/2026, còn 10 ngày kể từ ngày số liệu" == drawing.title
    assert drawing.table is not None
    quarter = next(row for row in drawing.table.rows if row["label"] == "Quý II/2026" and row["clock_name"] == "Dương lịch")
    assert ("/trinh-bay?dv=STP&ky=2026-Q2", "đủ cả kỳ") == (quarter["link"], quarter["covered"])
    reporting = next(row for row in drawing.table.rows if row["label"] == "Quý II/2026" and row["clock_name"] != "Dương lịch")
    assert "/trinh-bay?dv=STP&ky=2026-Q2&lich=bao-cao" == reporting["link"]


def test_a_deadline_on_a_day_off_is_marked_as_not_confirmed(data: Data) -> None:
    drawing = calendar(data)
    assert drawing.table is not None
    quarter = next(row for row in drawing.table.rows if row["label"] == "Quý I/2026")
    assert "" == quarter["remark"]  # 10 April 2026 is a Friday
    year = next(row for row in drawing.table.rows if row["label"] == "Năm 2026")
    assert "hạn rơi vào ngày nghỉ; ngày làm việc kế tiếp là 11/01/2027 (cần đối chiếu văn bản)" == year["remark"]
