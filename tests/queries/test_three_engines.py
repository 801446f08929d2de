"""The questions of the dashboard, not only statements, on three real servers filled with the same forty dossiers: equal frames."""

from __future__ import annotations

import pandas as pd
import pytest

from queries import metrics
from queries.adoption import AdoptionUnits, ListedProcedures, MonthlyVerdicts
from queries.data import Question, read_data
from queries.filters import Filters
from queries.measure import Measure, Window
from queries.source import Source
from queries.statement import Dim
from queries.volumes import AgencyVolumes, AreaVolumes, ProcedureVolumes, Totals

pytestmark = pytest.mark.server

SUMS = tuple(metric for metric in metrics.ALL if not metric.denominator)
QUESTIONS: tuple[Question, ...] = (
    Totals(),
    AgencyVolumes(),
    AreaVolumes(),
    ProcedureVolumes(),
    AdoptionUnits(),
    MonthlyVerdicts(),
    ListedProcedures(),
    Measure((metrics.RECEIVED,), by=(Dim.MONTH,), window=Window.LAST_24_MONTHS),
    *(Measure(SUMS, by=(dim,)) for dim in Dim),
)
QUERIES = (
    "",
    "ky=2025",
    "ky=2025&tc=hien-nay&lich=bao-cao",
    "ky=2025&db=106@2025,03487,-&ss=ky-truoc",
    "tu=2025-07-01&den=2025-08-31&dv=a%5C%20,A,STP,-&cap=province,other",
    "ky=2026&ht=post,-&lv=HT,-&tt=1.001193,%F0%9F%99%82,'%25",
)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: "-".join([type(question).__name__, *getattr(question, "by", ())]))
def test_a_question_has_one_answer_on_three_engines(three_sources: dict[str, Source], question: Question, query: str) -> None:
    frames = {name: read_data(source).ask(question, Filters.from_query(query)) for name, source in three_sources.items()}
    pd.testing.assert_frame_equal(frames["duckdb"], frames["postgresql"])
    pd.testing.assert_frame_equal(frames["duckdb"], frames["mariadb"])


def test_the_three_engines_agree_on_the_date_of_the_data(three_sources: dict[str, Source]) -> None:
    assert 1 == len({(data.as_of, data.first_on) for data in map(read_data, three_sources.values())})
