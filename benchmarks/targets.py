"""The targets, each printed as reached or missed; never a test, because the machine is shared."""

from __future__ import annotations

import itertools
import statistics
from typing import Any


def lines(result: dict[str, Any]) -> list[dict[str, Any]]:
    """One line per target that the run can tell: what, target, found, verdict."""
    found: list[dict[str, Any]] = []

    def add(what: str, target: float, value: float, *, least: bool = False) -> None:
        reached = value >= target if least else value <= target
        found.append({"what": what, "target": f"{'≥' if least else '≤'} {target:g}", "found": float(value), "verdict": "reached" if reached else "MISSED"})

    for measured in result["pages"]:
        millions = f"{measured['rows'] / 1e6:g} million"
        pages = [page for page in measured["pages"].values() if page["statements"]]
        ratios = [page["full_per_nine"] for page in pages]
        add(f"page uncached ÷ nine plain questions, {millions}, median page", 0.5, statistics.median(ratios))
        add(f"page uncached ÷ nine plain questions, {millions}, slowest page", 2.0, max(ratios))
        add(f"page ÷ its own statements, {millions}, median page", 1.5, statistics.median(page["full_per_engine"] for page in pages))
        add(f"page cached, ms in process, {millions}, slowest page", 5.0, max(page["cached"] for page in measured["pages"].values()))
    ordered = sorted(result["pages"], key=lambda one: one["rows"])
    for before, one in itertools.pairwise(ordered):
        grown = [page["full"] / before["pages"][path]["full"] for path, page in one["pages"].items() if page["statements"]]
        what = f"growth {before['rows'] / 1e6:g} → {one['rows'] / 1e6:g} million"
        add(f"{what}, median page", 1.4 if one["rows"] <= 10_000_000 else 1.5, statistics.median(grown))
    served = result.get("served")
    if served:
        single = served["users"][0]["p50"]
        add("200 thinking readers: p99 ÷ median of one reader", 10.0, served["thinking"]["p99"] / single)
        add("errors under load", 0.0, sum(line["errors"] for line in [*served["users"], served["thinking"]]))
        add("MiB of a worker after the load", 200.0, max(served["memory_after"]))
        add("page cached, ms at HTTP, slowest page", 5.0, max(page["cached"] for page in served["changes"].values()))
    if browser := result.get("browser"):
        ratios = browser["ratios"]
        add("first load ÷ stock Dash with the same charts: bytes", 0.15, ratios["bytes"])
        add("first load ÷ stock Dash: first figure at 20 Mbit/s", 0.4, ratios["cold_first, 20 Mbit/s"])
        add("first load ÷ stock Dash: all figures at 20 Mbit/s", 0.4, ratios["cold_all, 20 Mbit/s"])
        add("filter change painted ÷ bare Plotly.react, page seen before", 1.6, ratios["change ours_seen ÷ react"])
        add("filter change painted ÷ bare Plotly.react, page nobody asked", 1.6, ratios["change ours ÷ react"])
    return found
