"""The scripts of the first page: those that are used, and the slim plotly.js where `make bundle` has built one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import flask
from plotly.offline import get_plotlyjs_version

BUNDLE: Final = Path(__file__).resolve().parent.parent.parent / "var" / "bundle" / "plotly.min.js"
PREFIX: Final = "/static/"  # code, kept by browsers: the address changes with the content
_HEAD_BYTES: Final = 400
_UNUSED: Final = re.compile(r"/dash_table/")  # a component that no page has
_CHUNKS: Final = ("dcc/async-dropdown.js", "dcc/async-graph.js")  # of every page; Dash would find out one way to the server later


@dataclass(frozen=True)
class Charts:
    """The plotly.js that is served: its bytes, and its address, which changes with them."""

    content: bytes
    address: str

    @property
    def preload(self) -> str:
        """The line for the head that has the browser fetch it before Dash asks."""
        return f'<link rel="preload" as="script" href="{self.address}" data-plotly>'


def charts(bundle: Path = BUNDLE) -> Charts:
    """The slim plotly.js where it is built and of the very version of the Python package, the package's full one otherwise."""
    path = bundle if is_usable(bundle) else full()
    content = path.read_bytes()
    return Charts(content, f"{PREFIX}plotly.{hashlib.sha256(content).hexdigest()[:16]}.js")


def is_usable(bundle: Path) -> bool:
    """Whether a slim plotly.js stands there and says the version that the figures are written for."""
    if not bundle.is_file():
        return False
    with bundle.open("rb") as file:
        return f"plotly.js v{get_plotlyjs_version()}, slim".encode() in file.read(_HEAD_BYTES)


def full() -> Path:
    """The plotly.js that the Python package carries."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        message = "the package plotly has no files"
        raise RuntimeError(message)
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def register(server: flask.Flask, given: Charts) -> None:
    """Serve the script of the charts under its address."""

    @server.get(given.address)
    def plotly() -> flask.Response:
        return flask.Response(given.content, mimetype="text/javascript")


def used(tags: str, app: Any) -> str:  # noqa: ANN401 - dash types its application loosely
    """The script tags of a page without what no page uses, and with the parts that every page loads later anyway."""
    kept = [tag for tag in tags.split("\n") if not _UNUSED.search(tag)]
    chunks = app._collect_and_register_resources([{"relative_package_path": path, "namespace": "dash"} for path in _CHUNKS])  # noqa: SLF001 - the only maker of these addresses
    return "\n".join([*kept, *(f'<script src="{address}"></script>' for address in chunks)])


def named(page: str) -> list[str]:
    """Addresses of the scripts and styles that a page names."""
    return re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css)[^"]*)"', page)
