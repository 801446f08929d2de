"""A published briefing keeps its figures: after five dossiers change, the page names each figure that is another, and by how much."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from dashboard.archive import Difference
from dashboard.cards import Asked
from dashboard.exports.again import changed_since
from dashboard.exports.briefings import publish, template_of
from dashboard.exports.office import Office
from dashboard.pages import BRIEFING_PATH
from dashboard.tables import TableState
from queries.data import Data, open_data
from queries.filters import Filters

pytestmark = pytest.mark.slow
QUERY = "ky=2026-Q3&mau=quarterly"
CHANGED = 5
CHANGE = f"""
UPDATE dossiers SET returned_channel = 'counter', postal_stage = NULL WHERE dossier_id IN (
    SELECT dossier_id FROM dossiers
    WHERE returned_channel = 'post' AND status = 10 AND agency_code = 'CAT' AND returned_at BETWEEN '2026-07-01' AND '2026-09-30'
    ORDER BY dossier_id LIMIT {CHANGED}
)
"""


@pytest.fixture(scope="module")
def changes(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Difference]:
    """What the page of a published quarter says after five results of one agency turn out to have been handed over at the counter."""
    folder = tmp_path_factory.mktemp("frozen")
    before, after = folder / "before.duckdb", folder / "after.duckdb"
    for path in (before, after):
        shutil.copy(demo_path, path)
    with duckdb.connect(str(after)) as database:
        database.execute(CHANGE)
    office = Office(folder=folder, clock=lambda: datetime(2026, 11, 2, 9, 5))
    code = publish(template_of("quarterly", office), asked(open_data(f"duckdb:///{before}")), office, "Báo cáo quý III")
    kept = office.archive.find(code)
    assert kept is not None
    return changed_since(kept, office.archive.figures(code), open_data(f"duckdb:///{after}"), office)


def asked(data: Data) -> Asked:
    return Asked(data, Filters.from_query(QUERY), TableState.from_query(QUERY), BRIEFING_PATH)


def moved(changes: list[Difference], card: str) -> dict[tuple[str, str], tuple[str, float | None]]:
    return {(one.row, one.column): (f"{one.was} → {one.now}", one.change) for one in changes if one.card == card}


def test_the_total_of_the_month_and_of_the_agency_fell_by_five(changes: list[Difference]) -> None:
    units = moved(changes, "Trả nhiều nhất, tăng giảm nhiều nhất, chưa trả")
    assert -CHANGED in {change for (row, _), (_, change) in units.items() if row == "Công an tỉnh"}
    assert -CHANGED == sum(change or 0 for (_, column), (_, change) in moved(changes, "24 tháng gần đây").items() if "Trả kết quả" in column)


def test_figures_that_rest_on_other_dossiers_are_not_named(changes: list[Difference]) -> None:
    assert [] == [one for one in changes if one.row.startswith("UBND")]
    assert [] == [one for one in changes if "Tiếp nhận" in one.column]


def test_every_named_figure_says_what_was_given_out_and_what_is_counted_now(changes: list[Difference]) -> None:
    assert changes
    assert [] == [one for one in changes if one.was == one.now or not one.was or not one.now]
