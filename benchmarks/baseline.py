"""Our overview beside stock Dash on the same file, in one process and in turns: processor time of a page with nothing kept, and its bytes."""

from __future__ import annotations

import gzip
import statistics
import sys
from typing import Any, Final

from benchmarks import data
from benchmarks.page import Bench, checked
from benchmarks.report import plain_table
from benchmarks.rounds import ratio, worked

_STOCK: Final[dict[str, Any]] = {
    "output": "page.children",
    "outputs": {"id": "page", "property": "children"},
    "inputs": [{"id": "url", "property": "search", "value": ""}],
    "changedPropIds": ["url.search"],
}


def measure(rows: int, rounds: int = 5) -> list[dict[str, Any]]:
    """One row per way: milliseconds and kilobytes of a page. DuckDB opens a file once a process, so stock Dash reads a copy of its own."""
    from benchmarks.peers.stock_dash import create_app

    copy = data.FOLDER / f"bench-{rows}-stock.duckdb"
    if not copy.exists():
        copy.write_bytes(data.database(rows).read_bytes())
    ours, stock = Bench(rows), create_app(copy).server.test_client()

    def stock_page() -> bytes:
        return checked(stock.post("/_dash-update-component", json=_STOCK))

    bodies = {"stock Dash, plotly.express": stock_page(), "ours, nothing kept": ours.full("/"), "ours, seen before": gzip.decompress(ours.cached("/"))}
    ways = {"stock Dash, plotly.express": stock_page, "ours, nothing kept": lambda: ours.full("/"), "ours, seen before": lambda: ours.cached("/")}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(worked(way))
    found = {name: statistics.median(values) for name, values in times.items()}
    first = found["stock Dash, plotly.express"]
    return [{"way": name, "ms": value, "stock ÷ it": ratio(first, value), "kB": len(bodies[name]) / 1024} for name, value in found.items()]


if __name__ == "__main__":
    print(plain_table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_500_000)))
