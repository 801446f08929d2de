"""The faults of a server once more on MariaDB, each really caused: the same outcomes as on PostgreSQL (tests/test_faults.py)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.evil import opened
from tests.servers import fill, run_sql, small_rows, writing_engine
from tests.test_faults import BANNER, QUERY, app_of, close_all, feed_of, ready, said

pytestmark = [pytest.mark.slow, pytest.mark.server]


@pytest.fixture(autouse=True)
def _close_what_was_opened() -> Iterator[None]:
    yield
    close_all()


@pytest.fixture
def filled(mariadb_database: str) -> str:
    fill(mariadb_database, small_rows())
    return mariadb_database


@contextmanager
def locked(url: str) -> Iterator[Callable[[], int]]:
    """The dossiers held by somebody who writes: every statement on them waits. Gives the way to kill those who wait, and tells how many they were."""
    engine = writing_engine(url)
    with engine.connect() as holder:
        holder.exec_driver_sql("LOCK TABLES dossiers WRITE")
        own = holder.exec_driver_sql("SELECT CONNECTION_ID()").scalar_one()
        try:
            yield lambda: kill_readers(url, own)
        finally:
            holder.exec_driver_sql("UNLOCK TABLES")
    engine.dispose()


def kill_readers(url: str, spared: int = 0) -> int:
    """Kill every connection to the database but two; how many there were."""
    engine = writing_engine(url)
    with engine.connect() as killer:
        others = killer.execute(
            sa.text("SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id NOT IN (CONNECTION_ID(), :spared)"), {"spared": spared}
        )
        ids = [row.id for row in others]
        for one in ids:
            killer.exec_driver_sql(f"KILL {one}")
    engine.dispose()
    return len(ids)


def test_a_slow_statement_is_stopped_its_card_says_so_and_other_readers_do_not_wait(filled: str, tmp_path: Path) -> None:
    feed = feed_of(filled, seconds=1.0)
    client, other = app_of(feed, tmp_path), app_of(feed, tmp_path)
    figures = opened(client, "/", QUERY).get_json()["response"]["page"]
    with locked(filled):
        slow: list[str] = []
        reader = threading.Thread(target=lambda: slow.append(said(client, "/", "?ky=2026-02&dv=SKHCN")))
        reader.start()
        time.sleep(0.3)
        assert figures == opened(other, "/", QUERY).get_json()["response"]["page"]
        assert [] == slow, "the slow page is still being made"
        reader.join(60)
    assert "Câu hỏi chạy quá 1 giây nên đã dừng." in slow[0]
    assert "quá 1 giây" not in said(client, "/", "?ky=2026-02&dv=SKHCN")


def test_when_every_connection_is_taken_the_cards_say_so_and_answer_once_one_is_free(filled: str, tmp_path: Path) -> None:
    feed = feed_of(filled)
    client = app_of(feed, tmp_path)
    assert "Số liệu đến" in said(client)
    engine: Any = feed.whole().source.database.engine
    engine.pool._timeout = 0.1
    held = [engine.connect() for _ in range(10)]
    try:
        found = said(client, "/", "?ky=2026-03")
        assert "đang bận, chưa có kết nối trống" in found
        assert BANNER in found
    finally:
        for one in held:
            one.close()
    assert "đang bận" not in said(client, "/", "?ky=2026-03")


def test_connections_that_the_server_kills_are_replaced_between_pages_and_said_within_one(filled: str, tmp_path: Path) -> None:
    client = app_of(feed_of(filled), tmp_path)
    assert "Số liệu đến" in said(client)
    assert kill_readers(filled) > 0
    assert "Không lấy được" not in said(client, "/", "?ky=2026-05")
    found: list[str] = []
    with locked(filled) as kill:
        reader = threading.Thread(target=lambda: found.append(said(client, "/", "?ky=2026-06")))
        reader.start()
        time.sleep(0.7)
        assert kill() > 0
        time.sleep(0.3)
    reader.join(60)
    assert "Không lấy được số liệu của thẻ này." in found[0] or BANNER in found[0]
    assert "Không lấy được" not in said(client, "/", "?ky=2026-06")


def test_a_database_that_is_dropped_leaves_the_last_figures_under_a_banner_until_it_is_back(filled: str, tmp_path: Path) -> None:
    client = app_of(feed_of(filled), tmp_path)
    before = opened(client, "/", QUERY).get_json()["response"]
    name = sa.make_url(filled).database
    server = sa.make_url(filled).set(database="mysql").render_as_string(hide_password=False)
    run_sql(server, f"DROP DATABASE {name}")
    during = opened(client, "/", QUERY).get_json()["response"]
    assert BANNER in json.dumps(during["notices"], ensure_ascii=False)
    assert before["page"] == during["page"]
    assert "Số liệu đến 30/06/2026 (chưa cập nhật được)" == during["data-date"]["children"]
    new = said(client, "/", "?ky=2026-04&dv=SKHCN")
    assert "Không lấy được số liệu của thẻ này." in new
    assert filled not in new
    assert not ready(client)["contract"]["ok"], "the server answers, without the tables"
    fresh = said(app_of(feed_of(filled), tmp_path))
    assert "Không đọc được cơ sở dữ liệu hồ sơ." in fresh, "down at the start"
    run_sql(server, f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
    fill(filled, small_rows())
    assert before == opened(client, "/", QUERY).get_json()["response"]
    assert "Không lấy được" not in said(client, "/", "?ky=2026-04&dv=SKHCN")
    assert ready(client)["contract"]["ok"]
