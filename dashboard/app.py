"""The only place where the parts meet: web server, Dash, callbacks, files, headers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import dash
import flask
from flask_bootstrap import Bootstrap5

from dashboard import callbacks, ops, view
from dashboard.auth import Access, Way, current_rights, current_user, guard, somebody_asks
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.view import Account, Look, compressed, downloads, finished

ROOT: Final = Path(__file__).resolve().parent.parent
BOOTSTRAP_CSS: Final = "/bootstrap/static/css/bootstrap.min.css"
LOADING: Final = '<div id="react-entry-point"><div class="_dash-loading">Đang tải…</div></div>'
PAGE_BYTES: Final = 32 * 2**20
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class _Dash(dash.Dash):
    """Dash with a first page in Vietnamese."""

    def interpolate_index(self, **parts: Any) -> str:
        """The first page: language, title and the words shown until the scripts have come."""
        parts["app_entry"] = LOADING
        page: str = super().interpolate_index(**parts)
        return page.replace("<html>", '<html lang="vi">', 1)


def create_app(feed: Feed, look: Look, office: Office | None = None, *, access: Access = Access(), page_bytes: int = PAGE_BYTES) -> dash.Dash:
    """The web application over a feed of data. Reads no settings and no clock; the database is opened at the first request.

    Without an office files have the look's letterhead and targets, and the store is the folder `var`; without an access only this machine is served.
    """
    office = office or Office(look.letterhead, look.place, look.targets)
    server = flask.Flask("dashboard", static_folder=None, static_url_path="/static")
    guard(server, access)  # before anything else: what is registered later is behind the gate
    feed = replace(feed, rights=current_rights)  # the only line where scope is applied: what anybody is handed is narrowed to their rights
    Bootstrap5(server)
    app = _Dash(
        "dashboard",
        server=server,
        assets_folder=str(ROOT / "assets"),
        external_stylesheets=[BOOTSTRAP_CSS],
        title=look.title,
        update_title="",
        suppress_callback_exceptions=True,
        enable_mcp=False,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    # Dash tries the layout at the first request, before anybody has signed in: see test_the_first_request_of_a_worker_may_be_the_liveness_probe
    app.layout = lambda: view.shell(feed, look, _account(access)) if somebody_asks() else dash.html.Div()
    callbacks.register(app, feed, look, office)
    finished.register(app, feed, page_bytes)
    compressed.register(server)
    downloads.register(server, feed, office)
    _serve_health(server)
    _set_headers(app)
    with server.test_request_context("/"):
        app.index()  # registers the scripts: a worker that has not served the first page would answer 500 for them
    return app


def _account(access: Access) -> Account:
    user = current_user()
    return Account() if access.way is Way.NONE else Account(user.name, user.rights, access.has_sessions)


def _serve_health(server: flask.Flask) -> None:
    @server.get("/healthz")
    def alive() -> flask.Response:
        return flask.Response("ok\n", mimetype="text/plain")


def _set_headers(app: dash.Dash) -> None:
    """Content-Security-Policy and its companions on every answer; hashes are taken after all callbacks are known."""
    scripts = " ".join(app.csp_hashes())
    policy = (
        f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
    )

    @app.server.after_request
    def add(response: flask.Response) -> flask.Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers.update(HEADERS)
        return response

    @app.server.errorhandler(Exception)
    def fail(error: Exception) -> flask.Response | Exception:
        if hasattr(error, "code") and hasattr(error, "get_response"):
            return error  # a plain HTTP answer: not found, method not allowed
        number = ops.incident("request failed", error, path=flask.request.path)
        return flask.Response(f"Có lỗi khi xử lý yêu cầu. Hãy thử lại; nếu còn lỗi, báo quản trị kèm mã {number}.\n", status=500, mimetype="text/plain")
