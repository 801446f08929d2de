"""The data of a run: the demo province in the asked size, written once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from queries.demo import seed

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "var"


def database(rows: int) -> Path:
    """The DuckDB file with so many dossiers (dữ liệu minh họa); 50 million take about a minute and 2 GB."""
    path = FOLDER / f"bench-{rows}.duckdb"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        seed(path, dossiers=rows)
    return path


def url(rows: int) -> str:
    """Its address for the dashboard."""
    return f"duckdb:///{database(rows)}"
