"""Strict reading of TOML files written by hand: every fault names the file, the line, and what is wanted there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from config.errors import BadSettings


@dataclass(frozen=True)
class TomlFile:
    """A file that was read: its name in Vietnamese (“Tệp chỉ tiêu”), its lines and its content; numbers with a point are Decimal."""

    path: Path
    title: str
    lines: tuple[str, ...]
    content: Mapping[str, object]

    @property
    def named(self) -> str:
        """The file as a sentence names it."""
        return f"{self.title} “{self.path}”"

    def fault(self, line: int, what: str) -> BadSettings:
        """What is wrong in a line, counted from 1."""
        return BadSettings(f"{self.path}, line {line}: refused", sentence=f"{self.named}, dòng {line}: {what}.")

    def line_of(self, key: str, first: int = 0, last: int | None = None) -> int:
        """The line of a key or a table among the lines from `first` (counted from 0); the first of them where it does not stand."""
        pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=\]]")
        end = len(self.lines) if last is None else last
        return 1 + next((number for number in range(first, end) if pattern.match(self.lines[number])), first)

    def top(self) -> Entry:
        """The whole file as one table: its keys stand before all others."""
        return Entry(self, "tệp", self.content, 0, len(self.lines))

    def entries(self, name: str, kind: str) -> Iterator[Entry]:
        """The tables [[name]], in order; `kind` is what one of them is called (“chỉ tiêu”).

        Raises:
            BadSettings: they are written as anything else.
        """
        found = self.content.get(name, [])
        tables = [number for number, line in enumerate(self.lines) if re.match(rf"\s*\[\[\s*[\"']?{re.escape(name)}[\"']?\s*\]\]", line)]
        if not isinstance(found, list):
            raise self.fault(self.line_of(name), f"mỗi {kind} là một mục [[{name}]]")
        for index, values in enumerate(found):
            if not isinstance(values, Mapping) or len(tables) != len(found):
                raise self.fault(self.line_of(name), f"mỗi {kind} là một mục [[{name}]]")
            last = tables[index + 1] if index + 1 < len(tables) else len(self.lines)
            yield Entry(self, kind, values, tables[index], last)


@dataclass(frozen=True)
class Entry:
    """One table of a file, between two lines counted from 0 (the last one not in it)."""

    file: TomlFile
    kind: str
    values: Mapping[str, object]
    first: int
    last: int

    @property
    def where(self) -> str:
        """The place as a sentence names it."""
        return f"{self.file.named}, dòng {self.first + 1}"

    def fault(self, key: str, what: str, *, nth: int = 0) -> BadSettings:
        """What is wrong with a key; of several on the way (a list of tables) the nth one."""
        return self.file.fault(self.line(key, nth), what)

    def line(self, key: str, nth: int = 0) -> int:
        """The line of a key, counted from 1; of the nth place where it stands."""
        if nth == 0 and key in self.values:
            return self.file.line_of(key, self.first, self.last)
        pattern = re.compile(rf"\b{re.escape(key)}\b\s*=")
        places = [number for number in range(self.first, self.last) for _ in pattern.finditer(self.file.lines[number].split("#")[0])]
        return 1 + (places[nth] if nth < len(places) else self.first)

    def keep_to(self, known: Sequence[str], required: Sequence[str] = ()) -> None:
        """Refuse keys that are not known, and the lack of those required."""
        for key in self.values:
            if key not in known:
                raise self.fault(key, f"không có khóa “{key}”; các khóa dùng được: {', '.join(known)}")
        for key in required:
            if key not in self.values:
                raise self.file.fault(self.first + 1, f"{self.kind} thiếu khóa “{key}”")

    def text(self, key: str) -> str:
        """A text that says something."""
        text = self.values.get(key)
        if not isinstance(text, str) or not text.strip():
            raise self.fault(key, f"“{key}” phải là chữ và không được để trống")
        return text.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts as they stand, empty where the key is absent; codes keep every character."""
        found = self.values.get(key, [])
        if not isinstance(found, list) or not all(isinstance(text, str) and text.strip() for text in found) or (key in self.values and not found):
            raise self.fault(key, f'“{key}” phải là một danh sách mã, viết như ["SYT", "STP"]')
        return tuple(found)

    def day(self, key: str) -> date | None:
        """A date; None where the key is absent."""
        day = self.values.get(key)
        if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
            raise self.fault(key, f"“{key}” phải là một ngày, viết như 2026-01-31")
        return day

    def days(self, start: str = "valid_from", end: str = "valid_to") -> tuple[date, date | None]:
        """First and last day; the last one may be absent."""
        first, last = self.day(start), self.day(end)
        if first is None:
            raise self.fault(start, f"“{start}” phải là một ngày, viết như 2026-01-31")
        if last is not None and last < first:
            raise self.fault(end, f"“{end}” đứng trước “{start}”")
        return first, last

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false; the default where the key is absent."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.fault(key, f"“{key}” phải là true hoặc false")
        return value

    def number(self, key: str) -> Decimal:
        """A number from 0 up."""
        found = number_in(self.values, key)
        if found is None:
            raise self.fault(key, f"“{key}” phải là một số từ 0 trở lên")
        return found


def number_in(values: Mapping[str, object], key: str) -> Decimal | None:
    """A finite number from 0 up under a key, exactly as written; None for anything else."""
    number = values.get(key)
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None
    exact = Decimal(number)
    return exact if exact.is_finite() and exact >= 0 else None


def read_toml(path: Path, title: str) -> TomlFile:
    """Read a file; `title` is what it is called, “Tệp chỉ tiêu”.

    Raises:
        BadSettings: it cannot be read or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # a file that was saved by Notepad begins with a mark
        content = tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise BadSettings(f"cannot read {path}: {error.strerror}", sentence=f"Không đọc được {title[0].lower()}{title[1:]} “{path}”.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} is not TOML: {error}", sentence=f"{title} “{path}” không đúng dạng TOML (UTF-8): {error}.") from None
    return TomlFile(path, title, tuple(text.split("\n")), content)


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two spans of days share a day; a last day that is None is open."""
    return (second[1] is None or first[0] <= second[1]) and (first[1] is None or second[0] <= first[1])
