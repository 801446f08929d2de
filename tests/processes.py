"""The server as it runs in a province: gunicorn with its own settings, on a free port, its log in a file; always stopped by its own id."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running server and what may be asked of it."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    _declared: dict[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, headers: Mapping[str, str] | None = None, timeout: float = 60) -> tuple[int, str]:
        return self._send(urllib.request.Request(self.base + path, headers=dict(headers or {})), timeout)

    def page(self, path: str, search: str = "", timeout: float = 60) -> tuple[int, str]:
        """What the browser asks when an address opens."""
        from tests.evil import body_of

        if not self._declared:
            self._declared = next(one for one in json.loads(self.get("/_dash-dependencies")[1]) if one["output"].startswith("..page.children"))
        body = json.dumps(body_of(self._declared, {"pathname": path, "search": search}, "url.pathname")).encode()
        request = urllib.request.Request(f"{self.base}/_dash-update-component", data=body, headers={"Content-Type": "application/json"})
        return self._send(request, timeout)

    def _send(self, request: urllib.request.Request, timeout: float) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def workers(self) -> list[int]:
        """The process numbers of the workers now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children]

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until(self, condition: Any, seconds: float = 40) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if condition():
                    return True
            except OSError:
                pass
            time.sleep(0.2)
        return False


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DASHBOARD_", "PORT", "WEB_", "PROMETHEUS_", "LISTENS_"))}
    return kept | {"PYTHONUTF8": "1"} | more


@contextmanager
def provider(people: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The address of an OpenID provider, a process of its own, who knows these people by their claims."""
    port = free_port()
    users = [part for person in people for part in ("--user-claims", json.dumps(person))]
    process = subprocess.Popen([sys.executable, "-m", "oidc_provider_mock", "-p", str(port), *users], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=5).close()
                break
            except OSError:
                assert time.monotonic() < until
                assert process.poll() is None, "the provider did not start"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def serving(folder: Path, database: str, *, port: str = "", **more: str) -> Iterator[Server]:
    """A server over a database with its state in a folder, on a free port where none is said."""
    number, log = int(port) if port else free_port(), folder / "server.log"
    state = {"DASHBOARD_DATABASE_URL": database, "DASHBOARD_STATE_FOLDER": str(folder / "state"), "DASHBOARD_PUBLIC_URL": f"http://127.0.0.1:{number}"}
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py", "--bind", f"127.0.0.1:{number}", "dashboard.wsgi:server"]
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(**(state | more)), stdout=out, stderr=out)
    server = Server(number, process, log)
    try:
        assert server.wait_until(lambda: server.get("/healthz", timeout=30)[0] == 200, 90), server.said()
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
