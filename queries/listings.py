"""The postal list by agency: how many procedures an agency offers by post, and how many of them were really used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from queries import counting, organisation, scope
from queries.adoption import agencies_within
from queries.catalogue import alive
from queries.coverage import lifetimes
from queries.filters import NOT_RECORDED, Filters

if TYPE_CHECKING:
    from queries.data import Data

Pair = tuple[str, str]


@dataclass(frozen=True)
class AgencyLists:
    """One row per agency of the catalogue (within the filters), by code: agency_code, in_period (it exists in the asked period), listed_procedures
    (on the postal list in the period), active_procedures (of those, with a dossier received or a result returned by post by this agency in it).

    Missing: the database has no postal list; active also where nothing is counted yet.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        period = timeframe.counted or timeframe.period
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        lives = lifetimes(data, mapping)
        codes = sorted(agencies_within(data, filters, mapping))
        frame = pd.DataFrame({"agency_code": pd.Series(codes, dtype="str")})
        frame["in_period"] = pd.Series([any(span.meets(period) for span in lives[code]) for code in codes], dtype="bool")
        frame["listed_procedures"] = frame["active_procedures"] = pd.Series(pd.NA, index=frame.index, dtype="Int64")
        if "agency_procedures" not in data.catalogue.present:
            return frame
        listed = _listed(data, filters, mapping)
        frame["listed_procedures"] = _number(codes, listed)
        if timeframe.counted is not None:
            frame["active_procedures"] = _number(codes, listed & _used(data, filters))
        return frame


def _listed(data: Data, filters: Filters, mapping: Mapping[str, str]) -> set[Pair]:
    """Agency and procedure on the list in the period, within the filters."""
    timeframe = filters.timeframe(data.as_of, data.first_on)
    period = timeframe.counted or timeframe.period
    rows = data.catalogue.listings
    rows = rows[alive(rows, period)]
    if filters.procedures:
        rows = rows[rows["procedure_code"].isin(filters.procedures)]
    if filters.sectors:
        sectors = rows["procedure_code"].map(data.catalogue.procedure_sectors)
        rows = rows[sectors.isin(filters.sectors) | (sectors.isna() & (NOT_RECORDED in filters.sectors))]
    return set(zip(organisation.renamed(rows["agency_code"], mapping), rows["procedure_code"], strict=True))


def _used(data: Data, filters: Filters) -> set[Pair]:
    """Agency and procedure with a dossier received or a result returned by post in the period."""
    d = data.source.relation("dossiers")
    where = scope.conditions(d, data.catalogue, filters, data.rules)
    counted = filters.timeframe(data.as_of, data.first_on).counted
    if where is None or counted is None:
        return set()
    mapping = organisation.today(data.catalogue, filters.organisation, "agency")
    used: set[Pair] = set()
    for count in (counting.C_RECEIVED_BY_POST, counting.C_RETURNED_BY_POST):
        by_post = (count.where(d, data.given), scope.within(d.c[str(count.dated_by)], counted))
        frame = data.source.frame(sa.select(d.c.agency_code, d.c.procedure_code).where(*by_post, *where).distinct()).dropna()
        used |= set(zip(organisation.renamed(frame["agency_code"], mapping), frame["procedure_code"], strict=True))
    return used


def _number(codes: Sequence[str], pairs: set[Pair]) -> pd.Series:
    """How many pairs each agency has, 0 where none."""
    counted = Counter(code for code, _ in pairs)
    return pd.Series([counted[code] for code in codes], dtype="Int64")
