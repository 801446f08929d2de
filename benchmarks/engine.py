"""Raw engine time: the nine plain questions of a year page on the table, and the very statements of our pages, by DuckDB alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

Statement = tuple[str, Sequence[Any]]

_YEAR: Final = "{0} >= TIMESTAMP '2026-01-01' AND {0} < TIMESTAMP '2026-11-01'"
_TWO_YEARS: Final = "{0} >= TIMESTAMP '2024-11-01' AND {0} < TIMESTAMP '2026-11-01'"
_IN: Final = "count(*) FILTER (WHERE status NOT IN (1, 3)), count(*) FILTER (WHERE status NOT IN (1, 3) AND received_channel = 'post')"
_OUT: Final = "count(*) FILTER (WHERE status = 10), count(*) FILTER (WHERE status = 10 AND returned_channel = 'post')"
_ON_TIME: Final = "count(*) FILTER (WHERE status IN (9, 10) AND due_at IS NOT NULL), count(*) FILTER (WHERE completed_at::DATE <= due_at::DATE)"
_OPEN: Final = "count(*) FILTER (WHERE status IN (2, 4, 5, 6)), count(*) FILTER (WHERE status IN (2, 4, 5, 6) AND due_at < DATE '2026-10-31')"
NINE: Final = tuple(
    f"SELECT {keys + ', ' if keys else ''}{sums} FROM dossiers WHERE {where} {'GROUP BY ALL' if keys else ''}"
    for keys, sums, where in (
        ("", _IN, _YEAR.format("received_at")),
        ("", _OUT, _YEAR.format("returned_at")),
        ("", _ON_TIME, _YEAR.format("completed_at")),
        ("date_trunc('month', received_at), received_channel", "count(*)", _TWO_YEARS.format("received_at")),
        ("date_trunc('month', returned_at)", _OUT, _TWO_YEARS.format("returned_at")),
        ("agency_code", _IN, _YEAR.format("received_at")),
        ("agency_code", _OUT, _YEAR.format("returned_at")),
        ("procedure_code", _OUT, _YEAR.format("returned_at")),
        ("agency_code", _OPEN, "true"),
    )
)


class Raw:
    """Plain DuckDB on the file that the dashboard has open (one process opens a file once), with the one thread a statement of the dashboard has."""

    def __init__(self, engine: sa.Engine) -> None:
        self._connection: Any = engine.raw_connection().driver_connection

    def run(self, statements: Sequence[Statement]) -> None:
        """Run the statements and fetch their rows."""
        for text, parameters in statements:
            self._connection.execute(text, list(parameters)).fetchnumpy()

    def nine(self) -> None:
        """The nine plain questions of a page that shows a year."""
        self.run([(text, ()) for text in NINE])


@contextmanager
def recorded(engine: sa.Engine) -> Iterator[list[Statement]]:
    """The SELECTs that an engine runs meanwhile, with their parameters."""
    found: list[Statement] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:  # noqa: ANN401 - the driver's own
        if statement.lstrip().upper().startswith("SELECT"):
            found.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
