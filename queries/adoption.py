"""Which agencies return results by post: the verdict of five on every agency of the catalogue, its history, and the two distinct counts.

The list starts from the catalogue, so that an agency without a single row stands on it. The five verdicts are never merged; only
“not by post” is a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import counting, organisation
from queries.catalogue import alive, as_days
from queries.coverage import Span, covered_spans, lifetimes
from queries.filters import NOT_RECORDED, Filters, Timeframe
from queries.measure import Measure, Window, denominator, numerator
from queries.metrics import POSTAL_RETURN_RATE, RECEIVED_BY_POST, RETURNED
from queries.period import Kind, Period, month_index, of_months
from queries.return_days import ReturnDays
from queries.statement import Dim, statement

if TYPE_CHECKING:
    from queries.data import Data

__all__ = [
    "RECORDED",
    "AdoptionUnits",
    "ListedProcedures",
    "MonthlyVerdicts",
    "Span",
    "Verdict",
    "active_agencies",
    "agencies_within",
    "covered_spans",
    "lifetimes",
    "verdict",
]

RECORDED: Final = denominator(POSTAL_RETURN_RATE)
_MONTHS_IN_A_STEP: Final = {Kind.QUARTER: 3, Kind.HALF: 6, Kind.YEAR: 12}


class Verdict(StrEnum):
    """The five values of domain rule 4, in the order of urgency on the screen."""

    NOT_BY_POST = "not_by_post"
    CHANNEL_NOT_RECORDED = "channel_not_recorded"
    NO_RESULT = "no_result"
    NO_DATA = "no_data"
    RETURNS_BY_POST = "returns_by_post"


def verdict(returned: int, recorded: int, by_post: int, *, covered: bool) -> Verdict:
    """The verdict on an agency in a period, from its results returned, those with a recorded channel, those by post, and whether a feed covers it."""
    if by_post > 0:
        return Verdict.RETURNS_BY_POST
    if returned > 0:
        return Verdict.NOT_BY_POST if recorded > 0 else Verdict.CHANNEL_NOT_RECORDED
    return Verdict.NO_RESULT if covered else Verdict.NO_DATA


def _listed(data: Data, mapping: Mapping[str, str], period: Period) -> pd.Series:
    """Procedures listed for return by post in the period, by agency; no row where there is no list."""
    listings = data.catalogue.listings
    rows = listings[alive(listings, period) & listings["postal_return"].fillna(True)]
    pairs = pd.DataFrame({"agency_code": organisation.renamed(rows["agency_code"], mapping), "procedure_code": rows["procedure_code"]})
    return pairs.drop_duplicates().groupby("agency_code").size()


@dataclass(frozen=True)
class AdoptionUnits:
    """One row per agency of the catalogue (within the filters; per comparable group in that view), by code: verdict of five and what stands beside it.

    Columns: agency_code, agency_name, short_name, level, verdict, returned, returned_recorded, returned_by_post, received_by_post,
    last_postal_return (date, missing: never), periods_without (periods in a row up to this one without a postal return since the first result;
    quarters, half-years or years when the period is one, otherwise months), listed_procedures (missing: no postal list), in_period.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        period = timeframe.counted or timeframe.period
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        units = _with_counts(_units(data, filters, mapping), data, filters)
        covered, lives = covered_spans(data, mapping), lifetimes(data, mapping)
        asked = timeframe.counted is not None
        facts = zip(units["agency_code"], units["returned"], units["returned_recorded"], units["returned_by_post"], strict=True)
        units["verdict"] = [str(verdict(n, r, p, covered=asked and any(s.meets(period) for s in covered[code]))) for code, n, r, p in facts]
        units["in_period"] = [any(span.meets(period) for span in lives[code]) for code in units["agency_code"]]
        history = units[["agency_code"]].join(data.ask(ReturnDays(), filters).set_index("agency_code"), on="agency_code")
        units["last_postal_return"] = history["last_at"].dt.normalize()
        steps = [_steps_without(first, last, timeframe) for first, last in zip(as_days(history["first_at"]), as_days(history["last_until"]), strict=True)]
        units["periods_without"] = pd.array(steps, dtype="Int64")
        listed = units["agency_code"].map(_listed(data, mapping, period)).fillna(0).astype("Int64")
        units["listed_procedures"] = listed if "agency_procedures" in data.catalogue.present else listed.mask(listed.notna())
        return units[_COLUMNS].sort_values("agency_code", ignore_index=True)


_COLUMNS: Final = [
    "agency_code",
    "agency_name",
    "short_name",
    "level",
    "verdict",
    "returned",
    "returned_recorded",
    "returned_by_post",
    "received_by_post",
    "last_postal_return",
    "periods_without",
    "listed_procedures",
    "in_period",
]


def agencies_within(data: Data, filters: Filters, mapping: Mapping[str, str]) -> set[str]:
    """Codes of the catalogue's agencies that the filters leave, of groups where the view has groups; those carried on by another are left to it."""
    catalogue, levels = data.catalogue, data.catalogue.agency_levels
    asked = organisation.asked_agencies(catalogue, filters.agencies or catalogue.agencies["agency_code"], mapping)
    return {code for code in asked & set(levels) - set(mapping) if not filters.levels or levels[code] in filters.levels}


def _units(data: Data, filters: Filters, mapping: Mapping[str, str]) -> pd.DataFrame:
    """The agencies that the filters leave, one row each, by code."""
    catalogue, codes = data.catalogue, pd.Series(sorted(agencies_within(data, filters, mapping)), dtype="str")
    columns = {"agency_name": catalogue.agency_names, "level": catalogue.agency_levels, "short_name": catalogue.agency_short_names}
    return pd.DataFrame({"agency_code": codes, **{name: codes.map(words).astype("str") for name, words in columns.items()}})


