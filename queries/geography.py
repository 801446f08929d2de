"""Areas in time: which exist in a period, which former district a commune belonged to, and the volumes of the former districts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import organisation
from queries.catalogue import Catalogue
from queries.filters import Filters, Organisation
from queries.measure import before, denominator, numerator
from queries.period import Period
from queries.volumes import VOLUMES, AreaVolumes

if TYPE_CHECKING:
    from queries.data import Data

_RATES: Final = tuple(metric for metric in VOLUMES if metric.denominator)
_FIGURES: Final = (
    *(metric.key for metric in VOLUMES if not metric.denominator),
    *(part(metric) for metric in _RATES for part in (numerator, denominator)),
)


def existing(catalogue: Catalogue, period: Period, level: str) -> list[str]:
    """Keys of the areas of a level that exist on at least one day of the period, in the order of the catalogue."""
    return [span.key for span in catalogue.area_spans if span.level == level and span.first <= period.end and span.last >= period.start]


def shown(catalogue: Catalogue, view: Organisation, period: Period, level: str = "commune") -> list[str]:
    """Keys of the areas that a view of a period shows: those that exist in it, or today's where history is added up to them."""
    if view is Organisation.THEN:
        return existing(catalogue, period, level)
    carried_on = organisation.areas_now(catalogue)
    left = [key for key in existing(catalogue, period, level) if key not in carried_on]
    return list(dict.fromkeys([*left, *sorted(set(carried_on.values()) & set(living(catalogue, level)))]))


def living(catalogue: Catalogue, level: str) -> list[str]:
    """Keys of the areas of a level that have no last day."""
    return [span.key for span in catalogue.area_spans if span.level == level and span.last == date.max]


def comparable(catalogue: Catalogue, view: Organisation, *periods: Period) -> set[str]:
    """Keys of the areas whose figures in all the periods speak of the same ground: they existed on every day, or history is added up to them."""
    first, last = min(period.start for period in periods), max(period.end for period in periods)
    steady = {span.key for span in catalogue.area_spans if span.first <= first and span.last >= last}
    return steady if view is Organisation.THEN else steady | set(organisation.areas_now(catalogue).values())


def last_days(catalogue: Catalogue) -> dict[str, date]:
    """Last day by area key, of the areas that have ended."""
    return {span.key: span.last for span in catalogue.area_spans if span.last != date.max}


def crossing(catalogue: Catalogue) -> list[str]:
    """Keys of the communes that carry on communes of more than one district, by key: they belong to no former district alone."""
    district_of = catalogue.area_parents
    origins: dict[str, set[str]] = {}
    for old, new in organisation.areas_now(catalogue).items():
        if old in district_of:
            origins.setdefault(new, set()).add(district_of[old])
    return sorted(key for key, districts in origins.items() if len(districts) > 1)


@dataclass(frozen=True)
class DistrictVolumes:
    """One row per former district that exists in the period or has a figure in it, by key; its communes added up, and what names the district itself.

    Columns: area_code, area_name, received, received_by_post, returned, returned_by_post, area_key, the two postal rates with numerator and
    denominator, and all figures `_before`. No rows where history is added up to today's areas: its communes are there.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        catalogue, timeframe = data.catalogue, filters.timeframe(data.as_of, data.first_on)
        communes = data.ask(AreaVolumes(), filters)
        if filters.organisation is not Organisation.THEN:
            communes = communes.iloc[:0]
        own = {str(key): str(key) for key in catalogue.areas.loc[catalogue.areas["level"] == "district", "area_key"]}
        figures = [name for figure in _FIGURES for name in (figure, before(figure)) if name in communes]
        keyed = communes.assign(area_key=communes["area_key"].map(catalogue.area_parents | own).astype("str"))
        frame = keyed.dropna(subset=["area_key"]).groupby("area_key", as_index=False)[figures].sum(min_count=1)
        if filters.organisation is Organisation.THEN and timeframe.counted is not None and not filters.areas:
            idle = sorted(set(existing(catalogue, timeframe.counted, "district")) - set(frame["area_key"]))
            frame = pd.concat([frame, pd.DataFrame({"area_key": idle} | dict.fromkeys(figures, 0))], ignore_index=True)
        frame = frame.astype(dict.fromkeys(figures, "Int64"))
        return _with_names(_with_rates(frame[_counts(frame) | frame["area_key"].isin(_lived(catalogue, timeframe.counted))]), catalogue)


def _lived(catalogue: Catalogue, counted: Period | None) -> list[str]:
    return [] if counted is None else existing(catalogue, counted, "district")


def _counts(frame: pd.DataFrame) -> pd.Series:
    """Whether a row has a figure in the period itself."""
    sums = frame[["received", "received_by_post", "returned", "returned_by_post"]].fillna(0)
    return (sums > 0).any(axis=1)


def _with_rates(frame: pd.DataFrame) -> pd.DataFrame:
    rates: dict[str, pd.Series] = {}
    for metric in _RATES:
        for suffix in ("", before("")):
            above, below = numerator(metric) + suffix, denominator(metric) + suffix
            if above in frame:
                rates[metric.key + suffix] = frame[above].astype("Float64") / frame[below].where(frame[below] != 0).astype("Float64")
    return frame.assign(**rates)


def _with_names(frame: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    codes = dict(zip(catalogue.areas["area_key"], catalogue.areas["area_code"], strict=True))
    frame = frame.assign(area_code=frame["area_key"].map(codes).astype("str"), area_name=frame["area_key"].map(catalogue.area_names).astype("str"))
    first = ["area_code", "area_name", "received", "received_by_post", "returned", "returned_by_post", "area_key", *(metric.key for metric in _RATES)]
    return frame[[*first, *(name for name in frame.columns if name not in first)]].sort_values("area_key", ignore_index=True)
