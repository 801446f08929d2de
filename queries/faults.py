"""What a database driver says, told as one of our errors: a log line without values, a sentence without SQL or password."""

from __future__ import annotations

import re
from typing import Final

import duckdb
import psycopg
import pymysql
import sqlalchemy as sa

from config.language import told
from queries.errors import AccessRefused, BadRequest, DashboardError, DatabaseUnreachable, QueryFailed, QueryTooSlow, SourceRefused

DRIVER_ERRORS: Final = (sa.exc.SQLAlchemyError, duckdb.Error, psycopg.Error, pymysql.MySQLError)

_PG_TOO_SLOW: Final = ("57014",)
_PG_NO_RIGHT: Final = ("42501", "28000", "28P01")
_PG_NOT_THERE: Final = ("42P01", "42703", "42883", "3F000", "42P10")
_PG_SYNTAX: Final = ("42601",)
_MY_TOO_SLOW: Final = (1969, 3024, 1317)
_MY_NO_RIGHT: Final = (1044, 1045, 1142, 1143, 1698, 1227)
_MY_NOT_THERE: Final = (1054, 1146, 1305, 1356, 1630)
_MY_SYNTAX: Final = (1064, 1060, 1248)
_MY_VALUE: Final = (1292, 1366, 1411)
_CH_SYNTAX: Final = 62
_MY_UNREACHABLE: Final = (1040, 1049, 1129, 1130, 1203, 1226, 2002, 2003, 2005, 2006, 2013, 2055)
_REFUSED_WORDS: Final = ("password", "authentication", "role ", "pg_hba", "permission denied", "not permitted to log in")
_NAME: Final = re.compile(r"(?:with name|named|table|relation|column|function|Table|Column)\s+[\"'“«]?([\w.]+)[\"'”»]?", re.IGNORECASE)
_QUOTED: Final = re.compile(r"[\"'“«]([\w.]+)[\"'”»]")


def translated(error: Exception, *, label: str, seconds: float) -> DashboardError:
    """The error of ours that says what a driver's error means. `label` names the database for the reader."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
    if isinstance(cause, sa.exc.TimeoutError):
        return DatabaseUnreachable(f"{label}: no free connection", sentence=told("{} đang bận, chưa có kết nối trống. Hãy thử lại sau ít phút.", label))
    if isinstance(cause, duckdb.Error):
        return _from_duckdb(cause, label, seconds)
    if isinstance(cause, psycopg.Error):
        return _from_postgresql(cause, label, seconds)
    if isinstance(cause, pymysql.MySQLError):
        return _from_mysql(cause, label, seconds)
    return _failed(cause, label)


def missing_name(error: BaseException) -> str | None:
    """The table or column that a driver's message names as not found."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
    text = _first_line(cause)
    found = _QUOTED.search(text) or _NAME.search(text)
    return found.group(1) if found else None


def _text(cause: BaseException) -> str:
    if isinstance(cause, pymysql.MySQLError) and len(cause.args) > 1:
        return str(cause.args[1])
    return str(cause)


