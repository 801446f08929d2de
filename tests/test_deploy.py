"""What stands in deploy/: a backup that is whole while the store is written, an installation that leaves the old one when it fails, units that fit the code."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.archive import Archive
from dashboard.audit import Audit, Event, Wanted
from dashboard.auth import Access, Way
from dashboard.auth.accounts import Accounts
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.view import Look
from queries.data import Data
from queries.rights import Role
from tests.processes import ROOT
from tests.queries.hand import province, received

DEPLOY = ROOT / "deploy"
NOW = datetime(2026, 7, 2, 9)


def backup(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(DEPLOY / "backup"), *map(str, arguments)], capture_output=True, text=True, check=False)


def test_a_backup_is_whole_though_the_store_is_open_and_written(tmp_path: Path) -> None:
    state, target = tmp_path / "state", tmp_path / "target"
    target.mkdir()
    audit = Audit(state / "audit.sqlite", lambda: NOW)
    for number in range(50):
        audit.write(Event.OPENED, "a", {"what": str(number)})
    assert audit.flush()
    (state / "accounts.json").write_text("{}")
    holder = sqlite3.connect(audit.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("INSERT INTO events (at, event, reader, what, query, facts, chain) VALUES ('x','x','x','x','x','x','x')")
    result = backup(state, target, 3)
    holder.execute("ROLLBACK")
    holder.close()
    assert (0, True) == (result.returncode, result.stdout.startswith("Đã sao lưu accounts.json, audit.sqlite vào")), result.stderr
    assert ["accounts.json", "audit.sqlite"] == sorted(path.name for path in next(target.iterdir()).iterdir())
    copy = Audit(next(target.iterdir()) / "audit.sqlite", lambda: NOW)
    assert 50 == len(copy.entries(Wanted(), 100))
    assert copy.broken_at() is None


def house(folder: Path, data: Data) -> FlaskClient:
    """A dashboard with local accounts over a state folder."""
    office = Office(folder=folder, clock=lambda: NOW)
    access = Access(Way.LOCAL, folder / "accounts.json", folder / "sessions.sqlite")
    audit = Audit(folder / "audit.sqlite", lambda: NOW)
    client: FlaskClient = create_app(Feed(lambda: data), Look(), office, audit=audit, access=access).server.test_client()
    return client


def sign_in(client: FlaskClient) -> None:
    assert 303 == client.post("/dang-nhap", data={"ten": "dung", "mat-khau": "mật khẩu đủ dài", "tiep": "/"}).status_code


@pytest.mark.slow
def test_codes_published_figures_accounts_and_audit_survive_a_lost_disk_and_no_session_comes_back(tmp_path: Path) -> None:
    state, target = tmp_path / "state", tmp_path / "target"
    target.mkdir()
    data = province(tmp_path, [received("2026-03-02", "post", agency_code="STP")])
    Accounts(state / "accounts.json").add("dung", Role.ADMINISTRATOR, (), "mật khẩu đủ dài")
    client = house(state, data)
    sign_in(client)
    code = client.post("/ma", json={"the": "overview.totals", "loc": "ky=2026-H1"}).get_json()["ma"]
    assert 303 == client.post("/cong-bo", data={"loc": "ky=2026-Q1&mau=quarterly", "ten": "Báo cáo quý I"}).status_code
    cookie = client.get_cookie("phien")
    assert cookie is not None
    assert 200 == client.get("/nhat-ky.csv").status_code
    noted = Audit(state / "audit.sqlite", lambda: NOW).entries(Wanted(), 100)
    result = backup(state, target, 3)
    assert 0 == result.returncode, result.stderr
    [copy] = target.iterdir()
    assert ["accounts.json", "audit.sqlite", "dashboard.sqlite"] == sorted(path.name for path in copy.iterdir())

    client.post("/ma", json={"the": "overview.months", "loc": "ky=2026-H1"})
    for path in (*state.glob("*.sqlite"), *state.glob("*-wal"), *state.glob("*-shm")):  # as the manual says
        path.unlink()
    (state / "accounts.json").unlink()
    for path in copy.iterdir():
        shutil.copy2(path, state / path.name)

    client = house(state, data)
    client.set_cookie("phien", cookie.value)
    assert 401 == client.get("/_dash-layout").status_code
    sign_in(client)
    archive = Archive(state / "dashboard.sqlite")
    assert archive.find(code) is not None
    assert archive.figures(code)
    assert ["Báo cáo quý I"] == [one.published_as for one in archive.published()]
    audit = Audit(state / "audit.sqlite", lambda: NOW)
    assert noted == audit.entries(Wanted(), 100)[-len(noted) :]
    assert audit.broken_at() is None


def test_only_so_many_backups_are_kept_and_the_newest_of_them(tmp_path: Path) -> None:
    state, target = tmp_path / "state", tmp_path / "target"
    state.mkdir()
    for name in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z"):
        (target / name).mkdir(parents=True)
    assert 0 == backup(state, target, 2).returncode
    kept = sorted(path.name for path in target.iterdir())
    assert ("20260103T000000Z", 2) == (kept[0], len(kept))


@pytest.mark.parametrize("arguments", [(), ("/khong-co", "/khong-co", "3"), (".", ".", "x"), (".", ".", "0")])
def test_a_backup_that_cannot_be_made_is_a_sentence(arguments: tuple[str, ...]) -> None:
    result = backup(*arguments)
    assert (2, "") == (result.returncode, result.stdout)
    assert result.stderr.strip()


def test_an_installation_that_fails_leaves_the_old_release(tmp_path: Path) -> None:
    target = tmp_path / "target"
    (target / "releases" / "old").mkdir(parents=True)
    (target / "current").symlink_to("releases/old")
    empty = tmp_path / "wheels"
    empty.mkdir()
    result = subprocess.run([str(DEPLOY / "install"), str(ROOT), str(empty), str(target), "new"], capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "old" == (target / "current").resolve().name
    assert ["old"] == [path.name for path in (target / "releases").iterdir()]


def test_every_package_has_its_hash_and_is_the_pinned_one() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    blocks = [block for block in re.split(r"\n(?=[a-z])", lock) if "==" in block]
    assert [line.split(" ;")[0] for line in pinned] == [re.split(r"[ \\]", block)[0] for block in blocks]
    assert [] == [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block]


@pytest.mark.parametrize("unit", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_a_unit_runs_as_its_own_user_and_may_write_little(unit: str) -> None:
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    for line in ("User=dashboard", "ProtectSystem=strict", "NoNewPrivileges=yes", "PrivateTmp=yes"):
        assert line in text.splitlines(), line


def test_the_proxy_passes_what_the_guard_looks_at() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto https", "X-Request-ID $request_id"):
        assert f"proxy_set_header {header};" in text
    assert "location ~ ^/(readyz|metrics)$ { return 404; }" in text


@pytest.mark.parametrize(
    ("printed", "code", "expected", "said"),
    [
        ("No known vulnerabilities found", 0, 0, "No known"),
        ("Found 2 known vulnerabilities in 1 package", 1, 1, "Found 2"),
        ("ERROR: requests.exceptions.ConnectionError: Max retries exceeded", 1, 3, "NOT CHECKED"),
        ("ERROR: annotated-types: Dependency not found on PyPI and could not be audited", 1, 3, "CHƯA KIỂM TRA ĐƯỢC"),
    ],
)
def test_an_audit_that_could_not_be_made_is_never_taken_for_a_clean_one(printed: str, code: int, expected: int, said: str, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "{printed}"\nexit {code}\n')
    python.chmod(0o755)
    result = subprocess.run([str(ROOT / ".ci" / "audit"), str(python)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert expected == result.returncode
    assert said in result.stdout + result.stderr
