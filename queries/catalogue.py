"""Who and what exists: agencies, areas, procedures, the postal list, who follows whom, and which days the feeds cover.

Loaded once per data version and never changed. Areas are keyed by code and time, because statistical codes are re-used: the key of an
area that has ended carries the year it ended in (03487@2025), the key of one that lives is its code. A code of the catalogue on a day on
which it means no area is nobody's: 03487@?. A comparable group (`queries.groups`) has a key, a name and a level like a unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final, NamedTuple

import pandas as pd
import sqlalchemy as sa

from queries import contract
from queries.frames import frame_of_rows, kinds_of
from queries.groups import Group, Unit, groups
from queries.period import LAST_YEAR, Period
from queries.source import Source

UNASSIGNED: Final = "chưa gán đơn vị"
NO_AREA: Final = "không ghi nhận địa bàn"
NO_PROCEDURE: Final = "không ghi nhận thủ tục"
NO_MEANING: Final = "@?"  # follows a code on a day on which it means no area


class AreaSpan(NamedTuple):
    """One meaning of the code of an area, from its first to its last day; without them from the beginning, or without an end."""

    code: str
    first: date
    last: date
    key: str
    level: str
    parent_code: str


@dataclass(frozen=True)
class Catalogue:
    """The lists of one data version.

    agencies: one row per agency (agency_code, agency_name, short_name, level, parent_code, area_code, valid_from, valid_to).
    areas: one row per area and validity, with `area_key`. procedures: one row per procedure. listings: one row per listed agency × procedure
    and validity. successions: one row per predecessor and successor. coverage: one row per covered span. Optional relations that are absent are empty.
    """

    agencies: pd.DataFrame
    areas: pd.DataFrame
    procedures: pd.DataFrame
    listings: pd.DataFrame
    successions: pd.DataFrame
    coverage: pd.DataFrame
    present: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def agency_names(self) -> dict[str, str]:
        """Full name by agency code and by key of a comparable group."""
        own = dict(zip(self.agencies["agency_code"], self.agencies["agency_name"], strict=True))
        return own | {group.key: group.name for group in self.agency_groups}

    @cached_property
    def agency_short_names(self) -> dict[str, str]:
        """Short name by agency code and by key of a comparable group, the full name where there is none."""
        return dict(zip(self.agencies["agency_code"], self._short_names, strict=True)) | {group.key: group.short_name for group in self.agency_groups}

    @cached_property
    def agency_levels(self) -> dict[str, str]:
        """Level by agency code and by key of a comparable group."""
        return dict(zip(self.agencies["agency_code"], self.agencies["level"], strict=True)) | {group.key: group.level for group in self.agency_groups}

    @property
    def _short_names(self) -> pd.Series:
        return self.agencies["short_name"].where(self.agencies["short_name"].notna(), self.agencies["agency_name"])

    @cached_property
    def agency_groups(self) -> tuple[Group, ...]:
        """The comparable groups of agencies. A successor that the catalogue does not have joins nobody."""
        columns = (self.agencies["agency_code"], self.agencies["agency_name"], self._short_names, self.agencies["level"], self.agencies["valid_to"].isna())
        units = [Unit(code, name, short, _text(level), bool(lives)) for code, name, short, level, lives in zip(*columns, strict=True)]
        known = {unit.code for unit in units}
        joined = {old: tuple(code for code in heirs if code in known) for old, heirs in self.successors("agency").items()}
        return groups(units, joined, "đơn vị")

    @cached_property
    def area_groups(self) -> tuple[Group, ...]:
        """The comparable groups of areas, by area key; one that only adds up to one area of today is that area, by its own key and name.

        An area that is divided among areas of another level (a district among communes) joins nobody: it held them, and holding is no succession.
        """
        names, heirs = self._area_names, self.area_successors
        columns = (self.areas["area_key"], self.areas["level"], self.areas["valid_to"].isna())
        units = [Unit(key, names[key], names[key], _text(level), bool(lives)) for key, level, lives in zip(*columns, strict=True)]
        levels = {unit.code: unit.level for unit in units}
        joined = {old: new if len(new) == 1 else tuple(key for key in new if levels[key] == levels[old]) for old, new in heirs.items()}
        found = groups(units, joined, "địa bàn", taken=self.areas["area_code"])
        return tuple(_as_area_of_today(group, heirs, names) for group in found)

    @cached_property
    def group_keys(self) -> dict[str, dict[str, str]]:
        """By kind (agency, area): key of the comparable group by code of a member, where it is another."""
        of_kind = {"agency": self.agency_groups, "area": self.area_groups}
        return {kind: {code: group.key for group in found for code in group.members if code != group.key} for kind, found in of_kind.items()}

    @cached_property
    def procedure_names(self) -> dict[str, str]:
        """Name by procedure code, where there is one."""
        named = self.procedures.dropna(subset=["procedure_name"])
        return dict(zip(named["procedure_code"], named["procedure_name"], strict=True))

    @cached_property
    def procedure_sectors(self) -> dict[str, str]:
        """Sector code by procedure code, where there is one."""
        known = self.procedures.dropna(subset=["sector_code"])
        return dict(zip(known["procedure_code"], known["sector_code"], strict=True))

    @cached_property
    def sector_names(self) -> dict[str, str]:
        """Name by sector code."""
        known = self.procedures.dropna(subset=["sector_code"]).drop_duplicates("sector_code")
        return {code: name if isinstance(name, str) else code for code, name in zip(known["sector_code"], known["sector_name"], strict=True)}

    @cached_property
    def area_names(self) -> dict[str, str]:
        """Name by area key and by key of a comparable group."""
        return self._area_names | {group.key: group.name for group in self.area_groups}

    @cached_property
    def _area_names(self) -> dict[str, str]:
        return {key: name if isinstance(name, str) else key for key, name in zip(self.areas["area_key"], self.areas["area_name"], strict=True)}

    @cached_property
    def era_starts(self) -> tuple[date, ...]:
        """The days on which some area begins or some area has ended, after the first: between two of them every code has one meaning."""
        begins = {span.first for span in self.area_spans}
        ends = {span.last + timedelta(days=1) for span in self.area_spans if span.last != date.max}
        return tuple(sorted((begins | ends) - {min(begins, default=date.min), date.min}))

    @cached_property
    def area_keys(self) -> dict[tuple[str, int], str]:
        """Area key by (area_code, number of the era), eras counted from 0 along `era_starts`; the first era has no beginning."""
        starts = [min((span.first for span in self.area_spans), default=date.min), *self.era_starts]
        keys: dict[tuple[str, int], str] = {}
        for span in self.area_spans:
            for era, start in enumerate(starts):
                if span.first <= start <= span.last:
                    keys.setdefault((span.code, era), span.key)
        return keys

    @cached_property
    def area_codes(self) -> frozenset[str]:
        """Every code that means an area on some day."""
        return frozenset(span.code for span in self.area_spans)

    @cached_property
    def area_spans(self) -> tuple[AreaSpan, ...]:
        """Every area, in the order of `areas`."""
        areas = self.areas
        firsts = [date.min if day is None else day for day in as_days(areas["valid_from"])]
        lasts = [date.max if day is None else day for day in as_days(areas["valid_to"])]
        levels, parents = map(_text, areas["level"]), map(_text, areas["parent_code"])
        return tuple(map(AreaSpan._make, zip(areas["area_code"], firsts, lasts, areas["area_key"], levels, parents, strict=True)))

    @cached_property
    def area_parents(self) -> dict[str, str]:
        """Key of the district by key of the commune: the district of that code that existed at the same time."""
        districts: dict[str, list[AreaSpan]] = {}
        for span in self.area_spans:
            if span.level == "district":
                districts.setdefault(span.code, []).append(span)
        pairs = ((span, over) for span in self.area_spans if span.level == "commune" for over in districts.get(span.parent_code, ()))
        return {span.key: over.key for span, over in pairs if max(span.first, over.first) <= min(span.last, over.last)}

    def area_key(self, code: str, era: int) -> str:
        """The key of a code in an era; the code itself where the catalogue does not have it."""
        key = self.area_keys.get((code, era))
        return key if key is not None else code + NO_MEANING if code in self.area_codes else code

    def successors(self, kind: str) -> dict[str, tuple[str, ...]]:
        """Successor codes by predecessor code, of one kind."""
        rows = self.successions[self.successions["kind"] == kind]
        found: dict[str, list[str]] = {}
        for old, new in zip(rows["predecessor_code"], rows["successor_code"], strict=True):
            if new not in found.setdefault(old, []) and new != old:
                found[old].append(new)
        return {old: tuple(sorted(new)) for old, new in found.items() if new}

    @cached_property
    def area_successors(self) -> dict[str, tuple[str, ...]]:
        """Successor keys by predecessor key of areas.

        Codes are re-used, so the predecessor of a succession is the meaning of its code that ended nearest to the day, and the successor the meaning
        that began nearest to it.
        """
        ended, begun = _meanings(self.areas, "valid_to"), _meanings(self.areas, "valid_from")
        rows = self.successions[self.successions["kind"] == "area"]
        found: dict[str, set[str]] = {}
        for old, new, day in zip(rows["predecessor_code"], rows["successor_code"], as_days(rows["effective_on"]), strict=True):
            former = _nearest([meaning for meaning in ended.get(old, []) if meaning[0] is not None], day)
            heir = _nearest(begun.get(new, []), day)
            if former is not None and heir is not None and former != heir:
                found.setdefault(former, set()).add(heir)
        return {old: tuple(sorted(new)) for old, new in found.items()}


def _text(value: object) -> str:
    """A cell as text; empty where it is missing."""
    return value if isinstance(value, str) else ""


def _as_area_of_today(group: Group, heirs: Mapping[str, tuple[str, ...]], names: Mapping[str, str]) -> Group:
    """The group under the key and the name of its one area of today when every other member is carried on by one area alone; else itself."""
    if len(group.living) != 1 or any(len(heirs.get(key, ())) != (0 if key in group.living else 1) for key in group.members):
        return group
    key = group.living[0]
    return replace(group, key=key, name=names[key], short_name=names[key])


def _meanings(areas: pd.DataFrame, column: str) -> dict[str, list[tuple[date | None, str]]]:
    """The day in a column and the key of every meaning of a code, in order of time."""
    found: dict[str, list[tuple[date | None, str]]] = {}
    for code, day, key in zip(areas["area_code"], as_days(areas[column]), areas["area_key"], strict=True):
        found.setdefault(code, []).append((day, key))
    return found


def _nearest(meanings: list[tuple[date | None, str]], day: date | None) -> str | None:
    """The key whose day lies nearest; the latest one where no day is asked, and any day before none."""
    if not meanings:
        return None
    wanted = day or date.max
    return min(reversed(meanings), key=lambda meaning: abs(((meaning[0] or date.min) - wanted).days))[1]


def as_days(instants: pd.Series) -> list[date | None]:
    """The days of a column of dates; None where one is missing."""
    return [None if pd.isna(value) else value.date() for value in instants]


def alive(rows: pd.DataFrame, period: Period) -> pd.Series:
    """Which rows with valid_from and valid_to share at least one day with the period; a missing end is open."""
    begins = rows["valid_from"].isna() | (rows["valid_from"] <= pd.Timestamp(period.end))
    ends = rows["valid_to"].isna() | (rows["valid_to"] >= pd.Timestamp(period.start))
    return begins & ends


def _select(source: Source, table: sa.Table) -> pd.DataFrame:
    """All rows of a catalogue relation; no rows where the relation is absent."""
    if not source.has(table.name):
        return frame_of_rows((), kinds_of(sa.select(table)))
    relation = source.relation(table.name)
    frame = source.frame(sa.select(*(relation.c[column.name] for column in table.columns)))
    for name in frame.columns.intersection(["valid_to", "covered_to"]):
        frame[name] = frame[name].where(frame[name] < pd.Timestamp(date(LAST_YEAR + 1, 1, 1)))  # an end in 9999 means open
    return frame


def _with_keys(areas: pd.DataFrame) -> pd.DataFrame:
    """The areas by code and time, each with its key: the code, the year of its end, and its last day where two end in one year."""
    ended = areas["valid_to"].notna()
    keys = areas["area_code"].where(~ended, areas["area_code"] + "@" + areas["valid_to"].dt.strftime("%Y"))
    twice = ended & keys.duplicated(keep=False)
    keys = keys.where(~twice, areas["area_code"] + "@" + areas["valid_to"].dt.strftime("%Y-%m-%d"))
    return areas.assign(area_key=keys.astype("str")).sort_values(["area_code", "valid_from"], ignore_index=True)


def load_catalogue(source: Source) -> Catalogue:
    """Read the lists of a source; six small statements.

    Raises the errors of `Source.frame`.
    """
    return Catalogue(
        agencies=_select(source, contract.AGENCIES).sort_values("agency_code", ignore_index=True),
        areas=_with_keys(_select(source, contract.AREAS)),
        procedures=_select(source, contract.PROCEDURES).drop_duplicates("procedure_code").sort_values("procedure_code", ignore_index=True),
        listings=_select(source, contract.AGENCY_PROCEDURES),
        successions=_select(source, contract.SUCCESSIONS),
        coverage=_select(source, contract.COVERAGE),
        present=frozenset(table.name for table in contract.RELATIONS if source.has(table.name)),
    )
