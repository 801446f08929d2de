"""Boundaries that a province puts in: read and drawn without a base map, refused with a sentence, checked by a command. What is drawn here is made up."""

from __future__ import annotations

import copy
import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from config.boundaries import MOST_POINTS, load_boundaries, simplified
from config.boundary_check import crosses_itself, findings
from config.errors import BadSettings
from config.province import load_places, names, positions
from dashboard import theme
from dashboard.command_line import cli
from dashboard.figures import Tile
from dashboard.pages import areas_words
from dashboard.pages.areas_map import HOW, map_of
from tests.boundaries import FIXTURE, collection

CODES = positions(load_places(), "commune")


def write(folder: Path, change: Callable[[dict[str, Any]], None] = lambda _: None) -> Path:
    made = copy.deepcopy(collection())
    change(made)
    path = folder / "boundaries.geojson"
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BadSettings) as raised:
        load_boundaries(path)
    return raised.value.sentence


def test_the_fixture_says_that_it_is_made_up_and_is_what_its_programme_writes() -> None:
    stands = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert collection() == stands
    assert "minh họa" in stands["name"]
    assert all("minh họa" in feature["properties"]["name"] for feature in stands["features"])


def test_without_a_file_there_are_no_boundaries(tmp_path: Path) -> None:
    assert load_boundaries(tmp_path / "boundaries.geojson") is None


def test_boundaries_are_in_kilometres_from_the_south_west(tmp_path: Path) -> None:
    found = load_boundaries(write(tmp_path))
    assert found is not None
    assert set(CODES) == set(found.rings)
    points = [point for rings in found.rings.values() for ring in rings for point in ring]
    assert (0, 0) == (min(x for x, _ in points), min(y for _, y in points))
    degrees = max(corner[1] for feature in collection()["features"] for corner in feature["geometry"]["coordinates"][0]) - min(
        corner[1] for feature in collection()["features"] for corner in feature["geometry"]["coordinates"][0]
    )
    assert math.isclose(degrees * 111.32, found.height, rel_tol=0.001)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda made: made.update(type="Feature"), "FeatureCollection"),
        (lambda made: made["features"].clear(), "FeatureCollection"),
        (lambda made: made.update(crs={"properties": {"name": "EPSG:3405"}}), "VN-2000"),
        (lambda made: made["features"][0]["properties"].clear(), "vùng thứ 1 không có mã"),
        (lambda made: made["features"].append(made["features"][0]), "có hai lần"),
        (lambda made: made["features"][0].update(geometry={"type": "Point", "coordinates": [1, 2]}), "đang là “Point”"),
        (lambda made: made["features"][0]["geometry"]["coordinates"][0].pop(), "khép kín"),
        (lambda made: made["features"][0]["geometry"]["coordinates"][0].__setitem__(1, [550_000, 2_470_000]), "chuyển từ VN-2000"),
        (lambda made: made["features"][0]["geometry"]["coordinates"][0].__setitem__(1, ["x", 2]), "không phải là số"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(tmp_path: Path, change: Callable[[dict[str, Any]], None], words: str) -> None:
    assert words in refusal(write(tmp_path, change))


def test_a_file_that_is_too_large_or_no_json_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path)
    monkeypatch.setattr("config.boundaries.MOST_BYTES", 100)
    assert "nhiều nhất" in refusal(path)
    monkeypatch.undo()
    path.write_text("{", encoding="utf-8")
    assert "JSON" in refusal(path)


def test_neighbours_keep_the_same_line_between_them(tmp_path: Path) -> None:
    found = load_boundaries(write(tmp_path))
    assert found is not None
    corners = {code: set(found.rings[code][0]) for code in CODES}
    at = {place: code for code, place in CODES.items()}
    shared = [(code, at[row, column + 1]) for (row, column), code in at.items() if (row, column + 1) in at]
    assert shared
    assert all(2 == len(corners[left] & corners[right]) for left, right in shared)


@given(st.integers(3, 4000), st.integers(0, 9))
def test_however_fine_a_file_is_few_points_are_drawn(count: int, seed: int) -> None:
    circle = [(103 + math.cos(2 * math.pi * at / count + seed) / 2, 22 + math.sin(2 * math.pi * at / count + seed) / 2) for at in range(count)]
    found = simplified({"A": [[*circle, circle[0]]], "B": [[(104, 22), (105, 22), (105, 23), (104, 22)]]})
    assert found.kept <= MOST_POINTS
    assert found.kept <= found.read
    assert all(len(ring) >= 4 and ring[0] == ring[-1] for rings in found.rings.values() for ring in rings)


