"""Late dossiers, counted by hand at the date of the data, 30 June 2026."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queries.backlog import LATE, Backlog
from queries.data import Data, open_data
from queries.measure import Measure
from queries.metrics import OPEN, OVERDUE
from queries.statement import Dim
from tests.queries.hand import ask, completed, province, received


def _due(day: str | None, **more: Any) -> dict[str, Any]:
    return received("2026-05-04", due_at=day, **more)


def _one(data: Data, query: str = "") -> dict[str, int]:
    frame = ask(data, Backlog(), query)
    assert 1 == len(frame)
    return {name: int(frame[name].iloc[0]) for name in ("open", "without_due", "due_soon", *LATE, "overdue")}


@pytest.mark.parametrize(
    ("due", "column"),
    [
        ("2026-06-29 17:00", "late_1_5"),
        ("2026-06-25", "late_1_5"),
        ("2026-06-24 23:59:59", "late_6_10"),
        ("2026-06-20", "late_6_10"),
        ("2026-06-19", "late_11_30"),
        ("2026-05-31", "late_11_30"),
        ("2026-05-30 23:00", "late_over_30"),
    ],
)
def test_days_late_are_calendar_days_with_both_edges_inside(tmp_path: Path, due: str, column: str) -> None:
    counted = _one(province(tmp_path, [_due(due)]))
    assert {column} == {name for name in LATE if counted[name]}
    assert (1, 0) == (counted["overdue"], counted["due_soon"])


@pytest.mark.parametrize(("due", "soon"), [("2026-06-30 08:00", 1), ("2026-07-03 23:59", 1), ("2026-07-04", 0)])
def test_due_on_the_date_of_the_data_is_not_late_but_soon(tmp_path: Path, due: str, soon: int) -> None:
    counted = _one(province(tmp_path, [_due(due)]))
    assert (soon, 0, 1) == (counted["due_soon"], counted["overdue"], counted["open"])


def test_without_a_due_date_stands_outside_what_is_late(tmp_path: Path) -> None:
    counted = _one(province(tmp_path, [_due(None)]))
    assert (1, 1, 0) == (counted["open"], counted["without_due"], counted["overdue"])


def test_a_dossier_with_a_result_is_not_open(tmp_path: Path) -> None:
    assert ask(province(tmp_path, [completed("2026-06-10", due="2026-06-01")]), Backlog()).empty


def test_the_stock_does_not_depend_on_the_period(tmp_path: Path) -> None:
    data = province(tmp_path, [_due("2026-06-01")])
    assert _one(data) == _one(data, "ky=2025-Q1") == _one(data, "ky=2030")


def test_most_overdue_stand_first_and_a_missing_code_has_words(tmp_path: Path) -> None:
    dossiers = [_due("2026-06-01"), _due("2026-06-02"), _due("2026-07-01", procedure_code="2.01"), _due("2026-06-03", procedure_code=None)]
    assert ["Đăng ký khai sinh", "không ghi nhận thủ tục", "Cấp giấy phép xây dựng"] == ask(province(tmp_path, dossiers), Backlog())["name"].tolist()


def test_agencies_carried_on_by_another_are_added_to_it_when_asked(tmp_path: Path) -> None:
    data = province(tmp_path, [_due("2026-06-01", agency_code="STTTT"), _due("2026-06-01", agency_code="SKHCN")])
    then, now = ask(data, Backlog(Dim.AGENCY)), ask(data, Backlog(Dim.AGENCY), "tc=hien-nay")
    assert [("SKHCN", 1), ("STTTT", 1)] == list(zip(then["agency_code"], then["overdue"], strict=True))
    assert [("SKHCN", 2)] == list(zip(now["agency_code"], now["overdue"], strict=True))


@pytest.mark.parametrize("query", ["dv=KHONG-CO", "tt=KHONG-CO", "db=99999"])
def test_an_unknown_code_leaves_nothing(tmp_path: Path, query: str) -> None:
    assert ask(province(tmp_path, [_due("2026-06-01")]), Backlog(), query).empty


def test_a_filter_on_a_column_the_database_lacks_leaves_nothing(tmp_path: Path) -> None:
    data = province(tmp_path, [_due("2026-06-01")], areas=None, without=("dossiers.area_code",))
    assert int(ask(data, Backlog(), "db=03390")["open"].sum()) == 0


def test_only_procedures_and_agencies_split_a_backlog() -> None:
    with pytest.raises(ValueError, match="month"):
        Backlog(Dim.MONTH)


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "cap=commune", "dv=CAT", "lv=LV19"])
def test_in_the_demo_the_parts_are_the_overdue_dossiers_of_the_metric(demo_url: str, query: str) -> None:
    data = open_data(demo_url)
    metric = ask(data, Measure((OPEN, OVERDUE)), query).iloc[0]
    for question in (Backlog(), Backlog(Dim.AGENCY)):
        frame = ask(data, question, query)
        assert (metric["open"], metric["overdue"]) == (frame["open"].sum(), frame["overdue"].sum())
        assert metric["overdue"] == frame[list(LATE)].sum().sum()
