"""Names that are attacks, in a real Chromium: no page runs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from dashboard.pages import PAGES
from tests.evil import evil_province
from tests.processes import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("evil")
    evil_province(folder).source.close()
    path: Path = next(folder.glob("*.duckdb"))
    with serving(tmp_path_factory.mktemp("state"), f"duckdb:///{path}", WEB_CONCURRENCY="1") as found:
        yield found


def test_no_page_runs_a_name_and_no_name_becomes_a_link_out(server: Server, chromium: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="vi-VN")
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        for one in PAGES:
            page.goto(f"{server.base}{one.path}?ky=2026-H1")
            page.wait_for_selector(".chart-card__foot", state="attached", timeout=60_000)
            page.wait_for_timeout(1500)
            assert page.evaluate("window.stolen") is None, one.path
            links = page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href') || a.getAttribute('xlink:href') || '')")
            assert [] == [link for link in links if "javascript:" in link.lower()[:20] or "elsewhere" in link.split("?")[0]], one.path
        page.goto(f"{server.base}/nhat-ky")
        assert page.evaluate("window.stolen") is None
        assert "/don-vi" in page.inner_text("table")
        browser.close()
    assert [] == faults
