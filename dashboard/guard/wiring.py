"""Puts the guard around a server: before everything else is registered, and once the callbacks are known."""

from __future__ import annotations

import re
import secrets
import time
from typing import Final

import dash
import flask
import structlog
from dash.exceptions import DashException
from werkzeug.exceptions import NotFound

from config.language import say
from dashboard import meters, ops
from dashboard.audit import Audit
from dashboard.guard import health, journal, languages, noted
from dashboard.guard.headers import add_headers, policy
from dashboard.guard.refusals import ALIVE_PATH, CALLBACK_PATH, Callbacks, refusal, refusal_of_body
from dashboard.guard.rules import Rules
from dashboard.ops import LOG, Feed

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
SUITES_PATH: Final = "/_dash-component-suites/"
REQUEST_HEADER: Final = "X-Request-ID"


def watch(server: flask.Flask, feed: Feed, rules: Rules, audit: Audit, callbacks: Callbacks) -> None:
    """Number and time every request, refuse what is not looked at, count and note what was answered. Registered right after the gate.

    `callbacks` is the application's own map, filled as callbacks are registered.
    """
    server.config.update(MAX_CONTENT_LENGTH=rules.most_bytes, MAX_FORM_MEMORY_SIZE=rules.most_bytes, MAX_FORM_PARTS=100)

    def begin() -> flask.Response | None:
        given = flask.request.headers.get(REQUEST_HEADER, "")
        number = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        flask.g.request_number, flask.g.began = number, time.monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=number)
        return refusal(flask.request, rules)

    server.before_request_funcs.setdefault(None, []).insert(0, begin)  # before the gate: what its head alone refuses costs nothing
    server.before_request(lambda: refusal_of_body(flask.request, callbacks))  # after it: no body of a stranger is read

    @server.after_request
    def end(response: flask.Response) -> flask.Response:
        _count(response)
        noted.note(response, audit)
        response.headers[REQUEST_HEADER] = flask.g.get("request_number", "")
        return response

    languages.register(server, is_tls=rules.is_tls)
    health.register(server, feed, rules, audit)
    journal.register(server, audit)


def _count(response: flask.Response) -> None:
    """Count, time and log an answer. The log has the route and no query: what a reader filters or searches is not the log's business."""
    route = "callback" if flask.request.path == CALLBACK_PATH else flask.request.url_rule.rule if flask.request.url_rule else "none"
    method = flask.request.method if flask.request.method in {"GET", "HEAD", "POST", "OPTIONS"} else "other"
    seconds = time.monotonic() - flask.g.get("began", time.monotonic())
    meters.REQUESTS.labels(route, method, str(response.status_code)).inc()
    meters.REQUEST_SECONDS.labels(route).observe(seconds)
    if route != ALIVE_PATH:
        LOG.info("request", route=route, method=method, status=response.status_code, milliseconds=round(seconds * 1000))


def seal(app: dash.Dash, rules: Rules) -> None:
    """Headers on every answer and words for every fault; called after the last callback is registered, because their hashes go into the policy."""
    content_policy = policy(app)

    @app.server.after_request
    def add(response: flask.Response) -> flask.Response:
        return add_headers(response, content_policy, rules)

    @app.server.errorhandler(Exception)
    def fail(error: Exception) -> flask.Response | Exception:
        if hasattr(error, "code") and hasattr(error, "get_response"):
            return _plain(error)
        if isinstance(error, DashException) and flask.request.path.startswith(SUITES_PATH):
            return _plain(NotFound())  # a script that Dash does not have
        number = ops.incident("request failed", error, path=flask.request.path)
        words = say("Có lỗi khi xử lý yêu cầu. Hãy thử lại; nếu còn lỗi, báo quản trị kèm mã {}.", number)
        return flask.Response(words + "\n", status=500, mimetype="text/plain")


def _plain(error: Exception) -> flask.Response | Exception:
    """A plain HTTP answer (not found, method not allowed) without the framework's own page; a redirect as it is."""
    code = getattr(error, "code", None)
    if not isinstance(code, int) or code < 400:
        return error
    response = flask.Response(say("Không xử lý được yêu cầu này (mã HTTP {}).", code) + "\n", status=code, mimetype="text/plain")
    for name, value in getattr(error, "get_headers", list)():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response
