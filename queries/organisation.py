"""Units before and after a reorganisation: “as organised then” and “as organised now”.

A unit with exactly one successor can be added up to it without inventing anything. A unit that was divided among several
(a district among its communes) cannot: it stays itself under both views, and nothing is apportioned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

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
    """Today's agency code by former agency code, only where there is exactly one successor."""
    return carried_on_by(catalogue.successors("agency"))


def areas_now(catalogue: Catalogue) -> dict[str, str]:
    """Today's area key by former area key, only where there is exactly one successor.

    Codes are re-used, so the predecessor of a succession is the ended area of that code and the successor the living one.
    """
    ended = catalogue.areas[catalogue.areas["valid_to"].notna()]
    living = set(catalogue.areas.loc[catalogue.areas["valid_to"].isna(), "area_key"])
    keys = dict(zip(ended["area_code"], ended["area_key"], strict=True))
    rows = catalogue.successions[catalogue.successions["kind"] == "area"]
    found: dict[str, set[str]] = {}
    for old, new in zip(rows["predecessor_code"], rows["successor_code"], strict=True):
        if old in keys and new in living:
            found.setdefault(keys[old], set()).add(new)
    return carried_on_by({old: tuple(sorted(new)) for old, new in found.items()})


def today(catalogue: Catalogue, organisation: Organisation, kind: str) -> dict[str, str]:
    """The re-mapping of agencies or areas that a view asks for; empty for “as organised then”."""
    if organisation is Organisation.THEN:
        return {}
    return agencies_now(catalogue) if kind == "agency" else areas_now(catalogue)


def with_predecessors(codes: Iterable[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """The codes and all former codes that are carried on by them, sorted."""
    wanted = {mapping.get(code, code) for code in codes}
    return tuple(sorted(set(codes) | wanted | {old for old, new in mapping.items() if new in wanted}))


def breaks(catalogue: Catalogue) -> list[tuple[date, str]]:
    """Days on which at least two units were carried on by others, with the words for a mark on a time line, in order of time."""
    rows = catalogue.successions.dropna(subset=["effective_on"])
    counted = rows.groupby("effective_on")["predecessor_code"].nunique()
    words = {kind: set(rows.loc[rows["kind"] == kind, "effective_on"]) for kind in ("agency", "area")}
    return [
        (day.date(), "Sắp xếp đơn vị hành chính" if day in words["area"] else "Sắp xếp cơ quan")
        for day, number in sorted(counted.items())
        if number >= 2
    ]
