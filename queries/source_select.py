"""One SELECT from a file of SQL: comments dropped, the closing semicolon dropped, anything that is not a single SELECT refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

from queries.address import Engine

_Piece = tuple[Literal["code", "quoted"], str]

_DOLLAR: Final = r"\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"
_PLAIN_TEXT: Final = r"'(?:[^']|'')*'"
_ESCAPED_TEXT: Final = r"'(?:[^'\\]|\\.|'')*'"
_STANDARD: Final = re.compile(
    rf"(?P<comment>--[^\n]*)|(?P<quoted>\b[eE]{_ESCAPED_TEXT}|{_PLAIN_TEXT}|\"(?:[^\"]|\"\")*\"|{_DOLLAR})|(?P<nested>/\*)|(?P<open>['\"])", re.DOTALL
)
_MYSQL: Final = re.compile(
    rf"(?P<comment>--(?=\s|$)[^\n]*|\#[^\n]*|/\*(?![!M]).*?\*/)|(?P<quoted>{_ESCAPED_TEXT}|\"(?:[^\"\\]|\\.|\"\")*\"|`(?:[^`]|``)*`)|(?P<open>['\"`]|/\*)",
    re.DOTALL,
)
_BEGINS: Final = re.compile(r"[\s(]*(select|with)\b", re.IGNORECASE)
_DATA_FILE: Final = re.compile(r"^'[^':]+\.(csv|tsv|txt|parquet|json|ndjson)(\.gz|\.zst)?'$", re.IGNORECASE)
_BIND: Final = re.compile(r"(?<![:\w\\]):(\w+)(?![:\w])")  # as SQLAlchemy finds a parameter
_ESCAPE: Final = re.compile(r"\\(:\w*)(?![:\w])")  # as SQLAlchemy takes a backslash away


def single_select(text: str, engine: Engine, folder: Path | None = None) -> str:
    """The one SELECT (or WITH … SELECT) that the text holds, without comments and without its semicolon.

    With a folder, the name of a data file that is not an absolute path ('dossiers.csv') means the file in that folder: DuckDB itself would first
    look where the programme was started. Raises ValueError with the reason, in Vietnamese.
    """
    pieces = list(_pieces(text, engine))
    code = "".join(part if kind == "code" else "''" for kind, part in pieces).rstrip("; \t\r\n")
    if not code.strip():
        raise ValueError("tệp không có câu lệnh nào")
    if ";" in code:
        raise ValueError("tệp có nhiều hơn một câu lệnh")
    if not _BEGINS.match(code):
        raise ValueError("câu lệnh không phải là SELECT")
    _check_parentheses(code)
    place = _placed(folder) if folder else str
    return "".join(place(part) if kind == "quoted" else part for kind, part in pieces).rstrip("; \t\r\n").lstrip()


def for_sqlalchemy(sql: str) -> str:
    """The same SQL for `sqlalchemy.text`, where a colon before a word would else be a parameter."""
    return _BIND.sub(r"\\:\1", _ESCAPE.sub(r"\\\\\1", sql))


def _placed(folder: Path) -> Callable[[str], str]:
    def place(literal: str) -> str:
        if not _DATA_FILE.match(literal) or Path(literal[1:-1]).is_absolute():
            return literal
        return "'" + str(folder.resolve() / literal[1:-1]).replace("'", "''") + "'"

    return place


def _pieces(text: str, engine: Engine) -> Iterator[_Piece]:
    """Code and quoted parts in turn; a comment is a blank of code."""
    pattern = _MYSQL if engine == "mysql" else _STANDARD
    at = 0
    while found := pattern.search(text, at):
        yield "code", text[at : found.start()]
        parts = found.groupdict()
        if parts["open"]:
            raise ValueError(f"dấu {parts['open']} mở mà không đóng, hoặc là chú thích có lệnh")
        at = _end_of_nested(text, found.start()) if parts.get("nested") else found.end()
        yield ("quoted", parts["quoted"]) if parts["quoted"] else ("code", " ")
    yield "code", text[at:]


def _end_of_nested(text: str, start: int) -> int:
    depth = 0
    for found in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if found.group() == "/*" else -1
        if depth == 0:
            return found.end()
    raise ValueError("chú thích /* mở mà không đóng")


def _check_parentheses(code: str) -> None:
    depth = 0
    for sign in re.findall(r"[()]", code):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            raise ValueError("ngoặc đóng thừa")
    if depth:
        raise ValueError("ngoặc mở mà không đóng")
