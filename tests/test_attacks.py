"""Attacks, each really tried: forged callbacks, foreign sites and hosts, paths, headers, scripts and formulas in names, SQL in keys, broken bodies.

Fuzzing runs FUZZ_CASES cases (default 40) of each test that makes pages and ten times as many of the others, and prints how many it ran:
FUZZ_CASES=500 pytest tests/test_attacks.py -k fuzz
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboard.app import create_app
from dashboard.auth import Access, Way
from dashboard.cards import Asked
from dashboard.content.chart_spec import spec_or_reason
from dashboard.exports.files import KINDS, PAGES_BY_KEY, Subject
from dashboard.exports.office import Office
from dashboard.exports.vector import svg
from dashboard.guard import Rules
from dashboard.guard.refusals import LONGEST_TEXT
from dashboard.ops import Feed, start_log
from dashboard.pages import CARDS, PAGES
from dashboard.view import Look
from queries.data import Data
from queries.filters import KEYS, Filters
from tests.evil import COMMAND, FORMULA, NAMES, SCRIPT, body_of, callback, evil_province, opened

pytestmark = pytest.mark.slow
CASES = int(os.environ.get("FUZZ_CASES", "40"))
FUZZ = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
CHEAP = settings(FUZZ, max_examples=10 * CASES)
RAN: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def _log_as_in_production() -> None:
    start_log()


@pytest.fixture(autouse=True)
def _tell_how_many(record_property: Callable[[str, object], None]) -> Iterator[None]:
    before = RAN.total()
    yield
    if RAN.total() > before:
        record_property("cases", RAN.total() - before)  # tests/conftest.py prints it at the end, whichever process ran the test


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return evil_province(tmp_path_factory.mktemp("evil"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(folder=tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def client(data: Data, office: Office) -> FlaskClient:
    found: FlaskClient = create_app(Feed(lambda: data), Look(), office).server.test_client()
    return found


# --- forged callbacks ------------------------------------------------------------------------------------------------------------


def forged(client: FlaskClient) -> dict[str, Any]:
    """Bodies that no page of ours sends, by what is wrong with them."""
    good = body_of(callback(client, "page.children"), {"pathname": "/", "search": ""}, "url.pathname")
    nested: Any = []
    for _ in range(500):
        nested = [nested]
    swapped = [{**good["inputs"][0], "id": "f-dv"}, good["inputs"][1]]
    return {
        "no output": {key: value for key, value in good.items() if key != "output"},
        "an unknown output": {**good, "output": "secret.children"},
        "an output that is a list": {**good, "output": [good["output"]]},
        "outputs of another callback": {**good, "outputs": [{"id": "f-dv", "property": "value"}]},
        "one output too few": {**good, "outputs": good["outputs"][:-1]},
        "no inputs": {**good, "inputs": []},
        "inputs that are text": {**good, "inputs": "url"},
        "inputs that are null": {**good, "inputs": [None, None]},
        "an input of another component": {**good, "inputs": swapped},
        "another property": {**good, "inputs": [{**good["inputs"][0], "property": "href"}, good["inputs"][1]]},
        "a path that is a number": {**good, "inputs": [{**good["inputs"][0], "value": 5}, good["inputs"][1]]},
        "a path that is an object": {**good, "inputs": [{**good["inputs"][0], "value": {"$ne": None}}, good["inputs"][1]]},
        "a search of a megabyte": {**good, "inputs": [good["inputs"][0], {**good["inputs"][1], "value": "x" * 100_000}]},
        "a value nested five hundred deep": {**good, "inputs": [good["inputs"][0], {**good["inputs"][1], "value": nested}]},
        "state of its own": {**good, "state": [{"id": "user", "property": "data", "value": "administrator"}]},
        "changed properties that are numbers": {**good, "changedPropIds": [1]},
    }


FORGED = (
    "no output", "an unknown output", "an output that is a list", "outputs of another callback", "one output too few", "no inputs",
    "inputs that are text", "inputs that are null", "an input of another component", "another property", "a path that is a number",
    "a path that is an object", "a search of a megabyte", "a value nested five hundred deep", "state of its own", "changed properties that are numbers",
)  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_callback_is_refused_with_a_sentence_and_no_figure(what: str, client: FlaskClient) -> None:
    answer = client.post("/_dash-update-component", json=forged(client)[what])
    assert (400, "Yêu cầu không đúng dạng. Hãy tải lại trang.") == (answer.status_code, answer.get_json()["loi"])


def test_every_forgery_is_tried(client: FlaskClient) -> None:
    assert set(FORGED) == set(forged(client))


def test_what_a_page_of_ours_sends_is_answered(client: FlaskClient) -> None:
    assert 200 == opened(client, "/").status_code
    sync = body_of(callback(client, "url.search"), {"search": "?dv=A0"}, "url.search")
    assert 200 == client.post("/_dash-update-component", json=sync).status_code


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"output":' * 30_000, b"9" * 5000, b'{"output": NaN}', b"\x00" * 64]
)
@pytest.mark.parametrize("path", ["/_dash-update-component", "/lam-tep", "/ma"])
def test_a_broken_body_is_refused_and_is_no_incident(path: str, body: bytes, client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    answer = client.post(path, data=body, content_type="application/json")
    assert answer.status_code in (400, 413)
    assert "incident" not in capfd.readouterr().err


@pytest.mark.parametrize("path", ["/_dash-update-component", "/ma", "/cong-bo"])
def test_a_body_above_the_limit_is_not_read(path: str, client: FlaskClient) -> None:
    body = b'{"output": "' + b"x" * 300_000 + b'"}'
    assert 413 == client.post(path, data=body, content_type="application/json").status_code
    assert 413 == client.post(path, data={"ten": "x" * 300_000}).status_code


def test_an_order_may_bring_a_picture_and_no_more(client: FlaskClient) -> None:
    for size, status in ((6_000_000, 400), (7_100_000, 413)):
        body = json.dumps({"tep": "/tai-ve/overview.months.pdf", "anh": "x" * size})
        assert status == client.post("/lam-tep", data=body, content_type="application/json").status_code


def test_a_form_with_a_thousand_parts_is_refused(client: FlaskClient) -> None:
    parts = {f"p{number}": "x" for number in range(1000)}
    assert 413 == client.post("/cong-bo", data=parts, content_type="multipart/form-data").status_code


# --- foreign sites and hosts -----------------------------------------------------------------------------------------------------


FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "http://[::1"},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_site_can_change_nothing_whatever_the_method(headers: dict[str, str], client: FlaskClient) -> None:
    for path in ("/_dash-update-component", "/lam-tep", "/ma", "/cong-bo", "/", "/khong-co", "/healthz"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert 403 == client.open(path, method=method, headers=headers).status_code, (method, path)


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "localhost@elsewhere.example", "[::1", ""])
def test_a_name_that_somebody_else_gave_to_this_address_is_not_served(host: str, client: FlaskClient) -> None:
    """DNS rebinding: a page of another site reaches 127.0.0.1 under its own name and would read the answers."""
    for path in ("/", "/_dash-layout", "/tai-ve/overview.totals.csv", "/nhat-ky"):
        answer = client.get(path, headers={"Host": host})
        assert 400 == answer.status_code, path


def test_the_address_that_readers_use_is_served(data: Data, office: Office) -> None:
    rules = Rules(public_url="https://bcci.laichau.example/")
    access = Access(Way.LOCAL, office.folder / "accounts.json", office.folder / "sessions.sqlite", public_url=rules.public_url)
    found = create_app(Feed(lambda: data), Look(), office, rules, access=access).server.test_client()
    answer = found.get("/dang-nhap", headers={"Host": "BCCI.laichau.example"})
    assert (200, "max-age=31536000; includeSubDomains") == (answer.status_code, answer.headers["Strict-Transport-Security"])


def test_without_tls_no_browser_is_told_to_insist_on_it(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers


# --- paths and headers -----------------------------------------------------------------------------------------------------------

PATHS = (
    "/assets/../config/default.toml", "/assets/..%2f..%2fconfig/default.toml", "/assets/%2e%2e/%2e%2e/pyproject.toml", "/assets//etc/passwd",
    "/tai-ve/../../config/default.toml", "/tai-ve/..%2f..%2fvar/dashboard.sqlite", "/tai-ve/trang/../../x.pdf", "/tai-ve/%00.csv", "/tai-ve/.csv",
    "/bootstrap/static/../../../config/default.toml", "/lam-tep/..%2f..%2fdashboard/tep", "/lam-tep/" + "a" * 3000, "/lam-tep/%00/tep",
    "/_dash-component-suites/dash/../../config/default.toml", "/_dash-component-suites/os/path.py", "/_dash-component-suites/dash/dash.py",
    "/ma/../../etc/passwd", "/.git/config", "/.env", "/var/audit.sqlite", "/config/default.toml", "//elsewhere.example/", "/\\elsewhere.example",
    "/_mcp", "/mcp", "/_dash_error_hook", "/_reload-hash", "/console", "/debug",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_to_a_file_of_the_server(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    said = answer.get_data(as_text=True)
    assert answer.status_code < 500
    for secret in ("database_url", "root:x", "SQLite format", "requires-python", "class Dash", "[core]", "Traceback"):
        assert secret not in said, path
    assert "elsewhere.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("path", ["/assets/style.css\r\nX-Evil: 1", "/tai-ve/overview.totals.csv?ky=2026%0d%0aX-Evil:%201", "/%0d%0aX-Evil:%201"])
def test_a_line_break_in_an_address_makes_no_header(path: str, client: FlaskClient) -> None:
    try:
        answer = client.get(path)
    except ValueError:
        return  # the test client refuses to send it
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("number", ["x\r\nX-Evil: 1", "<script>", "a" * 65, "ngắn", ""])
def test_a_request_number_from_outside_is_taken_only_when_it_is_plain(number: str, client: FlaskClient) -> None:
    try:
        answer = client.get("/healthz", headers={"X-Request-ID": number})
    except ValueError:
        return  # no client can send it
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_a_plain_request_number_goes_through(client: FlaskClient) -> None:
    assert "proxy-0123-abcd" == client.get("/healthz", headers={"X-Request-ID": "proxy-0123-abcd"}).headers["X-Request-ID"]


def test_the_name_of_a_file_cannot_break_its_header(client: FlaskClient) -> None:
    answer = client.get("/tai-ve/overview.totals.csv?ng=ben-ngoai%22%0d%0a&ky=2026-Q1")
    assert re.fullmatch(r'attachment; filename="[\w.-]+"', answer.headers["Content-Disposition"])


@pytest.mark.parametrize(
    "path", ["/", "/_dash-layout", "/_dash-dependencies", "/tai-ve/overview.totals.csv", "/nhat-ky", "/khong-co", "/healthz", "/tai-ve/x.csv"]
)
def test_nothing_with_figures_is_kept_by_a_browser_or_a_proxy(path: str, client: FlaskClient) -> None:
    assert "no-store" == client.get(path).headers["Cache-Control"]


def test_the_policy_lets_run_only_our_scripts_and_frame_nothing(client: FlaskClient) -> None:
    rules = dict(part.strip().partition(" ")[::2] for part in client.get("/").headers["Content-Security-Policy"].split(";"))
    assert "'none'" == rules["default-src"] == rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"]
    assert {"'self'"} == {word for word in rules["script-src"].split() if not re.fullmatch(r"'sha256-[\w+/=]+'", word)}
    assert not [word for rule in rules.values() for word in rule.split() if word in ("*", "https:", "http:", "'unsafe-eval'")]
    assert ["style-src"] == [name for name, rule in rules.items() if "'unsafe-inline'" in rule]


# --- names in the database -------------------------------------------------------------------------------------------------------


def texts(found: Any, under: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a JSON answer with the key it stands under."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from texts(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from texts(value, under)
    elif isinstance(found, str):
        yield under, found


RAW = ("DangerouslySetInnerHTML", "dangerously_allow_html", "dangerously_set_inner_html", "srcDoc")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_name_from_the_database_is_text_on_every_page(page: Any, client: FlaskClient) -> None:
    answer = opened(client, page.path, "?ky=2026-H1")
    assert 200 == answer.status_code
    body = answer.get_json()
    assert "mã sự cố" not in json.dumps(body, ensure_ascii=False)
    assert not [key for key, _ in keys(body) if key in RAW]
    for key, value in texts(body):
        if key in ("href", "src"):
            assert not re.match(r"(?i)\s*(javascript|vbscript|data:text)", value), value


class Markup(HTMLParser):
    """What a browser would make of the mark-up of a table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.bad: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.bad += [f"{tag} {name}={value}" for name, value in attrs if name.startswith("on") or re.match(r"(?i)\s*(javascript|data):", value or "")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_name_is_text_in_the_mark_up_of_every_table(page: Any, client: FlaskClient) -> None:
    tables = [value for key, value in texts(opened(client, page.path, "?ky=2026-H1").get_json()) if key == "data-html"]
    assert tables or page.path not in ("/don-vi", "/dia-ban", "/thu-tuc")
    for markup in map(Markup, tables):
        assert markup.tags <= {
            "table",
            "caption",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "th",
            "td",
            "a",
            "span",
            "nav",
            "p",
            "div",
            "input",
            "label",
            "ul",
            "li",
            "b",
        }
        assert [] == markup.bad


def test_the_reader_of_mark_up_sees_an_attack() -> None:
    assert (["img onerror=x", "a href=javascript:x"], {"img", "a"}) == ((found := Markup('<img onerror="x"><a href="javascript:x">')).bad, found.tags)


def keys(found: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(found, dict):
        for key, value in found.items():
            yield key, value
            yield from keys(value)
    elif isinstance(found, list):
        for value in found:
            yield from keys(value)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_name_is_text_in_every_chart_though_charts_read_some_html(page: Any, client: FlaskClient) -> None:
    figures = [value for key, value in keys(opened(client, page.path, "?ky=2026-H1").get_json()) if key == "figure"]
    for _, value in texts(figures):
        assert "<script" not in value
        assert "<a " not in value
        assert "<img" not in value


def test_the_names_of_the_attacks_are_really_on_the_pages(client: FlaskClient) -> None:
    said = [value for _, value in texts(opened(client, "/don-vi", "?ky=2026-H1").get_json())]
    assert [] == [name for name in NAMES if not any(name in value or html.escape(name, quote=False) in value for value in said)]


def test_a_name_is_text_in_every_picture(data: Data) -> None:
    asked = Asked(data=data, filters=Filters.from_query("ky=2026-H1"), path="/")
    drawn = 0
    for card in CARDS.values():
        found = spec_or_reason(card, asked).chart
        if found is None or not found.chart.categories or not found.chart.series:
            continue
        root = ET.fromstring(svg(found.chart, alt_text=SCRIPT))
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "foreignObject", "image", "a", "iframe"}, card.address
        assert not [name for element in root.iter() for name in element.attrib if name.lower().startswith("on")]
        drawn += 1
    assert drawn > 5


FILES = [(f"trang/{key}", kind) for key in PAGES_BY_KEY for kind in KINDS[Subject.PAGE]]


@pytest.mark.parametrize(("address", "kind"), FILES, ids=str)
def test_a_name_is_text_in_every_file(address: str, kind: str, client: FlaskClient) -> None:
    answer = client.get(f"/tai-ve/{address}.{kind}?ky=2026-H1")
    assert 200 == answer.status_code, answer.get_data(as_text=True)
    if kind == "pdf":
        assert not re.search(rb"/(JavaScript|JS|Launch|OpenAction|EmbeddedFile)\b", answer.data)
        return
    with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
        for name in parts.namelist():
            assert "vba" not in name.lower()
            if name.endswith((".xml", ".rels")):
                body = parts.read(name)
                ET.fromstring(body)
                assert b"<script" not in body
                assert b"javascript:" not in body or b"&lt;a href=" in body
                assert b'Target="http://elsewhere' not in body


def test_no_cell_of_a_workbook_is_a_formula_from_a_name(client: FlaskClient) -> None:
    for key in PAGES_BY_KEY:
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"/tai-ve/trang/{key}.xlsx?ky=2026-H1").data))
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert not re.search(r"elsewhere|cmd|DDE|WEBSERVICE", str(cell.value), re.IGNORECASE), (sheet.title, cell.coordinate)


