"""Where the areas of the province stand on the tile map: `config/province/tiles.csv`, read and checked."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.errors import BadSettings

TILES: Final = Path(__file__).resolve().parent / "province" / "tiles.csv"
LEVELS: Final = ("commune", "district")
_COLUMNS: Final = ("level", "area_code", "row", "column")
_MOST: Final = 40  # rows or columns: a map wider than this fits no screen


@dataclass(frozen=True, slots=True)
class Place:
    """The square of one area: its level (commune or district), its code, and row and column counted from 0 at the top left."""

    level: str
    area_code: str
    row: int
    column: int


def load_places(path: Path = TILES) -> tuple[Place, ...]:
    """The places of a file, in its order.

    Raises:
        BadSettings: the file cannot be read, a column is missing, a value is wrong, or two rows of a level share a code or a square; names file and line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise _fault(path, 1, f"thiếu cột {', '.join(missing)}")
            numbered = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise BadSettings(f"cannot read {path}: {error.strerror}", sentence=f"Không đọc được tệp vị trí địa bàn “{path}”.") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} is not CSV: {error}", sentence=f"Tệp vị trí địa bàn “{path}” không đúng dạng CSV (UTF-8): {error}.") from None
    places: list[Place] = []
    for line, row in numbered:
        place = _place(path, line, row)
        for other in places:
            if other.level == place.level and other.area_code == place.area_code:
                raise _fault(path, line, f"mã {place.area_code} đã có ở một dòng trên")
            if (other.level, other.row, other.column) == (place.level, place.row, place.column):
                raise _fault(path, line, f"ô hàng {place.row}, cột {place.column} đã dành cho mã {other.area_code}")
        places.append(place)
    return tuple(places)


def positions(places: tuple[Place, ...], level: str) -> dict[str, tuple[int, int]]:
    """Row and column by area code, of one level."""
    return {place.area_code: (place.row, place.column) for place in places if place.level == level}


def names(path: Path = TILES) -> dict[str, str]:
    """The names of the areas by code, as the file of places has them; a file that says none gives none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["area_code"]: row.get("area_name") or row["area_code"] for row in csv.DictReader(file)}


def _place(path: Path, line: int, row: Mapping[str, str | None]) -> Place:
    level, code = (row["level"] or "").strip(), (row["area_code"] or "").strip()
    if level not in LEVELS:
        raise _fault(path, line, f"cột level phải là {' hoặc '.join(LEVELS)}, đang là “{level}”")
    if not code:
        raise _fault(path, line, "cột area_code để trống")
    return Place(level, code, _number(path, line, row, "row"), _number(path, line, row, "column"))


def _number(path: Path, line: int, row: Mapping[str, str | None], name: str) -> int:
    text = (row[name] or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) < _MOST):
        raise _fault(path, line, f"cột {name} phải là một số nguyên từ 0 đến {_MOST - 1}, đang là “{text}”")
    return int(text)


def _fault(path: Path, line: int, what: str) -> BadSettings:
    return BadSettings(f"{path}, line {line}: bad place", sentence=f"Tệp vị trí địa bàn “{path}”, dòng {line}: {what}.")
