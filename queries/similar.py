"""Similar units: same level, about as many results, the same procedures; and how far a unit stands from the best quarter of them.

Likeness is the cosine of two units' results by procedure; by sector where a level has too many procedures or units share none; where they share
no sector either, only the number of results can be compared, and the rows say so. Nothing here is a matter of chance: ties go by code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from math import log
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from queries import organisation
from queries.adoption_series import RESULTS
from queries.counting import Rules
from queries.filters import Filters
from queries.measure import Measure, denominator, numerator
from queries.metrics import POSTAL_RETURN_RATE, RETURNED
from queries.period import Kind, Period, a_year_before
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

NEAREST: Final = 5  # similar units that a unit is compared with
VOLUME_FACTOR: Final = 3.0  # a similar unit has at most so many times the results, and at least that part of them
LEAST_ALIKE: Final = 0.5  # below this cosine two mixes are not called similar
MOST_PROCEDURES: Final = 500  # a level with results of more procedures is compared by sector
SHORTEST_DAYS: Final = 90  # a shorter period says too little about what a unit does: the 12 months up to its end are taken
MIX: Final = Measure((RETURNED, POSTAL_RETURN_RATE), by=(Dim.AGENCY, Dim.PROCEDURE))
"""What units do: results by agency and procedure."""

_ABOVE: Final = numerator(POSTAL_RETURN_RATE)
_BELOW: Final = denominator(POSTAL_RETURN_RATE)
_PLACES: Final = 9  # cosines closer than this are a tie on every machine
_PAIRS: Final = {"agency_code": "str", "similar_code": "str", "place": "Int64", "similarity": "Float64", "volume_ratio": "Float64", "basis": "str"}


class Basis(StrEnum):
    """What the likeness of two units was seen in."""

    PROCEDURES = "procedures"
    SECTORS = "sectors"
    VOLUME = "volume"  # no mix in common: level and number of results only


def mix_filters(data: Data, filters: Filters) -> Filters | None:
    """The filters under which the mix of every unit is counted: the counted period, or 12 months where it is short; all else unfiltered.

    None where nothing of the period is counted.
    """
    counted = filters.timeframe(data.as_of, data.first_on).counted
    if counted is None:
        return None
    everything = replace(filters, agencies=(), levels=(), areas=(), procedures=(), sectors=(), channels=())
    if counted.days >= SHORTEST_DAYS:
        return everything
    year = Period(a_year_before(counted.end) + timedelta(days=1), counted.end, Kind.DAYS, counted.clock)
    return everything.with_period(year)


@dataclass(frozen=True)
class Similar:
    """One row per agency of the catalogue with results and agency similar to it, nearest first: agency_code, similar_code, place (1 is the nearest),
    similarity (cosine of the mixes, 0 to 1; missing on the basis of volume alone), volume_ratio (results of the similar one per result), basis.

    All similar ones, not the nearest only; of the whole province, whatever agencies are asked. No rows where nothing is counted.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        whole = mix_filters(data, filters)
        rows: list[tuple[object, ...]] = []
        if whole is not None:
            mix = data.ask(MIX, whole)
            known = mix[mix["agency_code"].isin(set(data.catalogue.agency_levels)) & (mix["returned"] > 0)]
            levels = known["agency_code"].map(data.catalogue.agency_levels)
            sectors = known["procedure_code"].map(data.catalogue.procedure_sectors)
            for _, part in known.assign(sector_code=sectors).groupby(levels):
                rows += _of_level(part)
        return pd.DataFrame(rows, columns=list(_PAIRS)).astype(_PAIRS)