@pytest.mark.parametrize("address", sorted(CARDS))
def test_no_cell_of_a_csv_is_run_by_a_spreadsheet(address: str, client: FlaskClient) -> None:
    answer = client.get(f"/tai-ve/{address}.csv?ky=2026-H1")
    if answer.status_code != 200:
        assert answer.get_data(as_text=True).strip().endswith(".")
        return
    for row in csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))):
        for cell in row:
            assert not re.match(r"[=@\t\r]|[+-](?![\d.])", cell), cell


def test_the_formula_is_in_a_csv_as_text(client: FlaskClient) -> None:
    said = client.get("/tai-ve/agencies.volumes.csv?ky=2026-H1").get_data(as_text=True)
    cells = {cell for row in csv.reader(io.StringIO(said)) for cell in row}
    assert {f"'{FORMULA}", f"'{COMMAND}", SCRIPT} <= cells
    assert 6 == len(NAMES)


# --- SQL in every key ------------------------------------------------------------------------------------------------------------

INJECTIONS = (
    "'; DROP TABLE dossiers;--", "' OR '1'='1", "1) UNION SELECT version()--", "\\'; SELECT pg_sleep(9);--", "A0' --", "%27%20OR%201=1", "A0,A1' OR 1=1",
    "$$;ATTACH 'x.db'$$", ":name", "%s", "{0}", "\x00A0", "A0\udc80",
)  # fmt: skip


