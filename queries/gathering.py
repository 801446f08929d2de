"""Rows gathered before they are judged: one narrow GROUP BY over codes, then the conditions of the counts on its few groups.

Seven counts cost seven conditions a row when they are added up at once; gathered by status and channel they are judged on some hundred groups.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from queries.counting import Count, Given
from queries.rollups import NUMBER

CODES: Final = frozenset({"status", "received_channel", "returned_channel", "postal_stage", "kind"})  # columns of few values


def looked_at(relation: sa.FromClause, counts: Iterable[Count], given: Given) -> frozenset[str]:
    """The columns that the conditions of the counts read."""
    found = (element for count in counts for element in visitors.iterate(count.where(relation, given)))
    return frozenset(element.name for element in found if isinstance(element, sa.ColumnClause) and element.table is relation)


def gathered(
    relation: sa.FromClause, keys: dict[str, sa.ColumnElement[Any]], where: Iterable[sa.ColumnElement[bool]], codes: Iterable[str], counts: Iterable[Count]
) -> sa.Subquery:
    """The rows by keys and codes: under their own names, with how many rows there are and the sum of each amount."""
    by = keys | {name: relation.c[name] for name in sorted(codes) if name not in keys}
    amounts = {count.amount: sa.func.sum(relation.c[count.amount]).label(count.amount) for count in counts if count.amount}
    groups = (key.label(name) for name, key in by.items())
    return sa.select(*groups, sa.func.count().label(NUMBER), *amounts.values()).where(*where).group_by(*by.values()).subquery("gathered")
