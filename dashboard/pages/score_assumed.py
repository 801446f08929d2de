"""Assumed rates as they stand in an address: `gt=STP:20,SYT:12.5:tiep-nhan`. Anything can stand there; what is not understood is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final

import pandas as pd

from config.language import say
from queries.code_list import read_codes, write_codes
from queries.metrics import POSTAL_RECEIPT_RATE, POSTAL_RETURN_RATE
from queries.score import needed
from queries.scoring import AGENCY
from queries.what_if import Change, cheapest_units

NOTHING: Final = "-"  # an address that assumes nothing; an empty one takes the suggestion
RATES: Final = (POSTAL_RETURN_RATE.key, POSTAL_RECEIPT_RATE.key)
MOST: Final = 200
_SUFFIX: Final = {"tra": POSTAL_RETURN_RATE.key, "tiep-nhan": POSTAL_RECEIPT_RATE.key}
_RATE: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,8})?)%?")
_WANTED: Final = "cần MÃ:tỷ lệ từ 0 đến 100, ví dụ STP:20 hoặc STP:12.5:tiep-nhan"
_DIGITS: Final = 8


@dataclass(frozen=True)
class Plan:
    """Which agencies would reach which rate, what was not understood, and whether it is the suggestion because the address assumes nothing."""

    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()
    is_suggestion: bool = False


def read(text: str) -> Plan:
    """The changes of an address, by code; the return rate where no ratio is named. A part that cannot be read is said and changes nothing."""
    changes: dict[tuple[str, str], Change] = {}
    problems: list[str] = []
    for part in read_codes([text]):
        change = _change(part)
        if part == NOTHING:
            continue
        if change is None:
            problems.append(say("Giả định «{}» không hiểu được ({}); đã bỏ qua.", part, _WANTED))
        elif (change.agency_code, change.metric) in changes:
            problems.append(say("Đơn vị mã «{}» có hai giả định cho cùng một tỷ lệ; chỉ dùng giả định đầu.", change.agency_code))
        elif len(changes) < MOST:
            changes[change.agency_code, change.metric] = change
        elif (too_many := say("Có hơn {} giả định: chỉ dùng {} giả định đầu.", MOST, MOST)) not in problems:
            problems.append(too_many)
    return Plan(tuple(changes.values()), tuple(problems))


def _change(part: str) -> Change | None:
    head, _, suffix = part.rpartition(":")
    metric = _SUFFIX.get(suffix.strip())
    code, _, rate = (head if metric else part).rpartition(":")
    match = _RATE.fullmatch(rate.strip())
    share = Fraction(match[1]) / 100 if match else None
    return Change(code.strip(), metric or POSTAL_RETURN_RATE.key, share) if code.strip() and share is not None and share <= 1 else None


def write(changes: Iterable[Change]) -> str:
    """The changes as an address that `read` reads back, to the millionth of a percent."""
    parts = [f"{change.agency_code}:{_percent(change.rate)}{':tiep-nhan' if change.metric == POSTAL_RECEIPT_RATE.key else ''}" for change in changes]
    return write_codes(parts) or NOTHING


def _percent(rate: Fraction) -> str:
    """The rate in percent, never rounded up: the smallest numerator that makes it stays the same, but in cases by the million."""
    text = f"{floor(rate * 100 * 10**_DIGITS):0{_DIGITS + 1}d}"
    return f"{text[:-_DIGITS]}.{text[-_DIGITS:]}".rstrip("0").rstrip(".")


def short(change: Change, denominator: int) -> Change:
    """The same change with the fewest decimals that still mean the same number of dossiers."""
    wanted = needed(change.rate, denominator)
    for digits in range(_DIGITS):
        rate = Fraction(floor(change.rate * 100 * 10**digits), 100 * 10**digits)
        if needed(rate, denominator) == wanted:
            return Change(change.agency_code, change.metric, rate)
    return change


def plan(text: str, frame: pd.DataFrame) -> Plan:
    """What the address assumes about the agencies of a frame of `Scores`; the suggestion where it says nothing. Unknown agencies are said."""
    if not text.strip():
        return Plan(tuple(suggested(frame)), is_suggestion=True)
    asked = read(text)
    known = cases(frame)
    kept = tuple(change for change in asked.changes if known.get((change.agency_code, change.metric)))
    lost = [
        say("Không có đơn vị mã «{}» có hồ sơ để tính tỷ lệ này trong kỳ và phạm vi đang xem; đã bỏ qua giả định.", change.agency_code)
        for change in asked.changes
        if not known.get((change.agency_code, change.metric))
    ]
    return Plan(kept, (*asked.problems, *lost))


def cases(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    """The denominator of each agency's ratios, where there is one."""
    rows = frame[(frame["kind"] == AGENCY) & frame["metric"].isin(RATES) & frame["denominator"].notna()]
    return {(code, metric): int(below) for code, metric, below in zip(rows["code"], rows["metric"], rows["denominator"], strict=True)}


def suggested(frame: pd.DataFrame) -> Sequence[Change]:
    """The cheapest sets that reach the province's next thresholds; where none suffices, the one of the first ratio that has any."""
    known = cases(frame)
    sets = [cheapest_units(frame, metric) for metric in RATES if (frame["metric"] == metric).any()]
    enough = [found for found in sets if found.is_enough]
    wanted = enough or [found for found in sets if len(found.units)][:1]
    return [short(change, known[change.agency_code, change.metric]) for found in wanted for change in found.changes]
