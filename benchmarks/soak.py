"""A soak: readers who open pages and files with pauses between, for minutes; latency, errors and memory over time.

    python benchmarks/soak.py --users 50 --minutes 30 --json var/soak.json
    python benchmarks/soak.py --users 50 --minutes 30 --without-renewal
    python benchmarks/soak.py --users 20 --minutes 3 --database duckdb:////srv/hoso.duckdb --port 8197

A server of its own is started with the shipped settings. A reader thinks 3 to 7 seconds between two pages; two pages of three are among those that many open
and are kept, one is of an agency and a year that hardly anybody has asked; one request in twenty takes a file.

Printed every half minute: requests, errors, median, 95th and 99th percentile in milliseconds, and of all workers together the proportional (PSS) and the
private memory in MiB. At the end the slope of both over the second half, by least squares.
Leaves with 1 when an answer failed, or when the second half grew by more than a tenth of itself; a worker that was renewed meanwhile is named.
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
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FILES = ("overview.totals.csv", "agencies.volumes.csv", "agencies.volumes.xlsx", "trang/overview.pdf", "trang/overview.pptx", "trang/agencies.xlsx")
PERIODS = ("", "ky=2026", "ky=2026-Q3", "ky=2025", "ky=2026-H1", "ky=2026-08", "ky=2025-Q4", "tu=2026-01-10&den=2026-09-20")
VIEWS = ("", "", "ht=post", "cap=commune", "ss=ky-truoc")
THINK_SECONDS = (3.0, 7.0)
FILE_SHARE = 0.05
RARE_SHARE = 1 / 3
YEARS = (2019, 2026)
GROWTH = 0.10
LOOK_SECONDS = 10
PRINT_LOOKS = 3


@dataclass
class Tally:
    """What was asked since the last look."""

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


@dataclass(frozen=True)
class Look:
    """Memory at a moment: MiB of all workers, and by worker."""

    second: float
    pss: float
    private: float
    workers: dict[int, float]


@dataclass(frozen=True)
class Result:
    """What a soak found: milliseconds, MiB, MiB a minute."""

    users: int
    minutes: float
    requests: int
    errors: dict[str, int]
    p50: float
    p95: float
    p99: float
    pss_slope: float
    private_slope: float
    growth: float
    is_flat: bool
    renewed: int
    looks: list[Look]


def declared(base: str) -> dict[str, object]:
    """The callback of pages, as the browser is told of it."""
    with urllib.request.urlopen(f"{base}/_dash-dependencies", timeout=60) as answer:
        return next(one for one in json.load(answer) if one["output"].startswith("..page.children"))


def query(chance: random.Random, codes: Sequence[str]) -> str:
    """What a reader filters by: mostly what many ask, now and then an agency and a year of their own."""
    if chance.random() < RARE_SHARE:
        return f"dv={chance.choice(codes)}&ky={chance.randint(*YEARS)}"
    return "&".join(part for part in (chance.choice(PERIODS), chance.choice(VIEWS)) if part)


def reader(number: int, base: str, codes: Sequence[str], tally: Tally, stop: threading.Event) -> None:
    """One reader, known by a number: opens pages, filters, now and then takes a file, and thinks."""
    from dashboard.pages import PAGES
    from tests.evil import body_of

    callback, paths = declared(base), [page.path for page in PAGES]
    chance = random.Random(number)
    stop.wait(chance.uniform(0, THINK_SECONDS[1]))
    while not stop.is_set():
        if chance.random() < FILE_SHARE:
            request = urllib.request.Request(f"{base}/tai-ve/{chance.choice(FILES)}?{query(chance, codes)}")
        else:
            body = body_of(callback, {"pathname": chance.choice(paths), "search": f"?{query(chance, codes)}"}, "url.search")
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
        stop.wait(chance.uniform(*THINK_SECONDS))


def look(server: int, second: float) -> Look:
    """Proportional and private MiB of the workers, as the kernel tells them."""
    pss, private, workers = 0.0, 0.0, {}
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        try:
            lines = Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()[1:]
        except (FileNotFoundError, ProcessLookupError):
            continue  # just renewed
        kilobytes = {name: int(value.split()[0]) for name, value in (line.split(":") for line in lines)}
        own = (kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]) / 1024
        pss, private, workers[int(child)] = pss + kilobytes["Pss"] / 1024, private + own, round(own, 1)
    return Look(round(second, 1), round(pss, 1), round(private, 1), workers)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """What a value grows in a minute, by least squares; 0 for fewer than two points."""
    if len(points) < 2:
        return 0.0
    return statistics.linear_regression([second / 60 for second, _ in points], [value for _, value in points]).slope


def percentile(took: Sequence[float], of: float) -> float:
    """A percentile in milliseconds."""
    return round(1000 * sorted(took)[min(len(took) - 1, int(len(took) * of))], 1) if took else 0.0


def start(port: int, database: str, state: str, *, renewal: bool) -> subprocess.Popen[bytes]:
    """A server of our own, when it answers; without renewal its workers stay, so that their memory is seen to level off."""
    environment = os.environ | {"DASHBOARD_DATABASE_URL": database, "DASHBOARD_STATE_FOLDER": state, "DASHBOARD_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "dashboard.wsgi:server"]
    command += [] if renewal else ["--max-requests", "0"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(480):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return server
        except OSError:
            time.sleep(0.25)
    server.terminate()
    raise SystemExit("the server did not start")


def measure(base: str, server: int, codes: Sequence[str], users: int, minutes: float) -> tuple[list[Look], list[float], list[str]]:
    """Run the readers; memory at each look, how long every answer took in seconds, and every error."""
    tally, stop = Tally(), threading.Event()
    readers = [threading.Thread(target=reader, args=(number, base, codes, tally, stop), daemon=True) for number in range(users)]
    for one in readers:
        one.start()
    looks: list[Look] = []
    took: list[float] = []
    errors: list[str] = []
    since = 0
    began = time.monotonic()
    print(f"{'minute':>6} {'requests':>8} {'errors':>6} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'PSS':>6} {'private':>7}  MiB; by worker", flush=True)
    for number in range(1, max(2, round(minutes * 60 / LOOK_SECONDS)) + 1):
        time.sleep(max(0.0, began + LOOK_SECONDS * number - time.monotonic()))
        answered, failed = tally.take()
        looks.append(look(server, time.monotonic() - began))
        took += answered
        errors += failed
        if number % PRINT_LOOKS == 0:
            print(_line(looks[-1], took[since:], failed), flush=True)
            since = len(took)
    stop.set()
    for one in readers:
        one.join(1)
    return looks, took, errors


def _line(at: Look, took: Sequence[float], failed: Sequence[str]) -> str:
    quantiles = " ".join(f"{percentile(took, of):8.0f}" for of in (0.5, 0.95, 0.99))
    workers = ", ".join(f"{process}: {size:.0f}" for process, size in at.workers.items())
    return f"{at.second / 60:6.1f} {len(took):8} {len(failed):6} {quantiles} {at.pss:6.0f} {at.private:7.0f}  {workers}"


def judged(users: int, minutes: float, looks: list[Look], took: Sequence[float], errors: Sequence[str]) -> Result:
    """The result; memory is flat when the line through the second half rises by no more than a tenth of its median."""
    second = looks[len(looks) // 2 :]
    private = slope([(one.second, one.private) for one in second])
    growth = private * (second[-1].second - second[0].second) / 60 / max(statistics.median(one.private for one in second), 1.0)
    processes = {process for one in looks for process in one.workers}
    return Result(
        users=users,
        minutes=minutes,
        requests=len(took),
        errors={error: errors.count(error) for error in sorted(set(errors))},
        p50=percentile(took, 0.5),
        p95=percentile(took, 0.95),
        p99=percentile(took, 0.99),
        pss_slope=round(slope([(one.second, one.pss) for one in second]), 2),
        private_slope=round(private, 2),
        growth=round(growth, 4),
        is_flat=growth <= GROWTH,
        renewed=len(processes) - len(looks[-1].workers),
        looks=looks,
    )


def codes_of(database: str) -> list[str]:
    """The codes of the agencies, for questions that few ask."""
    from queries.data import open_data

    data = open_data(database)
    codes = [str(code) for code in data.catalogue.agencies["agency_code"]]
    data.close()
    return codes


def options() -> argparse.Namespace:
    """What the command line says."""
    found = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--users", type=int, default=50)
    found.add_argument("--minutes", type=float, default=30)
    found.add_argument("--port", type=int, default=8197)
    found.add_argument("--database", default=f"duckdb:///{ROOT / 'var' / 'demo.duckdb'}")
    found.add_argument("--without-renewal", action="store_true", help="keep the workers that started, whatever they have answered")
    found.add_argument("--json", type=Path, help="the file of the result")
    return found.parse_args()


def main() -> int:
    """The command line."""
    given = options()
    codes = codes_of(given.database)
    with tempfile.TemporaryDirectory(prefix="soak-") as state:
        server = start(given.port, given.database, state, renewal=not given.without_renewal)
        try:
            found = judged(given.users, given.minutes, *measure(f"http://127.0.0.1:{given.port}", server.pid, codes, given.users, given.minutes))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
    for error, times in found.errors.items():
        print(f"{times} × {error}")
    first, last, largest = found.looks[0].private, found.looks[-1].private, max(one.private for one in found.looks)
    print(
        f"{found.requests} requests, p50 {found.p50:.0f}, p95 {found.p95:.0f}, p99 {found.p99:.0f} ms; errors {sum(found.errors.values())}; "
        f"workers renewed {found.renewed}; private memory first {first:.0f}, largest {largest:.0f}, last {last:.0f} MiB; second half "
        f"{found.private_slope:+.2f} MiB a minute (PSS {found.pss_slope:+.2f}), {found.growth:+.1%} in all: {'flat' if found.is_flat else 'GROWING'}"
    )
    if given.json is not None:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    return 0 if found.is_flat and not found.errors else 1


if __name__ == "__main__":
    sys.exit(main())
