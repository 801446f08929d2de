"""The headers of every answer: what the browser may run, load, frame, keep and tell others."""

from __future__ import annotations

from typing import Final

import dash
import flask

from dashboard.guard.rules import Rules

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # what frame-ancestors says, for what knows only this
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TLS_ONLY: Final = "max-age=31536000; includeSubDomains"
SAME_FOR_ALL: Final = ("/_dash-component-suites/", "/assets/", "/bootstrap/", "/static/")  # code and style: no figure stands in them
FOR_EVER: Final = "max-age=31536000, immutable"  # of what changes its address with its content
_VERSIONS: Final = frozenset({"m", "v"})  # keys by which assets and Bootstrap say their version


def policy(app: dash.Dash) -> str:
    """The Content-Security-Policy; hashes are those of the callbacks known by now.

    Styles may stand inline, scripts may not: Dash and Plotly write both `<style>` elements and style attributes while a page runs (tried in Chromium:
    without the first 20 refusals on the first page, without the second 18).
    """
    scripts = " ".join(app.csp_hashes())
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )


def add_headers(response: flask.Response, content_policy: str, rules: Rules) -> flask.Response:
    """The answer with its headers. Nothing that may hold a figure, and no refusal, is kept by a browser or a proxy."""
    response.headers["Content-Security-Policy"] = content_policy
    response.headers.update(HEADERS)
    if rules.is_tls:
        response.headers["Strict-Transport-Security"] = TLS_ONLY
    is_code = flask.request.path.startswith(SAME_FOR_ALL) and response.mimetype != "text/html"  # any address without a route gets the first page
    if response.status_code >= 400 or not is_code:
        response.headers["Cache-Control"] = "no-store"
    elif response.cache_control.max_age or flask.request.path.startswith("/static/") or not _VERSIONS.isdisjoint(flask.request.args):
        response.headers["Cache-Control"] = FOR_EVER
    return response
