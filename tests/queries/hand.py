"""Provinces small enough to count on the fingers: a few dossiers as dicts, everything else filled in.

`province(tmp_path, [received("2026-03-02", "post"), returned("2026-03-05", agency_code="HTD")])` writes a DuckDB file and opens it. A relation given as
None is not in the database; `without=("dossiers.postal_fee",)` leaves a column out. The date of the data is 30 June 2026 unless `as_of` says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import sqlalchemy as sa

from queries import contract
from queries.counting import Rules
from queries.data import Data, Question, read_data
from queries.extract.writing import TYPES
from queries.filters import Filters
from queries.measure import Measure, denominator, numerator
from queries.metrics import BY_KEY, DISTINCT
from queries.source import open_source
from queries.volumes import Totals

Row = Mapping[str, Any]
Rows = Sequence[Row] | None

AGENCIES: Final[Rows] = (
    {"agency_code": "STP", "agency_name": "Sở Tư pháp"},
    {"agency_code": "STTTT", "agency_name": "Sở Thông tin và Truyền thông", "valid_to": "2025-02-28"},
    {"agency_code": "SKHCN-CU", "agency_name": "Sở Khoa học và Công nghệ (cũ)", "valid_to": "2025-02-28"},
    {"agency_code": "SKHCN", "agency_name": "Sở Khoa học và Công nghệ", "valid_from": "2025-03-01"},
    {"agency_code": "HTD", "agency_name": "UBND huyện Tam Đường", "level": "district", "valid_to": "2025-06-30"},
    {"agency_code": "X-BL", "agency_name": "UBND xã Bình Lư", "level": "commune", "valid_from": "2025-07-01"},
    {"agency_code": "X-LL", "agency_name": "UBND xã Lê Lợi", "level": "commune", "valid_from": "2025-07-01"},
)
AREAS: Final[Rows] = (
    {"area_code": "12", "area_name": "Tỉnh Lai Châu", "level": "province", "parent_code": None},
    {"area_code": "106", "area_name": "Huyện Tam Đường", "level": "district", "valid_to": "2025-06-30"},
    {"area_code": "108", "area_name": "Huyện Sìn Hồ", "level": "district", "valid_to": "2025-06-30"},
    {"area_code": "03390", "area_name": "Thị trấn Tam Đường", "parent_code": "106", "valid_to": "2025-06-30"},
    {"area_code": "03405", "area_name": "Xã Sơn Bình", "parent_code": "106", "valid_to": "2025-06-30"},
    {"area_code": "03487", "area_name": "Xã Chăn Nưa", "parent_code": "108", "valid_to": "2025-06-30"},
    {"area_code": "03390", "area_name": "Xã Bình Lư", "valid_from": "2025-07-01", "population": 2000},
    {"area_code": "03487", "area_name": "Xã Lê Lợi", "valid_from": "2025-07-01", "population": 500},
    {"area_code": "03999", "area_name": "Xã chỉ có mã mới", "valid_from": "2025-07-01"},
)
SUCCESSIONS: Final[Rows] = (
    {"kind": "agency", "predecessor_code": "STTTT", "successor_code": "SKHCN", "effective_on": "2025-03-01"},
    {"kind": "agency", "predecessor_code": "SKHCN-CU", "successor_code": "SKHCN", "effective_on": "2025-03-01"},
    {"kind": "agency", "predecessor_code": "HTD", "successor_code": "X-BL"},
    {"kind": "agency", "predecessor_code": "HTD", "successor_code": "X-LL"},
    {"kind": "area", "predecessor_code": "03390", "successor_code": "03390"},
    {"kind": "area", "predecessor_code": "03405", "successor_code": "03390"},
    {"kind": "area", "predecessor_code": "03487", "successor_code": "03487"},
    {"kind": "area", "predecessor_code": "106", "successor_code": "03390"},
    {"kind": "area", "predecessor_code": "106", "successor_code": "03487"},
)
PROCEDURES: Final[Rows] = (
    {"procedure_code": "1.01", "procedure_name": "Đăng ký khai sinh", "sector_code": "HT", "sector_name": "Hộ tịch"},
    {"procedure_code": "1.02", "procedure_name": "Đăng ký kết hôn", "sector_code": "HT", "sector_name": "Hộ tịch"},
    {"procedure_code": "2.01", "procedure_name": "Cấp giấy phép xây dựng", "sector_code": "XD", "sector_name": "Xây dựng"},
    {"procedure_code": "9.01", "procedure_name": "Thủ tục chưa có lĩnh vực"},
)
_DEFAULTS: Final[dict[str, Row]] = {
    "dossiers": {"agency_code": "STP", "procedure_code": "1.01", "received_channel": "counter", "status": 4},
    "agencies": {"level": "province"},
    "areas": {"level": "commune", "parent_code": "12"},
    "successions": {"effective_on": "2025-07-01"},
    "postal_incidents": {"agency_code": "STP", "kind": "lost"},
}


def received(on: str, channel: str | None = "counter", **more: Any) -> dict[str, Any]:
    """A dossier received on a day through a channel and still being worked on."""
    return {"received_at": on, "received_channel": channel, **more}


def completed(on: str, due: str | None = None, **more: Any) -> dict[str, Any]:
    """A dossier with a result on a day, which was due on another, not handed over yet."""
    return {"received_at": on[:10], "completed_at": on, "due_at": due, "status": 9, **more}


def returned(on: str, channel: str | None = "counter", **more: Any) -> dict[str, Any]:
    """A dossier whose result was handed over on a day through a channel, received on the same day at the counter."""
    return {"received_at": on[:10], "completed_at": on, "returned_at": on, "returned_channel": channel, "status": 10, **more}


def province(
    folder: Path,
    dossiers: Sequence[Row],
    *,
    agencies: Rows = AGENCIES,
    areas: Rows = AREAS,
    procedures: Rows = PROCEDURES,
    listings: Rows = None,
    successions: Rows = SUCCESSIONS,
    incidents: Rows = None,
    coverage: Rows = None,
    as_of: str | None = "2026-06-30",
    without: Sequence[str] = (),
    rules: Rules = Rules(),
) -> Data:
    """The province of these rows, opened like any database. `folder` gets the file; call it as often as needed."""
    rows: dict[str, Rows] = {
        "dossiers": [{"dossier_id": f"D-{number}", **dossier} for number, dossier in enumerate(dossiers)],
        "agencies": agencies,
        "areas": areas,
        "procedures": procedures,
        "agency_procedures": listings,
        "successions": successions,
        "postal_incidents": None if incidents is None else [{"incident_id": f"S-{number}", **row} for number, row in enumerate(incidents)],
        "coverage": coverage,
        "load_info": None if as_of is None else [{"as_of": as_of, "source_name": "Bộ đếm trên đầu ngón tay"}],
    }
    path = folder / f"hand-{sum(1 for _ in folder.iterdir())}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        for name, found in rows.items():
            if found is not None:
                _write(connection, contract.METADATA.tables[name], found, without)
        connection.commit()
    return read_data(open_source(f"duckdb:///{path}"), rules)


def _write(connection: duckdb.DuckDBPyConnection, table: sa.Table, rows: Sequence[Row], without: Sequence[str]) -> None:
    columns = [column for column in table.columns if f"{table.name}.{column.name}" not in without]
    connection.execute(f"CREATE TABLE {table.name} ({', '.join(f'{column.name} {TYPES[type(column.type)]}' for column in columns)})")
    whole = [{**_DEFAULTS.get(table.name, {}), **row} for row in rows]
    unknown = {name for row in whole for name in row} - {column.name for column in table.columns}
    if unknown:
        raise KeyError(f"{table.name} has no column {', '.join(sorted(unknown))}")
    if whole:
        marks = f"({', '.join('?' for _ in columns)})"
        cells = [row.get(column.name) for row in whole for column in columns]
        connection.execute(f"INSERT INTO {table.name} VALUES {', '.join(marks for _ in whole)}", cells)


def ask(data: Data, question: Question, query: str = "") -> pd.DataFrame:
    """The frame of a question for an address."""
    return data.ask(question, Filters.from_query(query))


def total(data: Data, key: str, query: str = "ky=2026") -> tuple[float | None, float | None, float | None]:
    """Value, numerator and denominator of a metric; None where missing."""
    metric = BY_KEY[key]
    if metric in DISTINCT:
        rows = ask(data, Totals(), query)
        cells = rows.loc[rows["key"] == key, ["value", "numerator", "denominator"]]
    else:
        above = numerator(metric) if metric.denominator else key
        cells = ask(data, Measure((metric,)), query).reindex(columns=[key, above, denominator(metric)])
    value, above_value, below = (None if found is None else float(found) for found in cells.astype("object").where(cells.notna(), None).to_numpy()[0])
    return value, above_value, below


def value(data: Data, key: str, query: str = "ky=2026") -> float | None:
    """The value of a metric; None where missing."""
    return total(data, key, query)[0]
