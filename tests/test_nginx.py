"""The shipped nginx configuration run for real, with TLS, in front of a real server: what reaches readers, and what they cannot reach or forge."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from dashboard.audit import AUDIT_FILE, Audit, Wanted
from dashboard.auth.accounts import Accounts
from queries.rights import Role
from tests.processes import ROOT, free_port, serving

pytestmark = [pytest.mark.slow, pytest.mark.server]

NAME = "bcci.laichau.example"
PASSWORD = "mật khẩu đủ dài"
SECRET = "0123456789abcdef0123"
MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    gzip on;
    gzip_proxied any;
    gzip_types *;
    {more}
    include {folder}/site.conf;
}}
"""


@pytest.fixture(scope="module")
def tools() -> dict[str, str]:
    """The programmes; nginx lies where only administrators look."""
    found = {name: shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") for name in ("nginx", "openssl")}
    for name, path in found.items():
        if path is None:
            reason = f"no {name} on this machine; install it with: apt-get install {name if name == 'openssl' else 'nginx-light'}"
            pytest.fail(reason) if os.environ.get("REQUIRE_SERVERS") == "1" else pytest.skip(reason)
    return {name: str(path) for name, path in found.items()}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...]


@dataclass(frozen=True)
class Front:
    """nginx as a reader reaches it."""

    plain: int
    port: int
    tls: ssl.SSLContext
    state: Path
    inside: int

    def ask(self, path: str, method: str = "GET", body: str = "", host: str = NAME, **headers: str) -> Answer:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=60)
        return _asked(connection, path, method, body.encode() or None, {"Host": host} | {name.replace("_", "-"): value for name, value in headers.items()})

    def signed_in(self, name: str = "dung", **headers: str) -> str:
        """The cookie of a signed-in reader."""
        form = urlencode({"ten": name, "mat-khau": PASSWORD, "tiep": "/"})
        answer = self.ask("/dang-nhap", "POST", form, Content_Type="application/x-www-form-urlencoded", Origin=f"https://{NAME}", **headers)
        assert 303 == answer.status, answer.body
        return answer.cookies[0].split(";")[0]


