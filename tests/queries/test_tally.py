"""A merged question gives the same frame as its own plain statement, whatever the filters; and a page asks few statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from unittest import mock

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from queries import metrics, scope, tally
from queries.counting import Count
from queries.cube import Cube
from queries.data import Answers, Data, open_data
from queries.filters import Filters
from queries.measure import Measure, Window
from queries.metrics import DISTINCT, ON_TIME_RATE, OPEN, POSTAL_RETURN_RATE, POSTAL_REVENUE, RECEIVED, RETURNED, SAFETY_RATE
from queries.period import Period
from queries.source import Source
from queries.statement import Dim, _key, columns_of

SUMS = tuple(metric for metric in metrics.ALL if metric not in DISTINCT)
QUERIES = st.builds(
    lambda *parts: "&".join(part for part in parts if part),
    st.sampled_from(
        (
            "",
            "ky=2026",
            "ky=2025",
            "ky=2026-10",
            "ky=2026-Q3",
            "ky=2024-H2",
            "ky=2017",
            "ky=2030",
            "tu=2025-11-20&den=2026-02-03",
            "tu=2022-01-01&den=2026-10-31",
        )
    ),
    st.sampled_from(("", "lich=bao-cao")),
    st.sampled_from(("", "ss=ky-truoc", "ss=khong")),
    st.sampled_from(("", "tc=hien-nay", "tc=nhom")),
    st.sampled_from(("", "cap=commune", "cap=province,district", "dv=-", "dv=KHONG-CO", "ht=post,-", "lv=-", "db=03390,-", "tt=1.001193")),
)
MEASURES = st.builds(
    Measure,
    st.sampled_from(((RECEIVED,), (RETURNED, POSTAL_RETURN_RATE), (ON_TIME_RATE, POSTAL_REVENUE, OPEN), (SAFETY_RATE,), SUMS)),
    by=st.lists(st.sampled_from(list(Dim)), unique=True, max_size=2).map(tuple),
    window=st.sampled_from(list(Window)),
)


@pytest.fixture(scope="module")
def small(demo_url: str) -> Iterator[Data]:
    """The demo province of the tests."""
    data = open_data(demo_url)
    yield data
    data.source.close()


def plain(data: Data, filters: Filters, span: Period | None, by: Sequence[Dim], counts: Sequence[Count]) -> Cube | None:
    """One statement for one measure, every condition judged on every row: what a tally must be equal to."""
    if not counts or not data.source.has(counts[0].relation):
        return None
    relation, dated_by = data.source.relation(counts[0].relation), counts[0].dated_by
    where = scope.conditions(relation, data.catalogue, filters, data.rules)
    keys = {column: _key(relation, column, dated_by, data, filters) for dim in by for column in columns_of(dim)}
    if where is None or any(key is None for key in keys.values()):
        return None
    if dated_by is not None and span is not None:
        where.append(scope.within(relation.c[dated_by], span))
    groups: dict[str, sa.ColumnElement[Any]] = {name: key for name, key in keys.items() if key is not None}
    sums = []
    for count in counts:
        worth: Any = relation.c[count.amount] if count.amount else 1
        added = sa.func.coalesce(sa.func.sum(sa.case((count.where(relation, data.given), worth), else_=0)), 0)
        sums.append(sa.cast(added, sa.BigInteger).label(count.key))
    select = sa.select(*(key.label(name) for name, key in groups.items()), *sums).where(*where).group_by(*groups.values())
    return Cube.of(data.source.frame(select), groups)


@settings(max_examples=80, deadline=None)
@given(measure=MEASURES, query=QUERIES, compared=st.booleans(), as_of=st.sampled_from((date(2026, 10, 31), date(2026, 10, 17), date(2026, 1, 3))))
def test_a_merged_measure_is_equal_to_its_own_statement(small: Data, measure: Measure, query: str, compared: bool, as_of: date) -> None:
    asked = replace(measure, compared=compared and Dim.MONTH not in measure.by)
    filters = Filters.from_query(query)
    with mock.patch.object(tally, "counted", plain):
        expected = asked.ask(replace(small, as_of=as_of, answers=Answers(1)), filters)
    pd.testing.assert_frame_equal(expected, asked.ask(replace(small, as_of=as_of, answers=Answers()), filters))


def statements(data: Data, filters: Filters, *measures: Measure) -> int:
    """How many statements the measures need together."""
    fresh = replace(data, answers=Answers())
    with mock.patch.object(Source, "frame", autospec=True, side_effect=Source.frame) as frame:
        for measure in measures:
            fresh.ask(measure, filters)
    return frame.call_count


def test_measures_of_one_dating_column_are_one_statement(small: Data) -> None:
    by = ((), (Dim.AGENCY,), (Dim.LEVEL,), (Dim.AGENCY, Dim.MONTH))
    assert 1 == statements(small, Filters(), *(Measure((RETURNED, POSTAL_RETURN_RATE), by=each) for each in by))


def test_the_compared_period_and_the_last_months_need_no_statement_of_their_own(small: Data) -> None:
    assert 1 == statements(small, Filters(), Measure((RETURNED,), compared=True), Measure((RETURNED,), by=(Dim.MONTH,), window=Window.LAST_24_MONTHS))


def test_another_period_of_this_year_or_the_last_is_no_new_statement(small: Data) -> None:
    fresh = replace(small, answers=Answers())
    fresh.ask(Measure((RETURNED,)), Filters())
    with mock.patch.object(Source, "frame", side_effect=AssertionError("asked again")):
        for query in ("ky=2026-Q3", "ky=2026-10&ss=ky-truoc", "ky=2025", "ky=2025-H1&ss=khong"):
            fresh.ask(Measure((RETURNED,), compared=True), Filters.from_query(query))