def _with_counts(units: pd.DataFrame, data: Data, filters: Filters) -> pd.DataFrame:
    """The agencies with their results of the period, 0 where there are none."""
    counts = data.ask(Measure((RETURNED, POSTAL_RETURN_RATE, RECEIVED_BY_POST), by=(Dim.AGENCY,)), filters).set_index(Dim.AGENCY.value)
    columns = {"returned": "returned", RECORDED: "returned_recorded", numerator(POSTAL_RETURN_RATE): "returned_by_post", "received_by_post": "received_by_post"}
    units = units.join(counts[list(columns)].rename(columns=columns), on="agency_code")
    return units.assign(**{name: units[name].fillna(0).astype("Int64") for name in columns.values()})


def _steps_without(first_on: date | None, last_on: date | None, timeframe: Timeframe) -> int | None:
    """Periods in a row, up to the asked one, without a postal return; counted from the first result ever, missing before it."""
    counted = timeframe.counted
    if counted is None or first_on is None or first_on > counted.end:
        return None
    size = _MONTHS_IN_A_STEP.get(counted.kind, 1)
    last = timeframe.period.last_month if size > 1 else counted.last_month
    oldest = (last - month_index(first_on, counted.clock)) // size + 1
    return oldest if last_on is None else min((last - month_index(last_on, counted.clock)) // size, oldest)


@dataclass(frozen=True)
class MonthlyVerdicts:
    """One row per agency of the catalogue and month of the last 24, with the verdict of that month.

    Columns: agency_code, agency_name, short_name, level, month (index), verdict, returned, returned_by_post.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        units = _units(data, filters, mapping)
        measure = Measure((RETURNED, POSTAL_RETURN_RATE), by=(Dim.AGENCY, Dim.MONTH), window=Window.LAST_24_MONTHS)
        counts = data.ask(measure, filters).set_index([Dim.AGENCY.value, Dim.MONTH.value])
        counted = filters.timeframe(data.as_of, data.first_on).counted
        if counted is None:
            return units.assign(month=pd.Series(dtype="Int64"), verdict="", returned=0, returned_by_post=0).iloc[:0]
        last = counted.last_month
        full = units.merge(pd.DataFrame({"month": range(last - 23, last + 1)}), how="cross")
        joined = full.join(counts, on=["agency_code", "month"])
        sums = {"returned": "returned", "returned_recorded": RECORDED, "returned_by_post": "postal_return_rate_numerator"}
        for name, column in sums.items():
            full[name] = joined[column].fillna(0).astype("Int64")
        covered = covered_spans(data, mapping)
        months = {month: of_months(month, month, Kind.MONTH, filters.clock).until(data.as_of) for month in range(last - 23, last + 1)}
        facts = zip(full["agency_code"], full["month"], full["returned"], full["returned_recorded"], full["returned_by_post"], strict=True)
        full["verdict"] = [str(verdict(n, r, p, covered=any(s.meets(months[m]) for s in covered[code]))) for code, m, n, r, p in facts]
        return full.drop(columns="returned_recorded").sort_values(["agency_code", "month"], ignore_index=True)


def active_agencies(units: pd.DataFrame) -> tuple[int, int]:
    """Agencies that exist in the period and return by post, and agencies that exist in it, of a frame of `AdoptionUnits`."""
    existing = units[units["in_period"]]
    return int((existing["verdict"] == Verdict.RETURNS_BY_POST).sum()), len(existing)


@dataclass(frozen=True)
class ListedProcedures:
    """One row per procedure on the postal list in the period, by code: procedure_code, agencies (how many list it), is_active (a dossier
    received or a result returned by post in the period). No rows where the database has no postal list.
    """

    span: Period | None = None  # None: the asked period

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        span = self.span or timeframe.counted
        period = span or timeframe.period
        listings, mapping = data.catalogue.listings, organisation.today(data.catalogue, filters.organisation, "agency")
        owners = organisation.renamed(listings["agency_code"], mapping)
        keep = alive(listings, period) & owners.isin(agencies_within(data, filters, mapping))
        if filters.procedures:
            keep &= listings["procedure_code"].isin(filters.procedures)
        if filters.sectors:
            sectors = listings["procedure_code"].map(data.catalogue.procedure_sectors)
            keep &= sectors.isin(filters.sectors) | (sectors.isna() & (NOT_RECORDED in filters.sectors))
        pairs = listings[["procedure_code"]].assign(agency_code=owners)[keep]
        frame = pairs.drop_duplicates().groupby("procedure_code").size().astype("Int64").rename("agencies").reset_index()
        used = _used_by_post(data, filters, span) if span is not None else set()
        return frame.assign(is_active=frame["procedure_code"].isin(used)).sort_values("procedure_code", ignore_index=True)


def _used_by_post(data: Data, filters: Filters, span: Period) -> set[str]:
    """Procedures with a dossier received or a result returned by post in the span."""
    used: set[str] = set()
    for count in (counting.C_RECEIVED_BY_POST, counting.C_RETURNED_BY_POST):
        select = statement(data, filters, span, (Dim.PROCEDURE,), (count,))
        if select is not None:
            frame = data.source.frame(select).dropna(subset=["procedure_code"])
            used |= set(frame.loc[frame[count.key] > 0, "procedure_code"])
    return used
