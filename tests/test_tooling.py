"""The promises of the files around the code: pinned requirements, the commands, the server's settings."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from dashboard import VERSION
from dashboard.pages import ADDRESSES
from queries.filters import KEYS

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"[a-z0-9-]+==[^ ]+( ; .+)?")


def lines(name: str) -> list[str]:
    return [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith(("#", "-r"))]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[~=<> ;]", line)[0].lower().replace("_", "-") for line in requirements}


def server_settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    for name in ("PORT", "WEB_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # Ctrl-C still ends the tests with their summary
    return runpy.run_path(str(ROOT / "config" / "gunicorn.conf.py"))


def make(*arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"PORT", "MAKEFLAGS", "MAKELEVEL"}}
    return subprocess.run(["make", *arguments], cwd=folder, env=kept | environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-audit.txt"])
def test_every_requirement_is_pinned_to_one_version(name: str) -> None:
    assert [line for line in lines(name) if not PINNED.fullmatch(line)] == []


def test_every_direct_requirement_is_among_the_pinned_ones() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert names(project["project"]["dependencies"]) - names(lines("requirements.txt")) == set()
    assert names(project["dependency-groups"]["dev"]) - names(lines("requirements-dev.txt")) == set()


def test_no_package_is_pinned_in_both_files() -> None:
    assert names(lines("requirements.txt")) & names(lines("requirements-dev.txt")) == set()


def test_every_ignored_rule_of_style_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = text[text.index("\nignore = [") : text.index("\nallowed-confusables")].splitlines()[2:]
    assert [line for line in ignored if line.strip() not in {"", "]"} and "#" not in line] == []


def test_make_help_names_every_command() -> None:
    commands = set(re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[0].split())
    assert commands == {line.split()[0].removeprefix("make") or line.split()[1] for line in make("help").stdout.splitlines()}


def test_running_makes_the_demo_only_where_no_database_is_named() -> None:
    demo = "-m dashboard seed --out var/demo.duckdb"
    assert demo in make("--dry-run", "--always-make", "run", DASHBOARD_DATABASE_URL="").stdout
    for address in ("postgresql://doc@may-chu/hoso", "postgresql://doc:mat$(khau@may-chu/hoso"):
        assert demo not in make("--dry-run", "--always-make", "run", DASHBOARD_DATABASE_URL=address).stdout


def test_the_port_is_8050_or_the_one_asked_for() -> None:
    assert '--port "8050"' in make("--dry-run", "run", PORT="").stdout
    assert '--port "8051"' in make("--dry-run", "run", PORT="8051").stdout


def test_without_python_venv_the_missing_package_is_named_in_two_languages(tmp_path: Path) -> None:
    fake = tmp_path / "python that has no venv"
    fake.write_text('#!/bin/sh\n[ "$1" = -m ] && exit 1\nexit 0\n')
    fake.chmod(0o755)
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    (folder / "Makefile").write_text((ROOT / "Makefile").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "requirements.txt").touch()
    result = make("run", f"PYTHON='{fake}'", folder=folder)
    assert result.returncode == 2
    assert "máy thiếu gói python3-venv" in result.stderr
    assert "the package python3-venv is missing" in result.stderr


def test_an_old_python_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "requirements.txt").touch()
    result = make("run", "PYTHON=false", folder=tmp_path)
    assert result.returncode == 2
    assert "Cần Python 3.11 trở lên" in result.stderr


def test_the_server_is_open_to_others_only_on_a_host_that_gives_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert server_settings(monkeypatch)["bind"] == "127.0.0.1:8050"
    assert server_settings(monkeypatch, PORT="")["bind"] == "127.0.0.1:8050"
    assert server_settings(monkeypatch, PORT="5000")["bind"] == "0.0.0.0:5000"


def test_the_server_forks_before_the_application_and_opens_no_control_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = server_settings(monkeypatch)
    expected = {"workers": 2, "threads": 4, "worker_class": "gthread", "preload_app": False, "control_socket_disable": True}
    assert {name: settings[name] for name in expected} == expected
    assert server_settings(monkeypatch, WEB_CONCURRENCY="3")["workers"] == 3


def test_gunicorn_knows_every_setting_it_is_given() -> None:
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py", "--print-config", "wsgiref.simple_server:demo_app"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    printed = dict(line.split("=", 1) for line in result.stdout.replace(" ", "").splitlines() if "=" in line)
    assert (printed["bind"], printed["control_socket_disable"], printed["threads"]) == ("['127.0.0.1:8050']", "True", "4")


def test_the_version_on_files_is_the_version_of_the_product() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == VERSION


def test_the_procfile_serves_the_same_application_with_the_same_settings() -> None:
    assert (ROOT / "Procfile").read_text() == "web: gunicorn --config config/gunicorn.conf.py dashboard.wsgi:server\n"


def test_the_readme_explains_every_query_key() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("| key | meaning |")[1].split("\n\n")[0]
    explained = {key for line in table.splitlines()[2:] for key in re.findall(r"`(\w+)`", line.split("|")[1])}
    assert explained == set(KEYS)


def test_the_manual_explains_every_setting() -> None:
    table = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8").split("| key | default | meaning |")[1].split("\n\n")[0]
    explained = {key for line in table.splitlines()[2:] for key in re.findall(r"`(\w+)`", line.split("|")[1])}
    assert explained == set(Settings.model_fields)


def test_the_addresses_that_the_readme_promises_are_there() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("| address | rows | columns |")[1].split("\n\n")[0]
    promised = {line.split("`")[1] for line in table.splitlines()[2:]}
    assert promised == {"overview.totals", "agencies.volumes", "areas.volumes", "procedures.volumes", "adoption.units", "adoption.call_list"}
    assert promised - set(ADDRESSES) == set()


@pytest.mark.parametrize("name", ["README.md", "docs/style.md", "docs/operate.md"])
def test_every_file_that_a_document_links_to_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_the_ci_script_can_be_run_and_stops_at_the_first_fault() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
