"""What an owner could create so that the pages run faster on a live database, and what it gains, measured on a temporary copy.

The owner's tables are read and never changed: on PostgreSQL the copy lies in a schema of its own, which is dropped afterwards.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from queries import contract
from queries.faults import DRIVER_ERRORS
from queries.source import Source, open_source

COPY_SECONDS: Final = 3_600
VIEWS_SCHEMA: Final = "bang_dieu_khien"
_CODES: Final = ("agency_code", "procedure_code", "area_code", "received_channel", "returned_channel", "postal_stage", "status")
# One index per column that places a dossier in time, with every column that questions about that time read: the table itself is then not read.
_COVERED: Final[Mapping[str, tuple[str, ...]]] = {
    "received_at": (*_CODES, "postal_fee"),
    "completed_at": (*_CODES, "received_at", "due_at"),
    "returned_at": (*_CODES, "received_at"),
}


@dataclass(frozen=True)
class Asked:
    """A statement that was sent, and how long the database took until its rows were there."""

    sql: str
    seconds: float


@dataclass(frozen=True)
class Advice:
    """Statements to paste, in groups with a Vietnamese heading; `measurable` where their gain can be measured on a temporary copy."""

    groups: tuple[tuple[str, tuple[str, ...]], ...]
    measurable: bool = False


@dataclass
class Log:
    """The statements sent while it was listening."""

    asked: list[Asked] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The time of all together."""
        return sum(each.seconds for each in self.asked)


@contextmanager
def logged(source: Source) -> Iterator[Log]:
    """Listen to every statement that the source sends meanwhile."""
    log, begun = Log(), [0.0]

    def before(*_: object) -> None:
        begun[0] = time.perf_counter()

    def after(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):  # DuckDB's transaction is begun by a statement of its own
            log.asked.append(Asked(statement, time.perf_counter() - begun[0]))

    engine = source.database.engine
    sa.event.listen(engine, "before_cursor_execute", before)
    sa.event.listen(engine, "after_cursor_execute", after)
    try:
        yield log
    finally:
        sa.event.remove(engine, "before_cursor_execute", before)
        sa.event.remove(engine, "after_cursor_execute", after)


def advice(source: Source) -> Advice:
    """What the owner of this database could create. Raises the errors of `Source.frame`."""
    if source.dialect == "postgresql":
        if _is_table(source):
            return Advice(((_INDEXES, indexes(source, "dossiers", online=True)),), measurable=True)
        return Advice(((_VIEWS, _views(source)), (_INDEXES, indexes(source, f"{VIEWS_SCHEMA}.dossiers"))), measurable=True)
    if source.dialect in ("mariadb", "mysql") and source.is_native:
        return Advice(((_INDEXES, tuple(f"CREATE INDEX bdk_{name} ON dossiers ({', '.join((name, *_kept(source, name)))})" for name in _COVERED)),))
    if source.dialect == "clickhouse":
        made = tuple(f"ALTER TABLE dossiers ADD INDEX {name}_range {name} TYPE minmax GRANULARITY 1" for name in ("completed_at", "returned_at", "due_at"))
        return Advice((("Khoảng giá trị theo khối: bảng tạo bằng lệnh schema đã có sẵn; trên cụm thì chạy ở bảng dossiers_local:", made),))
    return Advice(())


_INDEXES: Final = "Mỗi mốc thời gian một chỉ mục có đủ cột mà các trang đọc, nên không phải đọc bảng; cả ba tốn chỗ chừng gấp đôi bảng:"
_VIEWS: Final = (
    f"Khung nhìn vật lý chứa sẵn dossiers với cột của hợp đồng, xếp theo ngày tiếp nhận. Làm mới sau mỗi lần nạp bằng REFRESH MATERIALIZED VIEW; "
    f"rồi mở với nguồn native và thêm ?options=-csearch_path%3D{VIEWS_SCHEMA} vào địa chỉ:"
)


