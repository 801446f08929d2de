"""Comparable groups: the units that successions join, before and after, and the circles in which successions run.

A group is a connected component: whoever is joined by a succession, in whatever direction and over however many steps, stands in one
group. What happened in a group before and after a reorganisation speaks of the same units, also where they were divided and mixed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MARK: Final = "nhom:"  # begins the key of a group
MIXED_LEVEL: Final = "other"
Successors = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Unit:
    """An agency or an area as its catalogue has it; `level` is empty where there is none."""

    code: str
    name: str
    short_name: str
    level: str
    is_living: bool


@dataclass(frozen=True)
class Group:
    """A comparable group: `key` stands where a code stands; `members` are the codes of its units, sorted, `living` those without a last day."""

    key: str
    name: str
    short_name: str
    level: str
    members: tuple[str, ...]
    living: tuple[str, ...]


def components(successors: Successors) -> list[tuple[str, ...]]:
    """The codes that successions join, directly or over others: sorted within each, at least two, in order of the first."""
    whole: dict[str, set[str]] = {}
    for old, heirs in successors.items():
        for new in heirs:
            smaller, larger = sorted((whole.setdefault(old, {old}), whole.setdefault(new, {new})), key=len)
            if smaller is not larger:
                larger |= smaller
                whole.update(dict.fromkeys(smaller, larger))
    found = {min(codes): tuple(sorted(codes)) for codes in whole.values() if len(codes) > 1}
    return [codes for _, codes in sorted(found.items())]


def circles(successors: Successors) -> list[tuple[str, ...]]:
    """Codes that follow themselves over others, those of one circle together: each circle as it runs from its smallest code, in order of that."""
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for start in sorted(successors):
        way = _way_back(start, successors) if start not in seen else None
        if way is not None:
            found.append(way)
            seen.update(way)
    return found


def _way_back(start: str, successors: Successors) -> tuple[str, ...] | None:
    """The shortest way from a code over its successors back to it; None where there is none or only the code itself."""
    came_from: dict[str, str] = {}
    ends = [start]
    while ends:
        further: list[str] = []
        for code in ends:
            for heir in successors.get(code, ()):
                if heir == start and code != start:
                    way = [code]
                    while way[-1] != start:
                        way.append(came_from[way[-1]])
                    return tuple(reversed(way))
                if heir != start and heir not in came_from:
                    came_from[heir] = code
                    further.append(heir)
        ends = further
    return None


def mark(codes: Iterable[str]) -> str:
    """What begins the keys of groups, chosen so that no code begins with it."""
    found, known = MARK, tuple(codes)
    while any(code.startswith(found) for code in known):
        found = "nhom-" + found
    return found


def groups(units: Sequence[Unit], successors: Successors, noun: str, taken: Collection[str] = ()) -> tuple[Group, ...]:
    """The comparable groups of a catalogue, in order of their first member. `noun` is what the members are called; `taken` codes are no keys."""
    known = {unit.code: unit for unit in units}
    begins = mark([*known, *successors, *taken])
    joined = ([known[code] for code in codes if code in known] for codes in components(successors))
    return tuple(_group(begins, codes, members, noun) for codes, members in zip(components(successors), joined, strict=True) if members)


def _group(begins: str, codes: tuple[str, ...], members: Sequence[Unit], noun: str) -> Group:
    living = [unit for unit in members if unit.is_living]
    head = (living or members)[0]
    levels = {unit.level for unit in living or members}
    return Group(
        key=begins + head.code,
        name=f"Nhóm: {head.name} (gồm {len(codes)} {noun} trước và sau sắp xếp)",
        short_name=f"Nhóm {head.short_name} ({len(codes)} {noun})",
        level=head.level if len(levels) == 1 else MIXED_LEVEL,
        members=codes,
        living=tuple(unit.code for unit in living),
    )
