"""python -m benchmarks.peers [--rows 1500000] [--rounds 3] [--without browser]: the peers beside ours in the same run; prints tables, writes last.json."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import duckdb
from playwright.sync_api import Error

from benchmarks import data
from benchmarks.peers import browser, environments, over_http, serving, superset, verdicts
from benchmarks.report import machine, plain_table, write

HERE: Final = Path(__file__).resolve().parent
NAMES: Final = ("superset", "vizro", "streamlit")


def main() -> None:
    """Make what is missing, start all servers, ask them in turns."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_500_000, help="dossiers (default 1,500,000; also 10,000,000)")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=10.0, help="length of each load")
    options.add_argument("--without", choices=[*NAMES, "http", "browser"], action="append", default=[])
    options.add_argument("--out", default=str(HERE / "last.json"))
    given = options.parse_args()
    result: dict[str, Any] = {"machine": machine() | {"load": f"{os.getloadavg()[0]:.1f}"}, "rows": given.rows, "rounds": given.rounds, "not_measured": []}
    result["installs"] = installs([name for name in NAMES if name not in given.without], data.database(given.rows), result["not_measured"])
    measured(result, list(result["installs"]), given)
    result["machine"]["load_after"] = f"{os.getloadavg()[0]:.1f}"
    result["targets"] = verdicts.lines(result)
    show(result)
    write(result, Path(given.out))


def installs(names: list[str], file: Path, missing: list[str]) -> dict[str, dict[str, Any]]:
    """The environments; a peer that cannot be installed is left out with its reason."""
    found = {}
    for name in names:
        say(f"environment of {name} …")
        try:
            found[name] = environments.made(name)
            if name == "superset":
                superset.prepare(file)
        except subprocess.CalledProcessError as fault:
            missing.append(f"{name}: left out, {fault}")
    return found


def measured(result: dict[str, Any], names: list[str], given: argparse.Namespace) -> None:
    """Everything that needs servers; all of them run at the same time and are asked in turns."""
    file = data.database(given.rows)
    extract = environments.PEERS / f"extract-{given.rows}.duckdb"
    refresh = [sys.executable, "-m", "dashboard", "refresh", "--from", f"duckdb:///{file}", "--to", str(extract)]
    subprocess.run(refresh, cwd=data.ROOT, check=True, stdout=subprocess.DEVNULL)
    with duckdb.connect(str(file), read_only=True) as connection:
        agencies = [
            row[0]
            for row in connection.execute(
                "SELECT agency_code FROM dossiers WHERE returned_at >= DATE '2026-01-01' GROUP BY 1 ORDER BY count(*) DESC"
            ).fetchall()
            if row[0]
        ]
    with contextlib.ExitStack() as stack:
        masters = {name: stack.enter_context(server(name, file, extract)) for name in ("ours", "extract", *names)}
        result["memory_before"] = {name: serving.memory(master) for name, master in masters.items()}
        made = superset.filled(superset.Api(), file) if "superset" in names else None
        if "http" in given.without:
            before = json.loads(Path(given.out).read_text())  # of an earlier run, kept
            result |= {key: before[key] for key in ("http", "load")} | {"http_at": before["machine"]}
        else:
            http(result, made, agencies, given)
            write(result, Path(given.out))
        if "browser" not in given.without:
            in_browser(result, list(masters), made, agencies, given.rounds)
        result["memory_after"] = {name: serving.memory(master) for name, master in masters.items()}


def server(name: str, file: Path, extract: Path) -> contextlib.AbstractContextManager[int]:
    """One of the servers, as its documentation starts it, with two workers where it has workers."""
    port, here = serving.PORTS[name], str(HERE)
    gunicorn = ["-m", "gunicorn", "-b", f"127.0.0.1:{port}"]
    if name in ("ours", "extract"):
        command = [sys.executable, *gunicorn, "-c", "config/gunicorn.conf.py", "dashboard.wsgi:server"]
        return serving.running(name, command, {"DASHBOARD_DATABASE_URL": f"duckdb:///{file if name == 'ours' else extract}"}, "/healthz")
    if name == "superset":
        return serving.running(name, superset.command(), superset.environment(), "/health")
    python = str(environments.python(name))
    if name == "vizro":
        command = [python, *gunicorn, "--no-control-socket", "--workers", "2", "--threads", "4", "--chdir", here, "vizro_page:app"]
        return serving.running(name, command, {"PEER_DATABASE": str(file)}, "/")
    quiet = ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    command = [python, "-m", "streamlit", "run", f"{here}/streamlit_page.py", "--server.address", "127.0.0.1", "--server.port", str(port), *quiet]
    return serving.running(name, command, {"PEER_DATABASE": str(file)}, "/_stcore/health")


