"""The desk at which people sign in and out: the page, the password, the provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import flask
import werkzeug

from config.language import say
from dashboard import ops
from dashboard.auth.access import Access, Way
from dashboard.auth.accounts import LONGEST_PASSWORD, Accounts
from dashboard.auth.address import address_of, safe_next
from dashboard.auth.provider import Provider, Refused
from dashboard.auth.sessions import ServerSession
from dashboard.auth.store import SessionsUnavailable, Store
from dashboard.auth.user import User
from queries.errors import BadRequest

SIGN_IN_URL: Final = "/dang-nhap"
OIDC_URL: Final = "/dang-nhap/oidc"
OIDC_BACK_URL: Final = "/dang-nhap/oidc/ve"
SIGN_OUT_URL: Final = "/dang-xuat"
SIGN_IN_PATHS: Final = frozenset({SIGN_IN_URL, OIDC_URL, OIDC_BACK_URL, SIGN_OUT_URL})
PER_ADDRESS: Final = 6  # times as many attempts from one address as of one account from it
PER_NAME: Final = 20  # and of one account from everywhere: a botnet is slowed, a colleague's mistakes shut nobody out

WRONG: Final = "Tên đăng nhập hoặc mật khẩu không đúng."
TOO_MANY: Final = "Đã thử quá nhiều lần. Hãy đợi 15 phút rồi đăng nhập lại, hoặc nhờ quản trị đặt lại mật khẩu."
SIGNED_OUT: Final = "Đã đăng xuất khỏi bảng điều khiển."


@dataclass(frozen=True)
class Desk:
    """The routes of the sign-in; they exist whatever the way in is, and lead home where there is nothing to sign in to."""

    access: Access
    accounts: Accounts
    providers: list[Provider] = field(default_factory=list)

    def register(self, server: flask.Flask) -> None:
        """Register the addresses and the page's template."""
        blueprint = flask.Blueprint("sign_in", __name__, template_folder="templates")
        blueprint.add_url_rule(SIGN_IN_URL, "page", self.page)
        blueprint.add_url_rule(SIGN_IN_URL, "password", self.password, methods=["POST"])
        blueprint.add_url_rule(SIGN_OUT_URL, "leave", self.leave, methods=["POST"])
        if self.access.oidc is not None and self.access.way in (Way.OIDC, Way.BOTH):
            self.providers.append(Provider(server, self.access.oidc, self.access.rules))
            blueprint.add_url_rule(OIDC_URL, "provider", self.provider)
            blueprint.add_url_rule(OIDC_BACK_URL, "provider_back", self.provider_back)
        server.register_blueprint(blueprint)

    def page(self) -> werkzeug.Response:
        """The sign-in page; who is signed in already goes on."""
        wanted = safe_next(flask.request.args.get("tiep", "/"))
        if flask.g.get("user") is not None or not self.access.has_sessions:
            return flask.redirect(wanted)
        return self._shown(wanted, said=SIGNED_OUT if flask.request.args.get("ra") else "")

    def password(self) -> werkzeug.Response:
        """Sign in with a local account."""
        form = flask.request.form
        wanted = safe_next(form.get("tiep", "/"))
        name, password = form.get("ten", "").strip(), form.get("mat-khau", "")
        if not self.access.has_accounts:
            return self._shown(wanted, WRONG, status=403)
        address = address_of(flask.request)
        mine = f"{name[:64]} {address}"
        try:
            store, attempts = Store(self.access.store), self.access.attempts
            limits = {mine: attempts, f"address {address}": attempts * PER_ADDRESS, f"name {name[:64]}": attempts * PER_NAME}
            if not store.try_once(limits, self.access.clock()):
                return self._failed(name, "too many attempts", wanted, TOO_MANY, 429)
            account = self.accounts.verified(name, password) if len(password) <= LONGEST_PASSWORD else None
            if account is None:
                return self._failed(name, "wrong password", wanted, WRONG, 403)
            for key in limits:
                store.clear(key) if not key.startswith("address ") else None
        except (BadRequest, SessionsUnavailable) as error:
            ops.LOG.error("nobody can sign in", fault=str(error))
            return self._shown(wanted, error.sentence, name, status=503)
        return self._begun(account.user, Way.LOCAL, wanted, account.mark)

    def leave(self) -> werkzeug.Response:
        """Sign out."""
        user: User | None = flask.g.get("user")
        if isinstance(flask.session, ServerSession):
            flask.session.leave()
        if user is not None and self.access.has_sessions:
            self.access.on_event("sign_out", user.name, self._facts())
        return flask.redirect(f"{SIGN_IN_URL}?ra=1" if self.access.has_sessions else "/", 303)

    def provider(self) -> werkzeug.Response:
        """Go to the provider; the way back is kept in the session."""
        wanted = safe_next(flask.request.args.get("tiep", "/"))
        try:
            answer = self.providers[0].start(self.access.public_url.rstrip("/") + OIDC_BACK_URL)
        except Refused as error:
            return self._failed("", str(error), wanted, error.sentence, 503)
        flask.session["next"] = wanted
        return answer

    def provider_back(self) -> werkzeug.Response:
        """Come back from the provider, with a code or a refusal."""
        wanted = safe_next(str(flask.session.get("next", "/")))
        try:
            user = self.providers[0].finish()
        except Refused as error:
            return self._failed("", str(error), wanted, error.sentence, 403)
        return self._begun(user, Way.OIDC, wanted, "")

    def _begun(self, user: User, way: Way, wanted: str, mark: str) -> werkzeug.Response:
        held = {"name": user.name, "role": user.role.value, "agencies": list(user.agencies), "way": way.value, "mark": mark}
        session: Any = flask.session
        session.begin({"user": held})
        self.access.on_event("sign_in", user.name, {**self._facts(), "way": way.value, "role": user.role.value})
        return flask.redirect(wanted, 303)

    def _failed(self, name: str, reason: str, wanted: str, words: str, status: int) -> werkzeug.Response:
        self.access.on_event("refused", name[:64], {**self._facts(), "reason": reason})
        return self._shown(wanted, words, name, status=status)

    def _shown(self, wanted: str, fault: str = "", name: str = "", *, said: str = "", status: int = 200) -> werkzeug.Response:
        page = flask.render_template(
            "dang-nhap.html",
            place=say(self.access.place),
            wanted=wanted,
            fault=say(fault),
            said=say(said),
            name=name[:64],
            has_accounts=self.access.has_accounts,
            provider=f"{OIDC_URL}?tiep={quote(wanted, safe='')}" if self.providers else "",
            label=say(self.access.oidc.label) if self.access.oidc is not None else "",
        )
        return flask.Response(page, status=status, mimetype="text/html", headers={"Cache-Control": "no-store"})

    @staticmethod
    def _facts() -> dict[str, str]:
        return {"address": address_of(flask.request)}
