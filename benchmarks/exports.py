"""Files of a quarter's briefing: seconds cold and warm, size, and peak memory, each in a process of its own.

python -m benchmarks.exports [--database URL] [--query "ky=2026-Q3"] [--briefing quarterly] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("pptx", "docx", "xlsx", "pdf")
TARGET_SECONDS = 1.0


def measure(database: str, query: str = "ky=2026-Q3", briefing: str = "quarterly", rounds: int = 5) -> list[dict[str, Any]]:
    """One row per kind: `cold_s` from opening the database to the file, `warm_s` (median) with the answers kept, `kb`, `peak_mib`."""
    rows = []
    for kind in KINDS:
        command = [
            sys.executable,
            "-m",
            "benchmarks.exports",
            "--one",
            kind,
            "--database",
            database,
            "--query",
            query,
            "--briefing",
            briefing,
            "--rounds",
            str(rounds),
        ]
        rows.append(json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout))
    return rows


def one(kind: str, database: str, query: str, briefing: str, rounds: int) -> dict[str, Any]:
    """The figures of one kind, measured in this process."""
    import tempfile

    from dashboard.exports.files import Subject, Wanted, make
    from dashboard.exports.office import Office
    from queries.data import open_data

    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        office = Office(folder=Path(folder))
        data = open_data(database)
        wanted = Wanted(Subject.BRIEFING, briefing, kind, query)
        made = make(wanted, data, office)
        cold = time.perf_counter() - started
        warm = []
        for _ in range(rounds):
            before = time.perf_counter()
            make(wanted, data, office)
            warm.append(time.perf_counter() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"kind": kind, "cold_s": round(cold, 3), "warm_s": round(statistics.median(warm), 3), "kb": len(made.body) // 1024, "peak_mib": round(peak)}


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as lines of text, with the target."""
    head = f"{'kind':<6}{'cold s':>9}{'warm s':>9}{'KB':>7}{'peak MiB':>10}  target {TARGET_SECONDS} s"
    lines = [
        f"{row['kind']:<6}{row['cold_s']:>9}{row['warm_s']:>9}{row['kb']:>7}{row['peak_mib']:>10}  {'reached' if row['warm_s'] <= TARGET_SECONDS else 'MISSED'}"
        for row in rows
    ]
    return "\n".join([head, *lines])


def main() -> None:
    """Measure every kind, or print the figures of one as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", default=f"duckdb:///{ROOT / 'var' / 'demo.duckdb'}")
    options.add_argument("--query", default="ky=2026-Q3")
    options.add_argument("--briefing", default="quarterly")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--one", choices=KINDS)
    given = options.parse_args()
    if given.one:
        print(json.dumps(one(given.one, given.database, given.query, given.briefing, given.rounds)))
    else:
        print(table(measure(given.database, given.query, given.briefing, given.rounds)))


if __name__ == "__main__":
    main()
