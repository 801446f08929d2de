"""Sign-in by a real OpenID provider process: PKCE, state, nonce, claims as Keycloak and as VNeID-like providers lay them out, and answers that are not ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import pytest
import requests
from flask.testing import FlaskClient

from config.errors import BadSettings
from config.roles import RoleRule, load_roles
from dashboard.auth import Access, Oidc, Way
from dashboard.auth.provider import Provider, texts, user_of_claims
from dashboard.ops import start_log
from queries.data import Data, open_data
from queries.rights import Role
from tests.dashboard.test_sign_in import Clock, House
from tests.processes import provider

pytestmark = pytest.mark.slow

KEYCLOAK = Oidc("http://127.0.0.1", "bdk", groups_claim="realm_access.roles", agency_claim="don_vi")
VNEID = Oidc("http://127.0.0.1", "bdk", name_claim="vneid.ten", groups_claim="vneid.vai_tro", agency_claim="vneid.don_vi")
RULES = (RoleRule("quan-tri", "administrator"), RoleRule("thu-truong", "head"), RoleRule("khcn", "head", ("SKHCN",)), RoleRule("buu-dien", "post_operator"))
PEOPLE: tuple[dict[str, Any], ...] = (
    {"sub": "lan", "preferred_username": "lan", "realm_access": {"roles": ["khac", "khcn"]}, "don_vi": "SYT"},
    {"sub": "minh", "vneid": {"ten": "minh", "vai_tro": "thu-truong khac", "don_vi": "SYT,STC"}},
    {"sub": "ngoai", "preferred_username": "ngoai", "realm_access": {"roles": ["nguoi-la"]}},
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider, a process of its own."""
    with provider(PEOPLE) as address:
        yield address


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


@dataclass
class Flow:
    """The steps of one sign-in."""

    house: House
    client: FlaskClient

    def start(self, wanted: str = "/don-vi?ky=2026-Q3") -> str:
        answer = self.client.get("/dang-nhap/oidc", query_string={"tiep": wanted})
        assert 302 == answer.status_code, answer.get_data(as_text=True)
        return str(answer.headers["Location"])

    def at_provider(self, address: str, person: str) -> str:
        with requests.post(address, data={"sub": person}, allow_redirects=False, timeout=10) as answer:
            back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@pytest.fixture
def flow(issuer: str, data: Data, tmp_path: Path) -> Flow:
    access = Access(Way.OIDC, store=tmp_path / "sessions.sqlite", rules=RULES, oidc=replace(KEYCLOAK, issuer=issuer, client_secret="bi-mat"))
    house = House(access, data, tmp_path / "var", Clock())
    return Flow(house, house.client())


def test_a_whole_sign_in_with_pkce_opens_the_link_and_gives_the_role_of_the_claims(flow: Flow) -> None:
    sent = parse_qs(urlsplit(address := flow.start()).query)
    assert ["S256"] == sent["code_challenge_method"]
    assert {"code_challenge", "state", "nonce"} <= set(sent)
    before = flow.client.get_cookie("phien")
    answer = flow.client.get(flow.at_provider(address, "lan"))
    assert (303, "/don-vi?ky=2026-Q3") == (answer.status_code, answer.headers["Location"])
    after = flow.client.get_cookie("phien")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    layout = json.dumps(flow.client.get("/_dash-layout").get_json(), ensure_ascii=False)
    assert "Sở Khoa học và Công nghệ" in layout
    assert "Sở Tài chính" not in layout
    assert ("sign_in", "lan") == flow.house.told[-1][:2]


def test_claims_inside_others_are_found_by_configuration(issuer: str, data: Data, tmp_path: Path) -> None:
    access = Access(Way.OIDC, store=tmp_path / "sessions.sqlite", rules=RULES, oidc=replace(VNEID, issuer=issuer, client_secret="bi-mat"))
    house = House(access, data, tmp_path / "var", Clock())
    flow = Flow(house, house.client())
    assert 303 == flow.client.get(flow.at_provider(flow.start(), "minh")).status_code
    rows = flow.client.get("/tai-ve/adoption.units.csv?ky=2026-Q3").get_data(as_text=True)
    assert ["STC", "SYT"] == sorted(line.split(",")[0] for line in rows.splitlines()[1:])


def test_who_has_no_role_is_told_so_and_stays_outside(flow: Flow) -> None:
    answer = flow.client.get(flow.at_provider(flow.start(), "ngoai"))
    assert 403 == answer.status_code
    assert "chưa được gán vai trò" in answer.get_data(as_text=True)
    assert 401 == flow.client.get("/_dash-layout").status_code


def test_an_answer_counts_once_in_the_browser_that_asked_and_unchanged(flow: Flow) -> None:
    back = flow.at_provider(flow.start(), "lan")
    other = flow.house.client()
    assert 403 == other.get(back).status_code, "another browser"
    for changed in (re.sub("state=[^&]*", "state=khac", back), re.sub("state=[^&]*", "", back), "/dang-nhap/oidc/ve", "/dang-nhap/oidc/ve?error=access_denied"):
        assert 403 == flow.client.get(changed).status_code, changed
    assert 303 == flow.client.get(back).status_code
    assert 403 == flow.client.get(back).status_code, "the same answer again"


