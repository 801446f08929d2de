"""How far results go by post: from settled dossiers to results in the hands of those who asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries.filters import Filters
from queries.measure import Measure
from queries.metrics import COMPLETED
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data


class Stage(StrEnum):
    """Where a settled dossier stands on the way by post, each a part of the one before; undelivered are the shipped ones that came back."""

    COMPLETED = "completed"
    REGISTERED = "registered"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


_FROM: Final = {
    Stage.SHIPPED: (Stage.SHIPPED, Stage.DELIVERED, Stage.UNDELIVERED),
    Stage.DELIVERED: (Stage.DELIVERED,),
    Stage.UNDELIVERED: (Stage.UNDELIVERED,),
}


@dataclass(frozen=True)
class PostalStages:
    """Five rows in the order of `Stage`: stage, dossiers (settled in the period, by the date of the result, that have come at least so far).

    Registered are all with a postal stage of the code list or outside it. Missing: the database has no postal stage, or nothing is counted.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        numbers: list[int | None] = [None] * len(Stage)
        is_counted = filters.timeframe(data.as_of, data.first_on).counted is not None
        if is_counted and data.source.has_column("dossiers", "postal_stage"):
            counts = data.ask(Measure((COMPLETED,), by=(Dim.POSTAL_STAGE,)), filters)
            by_stage = counts["postal_stage"]
            kept = {Stage.COMPLETED: by_stage.notna() | by_stage.isna(), Stage.REGISTERED: by_stage.notna()}
            kept |= {stage: by_stage.isin([str(one) for one in stages]) for stage, stages in _FROM.items()}
            numbers = [int(counts.loc[kept[stage], "completed"].fillna(0).sum()) for stage in Stage]
        return pd.DataFrame({"stage": [str(stage) for stage in Stage], "dossiers": pd.array(numbers, dtype="Int64")})
