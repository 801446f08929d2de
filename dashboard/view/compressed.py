"""Answers packed for the way: scripts and styles once and as tightly as can be, the rest each time.

What stays the same between versions is packed in the background when a worker starts, into a folder that outlives it; until then, and for browsers that
take only gzip, it is packed at the first request.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import brotli
import flask
from flask_compress import Compress

from queries.kept import Kept

_MOST_BYTES: Final = 16 * 2**20
_SAME_FOR_EVER: Final = re.compile(r"^/_dash-component-suites/|^/static/|^/(assets|bootstrap)/[^?]*\?")  # the address changes with the content
_NOT_KEPT: Final = ""
_LEVEL: Final = 6
_TIGHTEST: Final = 11
_LEVEL_IN_PARTS: Final = 5


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


def register(server: flask.Flask, folder: Path) -> None:
    """Pack every answer of text that is not packed already; what `pack` has left in the folder is sent as it is there.

    Finished pages come packed (dashboard.view.finished).
    """
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_STREAMS=False,
        COMPRESS_BR_LEVEL=_LEVEL,
        COMPRESS_CACHE_BACKEND=_Store,
        COMPRESS_CACHE_KEY=lambda request: request.full_path if _SAME_FOR_EVER.match(request.full_path) else _NOT_KEPT,
    )
    Compress(server)
    tight: Kept[bytes] = Kept(_MOST_BYTES, len)
    server.after_request(lambda response: _tight(response, folder, tight))  # registered after it, so they run before it
    server.after_request(_taken_in)


def _taken_in(response: flask.Response) -> flask.Response:
    """A file is read and closed before it is packed: flask-compress would leave it open."""
    if response.direct_passthrough:
        source: Any = response.response
        response.direct_passthrough = False
        response.set_data(response.get_data())
        if hasattr(source, "close"):
            source.close()
    return response


def _tight(response: flask.Response, folder: Path, kept: Kept[bytes]) -> flask.Response:
    """The tightly packed bytes instead of the plain ones, where they are there and the browser takes them."""
    address = flask.request.full_path
    if response.status_code != 200 or not _SAME_FOR_EVER.match(address) or not flask.request.accept_encodings["br"]:
        return response
    packed = kept.found(address)
    if packed is None:
        path = packed_path(folder, response.get_data())
        if not path.is_file():
            return response
        packed = kept.get(address, path.read_bytes)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "br"
    return response


def packed_path(folder: Path, content: bytes) -> Path:
    """Where the packed form of a content is kept; another content is another file."""
    return folder / f"{hashlib.sha256(content).hexdigest()[:32]}.br"


def in_background(server: flask.Flask, addresses: Iterable[str], folder: Path) -> threading.Thread:
    """Start packing what is served at these addresses, as far as it is not packed yet."""
    thread = threading.Thread(target=pack, args=(server, list(addresses), folder), name="pack", daemon=True)
    thread.start()
    return thread


def pack(server: flask.Flask, addresses: list[str], folder: Path) -> None:
    """Write the packed form of what is served at these addresses into the folder; one process does it, another goes on without."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for address in addresses:
                with server.test_request_context(address):
                    content = _taken_in(server.make_response(server.dispatch_request())).get_data()
                _write(packed_path(folder, content), content)
    except OSError:
        return  # held by another process, or a folder that cannot be written: answers are packed as they are asked for


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(brotli.compress(content, quality=_TIGHTEST))
    part.replace(path)


def sent_in_parts(parts: Iterator[bytes], mimetype: str) -> flask.Response:
    """An answer of which each part leaves as soon as it is made, packed or not."""
    accepted = flask.request.accept_encodings
    encoding = next((name for name in ("br", "gzip") if accepted[name] > 0), "")
    response = flask.Response(_packed(parts, encoding) if encoding else parts, mimetype=mimetype)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["X-Accel-Buffering"] = "no"  # a proxy before us passes each part on
    return response


def _packed(parts: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    put: Callable[[bytes], bytes]
    if encoding == "br":
        tight = brotli.Compressor(quality=_LEVEL_IN_PARTS)
        put, flush, finish = tight.process, tight.flush, tight.finish
    else:
        zipped = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        put, flush, finish = zipped.compress, lambda: zipped.flush(zlib.Z_SYNC_FLUSH), zipped.flush
    for part in parts:
        yield put(part) + flush()
    yield finish()
