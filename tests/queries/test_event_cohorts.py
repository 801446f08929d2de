"""Cohorts after the dated events of the province, worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.events import Event, Events
from queries import event_cohorts
from queries.data import Data
from queries.event_cohorts import EventCohorts, keys
from queries.push import Cohort
from tests.queries.hand import ask, province, received, returned

AGENCIES = [{"agency_code": code, "agency_name": f"Sở {code}"} for code in "ABC"]
WHOLE = Event("Kế hoạch", date(2025, 3, 10), "plan", "KH 1")
SOME = Event("Tập huấn", date(2025, 3, 10), "training", "TH 1", agencies=("A", "B"))
EARLY = Event("Quyết định", date(2017, 1, 1), "directive", "QĐ 1")
MADE_UP = Event("Minh họa", date(2025, 4, 1), "plan", "minh họa", is_sample=True)


@pytest.fixture
def data(tmp_path: Path) -> Data:
    dossiers = [
        *[received("2025-01-02", agency_code=code) for code in "ABC"],
        returned("2025-02-03", "post", agency_code="C"),
        returned("2025-04-04", "post", agency_code="A"),
        returned("2025-04-05", "counter", agency_code="B"),
    ]
    return province(tmp_path, dossiers, agencies=AGENCIES, successions=None)


def given(monkeypatch: pytest.MonkeyPatch, *events: Event) -> None:
    monkeypatch.setattr(event_cohorts, "load_events", lambda: Events(events))


def test_every_event_has_the_rows_of_its_cohort(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, WHOLE)
    frame = ask(data, EventCohorts())
    cohort = ask(data, Cohort(WHOLE.on))
    assert cohort.to_dict("list") == frame[list(cohort.columns)].to_dict("list")
    assert [("2025-03-10", "Kế hoạch", "kế hoạch", "KH 1")] == list(
        {*zip(frame["event"], frame["event_name"], frame["event_kind"], frame["citation"], strict=True)}
    )
    assert [(0, 0, 2), (1, 1, 2)] == list(frame[["months_after", "numerator", "denominator"]].head(2).itertuples(index=False, name=None))


def test_an_event_for_some_agencies_is_followed_at_these_only_within_the_asked_ones(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SOME)
    assert {2} == set(ask(data, EventCohorts())["denominator"])
    assert {1} == set(ask(data, EventCohorts(), "dv=A")["denominator"])
    assert ask(data, EventCohorts(), "dv=C").empty, "never wider: the event was not meant for C"
    assert ask(data, EventCohorts(), "dv=KHONG-CO").empty


def test_two_events_of_one_day_have_two_keys(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, WHOLE, SOME)
    assert ["2025-03-10", "2025-03-10.2"] == list(ask(data, EventCohorts())["event"].drop_duplicates())
    assert ["2025-01-02", "2025-01-03", "2025-01-03.2"] == keys([date(2025, 1, 2), date(2025, 1, 3), date(2025, 1, 3)])


def test_events_before_the_data_and_made_up_ones_beside_real_data_have_no_rows(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, EARLY, MADE_UP)
    frame = ask(data, EventCohorts())
    assert frame.empty
    assert ["event", "event_on", "event_name", "event_kind", "citation", *ask(data, Cohort(WHOLE.on)).columns] == list(frame.columns)


def test_an_event_for_unknown_agencies_does_not_become_one_for_the_province(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, Event("Tập huấn", date(2025, 3, 10), "training", "TH 2", agencies=("X",)))
    assert ask(data, EventCohorts()).empty
