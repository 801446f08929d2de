"""The boundaries of the province's areas, where it has put them: `config/province/boundaries.geojson`, read, checked and simplified for a screen.

The product ships none. Points are rounded to one grid for all areas, so that neighbours keep the same line between them.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from config.errors import BadSettings

BOUNDARIES: Final = Path(__file__).resolve().parent / "province" / "boundaries.geojson"
CODE_KEYS: Final = ("area_code", "ma_xa", "ma", "code", "MA_XA", "maXa", "Ma_xa")
MOST_BYTES: Final = 20 * 2**20
MOST_POINTS: Final = 9_000  # of all areas together, as they are sent to the browser
_FINEST: Final = 1_200  # steps of the grid across the longer side: more than a screen can show
_DEGREES: Final = ("", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326", "OGC:CRS84")

Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Boundaries:
    """The rings of every area by its code, in kilometres east and north of the map's south-west corner; `read` and `kept` count points."""

    rings: Mapping[str, tuple[Ring, ...]]
    width: float
    height: float
    read: int
    kept: int

    def centre(self, code: str) -> tuple[float, float, float]:
        """A point inside the largest ring of an area, where its words are written, and the kilometres that are free there."""
        ring = max(self.rings[code], key=lambda one: abs(area_of(one)))
        return _inside(ring)


def load_boundaries(path: Path = BOUNDARIES) -> Boundaries | None:
    """The boundaries of a file; None where there is none.

    Raises:
        BadSettings: the file is too large, no GeoJSON of areas with codes, or not in degrees of longitude and latitude.
    """
    try:
        stat = path.stat()
    except OSError:
        return None
    if stat.st_size > MOST_BYTES:
        raise fault(path, f"tệp lớn {stat.st_size // 2**20} MB, nhiều nhất {MOST_BYTES // 2**20} MB; hãy đơn giản hóa trước")
    return _loaded(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _loaded(path: Path, _changed: int, _size: int) -> Boundaries:
    return simplified(raw_rings(path))


def raw_rings(path: Path) -> dict[str, list[list[Point]]]:
    """Rings in degrees by area code, as they stand in a file. Raises BadSettings."""
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError):
        raise fault(path, "không đọc được hoặc không phải JSON (UTF-8)") from None
    features = given.get("features") if isinstance(given, dict) and given.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not features:
        raise fault(path, "cần một GeoJSON FeatureCollection có ít nhất một vùng")
    crs = given.get("crs")
    name = str((crs.get("properties") or {}).get("name", "")) if isinstance(crs, dict) else ""
    if name not in _DEGREES:
        raise fault(path, f"hệ tọa độ “{name}”: cần kinh độ, vĩ độ WGS 84 (EPSG:4326); hãy chuyển từ VN-2000 trước")
    found: dict[str, list[list[Point]]] = {}
    for number, feature in enumerate(features, 1):
        code = _code(feature)
        if not code:
            raise fault(path, f"vùng thứ {number} không có mã ở thuộc tính nào trong {', '.join(CODE_KEYS[:4])}")
        if code in found:
            raise fault(path, f"mã {code} có hai lần; hãy gộp thành một MultiPolygon")
        found[code] = [_ring(path, code, ring) for ring in _rings_of(path, code, feature.get("geometry"))]
    return found


def _code(feature: object) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    held = properties if isinstance(properties, dict) else {}
    return next((str(held[key]).strip() for key in CODE_KEYS if held.get(key) not in (None, "")), "")


def _rings_of(path: Path, code: str, geometry: object) -> Iterator[object]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    parts = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(parts, list) or not parts:
        raise fault(path, f"vùng {code}: cần Polygon hoặc MultiPolygon, đang là “{kind}”")
    for polygon in parts if kind == "MultiPolygon" else [parts]:
        if not isinstance(polygon, list) or not polygon:
            raise fault(path, f"vùng {code}: có phần không có đường biên")
        yield from polygon


def _ring(path: Path, code: str, given: object) -> list[Point]:
    try:
        ring = [(float(point[0]), float(point[1])) for point in given]  # type: ignore[attr-defined] # whatever it is, it is told below
    except (TypeError, ValueError, IndexError, KeyError):
        raise fault(path, f"vùng {code}: tọa độ không phải là số") from None
    if not all(math.isfinite(x) and math.isfinite(y) and abs(x) <= 180 and abs(y) <= 90 for x, y in ring):
        raise fault(path, f"vùng {code}: tọa độ không phải kinh độ, vĩ độ (độ); hãy chuyển từ VN-2000 sang WGS 84 trước")
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise fault(path, f"vùng {code}: đường biên phải có ít nhất bốn điểm và khép kín")
    return ring


def simplified(raw: Mapping[str, Sequence[Sequence[Point]]]) -> Boundaries:
    """Rings in kilometres on one grid, as fine as the most points allow; rings smaller than a step are left out, an area keeps its largest."""
    points = [point for rings in raw.values() for ring in rings for point in ring]
    west, south = min(x for x, _ in points), min(y for _, y in points)
    north = max(y for _, y in points)
    per_degree = 111.32
    east_km, north_km = per_degree * math.cos(math.radians((south + north) / 2)), per_degree
    flat = {code: [[((x - west) * east_km, (y - south) * north_km) for x, y in ring] for ring in rings] for code, rings in raw.items()}
    width = max(x for rings in flat.values() for ring in rings for x, _ in ring)
    height = (north - south) * north_km
    steps = _FINEST
    while True:
        step = max(width, height) / steps or 1.0
        kept = {code: _on_grid(rings, step) for code, rings in flat.items()}
        count = sum(len(ring) for rings in kept.values() for ring in rings)
        if count <= MOST_POINTS or steps < 50:
            return Boundaries(kept, width, height, len(points), count)
        steps = int(steps / 1.25)


def _on_grid(rings: Sequence[Sequence[Point]], step: float) -> tuple[Ring, ...]:
    rounded = [_rounded(ring, step) for ring in rings]
    shown = [ring for ring in rounded if len(ring) >= 4]
    return tuple(shown) or (tuple((round(x, 3), round(y, 3)) for x, y in max(rings, key=lambda one: abs(area_of(one)))),)


def _rounded(ring: Sequence[Point], step: float) -> Ring:
    """Points on the grid without repeats and without points on a straight line between their neighbours."""
    kept: list[Point] = []
    for x, y in ring:
        point = (round(round(x / step) * step, 3), round(round(y / step) * step, 3))
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and kept[-2] == point:
            kept.pop()  # a spike: there and back
            continue
        kept.append(point)
    return tuple(kept)


def area_of(ring: Sequence[Point]) -> float:
    """The signed area of a ring."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def _inside(ring: Ring) -> tuple[float, float, float]:
    """The middle of the widest stretch inside the ring and its length, among seven heights, those in the middle first."""
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    best = (-1.0, (*ring[0], 0.0))
    for part in range(2, 9):
        level = low + (high - low) * part / 10 + 1e-7
        sides = [(a, b) for a, b in itertools.pairwise(ring) if (a[1] > level) != (b[1] > level)]
        crossed = sorted(a[0] + (level - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in sides)
        for left, right in zip(crossed[::2], crossed[1::2], strict=False):
            found = (round((left + right) / 2, 3), round(level, 3), round(right - left, 3))
            best = max(best, ((right - left) * (1 - abs(part - 5) / 6), found))
    return best[1]


def fault(path: Path, what: str) -> BadSettings:
    """The error for a file of boundaries that cannot be used."""
    return BadSettings(f"{path}: bad boundaries", sentence=f"Tệp ranh giới “{path.name}”: {what}.")
