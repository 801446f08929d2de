"""Flask's session kept in the store: the cookie holds a random id and nothing else, a new one from each sign-in on."""

from __future__ import annotations

import secrets
from typing import Any

import flask
from flask.sessions import SessionInterface, SessionMixin

from dashboard import ops
from dashboard.auth.access import Access
from dashboard.auth.store import WINDOW_SECONDS, SessionsUnavailable, Store

TOUCH_SECONDS = 60.0


class ServerSession(dict[str, Any], SessionMixin):
    """The content of a session; empty for who has none."""

    def __init__(self, content: dict[str, Any], number: str = "", made_at: float = 0.0) -> None:
        super().__init__(content)
        self.before = dict(content)
        self.number, self.made_at, self.is_over = number, made_at, ""
        self.is_lost = False  # the store did not answer: nobody knows who this is

    def begin(self, content: dict[str, Any]) -> None:
        """Begin anew under another id: an id that was known before the sign-in is worth nothing after it."""
        self.leave()
        self.update(content)

    def leave(self) -> None:
        """End the session."""
        self.clear()
        self.is_over, self.number, self.made_at = self.is_over or self.number, "", 0.0


class Sessions(SessionInterface):
    """Reads and writes sessions; a session that is idle too long or too old is none."""

    def __init__(self, access: Access) -> None:
        self.access, self.store = access, Store(access.store)
        self.cookie = "__Host-phien" if access.is_secure else "phien"

    def open_session(self, app: flask.Flask, request: flask.Request) -> ServerSession:  # noqa: ARG002 - the base class's signature
        """The session of the cookie."""
        number = request.cookies.get(self.cookie, "")
        if not number or not self.access.has_sessions or len(number) > 100:
            return ServerSession({})
        try:
            kept = self.store.find(number)
            now = self.access.clock()
            if kept is None or now - kept.seen_at > self.access.idle_seconds or now - kept.made_at > self.access.longest_seconds:
                return ServerSession({})
            if now - kept.seen_at > min(TOUCH_SECONDS, self.access.idle_seconds / 4):
                self.store.touch(number, now)
        except SessionsUnavailable as error:
            ops.LOG.error("sessions cannot be read", fault=str(error))
            session = ServerSession({})
            session.is_lost = True
            return session
        return ServerSession(kept.content, number, kept.made_at)

    def save_session(self, app: flask.Flask, session: SessionMixin, response: flask.Response) -> None:  # noqa: ARG002 - the base class's signature
        """Write what changed, and the cookie of a new session. Raises SessionsUnavailable."""
        if not isinstance(session, ServerSession):
            return
        if session.is_over:
            self.store.end(session.is_over)
        if not session:
            if session.is_over:
                response.delete_cookie(self.cookie, path="/", secure=self.access.is_secure, httponly=True, samesite="Lax")
            return
        if dict(session) == session.before and session.number:
            return
        now = self.access.clock()
        is_new = not session.number
        if is_new:
            session.number, session.made_at = secrets.token_urlsafe(32), now
            self.store.forget(now - self.access.longest_seconds, now - self.access.idle_seconds, now - WINDOW_SECONDS)
        self.store.keep(session.number, dict(session), session.made_at, now)
        if is_new:
            response.set_cookie(self.cookie, session.number, path="/", secure=self.access.is_secure, httponly=True, samesite="Lax")
