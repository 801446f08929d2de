"""The files of config/province: every place has its tile, and a tile lies as the place does."""

from __future__ import annotations

import csv
import unicodedata

from queries.demo import facts


def tiles(level: str) -> dict[str, tuple[int, int]]:
    with (facts.FOLDER / "tiles.csv").open(encoding="utf-8", newline="") as file:
        return {row["area_code"]: (int(row["row"]), int(row["column"])) for row in csv.DictReader(file) if row["level"] == level}


def test_every_commune_and_former_district_has_a_tile_of_its_own() -> None:
    known = facts.read()
    for level, places in (("commune", known.communes), ("district", known.districts)):
        placed = tiles(level)
        assert sorted(placed) == sorted(place["area_code"] for place in places)
        assert len(set(placed.values())) == len(placed)


def test_a_tile_lies_north_or_west_of_another_as_the_commune_does() -> None:
    known, placed = facts.read(), tiles("commune")
    for one in known.communes:
        for two in known.communes:
            (row, column), (other_row, other_column) = placed[one["area_code"]], placed[two["area_code"]]
            assert row <= other_row or float(one["latitude"]) - float(two["latitude"]) < 0.06
            assert column <= other_column or float(two["longitude"]) - float(one["longitude"]) < 0.06


def test_the_province_files_are_composed_unicode() -> None:
    for path in facts.FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert unicodedata.normalize("NFC", text) == text
