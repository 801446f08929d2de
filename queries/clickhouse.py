"""ClickHouse over HTTP through clickhouse-connect, an optional requirement: one server, or a cluster behind Distributed tables.

Every statement is sent with readonly = 2 and a time limit, which the server itself keeps. ClickHouse has no time without zone: a column with a zone of its
own is read as the wall time of that zone (the DDL of `queries.schema` says 'UTC', which has no gaps), one without is an instant and becomes Viet Nam time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import TypeCompiler
from typing_extensions import override

from config.language import told
from queries.address import Address
from queries.database import POOL, Database, Kind, by_relation
from queries.errors import AccessRefused, BadRequest, DashboardError, DatabaseUnreachable, QueryFailed
from queries.faults import bad_parameter, bad_value, no_right, not_there, too_slow, translated, unreachable

PACKAGE: Final = "clickhouse_connect"
REQUIREMENTS: Final = "requirements-clickhouse.txt"
CONNECT_SECONDS: Final = 5
# What standard SQL takes for granted and ClickHouse does only when told: NULL where a join finds nothing, for the maximum of no row and out of a cast
# of NULL; a name in WHERE means the column and not the alias; a subquery over a distributed table runs once for all shards.
STANDARD_SQL: Final[Mapping[str, int | str]] = {
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "cast_keep_nullable": 1,
    "prefer_column_name_to_alias": 1,
    "transform_null_in": 0,
    "union_default_mode": "DISTINCT",
    "distributed_product_mode": "global",
    "optimize_rewrite_aggregate_function_with_if": 0,  # on shards it loses a column together with aggregate_functions_null_for_empty (26.9)
}
_WRAPPER: Final = re.compile(r"^(?:LowCardinality|Nullable)\((.*)\)$")
_INTEGER: Final = re.compile(r"^U?Int(8|16|32|64)$")
_ZONED: Final = re.compile(r"^DateTime(64)?\((\d+, )?'[^']+'\)$")

_TOO_SLOW: Final = (159, 160, 209)
_NO_RIGHT: Final = (192, 193, 194, 497, 516)
_NOT_THERE: Final = (46, 47, 60)
_NO_DATABASE: Final = 81
_VALUE: Final = (6, 26, 27, 38, 41, 53, 69, 70, 72, 321, 349, 407)
_SETTING: Final = (115, 452)
_READ_ONLY: Final = 164
_MEMORY: Final = 241
_NODES: Final = (198, 202, 203, 210, 279, 519, 999)


@compiles(sa.Date, "clickhousedb")
def _date(_type: sa.Date, _compiler: TypeCompiler, **_options: Any) -> str:
    """A date as ClickHouse's 32-bit one: its plain Date ends in 2149 and turns what lies outside 1970 to 2149 into another day."""
    return "Date32"


@compiles(sa.DateTime, "clickhousedb")
def _datetime(_type: sa.DateTime, _compiler: TypeCompiler, **_options: Any) -> str:
    return "DateTime64(6, 'UTC')"


