"""Signing in and out in a real Chromium: without script, at both widths, and by a real provider process of another origin under the content policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.auth.accounts import Accounts
from queries.rights import Role
from tests.processes import free_port, provider, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "mật khẩu đủ dài"
WANTED = "/don-vi?ky=2026-Q3"


@pytest.fixture(scope="module")
def base(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with both ways in; its name is another site than the provider's."""
    folder, port = tmp_path_factory.mktemp("desk"), free_port()
    Accounts(folder / "state" / "accounts.json").add("an", Role.VIEWER, (), PASSWORD)
    (folder / "roles.toml").write_text('[[role]]\ngroup = "khcn"\nrole = "head"\nagencies = ["SKHCN"]\n')
    address = f"http://localhost:{port}"
    with provider([{"sub": "lan", "preferred_username": "lan", "groups": ["khcn"]}]) as issuer:
        given = {
            "PUBLIC_URL": address,
            "SIGN_IN": "local+oidc",
            "ROLES_FILE": str(folder / "roles.toml"),
            "OIDC_ISSUER": issuer,
            "OIDC_CLIENT_ID": "bdk",
            "OIDC_CLIENT_SECRET": "bi-mat",
            "WARM_PAGES": "false",
        }
        with serving(folder, demo_url, port=str(port), WEB_CONCURRENCY="1", **{f"DASHBOARD_{name}": value for name, value in given.items()}):
            yield address


def watched(page: Page) -> list[str]:
    """What the browser complains of, a policy that blocks something included."""
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


def is_as_wide_as_its_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("width", [1440, 390])
def test_without_script_a_link_opens_after_the_sign_in_and_the_way_out_works(width: int, base: str, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    page.goto(base + WANTED)
    assert "/dang-nhap?tiep=" in page.url
    page.screenshot(path=tmp_path / f"sign-in-{width}.png")
    page.get_by_label("Tên đăng nhập").fill("an")
    page.get_by_label("Mật khẩu").fill("sai mật khẩu rồi")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_have_text("Tên đăng nhập hoặc mật khẩu không đúng.")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("an")
    page.screenshot(path=tmp_path / f"wrong-{width}.png")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    assert base + WANTED == page.url
    words = re.search("<noscript>(.*)</noscript>", context.request.get(page.url).text())  # the driver's way of turning scripts off leaves these words out
    assert words is not None
    assert "Hãy bật JavaScript cho trang này" in words[1]
    assert '<form method="post" action="/dang-xuat">' in words[1]
    gone = context.request.post(f"{base}/dang-xuat")
    page.goto(gone.url)
    expect(page.get_by_role("status")).to_have_text("Đã đăng xuất khỏi bảng điều khiển.")
    page.screenshot(path=tmp_path / f"out-{width}.png")
    assert 401 == context.request.get(f"{base}/_dash-layout").status
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_by_the_provider_of_another_origin_a_link_opens_and_the_policy_blocks_nothing(width: int, base: str, browser: Browser, tmp_path: Path) -> None:
    """Chromium holds every redirect of a form against the form-action of the page that holds the form; the way to the provider is a link."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN")
    page = context.new_page()
    faults = watched(page)
    page.goto(base + WANTED)
    assert is_as_wide_as_its_window(page)
    page.get_by_role("link", name="Đăng nhập bằng tài khoản của tỉnh").click()
    assert page.url.startswith("http://127.0.0.1:"), "the provider's own page"
    page.locator("input[name=sub]").fill("lan")
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url(base + WANTED)
    expect(page.locator(".account__name").first).to_be_attached(timeout=60_000)
    page.screenshot(path=tmp_path / f"in-{width}.png")
    own = [fault for fault in faults if "Content Security Policy" in fault or "form-action" in fault]
    assert [] == own
    page.locator(".account__name").first.click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("status")).to_have_text("Đã đăng xuất khỏi bảng điều khiển.")
    context.close()
