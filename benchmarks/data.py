"""The data of a run: the demo province in the asked size, written once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from queries.demo import seed

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "var"


def database(rows: int) -> Path:
    """The DuckDB file with so many dossiers and their roll-ups (dữ liệu minh họa), as a refresh leaves it; 50 million take about two minutes and 3 GB."""
    path = FOLDER / f"bench-{rows}-rolled.duckdb"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        seed(path, dossiers=rows, rollups=True)
    return path


def url(rows: int) -> str:
    """Its address for the dashboard."""
    return f"duckdb:///{database(rows)}"
