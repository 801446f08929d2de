"""The only place where the parts meet: web server, Dash, callbacks, files, headers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import dash
import flask
from flask_bootstrap import Bootstrap5

from config.language import language, say
from dashboard import callbacks, guard, view
from dashboard.audit import AUDIT_FILE, Audit
from dashboard.auth import Access, Way, current_rights, current_user, put_gate, somebody_asks
from dashboard.exports.office import Office
from dashboard.guard import Rules
from dashboard.ops import Feed
from dashboard.view import Account, Look, compressed, downloads, finished

ROOT: Final = Path(__file__).resolve().parent.parent
BOOTSTRAP_CSS: Final = "/bootstrap/static/css/bootstrap.min.css"
LOADING: Final = '<div id="react-entry-point"><div class="_dash-loading">{}</div></div>'
PAGE_BYTES: Final = 32 * 2**20


class _Dash(dash.Dash):
    """Dash with a first page in the reader's language."""

    look: Look

    def interpolate_index(self, **parts: Any) -> str:
        """The first page: language, title and the words shown until the scripts have come."""
        parts["title"] = self.look.title
        parts["app_entry"] = LOADING.format(say("Đang tải…"))
        page: str = super().interpolate_index(**parts)
        return page.replace("<html>", f'<html lang="{language()}">', 1)


def create_app(
    feed: Feed,
    look: Look,
    office: Office | None = None,
    rules: Rules | None = None,
    audit: Audit | None = None,
    *,
    access: Access = Access(),
    page_bytes: int = PAGE_BYTES,
) -> dash.Dash:
    """The web application over a feed of data. Reads no settings and no clock; the database is opened at the first request.

    Without an office files have the look's letterhead and targets, and the store is the folder `var`. Without an audit it is kept in the office's folder;
    without an access only this machine is served. From here on the feed hands out what whoever asks may see.
    """
    office = office or Office(look.letterhead, look.place, look.targets)
    rules = rules or Rules()
    audit = audit or Audit(office.folder / AUDIT_FILE, office.clock)
    server = flask.Flask("dashboard", static_folder=None, static_url_path="/static")
    put_gate(server, replace(access, on_event=guard.noting(audit, access.on_event)), guard.OPEN_PATHS)  # first: what is registered later is behind it
    feed.rights = current_rights  # what anybody is handed is narrowed to their rights
    Bootstrap5(server)
    app = _dash_of(server, look)
    guard.watch(server, feed, rules, audit, app.callback_map)  # around the gate: what it refuses, nothing else sees
    # Dash tries the layout at the first request, before anybody has signed in: see test_the_first_request_of_a_worker_may_be_the_liveness_probe
    app.layout = lambda: view.shell(feed, look, _account(access)) if somebody_asks() else dash.html.Div()
    callbacks.register(app, feed, look, office)
    finished.register(app, feed, page_bytes)
    compressed.register(server)
    downloads.register(server, feed, office)
    guard.seal(app, rules)
    with server.test_request_context("/"):
        app.index()  # registers the scripts: a worker that has not served the first page would answer 500 for them
    return app


def _dash_of(server: flask.Flask, look: Look) -> _Dash:
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
    app.look = look
    return app


def _account(access: Access) -> Account:
    user = current_user()
    return Account() if access.way is Way.NONE else Account(user.name, user.rights, access.has_sessions)