def _asked(connection: http.client.HTTPConnection, path: str, method: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return Answer(
            answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read(), tuple(answer.headers.get_all("Set-Cookie", []))
        )
    finally:
        connection.close()


def certificate(openssl: str, folder: Path) -> tuple[Path, Path]:
    key, made = folder / "key.pem", folder / "fullchain.pem"
    wanted = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"]
    subprocess.run([openssl, *wanted, "-keyout", str(key), "-out", str(made)], check=True, capture_output=True)
    return key, made


@contextmanager
def in_front(tools: dict[str, str], folder: Path, inside: int, *, state: Path, lines: str = "", more: str = "") -> Iterator[Front]:
    """nginx with the shipped file: only its ports, the certificate's paths and the server's port are others. `lines` go beside the passed headers."""
    folder.mkdir()
    key, made = certificate(tools["openssl"], folder)
    plain, port = free_port(), free_port()
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        "/etc/ssl/dashboard/fullchain.pem": str(made),
        "/etc/ssl/dashboard/key.pem": str(key),
        "proxy_pass http://127.0.0.1:8050;": f"proxy_pass http://127.0.0.1:{inside};",
        "        proxy_hide_header Server;": f"        proxy_hide_header Server;\n{lines}",
    }.items():
        assert 1 == site.count(old), old
        site = site.replace(old, new)
    if lines:
        site = re.sub(r"\n +proxy_set_header X-Proxy-Secret +\"\";", "", site)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    main = folder / "main.conf"
    main.write_text(MAIN.format(folder=folder, more=more, user="user root;" if os.geteuid() == 0 else ""), encoding="utf-8")
    command = [tools["nginx"], "-p", str(folder), "-c", str(main), "-e", "stderr"]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert 0 == tried.returncode, tried.stderr
    assert "[warn]" not in tried.stderr.replace("listen ... http2", "")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    front = Front(plain, port, ssl.create_default_context(cafile=str(made)), state, inside)
    try:
        until = time.monotonic() + 20
        while True:
            try:
                front.ask("/healthz")
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.1)
        yield front
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def front(tools: dict[str, str], demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    state = folder / "state"
    accounts = Accounts(state / "accounts.json")
    accounts.add("dung", Role.ADMINISTRATOR, (), PASSWORD)
    accounts.add("an", Role.VIEWER, (), PASSWORD)
    given = {"DASHBOARD_PUBLIC_URL": f"https://{NAME}", "DASHBOARD_SIGN_IN": "local", "WEB_CONCURRENCY": "1", "DASHBOARD_WARM_PAGES": "false"}
    with serving(folder, demo_url, **given) as server, in_front(tools, folder / "prefix", server.port, state=state) as found:
        yield found


def test_without_tls_a_reader_is_led_to_tls_under_the_public_name_only(front: Front) -> None:
    answer = _asked(http.client.HTTPConnection("127.0.0.1", front.plain, timeout=10), "/don-vi?ky=2025", "GET", None, {"Host": "xau.vn"})
    assert (301, f"https://{NAME}/don-vi?ky=2025") == (answer.status, answer.headers["location"])


def test_pages_carry_hsts_and_the_guard_s_headers_and_name_no_product(front: Front) -> None:
    answer = front.ask("/dang-nhap")
    assert 200 == answer.status
    assert "max-age=31536000; includeSubDomains" == answer.headers["strict-transport-security"]
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "no-store" == answer.headers["cache-control"]
    assert "nginx" == answer.headers["server"], "no version"
    assert not {"x-powered-by", "via"} & set(answer.headers)


def test_a_browser_gets_http_2(front: Front) -> None:
    import socket

    offering = ssl.create_default_context(cafile=None)
    offering.check_hostname, offering.verify_mode = False, ssl.CERT_NONE
    offering.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", front.port), 10) as raw, offering.wrap_socket(raw, server_hostname=NAME) as tls:
        assert "h2" == tls.selected_alpn_protocol()
        assert str(tls.version()) in {"TLSv1.2", "TLSv1.3"}


def test_the_cookie_of_a_session_goes_nowhere_but_through_tls_to_this_name(front: Front) -> None:
    form = urlencode({"ten": "dung", "mat-khau": PASSWORD, "tiep": "/don-vi"})
    answer = front.ask("/dang-nhap", "POST", form, Content_Type="application/x-www-form-urlencoded", Origin=f"https://{NAME}")
    assert (303, "/don-vi") == (answer.status, answer.headers["location"])
    [cookie] = answer.cookies
    assert cookie.startswith("__Host-phien=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert 403 == front.ask("/dang-nhap", "POST", form, Content_Type="application/x-www-form-urlencoded", Origin="https://xau.vn").status


@pytest.mark.parametrize("path", ["/metrics", "/readyz", "//metrics", "/%6detrics", "/./readyz", "/x/../metrics", "/metrics?x=1", "/metrics/", "/METRICS"])
def test_what_operators_ask_is_not_reached_from_outside(path: str, front: Front) -> None:
    for more in ({}, {"X_Forwarded_For": "127.0.0.1"}, {"X_Real_IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}, {"Cookie": front.signed_in()}):
        answer = front.ask(path, **more)
        assert answer.status in (401, 403, 404) or b"react-entry-point" in answer.body, "who is signed in gets the page that there is none"
        assert b"dashboard_requests" not in answer.body
        assert b"checks" not in answer.body
    assert (200, b"ok\n") == (front.ask("/healthz").status, front.ask("/healthz").body)


def test_from_where_a_reader_comes_is_what_nginx_saw_and_not_what_the_reader_says(front: Front) -> None:
    front.signed_in("an", X_Forwarded_For="203.0.113.9", X_Real_IP="203.0.113.9", X_Forwarded_Proto="http", X_Forwarded_Host="xau.vn")
    audit = Audit(front.state / AUDIT_FILE, lambda: datetime(2026, 7, 2, 9))
    entry = audit.entries(Wanted(event="sign_in", reader="an"), 1)[0]
    assert "127.0.0.1" == json.loads(entry.facts)["address"]


def test_another_name_is_not_answered(front: Front) -> None:
    assert 400 == front.ask("/dang-nhap", host="xau.vn").status


def test_the_number_of_a_request_is_nginx_s_own(front: Front) -> None:
    given = "a" * 32
    number = front.ask("/dang-nhap", X_Request_ID=given).headers["x-request-id"]
    assert number != given
    assert re.fullmatch("[0-9a-f]{32}", number)


@pytest.mark.parametrize(("path", "size"), [("/lam-tep", 9 * 2**20), ("/lam-tep", 7_500_000), ("/_dash-update-component", 300 * 1024)])
def test_a_body_above_the_limit_is_refused(path: str, size: int, front: Front) -> None:
    answer = front.ask(path, "POST", "x" * size, Content_Type="application/json", Origin=f"https://{NAME}", Cookie=front.signed_in())
    assert 413 == answer.status


def test_data_are_packed_once_however_often_they_could_be(front: Front) -> None:
    cookie = front.signed_in()
    for encoding in ("gzip", "br", "br, gzip", ""):
        answer = front.ask("/_dash-layout", Cookie=cookie, Accept_Encoding=encoding)
        found = answer.headers.get("content-encoding", "")
        assert found in (encoding, *encoding.split(", ")), (encoding, found)
        if found in ("gzip", ""):
            plain = gzip.decompress(answer.body) if found else answer.body
            assert json.loads(plain)["props"]


def test_a_file_arrives_whole_under_its_name(front: Front) -> None:
    cookie = front.signed_in()
    for kind, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        answer = front.ask(f"/tai-ve/agencies.volumes.{kind}?ky=2026-Q3", Cookie=cookie)
        assert 200 == answer.status
        assert f'.{kind}"' in answer.headers["content-disposition"]
        assert answer.body.startswith(begins)
        assert "no-store" == answer.headers["cache-control"]


# --- a proxy that signs people in: the lines of the manual ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signing(tools: dict[str, str], demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("signing")
    (folder / "secret").write_text(SECRET)
    (folder / "roles.toml").write_text('[[role]]\ngroup = "quan-tri"\nrole = "administrator"\n\n[[role]]\ngroup = "thu-truong"\nrole = "head"\n')
    (folder / "people").write_text("dung:{PLAIN}a\nbinh:{PLAIN}b\n")
    given = {
        "DASHBOARD_PUBLIC_URL": f"https://{NAME}",
        "DASHBOARD_SIGN_IN": "proxy",
        "DASHBOARD_PROXY_ADDRESSES": "127.0.0.1",
        "DASHBOARD_PROXY_SECRET_FILE": str(folder / "secret"),
        "DASHBOARD_ROLES_FILE": str(folder / "roles.toml"),
        "DASHBOARD_WARM_PAGES": "false",
        "WEB_CONCURRENCY": "1",
    }
    manual = (
        (ROOT / "docs" / "operate.md")
        .read_text(encoding="utf-8")
        .split("```nginx\n")[1]
        .split("```")[0]
        .replace("“…”", f'"{SECRET}"')
        .replace('"…"', f'"{SECRET}"')
    )
    lines = f'{manual}\nauth_basic "x";\nauth_basic_user_file {folder / "people"};\n'
    more = "map $remote_user $groups { dung quan-tri; binh thu-truong; default ''; }\nmap $remote_user $agency { binh SKHCN; default ''; }"
    with serving(folder, demo_url, **given) as server, in_front(tools, folder / "prefix", server.port, state=folder / "state", lines=lines, more=more) as found:
        yield found


FORGED = {"X_Remote_User": "dung", "X_Remote_Groups": "quan-tri", "X_Remote_Agency": "SYT", "X_Proxy_Secret": SECRET}


@pytest.mark.parametrize("forged", [{}, FORGED], ids=["plain", "forged"])
def test_the_proxy_s_words_win_over_what_a_reader_sends_under_the_same_names(forged: dict[str, str], signing: Front) -> None:
    binh = signing.ask("/_dash-layout", Authorization="Basic YmluaDpi", **forged)
    said = json.dumps(json.loads(binh.body), ensure_ascii=False)
    assert ("Sở Khoa học và Công nghệ" in said, "Sở Y tế" in said, "/nhat-ky" in said) == (True, False, False)
    assert 401 == signing.ask("/_dash-layout", **forged).status
    assert 200 == signing.ask("/nhat-ky", Authorization="Basic ZHVuZzph", **forged).status
    assert 403 == signing.ask("/nhat-ky", Authorization="Basic YmluaDpi", **forged).status


def test_past_the_proxy_nobody_is_let_in_without_its_secret(signing: Front) -> None:
    headers = {"Host": NAME, "X-Remote-User": "dung", "X-Remote-Groups": "quan-tri"}
    for proof in ({}, {"X-Proxy-Secret": "x"}):
        connection = http.client.HTTPConnection("127.0.0.1", signing.inside, timeout=60)
        assert 403 == _asked(connection, "/_dash-layout", "GET", None, headers | proof).status
