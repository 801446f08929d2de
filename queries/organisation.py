"""Units before and after a reorganisation: “as organised then”, “as organised now” and “comparable groups”.

A unit with exactly one successor can be added up to it without inventing anything. A unit that was divided among several
(a district among its communes) cannot: it stays itself under the first two views, and nothing is apportioned. In the third it stands in
one group with all whom successions join to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from queries import contract, groups
from queries.catalogue import Catalogue
from queries.filters import Organisation


def carried_on_by(successors: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Today's code by former code, following chains of single successors; a chain that runs in a circle leaves its codes alone."""
    today: dict[str, str] = {}
    for code in successors:
        seen, current = [code], code
        while len(successors.get(current, ())) == 1 and successors[current][0] not in seen:
            current = successors[current][0]
            seen.append(current)
        in_a_circle = len(successors.get(current, ())) == 1
        if current != code and not in_a_circle:
            today[code] = current
    return today


def agencies_now(catalogue: Catalogue) -> dict[str, str]:
    """Today's agency code by former agency code, only where there is exactly one successor and the catalogue has it."""
    known = set(catalogue.agencies["agency_code"])
    return carried_on_by({old: new for old, new in catalogue.successors("agency").items() if known.issuperset(new)})


def areas_now(catalogue: Catalogue) -> dict[str, str]:
    """Today's area key by former area key, only where there is exactly one successor."""
    return carried_on_by(catalogue.area_successors)


def today(catalogue: Catalogue, organisation: Organisation, kind: str) -> dict[str, str]:
    """The re-mapping of agencies or areas that a view asks for; empty for “as organised then”, to the keys of groups for comparable groups."""
    if organisation is Organisation.THEN:
        return {}
    if organisation is Organisation.COMPARABLE:
        return catalogue.group_keys[kind]
    return agencies_now(catalogue) if kind == "agency" else areas_now(catalogue)


def renamed(codes: pd.Series, mapping: Mapping[str, str]) -> pd.Series:
    """The codes after a re-mapping; a code that it does not name stays."""
    if not mapping:
        return codes
    new = codes.map(dict(mapping))
    return codes.where(new.isna(), new).astype("str")


def members(catalogue: Catalogue, codes: Iterable[str], kind: str) -> tuple[str, ...]:
    """The codes, the key of a comparable group replaced by its members, sorted; a group of areas that is an area of today stands for that area."""
    found = catalogue.agency_groups if kind == "agency" else catalogue.area_groups
    keys = {group.key: group.members for group in found if group.key not in group.members}
    return tuple(sorted({member for code in codes for member in keys.get(code, (code,))}))


def asked_agencies(catalogue: Catalogue, codes: Iterable[str], mapping: Mapping[str, str]) -> set[str]:
    """The codes of the rows that named agencies and groups stand for in a view with this re-mapping."""
    return {mapping.get(code, code) for code in members(catalogue, codes, "agency")}


def with_predecessors(codes: Iterable[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The codes and all former codes that are carried on by them, sorted."""
    wanted = {mapping.get(code, code) for code in codes}
    return tuple(sorted(set(codes) | wanted | {old for old, new in mapping.items() if new in wanted}))


def circles(catalogue: Catalogue) -> list[tuple[str, tuple[str, ...]]]:
    """Successions that run in a circle: kind and the codes (of areas the keys) as they follow each other, the first after the last."""
    by_kind = {kind: catalogue.area_successors if kind == "area" else catalogue.successors(kind) for kind in contract.SUCCESSION_KINDS}
    return [(kind, codes) for kind, successors in by_kind.items() for codes in groups.circles(successors)]


def breaks(catalogue: Catalogue) -> list[tuple[date, str]]:
    """Days on which at least two units were carried on by others, with the words for a mark on a time line, in order of time."""
    rows = catalogue.successions.dropna(subset=["effective_on"])
    units: dict[date, set[str]] = {}
    areas: set[date] = set()
    for kind, code, instant in zip(rows["kind"], rows["predecessor_code"], rows["effective_on"], strict=True):
        units.setdefault(instant.date(), set()).add(code)
        if kind == "area":
            areas.add(instant.date())
    return [(day, "Sắp xếp đơn vị hành chính" if day in areas else "Sắp xếp cơ quan") for day, codes in sorted(units.items()) if len(codes) > 1]
