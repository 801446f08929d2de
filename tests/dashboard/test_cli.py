"""The command line: what it prints, where, and the exit code; every fault is one sentence."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from dashboard import command_line
from dashboard.commands import documents
from queries.errors import DatabaseUnreachable
from tests.processes import environment

ROOT = Path(__file__).resolve().parent.parent.parent
TOTALS = pd.DataFrame({"key": ["received_by_post", "=bad"], "value": [13205.0, 0.5], "denominator": pd.Series([pd.NA, 4], dtype="Int64")})


class Run:
    """Runs a command in this process: exit code, standard output, standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            command_line.main(arguments)
        printed = self.capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, printed.out, printed.err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Puts a card at `overview.totals` that answers with a small frame; keeps what it was asked."""
    calls: list[Any] = []

    def open_data(*arguments: Any) -> SimpleNamespace:
        calls.append(arguments)
        return SimpleNamespace(as_of=date(2026, 10, 31), first_on=date(2017, 1, 2), close=lambda: None)

    def answer(address: str, _: Any, query: str) -> pd.DataFrame:
        calls.append((address, query))
        return TOTALS

    pages, data = ModuleType("dashboard.pages"), ModuleType("queries.data")
    vars(pages).update(ADDRESSES={"overview.totals": "Chỉ tiêu chung", "adoption.units": "Tình trạng từng đơn vị"}, answer=answer)
    vars(data).update(open_data=open_data, Data=object, Question=object)
    monkeypatch.setitem(sys.modules, "dashboard.pages", pages)
    monkeypatch.setitem(sys.modules, "queries.data", data)
    return calls


def test_without_a_command_the_commands_are_listed(run: Run) -> None:
    code, _, printed = run()
    assert code == 2
    assert [name for name in ("ask", "check", "docs", "export", "run", "seed") if f"  {name} " in printed] == ["ask", "check", "docs", "export", "run", "seed"]


@pytest.mark.parametrize("command", ["ask", "check", "docs", "export", "run", "seed"])
def test_help_answers_without_loading_the_database_libraries(command: str) -> None:
    code = f"import sys\nfrom dashboard.command_line import main\ntry:\n    main(['{command}', '--help'])\nfinally:\n    sys.exit('sqlalchemy' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert "--help" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sed"], "Không có lệnh “sed”. Có phải là seed? Xem: python -m dashboard --help"),
        (["seed", "--asof", "x"], "Không có tùy chọn --asof. Có phải là --as-of?"),
        (["seed", "--as-of", "31/10/2026"], "“31/10/2026” không dùng được: cần một ngày viết như 2026-10-31"),
        (["seed", "--as-of", "2026-02-30"], "“2026-02-30” không dùng được"),
        (["seed", "--as-of", "9999-01-01"], "“9999-01-01” không dùng được"),
        (["seed", "--dossiers", "nhiều"], "“nhiều” không dùng được: cần một số nguyên từ 1"),
        (["seed", "--dossiers", "0"], "“0” không dùng được"),
        (["run", "--port", "99999"], "“99999” không dùng được: cần một số nguyên từ 1 đến 65535."),
        (["run", "--port"], "Tùy chọn --port dùng không đúng"),
        (["ask", "a", "--format", "xml"], "“xml” không dùng được: cần “json” hoặc “csv”."),
    ],
)
def test_a_bad_argument_gives_one_sentence_on_standard_error(arguments: list[str], sentence: str, run: Run) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_a_bad_setting_gives_its_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_MINIMUM_N", "x")
    assert run("run") == (2, "", "Giá trị “x” của “minimum_n” (biến môi trường DASHBOARD_MINIMUM_N) không dùng được: phải là số nguyên từ 1 trở lên.\n")


def test_running_hands_over_to_gunicorn_on_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[Any] = []

    def execve(path: str, arguments: list[str], environment: dict[str, str]) -> None:
        handed.append((path, arguments, environment))
        sys.exit(0)

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setenv("PORT", "5000")
    with pytest.raises(SystemExit):
        command_line.main(["run", "--port", "8051", "--database", "postgresql://doc:bi-mat@may-chu/hoso", "--source", "national"])
    [(path, arguments, environment)] = handed
    assert path == sys.executable
    assert arguments[arguments.index("--bind") + 1] == "127.0.0.1:8051"
    assert "bi-mat" not in " ".join(arguments)
    assert (environment["DASHBOARD_DATABASE_URL"], environment["DASHBOARD_SOURCE"]) == ("postgresql://doc:bi-mat@may-chu/hoso", "national")


def test_a_port_in_use_is_said_before_anything_starts(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, out, err = run("run", "--port", str(port))
    assert (code, out) == (2, "")
    assert err.startswith(f"Không mở được cổng {port}: cổng đang bận hoặc cần quyền quản trị. Chọn cổng khác, ví dụ: PORT=")


FIRST_PAGE = ["/", "/_dash-layout", "/_dash-dependencies", "callback", "callback"]  # the first view is asked for within the first page
STOPPED = {"before anything else was asked": ("/", FIRST_PAGE), "while pages are being warmed": ("/readyz", ["/readyz"])}


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("when", STOPPED)
def test_running_says_the_address_when_it_answers_and_stops_on_request_without_a_word(when: str, sent: signal.Signals, demo_url: str, tmp_path: Path) -> None:
    address, routes = STOPPED[when]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dashboard", "run", "--port", str(port), "--database", demo_url]
    kept = environment(DASHBOARD_STATE_FOLDER=str(tmp_path))
    with subprocess.Popen(command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == f"Mở http://127.0.0.1:{port}\n"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30) as page:
                said = page.read().decode("utf-8")
                assert page.status == 200
                assert address == "/readyz" or '<html lang="vi">' in said
        finally:
            server.send_signal(sent)
            _, errors = server.communicate(timeout=30)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert (0, [("request", route, 200) for route in routes]) == (server.returncode, [(line["event"], line["route"], line["status"]) for line in lines])


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.15, 0.4, 0.7, 1.0])
def test_running_stopped_while_it_starts_says_nothing(seconds: float, demo_url: str, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dashboard", "run", "--port", str(port), "--database", demo_url]
    kept = environment(DASHBOARD_STATE_FOLDER=str(tmp_path))
    with subprocess.Popen(command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as server:
        time.sleep(seconds)
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=30)
    assert "Traceback" not in errors
    assert server.returncode in (0, -signal.SIGINT, 130)


def test_asking_prints_records_as_json(run: Run, asked: list[Any]) -> None:
    code, out, err = run("ask", "overview.totals", "--database", "duckdb://", "--source", "national", "--query", "tu=2018-01-01&den=2018-12-31")
    assert (code, err) == (0, "")
    assert json.loads(out) == [{"key": "received_by_post", "value": 13205, "denominator": None}, {"key": "=bad", "value": 0.5, "denominator": 4}]
    assert asked[0][:3] == ("duckdb://", "national", 15.0)
    assert asked[1] == ("overview.totals", "tu=2018-01-01&den=2018-12-31")


def test_asking_prints_csv_without_a_mark(run: Run, asked: list[Any]) -> None:
    assert run("ask", "overview.totals", "--format", "csv") == (0, "key,value,denominator\nreceived_by_post,13205,\n'=bad,0.5,4\n", "")
    assert len(asked) == 2


def test_a_csv_file_starts_with_the_mark_that_spreadsheets_need(run: Run, asked: list[Any], tmp_path: Path) -> None:
    code, out, err = run("ask", "overview.totals", "--format", "csv", "--out", str(tmp_path / "bảng.csv"))
    assert (code, out) == (0, "")
    assert (tmp_path / "bảng.csv").read_bytes().startswith(b"\xef\xbb\xbfkey,value")
    assert "Đã ghi 2 dòng" in err
    assert len(asked) == 2


def test_asking_for_nothing_lists_the_addresses(run: Run, asked: list[Any]) -> None:
    assert run("ask") == (0, "overview.totals  Chỉ tiêu chung\nadoption.units   Tình trạng từng đơn vị\n", "")
    assert asked == []


def test_an_unknown_address_names_the_nearest_one_and_opens_nothing(run: Run, asked: list[Any]) -> None:
    assert run("ask", "overview.total") == (2, "", "Không có thẻ nào ở địa chỉ “overview.total”. Có phải là “overview.totals”?\n")
    code, _, err = run("ask", "xyz")
    assert code == 2
    assert "adoption.units   Tình trạng từng đơn vị" in err
    assert asked == []


def test_keys_that_narrow_nothing_are_said_beside_the_answer(run: Run, asked: list[Any]) -> None:
    code, out, err = run("ask", "overview.totals", "--query", "?from=2018-01-01&tu=2018-01-01&trang=2")
    assert code == 0
    assert len(json.loads(out)) == 2
    assert err == "Không có khóa lọc “from”; các khóa dùng được: ky, tu, den, lich, ss, tc, cap, dv, db, tt, lv, ht.\n"
    assert len(asked) == 2


def test_a_database_that_is_away_gives_its_sentence_and_no_trace(run: Run, asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise DatabaseUnreachable("refused at may-chu:5432", sentence="Không kết nối được máy chủ may-chu:5432.")

    monkeypatch.setattr(sys.modules["queries.data"], "open_data", away)
    assert run("ask", "overview.totals") == (2, "", "Không kết nối được máy chủ may-chu:5432.\n")
    assert asked == []


def test_a_file_that_cannot_be_written_is_named(run: Run, asked: list[Any], tmp_path: Path) -> None:
    code, _, err = run("ask", "overview.totals", "--out", str(tmp_path / "absent" / "out.json"))
    assert code == 2
    assert f"Không đọc hoặc ghi được “{tmp_path / 'absent' / 'out.json'}”" in err
    assert len(asked) == 2


@pytest.mark.parametrize("exit_code", [0, 1, 2])
def test_checking_leaves_with_the_code_of_the_report(exit_code: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []

    def open_source(*arguments: Any, **options: Any) -> SimpleNamespace:
        opened.append((arguments, options))
        return SimpleNamespace(name="source", close=lambda: opened.append("closed"))

    checking, source = ModuleType("queries.check"), ModuleType("queries.source")
    vars(checking).update(check=lambda source: SimpleNamespace(exit_code=exit_code, text=lambda: f"{source.name}: mọi thứ đều ổn"))
    vars(source).update(open_source=open_source)
    monkeypatch.setitem(sys.modules, "queries.check", checking)
    monkeypatch.setitem(sys.modules, "queries.source", source)
    assert run("check", "--database", "duckdb://", "--source", "x") == (exit_code, "source: mọi thứ đều ổn\n", "")
    assert opened == [(("duckdb://", "x"), {"timeout_seconds": 15.0}), "closed"]


def test_seeding_makes_the_folder_and_says_what_was_written(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wanted: list[Any] = []

    def seed(out: Path, *, progress: Any, **options: Any) -> SimpleNamespace:
        wanted.append(options)
        progress("đang ghi")
        return SimpleNamespace(path=out, dossiers=200_000, seconds=3.25)

    demo = ModuleType("queries.demo")
    vars(demo).update(seed=seed)
    monkeypatch.setitem(sys.modules, "queries.demo", demo)
    path = tmp_path / "mới" / "demo.duckdb"
    code, out, err = run("seed", "--out", str(path), "--dossiers", "200000", "--as-of", "2026-06-30", "--seed", "7")
    assert (code, out, err) == (0, f"Đã ghi 200.000 hồ sơ (dữ liệu minh họa) vào {path} trong 3,3 giây.\n", "  đang ghi\n")
    assert wanted == [{"dossiers": 200_000, "as_of": date(2026, 6, 30), "seed": 7, "rollups": True}]
    assert path.parent.is_dir()


def test_docs_writes_every_metric_and_knows_when_the_page_is_stale(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    monkeypatch.setattr(documents, "METRICS_PAGE", tmp_path / "metrics.md")
    assert run("docs", "--check")[0] == 1
    assert run("docs") == (0, "Đã ghi metrics.md.\n", "")
    assert run("docs", "--check") == (0, "", "")
    page = (tmp_path / "metrics.md").read_text(encoding="utf-8")
    assert "- Khóa: `postal_return_rate`" in page
    (tmp_path / "metrics.md").write_text(page + "thêm", encoding="utf-8")
    code, _, err = run("docs", "--check")
    assert (code, err) == (1, "docs/metrics.md đã cũ so với mã nguồn. Chạy: python -m dashboard docs\n")


def test_the_metrics_page_of_the_repository_is_fresh(run: Run) -> None:
    assert run("docs", "--check") == (0, "", "")


def test_words_are_utf8_even_on_a_terminal_that_says_otherwise() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    result = subprocess.run([sys.executable, "-m", "dashboard", "seed", "--as-of", "x"], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert "không dùng được" in result.stderr.decode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(("query", "expected"), [("tu=2018-01-01&den=2018-12-31", 13_205), ("tu=2019-01-01&den=2019-06-30", 12_566)])
def test_the_demo_gives_the_published_figures(query: str, expected: int, run: Run, demo_url: str) -> None:
    code, out, _ = run("ask", "overview.totals", "--database", demo_url, "--query", query)
    assert code == 0
    assert {row["key"]: row["value"] for row in json.loads(out)}["received_by_post"] == expected


def test_a_period_without_data_is_said_beside_the_missing_figures(run: Run, demo_url: str) -> None:
    code, out, err = run("ask", "overview.totals", "--database", demo_url, "--query", "tu=2050-01-01&den=2050-02-01")
    assert code == 0
    assert json.loads(out)[0]["value"] is None
    assert "nằm sau ngày số liệu 31/10/2026" in err