def _is_table(source: Source) -> bool:
    if not source.is_native:
        return False
    with source.database.connection() as connection:
        return bool(connection.execute(sa.text("SELECT relkind IN ('r', 'p', 'm') FROM pg_catalog.pg_class WHERE oid = CAST('dossiers' AS regclass)")).scalar())


def indexes(source: Source, target: str, *, online: bool = False) -> tuple[str, ...]:
    """The covering indexes of dossiers, on the given table or materialised view; `online` for one that others write to meanwhile."""
    create = "CREATE INDEX CONCURRENTLY ON" if online else "CREATE INDEX ON"
    made = (f"{create} {target} ({name}) INCLUDE ({', '.join(_kept(source, name))})" for name in _COVERED)
    return (*made, f"VACUUM ANALYZE {target}")  # without it PostgreSQL looks into the table for every row all the same


def _kept(source: Source, dated_by: str) -> list[str]:
    return [name for name in _COVERED[dated_by] if source.has_column("dossiers", name)]


def _select(source: Source, relation: str) -> str:
    """The relation's own columns as plain SQL; dossiers in the order of receipt, so that a period lies together on the disk."""
    clause = source.relation(relation)
    columns = [clause.c[column.name] for column in contract.METADATA.tables[relation].columns if source.has_column(relation, column.name)]
    select = sa.select(*columns)
    if relation == "dossiers":
        select = select.order_by(clause.c.received_at)
    return str(select.compile(dialect=source.database.engine.dialect, compile_kwargs={"literal_binds": True})).replace("%%", "%")


def _views(source: Source) -> tuple[str, ...]:
    names = [table.name for table in contract.RELATIONS if source.has(table.name)]
    kinds = {name: "MATERIALIZED VIEW" if name == "dossiers" else "VIEW" for name in names}
    return (f"CREATE SCHEMA {VIEWS_SCHEMA}", *(f"CREATE {kind} {VIEWS_SCHEMA}.{name} AS\n{_select(source, name)}" for name, kind in kinds.items()))


@dataclass(frozen=True)
class Scratch:
    """The same relations in a schema of their own: to be asked through `source`, to be indexed by `create_indexes`."""

    source: Source
    schema: str
    _engine: sa.Engine

    def create_indexes(self) -> None:
        """Make the advised indexes on the copy. Raises DashboardError."""
        with _writing(self.source, self._engine) as connection:
            for statement in indexes(self.source, f"{self.schema}.dossiers"):
                connection.exec_driver_sql(statement)


@contextmanager
def _writing(source: Source, engine: sa.Engine) -> Iterator[sa.Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    except DRIVER_ERRORS as error:
        raise source.database.fault(error) from error


@contextmanager
def scratch(source: Source, seconds: float) -> Iterator[Scratch]:
    """A copy of the relations in a new schema, dropped afterwards, also when something fails. `seconds` limits the statements asked of it.

    Temporary tables would not do: PostgreSQL reads them with one process only. Raises AccessRefused where the account may not create a schema.
    """
    url, schema = source.database.address.url, f"dashboard_measure_{secrets.token_hex(4)}"
    arguments = {"options": f"-c statement_timeout={COPY_SECONDS * 1000} -c timezone=UTC-7", "connect_timeout": 5}
    engine = sa.create_engine(url, connect_args=arguments, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    with _writing(source, engine) as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    try:
        with _writing(source, engine) as connection:
            for table in contract.RELATIONS:
                if source.has(table.name):
                    connection.exec_driver_sql(f"CREATE UNLOGGED TABLE {schema}.{table.name} AS {_select(source, table.name)}".replace("%", "%%"))
                    connection.exec_driver_sql(f"VACUUM ANALYZE {schema}.{table.name}")
        given = url.update_query_dict({"options": f"-csearch_path={schema}"})
        with open_source(given.render_as_string(hide_password=False), timeout_seconds=seconds) as copy:
            yield Scratch(copy, schema, engine)
    finally:
        with _writing(source, engine) as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
