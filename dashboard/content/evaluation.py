"""The evaluation sentences of a briefing, by the name of their rule: computed from the figures, in the phrases officials use.

A rule says levels, changes, targets, names and what is missing. It never says why: that is for a person to fill in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from dashboard.content import evaluation_quality as quality
from dashboard.content import evaluation_units as units
from dashboard.content import evaluation_volumes as volumes
from dashboard.content.evaluation_facts import Facts

Rule = Callable[[Facts], Iterable[str]]

RULES: Final[dict[str, Rule]] = {
    rule.__name__: rule
    for rule in (
        volumes.basis,
        volumes.events,
        volumes.received,
        volumes.received_channels,
        volumes.received_units,
        volumes.returned,
        volumes.returned_units,
        volumes.unfinished,
        volumes.organisation,
        volumes.movers,
        volumes.year_to_date,
        volumes.targets,
        volumes.score,
        quality.on_time,
        quality.overdue,
        quality.safety,
        quality.revenue,
        quality.data_quality,
        units.verdicts,
        units.zero_returned,
        units.fallen_silent,
        units.idle_procedures,
        units.calls,
        units.next_calls,
        units.next_recording,
        units.next_procedures,
        units.next_overdue,
        units.next_thresholds,
    )
}


def sentences(names: Sequence[str], facts: Facts) -> tuple[str, ...]:
    """The sentences of rules in their order; each once. Raises KeyError for a name that no rule has, and the errors of `Source.frame`."""
    return tuple(dict.fromkeys(sentence for name in names for sentence in RULES[name](facts)))
