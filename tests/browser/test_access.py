"""Every page, in every state, for every reader: nothing that axe finds against WCAG 2.2 AA, all of it by keyboard, on 320 pixels, without motion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import TimeoutError as Unsettled

from config.language import ENGLISH, VIETNAMESE
from dashboard.pages import PAGES
from queries.data import Data
from tests.browser.states import DATA, STATES, Place, paths, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "resultTypes": ["violations"]}
REACHABLE = (
    "() => [...document.querySelectorAll('a[href], button, input, summary, [tabindex=\"0\"]')].filter(one => !one.disabled && one.tabIndex >= 0"
    " && one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length).length"
)
# What has the focus: its place among all elements, and whether one sees it: an outline or a ring of its own or of the box around it.
FOCUSED = """
() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const ringed = one => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  const box = here.getBoundingClientRect();
  return {
    place: [...document.querySelectorAll('*')].indexOf(here),
    name: here.outerHTML.slice(0, 120),
    seen: box.width > 0 && box.height > 0 && (ringed(here) || ringed(here.parentElement)),
  };
}
"""


@pytest.fixture(scope="module", params=STATES)
def place(request: pytest.FixtureRequest, data: Data, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with served(request.param, data, tmp_path_factory.mktemp("store")) as found:
        yield found


@pytest.fixture(scope="module")
def full(data: Data, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with served(DATA, data, tmp_path_factory.mktemp("store")) as found:
        yield found


@pytest.fixture(scope="module")
def wide(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    yield context
    context.close()


def violations(page: Page, path: str, options: dict[str, Any]) -> list[str]:
    """What axe finds, with the places."""
    found = []
    for violation in Axe().run(page, options=options).response["violations"]:
        found += [f"{path}: {violation['id']}: {node['target']} {node['html'][:160]}: {node['failureSummary'][:300]}" for node in violation["nodes"][:3]]
    return found


@pytest.mark.parametrize(("language", "theme"), [(VIETNAMESE, "light"), (ENGLISH, "dark")])
def test_axe_finds_nothing(place: Place, wide: BrowserContext, theme: Literal["light", "dark"], language: str) -> None:
    """Both languages and both themes in every state. A theme changes nothing but colours: in Vietnamese they are looked at once more in the other one."""
    found = []
    page = wide.new_page()
    for path in paths(place.state):
        place.open(page, path, theme, language)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        found += violations(page, path, WCAG)
        if language == VIETNAMESE:
            page.emulate_media(color_scheme="dark")
            page.wait_for_function("() => [undefined, 'dark'].includes(document.documentElement.dataset.theme)")  # without scripts by style alone
            found += violations(page, f"{path}, dark", COLOURS)
    page.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_everything_is_reached_by_keyboard_and_the_focus_is_seen(full: Place, wide: BrowserContext, path: str) -> None:
    page = wide.new_page()
    full.open(page, path)
    wanted = page.evaluate(REACHABLE)
    reached, unseen = set(), []
    for _ in range(min(wanted + 5, 150)):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or focused["place"] in reached:
            break
        reached.add(focused["place"])
        if not focused["seen"]:
            unseen.append(focused["name"])
    page.close()
    assert not unseen, "\n".join(unseen)
    assert len(reached) >= min(wanted, 150)


def test_no_page_is_wider_than_the_screen(place: Place, browser: Browser) -> None:
    """A phone, the smallest one (320 px is also what 400 % of zoom leaves of 1280), a tablet."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(60_000)
    found = []
    for path in paths(place.state):
        page.set_viewport_size({"width": 390, "height": 844})
        place.open(page, path)
        for width in (390, 320, 768):
            page.set_viewport_size({"width": width, "height": 844})
            try:
                page.wait_for_function("width => document.scrollingElement.scrollWidth <= width", arg=width, timeout=5_000)  # charts take their new width
            except Unsettled:
                found.append(f"{path} takes {page.evaluate('document.scrollingElement.scrollWidth')} of {width} px")
    page.close()
    assert not found, "\n".join(found)


def test_nothing_moves_for_a_reader_who_wants_no_motion(full: Place, wide: BrowserContext) -> None:
    page = wide.new_page()
    for one in PAGES:
        full.open(page, one.path)
        moving = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(one => { const style = getComputedStyle(one);"
            " return [style.animationDuration, style.transitionDuration].some(all => all.split(',').some(each => parseFloat(each) > 0.01)); })"
            ".map(one => one.outerHTML.slice(0, 100)).slice(0, 5)"
        )
        assert moving == [], one.path
    page.close()


def test_a_fault_that_is_made_is_found(full: Place, wide: BrowserContext) -> None:
    page = wide.new_page()
    full.open(page, "/")
    faults = '<img src="data:,"><p style="color:#ddd;background:#fff">Chữ quá nhạt để đọc được</p>'
    page.evaluate("made => document.querySelector('main').insertAdjacentHTML('afterbegin', made)", faults)
    assert {"image-alt", "color-contrast"} <= {violation["id"] for violation in Axe().run(page, options=WCAG).response["violations"]}
    page.close()