def http(result: dict[str, Any], made: dict[str, Any] | None, agencies: list[str], given: argparse.Namespace) -> None:
    """Pages by HTTP, and pages a second."""
    say("pages by HTTP …")
    makers: dict[str, Any] = {
        "ours, overview": lambda: over_http.Ours("ours"),
        "ours, four pages": lambda: over_http.Ours("ours", over_http.OUR_FOUR),
        "extract, overview": lambda: over_http.Ours("extract"),
        "extract, four pages": lambda: over_http.Ours("extract", over_http.OUR_FOUR),
    }
    if made is not None:
        makers["superset, eight charts"] = lambda: over_http.Superset(made)
    result["http"] = over_http.in_turns({name: make() for name, make in makers.items()}, agencies, given.rounds)
    if made is not None:
        makers["superset, eight charts"] = lambda: over_http.Superset(made, 1)
    result["load"] = []
    for fresh in (False, True):
        for name in [name for name in makers if "four" not in name]:
            say(f"ten readers: {name} …")
            kind = "filters nobody asked" if fresh else "the same twelve filters"
            line = {"page": name, "filters": kind, **over_http.a_second(makers[name], agencies, given.seconds, fresh=fresh)}
            result["load"].append(line)


def in_browser(result: dict[str, Any], names: list[str], made: dict[str, Any] | None, agencies: list[str], rounds: int) -> None:
    """Cold loads and filter changes, one server after the other in each round."""
    cold: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    first: dict[str, list[float]] = {name: [] for name in names}
    again: dict[str, list[float]] = {name: [] for name in names}
    with browser.chromium() as chromium:
        if chromium is None:
            result["not_measured"].append("browser: there is no Chromium on this machine")
            return
        ways = browser.ways(made)
        if made is not None:
            ways["superset"] = dataclasses.replace(ways["superset"], state=browser.logged_in(chromium))
        for number in range(rounds):
            for name in names:
                say(f"browser, round {number + 1}: {name} …")
                try:
                    seen = browser.round_of(chromium, name, ways[name], agencies[2 * number : 2 * number + 2])
                except (Error, TimeoutError) as fault:
                    result["not_measured"].append(f"browser, {name}, round {number + 1}: {str(fault).splitlines()[0]}")
                    continue
                cold[name].append(seen.cold)
                first[name] += seen.changes
                again[name].append(seen.again)
    result["browser"] = [
        {
            "page": name,
            "cold load, ms": statistics.median(one["ms"] for one in cold[name]),
            "kB": statistics.median(one["kilobytes"] for one in cold[name]),
            "requests": statistics.median(one["requests"] for one in cold[name]),
            "filter change, ms": statistics.median(first[name]),
            "change seen before, ms": statistics.median(again[name]),
            "rounds": len(cold[name]),
        }
        for name in names
        if cold[name]
    ]


def show(result: dict[str, Any]) -> None:
    """The tables."""
    memory = [
        {
            "server": name,
            "MiB by worker": json.dumps([round(one) for one in after]),
            **{f"install, {key[8:]}": value for key, value in result["installs"].get(name, {}).items()},
        }
        for name, after in result["memory_after"].items()
    ]
    for line in memory:
        line.setdefault("install, seconds", "")
        line.setdefault("install, megabytes", "")
    for table in (result["http"], result["load"], result.get("browser", []), memory, result["targets"]):
        print(plain_table(table), "\n")
    print("\n".join(result["not_measured"]))


def say(words: str) -> None:
    """Progress, apart from the result."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
