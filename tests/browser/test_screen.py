"""The screen in a real Chromium: light and dark, filters and kept views, keys, narrow and wall screens, paper."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from dashboard import theme
from dashboard.app import create_app
from dashboard.ops import Feed
from dashboard.view import Look
from queries.data import open_data

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WAIT_MS = 60_000
DRAWN = """() => document.querySelector('#page .page__title') && !document.querySelector('[data-dash-is-loading="true"]')
  && [...document.querySelectorAll('.chart-card__drawing')].filter((one) => one.offsetParent).every((one) => one.querySelector('.main-svg'))"""
PAINTED = """() => [...new Set([...document.querySelectorAll('.js-plotly-plot .main-svg *')]
  .flatMap((mark) => [mark.style.fill, mark.style.stroke]).filter((color) => color.startsWith('rgb(')))]"""
HAS_COLOUR = "(color) => [...document.querySelectorAll('.main-svg *')].some((one) => one.style.fill === color)"
SHIFTS = """() => { window.moved = []; new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.moved.push(
  [entry.value, entry.sources.map((one) => one.node?.className ?? '').join(' ')]))).observe({ type: 'layout-shift', buffered: true }); }"""
SMALL = """() => [...document.querySelectorAll('button, .action, .chip__remove, .presets__link, .tabs__link, summary, input:not([type=hidden])')]
  .filter((one) => one.checkVisibility() && !one.closest('.dash-dropdown, [inert]')).map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < 23.5 || box.width < 23.5)).map(([one, box]) => `${one.className} ${box.width}×${box.height}`)"""


@pytest.fixture(scope="module")
def base(demo_url: str) -> Iterator[str]:
    data = open_data(demo_url)
    server = make_server("127.0.0.1", 0, create_app(Feed(lambda: data), Look()).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="vi-VN", color_scheme="light", permissions=["clipboard-read", "clipboard-write"]
    )
    found.set_default_timeout(WAIT_MS)
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    found = context.new_page()
    faults: list[str] = []
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield found
    assert faults == []


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_function(DRAWN)
    return page


def rgb(color: str) -> str:
    return f"rgb({int(color[1:3], 16)}, {int(color[3:5], 16)}, {int(color[5:7], 16)})"


def painted(page: Page) -> set[str]:
    return set(page.evaluate(PAINTED))


def keys(page: Page, *pressed: str) -> None:
    page.evaluate("() => document.activeElement.blur()")
    for key in pressed:
        page.keyboard.press(key)


LIGHT_ONLY = {rgb(color) for color in (theme.LIGHT.ink, theme.LIGHT.ink_soft, theme.LIGHT.post)}
DARK_ONLY = {rgb(theme.DARK_OF[color]) for color in (theme.LIGHT.ink, theme.LIGHT.ink_soft, theme.LIGHT.post)}


def test_dark_is_chosen_kept_and_left_and_charts_follow_without_an_answer(page: Page, base: str) -> None:
    opened(page, base + "/")
    assert painted(page) >= LIGHT_ONLY
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.click('[data-theme-choice="dark"]')
    page.wait_for_function(HAS_COLOUR, arg=rgb(theme.DARK_OF[theme.LIGHT.ink_soft]))
    assert not painted(page) & LIGHT_ONLY
    assert painted(page) >= DARK_ONLY
    assert asked == []
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == rgb(theme.DARK.paper)
    opened(page, base + "/")
    assert not painted(page) & LIGHT_ONLY, "painted light first"
    expect(page.locator('[data-theme-choice="dark"]')).to_have_attribute("aria-pressed", "true")
    keys(page, "t")  # dark → as the system, which is light here
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")
    assert painted(page) >= LIGHT_ONLY
    assert not painted(page) & DARK_ONLY


def test_the_system_s_theme_is_followed_before_anything_is_painted(browser: Browser, base: str) -> None:
    context = browser.new_context(color_scheme="dark", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(base + "/", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    page.wait_for_function(DRAWN)
    assert not painted(page) & LIGHT_ONLY
    saved = page.evaluate("""async () => { const graph = document.querySelector('.js-plotly-plot');
      return JSON.stringify(window.appearance.toLight({ data: graph.data, layout: graph.layout })); }""")
    assert theme.LIGHT.post in saved, "a saved picture is on white"
    assert not {theme.DARK_OF[theme.LIGHT.ink], theme.DARK_OF[theme.LIGHT.post]} & set(re.findall("#[0-9a-f]{6}", saved))
    context.close()


def test_a_quick_period_its_chip_and_the_reporting_clock_stand_in_the_address(page: Page, base: str) -> None:
    opened(page, base + "/")
    expect(page.locator(".chips .chip__remove")).to_have_count(0)
    page.get_by_role("link", name="Quý IV/2026", exact=True).click()
    page.wait_for_url(re.compile("ky=2026-Q4"))
    expect(page.locator(".chips .chip__remove")).to_have_count(1, timeout=WAIT_MS)
    page.get_by_role("link", name="Năm báo cáo").click()
    page.wait_for_url(re.compile("lich=bao-cao"))
    page.wait_for_function("() => document.querySelectorAll('.chips .chip__remove').length === 2")
    page.get_by_title("Bỏ lọc năm báo cáo").click()
    page.wait_for_url(re.compile(r"\?ky=2026-Q4$"))
    page.wait_for_function("() => document.querySelectorAll('.chips .chip__remove').length === 1")
    page.get_by_role("link", name="Xóa tất cả").click()
    page.wait_for_url(re.compile(r"/$"))
    expect(page.locator(".chips__clear")).to_have_count(0, timeout=WAIT_MS)
    expect(page.locator("#announcer")).to_contain_text("Đã tải xong: Tổng quan. Lũy kế")


def test_a_link_is_copied_and_views_are_kept_renamed_and_deleted(page: Page, base: str) -> None:
    opened(page, base + "/?ky=2026-Q3")
    page.get_by_role("button", name="Sao chép liên kết").click()
    expect(page.get_by_role("button", name="Đã sao chép liên kết")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == base + "/?ky=2026-Q3"
    page.click("#views > summary")
    expect(page.get_by_text("Chưa lưu góc nhìn nào.")).to_be_visible()
    page.fill("#ten-goc-nhin", "Quý ba <b>")
    page.keyboard.press("Enter")
    expect(page.locator(".views__list a")).to_have_text("Quý ba <b>")
    page.once("dialog", lambda dialog: dialog.accept("Họp giao ban"))
    page.get_by_role("button", name="Đổi tên").click()
    expect(page.locator(".views__list a")).to_have_text("Họp giao ban")
    opened(page, base + "/")
    page.click("#views > summary")
    page.get_by_role("link", name="Họp giao ban").click()
    page.wait_for_url(re.compile("ky=2026-Q3"))
    if not page.locator("#views").evaluate("(one) => one.open"):
        page.click("#views > summary")
    page.get_by_role("button", name="Xóa: Họp giao ban").click()
    expect(page.locator(".views__list a")).to_have_count(0)


def test_keys_open_pages_and_controls_but_not_while_typing(page: Page, base: str) -> None:
    opened(page, base + "/")
    keys(page, "?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#phim-tat")).to_be_hidden()
    keys(page, "g", "d")
    page.wait_for_url(re.compile("/don-vi"))
    page.wait_for_function(DRAWN)
    keys(page, "/")
    expect(page.locator(".data-table__tools input")).to_be_focused()
    page.keyboard.type("gt?")
    expect(page.locator(".data-table__tools input")).to_have_value("gt?")
    expect(page.locator("#phim-tat")).to_be_hidden()
    page.locator(".data-table__tools input").fill("")
    keys(page, "k")
    expect(page.locator(".dash-dropdown-content")).to_be_visible()
    page.keyboard.press("Escape")
    keys(page, "?")
    page.get_by_role("button", name="Tắt phím tắt").click()
    page.get_by_role("button", name="Đóng").click()
    keys(page, "g", "t")
    page.wait_for_timeout(300)
    assert "/don-vi" in page.url


def test_who_types_into_a_search_box_at_once_keeps_every_letter_and_asks_once(page: Page, base: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "_dash-update-component" in request.url else None)
    page.goto(base + "/don-vi")
    box = page.locator("[data-searched] input").first
    box.click()
    page.keyboard.type("muong te")
    expect(box).to_have_value("muong te")
    page.wait_for_url("**/don-vi?tim=muong*te")
    page.wait_for_function(DRAWN)
    expect(page.locator(".data-table__count").first).to_contain_text(" trong ")
    page.wait_for_timeout(800)
    assert len(asked) == 2, "the address and the page, once each: the first view came with the page"
    expect(box).to_be_focused()
    page.keyboard.type(" x")
    expect(box).to_have_value("muong te x")
    page.go_back()
    expect(page.locator("[data-searched] input").first).to_have_value("")


def test_what_is_pressed_is_large_enough(page: Page, base: str) -> None:
    for path in ("/?ky=2026-Q3", "/chua-tra-qua-buu-chinh"):
        assert opened(page, base + path).evaluate(SMALL) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_once_the_page_has_come(page: Page, base: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.add_init_script(f"({SHIFTS})()")
    opened(page, base + "/")
    page.wait_for_timeout(500)
    moved: list[Any] = page.evaluate("() => window.moved")
    assert sum(value for value, _ in moved) < 0.1, moved


def test_a_phone_shows_figures_and_lists_before_charts(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, base + "/don-vi")
    tops: list[tuple[float, str]] = page.evaluate(
        """() => [...document.querySelectorAll('#page .chart-card')].map((card) => [card.getBoundingClientRect().top,
        card.querySelector(':scope > .kpis') ? 'figures' : card.querySelector(':scope > .chart-card__chart') ? 'chart' : 'list'])"""
    )
    order = [kind for _, kind in sorted(tops)]
    assert order == sorted(order, key=["figures", "list", "chart"].index)
    assert page.evaluate("() => getComputedStyle(document.querySelector('.data-table--cards tbody tr')).display") == "block"


def test_a_wall_screen_turns_the_pages_and_has_no_controls(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    opened(page, base + "/?ky=2026-Q3&tv=1")
    for hidden in (".bar", ".tabs", ".chart-card__actions", ".page-footer", ".theme"):
        expect(page.locator(hidden).first).to_be_hidden()
    seen = []
    for _ in range(8):
        page.wait_for_function("() => document.querySelectorAll('#page .chart-card.is-shown').length === 1")
        assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight + 1"), page.url
        seen.append(page.url.removeprefix(base))
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1200)
        page.wait_for_function(DRAWN)
    assert len({address.partition("?")[0] for address in seen}) > 1
    assert all("tv=1" in address and "ky=2026-Q3" in address for address in seen)
    page.keyboard.press("Escape")
    page.wait_for_url(lambda address: "tv=1" not in address)


def test_a_sheet_is_landscape_light_and_says_page_filters_and_date_at_its_head(browser: Browser, base: str) -> None:
    context = browser.new_context(color_scheme="dark", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    opened(page, base + "/?ky=2026-Q3")
    page.wait_for_timeout(300)
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) >= 3
    for sheet in sheets:
        assert sheet.mediabox.width > sheet.mediabox.height
        words = " ".join(sheet.extract_text().split())
        assert "Tổng quan · Quý III/2026" in words
        assert "Số liệu đến 31/10/2026" in words
        assert not [one for one in sheet.images if one.image is not None and one.image.width > 600], "a chart as a picture"
    assert not painted(page) & LIGHT_ONLY, "back to dark after the sheets"
    context.close()
