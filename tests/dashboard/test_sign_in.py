"""The gate over HTTP: what is open, who gets in by which way, sessions and their ends, and forged requests."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from config.roles import RoleRule
from dashboard.app import create_app
from dashboard.audit import AUDIT_FILE, Audit, Wanted
from dashboard.auth import Access, Proxy, Way
from dashboard.auth.accounts import Accounts
from dashboard.auth.address import address_of, safe_next
from dashboard.exports.office import Office
from dashboard.guard.languages import SWITCHES
from dashboard.ops import Away, Feed
from dashboard.pages import CARDS
from dashboard.view import Look
from queries.data import Data, open_data
from queries.errors import BadRequest
from queries.rights import Role
from tests.dashboard.scoped import OTHER, extract_of
from tests.dashboard.test_http import load, words

pytestmark = pytest.mark.slow
PASSWORD = "mật khẩu đủ dài"
SECRET = "0123456789abcdef0123"
BEHIND = [
    "/",
    "/don-vi",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_dash-config",
    "/_reload-hash",
    "/_favicon.ico",
    "/assets/figure.js",
    "/assets/files.js",
    "/assets/session.js",
    "/_dash-component-suites/dash/dash.js",
    "/tai-ve/agencies.volumes.csv",
    "/tai-ve/trang/overview.xlsx",
    "/tai-ve/trinh-bay/quarterly.docx",
    "/ma/AAAAA-AAAAA",
    "/lam-tep/0000000000000000-00000000000000000000",
    "/lam-tep/0000000000000000-00000000000000000000/tep",
    "/khong-co",
    "/static/x",
    "/bootstrap/static/js/bootstrap.min.js",
    "//healthz",
    "/healthz/",
    "/HEALTHZ",
    "/healthz/../_dash-layout",
    "/assets/style.css/../figure.js",
    "/assets/../_dash-layout",
    "/%2e%2e/_dash-layout",
    "/dang-nhap/",
    "/dang-nhap/../_dash-layout",
    "/dang-nhap;/_dash-layout",
    "/dang-nhap%00",
    "/metrics/",
    "/readyz/",
    "/nhat-ky",
    "/nhat-ky.csv",
]
POSTS = ("/_dash-update-component", "/lam-tep", "/ma", "/cong-bo", "/", "/don-vi")


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    """A dashboard with a sign-in: its clients, its clock and what its audit was told."""

    access: Access
    data: Data
    folder: Path
    clock: Clock
    told: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    server: Any = None

    def __post_init__(self) -> None:
        self.audit = Audit(self.folder / AUDIT_FILE, lambda: datetime(2026, 11, 1, 8))
        self.feed = Feed(lambda: self.data, clock=self.clock)
        self.access = replace(self.access, on_event=lambda *event: self.told.append(event), clock=self.clock)
        self.server = create_app(self.feed, Look(), Office(folder=self.folder), audit=self.audit, access=self.access).server

    def client(self) -> FlaskClient:
        client: FlaskClient = self.server.test_client()
        return client

    def signed_in(self, name: str) -> FlaskClient:
        client = self.client()
        answer = sign_in(client, name)
        assert 303 == answer.status_code, answer.get_data(as_text=True)
        return client


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, wanted: str = "/", **more: Any) -> Any:
    return client.post("/dang-nhap", data={"ten": name, "mat-khau": password, "tiep": wanted}, **more)


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    accounts = Accounts(tmp_path / "accounts.json")
    for name, role, agencies in (
        ("an", Role.VIEWER, ()),
        ("binh", Role.HEAD, ("SKHCN",)),
        ("chi", Role.POST_OPERATOR, ()),
        ("dung", Role.ADMINISTRATOR, ()),
    ):
        accounts.add(name, role, agencies, PASSWORD)
    return accounts


@pytest.fixture
def house(data: Data, accounts: Accounts, tmp_path: Path) -> House:
    access = Access(Way.LOCAL, accounts.path, tmp_path / "sessions.sqlite")
    return House(access, data, tmp_path / "var", Clock())


@pytest.fixture(scope="module")
def extract(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Data:
    """The province as `refresh` makes it for reading, with everybody's sums added up beforehand."""
    return extract_of(demo_path, tmp_path_factory.mktemp("extract"))


