"""The slim plotly.js draws what the full one draws, and no page asks for anything else than what the first page names."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from plotly.offline import get_plotlyjs_version
from werkzeug.serving import make_server

from dashboard.app import create_app
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.pages import PAGES
from dashboard.view import Look, scripts
from queries.data import Data

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_MARKS = "() => ['.main-svg', '.point', '.bars path', '.heatmaplayer image', '.annotation', '.xtick, .ytick'].map(one => document.querySelectorAll(one).length)"
_DRAWN = "[...document.querySelectorAll('.dash-graph')].every(one => one.querySelector('.main-svg'))"


@contextmanager
def served(data: Data, folder: Path, bundle: Path) -> Iterator[str]:
    look = Look()
    office = Office(look.letterhead, look.place, look.targets, folder=folder)
    server = make_server("127.0.0.1", 0, create_app(Feed(lambda: data), look, office, bundle=bundle).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


def drawn(browser: Browser, base: str) -> dict[str, list[int]]:
    """Marks by page; no error in the console and no answer asked twice on the way."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    page.set_default_timeout(60_000)
    faults: list[str] = []
    asked: list[str] = []
    overview: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url.removeprefix(base).partition("?")[0]))
    found, versions = {}, set()
    for one in PAGES:
        page.goto(base + one.path)
        page.wait_for_selector("#page .page__title")
        page.wait_for_function(_DRAWN)
        page.wait_for_load_state("networkidle")
        found[one.path] = page.evaluate(_MARKS)
        overview = overview or list(asked)
        versions.add(page.evaluate("window.Plotly?.version ?? ''"))
    page.close()
    assert [] == faults
    assert {get_plotlyjs_version()} == versions - {""}  # a page of words has no charts
    # Where a table has a search box, Dash asks the address once more when the box appears.
    assert not [path for path in overview if path.startswith("/_dash-") and not path.startswith("/_dash-component-suites/")], "asked though the page held it"
    assert not [path for path in asked if "plotly.min.js" in path], "the full script by Dash's own address"
    return found


def test_the_slim_script_draws_what_the_full_one_draws(data: Data, browser: Browser, tmp_path: Path) -> None:
    with served(data, tmp_path / "a", tmp_path / "absent.js") as base:
        full = drawn(browser, base)
    assert any(sum(marks) for marks in full.values())
    if not scripts.is_usable(scripts.BUNDLE):
        pytest.skip("the full script draws; the slim one is not built here: make bundle")
    with served(data, tmp_path / "b", scripts.BUNDLE) as base:
        assert full == drawn(browser, base)
