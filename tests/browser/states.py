"""The states in which a page can be, each as a server of its own: figures, nothing, faults, no database, nobody signed in.

The theme is that of the reader's machine, which the page follows; the language is the cookie that the switch in the header sets.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal
from unittest import mock

from playwright.sync_api import Page
from werkzeug.serving import make_server

from config.language import VIETNAMESE
from dashboard.app import create_app
from dashboard.auth import Access, Way
from dashboard.cards import Card
from dashboard.exports.office import Office
from dashboard.guard.languages import COOKIE
from dashboard.ops import Feed
from dashboard.pages import PAGES
from dashboard.view import Look
from queries.data import Data
from queries.errors import DatabaseUnreachable

DATA, EMPTY, ERROR, AWAY, SIGNED_OUT = "data", "empty", "error", "away", "signed-out"
STATES: Final = (DATA, EMPTY, ERROR, AWAY, SIGNED_OUT)
EMPTY_QUERY: Final = "?tu=2030-01-01&den=2030-12-31"
THEMES: Final = ("light", "dark")
_DRAWN: Final = """() => !document.querySelector('[data-dash-is-loading="true"]')
  && [...document.querySelectorAll('.dash-graph')].every(one => one.querySelector('.main-svg'))"""
_READY: Final = {SIGNED_OUT: "main", AWAY: "#page .notice"}


@dataclass(frozen=True)
class Place:
    """A server in one state."""

    base: str
    state: str

    def open(self, page: Page, path: str, theme: Literal["light", "dark"] = "light", language: str = VIETNAMESE) -> None:
        """Open a path and wait until it rests."""
        page.emulate_media(color_scheme=theme)
        page.context.add_cookies([{"name": COOKIE, "value": language, "url": self.base}])
        page.goto(self.base + path + (EMPTY_QUERY if self.state == EMPTY else ""))
        page.wait_for_selector(_READY.get(self.state, "#page .page__title"))
        page.wait_for_load_state("networkidle")
        page.wait_for_function(_DRAWN)


def paths(state: str) -> tuple[str, ...]:
    """The addresses that look different in a state."""
    return ("/dang-nhap",) if state == SIGNED_OUT else tuple(page.path for page in PAGES)


@contextmanager
def served(state: str, data: Data, folder: Path) -> Iterator[Place]:
    """A server in this state until the block ends."""

    def closed() -> Data:
        raise DatabaseUnreachable("no connection", sentence="Không kết nối được máy chủ cơ sở dữ liệu.")

    look = Look()
    office = Office(look.letterhead, look.place, look.targets, folder=folder, clock=lambda: datetime(2026, 11, 1, 8))
    access = Access(Way.LOCAL, accounts=folder / "accounts.json", store=folder / "sessions.sqlite") if state == SIGNED_OUT else Access()
    with ExitStack() as stack:
        if state == ERROR:
            stack.enter_context(mock.patch.object(Card, "drawing", side_effect=RuntimeError("made up")))
            stack.enter_context(mock.patch("dashboard.view.card.incident", return_value="0A1B2C3D"))  # the same on every picture
        feed = Feed(closed if state == AWAY else lambda: data)
        server = make_server("127.0.0.1", 0, create_app(feed, look, office, access=access).server, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Place(f"http://127.0.0.1:{server.server_port}", state)
        finally:
            server.shutdown()
            thread.join(20)
            server.server_close()