@pytest.fixture(params=["data", "extract"])
def any_house(request: pytest.FixtureRequest, accounts: Accounts, tmp_path: Path) -> House:
    access = Access(Way.LOCAL, accounts.path, tmp_path / "sessions.sqlite")
    return House(access, request.getfixturevalue(request.param), tmp_path / "var", Clock())


# --- deny by default ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{}, {"Accept": "text/html"}, {"X-Remote-User": "dung", "X-Remote-Groups": "quan-tri"}, {"Cookie": "phien=' OR 1=1 --"}],
    ids=["nothing", "a browser", "the headers of a proxy", "a made-up cookie"],
)
def test_nothing_is_given_to_who_has_not_signed_in(headers: dict[str, str], house: House) -> None:
    client = house.client()
    for path in BEHIND:
        with client.get(path, headers=headers) as answer:
            assert answer.status_code in ((400,) if path == "//healthz" else (302, 308, 401)), path  # the client takes that one for a host
            assert "agency_code" not in answer.get_data(as_text=True)
            if answer.status_code == 302:
                assert answer.headers["Location"].startswith("/dang-nhap")


def test_nothing_is_taken_from_who_has_not_signed_in(house: House) -> None:
    for path in POSTS:
        assert 401 == house.client().post(path, json={"tep": "/tai-ve/agencies.volumes.csv"}).status_code, path


def test_every_route_of_the_server_is_behind_the_gate_but_the_open_ones(house: House) -> None:
    opened = set()
    for rule in house.server.url_map.iter_rules():
        path = re.sub(r"<[^>]*>", "x", rule.rule)
        method = "GET" if "GET" in rule.methods else "POST"
        status = house.client().open(path, method=method).status_code
        if status not in (302, 401):
            opened.add(path)
    assert {"/healthz", "/dang-nhap", "/readyz", "/metrics", *SWITCHES} == opened - {"/dang-xuat"}


def test_the_liveness_probe_and_the_style_of_the_sign_in_are_open(house: House) -> None:
    for path in ("/healthz", "/dang-nhap", "/assets/style.css", "/bootstrap/static/css/bootstrap.min.css"):
        with house.client().get(path) as answer:
            assert 200 == answer.status_code, path


def test_the_first_request_of_a_worker_may_be_the_liveness_probe(house: House) -> None:
    """Dash tries the layout at the first request, when nobody has signed in."""
    assert 200 == house.client().get("/healthz").status_code
    assert "account__name" in house.signed_in("an").get("/_dash-layout").get_data(as_text=True)


# --- accounts and sessions ---------------------------------------------------------------------------------------------------------


def test_a_link_opened_before_the_sign_in_opens_after_it(house: House) -> None:
    client = house.client()
    led = client.get("/don-vi?ky=2026-Q3&dv=SKHCN", headers={"Accept": "text/html"})
    page = client.get(led.headers["Location"]).get_data(as_text=True)
    wanted = re.search(r'name="tiep" value="([^"]*)"', page)
    assert wanted is not None
    assert "/don-vi?ky=2026-Q3&dv=SKHCN" == sign_in(client, "an", wanted=wanted[1].replace("&amp;", "&")).headers["Location"]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://xau.vn",
        "//xau.vn",
        "/\\xau.vn",
        "\\\\xau.vn",
        "javascript:alert(1)",
        "/\t/xau.vn",
        "/%0d%0aSet-Cookie:x",
        "",
        "x",
        "/dang-xuat",
        "///xau.vn/%2f..",
    ],
)
def test_the_sign_in_leads_nowhere_else(wanted: str, house: House) -> None:
    answer = sign_in(house.client(), "an", wanted=wanted)
    assert answer.headers["Location"] in ("/", "/%0d%0aSet-Cookie:x")
    assert "Set-Cookie:x" not in [f"{name}:{value}" for name, value in answer.headers]


