"""What every engine must do: open read-only, keep the time limit, be looked into, bring columns to the contract's types."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal

import pandas as pd
import sqlalchemy as sa

from queries.address import Address
from queries.errors import DashboardError
from queries.faults import DRIVER_ERRORS, translated

Batch = pd.DataFrame | bytes  # a frame, or lines of CSV in which an empty cell is missing and "" is an empty text
Kind = Literal["text", "integer", "float", "boolean", "date", "datetime", "instant"]

POOL: Final = {"pool_size": 5, "max_overflow": 5, "pool_timeout": 15, "hide_parameters": True}


def kind_of(column_type: sa.types.TypeEngine[Any]) -> Kind:
    """Which of the contract's six kinds a SQLAlchemy type is; "instant" is a database's time with zone, and never the contract's.

    Raises TypeError for a type outside the contract, such as that of an expression SQLAlchemy knows nothing of: give it one.
    """
    kinds: tuple[tuple[type[sa.types.TypeEngine[Any]], Kind], ...] = (
        (sa.Boolean, "boolean"),
        (sa.Integer, "integer"),
        (sa.Float, "float"),
        (sa.Numeric, "float"),
        (sa.String, "text"),
        (sa.DateTime, "datetime"),
        (sa.Date, "date"),
    )
    for kind, name in kinds:
        if isinstance(column_type, kind):
            return name
    raise TypeError(f"{column_type!r} is not a type of the contract: cast or type the expression")


class Database(ABC):
    """An open database of one engine. `name` is duckdb, postgresql, mysql, mariadb or clickhouse."""

    casts: Mapping[Kind, str]
    always_cast: frozenset[Kind] = frozenset()
    asks_tables_directly: bool = False

    def __init__(self, address: Address, seconds: float) -> None:
        self.address = address
        self.seconds = seconds
        self.name: str = address.engine
        self.engine = self._engine()

    @abstractmethod
    def _engine(self) -> sa.Engine:
        """An engine whose connections are read-only and limited in time."""

    @abstractmethod
    def native_columns(self, connection: sa.Connection) -> dict[str, set[str]]:
        """Readable columns by table or view of the current schema."""

    @abstractmethod
    def described(self, type_code: object) -> Kind | None:
        """The kind of a column of a result, None for any other type."""

    @contextmanager
    def limited(self, connection: sa.Connection) -> Iterator[None]:
        """Hold what runs inside to the time limit, where the server does not do so itself."""
        del connection
        yield

    @contextmanager
    def connection(self) -> Iterator[sa.Connection]:
        """A connection under the time limit. Driver errors leave it as errors of ours."""
        try:
            with self.engine.connect() as connection, self.limited(connection):
                yield connection
        except DRIVER_ERRORS as error:
            raise self.fault(error) from error

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """A connection whose statements all see the database as it was at the first one, where the engine offers that; no row is locked."""
        with self.connection() as connection:
            yield connection

    @abstractmethod
    def batches(self, connection: sa.Connection, select: sa.Select[Any], rows: int) -> Iterator[Batch]:
        """The rows of a SELECT as they come, about `rows` at a time, without holding the whole in memory. Times may be texts."""

    def fault(self, error: Exception) -> DashboardError:
        """A driver's error as one of ours."""
        return translated(error, label=self.address.label, seconds=self.seconds)

    def expression(self, column: str, want: Kind, have: Kind | None) -> str:
        """SQL of a column brought to the wanted kind; the column as it is where it is of that kind."""
        return column if have == want and want not in self.always_cast else self.casts[want].format(column)

    def absent(self, want: Kind) -> str:
        """SQL of a missing value of the wanted kind, for an optional column that is not there."""
        return self.casts[want].format("NULL")

    def quoted(self, name: str) -> str:
        """An identifier in the engine's quotes where it needs them."""
        return str(self.engine.dialect.identifier_preparer.quote(name))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def by_relation(rows: Iterable[Sequence[object]]) -> dict[str, set[str]]:
    """Column names gathered by relation."""
    found: dict[str, set[str]] = {}
    for relation, column in rows:
        found.setdefault(str(relation), set()).add(str(column))
    return found
