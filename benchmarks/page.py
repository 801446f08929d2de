"""Where the time of a page goes, in one process: engine, query layer, folding, drawing, JSON; and the page as a whole.

A filter change with nothing kept is `full`; with the answers kept and the page not, `drawn`; with the page kept, `cached`. Times are processor time:
DuckDB works for the dashboard in the asking thread, and what else a shared machine does is not counted.
"""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest import mock

import dash._callback as callback_of_dash
from flask.testing import FlaskClient

from benchmarks import data
from benchmarks.engine import Raw, Statement, recorded
from benchmarks.rounds import ratio, worked
from dashboard.app import create_app
from dashboard.ops import Feed
from dashboard.pages import PAGES
from dashboard.view import Look
from queries.data import open_data
from queries.source import Source

OUTPUTS: Final = ("page.children", "notices.children", "navigation.children", "data-date.children")


def request(path: str, search: str = "") -> dict[str, Any]:
    """What the browser sends when an address opens."""
    outputs = [dict(zip(("id", "property"), name.split("."), strict=True)) for name in OUTPUTS]
    inputs = [{"id": "url", "property": name, "value": value} for name, value in (("pathname", path), ("search", search))]
    return {"output": f"..{'...'.join(OUTPUTS)}..", "outputs": outputs, "inputs": inputs, "changedPropIds": ["url.search"], "state": []}


class Bench:
    """One open database, and the application over it once without and once with its store of finished pages."""

    def __init__(self, rows: int) -> None:
        self.data = open_data(data.url(rows))
        feed = Feed(lambda: self.data, check_seconds=1e9)
        self.raw = Raw(self.engine)
        self._drawing: FlaskClient = create_app(feed, Look(), page_bytes=0).server.test_client()
        self._keeping: FlaskClient = create_app(feed, Look()).server.test_client()

    @property
    def engine(self) -> Any:  # noqa: ANN401 - SQLAlchemy's
        """The engine behind the data."""
        return self.data.source.database.engine

    def full(self, path: str) -> bytes:
        """The page with nothing kept."""
        self.data.answers.kept.clear()
        return self.drawn(path)

    def drawn(self, path: str) -> bytes:
        """The page with its answers kept."""
        return checked(self._drawing.post("/_dash-update-component", json=request(path)))

    def cached(self, path: str) -> bytes:
        """The page as kept, packed."""
        return checked(self._keeping.post("/_dash-update-component", json=request(path), headers={"Accept-Encoding": "gzip"}))


def checked(answer: Any) -> bytes:  # noqa: ANN401 - werkzeug's
    """The bytes of an answer; raises RuntimeError for a fault, so that no fault is timed as a quick page."""
    body = bytes(answer.get_data())
    if answer.status_code != 200 or b"notice--error" in body:
        raise RuntimeError(f"{answer.status_code}: the page failed")
    return body


@contextmanager
def _clocked(owner: Any, name: str) -> Iterator[list[float]]:  # noqa: ANN401 - whatever has the function
    """Milliseconds of every call of a function meanwhile."""
    plain: Callable[..., Any] = getattr(owner, name)
    times: list[float] = []

    def clocked(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - stands for the function
        begin = time.process_time()
        try:
            return plain(*args, **options)
        finally:
            times.append((time.process_time() - begin) * 1000)

    with mock.patch.object(owner, name, clocked):
        yield times


def measure(rows: int, rounds: int) -> dict[str, Any]:
    """Medians by page path, and of the nine plain questions; one round asks every page once in every way."""
    bench = Bench(rows)
    statements: dict[str, list[Statement]] = {}
    bodies: dict[str, bytes] = {}
    for page in PAGES:  # warms the code, and tells the statements
        bench.full(page.path)
        with recorded(bench.engine) as found:
            bodies[page.path] = bench.full(page.path)
        statements[page.path] = found
        bench.cached(page.path)
    seen: dict[str, dict[str, list[float]]] = {page.path: {} for page in PAGES}
    nine: list[float] = []
    for _ in range(rounds):
        for path, times in seen.items():
            nine.append(worked(bench.raw.nine))
            for name, value in _once(bench, path, statements[path]).items():
                times.setdefault(name, []).append(value)
    bench.data.source.close()
    plain = statistics.median(nine)
    pages = {path: _summary(times, statements[path], bodies[path], plain) for path, times in seen.items()}
    return {"rows": rows, "rounds": rounds, "nine_ms": plain, "pages": pages}


def _once(bench: Bench, path: str, statements: list[Statement]) -> dict[str, float]:
    """One page in every way, in milliseconds."""
    found = {"engine": worked(lambda: bench.raw.run(statements))}
    with _clocked(Source, "frame") as sql, _clocked(callback_of_dash, "to_json") as json:
        found["full"] = worked(lambda: bench.full(path))
    found |= {"query": sum(sql), "json": sum(json)}
    found["drawn"] = worked(lambda: bench.drawn(path))
    found["cached"] = worked(lambda: bench.cached(path))
    found["fold"] = max(found["full"] - found["query"] - found["drawn"], 0.0)
    found["figure"] = found["drawn"] - found["json"]
    return found


def _summary(times: dict[str, list[float]], statements: list[Statement], body: bytes, nine: float) -> dict[str, float]:
    found: dict[str, float] = {name: statistics.median(values) for name, values in times.items()}
    return found | {
        "statements": len(statements),
        "kilobytes": len(body) / 1024,
        "packed_kilobytes": len(gzip.compress(body, 6)) / 1024,
        "full_per_nine": ratio(found["full"], nine),
        "full_per_engine": ratio(found["full"], found["engine"]),
    }