@given(st.text(alphabet=st.sampled_from("/\\:@.?#%ax \t\r\n") | st.characters(), max_size=12))
def test_where_to_go_after_the_sign_in_is_a_path_of_this_site(wanted: str) -> None:
    found = safe_next(wanted)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert not set(found) & set("\\\r\n\t")


def test_a_wrong_password_and_an_unknown_name_read_the_same(house: House) -> None:
    answers = [sign_in(house.client(), name, "sai mật khẩu rồi") for name in ("an", "khong-co")]
    assert [403, 403] == [answer.status_code for answer in answers]
    pages = [answer.get_data(as_text=True).replace("khong-co", "an") for answer in answers]
    assert pages[0] == pages[1]
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in pages[0]


def test_what_was_typed_is_shown_as_text(house: House) -> None:
    page = sign_in(house.client(), '"><script>alert(1)</script>', "x", wanted='/"><script>').get_data(as_text=True)
    assert "<script" not in page


def test_the_session_id_is_new_after_the_sign_in_and_a_planted_one_is_worth_nothing(house: House) -> None:
    client = house.client()
    client.set_cookie("phien", "do-ke-xau-dat-truoc")
    sign_in(client, "an")
    cookie = client.get_cookie("phien")
    assert cookie is not None
    assert "do-ke-xau-dat-truoc" != cookie.value
    other = house.client()
    other.set_cookie("phien", "do-ke-xau-dat-truoc")
    assert 401 == other.get("/_dash-layout").status_code
    first = cookie.value
    sign_in(client, "binh")
    thief = house.client()
    thief.set_cookie("phien", first)
    assert 401 == thief.get("/_dash-layout").status_code, "the id of the session before the second sign-in"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(house: House) -> None:
    cookie = sign_in(house.client(), "an").headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/"))
    over_tls = House(replace(house.access, public_url="https://bdk.laichau.gov.vn"), house.data, house.folder, house.clock)
    cookie = sign_in(over_tls.client(), "an").headers["Set-Cookie"]
    assert cookie.startswith("__Host-phien=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_the_store_of_sessions_opens_no_session(house: House, tmp_path: Path) -> None:
    client = house.signed_in("an")
    cookie = client.get_cookie("phien")
    assert cookie is not None
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("sessions.sqlite*"))
    assert cookie.value.encode() not in kept
    assert 0o600 == (tmp_path / "sessions.sqlite").stat().st_mode & 0o777
    assert PASSWORD not in (tmp_path / "accounts.json").read_text(encoding="utf-8")
    assert 0o600 == (tmp_path / "accounts.json").stat().st_mode & 0o777


def test_a_session_ends_when_idle_and_at_the_latest_after_its_longest_time(house: House) -> None:
    client = house.signed_in("an")
    house.clock.now += 3500
    assert 200 == client.get("/_dash-layout").status_code
    house.clock.now += 3700
    assert 401 == client.get("/_dash-layout").status_code
    client = house.signed_in("an")
    for _ in range(11):
        assert 200 == client.get("/_dash-layout").status_code
        house.clock.now += 3300
    assert 401 == client.get("/_dash-layout").status_code


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(house: House) -> None:
    client = house.signed_in("an")
    cookie = client.get_cookie("phien")
    assert cookie is not None
    assert "/dang-nhap?ra=1" == client.post("/dang-xuat").headers["Location"]
    thief = house.client()
    thief.set_cookie("phien", cookie.value)
    assert [401, 401] == [one.get("/_dash-layout").status_code for one in (client, thief)]
    assert "Đã đăng xuất" in client.get("/dang-nhap?ra=1").get_data(as_text=True)


