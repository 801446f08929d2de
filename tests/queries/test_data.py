"""One version of the data: its date, its first day, its catalogue, and answers that are kept."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from queries import contract
from queries.counting import Rules
from queries.data import Answers, Data, read_data
from queries.errors import NothingLoaded
from queries.filters import Filters
from queries.measure import Measure, Window
from queries.metrics import OVERDUE, RECEIVED
from queries.statement import Dim
from queries.volumes import AgencyVolumes, Totals
from tests.queries.hand import AGENCIES, ask, completed, province, received, returned, value

EVERYTHING = Filters()


def test_the_date_of_the_data_is_what_load_info_says(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02"), returned("2026-09-01")], as_of="2026-06-30")
    assert (date(2026, 6, 30), date(2026, 3, 2)) == (data.as_of, data.first_on)


@pytest.mark.parametrize(
    ("dossier", "as_of"),
    [
        (received("2026-03-02 16:30"), date(2026, 3, 2)),
        ({**received("2026-03-02"), "completed_at": "2026-03-09"}, date(2026, 3, 9)),
        ({**returned("2026-03-02"), "returned_at": "2026-03-20 23:59"}, date(2026, 3, 20)),
    ],
)
def test_without_load_info_it_is_the_last_day_on_which_anything_happened(dossier: dict[str, object], as_of: date, tmp_path: Path) -> None:
    assert as_of == province(tmp_path, [received("2026-01-05"), dossier], as_of=None).as_of


def test_a_due_date_is_a_plan_and_does_not_move_the_date_of_the_data(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", due_at="2026-03-10"), received("2026-03-04", due_at="2026-12-31")], as_of=None)
    assert (date(2026, 3, 4), 0) == (data.as_of, value(data, "overdue", ""))


def test_a_year_that_stands_for_never_does_not_move_the_dates_of_the_data(tmp_path: Path) -> None:
    dossiers = [
        {**completed("2026-03-09"), "received_at": "2026-03-02"},
        returned("9999-12-31", received_at="0001-01-01"),
        received("1900-01-01"),
        received("2101-01-01"),
    ]
    data = province(tmp_path, dossiers, as_of=None)
    assert (date(2026, 3, 2), date(2026, 3, 9)) == (data.first_on, data.as_of)
    assert 1 == value(data, "received", "ky=2026")


@pytest.mark.parametrize("as_of", ["9999-12-31", "0001-01-01", None])
def test_a_load_info_without_a_usable_day_is_not_believed(as_of: str | None, tmp_path: Path) -> None:
    assert date(2026, 3, 2) == province(tmp_path, [received("2026-03-02")], as_of=as_of).as_of


def test_data_that_are_dated_before_their_first_dossier_can_still_be_asked(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02")], as_of="2025-06-30")
    assert (date(2025, 6, 30), date(2025, 6, 30)) == (data.first_on, data.as_of)
    for question in (Totals(), AgencyVolumes(), Measure((RECEIVED,), by=(Dim.MONTH,), window=Window.ALL_TIME)):
        for query in ("", "ky=2025", "tu=2020-01-01&den=2030-12-31"):
            assert isinstance(ask(data, question, query), pd.DataFrame)


@pytest.mark.parametrize("dossiers", [[], [received("9999-12-31")]])
def test_a_database_without_a_dossier_is_refused_with_a_sentence(dossiers: list[dict[str, object]], tmp_path: Path) -> None:
    with pytest.raises(NothingLoaded) as caught:
        province(tmp_path, dossiers)
    assert "chưa có hồ sơ nào" in caught.value.sentence


def test_relations_that_are_absent_are_empty_with_their_columns(tmp_path: Path) -> None:
    catalogue = province(tmp_path, [received("2026-03-02")], areas=None, procedures=None, successions=None).catalogue
    assert frozenset({"dossiers", "agencies", "load_info"}) == catalogue.present
    for table, frame in ((contract.AREAS, catalogue.areas), (contract.AGENCY_PROCEDURES, catalogue.listings), (contract.COVERAGE, catalogue.coverage)):
        assert 0 == len(frame)
        assert {column.name for column in table.columns} <= set(frame.columns)


def test_without_any_optional_relation_or_column_every_question_is_answered(tmp_path: Path) -> None:
    optional = [f"{table.name}.{column.name}" for table in (contract.DOSSIERS, contract.AGENCIES) for column in table.columns if column.info["optional"]]
    agencies = [{"agency_code": "STP", "agency_name": "Sở Tư pháp"}]
    data = province(tmp_path, [received("2026-03-02")], agencies=agencies, areas=None, procedures=None, successions=None, as_of=None, without=optional)
    assert [("STP", 1)] == list(ask(data, AgencyVolumes(), "ky=2026")[["agency_code", "received"]].itertuples(index=False, name=None))


def test_an_end_in_the_year_9999_is_open(tmp_path: Path) -> None:
    assert AGENCIES is not None
    agencies = [{**row, "valid_to": row.get("valid_to", "9999-12-31")} for row in AGENCIES]
    areas = [{"area_code": "1", "valid_from": "2025-07-01", "valid_to": "9999-12-31"}]
    data = province(
        tmp_path, [received("2026-03-02", area_code="1")], agencies=agencies, areas=areas, coverage=[{"covered_to": "9999-12-31"}], successions=None
    )
    assert ["1"] == list(data.catalogue.areas["area_key"])
    assert data.catalogue.coverage["covered_to"].isna().all()
    assert 4 == len(ask(data, AgencyVolumes(), "ky=2026"))


def test_demo_data_are_known_by_the_words_of_their_source(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02")])
    assert not data.is_demo
    assert replace(data, source_name="Dữ liệu minh họa (không phải số liệu thật)").is_demo


def test_other_rules_are_other_answers_even_from_the_same_store(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", None)])
    merged = replace(data, rules=Rules(missing_channel_as_counter=True))
    assert data.answers is merged.answers
    assert (0, 1) == (value(data, "received_at_counter"), value(merged, "received_at_counter"))


def test_another_date_of_the_data_is_another_answer(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", due_at="2026-06-30")])
    assert [0, 1] == [int(each.ask(Measure((OVERDUE,)), EVERYTHING)["overdue"].iloc[0]) for each in (data, replace(data, as_of=date(2026, 7, 1)))]


@dataclass(frozen=True)
class Slow:
    """A question that counts how often it is asked, and can fail."""

    asked: list[tuple[str, Filters]] = field(default_factory=list, compare=False)
    fails: bool = field(default=False, compare=False)

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        self.asked.append((data.version, filters))
        time.sleep(0.05)
        if self.fails:
            raise RuntimeError("asked in vain")
        return pd.DataFrame({"answer": [42]})


def test_one_asks_while_the_others_wait_and_all_get_the_same_frame(tmp_path: Path) -> None:
    data, question = province(tmp_path, [received("2026-03-02")]), Slow()
    frames: list[pd.DataFrame] = []
    threads = [threading.Thread(target=lambda: frames.append(data.ask(question, EVERYTHING))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (1, 8, 1) == (len(question.asked), len(frames), len({id(frame) for frame in frames}))


def test_a_question_that_failed_is_asked_again(tmp_path: Path) -> None:
    data, question = province(tmp_path, [received("2026-03-02")]), Slow(fails=True)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="in vain"):
            data.ask(question, EVERYTHING)
    assert 2 == len(question.asked)


def test_the_store_of_answers_is_bounded(tmp_path: Path) -> None:
    data, question = replace(province(tmp_path, [received("2026-03-02")]), answers=Answers(5_000)), Slow()  # one frame takes 4,000 bytes and its values
    for query in ("ky=2025", "ky=2026", "ky=2025"):
        data.ask(question, Filters.from_query(query))
    assert 3 == len(question.asked)
    assert 0 < data.answers.kept.bytes <= 5_000


def test_without_memory_every_question_is_asked(tmp_path: Path) -> None:
    data, question = replace(province(tmp_path, [received("2026-03-02")]), answers=Answers(0)), Slow()
    for _ in range(2):
        data.ask(question, EVERYTHING)
    assert 2 == len(question.asked)


def test_answers_of_an_earlier_version_are_not_given_for_a_later_one(tmp_path: Path) -> None:
    first = province(tmp_path, [received("2026-03-02")])
    second = province(tmp_path, [received("2026-03-02"), received("2026-03-02")])
    shared = read_data(second.source, answers=first.answers)
    assert (1, 2) == (value(first, "received"), value(shared, "received"))
