"""How the work is shared out: which agency is asked for which procedure how often, in which area, and with what habits.

A dossier draws one of the slots of its era (and, for its area, of its pool); an offer has as many slots as its share of the work.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from queries.demo import stories
from queries.demo.days import ERAS
from queries.demo.facts import DISTRICTS_ENDED, Facts, Record
from queries.demo.offers import Holding, digest, is_listed, ways

OFFER_SLOTS: Final = 65_536
AREA_SLOTS: Final = 1_000
NO_AREA: Final = 0.14  # share of provincial work that belongs to no commune

SHARES: Final = (  # of the work, by level, in each era
    {"province": 0.42, "vertical": 0.10, "district": 0.48, "commune": 0.0},
    {"province": 0.35, "vertical": 0.17, "district": 0.48, "commune": 0.0},
    {"province": 0.35, "vertical": 0.17, "district": 0.0, "commune": 0.48},
    {"province": 0.35, "vertical": 0.17, "district": 0.0, "commune": 0.48},
)
APPETITE: Final = {"CAT": 1.9, "STP": 1.9, "SGTVT": 1.7, "BHXH": 1.5}  # for the post, against the usual
LATE_RATE: Final = 0.028
WINDING_UP: Final = timedelta(days=75)  # an agency that has ended settles what it has within so many days


def offers(facts: Facts, held: list[Holding]) -> pd.DataFrame:
    """One row per era × agency × procedure that is asked for: its weight (an era adds up to 1), its area or pool of areas, and its habits.

    `receive` and `send_back` are multiples of the province's habit of that day: their weighted mean is 1 in every era.
    """
    levels = {row["agency_code"]: row["level"] for row in facts.agencies}
    sizes = _sizes(facts)
    rows = [_offer(holding, era, sizes) for era, first in enumerate(ERAS) for holding in held if _works(holding, first)]
    frame = pd.DataFrame(rows)
    level = frame["agency_code"].map(levels)
    shares = [SHARES[era][name] for era, name in zip(frame["era"], level, strict=True)]
    frame["weight"] *= shares / frame.groupby(["era", level])["weight"].transform("sum")
    for habit in ("receive", "send_back"):
        frame[habit] /= (frame[habit] * frame["weight"]).groupby(frame["era"]).transform("sum")
    return frame.rename_axis("offer_no").reset_index()


def _sizes(facts: Facts) -> dict[str, float]:
    """How much of its level's local work a district or commune gets: by its people, loosely."""
    people = {f"X{row['area_code']}": int(row["population"]) for row in facts.communes}
    people |= {f"H{row['area_code']}": int(row["population_of_new_communes"]) for row in facts.districts}
    return {code: count**0.9 * (0.75 + 0.5 * digest("size", code)) for code, count in people.items()}


def _works(holding: Holding, first: date) -> bool:
    silent = stories.SILENT_FROM.get(holding.agency_code, date.max)
    return holding.procedure.demand > 0 and holding.first <= first < silent and (holding.last is None or holding.last >= first)


def _offer(holding: Holding, era: int, sizes: dict[str, float]) -> Record:
    code, procedure = holding.agency_code, holding.procedure
    listed = is_listed(holding)
    receive, send_back = ways(holding) if listed else (False, False)
    local = code in sizes
    taste = APPETITE.get(code, (0.45 if local else 0.6) + 0.8 * digest("post", code)) * (0.5 + digest("post", procedure.code))
    return {
        "era": era,
        "agency_code": code,
        "procedure_code": procedure.code,
        "weight": procedure.demand * sizes.get(code, 1.0) * (0.6 + 0.8 * digest("weight", code, procedure.code)),
        "pool": _pool(code, ERAS[era]),
        "area_code": code[1:] if code.startswith("X") else None,
        "processing_days": procedure.days,
        "receive": taste * (1.0 if receive else 0.04 if listed else 0.02),
        "send_back": taste * (1.0 if send_back else 0.04 if listed else 0.02),
        "late_rate": stories.LATE_RATES.get(code, LATE_RATE * (0.4 + 1.2 * digest("late", code))),
        "post_until": stories.POST_UNTIL.get(code),
        "not_recorded_from": stories.NOT_RECORDED_FROM.get(code),
        "settled_by": stories.FEED_ENDS.get(code, holding.last + WINDING_UP if holding.last else None),
    }


def _pool(agency_code: str, day: date) -> str | None:
    """Where the areas of an agency's dossiers are drawn from; a commune has its own and draws none."""
    if agency_code.startswith("X"):
        return None
    if agency_code.startswith("H"):
        return agency_code[1:]
    return "before" if day < DISTRICTS_ENDED else "now"


def offer_slots(offered: pd.DataFrame) -> pd.DataFrame:
    """One row per era × slot with the offer that the slot stands for."""
    parts = []
    for era, rows in offered.groupby("era"):
        chosen = _spread(rows["weight"].to_numpy(), OFFER_SLOTS)
        parts.append(pd.DataFrame({"era": era, "slot": range(OFFER_SLOTS), "offer_no": rows["offer_no"].to_numpy()[chosen]}))
    return pd.concat(parts, ignore_index=True)


def area_slots(facts: Facts) -> pd.DataFrame:
    """One row per pool × slot with an area: each former district, the province before July 2025 and now; some provincial work has no area."""
    people = {row["area_code"]: int(row["population"]) for row in facts.communes}
    merged = pd.Series([row["successor_code"] for row in facts.old_communes]).value_counts()
    before = [(row["area_code"], row["district_code"], people[row["successor_code"]] / int(merged[row["successor_code"]])) for row in facts.old_communes]
    parts = [_area_pool(row["area_code"], [(code, size) for code, parent, size in before if parent == row["area_code"]]) for row in facts.districts]
    parts.append(_area_pool("before", [(code, size) for code, _, size in before], none=NO_AREA))
    parts.append(_area_pool("now", people.items(), none=NO_AREA))
    return pd.concat(parts, ignore_index=True)


def _area_pool(pool: str, sized: Iterable[tuple[str, float]], *, none: float = 0.0) -> pd.DataFrame:
    codes, sizes = zip(*sized, strict=True)
    weights = np.append(np.array(sizes) / sum(sizes) * (1 - none), none)
    found = np.array([*codes, None], dtype=object)[_spread(weights, AREA_SLOTS)]
    return pd.DataFrame({"pool": pool, "slot": range(AREA_SLOTS), "area_code": found})


def _spread(weights: np.ndarray, slots: int) -> np.ndarray:
    """For each slot the position of the weight it falls to."""
    ends = np.cumsum(weights) / weights.sum()
    found = np.searchsorted(ends, (np.arange(slots) + 0.5) / slots)
    return np.minimum(found, len(weights) - 1)
