"""Tables as mark-up: what is in the database stays text, links stay inside, sorting is an address."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.cards import Asked
from dashboard.tables import Column, Kind, Table, TableState
from dashboard.view.table import table
from queries.data import Data
from queries.filters import Filters
from tests.queries import hand

COLUMNS = (Column("name", "Đơn vị", link="link"), Column("returned", "Đã trả", Kind.WHOLE), Column("verdict", "Tình trạng", Kind.VERDICT))
ROWS = (
    {"name": "<script>alert(1)</script>", "link": "javascript:alert(1)", "returned": 1234, "verdict": "not_by_post"},
    {"name": "Mường Tè \"Đ\" & 'đ'", "link": '/don-vi?dv="><b>', "returned": None, "verdict": "<b>x</b>"},
)


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return hand.province(tmp_path, dossiers=[hand.received("2026-03-02")])


def markup(data: Data, source: Table, state: TableState = TableState()) -> str:
    block = table(source, Asked(data, Filters(), state, "/don-vi"), "Bảng <thử>")
    holders = [part.to_plotly_json()["props"] for part in block.children if "data-html" in part.to_plotly_json()["props"]]
    return str(holders[0]["data-html"])


def test_a_name_in_the_database_cannot_become_markup(data: Data) -> None:
    text = markup(data, Table(COLUMNS, ROWS))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "<b>" not in text
    assert "Bảng &lt;thử&gt;" in text


def test_a_link_leads_only_inside_the_application(data: Data) -> None:
    text = markup(data, Table(COLUMNS, ROWS))
    assert "javascript:" not in text
    assert 'href="/don-vi?dv=&#34;&gt;&lt;b&gt;"' in text


def test_numbers_are_vietnamese_and_a_missing_one_is_a_dash(data: Data) -> None:
    text = markup(data, Table(COLUMNS, ROWS))
    assert ">1.234<" in text
    assert ">–<" in text


def test_a_heading_sorts_by_an_address_and_says_the_order(data: Data) -> None:
    text = markup(data, Table(COLUMNS, ROWS, interactive=True), TableState(sort="-returned"))
    assert 'aria-sort="descending"' in text
    assert 'href="/don-vi?sx=returned"' in text
