"""Signal or noise: is a month out of the usual, does an agency's rate really differ from the province's? Answers in words.

Months are judged by an XmR chart (Shewhart, Wheeler): natural process limits at 2.66 mean moving ranges around the mean, and a run of eight months
on one side of it. Rates are judged by a funnel: the limits within which 99.8 % of agencies of that size would lie if they had the province's rate,
from the binomial distribution itself. What is too small for a judgement is said to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import exp, floor, lgamma, log, sqrt
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries.counting import Metric, Rules
from queries.coverage import asked_lives
from queries.filters import EMPTY_FIRST_DAYS, Filters
from queries.measure import Measure, Window, denominator, numerator
from queries.period import Period, month_end, month_start
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

NATURAL_LIMIT: Final = Fraction(266, 100)
RUN: Final = 8
FEWEST_MONTHS: Final = 12
FEWEST_A_MONTH: Final = 5
TAIL: Final = 0.001  # on either side: limits at 99.8 %


class Word(StrEnum):
    """What a month says, as printed."""

    REAL = "thay đổi thật"
    USUAL = "dao động thường"
    FEW = "số ít, chưa kết luận"


class RateWord(StrEnum):
    """What an agency's rate says beside the province's, as printed."""

    REAL = "khác thật so với toàn tỉnh"
    USUAL = "trong dao động thường"
    FEW = "số ít, chưa kết luận"


@dataclass(frozen=True)
class Xmr:
    """A series judged: mean and limits (None without two neighbouring values), a word for each value (None where it is missing)."""

    centre: float | None
    lower: float | None
    upper: float | None
    words: tuple[Word | None, ...]

    @property
    def last(self) -> Word | None:
        """The word for the last value there is."""
        return next((word for word in reversed(self.words) if word is not None), None)


def xmr(values: Sequence[float | Fraction | None], counts: Sequence[float | Fraction | None] | None = None, *, floor_at: float | None = 0.0) -> Xmr:
    """Judge a series in order of time; None is a gap, which ends a run and has no moving range.

    A value beyond a limit is real, and so is each of a run of eight or more on one side of the mean; a value on the mean ends a run. Too few: under
    12 values, or fewer than 5 cases a month on average; `counts` are the cases behind a series of rates. No limit lies under `floor_at`.
    """
    exact = [None if value is None else Fraction(value) for value in values]  # floats are exact fractions: a constant series has no sides
    known = [value for value in exact if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(exact) if a is not None and b is not None]
    if not ranges:
        return Xmr(None, None, None, tuple(None if value is None else Word.FEW for value in values))
    centre, reach = sum(known) / Fraction(len(known)), NATURAL_LIMIT * sum(ranges) / len(ranges)
    lower, upper = centre - reach, centre + reach
    if floor_at is not None:
        lower = max(lower, Fraction(floor_at))
    cases = [case for case in (values if counts is None else counts) if case is not None]
    if len(known) < FEWEST_MONTHS or sum(Fraction(case) for case in cases) < FEWEST_A_MONTH * len(cases):
        words: list[Word | None] = [None if value is None else Word.FEW for value in exact]
    else:
        runs = _runs([None if value is None else (value > centre) - (value < centre) for value in exact])
        words = [_word(value, run, lower, upper) for value, run in zip(exact, runs, strict=True)]
    return Xmr(float(centre), float(lower), float(upper), tuple(words))


def _word(value: Fraction | None, run: int, lower: Fraction, upper: Fraction) -> Word | None:
    if value is None:
        return None
    return Word.REAL if not lower <= value <= upper or run >= RUN else Word.USUAL


def _runs(sides: Sequence[int | None]) -> list[int]:
    """For each place the length of the run on one side of the mean that it belongs to; 0 on the mean and in a gap."""
    found: list[int] = []
    for place, side in enumerate(sides):
        if not side:
            found.append(0)
        elif place and sides[place - 1] == side:
            length = found[-1] + 1
            found[-length + 1 :] = [length] * (length - 1)
            found.append(length)
        else:
            found.append(1)
    return found


def funnel_limits(cases: int, rate: float, tail: float = TAIL) -> tuple[int, int]:
    """The least and the greatest count out of `cases` that is no surprise at a rate: below and above lies at most `tail` of the binomial distribution."""
    return _least(cases, rate, tail), cases - _least(cases, 1 - rate, tail)


def _least(cases: int, rate: float, tail: float) -> int:
    """The least count of which at most `tail` of the distribution lies below."""
    if cases == 0 or rate <= 0:
        return 0
    if rate >= 1:
        return cases
    count = max(0, floor(cases * rate - 6 * sqrt(cases * rate * (1 - rate)) - 10))  # what lies below is less than a billionth
    chance = exp(lgamma(cases + 1) - lgamma(count + 1) - lgamma(cases - count + 1) + count * log(rate) + (cases - count) * log(1 - rate))
    below = chance
    while below <= tail:
        chance *= (cases - count) / (count + 1) * rate / (1 - rate)
        count += 1
        below += chance
    return count


def rate_word(above: int, cases: int, rate: float, minimum: int = Rules.minimum_n) -> RateWord:
    """The word for `above` out of `cases` beside a rate; `minimum` cases carry a judgement."""
    if cases < minimum:
        return RateWord.FEW
    least, most = funnel_limits(cases, rate)
    return RateWord.USUAL if least <= above <= most else RateWord.REAL


@dataclass(frozen=True)
class MonthlySignal:
    """One row per month of the last 24 of a metric, in order: month (index), value, cases (what is counted: of a ratio its numerator), centre, lower,
    upper, word. A month that the data do not fill has its value, takes no part in the limits and has no word; one in which no asked agency existed has no
    value either. No rows where nothing is counted.
    """

    metric: Metric

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        key = self.metric.key
        counted = data.ask(Measure((self.metric,), by=(Dim.MONTH,), window=Window.LAST_24_MONTHS), filters)
        frame = pd.DataFrame({"month": counted["month"], "value": counted[key].astype("Float64")})
        frame["cases"] = counted[numerator(self.metric)] if self.metric.denominator else counted[key]
        lives = asked_lives(data, filters)
        gone = [bool(lives) and not any(life.meets(_span(int(month), filters)) for life in lives) for month in frame["month"]]
        nothing = pd.Series(gone, index=frame.index, dtype="bool") & (frame["cases"].fillna(0) == 0)
        frame[["value", "cases"]] = frame[["value", "cases"]].mask(nothing)
        whole = [_is_whole(int(month), data, filters) for month in frame["month"]]
        values = [float(value) if full and not pd.isna(value) else None for value, full in zip(frame["value"], whole, strict=True)]
        cases = [float(case) if full and not pd.isna(case) else None for case, full in zip(frame["cases"], whole, strict=True)]
        judged = xmr(values, cases)
        for name, limit in (("centre", judged.centre), ("lower", judged.lower), ("upper", judged.upper)):
            frame[name] = pd.Series(pd.NA if limit is None else limit, index=frame.index, dtype="Float64")
        if self.metric.is_ratio:
            frame["upper"] = frame["upper"].clip(upper=1)
        return frame.assign(word=pd.Series([None if word is None else str(word) for word in judged.words], index=frame.index, dtype="str"))


def _span(month: int, filters: Filters) -> Period:
    return Period(month_start(month, filters.clock), month_end(month, filters.clock))


def _is_whole(month: int, data: Data, filters: Filters) -> bool:
    """Whether the data hold all days of a month; the first days of the first year may be holidays."""
    return (data.first_on - month_start(month, filters.clock)).days <= EMPTY_FIRST_DAYS and month_end(month, filters.clock) <= data.as_of


@dataclass(frozen=True)
class RateFunnel:
    """One row per agency of the catalogue with cases (within the filters), by code, for a ratio: agency_code, agency_name, level, numerator, denominator,
    rate, province_rate (all agencies, whichever are asked), lower, upper (the rates between which 99.8 % of agencies of that size would lie), word.

    The same limits hold for every reason that makes agencies differ; very large agencies nearly always differ really.
    """

    metric: Metric

    def __post_init__(self) -> None:
        if not self.metric.is_ratio:
            raise ValueError(f"{self.metric.key} is no ratio: only rates have a funnel")

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        catalogue, wanted = data.catalogue, Measure((self.metric,), by=(Dim.AGENCY,))
        parts = {numerator(self.metric): "numerator", denominator(self.metric): "denominator"}
        everyone = data.ask(wanted, replace(filters, agencies=(), levels=()))[list(parts)].sum()
        above, cases = (0 if pd.isna(value) else int(value) for value in everyone)
        rows = data.ask(wanted, filters).rename(columns={self.metric.key: "rate", **parts})
        rows = rows[rows["agency_code"].isin(set(catalogue.agency_names)) & (rows["denominator"].fillna(0) > 0)].reset_index(drop=True)
        codes = rows["agency_code"]
        frame = rows.assign(agency_name=codes.map(catalogue.agency_names).astype("str"), level=codes.map(catalogue.agency_levels).astype("str"))
        rate = above / cases if cases else 0.0
        sizes = [(int(part), int(whole)) for part, whole in zip(rows["numerator"], rows["denominator"], strict=True)]
        limits = [funnel_limits(whole, rate) for _, whole in sizes]
        frame["province_rate"] = pd.Series(rate, index=rows.index, dtype="Float64")
        for name, side in (("lower", 0), ("upper", 1)):
            frame[name] = pd.Series([limit[side] / whole for limit, (_, whole) in zip(limits, sizes, strict=True)], index=rows.index, dtype="Float64")
        frame["word"] = pd.Series([str(rate_word(part, whole, rate, data.rules.minimum_n)) for part, whole in sizes], index=rows.index, dtype="str")
        columns = ["agency_code", "agency_name", "level", "numerator", "denominator", "rate", "province_rate", "lower", "upper", "word"]
        return frame[columns].sort_values("agency_code", ignore_index=True)
