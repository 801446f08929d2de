"""Where the potential is: procedure by agency, what is listed, what is used, and how many results the rate of the best quarter would add by post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import organisation
from queries.adoption import agencies_within
from queries.catalogue import alive
from queries.filters import NOT_RECORDED, Filters
from queries.frames import joined
from queries.measure import Measure, denominator, numerator
from queries.metrics import COMPLETED, POSTAL_RETURN_RATE, RECEIVED, RECEIVED_BY_POST, RETURNED_BY_POST
from queries.similar import MIX, best_quarter
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

FEWEST_UNITS: Final = 4  # a quarter of fewer units is no unit: the procedure's rate in the whole province is taken
_KEYS: Final = ["agency_code", "procedure_code"]
_PAIRS: Final = (Dim.AGENCY, Dim.PROCEDURE)
_RECEIPTS: Final = Measure((RECEIVED, RECEIVED_BY_POST), by=_PAIRS)
_SETTLED: Final = Measure((COMPLETED,), by=_PAIRS)
_STAGES: Final = Measure((RETURNED_BY_POST,), by=(*_PAIRS, Dim.POSTAL_STAGE))
_RATE: Final = {numerator(POSTAL_RETURN_RATE): "returned_by_post", denominator(POSTAL_RETURN_RATE): "returned_recorded"}
_FIGURES: Final = ["received", "received_by_post", "settled", "returned", "returned_recorded", "returned_by_post"]


class Kind(StrEnum):
    """What is to be said of a procedure at an agency; used: a dossier received or a result returned by post in the period."""

    LISTED_UNUSED = "listed_unused"
    USED_UNLISTED = "used_unlisted"
    OK = "ok"


class Basis(StrEnum):
    """Whose rate the benchmark is."""

    LEVEL = "level"  # the best quarter of the agencies of the level with this procedure
    PROVINCE = "province"  # all agencies with this procedure together


class Step(StrEnum):
    """How far a listed pair has come. The post is a choice each way, so that returned is no part of received; shipped and delivered are of returned."""

    LISTED = "listed"
    WITH_DOSSIER = "with_dossier"
    RECEIVED_BY_POST = "received_by_post"
    RETURNED_BY_POST = "returned_by_post"
    SHIPPED = "shipped"
    DELIVERED = "delivered"


_SHIPPED: Final = ("shipped", "delivered", "undelivered")
_COLUMNS: Final = [
    *_KEYS,
    "agency_name",
    "level",
    "procedure_name",
    "sector_code",
    "is_listed",
    "is_listed_return",
    *_FIGURES,
    "benchmark_numerator",
    "benchmark_denominator",
    "benchmark_units",
    "benchmark_basis",
    "gap",
    "kind",
]


@dataclass(frozen=True)
class Potential:
    """One row per agency of the catalogue and procedure on its postal list in the period or with a figure in it; largest gap first, then by codes.

    Columns: agency_code, procedure_code, agency_name, level, procedure_name, sector_code, is_listed and is_listed_return (on the agency's list; for return;
    missing: no postal list), received, received_by_post, settled (with a result), returned, returned_recorded and returned_by_post (the own rate),
    benchmark_numerator and benchmark_denominator (the rate that the best quarter of the agencies of the level reaches with this procedure, those with
    the rules' minimum_n recorded results, FEWEST_UNITS at least; else all agencies together; missing: too few recorded results), benchmark_units (how many
    agencies of the level; missing on the basis of the province), benchmark_basis, gap (whole results more by post at that rate, rounded down, never
    negative; missing: no benchmark, or no result with a recorded channel among the returned ones) and kind (missing: no postal list).
    Benchmarks look at all agencies, whichever are asked. No rows where nothing of the period is counted.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        everyone = replace(filters, agencies=(), levels=())
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        asked = agencies_within(data, filters, mapping) if filters.timeframe(data.as_of, data.first_on).counted is not None else set()
        listed = _listed(data, filters, mapping)
        listed = listed[listed["agency_code"].isin(asked)]
        results = data.ask(MIX, everyone).rename(columns=_RATE)
        rows = _figures(data, everyone, results)
        rows = joined(rows[rows["agency_code"].isin(asked)], listed, _KEYS, "outer")
        rows[_FIGURES] = rows[_FIGURES].fillna(0)
        rows["level"] = rows["agency_code"].map(data.catalogue.agency_levels).astype("str")
        rows = _with_benchmarks(rows, results, data)
        rows = _with_names(rows, data, "agency_procedures" in data.catalogue.present)
        return rows.sort_values(["gap", *_KEYS], ascending=[False, True, True], ignore_index=True)[_COLUMNS]


