"""Two provinces that differ in everything but one agency: what its head sees in both must be the same."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from queries.data import Data, open_data
from queries.extract import refresh
from queries.rights import Rights, Role

OWN: Final = ("SKHCN", "SKHCN-CU", "STTTT")  # the department with the two that it alone carries on
HEAD: Final = Rights(Role.HEAD, ("SKHCN",))
OTHER: Final = "SYT"
_THEIRS: Final = f"(agency_code IS NULL OR agency_code NOT IN {OWN})"
CHANGES: Final = (
    f"DELETE FROM dossiers WHERE {_THEIRS} AND hash(dossier_id) % 3 = 0 AND received_at > (SELECT min(received_at) + INTERVAL 3 DAY FROM dossiers)",
    f"UPDATE dossiers SET returned_channel = 'post', received_channel = 'post' WHERE {_THEIRS} AND hash(dossier_id) % 3 = 1",
    f"UPDATE dossiers SET due_at = due_at - INTERVAL 40 DAY WHERE {_THEIRS}",
    f"DELETE FROM agency_procedures WHERE {_THEIRS} AND hash(procedure_code) % 2 = 0",
    f"DELETE FROM postal_incidents WHERE {_THEIRS}",
)
DETAILS: Final = (  # totals stay as they are, details do not
    f"UPDATE dossiers SET due_at = due_at - INTERVAL 40 DAY WHERE {_THEIRS}",
    f"UPDATE dossiers SET procedure_code = NULL, area_code = NULL WHERE {_THEIRS} AND hash(dossier_id) % 2 = 0",
    f"DELETE FROM agency_procedures WHERE {_THEIRS}",
    f"DELETE FROM postal_incidents WHERE {_THEIRS}",
)


def province(demo: Path, folder: Path, name: str, changes: tuple[str, ...] = (), *, is_extract: bool = False) -> Data:
    """A copy of the demo province with changes; or the extract that `refresh` makes of it, with its roll-ups and tallies."""
    path = folder / f"{name}.duckdb"
    shutil.copy(demo, path)
    path.chmod(0o600)
    with duckdb.connect(str(path)) as connection:
        for change in changes:
            connection.execute(change)
    return extract_of(path) if is_extract else open_data(f"duckdb:///{path}")


def extract_of(path: Path, folder: Path | None = None) -> Data:
    """The extract of a file, opened."""
    to = (folder or path.parent) / f"{path.stem}-extract.duckdb"
    refresh(f"duckdb:///{path}", "native", to, at=datetime(2026, 11, 1, 2, 30))
    data = open_data(f"duckdb:///{to}")
    assert data.source.rollups, "an extract adds up beforehand"
    return data


def plain(value: Any) -> str:
    """What a reader can see of a value, without the codes of files, which differ with the version of the data."""
    return re.sub(r"[A-Z2-9]{5}-[A-Z2-9]{5}", "CODE", repr(value))
