"""The door to a dossier database: opened read-only, checked against the contract, asked under a time limit."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pandas as pd
import sqlalchemy as sa

from config.language import told
from queries import contract, rollups
from queries.address import Address, parse_address
from queries.database import Database, Kind, kind_of
from queries.dialects import open_database
from queries.embedded import DuckDB
from queries.errors import AccessRefused, BadRequest, DashboardError, QueryFailed, RelationAbsent, SourceRefused
from queries.faults import DRIVER_ERRORS, is_syntax_error
from queries.frames import frame_of_arrays, frame_of_rows, kinds_of
from queries.source_files import load
from queries.source_folder import NATIVE, SourceFile, check_columns, check_relations, find_folder, read_folder
from queries.source_select import for_sqlalchemy
from queries.turns import Turn
from queries.watch import Watch

VERSION_HELD_SECONDS: Final = 60.0
_TIMES: Final = ("received_at", "completed_at", "returned_at", "due_at")


@dataclass(frozen=True)
class Relation:
    """A relation as this source has it: its SELECT under the contract's names and types, and which columns are really there.

    `cast` names the columns whose type differs from the contract's and is brought to it in every statement.
    """

    clause: sa.FromClause
    columns: frozenset[str]
    cast: tuple[str, ...] = ()


class Source:
    """An open dossier database. Safe to use from several threads; close it when done.

    `name` is the source as it was named, `dialect` is duckdb, postgresql, mysql, mariadb or clickhouse.
    """

    def __init__(self, database: Database, name: str, folder: Path | None, files: dict[str, SourceFile], clock: Callable[[], float] = time.monotonic) -> None:
        self.database = database
        self.name = name
        self._files = files
        self._folder = folder
        self._clock = clock
        self._turn = Turn()
        self._held: tuple[float, str] | None = None
        self.watch = Watch()
        self._relations = self._look()

    @property
    def dialect(self) -> str:
        """The engine: duckdb, postgresql, mysql, mariadb or clickhouse."""
        return self.database.name

    @property
    def label(self) -> str:
        """The database as a reader may see it, without account and password."""
        return self.database.address.label

    @property
    def is_native(self) -> bool:
        """Whether the relations lie in the database under their own names, without SELECTs of a source."""
        return not self._files

    def has(self, relation: str) -> bool:
        """Whether the database has this relation."""
        return relation in self._relations

    def has_column(self, relation: str, column: str) -> bool:
        """Whether the database has this column, and not only the missing values that stand for it."""
        return self.has(relation) and column in self._relations[relation].columns

    def cast_columns(self, relation: str) -> tuple[str, ...]:
        """Columns whose type differs from the contract's and is cast in every statement."""
        return self._relations[relation].cast if self.has(relation) else ()

    def relation(self, name: str) -> sa.FromClause:
        """A relation with every contract column under its contract name; optional columns that are not there are missing values.

        Raises RelationAbsent.
        """
        if name not in self._relations:
            raise RelationAbsent(f"{self.label} has no relation {name}", sentence=told("Cơ sở dữ liệu này không có bảng “{}” nên chưa có câu trả lời.", name))
        return self._relations[name].clause

    def open_dossiers(self) -> sa.FromClause:
        """The relation dossiers for questions that count open ones only: an extract has these apart."""
        d = self.relation("dossiers")
        return sa.table(rollups.OPEN_COPY, *(sa.column(c.name, c.type) for c in d.c)) if self._open_copy else d

    def frame(self, statement: sa.Select[*tuple[Any, ...]] | sa.CompoundSelect[*tuple[Any, ...]]) -> pd.DataFrame:
        """The rows of a SELECT, in its order. Dtypes come from its column types and are the same on every engine.

        Integers Int64, doubles float64, text str (missing is nan), booleans boolean, dates and instants datetime64[us].
        Raises QueryTooSlow over the time limit, DatabaseUnreachable, AccessRefused, QueryFailed; TypeError for what is not a SELECT of typed columns.
        """
        if not isinstance(statement, sa.Select | sa.CompoundSelect):
            raise TypeError("only a SELECT can be asked")
        kinds = kinds_of(statement)
        with self._turn.reading(), self.watch.statement(), self._naming_cast_columns(), self.database.connection() as connection:
            result = connection.execute(statement)
            if isinstance(self.database, DuckDB):
                arrays = result.cursor.fetchnumpy()
                result.close()
                return frame_of_arrays(list(arrays.values()), kinds)
            return frame_of_rows(result.fetchall(), kinds)

    def version(self) -> str:
        """A token that changes when the data change: the identity of a file; else what load_info says; else the count and latest times of dossiers.

        A DuckDB file that was replaced at its path is opened anew. The count is asked at most once a minute.
        Raises SourceRefused when the new file breaks the contract, and the errors of `frame`.
        """
        if isinstance(self.database, DuckDB):
            self._reopen_if_replaced(self.database)
            return self.database.file_identity() or self._files_identity()
        if self.has("load_info"):
            info = self.relation("load_info")
            rows = self.frame(sa.select(info.c.as_of, info.c.loaded_at, info.c.source_name).order_by(info.c.as_of, info.c.loaded_at))
            return ";".join(f"{row.as_of}|{row.loaded_at}|{row.source_name}" for row in rows.itertuples())
        if self._held is None or self._clock() - self._held[0] >= VERSION_HELD_SECONDS:
            d = self.relation("dossiers")
            row = self.frame(sa.select(sa.func.count().label("n"), *(sa.func.max(d.c[name]).label(name) for name in _TIMES))).iloc[0]
            self._held = (self._clock(), "|".join(str(value) for value in row))
        return self._held[1]

    def newest(self) -> Source:
        """This source; or, where its file is a pointer that names another version by now, that version. The old one stays open for those who read it.

        Raises the errors of `open_source`.
        """
        if not isinstance(self.database, DuckDB) or not self.database.is_superseded():
            return self
        weakref.finalize(self, self.database.close)  # with its last reader, and not when the garbage is collected: its pages fill memory
        return Source(self.database.beside(), self.name, self._folder, self._files, self._clock)

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _reopen_if_replaced(self, database: DuckDB) -> None:
        if database.address.path is None or not database.is_stale():
            return
        with self._turn.alone():
            if database.is_stale():
                database.reopen()
                self._relations = self._look()

    def _files_identity(self) -> str:
        return "-".join(f"{file.relation}{file.path.stat().st_mtime_ns}" for file in self._files.values() if file.path.exists()) or "memory"

    @contextmanager
    def _naming_cast_columns(self) -> Iterator[None]:
        """Tell which columns are cast when a value could not be."""
        try:
            yield
        except QueryFailed as error:
            casts = [f"{name}.{column}" for name, relation in self._relations.items() for column in relation.cast]
            if not casts or "cannot be read" not in str(error):
                raise
            raise QueryFailed(f"{error}; cast columns: {', '.join(casts)}", sentence=told("{} Cột cần xem: {}.", error.sentence, ", ".join(casts))) from error

    def _look(self) -> dict[str, Relation]:
        """Every relation that is there, checked against the contract."""
        with self.database.connection() as connection:
            native = {} if self._files and not self.database.address.in_memory else self.database.native_columns(connection)
        present = self._files or native
        self._check_rights(present)
        self.rollups = rollups.found(native) if isinstance(self.database, DuckDB) else ()
        self.shared_ids = rollups.shared_ids(native) if isinstance(self.database, DuckDB) else None
        self._open_copy = isinstance(self.database, DuckDB) and rollups.OPEN_COPY in native
        check_relations(present, told("Thư mục nguồn “{}”", self.name) if self._folder else self.label)
        return {table.name: self._relation(table, native) for table in contract.RELATIONS if table.name in present}

    def _check_rights(self, present: Iterable[str]) -> None:
        """Raise AccessRefused where a required relation is there and may not be read: the server does not list it then."""
        for table in contract.RELATIONS:
            if not table.info["required"] or table.name in present:
                continue
            try:
                with self.database.engine.connect() as connection:
                    connection.execute(sa.select(sa.literal_column("1")).select_from(sa.table(table.name)).where(sa.false()))
            except DRIVER_ERRORS as error:
                refusal = self._refusal(error, table, self.label)
                if isinstance(refusal, AccessRefused):
                    raise refusal from error

    def _relation(self, table: sa.Table, native: dict[str, set[str]]) -> Relation:
        if table.name in native:
            where = told("{}, bảng {}", self.label, table.name)
            columns = check_columns(table, native[table.name], where, strict=False)
            names = ", ".join(self.database.quoted(column.name) for column in table.columns if column.name in columns)
            relation = self._wrapped(table, f"SELECT {names} FROM {self.database.quoted(table.name)}", where)  # noqa: S608 - names are the contract's
            return self._direct(table, relation) if self.database.asks_tables_directly else relation
        file = self._files[table.name]
        return self._wrapped(table, file.select, told("Tệp {}", file.label))

    def _wrapped(self, table: sa.Table, select: str, where: str) -> Relation:
        """The SELECT as a subquery of the contract's columns, each of the contract's type."""
        found = self._described(select, table, where)
        columns = check_columns(table, found, where, strict=True)
        database = self.database
        expressions, cast = [], []
        for column in table.columns:
            want, quoted = kind_of(column.type), database.quoted(column.name)
            sql = database.expression(f"raw.{quoted}", want, found[column.name]) if column.name in columns else database.absent(want)
            if column.name in columns and found[column.name] != want and sql != f"raw.{quoted}" and want not in database.always_cast:
                cast.append(column.name)
            expressions.append(f"{sql} AS {quoted}")
        text = f"SELECT {', '.join(expressions)} FROM (\n{select}\n) AS raw"  # noqa: S608 - the SELECT is the source itself
        typed = sa.text(for_sqlalchemy(text)).columns(*(sa.column(column.name, column.type) for column in table.columns))
        return Relation(typed.subquery(table.name), columns, tuple(cast))

    @staticmethod
    def _direct(table: sa.Table, relation: Relation) -> Relation:
        """The table itself where it has every column in the contract's type; as it is elsewhere."""
        if relation.cast or len(relation.columns) < len(table.columns):
            return relation
        return Relation(sa.table(table.name, *(sa.column(column.name, column.type) for column in table.columns)), relation.columns)

    def _described(self, select: str, table: sa.Table, where: str) -> dict[str, Kind | None]:
        """Kind by output column of a SELECT, without reading a row. Raises SourceRefused naming file and relation."""
        statement = sa.text(for_sqlalchemy(f"SELECT * FROM (\n{select}\n) AS raw WHERE 1 = 0"))  # noqa: S608 - the SELECT is the source itself
        try:
            with self.database.engine.connect() as connection, self.database.limited(connection):
                description: Any = connection.execute(statement).cursor.description
                return {str(item[0]): self.database.described(item[1]) for item in description}
        except DRIVER_ERRORS as error:
            raise self._refusal(error, table, where) from error

    def _refusal(self, error: Exception, table: sa.Table, where: str) -> DashboardError:
        fault = self.database.fault(error)
        if is_syntax_error(error):
            sentence = told("{}: câu SELECT của bảng {} không chạy được trên {}. Hãy sửa câu SELECT.", where, table.name, self.dialect)
            return SourceRefused(f"{where} ({table.name}): {fault}", sentence=sentence)
        if isinstance(fault, SourceRefused):
            return SourceRefused(f"{where} ({table.name}): {fault}", sentence=told("{}, bảng {}: {}", where, table.name, fault.sentence))
        if isinstance(fault, AccessRefused):
            return AccessRefused(
                f"{where} ({table.name}): {fault}", sentence=told("{}: tài khoản chưa có quyền đọc bảng {}. Hãy cấp quyền SELECT.", where, table.name)
            )
        return fault


def open_source(url: str, name: str = NATIVE, *, timeout_seconds: float = 15.0, threads: int = 1) -> Source:
    """Open a dossier database through a source: "native", a shipped name, or the path of a folder of SELECTs or of exports.

    `threads` is how many DuckDB may use for one statement. Raises BadRequest, DatabaseUnreachable, AccessRefused, SourceRefused.
    """
    address = parse_address(url)
    folder = find_folder(name)
    if folder is None and address.in_memory:
        raise BadRequest(
            "duckdb:// without a source folder",
            sentence="Địa chỉ duckdb:// (không có tệp) cần --source là thư mục câu SELECT hoặc thư mục tệp dữ liệu.",
        )
    files = read_folder(folder, address) if folder else {}
    if files:
        check_relations(files, told("Thư mục nguồn “{}”", name))
    database = open_database(address, timeout_seconds, threads)
    try:
        if isinstance(database, DuckDB) and address.in_memory:
            load(database, files)
        return Source(database, name, folder, files)
    except DashboardError:
        database.close()
        raise


__all__ = ["NATIVE", "Address", "Relation", "Source", "open_source"]
