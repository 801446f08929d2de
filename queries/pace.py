"""The pace of this year: what is done by the date of the data, what the year's target still needs a working day, and where the year may end.

The rest of the year is forecast from the same months a year before times recent growth, and shown as a range only where the same forecast, made
again from earlier months of the unit's own history, was off by 35 % at most on average (`queries.forecast`). Working days are those of the Vietnamese
calendar of holidays (`queries.working_days`). The period in the filters plays no part: a pace is one of now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from config.targets import Target, target_on, year_total
from queries import organisation
from queries.adoption import agencies_within
from queries.contract import LEVELS
from queries.counting import Metric
from queries.coverage import lifetimes
from queries.filters import Compare, Filters
from queries.forecast import Forecast, forecast
from queries.measure import Measure, denominator, numerator
from queries.metrics import BY_KEY, DISTINCT
from queries.period import Clock, Period, month_end, month_index, month_start
from queries.sentence import LEVEL_NAMES
from queries.statement import Dim
from queries.working_days import working_days

if TYPE_CHECKING:
    from queries.data import Data

PROVINCE: Final = "province"
LEVEL: Final = "level"
AGENCY: Final = "agency"
HISTORY: Final = 60  # whole months: what a forecast of a year and its trials can look back on
NO_TARGET: Final = "chưa có chỉ tiêu năm"
YEAR_OVER: Final = "năm đã hết ngày làm việc"
_KINDS: Final = {
    **dict.fromkeys(("kind", "code", "name", "level"), "str"),
    **dict.fromkeys(("year", "done", "out_of", "days_past", "days_left"), "Int64"),
    "per_day": "Float64",
    **dict.fromkeys(("forecast_low", "forecast", "forecast_high", "forecast_out_of"), "Int64"),
    "forecast_error": "Float64",
    "no_forecast": "str",
}


@dataclass(frozen=True)
class Year:
    """The year of the date of the data, in the clock of the filters. Months are indexes; `last_whole` is the last one of which the data hold every day."""

    number: int
    first: date
    last: date
    as_of: date
    last_whole: int

    @classmethod
    def of(cls, as_of: date, clock: Clock) -> Year:
        """The year that holds a day."""
        month = month_index(as_of, clock)
        january = month // 12 * 12
        last_whole = month if month_end(month, clock) <= as_of else month - 1
        return cls(month // 12, month_start(january, clock), month_end(january + 11, clock), as_of, last_whole)

    @property
    def january(self) -> int:
        """Its first month."""
        return self.number * 12

    @property
    def months_left(self) -> int:
        """How many of its months the data do not hold in full."""
        return self.january + 11 - self.last_whole

    @cached_property
    def days_past(self) -> int:
        """Working days up to and including the date of the data."""
        return working_days(self.first, self.as_of)

    @cached_property
    def days_left(self) -> int:
        """Working days after the date of the data."""
        return working_days(self.as_of + timedelta(days=1), self.last)


@dataclass(frozen=True)
class Pace:
    """One row per scope for a metric that is a sum, or the numerator of a ratio: the province, each level and each agency that lives (within the filters).

    Columns: kind (province, level, agency), code (empty for the province), name, level, year, done (this year up to the date of the data), out_of (of a
    ratio: its denominator so far), days_past, days_left (working days), per_day (done a working day), forecast_low, forecast, forecast_high (the whole
    year; eight in ten of the trials lay between low and high), forecast_out_of (of a ratio: its denominator's year), forecast_error (mean error of the
    forecasts made again from earlier months), no_forecast (why there is none), then the columns of `with_targets`. Province and levels stay whole when
    agencies are asked.
    """

    metric_key: str
    targets: tuple[Target, ...] = ()

    def __post_init__(self) -> None:
        metric = BY_KEY.get(self.metric_key)
        if metric is None or metric in DISTINCT or any(count.dated_by is None for count in metric.counts):
            raise ValueError(f"{self.metric_key} does not add up over the months of a year")

    @property
    def metric(self) -> Metric:
        """The metric of the key."""
        return BY_KEY[self.metric_key]

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        year = Year.of(data.as_of, filters.clock)
        history = Period(month_start(year.last_whole - HISTORY + 1, filters.clock), data.as_of)
        everyone = replace(filters, compare=Compare.NOTHING, agencies=(), levels=()).with_period(history)
        monthly = data.ask(Measure((self.metric,), by=(Dim.AGENCY, Dim.MONTH)), everyone)
        done = _series(monthly, numerator(self.metric) if self.metric.denominator else self.metric.key)
        out_of = _series(monthly, denominator(self.metric)) if self.metric.denominator else None
        columns: dict[str, list[Any]] = {name: [] for name in _KINDS}
        for scope in _scopes(set(done) | set(out_of or ()), data, filters):
            ahead = _Ahead.of(_added(done, scope.members), year)
            whole = None if out_of is None else _Ahead.of(_added(out_of, scope.members), year)
            for name, value in zip(_KINDS, (*scope.head, *_row(ahead, whole, year)), strict=True):
                columns[name].append(value)
        frame = pd.DataFrame({name: pd.Series(columns[name], dtype=kind) for name, kind in _KINDS.items()})
        return with_targets(frame, self.targets, self.metric, year.last)


@dataclass(frozen=True)
class _Scope:
    """One row's kind, code, name and level, with the agencies it is made of; None among them is what has no agency."""

    head: tuple[str, str, str, str | None]
    members: tuple[str | None, ...]


