"""python -m benchmarks [--rows 1500000 --rows 10000000] [--rounds 5] [--only PART]: measure, print, write last.json and growth.svg."""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import structlog

from benchmarks import browser, data, memory, over_http, page, report, server, targets, users
from queries.data import open_data

PARTS: Final = ("pages", "served", "browser", "exports", "refresh")


def main() -> None:
    """Run the parts and print their tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, action="append", help="dossiers; several times for growth (default 1,500,000 and 10,000,000)")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=15.0, help="length of each load")
    options.add_argument("--only", choices=PARTS, action="append")
    options.add_argument("--out", default=str(report.HERE / "last.json"))
    given = options.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))  # no line for every request between the tables
    sizes, parts = given.rows or [1_500_000, 10_000_000], given.only or PARTS
    result: dict[str, Any] = {"machine": report.machine(), "pages": []}
    if "pages" in parts:
        for rows in sizes:
            say(f"data and pages, {rows:,} dossiers …")
            result["pages"].append(page.measure(rows, given.rounds))
            print(report.pages_table(result["pages"][-1]), "\n")
        if len(sizes) > 1:
            print(report.plain_table(report.growth(result["pages"])), "\n")
            report.growth_picture(result["pages"], report.HERE / "growth.svg")
    if "served" in parts:
        say(f"gunicorn, {max(sizes):,} dossiers …")
        result["served"] = served(max(sizes), given.rounds, given.seconds)
        print_served(result["served"])
    if "browser" in parts:
        say(f"browser, {min(sizes):,} dossiers …")
        result["browser"] = browser.measure(min(sizes), given.rounds)
        print_browser(result["browser"])
    for name in ("exports", "refresh"):
        if name in parts:
            result[name] = other(name, data.url(max(sizes) if name == "refresh" else min(sizes)))
    result["targets"] = targets.lines(result)
    print(report.plain_table(result["targets"]))
    report.write(result, Path(given.out))


def served(rows: int, rounds: int, seconds: float) -> dict[str, Any]:
    """Everything that needs a real server."""
    asked = open_data(data.url(rows))
    codes = list(asked.catalogue.agencies["agency_code"])
    found: dict[str, Any] = {"rows": rows}
    with server.running(rows) as master:
        found["first_load"] = over_http.first_load()
        found["changes"] = over_http.changes(over_http.searches(asked), rounds)
        found["memory_before"] = memory.of_workers(master)
        found["users"] = [users.at_once(readers, seconds) for readers in (1, 10, 50)]
        found["uncached_users"] = [users.at_once(readers, seconds, codes=codes) for readers in (1, 10)]
        found["thinking"] = users.at_once(200, 2 * seconds, (3.0, 7.0))
        found["memory_after"] = memory.of_workers(master)
    asked.source.close()
    return found


def print_served(found: dict[str, Any]) -> None:
    """The tables of a real server."""
    first = found["first_load"]
    print(f"first load: {first['requests']} requests, {first['kilobytes']:.0f} kB packed; largest {first['largest']}\n")
    print(report.plain_table([{"page": path, **times} for path, times in found["changes"].items()]), "\n")
    lines = [{"kind": "usual filters", **line} for line in found["users"]] + [{"kind": "filters nobody asked", **line} for line in found["uncached_users"]]
    print(report.plain_table([*lines, {"kind": "thinking 3–7 s", **found["thinking"]}]), "\n")
    print("MiB by worker before and after:", [[round(one) for one in found[key]] for key in ("memory_before", "memory_after")], "\n")


def print_browser(found: dict[str, Any] | None) -> None:
    """The tables of the browser."""
    if found is not None:
        print(report.plain_table(browser.lines(found)), "\n")
        print(report.plain_table([{"change": name, "ms": value} for name, value in found["change"].items()]), "\n")
        print(report.plain_table([{"ratio": name, "found": value} for name, value in found["ratios"].items()]), "\n")


def other(name: str, url: str) -> Any:  # noqa: ANN401 - what the part found
    """A part that stands in a module of its own; absent with its reason."""
    if find_spec(f"benchmarks.{name}") is None:
        print(f"{name}: left out, there is no benchmarks/{name}.py\n")
        return None
    module = importlib.import_module(f"benchmarks.{name}")
    if not hasattr(module, "measure"):
        print(f"{name}: left out, benchmarks/{name}.py has no measure(url)\n")
        return None
    say(f"{name} …")
    found = module.measure(url)
    print(module.table(found) if hasattr(module, "table") else found, "\n")
    return found


def say(words: str) -> None:
    """Progress, apart from the result."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
