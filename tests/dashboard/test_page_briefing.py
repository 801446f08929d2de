"""The page “Trình bày”: the ways out, the choice of template and period, and what cannot be made."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from config.briefings import Briefings
from dashboard.cards import Asked
from dashboard.exports.briefings import fitting_template, periods_of, publish, template_of
from dashboard.exports.office import Office
from dashboard.pages import briefing
from dashboard.tables import TableState
from dashboard.view.briefing_panel import panel
from queries.data import Data, open_data
from queries.errors import BadRequest
from queries.filters import Filters


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(folder=tmp_path, clock=lambda: datetime(2026, 11, 2, 9, 5))


def asked(data: Data, query: str = "") -> Asked:
    return Asked(data, Filters.from_query(query), TableState.from_query(query), briefing.PAGE.path)


def shown(parts: list[Any]) -> str:
    return json.dumps([part.to_plotly_json() for part in parts], default=lambda one: one.to_plotly_json(), ensure_ascii=False)


def test_every_way_out_says_what_it_is_for_and_how(data: Data) -> None:
    card = next(card for card in briefing.PAGE.cards if card.address == "briefing.ways")
    table = card.drawing(asked(data)).table
    assert table is not None
    said = " ".join(f"{row['what']} {row['how']}" for row in table.rows)
    assert all(word in said for word in ("PPTX", "XLSX", "PDF", "CSV", "PNG", "SVG", "mã đối chiếu", "python -m dashboard export"))


@pytest.mark.parametrize(
    ("query", "key"),
    [("ky=2026-10", "monthly"), ("ky=2026-Q3", "quarterly"), ("ky=2026-H1", "half-year"), ("ky=2025", "yearly"), ("ky=2026-Q3&dv=STP", "one-unit")],
)
def test_the_template_follows_the_period_and_the_chosen_unit(query: str, key: str, data: Data, office: Office) -> None:
    found = fitting_template(asked(data, query), office)
    assert found is not None
    assert key == found.key


def test_without_templates_nothing_fits(data: Data, office: Office) -> None:
    assert fitting_template(asked(data), replace(office, briefings=Briefings())) is None


def test_an_unknown_template_is_refused_with_those_there_are(office: Office) -> None:
    with pytest.raises(BadRequest) as refused:
        template_of("khong-co", office)
    assert "Không có mẫu trình bày “khong-co”. Các mẫu: monthly (Giao ban tháng)" in refused.value.sentence


def test_the_offered_periods_are_of_the_templates_kind_and_the_finished_one_comes_first(data: Data, office: Office) -> None:
    labels = [period.label() for period in periods_of(template_of("quarterly", office), asked(data))]
    assert ["quý III/2026", "quý IV/2026"] == labels
    assert ["tháng 10/2026", "tháng 9/2026"] == [period.label() for period in periods_of(template_of("monthly", office), asked(data))]


@pytest.mark.slow
def test_a_template_for_another_kind_of_period_is_offered_its_own_periods(data: Data, office: Office) -> None:
    said = shown(panel(asked(data, "ky=2026-10&mau=quarterly"), office))
    assert "Mẫu “Giao ban quý” dành cho kỳ khác" in said
    assert "ky=2026-Q3" in said


@pytest.mark.slow
def test_the_choices_are_addresses_and_keep_each_other(data: Data, office: Office) -> None:
    said = shown(panel(asked(data, "ky=2026-Q3&mau=quarterly&ng=ben-ngoai"), office))
    assert "/trinh-bay?ky=2026-Q3&mau=monthly&ng=ben-ngoai" in said
    assert "/tai-ve/trinh-bay/quarterly.pptx?ky=2026-Q3&mau=quarterly&ng=ben-ngoai" in said


def test_what_cannot_be_made_says_why_and_leaves_the_choice_of_template(data: Data, office: Office) -> None:
    said = shown(panel(asked(data, "ky=2026-Q3&mau=one-unit"), office))
    assert "cần đúng một đơn vị" in said
    assert "Giao ban tháng" in said


def test_templates_that_cannot_be_used_are_named_on_the_page(data: Data, office: Office) -> None:
    broken = replace(office, briefings=Briefings((), ("config/briefings/x.toml dòng 3: thiếu khóa “name”.",)))
    assert "x.toml dòng 3" in shown(panel(asked(data), broken))


@pytest.mark.slow
def test_a_briefing_is_published_once_with_its_first_name(data: Data, office: Office) -> None:
    template, state = template_of("quarterly", office), asked(data, "ky=2026-Q3&mau=quarterly")
    assert publish(template, state, office, "  Báo cáo   quý III ") == publish(template, state, office, "tên khác")
    assert ["Báo cáo quý III"] == [one.published_as for one in office.archive.published()]
    assert "Báo cáo quý III" in shown(panel(state, office))
