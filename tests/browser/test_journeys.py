"""Journeys in a real Chromium: what a reader does, with no error in the console and no request to any other host."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from dashboard.pages import PAGES

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.browser, pytest.mark.slow]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


@pytest.fixture(scope="module")
def base(demo_url: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dashboard", "run", "--port", str(port), "--database", demo_url]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def contexts(chromium: str) -> Iterator[dict[int, BrowserContext]]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield {width: browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN", accept_downloads=True) for width in (1440, 390)}
        browser.close()


class Watched:
    """A page whose console and requests are watched."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.faults: list[str] = []
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((base, "data:", "blob:")) else self.faults.append(f"outside: {request.url}"))

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        self.drawn()
        return self.page

    def drawn(self) -> None:
        """Wait until the page's cards stand and no callback is under way."""
        self.page.wait_for_selector("#page .page__title")
        self.page.wait_for_load_state("networkidle")


@pytest.fixture
def wide(contexts: dict[int, BrowserContext], base: str) -> Iterator[Watched]:
    page = contexts[1440].new_page()
    watched = Watched(page, base)
    yield watched
    page.close()
    assert watched.faults == []


@pytest.fixture
def phone(contexts: dict[int, BrowserContext], base: str) -> Iterator[Watched]:
    page = contexts[390].new_page()
    watched = Watched(page, base)
    yield watched
    page.close()
    assert watched.faults == []


def test_every_page_opens_and_every_chart_is_drawn(wide: Watched) -> None:
    for one in PAGES:
        page = wide.open(one.path)
        assert page.inner_text("h1") == one.name
        graphs = page.locator(".dash-graph")
        page.wait_for_function("() => [...document.querySelectorAll('.dash-graph')].every(g => g.querySelector('.main-svg'))")
        assert graphs.count() == page.locator("figure.chart-card__chart").count()
        assert page.locator(".notice--error").count() == 0
        assert page.get_by_text("Dữ liệu minh họa: mọi con số").is_visible()


def test_choosing_a_period_changes_the_address_and_back_undoes_it(wide: Watched) -> None:
    page = wide.open("/")
    page.click("#f-ky")
    page.locator("input.dash-dropdown-search").fill("quy iii/2026")  # waits until the list is open
    page.get_by_text("Quý III/2026", exact=True).first.click()
    page.wait_for_url(re.compile(r"ky=2026-Q3"))
    wide.drawn()
    page.wait_for_function("() => document.querySelector('.page__lead').textContent.startsWith('Quý III/2026')")
    page.go_back()
    page.wait_for_function("() => document.querySelector('.page__lead').textContent.startsWith('Lũy kế')")
    assert "ky=" not in page.url


def test_a_click_on_a_bar_opens_that_agency(wide: Watched) -> None:
    page = wide.open("/don-vi")
    bar = page.locator("#card-agencies-volumes .js-plotly-plot .bars .point path").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".js-plotly-plot.is-linked")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(re.compile(r"dv="))
    wide.drawn()
    page.wait_for_selector(".chip__remove")
    page.go_back()
    page.wait_for_url(re.compile(r"/don-vi$"))


def test_the_list_is_searched_without_diacritics_and_sorted_by_its_headings(wide: Watched) -> None:
    page = wide.open("/chua-tra-qua-buu-chinh")
    page.locator("input[type=search]").first.fill("muong mo")
    page.wait_for_url(re.compile(r"tim=muong"))
    expect(page.locator("#card-adoption-call-list tbody th")).to_have_text(["UBND xã Mường Mô"], timeout=15_000)
    page.locator("#card-adoption-call-list a.data-table__sort").nth(3).click()
    page.wait_for_url(re.compile(r"sx="))


def test_the_table_behind_a_chart_opens(wide: Watched) -> None:
    page = wide.open("/")
    page.locator("summary", has_text="Bảng số liệu").first.click()
    assert page.locator("details[open] table").first.is_visible()


def test_a_chart_is_saved_as_png_and_svg_and_a_card_as_csv(wide: Watched, tmp_path: Path) -> None:
    page = wide.open("/")
    page.wait_for_selector(".main-svg")
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<svg")):
        with page.expect_download() as download:
            page.locator(f"button[data-save={kind}]").first.click()
        download.value.save_as(tmp_path / f"chart.{kind}")
        assert (tmp_path / f"chart.{kind}").read_bytes().startswith(start)
        assert "minh-hoa" in download.value.suggested_filename
    with page.expect_download() as download:
        page.locator("a.action", has_text="Tải CSV").first.click()
    download.value.save_as(tmp_path / "card.csv")
    assert (tmp_path / "card.csv").read_text(encoding="utf-8-sig").startswith("key,label,unit,value")


def test_an_unknown_agency_never_widens(wide: Watched) -> None:
    page = wide.open("/?dv=DA-GIAI-THE")
    page.wait_for_timeout(1_000)  # a control that dropped the value would write the address anew by now
    assert "dv=DA-GIAI-THE" in page.url
    assert "không có trong danh mục" in page.inner_text(".page__lead")


def test_no_chart_offers_to_upload_itself(wide: Watched) -> None:
    page = wide.open("/")
    page.wait_for_selector(".main-svg")
    titles = page.eval_on_selector_all(".modebar-btn", "buttons => buttons.map(b => (b.dataset.title || '').toLowerCase())")
    assert not [title for title in titles if "share" in title or "cloud" in title or "edit" in title]
