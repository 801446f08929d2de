"""Answers packed for the way: what stays the same between versions is packed once, the rest each time."""

from __future__ import annotations

from typing import Any, Final

import flask
from flask_compress import Compress

from queries.kept import Kept

_MOST_BYTES: Final = 16 * 2**20
_ONCE: Final = "/_dash-component-suites/"  # scripts whose address carries their version
_NOT_KEPT: Final = ""


class _Store:
    """Packed scripts by algorithm and address, in the shape that flask-compress asks for."""

    def __init__(self) -> None:
        self._kept: Kept[bytes] = Kept(_MOST_BYTES, len)

    def get(self, key: str) -> bytes | None:
        """The packed bytes, or None."""
        return self._kept.found(key)

    def set(self, key: str, value: bytes) -> None:
        """Keep the packed bytes of a script."""
        if not key.endswith(";" + _NOT_KEPT):
            self._kept.get(key, lambda: value)


def register(server: flask.Flask) -> None:
    """Pack every answer of text that is not packed already. Finished pages come packed (dashboard.view.finished)."""
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br"],
        COMPRESS_BR_LEVEL=6,
        COMPRESS_CACHE_BACKEND=_Store,
        COMPRESS_CACHE_KEY=lambda request: request.full_path if request.path.startswith(_ONCE) else _NOT_KEPT,
    )
    Compress(server)
    server.after_request(_taken_in)  # registered after it, so it runs before it


def _taken_in(response: flask.Response) -> flask.Response:
    """A file is read and closed before it is packed: flask-compress would leave it open."""
    if response.direct_passthrough:
        source: Any = response.response
        response.direct_passthrough = False
        response.set_data(response.get_data())
        if hasattr(source, "close"):
            source.close()
    return response
