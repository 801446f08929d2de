"""Targets of metrics, for the province or one unit: dated, cited, and marked until somebody has compared them with the text they come from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from config.entries import Entry, overlap, read_toml

UNCONFIRMED: Final = "chỉ tiêu minh họa, cần đối chiếu văn bản"

_REQUIRED: Final = ("metric", "citation", "confirmed")
_KNOWN: Final = ("metric", "valid_from", "citation", "confirmed", "percent", "value", "valid_to", "year", "agency")
_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2100


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric should reach in a span of days, or in all of one year.

    `value` is in the metric's own unit, a ratio as a fraction of 1. `valid_to` is inclusive, None while in force. `agency` is the code of the
    unit it is set for, None for the whole province. `where` names file and line.
    """

    metric: str
    value: float
    valid_from: date
    valid_to: date | None
    citation: str
    confirmed: bool
    agency: str | None = None
    year: int | None = None
    is_percent: bool = True
    where: str = field(default="", compare=False)

    @property
    def note(self) -> str:
        """The words to print beside it: the citation, or the warning while it is not confirmed."""
        return self.citation if self.confirmed else UNCONFIRMED

    @property
    def is_year_total(self) -> bool:
        """Whether it is the amount of a whole year, which no shorter period can be held against."""
        return self.year is not None and not self.is_percent

    def covers(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def target_on(targets: Iterable[Target], metric: str, day: date, agency: str | None = None) -> Target | None:
    """The target of a metric on a day, of the province or of one unit; None where there is none. The total of a year is no target of a day."""
    fitting = (target for target in targets if (target.metric, target.agency) == (metric, agency) and not target.is_year_total)
    return next((target for target in fitting if target.covers(day)), None)


def year_total(targets: Iterable[Target], metric: str, year: int, agency: str | None = None) -> Target | None:
    """What a metric should add up to in a year, in the province or one unit; None where there is none."""
    wanted = (metric, agency, year)
    return next((target for target in targets if target.is_year_total and (target.metric, target.agency, target.year) == wanted), None)


def known_targets(targets: Iterable[Target], metrics: Collection[str], agencies: Collection[str]) -> tuple[tuple[Target, ...], tuple[str, ...]]:
    """The targets of known metrics and units, and a sentence with file and line for each of the others, which count for nothing."""
    kept: list[Target] = []
    problems: list[str] = []
    for target in targets:
        if target.metric not in metrics:
            problems.append(f"{target.where}: không có số đo nào tên “{target.metric}”; bỏ qua chỉ tiêu này.")
        elif target.agency is not None and target.agency not in agencies:
            problems.append(f"{target.where}: danh mục không có đơn vị mã “{target.agency}”; bỏ qua chỉ tiêu này.")
        else:
            kept.append(target)
    return tuple(kept), tuple(problems)


def load_targets(path: Path) -> tuple[Target, ...]:
    """The targets of a file, in its order.

    Raises:
        BadSettings: the file cannot be read, an entry is incomplete or wrong, or two entries of a metric and unit overlap; names file and line.
    """
    file = read_toml(path, "Tệp chỉ tiêu")
    wrong = [key for key in file.content if key != "target"]
    if wrong or not isinstance(file.content.get("target", []), list):
        raise file.fault(file.line_of(wrong[0] if wrong else "target"), "chỉ được có các mục [[target]]")
    targets: list[Target] = []
    for entry in file.entries("target", "chỉ tiêu"):
        target = _target(entry)
        if any(_same_time(target, other) for other in targets):
            raise entry.fault("metric", f"chỉ tiêu “{target.metric}”{_of(target)} trùng ngày với một mục ở trên")
        targets.append(target)
    return tuple(targets)


def _same_time(target: Target, other: Target) -> bool:
    same = (target.metric, target.agency) == (other.metric, other.agency)
    return same and overlap((target.valid_from, target.valid_to), (other.valid_from, other.valid_to))


def _of(target: Target) -> str:
    return "" if target.agency is None else f" của đơn vị {target.agency}"


def _target(entry: Entry) -> Target:
    entry.keep_to(_KNOWN, _REQUIRED)
    year = _year(entry)
    if year is None:
        entry.keep_to(_KNOWN, ("valid_from",))
        valid_from, valid_to = entry.days()
    else:
        valid_from, valid_to = date(year, 1, 1), date(year, 12, 31)
    return Target(
        metric=entry.text("metric"),
        value=_value(entry),
        valid_from=valid_from,
        valid_to=valid_to,
        citation=entry.text("citation"),
        confirmed=entry.flag("confirmed"),
        agency=_agency(entry),
        year=year,
        is_percent="percent" in entry.values,
        where=entry.where,
    )


def _year(entry: Entry) -> int | None:
    if "year" not in entry.values:
        return None
    year = entry.values["year"]
    if isinstance(year, bool) or not isinstance(year, int) or not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise entry.fault("year", f"“year” phải là một năm từ {_FIRST_YEAR} đến {_LAST_YEAR}")
    for key in ("valid_from", "valid_to"):
        if key in entry.values:
            raise entry.fault(key, f"chỉ dùng “year” hoặc “{key}”, không dùng cả hai")
    return year


def _agency(entry: Entry) -> str | None:
    code = entry.values.get("agency")
    if code is None:
        return None
    if not isinstance(code, str) or not code.strip():
        raise entry.fault("agency", "“agency” phải là mã một đơn vị")
    return code


def _value(entry: Entry) -> float:
    given = [key for key in ("percent", "value") if key in entry.values]
    if len(given) != 1:
        raise entry.fault("target", "mỗi chỉ tiêu có đúng một trong hai khóa “percent” và “value”")
    number = entry.number(given[0])
    if given[0] == "value":
        return float(number)
    if number > 100:
        raise entry.fault("percent", "“percent” không được quá 100")
    return float(number / 100)
