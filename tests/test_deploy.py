"""What stands in deploy/: a backup that is whole while the store is written, an installation that leaves the old one when it fails, units that fit the code."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from dashboard.audit import Audit, Event, Wanted
from tests.processes import ROOT

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