@pytest.mark.parametrize("key", [*KEYS, "sx", "tim", "trang", "tinh", "sk", "gt", "mau", "ng", "chon"])
def test_sql_in_a_key_asks_no_more_and_breaks_nothing(key: str, client: FlaskClient, data: Data) -> None:
    before = len(data.catalogue.agencies)
    for value in INJECTIONS:
        for path in ("/", "/don-vi"):
            answer = opened(client, path, f"?{key}={value}")
            assert (400 if "\udc80" in value else 200) == answer.status_code
            assert "mã sự cố" not in answer.get_data(as_text=True), (key, value)
    assert before == len(data.catalogue.agencies) == 6
    assert 200 == client.get("/tai-ve/agencies.volumes.csv?ky=2026-H1").status_code


def test_sql_in_a_code_selects_nothing(client: FlaskClient) -> None:
    for value in ("A0' OR '1'='1", "' OR 1=1--"):
        said = client.get("/tai-ve/overview.totals.csv", query_string={"ky": "2026-H1", "dv": value}).get_data(as_text=True)
        numbers = {row["value"] for row in csv.DictReader(io.StringIO(said.removeprefix("\ufeff")))}
        assert numbers <= {"", "0"}, said


# --- fuzz ------------------------------------------------------------------------------------------------------------------------

