"""The stories told in the demo province: who never returns by post, who stopped, whose channel is not recorded, who has no feed.

They hang on agency codes and fixed days, so that no seed moves them; docs/decisions/0003-demo-province.md tells them in words.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from queries.demo.days import FIRST_DAY
from queries.demo.facts import DISTRICTS_ENDED, PROVINCE, Facts, Record

NEVER: Final = date.min
NEVER_BY_POST: Final = ("TTT", "BQLKKT", "BDT", "SDTTG", "X03439", "X03451", "X03463", "X03538", "X03640")
STOPPED_AFTER: Final = {"SVHTTDL": date(2025, 11, 28), "X03472": date(2025, 12, 31), "X03508": date(2026, 3, 31), "SGDDT": date(2026, 5, 29)}
POST_UNTIL: Final = dict.fromkeys(NEVER_BY_POST, NEVER) | STOPPED_AFTER
"""Last day on which an agency returned by post."""
NOT_RECORDED_FROM: Final = {"X03460": DISTRICTS_ENDED, "X03532": DISTRICTS_ENDED, "BHXH": date(2025, 10, 1)}
"""First day from which an agency records no channel of return."""
NO_FEED: Final = ("X03442", "BDTINH")
FEED_ENDS: Final = {"BCHQS": date(2025, 12, 31)}
SILENT_FROM: Final = {"BCHQS": date(2026, 1, 1), "SNGV": date(2025, 3, 1), "THUE": FIRST_DAY, "TTPVHCC": FIRST_DAY, "X03442": FIRST_DAY, "BDTINH": FIRST_DAY}
"""First day from which an agency gets no dossier."""
LATE_RATES: Final = {"SXD-CU": 0.06, "SXD": 0.075, "STNMT": 0.055, "SNNMT": 0.06, "X03503": 0.13, "X03529": 0.09, "H108": 0.06}

POINT_NAME: Final = "Điểm phục vụ bưu chính minh họa {area}"
INCIDENTS: Final = (  # agency, kind, reported, settled, compensation in đồng
    ("SGTVT", "complaint", date(2019, 9, 11), date(2019, 9, 16), None),
    ("STNMT", "misplaced", date(2020, 5, 20), date(2020, 5, 26), None),
    ("H108", "damaged", date(2020, 11, 3), date(2020, 11, 9), 200_000),
    ("STP", "complaint", date(2021, 8, 17), date(2021, 8, 20), None),
    ("H107", "lost", date(2021, 10, 6), date(2021, 10, 27), 500_000),
    ("STNMT", "complaint", date(2022, 12, 14), date(2022, 12, 20), None),
    ("SLDTBXH", "misplaced", date(2023, 7, 4), date(2023, 7, 7), None),
    ("H110", "complaint", date(2024, 3, 12), date(2024, 3, 18), None),
    ("CAT", "lost", date(2025, 4, 9), date(2025, 5, 5), 800_000),
    ("SNNMT", "complaint", date(2025, 8, 21), date(2025, 8, 27), None),
    ("X03595", "damaged", date(2026, 2, 26), date(2026, 3, 4), 300_000),
    ("CAT", "complaint", date(2026, 6, 10), date(2026, 6, 15), None),
    ("X03549", "misplaced", date(2026, 10, 20), None, None),
    ("SNNMT", "complaint", date(2026, 10, 27), None, None),
)


def coverage(facts: Facts, as_of: date) -> list[Record]:
    """Rows of the relation coverage: one span per agency with a feed; the postal operator and one commune have none."""
    rows: list[Record] = []
    for agency in facts.agencies:
        code = agency["agency_code"]
        first, last = facts.validity(code)
        begins = max(first or DISTRICTS_ENDED, FIRST_DAY)  # the one agency without a first day came with the reform of July 2025
        ends = min(filter(None, (last, FEED_ENDS.get(code), as_of)))
        if code not in NO_FEED and begins <= ends:
            rows.append({"agency_code": code, "covered_from": begins, "covered_to": ends})
    return rows


def incidents(facts: Facts, as_of: date) -> list[Record]:
    """Rows of the relation postal_incidents: none before July 2019, a handful after, the last two not settled."""
    areas = {row["agency_code"]: row["area_code"] for row in facts.agencies}
    known = [row for row in INCIDENTS if row[2] <= as_of]
    return [
        {
            "incident_id": f"MH-SC-{number:03d}",
            "agency_code": agency,
            "area_code": areas[agency] if areas[agency] != PROVINCE else None,
            "kind": kind,
            "reported_on": reported,
            "settled_on": settled if settled and settled <= as_of else None,
            "compensation": paid if settled and settled <= as_of else None,
        }
        for number, (agency, kind, reported, settled, paid) in enumerate(known, start=1)
    ]


def service_points(facts: Facts) -> list[Record]:
    """Rows of the relation service_points: one made-up point per present commune and a second one in each ward, one of them closed."""
    places = [(row, 1) for row in facts.communes] + [(row, 2) for row in facts.communes if row["kind"] == "Phường"]
    return [
        {
            "point_code": f"MH-{row['area_code']}-{number}",
            "point_name": POINT_NAME.format(area=row["area_name"].lower() if number == 1 else f"{row['area_name'].lower()} số {number}"),
            "area_code": row["area_code"],
            "latitude": round(float(row["latitude"]) + 0.004 * (number - 1), 4),
            "longitude": float(row["longitude"]),
            "opened_on": DISTRICTS_ENDED,
            "closed_on": DISTRICTS_ENDED + timedelta(days=273) if number == 2 and row["area_code"] == "03388" else None,
        }
        for row, number in places
    ]
