"""Finished pages: the very bytes of an answer, kept by address and data, so that a page seen before costs no question, no drawing and no JSON.

Kept beside the frames because drawing and writing a page take longer than its questions once these are answered (benchmarks/README.md).
"""

from __future__ import annotations

import gzip
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

import dash
import flask

from config.language import language
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.pages import BRIEFING_PATH, page_at
from dashboard.tables import TableState
from queries.errors import DashboardError
from queries.filters import Filters
from queries.kept import Kept

PAGE_OUTPUT: Final = "..page.children..."
_FAULT: Final = b"notice--error"  # a card that failed is asked again
_LEVEL: Final = 6


@dataclass(frozen=True)
class _Finished:
    """The answer to one page request: status, its bytes packed, and whether a card of it failed."""

    status: int
    packed: bytes
    has_fault: bool


def register(app: dash.Dash, feed: Feed, office: Office, most_bytes: int) -> None:
    """Put the store before the callback that answers pages. It sits behind everything that is asked before a request, sign-in included."""
    server: flask.Flask = app.server
    endpoint = next(rule.endpoint for rule in server.url_map.iter_rules() if rule.endpoint.endswith("_dash-update-component"))
    answer: Any = server.view_functions[endpoint]
    kept: Kept[_Finished] = Kept(most_bytes, lambda finished: len(finished.packed) + 500)

    def make() -> _Finished:
        response = server.make_response(answer())
        body = response.get_data()
        return _Finished(response.status_code, gzip.compress(body, _LEVEL), _FAULT in body)

    def dispatch() -> flask.Response:
        key = _key(feed, office)
        if key is None:
            return server.make_response(answer())
        return _response(kept.get(key, make, keep=lambda finished: finished.status == 200 and not finished.has_fault and feed.away is None))

    server.view_functions[endpoint] = dispatch


def _response(finished: _Finished) -> flask.Response:
    takes_gzip = flask.request.accept_encodings["gzip"] > 0
    response = flask.Response(finished.packed if takes_gzip else gzip.decompress(finished.packed), finished.status, mimetype="application/json")
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _key(feed: Feed, office: Office) -> Hashable | None:
    """What the answer of a page request depends on; None for another request, an unknown page, and while there are no data."""
    asked: Any = flask.request.get_json(silent=True)
    if not isinstance(asked, dict) or not str(asked.get("output", "")).startswith(PAGE_OUTPUT):
        return None
    try:
        values = {str(one["property"]): str(one.get("value") or "") for one in asked["inputs"]}
    except (KeyError, TypeError, AttributeError):
        return None  # Dash itself says what is wrong with such a request
    page, search = page_at(values.get("pathname") or "/"), values.get("search", "")
    if page is None:
        return None
    try:
        data = feed.current()
        besides = _besides(office) if page.path == BRIEFING_PATH else ()
    except DashboardError:  # the store of what was published among them
        return None
    if feed.away is not None:  # the page says for how long
        return None
    filters = Filters.from_query(search)
    return page.path, filters, filters.problems, TableState.from_query(search), data.version, data.given, data.rights, language(), besides


def _besides(office: Office) -> Hashable:
    """What the page of briefings shows besides the data: the day on its papers and what was published. Raises ArchiveUnavailable."""
    return office.clock().date(), tuple(office.archive.published())
