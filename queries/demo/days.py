"""The calendar of the demo province: working days, how busy a day is, and how the habits of the post changed from year to year."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

import numpy as np
import pandas as pd

FIRST_DAY: Final = date(2017, 1, 1)
ERAS: Final = (FIRST_DAY, date(2025, 3, 1), date(2025, 7, 1), date(2026, 1, 1))
"""First days between which the same agencies handle the same procedures."""

FIRST_YEAR: Final = 2017
TET: Final = ((1, 28), (2, 16), (2, 5), (1, 25), (2, 12), (2, 1), (1, 22), (2, 10), (1, 29), (2, 17), (2, 6), (1, 26), (2, 13))
"""Month and day of mùng 1 Tết, from 2017 on."""
KINGS: Final = ((4, 6), (4, 25), (4, 14), (4, 2), (4, 21), (4, 10), (4, 29), (4, 18), (4, 7), (4, 26), (4, 16), (4, 4), (4, 23))
"""Month and day of giỗ Tổ Hùng Vương (10/3 âm lịch), from 2017 on."""
NEW_YEARS: Final = tuple(date(year, *day) for year, day in enumerate(TET, FIRST_YEAR))
KINGS_DAYS: Final = frozenset(date(year, *day) for year, day in enumerate(KINGS, FIRST_YEAR))
LAST_DAY: Final = date(FIRST_YEAR + len(TET) - 1, 12, 31)
SILENT_DAY: Final = date(2023, 10, 18)  # a Wednesday without one dossier, for the check to find
WEEKDAYS: Final = (1.14, 1.06, 1.02, 1.0, 0.96, 0.13, 0.0)
MONTHS: Final = (0.95, 0.95, 1.08, 1.04, 1.04, 1.02, 1.0, 1.02, 1.06, 1.02, 0.98, 0.96)

# Piecewise straight lines through (day, value); the last value holds on.
VOLUME: Final = (("2017-01-01", 124), ("2018-07-01", 137), ("2019-07-01", 146), ("2022-07-01", 150), ("2024-07-01", 164), ("2026-07-01", 182))
RECEIVED_BY_POST: Final = (
    *(("2017-01-01", 0.002), ("2017-05-05", 0.004), ("2017-12-31", 0.055), ("2018-07-01", 0.09), ("2019-01-01", 0.14), ("2019-04-01", 0.172)),
    *(("2019-12-31", 0.15), ("2020-12-31", 0.13), ("2021-12-31", 0.115), ("2022-12-31", 0.075), ("2023-12-31", 0.05), ("2025-12-31", 0.036)),
)
RECEIVED_ONLINE: Final = (
    *(("2017-01-01", 0.02), ("2019-07-01", 0.06), ("2020-12-31", 0.15), ("2021-12-31", 0.24)),
    *(("2022-12-31", 0.36), ("2023-12-31", 0.55), ("2024-12-31", 0.66), ("2026-12-31", 0.79)),
)
POST_BOTH_WAYS: Final = (("2017-05-05", 0.05), ("2018-07-01", 0.25), ("2019-07-01", 0.35), ("2021-01-01", 0.5), ("2023-01-01", 0.65), ("2025-01-01", 0.7))
RETURNED_BY_POST_ELSE: Final = (  # of what did not come by post
    *(("2017-05-05", 0.001), ("2018-07-01", 0.015), ("2019-07-01", 0.03), ("2020-07-01", 0.055), ("2021-07-01", 0.075)),
    *(("2022-07-01", 0.1), ("2023-07-01", 0.125), ("2024-07-01", 0.135), ("2026-07-01", 0.145)),
)
SIGNED_FILE: Final = (("2017-01-01", 0.02), ("2020-01-01", 0.08), ("2022-01-01", 0.2), ("2024-01-01", 0.42), ("2026-12-31", 0.6))
NOT_RECORDED_IN: Final = (("2017-01-01", 0.012), ("2026-12-31", 0.003))
NOT_RECORDED_OUT: Final = (("2017-01-01", 0.14), ("2021-01-01", 0.07), ("2026-12-31", 0.03))

Line = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Window:
    """A span of days whose dossiers received by post are fixed by a published figure."""

    first: date
    last: date
    received_by_post: int

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in the span."""
        return self.first <= day <= self.last


PUBLISHED: Final = (Window(date(2018, 1, 1), date(2018, 12, 31), 13_205), Window(date(2019, 1, 1), date(2019, 6, 30), 12_566))
HEADROOM: Final = 1.3  # a published span has at least this many dossiers for one that came by post, however small the province