def _first_line(cause: BaseException) -> str:
    lines = _text(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


def too_slow(label: str, seconds: float) -> QueryTooSlow:
    """A statement that was stopped at the time limit."""
    return QueryTooSlow(
        f"{label}: statement stopped after {seconds:g} s",
        sentence=told("Câu hỏi chạy quá {:g} giây nên đã dừng. Hãy chọn kỳ ngắn hơn hoặc ít đơn vị hơn rồi thử lại.", seconds),
    )


def no_right(cause: BaseException, label: str) -> AccessRefused:
    """An account that is wrong or may not read."""
    return AccessRefused(
        f"{label}: {_first_line(cause)}",
        sentence=told("{} từ chối tài khoản: sai mật khẩu hoặc chưa được cấp quyền đọc. Hãy kiểm tra tài khoản, mật khẩu và quyền SELECT.", label),
    )


def unreachable(cause: BaseException, label: str, what: str = "không trả lời", todo: str = "Hãy kiểm tra địa chỉ, cổng và máy chủ") -> DatabaseUnreachable:
    """A database that cannot be reached; `what` and `todo` say how and what to do."""
    return DatabaseUnreachable(f"{label}: {_first_line(cause)}", sentence=told("{} {}. {} rồi thử lại.", label, what, todo))


def not_there(cause: BaseException, label: str) -> SourceRefused:
    """A table or column that the source needs and the database lacks."""
    name = missing_name(cause)
    what = f"“{name}”" if name else "một bảng hoặc cột"
    return SourceRefused(
        f"{label}: {_first_line(cause)}",
        sentence=told("{} không có {} mà nguồn dữ liệu cần. Hãy kiểm tra nguồn đã chọn có đúng với cơ sở dữ liệu này không.", label, what),
    )


def bad_value(label: str, kind: str) -> QueryFailed:
    """A value that cannot become the contract's type; the value itself is not repeated."""
    return QueryFailed(
        f"{label}: a value cannot be read as the type of its column ({kind})",
        sentence=told("{} có giá trị không đổi được sang kiểu dữ liệu của hợp đồng. Hãy sửa dữ liệu hoặc câu SELECT của nguồn.", label),
    )


def _failed(cause: BaseException, label: str) -> QueryFailed:
    return QueryFailed(
        f"{label}: {type(cause).__name__}: {_first_line(cause)}", sentence=told("{} báo lỗi khi trả lời. Hãy thử lại; nếu vẫn lỗi, báo người quản trị.", label)
    )


def _from_duckdb(cause: duckdb.Error, label: str, seconds: float) -> DashboardError:
    if isinstance(cause, duckdb.InterruptException):
        return too_slow(label, seconds)
    if isinstance(cause, duckdb.ConversionException | duckdb.OutOfRangeException):
        return bad_value(label, type(cause).__name__)
    if isinstance(cause, duckdb.CatalogException | duckdb.BinderException):
        return not_there(cause, label)
    text = str(cause).lower()
    if "could not set lock" in text or "conflicting lock" in text:
        return unreachable(cause, label, "đang được một chương trình khác ghi", "Hãy đợi ghi xong")
    if isinstance(cause, duckdb.PermissionException) or "permission denied" in text:
        return no_right(cause, label)
    if isinstance(cause, duckdb.IOException | duckdb.SerializationException | duckdb.ConnectionException):
        return unreachable(cause, label, "không mở được: tệp hỏng, không phải tệp DuckDB hoặc do phiên bản khác tạo ra", "Hãy kiểm tra tệp")
    return _failed(cause, label)


def _from_postgresql(cause: psycopg.Error, label: str, seconds: float) -> DashboardError:
    state = cause.sqlstate or ""
    if state in _PG_TOO_SLOW:
        return too_slow(label, seconds)
    if state in _PG_NO_RIGHT:
        return no_right(cause, label)
    if state in _PG_NOT_THERE:
        return not_there(cause, label)
    if state.startswith("22"):
        return bad_value(label, state)
    if not state and isinstance(cause, psycopg.ProgrammingError):
        return bad_parameter(label)
    return _from_postgresql_connecting(cause, label) if isinstance(cause, psycopg.OperationalError) else _failed(cause, label)


def _from_postgresql_connecting(cause: psycopg.OperationalError, label: str) -> DashboardError:
    """The connection itself failed: there is no code, only words that tell why."""
    text = str(cause)
    if any(word in text for word in _REFUSED_WORDS):
        return no_right(cause, label)
    if "database" in text and "does not exist" in text:
        return unreachable(cause, label, "không có cơ sở dữ liệu mang tên này", "Hãy kiểm tra tên cơ sở dữ liệu trong địa chỉ")
    return unreachable(cause, label)


def _from_mysql(cause: pymysql.MySQLError, label: str, seconds: float) -> DashboardError:
    code = cause.args[0] if cause.args and isinstance(cause.args[0], int) else 0
    if code in _MY_TOO_SLOW:
        return too_slow(label, seconds)
    if code in _MY_NO_RIGHT:
        return no_right(cause, label)
    if code in _MY_NOT_THERE:
        return not_there(cause, label)
    if code in _MY_VALUE:
        return bad_value(label, str(code))
    if code == 1049:
        return unreachable(cause, label, "không có cơ sở dữ liệu mang tên này", "Hãy kiểm tra tên cơ sở dữ liệu trong địa chỉ")
    if code in _MY_UNREACHABLE:
        return unreachable(cause, label)
    return _failed(cause, label)


def bad_parameter(label: str) -> BadRequest:
    """A URL parameter that the driver does not know."""
    return BadRequest(
        f"{label}: the URL has a parameter the driver does not know",
        sentence="Địa chỉ cơ sở dữ liệu có tham số không hiểu được sau dấu “?”. Hãy bỏ tham số đó.",
    )


def is_syntax_error(error: Exception) -> bool:
    """Whether the database could not parse the statement."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
    if isinstance(cause, psycopg.Error):
        return cause.sqlstate in _PG_SYNTAX
    if isinstance(cause, pymysql.MySQLError):
        return bool(cause.args) and cause.args[0] in _MY_SYNTAX
    return isinstance(cause, duckdb.ParserException) or getattr(cause, "code", None) == _CH_SYNTAX
