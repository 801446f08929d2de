"""Who and what exists: agencies, areas, procedures, the postal list, who follows whom, and which days the feeds cover.

Loaded once per data version and never changed. Areas are keyed by code and time, because statistical codes are re-used: the key of an
area that has ended carries the year it ended in (03487@2025), the key of one that lives is its code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import pandas as pd
import sqlalchemy as sa

from queries import contract
from queries.source import Source

UNASSIGNED: Final = "chưa gán đơn vị"
NO_AREA: Final = "không ghi nhận địa bàn"
NO_PROCEDURE: Final = "không ghi nhận thủ tục"


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
        """Full name by agency code."""
        return dict(zip(self.agencies["agency_code"], self.agencies["agency_name"], strict=True))

    @cached_property
    def agency_short_names(self) -> dict[str, str]:
        """Short name by agency code, the full name where there is none."""
        short = self.agencies["short_name"].where(self.agencies["short_name"].notna(), self.agencies["agency_name"])
        return dict(zip(self.agencies["agency_code"], short, strict=True))

    @cached_property
    def agency_levels(self) -> dict[str, str]:
        """Level by agency code."""
        return dict(zip(self.agencies["agency_code"], self.agencies["level"], strict=True))

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
        """Name by area key."""
        return {key: name if isinstance(name, str) else key for key, name in zip(self.areas["area_key"], self.areas["area_name"], strict=True)}

    @cached_property
    def era_starts(self) -> tuple[date, ...]:
        """The days on which some area begins or some area has ended, after the first: between two of them every code has one meaning."""
        begins = {_day(value) for value in self.areas["valid_from"].dropna()}
        ends = {_day(value) + timedelta(days=1) for value in self.areas["valid_to"].dropna()}
        days = sorted(begins | ends)
        first = min(begins) if begins and self.areas["valid_from"].notna().all() else None
        return tuple(day for day in days if day != first)

    @cached_property
    def area_keys(self) -> dict[tuple[str, int], str]:
        """Area key by (area_code, number of the era), eras counted from 0 along `era_starts`."""
        starts = [date.min, *self.era_starts]
        keys: dict[tuple[str, int], str] = {}
        for row in self.areas.itertuples():
            begin = _day(row.valid_from) if pd.notna(row.valid_from) else date.min
            end = _day(row.valid_to) if pd.notna(row.valid_to) else date.max
            for era, start in enumerate(starts):
                first_of_all = era == 0 and begin not in self.era_starts
                if (begin <= start or first_of_all) and end >= start:
                    keys.setdefault((str(row.area_code), era), str(row.area_key))
        return keys

    def successors(self, kind: str) -> dict[str, tuple[str, ...]]:
        """Successor codes by predecessor code, of one kind."""
        rows = self.successions[self.successions["kind"] == kind]
        found: dict[str, list[str]] = {}
        for old, new in zip(rows["predecessor_code"], rows["successor_code"], strict=True):
            if new not in found.setdefault(old, []) and new != old:
                found[old].append(new)
        return {old: tuple(sorted(new)) for old, new in found.items() if new}


def _day(value: object) -> date:
    return pd.Timestamp(str(value)).date()


def _select(source: Source, table: sa.Table) -> pd.DataFrame:
    """All rows of a catalogue relation; no rows where the relation is absent."""
    if not source.has(table.name):
        return pd.DataFrame({column.name: pd.Series(dtype="str") for column in table.columns})
    relation = source.relation(table.name)
    return source.frame(sa.select(*(relation.c[column.name] for column in table.columns)))


def _area_key(code: object, valid_to: object) -> str:
    return str(code) if pd.isna(valid_to) else f"{code}@{_day(valid_to).year}"


def load_catalogue(source: Source) -> Catalogue:
    """Read the lists of a source; six small statements.

    Raises the errors of `Source.frame`.
    """
    areas = _select(source, contract.AREAS)
    areas["area_key"] = [_area_key(code, end) for code, end in zip(areas["area_code"], areas["valid_to"], strict=True)]
    return Catalogue(
        agencies=_select(source, contract.AGENCIES).sort_values("agency_code", ignore_index=True),
        areas=areas.sort_values(["area_code", "valid_from"], ignore_index=True),
        procedures=_select(source, contract.PROCEDURES).drop_duplicates("procedure_code").sort_values("procedure_code", ignore_index=True),
        listings=_select(source, contract.AGENCY_PROCEDURES),
        successions=_select(source, contract.SUCCESSIONS),
        coverage=_select(source, contract.COVERAGE),
        present=frozenset(table.name for table in contract.RELATIONS if source.has(table.name)),
    )
