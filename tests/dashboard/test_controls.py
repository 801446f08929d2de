"""The filter bar: which views and which comparable groups it offers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dash import no_update

from dashboard.ops import Feed
from dashboard.view import CONTROLS, control_options, filters_of
from dashboard.view.controls import bar
from queries.filters import Filters, Organisation
from tests.queries.hand import province, received

KEEPING = [control.id for control in CONTROLS if control.keeps_unknown]


def feed(folder: Path, **more: Any) -> Feed:
    data = province(folder, [received("2025-02-03")], **more)
    return Feed(lambda: data)


def offered(filters: str, found: Feed, control: str = "f-dv") -> dict[str, str]:
    """Labels by value of a control."""
    options = control_options(Filters.from_query(filters), found)[KEEPING.index(control)]
    return {option["value"]: option["label"] for option in options}


def test_the_bar_offers_the_three_views(tmp_path: Path) -> None:
    shown = str(bar(feed(tmp_path)))
    for words in ("Như tổ chức lúc đó", "Cộng về đơn vị hiện nay", "Nhóm so sánh được"):
        assert words in shown


def test_choosing_the_view_of_groups_is_read_into_the_filters() -> None:
    assert Organisation.COMPARABLE is filters_of(Filters(), {"f-tc": "nhom"}, "f-tc").organisation


def test_groups_are_offered_in_their_view_beside_the_units_and_not_in_the_others(tmp_path: Path) -> None:
    found = feed(tmp_path)
    groups = {"nhom:SKHCN", "nhom:X-BL"}
    assert groups == set(offered("tc=nhom", found)) - set(offered("", found))
    assert {"STP", "STTTT", "SKHCN-CU", "SKHCN", "HTD", "X-BL", "X-LL"} == set(offered("tc=hien-nay", found))


def test_a_chosen_group_keeps_its_name_in_every_view_and_an_unknown_code_is_called_unknown(tmp_path: Path) -> None:
    labels = offered("dv=nhom:SKHCN,LA", feed(tmp_path))
    assert "Nhóm: Sở Khoa học và Công nghệ (gồm 3 đơn vị trước và sau sắp xếp)" == labels["nhom:SKHCN"]
    assert "LA (không có trong danh mục)" == labels["LA"]


def test_lists_that_hold_everything_chosen_are_not_sent_again(tmp_path: Path) -> None:
    assert all(options is no_update for options in control_options(Filters(agencies=("STP",)), feed(tmp_path, successions=None)))


def test_an_area_that_has_ended_is_offered_with_its_last_year(tmp_path: Path) -> None:
    labels = offered("db=LA", feed(tmp_path), "f-db")
    assert ("Xã Chăn Nưa (đến 2025)", "Xã Lê Lợi") == (labels["03487@2025"], labels["03487"])
