"""Points for a ratio under a set of thresholds, in exact arithmetic: what it earns, what comes next, and how many dossiers are missing to it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

import pandas as pd

from config.scoring import Indicator, RuleSet

NO_RULES: Final = "chưa có bộ ngưỡng chấm điểm cho kỳ này"


@dataclass(frozen=True, slots=True)
class Score:
    """What a ratio earns. `threshold` is the next one above it with its `next_points`; both and `missing` are None at the top.

    `missing` is the smallest number of dossiers by which the numerator must grow while the denominator stays: of the dossiers received (the
    results returned) so many more would have had to go by post instead of another way; of the listed procedures so many more be used.
    """

    points: Fraction
    threshold: Fraction | None
    next_points: Fraction | None
    missing: int | None


_NOTHING: Final = Score(Fraction(0), None, None, None)


def score(numerator: int, denominator: int, indicator: Indicator) -> Score | None:
    """The points of a ratio; None for a denominator of 0, which is no ratio.

    Raises:
        ValueError: the numerator is no part of the denominator.
    """
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} is no part of {denominator}")
    if denominator == 0:
        return None
    rate = Fraction(numerator, denominator)
    reached = next((step.points for step in indicator.thresholds if rate >= step.at_least), Fraction(0))
    above = [step for step in indicator.thresholds if rate < step.at_least]
    if not above:
        return Score(reached, None, None, None)
    return Score(reached, above[-1].at_least, above[-1].points, needed(above[-1].at_least, denominator) - numerator)


def needed(rate: Fraction, denominator: int) -> int:
    """The smallest numerator that makes at least this rate of the denominator."""
    return ceil(rate * denominator)


def scored(frame: pd.DataFrame, rules: RuleSet | None) -> pd.DataFrame:
    """The frame with the columns of the score, made from its columns metric, numerator and denominator.

    Columns added or made anew: rate, points, max_points, next_threshold, next_points (missing at the top), missing, version, note. Points are
    missing without a denominator, and without rules for the metric.
    """
    columns: dict[str, list[object]] = {name: [] for name in ("rate", "points", "max_points", "next_threshold", "next_points", "missing")}
    for metric, above, below in zip(frame["metric"], frame["numerator"], frame["denominator"], strict=True):
        indicator = None if rules is None else rules.indicator(metric)
        known = not pd.isna(above) and not pd.isna(below)
        found = score(int(above), int(below), indicator) if indicator is not None and known else None
        reached = _NOTHING if found is None else found
        columns["rate"].append(above / below if known and below else pd.NA)
        columns["points"].append(_number(None if found is None else found.points))
        columns["max_points"].append(_number(None if indicator is None else indicator.max_points))
        columns["next_threshold"].append(_number(reached.threshold))
        columns["next_points"].append(_number(reached.next_points))
        columns["missing"].append(pd.NA if reached.missing is None else reached.missing)
    kinds = {name: "Int64" if name == "missing" else "Float64" for name in columns}
    made = {name: pd.Series(values, index=frame.index, dtype=kinds[name]) for name, values in columns.items()}
    version, note = (rules.version, rules.note) if rules is not None else ("", NO_RULES)
    words = {name: pd.Series(word, index=frame.index, dtype="str") for name, word in (("version", version), ("note", note))}
    return frame.assign(**made, **words)


def _number(value: Fraction | None) -> object:
    return pd.NA if value is None else float(value)
