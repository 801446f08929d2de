"""Memory of each worker: resident size in MiB, as the kernel tells it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.server import workers


def of_workers(master: int) -> list[float]:
    """MiB by worker."""
    return [_resident(worker) for worker in workers(master)]


def _resident(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
