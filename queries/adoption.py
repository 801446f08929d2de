"""Which agencies return results by post: the verdict of five on every agency of the catalogue, its history, and the two distinct counts.

The list starts from the catalogue, so that an agency without a single row stands on it. The five verdicts are never merged; only
“not by post” is a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import sqlalchemy as sa

from queries import counting, organisation, scope
from queries.filters import Filters
from queries.measure import Measure, Window, denominator
from queries.metrics import POSTAL_RETURN_RATE, RECEIVED_BY_POST, RETURNED, RETURNED_BY_POST
from queries.period import Kind, Period, month_end, month_start
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

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


@dataclass(frozen=True)
class Span:
    """Days from first to last; None is open."""

    first: date | None
    last: date | None

    def meets(self, period: Period) -> bool:
        """Whether at least one day is shared with the period."""
        return (self.first is None or self.first <= period.end) and (self.last is None or self.last >= period.start)

    def cut(self, other: Span) -> Span | None:
        """The shared days; None when there are none."""
        firsts = [day for day in (self.first, other.first) if day is not None]
        lasts = [day for day in (self.last, other.last) if day is not None]
        first, last = max(firsts, default=None), min(lasts, default=None)
        return None if first is not None and last is not None and last < first else Span(first, last)


def _span(first: Any, last: Any) -> Span:
    return Span(None if pd.isna(first) else first.date(), None if pd.isna(last) else last.date())


def lifetimes(data: Data, mapping: Mapping[str, str]) -> dict[str, list[Span]]:
    """The days each agency exists, by code after re-mapping; a merged agency has the spans of all it carries on."""
    found: dict[str, list[Span]] = {}
    for row in data.catalogue.agencies.itertuples():
        found.setdefault(mapping.get(str(row.agency_code), str(row.agency_code)), []).append(_span(row.valid_from, row.valid_to))
    return found


def covered_spans(data: Data, mapping: Mapping[str, str]) -> dict[str, list[Span]]:
    """The days a feed covers each agency, by code after re-mapping: the relation coverage, or else its lifetime within the data."""
    whole = Span(data.first_on, data.as_of)
    rows = [(row.agency_code, _span(row.covered_from, row.covered_to)) for row in data.catalogue.coverage.itertuples()]
    found: dict[str, list[Span]] = {}
    for row in data.catalogue.agencies.itertuples():
        code, life = str(row.agency_code), _span(row.valid_from, row.valid_to)
        fed = [span for owner, span in rows if pd.isna(owner) or owner == code] if "coverage" in data.catalogue.present else [whole]
        shared = (span.cut(life) for span in fed)
        found.setdefault(mapping.get(code, code), []).extend(span for span in shared if span is not None and span.meets(Period(data.first_on, data.as_of)))
    return found


def _listed(data: Data, mapping: Mapping[str, str], period: Period) -> dict[str, int]:
    """Procedures listed for return by post in the period, by agency; no key where there is no list."""
    listings = data.catalogue.listings
    pairs = {
        (mapping.get(row.agency_code, row.agency_code), row.procedure_code)
        for row in listings.itertuples()
        if (pd.isna(row.postal_return) or row.postal_return) and _span(row.valid_from, row.valid_to).meets(period)
    }
    return pd.Series([code for code, _ in pairs], dtype="str").value_counts().to_dict()


def _last_postal_return(data: Data, filters: Filters, mapping: Mapping[str, str]) -> dict[str, Any]:
    """Instant of the last result ever returned by post, by agency."""
    d = data.source.relation("dossiers")
    where = scope.conditions(d, data.catalogue, filters) or []
    post = counting.C_RETURNED_BY_POST.where(d, data.given)
    statement = sa.select(d.c.agency_code, sa.func.max(d.c.returned_at).label("last_at")).where(post, d.c.returned_at.is_not(None), *where).group_by(d.c.agency_code)
    frame = data.source.frame(statement)
    latest = frame.assign(agency_code=frame["agency_code"].replace(dict(mapping))).groupby("agency_code")["last_at"].max()
    return {str(code): value for code, value in latest.items()}


@dataclass(frozen=True)
class AdoptionUnits:
    """One row per agency of the catalogue (within the filters), by code: verdict of five and what stands beside it.

    Columns: agency_code, agency_name, short_name, level, verdict, returned, returned_recorded, returned_by_post, received_by_post,
    last_postal_return (date, missing: never), periods_without (periods in a row up to this one without a postal return since the first result;
    quarters, half-years or years when the period is one, otherwise months), listed_procedures (missing: no postal list), in_period.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        period = timeframe.counted or timeframe.period
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        units = _units(data, filters, mapping)
        counts = data.ask(Measure((RETURNED, POSTAL_RETURN_RATE, RECEIVED_BY_POST), by=(Dim.AGENCY,)), filters).set_index(Dim.AGENCY.value)
        units = units.join(counts[["returned", RECORDED, "postal_return_rate_numerator", "received_by_post"]], on="agency_code")
        units = units.rename(columns={RECORDED: "returned_recorded", "postal_return_rate_numerator": "returned_by_post"})
        sums = ["returned", "returned_recorded", "returned_by_post", "received_by_post"]
        units[sums] = units[sums].fillna(0).astype("Int64")
        covered, lives = covered_spans(data, mapping), lifetimes(data, mapping)
        asked = timeframe.counted is not None
        facts = zip(units["agency_code"], units["returned"], units["returned_recorded"], units["returned_by_post"], strict=True)
        units["verdict"] = [str(verdict(n, r, p, covered=asked and any(s.meets(period) for s in covered[code]))) for code, n, r, p in facts]
        units["in_period"] = [any(span.meets(period) for span in lives[code]) for code in units["agency_code"]]
        last = _last_postal_return(data, filters, mapping)
        units["last_postal_return"] = pd.to_datetime(units["agency_code"].map(last)).dt.normalize().astype("datetime64[us]")
        steps = _steps_without(data, filters, period)
        units["periods_without"] = units["agency_code"].map(steps).astype("Int64")
        listed = _listed(data, mapping, period)
        has_list = "agency_procedures" in data.catalogue.present
        units["listed_procedures"] = pd.array([listed.get(code, 0) if has_list else pd.NA for code in units["agency_code"]], dtype="Int64")
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


