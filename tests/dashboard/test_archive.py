"""The store of files that were made: what is kept, what is published, what is another now."""

from __future__ import annotations

import multiprocessing
import sqlite3
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.archive import Archive, ArchiveUnavailable, CardFigures, differences, figures_of
from dashboard.archive.figures import Cell, pack, unpack
from dashboard.content.chart_spec import CardSpec
from dashboard.content.stamp import Audience, Stamp
from dashboard.tables import Column, Kind, Table

LETTERS = "Ẳ ẵ ệ ỗ ữ ự ỵ Đ đ — Mường Tè, Nậm Nhùn, Sìn Hồ"
COLUMNS = (Column("name", "Đơn vị"), Column("returned", "Đã trả", Kind.WHOLE), Column("rate", "Tỷ lệ", Kind.PERCENT))
STAMP = Stamp(
    what="Thẻ",
    filters="Quý III/2026",
    dates="01/07/2026–30/09/2026",
    as_of=date(2026, 10, 31),
    source_name="",
    made_at=datetime(2026, 11, 2, 9, 5),
    code="AAAAA-22222",
    link="http://127.0.0.1:8050/?ky=2026-Q3",
    code_link="http://127.0.0.1:8050/ma/AAAAA-22222",
    place="Tỉnh Lai Châu",
    is_demo=False,
    audience=Audience.INSIDE,
)


def spec(*rows: tuple[str, str, int | None, float | None], total: int | None = None) -> CardSpec:
    """A card with one row per unit: code, name, results, rate."""
    made = tuple({"agency_code": code, "name": name, "returned": returned, "rate": rate} for code, name, returned, rate in rows)
    return CardSpec(
        "t.units",
        "Đơn vị",
        "Thông điệp",
        link="/don-vi?ky=2026-Q3",
        table=Table(COLUMNS, made, total=None if total is None else {"name": "Cộng", "returned": total}),
    )


def figures(*rows: tuple[str, str, int | None, float | None], total: int | None = None) -> tuple[CardFigures, ...]:
    return figures_of([spec(*rows, total=total)])


def compared(before: tuple[CardFigures, ...], after: tuple[CardFigures, ...]) -> list[tuple[str, str, str, str, float | None]]:
    found = differences(before, {one.address: one for one in after})
    return [(one.row, one.column, one.was, one.now, one.change) for one in found]


def test_equal_figures_do_not_differ() -> None:
    assert [] == compared(figures(("A", "Xã A", 5, 0.5)), figures(("A", "Xã A", 5, 0.5)))


def test_a_figure_that_changed_is_named_by_row_and_column_with_its_change() -> None:
    assert [("Xã A", "Đã trả", "5", "7", 2)] == compared(figures(("A", "Xã A", 5, 0.5)), figures(("A", "Xã A", 7, 0.5)))


def test_a_rate_differs_in_points_of_percent() -> None:
    assert [("Xã A", "Tỷ lệ", "50,0%", "52,5%", 2.5)] == compared(figures(("A", "Xã A", 5, 0.5)), figures(("A", "Xã A", 5, 0.525)))


def test_a_change_that_no_reader_can_see_is_none() -> None:
    assert [] == compared(figures(("A", "Xã A", 5, 0.50001)), figures(("A", "Xã A", 5, 0.50002)))


def test_a_figure_that_was_missing_is_not_zero() -> None:
    assert [("Xã A", "Đã trả", "–", "0", None)] == compared(figures(("A", "Xã A", None, 0.5)), figures(("A", "Xã A", 0, 0.5)))


def test_rows_that_came_and_went_differ_as_a_whole() -> None:
    found = compared(figures(("A", "Xã A", 5, 0.5)), figures(("B", "Xã B", 5, 0.5)))
    assert [("Xã A", "có dòng này", "không có dòng này"), ("Xã B", "không có dòng này", "có dòng này")] == [(row, was, now) for row, _, was, now, _ in found]


def test_two_units_of_one_name_are_not_mistaken_for_each_other() -> None:
    before = figures(("A", "Xã A", 5, 0.5), ("B", "Xã A", 9, 0.5))
    assert [("Xã A", "Đã trả", "9", "8", -1)] == compared(before, figures(("B", "Xã A", 8, 0.5), ("A", "Xã A", 5, 0.5)))


