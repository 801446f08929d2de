"""The dossiers of the demo province, made inside DuckDB: every choice is a digest of the dossier's number and the seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import duckdb
import pandas as pd

from queries.demo.days import PUBLISHED
from queries.demo.demand import AREA_SLOTS, OFFER_SLOTS

CHUNK: Final = 500_000  # dossiers made at a time, in whole years

# One uniform draw per purpose. A number is the draw's own for ever: a new purpose takes the next one.
DRAWS: Final = (
    *("offer", "area", "minute", "fate", "receive", "online", "silent_in", "due", "late", "pace", "tail", "completed", "send_back"),
    *("signed", "silent_out", "uncollected", "lag", "returned", "stage", "stage_now", "open", "fee", "no_due"),
)
U: Final = {name: f"draw(i, {number})" for number, name in enumerate(DRAWS)}

MACRO: Final = "CREATE TEMP MACRO draw(i, purpose) AS (hash(i * 64 + purpose + {offset}) >> 11)::DOUBLE / 9007199254740992"

NUMBERED: Final = """
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT first_no + k AS i, day_no, (k + draw(first_no + k, {minute})) / dossiers AS through
FROM (SELECT day_no, first_no, dossiers, unnest(range(dossiers)) AS k FROM days WHERE on_day BETWEEN $first AND $last)
""".format(minute=DRAWS.index("minute"))

# Office hours 7:30-17:00 with a lull at noon; on Saturday the morning. The order of `through` within a day is the order of the numbers.
RECEIVED: Final = f"""
CREATE OR REPLACE TEMP TABLE received AS
SELECT
    n.i, n.day_no, s.offer_no,
    d.on_day + to_seconds(floor(CASE
        WHEN NOT d.is_workday THEN 27000 + 14400 * through
        WHEN through < 0.52 THEN 27000 + 14400 * through / 0.52
        WHEN through < 0.55 THEN 41400 + 7200 * (through - 0.52) / 0.03
        ELSE 48600 + 12540 * (through - 0.55) / 0.45 END)::BIGINT) AS received_at,
    CASE
        WHEN {U["fate"]} < 0.0004 OR ({U["fate"]} < 0.09 AND d.on_day > $as_of::DATE - 2) THEN 1
        WHEN {U["fate"]} BETWEEN 0.1 AND 0.115 THEN 3
        WHEN {U["fate"]} BETWEEN 0.2 AND 0.208 AND d.on_day < $as_of::DATE - 7 THEN 7
        WHEN {U["fate"]} BETWEEN 0.3 AND 0.305 AND d.on_day < $as_of::DATE - 7 THEN 8 END AS fate,
    {U["silent_in"]} < d.not_recorded_in AS is_silent,
    least(0.9, d.received_by_post * o.receive) AS by_post
FROM numbered n
JOIN days d USING (day_no)
JOIN offer_slots s ON s.era = d.era AND s.slot = floor({U["offer"]} * {OFFER_SLOTS})::INTEGER
JOIN offers o ON o.offer_no = s.offer_no
"""

# A published span takes exactly its figure: those whose draw is smallest against their chance.
QUOTA: Final = f"""
CREATE OR REPLACE TEMP TABLE quota AS
SELECT i FROM (
    SELECT r.i, w.received_by_post, row_number() OVER (PARTITION BY d.span ORDER BY {U["receive"]} / by_post, i) AS place
    FROM received r JOIN days d USING (day_no) JOIN spans w ON w.span = d.span
    WHERE NOT is_silent AND fate IS DISTINCT FROM 1 AND fate IS DISTINCT FROM 3)
