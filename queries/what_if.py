"""What would a few agencies change? New rates for chosen agencies, and the fewest agencies that reach the next threshold.

Pure: a frame of `queries.scoring.Scores` goes in, a frame comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import pandas as pd

from config.language import told
from config.scoring import RuleSet
from queries.errors import BadRequest
from queries.metrics import ACTIVE_PROCEDURES, BY_KEY
from queries.score import needed, scored

_DISTINCT: Final = ACTIVE_PROCEDURES.key
_LOOKED_AT: Final = ["kind", "code", "name", "level", "potential", "missing", "numerator", "denominator"]
_BEFORE: Final = ("numerator", "rate", "points")


@dataclass(frozen=True, slots=True)
class Change:
    """An agency that would reach a rate (a fraction from 0 to 1) of one ratio."""

    agency_code: str
    metric: str
    rate: Fraction


def what_if(frame: pd.DataFrame, changes: Sequence[Change], rules: RuleSet | None) -> pd.DataFrame:
    """The frame of `Scores` as it would be: the numerator of each chosen agency becomes the smallest that makes its new rate, the denominators stay,
    and its level and the province move by the same dossiers. Columns besides: numerator_before, rate_before, points_before.

    Raises:
        BadRequest: an agency or ratio is not in the frame or changed twice, a rate is not between 0 and 1, or the ratio counts distinct procedures.
    """
    moved: dict[int, int] = {}
    taken: set[tuple[str, str]] = set()
    for change in changes:
        place = _place(frame, change, taken)
        row = frame.iloc[place]
        more = needed(change.rate, int(row["denominator"])) - int(row["numerator"])
        for scope in (("agency", change.agency_code), ("level", row["level"]), ("province", "")):
            for touched in np.flatnonzero((frame["kind"] == scope[0]) & (frame["code"] == scope[1]) & (frame["metric"] == change.metric)):
                moved[int(touched)] = moved.get(int(touched), 0) + more
    new = frame["numerator"] + pd.array([moved.get(place, 0) for place in range(len(frame))], dtype="Int64")
    after = scored(frame.assign(numerator=new), rules)
    return after.assign(**{f"{name}_before": frame[name] for name in _BEFORE})


def _place(frame: pd.DataFrame, change: Change, taken: set[tuple[str, str]]) -> int:
    """The row of the agency's ratio."""
    rows = np.flatnonzero((frame["kind"] == "agency") & (frame["code"] == change.agency_code) & (frame["metric"] == change.metric))
    label = BY_KEY[change.metric].label if change.metric in BY_KEY else change.metric
    if change.metric == _DISTINCT:
        raise _refused(told("“{}” đếm số thủ tục khác nhau, không cộng được từ các đơn vị; hãy chọn tỷ lệ tiếp nhận hoặc tỷ lệ trả kết quả.", label))
    if not rows.size:
        raise _refused(told("Không có đơn vị mã “{}” với “{}” trong kỳ và phạm vi đang xem.", change.agency_code, label))
    if (change.agency_code, change.metric) in taken:
        raise _refused(told("Đơn vị mã “{}” có hai tỷ lệ giả định cho “{}”; hãy giữ lại một.", change.agency_code, label))
    if not 0 <= change.rate <= 1:
        raise _refused(told("Tỷ lệ giả định của đơn vị mã “{}” phải từ 0% đến 100%.", change.agency_code))
    taken.add((change.agency_code, change.metric))
    return int(rows[0])


def _refused(sentence: str) -> BadRequest:
    return BadRequest("a what-if that cannot be worked out", sentence=sentence)


@dataclass(frozen=True)
class Cheapest:
    """The fewest agencies that bring the province to the next threshold of one ratio.

    `missing` dossiers are wanted (None: at the top, or no ratio), the agencies could give `moved` of them. `units`: one row per agency, greatest
    potential first: code, name, level, potential, moved, and numerator, denominator, rate as they would be; their moved add up to `moved`.
    """

    metric: str
    missing: int | None
    moved: int
    units: pd.DataFrame

    @property
    def is_enough(self) -> bool:
        """Whether the threshold is reached."""
        return self.missing is not None and self.moved >= self.missing

    @property
    def changes(self) -> tuple[Change, ...]:
        """The same as changes for `what_if`."""
        cases = zip(self.units["code"].tolist(), self.units["numerator"].tolist(), self.units["denominator"].tolist(), strict=True)
        return tuple(Change(code, self.metric, Fraction(above, below)) for code, above, below in cases)


def cheapest_units(frame: pd.DataFrame, metric: str) -> Cheapest:
    """The fewest agencies whose potential reaches the province's next threshold; all that have some where it does not suffice.

    A set is cheaper when it has fewer agencies, then when it moves fewer dossiers. The greatest potentials are taken first, the last agency gives
    only what is still missing: no set of fewer agencies can suffice, because none has a greater sum, and none moves fewer dossiers than are missing.

    Raises:
        BadRequest: the ratio is not in the frame, or counts distinct procedures.
    """
    rows = frame.loc[frame["metric"] == metric, _LOOKED_AT]
    province = rows[rows["kind"] == "province"]
    if metric == _DISTINCT or province.empty:
        raise _refused(told("Không tìm được nhóm đơn vị cho “{}”: chỉ tính cho tỷ lệ tiếp nhận và tỷ lệ trả kết quả qua bưu chính.", metric))
    missing = province["missing"].iloc[0]
    wanted = 0 if pd.isna(missing) else int(missing)
    agencies = rows[(rows["kind"] == "agency") & (rows["potential"].fillna(0) > 0)].set_index("code")
    parts = dict(fewest([(str(code), int(room)) for code, room in agencies["potential"].items()], wanted))
    units = agencies.loc[list(parts), ["name", "level", "potential", "numerator", "denominator"]].reset_index()
    units["moved"] = units["code"].map(parts).astype("Int64")
    units["numerator"] = units["numerator"] + units["moved"]
    units["rate"] = units["numerator"].astype("Float64") / units["denominator"].astype("Float64")
    columns = ["code", "name", "level", "potential", "moved", "numerator", "denominator", "rate"]
    return Cheapest(metric, None if pd.isna(missing) else wanted, sum(parts.values()), units[columns])


def fewest(potentials: Sequence[tuple[str, int]], wanted: int) -> list[tuple[str, int]]:
    """Code and share of the fewest that give `wanted` together: greatest first, then by code; all of them where they do not suffice."""
    found: list[tuple[str, int]] = []
    left = wanted
    for code, room in sorted(potentials, key=lambda pair: (-pair[1], pair[0])):
        if left <= 0 or room <= 0:
            break
        found.append((code, min(room, left)))
        left -= room
    return found
