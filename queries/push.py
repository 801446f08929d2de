"""Whether the push for returns by post works: who began and who fell silent, how steadily each unit returns by post, and a cohort after a day.

Only results whose channel is recorded say anything here: an agency that records no channel has neither begun nor stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import organisation
from queries.adoption import AdoptionUnits, MonthlyVerdicts, Verdict, agencies_within
from queries.catalogue import as_days
from queries.coverage import covered_spans
from queries.filters import Filters
from queries.measure import Measure, before, denominator, numerator
from queries.metrics import POSTAL_RETURN_RATE
from queries.period import Period, month_end, month_index, month_start
from queries.return_days import ReturnDays
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

REGULAR_SHARE: Final = 0.8  # by post in at least this share of the months with results
STOPPED_MONTHS: Final = 3  # by post before, and in none of so many last months with results
COHORT_MONTHS: Final = 24
_ABOVE: Final = numerator(POSTAL_RETURN_RATE)
_BELOW: Final = denominator(POSTAL_RETURN_RATE)


class Change(StrEnum):
    """What became of an agency since the compared period."""

    NEWLY_ACTIVE = "newly_active"
    NEWLY_SILENT = "newly_silent"


class Pattern(StrEnum):
    """How steadily an agency returns results by post, in the order of urgency on the screen."""

    NEVER = "never"
    STOPPED = "stopped"
    IRREGULAR = "irregular"
    REGULAR = "regular"


@dataclass(frozen=True)
class NewlyActive:
    """One row per agency of the catalogue (within the filters) with results in the counted and in the compared period that returned some by post in
    one of them only: those that began before those that fell silent, each with the greatest figure first, then by code.

    Columns: agency_code, agency_name, level, change (newly_active, newly_silent), returned_by_post and returned_by_post_before (results),
    last_postal_return (date up to the date of the data, also after the period). Results whose channel is not recorded do not count as results.
    No rows where nothing is compared.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        units = data.ask(AdoptionUnits(), filters)
        counts = data.ask(Measure((POSTAL_RETURN_RATE,), by=(Dim.AGENCY,), compared=True), filters).set_index(Dim.AGENCY.value)
        names = {_ABOVE: "returned_by_post", before(_ABOVE): "returned_by_post_before", _BELOW: "recorded", before(_BELOW): "recorded_before"}
        figures = counts[list(names)].rename(columns=names).astype("Int64")
        rows = units[["agency_code", "agency_name", "level", "last_postal_return"]].join(figures, on="agency_code")
        rows[list(names.values())] = rows[list(names.values())].fillna(0)
        both = (rows["recorded"] > 0) & (rows["recorded_before"] > 0)
        now, earlier = rows["returned_by_post"] > 0, rows["returned_by_post_before"] > 0
        rows = rows.assign(change=now.map({True: str(Change.NEWLY_ACTIVE), False: str(Change.NEWLY_SILENT)}).astype("str"))[both & (now != earlier)]
        rows["most"] = rows[["returned_by_post", "returned_by_post_before"]].max(axis=1)
        rows = rows.sort_values(["change", "most", "agency_code"], ascending=[True, False, True], ignore_index=True)
        return rows[["agency_code", "agency_name", "level", "change", "returned_by_post", "returned_by_post_before", "last_postal_return"]]


