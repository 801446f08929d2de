"""A real Chromium before each server: a cold load, and the change of one filter from the press of the pointer to the last change of the charts.

The page itself keeps the time: an observer notes when anything below the charts' part last changed, and the measure is taken when nothing changed for a while.
What is painted in a canvas after that (Superset's animation) is not seen, in Superset's favour. The window is high enough for all eight charts.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.peers import serving, superset

QUIET_MS: Final = 2000
_FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
_CLOCK: Final = """
(() => {
  const note = records => {
    for (const record of records) {
      const at = record.target.nodeType === 1 ? record.target : record.target.parentElement;
      if (at && at.closest('SELECTOR')) window.benchLast = performance.now();
    }
  };
  window.benchLast = 0; window.benchBegan = 0;
  addEventListener('pointerdown', () => { window.benchBegan = performance.now(); }, true);
  new MutationObserver(note).observe(document, {childList: true, subtree: true, attributes: true, characterData: true});
})();
"""


@dataclass(frozen=True)
class Way:
    """How one server is read: where its charts are, when a chart stands, how another agency is chosen."""

    path: str
    charts: str  # the part of the page whose changes count
    drawn: str  # JavaScript: whether the charts stand
    choose: Callable[[Reader, str], None]  # the last press of the pointer chooses
    state: dict[str, Any] = field(default_factory=dict)


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """The machine's own Chromium; None where it has none."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        yield None
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


def opened(browser: Browser, way: Way) -> BrowserContext:
    """A reader with an empty store of files, and logged in where that is needed."""
    context = browser.new_context(viewport={"width": 1440, "height": 3600}, storage_state=way.state or None, locale="vi-VN")
    context.add_init_script(_CLOCK.replace("SELECTOR", way.charts))
    context.set_default_timeout(60_000)
    return context


class Reader:
    """A page whose requests under way are counted, so that a slow answer is not taken for rest."""

    def __init__(self, context: BrowserContext, way: Way) -> None:
        self.page, self.way = context.new_page(), way
        self.sizes: list[float] = []
        self._open: set[str] = set()
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", lambda event: self._open.add(event["requestId"]))
        session.on("Network.loadingFinished", self._arrived)
        session.on("Network.loadingFailed", lambda event: self._open.discard(event["requestId"]))

    def _arrived(self, event: dict[str, Any]) -> None:
        self._open.discard(event["requestId"])
        self.sizes.append(event["encodedDataLength"])

    def settled(self, least: float) -> float:
        """When the charts last changed, once they rest and nothing is under way. Raises TimeoutError after a minute."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self.page.wait_for_timeout(100)
            last, quiet = self.page.evaluate("[window.benchLast, performance.now() - window.benchLast]")
            if last > least and quiet > QUIET_MS and not self._open and self.page.evaluate(f"({self.way.drawn})()"):
                return float(last)
        raise TimeoutError(f"the charts did not come to rest; under way: {self._open}")

    def cold(self, name: str) -> dict[str, float]:
        """The first page of a new reader: milliseconds to the last change of its charts, kilobytes on the way, requests."""
        self.page.goto(serving.address(name) + self.way.path, wait_until="commit")
        milliseconds = self.settled(0.0)
        return {"ms": milliseconds, "kilobytes": sum(self.sizes) / 1024, "requests": len(self.sizes)}

    def change(self, agency: str) -> float:
        """Milliseconds from the choice of an agency to the last change of the charts."""
        self.way.choose(self, agency)
        began = float(self.page.evaluate("window.benchBegan"))
        return self.settled(began) - began


@dataclass(frozen=True)
class Seen:
    """What one round told of a server."""

    cold: dict[str, float]
    changes: list[float]  # to agencies nobody had chosen
    again: float  # to one of them a second time


def round_of(browser: Browser, name: str, way: Way, agencies: list[str]) -> Seen:
    """A new reader opens the page and chooses these agencies, then the first of them again."""
    context = opened(browser, way)
    try:
        reader = Reader(context, way)
        return Seen(reader.cold(name), [reader.change(agency) for agency in agencies], reader.change(agencies[0]))
    finally:
        context.close()


def _ours(reader: Reader, agency: str) -> None:
    page = reader.page
    if "dv=" in page.url:  # several agencies may be chosen: back to the whole province first, outside the measure
        page.goto(page.url.split("?")[0])
        reader.settled(0.0)
    page.click("#f-dv")
    page.locator("input.dash-dropdown-search").fill(agency)
    page.locator(".dash-dropdown-option").first.click()


def _vizro(reader: Reader, agency: str) -> None:
    page = reader.page
    page.locator(".dash-dropdown").first.click()
    page.locator("input.dash-dropdown-search").fill(agency)
    page.locator(".dash-dropdown-option").first.click()


def _streamlit(reader: Reader, agency: str) -> None:
    page = reader.page
    page.locator("[data-testid=stSelectbox] input").click()
    page.locator("[data-testid=stSelectbox] input").fill(agency)
    page.get_by_role("option", name=agency, exact=True).click()


def _superset(reader: Reader, agency: str) -> None:
    page = reader.page
    box = page.locator("[data-test=form-item-value] input").first
    box.click(force=True)  # the value chosen before lies over the input
    box.fill(agency)
    page.locator(f".ant-select-item-option[title='{agency}']").first.click()
    page.locator("[data-test=filter-bar__apply-button]").click()


PLOTLY: Final = (
    "() => { const all = [...document.querySelectorAll('.js-plotly-plot')]; return all.length >= LEAST && all.every(one => one.querySelector('.main-svg')); }"
)
_STREAMLIT_DRAWN: Final = f"() => ({PLOTLY.replace('LEAST', '8')})() && !document.querySelector('[data-test-script-state=running]')"
_SUPERSET_DRAWN: Final = (
    "() => document.querySelectorAll('.grid-container canvas').length >= 8"
    " && !document.querySelector('.grid-container [data-test=loading-indicator], .grid-container .loading')"
)


def ways(made: dict[str, Any] | None) -> dict[str, Way]:
    """Every server's way; Superset's needs what was made in it."""
    return {
        "ours": Way("/", "#page", PLOTLY.replace("LEAST", "1"), _ours),
        "extract": Way("/", "#page", PLOTLY.replace("LEAST", "1"), _ours),
        "superset": Way(made["address"] if made else "/", ".grid-container", _SUPERSET_DRAWN, _superset),
        "vizro": Way("/", "#page-components", PLOTLY.replace("LEAST", "8"), _vizro),
        "streamlit": Way("/", "[data-testid=stMain]", _STREAMLIT_DRAWN, _streamlit),
    }


def logged_in(browser: Browser) -> dict[str, Any]:
    """The cookies of a reader of Superset."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(serving.address("superset") + "/login/")
    page.fill("#username, [name=username], [data-test=username-input]", superset.USER)
    page.fill("#password, [name=password], [data-test=password-input]", superset.password())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    time.sleep(1)
    state = dict(context.storage_state())
    context.close()
    return state
