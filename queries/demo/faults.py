"""A handful of wrong rows for the check to find, made by changing dossiers outside the published spans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import duckdb

from queries.demo.days import PUBLISHED

UNKNOWN_AGENCY: Final = "MH-KHONG-CO"
UNKNOWN_PROCEDURE: Final = "MH.9999"
FAULTS: Final = (  # what is set, on how many dossiers
    (f"agency_code = '{UNKNOWN_AGENCY}'", 7),
    (f"procedure_code = '{UNKNOWN_PROCEDURE}'", 12),
    ("status = 0, returned_at = NULL, returned_channel = NULL", 9),
    ("received_channel = 'fax'", 3),
    ("due_at = received_at - INTERVAL 3 DAY", 5),
    ("completed_at = received_at - INTERVAL 1 DAY", 4),
    ("completed_at = returned_at + INTERVAL 2 DAY", 4),
    ("returned_at = NULL", 6),
    ("status = 9", 5),
    ("agency_code = NULL", 15),
)

CANDIDATES: Final = """
SELECT dossier_id FROM dossiers
WHERE received_at >= $first AND received_at < $last AND returned_at < $last AND status = 10
    AND received_channel = 'counter' AND returned_channel = 'counter' AND due_at IS NOT NULL
ORDER BY hash(dossier_id), dossier_id LIMIT $count
"""


def plant(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Makes the faults among ordinary dossiers of the last three years; each dossier has one fault at most."""
    first = max(PUBLISHED[-1].last + timedelta(days=1), as_of - timedelta(days=3 * 365))
    span = {"first": first, "last": as_of - timedelta(days=30), "count": sum(count for _, count in FAULTS)}
    found = [dossier_id for (dossier_id,) in connection.execute(CANDIDATES, span).fetchall()]
    for change, count in FAULTS:
        chosen, found = found[:count], found[count:]
        connection.execute(f"UPDATE dossiers SET {change} WHERE dossier_id IN (SELECT unnest($chosen::VARCHAR[]))", {"chosen": chosen})