def _of_level(mix: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """The pairs of one level, agency by agency."""
    volumes = {str(code): int(returned) for code, returned in mix.groupby("agency_code")["returned"].sum().items()}
    too_many = mix["procedure_code"].nunique() > MOST_PROCEDURES
    cosines = {} if too_many else {Basis.PROCEDURES: _cosines(mix, "procedure_code")}
    cosines[Basis.SECTORS] = _cosines(mix, "sector_code")
    for code, own in volumes.items():
        ratios = {other: volume / own for other, volume in volumes.items() if other != code}
        near = [other for other, ratio in ratios.items() if 1 / VOLUME_FACTOR <= ratio <= VOLUME_FACTOR]
        basis, alike = _alike(code, near, cosines)
        order = sorted(alike, key=lambda other: (-alike[other], abs(log(ratios[other])), other))
        for place, other in enumerate(order, start=1):
            yield code, other, place, None if basis is Basis.VOLUME else alike[other], ratios[other], str(basis)


def _cosines(mix: pd.DataFrame, key: str) -> dict[tuple[str, str], float]:
    """Cosine of the results by key, for every two agencies; what has no key does not make anybody alike."""
    named = mix.dropna(subset=[key])
    rows, codes = pd.factorize(named["agency_code"])
    columns, keys = pd.factorize(named[key])
    table = np.zeros((len(codes), len(keys)))
    np.add.at(table, (rows, columns), named["returned"].to_numpy("float64"))
    lengths = np.sqrt((table**2).sum(axis=1))
    whole = np.round((table @ table.T) / np.outer(lengths, lengths), _PLACES).tolist()
    return {(one, other): cosine for one, others in zip(codes, whole, strict=True) for other, cosine in zip(codes, others, strict=True)}


def _alike(code: str, near: Sequence[str], cosines: Mapping[Basis, Mapping[tuple[str, str], float]]) -> tuple[Basis, dict[str, float]]:
    """The similar ones among the near ones with their cosines, on the finest basis that finds any."""
    for basis, pairs in cosines.items():
        alike = {other: pairs.get((code, other), 0.0) for other in near}
        found = {other: min(cosine, 1.0) for other, cosine in alike.items() if cosine >= LEAST_ALIKE}
        if found:
            return basis, found
    return Basis.VOLUME, dict.fromkeys(near, 0.0)


def best_quarter(units: pd.DataFrame, by: Sequence[str] = (), minimum: int = Rules.minimum_n) -> pd.DataFrame:
    """The rate that the best quarter of units reaches, one row per group: `by`, benchmark_numerator, benchmark_denominator, benchmark_units.

    `units` have numerator and denominator; those with fewer than `minimum` cases are left out. The rate is one that a unit really has: of n units,
    in order of their rates, that of number n/4, rounded up. A group without such a unit has no row.
    """
    enough = units[units["denominator"] >= minimum]
    rates = enough.assign(rate=enough["numerator"].astype("float64") / enough["denominator"].astype("float64"), group=0)
    keys = list(by) or ["group"]
    ordered = rates.sort_values([*keys, "rate", "denominator"], ascending=[*(True for _ in keys), False, False], kind="stable")
    groups = ordered.groupby(keys)
    size, place = groups["rate"].transform("size"), groups.cumcount()
    chosen = ordered.assign(benchmark_units=size.astype("Int64"))[place == (size + 3) // 4 - 1]
    names = {"numerator": "benchmark_numerator", "denominator": "benchmark_denominator"}
    return chosen.rename(columns=names)[[*by, *names.values(), "benchmark_units"]].reset_index(drop=True)


_COLUMNS: Final = [
    "agency_code",
    "agency_name",
    "is_asked",
    "similarity",
    "volume_ratio",
    "basis",
    "returned",
    "returned_recorded",
    "returned_by_post",
    "rank",
    "ranked",
    "benchmark_numerator",
    "benchmark_denominator",
    "points_below_best",
]


@dataclass(frozen=True)
class SimilarUnits:
    """An agency among the NEAREST similar ones: the asked one first (is_asked), then one row per similar one, nearest first.

    Columns: agency_code, agency_name, is_asked, similarity, volume_ratio, basis (as in `Similar`), then of the counted period within the filters
    returned, returned_recorded (denominator of the rate), returned_by_post (numerator), rank (1 is the highest rate; equal rates share it; missing below
    the rules' minimum_n recorded results), ranked (how many have a rank), benchmark_numerator and benchmark_denominator (the rate that the best quarter of the
    similar ones reaches, see `best_quarter`; missing: none with enough results) and points_below_best (percentage points from the row's rate up to it,
    negative above it; missing below minimum_n). No rows where the agency has no results to compare.
    """

    agency_code: str
    nearest: int = NEAREST

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        code = mapping.get(self.agency_code, self.agency_code)
        counts = data.ask(RESULTS, replace(filters, agencies=(), levels=())).set_index("agency_code")[["returned", _BELOW, _ABOVE]]
        pairs = data.ask(Similar(), filters)
        mine = pairs[(pairs["agency_code"] == code) & (pairs["place"] <= self.nearest)]
        head = pd.DataFrame({"similar_code": pd.Series([code], dtype="str")}) if code in data.catalogue.agency_levels and code in counts.index else None
        if head is None:
            mine = mine.iloc[:0]
        rows = mine if head is None else pd.concat([head, mine], ignore_index=True)
        rows = rows.drop(columns="agency_code").rename(columns={"similar_code": "agency_code"})
        rows = rows.join(counts, on="agency_code").rename(columns={_BELOW: "returned_recorded", _ABOVE: "returned_by_post"})
        sums = ["returned", "returned_recorded", "returned_by_post"]
        rows[sums] = rows[sums].fillna(0).astype("Int64")
        rows["agency_name"] = rows["agency_code"].map(data.catalogue.agency_names).astype("str")
        return _ranked(rows.assign(is_asked=rows["agency_code"] == code), data.rules.minimum_n)[_COLUMNS].reset_index(drop=True)


def _ranked(rows: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """The rows with their ranks and their distance from the best quarter of the similar ones."""
    enough = rows["returned_recorded"] >= minimum
    rate = (rows["returned_by_post"].astype("Float64") / rows["returned_recorded"].where(enough).astype("Float64")).astype("Float64")
    others = rows.loc[~rows["is_asked"], ["returned_by_post", "returned_recorded"]].set_axis(["numerator", "denominator"], axis=1)
    best = best_quarter(others, minimum=minimum)
    above, below = best[["benchmark_numerator", "benchmark_denominator"]].iloc[0] if len(best) else (pd.NA, pd.NA)
    benchmark = pd.DataFrame({"benchmark_numerator": above, "benchmark_denominator": below}, index=rows.index, dtype="Int64")
    distance = (benchmark["benchmark_numerator"] / benchmark["benchmark_denominator"] - rate) * 100
    rank = rate.rank(ascending=False, method="min").astype("Int64")
    return rows.assign(rank=rank, ranked=int(enough.sum()), points_below_best=distance.astype("Float64")).join(benchmark)


@dataclass(frozen=True)
class SimilarToAsked:
    """`SimilarUnits` of the agency that is asked; no rows where none or several are."""

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        if len(filters.agencies) != 1:
            return pd.DataFrame({name: pd.Series(dtype="object") for name in _COLUMNS})
        return data.ask(SimilarUnits(filters.agencies[0]), filters)
