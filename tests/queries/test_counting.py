"""How to count: the rules that no single figure shows, and the switches a province may set."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.counting import Rules
from queries.measure import Measure, denominator, numerator
from queries.metrics import ON_TIME_RATE, POSTAL_RETURN_RATE
from queries.statement import Dim
from tests.queries.hand import ask, completed, province, received, returned, total, value

CHANNELS = ("received_by_post", "received_online", "received_at_counter", "received_channel_not_recorded")


@pytest.mark.parametrize("status", [1, 3])
def test_registered_and_refused_dossiers_are_no_receipts(status: int, tmp_path: Path) -> None:
    assert 1 == value(province(tmp_path, [received("2026-03-02"), received("2026-03-02", status=status)]), "received")


@pytest.mark.parametrize("status", [0, 2, 4, 5, 6, 7, 8, 9, 10])
def test_every_other_status_was_received_once(status: int, tmp_path: Path) -> None:
    assert 1 == value(province(tmp_path, [received("2026-03-02", status=status)]), "received")


def test_received_and_returned_are_two_facts_of_two_days(tmp_path: Path) -> None:
    data = province(tmp_path, [{**returned("2026-04-01", "post"), "received_at": "2026-03-31 23:59:59"}])
    assert (1, 0) == (value(data, "received", "ky=2026-03"), value(data, "returned", "ky=2026-03"))
    assert (0, 1) == (value(data, "received", "ky=2026-04"), value(data, "returned", "ky=2026-04"))


def test_the_first_and_the_last_instant_of_a_day_belong_to_it(tmp_path: Path) -> None:
    data = province(
        tmp_path, [received("2026-03-02 00:00:00"), received("2026-03-02 23:59:59.999999"), received("2026-03-03"), received("2026-03-01 23:59:59")]
    )
    assert 2 == value(data, "received", "tu=2026-03-02&den=2026-03-02")


@pytest.mark.parametrize("status", [2, 4, 5, 6, 7, 8, 9])
def test_without_status_ten_nothing_was_returned(status: int, tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post", status=status)])
    assert (0, 0) == (value(data, "returned"), value(data, "returned_by_post"))


def test_status_ten_without_a_day_of_return_is_returned_on_no_day(tmp_path: Path) -> None:
    assert 0 == value(province(tmp_path, [returned("2026-03-02", "post", returned_at=None)]), "returned")


@pytest.mark.parametrize("stage", ["registered", "shipped", "delivered", "undelivered"])
def test_a_return_by_post_counts_in_each_of_its_stages(stage: str, tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post", postal_stage=stage)])
    assert 1 == value(data, "returned_by_post")
    rows = ask(data, Measure((POSTAL_RETURN_RATE,), by=(Dim.POSTAL_STAGE,)), "ky=2026")
    assert [(stage, 1)] == list(zip(rows["postal_stage"], rows[numerator(POSTAL_RETURN_RATE)], strict=True))


def test_on_the_due_date_is_on_time_whatever_the_hour(tmp_path: Path) -> None:
    assert (1, 1, 1) == total(province(tmp_path, [completed("2026-03-10 17:45", "2026-03-10 17:00")]), "on_time_rate")


def test_one_minute_into_the_next_day_is_late(tmp_path: Path) -> None:
    assert (0, 0, 1) == total(province(tmp_path, [completed("2026-03-11 00:01", "2026-03-10 23:59")]), "on_time_rate")


def test_the_day_of_the_result_decides_and_not_the_day_it_was_fetched(tmp_path: Path) -> None:
    dossier = {**returned("2026-03-20"), "completed_at": "2026-03-10", "due_at": "2026-03-10"}
    assert (1, 1, 1) == total(province(tmp_path, [dossier]), "on_time_rate")


def test_without_a_due_date_a_dossier_stands_outside_the_ratio_and_is_counted_by_itself(tmp_path: Path) -> None:
    data = province(tmp_path, [completed("2026-03-10"), completed("2026-03-10", "2026-03-10"), completed("2026-03-11", "2026-03-10")])
    assert (0.5, 1, 2) == total(data, "on_time_rate")
    assert (3, 1) == (value(data, "completed"), value(data, "completed_without_due"))


def test_the_switch_for_missing_due_dates_calls_them_on_time_as_other_systems_do(tmp_path: Path) -> None:
    dossiers = [completed("2026-03-10"), completed("2026-03-10", "2026-03-10"), completed("2026-03-11", "2026-03-10")]
    data = province(tmp_path, dossiers, rules=Rules(without_due_as_on_time=True))
    assert (2 / 3, 2, 3) == total(data, "on_time_rate")
    assert 1 == value(data, "completed_without_due")


def test_overdue_is_measured_on_the_date_of_the_data_and_not_on_the_clock(tmp_path: Path) -> None:
    dossiers = [received("2026-03-02", due_at="2026-03-10 17:00")]
    assert 0 == value(province(tmp_path, dossiers, as_of="2026-03-10"), "overdue", "")
    assert 1 == value(province(tmp_path, dossiers, as_of="2026-03-11"), "overdue", "")


def test_what_is_open_or_overdue_does_not_hang_on_the_chosen_period(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2020-03-02", due_at="2020-03-10"), received("2026-03-02")])
    assert {(2.0, 1.0)} == {(value(data, "open", query), value(data, "overdue", query)) for query in ("", "ky=2021", "ky=2020-03", "ky=2026")}


def test_a_dossier_without_a_due_date_is_never_overdue(tmp_path: Path) -> None:
    assert 0 == value(province(tmp_path, [received("1999-01-04")]), "overdue")


def test_a_missing_channel_is_its_own_line_and_the_four_lines_add_up(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", channel) for channel in ("post", "online", "counter", "counter", None, None, None)])
    lines = [value(data, key) for key in CHANNELS]
    assert [1, 1, 2, 3] == lines
    assert sum(line or 0 for line in lines) == value(data, "received")


def test_an_unknown_channel_counts_as_not_recorded(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", "fax"), received("2026-03-02", "post"), returned("2026-03-02", "fax")])
    assert [1, 0, 1, 1] == [value(data, key) for key in CHANNELS]
    assert (None, 0, 0) == total(data, "postal_return_rate")
    assert 1 == value(data, "returned_channel_not_recorded")


def test_the_switch_of_decision_766_moves_missing_and_unknown_channels_to_the_counter(tmp_path: Path) -> None:
    dossiers = [received("2026-03-02", channel) for channel in ("post", "online", "counter", None, "fax")]
    data = province(tmp_path, [*dossiers, returned("2026-03-02", None)], rules=Rules(missing_channel_as_counter=True))
    assert [1, 1, 4, 0] == [value(data, key) for key in CHANNELS]
    assert (1 / 6, 1, 6) == total(data, "postal_receipt_rate")
    assert (0, 0, 1) == total(data, "postal_return_rate")
    assert 0 == value(data, "returned_channel_not_recorded")


def test_a_share_is_the_ratio_of_sums_and_not_the_mean_of_ratios(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post"), *[returned("2026-03-02", agency_code="SKHCN")] * 3])
    rows = ask(data, Measure((POSTAL_RETURN_RATE,), by=(Dim.AGENCY,)), "ky=2026")
    assert [0, 1] == sorted(rows["postal_return_rate"])  # their mean is one half
    assert (0.25, 1, 4) == total(data, "postal_return_rate")


def test_numerator_and_denominator_travel_with_every_ratio(tmp_path: Path) -> None:
    data = province(tmp_path, [completed("2026-03-10", "2026-03-10"), completed("2026-03-11", "2026-03-10")])
    row = ask(data, Measure((ON_TIME_RATE,)), "ky=2026").iloc[0]
    assert (1, 2) == (row[numerator(ON_TIME_RATE)], row[denominator(ON_TIME_RATE)])


def test_a_denominator_of_nought_is_missing_and_never_nought(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", None)])
    for key in ("postal_receipt_rate", "postal_return_rate", "on_time_rate", "postal_on_time_rate"):
        assert (None, 0, 0) == total(data, key), key


def test_without_incidents_safety_is_one_hundred_percent(tmp_path: Path) -> None:
    assert (1, 2, 2) == total(province(tmp_path, [received("2026-03-02", "post"), returned("2026-03-02", "post")], incidents=[]), "safety_rate")


def test_where_nothing_went_by_post_there_is_no_safety_to_speak_of(tmp_path: Path) -> None:
    assert (None, 0, 0) == total(province(tmp_path, [received("2026-03-02")], incidents=[]), "safety_rate")


def test_without_the_relation_of_incidents_they_and_safety_are_missing(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", "post")], incidents=None)
    assert (None, None) == (value(data, "incidents"), value(data, "safety_rate"))
    assert 1 == value(data, "received_by_post")


def test_without_the_column_of_postal_fees_revenue_is_missing_and_the_rest_is_there(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", "post")], without=["dossiers.postal_fee"])
    assert None is value(data, "postal_revenue")
    assert (1, 1) == (value(data, "received"), value(data, "received_by_post"))


def test_without_a_postal_list_the_procedures_of_the_list_are_missing(tmp_path: Path) -> None:
    assert (None, None, None) == total(province(tmp_path, [received("2026-03-02", "post")]), "active_procedures")


def test_before_and_after_the_data_every_flow_is_missing_and_not_nought(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post", postal_fee=1)], incidents=[])
    for query in ("ky=2019", "ky=2027"):
        assert {None} == {value(data, key, query) for key in ("received", "returned", "completed", "postal_revenue", "incidents", "active_agencies")}
