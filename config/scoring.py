"""Scoring rules of the postal ratios: dated sets of thresholds, one a file, each marked until somebody has compared it with its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

from config.entries import Entry, number_in, overlap, read_toml
from config.errors import BadSettings

UNCONFIRMED: Final = "ngưỡng cấu hình, cần đối chiếu văn bản"
FOLDER: Final = Path(__file__).resolve().parent / "scoring"
METRICS: Final = ("active_procedures", "postal_receipt_rate", "postal_return_rate")
"""The ratios that can be scored, by the key of the metric."""

_REQUIRED: Final = ("version", "valid_from", "citation", "confirmed", "indicator")
_KNOWN: Final = (*_REQUIRED, "valid_to")


@dataclass(frozen=True, slots=True)
class Threshold:
    """The points for a ratio of at least so much; both exact."""

    at_least: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Indicator:
    """One scored ratio: the key of its metric and its thresholds from the highest down."""

    metric: str
    thresholds: tuple[Threshold, ...]

    @property
    def max_points(self) -> Fraction:
        """The points for the highest threshold."""
        return self.thresholds[0].points


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of the rules. `valid_to` is inclusive, None while in force."""

    version: str
    valid_from: date
    valid_to: date | None
    citation: str
    confirmed: bool
    indicators: tuple[Indicator, ...]

    @property
    def note(self) -> str:
        """The words to print beside every score: the citation, or the warning while the set is not confirmed."""
        return self.citation if self.confirmed else UNCONFIRMED

    def covers(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def indicator(self, metric: str) -> Indicator | None:
        """The thresholds of a metric; None where it earns no points."""
        return next((indicator for indicator in self.indicators if indicator.metric == metric), None)


@dataclass(frozen=True, slots=True)
class Scoring:
    """The sets that can be used, in order of time, and a sentence with file and line for everything else found beside them."""

    rule_sets: tuple[RuleSet, ...] = ()
    problems: tuple[str, ...] = ()

    def on(self, day: date) -> RuleSet | None:
        """The set in force on a day; None where there is none."""
        return next((rules for rules in self.rule_sets if rules.covers(day)), None)


def load_scoring(folder: Path = FOLDER) -> Scoring:
    """All sets of a folder. A file that is wrong is refused by name and the others are used.

    Of two sets that share a day, the one that begins later is refused (the same day: the later file name), so that the set in use stays in use.
    Days between two sets that no set covers are named, and both sets are used.
    """
    read: list[tuple[RuleSet, Entry]] = []
    problems: list[str] = []
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        problems.append(f"Thư mục “{folder}” không có tệp ngưỡng chấm điểm nào (*.toml): chưa chấm được điểm.")
    for path in paths:
        try:
            read.append(_read(path))
        except BadSettings as error:
            problems.append(error.sentence)
    used: list[tuple[RuleSet, Entry]] = []
    for rules, entry in sorted(read, key=lambda pair: (pair[0].valid_from, pair[1].file.path.name)):
        clash = _clash(rules, entry, used)
        if clash is not None:
            problems.append(clash.sentence)
            continue
        if used:
            problems += _gap(used[-1], (rules, entry))
        used.append((rules, entry))
    return Scoring(tuple(rules for rules, _ in used), tuple(problems))


def load_rules(path: Path) -> RuleSet:
    """One set of rules.

    Raises:
        BadSettings: the file cannot be read or something in it is wrong; names file and line.
    """
    return _read(path)[0]


def _read(path: Path) -> tuple[RuleSet, Entry]:
    file = read_toml(path, "Tệp ngưỡng chấm điểm")
    top = file.top()
    top.keep_to(_KNOWN, _REQUIRED)
    valid_from, valid_to = top.days()
    indicators: list[Indicator] = []
    for entry in file.entries("indicator", "tỷ lệ chấm điểm"):
        indicator = _indicator(entry)
        if any(indicator.metric == other.metric for other in indicators):
            raise entry.fault("metric", f"tỷ lệ “{indicator.metric}” đã có ở một mục trên")
        indicators.append(indicator)
    if not indicators:
        raise top.fault("indicator", "cần ít nhất một mục [[indicator]]")
    rules = RuleSet(top.text("version"), valid_from, valid_to, top.text("citation"), top.flag("confirmed"), tuple(indicators))
    return rules, top


def _indicator(entry: Entry) -> Indicator:
    entry.keep_to(("metric", "thresholds"), ("metric", "thresholds"))
    metric = entry.text("metric")
    if metric not in METRICS:
        raise entry.fault("metric", f"không chấm điểm được “{metric}”; các tỷ lệ dùng được: {', '.join(METRICS)}")
    found = entry.values["thresholds"]
    if not isinstance(found, list) or not found or not all(isinstance(step, Mapping) for step in found):
        raise entry.fault("thresholds", "“thresholds” phải là danh sách các mục { at_least = 50, points = 0.5 }")
    thresholds: list[Threshold] = []
    for nth, step in enumerate(found):
        threshold = _threshold(entry, step, nth)
        if thresholds and (threshold.at_least >= thresholds[-1].at_least or threshold.points >= thresholds[-1].points):
            raise entry.fault("at_least", "các ngưỡng phải giảm dần, cả tỷ lệ lẫn điểm", nth=nth)
        thresholds.append(threshold)
    return Indicator(metric, tuple(thresholds))


def _threshold(entry: Entry, step: Mapping[str, object], nth: int) -> Threshold:
    if set(step) != {"at_least", "points"}:
        raise entry.fault("at_least", "mỗi ngưỡng có đúng hai khóa “at_least” và “points”", nth=nth)
    at_least, points = number_in(step, "at_least"), number_in(step, "points")
    if at_least is None or not 0 < at_least <= 100:
        raise entry.fault("at_least", "“at_least” phải là một số phần trăm lớn hơn 0 và không quá 100", nth=nth)
    if points is None or points == 0:
        raise entry.fault("points", "“points” phải là một số lớn hơn 0", nth=nth)
    return Threshold(Fraction(at_least) / 100, Fraction(points))


def _clash(rules: RuleSet, entry: Entry, used: list[tuple[RuleSet, Entry]]) -> BadSettings | None:
    """What forbids a set beside those used already."""
    for other, place in used:
        if overlap((rules.valid_from, rules.valid_to), (other.valid_from, other.valid_to)):
            return entry.fault("valid_from", f"bộ ngưỡng “{rules.version}” trùng ngày với bộ “{other.version}” ({place.file.path.name}); không dùng bộ này")
        if rules.version == other.version:
            return entry.fault("version", f"đã có một bộ ngưỡng tên “{rules.version}” ({place.file.path.name}); không dùng bộ này")
    return None


def _gap(before: tuple[RuleSet, Entry], after: tuple[RuleSet, Entry]) -> list[str]:
    """A sentence about the days between two sets that no set covers."""
    last, first = before[0].valid_to, after[0].valid_from
    if last is None or last + timedelta(days=1) == first:
        return []
    days = f"từ {last + timedelta(days=1):%d/%m/%Y} đến {first - timedelta(days=1):%d/%m/%Y}"
    return [after[1].fault("valid_from", f"không có bộ ngưỡng nào {days}: những ngày đó không chấm điểm").sentence]