@dataclass(frozen=True)
class FirstReturns:
    """One row per agency code of the database (of the asked view) that ever returned a result by post up to the date of the data, by code: agency_code,
    first_on (date of the first one). The period plays no part.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        days = data.ask(ReturnDays(), filters).dropna(subset=["first_post_at"])
        return pd.DataFrame({"agency_code": days["agency_code"], "first_on": days["first_post_at"].dt.normalize()}).reset_index(drop=True)


@dataclass(frozen=True)
class UnitPattern:
    """One row per agency of the catalogue (within the filters), by code: how steadily it returned results by post in the last 24 months.

    Columns: agency_code, agency_name, level, pattern, months_with_results (months with a result whose channel is recorded), months_by_post (of them,
    with one returned by post), last_month_by_post (month index; missing: none in the 24 months). Patterns: never (not once up to the end of the
    period), stopped (by post before, not in the last three months with results), regular (by post in at least 80 % of the months with results),
    otherwise irregular; missing without a month with results. No rows where nothing is counted.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        months = data.ask(MonthlyVerdicts(), filters)
        known = months[months["verdict"].isin([Verdict.RETURNS_BY_POST, Verdict.NOT_BY_POST])].copy()
        known["by_post"] = known["verdict"] == Verdict.RETURNS_BY_POST
        units = months[["agency_code", "agency_name", "level"]].drop_duplicates(ignore_index=True)
        codes = units["agency_code"]
        marks = {str(code): list(part) for code, part in known.groupby("agency_code")["by_post"]}  # months in order
        last = known[known["by_post"]].groupby("agency_code")["month"].max()
        begins = pd.Timestamp(month_start(int(months["month"].min()), filters.clock)) if len(months) else None
        first = data.ask(FirstReturns(), filters)
        older = set(first.loc[first["first_on"] < begins, "agency_code"]) if begins is not None else set()
        patterns = [_pattern(marks.get(code, []), returned_earlier=code in older) for code in codes]
        return units.assign(
            pattern=pd.Series(patterns, index=units.index, dtype="str"),
            months_with_results=pd.Series([len(marks.get(code, [])) for code in codes], index=units.index, dtype="Int64"),
            months_by_post=pd.Series([sum(marks.get(code, [])) for code in codes], index=units.index, dtype="Int64"),
            last_month_by_post=codes.map(last).astype("Int64"),
        )


def _pattern(months: list[bool], *, returned_earlier: bool) -> str | None:
    """The pattern of months with results, oldest first, each by post or not; None without any."""
    if not months:
        return None
    if not any(months):
        return str(Pattern.STOPPED if returned_earlier else Pattern.NEVER)
    if not any(months[-STOPPED_MONTHS:]):
        return str(Pattern.STOPPED)
    return str(Pattern.REGULAR if sum(months) >= REGULAR_SHARE * len(months) else Pattern.IRREGULAR)


@dataclass(frozen=True)
class Cohort:
    """Twenty-five rows, one per month from the month of a day on: which share of the agencies that did not yet return by post had begun by its end.

    The cohort: agencies of the catalogue (within the filters) that existed and were covered by a feed on the day and had not returned a result by
    post before it. Columns: months_after (0: the rest of the first month, to 24), month (index), numerator (agencies of the cohort that returned by post
    from the day to the end of the month, or to the date of the data in its month), denominator (the cohort), share. An agency that ends stays in
    the cohort: the views “hien-nay” and “nhom” follow it. Missing: months after the date of the data; share of an empty cohort. The period plays no
    part. No rows for a day on or before the first day of the data, when nobody's past is known, and for one after the date of the data.
    """

    start_on: date

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        firsts = self._firsts_of_cohort(data, filters)
        opening, is_known = month_index(self.start_on, filters.clock), data.first_on < self.start_on <= data.as_of
        rows: list[tuple[int, int, int | None, int]] = []
        for month in range(opening, opening + COHORT_MONTHS + 1) if is_known else ():
            begun = sum(1 for first_on in firsts if first_on is not None and first_on <= month_end(month, filters.clock))
            rows.append((month - opening, month, begun if month_start(month, filters.clock) <= data.as_of else None, len(firsts)))
        frame = pd.DataFrame(rows, columns=["months_after", "month", "numerator", "denominator"]).astype("Int64")
        return frame.assign(share=frame["numerator"].astype("Float64") / frame["denominator"].where(frame["denominator"] > 0).astype("Float64"))

    def _firsts_of_cohort(self, data: Data, filters: Filters) -> list[date | None]:
        """The day of the first postal return of every agency of the cohort, from the start on; None for one without."""
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        first = data.ask(FirstReturns(), filters)
        firsts = dict(zip(first["agency_code"], as_days(first["first_on"]), strict=True))
        day, covered = Period(self.start_on, self.start_on), covered_spans(data, mapping)
        present = (code for code in agencies_within(data, filters, mapping) if any(span.meets(day) for span in covered[code]))
        found = (firsts.get(code) for code in present)
        return [first_on for first_on in found if first_on is None or first_on >= self.start_on]
