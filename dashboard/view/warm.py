"""New data: every page is made once in the background, so that its questions are answered before a reader asks them.

For the whole province, then as those see it who came to the data before: they find their figures also when the database goes away in the meantime.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import Final

from dashboard import ops
from dashboard.exports.office import Office
from dashboard.pages import PAGES
from dashboard.view.look import Look
from dashboard.view.shell import page
from queries.data import Data
from queries.rights import Rights

MOST_READERS: Final = 8


def in_background(data: Data, look: Look, office: Office, readers: tuple[Rights, ...] = ()) -> threading.Thread:
    """Start making the pages as they stand in the navigation; a process that ends waits for the page in hand, no longer.

    A daemon would be torn out of the database's own code when the process ends, which aborts it.
    """
    thread = threading.Thread(target=warm, args=(data, look, office, readers), name="warm")
    thread.start()
    return thread


def warm(data: Data, look: Look, office: Office, readers: tuple[Rights, ...] = ()) -> None:
    """Make every page for the filters that an address without a query means. What fails is tried again by its reader."""
    for rights in (Rights(), *readers[-MOST_READERS:]):
        feed = ops.Feed(lambda: data, rights=partial(_given, rights))
        for one in PAGES:
            if not threading.main_thread().is_alive():
                return
            try:
                page(feed, look, office, one.path, "")
            except Exception as error:  # noqa: BLE001 - a thread of its own: nobody else would tell of the fault
                ops.incident("a page could not be warmed", error, path=one.path)


def _given(rights: Rights) -> Rights:
    return rights
