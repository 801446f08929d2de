"""What is counted: the additive counts of dossiers and incidents, each with its condition and the column that places it in time.

The rules stand here once. A metric (`queries.metrics`) is a sum of these counts, or a ratio of two such sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from queries import contract

Row = sa.FromClause


class Unit(StrEnum):
    """What a value is counted in, as printed after it."""

    DOSSIERS = "hồ sơ"
    RESULTS = "kết quả"
    PERCENT = "%"
    DONG = "đồng"
    CASES = "vụ"
    AGENCIES = "đơn vị"
    PROCEDURES = "thủ tục"


class Better(StrEnum):
    """Which direction is good news."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True)
class Rules:
    """What a province may set about counting; the defaults of the switches follow the law, the others the habit of other systems.

    `minimum_n` is the least number of cases, 1 or more, that carries a ratio: a ratio over fewer is neither shown as a percentage nor ranked.
    """

    missing_channel_as_counter: bool = False  # the QĐ 766/QĐ-TTg way
    without_due_as_on_time: bool = False
    minimum_n: int = 20


@dataclass(frozen=True)
class Given:
    """What a condition may look at besides the row: the date of the data and the rules."""

    as_of: date
    rules: Rules = Rules()


Condition = Callable[[Row, Given], sa.ColumnElement[bool]]


@dataclass(frozen=True)
class Count:
    """One additive count: rows of a relation that keep a condition, placed in time by one column (None: as they stand at as_of)."""

    key: str
    dated_by: str | None
    where: Condition
    amount: str | None = None  # the column to add up; None counts rows
    relation: str = "dossiers"
    needs: str | None = None  # a column without which it cannot be made, though the contract has it


Terms = tuple[tuple[int, Count], ...]


