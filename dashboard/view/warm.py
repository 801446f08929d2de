"""New data: every page is made once in the background, so that its questions are answered before a reader asks them."""

from __future__ import annotations

import threading

from dashboard import ops
from dashboard.exports.office import Office
from dashboard.pages import PAGES
from dashboard.view.look import Look
from dashboard.view.shell import page
from queries.data import Data


def in_background(data: Data, look: Look, office: Office) -> threading.Thread:
    """Start making the pages as they stand in the navigation; a process that ends waits for the page in hand, no longer.

    A daemon would be torn out of the database's own code when the process ends, which aborts it.
    """
    thread = threading.Thread(target=warm, args=(data, look, office), name="warm")
    thread.start()
    return thread


def warm(data: Data, look: Look, office: Office) -> None:
    """Make every page for the filters that an address without a query means. What fails is tried again by its reader."""
    feed = ops.Feed(lambda: data)
    for one in PAGES:
        if not threading.main_thread().is_alive():
            return
        try:
            page(feed, look, office, one.path, "")
        except Exception as error:  # noqa: BLE001 - a thread of its own: nobody else would tell of the fault
            ops.incident("a page could not be warmed", error, path=one.path)
