"""What the circular's form asks about incidents of the postal service (TT 17/2017/TT-BTTTT, Điều 13): cases by kind, settled ones, compensation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import sqlalchemy as sa

from queries import scope
from queries.contract import INCIDENT_KINDS
from queries.filters import Filters
from queries.period import Period

if TYPE_CHECKING:
    from queries.data import Data

COLUMNS: Final = ("complaint", "complaint_settled", "lost", "misplaced", "damaged", "compensated", "compensation")


@dataclass(frozen=True)
class PostalIncidents:
    """One row: cases reported in the period by kind (complaint, lost, misplaced, damaged), complaint_settled (of those complaints, settled by the date of
    the data), compensated (cases of every kind with a compensation above 0), compensation (its sum in đồng); all also `_before` for the compared days,
    settled then by the end of those days. Every case stands in the period of its report.

    Missing: nothing is counted or compared, or a filter needs a column that incidents do not have (procedure, channel).
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises RelationAbsent without the relation postal_incidents, and the errors of `Source.frame`."""
        data.source.relation("postal_incidents")
        timeframe = filters.timeframe(data.as_of, data.first_on)
        whole = timeframe.counted is not None and timeframe.counted == timeframe.period
        settled_by = {"": data.as_of, "_before": data.as_of if whole or timeframe.compared is None else timeframe.compared.end}
        columns: dict[str, object] = {}
        for suffix, span in (("", timeframe.counted), ("_before", timeframe.compared)):
            until = None if span is None else Period(min(span.start, settled_by[suffix]), settled_by[suffix])
            found = None if span is None or until is None else _counted(data, filters, span, until)
            columns |= {name + suffix: pd.NA if found is None else int(found[name]) for name in COLUMNS}
        return pd.DataFrame([columns]).astype("Int64")


def _counted(data: Data, filters: Filters, span: Period, until: Period) -> pd.Series | None:
    """The counts of one span; None where a filter does not apply to incidents."""
    incidents = data.source.relation("postal_incidents")
    where = scope.conditions(incidents, data.catalogue, filters, data.rules)
    if where is None:
        return None
    settled = sa.and_(incidents.c.kind == "complaint", scope.within(incidents.c.settled_on, until))
    paid = incidents.c.compensation > 0
    sums = {kind: _sum(incidents.c.kind == kind, 1) for kind in INCIDENT_KINDS}
    sums |= {"complaint_settled": _sum(settled, 1), "compensated": _sum(paid, 1), "compensation": _sum(paid, incidents.c.compensation)}
    select = sa.select(*(total.label(name) for name, total in sums.items())).where(scope.within(incidents.c.reported_on, span), *where)
    return data.source.frame(select).iloc[0]


def _sum(condition: sa.ColumnElement[bool], worth: Any) -> sa.ColumnElement[int]:  # noqa: ANN401 - a number or a column
    return sa.cast(sa.func.coalesce(sa.func.sum(sa.case((condition, worth), else_=0)), 0), sa.BigInteger)
