"""A plain forecast of the rest of a year, and how far it would have been off in the past.

The remaining months are taken as the same months a year before, times the growth of the last six months over the same six a year before (between
half and double). The same forecast is made for as many months from each of up to 24 earlier months of the series and held against what came. The
range is the forecast times the ratios of outcome to forecast that were exceeded in nine and in one of ten cases; a mean error above 35 % hides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from typing import Final

from config.language import told

FEWEST_MONTHS: Final = 24
FEWEST_TRIALS: Final = 4
MOST_TRIALS: Final = 24
WORST_ERROR: Final = 0.35
SEASON: Final = 12
RECENT: Final = 6
GROWTH: Final = (0.5, 2.0)

TOO_SHORT: Final = "chưa đủ 24 tháng số liệu để dự báo"
TOO_FEW_TRIALS: Final = "chưa đủ lịch sử để kiểm tra dự báo xa như vậy"
NO_BASE: Final = "cùng kỳ năm trước chưa phát sinh, không có căn cứ dự báo"


@dataclass(frozen=True, slots=True)
class Forecast:
    """The total of the coming months as a range; low, middle and high are None when `hidden` says why. `error` is the mean error of the trials."""

    low: float | None = None
    middle: float | None = None
    high: float | None = None
    error: float | None = None
    trials: int = 0
    hidden: str = ""


def forecast(history: Sequence[float], months: int) -> Forecast:
    """The total of the next `months` months (at most 12) after a series of whole months in order of time.

    Raises:
        ValueError: more months than a season.
    """
    if not 0 <= months <= SEASON:
        raise ValueError(f"{months} months: a season has {SEASON}")
    if months == 0:
        return Forecast(0.0, 0.0, 0.0)
    if len(history) < FEWEST_MONTHS:
        return Forecast(hidden=TOO_SHORT)
    point = naive(history, months)
    trials = _trials(history, months)
    if len(trials) < FEWEST_TRIALS:
        return Forecast(trials=len(trials), hidden=NO_BASE if point is None else TOO_FEW_TRIALS)
    error = fmean(_error(outcome, expected) for outcome, expected in trials)
    if error > WORST_ERROR:
        percent = f"{error * 100:.0f}" if error < 9.995 else "trên 999"
        return Forecast(error=error, trials=len(trials), hidden=told("dự báo thử trên số liệu cũ sai trung bình {}%, không đủ tin cậy để hiển thị", percent))
    if point is None:
        return Forecast(error=error, trials=len(trials), hidden=NO_BASE)
    ratios = [outcome / expected for outcome, expected in trials]
    tenths = quantiles(ratios, n=10, method="inclusive")
    return Forecast(point * tenths[0], point * median(ratios), point * tenths[-1], error, len(trials))


def naive(history: Sequence[float], months: int) -> float | None:
    """The same months a year before times recent growth; None where nothing happened in them or in the months that growth is measured by."""
    if len(history) < SEASON + RECENT:
        return None
    start = len(history) - SEASON
    season = sum(history[start : start + months])
    base = sum(history[start - RECENT : start])
    if season <= 0 or base <= 0:
        return None
    growth = sum(history[-RECENT:]) / base
    return season * min(max(growth, GROWTH[0]), GROWTH[1])


def _trials(history: Sequence[float], months: int) -> list[tuple[float, float]]:
    """Outcome and forecast from each of the latest earlier months from which one could be made."""
    latest = len(history) - months
    made = ((sum(history[known : known + months]), naive(history[:known], months)) for known in range(max(0, latest - MOST_TRIALS + 1), latest + 1))
    return [(outcome, expected) for outcome, expected in made if expected is not None]


def _error(outcome: float, expected: float) -> float:
    """The absolute error as a part of the outcome; where nothing came of a forecast, all of it was wrong."""
    return abs(outcome - expected) / outcome if outcome > 0 else 1.0
