"""Roll-ups: an extract answers as its source does, whatever is asked, and asks a roll-up where it can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from queries import contract, metrics
from queries.backlog import Backlog
from queries.check_rules import duplicate_lines
from queries.counting import Metric, Rules
from queries.data import Data, open_data
from queries.extract import refresh
from queries.filters import Filters
from queries.measure import Measure, Window
from queries.period import Clock, Period
from queries.postal_list import last_postal_day
from queries.rights import Rights
from queries.rollups import HALVES, ROLLUPS, divided
from queries.source import Source
from queries.statement import Dim, grouped, statement
from queries.volumes import Totals
from tests.queries.hand import province, received, returned

SUMS = tuple(metric for metric in metrics.ALL if metric not in metrics.DISTINCT)
DAYS = st.dates(date(2024, 12, 1), date(2026, 7, 20))
CODES = {
    "agencies": ["STP", "SKHCN", "HTD", "X-BL", "-", "?"],
    "areas": ["12", "106@2025", "03390", "03390@2025", "03487", "-"],
    "procedures": ["1.01", "9.01", "-"],
}
CODES |= {"procedures": ["1.01", "9.01", "-"], "sectors": ["HT", "XD", "-"], "levels": ["province", "commune"], "channels": ["post", "counter", "-"]}
FILTERS = st.builds(
    Filters,
    start=DAYS,
    end=DAYS,
    clock=st.sampled_from(Clock),
    organisation=st.sampled_from(["luc-do", "hien-nay", "nhom"]).map(lambda value: Filters.from_query(f"tc={value}").organisation),
    **{name: st.lists(st.sampled_from(codes), max_size=2).map(tuple) for name, codes in CODES.items()},
)


def _dossier(number: int) -> dict[str, Any]:
    """One of many unlike each other, around the days on which halves, months and the reorganisation begin."""
    days = [date(2025, 6, 30), date(2025, 7, 1), date(2026, 3, 14), date(2026, 3, 15), date(2026, 6, 29), date(2025, 1, 31)]
    received_on = days[number % 6] + timedelta(days=number % 11 - 5)
    completed_on = received_on + timedelta(days=number % 7)
    channels = ["post", "counter", "online", None, "fax"]
    times = {"received_at": datetime.combine(received_on, datetime.min.time()) + timedelta(hours=number % 24)}
    if number % 5:
        times["completed_at"] = datetime.combine(completed_on, datetime.min.time()) + timedelta(hours=23 - number % 23)
    if number % 5 > 1:
        times["returned_at"] = datetime.combine(completed_on + timedelta(days=number % 3), datetime.min.time())
    if number % 4:
        times["due_at"] = datetime.combine(received_on + timedelta(days=number % 8), datetime.min.time()) + timedelta(hours=17)
    return {
        **{name: str(value) for name, value in times.items()},
        "status": contract.STATUSES[number % 11] if number % 3 else 10,
        "agency_code": ["STP", "HTD", "SKHCN", "X-BL", "X-LL", None, "LA"][number % 7],
        "procedure_code": ["1.01", "1.02", "2.01", "9.01", None][number % 5],
        "area_code": ["03390", "03487", "106", None, "12"][number % 5],
        "received_channel": channels[number % 5],
        "returned_channel": channels[(number // 2) % 5],
        "postal_stage": [None, "shipped", "delivered"][number % 3],
        "postal_fee": number if number % 2 else None,
    }


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Data, Data]]:
    """The same dossiers in a plain file and in an extract."""
    folder = tmp_path_factory.mktemp("both")
    plain = province(folder, [_dossier(number) for number in range(700)])
    refresh(plain.source.database.address.url.render_as_string(), "native", folder / "x.duckdb", at=datetime(2026, 7, 1))
    extract = open_data(str(folder / "x.duckdb"))
    yield plain, extract
    plain.source.close()
    extract.source.close()


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    filters=FILTERS,
    by=st.lists(st.sampled_from(Dim), max_size=2, unique=True).map(tuple),
    window=st.sampled_from(Window),
    rules=st.builds(Rules, missing_channel_as_counter=st.booleans(), without_due_as_on_time=st.booleans()),
)
def test_every_sum_is_the_same_from_an_extract(both: tuple[Data, Data], filters: Filters, by: tuple[Dim, ...], window: Window, rules: Rules) -> None:
    plain, extract = (replace(data, rules=rules) for data in both)
    measure = Measure(SUMS, by=by, window=window, compared=Dim.MONTH not in by)
    pd.testing.assert_frame_equal(measure.ask(plain, filters), measure.ask(extract, filters))


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(filters=FILTERS, by=st.sampled_from([Dim.AGENCY, Dim.PROCEDURE]), as_of=DAYS)
def test_open_dossiers_are_the_same_from_an_extract_on_every_day(both: tuple[Data, Data], filters: Filters, by: Dim, as_of: date) -> None:
    plain, extract = (replace(data, as_of=as_of) for data in both)
    pd.testing.assert_frame_equal(Backlog(by).ask(plain, filters), Backlog(by).ask(extract, filters))
    pd.testing.assert_frame_equal(Totals().ask(plain, filters), Totals().ask(extract, filters))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(filters=FILTERS)
@example(filters=Filters())
def test_the_last_postal_day_of_a_procedure_is_the_same_from_an_extract(both: tuple[Data, Data], filters: Filters) -> None:
    plain, extract = both
    assert last_postal_day(plain, filters) == last_postal_day(extract, filters)
    assert filters != Filters() or last_postal_day(extract, filters)


def test_the_last_postal_day_is_read_from_the_roll_ups_alone(both: tuple[Data, Data]) -> None:
    with mock.patch.object(Source, "frame", autospec=True, side_effect=Source.frame) as asked:
        last_postal_day(both[1], Filters())
    statements = [str(call.args[1]) for call in asked.call_args_list]
    assert ["rollup_received_by_procedure", "rollup_returned_by_procedure"] == [sql.partition("FROM ")[2].split()[0] for sql in statements]


@given(start=DAYS, days=st.integers(0, 500))
def test_whole_halves_and_the_days_at_either_end_are_the_span(start: date, days: int) -> None:
    span = Period(start, start + timedelta(days=days))
    whole, ends = divided(span)
    parts = sorted([*([whole] if whole else []), *ends])
    assert span.days == sum(part.days for part in parts)
    assert [span.start, *(part.end + timedelta(days=1) for part in parts)] == [*(part.start for part in parts), span.end + timedelta(days=1)]
    assert whole is None or {whole.start.day, (whole.end + timedelta(days=1)).day} <= set(HALVES)
    assert all(end.days < 17 or whole is None for end in ends)


def _asked(data: Data, query: str, by: tuple[Dim, ...] = (Dim.AGENCY,), metric: Metric = metrics.RECEIVED_BY_POST) -> str:
    """The SQL of the statement for a metric."""
    filters = Filters.from_query(query)
    span = filters.timeframe(data.as_of, data.first_on).counted
    ((_, counts),) = grouped(metric.counts).items()
    return str(statement(data, filters, span, by, counts))


def test_whole_months_are_read_from_a_roll_up_alone(both: tuple[Data, Data]) -> None:
    sql = _asked(both[1], "ky=2026")
    assert "FROM rollup_received_by_agency" in sql
    assert "dossiers" not in sql


def test_the_reporting_clock_is_read_from_a_roll_up_too(both: tuple[Data, Data]) -> None:
    assert "dossiers" not in _asked(both[1], "ky=2026-03&lich=bao-cao")


def test_the_days_at_either_end_are_read_from_the_dossiers(both: tuple[Data, Data]) -> None:
    sql = _asked(both[1], "tu=2026-01-05&den=2026-03-20")
    assert ("UNION ALL" in sql, "rollup_received_by_agency" in sql, "dossiers" in sql) == (True, True, True)


@pytest.mark.parametrize("query", ["tu=2026-01-05&den=2026-01-09", "ky=2026&tt=1.01", "ky=2026&db=03390"])
def test_what_no_roll_up_holds_is_read_from_the_dossiers(both: tuple[Data, Data], query: str) -> None:
    assert "rollup" not in _asked(both[1], query)


def test_open_dossiers_are_read_from_a_roll_up_too(both: tuple[Data, Data]) -> None:
    assert "FROM rollup_open_by_agency" in _asked(both[1], "", metric=metrics.OVERDUE)
    assert "rollup_open" == both[1].source.open_dossiers().description


def test_a_database_without_roll_ups_is_asked_as_ever(both: tuple[Data, Data]) -> None:
    assert () == both[0].source.rollups
    assert "rollup" not in _asked(both[0], "ky=2026")


def test_every_roll_up_is_found_in_an_extract(both: tuple[Data, Data]) -> None:
    assert ROLLUPS == both[1].source.rollups


def test_dossiers_that_share_their_id_are_counted_when_the_extract_is_made(tmp_path: Path) -> None:
    plain = province(tmp_path, [{**_dossier(number), "dossier_id": f"HS{number % 5}" if number < 7 else f"HS{number}"} for number in range(40)])
    refresh(plain.source.database.address.url.render_as_string(), "native", tmp_path / "x.duckdb", at=datetime(2026, 7, 1))
    extract = open_data(str(tmp_path / "x.duckdb"))
    assert (None, True) == (plain.source.shared_ids, extract.source.shared_ids is not None)
    (expected, *_), (found, *_) = duplicate_lines(plain.source), duplicate_lines(extract.source)
    assert ("duplicate_dossier_id", 4, expected) == (found.rule, found.touched, found)
    head = extract.within(Rights(agencies=("STP",)))
    assert head.source.shared_ids is None, "the number is of everybody's dossiers"
    for data in (plain, extract):
        data.source.close()


def test_an_extract_without_optional_columns_has_roll_ups_too(tmp_path: Path) -> None:
    without = ("dossiers.area_code", "dossiers.postal_fee", "dossiers.postal_stage")
    plain = province(tmp_path, [received("2026-03-02", "post"), returned("2026-03-15", "post", due_at="2026-03-14")], areas=None, without=without)
    refresh(plain.source.database.address.url.render_as_string(), "native", tmp_path / "x.duckdb", at=datetime(2026, 7, 1))
    extract = open_data(str(tmp_path / "x.duckdb"))
    assert ROLLUPS == extract.source.rollups
    for query in ("ky=2026", "ky=2026&db=12"):
        filters = Filters.from_query(query)
        pd.testing.assert_frame_equal(Totals().ask(plain, filters), Totals().ask(extract, filters))
