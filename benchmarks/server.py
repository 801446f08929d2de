"""The dashboard as it runs in a province: gunicorn with its own configuration, on a port of this machine."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks import data

PORT: Final = int(os.environ.get("BENCH_PORT", "8120"))
HEADERS: Final = {"Content-Type": "application/json", "Accept-Encoding": "gzip, br"}


@contextmanager
def running(rows: int, **settings: str) -> Iterator[int]:
    """The process id of gunicorn's master, ready to answer; its workers are its children."""
    environment = os.environ | {"DASHBOARD_DATABASE_URL": data.url(rows)} | {f"DASHBOARD_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "-b", f"127.0.0.1:{PORT}", "dashboard.wsgi:server"]
    with (data.FOLDER / "bench-server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=data.ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=log)
    try:
        _wait()
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def connection() -> http.client.HTTPConnection:
    """A connection that stays open, as a browser's."""
    return http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)


def post(to: http.client.HTTPConnection, body: dict[str, Any]) -> bytes:
    """One callback. Raises RuntimeError for another answer than 200."""
    to.request("POST", "/_dash-update-component", json.dumps(body), HEADERS)
    answer = to.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {content[:200]!r}")
    return content


def workers(master: int) -> list[int]:
    """Process ids of the workers."""
    return [int(child) for child in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def _wait() -> None:
    for _ in range(300):
        try:
            to = connection()
            to.request("GET", "/healthz")
            if to.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"no server on port {PORT}")
