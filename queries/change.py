"""What drove the change of results returned by post between two periods, in groups of units that can really be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from queries.catalogue import NO_PROCEDURE, UNASSIGNED, Catalogue
from queries.filters import Filters
from queries.measure import Measure, before
from queries.metrics import RETURNED_BY_POST
from queries.statement import Dim
from queries.volumes import VOLUMES

if TYPE_CHECKING:
    from queries.data import Data

AGENCY: Final = "agency"
GROUP: Final = "group"
PROCEDURE: Final = "procedure"
_COLUMNS: Final = ["kind", "key", "name", "members", "before", "now", "change"]
_NAMED: Final = 3


def comparable_groups(catalogue: Catalogue, after: date, until: date) -> dict[str, tuple[str, ...]]:
    """The smallest groups of agencies that are closed across the reorganisations after one day and until another, by each member's code.

    An agency that no reorganisation of that time touches has no entry. A succession without a day counts: grouping hides, it never invents.
    """
    rows = catalogue.successions[catalogue.successions["kind"] == "agency"]
    days = pd.to_datetime(rows["effective_on"])
    rows = rows[days.isna() | ((days > pd.Timestamp(after)) & (days <= pd.Timestamp(until)))]
    members: dict[str, set[str]] = {}
    for old, new in zip(rows["predecessor_code"], rows["successor_code"], strict=True):
        joined = members.get(old, {old}) | members.get(new, {new})
        for code in joined:
            members[code] = joined
    return {code: tuple(sorted(group)) for code, group in members.items() if len(group) > 1}


@dataclass(frozen=True)
class Drivers:
    """What drove the change of results returned by post: one row per comparable group of agencies; per procedure when exactly one agency is asked.

    Columns: kind (agency, group: agencies joined because a reorganisation lies between the periods, procedure), key (code; of a group its codes
    with commas; missing: not recorded), name, members (agencies with a figure), before, now, change. Rows without a figure in either period are
    left out; greatest change first, then by key. The rows add up to the totals of both periods. No rows when nothing is compared.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        if timeframe.compared is None or timeframe.counted is None:
            return _frame([])
        dim = Dim.PROCEDURE if len(filters.agencies) == 1 else Dim.AGENCY
        counted = data.ask(Measure(VOLUMES, by=(dim,), compared=True), filters)
        figures = counted[[dim.value, before(RETURNED_BY_POST.key), RETURNED_BY_POST.key]].set_axis(["key", "before", "now"], axis=1)
        figures = figures[(figures["before"] > 0) | (figures["now"] > 0)]
        if dim is Dim.PROCEDURE:
            names = data.catalogue.procedure_names
            return _frame([(PROCEDURE, key, name_of(key, names, NO_PROCEDURE), 0, first, now) for key, first, now in figures.itertuples(index=False)])
        groups = comparable_groups(data.catalogue, timeframe.compared.start, timeframe.counted.end)
        return _frame(list(_grouped(figures, groups, data.catalogue)))


def _frame(rows: Sequence[tuple[str, object, str, int, int, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=_COLUMNS[:-1])
    whole = dict.fromkeys(["members", "before", "now"], "Int64")
    frame = frame.astype({"kind": "str", "key": "str", "name": "str", **whole})
    frame["change"] = frame["now"] - frame["before"]
    return frame.sort_values(["change", "key"], ascending=[False, True], ignore_index=True)


def _grouped(figures: pd.DataFrame, groups: Mapping[str, tuple[str, ...]], catalogue: Catalogue) -> list[tuple[str, object, str, int, int, int]]:
    """Rows of agencies added up to their groups; nothing is apportioned."""
    key = figures["key"].map(lambda code: groups.get(code, (code,))[0] if isinstance(code, str) else code)
    rows: list[tuple[str, object, str, int, int, int]] = []
    for _, part in figures.groupby(key, dropna=False):
        codes = sorted(part["key"].dropna())
        kind = GROUP if len(codes) > 1 else AGENCY
        joined = ",".join(codes) if codes else pd.NA
        name = group_name(codes, catalogue) if kind == GROUP else name_of(codes[0] if codes else pd.NA, catalogue.agency_names, UNASSIGNED)
        rows.append((kind, joined, name, len(codes), int(part["before"].sum()), int(part["now"].sum())))
    return rows


def group_name(codes: Sequence[str], catalogue: Catalogue) -> str:
    """The one agency that carries all others on; otherwise those that ended and how many carry them on."""
    successors = catalogue.successors("agency")
    ended = [code for code in codes if code in successors]
    carrying = [code for code in codes if code not in successors]
    if len(carrying) == 1:
        return name_of(carrying[0], catalogue.agency_names, UNASSIGNED)
    named = [name_of(code, catalogue.agency_names, UNASSIGNED) for code in (ended or carrying)]
    more = len(named) - _NAMED
    words = ", ".join(named[:_NAMED]) + (f" và {more} đơn vị khác" if more > 0 else "")
    return f"{words} và {len(carrying)} đơn vị kế thừa" if ended and carrying else words


def name_of(code: Any, names: Mapping[str, str], nameless: str) -> str:  # noqa: ANN401 - a cell of a frame, maybe missing
    """The name of a code; words for a missing one and for one that no list has."""
    return nameless if pd.isna(code) else names.get(str(code), f"{code} (ngoài danh mục)")
