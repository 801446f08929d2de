"""The only place where the parts meet: web server, Dash, callbacks, files, headers."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
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
from dashboard.view import Account, Look, compressed, downloads, finished, scripts
from dashboard.view.first import first_page

ROOT: Final = Path(__file__).resolve().parent.parent
BOOTSTRAP_CSS: Final = f"/bootstrap/static/css/bootstrap.min.css?v={version('bootstrap-flask')}"
LOADING: Final = '<div id="react-entry-point"><div class="_dash-loading">{loading}</div></div>'
ICON: Final = (
    '<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 viewBox=%270 0 32 32%27%3E%3Crect width=%2732%27 height=%2732%27 '
    'rx=%276%27 fill=%27%230a6a66%27/%3E%3Cpath d=%27M6 10h20v13H6z M6 10l10 7 10-7%27 fill=%27none%27 stroke=%27white%27 stroke-width=%272%27/%3E%3C/svg%3E">'
)
APPEARANCE: Final = "appearance.js"
WITHOUT_SCRIPT: Final = (
    '<noscript><style>#react-entry-point {{ display: none }}</style><div class="notice notice--error">'
    '<p class="notice__title">{words}</p>'
    '<p class="notice__detail">{advice}</p>{way_out}</div></noscript>'
)
WAY_OUT: Final = '<form method="post" action="/dang-xuat"><button class="button" type="submit">{out}</button></form>'
PACKED: Final = "packed"
PAGE_BYTES: Final = 32 * 2**20


class _Dash(dash.Dash):
    """Dash with a first page in the reader's language that holds the first view and names the scripts that are used."""

    charts: scripts.Charts
    has_sessions = False
    look: Look

    def index(self, *_args: Any, **_options: Any) -> flask.Response:
        """The first page, in parts."""
        return first_page(self, self.page())

    def page(self) -> str:
        """The first page without the first view."""
        return str(super().index())

    def interpolate_index(self, **parts: Any) -> str:
        """The first page: language, title, icon, light or dark before anything is painted, the words until the scripts have come or where there are none."""
        made = (ROOT / "assets" / APPEARANCE).stat().st_mtime  # the address that Dash gives the file: fetched once
        parts["metas"] += f'<script src="{self.get_asset_url(APPEARANCE)}?m={made}"></script>'
        parts |= {"title": self.look.title, "app_entry": self._entry(), "favicon": ICON}
        parts |= {"css": self.charts.preload + parts["css"], "scripts": scripts.used(parts["scripts"], self)}
        page: str = super().interpolate_index(**parts)
        return page.replace("<html>", f'<html lang="{language()}">', 1)

    def _entry(self) -> str:
        way_out = WAY_OUT.format(out=say("Đăng xuất")) if self.has_sessions else ""
        without = WITHOUT_SCRIPT.format(
            words=say("Trình duyệt này đang tắt JavaScript nên không vẽ được biểu đồ."),
            advice=say("Hãy bật JavaScript cho trang này rồi tải lại."),
            way_out=way_out,
        )
        return LOADING.format(loading=say("Đang tải…")) + without


def create_app(
    feed: Feed,
    look: Look,
    office: Office | None = None,
    rules: Rules | None = None,
    audit: Audit | None = None,
    *,
    access: Access = Access(),
    page_bytes: int = PAGE_BYTES,
    bundle: Path = scripts.BUNDLE,
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
    app.has_sessions = access.has_sessions
    app.charts = scripts.charts(bundle)
    scripts.register(server, app.charts)
    guard.watch(server, feed, rules, audit, app.callback_map)  # around the gate: what it refuses, nothing else sees
    # Dash tries the layout at the first request, before anybody has signed in: see test_the_first_request_of_a_worker_may_be_the_liveness_probe
    app.layout = lambda: view.shell(feed, look, _account(access)) if somebody_asks() else dash.html.Div()
    callbacks.register(app, feed, look, office)
    finished.register(app, feed, office, page_bytes)
    compressed.register(server, office.folder / PACKED)
    downloads.register(server, feed, office)
    guard.seal(app, rules)
    with server.test_request_context("/"):
        app.page()  # registers the scripts: a worker that has not served the first page would answer 500 for them
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


def pack(app: dash.Dash, office: Office) -> None:
    """Start packing what the first page names, in the background."""
    with app.server.test_request_context("/"):
        addresses = scripts.named(app.page())
    compressed.in_background(app.server, addresses, office.folder / PACKED)


def _account(access: Access) -> Account:
    user = current_user()
    return Account() if access.way is Way.NONE else Account(user.name, user.rights, access.has_sessions)
