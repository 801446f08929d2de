"""The first view inside the first page: the same answers that the browser would have asked for, for the same reader, noted once."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.audit import Audit, Wanted
from dashboard.ops import Feed
from dashboard.view import Look, first
from queries.data import Data, open_data
from tests.dashboard.test_finished import body

pytestmark = pytest.mark.slow
PAGE = "..page.children"
SYNC = "..url.search"


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


@pytest.fixture(scope="module")
def client(data: Data, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    client: FlaskClient = create_app(Feed(lambda: data), Look()).server.test_client()
    return client


def held(client: FlaskClient, address: str, **headers: str) -> dict[str, Any]:
    page = client.get(address, headers=headers).get_data(as_text=True)
    found = re.findall(r'<script type="application/json" data-answers="([^"]+)">(.*?)</script>', page, re.DOTALL)
    return {unescape(name): json.loads(text) for name, text in found}


def of(answers: dict[str, Any], start: str) -> Any:
    return next(answer for name, answer in answers.items() if name.startswith(start))


def test_the_first_page_holds_what_dash_asks_first(client: FlaskClient) -> None:
    answers = held(client, "/don-vi?ky=2026-Q3")
    assert client.get("/_dash-layout").get_json() == answers["_dash-layout"]
    assert client.get("/_dash-dependencies").get_json() == answers["_dash-dependencies"]
    assert client.post("/_dash-update-component", json=body("/don-vi", "?ky=2026-Q3")).get_json() == of(answers, PAGE)
    assert "2026-Q3" == of(answers, SYNC)["response"]["f-ky"]["value"]


def test_an_address_without_a_page_holds_only_the_shell(client: FlaskClient) -> None:
    assert {"_dash-layout", "_dash-dependencies"} == set(held(client, "/khong-co-trang-nay"))


def test_nothing_in_an_answer_ends_its_element_early() -> None:
    made = first.element("a", json.dumps({"x": "</script><script>alert(1)</script><!--"}))
    assert 1 == made.count("</script>")
    assert "<!--" not in made


def test_figures_are_kept_by_nobody(client: FlaskClient) -> None:
    assert "no-store" == client.get("/").headers["Cache-Control"]


def test_the_page_is_noted_once_as_opened(data: Data, tmp_path: Path) -> None:
    audit = Audit(tmp_path / "audit.sqlite", lambda: datetime(2026, 11, 1))
    client: FlaskClient = create_app(Feed(lambda: data), Look(), audit=audit).server.test_client()
    assert of(held(client, "/dia-ban?ky=2025"), PAGE)
    assert audit.flush()
    assert [("opened", "/dia-ban", "ky=2025")] == [(entry.event, entry.what, entry.query) for entry in audit.entries(Wanted(), 10)]


def test_a_packed_first_page_leaves_in_parts_that_can_be_read_as_they_come(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Encoding": "br"}, buffered=False)
    parts = iter(answer.iter_encoded())
    shell = read(packed := brotli.Decompressor(), next(parts))
    assert "_dash-renderer" in shell
    assert "</html>" not in shell
    assert (shell + "".join(read(packed, part) for part in parts)).rstrip().endswith("</html>")


def read(packed: Any, part: bytes) -> str:
    """All that a part holds: the library gives it in pieces."""
    pieces = [packed.process(part)]
    while piece := packed.process(b""):
        pieces.append(piece)
    return b"".join(pieces).decode()
