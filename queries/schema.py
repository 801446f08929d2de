"""The contract as CREATE TABLE statements of an engine, for whoever sets up a dossier database. Nothing here is ever run by the dashboard."""

from __future__ import annotations

import re
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.schema import CreateTable

from queries import contract
from queries.errors import BadRequest

DIALECTS: Final = ("clickhouse", "postgresql", "mariadb", "duckdb")
LOCAL: Final = "_local"

_CLUSTER_NAME: Final = re.compile(r"^\w[\w.-]*$")
_TYPES: Final[dict[type[sa.types.TypeEngine[Any]], str]] = {
    sa.SmallInteger: "Int16",
    sa.BigInteger: "Int64",
    sa.Double: "Float64",
    sa.Boolean: "Bool",
    sa.Date: "Date32",
    sa.DateTime: "DateTime64(6, 'UTC')",
    sa.Text: "String",
}
# Text that repeats; keys of single rows and names stay plain.
_LISTED: Final = ("received_channel", "returned_channel", "postal_stage", "level", "kind")
_LOW_CARDINALITY: Final = ("agency_code", "procedure_code", "area_code", "sector_code", *_LISTED)
# Sorted so that one agency's days lie together: a filter by agency reads its rows, and a filter by period the granules whose least and greatest day touch it.
_SORTED: Final[dict[str, tuple[str, ...]]] = {
    "dossiers": ("agency_code", "received_at", "dossier_id"),
    "agencies": ("agency_code",),
    "procedures": ("procedure_code",),
    "agency_procedures": ("agency_code", "procedure_code"),
    "areas": ("area_code", "valid_from"),
    "successions": ("kind", "predecessor_code", "successor_code"),
    "service_points": ("point_code",),
    "postal_incidents": ("reported_on", "incident_id"),
    "coverage": ("agency_code",),
}
_DATED: Final = ("completed_at", "returned_at", "due_at")


def statements(dialect: str, cluster: str | None = None, *, prefix: str = "") -> list[str]:
    """One statement per table, in the order of the contract; with a cluster also the Distributed table over the shards' dossiers.

    `prefix` is put before every table's name, as in “hoso.”. Raises BadRequest for a dialect that is not known and for a cluster that is not ClickHouse's.
    """
    if dialect not in DIALECTS:
        raise BadRequest(f"unknown dialect {dialect!r}", sentence=f"Không có loại “{dialect}”. Các loại: {', '.join(DIALECTS)}.")
    if cluster is not None and (dialect != "clickhouse" or not _CLUSTER_NAME.match(cluster)):
        raise BadRequest(
            f"bad cluster {cluster!r} for {dialect}",
            sentence="--cluster chỉ dùng với --dialect clickhouse, và là tên cụm trong remote_servers: chữ, số, dấu gạch, dấu chấm.",
        )
    if dialect == "clickhouse":
        return [text for table in contract.RELATIONS for text in _clickhouse(table, cluster, prefix)]
    return [_standard(table, dialect) for table in contract.RELATIONS]


def text(dialect: str, cluster: str | None = None) -> str:
    """The statements as a script, each closed by a semicolon, with what an operator must know as comments. Raises BadRequest."""
    made = statements(dialect, cluster)
    return "\n\n".join([*_notes(dialect, cluster), *(f"{statement};" for statement in made)]) + "\n"


def _notes(dialect: str, cluster: str | None) -> list[str]:
    if dialect != "clickhouse":
        return ["-- Các bảng của hợp đồng dữ liệu; bảng nào không có số liệu thì không cần tạo, trừ dossiers và agencies."]
    times = "-- Thời điểm là giờ Việt Nam, ghi vào cột 'UTC' đúng như trên đồng hồ: múi giờ 'UTC' không có giờ bị nhảy, và không phụ thuộc múi giờ của máy chủ."
    if cluster is None:
        return [times]
    return [
        times,
        "-- Bảng danh mục có bản sao đầy đủ trên mọi nút; hồ sơ chia theo dossier_id. Mọi nút cần macro {shard} và {replica}. Ghi hồ sơ vào bảng dossiers.",
    ]