@pytest.mark.parametrize("change", ["removed", "password", "file lost"])
def test_an_account_that_is_removed_or_changed_is_out_at_once(change: str, house: House, accounts: Accounts) -> None:
    client = house.signed_in("an")
    if change == "removed":
        accounts.remove("an")
    elif change == "password":
        accounts.set_password("an", PASSWORD + " mới")
    else:
        accounts.path.write_text("{", encoding="utf-8")
    assert 401 == client.get("/_dash-layout").status_code


def test_guessing_is_stopped_over_all_workers_and_the_right_password_does_not_help_then(house: House) -> None:
    other_worker = House(house.access, house.data, house.folder, house.clock)
    statuses = [sign_in(one.client(), "an", "sai mật khẩu rồi").status_code for one in (house, other_worker, house, other_worker, house, other_worker)]
    assert [403] * 5 + [429] == statuses
    assert 429 == sign_in(other_worker.client(), "an").status_code
    assert 303 == sign_in(house.client(), "binh").status_code, "a colleague behind the same address still gets in"
    house.clock.now += 901
    assert 303 == sign_in(house.client(), "an").status_code


def test_one_address_cannot_try_name_after_name(house: House) -> None:
    statuses = [sign_in(house.client(), f"ten-{number}", "sai").status_code for number in range(31)]
    assert [403] * 30 + [429] == statuses


def test_while_the_store_of_sessions_is_away_nobody_gets_in_and_a_sentence_says_so(house: House, tmp_path: Path) -> None:
    client = house.signed_in("an")
    for path in tmp_path.glob("sessions.sqlite*"):
        path.unlink()
    (tmp_path / "sessions.sqlite").mkdir()
    for answer in (client.get("/_dash-layout"), sign_in(house.client(), "an")):
        assert 503 == answer.status_code
        assert "Kho phiên đăng nhập" in answer.get_data(as_text=True)
    assert 200 == client.get("/healthz").status_code


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://xau.vn"}, {"Origin": "null"}], ids=str
)
@pytest.mark.parametrize("path", ["/dang-nhap", "/dang-xuat", "/_dash-update-component", "/cong-bo"])
def test_another_site_can_make_nobody_sign_in_out_or_do_anything(path: str, headers: dict[str, str], house: House) -> None:
    client = house.signed_in("dung")
    assert 403 == client.post(path, data={"ten": "an", "mat-khau": PASSWORD}, headers=headers).status_code
    assert 200 == client.get("/_dash-layout").status_code


def test_the_audit_is_told_of_sign_ins_refusals_and_sign_outs_and_of_no_password(house: House) -> None:
    client = house.client()
    client.get("/_dash-layout")
    sign_in(client, "an", "sai mật khẩu rồi")
    sign_in(client, "an")
    client.post("/dang-xuat")
    assert [("refused", ""), ("refused", "an"), ("sign_in", "an"), ("sign_out", "an")] == [(event, name) for event, name, _ in house.told]
    assert "mật khẩu" not in json.dumps(house.told, ensure_ascii=False)


def test_the_audit_holds_each_sign_in_and_refusal_once_with_its_name_and_its_address(house: House) -> None:
    client = house.client()
    client.get("/_dash-layout", headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.7"})
    sign_in(client, "dung", "sai mật khẩu rồi")
    sign_in(client, "dung")
    load(client, "/don-vi", "?ky=2025")
    client.post("/dang-xuat", headers={"Sec-Fetch-Site": "cross-site"})
    client.post("/dang-xuat")
    assert house.audit.flush()
    found = house.audit.entries(Wanted(), 100)[::-1]
    assert [
        ("refused", "", "/_dash-layout"),
        ("refused", "dung", ""),
        ("sign_in", "dung", ""),
        ("opened", "dung", "/don-vi"),
        ("refused", "", "/dang-xuat"),
        ("sign_out", "dung", ""),
    ] == [(entry.event, entry.reader, entry.what) for entry in found]
    assert {"reason": "not signed in", "address": "203.0.113.7"} == json.loads(found[0].facts)


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("::1", "9.9.9.9, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "không phải địa chỉ", "127.0.0.1"),
        ("10.0.0.5", "203.0.113.7", "10.0.0.5"),
        ("", "203.0.113.7", ""),
    ],
)
def test_only_a_proxy_on_this_machine_says_from_where_a_reader_comes(peer: str, said: str, address: str) -> None:
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": said.encode().decode("latin-1")}
    assert address == address_of(flask.Request(environ))


