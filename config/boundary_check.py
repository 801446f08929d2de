"""What is wrong with a file of boundaries, in sentences: for `python -m dashboard boundaries check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from config.boundaries import Boundaries, Point, area_of, load_boundaries, raw_rings
from config.province import LEVELS, Place

_AT_ONCE: Final = 250
Points = npt.NDArray[np.float64]


def findings(path: Path, places: Sequence[Place], names: Mapping[str, str]) -> tuple[Boundaries, list[str]]:
    """The boundaries as they will be drawn, and what their owner should look at. Raises BadSettings for a file that cannot be used."""
    loaded = load_boundaries(path)
    raw = raw_rings(path)
    assert loaded is not None
    known = {place.area_code: place.level for place in places}
    found: list[str] = []
    if unknown := sorted(code for code in raw if code not in known):
        found.append(f"Không vẽ, vì mã không có trong danh mục: {', '.join(unknown)}.")
    for level in LEVELS:
        here = [code for code, one in known.items() if one == level]
        missing = sorted(code for code in here if code not in raw)
        if missing and len(missing) < len(here):
            kind = "xã, phường" if level == "commune" else "huyện cũ"
            listed = ", ".join(f"{names.get(code, code)} ({code})" for code in missing)
            found.append(f"Thiếu ranh giới {len(missing)} {kind}: {listed}.")
    if not set(raw) & set(known):
        found.append("Không có mã nào của danh mục: bản đồ sẽ không được vẽ.")
    for code, rings in raw.items():
        found += [f"Vùng {names.get(code, code)} ({code}): {what}." for what in _faults(rings)]
    return loaded, found


def _faults(rings: Sequence[Sequence[Point]]) -> Iterator[str]:
    for ring in rings:
        if abs(area_of(ring)) < 1e-12:
            yield "có một đường biên không có diện tích"
        elif crosses_itself(ring):
            yield "đường biên tự cắt chính nó"


def crosses_itself(ring: Sequence[Point]) -> bool:
    """Whether two sides of a ring cross, or pass one another on the same line."""
    points = np.asarray(ring, dtype=float)
    starts, ends = points[:-1], points[1:]
    count = len(starts)
    for first in range(0, count, _AT_ONCE):
        rows = np.arange(first, min(first + _AT_ONCE, count))
        a, b = starts[rows][:, None, :], ends[rows][:, None, :]
        later = rows[:, None] + 1 < np.arange(count)[None, :]
        later &= ~((rows[:, None] == 0) & (np.arange(count)[None, :] == count - 1))  # neighbours round the corner
        apart = _side(a, b, starts[None]) * _side(a, b, ends[None]) < 0
        apart &= _side(starts[None], ends[None], a) * _side(starts[None], ends[None], b) < 0
        if bool((apart & later).any()):
            return True
    return False


def _side(a: Points, b: Points, point: Points) -> Points:
    return np.asarray(np.sign((b[..., 0] - a[..., 0]) * (point[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (point[..., 0] - a[..., 0])))
