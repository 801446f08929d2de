"""What a change is made of: every part with its share of it, so that the parts add up to the whole.

A count is split into the changes of its parts. A rate R = Σ w·r (w: a part's share of the denominator, r: its own rate) is split into behaviour, the rates of
the parts moving, and mix, the shares moving towards parts with higher or lower rates. With means over the two periods both are exact, without a rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import contract, organisation
from queries.catalogue import NO_AREA, NO_PROCEDURE, UNASSIGNED, Catalogue
from queries.change import AGENCY, GROUP, PROCEDURE, comparable_groups, group_name, name_of
from queries.counting import Metric, Rules
from queries.filters import NOT_RECORDED, Filters
from queries.measure import Measure, before, denominator, numerator
from queries.metrics import DISTINCT
from queries.sectors import NO_SECTOR
from queries.sentence import CHANNEL_NAMES, LEVEL_NAMES
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

AREA: Final = "area"
CHANNEL: Final = "channel"
POINTS: Final = 100  # percentage points in a whole
_KINDS: Final = {
    Dim.AGENCY: AGENCY,
    Dim.AREA: AREA,
    Dim.PROCEDURE: PROCEDURE,
    Dim.RECEIVED_CHANNEL: CHANNEL,
    Dim.RETURNED_CHANNEL: CHANNEL,
    Dim.LEVEL: "level",
    Dim.SECTOR: "sector",
}
_HEAD: Final = ["kind", "key", "name", "members"]
_SUMS: Final = ["before", "now"]
_RATIO: Final = ["numerator_before", "denominator_before", "numerator", "denominator"]


@dataclass(frozen=True)
class Split:
    """The change of a metric from the compared to the counted period, one row per part with a figure in either; largest change first, up or down, then by
    key. No rows where nothing is compared or the database does not allow the figure.

    Columns: kind (agency, group: agencies joined because a reorganisation lies between the periods, area, procedure, channel, level, sector), key (code; of a
    group its codes with commas; missing: not recorded), name, members (codes with a figure). Then for a sum before, now and change, whole numbers that
    add up to the totals. For a ratio numerator_before, denominator_before, numerator, denominator, and in percentage points behaviour, mix and change =
    behaviour + mix, which add up to the change of the whole rate; a part of one period only is all mix; missing where the whole has no rate in a period.
    Areas on both sides of a reorganisation are joined under the present one that carries them on.

    Raises ValueError for a metric that is no sum of dated counts, and for months.
    """

    metric: Metric
    by: Dim

    def __post_init__(self) -> None:
        if self.metric in DISTINCT or any(count.dated_by is None for count in self.metric.counts):
            raise ValueError(f"{self.metric.key}: only sums of dated counts have parts that add up to their change")
        if self.by not in _KINDS:
            raise ValueError(f"the parts of a change are not told by {self.by}")

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        columns = _RATIO if self.metric.is_ratio else _SUMS
        parts = pd.DataFrame({"key": pd.Series(dtype="str"), **{name: pd.Series(dtype="Int64") for name in columns}})
        joined: Mapping[str, str] = {}
        if timeframe.compared is not None and timeframe.counted is not None:
            counted = data.ask(Measure((self.metric,), by=(self.by,), compared=True), filters)
            parts = counted[[self.by.value, *_columns(self.metric)]].set_axis(["key", *columns], axis=1)
            joined = _joined(self.by, data.catalogue, timeframe.compared.start, timeframe.counted.end)
        parts = parts[(parts[columns].fillna(0) != 0).any(axis=1)].dropna(subset=columns)
        if _KINDS[self.by] == CHANNEL:
            parts = parts.assign(key=_channels(parts["key"], data.rules))
        rows = _added_up(parts, columns, joined)
        rows = _named(rows, self.by, data.catalogue)
        rows = rate_parts(rows) if self.metric.is_ratio else rows.assign(change=rows["now"] - rows["before"])
        last = ["behaviour", "mix", "change"] if self.metric.is_ratio else ["change"]
        order = rows.assign(size=rows["change"].abs().round(9)).sort_values(["size", "change", "key"], ascending=[False, False, True], ignore_index=True)
        return order[[*_HEAD, *columns, *last]]


def _columns(metric: Metric) -> list[str]:
    """Columns of the measure, in the order of the parts' own."""
    if metric.is_ratio:
        names = [numerator(metric), denominator(metric)]
        return [*(before(name) for name in names), *names]
    return [before(metric.key), metric.key]