class ClickHouse(Database):
    """ClickHouse 23.3 or later through clickhouse-connect. A table that has the contract's columns and types is asked itself, never through a subquery."""

    # A subquery over a Distributed table would bring every row to the node that was asked: only what stands directly on it is computed by the shards.
    asks_tables_directly = True
    casts: Mapping[Kind, str] = {
        "text": "CAST({0} AS Nullable(String))",
        "integer": "CAST({0} AS Nullable(Int64))",
        "float": "CAST({0} AS Nullable(Float64))",
        "boolean": "CAST({0} AS Nullable(Bool))",
        "date": "CAST({0} AS Nullable(Date32))",
        "datetime": "CAST({0} AS Nullable(DateTime64(6, 'UTC')))",
    }
    # toString shows an instant as the wall time of its zone.
    _INSTANT: Final = "CAST(toString(toTimeZone({0}, 'Asia/Ho_Chi_Minh')) AS Nullable(DateTime64(6, 'UTC')))"

    def __init__(self, address: Address, seconds: float) -> None:
        if find_spec(PACKAGE) is None:
            raise not_installed()
        super().__init__(address, seconds)

    @override
    def _engine(self) -> sa.Engine:
        transport = {
            "connect_timeout": CONNECT_SECONDS,
            "send_receive_timeout": self.seconds + CONNECT_SECONDS,
            "autogenerate_session_id": False,  # a session is held by one node and refuses a second statement
            "query_retries": 0,
        }
        settings = {
            **STANDARD_SQL,
            "max_execution_time": self.seconds,
            "readonly": 2,  # reads only, with settings per statement; last, because it may itself not be changed afterwards
        }
        in_process = self.address.url.query.get("interface") == "chdb"  # the engine as a library has no transport
        return sa.create_engine(self.address.url, connect_args=settings if in_process else {**transport, **settings}, **POOL)

    @override
    def native_columns(self, connection: sa.Connection) -> dict[str, set[str]]:
        return by_relation(connection.execute(sa.text("SELECT table, name FROM system.columns WHERE database = currentDatabase()")))

    @override
    def described(self, type_code: object) -> Kind | None:
        name = str(type_code)
        while found := _WRAPPER.match(name):
            name = found.group(1)
        if _INTEGER.match(name):
            return "integer"
        if _ZONED.match(name):
            return "datetime"
        kinds: dict[str, Kind] = {"String": "text", "Bool": "boolean", "Float32": "float", "Float64": "float", "Date": "date", "Date32": "date"}
        return kinds.get(name, "instant" if name.startswith("DateTime") else None)

    @override
    def expression(self, column: str, want: Kind, have: Kind | None) -> str:
        if have == "instant":
            return self.casts[want].format(self._INSTANT.format(column)) if want == "date" else self._INSTANT.format(column)
        return super().expression(column, want, have)

    def batches(self, connection: sa.Connection, select: sa.Select[Any], rows: int) -> Iterator[pd.DataFrame]:
        """The rows of a SELECT as they come, a block of the server at a time (about `rows`), without holding the whole in memory."""
        driver: Any = connection.connection.driver_connection
        sql = str(select.compile(connection.engine, compile_kwargs={"literal_binds": True})).replace("%%", "%")
        names = [column.name for column in select.selected_columns]
        with driver.client.query_column_block_stream(sql, settings={"max_block_size": rows}) as blocks:
            for block in blocks:
                yield pd.DataFrame({name: np.array(values, dtype=object) for name, values in zip(names, block, strict=True)})

    @override
    def fault(self, error: Exception) -> DashboardError:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
        if not type(cause).__module__.startswith(PACKAGE):
            return translated(error, label=self.address.label, seconds=self.seconds)
        return _told(cause, getattr(cause, "code", None), self.address.label, self.seconds)


def _told(cause: BaseException, code: int | None, label: str, seconds: float) -> DashboardError:
    """What an error of clickhouse-connect means, by the server's number; without one the server was not reached."""
    if code in _TOO_SLOW:
        return too_slow(label, seconds)
    if code in _NO_RIGHT:
        return no_right(cause, label)
    if code in _NOT_THERE:
        return not_there(cause, label)
    if code == _NO_DATABASE:
        return unreachable(cause, label, "không có cơ sở dữ liệu mang tên này", "Hãy kiểm tra tên cơ sở dữ liệu trong địa chỉ")
    if code in _VALUE:
        return bad_value(label, str(code))
    if code in _SETTING:
        return _setting(label, code)
    return _told_of_the_cluster(cause, code, label)


def _told_of_the_cluster(cause: BaseException, code: int | None, label: str) -> DashboardError:
    what = str(cause).strip().splitlines()[0]
    if code == _READ_ONLY:
        return AccessRefused(
            f"{label}: {what}",
            sentence=told("{} không cho tài khoản này đặt giới hạn thời gian (readonly = 1). Hãy cấp readonly = 2: vẫn chỉ đọc, nhưng nhận giới hạn.", label),
        )
    if code == _MEMORY:
        return QueryFailed(
            f"{label}: {what}", sentence=told("{} không đủ bộ nhớ cho câu hỏi này. Hãy chọn kỳ ngắn hơn, hoặc nâng max_memory_usage của tài khoản.", label)
        )
    if code in _NODES:
        return DatabaseUnreachable(
            f"{label}: {what}", sentence=told("{} có nút không trả lời nên chưa có số liệu đầy đủ. Hãy kiểm tra các nút của cụm.", label)
        )
    if code is None:
        return unreachable(cause, label) if "readonly" not in what else _setting(label, code)
    return translated(RuntimeError(what), label=label, seconds=0)


def _setting(label: str, code: int | None) -> BadRequest:
    if code is None:
        return BadRequest(
            f"{label}: the account may not change a setting",
            sentence=told(
                "{} không cho tài khoản này đặt giới hạn thời gian. Hãy cấp readonly = 2 thay cho 1, và bỏ tham số lạ sau dấu “?” của địa chỉ.", label
            ),
        )
    return bad_parameter(label)


def not_installed() -> BadRequest:
    """What to install before an address of ClickHouse can be opened."""
    return BadRequest(
        f"{PACKAGE} is not installed",
        sentence=told("Chưa cài thư viện của ClickHouse (clickhouse-connect). Hãy chạy: .venv/bin/python -m pip install -r {}", REQUIREMENTS),
    )
