"""What the parts of one briefing share: every card asked once, the facts of the sentences, the stamp, and what had to be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from config.briefings import BriefingTemplate
from dashboard.cards import Asked, Card
from dashboard.content.chart_spec import CardSpec, spec_or_reason
from dashboard.content.evaluation import sentences
from dashboard.content.evaluation_facts import Facts
from dashboard.content.periods import period_words
from dashboard.content.plan import TitledTable
from dashboard.content.small_cells import for_outside, table_for_outside
from dashboard.content.stamp import Audience, Making, Stamp, stamp_of
from dashboard.pages import PAGES, phrases
from dashboard.tables import Column, Kind, Table, TableState
from queries.counting import Metric
from queries.sentence import VERDICT_NAMES

PATHS: Final = {card.address: page.path for page in PAGES for card in page.cards}
TOTALS: Final = "overview.totals"


@dataclass
class Book:
    """One briefing in the making. `left_out` collects a sentence for everything that is not shown."""

    template: BriefingTemplate
    asked: Asked
    making: Making
    cards: Mapping[str, Card]
    notices: tuple[str, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    _specs: dict[str, CardSpec] = field(default_factory=dict)

    @property
    def is_outside(self) -> bool:
        """Whether small counts are suppressed."""
        return self.making.audience is Audience.OUTSIDE

    @cached_property
    def facts(self) -> Facts:
        """The figures of the sentences."""
        return Facts(replace(self.asked, state=TableState()), self.making.small_cell if self.is_outside else 1)

    @cached_property
    def stamp(self) -> Stamp:
        """The stamp of every file of this briefing."""
        return stamp_of(self.template.name, f"briefing:{self.template.key}", self.asked, self.making)

    def spec(self, address: str) -> CardSpec:
        """A card, asked once; suppressed for outside."""
        if address not in self._specs:
            at = replace(self.asked, path=PATHS.get(address, self.asked.path), state=TableState())
            spec = spec_or_reason(self.cards[address], at)
            self._specs[address] = for_outside(spec, self.making.small_cell) if self.is_outside else spec
        return self._specs[address]

    def shown(self, address: str) -> CardSpec | None:
        """A card that has something to show; otherwise None, with the reason kept."""
        spec = self.spec(address)
        if not spec.is_empty:
            return spec
        self.left_out.setdefault(address, f"Không có phần “{spec.name}”: {reason(spec)}")
        return None

    def table(self, titled: TitledTable) -> TitledTable:
        """A table that was made for this briefing, as a file may hold it: small counts suppressed for outside."""
        if not self.is_outside:
            return titled
        table, note = table_for_outside(titled.table, self.making.small_cell, narrow=self.facts.is_narrow)
        return replace(titled, table=table, note=" ".join(filter(None, (titled.note, note))))

    def sentences(self, *names: str) -> tuple[str, ...]:
        """The sentences of rules."""
        return sentences(names, self.facts)

    def filled(self, words: str) -> str:
        """Own words with period, place and year filled in."""
        counted = self.asked.timeframe.counted or self.asked.timeframe.period
        place = phrases.place(self.asked)
        return words.replace("{ky}", period_words(self.asked)).replace("{noi}", place).replace("{nam}", str(counted.last_month // 12))

    @property
    def used(self) -> tuple[CardSpec, ...]:
        """The cards with something to show, in the order they were asked."""
        return tuple(spec for spec in self._specs.values() if not spec.is_empty)

    @property
    def definitions(self) -> tuple[tuple[str, str], ...]:
        """Every metric of the cards with its meaning and legal source, each once."""
        found: dict[str, Metric] = {metric.key: metric for spec in self.used for metric in spec.metrics}
        return tuple((metric.label, f"{metric.definition} ({metric.source})") for metric in found.values())


def reason(spec: CardSpec) -> str:
    """Why a card has nothing to show, as a sentence."""
    words = spec.subtitle if spec.title == spec.name and spec.subtitle else spec.title
    return words if words.endswith((".", "!", "?")) else f"{words}."


def worded(table: Table) -> Table:
    """The table with verdicts in words."""
    keys = [column.key for column in table.columns if column.kind is Kind.VERDICT]
    if not keys:
        return table
    columns = tuple(Column(column.key, column.label, Kind.TEXT, column.link) if column.key in keys else column for column in table.columns)
    rows = tuple({**row, **{key: VERDICT_NAMES.get(row.get(key, ""), row.get(key)) for key in keys}} for row in table.rows)
    return replace(table, columns=columns, rows=rows)