def _units(data: Data, filters: Filters, mapping: Mapping[str, str]) -> pd.DataFrame:
    """Agencies of the catalogue that the filters leave, one row each; those carried on by another are left to it."""
    agencies = data.catalogue.agencies
    keep = ~agencies["agency_code"].isin(set(mapping))
    if filters.agencies:
        keep &= agencies["agency_code"].isin([mapping.get(code, code) for code in filters.agencies])
    if filters.levels:
        keep &= agencies["level"].isin(filters.levels)
    units = agencies.loc[keep, ["agency_code", "agency_name", "level"]].reset_index(drop=True)
    units["short_name"] = units["agency_code"].map(data.catalogue.agency_short_names)
    return units


def _steps_without(data: Data, filters: Filters, period: Period) -> dict[str, int]:
    """Periods in a row, up to the asked one, without a postal return, by agency; counted from its first result ever."""
    history = data.ask(Measure((RETURNED, RETURNED_BY_POST), by=(Dim.AGENCY, Dim.MONTH), window=Window.ALL_TIME), filters)
    size = _MONTHS_IN_A_STEP.get(period.kind, 1)
    last = filters.timeframe(data.as_of, data.first_on).period.last_month if size > 1 else replace(period, clock=filters.clock).last_month
    history = history[history[Dim.MONTH.value] <= last]
    found: dict[str, int] = {}
    for code, rows in history.groupby(Dim.AGENCY.value):
        active = rows[rows["returned"] > 0][Dim.MONTH.value]
        by_post = rows[rows["returned_by_post"] > 0][Dim.MONTH.value]
        if active.empty:
            continue
        oldest = (last - int(active.min())) // size + 1
        found[str(code)] = min((last - int(by_post.max())) // size, oldest) if not by_post.empty else oldest
    return found


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
        last = replace(counted, clock=filters.clock).last_month
        full = units.merge(pd.DataFrame({"month": range(last - 23, last + 1)}), how="cross")
        joined = full.join(counts, on=["agency_code", "month"])
        sums = {"returned": "returned", "returned_recorded": RECORDED, "returned_by_post": "postal_return_rate_numerator"}
        for name, column in sums.items():
            full[name] = joined[column].fillna(0).astype("Int64")
        covered = covered_spans(data, mapping)
        months = {m: Period(month_start(m, filters.clock), min(month_end(m, filters.clock), max(data.as_of, month_start(m, filters.clock)))) for m in range(last - 23, last + 1)}
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
        listings = data.catalogue.listings
        meets = [_span(first, last).meets(period) for first, last in zip(listings["valid_from"], listings["valid_to"], strict=True)]
        codes = set(data.catalogue.agency_names)
        if filters.agencies:
            codes &= set(organisation.with_predecessors(filters.agencies, organisation.today(data.catalogue, filters.organisation, "agency")))
        if filters.levels:
            codes &= {code for code, level in data.catalogue.agency_levels.items() if level in filters.levels}
        listed = listings[pd.Series(meets, index=listings.index, dtype="bool") & listings["agency_code"].isin(codes)]
        if filters.procedures:
            listed = listed[listed["procedure_code"].isin(filters.procedures)]
        if filters.sectors:
            listed = listed[listed["procedure_code"].map(data.catalogue.procedure_sectors).isin(filters.sectors)]
        frame = listed.groupby("procedure_code", as_index=False).agg(agencies=("agency_code", "nunique"))
        used = _used_by_post(data, filters, span) if span is not None else set()
        return frame.assign(is_active=frame["procedure_code"].isin(used)).sort_values("procedure_code", ignore_index=True)


def _used_by_post(data: Data, filters: Filters, span: Period) -> set[str]:
    """Procedures with a dossier received or a result returned by post in the span."""
    d = data.source.relation("dossiers")
    where = scope.conditions(d, data.catalogue, filters) or []
    used: set[str] = set()
    for count in (counting.C_RECEIVED_BY_POST, counting.C_RETURNED_BY_POST):
        dated = scope.within(d.c[str(count.dated_by)], span)
        used |= set(data.source.frame(sa.select(d.c.procedure_code).where(dated, count.where(d, data.given), *where).distinct())["procedure_code"].dropna())
    return used

