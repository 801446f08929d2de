"""The layers of docs/style.md, kept by import-linter, and proof that the linter would see a breach."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-logo", "--no-cache"]

BREACHES = {
    "queries imports a page": ("queries/breach.py", "import dashboard.pages\n", "Imports go down only"),
    "a page imports an export": ("dashboard/pages/breach.py", "import dashboard.exports\n", "Imports go down only"),
    "a page speaks to a database": ("dashboard/pages/breach.py", "import sqlalchemy\n", "Only queries speaks to databases"),
    "the command line opens DuckDB": ("dashboard/exports/breach.py", "import duckdb\n", "Only queries speaks to databases"),
    "a page knows the web framework": ("dashboard/pages/breach.py", "import dash\n", "Only app, view, callbacks, guard, auth and ops know the web framework"),
    "a query knows flask": ("queries/breach.py", "from flask import request\n", "Only app, view, callbacks, guard, auth and ops know the web framework"),
    "a card reads settings": ("dashboard/pages/breach.py", "import config.settings\n", "Only the two entry points read settings"),
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(LINT, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def a_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages without the data, to break on purpose."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("config", "queries", "dashboard"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.csv", "*.sql", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_imports_keep_the_layers() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_of_the_layers_is_named(breach: str, a_copy: Path) -> None:
    name, code, contract = BREACHES[breach]
    (a_copy / name).write_text(code)
    try:
        result = _lint(a_copy)
    finally:
        (a_copy / name).unlink()
    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout


def test_every_part_of_the_dashboard_stands_in_a_layer() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in options if contract["id"] == "layers")
    named = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    parts = {f"dashboard.{path.stem}" for path in (ROOT / "dashboard").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert parts - {"dashboard.__init__"} - named == set()


@pytest.mark.parametrize("folder", ["config", "queries", "dashboard"])
def test_no_function_is_longer_than_forty_lines(folder: str) -> None:
    too_long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or node.lineno) - node.lineno >= 40
    }
    assert too_long == set()


@pytest.mark.parametrize("folder", ["config", "queries", "dashboard"])
def test_no_module_is_longer_than_three_hundred_lines(folder: str) -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > 300} == {}