def test_the_total_is_compared_too() -> None:
    assert [("Cộng", "Đã trả", "5", "6", 1)] == compared(figures(("A", "Xã A", 5, 0.5), total=5), figures(("A", "Xã A", 5, 0.5), total=6))


def test_a_card_that_cannot_be_asked_any_more_differs_as_a_whole() -> None:
    assert ["không tính được nữa"] == [one.now for one in differences(figures(("A", "Xã A", 5, 0.5)), {"t.units": None})]


@given(
    st.dictionaries(st.text(max_size=20), st.lists(st.tuples(st.text(max_size=10), st.none() | st.floats(allow_nan=False)), min_size=2, max_size=2), max_size=5)
)
def test_figures_come_out_of_the_store_as_they_went_in(rows: dict[str, list[tuple[str, float | None]]]) -> None:
    given_out = (CardFigures("a.b", LETTERS, "T", "/", ("C", "D"), {key: tuple(Cell(*cell) for cell in cells) for key, cells in rows.items()}),)
    assert given_out == unpack(pack(given_out))


def test_a_code_keeps_its_first_figures_and_time(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "store.sqlite")
    archive.keep(STAMP, "/don-vi?ky=2026-Q3", figures(("A", LETTERS, 5, 0.5)))
    archive.keep(replace(STAMP, made_at=datetime(2027, 1, 1)), "/don-vi?ky=2026-Q3", figures(("A", LETTERS, 6, 0.5)))
    kept = archive.find("AAAAA-22222")
    assert kept is not None
    assert ("/don-vi?ky=2026-Q3", datetime(2026, 11, 2, 9, 5), "Quý III/2026") == (kept.link, kept.made_at, kept.filters)
    assert [("5", "50,0%")] == [tuple(cell.words for cell in cells) for cells in archive.figures(kept.code)[0].rows.values()]


def test_what_is_published_is_listed_newest_first_and_stays_as_it_was(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "store.sqlite")
    for code in ("AAAAA-22222", "BBBBB-33333", "CCCCC-44444"):
        archive.keep(replace(STAMP, code=code), "/", ())
    archive.publish("AAAAA-22222", "Quý III/2026", datetime(2026, 11, 3))
    archive.publish("BBBBB-33333", "Tháng 10/2026", datetime(2026, 11, 9))
    archive.publish("AAAAA-22222", "đổi tên", datetime(2026, 12, 1))
    assert [("BBBBB-33333", "Tháng 10/2026"), ("AAAAA-22222", "Quý III/2026")] == [(one.code, one.published_as) for one in archive.published()]


def test_old_codes_are_forgotten_and_published_ones_are_not(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "store.sqlite")
    archive.keep(STAMP, "/", ())
    archive.keep(replace(STAMP, code="BBBBB-33333"), "/", ())
    archive.publish("BBBBB-33333", "Quý", datetime(2026, 11, 3))
    assert 1 == archive.forget(datetime(2027, 11, 2))
    assert [None, "BBBBB-33333"] == [one and one.code for one in (archive.find("AAAAA-22222"), archive.find("BBBBB-33333"))]


def test_an_unknown_code_is_nothing_and_makes_no_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "store.sqlite")
    assert (None, [], False) == (archive.find("AAAAA-22222"), archive.published(), archive.path.exists())


@pytest.mark.parametrize("broken", [b"no database at all, but long enough to be looked at as one" * 20, None])
def test_a_store_that_cannot_be_used_is_said_in_a_sentence(broken: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.mkdir() if broken is None else path.write_bytes(broken)
    with pytest.raises(ArchiveUnavailable) as refused:
        Archive(path).find("AAAAA-22222")
    assert "kho lưu số liệu đã chốt" in refused.value.sentence


def test_a_store_of_a_newer_dashboard_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as store:
        store.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveUnavailable, match="schema 99"):
        Archive(path).keep(STAMP, "/", ())


def _keep_many(path: Path, first: int) -> None:
    for number in range(first, first + 25):
        Archive(path).keep(replace(STAMP, code=f"{number:05d}-22222"), "/", ())


@pytest.mark.slow
def test_two_servers_may_write_to_one_store_from_its_first_moment(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    makers = [multiprocessing.get_context("spawn").Process(target=_keep_many, args=(path, first)) for first in (0, 100, 200)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(60)
    assert [0, 0, 0] == [maker.exitcode for maker in makers]
    with sqlite3.connect(path) as store:
        assert (75,) == store.execute("SELECT count(*) FROM files").fetchone()
