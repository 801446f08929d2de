"""New data: every page is drawn once in the background, so that its questions are answered before a reader asks them."""

from __future__ import annotations

import threading

from dashboard import ops
from dashboard.cards import Asked
from dashboard.pages import PAGES
from dashboard.view.look import Look
from queries.data import Data
from queries.errors import DashboardError
from queries.filters import Filters


def in_background(data: Data, look: Look) -> threading.Thread:
    """Start drawing, page after page as they stand in the navigation; the thread ends with the process."""
    thread = threading.Thread(target=warm, args=(data, look), name="warm", daemon=True)
    thread.start()
    return thread


def warm(data: Data, look: Look) -> None:
    """Draw every card for the filters that an address without a query means. What fails is tried again by its reader."""
    for page in PAGES:
        asked = Asked(data=data, filters=Filters(), path=page.path, targets=look.targets)
        for card in page.cards:
            try:
                card.drawing(asked)
            except DashboardError:
                continue
            except Exception as error:  # noqa: BLE001 - a thread of its own: nobody else would tell of the fault
                ops.incident("a page could not be warmed", error, card=card.address)
