"""A card is a pure pair: a question (filters → frame) and a drawing (frame → what the reader sees). Everything else follows from the pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard import sights
from dashboard.figures import Figure
from dashboard.tables import Table, TableState
from queries.addresses import KEY_OF
from queries.counting import Metric
from queries.data import Data, Question
from queries.filters import Filters, Timeframe


@dataclass(frozen=True)
class Kpi:
    """One headline figure: value and notes are already in words; `link` leads to where it is explained."""

    label: str
    value: str
    unit: str = ""
    change: str = ""
    target: str = ""
    link: str = ""
    help: str = ""
    spark: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A link that narrows a card (a verdict, a view), with how many rows it leads to."""

    label: str
    link: str
    is_set: bool = False
    count: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Drawing:
    """What a card shows: a message computed from the data, then chart, figures or table, and the table behind the chart.

    `title` is the message, `subtitle` says measure, place and time. A drawing with neither figure nor kpis shows its table itself.
    """

    title: str
    subtitle: str = ""
    figure: Figure | None = None
    kpis: tuple[Kpi, ...] = ()
    table: Table | None = None
    lines: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    note: str = ""
    is_empty: bool = False


@dataclass(frozen=True)
class Letterhead:
    """Who writes the letters: the superior body, the body that issues them, and the place that stands before the date."""

    superior: str = ""
    issuer: str = ""
    place: str = ""


@dataclass(frozen=True)
class CardFile:
    """A file besides the CSV: its kind (xlsx, docx), the words of its link, and the name of its maker in `dashboard.exports.files`.

    `by` is the column of codes by which the reader chooses rows; the same holds for the card's CSV.
    """

    kind: str
    label: str
    maker: str
    by: str = "agency_code"


@dataclass(frozen=True)
class Asked:
    """What a drawing or a file may look at besides its frame: the data's dates and catalogue, the filters and the state of tables.

    `chosen` are the codes whose rows a file holds (empty: all); `letterhead` is known to files only.
    """

    data: Data
    filters: Filters
    state: TableState = TableState()
    path: str = "/"
    others: tuple[pd.DataFrame, ...] = ()
    targets: Any = None
    chosen: tuple[str, ...] = ()
    letterhead: Letterhead = Letterhead()

    def __post_init__(self) -> None:
        object.__setattr__(self, "filters", self.filters.within(self.data.rights))

    @cached_property
    def timeframe(self) -> Timeframe:
        """The days that are counted."""
        return self.filters.timeframe(self.data.as_of, self.data.first_on)

    def link(self, path: str | None = None, *, state: TableState | None = None, **changes: Any) -> str:
        """Address of a page with the same filters but for the changes."""
        if len(changes) == 1 and (attribute := next(iter(changes))) in KEY_OF:
            query = self.filters.to_query_with(attribute, changes[attribute])
        else:
            query = replace(self.filters, **changes).to_query()
        whole = "&".join(part for part in (query, state.to_query() if state else "") if part)
        return (path or self.path) + (f"?{whole}" if whole else "")

    def link_of(self, attribute: str, codes: Iterable[str], path: str | None = None) -> str:
        """Address of a page with the same filters and one list of codes set anew; `attribute` is a field of the filters such as “agencies”."""
        changes: dict[str, Any] = {attribute: tuple(codes)}
        return self.link(path, **changes)

    def file(self, address: str, kind: str = "csv", *, with_state: bool = True) -> str:
        """Address of a file (a card's, or “trang/KEY”, “trinh-bay/KEY”) with the same filters; it has all rows of a table, whatever was searched.

        Without the state it stays the same while a table is sorted, as the choice of its rows does.
        """
        state = replace(self.state, page=1, search="") if with_state else TableState(audience=self.state.audience)
        return self.link(f"/tai-ve/{address}.{kind}", state=state)


Draw = Callable[[pd.DataFrame, Asked], Drawing]


@dataclass(frozen=True)
class Card:
    """One card: its stable address, its plain name, its question and its drawing.

    `needs` are optional relations without which it says “this database has no …”; `metrics` are explained in its small print;
    `also` are further questions whose frames the drawing gets in `Asked.others`. `width` is in twelfths of the page.
    `files` can be downloaded besides the CSV.
    """

    address: str
    name: str
    question: Question
    draw: Draw
    metrics: tuple[Metric, ...] = ()
    needs: tuple[str, ...] = ()
    also: tuple[Question, ...] = ()
    width: int = 12
    files: tuple[CardFile, ...] = ()

    def answer(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The card's frame: what `ask` prints and the CSV holds. Raises NotAllowed, RelationAbsent and the errors of `Source.frame`."""
        for relation in self.needs:
            data.source.relation(relation)
        seen, shown = self._seen(data, filters)
        return sights.without_details(seen.ask(self.question, shown), seen, data)

    def drawing(self, asked: Asked) -> Drawing:
        """The card for the reader. Raises NotAllowed, RelationAbsent and the errors of `Source.frame`."""
        frame = self.answer(asked.data, asked.filters)
        others = tuple(asked.data.ask(question, asked.filters) for question in self.also)
        seen, shown = self._seen(asked.data, asked.filters)
        return self.draw(frame, replace(asked, data=seen, filters=shown, others=others))

    def _seen(self, data: Data, filters: Filters) -> tuple[Data, Filters]:
        """The data and the filters that the reader's rights leave to this card: the own agencies, or totals of all where the card only ranks them."""
        return sights.seen(self.address, self.name, data, filters.within(data.rights))


@dataclass
class Page:
    """A page: its path, its name and its cards in the order of importance. Cards are added by the decorator `card`."""

    path: str
    name: str
    intro: str = ""
    cards: list[Card] = field(default_factory=list)

    def card(self, address: str, name: str, question: Question, **options: Any) -> Callable[[Draw], Draw]:
        """Decorator that makes a drawing a card of this page."""

        def add(draw: Draw) -> Draw:
            self.cards.append(Card(address, name, question, draw, **options))
            return draw

        return add
