"""python -m dashboard refresh, as a person and as a machine run it; and a running dashboard that goes over to the new version."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard import command_line
from dashboard.ops import Feed
from queries.data import open_data
from queries.extract import refresh
from queries.extract.versions import Versions
from queries.measure import Measure
from queries.metrics import RECEIVED
from queries.source import open_source
from tests.queries.hand import ask, province, received
from tests.servers import new_duckdb, run_sql, small_rows

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def small(tmp_path: Path) -> str:
    """The forty dossiers in a file of this test."""
    return new_duckdb(tmp_path / "small.duckdb", small_rows())


def _run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as left:
        command_line.main(["refresh", *arguments])
    printed = capsys.readouterr()
    return left.value.code, printed.out, printed.err


def test_a_refresh_says_what_it_copied_and_how_to_open_it(small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "dossiers.duckdb"
    code, out, err = _run("--from", small, "--to", str(to), capsys=capsys)
    assert 0 == code
    assert "(40 hồ sơ; " in out
    assert f"mở bằng duckdb:///{to}." in out
    assert "Đọc hồ sơ (40) …" in err
    assert 0 == _run("--from", small, "--to", str(to), "--since", "2026-01-01", capsys=capsys)[0]


def test_the_address_may_stand_in_the_environment(small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFRESH_FROM", small)
    assert 0 == _run("--to", str(tmp_path / "dossiers.duckdb"), capsys=capsys)[0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "oracle://x"], "chưa được hỗ trợ"),
        (["--from", "duckdb:///khong-co.duckdb"], "Không tìm thấy tệp"),
        (["--since", "hom-qua"], "một ngày viết như 2026-10-31"),
        (["--keep", "0"], "một số nguyên từ 1"),
        (["--rate", "5"], "một số nguyên từ 100"),
        (["--source", "khong-co"], "Không có nguồn dữ liệu"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(arguments: list[str], sentence: str, small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(*(["--from", small] if "--from" not in arguments else []), "--to", str(tmp_path / "x.duckdb"), *arguments, capsys=capsys)
    assert (2, "") == (code, out)
    assert sentence in err
    assert "Traceback" not in err


@pytest.fixture
def slow(tmp_path: Path) -> tuple[Path, subprocess.Popen[str]]:
    """A version that is served, and a refresh in a process of its own that would take twenty seconds, once it has begun to copy."""
    url = new_duckdb(tmp_path / "a.duckdb", {name: rows for name, rows in small_rows().items() if name in ("dossiers", "agencies")})
    pointer = tmp_path / "dossiers.duckdb"
    refresh(url, "native", pointer, at=datetime(2026, 11, 1))
    run_sql(url, "INSERT INTO dossiers (dossier_id, received_at, status) SELECT 'N' || range, TIMESTAMP '2026-01-05', 4 FROM range(20000)")
    command = [sys.executable, "-m", "dashboard", "refresh", "--from", url, "--to", str(pointer), "--rate", "1000"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUTF8": "1"})
    assert process.stderr is not None
    assert "Đọc hồ sơ" in process.stderr.readline()
    return pointer, process


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_refresh_changes_nothing(slow: tuple[Path, subprocess.Popen[str]], how: signal.Signals) -> None:
    pointer, process = slow
    before, files = pointer.resolve(), Versions(pointer).all()
    time.sleep(0.5)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    assert (before, files) == (pointer.resolve(), Versions(pointer).all())
    if how is signal.SIGKILL:
        assert -signal.SIGKILL == process.returncode
    else:
        assert 130 == process.returncode
        assert "Đã dừng theo yêu cầu" in said
        assert "Traceback" not in said
        assert not (pointer.with_name("dossiers.duckdb.d") / ".dang-tao").exists()
    with open_source(str(pointer)) as source:
        assert 40 == source.frame(sa.select(sa.func.count().label("n")).select_from(source.relation("dossiers")))["n"].iloc[0]


@pytest.mark.slow
def test_a_full_disk_changes_nothing_and_is_said_so(slow: tuple[Path, subprocess.Popen[str]], tmp_path: Path) -> None:
    pointer, process = slow
    process.kill()
    process.communicate(timeout=60)
    before = pointer.resolve()

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))

    command = [sys.executable, "-m", "dashboard", "refresh", "--from", str(tmp_path / "a.duckdb"), "--to", str(pointer)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=little_room, check=False)
    assert 2 == result.returncode, result.stderr
    assert "Hãy kiểm tra chỗ trống trên đĩa" in result.stderr
    assert before == pointer.resolve()
    assert [before] == Versions(pointer).all()


def test_a_running_dashboard_goes_over_to_the_new_version_by_itself(tmp_path: Path) -> None:
    pointer = tmp_path / "dossiers.duckdb"
    now = [0.0]
    one, two = (province(tmp_path, [received("2026-03-02")] * many).source.database.address.path for many in (1, 2))
    refresh(str(one), "native", pointer, at=datetime(2026, 11, 1))
    feed = Feed(lambda: open_data(str(pointer)), clock=lambda: now[0])
    old = feed.current()
    refresh(str(two), "native", pointer, at=datetime(2026, 11, 2), keep=1)
    assert old is feed.current()
    now[0] = 60.0
    new = feed.current()
    assert [2, 1] == [ask(data, Measure((RECEIVED,)), "ky=2026")["received"].iloc[0] for data in (new, old)]
    assert new.version != old.version
    assert new is feed.current()
