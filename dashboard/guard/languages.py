"""In which language a reader is answered: a cookie says, and an address of each language sets it and leads back."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import flask
import werkzeug

from config import language
from dashboard.auth import safe_next
from dashboard.view.shell import LANGUAGE_PATH

COOKIE: Final = "ngon-ngu"
SWITCHES: Final = tuple(LANGUAGE_PATH + code for code in language.LANGUAGES)
_A_YEAR: Final = 365 * 24 * 3600


def register(server: flask.Flask, *, is_tls: bool) -> None:
    """Answer every request in its reader's language, the refusals of the gate too. Call it after everything that is put before requests."""

    def begin() -> None:
        flask.g.end_language = language.begin(flask.request.cookies.get(COOKIE, ""))

    @server.teardown_request
    def end(_error: BaseException | None) -> None:
        if "end_language" in flask.g:
            flask.g.pop("end_language")()

    server.before_request_funcs.setdefault(None, []).insert(0, begin)
    server.jinja_env.globals.update(say=language.say, language=language.language)

    def switch() -> werkzeug.Response:
        """Set the language that the address names, and go back to the page that was open."""
        came_from = urlsplit(flask.request.referrer or "")
        back = came_from.path + (f"?{came_from.query}" if came_from.query else "") if came_from.netloc == flask.request.host else "/"
        response = flask.redirect(safe_next(back) if not back.startswith("/dang-nhap") else back, 303)
        chosen = flask.request.path.removeprefix(LANGUAGE_PATH)
        response.set_cookie(COOKIE, chosen, max_age=_A_YEAR, secure=is_tls, httponly=True, samesite="Lax")
        return response

    for path in SWITCHES:
        server.add_url_rule(path, path, switch)
