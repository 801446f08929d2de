"""Whether the push works, on the page “Chưa trả qua bưu chính”: who began, how steadily, and what followed an event; worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from config.events import Event, Events
from dashboard import theme
from dashboard.cards import Asked, Drawing
from dashboard.pages import adoption, event_marks
from dashboard.tables import TableState
from queries import event_cohorts
from queries.data import Data
from queries.filters import Filters
from tests.queries.hand import province, received, returned

NAMES = {"BEGAN": "Sở Tư pháp", "SILENT": "Sở Y tế", "NEVER": "UBND xã Mường Tè", "STEADY": "Sở Nội vụ", "IDLE": "UBND xã Pa Ủ"}
AGENCIES = [{"agency_code": code, "agency_name": name, "level": "commune" if name.startswith("UBND") else "province"} for code, name in NAMES.items()]
CHANNELS = {"BEGAN": ("counter", "post"), "SILENT": ("post", "counter"), "NEVER": ("counter", "counter"), "STEADY": ("post", "post")}
EVENTS = Events(
    (
        Event("Kế hoạch của tỉnh", date(2025, 6, 2), "plan", "KH 1"),
        Event("Tập huấn Mường Tè", date(2026, 1, 5), "training", "TH 1", agencies=("NEVER",)),
    ),
    ("config/events.toml:9: sự kiện thiếu ngày.",),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    dossiers = [received("2024-01-05", agency_code=code) for code in NAMES]
    for code, channels in CHANNELS.items():
        dossiers += [returned(day, channel, agency_code=code) for day, channel in zip(("2025-03-04", "2026-03-04"), channels, strict=True)]
    return province(tmp_path_factory.mktemp("push"), dossiers, agencies=AGENCIES, successions=None)


@pytest.fixture(autouse=True)
def events(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (event_cohorts, event_marks):
        monkeypatch.setattr(module, "load_events", lambda: EVENTS)


def drawn(data: Data, address: str, query: str = "ky=2026") -> Drawing:
    card = next(card for card in adoption.PAGE.cards if card.address == address)
    return card.drawing(Asked(data, Filters.from_query(query), TableState.from_query(query), adoption.PAGE.path))


def cells(drawing: Drawing) -> list[list[str]]:
    assert drawing.table is not None
    return [[column.show(row.get(column.key)) for column in drawing.table.columns] for row in drawing.table.rows]


def values(drawing: Drawing) -> list[dict[str, Any]]:
    assert drawing.figure is not None
    go.Figure(theme.finish(drawing.figure))
    return drawing.figure["data"]


# --- who began, who fell silent --------------------------------------------------------------------------------------------------


def test_who_began_and_who_fell_silent_are_named(data: Data) -> None:
    drawing = drawn(data, "adoption.changes")
    assert "So với cùng kỳ năm trước, Sở Tư pháp mới trả qua bưu chính, Sở Y tế thôi trả qua bưu chính" == drawing.title
    assert [["Sở Tư pháp", "Mới trả qua bưu chính", "0", "1"], ["Sở Y tế", "Thôi trả qua bưu chính", "1", "0"]] == [line[:4] for line in cells(drawing)]


def test_without_a_comparison_nothing_is_called_new(data: Data) -> None:
    drawing = drawn(data, "adoption.changes", "ky=2026&ss=khong")
    assert drawing.is_empty
    assert "chưa chọn kỳ so sánh" in drawing.title


def test_that_nothing_changed_is_said(data: Data) -> None:
    communes = drawn(data, "adoption.changes", "ky=2026&cap=commune")
    assert "Không có đơn vị nào mới trả hay thôi trả qua bưu chính so với cùng kỳ năm trước" == communes.title
    one = drawn(data, "adoption.changes", "ky=2026&dv=STEADY")
    assert "Sở Nội vụ: không phải đơn vị mới trả hay thôi trả qua bưu chính so với cùng kỳ năm trước" == one.title


# --- how steadily ----------------------------------------------------------------------------------------------------------------


def test_the_patterns_add_up_to_the_agencies_of_the_period(data: Data) -> None:
    drawing = drawn(data, "adoption.pattern")
    assert "1 trong 5 đơn vị trả qua bưu chính đều đặn; 1 chưa từng, 2 lúc có lúc không và 1 chưa xét được" == drawing.title
    assert 5 == sum(sum(value or 0 for value in trace["x"]) for trace in values(drawing) if trace["type"] == "bar")
    assert ["UBND xã Mường Tè", "Chưa từng", "0", "2", "–"] == cells(drawing)[0][:5]
    assert ["UBND xã Pa Ủ", "Chưa xét được", "0", "0", "–"] == cells(drawing)[-1][:5]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("NEVER", "UBND xã Mường Tè: chưa từng trả qua bưu chính, 0 trong 2 tháng có kết quả là có trả"),
        ("STEADY", "Sở Nội vụ: đều đặn, 2 trong 2 tháng có kết quả là có trả"),
        ("IDLE", "UBND xã Pa Ủ: 24 tháng không có kết quả ghi hình thức trả nên chưa xét được"),
    ],
)
def test_the_pattern_of_one_agency_is_said_in_words(code: str, expected: str, data: Data) -> None:
    assert expected == drawn(data, "adoption.pattern", f"ky=2026&dv={code}").title


# --- what followed an event ------------------------------------------------------------------------------------------------------


def test_the_latest_event_is_followed_and_another_can_be_chosen(data: Data) -> None:
    latest = drawn(data, "adoption.cohort")
    assert "5 tháng sau ngày 05/01/2026, đơn vị duy nhất khi ấy chưa trả vẫn chưa bắt đầu trả qua bưu chính" == latest.title
    assert [("05/01/2026 Tập huấn Mường Tè", True), ("02/06/2025 Kế hoạch của tỉnh", False)] == [(choice.label, choice.is_set) for choice in latest.choices]
    plan = drawn(data, "adoption.cohort", latest.choices[1].link.partition("?")[2])
    assert "12 tháng sau ngày 02/06/2025, 1 trong 3 đơn vị khi ấy chưa trả đã bắt đầu trả qua bưu chính" == plan.title
    assert "Kế hoạch: Kế hoạch của tỉnh. Căn cứ: KH 1." == plan.lines[0]


def test_the_curve_is_cumulative_and_open_after_the_date_of_the_data(data: Data) -> None:
    plan = drawn(data, "adoption.cohort", "ky=2026&sk=2025-06-02")
    begun = [line[2] for line in cells(plan)]
    assert ["0"] * 9 + ["1"] * 4 + ["–"] * 12 == begun
    assert ["3"] * 25 == [line[3] for line in cells(plan)]
    values(plan)


def test_a_share_of_a_few_agencies_is_not_given(data: Data) -> None:
    assert ["Tháng thứ", "Tháng", "Đã bắt đầu trả", "Cả nhóm"] == [column.label for column in drawn(data, "adoption.cohort").table.columns]  # type: ignore[union-attr]


def test_an_event_that_is_not_there_and_lines_that_could_not_be_used_are_said(data: Data) -> None:
    lines = drawn(data, "adoption.cohort", "ky=2026&sk=1999-01-01").lines
    assert "Không có sự kiện «1999-01-01» để theo dõi; đang xem sự kiện gần nhất." in lines
    assert "config/events.toml:9: sự kiện thiếu ngày." in lines


def test_an_event_meant_for_others_is_no_choice(data: Data) -> None:
    assert ["02/06/2025 Kế hoạch của tỉnh"] == [choice.label for choice in drawn(data, "adoption.cohort", "ky=2026&dv=BEGAN").choices]


def test_where_everybody_returned_before_there_is_nothing_to_follow(data: Data) -> None:
    drawing = drawn(data, "adoption.cohort", "ky=2026&dv=STEADY")
    assert drawing.is_empty
    assert "Không sự kiện nào có đơn vị chưa trả qua bưu chính để theo dõi" == drawing.title


def test_without_an_event_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_cohorts, "load_events", Events)
    alone = province(tmp_path, [received("2024-01-05", agency_code="BEGAN")], agencies=AGENCIES[:1], successions=None)
    assert "Chưa có sự kiện nào trong thời gian có số liệu để theo dõi" == drawn(alone, "adoption.cohort").title
