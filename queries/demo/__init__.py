"""The demo province: made-up dossiers over the real agencies, areas and procedures of Lai Châu, marked “dữ liệu minh họa” throughout."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter
from typing import Final

import duckdb
import pandas as pd
import sqlalchemy as sa
from duckdb_sqlalchemy import Dialect

from queries import contract
from queries.demo import days, demand, facts, faults, offers, stories
from queries.demo.dossiers import fill, last_workday_needed, spans
from queries.errors import BadRequest
from queries.extract.rolling import add_rollups

SOURCE_NAME: Final = "Dữ liệu minh họa (không phải số liệu thật)"
FEWEST: Final = 150_000
EARLIEST: Final = days.PUBLISHED[-1].last
LATEST: Final = days.LAST_DAY


@dataclass(frozen=True)
class SeedResult:
    """What was written: the file, its number of dossiers and the seconds it took."""

    path: Path
    dossiers: int
    seconds: float


def seed(
    out: Path,
    *,
    dossiers: int = 1_500_000,
    as_of: date = date(2026, 10, 31),
    seed: int = 1,
    rollups: bool = False,
    progress: Callable[[str], None] | None = None,
) -> SeedResult:
    """A DuckDB file with the ten relations of the contract, filled with illustrative dossiers received from 2017-01-01 to `as_of`.

    The same arguments give the same rows. Received by post in 2018 and in the first half of 2019 are the published figures, whatever the size and seed.
    The file is written beside `out` and then put in its place, with the roll-ups of an extract where `rollups` says so: then nobody may change its
    dossiers afterwards. `progress` gets a Vietnamese sentence now and then.
    Raises BadRequest when the province would be too small for the published figures, `as_of` lies outside the known calendar, or the file cannot be written.
    """
    _refuse(dossiers, as_of)
    say = progress or (lambda _: None)
    started = perf_counter()
    with _written(Path(out)) as draft, duckdb.connect(str(draft)) as connection:
        connection.execute("SET enable_progress_bar = false")
        _create(connection)
        _fill(connection, dossiers, as_of, seed, say)
        if rollups:
            add_rollups(connection.execute, tuple(contract.DOSSIERS.columns.keys()), has_areas=True)
    return SeedResult(Path(out), dossiers, perf_counter() - started)


def _refuse(dossiers: int, as_of: date) -> None:
    if dossiers < FEWEST:
        raise BadRequest(
            f"{dossiers} dossiers are too few for the published figures; at least {FEWEST} are needed",
            sentence=f"Cần ít nhất {_number(FEWEST)} hồ sơ để số liệu minh họa khớp với số đã công bố năm 2018 và 6 tháng đầu năm 2019; "
            f"đã yêu cầu {_number(dossiers)}. Hãy tăng số hồ sơ.",
        )
    if not EARLIEST <= as_of <= LATEST:
        raise BadRequest(
            f"as_of {as_of} is outside {EARLIEST}..{LATEST}",
            sentence=f"Ngày số liệu phải từ {EARLIEST:%d/%m/%Y} đến {LATEST:%d/%m/%Y}; đã yêu cầu {as_of:%d/%m/%Y}. Hãy chọn ngày khác.",
        )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


@contextmanager
def _written(out: Path) -> Iterator[Path]:
    """A draft beside `out` that takes its place when the block ends well and disappears when it does not."""
    draft = out.with_name(f".{out.name}.{os.getpid()}.draft")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        yield draft
        draft.replace(out)
    except (OSError, duckdb.IOException) as fault:
        raise BadRequest(
            f"cannot write {out}: {fault}", sentence=f"Không ghi được tệp {out}. Hãy kiểm tra thư mục, quyền ghi và dung lượng đĩa rồi chạy lại."
        ) from fault
    finally:
        draft.unlink(missing_ok=True)


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    """The empty relations, with the contract's meanings as comments."""
    dialect = Dialect()
    for table in contract.RELATIONS:
        comments = (sa.schema.SetColumnComment(column) for column in table.columns)
        statements: tuple[sa.schema.ExecutableDDLElement, ...] = (sa.schema.CreateTable(table), sa.schema.SetTableComment(table), *comments)
        for statement in statements:
            connection.execute(str(statement.compile(dialect=dialect)))


def _fill(connection: duckdb.DuckDBPyConnection, dossiers: int, as_of: date, seed: int, progress: Callable[[str], None]) -> None:
    known = facts.read()
    procedures = offers.procedures(known)
    held = list(offers.holdings(known, procedures))
    offered = demand.offers(known, held)
    calendar = days.days(dossiers, as_of)
    catalogue: dict[str, list[facts.Record]] = {
        "agencies": facts.agencies(known),
        "areas": facts.areas(known),
        "successions": facts.successions(known),
        "procedures": offers.catalogue(procedures),
        "agency_procedures": offers.postal_list(held),
        "service_points": stories.service_points(known),
        "postal_incidents": stories.incidents(known, as_of),
        "coverage": stories.coverage(known, as_of),
        "load_info": [{"as_of": as_of, "loaded_at": datetime.combine(as_of, time(23, 59)), "source_name": SOURCE_NAME}],
    }
    for name, rows in catalogue.items():
        if rows:
            _take(connection, pd.DataFrame(rows, dtype=object), f"INSERT INTO {name} BY NAME SELECT * FROM given")
    working = {
        "days": calendar,
        "spans": spans(),
        "workdays": days.workdays(last_workday_needed(as_of, int(offered["processing_days"].max()))),
        "offers": offered,
        "offer_slots": demand.offer_slots(offered),
        "area_slots": demand.area_slots(known),
    }
    for name, frame in working.items():
        _take(connection, frame, f"CREATE TEMP TABLE {name} AS SELECT * FROM given")
    fill(connection, calendar, as_of, _offset(seed), progress)
    faults.plant(connection, as_of)


def _take(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame, statement: str) -> None:
    connection.register("given", frame)
    connection.execute(statement)
    connection.unregister("given")


def _offset(seed: int) -> int:
    """Where the draws of one seed begin: far from those of any other."""
    return int.from_bytes(hashlib.blake2b(str(seed).encode(), digest_size=7).digest())
