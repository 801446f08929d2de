"""Several paces in one answer, before anything is held against targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries.filters import Filters
from queries.metrics import BY_KEY
from queries.pace import Pace

if TYPE_CHECKING:
    from queries.data import Data

_TARGETS: Final = ("target", "target_note", "goal", "remaining", "needed_per_day", "no_need")


def adds_up(metric_key: str) -> bool:
    """Whether a metric adds up over the months of a year, so that it has a pace."""
    try:
        Pace(metric_key)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Paces:
    """One row per metric and scope, in the order of the keys: metric, label, and the columns of `queries.pace.Pace` without those of targets."""

    metric_keys: tuple[str, ...]

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        frames: list[pd.DataFrame] = []
        for key in self.metric_keys:
            frame = data.ask(Pace(key), filters).drop(columns=list(_TARGETS))
            names = {"metric": key, "label": BY_KEY[key].label}
            for place, (name, word) in enumerate(names.items()):
                frame.insert(place, name, pd.Series(word, index=frame.index, dtype="str"))
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)