def test_readers_behind_a_proxy_do_not_shut_each_other_out(house: House) -> None:
    for number in range(31):
        sign_in(house.client(), f"ten-{number}", "sai", headers={"X-Forwarded-For": "203.0.113.7"})
    assert 429 == sign_in(house.client(), "an", headers={"X-Forwarded-For": "203.0.113.7"}).status_code
    assert 303 == sign_in(house.client(), "an", headers={"X-Forwarded-For": "203.0.113.8"}).status_code


# --- roles over HTTP: forged addresses, bodies and values -----------------------------------------------------------------------------


def own_names(data: Data) -> set[str]:
    return {name for code, name in data.catalogue.agency_names.items() if code.startswith(("SKHCN", "STTTT"))}


FORGED: dict[str, Callable[[FlaskClient], Any]] = {
    "another agency in the address": lambda client: load(client, "/thu-tuc", f"?dv={OTHER}&ky=2025"),
    "the own and another agency": lambda client: load(client, "/chua-tra-qua-buu-chinh", f"?dv=SKHCN,{OTHER}&ky=2025"),
    "no agency at all": lambda client: load(client, "/chua-tra-qua-buu-chinh", "?ky=2025"),
    "a level": lambda client: load(client, "/", "?cap=province&ky=2025"),
    "not recorded": lambda client: load(client, "/", "?dv=-&ky=2025"),
    "comparable groups": lambda client: load(client, "/", "?tc=nhom&ky=2025"),
    "the key of rights as a query": lambda client: load(client, "/", "?scope=&rights=administrator&role=administrator&dv=*&ky=2025"),
    "a card's rows": lambda client: client.get(f"/tai-ve/agencies.procedures.csv?dv={OTHER}&ky=2025").get_data(as_text=True),
    "the call list with a chosen row": lambda client: client.get(f"/tai-ve/adoption.call_list.csv?chon={OTHER}&ky=2025").get_data(as_text=True),
    "letters to another agency": lambda client: client.get(f"/tai-ve/adoption.call_list.docx?chon={OTHER}&ky=2025").get_data(as_text=True),
    "the overdue of another": lambda client: client.get(f"/tai-ve/agencies.overdue.csv?dv={OTHER}").get_data(as_text=True),
    "late dossiers of all": lambda client: client.get("/tai-ve/agencies.overdue.csv?dv=").get_data(as_text=True),
    "the layout": lambda client: client.get("/_dash-layout").get_json(),
    "the stamp of a picture": lambda client: client.post("/ma", json={"the": "agencies.months", "loc": f"dv={OTHER}"}).get_json(),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_request_of_a_head_names_no_other_agency(name: str, any_house: House) -> None:
    client = any_house.signed_in("binh")
    said = json.dumps(FORGED[name](client), ensure_ascii=False)
    others = set(any_house.data.catalogue.agency_names.values()) - own_names(any_house.data)
    assert {"Sở Y tế"} <= others
    assert [] == [other for other in others if other in said.replace("Sở Khoa học và Công nghệ", "")]


def test_component_values_of_a_forged_callback_body_widen_nothing(any_house: House) -> None:
    client = any_house.signed_in("binh")
    for callback in client.get("/_dash-dependencies").get_json():
        outputs = [dict(zip(("id", "property"), output.rsplit(".", 1), strict=True)) for output in callback["output"].strip(".").split("...")]
        inputs: list[Any] = [
            [] if one["id"].startswith("{") else {**one, "value": [OTHER] if one["id"] == "f-dv" else f"?dv={OTHER}"} for one in callback["inputs"]
        ]
        for changed in ("f-dv.value", "url.search", "url.pathname"):
            body = {
                "output": callback["output"],
                "outputs": outputs,
                "inputs": inputs,
                "changedPropIds": [changed],
            }
            answer = client.post("/_dash-update-component", json=body)
            assert answer.status_code in (200, 204)
            said = answer.get_data(as_text=True)
            assert "Sở Y tế" not in json.dumps(json.loads(said), ensure_ascii=False) if said.startswith("{") else True
            forged = {**body, "state": [{"id": "user", "property": "role", "value": "administrator"}]}
            assert 400 == client.post("/_dash-update-component", json=forged).status_code


def test_a_file_made_for_one_reader_is_not_handed_to_another_with_less_scope(house: House) -> None:
    viewer, head = house.signed_in("an"), house.signed_in("binh")
    job = viewer.post("/lam-tep", json={"tep": "/tai-ve/agencies.procedures.csv?ky=2025"}).get_json()["viec"]
    while viewer.get(f"/lam-tep/{job}").get_json()["buoc"] not in ("done", "failed"):
        pass
    assert 200 == viewer.get(f"/lam-tep/{job}/tep").status_code
    assert 404 == head.get(f"/lam-tep/{job}/tep").status_code
    assert "failed" == head.get(f"/lam-tep/{job}").get_json()["buoc"]
    mine = head.post("/lam-tep", json={"tep": "/tai-ve/agencies.procedures.csv?ky=2025"}).get_json()["viec"]
    assert job != mine


def test_a_code_of_a_wider_scope_reads_as_one_that_is_not_there(house: House) -> None:
    viewer, head = house.signed_in("an"), house.signed_in("binh")
    wide, narrow = (client.post("/ma", json={"the": "overview.totals", "loc": "ky=2025"}).get_json()["ma"] for client in (viewer, head))
    assert wide != narrow
    unknown, hidden = (words(load(head, f"/ma/{code}")["page"]["children"]) for code in ("AAAAA-AAAAA", wide))
    assert unknown.replace("AAAAA-AAAAA", "") == hidden.replace(wide, "")
    for client in (head, viewer):
        assert "Số liệu hôm nay giống số liệu đã đưa ra" in words(load(client, f"/ma/{narrow}")["page"]["children"])


@pytest.mark.parametrize(("name", "status"), [("an", 403), ("binh", 403), ("chi", 403), ("dung", 303)])
def test_only_an_administrator_publishes(name: str, status: int, house: House) -> None:
    client = house.signed_in(name)
    assert status == client.post("/cong-bo", data={"loc": "ky=2026-Q3&mau=quarterly", "ten": "Quý III"}).status_code
    assert (status == 303) == ("Chốt số liệu" in words(load(client, "/trinh-bay", "?ky=2026-Q3")["page"]["children"]))


@pytest.mark.parametrize(("name", "status"), [("an", 403), ("binh", 403), ("chi", 403), ("dung", 200)])
def test_the_audit_and_the_way_to_it_are_for_administrators(name: str, status: int, house: House) -> None:
    client = house.signed_in(name)
    assert [status] * 2 == [client.get(path).status_code for path in ("/nhat-ky", "/nhat-ky.csv")]
    layout = json.dumps(client.get("/_dash-layout").get_json())
    assert "account__name" in layout
    assert (status == 200) == ("/nhat-ky" in layout)


def test_an_account_opens_no_page_of_operators_from_another_machine(house: House) -> None:
    client = house.signed_in("dung")
    assert [403, 403] == [client.get(path, environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code for path in ("/readyz", "/metrics")]


def test_while_the_database_is_away_a_head_still_sees_the_own_figures_only(house: House) -> None:
    head, viewer = house.signed_in("binh"), house.signed_in("an")
    before = [load(client, "/thu-tuc", "?ky=2025")["page"]["children"] for client in (viewer, head)]
    house.feed.away = Away("Máy chủ không trả lời.", house.clock(), is_contract=False)
    during = [load(client, "/thu-tuc", "?ky=2025") for client in (viewer, head)]
    assert ["Máy chủ không trả lời." in words(answer["notices"]["children"]) for answer in during] == [True, True]
    assert before == [answer["page"]["children"] for answer in during]
    assert before[0] != before[1]
    assert "Sở Y tế" not in json.dumps(during[1], ensure_ascii=False)


def test_what_was_published_for_the_province_is_not_listed_to_a_head(house: House) -> None:
    house.signed_in("dung").post("/cong-bo", data={"loc": "ky=2026-Q3&mau=quarterly", "ten": "Báo cáo toàn tỉnh quý III"})
    said = {name: words(load(house.signed_in(name), "/trinh-bay", "?ky=2026-Q3")["page"]["children"]) for name in ("an", "binh")}
    assert "Báo cáo toàn tỉnh quý III" in said["an"]
    assert "Báo cáo toàn tỉnh quý III" not in said["binh"]


def test_one_reader_is_never_answered_from_what_another_asked_before(any_house: House) -> None:
    """All share one cache of answers: the order of asking must not matter."""
    wide = any_house.signed_in("dung").get("/tai-ve/overview.totals.csv?ky=2025").get_data(as_text=True)
    narrow = any_house.signed_in("binh").get("/tai-ve/overview.totals.csv?ky=2025").get_data(as_text=True)
    postal = any_house.signed_in("chi").get("/tai-ve/overview.totals.csv?ky=2025").get_data(as_text=True)
    again = any_house.signed_in("dung").get("/tai-ve/overview.totals.csv?ky=2025").get_data(as_text=True)
    assert wide == again
    assert 3 == len({wide, narrow, postal})


@pytest.mark.parametrize(
    ("name", "refused"), [("an", ["data.check"]), ("chi", ["agencies.overdue", "data.check"]), ("binh", ["score.province", "potential.pairs", "data.check"])]
)
def test_a_card_that_a_role_does_not_see_is_refused_as_a_file_and_absent_from_its_page(name: str, refused: list[str], house: House) -> None:
    client = house.signed_in(name)
    for address in refused:
        for answer in (client.get(f"/tai-ve/{address}.csv"), client.post("/lam-tep", json={"tep": f"/tai-ve/{address}.xlsx"})):
            assert 403 == answer.status_code
        assert "không được xem" in client.get(f"/tai-ve/{address}.csv").get_data(as_text=True)
        page = {"data": "/du-lieu-va-cach-tinh", "agencies": "/don-vi"}.get(address.split(".")[0])
        if page is not None:
            assert CARDS[address].name not in words(load(client, page)["page"]["children"])


# --- the other ways in ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def behind_proxy(data: Data, tmp_path: Path) -> House:
    rules = (RoleRule("quan-tri", "administrator"), RoleRule("lanh-dao", "head"), RoleRule("khcn", "head", ("SKHCN",)))
    proxy = Proxy((ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("::1/128")), SECRET)
    return House(Access(Way.PROXY, rules=rules, proxy=proxy), data, tmp_path, Clock())


def by_proxy(house: House, peer: str = "10.1.2.3", **headers: str) -> int:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return int(house.client().get("/_dash-layout", headers=sent, environ_base={"REMOTE_ADDR": peer}).status_code)


def test_the_proxy_says_who_asks_from_its_address_and_with_its_secret(behind_proxy: House) -> None:
    said = {"X_Remote_User": "an", "X_Remote_Groups": "khac, quan-tri", "X_Proxy_Secret": SECRET}
    assert 200 == by_proxy(behind_proxy, **said)
    assert 200 == by_proxy(behind_proxy, "::1", **said)
    assert 403 == by_proxy(behind_proxy, "10.2.0.1", **said)
    assert 403 == by_proxy(behind_proxy, "", **said)
    assert 403 == by_proxy(behind_proxy, **said | {"X_Proxy_Secret": SECRET[:-1]})
    assert 403 == by_proxy(behind_proxy, **said | {"X_Proxy_Secret": ""})
    assert 403 == by_proxy(behind_proxy, **said | {"X_Remote_Groups": "quan-tri-khac"})
    assert 403 == by_proxy(behind_proxy, **said | {"X_Remote_User": ""})
    assert 403 == by_proxy(behind_proxy, **said | {"X_Remote_User": "an,dung"})
    assert 403 == by_proxy(behind_proxy, **said | {"X_Forwarded_For": "10.1.2.3"}, peer="203.0.113.5")


def test_the_proxy_names_the_agencies_of_a_head(behind_proxy: House) -> None:
    headers = {"X-Remote-User": "an", "X-Remote-Groups": "lanh-dao;khcn", "X-Remote-Agency": "SYT", "X-Proxy-Secret": SECRET}
    layout = behind_proxy.client().get("/_dash-layout", headers=headers, environ_base={"REMOTE_ADDR": "10.1.2.3"}).get_data(as_text=True)
    assert "Sở Khoa học và Công nghệ" in json.dumps(json.loads(layout), ensure_ascii=False)
    assert "Sở Y tế" in json.dumps(json.loads(layout), ensure_ascii=False)
    assert "Sở Tài chính" not in json.dumps(json.loads(layout), ensure_ascii=False)


@pytest.fixture
def without(data: Data, tmp_path: Path) -> House:
    return House(Access(), data, tmp_path, Clock())


@pytest.mark.parametrize(
    ("peer", "host", "more", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8050", {}, 200),
        ("::1", "[::1]:8050", {}, 200),
        ("127.0.0.1", "localhost", {}, 200),
        ("10.0.0.5", "127.0.0.1", {}, 403),
        ("127.0.0.1", "bdk.laichau.gov.vn", {}, 400),
        ("127.0.0.1", "127.0.0.1.xau.vn", {}, 400),
        ("127.0.0.1", "127.0.0.1", {"X-Forwarded-For": "203.0.113.5"}, 403),
        ("127.0.0.1", "127.0.0.1", {"Forwarded": "for=203.0.113.5"}, 403),
        ("", "127.0.0.1", {}, 403),
    ],
)
def test_without_a_sign_in_only_this_machine_is_served(peer: str, host: str, more: dict[str, str], status: int, without: House) -> None:
    answer = without.client().get("/_dash-layout", headers={"Host": host, **more}, environ_base={"REMOTE_ADDR": peer})
    assert status == answer.status_code
    if status == 200:
        assert "Chưa bật đăng nhập" in json.dumps(answer.get_json(), ensure_ascii=False)


# --- the file of accounts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("an", Role.VIEWER, (), PASSWORD), "Đã có tài khoản “an”"),
        (("x y", Role.VIEWER, (), PASSWORD), "không dùng được"),
        (("moi", Role.VIEWER, (), "ngắn"), "Mật khẩu cần từ 12"),
        (("moi", Role.HEAD, (), PASSWORD), "head cần ít nhất một --agency"),
        (("moi", Role.VIEWER, ("SYT",), PASSWORD), "Chỉ vai trò head có --agency"),
        (("moi", Role.HEAD, ("SYT,STC",), PASSWORD), "không được có dấu phẩy"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_a_sentence(given: Any, said: str, accounts: Accounts) -> None:
    with pytest.raises(BadRequest) as refused:
        accounts.add(*given)
    assert said in refused.value.sentence
    assert 4 == len(accounts.all())
