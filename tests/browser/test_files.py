"""From the screen to a file in a real Chromium: one click, a bar, the file; publishing; the stamp on a picture."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pptx
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug.serving import make_server

from dashboard.app import create_app
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.view import Look
from queries.data import open_data

pytestmark = [pytest.mark.browser, pytest.mark.slow]
QUARTER = "?ky=2026-Q3"


@pytest.fixture(scope="module")
def base(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = open_data(demo_url)
    office = Office(folder=tmp_path_factory.mktemp("state"))
    server = make_server("127.0.0.1", 0, create_app(Feed(lambda: data), Look(), office).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[1440, 390])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 900}, locale="vi-VN", accept_downloads=True)
    one = context.new_page()
    faults: list[str] = []
    one.on("pageerror", lambda error: faults.append(str(error)))
    yield one
    context.close()
    assert faults == []


def test_a_deck_is_two_clicks_away_from_any_page(page: Page, base: str) -> None:
    page.goto(base + "/" + QUARTER)
    page.get_by_role("link", name="Trình bày kỳ này").click()
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("link", name="Trang chiếu (PPTX)").click()
    body = Path(waiting.value.path()).read_bytes()
    assert 8 <= len(pptx.Presentation(io.BytesIO(body)).slides) <= 14
    assert waiting.value.suggested_filename.endswith(".pptx")


def test_the_progress_is_shown_and_a_second_click_starts_nothing(page: Page, base: str) -> None:
    asked: list[str] = []

    def slow(route: Route) -> None:
        asked.append(route.request.url)
        if len([one for one in asked if "/lam-tep/" in one]) < 4 and route.request.method == "GET":
            route.fulfill(json={"buoc": "running", "xong": 2, "tong": 8, "dang": "Đang dựng tệp"})
        else:
            route.continue_()

    page.route(re.compile(r"/lam-tep(/[0-9a-f-]+)?$"), slow)
    page.goto(base + "/trinh-bay" + QUARTER)
    link = page.get_by_role("link", name="Báo cáo Word (DOCX)")
    with page.expect_download(timeout=60_000):
        link.click()
        link.click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.locator(".making")).to_contain_text("Đang dựng tệp")
    assert 1 == len([one for one in asked if one.endswith("/lam-tep")])


def test_a_file_that_cannot_be_made_says_why_beside_its_link(page: Page, base: str) -> None:
    page.route(re.compile(r"/lam-tep/[0-9a-f-]+$"), lambda route: route.fulfill(json={"buoc": "failed", "loi": "Cơ sở dữ liệu không trả lời."}))
    page.goto(base + "/trinh-bay" + QUARTER)
    page.get_by_role("link", name="Báo cáo PDF").click()
    expect(page.get_by_role("alert").filter(has_text="Cơ sở dữ liệu không trả lời.")).to_be_visible()


def test_a_server_that_is_away_is_said(page: Page, base: str) -> None:
    page.route(re.compile(r"/lam-tep$"), lambda route: route.abort())
    page.goto(base + "/trinh-bay" + QUARTER)
    page.get_by_role("link", name="Báo cáo PDF").click()
    expect(page.get_by_text("Không liên lạc được với máy chủ")).to_be_visible()


def test_a_card_is_saved_as_a_workbook_from_its_foot(page: Page, base: str) -> None:
    page.goto(base + "/" + QUARTER)
    with page.expect_download(timeout=60_000) as waiting:
        page.locator("#card-overview-months").get_by_role("link", name="Tải XLSX").click()
    assert "xl/charts/chart1.xml" in zipfile.ZipFile(waiting.value.path()).namelist()


def test_publishing_shows_what_was_kept_and_that_nothing_has_changed(page: Page, base: str) -> None:
    page.goto(base + "/trinh-bay" + QUARTER)
    page.get_by_text("Chốt số liệu đã báo cáo").click()
    page.get_by_label("Tên báo cáo").fill("Báo cáo gửi UBND tỉnh")
    page.get_by_role("button", name="Chốt số liệu").click()
    expect(page.get_by_role("heading", name="Báo cáo gửi UBND tỉnh (đã công bố)")).to_be_visible()
    expect(page.get_by_text("Số liệu hôm nay giống số liệu đã công bố.")).to_be_visible()
    page.get_by_role("link", name="Mở lại đúng trạng thái này").click()
    expect(page.get_by_role("heading", name="Trình bày", exact=True)).to_be_visible()


def test_a_picture_carries_filters_moment_version_and_code(page: Page, base: str) -> None:
    page.goto(base + "/" + QUARTER)
    card = page.locator("#card-overview-months")
    expect(card.locator(".js-plotly-plot")).to_be_visible(timeout=30_000)
    with page.expect_download(timeout=60_000) as waiting:
        card.get_by_role("button", name="Tải SVG").click()
    drawn = " ".join(re.findall(r">([^<>]+)<", Path(waiting.value.path()).read_text(encoding="utf-8")))
    for part in ("Quý III/2026", "Mã đối chiếu", "phiên bản", "/ma/"):
        assert part in drawn, part
