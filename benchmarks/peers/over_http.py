"""The server alone: a page by HTTP, with nothing kept and seen before; pages a second at ten connections.

A page of ours is one callback. A page of Superset is eight requests for chart data, six at a time as a browser sends them.
Vizro and Streamlit are asked in the browser only: Streamlit speaks by a web socket and has no request that could be repeated.
"""

from __future__ import annotations

import http.client
import itertools
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from benchmarks.page import request
from benchmarks.peers import serving, superset
from benchmarks.peers.questions import EIGHT, YEAR
from benchmarks.rounds import timed

OUR_FOUR: Final = ("/", "/don-vi", "/dia-ban", "/thu-tuc")  # between them all eight questions, and many more
_AT_ONCE: Final = 6
PageOf = Callable[[int, str, bool], object]


class Ours:
    """Pages of the dashboard by one connection."""

    def __init__(self, name: str, paths: tuple[str, ...] = ("/",)) -> None:
        self._name, self._paths, self._to = name, paths, http.client.HTTPConnection("127.0.0.1", serving.PORTS[name], timeout=120)

    def __call__(self, year: int, agency: str, _fresh: bool = False) -> None:
        """Ask; raises RuntimeError for a fault."""
        for path in self._paths:
            search = f"?ky={year}" + (f"&dv={agency}" if agency else "")
            headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, br"}
            status, content = serving.ask(self._to, "POST", "/_dash-update-component", json.dumps(request(path, search)), headers)
            if status != 200:
                raise RuntimeError(f"{self._name}{path}{search}: {status} {content[:200]!r}")


class Superset:
    """Eight requests for chart data, so many at a time."""

    def __init__(self, made: dict[str, Any], at_once: int = _AT_ONCE) -> None:
        self._made, self._pool = made, ThreadPoolExecutor(at_once)
        self._apis = [superset.Api() for _ in range(at_once)]

    def __call__(self, year: int, agency: str, fresh: bool = False) -> None:
        """Ask all eight."""
        waiting = iter(EIGHT)
        guard = threading.Lock()

        def work(api: superset.Api) -> None:
            while True:
                with guard:
                    question = next(waiting, None)
                if question is None:
                    return
                table = self._made["tables"][superset.table_of(question)]
                api.raw("POST", "/api/v1/chart/data", superset.context(question, table, year, agency, fresh=fresh))

        list(self._pool.map(work, self._apis))


def in_turns(pages: dict[str, PageOf], agencies: list[str], rounds: int) -> list[dict[str, Any]]:
    """Median milliseconds: one agency's year nobody asked, the same again, and the same for the whole province (years nobody asked, then asked)."""
    times: dict[str, dict[str, list[float]]] = {name: {} for name in pages}
    asked: Iterator[tuple[int, str]] = itertools.product((YEAR - 1, YEAR - 2), agencies)
    for number in range(rounds):
        year, agency = next(asked)
        for kind, filters in (("one agency", (year, agency)), ("province", (YEAR - 1 - number % 6, ""))):
            for name, page in pages.items():
                found = times[name]
                found.setdefault(f"{kind}, nothing kept", []).append(timed(partial(page, *filters, True)))
                for _ in range(2):  # two workers, two stores
                    page(*filters, False)
                found.setdefault(f"{kind}, seen before", []).append(timed(partial(page, *filters, False)))
    return [{"page": name} | {kind: statistics.median(values) for kind, values in found.items()} for name, found in times.items()]


def a_second(make: Callable[[], PageOf], agencies: list[str], seconds: float, *, fresh: bool, readers: int = 10) -> dict[str, float]:
    """Pages a second of so many hurried readers: the same few filters, or one nobody asked each time."""
    until, counts, errors = 0.0, [0] * readers, [0]
    filters = itertools.cycle([(year, agency) for year in (YEAR, YEAR - 1) for agency in ("", *agencies[:5])])
    never = itertools.product((YEAR - 3, YEAR - 4, YEAR - 5, YEAR - 6), agencies)
    guard = threading.Lock()
    pages = [make() for _ in range(readers)]
    if not fresh:
        for _ in range(2):
            for year, agency in itertools.islice(filters, 12):
                pages[0](year, agency, False)
    until = time.monotonic() + seconds

    def read(place: int) -> None:
        while time.monotonic() < until:
            with guard:
                year, agency = next(never) if fresh else next(filters)
            try:
                pages[place](year, agency, fresh)
                counts[place] += 1
            except (OSError, RuntimeError, http.client.HTTPException):
                errors[0] += 1

    begin = time.monotonic()
    threads = [threading.Thread(target=read, args=(place,)) for place in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"pages": sum(counts), "pages_a_second": sum(counts) / (time.monotonic() - begin), "errors": errors[0]}
