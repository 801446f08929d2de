"""The pages, and the stable addresses of their cards."""

from __future__ import annotations

from typing import Final

import pandas as pd

from config.language import say
from dashboard import sights
from dashboard.cards import Card, Page
from dashboard.pages import adoption, agencies, areas, briefing, change, definitions, overview, potential, procedures, score
from queries.data import Data
from queries.errors import BadRequest
from queries.filters import Filters
from queries.rights import Rights

PAGES: Final[tuple[Page, ...]] = (
    overview.PAGE,
    agencies.PAGE,
    areas.PAGE,
    procedures.PAGE,
    adoption.PAGE,
    potential.PAGE,
    change.PAGE,
    score.PAGE,
    briefing.PAGE,
    definitions.PAGE,
)
BRIEFING_PATH: Final = briefing.PAGE.path
CARDS: Final[dict[str, Card]] = {card.address: card for page in PAGES for card in page.cards}
ADDRESSES: Final[dict[str, str]] = {address: card.name for address, card in CARDS.items()}


def page_at(path: str) -> Page | None:
    """The page at a path, or None."""
    return next((page for page in PAGES if page.path == (path.rstrip("/") or "/")), None)


def seen_cards(page: Page, rights: Rights) -> list[Card]:
    """The cards of a page that these rights show, in its order."""
    return [card for card in page.cards if sights.is_seen(card.address, rights)]


def answer(address: str, data: Data, query: str) -> pd.DataFrame:
    """The frame of a card for a query string, as the command line and the files give it.

    Raises:
        BadRequest: no card has this address, or a value of the query cannot be understood: no figure is given for other filters than the asked ones.
        DashboardError: the database does not answer or lacks what the card needs.
    """
    card = CARDS.get(address)
    if card is None:
        raise BadRequest(
            f"no card has the address {address!r}", sentence=say("Không có thẻ nào ở địa chỉ “{}”. Các địa chỉ: {}.", address, ", ".join(sorted(CARDS)))
        )
    filters = Filters.from_query(query)
    if filters.problems:
        raise BadRequest(f"bad query {query!r}", sentence=" ".join(filters.problems).replace("; đã dùng giá trị mặc định", ""))
    return card.answer(data, filters)
