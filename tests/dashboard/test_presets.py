"""The quick periods in both clocks, and the chips of what is set."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from dashboard.cards import Asked
from dashboard.ops import Feed
from dashboard.pages import PAGES
from dashboard.view import CONTROLS, control_options
from dashboard.view.presets import chips, preset_periods, presets
from dashboard.view.tools import KEYS, PAGE_KEYS, PRESS_FIRST
from queries.filters import Filters
from queries.period import Clock
from tests.queries.hand import province, received


def asked(folder: Path, query: str) -> Asked:
    data = province(folder, [received("2025-02-03")])
    return Asked(data, Filters.from_query(query), path="/don-vi")


def words(asked: Asked) -> list[str]:
    """What the chips say, without the one that clears all."""
    found = chips(asked)
    items: list[Any] = [] if found is None else list(found.children)
    return [item.children[0] for item in items[:-1]]


def test_the_quick_periods_hold_the_date_of_the_data() -> None:
    codes = [period.code() for period in preset_periods(date(2026, 10, 31), Clock.CALENDAR)]
    assert codes == ["2026-10", "2026-Q4", "2026-H2", "2026-9T", "2026", None]


def test_in_the_reporting_clock_the_next_month_begins_on_the_fifteenth() -> None:
    month, quarter, *_, to_date = preset_periods(date(2026, 12, 15), Clock.REPORTING)
    assert (month.code(), month.start, month.end) == ("2027-01", date(2026, 12, 15), date(2027, 1, 14))
    assert quarter.code() == "2027-Q1"
    assert to_date.start == date(2026, 12, 15)
    assert preset_periods(date(2026, 12, 14), Clock.REPORTING)[0].code() == "2026-12"


def test_a_quick_period_keeps_the_other_filters_and_the_set_one_is_marked(tmp_path: Path) -> None:
    shown = str(presets(asked(tmp_path, "ky=2025-Q1&dv=STP")))
    assert "dv=STP&ky=2025" in shown
    assert "is-set" in shown


def test_a_month_that_only_the_reporting_clock_has_is_named(tmp_path: Path) -> None:
    feed = Feed(lambda: province(tmp_path, [received("2025-02-03")]))
    keeping = [control.id for control in CONTROLS if control.keeps_unknown]
    options = control_options(Filters.from_query("ky=2031-11&lich=bao-cao"), feed)[keeping.index("f-ky")]
    assert {"value": "2031-11", "label": "Tháng 11/2031"} in options


def test_there_is_a_chip_for_all_that_differs_from_the_default_and_none_otherwise(tmp_path: Path) -> None:
    assert chips(asked(tmp_path, "")) is None
    assert words(asked(tmp_path, "ky=2025-Q1&lich=bao-cao&ss=khong&tc=hien-nay&cap=commune")) == [
        "quý I/2025",
        "năm báo cáo",
        "không so sánh",
        "cộng về đơn vị hiện nay",
        "cấp xã",
    ]


def test_a_chip_takes_away_its_value_only_and_the_last_one_takes_all(tmp_path: Path) -> None:
    found = chips(asked(tmp_path, "ky=2025-Q1&ss=ky-truoc"))
    assert found is not None
    links = [item.children[1].href for item in found.children[:-1]]
    assert links == ["/don-vi?ss=ky-truoc", "/don-vi?ky=2025-Q1"]
    assert found.children[-1].children.href == "/don-vi"


def test_every_page_has_a_key_and_no_two_keys_are_the_same() -> None:
    assert set(PAGE_KEYS) == {page.path for page in PAGES}
    assert PRESS_FIRST not in KEYS
    assert len(set(PAGE_KEYS.values())) == len(PAGE_KEYS)
