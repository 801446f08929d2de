"""Targets of metrics: dated, cited, and marked until somebody has compared them with the text they come from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from config.errors import BadSettings

UNCONFIRMED: Final = "chỉ tiêu minh họa, cần đối chiếu văn bản"

_REQUIRED: Final = ("metric", "valid_from", "citation", "confirmed")
_KNOWN: Final = (*_REQUIRED, "percent", "value", "valid_to")


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric should reach in a span of days.

    `value` is in the metric's own unit, a ratio as a fraction of 1. `valid_to` is inclusive, None while in force.
    """

    metric: str
    value: float
    valid_from: date
    valid_to: date | None
    citation: str
    confirmed: bool

    @property
    def note(self) -> str:
        """The words to print beside it: the citation, or the warning while it is not confirmed."""
        return self.citation if self.confirmed else UNCONFIRMED

    def covers(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def target_on(targets: Iterable[Target], metric: str, day: date) -> Target | None:
    """The target of a metric on a day; None where there is none."""
    return next((target for target in targets if target.metric == metric and target.covers(day)), None)


def load_targets(path: Path) -> tuple[Target, ...]:
    """The targets of a file, in its order.

    Raises:
        BadSettings: the file cannot be read, an entry is incomplete or wrong, or two entries of a metric overlap; names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise BadSettings(f"cannot read {path}: {error.strerror}", sentence=f"Không đọc được tệp chỉ tiêu “{path}”.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} is not TOML: {error}", sentence=f"Tệp chỉ tiêu “{path}” không đúng dạng TOML (UTF-8): {error}.") from None
    lines = _Lines(path, text)
    entries = content.pop("target", [])
    if content or not isinstance(entries, list):
        raise lines.fault(next(iter(content), "target"), None, "chỉ được có các mục [[target]]")
    targets: list[Target] = []
    for index, entry in enumerate(entries):
        target = _target(entry, index, lines)
        if any(target.metric == other.metric and _overlap(target, other) for other in targets):
            raise lines.fault("metric", index, f"chỉ tiêu “{target.metric}” trùng ngày với một mục ở trên")
        targets.append(target)
    return tuple(targets)


class _Lines:
    """Where an entry or a key of an entry stands, because a TOML reader keeps no line numbers."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.starts = [number for number, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*target\s*\]\]", line)]

    def fault(self, key: str, index: int | None, what: str) -> BadSettings:
        number = self._line(key, index) + 1
        return BadSettings(f"{self.path}, line {number}: bad {key}", sentence=f"Tệp chỉ tiêu “{self.path}”, dòng {number}: {what}.")

    def _line(self, key: str, index: int | None) -> int:
        first, last = 0, len(self.lines)
        if index is not None and index < len(self.starts):
            first = self.starts[index]
            last = self.starts[index + 1] if index + 1 < len(self.starts) else last
        pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=\]]")
        return next((number for number in range(first, last) if pattern.match(self.lines[number])), first)


def _target(entry: object, index: int, lines: _Lines) -> Target:
    if not isinstance(entry, Mapping):
        raise lines.fault("target", index, "mỗi chỉ tiêu là một mục [[target]]")
    for key in entry:
        if key not in _KNOWN:
            raise lines.fault(key, index, f"không có khóa “{key}”; các khóa dùng được: {', '.join(_KNOWN)}")
    for key in _REQUIRED:
        if key not in entry:
            raise lines.fault("target", index, f"chỉ tiêu thiếu khóa “{key}”")
    valid_from, valid_to = _day(entry, "valid_from", index, lines), _day(entry, "valid_to", index, lines)
    if valid_from is None:
        raise lines.fault("valid_from", index, "“valid_from” phải là một ngày")
    if valid_to is not None and valid_to < valid_from:
        raise lines.fault("valid_to", index, "“valid_to” đứng trước “valid_from”")
    confirmed = entry["confirmed"]
    if not isinstance(confirmed, bool):
        raise lines.fault("confirmed", index, "“confirmed” phải là true hoặc false")
    metric, citation = _text(entry, "metric", index, lines), _text(entry, "citation", index, lines)
    return Target(metric, _value(entry, index, lines), valid_from, valid_to, citation, confirmed)


def _value(entry: Mapping[str, object], index: int, lines: _Lines) -> float:
    given = [key for key in ("percent", "value") if key in entry]
    if len(given) != 1:
        raise lines.fault("target", index, "mỗi chỉ tiêu có đúng một trong hai khóa “percent” và “value”")
    number = entry[given[0]]
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < float("inf"):
        raise lines.fault(given[0], index, f"“{given[0]}” phải là một số từ 0 trở lên")
    if given[0] == "value":
        return float(number)
    if number > 100:
        raise lines.fault("percent", index, "“percent” không được quá 100")
    return number / 100


def _text(entry: Mapping[str, object], key: str, index: int, lines: _Lines) -> str:
    text = entry[key]
    if not isinstance(text, str) or not text.strip():
        raise lines.fault(key, index, f"“{key}” phải là chữ và không được để trống")
    return text.strip()


def _day(entry: Mapping[str, object], key: str, index: int, lines: _Lines) -> date | None:
    day = entry.get(key)
    if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
        raise lines.fault(key, index, f"“{key}” phải là một ngày, viết như 2026-01-31")
    return day


def _overlap(one: Target, other: Target) -> bool:
    return (other.valid_to is None or one.valid_from <= other.valid_to) and (one.valid_to is None or other.valid_from <= one.valid_to)
