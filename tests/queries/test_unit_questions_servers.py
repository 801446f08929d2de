"""The questions about units give the same frames on the three engines."""

from __future__ import annotations

import pandas as pd
import pytest

from queries.backlog import Backlog
from queries.change import Drivers
from queries.data import Question, read_data
from queries.filters import Filters
from queries.listings import AgencyLists
from queries.source import Source
from queries.standing import Standing
from queries.statement import Dim

pytestmark = pytest.mark.server
QUESTIONS: dict[str, Question] = {
    "backlog by procedure": Backlog(),
    "backlog by agency": Backlog(Dim.AGENCY),
    "lists": AgencyLists(),
    "standing": Standing(),
    "drivers": Drivers(),
}


@pytest.mark.parametrize("query", ["", "tc=hien-nay&ky=2025"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_about_units_gives_equal_frames_on_three_engines(three_sources: dict[str, Source], question: str, query: str) -> None:
    frames = {name: read_data(source).ask(QUESTIONS[question], Filters.from_query(query)) for name, source in three_sources.items()}
    pd.testing.assert_frame_equal(frames["duckdb"], frames["postgresql"])
    pd.testing.assert_frame_equal(frames["duckdb"], frames["mariadb"])
