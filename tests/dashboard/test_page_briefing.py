"""The page “Trình bày”: a stub that says so."""

from __future__ import annotations

import pytest

from dashboard.cards import Asked, Drawing
from dashboard.pages import briefing
from queries.data import Data, open_data
from queries.filters import Filters


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


def drawn(data: Data, address: str) -> Drawing:
    card = next(card for card in briefing.PAGE.cards if card.address == address)
    return card.drawing(Asked(data, Filters(), path=briefing.PAGE.path))


def test_what_is_not_there_yet_is_said_in_the_message(data: Data) -> None:
    assert "Trang dựng sẵn bài trình bày chưa có; hôm nay có 5 cách lấy số liệu từ các trang khác" == drawn(data, "briefing.today").title
    assert "Trang này sẽ làm 4 việc; hiện chưa làm được việc nào" == drawn(data, "briefing.coming").title


def test_what_works_today_and_what_will_come_are_never_mixed(data: Data) -> None:
    tables = [drawn(data, address).table for address in ("briefing.today", "briefing.coming")]
    today, coming = ({row["what"] for row in table.rows} if table else set() for table in tables)
    assert len(briefing.WAYS) == len(today | coming)
    assert not today & coming


def test_downloads_and_printing_are_explained(data: Data) -> None:
    table = drawn(data, "briefing.today").table
    assert table is not None
    said = " ".join(row["how"] for row in table.rows)
    assert all(word in said for word in ("Tải PNG", "Tải SVG", "Tải CSV", "Ctrl+P"))
