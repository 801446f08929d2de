"""Volumes by sector, added up from the procedures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries.filters import Filters
from queries.measure import before, denominator, numerator
from queries.postal_list import has_dossier, is_used_by_post
from queries.volumes import VOLUMES, ProcedureVolumes

if TYPE_CHECKING:
    from queries.data import Data

NO_SECTOR: Final = "chưa xếp lĩnh vực"
_SUMS: Final = tuple(metric.key for metric in VOLUMES if not metric.denominator)
_RATES: Final = tuple(metric for metric in VOLUMES if metric.denominator)
_FIGURES: Final = (*_SUMS, *(part(metric) for metric in _RATES for part in (numerator, denominator)))


@dataclass(frozen=True)
class SectorVolumes:
    """One row per sector with a figure in the period or a procedure on the postal list, by code; the row without a code is “chưa xếp lĩnh vực”.

    Columns: sector_code, sector_name, received, received_by_post, returned, returned_by_post, procedures (with a dossier in any way), by_post
    (of those, by post), listed (missing: no postal list), the two postal rates with numerator and denominator, and all figures `_before`.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        volumes = data.ask(ProcedureVolumes(), filters)
        figures = [name for figure in _FIGURES for name in (figure, before(figure)) if name in volumes]
        marks = {"procedures": has_dossier(volumes), "by_post": is_used_by_post(volumes), "listed": volumes["is_listed"]}
        if filters.timeframe(data.as_of, data.first_on).counted is None:
            marks |= dict.fromkeys(("procedures", "by_post"), pd.Series(pd.NA, index=volumes.index, dtype="Int64"))
        keyed = volumes.assign(**{name: mark.astype("Int64") for name, mark in marks.items()})
        frame = keyed.groupby("sector_code", dropna=False, as_index=False)[[*figures, *marks]].sum(min_count=1)
        rates: dict[str, pd.Series] = {}
        for metric in _RATES:
            for suffix in ("", before("")):
                above, below = numerator(metric) + suffix, denominator(metric) + suffix
                if above in frame:
                    rates[metric.key + suffix] = frame[above].astype("Float64") / frame[below].where(frame[below] != 0).astype("Float64")
        names = frame["sector_code"].map(data.catalogue.sector_names).astype("str")
        frame = frame.assign(sector_name=names.fillna(NO_SECTOR), **rates)
        first = ["sector_code", "sector_name", *_SUMS, "procedures", "by_post", "listed"]
        return frame[[*first, *(name for name in frame.columns if name not in first)]].sort_values("sector_code", ignore_index=True)
