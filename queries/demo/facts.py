"""The real province as the files of config/province tell it: agencies, areas, procedures and who follows whom."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[2] / "config" / "province"
PROVINCE: Final = "12"
DEPARTMENTS_MERGED: Final = date(2025, 3, 1)
DISTRICTS_ENDED: Final = date(2025, 7, 1)
FIRST_KNOWN: Final = date(2004, 1, 1)  # the province in its present borders; used where the first day of an area is unsure

Row = dict[str, str]
Record = dict[str, object]


@dataclass(frozen=True)
class Facts:
    """The rows of config/province as they stand in the files."""

    agencies: tuple[Row, ...]
    communes: tuple[Row, ...]
    old_communes: tuple[Row, ...]
    districts: tuple[Row, ...]
    procedures: tuple[Row, ...]

    def codes(self, level: str) -> tuple[str, ...]:
        """Agency codes of one level, in the order of the file."""
        return tuple(row["agency_code"] for row in self.agencies if row["level"] == level)

    def validity(self, agency_code: str) -> tuple[date | None, date | None]:
        """First and last day of an agency; None is unknown or open."""
        row = next(row for row in self.agencies if row["agency_code"] == agency_code)
        return _day(row["valid_from"]), _day(row["valid_to"])


def read(folder: Path = FOLDER) -> Facts:
    """The facts of one folder of CSV files."""
    return Facts(*(tuple(_rows(folder / f"{name}.csv")) for name in ("agencies", "communes", "old_communes", "districts", "procedures")))


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def agencies(facts: Facts) -> list[Record]:
    """Rows of the relation agencies: every agency of the catalogue, the ended ones too."""
    return [
        {
            "agency_code": row["agency_code"],
            "agency_name": row["agency_name"],
            "short_name": row["short_name"],
            "level": row["level"],
            "parent_code": row["parent_code"] or None,
            "area_code": row["area_code"],
            "valid_from": _day(row["valid_from"]),
            "valid_to": _day(row["valid_to"]),
        }
        for row in facts.agencies
    ]


def areas(facts: Facts) -> list[Record]:
    """Rows of the relation areas: the province, the 8 former districts, the 106 former and the 38 present communes."""
    ended = DISTRICTS_ENDED - timedelta(days=1)
    people = sum(int(row["population"]) for row in facts.communes)
    province = {"area_code": PROVINCE, "area_name": "Tỉnh Lai Châu", "population": str(people)}
    rows = [_area(province, "province", None, FIRST_KNOWN, None)]
    rows += (_area(row, "district", PROVINCE, _day(row["valid_from"]) or FIRST_KNOWN, ended) for row in facts.districts)
    rows += (_area(row, "commune", row["district_code"], FIRST_KNOWN, ended) for row in facts.old_communes)
    rows += (_area(row, "commune", PROVINCE, DISTRICTS_ENDED, None) for row in facts.communes)
    return rows


def _area(row: Row, level: str, parent: str | None, first: date, last: date | None) -> Record:
    return {
        "area_code": row["area_code"],
        "area_name": row["area_name"],
        "level": level,
        "parent_code": parent,
        "valid_from": first,
        "valid_to": last,
        "population": int(row["population"]) if "population" in row else None,
        "latitude": float(row["latitude"]) if "latitude" in row else None,
        "longitude": float(row["longitude"]) if "longitude" in row else None,
    }


def successions(facts: Facts) -> list[Record]:
    """Rows of the relation successions: who follows an ended agency, and the present commune of each of the 106 former ones."""
    rows: list[Record] = []
    for row in facts.agencies:
        for successor in filter(None, (code.strip() for code in row["successor_codes"].split(";"))):
            last, first = _day(row["valid_to"]), facts.validity(successor)[0]
            assert last is not None
            begins = max(last + timedelta(days=1), first or last)
            rows.append({"kind": "agency", "predecessor_code": row["agency_code"], "successor_code": successor, "effective_on": begins})
    rows += (
        {"kind": "area", "predecessor_code": row["area_code"], "successor_code": row["successor_code"], "effective_on": DISTRICTS_ENDED}
        for row in facts.old_communes
    )
    return rows