pieces = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [*INJECTIONS, *NAMES, "2026-Q3", "2026-13", "2026-02-30", "0001-01-01", "9999-12-31", "luy-ke", "-", "--", ",", ",,", "%", "%zz", "%F0%9F", "A" * 3000]
    ),
)
queries = st.lists(st.tuples(st.one_of(st.sampled_from(list(KEYS)), st.text(max_size=4)), pieces), max_size=12).map(
    lambda pairs: "?" + "&".join(f"{key}={value}" for key, value in pairs)
)


@CHEAP
@given(query=st.one_of(queries, st.text(max_size=300), st.binary(max_size=200).map(lambda raw: raw.decode("latin-1"))))
@example(query="?dv=%ED%B2%80")
@example(query="&&&===;;;")
def test_fuzz_any_text_becomes_filters_that_read_back_the_same(query: str) -> None:
    RAN["Filters.from_query"] += 1
    filters = Filters.from_query(query)
    assert Filters.from_query(filters.to_query()) == filters
    assert filters.to_query().isascii()


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["id", "property", "value", "output", "inputs", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
paths = st.one_of(st.sampled_from([page.path for page in PAGES]), st.text(max_size=30), st.sampled_from(["/ma/", "/ma/AAAAA-AAAAA", "/ma/%00", "//", ""]))


@CHEAP
@given(
    body=st.one_of(
        json_values, st.dictionaries(st.sampled_from(["output", "outputs", "inputs", "changedPropIds", "state", "parsedChangedPropsIds"]), json_values)
    )
)
def test_fuzz_no_json_makes_a_callback_fail(body: Any, client: FlaskClient) -> None:
    RAN["callback, any JSON"] += 1
    assert 400 == client.post("/_dash-update-component", json=body).status_code


@FUZZ
@given(
    path=st.sampled_from(["/lam-tep", "/ma"]),
    body=st.one_of(json_values, st.dictionaries(st.sampled_from(["tep", "the", "loc", "x"]), st.one_of(queries, json_values))),
)
def test_fuzz_no_order_of_a_file_makes_it_fail(path: str, body: Any, client: FlaskClient) -> None:
    RAN["orders of files"] += 1
    answer = client.post(path, json=body)
    assert answer.status_code in (200, 400, 404), answer.get_data(as_text=True)


@FUZZ
@given(path=paths, query=queries)
def test_fuzz_no_address_makes_a_page_fail(path: str, query: str, client: FlaskClient) -> None:
    RAN["callback, pages"] += 1
    answer = opened(client, path, query)
    assert answer.status_code in (200, 400)
    assert "mã sự cố" not in answer.get_data(as_text=True)


@CHEAP
@given(which=st.sampled_from(["page.children", "url.search"]), name=st.sampled_from(["output", "outputs", "inputs", "changedPropIds"]), value=json_values)
def test_fuzz_no_part_of_a_callback_replaced_by_anything_makes_it_fail(which: str, name: str, value: Any, client: FlaskClient) -> None:
    RAN["callback, one part replaced"] += 1
    body = body_of(callback(client, which), {"pathname": "/", "search": ""}, "url.search") | {name: value}
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code in (200, 204, 400), answer.get_data(as_text=True)


@FUZZ
@given(
    values=st.fixed_dictionaries({"search": queries, "f-ky": pieces, "f-tu": pieces, "f-dv": st.lists(pieces, max_size=5)}),
    changed=st.sampled_from(["f-ky", "f-tu", "f-dv", "url"]),
)
def test_fuzz_no_value_of_a_control_makes_it_fail(values: dict[str, Any], changed: str, client: FlaskClient) -> None:
    RAN["callback, controls"] += 1
    body = body_of(callback(client, "url.search"), values, f"{changed}.value")
    answer = client.post("/_dash-update-component", json=body)
    can_be_sent = len(values["search"]) <= LONGEST_TEXT and not re.search("[\ud800-\udfff]", json.dumps(values, ensure_ascii=False))
    assert answer.status_code in ((200, 204) if can_be_sent else (400,)), answer.get_data(as_text=True)


def test_no_setting_of_the_web_server_tells_its_version(client: FlaskClient) -> None:
    assert not {"Server", "X-Powered-By"} & set(client.get("/").headers.keys())


def test_a_page_of_the_framework_is_not_shown_for_a_fault(client: FlaskClient) -> None:
    for path, method, status in (("/healthz", "POST", 405), ("/lam-tep", "PUT", 405), ("/assets/khong-co.css", "GET", 404)):
        answer = client.open(path, method=method)
        assert (status, True) == (answer.status_code, answer.get_data(as_text=True).startswith("Không xử lý được yêu cầu này"))


def test_evil_names_stand_in_a_file_on_disk_and_not_in_code(tmp_path: Path) -> None:
    assert 6 == len(evil_province(tmp_path).catalogue.agencies)
