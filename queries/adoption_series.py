"""What lies around the verdicts of a period: the last postal return before it, the verdicts of the compared period, the number of agencies by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

import pandas as pd
import sqlalchemy as sa

from queries import counting, organisation, scope
from queries.adoption import RECORDED, AdoptionUnits, MonthlyVerdicts, Verdict, verdict
from queries.coverage import covered_spans, lifetimes
from queries.filters import Filters
from queries.measure import Measure, numerator
from queries.metrics import POSTAL_RETURN_RATE, RECEIVED_BY_POST, RETURNED
from queries.period import Period, month_end
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

RESULTS: Final = Measure((RETURNED, POSTAL_RETURN_RATE, RECEIVED_BY_POST), by=(Dim.AGENCY,))
"""Results by agency, also by agencies outside the catalogue and without a code: the same answer that the verdicts stand on."""


@dataclass(frozen=True)
class LastBefore:
    """One row per agency with the verdict not_by_post that returned a result by post before the asked period, by code: agency_code, last_before (date
    of the last one). No rows where nothing of the period is counted.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        counted = filters.timeframe(data.as_of, data.first_on).counted
        units = data.ask(AdoptionUnits(), filters)
        calls = units[units["verdict"] == Verdict.NOT_BY_POST]
        found = calls[["agency_code", "last_postal_return"]].rename(columns={"last_postal_return": "last_before"}).dropna()
        if counted is not None and (found["last_before"] > pd.Timestamp(counted.end)).any():
            found = _last_before(data, filters, counted.start)  # a later return hides the one before the period
            found = found[found["agency_code"].isin(calls["agency_code"])]
        return found.sort_values("agency_code", ignore_index=True)


def _last_before(data: Data, filters: Filters, day: date) -> pd.DataFrame:
    """Date of the last result returned by post before a day, by agency."""
    d = data.source.relation("dossiers")
    where = scope.conditions(d, data.catalogue, filters, data.rules)
    post = counting.C_RETURNED_BY_POST.where(d, data.given)
    earlier = d.c.returned_at < datetime.combine(day, time())
    select = sa.select(d.c.agency_code, sa.func.max(d.c.returned_at).label("last_before")).where(post, earlier, *([sa.false()] if where is None else where))
    frame = data.source.frame(select.group_by(d.c.agency_code)).dropna(subset=["agency_code"])
    frame["agency_code"] = organisation.renamed(frame["agency_code"], organisation.today(data.catalogue, filters.organisation, "agency"))
    frame["last_before"] = frame["last_before"].dt.normalize()
    return frame.groupby("agency_code", as_index=False).agg(last_before=("last_before", "max"))


@dataclass(frozen=True)
class ComparedVerdicts:
    """One row per agency of the catalogue (within the filters) that existed in the compared period, by code: agency_code, verdict in that period.

    No rows where nothing is compared.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        compared = filters.timeframe(data.as_of, data.first_on).compared
        if compared is None:
            return pd.DataFrame({"agency_code": pd.Series(dtype="str"), "verdict": pd.Series(dtype="str")})
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        lives, covered = lifetimes(data, mapping), covered_spans(data, mapping)
        codes = [code for code in data.ask(AdoptionUnits(), filters)["agency_code"] if any(span.meets(compared) for span in lives[code])]
        earlier = filters.with_period(Period(compared.start, compared.end, clock=compared.clock))
        counts = data.ask(Measure((RETURNED, POSTAL_RETURN_RATE), by=(Dim.AGENCY,)), earlier).set_index(Dim.AGENCY.value)[
            ["returned", RECORDED, numerator(POSTAL_RETURN_RATE)]
        ]
        rows = counts.reindex(codes).fillna(0).astype("int64").itertuples(index=True, name=None)
        verdicts = [str(verdict(n, known, by_post, covered=any(span.meets(compared) for span in covered[code]))) for code, n, known, by_post in rows]
        return pd.DataFrame({"agency_code": pd.Series(codes, dtype="str"), "verdict": pd.Series(verdicts, dtype="str")})


@dataclass(frozen=True)
class MonthlyAdoption:
    """One row per month of the last 24, in order: month (index), agencies_with_results, agencies_by_post (of them, with a result returned by post),
    returned, returned_by_post. Only agencies of the catalogue. Missing before the data begin; no rows where nothing is counted.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        rows = data.ask(MonthlyVerdicts(), filters)
        flags = rows.assign(agencies_with_results=(rows["returned"] > 0).astype("Int64"), agencies_by_post=(rows["returned_by_post"] > 0).astype("Int64"))
        sums = ["agencies_with_results", "agencies_by_post", "returned", "returned_by_post"]
        frame = flags.groupby("month", as_index=False)[sums].sum()
        without = [month_end(int(month), filters.clock) < data.first_on for month in frame["month"]]
        frame[sums] = frame[sums].astype("Int64").mask(pd.Series(without, index=frame.index, dtype="bool"))
        return frame
