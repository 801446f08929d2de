"""Every page looks as it did: compared with a small picture of it. After a change that is meant: make pictures, and look at what git shows."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page

from dashboard.pages import PAGES
from queries.data import Data
from tests.browser import looks
from tests.browser.states import DATA, EMPTY, ERROR, THEMES, Place, served

RENEW = os.environ.get("RENEW_PICTURES") == "1"
STATES = (DATA, EMPTY, ERROR)
WIDTHS = (1440, 390)
SETTLE_MS = 150
MOST_LOOKS = 8


@pytest.fixture(scope="module", params=STATES)
def place(request: pytest.FixtureRequest, data: Data, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    stands, here = looks.PICTURES / looks.MADE_WITH, looks.made_with(chromium)
    if RENEW:
        looks.PICTURES.mkdir(exist_ok=True)
        stands.write_text(here + "\n", encoding="utf-8")
    elif not stands.exists():
        pytest.skip("there are no pictures yet: make pictures")
    elif stands.read_text(encoding="utf-8").strip() != here:
        pytest.skip(f"the pictures were made with {stands.read_text(encoding='utf-8').strip()}, here is {here}: letters would differ")
    with served(request.param, data, tmp_path_factory.mktemp("store")) as found:
        yield found


def name_of(path: str, state: str, theme: str, width: int) -> str:
    return "-".join([path.strip("/").replace("/", "-") or "tong-quan", state, theme, str(width)])


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_looks_as_it_did(place: Place, browser: Browser, width: int) -> None:
    """A page is opened in light; it follows the reader's machine into dark without another answer."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    found = []
    for one in PAGES:
        place.open(page, one.path)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            name = name_of(one.path, place.state, theme, width)
            if RENEW:
                looks.keep(settled(page), name)
            elif said := looks.difference(settled(page), name):
                found.append(said)
    context.close()
    assert not found, "\n".join(found)


def settled(page: Page) -> Image.Image:
    """The page as a small picture, once two of them a moment apart are alike."""
    before = b""
    for _ in range(MOST_LOOKS):
        page.wait_for_timeout(SETTLE_MS)
        now = page.screenshot(full_page=True, animations="disabled", caret="hide")
        if now == before:
            break
        before = now
    return looks.small(before)


def test_the_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in looks.PICTURES.glob("*.png")) <= looks.MOST_BYTES


def shot(draw: int = 0, height: int = 800, grey: int = 240) -> bytes:
    """A made-up screenshot: a grey page with a dark box `draw` pixels wide."""
    image = Image.new("RGB", (400, height), (grey, grey, grey))
    ImageDraw.Draw(image).rectangle((20, 20, 20 + draw, 120), fill=(10, 106, 102))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_the_same_page_is_no_difference_and_a_little_noise_is_none(tmp_path: Path) -> None:
    looks.keep(looks.small(shot(200)), "a", tmp_path)
    assert "" == looks.difference(looks.small(shot(200)), "a", tmp_path)
    assert "" == looks.difference(looks.small(shot(201, grey=244)), "a", tmp_path)


@pytest.mark.parametrize(
    ("changed", "words"), [(shot(260), "differs"), (shot(0), "between 20"), (shot(200, height=900), "was 100×200, is 100×225"), (shot(200, grey=90), "differs")]
)
def test_what_moved_vanished_grew_or_changed_colour_is_told(tmp_path: Path, changed: bytes, words: str) -> None:
    looks.keep(looks.small(shot(200)), "a", tmp_path)
    assert words in looks.difference(looks.small(changed), "a", tmp_path)


def test_a_page_without_a_picture_is_told(tmp_path: Path) -> None:
    assert "make pictures" in looks.difference(looks.small(shot()), "neu", tmp_path)
