"""Where the dossier database is: the URL a person typed, understood once and shown without its password."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import sqlalchemy as sa

from queries.errors import BadRequest

Engine = Literal["duckdb", "postgresql", "mysql", "clickhouse"]

FORMS: Final = (
    "duckdb:///tệp.duckdb",
    "duckdb:// (kèm thư mục tệp dữ liệu)",
    "postgresql://tài-khoản@máy-chủ:5432/cơ-sở-dữ-liệu",
    "mysql:// hoặc mariadb://tài-khoản@máy-chủ:3306/cơ-sở-dữ-liệu",
    "clickhousedb://tài-khoản@máy-chủ:8123/cơ-sở-dữ-liệu",
    "đường dẫn một tệp .duckdb",
)
_ENGINES: Final[dict[str, Engine]] = {
    "duckdb": "duckdb",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "postgresql+psycopg": "postgresql",
    "mysql": "mysql",
    "mysql+pymysql": "mysql",
    "mariadb": "mysql",
    "mariadb+pymysql": "mysql",
    "clickhousedb": "clickhouse",
    "clickhousedb+connect": "clickhouse",
    "clickhouse": "clickhouse",
}
_DRIVERS: Final[dict[Engine, str]] = {"duckdb": "duckdb", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "clickhouse": "clickhousedb"}
_NAMES: Final[dict[Engine, str]] = {"duckdb": "DuckDB", "postgresql": "PostgreSQL", "mysql": "MariaDB/MySQL", "clickhouse": "ClickHouse"}
_MEMORY: Final = ("", ":memory:")


@dataclass(frozen=True)
class Address:
    """A database to open. `path` is the DuckDB file, None for a server or for DuckDB in memory."""

    engine: Engine
    url: sa.URL
    path: Path | None = None

    @property
    def in_memory(self) -> bool:
        """Whether it is a DuckDB database in memory, to be filled from files."""
        return self.engine == "duckdb" and self.path is None

    @property
    def label(self) -> str:
        """What a reader may see of it: neither account nor password."""
        if self.engine == "duckdb":
            return f"DuckDB {self.path}" if self.path else "DuckDB trong bộ nhớ"
        port = f":{self.url.port}" if self.url.port else ""
        host = self.url.host or self.url.query.get("host") or self.url.query.get("unix_socket") or "localhost"
        return f"{_NAMES[self.engine]} {host}{port}/{self.url.database or ''}"


def parse_address(text: str) -> Address:
    """The address a URL or the path of a .duckdb file means.

    Raises BadRequest, with the accepted forms and without the text itself, which may hold a password.
    """
    text = text.strip()
    if "://" not in text:
        if text and (Path(text).suffix == ".duckdb" or Path(text).is_file()):
            return Address("duckdb", sa.URL.create("duckdb", database=text), Path(text))
        raise _refused("no scheme and not a .duckdb file", "Địa chỉ cơ sở dữ liệu không có dạng hiểu được.")
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise _refused("cannot be parsed", "Địa chỉ cơ sở dữ liệu viết sai dạng.") from None
    engine = _ENGINES.get(url.drivername)
    if engine is None:
        raise _refused(f"engine {url.drivername} is not supported", f"Loại cơ sở dữ liệu “{url.drivername}” chưa được hỗ trợ.")
    return _duckdb(url) if engine == "duckdb" else _server(engine, url)


def _duckdb(url: sa.URL) -> Address:
    if url.query or url.host or url.username:
        raise _refused("a DuckDB URL has a path and nothing else", "Địa chỉ DuckDB chỉ gồm đường dẫn tệp, không có máy chủ hay tham số.")
    database = url.database or ""
    return Address("duckdb", sa.URL.create("duckdb", database=database), None if database in _MEMORY else Path(database))


def _server(engine: Engine, url: sa.URL) -> Address:
    if not url.database:
        raise _refused("the URL names no database", "Địa chỉ cơ sở dữ liệu thiếu tên cơ sở dữ liệu sau dấu “/”.")
    return Address(engine, url.set(drivername=_DRIVERS[engine]))


def _refused(reason: str, found: str) -> BadRequest:
    return BadRequest(f"database URL: {reason}", sentence=f"{found} Dạng dùng được: {'; '.join(FORMS)}.")
