"""What keeps the service shut: secrets from files and never in logs, no start where it would be unsafe, who may see health and meters, one line a request."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from config.errors import BadSettings
from config.safety import refuse_unsafe, secret
from config.settings import load_settings
from dashboard.app import create_app
from dashboard.audit import Audit
from dashboard.exports.office import Office
from dashboard.guard import Rules
from dashboard.opening import access_of, rules_of
from dashboard.ops import LOG, Feed, incident, start_log, without_passwords
from dashboard.view import Look
from queries.data import Data
from queries.errors import DatabaseUnreachable, SourceRefused
from tests.processes import ROOT, environment, serving
from tests.queries.hand import province, received

PASSWORD = "m4t-kh4u-r4t-b1-m4t"
LONG = "f3a9c17be2084d65a1b7c93e5d2f6088"


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return province(tmp_path, [received("2026-03-02", "post", agency_code="STP")])


def client_of(data: Data, folder: Path, rules: Rules | None = None, today: date = date(2026, 7, 2)) -> Any:
    audit = Audit(folder / "audit.sqlite", lambda: datetime(today.year, today.month, today.day, 9))
    return create_app(Feed(lambda: data), Look(), Office(folder=folder), rules, audit).server.test_client()


# --- secrets ---------------------------------------------------------------------------------------------------------------------


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "url"
    path.write_text(f"postgresql://doc:{PASSWORD}@may-chu/hoso\n")
    monkeypatch.setenv("DASHBOARD_DATABASE_URL_FILE", str(path))
    settings = load_settings()
    assert f"postgresql://doc:{PASSWORD}@may-chu/hoso" == settings.database
    assert PASSWORD not in repr(settings)


@pytest.mark.parametrize(
    ("content", "mode", "given", "said"),
    [
        (None, 0o600, "", "Không đọc được tệp"),
        ("", 0o600, "", "đang trống"),
        (LONG, 0o666, "", "cho mọi người ghi"),
        (LONG, 0o600, "x", "Chỉ đặt một trong hai"),
    ],
)
def test_a_file_of_a_secret_that_cannot_be_used_is_named_and_the_secret_is_not(content: str | None, mode: int, given: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    with pytest.raises(BadSettings) as caught:
        secret(SecretStr(given), str(path), "ops_token")
    assert said in caught.value.sentence
    assert LONG not in caught.value.sentence + str(caught.value)


def test_a_password_in_an_address_is_masked_wherever_a_log_line_quotes_it() -> None:
    quoted = {"event": f"connect to postgresql://doc:{PASSWORD}@h/x failed", "exception": f"Traceback\n  mysql+pymysql://a:{PASSWORD}@h", "n": 1}
    assert PASSWORD not in str(without_passwords(None, "", quoted))
    assert {"n": 1, "event": "postgresql://doc:…@h"} == without_passwords(None, "", {"n": 1, "event": "postgresql://doc:x@h"})


def test_a_refused_password_stands_in_no_log_line_and_no_answer(tmp_path: Path) -> None:
    address = f"postgresql://khong-co-tai-khoan:{PASSWORD}@127.0.0.1:9/hoso"
    with serving(tmp_path, address, DASHBOARD_OPS_TOKEN=LONG) as server:
        answers = [server.page("/")[1], server.get("/readyz")[1], server.get("/metrics")[1], server.get("/tai-ve/overview.totals.csv")[1]]
        said = server.said() + "".join(answers)
    assert "the database is away" in said
    assert PASSWORD not in said
    assert LONG not in said


# --- starting --------------------------------------------------------------------------------------------------------------------


def start(**more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py", "dashboard.wsgi:server"]
    return subprocess.run(command, cwd=ROOT, env=environment(**more), capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.slow
def test_the_server_does_not_start_open_to_others_without_a_sign_in(tmp_path: Path) -> None:
    result = start(PORT="8209", DASHBOARD_STATE_FOLDER=str(tmp_path), DASHBOARD_PUBLIC_URL="https://bcci.example", WEB_CONCURRENCY="1")
    assert result.returncode != 0
    assert "chưa có đăng nhập, nên không khởi động" in result.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sign_in": "none", "public_url": "https://bcci.example"}, "chưa có đăng nhập"),
        ({"sign_in": "oidc", "public_url": "http://127.0.0.1:8050"}, "public_url"),
    ],
)
def test_what_is_unsafe_for_others_does_not_start(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadSettings) as caught:
        refuse_unsafe(is_public=True, **given)
    assert said in caught.value.sentence


def test_what_is_safe_starts() -> None:
    refuse_unsafe(is_public=False, sign_in="none", public_url="http://127.0.0.1:8050")
    refuse_unsafe(is_public=True, sign_in="local", public_url="https://bcci.example")


@pytest.mark.parametrize("secret_of_all", ["", "change-me", "a" * 64, LONG[:15]])
def test_a_secret_that_others_can_guess_opens_no_proxy_s_way_in(secret_of_all: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SIGN_IN": "proxy", "PROXY_ADDRESSES": "127.0.0.1", "PROXY_SECRET": secret_of_all}.items():
        monkeypatch.setenv(f"DASHBOARD_{name}", value)
    with pytest.raises(BadSettings, match="guessable"):
        access_of(load_settings())
    monkeypatch.setenv("DASHBOARD_PROXY_SECRET", LONG)
    assert access_of(load_settings()).proxy is not None


@pytest.mark.parametrize("token", ["change-me", "a" * 64, LONG[:15]])
def test_a_token_of_operators_that_others_can_guess_stops_the_start(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_OPS_TOKEN", token)
    with pytest.raises(BadSettings, match="guessable"):
        rules_of(load_settings())
    monkeypatch.setenv("DASHBOARD_OPS_TOKEN", LONG)
    assert LONG == rules_of(load_settings()).ops_token


PROVIDER = {"SIGN_IN": "oidc", "OIDC_ISSUER": "https://sso.example", "OIDC_CLIENT_ID": "bdk"}
BY_PROXY = {"SIGN_IN": "proxy", "PROXY_ADDRESSES": "127.0.0.1"}


@pytest.mark.parametrize(("key", "more"), [("OIDC_CLIENT_SECRET", PROVIDER), ("PROXY_SECRET", BY_PROXY)])
def test_the_secrets_of_the_ways_in_may_stand_in_files_and_both_at_once_are_refused(
    key: str, more: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{LONG}\n")
    for name, value in (more | {f"{key}_FILE": str(path)}).items():
        monkeypatch.setenv(f"DASHBOARD_{name}", value)
    access = access_of(load_settings())
    held = access.oidc.client_secret if access.oidc else access.proxy.secret if access.proxy else ""
    assert LONG == held
    assert LONG not in repr(load_settings())
    monkeypatch.setenv(f"DASHBOARD_{key}", LONG)
    with pytest.raises(BadSettings, match=f"{key.lower()} and {key.lower()}_file are both set"):
        access_of(load_settings())
    monkeypatch.delenv(f"DASHBOARD_{key}")
    path.unlink()
    with pytest.raises(BadSettings, match=f"cannot read {key.lower()}_file"):
        access_of(load_settings())


@pytest.mark.slow
def test_the_running_server_names_no_product_and_logs_one_line_a_request_without_its_filters(demo_url: str, tmp_path: Path) -> None:
    import http.client

    with serving(tmp_path, demo_url) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/tai-ve/overview.totals.csv?dv=X-BI-MAT&ky=2026-Q3")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        server.wait_until(lambda: "/tai-ve/" in server.said())
        lines = [json.loads(line) for line in server.said().splitlines() if line.startswith("{")]
        metrics = server.get("/metrics")[1]
    assert "web" == headers["server"]
    found = [line for line in lines if line.get("route") == "/tai-ve/<path:name>"]
    assert [("request", 200, headers["x-request-id"])] == [(line["event"], line["status"], line["request"]) for line in found]
    assert "X-BI-MAT" not in server.said()
    assert 'dashboard_files_total{kind="csv"} 1.0' in metrics
    assert "X-BI-MAT" not in metrics
    assert not list(Path("/dev/shm").glob(f"dashboard-meters-*/gauge_livemin_{server.process.pid}.db"))


# --- health ----------------------------------------------------------------------------------------------------------------------


def test_health_and_meters_answer_the_machine_itself_and_nobody_behind_a_proxy(data: Data, tmp_path: Path) -> None:
    client = client_of(data, tmp_path)
    for path in ("/readyz", "/metrics"):
        assert 200 == client.get(path).status_code
        assert 403 == client.get(path, headers={"X-Forwarded-For": "10.1.2.3"}).status_code
        assert 403 == client.get(path, environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code
    assert 200 == client.get("/healthz", environ_base={"REMOTE_ADDR": "10.1.2.3"}, headers={"Host": "anything.example"}).status_code


def test_the_token_opens_health_and_meters_to_another_machine(data: Data, tmp_path: Path) -> None:
    client = client_of(data, tmp_path, Rules(ops_token=LONG))
    there = {"environ_base": {"REMOTE_ADDR": "10.1.2.3"}}
    assert 200 == client.get("/metrics", headers={"Authorization": f"Bearer {LONG}"}, **there).status_code
    for wrong in ("Bearer x", f"Bearer {LONG[:-1]}", "Bearer ", "", f"Basic {LONG}"):
        assert 403 == client.get("/metrics", headers={"Authorization": wrong}, **there).status_code, wrong


def test_readiness_tells_what_is_wrong(data: Data, tmp_path: Path) -> None:
    good = client_of(data, tmp_path).get("/readyz")
    assert (200, True) == (good.status_code, good.get_json()["ready"])
    assert {"database", "contract", "data", "store", "audit"} == set(good.get_json()["checks"])
    old = client_of(data, tmp_path, Rules(oldest_data_days=3), date(2026, 7, 9)).get("/readyz")
    assert (503, False) == (old.status_code, old.get_json()["checks"]["data"]["ok"])
    assert "cách hôm nay 9 ngày" in old.get_json()["checks"]["data"]["loi"]


def test_a_wrong_clock_is_named_by_readiness_and_changes_no_figure(data: Data, tmp_path: Path) -> None:
    client = client_of(data, tmp_path, today=date(2001, 1, 1))
    answer = client.get("/readyz")
    assert (503, True) == (answer.status_code, "kiểm tra đồng hồ máy chủ" in answer.get_json()["checks"]["data"]["loi"])
    figures = {client_of(data, tmp_path / str(year), today=date(year, 1, 1)).get("/tai-ve/overview.totals.csv").get_data() for year in (2001, 2026, 2099)}
    assert 1 == len(figures)


@pytest.mark.parametrize(
    ("error", "check"), [(DatabaseUnreachable("x", sentence="Máy chủ không trả lời."), "database"), (SourceRefused("x", sentence="Thiếu bảng."), "contract")]
)
def test_readiness_tells_a_database_that_is_away_from_one_that_breaks_the_contract(error: Exception, check: str, tmp_path: Path) -> None:
    def opener() -> Data:
        raise error

    audit = Audit(tmp_path / "audit.sqlite", lambda: datetime(2026, 7, 2))
    answer = create_app(Feed(opener), Look(), Office(folder=tmp_path), Rules(), audit).server.test_client().get("/readyz")
    assert 503 == answer.status_code
    assert [check] == [name for name, found in answer.get_json()["checks"].items() if not found["ok"]]


def test_an_incident_has_the_number_of_its_request(capfd: pytest.CaptureFixture[str]) -> None:
    import structlog

    start_log()
    structlog.contextvars.bind_contextvars(request="0123456789abcdef")
    number = incident("something broke", ValueError("x"))
    LOG.info("after")
    structlog.contextvars.clear_contextvars()
    first, second = (json.loads(line) for line in capfd.readouterr().err.splitlines())
    assert (number, "0123456789abcdef") == (first["incident"], first["request"])
    assert "ValueError" in first["exception"]
    assert "0123456789abcdef" == second["request"]
