"""What goes into the audit: pages opened with their filters, files handed out, briefings published, refusals, and what the sign-in tells."""

from __future__ import annotations

import re
from typing import Any, Final

import flask

from dashboard import meters
from dashboard.audit import Audit, Event
from dashboard.auth import OnEvent, current_user, somebody_asks
from dashboard.guard.refusals import CALLBACK_PATH

PAGE_OUTPUT: Final = "..page.children..."
PUBLISH_ENDPOINT: Final = "publish"
PICTURE_ENDPOINT: Final = "picture_code"
_NAME: Final = re.compile(r'filename="([^"]+)"')


def noting(audit: Audit, also: OnEvent) -> OnEvent:
    """What the sign-in tells goes into the audit; `also` is told too."""

    def note_event(event: str, name: str, facts: dict[str, str]) -> None:
        also(event, name, facts)
        audit.write(event, name, {"what": facts.get("path", ""), **{key: value for key, value in facts.items() if key != "path"}})
        flask.g.is_noted = True

    return note_event


def note(response: flask.Response, audit: Audit) -> None:
    """Note what this answer gave to whom. What the sign-in has told of, with its reason, is not noted twice."""
    found = _event(response)
    if found is not None and not (found[0] is Event.REFUSED and flask.g.get("is_noted", False)):
        audit.write(found[0], current_user().name if somebody_asks() else "", found[1])


def _event(response: flask.Response) -> tuple[Event, dict[str, str]] | None:
    request, status = flask.request, response.status_code
    if status in (401, 403):
        return Event.REFUSED, {"what": request.path, "status": str(status)}
    if status >= 400:
        return None
    file = _NAME.search(response.headers.get("Content-Disposition", ""))
    if file is not None:
        meters.FILES.labels(file[1].rpartition(".")[2]).inc()
        return Event.EXPORTED, {"what": file[1], "query": request.query_string.decode("utf-8", "replace")}
    if request.endpoint == PUBLISH_ENDPOINT:
        return Event.PUBLISHED, {"what": request.form.get("ten", ""), "query": request.form.get("loc", "")}
    if request.endpoint == PICTURE_ENDPOINT:
        return _of_picture(request.get_json(silent=True))
    return _of_page(request.get_json(silent=True)) if request.path == CALLBACK_PATH else None


def _of_picture(body: Any) -> tuple[Event, dict[str, str]] | None:  # noqa: ANN401 - what JSON holds
    """A picture that the reader's browser makes of a card."""
    if not isinstance(body, dict):
        return None
    return Event.EXPORTED, {"what": f"{body.get('the', '')} (ảnh)", "query": str(body.get("loc", "")).lstrip("?")}


def _of_page(body: Any) -> tuple[Event, dict[str, str]] | None:  # noqa: ANN401 - what JSON holds
    """A page opened, or opened again with another filter."""
    if not isinstance(body, dict) or not str(body.get("output", "")).startswith(PAGE_OUTPUT):
        return None
    values = {str(one.get("property")): str(one.get("value") or "") for one in body.get("inputs", [])}
    return Event.OPENED, {"what": values.get("pathname") or "/", "query": values.get("search", "").lstrip("?")}
