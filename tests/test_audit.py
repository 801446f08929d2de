"""The audit: what is noted of whom, only added to, kept for its days, read by administrators alone."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.audit import Audit, Entry, Event, Wanted
from dashboard.auth import User
from dashboard.content.stamp import now
from dashboard.exports.office import Office
from dashboard.guard import Rules
from dashboard.ops import Feed
from dashboard.view import Look
from queries.data import Data
from queries.rights import Role
from tests.evil import FORMULA, SCRIPT, opened
from tests.queries.hand import province, received

NOW = datetime(2026, 7, 2, 9, 5)


@dataclass
class Someone:
    name: str = "an.nguyen"
    role: Role = Role.ADMINISTRATOR


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return province(tmp_path, [received("2026-03-02", "post", agency_code="STP")])


@pytest.fixture
def someone() -> Someone:
    return Someone()


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    found = Audit(tmp_path / "audit.sqlite", lambda: NOW)
    yield found
    assert found.flush()


@pytest.fixture
def client(data: Data, audit: Audit, someone: Someone, tmp_path: Path) -> FlaskClient:
    server = create_app(Feed(lambda: data), Look(), Office(folder=tmp_path), Rules(), audit).server

    def sign_in() -> None:
        """After the gate: whoever the test wants asks."""
        flask.g.user = User(someone.name, someone.role, ("STP",) if someone.role is Role.HEAD else ())

    server.before_request(sign_in)
    found: FlaskClient = server.test_client()
    return found


def noted(audit: Audit, **wanted: str) -> list[Entry]:
    assert audit.flush()
    return audit.entries(Wanted(**wanted), 100)


def test_a_page_opened_is_noted_with_its_reader_its_filter_and_its_moment(client: FlaskClient, audit: Audit) -> None:
    opened(client, "/don-vi", "?ky=2026-Q1&dv=STP")
    found = noted(audit)
    assert [("2026-07-02 09:05:00", "opened", "an.nguyen", "/don-vi", "ky=2026-Q1&dv=STP")] == [(e.at, e.event, e.reader, e.what, e.query) for e in found]


def test_a_file_is_noted_with_its_name_and_is_on_disk_before_the_reader_has_it(client: FlaskClient, audit: Audit) -> None:
    answer = client.get("/tai-ve/overview.totals.csv?ky=2026-Q1")
    name = answer.headers["Content-Disposition"].partition('"')[2].rstrip('"')
    assert [("exported", name, "ky=2026-Q1")] == [(e.event, e.what, e.query) for e in audit.entries(Wanted(), 10)]


def test_a_picture_and_a_publication_are_noted(client: FlaskClient, audit: Audit) -> None:
    client.post("/ma", json={"the": "overview.months", "loc": "?ky=2026-Q1"})
    assert 303 == client.post("/cong-bo", data={"loc": "ky=2026-Q1&mau=quarterly", "ten": "Báo cáo quý I"}).status_code
    published, exported = noted(audit)
    assert ("exported", "overview.months (ảnh)", "ky=2026-Q1") == (exported.event, exported.what, exported.query)
    assert ("published", "Báo cáo quý I", "ky=2026-Q1&mau=quarterly") == (published.event, published.what, published.query)


def test_a_refusal_is_noted_with_what_was_refused(client: FlaskClient, audit: Audit) -> None:
    client.post("/cong-bo", data={"ten": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert [("refused", "/cong-bo", '{"status": "403"}')] == [(e.event, e.what, e.facts) for e in noted(audit)]


def test_what_shows_no_figure_is_not_noted(client: FlaskClient, audit: Audit) -> None:
    for path in ("/", "/healthz", "/readyz", "/assets/style.css", "/_dash-layout", "/khong-co"):
        client.get(path).close()
    assert [] == noted(audit)


def test_the_sign_in_can_note_its_own_events(audit: Audit) -> None:
    audit.write("sign_in", "an.nguyen", {"way": "oidc"})
    assert [("sign_in", '{"way": "oidc"}')] == [(e.event, e.facts) for e in noted(audit)]


def test_the_journal_is_for_administrators(client: FlaskClient, someone: Someone) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        someone.role = role
        for path in ("/nhat-ky", "/nhat-ky.csv"):
            assert 403 == client.get(path).status_code, role
    someone.role = Role.ADMINISTRATOR
    assert "Nhật ký" in client.get("/nhat-ky").get_data(as_text=True)


def test_the_journal_shows_names_as_text_and_says_that_it_is_whole(client: FlaskClient, audit: Audit, someone: Someone) -> None:
    someone.name = SCRIPT
    opened(client, "/", f"?dv={SCRIPT}")
    audit.flush()
    page = client.get("/nhat-ky").get_data(as_text=True)
    assert "<script" not in page.partition("<body>")[2]
    assert "&lt;script&gt;" in page
    assert "kho nhật ký còn nguyên" in page


def test_the_journal_as_csv_runs_nothing_in_a_spreadsheet(client: FlaskClient, audit: Audit) -> None:
    audit.write(Event.OPENED, FORMULA, {"what": "=1+1", "query": "@x"})
    audit.flush()
    rows = list(csv.reader(io.StringIO(client.get("/nhat-ky.csv").get_data(as_text=True).removeprefix("\ufeff"))))
    assert ["Số", "Lúc", "Việc", "Ai", "Gì", "Bộ lọc", "Thêm", "Dấu nối"] == rows[0]
    assert [f"'{FORMULA}", "'=1+1", "'@x"] == rows[1][3:6]


def test_the_journal_is_filtered_by_event_reader_and_day(audit: Audit, client: FlaskClient) -> None:
    moments = iter([datetime(2026, 7, 1, 23, 59), datetime(2026, 7, 2, 0, 0), datetime(2026, 7, 3, 0, 0)])
    audit.clock = lambda: next(moments, NOW)
    for reader in ("a", "b", "a"):
        audit.write(Event.OPENED, reader, {})
    assert ["2026-07-02 00:00:00"] == [e.at for e in noted(audit, first="2026-07-02", last="2026-07-02")]
    assert 2 == len(noted(audit, reader="a"))
    assert [] == noted(audit, event="exported")
    assert 3 == len(noted(audit, last="không phải ngày"))


def test_sql_in_a_filter_of_the_journal_finds_nothing_and_breaks_nothing(client: FlaskClient, audit: Audit) -> None:
    audit.write(Event.OPENED, "a", {})
    audit.flush()
    assert 200 == client.get("/nhat-ky?ai=' OR 1=1--&viec='; DROP TABLE events;--&trang=99999999").status_code
    assert 1 == len(noted(audit))


@pytest.mark.parametrize("statement", ["UPDATE events SET reader = 'x'", "DELETE FROM events"])
def test_a_row_can_be_neither_changed_nor_taken_out(statement: str, audit: Audit) -> None:
    audit.clock = now
    audit.write(Event.OPENED, "a", {})
    audit.flush()
    with sqlite3.connect(audit.path) as store, pytest.raises(sqlite3.IntegrityError):
        store.execute(statement)
    store.close()


@pytest.mark.parametrize("statement", ["UPDATE events SET reader = 'x' WHERE number = 2", "DELETE FROM events WHERE number = 2"])
def test_a_row_changed_by_force_shows(statement: str, audit: Audit, client: FlaskClient) -> None:
    for reader in ("a", "b", "c"):
        audit.write(Event.OPENED, reader, {})
    audit.flush()
    assert audit.broken_at() is None
    with sqlite3.connect(audit.path) as store:
        store.execute("DROP TRIGGER never_changed")
        store.execute("DROP TRIGGER kept_for_a_while")
        store.execute(statement)
    store.close()
    assert audit.broken_at() in (2, 3)
    assert "đã bị sửa hoặc xóa bớt" in client.get("/nhat-ky").get_data(as_text=True)


def test_rows_are_kept_for_their_days_and_no_longer(tmp_path: Path) -> None:
    clock = [now() - timedelta(days=100)]
    audit = Audit(tmp_path / "old.sqlite", lambda: clock[0], days=60)
    audit.write(Event.OPENED, "old", {})
    assert audit.flush()
    clock[0] = now()
    again = Audit(audit.path, lambda: clock[0], days=60)
    again.write(Event.OPENED, "new", {})
    assert again.flush()
    again.write(Event.OPENED, "newer", {})
    assert again.flush()
    assert ["newer", "new"] == [entry.reader for entry in again.entries(Wanted(), 10)]
    assert again.broken_at() is None


def test_a_wrong_clock_takes_no_row_out(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "clock.sqlite", now)
    audit.write(Event.OPENED, "now", {})
    assert audit.flush()
    ahead = Audit(audit.path, lambda: datetime(2199, 1, 1), days=30)
    ahead.write(Event.OPENED, "ahead", {})
    assert ahead.flush()
    assert "" == ahead.trouble
    assert ["ahead", "now"] == [entry.reader for entry in ahead.entries(Wanted(), 10)]


def test_a_store_that_cannot_be_read_is_a_sentence(client: FlaskClient, audit: Audit) -> None:
    audit.path.write_bytes(b"not a database" * 1000)
    answer = client.get("/nhat-ky")
    assert (503, True) == (answer.status_code, "Không đọc được kho nhật ký" in answer.get_data(as_text=True))
    opened(client, "/")
    assert audit.flush()
    assert audit.trouble


def test_the_store_is_readable_by_its_owner_alone(audit: Audit) -> None:
    audit.write(Event.OPENED, "a", {})
    audit.flush()
    assert "600" == oct(audit.path.stat().st_mode)[-3:]


def events() -> Any:
    return [event.value for event in Event]


def test_every_event_has_a_name_on_the_page() -> None:
    from dashboard.guard.journal import NAMES

    assert events() == [event.value for event in NAMES]
