"""The pages over HTTP, without a browser: the callbacks answer, faults are sentences, nothing points outside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.ops import Feed, start_log
from dashboard.pages import CARDS, PAGES
from dashboard.view import CONTROLS, Look
from queries.data import Data, open_data
from queries.errors import DatabaseUnreachable

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


@pytest.fixture(scope="module", autouse=True)
def _log_as_in_production() -> None:
    """structlog's own default prints every local variable of a fault: seconds for a frame, and not what runs in a province."""
    start_log()


@pytest.fixture(scope="module")
def client(data: Data) -> FlaskClient:
    app: FlaskClient = create_app(Feed(lambda: data), Look()).server.test_client()
    return app


def outputs_of(client: FlaskClient, first: str) -> dict[str, Any]:
    for callback in client.get("/_dash-dependencies").get_json():
        if callback["output"].startswith(f"..{first}"):
            return dict(callback)
    raise AssertionError(first)


def load(client: FlaskClient, path: str, search: str = "") -> dict[str, Any]:
    """What the browser asks when an address opens."""
    callback = outputs_of(client, "page.children")
    outputs = [dict(zip(("id", "property"), output.rsplit(".", 1), strict=True)) for output in callback["output"].strip(".").split("...")]
    values = {"pathname": path, "search": search}
    inputs = [{**one, "value": values[one["property"]]} for one in callback["inputs"]]
    body = {"output": callback["output"], "outputs": outputs, "inputs": inputs, "changedPropIds": ["url.pathname"]}
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json()["response"])


def words(component: Any) -> str:
    """All text of a component tree."""
    if isinstance(component, dict):
        return words(component.get("props", {}).get("children")) if "props" in component else ""
    if isinstance(component, list):
        return " ".join(words(part) for part in component)
    return component if isinstance(component, str) else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_every_page_answers_with_all_its_cards_and_says_the_date_of_the_data(page: Any, client: FlaskClient) -> None:
    answer = load(client, page.path, "?ky=2026-Q3")
    text = words(answer["page"]["children"])
    assert page.name in text
    assert "mã sự cố" not in text
    assert words(answer["data-date"]["children"]) == "Số liệu đến 31/10/2026"
    assert text.count("Tải CSV") >= len(page.cards)
    assert "Dữ liệu minh họa" in words(answer["notices"]["children"])


def test_nonsense_in_every_key_gives_sentences_and_no_fault(client: FlaskClient) -> None:
    keys = ("ky", "tu", "den", "lich", "ss", "tc", "cap", "dv", "db", "tt", "lv", "ht", "sx", "tim", "trang", "tinh", "sk", "gt")
    for page in PAGES:
        for nonsense in ("'; DROP TABLE dossiers;--", "%00%FF", "<script>alert(1)</script>", "9" * 400, "9999-12-31", "-1"):
            answer = load(client, page.path, "?" + "&".join(f"{key}={nonsense}" for key in keys))
            assert "mã sự cố" not in words(answer["page"]["children"]), (page.path, nonsense)


def test_a_value_that_is_not_understood_is_said(client: FlaskClient) -> None:
    notices = words(load(client, "/", "?tu=mai&ss=xyz")["notices"]["children"])
    assert "«mai»" in notices
    assert "«xyz»" in notices


def test_an_unknown_path_is_said_and_the_navigation_stays(client: FlaskClient) -> None:
    answer = load(client, "/khong-co-trang-nay")
    assert "Không tìm thấy trang" in words(answer["page"]["children"])
    assert "Tổng quan" in words(answer["navigation"]["children"])


def test_while_the_database_is_away_every_page_says_so_and_it_comes_back_without_a_restart(data: Data) -> None:
    away = [True]

    def opener() -> Data:
        if away[0]:
            raise DatabaseUnreachable("connection refused", sentence="Máy chủ cơ sở dữ liệu không trả lời.")
        return data

    client = create_app(Feed(opener), Look()).server.test_client()
    assert client.get("/").status_code == 200
    assert client.get("/_dash-layout").status_code == 200
    assert "Máy chủ cơ sở dữ liệu không trả lời." in words(load(client, "/")["page"]["children"])
    away[0] = False
    assert "Không đọc được" not in words(load(client, "/")["page"]["children"])


def test_one_broken_card_leaves_the_others_alive_and_gives_an_incident_number(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Any:
        raise ZeroDivisionError("a fault nobody thought of")

    monkeypatch.setitem(CARDS["agencies.volumes"].__dict__, "draw", broken)
    text = words(load(client, "/don-vi", "?ky=2026-Q2")["page"]["children"])
    assert "mã sự cố" in text
    assert "ZeroDivisionError" not in text
    assert "Tải CSV" in text


def test_a_csv_is_marked_as_made_up_and_carries_the_diacritics(client: FlaskClient) -> None:
    answer = client.get("/tai-ve/agencies.volumes.csv?ky=2026-Q3")
    assert answer.status_code == 200
    assert "minh-hoa" in answer.headers["Content-Disposition"]
    assert answer.get_data(as_text=True).startswith("\ufeffagency_code,agency_name,received,received_by_post,returned,returned_by_post")
    assert "UBND xã Mường Tè" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/tai-ve/khong-co.csv", "/tai-ve/agencies.volumes.csv?tu=2018-13-01", "/tai-ve/config/default.toml", "/tai-ve/x.exe"])
def test_a_file_that_cannot_be_given_is_a_sentence_or_not_found_and_never_a_trace(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404)
    assert "Traceback" not in answer.get_data(as_text=True)


def test_the_first_page_names_no_other_host_and_speaks_vietnamese(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//", page) == []
    assert '<html lang="vi">' in page
    assert "Loading..." not in page


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/", "/_dash-layout", "/healthz", "/tai-ve/agencies.volumes.csv", "/khong-co"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"].split("script-src")[1].split(";")[0]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_server_for_language_models_is_shut() -> None:
    app = create_app(Feed(lambda: pytest.fail("the database is not needed")), Look())
    assert not [rule for rule in app.server.url_map.iter_rules() if "mcp" in rule.rule.lower()]


def test_an_unknown_agency_in_a_link_stays_in_the_control(client: FlaskClient) -> None:
    """A dropdown drops a value that is missing from its options and writes the rest back: an old link would show the whole province."""
    callback = outputs_of(client, "url.search")
    outputs = [dict(zip(("id", "property"), output.rsplit(".", 1), strict=True)) for output in callback["output"].strip(".").split("...")]
    inputs: list[Any] = []
    for one in callback["inputs"]:
        if one["id"].startswith("{"):
            inputs.append([])
        else:
            inputs.append({**one, "value": "?dv=DA-GIAI-THE" if one["id"] == "url" else None})
    answer = client.post("/_dash-update-component", json={"output": callback["output"], "outputs": outputs, "inputs": inputs, "changedPropIds": ["url.search"]})
    response = answer.get_json()["response"]
    assert response["f-dv"]["value"] == ["DA-GIAI-THE"]
    assert "DA-GIAI-THE" in [option["value"] for option in response["f-dv"]["options"]]
    assert len(CONTROLS) > 5