def _listed(data: Data, filters: Filters, mapping: Mapping[str, str]) -> pd.DataFrame:
    """Agency and procedure on the list in the period within the filters, and whether for return."""
    timeframe = filters.timeframe(data.as_of, data.first_on)
    rows = data.catalogue.listings
    keep = alive(rows, timeframe.counted or timeframe.period)
    if filters.procedures:
        keep &= rows["procedure_code"].isin(filters.procedures)
    if filters.sectors:
        sectors = rows["procedure_code"].map(data.catalogue.procedure_sectors)
        keep &= sectors.isin(filters.sectors) | (sectors.isna() & (NOT_RECORDED in filters.sectors))
    for_return = rows["postal_return"].fillna(True).astype("boolean")
    pairs = rows[_KEYS].assign(agency_code=organisation.renamed(rows["agency_code"], mapping), is_listed_return=for_return)[keep]
    found: pd.DataFrame = pairs.groupby(_KEYS, as_index=False).max()
    return found.assign(is_listed=pd.Series(True, index=found.index, dtype="boolean"))


def _figures(data: Data, everyone: Filters, results: pd.DataFrame) -> pd.DataFrame:
    """What was received, settled and returned, by agency and procedure."""
    receipts = data.ask(_RECEIPTS, everyone)
    settled = data.ask(_SETTLED, everyone).rename(columns={"completed": "settled"})
    known = [frame.dropna(subset=["agency_code"]) for frame in (receipts, settled, results)]
    return joined(joined(known[0], known[1], _KEYS, "outer"), known[2], _KEYS, "outer")[[*_KEYS, *_FIGURES]]


def _with_benchmarks(rows: pd.DataFrame, results: pd.DataFrame, data: Data) -> pd.DataFrame:
    """The rows with the rate to reach and the results missing to it."""
    pairs = results.dropna(subset=_KEYS).rename(columns={"returned_by_post": "numerator", "returned_recorded": "denominator"})
    pairs = pairs.assign(level=pairs["agency_code"].map(data.catalogue.agency_levels).astype("str"))
    by_level = ["level", "procedure_code"]
    best = best_quarter(pairs.dropna(subset=["level"]), by_level, data.rules.minimum_n)
    best = best[best["benchmark_units"] >= FEWEST_UNITS].assign(benchmark_basis=str(Basis.LEVEL))
    whole = pairs.groupby("procedure_code")[["numerator", "denominator"]].sum()
    whole = whole[whole["denominator"] >= data.rules.minimum_n]
    rows = joined(rows, best.astype({"benchmark_basis": "str"}), by_level, "left")
    elsewhere = rows["benchmark_basis"].isna()
    for part in ("numerator", "denominator"):
        rows[f"benchmark_{part}"] = rows[f"benchmark_{part}"].fillna(rows["procedure_code"].map(whole[part])).astype("Int64")
    rows["benchmark_basis"] = rows["benchmark_basis"].mask(elsewhere & rows["benchmark_numerator"].notna(), str(Basis.PROVINCE))
    reached = rows["benchmark_numerator"] * rows["returned_recorded"] // rows["benchmark_denominator"]
    unknown = (rows["returned"] > 0) & (rows["returned_recorded"] == 0)
    return rows.assign(gap=(reached - rows["returned_by_post"]).clip(lower=0).mask(unknown).astype("Int64"))


