"""“Metric M by dimensions D”: the one way from declared metrics to a tidy frame.

One statement per relation and dating column answers all counts that share it. History is re-mapped to today's units after the
GROUP BY, which is exact because every count is a sum. Ratios leave as numerator and denominator beside their value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from queries import contract, organisation, tally
from queries.counting import Metric, Terms
from queries.cube import Cube, Key, Value, stacked
from queries.filters import Filters
from queries.metrics import DISTINCT
from queries.period import Period, of_months
from queries.statement import Dim, grouped

if TYPE_CHECKING:
    from queries.data import Data


class Window(StrEnum):
    """Which days are counted."""

    PERIOD = "period"  # the asked period, as far as the data reach
    LAST_24_MONTHS = "last_24_months"  # whole months up to the last month of the asked period
    ALL_TIME = "all_time"  # from the first dossier to the date of the data


def numerator(metric: Metric) -> str:
    """Column of a metric's numerator."""
    return f"{metric.key}_numerator"


def denominator(metric: Metric) -> str:
    """Column of a metric's denominator."""
    return f"{metric.key}_denominator"


def before(column: str) -> str:
    """Column of the compared period."""
    return f"{column}_before"


@dataclass(frozen=True)
class Measure:
    """Metrics by dimensions. One row per combination that has rows (exactly one without dimensions), sorted by the dimensions.

    Columns: the dimensions (missing = not recorded), per metric its `key` and, with a denominator, `key_numerator` and `key_denominator`;
    with `compared` the same with `_before`. By month alone there is a row for every month of the window, missing before the data begin.
    Missing value: denominator 0, relation or column absent, filter that does not apply, or nothing counted.
    """

    metrics: tuple[Metric, ...]
    by: tuple[Dim, ...] = ()
    window: Window = Window.PERIOD
    compared: bool = False

    def __post_init__(self) -> None:
        if self.compared and Dim.MONTH in self.by:
            raise ValueError("months of two periods do not share a row: ask for a window instead")
        if distinct := [metric.key for metric in self.metrics if metric in DISTINCT]:
            raise ValueError(f"{', '.join(distinct)}: distinct things are no sum, and are counted in queries.adoption")

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        span = self._span(data, filters)
        cubes = self._count(data, filters, span, stock=True)
        compared = filters.timeframe(data.as_of, data.first_on).compared if self.compared else None
        if compared is not None:
            cubes += [cube.only(cube.names, before) for cube in self._count(data, filters, compared, stock=False)]
        whole = stacked(cubes, [dim.value for dim in self.by])
        begins = None
        if self.by == (Dim.MONTH,) and span is not None:
            whole, begins = _every_month(whole, span), replace(span, start=data.first_on, end=max(data.first_on, span.end)).first_month
        return self._frame(whole, begins)

    def _span(self, data: Data, filters: Filters) -> Period | None:
        counted = filters.timeframe(data.as_of, data.first_on).counted
        if counted is None or self.window is Window.PERIOD:
            return counted
        if self.window is Window.ALL_TIME:
            return Period(data.first_on, data.as_of, clock=filters.clock)
        last = replace(counted, clock=filters.clock).last_month
        return of_months(last - 23, last, counted.kind, filters.clock).until(data.as_of)

    def _count(self, data: Data, filters: Filters, span: Period | None, *, stock: bool) -> list[Cube]:
        """The counts by the dimensions, one cube per statement that can be made here."""
        found: list[Cube] = []
        counts = {count.key: count for metric in self.metrics for count in metric.counts}
        for (_, dated_by), shared in grouped(counts.values()).items():
            if not stock if dated_by is None else span is None:
                continue
            cube = tally.counted(data, filters, span, self.by, [count for count in shared if tally.is_makeable(data, count)])
            if cube is not None:
                found.append(_folded(cube, data, filters, self.by).added_up([dim.value for dim in self.by]))
        return found

    def _frame(self, cube: Cube, begins: int | None) -> pd.DataFrame:
        """The columns of the dimensions and of the metrics; months before the data begin are missing."""
        size = cube.sums.shape[1]
        columns: dict[str, Any] = {name: key.numbers() if name == Dim.MONTH else key.words() for name, key in cube.keys.items()}
        early = np.zeros(size, dtype=bool) if begins is None else columns[Dim.MONTH.value].to_numpy(dtype="int64") < begins
        for suffix in ("", before("")) if self.compared else ("",):
            for metric in self.metrics:
                columns |= _metric_columns(cube, metric, early, suffix)
        return pd.DataFrame(columns, index=pd.RangeIndex(size))