def is_workday(day: date) -> bool:
    """Whether offices work the whole day."""
    return day.weekday() < 5 and not is_holiday(day)


@cache
def is_holiday(day: date) -> bool:
    """Whether the day is a public holiday; a substitute day after a weekend is not modelled."""
    fixed = (day.month, day.day) in {(1, 1), (4, 30), (5, 1), (9, 2)} or (day.year >= 2021 and (day.month, day.day) == (9, 1))
    return fixed or day in KINGS_DAYS or any(-2 <= (day - tet).days <= 4 for tet in NEW_YEARS)


def _lull(day: date) -> float:
    """How Tết and the epidemic weigh on a day."""
    after = min(((day - tet).days for tet in NEW_YEARS), key=abs)
    tet = 0.45 if -7 <= after < 0 else 0.75 if -16 <= after < 0 else 0.6 if 0 < after <= 11 else 1.0
    epidemic = 0.45 if date(2020, 4, 1) <= day <= date(2020, 4, 22) else 0.8 if _epidemic(day) else 1.0
    return tet * epidemic


def _epidemic(day: date) -> bool:
    return date(2020, 3, 15) <= day <= date(2020, 5, 31) or date(2021, 5, 1) <= day <= date(2021, 10, 15)


def _weight(day: date) -> float:
    if day == SILENT_DAY or is_holiday(day):
        return 0.0
    return WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * _lull(day)


def _line(points: Line, days: Sequence[date]) -> np.ndarray:
    at = [date.fromisoformat(day).toordinal() for day, _ in points]
    return np.interp([day.toordinal() for day in days], at, [value for _, value in points])


def workdays(until: date) -> pd.DataFrame:
    """One row per working day from the first day on: its number, counted from 1, and its date."""
    span = (FIRST_DAY + timedelta(days=n) for n in range((until - FIRST_DAY).days + 1))
    worked = [day for day in span if is_workday(day)]
    return pd.DataFrame({"workday": range(1, len(worked) + 1), "on_day": worked})


def days(dossiers: int, as_of: date) -> pd.DataFrame:
    """One row per calendar day to `as_of`: number of dossiers, the first one's number, and the habits of that day as shares."""
    span = [FIRST_DAY + timedelta(days=n) for n in range((as_of - FIRST_DAY).days + 1)]
    weights = np.array([_weight(day) for day in span]) * _line(VOLUME, span)
    counts = _counts(weights, dossiers, span)
    surge = np.array([1.5 if _epidemic(day) else 1.0 for day in span])
    online = _line(RECEIVED_ONLINE, span) * np.where(surge > 1, 1.7, 1.0)
    return pd.DataFrame(
        {
            "day_no": range(len(span)),
            "on_day": span,
            "dossiers": counts,
            "first_no": np.concatenate([[0], np.cumsum(counts)[:-1]]),
            "era": [bisect_right(ERAS, day) - 1 for day in span],
            "span": [next((n for n, window in enumerate(PUBLISHED) if day in window), None) for day in span],
            "workday": np.cumsum([is_workday(day) for day in span]),
            "is_workday": [is_workday(day) for day in span],
            "received_by_post": _line(RECEIVED_BY_POST, span) * surge,
            "received_online": online,
            "post_both_ways": _line(POST_BOTH_WAYS, span),
            "returned_by_post": _line(RETURNED_BY_POST_ELSE, span) * surge,
            "signed_file": _line(SIGNED_FILE, span),
            "not_recorded_in": _line(NOT_RECORDED_IN, span),
            "not_recorded_out": _line(NOT_RECORDED_OUT, span),
        }
    ).astype({"span": "Int64"})


def _counts(weights: np.ndarray, dossiers: int, span: Sequence[date]) -> np.ndarray:
    """Whole dossiers per day that add up exactly; a published span never gets fewer than its postal figure needs."""
    shares = weights / weights.sum() * dossiers
    pinned = np.zeros(len(span), dtype=bool)
    for window in PUBLISHED:
        inside = np.array([day in window for day in span])
        needed = window.received_by_post * HEADROOM
        if shares[inside].sum() < needed:
            shares[inside] *= needed / shares[inside].sum()
            pinned |= inside
    shares[~pinned] *= (dossiers - shares[pinned].sum()) / shares[~pinned].sum()
    ends = np.floor(np.cumsum(shares) + 0.5).astype(np.int64)
    ends[-1] = dossiers
    return np.diff(ends, prepend=0)
