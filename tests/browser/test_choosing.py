"""Choosing rows of a table in a real Chromium: the files hold what is ticked, by mouse, by keyboard and on a phone."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import docx
import openpyxl
import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect
from werkzeug.serving import make_server

from dashboard.app import create_app
from dashboard.cards import Card, CardFile, Drawing
from dashboard.ops import Feed
from dashboard.pages import CARDS, adoption
from dashboard.tables import Column, Kind, Table
from dashboard.view import Look
from queries.call_list import CallList
from queries.data import open_data

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADDRESS = "tests.choosing"
COLUMNS = (
    Column("agency_name", "Đơn vị"),
    Column("reason", "Lý do"),
    Column("returned", "Kết quả", Kind.WHOLE),
    Column("last_postal_return", "Gần nhất", Kind.DATE),
)
CARD = Card(
    ADDRESS,
    "Chọn đơn vị để soạn thư",
    CallList(),
    lambda frame, _: Drawing("Danh sách để chọn", table=Table.of(frame, COLUMNS, interactive=True, choose="agency_code"), is_empty=frame.empty),
    files=(CardFile("xlsx", "Tải danh sách (XLSX)", "call_list_workbook"), CardFile("docx", "Tải thư nhắc (DOCX)", "reminder_letters")),
)


@pytest.fixture(scope="module")
def base(demo_url: str) -> Iterator[str]:
    """A page that holds nothing but the card, served in this process."""
    cards = list(adoption.PAGE.cards)
    adoption.PAGE.cards[:] = [CARD]
    CARDS[ADDRESS] = CARD
    data = open_data(demo_url)
    server = make_server("127.0.0.1", 0, create_app(Feed(lambda: data), Look()).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{adoption.PAGE.path}"
    server.shutdown()
    thread.join()
    server.server_close()
    del CARDS[ADDRESS]
    adoption.PAGE.cards[:] = cards


@pytest.fixture(params=[1440, 390])
def page(request: pytest.FixtureRequest, browser: Browser, base: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 900}, locale="vi-VN", accept_downloads=True)
    one = context.new_page()
    faults: list[str] = []
    one.on("pageerror", lambda error: faults.append(str(error)))
    one.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    one.goto(f"{base}?ky=2026-Q3")
    expect(one.locator("[data-choose]").first).to_be_visible()
    yield one
    context.close()
    assert faults == []


def boxes(page: Page) -> Locator:
    return page.locator("input[data-choose]")


def chosen(page: Page, words: str = "Tải thư nhắc (DOCX)") -> list[str]:
    """The codes in the address of a file's link."""
    return parse_qs(urlsplit(page.get_by_role("link", name=words).get_attribute("href") or "").query).get("chon", [""])[0].split(",")


def downloaded(page: Page, words: str) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("link", name=words).click()
    file: Download = found.value
    return file.path().read_bytes()


def receivers(content: bytes) -> int:
    return sum(line.text.startswith("Kính gửi") for line in docx.Document(io.BytesIO(content)).paragraphs)


def test_without_a_choice_the_files_hold_every_row(page: Page) -> None:
    count = boxes(page).count()
    assert count > 5
    assert chosen(page) == [""]
    expect(page.get_by_text("Chưa chọn dòng nào: tệp tải về có tất cả các dòng.")).to_be_visible()
    assert receivers(downloaded(page, "Tải thư nhắc (DOCX)")) == count


def test_ticked_rows_are_the_rows_of_both_files(page: Page) -> None:
    codes = [boxes(page).nth(place).get_attribute("data-choose") for place in (0, 2)]
    boxes(page).nth(0).check()
    boxes(page).nth(2).check()
    assert chosen(page) == sorted(map(str, codes))
    expect(page.get_by_text(f"Đã chọn 2 trong {boxes(page).count()} dòng")).to_be_visible()
    assert receivers(downloaded(page, "Tải thư nhắc (DOCX)")) == 2
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(page, "Tải danh sách (XLSX)")))["Danh sách"]
    assert sorted(map(str, codes)) == sorted(str(row[1].value) for row in sheet.iter_rows(min_row=7) if row[1].value)
    boxes(page).nth(0).uncheck()
    boxes(page).nth(2).uncheck()
    assert chosen(page) == [""]


def test_all_rows_are_chosen_and_let_go_with_one_button(page: Page) -> None:
    page.get_by_role("button", name="Chọn tất cả").click()
    assert len(chosen(page)) == boxes(page).count()
    page.get_by_role("button", name="Bỏ chọn").click()
    assert chosen(page) == [""]
    expect(page.get_by_role("button", name="Chọn tất cả")).to_be_visible()


def test_every_box_is_named_after_its_row_and_answers_the_keyboard(page: Page) -> None:
    name = page.locator("tbody th").first.inner_text()
    box = page.get_by_role("checkbox", name=f"Chọn {name}", exact=True)
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    assert len(chosen(page)) == 1
    head = page.locator("input[data-choose-all]")
    assert head.evaluate("box => box.indeterminate")
    head.focus()
    page.keyboard.press("Space")
    assert len(chosen(page)) == boxes(page).count()
    expect(head).to_have_attribute("aria-label", "Bỏ chọn tất cả các dòng")


def test_a_choice_outlives_search_and_sorting_and_ends_with_other_filters(page: Page, base: str) -> None:
    first = str(boxes(page).first.get_attribute("data-choose"))
    boxes(page).first.check()
    page.get_by_label("Tìm trong bảng").fill("khong co don vi nay")
    expect(boxes(page)).to_have_count(0)
    assert chosen(page) == [first]
    page.get_by_label("Tìm trong bảng").fill("")
    expect(page.locator(f'input[data-choose="{first}"]')).to_be_checked()
    page.evaluate("window.history.pushState({}, '', '?ky=2026-Q2'); window.dispatchEvent(new PopStateEvent('popstate', { state: {} }))")
    expect(page.get_by_role("link", name="Tải thư nhắc (DOCX)")).to_have_attribute("href", f"/tai-ve/{ADDRESS}.docx?ky=2026-Q2")
    expect(page.locator("input[data-choose]:checked")).to_have_count(0)