@dataclass(frozen=True)
class Metric:
    """A figure with its meaning. `denominator` is empty for a plain sum."""

    key: str
    label: str
    unit: Unit
    definition: str
    source: str
    numerator: Terms
    denominator: Terms = ()
    better: Better = Better.NEITHER
    dated: str = ""  # the dating column in words

    @property
    def is_ratio(self) -> bool:
        """Whether the value is a numerator divided by a denominator; “so many of all” keeps its numerator as value."""
        return self.unit is Unit.PERCENT

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts it is made of."""
        return tuple(count for _, count in (*self.numerator, *self.denominator))


def _received(d: Row, _: Given) -> sa.ColumnElement[bool]:
    return d.c.status.not_in(contract.NOT_RECEIVED)


def _returned(d: Row, _: Given) -> sa.ColumnElement[bool]:
    return d.c.status == contract.RETURNED


def _completed(d: Row, _: Given) -> sa.ColumnElement[bool]:
    return d.c.status.in_(contract.SETTLED)


def _open(d: Row, _: Given) -> sa.ColumnElement[bool]:
    return d.c.status.in_(contract.OPEN)


def is_channel(value: sa.ColumnElement[Any], channel: str | None, rules: Rules = Rules()) -> sa.ColumnElement[bool]:
    """Values of a channel; None: not recorded, which a value outside the code list is too. The switch of QĐ 766 moves these to the counter."""
    unrecorded = sa.or_(value.is_(None), value.not_in(contract.CHANNELS))
    if channel is None:
        return sa.false() if rules.missing_channel_as_counter else unrecorded
    if channel == "counter" and rules.missing_channel_as_counter:
        return sa.or_(value == channel, unrecorded)
    return value == channel if channel in contract.CHANNELS else sa.false()


def _channel(column: str, channel: str | None) -> Condition:
    return lambda d, given: is_channel(d.c[column], channel, given.rules)


def _recorded(column: str) -> Condition:
    def condition(d: Row, given: Given) -> sa.ColumnElement[bool]:
        if given.rules.missing_channel_as_counter:
            return sa.true()
        return d.c[column].in_(contract.CHANNELS)

    return condition


def _on_time(d: Row, given: Given) -> sa.ColumnElement[bool]:
    """Dates, not instants: settled on the due date is on time."""
    kept = sa.cast(d.c.completed_at, sa.Date) <= sa.cast(d.c.due_at, sa.Date)
    return sa.or_(kept, d.c.due_at.is_(None)) if given.rules.without_due_as_on_time else kept


def _with_due(d: Row, given: Given) -> sa.ColumnElement[bool]:
    return sa.true() if given.rules.without_due_as_on_time else d.c.due_at.is_not(None)


def _both(*conditions: Condition) -> Condition:
    def condition(d: Row, given: Given) -> sa.ColumnElement[bool]:
        return sa.and_(*(each(d, given) for each in conditions))

    return condition


def _overdue(d: Row, given: Given) -> sa.ColumnElement[bool]:
    return sa.and_(_open(d, given), d.c.due_at < sa.literal(given.as_of, sa.Date))


def _kind(*kinds: str) -> Condition:
    return lambda row, _: row.c.kind.in_(kinds)


def one(count: Count) -> Terms:
    """A sum of one count."""
    return ((1, count),)


_POST_IN = _both(_received, _channel("received_channel", "post"))
_POST_OUT = _both(_returned, _channel("returned_channel", "post"))
C_RECEIVED: Final = Count("received", "received_at", _received)
C_RECEIVED_BY_POST: Final = Count("received_by_post", "received_at", _POST_IN)
C_RECEIVED_ONLINE: Final = Count("received_online", "received_at", _both(_received, _channel("received_channel", "online")))
C_RECEIVED_AT_COUNTER: Final = Count("received_at_counter", "received_at", _both(_received, _channel("received_channel", "counter")))
C_RECEIVED_UNKNOWN: Final = Count("received_channel_not_recorded", "received_at", _both(_received, _channel("received_channel", None)))
C_RECEIVED_RECORDED: Final = Count("received_recorded", "received_at", _both(_received, _recorded("received_channel")))
C_RETURNED: Final = Count("returned", "returned_at", _returned)
C_RETURNED_RECORDED: Final = Count("returned_recorded", "returned_at", _both(_returned, _recorded("returned_channel")))
C_RETURNED_BY_POST: Final = Count("returned_by_post", "returned_at", _POST_OUT)
C_RETURNED_ONLINE: Final = Count("returned_online", "returned_at", _both(_returned, _channel("returned_channel", "online")))
C_RETURNED_AT_COUNTER: Final = Count("returned_at_counter", "returned_at", _both(_returned, _channel("returned_channel", "counter")))
C_RETURNED_UNKNOWN: Final = Count("returned_channel_not_recorded", "returned_at", _both(_returned, _channel("returned_channel", None)))
C_COMPLETED: Final = Count("completed", "completed_at", _completed)
C_COMPLETED_WITH_DUE: Final = Count("completed_with_due", "completed_at", _both(_completed, _with_due), needs="due_at")
C_ON_TIME: Final = Count("completed_on_time", "completed_at", _both(_completed, _with_due, _on_time), needs="due_at")
C_WITHOUT_DUE: Final = Count("completed_without_due", "completed_at", _both(_completed, lambda d, _: d.c.due_at.is_(None)), needs="due_at")
C_POST_WITH_DUE: Final = Count("post_completed_with_due", "completed_at", _both(_completed, _with_due, _channel("received_channel", "post")), needs="due_at")
C_POST_ON_TIME: Final = Count(
    "post_completed_on_time", "completed_at", _both(_completed, _with_due, _on_time, _channel("received_channel", "post")), needs="due_at"
)
C_OPEN: Final = Count("open", None, _open)
C_OVERDUE: Final = Count("overdue", None, _overdue, needs="due_at")
C_REVENUE: Final = Count("postal_revenue", "received_at", _received, amount="postal_fee")
C_INCIDENTS: Final = Count("incidents", "reported_on", _kind(*contract.INCIDENT_KINDS), relation="postal_incidents")
C_UNSAFE: Final = Count("unsafe", "reported_on", _kind("lost", "misplaced", "damaged"), relation="postal_incidents")
C_ACTIVE_AGENCIES: Final = Count("active_agencies", "returned_at", _POST_OUT)
C_AGENCIES: Final = Count("agencies", None, lambda *_: sa.true(), relation="agencies")
C_ACTIVE_PROCEDURES: Final = Count("active_procedures", "received_at", _POST_IN)
C_PROCEDURES: Final = Count("procedures", None, lambda *_: sa.true(), relation="agency_procedures")
