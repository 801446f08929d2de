"""Who follows whom: every unit that was carried on by others, and whether its history can be added up to one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from queries import organisation
from queries.catalogue import Catalogue, as_days
from queries.filters import Filters

if TYPE_CHECKING:
    from queries.data import Data

_TEXTS = ("kind", "predecessor_code", "predecessor_name", "successor_codes", "successor_names", "code_now_of")


@dataclass(frozen=True)
class Successions:
    """One row per unit that was carried on by others: kind (agency, area, procedure), predecessor_code, predecessor_name, effective_on (missing: not
    told), successor_codes and successor_names (with semicolons), successors (how many), is_added_up (its history is added up to its one successor in
    the view of today), code_now_of (the area that has its code today, when that is another one; missing otherwise).

    By kind, day and name. The same for all filters; no rows without the relation.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:  # noqa: ARG002 - a question has this shape; history does not depend on filters
        """The frame."""
        frame = pd.DataFrame(list(_rows(data.catalogue)), columns=[*_TEXTS[:3], "effective_on", *_TEXTS[3:5], "successors", "is_added_up", _TEXTS[5]])
        kinds = {"effective_on": "datetime64[us]", "successors": "Int64", "is_added_up": "boolean"}
        frame = frame.astype({**dict.fromkeys(_TEXTS, "str"), **kinds})
        return frame.sort_values(["kind", "effective_on", "predecessor_name", "predecessor_code"], ignore_index=True)


@dataclass(frozen=True)
class _Meaning:
    """What an area code stands for during some days."""

    name: str
    key: str
    first: date | None
    last: date | None

    def ended_before(self, day: date | None) -> bool:
        """Whether it had ended on the day of a change; without a day: whether it has ended."""
        return self.last is not None and (day is None or self.last < day)

    def holds_on(self, day: date | None) -> bool:
        """Whether it holds on the day of a change; without a day: whether it still lives."""
        return self.last is None if day is None else (self.first is None or self.first <= day) and (self.last is None or self.last >= day)


def _rows(catalogue: Catalogue) -> Iterator[tuple[object, ...]]:
    agencies, areas, meanings = organisation.agencies_now(catalogue), organisation.areas_now(catalogue), _meanings(catalogue)
    names = {"agency": catalogue.agency_names, "procedure": catalogue.procedure_names}
    for (kind, old), (day, codes) in sorted(_changes(catalogue).items()):
        if kind == "area":
            new = sorted(codes)
            former = next((meaning for meaning in meanings.get(old, []) if meaning.ended_before(day)), _Meaning(old, old, None, None))
            heirs = [next((meaning.name for meaning in meanings.get(code, []) if meaning.holds_on(day)), code) for code in new]
            other = next((meaning.name for meaning in meanings.get(old, []) if meaning.holds_on(day) and meaning.name != former.name), None)
            yield kind, old, former.name, day, "; ".join(new), "; ".join(heirs), len(new), former.key in areas, other
        else:
            new, known = sorted(codes - {old}), names.get(kind, {})
            heirs = [known.get(code, code) for code in new]
            yield kind, old, known.get(old, old), day, "; ".join(new), "; ".join(heirs), len(new), kind == "agency" and old in agencies, None


def _changes(catalogue: Catalogue) -> dict[tuple[str, str], tuple[date | None, set[str]]]:
    """First day and successor codes by kind and predecessor code."""
    rows = catalogue.successions
    found: dict[tuple[str, str], tuple[date | None, set[str]]] = {}
    for kind, old, new, day in zip(rows["kind"], rows["predecessor_code"], rows["successor_code"], as_days(rows["effective_on"]), strict=True):
        first, codes = found.get((kind, old), (None, set()))
        days = [known for known in (first, day) if known is not None]
        found[kind, old] = (min(days, default=None), codes | {new})
    return found


def _meanings(catalogue: Catalogue) -> dict[str, list[_Meaning]]:
    """All meanings of each area code."""
    rows = catalogue.areas
    found: dict[str, list[_Meaning]] = {}
    columns = (rows["area_code"], rows["area_name"], rows["area_key"], as_days(rows["valid_from"]), as_days(rows["valid_to"]))
    for code, name, key, first, last in zip(*columns, strict=True):
        found.setdefault(code, []).append(_Meaning(name if isinstance(name, str) else code, key, first, last))
    return found
