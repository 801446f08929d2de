"""A filter change at HTTP, page by page, uncached and cached; and the bytes of a first load."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from functools import partial
from typing import Any

from benchmarks.page import request
from benchmarks.rounds import timed
from benchmarks.server import HEADERS, connection, post
from dashboard.pages import PAGES
from dashboard.view.scripts import named
from queries.data import Data


def searches(data: Data) -> Iterator[str]:
    """Addresses that nobody has asked yet: one agency after the other, of one year after the other."""
    for year in ("2026", "2025", "2024"):
        for code in data.catalogue.agencies["agency_code"]:
            yield f"?dv={code}&ky={year}"


def changes(fresh: Iterator[str], rounds: int) -> dict[str, dict[str, float]]:
    """Median milliseconds by page of the answer to a filter change: `uncached` (a filter nobody asked), `cached` (one asked before)."""
    to = connection()
    found: dict[str, dict[str, list[float]]] = {page.path: {"uncached": [], "cached": []} for page in PAGES}
    for _ in range(rounds):
        for path, times in found.items():
            body = request(path, next(fresh))
            times["uncached"].append(timed(partial(post, to, body)))
            for _ in range(2):  # two workers, two stores
                post(to, body)
            times["cached"].append(timed(partial(post, to, body)))
    return {path: {name: statistics.median(values) for name, values in times.items()} for path, times in found.items()}


def first_load(search: str = "") -> dict[str, Any]:
    """Bytes on the way, packed, of everything that the first page of a new reader needs; the first view stands in the page itself."""
    to = connection()

    def size(path: str) -> int:
        to.request("GET", path, headers=HEADERS)
        return len(to.getresponse().read())

    to.request("GET", "/" + search)
    html = to.getresponse().read().decode()
    parts = {path: size(path) for path in ("/" + search, *named(html))}
    return {"requests": len(parts), "kilobytes": sum(parts.values()) / 1024, "largest": dict(sorted(parts.items(), key=lambda part: -part[1])[:3])}
