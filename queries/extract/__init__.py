"""An extract: a copy of a source's contract columns in a DuckDB file made for reading, published as a new version while readers stay on the old one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from queries import contract
from queries.data import read_data
from queries.database import Batch
from queries.errors import ExtractRefused
from queries.extract.changed import FORMAT, INFO, Earlier, columns_of, earlier, kept_condition, source_label, wanted
from queries.extract.months import Months, differing, months_of, total
from queries.extract.rolling import add_rollups
from queries.extract.versions import Versions
from queries.extract.writing import Writer
from queries.period import month_label
from queries.source import Source, open_source

KEEP: Final = 3
SLOWEST_SECONDS: Final = 6 * 3600.0  # a copy with a low rate takes hours; a statement of the dashboard never does
_BATCH_ROWS: Final = 100_000
_LEAST_BATCH: Final = 1_000
_ORDERS: Final = {"dossiers": ("received_at",)}
_Kept = tuple[date, Earlier] | None


@dataclass(frozen=True)
class Step:
    """How far a refresh is: rows of a relation copied so far, of so many (None: not known beforehand)."""

    relation: str
    rows: int
    of: int | None = None


@dataclass(frozen=True)
class Refreshed:
    """What a refresh made. `read` is how many dossiers came from the source, the others from the version before."""

    version: Path
    dossiers: int
    read: int
    seconds: float
    removed: int


@dataclass
class _Pace:
    """Rows copied, held to a rate (rows a second; None: as fast as it goes)."""

    rate: int | None
    rows: int = 0
    began: float = 0.0

    @property
    def batch(self) -> int:
        """Rows to take at a time: about a second's worth, so that the source never waits long for its reader."""
        return _BATCH_ROWS if self.rate is None else max(_LEAST_BATCH, min(self.rate, _BATCH_ROWS))

    def wait(self, rows: int) -> None:
        self.began = self.began or time.monotonic()
        self.rows += rows
        if self.rate is not None:
            time.sleep(max(0.0, self.began + self.rows / self.rate - time.monotonic()))


def refresh(
    url: str,
    name: str,
    to: Path,
    *,
    at: datetime,
    since: date | None = None,
    keep: int = KEEP,
    rate: int | None = None,
    progress: Callable[[Step], None] = lambda _: None,
) -> Refreshed:
    """Copy a source into a new version and turn the pointer `to` to it. `at` names the version.

    One snapshot of the source is read, one pass over its rows besides one count by month, against which the copy is checked. `since` reads only the
    dossiers received from that day on and every month of receipt whose sums have changed; the rest comes from the version before.
    Raises ExtractRefused, and the errors of `open_source` and `Source.frame`; nothing that is served has changed then.
    """
    began = time.monotonic()
    versions = Versions(to)
    with versions.making() as folder:
        with open_source(url, name, timeout_seconds=SLOWEST_SECONDS) as source, Writer(folder) as writer:
            before = None if since is None else earlier(versions.current(), contract.DOSSIERS, source)
            kept = None if since is None or before is None else (since, before)
            months, read = _copy(source, writer, kept, _Pace(rate), progress)
            progress(Step("extract", 0))
            _finish(writer, source, at)
        _check(writer.path, months, closely=since is not None)
        version = versions.publish(writer.path, at)
        return Refreshed(version, total(months), read, time.monotonic() - began, versions.prune(keep))


def _copy(source: Source, writer: Writer, kept: _Kept, pace: _Pace, progress: Callable[[Step], None]) -> tuple[Months, int]:
    """Every relation as it is in one snapshot of the source; the source's own sums by month, and the dossiers that were read."""
    read = 0
    with source.database.snapshot() as connection, ThreadPoolExecutor(1, thread_name_prefix="writer") as behind:
        months = months_of(connection, source.relation("dossiers"), closely=kept is not None)
        for table in contract.RELATIONS:
            if not source.has(table.name):
                continue
            columns = columns_of(source, table)
            writer.begin(table, columns)
            relation, is_dossiers = source.relation(table.name), table is contract.DOSSIERS
            select = sa.select(*(relation.c[column] for column in columns))
            if is_dossiers and kept is not None:
                select = select.where(_keep(writer, months, *kept, relation))
            rows = 0
            progress(Step(table.name, rows, total(months) if is_dossiers else None))
            for added in _written(behind, writer, table, columns, source.database.batches(connection, select, pace.batch)):
                rows += added
                progress(Step(table.name, rows, total(months) if is_dossiers else None))
                pace.wait(added)
            read += rows if is_dossiers else 0
    return months, read


def _written(behind: ThreadPoolExecutor, writer: Writer, table: sa.Table, columns: Sequence[str], batches: Iterable[Batch]) -> Iterator[int]:
    """Rows of each batch once it is written; the next one is read from the source meanwhile."""
    written: Future[int] | None = None
    for batch in batches:
        if written is not None:
            yield written.result()
        written = behind.submit(writer.add, table, columns, batch)
    if written is not None:
        yield written.result()


def _keep(writer: Writer, months: Months, since: date, before: Earlier, d: sa.FromClause) -> sa.ColumnElement[bool]:
    """Take over what has not changed; the condition of what is to be read."""
    changed = differing(months, before.months)
    writer.keep_from(before.path, contract.DOSSIERS, before.columns, kept_condition(since, changed))
    return wanted(d.c.received_at, since, changed)


def _finish(writer: Writer, source: Source, at: datetime) -> None:
    for table in contract.RELATIONS:
        if source.has(table.name):
            writer.finish(table, _ORDERS.get(table.name, ()))
    add_rollups(writer.run, columns_of(source, contract.DOSSIERS), has_areas=source.has("areas"))
    writer.run(f"CREATE TABLE {INFO} (format INTEGER, source VARCHAR, made_at TIMESTAMP)")
    writer.run(f"INSERT INTO {INFO} VALUES (?, ?, ?)", (FORMAT, source_label(source), at))
    writer.run("CHECKPOINT")  # closing would do it too, and say nothing when the disk is full


def _check(path: Path, months: Months, *, closely: bool) -> None:
    """Open the file as the dashboard will, and compare it with the source month by month. Raises ExtractRefused."""
    with open_source(str(path), timeout_seconds=SLOWEST_SECONDS) as made:
        read_data(made)
        with made.database.connection() as connection:
            found = months_of(connection, made.relation("dossiers"), closely=closely)
    wrong = differing(months, found)
    if wrong:
        first = "không có ngày tiếp nhận" if wrong[0] is None else f"tháng {month_label(wrong[0])}"
        raise ExtractRefused(
            f"{len(wrong)} months differ between source and copy, the first is {wrong[0]}",
            sentence=f"Bản chép khác nguồn ở {len(wrong)} tháng tiếp nhận (đầu tiên: {first}) nên không được dùng. "
            "Nguồn có thể đã đổi trong lúc chép; hãy chạy lại lúc ít cập nhật.",
        )
