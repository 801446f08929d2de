"""Servers of the comparison, each on a port of its own on this machine, stopped by process id."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.data import ROOT

FIRST_PORT: Final = int(os.environ.get("BENCH_PEERS_PORT", "8220"))
PORTS: Final = {name: FIRST_PORT + place for place, name in enumerate(("ours", "extract", "superset", "vizro", "streamlit"))}


def address(name: str) -> str:
    """Where it answers."""
    return f"http://127.0.0.1:{PORTS[name]}"


@contextmanager
def running(name: str, command: Sequence[str], environment: Mapping[str, str], ready: str) -> Iterator[int]:
    """The process id of a server that answers; what it prints goes to var/peers/NAME.log."""
    log = ROOT / "var" / "peers" / f"{name}.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(environment), stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait(process, address(name) + ready, log)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def ask(to: http.client.HTTPConnection, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and bytes of an answer; asked a second time where the server had closed the idle connection, as a browser does."""
    for last in (False, True):
        try:
            to.request(method, path, body, dict(headers))
            answer = to.getresponse()
            return answer.status, answer.read()
        except (ConnectionError, http.client.HTTPException):
            to.close()
            if last:
                raise
    raise AssertionError("answered or raised before")


def memory(master: int) -> list[float]:
    """MiB of each process of a server: of its workers where it has some, else its own."""
    children = [int(child) for child in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
    return [_resident(process) for process in children or [master]]


def _resident(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"no answer from {url}; see {log}")
