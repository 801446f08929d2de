"""Made-up boundaries (dữ liệu minh họa): each area of the tile map as a crooked square in its place, neighbours sharing their corners.

python -m tests.boundaries writes tests/fixtures/boundaries/minh-hoa.geojson.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from config.province import load_places, names, positions

FIXTURE = Path(__file__).resolve().parent / "fixtures" / "boundaries" / "minh-hoa.geojson"
WEST, NORTH, STEP = 102.4, 22.8, 0.12


def collection() -> dict[str, Any]:
    """The communes as a GeoJSON FeatureCollection that says it is made up."""
    named = names()
    features = [
        {
            "type": "Feature",
            "properties": {"area_code": code, "name": f"{named[code]} (dữ liệu minh họa)"},
            "geometry": {"type": "Polygon", "coordinates": [square(row, column)]},
        }
        for code, (row, column) in positions(load_places(), "commune").items()
    ]
    return {"type": "FeatureCollection", "name": "Dữ liệu minh họa: không phải địa giới thật", "features": features}


def square(row: int, column: int) -> list[list[float]]:
    """A closed ring of four corners."""
    return [corner(row, column), corner(row, column + 1), corner(row + 1, column + 1), corner(row + 1, column), corner(row, column)]


def corner(row: int, column: int) -> list[float]:
    """A corner, moved a little and always alike."""
    shift = hashlib.sha256(f"{row},{column}".encode()).digest()
    return [round(WEST + STEP * column + shift[0] / 255 * STEP / 3, 5), round(NORTH - STEP * row - shift[1] / 255 * STEP / 3, 5)]


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(collection(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