def _standard(table: sa.Table, dialect: str) -> str:
    """The table for PostgreSQL, MariaDB or DuckDB, with its key."""
    copy = table.to_metadata(sa.MetaData())
    for column in copy.columns:
        if dialect == "mariadb" and isinstance(column.type, sa.Text):
            column.type = mysql.VARCHAR(_length(column.name), charset="utf8mb4", collation="utf8mb4_nopad_bin")
        if dialect == "mariadb" and isinstance(column.type, sa.DateTime):
            column.type = mysql.DATETIME(fsp=6)
        if dialect != "mariadb":
            column.comment = None  # PostgreSQL keeps comments in statements of their own
    if dialect != "mariadb":
        copy.comment = None
    engine: sa.Dialect = mysql.dialect() if dialect == "mariadb" else postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap
    compiled = CreateTable(copy).compile(dialect=engine)
    lines = [line.strip().rstrip(",") for line in str(compiled).strip().splitlines()]
    body = lines[1:-1]
    if table.name in ("dossiers", "agencies"):
        body.append(f"PRIMARY KEY ({_SORTED[table.name][-1]})")
    return "\n".join([lines[0], ",\n".join(f"  {line}" for line in body if line), lines[-1]])


def _length(column: str) -> int:
    """Characters of a text in MariaDB, whose index holds 3,072 bytes in all at four a character."""
    if column.endswith("_id"):
        return 191
    return 100 if column.endswith("_code") else 64 if column in _LISTED else 500


def _clickhouse(table: sa.Table, cluster: str | None, prefix: str) -> list[str]:
    columns = ",\n".join(f"  {column.name} {_type(table, column)}" for column in table.columns)
    body = f"(\n{columns}{_indexes(table)}\n)"
    if cluster is None:
        return [f"CREATE TABLE {prefix}{table.name}\n{body}\nENGINE = MergeTree\n{_order(table)}"]
    on, sharded = f"ON CLUSTER '{cluster}'", table.name == "dossiers"
    local = table.name + (LOCAL if sharded else "")
    path = f"/clickhouse/tables/{'{shard}' if sharded else 'all'}/{{database}}/{local}"
    replica = "{replica}" if sharded else "{shard}-{replica}"
    made = [f"CREATE TABLE {prefix}{local} {on}\n{body}\nENGINE = ReplicatedMergeTree('{path}', '{replica}')\n{_order(table)}"]
    if sharded:
        made.append(
            f"CREATE TABLE {prefix}{table.name} {on} AS {prefix}{local}\n"
            f"ENGINE = Distributed('{cluster}', currentDatabase(), '{local}', cityHash64(dossier_id))"
        )
    return made


def _type(table: sa.Table, column: sa.Column[Any]) -> str:
    name = _TYPES[type(column.type)]
    if column.nullable:
        name = f"Nullable({name})"
    is_key = not column.nullable and column.name == _SORTED.get(table.name, ("",))[-1]
    return f"LowCardinality({name})" if column.name in _LOW_CARDINALITY and not is_key else name


def _indexes(table: sa.Table) -> str:
    if table.name != "dossiers":
        return ""
    return "".join(f",\n  INDEX {name}_range {name} TYPE minmax GRANULARITY 1" for name in _DATED)


def _order(table: sa.Table) -> str:
    key = _SORTED.get(table.name, ())
    order = f"ORDER BY ({', '.join(key)})" if key else "ORDER BY tuple()"
    nullable = "\nSETTINGS allow_nullable_key = 1" if any(table.c[name].nullable for name in key) else ""
    return ("PARTITION BY toYear(received_at)\n" if table.name == "dossiers" else "") + order + nullable
