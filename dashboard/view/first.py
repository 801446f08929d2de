"""The first view inside the first page: layout, callbacks and the answers to the first questions, so that no second way to the server precedes a figure.

Every part is asked of the server itself as if the reader's browser had asked: gate, rights, refusals, audit and meters see the same request, and what they
refuse is not there. The page is sent as far as the shell first, so that figures that are still being asked for keep nothing else from being drawn.
`assets/first.js` hands the parts to Dash, and has it wait for those that are still on their way.
"""

from __future__ import annotations

import contextvars
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import dash
import flask
from markupsafe import escape
from werkzeug.test import run_wsgi_app

from dashboard.content.stamp import CODE_PATH
from dashboard.pages import page_at
from dashboard.view.compressed import sent_in_parts

CALLBACK: Final = "_dash-update-component"
ASKED: Final = ("_dash-layout", "_dash-dependencies")
_RENDERER: Final = '<script id="_dash-renderer"'
_END: Final = "</footer>"
_OF_A_BROWSER: Final = ("HTTP_SEC_FETCH_DEST", "HTTP_SEC_FETCH_MODE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_ACCEPT_ENCODING")

Environ = Mapping[str, Any]


def first_page(app: dash.Dash, page: str) -> flask.Response:
    """The first page with the first view in it, in two parts: the shell can be drawn from the first, the second has the figures."""
    environ = dict(flask.request.environ)
    return sent_in_parts(_parts(app, environ, page), "text/html")


def _parts(app: dash.Dash, environ: Environ, page: str) -> Iterator[bytes]:
    before, start, after = page.partition(_RENDERER)
    renderer, end, rest = after.partition(_END)
    shell = "".join(element(name, text) for name, text in shell_answers(app, environ))
    yield (before + shell + start + renderer).encode()
    figures = "".join(element(name, text) for name, text in page_answers(app, environ))
    yield (figures + end + rest).encode()


def shell_answers(app: dash.Dash, environ: Environ) -> Iterator[tuple[str, str]]:
    """Names and texts of what Dash asks before it draws anything."""
    for name in ASKED:
        if text := _answer(app, environ, app.config.requests_pathname_prefix + name):
            yield name, text


def page_answers(app: dash.Dash, environ: Environ) -> Iterator[tuple[str, str]]:
    """Names and texts of what the callbacks answer first at the address of this request; nothing for an address without a page."""
    path = environ.get("PATH_INFO") or "/"
    if page_at(path) is None and not path.startswith(CODE_PATH):
        return
    query = environ.get("QUERY_STRING", "")
    address = {"pathname": path, "search": f"?{query}" if query else ""}
    for output, callback in app.callback_map.items():
        if "callback" in callback and any(one["id"] == "url" for one in callback["inputs"]):
            body = json.dumps(asked_first(output, callback["inputs"], address)).encode()
            if text := _answer(app, environ, app.config.requests_pathname_prefix + CALLBACK, body):
                yield output, text


def asked_first(output: str, inputs: list[dict[str, str]], address: Mapping[str, str]) -> dict[str, Any]:
    """What Dash asks of a callback when a page opens: the address is known, the controls say nothing yet."""
    outputs = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in output.strip(".").split("...")]
    given = [[] if one["id"].startswith("{") else {**one, "value": address.get(one["property"]) if one["id"] == "url" else None} for one in inputs]
    changed = [f"url.{one['property']}" for one in inputs if one["id"] == "url"]
    return {"output": output, "outputs": outputs, "inputs": given, "changedPropIds": changed, "state": []}


def element(name: str, text: str) -> str:
    """An answer as an element that no browser runs; nothing in it can end it early."""
    inert = text.replace("<", "\\u003c")
    return f'<script type="application/json" data-answers="{escape(name)}">{inert}</script>\n'


def _answer(app: dash.Dash, environ: Environ, path: str, body: bytes | None = None) -> str:
    """The server's own answer to the reader's next request; empty for any other than a plain one.

    In a context of its own: what this request knows is not taken for what the next one has shown.
    """
    asked = {key: value for key, value in environ.items() if not key.startswith(("werkzeug.", "flask.")) and key not in _OF_A_BROWSER}
    asked |= {"PATH_INFO": path, "RAW_URI": path, "REQUEST_URI": path, "QUERY_STRING": "", "REQUEST_METHOD": "GET" if body is None else "POST"}
    asked |= {"HTTP_ACCEPT": "application/json", "CONTENT_LENGTH": str(len(body or b"")), "wsgi.input": io.BytesIO(body or b"")}
    if body is not None:
        asked["CONTENT_TYPE"] = "application/json"
    parts, status, _headers = contextvars.Context().run(run_wsgi_app, app.server.wsgi_app, asked, buffered=True)
    text = b"".join(parts).decode()
    return text if status.startswith("200") else ""
