"""One metric as a headline: value, change and target in words. Ratios arrive as numerator and denominator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

import pandas as pd

from config.language import say
from config.targets import Target, target_on
from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import phrases
from queries.counting import Better, Metric, Unit
from queries.measure import before, denominator, numerator
from queries.metrics import OPEN, OVERDUE, SAFETY_RATE

MILLION: Final = 1_000_000
_SCALED_FROM: Final = 10 * MILLION
_DISTINCT: Final = (Unit.AGENCIES, Unit.PROCEDURES)


@dataclass(frozen=True)
class Reading:
    """A metric's figures now and in the compared period; missing is NA. A count has its value as numerator; a ratio is a percentage from `minimum` cases on."""

    metric: Metric
    now: Any
    below: Any
    before: Any
    below_before: Any
    minimum: int

    @classmethod
    def of_total(cls, metric: Metric, row: Mapping[str, Any], minimum: int) -> Reading:
        """From a row of `Totals`."""
        return cls(metric, row["numerator"], row["denominator"], row["numerator_before"], row["denominator_before"], minimum)

    @classmethod
    def of_measure(cls, metric: Metric, row: Mapping[str, Any], minimum: int) -> Reading:
        """From a row of a `Measure` with this metric."""
        above = numerator(metric) if metric.denominator else metric.key
        below = denominator(metric)
        return cls(metric, row.get(above), row.get(below), row.get(before(above)), row.get(before(below)), minimum)

    @property
    def is_known(self) -> bool:
        """Whether there is a figure at all."""
        return not text.is_missing(self.now) and not (self.metric.denominator and text.is_missing(self.below))

    @property
    def is_thin(self) -> bool:
        """Whether a ratio rests on too few cases to be shown as a percentage."""
        return self.metric.is_ratio and self.is_known and 0 < self.below < self.minimum

    def value(self) -> str:
        """The figure without its unit, except a percent sign: `15,3%`, `37/79`, `91,1` (million đồng); `–` when missing or thin."""
        if not self.is_known or self.is_thin:
            return text.MISSING
        if self.metric.is_ratio:
            return text.percent(self.now, self.below, 2 if self.metric == SAFETY_RATE else 1)
        if self.metric.unit in _DISTINCT:
            return f"{text.whole(self.now)}/{text.whole(self.below)}"
        return text.number(self.now / MILLION) if self._scaled else text.whole(self.now)

    @property
    def unit(self) -> str:
        """The unit to print after the value; empty for a percentage and where nothing is known."""
        if not self.is_known or self.metric.is_ratio:
            return ""
        return say("triệu {}", self.metric.unit) if self._scaled else str(self.metric.unit)

    @property
    def _scaled(self) -> bool:
        return self.metric.unit is Unit.DONG and self.is_known and abs(self.now) >= _SCALED_FROM

    def with_unit(self) -> str:
        """Value and unit in one: `2.568 kết quả`, `15,3%`."""
        return f"{self.value()} {say(self.unit)}".strip()

    def change(self) -> str:
        """Against the compared period: `tăng 12 hồ sơ (+4,5%)`, `giảm 0,4 điểm %`; why not, or nothing when no period is compared."""
        if self.is_thin:
            return say("ít hồ sơ: {}/{}", text.whole(self.now), text.whole(self.below))
        if not self.is_known or text.is_missing(self.before):
            return ""
        if self.metric.is_ratio:
            if text.is_missing(self.below_before) or self.below_before < self.minimum:
                return say("kỳ so sánh ít hồ sơ")
            return text.points(self.now, self.below, self.before, self.below_before)
        if self._scaled:
            return text.change(self.now / MILLION, self.before / MILLION, self.unit)
        words = text.change(self.now, self.before, str(self.metric.unit))
        if self.metric.unit in _DISTINCT and self.below != self.below_before:
            words += say("; kỳ so sánh {}/{}", text.whole(self.before), text.whole(self.below_before))
        return words

    def beside(self, other: Reading) -> str:
        """A ratio beside another one: `cao hơn 1,2 điểm %`, `thấp hơn 3,0 điểm %`, `bằng`; empty when either is missing or thin."""
        if not (self.is_known and other.is_known) or self.is_thin or other.is_thin:
            return ""
        words = text.apart(self.now, self.below, other.now, other.below)
        return "" if words == text.MISSING else words

    def against(self, target: Target) -> str:
        """Where the figure stands against a target, with what is lacking and the target's note."""
        aim = _aim(target, self.metric)
        if not self.is_known or (self.metric.is_ratio and self.below == 0):
            return say("Chỉ tiêu {} ({})", aim, target.note)
        goal = Decimal(str(target.value)) * (Decimal(str(self.below)) if self.metric.is_ratio else 1)
        lack = goal - Decimal(str(self.now))
        if self.metric.better is Better.LOWER:
            words = say("đạt") if lack >= 0 else say("vượt {}", text.number(-lack))
        elif lack <= 0:
            words = say("đạt")
        else:
            noun = _noun(self.metric)
            words = say("còn thiếu {} {}", text.whole(lack.to_integral_value(ROUND_CEILING)), noun).strip()
        return say("Chỉ tiêu {}: {} ({})", aim, words, target.note)


def change_words(asked: Asked, reading: Reading) -> str:
    """A reading's change where periods are compared; a stock says its day instead."""
    if reading.metric in (OPEN, OVERDUE):
        return say("tại ngày {}", text.date_label(asked.data.as_of)) if reading.is_known else ""
    return reading.change() if reading.is_thin or phrases.is_compared(asked) else ""


def _aim(target: Target, metric: Metric) -> str:
    return f"{text.number(target.value * 100)}%" if metric.is_ratio else f"{text.number(target.value)} {say(metric.unit)}"


def _noun(metric: Metric) -> str:
    """What a ratio's numerator counts."""
    if not metric.is_ratio:
        return str(metric.unit)
    return say("kết quả") if metric.key == "postal_return_rate" else say("hồ sơ")


def target_words(asked: Asked, reading: Reading) -> str:
    """Where a figure stands against the target in force at the end of the counted days; empty without one."""
    targets: Iterable[Target] = asked.targets or ()
    counted = asked.timeframe.counted
    target = target_on(targets, reading.metric.key, counted.end if counted else asked.data.as_of)
    return reading.against(target) if target is not None else ""


def over(metric: Metric) -> tuple[str, str]:
    """The keys of numerator and denominator of a metric in the rows of `Measure`."""
    return numerator(metric), denominator(metric)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by column name."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
