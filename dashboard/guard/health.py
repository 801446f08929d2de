"""What operators and their machines ask: is the process alive, is it ready, what does it count."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from typing import Final

import flask

from dashboard import meters
from dashboard.audit import Audit
from dashboard.guard.refusals import ALIVE_PATH, host_of
from dashboard.guard.rules import LOOPBACK_NAMES, Rules
from dashboard.ops import Feed
from queries.errors import DashboardError, NothingLoaded, SourceRefused

READY_PATH: Final = "/readyz"
METERS_PATH: Final = "/metrics"
OPEN_PATHS: Final = (ALIVE_PATH, READY_PATH, METERS_PATH)  # the gate lets them through: whom the last two answer is decided here
NOT_FOR_YOU: Final = "Trang này dành cho người vận hành: mở ngay trên máy chủ, hoặc gửi kèm mã ops_token.\n"
_FORWARDED: Final = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded")


@dataclass(frozen=True)
class Check:
    """One thing that readiness looks at."""

    name: str
    is_good: bool
    words: str


def register(server: flask.Flask, feed: Feed, rules: Rules, audit: Audit) -> None:
    """Register the three addresses."""

    @server.get(ALIVE_PATH)
    def alive() -> flask.Response:
        return flask.Response("ok\n", mimetype="text/plain")

    @server.get(READY_PATH)
    def ready() -> flask.Response:
        if not is_operator(flask.request, rules):
            return flask.Response(NOT_FOR_YOU, status=403, mimetype="text/plain")
        checks = checks_of(feed, rules, audit)
        response = flask.jsonify({"ready": all(one.is_good for one in checks), "checks": {one.name: {"ok": one.is_good, "loi": one.words} for one in checks}})
        response.status_code = 200 if all(one.is_good for one in checks) else 503
        return response

    @server.get(METERS_PATH)
    def count() -> flask.Response:
        if not is_operator(flask.request, rules):
            return flask.Response(NOT_FOR_YOU, status=403, mimetype="text/plain")
        return flask.Response(meters.exposition(), content_type=meters.CONTENT_TYPE)


def is_operator(request: flask.Request, rules: Rules) -> bool:
    """Whether a request may see the state of the service: it comes from this machine and through no proxy, or it carries the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if rules.ops_token and hmac.compare_digest(given, rules.ops_token.encode()):
        return True
    is_here = request.remote_addr in LOOPBACK_NAMES and not any(name in request.headers for name in _FORWARDED)
    return is_here and host_of(request) in LOOPBACK_NAMES


def checks_of(feed: Feed, rules: Rules, audit: Audit) -> list[Check]:
    """Database, contract, data, store and audit, each with what is wrong with it."""
    try:
        data = feed.whole()
    except (SourceRefused, NothingLoaded) as error:
        found = [Check("database", is_good=True, words=""), Check("contract", is_good=False, words=error.sentence)]
    except DashboardError as error:
        found = [Check("database", is_good=False, words=error.sentence)]
    else:
        away = feed.away
        today = audit.clock().date()
        age = (today - data.as_of).days
        words = f"Số liệu đến {data.as_of:%d/%m/%Y}, cách hôm nay {age} ngày (giới hạn {rules.oldest_data_days})." if 0 < rules.oldest_data_days < age else ""
        if age < 0:
            words = f"Số liệu đến {data.as_of:%d/%m/%Y}, sau ngày của máy chủ {today:%d/%m/%Y}: kiểm tra đồng hồ máy chủ và số liệu nguồn."
        is_broken = away is not None and away.is_contract
        found = [
            Check("database", is_good=away is None or is_broken, words="" if away is None or is_broken else away.sentence),
            Check("contract", is_good=not is_broken, words=away.sentence if away is not None and is_broken else ""),
            Check("data", is_good=not words, words=words),
        ]
    return [*found, _store(audit), Check("audit", is_good=not audit.trouble, words=audit.trouble)]


def _store(audit: Audit) -> Check:
    folder = audit.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".ready-{os.getpid()}"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        return Check("store", is_good=False, words=f"Không ghi được vào thư mục lưu: {error.strerror}.")
    return Check("store", is_good=True, words="")