def _metric_columns(cube: Cube, metric: Metric, early: np.ndarray[Any, Any], suffix: str) -> dict[str, pd.api.extensions.ExtensionArray]:
    above = _sum(cube, metric.numerator, early, suffix)
    if not metric.denominator:
        return {metric.key + suffix: above}
    below = _sum(cube, metric.denominator, early, suffix)
    value = _ratio(above, below) if metric.is_ratio else above
    return {metric.key + suffix: value, numerator(metric) + suffix: above, denominator(metric) + suffix: below}


def _sum(cube: Cube, terms: Terms, early: np.ndarray[Any, Any], suffix: str) -> pd.arrays.IntegerArray:
    """The sum of a metric's counts; missing where one of them could not be made."""
    total = np.zeros(len(early), dtype="int64")
    for weight, count in terms:
        if (name := count.key + suffix) not in cube.names:
            return pd.arrays.IntegerArray(np.zeros(len(early), dtype="int64"), np.ones(len(early), dtype=bool))
        total = total + weight * cube.sums[cube.names.index(name)]
    return pd.arrays.IntegerArray(total, early.copy())


def _ratio(above: pd.arrays.IntegerArray, below: pd.arrays.IntegerArray) -> pd.arrays.FloatingArray:
    """The quotient; missing where one of them is, or the denominator is 0."""
    parts, wholes = above.to_numpy(dtype="float64", na_value=0.0), below.to_numpy(dtype="float64", na_value=0.0)
    known = ~(above.isna() | below.isna()) & (wholes != 0)
    return pd.arrays.FloatingArray(np.divide(parts, wholes, out=np.zeros(len(parts)), where=known), ~known)


def _every_month(cube: Cube, span: Period) -> Cube:
    """One row for every month of the span, 0 where nothing happened."""
    months = np.arange(span.first_month, span.last_month + 1)
    empty = Cube({Dim.MONTH.value: Key(tuple(months.tolist()), np.arange(len(months)))}, (), np.zeros((0, len(months)), dtype="int64"))
    whole = stacked([empty, cube], [Dim.MONTH.value])
    return whole.between(Dim.MONTH.value, span.first_month, span.last_month)


def _folded(cube: Cube, data: Data, filters: Filters, by: Sequence[Dim]) -> Cube:
    """The database's keys made those of the dimensions."""
    catalogue = data.catalogue
    unknown = "counter" if data.rules.missing_channel_as_counter else None
    if Dim.AREA in by:
        key = cube.paired("area_code", "era", lambda code, era: None if code is None else catalogue.area_key(str(code), int(era or 0)))
        cube = cube.with_key(Dim.AREA.value, key.mapped(_now(organisation.today(catalogue, filters.organisation, "area"))))
    if "agency_code" in cube.keys:
        cube = cube.with_key("agency_code", cube.keys["agency_code"].mapped(_now(organisation.today(catalogue, filters.organisation, "agency"))))
    if Dim.LEVEL in by:
        cube = cube.with_key(Dim.LEVEL.value, cube.keys["agency_code"].mapped(_looked_up(catalogue.agency_levels)))
    if Dim.SECTOR in by:
        cube = cube.with_key(Dim.SECTOR.value, cube.keys["procedure_code"].mapped(_looked_up(catalogue.procedure_sectors)))
    for dim in (Dim.RECEIVED_CHANNEL, Dim.RETURNED_CHANNEL):
        if dim in by:
            cube = cube.with_key(dim.value, cube.keys[dim.value].mapped(lambda channel: channel if channel in contract.CHANNELS else unknown))
    return cube


def _now(mapping: Mapping[str, str]) -> Callable[[Value], Value]:
    return lambda code: mapping.get(code, code) if isinstance(code, str) else code


def _looked_up(words: Mapping[str, str]) -> Callable[[Value], Value]:
    def found(code: Value) -> Value:
        value = words.get(code) if isinstance(code, str) else None
        return value if isinstance(value, str) else None

    return found
