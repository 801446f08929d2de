"""The map of the areas: by their boundaries where the province has put a file of them, as tiles otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from config.boundaries import BOUNDARIES, load_boundaries
from config.errors import BadSettings
from config.language import say
from dashboard import figures, text
from dashboard.figures import Tile
from dashboard.pages.areas_words import Look

HOW: Final = "Ranh giới từ tệp của tỉnh, đơn giản hóa cho màn hình, phép chiếu trụ khoảng cách đều; không dùng để xác định địa giới."


def map_of(tiles: Mapping[str, Tile], look: Look, path: Path = BOUNDARIES) -> tuple[figures.Figure, str]:
    """The map of tiles by area code, and what has to be said about it."""
    as_tiles = figures.tiles(tiles=list(tiles.values()), scale_name=look.label)
    try:
        found = load_boundaries(path)
    except BadSettings as error:
        return as_tiles, say("Vẽ thành ô vì chưa dùng được ranh giới. {}", error.sentence)
    here = [code for code in tiles if found is not None and code in found.rings]
    if found is None or not here:
        return as_tiles, ""
    figure = figures.shapes(
        tiles=[tiles[code] for code in here],
        rings=found.rings,
        centres={code: found.centre(code) for code in here},
        size=(found.width, found.height),
        keys=here,
        scale_name=look.label,
    )
    lost = [tiles[code].name for code in tiles if code not in here]
    without = say("Chưa có ranh giới: {}; số liệu ở bảng.", text.join_names(lost, 5, "địa bàn")) if lost else ""
    return figure, f"{say(HOW)} {without}".rstrip()
