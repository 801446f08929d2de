"""Many readers at once: pages a second and waiting times, hurried and thinking."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from typing import Final

from benchmarks.page import request
from benchmarks.rounds import percentile
from benchmarks.server import connection, post
from dashboard.pages import PAGES

_QUERIES: Final = ("", "?ky=2026", "?ky=2025", "?ky=2026-Q3", "?cap=commune", "?cap=province", "?ky=2026-10", "?tc=hien-nay")


def at_once(readers: int, seconds: float, think: tuple[float, float] = (0.0, 0.0), *, codes: Sequence[str] = ()) -> dict[str, float]:
    """So many readers for some seconds, each waiting so long between pages. With `codes` each page is of an agency and year nobody may have asked."""
    times: list[float] = []
    until, errors, guard = time.monotonic() + seconds, [0], threading.Lock()

    def read(number: int) -> None:
        chance, to = random.Random(number), connection()
        if think[1]:
            time.sleep(chance.uniform(0, think[1]))
        while time.monotonic() < until:
            search = f"?dv={chance.choice(codes)}&ky={chance.randint(2019, 2026)}" if codes else chance.choice(_QUERIES)
            begin = time.perf_counter()
            body = request(chance.choice(PAGES).path, search)
            try:
                try:
                    post(to, body)
                except ConnectionError:  # the server closes what has been idle for its keepalive; a browser opens anew and the reader sees nothing
                    to = connection()
                    post(to, body)
                with guard:
                    times.append((time.perf_counter() - begin) * 1000)
            except (OSError, RuntimeError):
                with guard:
                    errors[0] += 1
                to = connection()
            time.sleep(chance.uniform(*think))

    threads = [threading.Thread(target=read, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {f"p{int(share * 100)}": percentile(times, share) for share in (0.5, 0.95, 0.99)}
    return {"readers": readers, "pages": len(times), "pages_a_second": len(times) / seconds, "errors": errors[0], **found}
