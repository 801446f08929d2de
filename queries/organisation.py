"""Units before and after a reorganisation: “as organised then” and “as organised now”.

A unit with exactly one successor can be added up to it without inventing anything. A unit that was divided among several
(a district among its communes) cannot: it stays itself under both views, and nothing is apportioned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from queries.catalogue import Catalogue, as_days
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
    known = set(catalogue.agency_names)
    return carried_on_by({old: new for old, new in catalogue.successors("agency").items() if known.issuperset(new)})


def areas_now(catalogue: Catalogue) -> dict[str, str]:
    """Today's area key by former area key, only where there is exactly one successor.

    Codes are re-used, so the predecessor of a succession is the meaning of its code that ended nearest to the day, and the successor
    the meaning that began nearest to it.
    """
    areas = catalogue.areas
    ended, begun = _meanings(areas, "valid_to"), _meanings(areas, "valid_from")
    rows = catalogue.successions[catalogue.successions["kind"] == "area"]
    found: dict[str, set[str]] = {}
    for old, new, day in zip(rows["predecessor_code"], rows["successor_code"], as_days(rows["effective_on"]), strict=True):
        former = _nearest([meaning for meaning in ended.get(old, []) if meaning[0] is not None], day)
        heir = _nearest(begun.get(new, []), day)
        if former is not None and heir is not None and former != heir:
            found.setdefault(former, set()).add(heir)
    return carried_on_by({old: tuple(sorted(new)) for old, new in found.items()})


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


def today(catalogue: Catalogue, organisation: Organisation, kind: str) -> dict[str, str]:
    """The re-mapping of agencies or areas that a view asks for; empty for “as organised then”."""
    if organisation is Organisation.THEN:
        return {}
    return agencies_now(catalogue) if kind == "agency" else areas_now(catalogue)


def renamed(codes: pd.Series, mapping: Mapping[str, str]) -> pd.Series:
    """The codes after a re-mapping; a code that it does not name stays."""
    if not mapping:
        return codes
    new = codes.map(dict(mapping))
    return codes.where(new.isna(), new).astype("str")


def with_predecessors(codes: Iterable[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The codes and all former codes that are carried on by them, sorted."""
    wanted = {mapping.get(code, code) for code in codes}
    return tuple(sorted(set(codes) | wanted | {old for old, new in mapping.items() if new in wanted}))


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
