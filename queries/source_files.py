"""Exports and SELECTs over files, loaded once into DuckDB in memory with the contract's types."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime
from glob import escape
from typing import Final
from zipfile import BadZipFile

import duckdb
import pandas as pd
import sqlalchemy as sa

from config.language import told
from queries import contract
from queries.database import kind_of
from queries.embedded import DuckDB
from queries.errors import SourceRefused
from queries.faults import is_syntax_error, missing_name
from queries.source_folder import SourceFile, check_columns

_DELIMITERS: Final = (",", ";", "\t", "|")
_SHEET: Final = "sheet"
_LINE: Final = re.compile(r"Line: (\d+)")
_TYPE_WORDS: Final = {
    "text": "chữ",
    "integer": "số nguyên",
    "float": "số",
    "boolean": "đúng/sai (true, false)",
    "date": "ngày (năm-tháng-ngày)",
    "datetime": "thời điểm (năm-tháng-ngày giờ:phút:giây)",
}


def load(database: DuckDB, sources: Mapping[str, SourceFile]) -> None:
    """Make one table per file, cast to the contract's types, then close the database to files.

    Raises SourceRefused naming file, relation and column.
    """
    for table in contract.RELATIONS:
        if table.name in sources:
            _load_one(database, table, sources[table.name])
    database.seal()


def _load_one(database: DuckDB, table: sa.Table, source: SourceFile) -> None:
    where = told("Tệp {}", source.label)
    try:
        select = source.select or _export_select(database, source)
        _, columns = database.rows(f"SELECT * FROM ({select}\n) AS raw LIMIT 0")  # noqa: S608 - the SELECT is the source itself
        check_columns(table, [name for name, _ in columns], where, strict=True)
        types = dict(columns)
        expressions = {
            column.name: database.expression(database.quoted(column.name), kind_of(column.type), database.described(types[column.name]))
            for column in table.columns
            if column.name in types
        }
        made = ", ".join(f"{sql} AS {database.quoted(name)}" for name, sql in expressions.items())
        try:
            database.fill([f"CREATE TABLE {table.name} AS SELECT {made} FROM ({select}\n) AS raw"])  # noqa: S608 - names are the contract's
        except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
            raise _unreadable_value(database, table, source, select, expressions) or error from error
    except duckdb.Error as error:
        raise _refused(error, table, source) from error
    finally:
        database.forget(_SHEET)


def _unreadable_value(database: DuckDB, table: sa.Table, source: SourceFile, select: str, expressions: Mapping[str, str]) -> SourceRefused | None:
    """The first column with a value that cannot be cast, with how many and where the first is; the value itself is not repeated."""
    for name, sql in expressions.items():
        cast, plain = sql.replace("CAST(", "TRY_CAST("), database.quoted(name)
        if cast == plain:
            continue
        statement = (
            f"SELECT count(*), min(number) FROM (SELECT *, row_number() OVER () AS number FROM ({select}\n) AS raw) AS numbered"  # noqa: S608 - as above
            f" WHERE ({cast}) IS NULL AND {plain} IS NOT NULL"
        )
        (count, first), *_ = database.rows(statement)[0]
        if count:
            kind = _TYPE_WORDS[kind_of(table.c[name].type)]
            return SourceRefused(
                f"{source.path}: {count} values of {table.name}.{name} cannot be cast, the first in row {first}",
                sentence=told(
                    "Tệp {}: {} giá trị của cột “{}” (bảng {}) không đổi được sang kiểu {}, gặp lần đầu ở dòng dữ liệu thứ {}. Hãy sửa tệp rồi chạy lại.",
                    source.label,
                    count,
                    name,
                    table.name,
                    kind,
                    first,
                ),
            )
    return None


def _refused(error: duckdb.Error, table: sa.Table, source: SourceFile) -> SourceRefused:
    """Without the driver's words after the first line: they repeat the row."""
    message = str(error).strip().splitlines()[0]
    line = _LINE.search(str(error))
    if is_syntax_error(error):
        what = "câu SELECT viết sai cú pháp"
    elif line:
        what = told("dòng {} có số cột khác dòng tiêu đề hoặc không đọc được", line.group(1))
    elif isinstance(error, duckdb.IOException):
        what = "không đọc được tệp dữ liệu mà câu SELECT nêu tên, hoặc tệp hỏng"
    else:
        name = missing_name(error)
        what = told("không có “{}”", name) if name else "không đọc được"
    return SourceRefused(
        f"{source.path} ({table.name}): {message}", sentence=told("Tệp {} (bảng {}): {}. Hãy sửa tệp rồi chạy lại.", source.label, table.name, what)
    )


def _export_select(database: DuckDB, source: SourceFile) -> str:
    path = _text(escape(str(source.path.resolve())))
    if source.path.suffix.lower() == ".parquet":
        return f"SELECT * FROM read_parquet({path})"  # noqa: S608 - a quoted path
    if source.path.suffix.lower() == ".xlsx":
        name = _SHEET
        database.register(name, _sheet(source))
        return f"SELECT * FROM {name}"  # noqa: S608 - our own name
    header, delimiter = _header(source)
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in header)
    options = f"auto_detect = false, header = true, delim = {_text(delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}}"
    return f"SELECT * FROM read_csv({path}, {options})"  # noqa: S608 - a quoted path


def _header(source: SourceFile) -> tuple[list[str], str]:
    """Column names and delimiter of a CSV file, from its first line: all columns are read as text, so that codes keep their zeros."""
    try:
        with source.path.open(encoding="utf-8-sig", newline="") as lines:
            first = lines.readline()
    except UnicodeDecodeError:
        raise _bad_file(source, "tệp không ở dạng UTF-8; hãy lưu lại dưới dạng CSV UTF-8") from None
    delimiter = max(_DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    return _distinct(header, source), delimiter


def _distinct(header: list[str], source: SourceFile) -> list[str]:
    if not any(header):
        raise _bad_file(source, "tệp trống, không có dòng tiêu đề")
    doubled = [name for name in header if header.count(name) > 1]
    if doubled:
        raise _bad_file(source, told("cột “{}” xuất hiện hơn một lần", doubled[0]))
    return header


def _sheet(source: SourceFile) -> pd.DataFrame:
    """The first sheet of a workbook as text. DuckDB's own reader of Excel is an extension to be downloaded, so it is not used."""
    import openpyxl  # reads two hundred modules: only who loads a workbook has them in memory
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(source.path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, OSError, KeyError, ValueError):
        raise _bad_file(source, "không phải tệp Excel .xlsx đọc được") from None
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        header = _distinct([_cell(value) or "" for value in next(rows, ())], source)
        values = [[_cell(value) for value in row] for row in rows if any(value is not None for value in row)]
    finally:
        book.close()
    return pd.DataFrame(values, columns=pd.Index(header), dtype=object)


def _cell(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _bad_file(source: SourceFile, what: str) -> SourceRefused:
    return SourceRefused(f"{source.path}: {what}", sentence=told("Tệp {} (bảng {}): {}.", source.label, source.relation, what))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
