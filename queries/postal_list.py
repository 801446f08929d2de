"""The postal list beside what was really done: how far its procedures are used, which lie idle, and what is used without standing on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import sqlalchemy as sa

from queries import counting, organisation, scope
from queries.counting import Count
from queries.filters import Filters
from queries.rollups import ENDS, fitting
from queries.volumes import ProcedureVolumes

if TYPE_CHECKING:
    from queries.data import Data


class Idleness(StrEnum):
    """Why a listed procedure has nothing by post: it is used in other ways, or not at all."""

    OTHER_CHANNELS = "other_channels"
    NO_DOSSIER = "no_dossier"


class Step(StrEnum):
    """How far a listed procedure is used. The last two stand beside each other: a result may go by post without the dossier having come by it."""

    LISTED = "listed"
    WITH_DOSSIER = "with_dossier"
    BY_POST = "by_post"
    RECEIVED_BY_POST = "received_by_post"
    RETURNED_BY_POST = "returned_by_post"


_BY_POST: Final = (counting.C_RECEIVED_BY_POST, counting.C_RETURNED_BY_POST)
_IDLE_COLUMNS: Final = ["procedure_code", "procedure_name", "kind", "received", "returned", "sector_code", "sector_name", "listing_agencies", "last_postal_on"]
_UNLISTED_COLUMNS: Final = [
    "procedure_code",
    "procedure_name",
    "received",
    "received_by_post",
    "returned",
    "returned_by_post",
    "sector_code",
    "sector_name",
    "listed_until",
]


def has_dossier(volumes: pd.DataFrame) -> pd.Series:
    """Which rows have a dossier received or a result returned, in any way."""
    return (volumes["received"].fillna(0) > 0) | (volumes["returned"].fillna(0) > 0)


def is_used_by_post(volumes: pd.DataFrame) -> pd.Series:
    """Which rows have a dossier received or a result returned by post."""
    return (volumes["received_by_post"].fillna(0) > 0) | (volumes["returned_by_post"].fillna(0) > 0)


def _listed(volumes: pd.DataFrame) -> pd.Series:
    return volumes["is_listed"].fillna(False).astype("bool")


@dataclass(frozen=True)
class ListSteps:
    """Five rows in the order of `Step`: step, procedures (of the postal list in the period that have come so far). Missing: nothing is counted yet."""

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        volumes = data.ask(ProcedureVolumes(), filters)
        listed = volumes[_listed(volumes)]
        counted = filters.timeframe(data.as_of, data.first_on).counted is not None
        reached = {
            Step.WITH_DOSSIER: has_dossier(listed),
            Step.BY_POST: is_used_by_post(listed),
            Step.RECEIVED_BY_POST: listed["received_by_post"].fillna(0) > 0,
            Step.RETURNED_BY_POST: listed["returned_by_post"].fillna(0) > 0,
        }
        numbers = [len(listed), *(int(rows.sum()) if counted else None for rows in reached.values())]
        return pd.DataFrame({"step": [str(step) for step in Step], "procedures": pd.array(numbers, dtype="Int64")})


@dataclass(frozen=True)
class IdleProcedures:
    """One row per procedure on the postal list without a dossier received and a result returned by post in the period; none where nothing is counted.

    Columns: procedure_code, procedure_name, kind (of `Idleness`), received and returned in other ways, sector_code, sector_name, listing_agencies,
    last_postal_on (last day ever with one by post, within the filters; missing: never). Used in other ways first, most dossiers first, then by code.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        volumes = data.ask(ProcedureVolumes(), filters)
        if filters.timeframe(data.as_of, data.first_on).counted is None:
            volumes = volumes.iloc[:0]
        idle = volumes[_listed(volumes) & ~is_used_by_post(volumes)]
        kinds = has_dossier(idle).map({True: str(Idleness.OTHER_CHANNELS), False: str(Idleness.NO_DOSSIER)})
        last = last_postal_day(data, filters) if len(idle) else {}
        idle = idle.assign(kind=kinds.astype("str"), last_postal_on=pd.to_datetime(idle["procedure_code"].map(last)).astype("datetime64[us]"))
        order = idle.assign(dossiers=idle["received"] + idle["returned"]).sort_values(
            ["dossiers", "procedure_code"], ascending=[False, True], ignore_index=True
        )
        return order[_IDLE_COLUMNS]


def last_postal_day(data: Data, filters: Filters) -> dict[str, pd.Timestamp]:
    """Last day with a dossier received or a result returned by post, by procedure, over all time; from the roll-ups where both have it."""
    d = data.source.relation("dossiers")
    narrow = [_last(data, filters, d, [count]) for count in _BY_POST]
    rollups = [fitting(data.source.rollups, statement, d, str(count.dated_by)) for statement, count in zip(narrow, _BY_POST, strict=True)]
    rolled = [_last(data, filters, rollup.clause, [count]) for rollup, count in zip(rollups, _BY_POST, strict=True) if rollup is not None and rollup.ends]
    statements = rolled if len(rolled) == len(_BY_POST) else [_last(data, filters, d, _BY_POST)]
    frame = pd.concat([data.source.frame(statement) for statement in statements])
    days = frame.assign(last=frame.drop(columns="procedure_code").max(axis=1)).groupby("procedure_code")["last"].max().dt.normalize()
    return {str(code): day for code, day in days.items() if not pd.isna(day)}


def _last(data: Data, filters: Filters, relation: sa.FromClause, counts: Sequence[Count]) -> sa.Select[Any]:
    """The last instants of counts by procedure."""
    where = scope.conditions(relation, data.catalogue, filters)
    met = {count.key: count.where(relation, data.given) for count in counts}
    ends = {count.key: relation.c.get(ENDS[1], relation.c[str(count.dated_by)]) for count in counts}
    columns = (sa.func.max(sa.case((condition, ends[key]))).label(key) for key, condition in met.items())
    conditions = [sa.false()] if where is None else where
    return sa.select(relation.c.procedure_code, *columns).where(sa.or_(*met.values()), *conditions).group_by(relation.c.procedure_code)


@dataclass(frozen=True)
class UnlistedProcedures:
    """One row per procedure used by post in the period without standing on the postal list of the asked agencies, most used first, then by code.

    Columns: procedure_code (missing: dossiers without a procedure), procedure_name, received, received_by_post, returned, returned_by_post,
    sector_code, sector_name, listed_until (last day on their list, where it has ended; missing: never listed by them).
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        volumes = data.ask(ProcedureVolumes(), filters)
        used = volumes[is_used_by_post(volumes) & ~_listed(volumes)]
        ended = _list_ends(data, filters) if len(used) else {}
        used = used.assign(listed_until=pd.to_datetime(used["procedure_code"].map(ended)).astype("datetime64[us]"))
        by_post = used["received_by_post"].fillna(0) + used["returned_by_post"].fillna(0)
        return used.assign(by_post=by_post).sort_values(["by_post", "procedure_code"], ascending=[False, True], ignore_index=True)[_UNLISTED_COLUMNS]


def _list_ends(data: Data, filters: Filters) -> dict[str, pd.Timestamp]:
    """Last day on the list of the asked agencies, by procedure, where every listing has ended."""
    listings = data.catalogue.listings
    if filters.agencies:
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        wanted = organisation.asked_agencies(data.catalogue, filters.agencies, mapping)
        listings = listings[organisation.renamed(listings["agency_code"], mapping).isin(wanted)]
    open_ended = set(listings.loc[listings["valid_to"].isna(), "procedure_code"])
    last = listings.groupby("procedure_code")["valid_to"].max()
    return {str(code): day for code, day in last.items() if code not in open_ended and not pd.isna(day)}
