"""Times of calls, and what is made of them. Ways are timed in interleaved rounds, so that what else the machine does falls on all of them."""

from __future__ import annotations

import time
from collections.abc import Callable


def timed(way: Callable[[], object]) -> float:
    """Milliseconds of one call by the clock on the wall."""
    begin = time.perf_counter()
    way()
    return (time.perf_counter() - begin) * 1000


def worked(way: Callable[[], object]) -> float:
    """Milliseconds of processor time of one call in this process: the same on a machine that others use too."""
    begin = time.process_time()
    way()
    return (time.process_time() - begin) * 1000


def ratio(above: float, below: float) -> float:
    """Above divided by below; nothing measured is infinitely slow."""
    return above / below if below else float("inf")


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
