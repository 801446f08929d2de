"""The gate in front of everything: nobody passes whom it does not know, and only open paths are asked for no name.

Whether a request comes from this site's own pages has been asked before (`dashboard.guard`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final
from urllib.parse import quote, urlsplit

import flask
import werkzeug

from config.language import say
from dashboard import ops
from dashboard.auth.access import Access, Proxy, Way
from dashboard.auth.accounts import Accounts
from dashboard.auth.address import address_of
from dashboard.auth.desk import SIGN_IN_PATHS, SIGN_IN_URL, Desk
from dashboard.auth.sessions import ServerSession, Sessions
from dashboard.auth.user import LOCAL_USER, User, user_of_groups
from queries.errors import BadRequest
from queries.rights import Role

STYLES: Final = ("/assets/style.css", "/bootstrap/static/css/bootstrap.min.css")  # of the sign-in page
PROOF_HEADER: Final = "X-Proxy-Secret"
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})

NOT_THIS_MACHINE: Final = (
    "Bảng điều khiển này chưa bật đăng nhập nên chỉ phục vụ chính máy đang chạy nó. Quản trị: đặt DASHBOARD_SIGN_IN (xem docs/operate.md) rồi chạy lại."
)
NOT_SIGNED_IN: Final = "Chưa đăng nhập, hoặc phiên đã hết hạn. Hãy mở lại trang để đăng nhập."
NOT_BY_PROXY: Final = (
    "Yêu cầu này không đến qua cổng đăng nhập của tỉnh, hoặc tài khoản chưa được gán vai trò. Hãy mở bảng điều khiển từ cổng, hoặc báo quản trị."
)
LOST: Final = "Kho phiên đăng nhập không dùng được lúc này nên chưa cho ai vào. Hãy thử lại sau ít phút, hoặc báo quản trị."


def put_gate(server: flask.Flask, access: Access, open_paths: Iterable[str] = ()) -> None:
    """Put the gate before every request of a server, and the sign-in beside it. Call it before anything else is registered.

    What is served at `open_paths` decides itself whom it answers.
    """
    gate = _Gate(access, Accounts(access.accounts), frozenset((*STYLES, *open_paths)))
    server.session_interface = Sessions(access)
    server.before_request_funcs.setdefault(None, []).insert(0, gate.check)
    Desk(access, Accounts(access.accounts)).register(server)


@dataclass(frozen=True)
class _Gate:
    access: Access
    accounts: Accounts
    open_paths: frozenset[str]

    def check(self) -> werkzeug.Response | None:
        """None for who may pass; the refusal else."""
        path = flask.request.path
        if path in self.open_paths:
            return None
        flask.g.user = self._user()
        if path in SIGN_IN_PATHS or flask.g.user is not None:
            return None
        return self._refusal()

    def _user(self) -> User | None:
        if self.access.way is Way.NONE:
            return LOCAL_USER if from_this_machine(flask.request) else None
        if self.access.way is Way.PROXY:
            return None if self.access.proxy is None else user_of_proxy(flask.request, self.access.proxy, self.access)
        session = flask.session
        held = session.get("user") if isinstance(session, ServerSession) else None
        if not isinstance(held, dict):
            return None
        if held["way"] == Way.LOCAL.value:
            return self._of_account(held)
        return User(held["name"], Role(held["role"]), tuple(held["agencies"]))

    def _of_account(self, held: dict[str, str]) -> User | None:
        """The account as it is now: one that was removed or changed since the sign-in has to sign in again."""
        try:
            account = self.accounts.find(held["name"]) if self.access.has_accounts else None
        except BadRequest as error:
            ops.LOG.error("accounts cannot be read", fault=str(error))
            return None
        return account.user if account is not None and compare_digest(account.mark, held["mark"]) else None

    def _refusal(self) -> werkzeug.Response:
        """A page is led to the sign-in, and back when it is done; everything else gets a sentence."""
        if getattr(flask.session, "is_lost", False):
            return self._refused("sessions cannot be read", LOST, 503)
        if self.access.way is Way.NONE:
            return self._refused("not from this machine", NOT_THIS_MACHINE, 403)
        if self.access.way is Way.PROXY:
            return self._refused("not by the proxy", NOT_BY_PROXY, 403)
        wants_page = flask.request.method == "GET" and "text/html" in flask.request.headers.get("Accept", "")
        if wants_page:
            wanted = flask.request.full_path.rstrip("?")
            return _unkept(flask.redirect(f"{SIGN_IN_URL}?tiep={quote(wanted, safe='')}" if wanted != "/" else SIGN_IN_URL))
        return self._refused("not signed in", NOT_SIGNED_IN, 401)

    def _refused(self, reason: str, words: str, status: int) -> werkzeug.Response:
        facts = {"reason": reason, "path": flask.request.path[:200], "address": address_of(flask.request)}
        self.access.on_event("refused", "", facts)
        return _unkept(flask.Response(say(words) + "\n", status=status, mimetype="text/plain"))


def _unkept(response: werkzeug.Response) -> werkzeug.Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def from_this_machine(request: flask.Request) -> bool:
    """Whether a request was made on this machine, for it: by its peer, by the name in its address (no foreign name that leads here), and by no proxy."""
    try:
        is_loopback = ipaddress.ip_address(request.remote_addr or "").is_loopback
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        return False
    return is_loopback and name in _LOOPBACK_NAMES and not any(header in request.headers for header in _FORWARDED)


def user_of_proxy(request: flask.Request, proxy: Proxy, access: Access) -> User | None:
    """Who the proxy says asks; None when it is not the proxy that speaks. A header that is sent twice is nobody's."""
    if not proxy.speaks_from(request.remote_addr or ""):
        return None
    if not compare_digest(request.headers.get(PROOF_HEADER, "").encode(), proxy.secret.encode()) or not proxy.secret:
        return None
    name, groups, agencies = (request.headers.get(header, "").strip() for header in (proxy.user_header, proxy.groups_header, proxy.agency_header))
    if "," in name or len(name) > 200:
        return None
    return user_of_groups(name, _parts(groups), _parts(agencies), access.rules)


def _parts(words: str) -> list[str]:
    return [part.strip() for part in words.replace(";", ",").split(",") if part.strip()]
