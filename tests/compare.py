"""Asks two dossier databases every card of every page and counts the frames that differ: python -m tests.compare FILE_OR_URL FILE_OR_URL."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import pandas as pd

from dashboard.pages import ADDRESSES, answer
from queries.data import open_data
from queries.errors import DashboardError

QUERIES = ("", "ky=2025", "ky=2025&tc=hien-nay&lich=bao-cao", "ky=2026&ht=post,-", "tu=2024-03-05&den=2024-09-17&cap=commune")
OWN = ("data.state",)  # says which engine answers


def differing(urls: Sequence[str]) -> list[str]:
    """Card and filters of every frame that is not equal, or that one of the databases could not give."""
    first, second = (open_data(url, timeout_seconds=120) for url in urls)
    found = []
    for query in QUERIES:
        for address in ADDRESSES:
            if address in OWN:
                continue
            started = time.perf_counter()
            try:
                expected = answer(address, first, query)
                between = time.perf_counter()
                pd.testing.assert_frame_equal(expected, answer(address, second, query))
                print(f"{address:45} {query:45} {between - started:8.3f} s {time.perf_counter() - between:8.3f} s")
            except (AssertionError, DashboardError) as error:
                found.append(f"{address} {query}")
                print(f"{address:45} {query:45} KHÁC: {str(error).splitlines()[0]}")
    return found


if __name__ == "__main__":
    different = differing(sys.argv[1:3])
    print(f"Số thẻ có số liệu khác nhau: {len(different)}")
    sys.exit(1 if different else 0)
