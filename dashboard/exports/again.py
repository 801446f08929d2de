"""The figures of a file asked once more, as the database has them today."""

from __future__ import annotations

from collections.abc import Sequence

from config.language import VIETNAMESE, answering
from dashboard.archive import CardFigures, Difference, Kept, differences, figures_of
from dashboard.cards import Asked
from dashboard.content.chart_spec import spec_or_reason
from dashboard.content.small_cells import for_audience
from dashboard.exports.office import Office
from dashboard.pages import CARDS
from dashboard.tables import TableState
from queries.data import Data
from queries.filters import Filters


@answering(VIETNAMESE)
def changed_since(kept: Kept, figures: Sequence[CardFigures], data: Data, office: Office) -> list[Difference]:
    """What is another today than when the file was made, in the order of its cards. Raises the errors of `Source.frame`."""
    return differences(figures, {one.address: _today(one, kept, data, office) for one in figures})


def _today(was: CardFigures, kept: Kept, data: Data, office: Office) -> CardFigures | None:
    """The card in the same state; None for a card that no longer exists. What was suppressed for readers outside stays so."""
    card = CARDS.get(was.address)
    if card is None:
        return None
    path, _, query = was.link.partition("?")
    asked = Asked(data, Filters.from_query(query), TableState.from_query(query), path, targets=office.targets, letterhead=office.letterhead)
    return figures_of([for_audience(spec_or_reason(card, asked), office.making(kept.audience))])[0]
