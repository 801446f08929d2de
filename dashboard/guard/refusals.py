"""Requests that are refused before anything looks at them: foreign hosts and sites, bodies too large or not understood, forged callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import flask

from config.language import say
from dashboard import meters
from dashboard.guard.rules import Rules

CALLBACK_PATH: Final = "/_dash-update-component"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
ALIVE_PATH: Final = "/healthz"
MOST_VALUES: Final = 1000
PICTURE_PATH: Final = "/lam-tep"  # an order of a file may bring the picture of its chart along
PICTURE_BYTES: Final = 7_000_000  # a PNG of 5 MB in base64, the most that is taken (dashboard/view/downloads.py)
LET_GO_BYTES: Final = 10_000_000  # of a body that is refused, read and forgotten
LONGEST_TEXT: Final = 16_000  # an address with two hundred codes in every key fits in

ELSEWHERE: Final = "Yêu cầu này phải đến từ chính trang bảng điều khiển."
HOST: Final = "Địa chỉ này không phải của bảng điều khiển. Hãy mở bằng địa chỉ mà quản trị đã cho."
TOO_LARGE: Final = "Yêu cầu quá lớn."
MALFORMED: Final = "Yêu cầu không đúng dạng. Hãy tải lại trang."

Callbacks = Mapping[str, Mapping[str, Any]]


def refusal(request: flask.Request, rules: Rules) -> flask.Response | None:
    """The answer to a request that is not looked at, from its head alone; None for one that goes on."""
    if request.path != ALIVE_PATH and host_of(request) not in rules.hosts:
        return _refused("host", HOST, 400)
    most = PICTURE_BYTES if request.path == PICTURE_PATH else rules.most_bytes
    request.max_content_length = most
    if (request.content_length or 0) > most:
        _let_go(request)
        return _refused("size", TOO_LARGE, 413)
    if request.method in SAFE_METHODS:
        return None
    return None if same_site(request) else _refused("site", ELSEWHERE, 403)


def _let_go(request: flask.Request) -> None:
    """Read a body that is refused: a proxy that is still sending it would report a broken connection instead of the answer."""
    left = request.content_length or 0
    while 0 < left <= LET_GO_BYTES and (taken := request.environ["wsgi.input"].read(min(left, 2**16))):
        left -= len(taken)


def host_of(request: flask.Request) -> str:
    """The name under which a request came, without its port; empty for what is no name."""
    try:
        return (urlsplit(f"//{request.host}").hostname or "").lower()
    except ValueError:
        return ""


def same_site(request: flask.Request) -> bool:
    """Whether a request that changes something comes from this site's own pages; a browser says so, and no other site can make it say so."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True  # no browser: every browser names the origin of a request that changes something
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def refusal_of_body(request: flask.Request, callbacks: Callbacks) -> flask.Response | None:
    """The answer to a body that is not understood or is of no callback of ours; None for one that goes on."""
    if request.method in SAFE_METHODS or not (request.path == CALLBACK_PATH or request.is_json):
        return None
    try:
        given = request.get_json(silent=True)
    except RecursionError:
        return _refused("json", MALFORMED, 400)
    if not isinstance(given, dict):
        return _refused("json", MALFORMED, 400)
    if request.path == CALLBACK_PATH and not is_known(given, callbacks):
        return _refused("callback", MALFORMED, 400)
    if request.path != CALLBACK_PATH and not all(_is_text(value, PICTURE_BYTES) for value in given.values()):
        return _refused("json", MALFORMED, 400)
    return None


def is_known(body: Mapping[str, Any], callbacks: Callbacks) -> bool:
    """Whether a callback's body names a callback of this application, with its own outputs and inputs and values of a page's kinds."""
    callback = callbacks.get(body["output"]) if isinstance(body.get("output"), str) else None
    if callback is None or body.get("state") not in (None, []):
        return False
    changed = body.get("changedPropIds", [])
    return (
        isinstance(changed, list)
        and all(isinstance(one, str) for one in changed)
        and _names(body.get("outputs")) == _parts(body["output"])
        and _inputs_fit(body.get("inputs"), callback["inputs"])
    )


def _parts(output: str) -> list[tuple[object, object]]:
    return [(name, of) for name, _, of in (part.rpartition(".") for part in output.strip(".").split("..."))]


def _names(outputs: object) -> list[tuple[object, object]]:
    found = outputs if isinstance(outputs, list) else [outputs]
    return [(one.get("id"), one.get("property")) if isinstance(one, dict) else ("", "") for one in found]


def _inputs_fit(given: object, wanted: list[dict[str, str]]) -> bool:
    if not isinstance(given, list) or len(given) != len(wanted):
        return False
    return all(_input_fits(one, declared) for one, declared in zip(given, wanted, strict=True))


def _input_fits(given: object, wanted: dict[str, str]) -> bool:
    return isinstance(given, dict) and given.get("id") == wanted["id"] and _has_value(given, wanted["property"])


def _has_value(given: object, of: str) -> bool:
    if not isinstance(given, dict) or given.get("property") != of:
        return False
    value = given.get("value")
    if isinstance(value, list):
        return len(value) <= MOST_VALUES and all(_is_text(one) for one in value)
    return value is None or _is_text(value)


def _is_text(value: object, longest: int = LONGEST_TEXT) -> bool:
    """Whether a value is text that can be written down: half a surrogate pair cannot."""
    if not isinstance(value, str) or len(value) > longest:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(reason: str, words: str, status: int) -> flask.Response:
    meters.REFUSALS.labels(reason).inc()
    if flask.request.is_json:
        response = flask.jsonify({"loi": say(words)})
        response.status_code = status
        return response
    return flask.Response(say(words) + "\n", status=status, mimetype="text/plain")
