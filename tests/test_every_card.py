"""What every card promises, whatever it shows."""

from __future__ import annotations

import re

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import theme
from dashboard.cards import Asked, Card, Drawing
from dashboard.exports.tables import to_csv
from dashboard.pages import CARDS, PAGES, answer
from dashboard.tables import TableState, select
from queries.data import Data, open_data
from queries.errors import BadRequest
from queries.filters import Filters

STATES = (
    "",
    "ky=2026-Q3",
    "ky=2025",
    "ky=2026-10&ss=ky-truoc&tc=hien-nay",
    "ky=2025-Q2&lich=bao-cao&ss=khong",
    "dv=SKHCN&tc=hien-nay",
    "dv=SKHCN&tc=nhom&ky=2025",
    "dv=H107&ky=2025-H1",
    "dv=KHONG-CO-DON-VI-NAY",
    "cap=commune&ht=post",
    "tu=2026-10-30&den=2026-10-31",
    "tu=2030-01-01&den=2030-12-31",
    "tu=2001-01-01&den=2001-12-31",
)
EMPTY_STATES = ("dv=KHONG-CO-DON-VI-NAY", "tu=2030-01-01&den=2030-12-31", "tu=2001-01-01&den=2001-12-31")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


def drawn(card: Card, data: Data, query: str) -> Drawing:
    return card.drawing(Asked(data, Filters.from_query(query), path="/"))


@pytest.mark.parametrize("address", sorted(CARDS))
@pytest.mark.parametrize("query", STATES)
def test_a_card_has_a_message_a_valid_chart_and_a_table_in_every_state(address: str, query: str, data: Data) -> None:
    drawing = drawn(CARDS[address], data, query)
    assert drawing.title.strip()
    assert drawing.title == drawing.title.strip()
    if drawing.figure is not None:
        go.Figure(theme.finish(drawing.figure))  # raises on anything plotly does not know
        assert drawing.is_empty or drawing.table is not None, "a chart without the table behind it"
    for text in (drawing.title, drawing.subtitle, drawing.note, *drawing.lines):
        assert not any(word in text for word in ("nan", "None", "<NA>", "NaT")), text
    if drawing.table is not None:
        for row in select(drawing.table, TableState()).rows:
            shown = [column.show(row.get(column.key)) for column in drawing.table.columns]
            assert not {"nan", "None", "<NA>", "NaT", "True", "False"} & set(shown)


@pytest.mark.parametrize("address", sorted(CARDS))
def test_a_card_speaks_otherwise_where_there_is_nothing(address: str, data: Data) -> None:
    """A period without data must never read as a province without post."""
    for query in EMPTY_STATES[1:]:
        drawing = drawn(CARDS[address], data, query)
        assert not re.search(r"(?<![\d.])0 (hồ sơ|kết quả)", drawing.title), drawing.title


@pytest.mark.parametrize("address", sorted(CARDS))
def test_a_cards_frame_is_the_same_for_the_command_line_and_goes_into_a_csv(address: str, data: Data) -> None:
    frame = answer(address, data, "ky=2026-Q3")
    pd.testing.assert_frame_equal(frame, CARDS[address].answer(data, Filters.from_query("ky=2026-Q3")))
    assert to_csv(frame).count("\n") >= len(frame)


# agencies.unit sets the unit beside its level and the province on purpose; data.* speak of the database, not of a scope
@pytest.mark.parametrize("address", sorted(address for address in CARDS if address != "agencies.unit" and not address.startswith("data.")))
def test_an_unknown_agency_never_widens(address: str, data: Data) -> None:
    frame = answer(address, data, "dv=KHONG-CO-DON-VI-NAY")
    sums = [name for name in ("received", "received_by_post", "returned", "returned_by_post") if name in frame]
    for name in sums:
        assert frame[name].fillna(0).sum() == 0


def test_the_stable_addresses_are_there() -> None:
    assert {"overview.totals", "agencies.volumes", "areas.volumes", "procedures.volumes", "adoption.units", "adoption.call_list"} <= set(CARDS)


def test_every_address_is_used_once_and_every_page_has_at_most_ten_cards() -> None:
    addresses = [card.address for page in PAGES for card in page.cards]
    assert len(addresses) == len(set(addresses))
    assert [page.name for page in PAGES if not 1 <= len(page.cards) <= 10] == []


def test_a_figure_for_other_filters_than_the_asked_ones_is_never_given(data: Data) -> None:
    with pytest.raises(BadRequest) as refused:
        answer("overview.totals", data, "tu=31/12/2018")
    assert "«31/12/2018»" in refused.value.sentence
