"""A page seen before costs nothing and is the same page; what failed, and what is of other data, is not given again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.cards import Asked
from dashboard.exports.briefings import fitting_template, publish
from dashboard.exports.office import Office
from dashboard.ops import Away, Feed, start_log
from dashboard.pages import BRIEFING_PATH, CARDS, PAGES
from dashboard.view import Look, briefing_panel, warm
from queries.data import Answers, Data, open_data
from queries.filters import Filters
from queries.rights import Rights
from queries.source import Source
from tests.dashboard.scoped import HEAD

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(demo_url: str) -> Iterator[Data]:
    start_log()
    opened = open_data(demo_url)
    yield opened
    opened.source.close()


def body(path: str, search: str) -> dict[str, Any]:
    names = ("page.children", "notices.children", "navigation.children", "data-date.children")
    outputs = [dict(zip(("id", "property"), name.split("."), strict=True)) for name in names]
    values = {"pathname": path, "search": search}
    inputs = [{"id": "url", "property": name, "value": value} for name, value in values.items()]
    return {"output": f"..{'...'.join(names)}..", "outputs": outputs, "inputs": inputs, "changedPropIds": ["url.search"]}


def load(client: FlaskClient, path: str = "/", search: str = "", **headers: str) -> Any:
    answer = client.post("/_dash-update-component", json=body(path, search), headers=headers)
    assert 200 == answer.status_code
    return answer


def client_of(data: Data, page_bytes: int = 2**24) -> FlaskClient:
    client: FlaskClient = create_app(Feed(lambda: data), Look(), page_bytes=page_bytes).server.test_client()
    return client


@pytest.mark.parametrize("path", [page.path for page in PAGES])
@pytest.mark.parametrize("search", ["", "?ky=2025&cap=commune", "?tu=mai"])
def test_a_kept_page_is_the_page_that_is_not_kept(data: Data, path: str, search: str) -> None:
    keeping, plain = client_of(data), client_of(data, page_bytes=0)
    expected = load(plain, path, search).get_json()
    assert expected == load(keeping, path, search).get_json()
    assert expected == load(keeping, path, search).get_json()


def test_a_page_seen_before_asks_nothing_and_draws_nothing(data: Data) -> None:
    client = client_of(data)
    load(client, "/don-vi", "?cap=commune&ky=2026")
    with (
        mock.patch.object(Source, "frame", side_effect=AssertionError("asked")),
        mock.patch.dict(CARDS["agencies.volumes"].__dict__, {"draw": mock.Mock(side_effect=AssertionError("drawn"))}),
    ):
        answer = load(client, "/don-vi", "?ky=2026&cap=commune&khong-co=1")
    assert b"notice--error" not in answer.get_data()


def test_a_page_is_packed_for_a_browser_that_takes_it(data: Data) -> None:
    client = client_of(data)
    packed = load(client, **{"Accept-Encoding": "gzip, br"})
    assert "gzip" == packed.headers["Content-Encoding"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert load(client).get_data() == gzip.decompress(packed.get_data())
    assert "default-src 'none'" in packed.headers["Content-Security-Policy"]


def test_two_addresses_with_other_words_in_them_are_two_pages(data: Data) -> None:
    client = client_of(data)
    assert "«mai»" not in load(client, "/").get_data(as_text=True)
    assert "\\u00abmai\\u00bb" in ascii(load(client, "/", "?tu=mai").get_data(as_text=True)).replace("\\xab", "\\u00ab").replace("\\xbb", "\\u00bb")


def test_a_card_that_failed_is_drawn_again(data: Data) -> None:
    client = client_of(data)
    with mock.patch.dict(CARDS["agencies.volumes"].__dict__, {"draw": mock.Mock(side_effect=ZeroDivisionError)}):
        assert b"notice--error" in load(client, "/don-vi").get_data()
    assert b"notice--error" not in load(client, "/don-vi").get_data()


def test_other_data_are_another_page(data: Data) -> None:
    now = [data]
    client = create_app(Feed(lambda: data), Look()).server.test_client()
    with mock.patch.object(Feed, "whole", side_effect=lambda: now[0]), mock.patch.object(Feed, "_moved_on", return_value=False):
        first = load(client).get_data()
        now[0] = replace(data, version="later", as_of=data.as_of.replace(day=17), answers=Answers())
        assert first != load(client).get_data()


def test_a_page_is_not_kept_and_none_is_given_from_before_while_the_database_is_away(data: Data) -> None:
    feed = Feed(lambda: data)
    client = create_app(feed, Look()).server.test_client()
    before = load(client).get_data()
    feed.away = Away("Máy chủ không trả lời.", feed.clock(), is_contract=False)
    during = load(client, search="?ky=2026-Q3").get_data(), load(client).get_data()
    assert all("Không đọc được cơ sở dữ liệu hồ sơ (" in json.dumps(json.loads(one), ensure_ascii=False) for one in during)
    feed.away = None
    assert before == load(client).get_data()
    assert b"notice--warning" not in load(client, search="?ky=2026-Q3").get_data()


def test_an_unknown_page_and_a_broken_request_go_their_own_way(data: Data) -> None:
    client = client_of(data)
    assert "Không tìm thấy trang" in load(client, "/khong-co").get_data(as_text=True)
    broken = body("/", "") | {"inputs": [3]}
    assert client.post("/_dash-update-component", json=broken).status_code >= 400


def test_the_page_that_lists_what_was_published_is_kept_until_something_is_published_or_the_day_ends(data: Data, tmp_path: Path) -> None:
    now = [datetime(2026, 11, 26, 23, 0)]
    office = Office(folder=tmp_path, clock=lambda: now[0])
    client: FlaskClient = create_app(Feed(lambda: data), Look(), office).server.test_client()
    first = load(client, BRIEFING_PATH, "?ky=2026-Q3").get_data()
    with mock.patch.object(briefing_panel, "plan_of", side_effect=AssertionError("made again")):
        assert first == load(client, BRIEFING_PATH, "?ky=2026-Q3").get_data()
    asked = Asked(data, Filters.from_query("ky=2026-Q3"), path=BRIEFING_PATH)
    publish(fitting_template(asked, office) or office.briefings.templates[0], asked, office, "Đã báo cáo quý III")
    assert "Đã báo cáo quý III" in json.dumps(load(client, BRIEFING_PATH, "?ky=2026-Q3").get_json(), ensure_ascii=False)
    now[0] += timedelta(hours=2)
    with mock.patch("dashboard.view.shell.panel", side_effect=[["made for this day"]]):
        assert "made for this day" in load(client, BRIEFING_PATH, "?ky=2026-Q3").get_data(as_text=True)


def test_a_store_that_cannot_be_read_keeps_no_page_of_briefings(data: Data, tmp_path: Path) -> None:
    (tmp_path / "dashboard.sqlite").write_bytes(b"no store at all, " * 100)
    client: FlaskClient = create_app(Feed(lambda: data), Look(), Office(folder=tmp_path)).server.test_client()
    assert "Không đọc được kho" in json.dumps(load(client, BRIEFING_PATH).get_json(), ensure_ascii=False)
    with mock.patch("dashboard.view.shell.panel", side_effect=[["made anew"]]):
        assert "made anew" in load(client, BRIEFING_PATH).get_data(as_text=True)


def test_scripts_and_the_first_page_are_packed(data: Data) -> None:
    client = client_of(data)
    page = client.get("/", headers={"Accept-Encoding": "br"})
    assert "br" == page.headers["Content-Encoding"]


def test_after_new_data_every_question_is_asked_before_a_reader_comes(data: Data) -> None:
    fresh = replace(data, answers=Answers())
    warm.warm(fresh, Look(), Office(Look().letterhead, Look().place))
    with mock.patch.object(Source, "frame", side_effect=AssertionError("asked")):
        for page in PAGES:
            assert b"notice--error" not in load(client_of(fresh), page.path).get_data(), page.path


def test_after_new_data_the_readers_of_the_version_before_find_their_pages_answered_too(data: Data) -> None:
    old, fresh = replace(data), replace(data, answers=Answers())
    told: list[tuple[Data, tuple[Rights, ...]]] = []
    feed = Feed(lambda: old, on_new=lambda *what: told.append(what), rights=lambda: HEAD)
    feed.current()
    feed._take(fresh)
    assert [(), (HEAD,)] == [readers for _, readers in told]
    warm.warm(fresh, Look(), Office(Look().letterhead, Look().place), told[-1][1])
    feed = Feed(lambda: fresh)
    client = create_app(feed, Look()).server.test_client()
    feed.rights = lambda: HEAD
    with mock.patch.object(Source, "frame", side_effect=AssertionError("asked")):
        for page in PAGES:
            assert b"notice--error" not in load(client, page.path).get_data(), page.path


def test_a_feed_tells_each_new_version_once(data: Data) -> None:
    told: list[Data] = []
    feed = Feed(lambda: data, on_new=lambda new, _readers: told.append(new))
    feed.current()
    feed.current()
    assert [data] == told
