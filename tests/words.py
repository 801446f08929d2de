"""The words of the code: what `say` and `told` are given, and the Vietnamese constants of the modules whose words reach the screen."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
VIETNAMESE: Final = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
SCREEN: Final = (
    *("dashboard/pages/*.py", "dashboard/view/*.py", "dashboard/figures/*.py", "dashboard/auth/desk.py", "dashboard/auth/gate.py", "dashboard/guard/*.py"),
    *("dashboard/text.py", "dashboard/tables.py", "dashboard/sights.py", "dashboard/ops.py", "dashboard/exports/jobs.py", "dashboard/exports/files.py"),
    *("queries/sentence.py", "queries/period.py", "queries/filters.py", "queries/metrics.py", "queries/definitions.py", "queries/catalogue.py"),
    *("queries/counting.py", "queries/call_list.py", "queries/forecast.py", "queries/organisation.py", "queries/pace.py", "queries/score.py"),
    *("queries/scoring.py", "queries/sectors.py", "queries/signal.py", "queries/what_if.py", "queries/faults.py", "queries/data.py", "queries/check*.py"),
)
TEMPLATES: Final = ("dashboard/auth/templates/*.html", "dashboard/guard/*.html")
SAYS: Final = {"say", "told"}


def spoken() -> dict[str, str]:
    """Every word or sentence that must have an English one, with a place where it stands."""
    found: dict[str, str] = {}
    for path in _modules():
        for words, line in _said(_tree(path)):
            found.setdefault(words, f"{path.relative_to(ROOT)}:{line}")
    for path in (path for pattern in SCREEN for path in sorted(ROOT.glob(pattern))):
        for words, line in _constants(_tree(path)):
            if VIETNAMESE.search(words):
                found.setdefault(words, f"{path.relative_to(ROOT)}:{line}")
    for path in (path for pattern in TEMPLATES for path in sorted(ROOT.glob(pattern))):
        for words in re.findall(r"say\(\"([^\"]+)\"", path.read_text(encoding="utf-8")):
            found.setdefault(words, str(path.relative_to(ROOT)))
    return found


def kept_templates() -> set[str]:
    """The f-strings of what ends up in frames, as templates."""
    found = {_template(node) for path in _modules() for node in ast.walk(_tree(path)) if isinstance(node, ast.JoinedStr)}
    return found | {"{}" + words for words in found if words.startswith(" ")}  # added to the end of a list of names


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _template(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _modules() -> list[Path]:
    return [path for pattern in ("config/*.py", "queries/**/*.py", "dashboard/**/*.py") for path in sorted(ROOT.glob(pattern))]


def constants() -> set[str]:
    """Every string constant of the code and of the configuration: what the key of an entry must be one of."""
    found: set[str] = set()
    for path in _modules():
        found |= {words for words, _ in _constants(_tree(path))}
    for path in ROOT.glob("config/**/*.toml"):
        found |= set(_texts(tomllib.loads(path.read_text(encoding="utf-8"))))
    return found | set(spoken())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _said(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYS and node.args:
            yield from ((words, node.lineno) for words in _branches(node.args[0]))


def _branches(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)


def _constants(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """String constants that are no docstring and no part of an f-string."""
    left_out = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value, node.lineno