def test_a_ring_that_crosses_itself_is_told_and_others_are_not() -> None:
    assert crosses_itself([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)])
    assert not crosses_itself([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)])


def test_the_check_names_unknown_and_missing_codes_and_broken_rings(tmp_path: Path) -> None:
    def spoil(made: dict[str, Any]) -> None:
        made["features"][0]["properties"]["area_code"] = "99999"
        made["features"][1]["geometry"]["coordinates"] = [[[103, 22], [103.2, 22.2], [103.2, 22], [103, 22.1], [103, 22]]]

    first, second = list(CODES)[:2]
    _, sentences = findings(write(tmp_path, spoil), load_places(), names())
    words = "\n".join(sentences)
    assert "99999" in words
    assert f"{names()[first]} ({first})" in words
    assert f"{names()[second]} ({second}): đường biên tự cắt" in words
    assert 3 == len(sentences)


def test_the_command_tells_what_will_be_drawn_and_by_which_projection(tmp_path: Path) -> None:
    good = CliRunner().invoke(cli, ["boundaries", "check", str(write(tmp_path))])
    assert 0 == good.exit_code, good.output
    assert "38 vùng" in good.output
    assert "phép chiếu" in good.output
    some = CliRunner().invoke(cli, ["boundaries", "check", str(write(tmp_path, lambda made: made["features"].pop()))])
    assert 1 == some.exit_code
    assert "Thiếu ranh giới 1 xã" in some.output


def drawn(path: Path) -> tuple[Any, str]:
    tiles = {code: Tile(name, *CODES[code], float(number), str(number), f"?db={code}") for number, (code, name) in enumerate(names().items()) if code in CODES}
    return map_of(tiles, areas_words.RETURNED_PER_1000, path)


def test_areas_are_drawn_filled_without_base_map_or_outer_line(tmp_path: Path) -> None:
    figure, how = drawn(write(tmp_path))
    assert HOW == how
    go.Figure(theme.finish(figure))
    areas = [trace for trace in figure["data"] if trace.get("fill") == "toself"]
    assert len(CODES) == len(areas)
    assert {"scatter"} == {trace["type"] for trace in figure["data"]}
    assert {(theme.LIGHT.card, 1)} == {(trace["line"]["color"], trace["line"]["width"]) for trace in areas}
    assert "geo" not in figure["layout"]
    assert "map" not in figure["layout"]
    links = [trace["customdata"] for trace in figure["data"] if "customdata" in trace]
    assert [[f"?db={code}" for code in names() if code in CODES]] == links


def test_without_a_file_and_with_a_bad_one_the_areas_are_tiles(tmp_path: Path) -> None:
    without, silent = drawn(tmp_path / "absent.geojson")
    assert ("heatmap", "") == (without["data"][0]["type"], silent)
    path = write(tmp_path)
    path.write_text("{", encoding="utf-8")
    bad, why = drawn(path)
    assert without["data"] == bad["data"]
    assert "Vẽ thành ô" in why
    assert "boundaries.geojson" in why


def test_an_area_without_a_boundary_is_named(tmp_path: Path) -> None:
    _, how = drawn(write(tmp_path, lambda made: made["features"].pop()))
    last = collection()["features"][-1]["properties"]["area_code"]
    assert f"Chưa có ranh giới: {names()[last]}" in how


def test_no_tile_is_far_from_its_place_on_the_ground() -> None:
    """North stays above south and west left of east wherever the centres of two communes lie more than 7 km apart that way."""
    root = Path(__file__).resolve().parent.parent.parent
    with (root / "config" / "province" / "communes.csv").open(encoding="utf-8") as file:
        places = {
            row["area_code"]: (float(row["latitude"]) * 111.32, float(row["longitude"]) * 111.32 * math.cos(math.radians(22.3))) for row in csv.DictReader(file)
        }
    assert set(CODES) == set(places)
    for one, (north, east) in places.items():
        for other, (south, west) in places.items():
            if north - south > 7:
                assert CODES[one][0] <= CODES[other][0], (one, other)
            if east - west > 7:
                assert CODES[one][1] >= CODES[other][1], (one, other)
