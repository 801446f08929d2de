"""What one reader may see: a role, and the agencies in its scope. Rights only narrow, and nothing here widens them again (docs/decisions/0011)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

import pandas as pd
import sqlalchemy as sa

from queries.catalogue import Catalogue
from queries.organisation import agencies_now
from queries.source import Source

OF_AN_AGENCY: Final = ("dossiers", "agencies", "agency_procedures", "postal_incidents", "coverage")  # relations whose rows belong to agencies
OF_TIME: Final = "due_at"  # without it nothing can be on time or overdue


class Role(StrEnum):
    """Why somebody may look."""

    VIEWER = "viewer"
    HEAD = "head"
    POST_OPERATOR = "post_operator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Rights:
    """A role and its agencies: None for every agency, empty for none at all; a head without agencies has none. The default sees everything."""

    role: Role = Role.ADMINISTRATOR
    agencies: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.role is Role.HEAD and self.agencies is None:
            object.__setattr__(self, "agencies", ())
        if self.agencies is not None:
            if any("," in code for code in self.agencies):
                raise ValueError("a comma parts the codes of a scope in its key")
            object.__setattr__(self, "agencies", tuple(sorted(set(self.agencies))))

    @property
    def sees_times(self) -> bool:
        """Whether due dates may be seen, and with them what is on time or overdue."""
        return self.role is not Role.POST_OPERATOR

    @property
    def may_publish(self) -> bool:
        """Whether figures may be frozen as reported."""
        return self.role is Role.ADMINISTRATOR

    @property
    def may_audit(self) -> bool:
        """Whether the audit may be read."""
        return self.role is Role.ADMINISTRATOR

    @property
    def is_whole(self) -> bool:
        """Whether every row and every column may be seen."""
        return self.agencies is None and self.sees_times

    @property
    def key(self) -> str:
        """The same for the same rows and columns, empty where all may be seen: part of every cache key, job and code."""
        if self.is_whole:
            return ""
        return self.role.value + ("" if self.agencies is None else ":" + ",".join(self.agencies))

    @classmethod
    def from_key(cls, key: str) -> Self:
        """The rights of a key; a key that cannot be read sees nothing."""
        role, colon, codes = key.partition(":")
        try:
            return cls() if not key else cls(Role(role), tuple(code for code in codes.split(",") if code) if colon else None)
        except ValueError:
            return cls(Role.HEAD, ())

    def covers(self, other: Rights) -> bool:
        """Whether everything that the other may see may be seen with these."""
        has_agencies = self.agencies is None or (other.agencies is not None and set(other.agencies) <= set(self.agencies))
        return has_agencies and (self.sees_times or not other.sees_times)

    def narrowed(self, other: Rights) -> Rights:
        """What both may see; only an administrator takes another role, and whoever sees no times goes on seeing none."""
        agencies: tuple[str, ...] | None
        if self.agencies is None or other.agencies is None:
            agencies = other.agencies if self.agencies is None else self.agencies
        else:
            agencies = tuple(set(self.agencies) & set(other.agencies))
        keeps_role = self.role is not Role.ADMINISTRATOR and other.sees_times
        return Rights(self.role if keeps_role else other.role, agencies)

    def own(self, catalogue: Catalogue) -> tuple[str, ...]:
        """The codes of the scope with those of former agencies that these alone carry on; never a successor. Raises TypeError without a scope."""
        if self.agencies is None:
            raise TypeError("a reader of every agency has no list of them")
        former = {old for old, new in agencies_now(catalogue).items() if new in self.agencies}
        return tuple(sorted(former | set(self.agencies)))


def catalogue_within(whole: Catalogue, own: tuple[str, ...] | None) -> Catalogue:
    """The catalogue that a `SourceWithin` would give, from the one that was read: a reader who comes while the database is away has one too."""
    if own is None:
        return whole

    def mine(frame: pd.DataFrame, *, shared: bool = False) -> pd.DataFrame:
        codes = frame["agency_code"]
        return frame[codes.isin(own) | (codes.isna() if shared else False)].reset_index(drop=True)

    return replace(whole, agencies=mine(whole.agencies), listings=mine(whole.listings), coverage=mine(whole.coverage, shared=True))


class SourceWithin(Source):
    """A source of which only the rows of some agencies are seen, and no due date where times are not to be seen."""

    def __init__(self, whole: Source, own: tuple[str, ...] | None, *, times: bool) -> None:  # the whole one is open already
        self.database, self.name, self.watch = whole.database, whole.name, whole.watch
        self.rollups = ()  # they hold everybody's sums; the rows that may be seen are counted instead
        self.shared_ids = None
        self._whole, self._own, self._times = whole, own, times
        self._seen: dict[str, tuple[sa.FromClause, sa.FromClause]] = {}

    def has(self, relation: str) -> bool:
        """Whether the database has this relation."""
        return self._whole.has(relation)

    def has_column(self, relation: str, column: str) -> bool:
        """Whether the column is there and may be seen."""
        return self._whole.has_column(relation, column) and (self._times or column != OF_TIME)

    def cast_columns(self, relation: str) -> tuple[str, ...]:
        """As the whole source."""
        return self._whole.cast_columns(relation)

    @property
    def is_native(self) -> bool:
        """As the whole source."""
        return self._whole.is_native

    def relation(self, name: str) -> sa.FromClause:
        """The rows of the relation that may be seen, the same object for the same relation. Raises RelationAbsent."""
        return self._narrowed(name, name, self._whole.relation(name))

    def open_dossiers(self) -> sa.FromClause:
        """The open dossiers that may be seen."""
        return self._narrowed("open dossiers", "dossiers", self._whole.open_dossiers())

    def newest(self) -> Source:
        """This source: only the whole one looks for another version."""
        return self

    def _narrowed(self, key: str, name: str, whole: sa.FromClause) -> sa.FromClause:
        if key not in self._seen or self._seen[key][0] is not whole:
            self._seen[key] = (whole, self._rows(name, whole))
        return self._seen[key][1]

    def _rows(self, name: str, whole: sa.FromClause) -> sa.FromClause:
        columns: list[sa.ColumnElement[Any]] = [
            sa.cast(sa.null(), column.type).label(column.name) if column.name == OF_TIME and not self._times else column for column in whole.c
        ]
        if self._own is None or name not in OF_AN_AGENCY:
            return whole if self._times or OF_TIME not in whole.c else sa.select(*columns).subquery(name)
        mine: sa.ColumnElement[bool] = whole.c.agency_code.in_(self._own)
        if name == "coverage":
            mine = sa.or_(mine, whole.c.agency_code.is_(None))  # a feed of every agency
        return sa.select(*columns).where(mine).subquery(name)

    def frame(self, statement: Any) -> Any:  # noqa: ANN401 - as the whole source
        """As the whole source."""
        return self._whole.frame(statement)

    def version(self) -> str:
        """As the whole source."""
        return self._whole.version()

    def close(self) -> None:
        """Leaves the whole source open: others read it."""