def rate_parts(parts: pd.DataFrame) -> pd.DataFrame:
    """Parts with numerator_before, denominator_before, numerator and denominator, with behaviour, mix and change beside them, in percentage points.

    Of a part with share w and rate r (0 before, 1 now; the whole's rate R): behaviour = (r1 − r0) · (w0 + w1)/2, mix = (w1 − w0) · ((r0 + r1)/2 − (R0 + R1)/2).
    The shares' changes add up to 0, so that measuring mix from the whole's rate takes nothing away. A part without a rate in one of the periods
    brings what it adds to the whole, as mix. All missing where the whole has no rate in one of the periods.
    """
    figures = parts[_RATIO].astype("float64")
    above, below = figures["numerator"], figures["denominator"]
    above_before, below_before = figures["numerator_before"], figures["denominator_before"]
    totals = figures.sum()
    if not (totals["denominator"] and totals["denominator_before"]):
        return parts.assign(**{name: pd.Series(pd.NA, index=parts.index, dtype="Float64") for name in ("behaviour", "mix", "change")})
    share, share_before = below / totals["denominator"], below_before / totals["denominator_before"]
    middle = (totals["numerator"] / totals["denominator"] + totals["numerator_before"] / totals["denominator_before"]) / 2
    whole = above / totals["denominator"] - above_before / totals["denominator_before"] - (share - share_before) * middle
    rates = above / below.where(below != 0) - above_before / below_before.where(below_before != 0)
    behaviour = (rates * (share + share_before) / 2).fillna(0.0)
    made = {"behaviour": behaviour, "mix": whole - behaviour, "change": whole}
    return parts.assign(**{name: (series * POINTS).astype("Float64") for name, series in made.items()})


def _joined(by: Dim, catalogue: Catalogue, after: date, until: date) -> dict[str, str]:
    """One key for parts that only together can be compared across the reorganisations between two days, by each of their keys."""
    if by is Dim.AGENCY:
        return {code: members[0] for code, members in comparable_groups(catalogue, after, until).items()}
    if by is not Dim.AREA:
        return {}
    successions = catalogue.successions[catalogue.successions["kind"] == "area"]
    days = pd.to_datetime(successions["effective_on"])
    between = days.isna() | ((days > pd.Timestamp(after)) & (days <= pd.Timestamp(until)))
    return organisation.areas_now(catalogue) if between.any() else {}


def _channels(codes: pd.Series, rules: Rules) -> pd.Series:
    """Channels as they are counted: what is not in the list is not recorded, or the counter's where the rules say so."""
    return codes.where(codes.isin(contract.CHANNELS), "counter" if rules.missing_channel_as_counter else None).astype("str")


def _added_up(parts: pd.DataFrame, columns: list[str], joined: Mapping[str, str]) -> pd.DataFrame:
    """The parts added up to those that can be compared: key (of the group), codes (the members, sorted) and the figures."""
    keys = organisation.renamed(parts["key"], joined)
    groups = parts.assign(group=keys).groupby("group", dropna=False, sort=True)
    rows = groups[columns].sum().reset_index(names="key")
    members: dict[str, set[str]] = {}
    for key, code in zip(keys, parts["key"], strict=True):
        if isinstance(key, str):
            members.setdefault(key, set()).add(code)
    rows["codes"] = [tuple(sorted(members[key])) if isinstance(key, str) else () for key in rows["key"]]
    return rows


def _named(rows: pd.DataFrame, by: Dim, catalogue: Catalogue) -> pd.DataFrame:
    """The rows with kind, key, name and members; a group of agencies is called by all of them."""
    names: dict[Dim, tuple[Mapping[str, str], str]] = {
        Dim.AGENCY: (catalogue.agency_names, UNASSIGNED),
        Dim.AREA: (catalogue.area_names, NO_AREA),
        Dim.PROCEDURE: (catalogue.procedure_names, NO_PROCEDURE),
        Dim.SECTOR: (catalogue.sector_names, NO_SECTOR),
        Dim.LEVEL: (LEVEL_NAMES, UNASSIGNED),
    }
    known, nameless = names.get(by, (CHANNEL_NAMES, CHANNEL_NAMES[NOT_RECORDED]))
    heads_of: list[tuple[str, object, str]] = []
    for key, codes in zip(rows["key"], rows["codes"], strict=True):
        if by is Dim.AGENCY and len(codes) > 1:
            heads_of.append((GROUP, ",".join(codes), group_name(codes, catalogue)))
        else:
            alone = codes[0] if by is Dim.AGENCY and codes else key
            heads_of.append((_KINDS[by], alone, name_of(alone, known, nameless)))
    heads = pd.DataFrame(heads_of, columns=["kind", "key", "name"], index=rows.index).astype("str")
    members = pd.Series([len(codes) for codes in rows["codes"]], index=rows.index, dtype="Int64")
    return rows.drop(columns=["codes", "key"]).join(heads).assign(members=members)
