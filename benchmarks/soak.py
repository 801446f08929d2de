"""A soak: readers who open pages and files with pauses between, for minutes; memory and latency over time.

    python benchmarks/soak.py --users 50 --minutes 30
    python benchmarks/soak.py --users 20 --minutes 3 --database duckdb:////srv/hoso.duckdb --port 8197

A server of its own is started with the shipped settings. Printed twice a minute: requests, errors, median, 95th and 99th percentile in milliseconds,
memory of each worker in MiB.
Leaves with 1 when an answer failed, or when memory in the last third is more than a tenth above that of the middle third.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FILES = ("overview.totals.csv", "agencies.volumes.csv", "agencies.volumes.xlsx", "trang/overview.pdf", "trang/overview.pptx", "trang/agencies.xlsx")
PERIODS = ("", "ky=2026", "ky=2026-Q3", "ky=2025", "ky=2026-H1", "ky=2026-08", "ky=2025-Q4", "tu=2026-01-10&den=2026-09-20")
PAUSE_SECONDS = (2.0, 8.0)
FILE_SHARE = 0.05
GROWTH = 1.10


@dataclass
class Tally:
    """What was asked in one minute."""

    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, seconds: float, error: str = "") -> None:
        """Note one answer."""
        with self.lock:
            self.took.append(seconds)
            if error:
                self.errors.append(error)

    def take(self) -> tuple[list[float], list[str]]:
        """What was noted since the last time."""
        with self.lock:
            taken = self.took, self.errors
            self.took, self.errors = [], []
            return taken


def declared(base: str) -> dict[str, object]:
    """The callback of pages, as the browser is told of it."""
    with urllib.request.urlopen(f"{base}/_dash-dependencies", timeout=60) as answer:
        return next(one for one in json.load(answer) if one["output"].startswith("..page.children"))


def reader(base: str, callback: dict[str, object], tally: Tally, stop: threading.Event, number: int) -> None:
    """One reader: opens pages, filters, now and then takes a file, and thinks."""
    from dashboard.pages import PAGES
    from tests.evil import body_of

    paths = [page.path for page in PAGES]
    chance = random.Random(number)
    stop.wait(chance.uniform(0, PAUSE_SECONDS[1]))
    while not stop.is_set():
        query = "&".join(part for part in (chance.choice(PERIODS), chance.choice(("", "", "ht=post", "cap=commune", "ss=ky-truoc"))) if part)
        if chance.random() < FILE_SHARE:
            request = urllib.request.Request(f"{base}/tai-ve/{chance.choice(FILES)}?{query}")
        else:
            body = body_of(callback, {"pathname": chance.choice(paths), "search": f"?{query}"}, "url.search")
            request = urllib.request.Request(f"{base}/_dash-update-component", json.dumps(body).encode(), {"Content-Type": "application/json"})
        began, error = time.monotonic(), ""
        try:
            with urllib.request.urlopen(request, timeout=150) as answer:
                if b"notice--error" in answer.read():
                    error = "a card failed"
        except urllib.error.HTTPError as fault:
            error = f"{fault.code} {fault.read(120)!r}"
        except OSError as fault:
            error = type(fault).__name__
        tally.add(time.monotonic() - began, error)
        stop.wait(chance.uniform(*PAUSE_SECONDS))


def memory(server: int) -> dict[int, float]:
    """Resident MiB by worker."""
    found = {}
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        try:
            found[int(child)] = int(Path(f"/proc/{child}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        except (FileNotFoundError, IndexError):
            continue  # just renewed
    return found


def is_flat(totals: Sequence[float]) -> bool:
    """Whether memory of the last third is within a tenth of the middle third; short runs are judged by nothing."""
    third = len(totals) // 3
    return third < 2 or statistics.median(totals[-third:]) <= GROWTH * statistics.median(totals[third:-third])


def percentile(took: Sequence[float], of: float) -> float:
    """A percentile in milliseconds."""
    return 1000 * sorted(took)[min(len(took) - 1, int(len(took) * of))] if took else 0.0


def start(port: int, database: str, state: str) -> subprocess.Popen[bytes]:
    """A server of our own, when it answers."""
    environment = os.environ | {"DASHBOARD_DATABASE_URL": database, "DASHBOARD_STATE_FOLDER": state, "DASHBOARD_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "dashboard.wsgi:server"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return server
        except OSError:
            time.sleep(0.25)
    server.terminate()
    raise SystemExit("the server did not start")


def measure(base: str, server: int, users: int, minutes: float) -> tuple[list[float], list[str]]:
    """Run the readers; memory in all at each look, and every error."""
    tally, stop, callback = Tally(), threading.Event(), declared(base)
    readers = [threading.Thread(target=reader, args=(base, callback, tally, stop, number), daemon=True) for number in range(users)]
    for one in readers:
        one.start()
    totals: list[float] = []
    errors: list[str] = []
    began = time.monotonic()
    print(f"{'minute':>6} {'requests':>8} {'errors':>6} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}  MiB by worker", flush=True)
    looks = max(1, round(minutes * 2))
    for look in range(1, looks + 1):
        time.sleep(max(0.0, began + 30 * look - time.monotonic()))
        took, failed = tally.take()
        held = memory(server)
        totals.append(sum(held.values()))
        errors += failed
        shown = ", ".join(f"{pid}: {size:.0f}" for pid, size in held.items())
        print(
            f"{look / 2:6.1f} {len(took):8} {len(failed):6} {percentile(took, 0.5):8.0f} {percentile(took, 0.95):8.0f} {percentile(took, 0.99):8.0f}  {shown}",
            flush=True,
        )
    stop.set()
    for one in readers:
        one.join(1)
    return totals, errors


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--users", type=int, default=50)
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--port", type=int, default=8197)
    options.add_argument("--database", default=f"duckdb:///{ROOT / 'var' / 'demo.duckdb'}")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as state:
        server = start(given.port, given.database, state)
        try:
            totals, errors = measure(f"http://127.0.0.1:{given.port}", server.pid, given.users, given.minutes)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
    for error in sorted(set(errors)):
        print(f"{errors.count(error)} × {error}")
    flat = is_flat(totals)
    print(f"memory in all: first {totals[0]:.0f}, largest {max(totals):.0f}, last {totals[-1]:.0f} MiB; {'flat' if flat else 'GROWING'}; errors {len(errors)}")
    return 0 if flat and not errors else 1


if __name__ == "__main__":
    sys.exit(main())
