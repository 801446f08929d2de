"""A real Chromium and the demo province for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from dashboard.ops import start_log
from queries.data import Data, open_data

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def data(demo_url: str) -> Iterator[Data]:
    start_log()
    opened = open_data(demo_url)
    yield opened
    opened.source.close()
