"""Who handles which procedure when: 149 real procedures, the illustrative ones beside them, and the postal list.

Nothing here depends on the seed: choices come from the files of config/province and from digests of codes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, log
from typing import Final

from queries.demo.days import FIRST_DAY
from queries.demo.facts import DEPARTMENTS_MERGED, DISTRICTS_ENDED, Facts, Record, Row

DECISION: Final = "QĐ 407/QĐ-UBND (dữ liệu minh họa)"
LISTED_FROM: Final = date(2017, 5, 5)
DEMAND: Final = {"high": 30.0, "medium": 8.0, "low": 1.2, "none": 24.0}  # none: nothing by post, and much at the counter
USUAL_DAYS: Final = 5  # where the source names no processing time

# agency now: agencies before in turn, number of illustrative procedures, sectors to draw from where it has no real procedure
ILLUSTRATIVE: Final[dict[str, tuple[tuple[str, ...], int, tuple[str, ...]]]] = {
    "SNNMT": (("SNNPTNT", "STNMT"), 236, ()),
    "SXD": (("SGTVT", "SXD-CU"), 176, ()),
    "STC": (("SKHDT", "STC-CU"), 165, ()),
    "SYT": (("SYT",), 160, ()),
    "SNV": (("SLDTBXH", "SNV-CU"), 160, ("LV31",)),
    "SCT": (("SCT",), 142, ()),
    "SVHTTDL": (("SVHTTDL",), 124, ()),
    "STP": (("STP",), 104, ()),
    "SKHCN": (("STTTT", "SKHCN-CU"), 102, ()),
    "SGDDT": (("SGDDT",), 86, ()),
    "CAT": (("CAT",), 42, ()),
    "BQLKKT": (("BQLKKT",), 36, ("LV22", "LV13", "LV33")),
    "SDTTG": (("BDT",), 24, ("LV05",)),
    "BHXH": (("BHXH",), 20, ()),
    "SNGV": (("SNGV",), 16, ("LV05",)),
    "THUE": (("CT-CU",), 14, ("LV35",)),
    "TTT": (("TTT",), 10, ("LV05",)),
    "VPUB": (("VPUB",), 6, ("LV05",)),
    "BCHQS": (("BCHQS",), 4, ("LV04",)),
    "commune": (("commune", "district"), 220, ()),
}


@dataclass(frozen=True)
class Procedure:
    """A procedure with its holders: an agency code, or `commune` and `district` for all agencies of that level; empty is nobody."""

    code: str
    name: str
    sector_code: str
    sector_name: str
    level: str
    now: str
    before: str
    days: int  # working days
    demand: float  # 0 is never asked for
    listed: bool = True


@dataclass(frozen=True)
class Holding:
    """One agency handling one procedure over a span of days; an open end is None."""

    agency_code: str
    procedure: Procedure
    first: date
    last: date | None


def digest(*parts: object) -> float:
    """A number in [0, 1) that hangs on the parts alone."""
    return int.from_bytes(hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=6).digest()) / 2**48


def procedures(facts: Facts) -> list[Procedure]:
    """The real procedures of config/province, then the illustrative ones, numbered from 0001."""
    real = [_real(row) for row in facts.procedures]
    made: list[Procedure] = []
    sectors = {row["sector_code"]: row["sector_name"] for row in facts.procedures}
    for now, (before, count, fallback) in ILLUSTRATIVE.items():
        for turn in range(count):
            origin = before[turn % len(before)]
            drawn = sorted({p.sector_code for p in real if p.before == origin}) or fallback or sorted({p.sector_code for p in real if p.now == now})
            made.append(_illustrative(len(made) + 1, now, origin, drawn[turn % len(drawn)], sectors))
    return real + made


def _real(row: Row) -> Procedure:
    days = int(row["processing_days"] or USUAL_DAYS)
    holders = {"commune": "commune", "district": "district"}
    return Procedure(
        code=row["procedure_code"],
        name=row["procedure_name"],
        sector_code=row["sector_code"],
        sector_name=row["sector_name"],
        level=holders.get(row["agency"], "province"),
        now=row["agency"],
        before="" if row["agency"] == "CAT" != row["agency_before_2025"] else row["agency_before_2025"],  # the police began with codes of its own
        days=days if row["day_unit"] != "day" else ceil(days * 5 / 7),
        demand=DEMAND[row["demo_volume"]],
        listed=row["postal_channel"] == "yes",
    )


def _illustrative(number: int, now: str, before: str, sector: str, sectors: dict[str, str]) -> Procedure:
    chance = digest("demand", number)
    lonely = 2.5 if ILLUSTRATIVE[now][2] and now not in ("SNV", "BCHQS") else 1.0  # an agency without a real procedure still has some work
    return Procedure(
        code=f"MH.{number:04d}",
        name=f"Thủ tục minh họa {number:04d}",
        sector_code=sector,
        sector_name=sectors[sector],
        level="commune" if now == "commune" else "province",
        now=now,
        before=before,
        days=(3, 5, 7, 10, 15, 20)[int(digest("days", number) * 6)],
        demand=0.0 if chance < 0.45 else -0.22 * lonely * log(1 - (chance - 0.45) / 0.55),
    )


def catalogue(known: list[Procedure]) -> list[Record]:
    """Rows of the relation procedures."""
    return [
        {"procedure_code": row.code, "procedure_name": row.name, "sector_code": row.sector_code, "sector_name": row.sector_name, "level": row.level}
        for row in known
    ]


def holdings(facts: Facts, known: list[Procedure]) -> Iterator[Holding]:
    """Who handled each procedure over which days, across both reorganisations; cut to the days an agency existed."""
    for procedure in known:
        same = procedure.before == procedure.now and procedure.now not in ("commune", "district")
        turn = DISTRICTS_ENDED if procedure.now == "commune" else DEPARTMENTS_MERGED
        if procedure.before and not same:
            for agency in _agencies(facts, procedure.before, before=True):
                yield from _cut(facts, Holding(agency, procedure, FIRST_DAY, turn - timedelta(days=1)))
        for agency in _agencies(facts, procedure.now, before=False) if procedure.now else ():
            yield from _cut(facts, Holding(agency, procedure, FIRST_DAY if same else turn, None))


def _agencies(facts: Facts, holder: str, *, before: bool) -> tuple[str, ...]:
    if holder in ("commune", "district"):
        return facts.codes("district" if before else "commune")
    return (holder,)


def _cut(facts: Facts, holding: Holding) -> Iterator[Holding]:
    born, ended = facts.validity(holding.agency_code)
    first = max(holding.first, born or holding.first)
    last = min(filter(None, (holding.last, ended)), default=None)
    if last is None or first <= last:
        yield replace(holding, first=first, last=last)


def postal_list(held: list[Holding]) -> list[Record]:
    """Rows of the relation agency_procedures: one per listed agency × procedure and span; receive and return are listed apart."""
    rows: list[Record] = []
    for holding in held:
        if is_listed(holding):
            receive, back = ways(holding)
            first = max(holding.first, LISTED_FROM)
            rows.append(
                {
                    "agency_code": holding.agency_code,
                    "procedure_code": holding.procedure.code,
                    "postal_receive": receive,
                    "postal_return": back,
                    "decision": DECISION,
                    "valid_from": first,
                    "valid_to": holding.last,
                }
            )
    return rows


def is_listed(holding: Holding) -> bool:
    """Whether the procedure is on the agency's postal list; one in twelve districts and communes left it out."""
    local = holding.procedure.now == "commune"
    return holding.procedure.listed and not (local and digest("listed", holding.agency_code, holding.procedure.code) < 1 / 12)


def ways(holding: Holding) -> tuple[bool, bool]:
    """Whether the list lets the procedure come in by post, and go out by post: at least one of them."""
    chance = digest("ways", holding.procedure.code)
    return chance >= 0.2, chance < 0.9
