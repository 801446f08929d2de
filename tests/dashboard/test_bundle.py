"""The scripts of the first page: the slim plotly.js where it is built, the full one otherwise, kept by browsers and packed once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from plotly.offline import get_plotlyjs_version

from bundle.__main__ import HERE, main
from dashboard.app import PACKED, create_app
from dashboard.cards import Asked
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.pages import CARDS
from dashboard.view import Look, compressed, scripts
from queries.data import Data, open_data
from queries.filters import Filters

SLIM = f"/* plotly.js v{get_plotlyjs_version()}, slim: scatter, bar, heatmap (MIT) */\nvar Plotly = {{}};\n"


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


def built(folder: Path, content: str = SLIM) -> Path:
    path = folder / "plotly.min.js"
    path.write_text(content, encoding="utf-8")
    return path


def client_of(data: Data, folder: Path, bundle: Path) -> FlaskClient:
    look = Look()
    office = Office(look.letterhead, look.place, look.targets, folder=folder)
    client: FlaskClient = create_app(Feed(lambda: data), look, office, bundle=bundle).server.test_client()
    return client


def named(client: FlaskClient) -> list[str]:
    return scripts.named(client.get("/").get_data(as_text=True))


def test_the_slim_script_is_of_the_version_of_the_python_package() -> None:
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert get_plotlyjs_version() == wanted["plotly.js"]
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert wanted == {name: locked[f"node_modules/{name}"]["version"] for name in wanted}


@pytest.mark.slow
def test_the_slim_script_has_every_trace_and_component_that_a_card_draws(data: Data) -> None:
    source = (HERE / "plotly.mjs").read_text(encoding="utf-8")
    in_it = {"scatter", *json.loads(re.search(r"TRACES = (\[.*?\])", source)[1])}  # type: ignore[index] # the line is there or the test fails
    absent = set(re.search(r"components\\/\(([a-z0-9|]+)\)", source)[1].split("|"))  # type: ignore[index] # the same
    figures = [drawing.figure for card in CARDS.values() if (drawing := card.drawing(Asked(data, Filters(), path="/"))).figure is not None]
    assert in_it == {trace.get("type", "scatter") for figure in figures for trace in figure["data"]}
    assert not {key for figure in figures for key in figure["layout"]} & absent
    assert not any("rangeslider" in axis for figure in figures for axis in figure["layout"].values() if isinstance(axis, dict))


def test_without_a_slim_script_or_with_one_of_another_version_the_full_one_is_served(tmp_path: Path) -> None:
    full = scripts.charts(tmp_path / "absent.js")
    assert scripts.full().read_bytes() == full.content
    assert full == scripts.charts(built(tmp_path, SLIM.replace(get_plotlyjs_version(), "1.0.0")))
    slim = scripts.charts(built(tmp_path))
    assert SLIM.encode() == slim.content
    assert full.address != slim.address


@pytest.mark.slow
def test_what_is_named_by_its_content_is_kept_for_ever_and_nothing_else(data: Data, tmp_path: Path) -> None:
    client = client_of(data, tmp_path, built(tmp_path))
    addresses = named(client)
    assert scripts.charts(built(tmp_path)).address in addresses
    for address in addresses:
        answer = client.get(address)
        assert 200 == answer.status_code, address
        assert "max-age=31536000, immutable" == answer.headers["Cache-Control"], address
    for address in ("/", "/?v=1", "/_dash-layout?m=1", "/static/khac.js", "/assets/khac.css?m=1"):
        assert "no-store" == client.get(address).headers["Cache-Control"], address
    assert "immutable" not in client.get("/assets/style.css").headers["Cache-Control"]


@pytest.mark.slow
def test_scripts_are_packed_once_and_are_the_scripts(data: Data, tmp_path: Path) -> None:
    client = client_of(data, tmp_path, built(tmp_path, SLIM + "x = 1;\n" * 2000))
    addresses = named(client)
    plain = {address: client.get(address).get_data() for address in addresses}
    compressed.pack(client.application, addresses, tmp_path / PACKED)
    for address, content in plain.items():
        answer = client.get(address, headers={"Accept-Encoding": "br"})
        assert "br" == answer.headers["Content-Encoding"]
        assert compressed.packed_path(tmp_path / PACKED, content).read_bytes() == answer.get_data(), address
        assert content == brotli.decompress(answer.get_data())
        assert content == client.get(address).get_data()


def test_the_build_says_in_words_that_there_is_no_node_and_does_not_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "không có" in main(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_build_that_failed_is_not_tried_again_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = tmp_path / "calls"
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {name} >> '{calls}'\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    folder = tmp_path / "bundle"
    assert "Không dựng được" in main(folder)
    assert "Không dựng được" in main(folder)
    assert "npm\n" == calls.read_text()
    assert not (folder / "plotly.min.js").exists()
