"""A refresh measured: seconds and peak memory, and what readers of the pages feel before, while and after a new version comes.

    python benchmarks/refresh.py --from postgresql://… [--from mariadb://…] [--source native] [--readers 4] [--port 8110] [--out result.json]

For each source: a first refresh alone; then the dashboard is served from it, readers ask pages with ever other filters, and a second refresh runs meanwhile.
The figures of a shared machine are read as ratios: latency while a refresh runs against before and after.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
PATHS: Final = ("/", "/don-vi", "/thu-tuc", "/dia-ban", "/chua-tra-qua-buu-chinh", "/bien-dong")
FAULT: Final = "mã sự cố".encode()
FAULT_ESCAPED: Final = json.dumps("mã sự cố").strip('"').encode()


@dataclass
class Readers:
    """Threads that ask pages one after another and keep (phase, seconds, whether it failed)."""

    port: int
    count: int
    phase: str = "before"
    found: list[tuple[str, float, bool]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask until what is inside is done."""
        threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(self.count)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopped.set()
            for thread in threads:
                thread.join()

    def _ask(self, number: int) -> None:
        draw = random.Random(number)
        body = page_body(self.port)
        while not self.stopped.is_set():
            start = date(2018, 1, 1) + timedelta(days=draw.randrange(2_900))
            query = f"?tu={start}&den={start + timedelta(days=draw.randrange(30, 400))}"
            phase, began = self.phase, time.perf_counter()
            status, answer = post(self.port, body(draw.choice(PATHS), query))
            self.found.append((phase, time.perf_counter() - began, status != 200 or FAULT in answer or FAULT_ESCAPED in answer))

    def table(self) -> dict[str, dict[str, float]]:
        """Requests, errors and latencies in ms by phase."""
        return {phase: _summary([one for one in self.found if one[0] == phase]) for phase in ("before", "while", "after")}


def _summary(found: list[tuple[str, float, bool]]) -> dict[str, float]:
    times = sorted(seconds * 1000 for _, seconds, _ in found) or [float("nan")]
    return {
        "requests": len(found),
        "errors": sum(failed for *_, failed in found),
        "p50": round(statistics.median(times), 1),
        "p95": round(times[int(len(times) * 0.95)], 1) if len(times) > 1 else times[0],
        "max": round(times[-1], 1),
    }


def page_body(port: int) -> Callable[[str, str], dict[str, Any]]:
    """What a browser sends when an address opens, by path and query."""
    _, listed = get(port, "/_dash-dependencies")
    callback = next(one for one in json.loads(listed) if one["output"].startswith("..page.children"))
    outputs = [dict(zip(("id", "property"), output.rsplit(".", 1), strict=True)) for output in callback["output"].strip(".").split("...")]

    def body(path: str, search: str) -> dict[str, Any]:
        values = {"pathname": path, "search": search}
        inputs = [{**one, "value": values[one["property"]]} for one in callback["inputs"]]
        return {"output": callback["output"], "outputs": outputs, "inputs": inputs, "changedPropIds": ["url.pathname"]}

    return body


def get(port: int, path: str) -> tuple[int, bytes]:
    """One GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def post(port: int, body: dict[str, Any]) -> tuple[int, bytes]:
    """One callback; status 0 where no answer comes."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("POST", "/_dash-update-component", json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""


@dataclass
class Refresh:
    """One refresh in a process of its own: seconds of the whole command, the highest resident memory, and its user and system seconds."""

    seconds: float
    peak_mib: float
    cpu_seconds: float
    said: str


def refresh(url: str, source: str, to: Path) -> Refresh:
    """Run it and wait for it. Raises RuntimeError when it fails."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "dashboard", "refresh", "--from", url, "--source", source, "--to", str(to)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode()
    if process.returncode:
        raise RuntimeError(text)
    return Refresh(round(time.perf_counter() - began, 1), round(usage.ru_maxrss / 1024), round(usage.ru_utime + usage.ru_stime, 1), text.splitlines()[-1])


@contextmanager
def served(database: Path, port: int) -> Iterator[None]:
    """The dashboard over an extract."""
    environment = os.environ | {"DASHBOARD_DATABASE_URL": f"duckdb:///{database}"}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "-b", f"127.0.0.1:{port}", "dashboard.wsgi:server"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                if get(port, "/healthz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(30)


def versions_served(port: int) -> set[str]:
    """The versions that the workers answer from, by what the card of the data says of it."""
    answers = (get(port, "/tai-ve/data.state.csv")[1].decode("utf-8-sig").splitlines() for _ in range(12))
    return {dict(zip(lines[0].split(","), lines[1].split(","), strict=False)).get("version", "") for lines in answers if len(lines) > 1}


def measured(url: str, source: str, *, readers: int, port: int, seconds: int) -> dict[str, Any]:
    """All figures of one source."""
    with tempfile.TemporaryDirectory(prefix="refresh-") as folder:
        to = Path(folder) / "dossiers.duckdb"
        alone = refresh(url, source, to)
        with served(to, port):
            asked = Readers(port, readers)
            first = versions_served(port)
            with asked.asking():
                time.sleep(seconds)
                asked.phase = "while"
                meanwhile = refresh(url, source, to)
                asked.phase = "after"
                time.sleep(max(seconds, 20))
            last = versions_served(port)
        return {
            "source": url.rsplit("@", maxsplit=1)[-1],
            "alone": vars(alone),
            "meanwhile": vars(meanwhile),
            "readers": asked.table(),
            "file_mib": round(to.stat().st_size / 2**20, 1),
            "new_version_in_every_worker": len(last) == 1 and not first & last,
        }


def main() -> None:
    """Measure every source and print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--from", dest="urls", action="append", required=True)
    options.add_argument("--source", default="native")
    options.add_argument("--readers", type=int, default=4)
    options.add_argument("--port", type=int, default=8110)
    options.add_argument("--seconds", type=int, default=20, help="how long readers ask before and after")
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    results = [measured(url, given.source, readers=given.readers, port=given.port, seconds=given.seconds) for url in given.urls]
    for one in results:
        print(f"\n{one['source']}: {one['file_mib']} MiB, new version in every worker: {one['new_version_in_every_worker']}")
        for name in ("alone", "meanwhile"):
            print(f"  refresh {name:10} {one[name]['seconds']:>7} s  {one[name]['cpu_seconds']:>7} s CPU  peak {one[name]['peak_mib']:.0f} MiB")
        for phase, figures in one["readers"].items():
            print(f"  readers {phase:10} " + "  ".join(f"{name} {value}" for name, value in figures.items()))
    if given.out:
        given.out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