def test_a_stolen_code_is_worth_nothing_without_the_verifier(flow: Flow) -> None:
    """The thief begins a sign-in of their own and puts the victim's code into it."""
    stolen = parse_qs(urlsplit(flow.at_provider(flow.start(), "lan")).query)["code"][0]
    thief = Flow(flow.house, flow.house.client())
    state = parse_qs(urlsplit(thief.start()).query)["state"][0]
    assert 403 == thief.client.get("/dang-nhap/oidc/ve", query_string={"code": stolen, "state": state}).status_code


@pytest.mark.parametrize("described", [None, {"issuer": "http://xau.vn"}, {}])
def test_a_provider_that_does_not_answer_or_calls_itself_otherwise_lets_nobody_in(described: Any, data: Data, tmp_path: Path, monkeypatch: Any) -> None:
    start_log()
    access = Access(Way.OIDC, store=tmp_path / "sessions.sqlite", rules=RULES, oidc=replace(KEYCLOAK, issuer="http://127.0.0.1:9"))
    house = House(access, data, tmp_path / "var", Clock())
    if described is not None:
        monkeypatch.setattr("authlib.integrations.flask_client.apps.FlaskOAuth2App.load_server_metadata", lambda _: described)
    answer = house.client().get("/dang-nhap/oidc")
    assert 503 == answer.status_code
    assert "Cổng đăng nhập chưa trả lời" in answer.get_data(as_text=True)


def test_a_signature_that_needs_no_secret_key_is_not_accepted(data: Data, tmp_path: Path, monkeypatch: Any) -> None:
    described = {"issuer": "http://127.0.0.1:9", "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    monkeypatch.setattr("authlib.integrations.flask_client.apps.FlaskOAuth2App.load_server_metadata", lambda _: described)
    provider = Provider(flask.Flask("x"), replace(KEYCLOAK, issuer="http://127.0.0.1:9"), RULES)
    provider._described()
    assert ["RS256"] == described["id_token_signing_alg_values_supported"]


def test_the_page_has_one_button_and_no_password_where_only_the_provider_signs_in(flow: Flow) -> None:
    page = flow.client.get("/dang-nhap?tiep=/don-vi").get_data(as_text=True)
    assert "/dang-nhap/oidc?tiep=%2Fdon-vi" in page
    assert "mat-khau" not in page
    assert 403 == flow.client.post("/dang-nhap", data={"ten": "an", "mat-khau": "x"}).status_code


@pytest.mark.parametrize(
    ("claims", "role", "agencies"),
    [
        ({"sub": "a", "realm_access": {"roles": ["quan-tri", "thu-truong"]}}, Role.ADMINISTRATOR, ()),
        ({"sub": "a", "realm_access": {"roles": ["thu-truong"]}, "don_vi": ["SYT"]}, Role.HEAD, ("SYT",)),
        ({"sub": "a", "realm_access": {"roles": ["thu-truong", "khcn"]}, "don_vi": "SYT"}, Role.HEAD, ("SKHCN", "SYT")),
        ({"sub": "a", "realm_access": {"roles": ["thu-truong"]}}, Role.HEAD, ()),
        ({"sub": "a", "realm_access": {"roles": "buu-dien"}}, Role.POST_OPERATOR, ()),
    ],
)
def test_groups_give_the_first_role_of_the_file_and_heads_their_agencies(claims: dict[str, Any], role: Role, agencies: tuple[str, ...]) -> None:
    user = user_of_claims(claims, KEYCLOAK, RULES)
    assert user is not None
    assert (role, agencies) == (user.role, user.agencies)
    assert (agencies if role is Role.HEAD else None) == user.rights.agencies


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"sub": "a"},
        {"sub": "a", "realm_access": "quan-tri"},
        {"sub": "a", "realm_access": {"roles": {"quan-tri": True}}},
        {"sub": "", "realm_access": {"roles": ["quan-tri"]}},
    ],
)
def test_claims_of_another_shape_give_nobody_a_role(claims: dict[str, Any]) -> None:
    assert user_of_claims(claims, KEYCLOAK, RULES) is None


def test_a_claim_of_texts_may_be_a_list_or_one_text() -> None:
    assert ["a", "b"] == texts(["a", 1, "b"]) == texts("a b") == texts("a,b")
    assert [] == texts(None) == texts({"a": 1}) == texts(3)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[[role]]\ngroup = "a"\nrole = "boss"\n', "“role” phải là một trong: viewer, head"),
        ('[[role]]\nrole = "viewer"\n', "“group” phải là tên một nhóm"),
        ('[[role]]\ngroup = "a"\nrole = "viewer"\nagencies = ["SYT"]\n', "chỉ vai trò “head”"),
        ('[[role]]\ngroup = "a"\nrole = "head"\nagencies = "SYT"\n', "phải là một danh sách"),
        ('[[role]]\ngroup = "a"\nrole = "head"\nscope = 1\n', "không có khóa “scope”"),
        ("nhom = 1\n", "chỉ được có các mục [[role]]"),
    ],
)
def test_a_wrong_file_of_roles_is_refused_with_its_line(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "roles.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadSettings) as refused:
        load_roles(path)
    assert said in refused.value.sentence