def _with_names(rows: pd.DataFrame, data: Data, has_list: bool) -> pd.DataFrame:
    """The rows with names, marks of the list and the kind."""
    is_listed, is_used = rows["is_listed"].fillna(False).astype("bool"), (rows["received_by_post"] > 0) | (rows["returned_by_post"] > 0)
    kind = pd.Series(str(Kind.OK), index=rows.index, dtype="str")
    kind = kind.mask(is_listed & ~is_used, str(Kind.LISTED_UNUSED)).mask(~is_listed & is_used, str(Kind.USED_UNLISTED))
    unknown = pd.Series(not has_list, index=rows.index)
    rows = rows.assign(
        is_listed=is_listed.astype("boolean").mask(unknown),
        is_listed_return=rows["is_listed_return"].fillna(False).astype("boolean").mask(unknown),
        kind=kind.mask(unknown),
    )
    codes = rows["procedure_code"]
    return rows.assign(
        agency_name=rows["agency_code"].map(data.catalogue.agency_names).astype("str"),
        procedure_name=codes.map(data.catalogue.procedure_names).astype("str"),
        sector_code=codes.map(data.catalogue.procedure_sectors).astype("str"),
    )


@dataclass(frozen=True)
class ListedFunnel:
    """Six rows in the order of `Step`: step, pairs (agency and procedure on its postal list in the period that have come so far), dossiers (of these pairs:
    received by post, returned by post, of these shipped, of these delivered; missing for the first two steps, as receipts and results are not added).

    Shipped counts what came back undelivered too. Missing: no postal list, nothing counted yet, or, of the last two, no postal stage in the database.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        pairs: dict[Step, int | None] = dict.fromkeys(Step)
        dossiers: dict[Step, int | None] = dict.fromkeys(Step)
        if "agency_procedures" in data.catalogue.present:
            mapping = organisation.today(data.catalogue, filters.organisation, "agency")
            listed = _listed(data, filters, mapping)
            listed = listed[listed["agency_code"].isin(agencies_within(data, filters, mapping))][_KEYS]
            pairs[Step.LISTED] = len(listed)
            if filters.timeframe(data.as_of, data.first_on).counted is not None:
                for step, figures in _reached(data, filters, listed).items():
                    pairs[step], dossiers[step] = int((figures > 0).sum()), int(figures.sum())
                dossiers[Step.WITH_DOSSIER] = None
        columns = {name: pd.array([numbers[step] for step in Step], dtype="Int64") for name, numbers in (("pairs", pairs), ("dossiers", dossiers))}
        return pd.DataFrame({"step": pd.Series([str(step) for step in Step], dtype="str"), **columns})


def _reached(data: Data, filters: Filters, listed: pd.DataFrame) -> dict[Step, pd.Series]:
    """Dossiers of every listed pair at each step after the list."""
    receipts = joined(listed, data.ask(_RECEIPTS, filters), _KEYS, "left").fillna(0)
    results = joined(listed, data.ask(MIX, filters).rename(columns=_RATE)[[*_KEYS, "returned", "returned_by_post"]], _KEYS, "left").fillna(0)
    reached = {
        Step.WITH_DOSSIER: receipts["received"] + results["returned"],  # only whether there is any: a dossier may be in both
        Step.RECEIVED_BY_POST: receipts["received_by_post"],
        Step.RETURNED_BY_POST: results["returned_by_post"],
    }
    if data.source.has_column("dossiers", "postal_stage"):
        stages = joined(listed, data.ask(_STAGES, filters), _KEYS, "left").fillna({"returned_by_post": 0})
        reached[Step.SHIPPED] = _by_pair(stages, _SHIPPED)
        reached[Step.DELIVERED] = _by_pair(stages, ("delivered",))
    return reached


def _by_pair(stages: pd.DataFrame, wanted: tuple[str, ...]) -> pd.Series:
    """Results by post of every pair in one of the stages."""
    return stages[stages["postal_stage"].isin(wanted)].groupby(_KEYS)["returned_by_post"].sum()