def _scopes(counted: set[str | None], data: Data, filters: Filters) -> list[_Scope]:
    """The province, the levels of the asked living agencies, and these agencies."""
    mapping, today = organisation.today(data.catalogue, filters.organisation, "agency"), Period(data.as_of, data.as_of)
    levels, names, lives = data.catalogue.agency_levels, data.catalogue.agency_names, lifetimes(data, mapping)
    agencies = sorted(code for code in agencies_within(data, filters, mapping) if any(span.meets(today) for span in lives[code]))
    wanted = [level for level in LEVELS if level in {levels[code] for code in agencies}]
    members = {level: tuple(code for code in counted if code is not None and levels.get(code) == level) for level in wanted}
    return [
        _Scope((PROVINCE, "", "toàn tỉnh", None), tuple(counted)),
        *(_Scope((LEVEL, level, LEVEL_NAMES[level], level), members[level]) for level in wanted),
        *(_Scope((AGENCY, code, names[code], levels[code]), (code,)) for code in agencies),
    ]


Series = dict[int, int]


def _series(monthly: pd.DataFrame, name: str) -> dict[str | None, Series]:
    """The amount by agency and month, where there is one."""
    found: dict[str | None, Series] = {}
    for code, month, amount in zip(monthly["agency_code"].tolist(), monthly["month"].tolist(), monthly[name].fillna(0).tolist(), strict=True):
        if amount:
            found.setdefault(code if isinstance(code, str) else None, {})[month] = amount
    return found


def _added(series: Mapping[str | None, Series], members: Sequence[str | None]) -> Series:
    """The series of several agencies in one."""
    total: Counter[int] = Counter()
    for code in members:
        total.update(series.get(code, {}))
    return dict(total)


@dataclass(frozen=True)
class _Ahead:
    """What is done this year up to the date of the data, what of it in whole months, and the forecast of the months after those."""

    done: int
    whole: int
    rest: Forecast

    @classmethod
    def of(cls, amounts: Series, year: Year) -> _Ahead:
        """From the amounts by month; the history begins with the first month that has any."""
        history = [amounts.get(month, 0) for month in range(min(amounts, default=year.last_whole + 1), year.last_whole + 1)]
        this_year = {month: amount for month, amount in amounts.items() if month >= year.january}
        whole = sum(amount for month, amount in this_year.items() if month <= year.last_whole)
        return cls(sum(this_year.values()), whole, forecast(history, year.months_left))

    def at_end(self, rest: float | None, to_whole: Callable[[float], int]) -> int | None:
        """The amount of the whole year for one forecast of its rest; never less than what is done."""
        return None if rest is None else max(self.done, self.whole + to_whole(rest))


def _row(ahead: _Ahead, whole: _Ahead | None, year: Year) -> tuple[object, ...]:
    """The figures of one scope; `whole` is the denominator of a ratio."""
    rest = ahead.rest
    per_day = ahead.done / year.days_past if year.days_past else None
    ends = (ahead.at_end(rest.low, floor), ahead.at_end(rest.middle, round), ahead.at_end(rest.high, ceil))
    expected = None if whole is None else whole.at_end(whole.rest.middle, round)
    out_of = None if whole is None else whole.done
    figures = (year.number, ahead.done, out_of, year.days_past, year.days_left, per_day, *ends, expected, rest.error)
    return (*(pd.NA if figure is None else figure for figure in figures), rest.hidden)


def with_targets(frame: pd.DataFrame, targets: Iterable[Target], metric: Metric, last_day: date) -> pd.DataFrame:
    """The frame with what the year's targets need. A target belongs to the province or to one agency, and no other scope inherits it.

    Columns added: target (a ratio as a fraction), target_note (its citation, or the warning while it is not confirmed), goal (the amount it means for
    the whole year; of a ratio the share of the forecast denominator, rounded up), remaining (0 when reached), needed_per_day (missing when no working
    day is left), no_need (why one of the last three is missing).
    """
    known = tuple(targets)
    columns: dict[str, list[Any]] = {name: [] for name in ("target", "target_note", "goal", "remaining", "needed_per_day", "no_need")}
    for row in frame.itertuples(index=False):
        agency = str(row.code) if row.kind == AGENCY else None
        found = None
        if row.kind != LEVEL:
            found = target_on(known, metric.key, last_day, agency) if metric.is_ratio else year_total(known, metric.key, last_day.year, agency)
        for name, value in zip(columns, _need(found, row, metric), strict=True):
            columns[name].append(pd.NA if value is None else value)
    kinds = {"target": "Float64", "target_note": "str", "goal": "Int64", "remaining": "Int64", "needed_per_day": "Float64", "no_need": "str"}
    return frame.assign(**{name: pd.Series(columns[name], index=frame.index, dtype=kind) for name, kind in kinds.items()})


def _need(target: Target | None, row: Any, metric: Metric) -> tuple[object, ...]:  # noqa: ANN401 - a row of a frame
    """Target, its note, goal, what remains, what a working day needs, and why something is missing."""
    if target is None:
        return None, "", None, None, None, NO_TARGET
    exact = Fraction(Decimal(str(target.value)))
    if metric.is_ratio:
        if pd.isna(row.forecast_out_of):
            return target.value, target.note, None, None, None, "chưa dự báo được tổng số hồ sơ cả năm để tính phần phải đạt"
        exact *= int(row.forecast_out_of)
    goal = ceil(exact)
    remaining = max(0, goal - int(row.done))
    if remaining and not row.days_left:
        return target.value, target.note, goal, remaining, None, YEAR_OVER
    return target.value, target.note, goal, remaining, remaining / int(row.days_left) if remaining else 0.0, ""
