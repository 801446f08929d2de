"""The asked units beside their level, their peers and the whole province, on the same metrics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import metrics, organisation
from queries.catalogue import UNASSIGNED
from queries.filters import NOT_RECORDED, Filters
from queries.measure import Measure, before, denominator, numerator
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

ASKED: Final = "asked"
PROVINCE: Final = "province"
LEVEL: Final = "level"
PEER: Final = "peer"
METRICS: Final = (
    metrics.RECEIVED,
    metrics.RECEIVED_BY_POST,
    metrics.POSTAL_RECEIPT_RATE,
    metrics.RETURNED,
    metrics.RETURNED_BY_POST,
    metrics.POSTAL_RETURN_RATE,
    metrics.ON_TIME_RATE,
    metrics.OPEN,
    metrics.OVERDUE,
)


@dataclass(frozen=True)
class Standing:
    """Lines of comparison: the asked agencies together, the whole province, every level with a figure, and, when exactly one agency is asked,
    each agency of its level (its peers, itself among them), by code.

    Columns: kind (asked, province, level, peer), code (missing: asked, province, not recorded), name, then per metric of METRICS its key, for a
    ratio with `_numerator` and `_denominator`, all also `_before` when a period is compared. Filters other than agency and level hold for every line.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        everyone = replace(filters, agencies=(), levels=())
        units = data.ask(Measure(METRICS, by=(Dim.AGENCY,), compared=True), everyone)
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        lines = list(_lines(units, data, filters, mapping))
        sums = [name for name in units.columns if name != Dim.AGENCY.value]
        made = [name for name in sums if units[name].notna().any()]
        frame = pd.DataFrame([part[made].sum() for _, _, _, part in lines]).reindex(columns=sums).astype("Float64")
        for metric in METRICS:
            for suffix in ("", before("")):
                above, below = numerator(metric) + suffix, denominator(metric) + suffix
                if above in frame:
                    frame[metric.key + suffix] = frame[above] / frame[below].where(frame[below] != 0)
        heads = pd.DataFrame([line[:3] for line in lines], columns=["kind", "code", "name"]).astype("str")
        return pd.concat([heads, frame], axis=1)


def _lines(units: pd.DataFrame, data: Data, filters: Filters, mapping: dict[str, str]) -> Iterator[tuple[str, object, str, pd.DataFrame]]:
    """Kind, code, name and the agencies' rows of each line."""
    codes = units[Dim.AGENCY.value]
    levels = codes.map(data.catalogue.agency_levels)
    asked = pd.Series(True, index=units.index)
    if filters.agencies:
        asked = codes.isin(organisation.asked_agencies(data.catalogue, filters.agencies, mapping))
        asked |= codes.isna() & (NOT_RECORDED in filters.agencies)
    if filters.levels:
        asked &= levels.isin(filters.levels)
    yield ASKED, pd.NA, "", units[asked]
    yield PROVINCE, pd.NA, "", units
    for level in sorted(levels.dropna().unique()):
        yield LEVEL, level, "", units[levels == level]
    alone = organisation.asked_agencies(data.catalogue, filters.agencies, mapping)
    if len(alone) == 1:
        own = data.catalogue.agency_levels.get(next(iter(alone)))
        names = data.catalogue.agency_names
        for row, code in codes[levels == own].items():
            yield PEER, code, names.get(code, UNASSIGNED), units.loc[[row]]
