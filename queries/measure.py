"""“Metric M by dimensions D”: the one way from declared metrics to a tidy frame.

One statement per relation and dating column answers all counts that share it. History is re-mapped to today's units after the
GROUP BY, which is exact because every count is a sum. Ratios leave as numerator and denominator beside their value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from queries import contract, organisation, tally
from queries.counting import Metric, Terms
from queries.filters import Filters
from queries.frames import joined
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
        frame, made = self._count(data, filters, span, stock=True)
        if self.by == (Dim.MONTH,) and span is not None:
            frame = _every_month(frame, span, data, made)
        if self.compared:
            frame, made = self._with_before(frame, made, data, filters)
        if self.by:
            frame = frame.sort_values([dim.value for dim in self.by], ignore_index=True)
        columns = {dim.value: frame[dim.value] for dim in self.by}
        for suffix in ("", before("")) if self.compared else ("",):
            for metric in self.metrics:
                columns |= _metric_columns(frame, metric, made, suffix)
        return pd.DataFrame(columns)

    def _span(self, data: Data, filters: Filters) -> Period | None:
        counted = filters.timeframe(data.as_of, data.first_on).counted
        if counted is None or self.window is Window.PERIOD:
            return counted
        if self.window is Window.ALL_TIME:
            return Period(data.first_on, data.as_of, clock=filters.clock)
        last = replace(counted, clock=filters.clock).last_month
        return of_months(last - 23, last, counted.kind, filters.clock).until(data.as_of)

    def _count(self, data: Data, filters: Filters, span: Period | None, *, stock: bool) -> tuple[pd.DataFrame, frozenset[str]]:
        """All counts by the dimensions, one column per count that can be made here, and the names of those."""
        parts: list[pd.DataFrame] = []
        made: set[str] = set()
        counts = {count.key: count for metric in self.metrics for count in metric.counts}
        for (_, dated_by), shared in grouped(counts.values()).items():
            if not stock if dated_by is None else span is None:
                continue
            makeable = [count for count in shared if tally.is_makeable(data, count)]
            frame = tally.counted(data, filters, span, self.by, makeable)
            if frame is not None:
                parts.append(_fold(frame, data, filters, self.by))
                made |= {count.key for count in makeable}
        if not parts:
            keys = {dim.value: pd.Series(dtype="Int64" if dim is Dim.MONTH else "str") for dim in self.by}
            parts = [pd.DataFrame(keys, index=range(0 if self.by else 1))]
        return _side_by_side(parts, self.by, made), frozenset(made)

    def _with_before(self, frame: pd.DataFrame, made: frozenset[str], data: Data, filters: Filters) -> tuple[pd.DataFrame, frozenset[str]]:
        compared = filters.timeframe(data.as_of, data.first_on).compared
        if compared is None:
            return frame, made
        earlier, made_before = self._count(data, filters, compared, stock=False)
        both = made | {before(name) for name in made_before}
        return _side_by_side([frame, earlier.rename(columns={name: before(name) for name in made_before})], self.by, both), both


def _metric_columns(frame: pd.DataFrame, metric: Metric, made: frozenset[str], suffix: str) -> dict[str, pd.Series]:
    above = _sum(frame, metric.numerator, made, suffix)
    if not metric.denominator:
        return {metric.key + suffix: above}
    below = _sum(frame, metric.denominator, made, suffix)
    value = above.astype("Float64") / below.where(below != 0).astype("Float64") if metric.is_ratio else above
    return {metric.key + suffix: value, numerator(metric) + suffix: above, denominator(metric) + suffix: below}


def _sum(frame: pd.DataFrame, terms: Terms, made: frozenset[str], suffix: str) -> pd.Series:
    """The sum of a metric's counts; missing where one of them could not be made."""
    total = pd.Series(0, index=frame.index, dtype="Int64")
    for weight, count in terms:
        name = count.key + suffix
        total = total + weight * frame[name] if name in made else total.mask(pd.Series(True, index=frame.index))
    return total


def _every_month(frame: pd.DataFrame, span: Period, data: Data, made: frozenset[str]) -> pd.DataFrame:
    """One row for every month of the span, 0 where nothing happened and missing before the data begin."""
    begins = replace(span, start=data.first_on, end=max(data.first_on, span.end)).first_month
    months = pd.DataFrame({Dim.MONTH.value: pd.array(range(span.first_month, span.last_month + 1), dtype="Int64")})
    full = months.merge(frame, on=Dim.MONTH.value, how="left")
    names = sorted(made)
    full[names] = full[names].fillna(0)
    full.loc[full[Dim.MONTH.value] < begins, names] = pd.NA
    return full


def _fold(frame: pd.DataFrame, data: Data, filters: Filters, by: Sequence[Dim]) -> pd.DataFrame:
    """Rows of the database's keys added up to the rows of the dimensions."""
    if not by:
        return frame
    catalogue = data.catalogue
    if Dim.AREA in by:
        pairs = zip(frame.pop("area_code"), frame.pop("era"), strict=True)
        keys = pd.Series([code if pd.isna(code) else catalogue.area_key(code, int(era)) for code, era in pairs], dtype="str", index=frame.index)
        frame[Dim.AREA.value] = organisation.renamed(keys, organisation.today(catalogue, filters.organisation, "area"))
    if "agency_code" in frame:
        frame["agency_code"] = organisation.renamed(frame["agency_code"], organisation.today(catalogue, filters.organisation, "agency"))
    if Dim.LEVEL in by:
        frame[Dim.LEVEL.value] = frame["agency_code"].map(catalogue.agency_levels).astype("str")
    if Dim.SECTOR in by:
        frame[Dim.SECTOR.value] = frame["procedure_code"].map(catalogue.procedure_sectors).astype("str")
    for dim in (Dim.RECEIVED_CHANNEL, Dim.RETURNED_CHANNEL):
        if dim in by:
            recorded = frame[dim.value].where(frame[dim.value].isin(contract.CHANNELS))
            frame[dim.value] = recorded.fillna("counter") if data.rules.missing_channel_as_counter else recorded
    sums = [name for name in frame.columns if name not in set(by) | {"agency_code", "procedure_code"}]
    return frame.groupby([dim.value for dim in by], dropna=False, as_index=False)[sums].sum()


def _side_by_side(parts: Sequence[pd.DataFrame], by: Sequence[Dim], made: frozenset[str] | set[str]) -> pd.DataFrame:
    """Frames of different statements in one; a combination that one of them lacks counts 0 there."""
    whole = parts[0]
    for part in parts[1:]:
        whole = joined(whole, part, [dim.value for dim in by], "outer") if by else pd.concat([whole, part], axis=1)
    names = [name for name in whole.columns if name in made]
    whole[names] = whole[names].fillna(0)
    return whole