WHERE place <= received_by_post
"""

INSERT: Final = f"""
INSERT INTO dossiers BY NAME
WITH channelled AS (
    SELECT r.*, d.workday, d.is_workday, d.on_day, d.post_both_ways, d.returned_by_post, d.signed_file, d.not_recorded_out, o.* EXCLUDE (offer_no, era),
        CASE
            WHEN is_silent THEN NULL
            WHEN q.i IS NOT NULL OR ((d.span IS NULL OR fate IN (1, 3)) AND {U["receive"]} < by_post) THEN 'post'
            WHEN {U["online"]} < d.received_online THEN 'online'
            ELSE 'counter' END AS received_channel
    FROM received r JOIN days d USING (day_no) JOIN offers o USING (offer_no) LEFT JOIN quota q USING (i)
), paced AS (
    SELECT *,
        workday + processing_days AS due_no,
        workday + greatest(CASE WHEN is_workday THEN 0 ELSE 1 END, CASE
            WHEN {U["late"]} < late_rate THEN processing_days + 1 + floor(-4 * ln(1 - {U["tail"]}))
                + CASE WHEN {U["late"]} < late_rate * 0.07 THEN 15 + 90 * {U["pace"]} ELSE 0 END
            WHEN {U["pace"]} < 0.35 THEN processing_days
            ELSE floor(processing_days * ({U["pace"]} - 0.35) / 0.65) END)::INTEGER AS done_no,
        CASE
            WHEN {U["send_back"]} < CASE WHEN received_channel = 'post' THEN post_both_ways ELSE least(0.9, returned_by_post * send_back) END THEN 'post'
            WHEN received_channel = 'online' AND {U["signed"]} < signed_file THEN 'online'
            ELSE 'counter' END AS way_back
    FROM channelled
), completed AS (
    SELECT p.*, due.on_day + INTERVAL 17 HOUR AS due_day,
        CASE WHEN done.on_day = p.on_day THEN received_at + to_seconds(floor({U["completed"]} * epoch(p.on_day + INTERVAL 17 HOUR - received_at))::BIGINT)
            ELSE greatest(received_at, least(done.on_day, settled_by) + to_seconds(28800 + floor({U["completed"]} * 30600)::BIGINT)) END AS done_at,
        done_no + CASE way_back
            WHEN 'post' THEN 1 + floor({U["lag"]} * 3)
            WHEN 'online' THEN 0
            ELSE floor(-1.6 * ln(1 - {U["lag"]})) END::INTEGER AS back_no
    FROM paced p JOIN workdays due ON due.workday = p.due_no JOIN workdays done ON done.workday = p.done_no
), returned AS (
    SELECT c.*,
        CASE
            WHEN way_back = 'counter' AND {U["uncollected"]} < 0.012 THEN NULL
            WHEN least(back.on_day, settled_by) <= done_at::DATE
                THEN done_at + to_seconds(60 + floor({U["returned"]} * epoch(done_at::DATE + INTERVAL 1060 MINUTE - done_at))::BIGINT)
            ELSE least(back.on_day, settled_by) + to_seconds(28200 + floor({U["returned"]} * 32400)::BIGINT) END AS back_at
    FROM completed c JOIN workdays back ON back.workday = c.back_no
), settled AS (
    SELECT *,
        CASE
            WHEN fate IS NOT NULL THEN fate
            WHEN back_at < $as_of::DATE + 1 THEN 10
            WHEN done_at < $as_of::DATE + 1 THEN 9
            WHEN {U["open"]} < 0.07 THEN 5
            WHEN {U["open"]} < 0.1 THEN 6
            WHEN on_day > $as_of::DATE - 2 THEN 2
            ELSE 4 END AS status,
        way_back = 'post' AND (post_until IS NULL OR least(back_at::DATE, $as_of::DATE) <= post_until) AS is_postal
    FROM returned
), channels AS (
    SELECT *,
        CASE
            WHEN status IN (1, 3, 7, 8) OR status <> 10 AND NOT is_postal THEN NULL
            WHEN least(back_at::DATE, $as_of::DATE) >= not_recorded_from THEN NULL
            WHEN is_postal THEN 'post'
            WHEN {U["silent_out"]} < not_recorded_out THEN NULL
            WHEN way_back = 'post' THEN 'counter'
            ELSE way_back END AS returned_channel
    FROM settled
), staged AS (
    SELECT *,
        CASE
            WHEN returned_channel IS DISTINCT FROM 'post' THEN NULL
            WHEN status <> 10 OR {U["stage"]} < 0.03 THEN 'registered'
            WHEN back_at >= $as_of::DATE - 2 AND {U["stage_now"]} < 0.8 OR {U["stage"]} < 0.035 THEN 'shipped'
            WHEN {U["stage"]} < 0.047 THEN 'undelivered'
            ELSE 'delivered' END AS postal_stage
    FROM channels
)
SELECT
    format('MH{{:08d}}', i + 1) AS dossier_id, agency_code, procedure_code, coalesce(s.area_code, a.area_code) AS area_code,
    received_channel, returned_channel, postal_stage, received_at,
    CASE WHEN status NOT IN (1, 3) AND {U["no_due"]} >= 0.015 THEN due_day END AS due_at,
    CASE WHEN status IN (9, 10) THEN done_at END AS completed_at,
    CASE WHEN status = 10 THEN back_at END AS returned_at,
    status,
    CASE
        WHEN received_channel = 'post' AND postal_stage <> 'registered' THEN 40000 + 500 * floor({U["fee"]} * 30)::INTEGER
        WHEN received_channel = 'post' OR postal_stage <> 'registered' THEN 24000 + 500 * floor({U["fee"]} * 30)::INTEGER END AS postal_fee
FROM staged s LEFT JOIN area_slots a ON a.pool = s.pool AND a.slot = floor({U["area"]} * {AREA_SLOTS})::INTEGER
ORDER BY i
"""


def fill(connection: duckdb.DuckDBPyConnection, days: pd.DataFrame, as_of: date, offset: int, progress: Callable[[str], None]) -> None:
    """Fills the relation dossiers, year by year in the order of receipt, from the working tables days, spans, workdays, offers and the slots."""
    connection.execute(MACRO.format(offset=offset))
    for first, last, count in _chunks(days):
        span = {"first": first, "last": last}
        connection.execute(NUMBERED, span)
        connection.execute(RECEIVED, {"as_of": as_of})
        connection.execute(QUOTA)
        connection.execute(INSERT, {"as_of": as_of})
        years = str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
        progress(f"{years}: {count:,} hồ sơ".replace(",", "."))


def spans() -> pd.DataFrame:
    """One row per published span with its figure."""
    return pd.DataFrame({"span": range(len(PUBLISHED)), "received_by_post": [window.received_by_post for window in PUBLISHED]})


def _chunks(days: pd.DataFrame) -> Iterator[tuple[date, date, int]]:
    """First day, last day and number of dossiers of runs of whole years, each run small enough to be made at once where a year allows it."""
    counts = {year: int(rows["dossiers"].sum()) for year, rows in days.groupby(days["on_day"].map(lambda day: day.year))}
    end = max(days["on_day"])
    ends = dict(zip(counts, pd.Series(counts).cumsum(), strict=True))
    for _, run in groupby(counts, key=lambda year: int(ends[year] - 1) // CHUNK):
        years = list(run)
        yield date(years[0], 1, 1), min(date(years[-1], 12, 31), end), sum(counts[year] for year in years)


def last_workday_needed(as_of: date, longest: int) -> date:
    """A day by which even the slowest dossier received on `as_of` is due, completed and returned."""
    return as_of + timedelta(days=2 * (longest + 300))
