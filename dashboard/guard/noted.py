"""What goes into the audit: pages opened with their filters, files handed out, briefings published, refusals. Sign-ins are told by the sign-in itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import flask

from dashboard import meters
from dashboard.audit import Audit, Event
from dashboard.guard.refusals import CALLBACK_PATH
from dashboard.guard.rules import Reader

PAGE_OUTPUT: Final = "..page.children..."
PUBLISH_ENDPOINT: Final = "publish"
PICTURE_ENDPOINT: Final = "picture_code"
_NAME: Final = re.compile(r'filename="([^"]+)"')


def note(response: flask.Response, who: Callable[[], Reader | None], audit: Audit) -> None:
    """Note what this answer gave to whom. A refusal by the sign-in is noted there, with its reason."""
    found = _event(response)
    if found is None:
        return
    event, facts = found
    reader = who()
    if reader is not None or event is not Event.REFUSED or flask.g.get("is_refused", False):
        audit.write(event, reader.name if reader is not None else "", facts)


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
