"""Every metric is defined, sourced and worked by hand once: a few dossiers, and the figure that a person counts on the fingers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from queries import metrics
from queries.counting import Metric, Unit
from queries.measure import Measure
from tests.queries.hand import Row, completed, province, received, returned, total

LISTED = ({"agency_code": "STP", "procedure_code": code} for code in ("1.01", "1.02", "2.01"))


class Case(NamedTuple):
    """Value, numerator and denominator of 2026 (the data end on 30 June 2026), and the rows they are counted from."""

    expected: tuple[float | None, float | None, float | None]
    dossiers: Sequence[Row]
    others: Mapping[str, Any] = MappingProxyType({})


CASES = {
    # three come in; the first two are merely registered and refused, the last came a year before
    "received": Case(
        (3, 3, None),
        [
            received("2026-01-05", status=1),
            received("2026-01-05", status=3),
            received("2026-01-05", status=2),
            received("2026-01-01", status=7),
            returned("2026-06-30"),
            received("2025-12-31"),
        ],
    ),
    # the post brought two; the refused one does not count, and the way back has nothing to do with it
    "received_by_post": Case(
        (2, 2, None),
        [received("2026-02-01", "post"), received("2026-02-01", "post", status=5), received("2026-02-01", "post", status=3), returned("2026-02-01", "post")],
    ),
    "received_online": Case((1, 1, None), [received("2026-02-01", "online"), received("2026-02-01", "post"), received("2026-02-01", "online", status=1)]),
    "received_at_counter": Case((2, 2, None), [received("2026-02-01"), received("2026-02-02"), received("2026-02-02", None)]),
    # nothing written, and a word that is not in the list
    "received_channel_not_recorded": Case((2, 2, None), [received("2026-02-01", None), received("2026-02-02", "fax"), received("2026-02-02")]),
    # one of the four whose channel is known
    "postal_receipt_rate": Case(
        (1 / 4, 1, 4),
        [received("2026-02-01", "post"), received("2026-02-01", "online"), received("2026-02-01"), received("2026-02-01"), received("2026-02-01", None)],
    ),
    "online_receipt_rate": Case((1 / 2, 1, 2), [received("2026-02-01", "online"), received("2026-02-01"), received("2026-02-01", None)]),
    "counter_receipt_rate": Case((2 / 3, 2, 3), [received("2026-02-01", "online"), received("2026-02-01"), received("2026-02-01")]),
    # handed over in the year and of status 10; the third lies ready (9), the fourth was handed over the year before
    "returned": Case(
        (2, 2, None),
        [returned("2026-01-01"), returned("2026-06-30", None), returned("2026-03-01", status=9), returned("2025-12-31"), completed("2026-03-01")],
    ),
    # asked for the post and not handed over: not counted
    "returned_by_post": Case(
        (1, 1, None),
        [
            returned("2026-03-01", "post"),
            returned("2026-03-01"),
            received("2026-03-01", returned_channel="post"),
            completed("2026-03-01", returned_channel="post"),
        ],
    ),
    "returned_channel_not_recorded": Case((2, 2, None), [returned("2026-03-01", None), returned("2026-03-01", "fax"), returned("2026-03-01", "post")]),
    "postal_return_rate": Case(
        (2 / 3, 2, 3), [returned("2026-03-01", "post"), returned("2026-03-01", "post"), returned("2026-03-01"), returned("2026-03-01", None)]
    ),
    # ready in the year: one still lies there, one was handed over
    "completed": Case((2, 2, None), [completed("2026-03-01"), returned("2026-03-02"), received("2026-03-02"), completed("2025-12-31")]),
    # early and on the day itself are on time, the next day is late, without a due date is neither
    "on_time_rate": Case(
        (2 / 3, 2, 3),
        [
            completed("2026-03-09", "2026-03-10"),
            completed("2026-03-10 23:59", "2026-03-10 08:00"),
            completed("2026-03-11 00:00", "2026-03-10 23:59"),
            completed("2026-03-11"),
        ],
    ),
    # the late one came at the counter
    "postal_on_time_rate": Case(
        (1, 1, 1),
        [completed("2026-03-10", "2026-03-10", received_channel="post"), completed("2026-03-11", "2026-03-10")],
    ),
    "completed_without_due": Case((1, 1, None), [completed("2026-03-11"), completed("2026-03-11", "2026-03-11"), received("2026-03-11")]),
    # 2, 4, 5 and 6 are being worked on, whenever they came; 7 was withdrawn, 8 stopped, 9 is ready
    "open": Case((4, 4, None), [received("2020-01-02", status=status) for status in (1, 2, 3, 4, 5, 6, 7, 8, 9)]),
    # the data end on 30 June: due on the 29th is overdue, due on the 30th is not yet, and a settled one never is
    "overdue": Case(
        (1, 1, None),
        [
            received("2020-01-02", due_at="2026-06-29 23:59"),
            received("2020-01-02", due_at="2026-06-30 00:00"),
            received("2020-01-02"),
            completed("2026-06-30", "2026-06-01"),
        ],
    ),
    # of the four agencies that live in 2026 one returned by post, though twice; the ended one does not count any more
    "active_agencies": Case(
        (1, 1, 4),
        [
            returned("2026-03-01", "post"),
            returned("2026-03-02", "post"),
            returned("2026-03-02", agency_code="SKHCN"),
            returned("2026-03-02", "post", agency_code="HTD"),
        ],
    ),
    # of three listed procedures one came by post and one went by post; 9.01 is not on the list
    "active_procedures": Case(
        (2, 2, 3),
        [received("2026-02-01", "post"), returned("2026-02-01", "post", procedure_code="1.02"), received("2026-02-01", "post", procedure_code="9.01")],
        {"listings": list(LISTED)},
    ),
    # of the dossiers that came in the year, whatever the channel; the refused one brought nothing
    "postal_revenue": Case(
        (57_000, 57_000, None),
        [
            received("2026-02-01", "post", postal_fee=30_000),
            returned("2026-02-01", "post", postal_fee=27_000),
            received("2026-02-01", status=3, postal_fee=9_000),
            received("2025-12-31", "post", postal_fee=1_000),
            received("2026-02-01"),
        ],
    ),
    # reported in the year, of all four kinds
    "incidents": Case(
        (4, 4, None),
        [received("2026-02-01")],
        {
            "incidents": [
                *({"kind": kind, "reported_on": "2026-02-10"} for kind in ("complaint", "lost", "misplaced", "damaged")),
                {"reported_on": "2025-12-31"},
            ]
        },
    ),
    # three came by post and two went by post; one of the five was damaged, and a complaint harms nothing
    "safety_rate": Case(
        (4 / 5, 4, 5),
        [*[received("2026-02-01", "post")] * 3, *[returned("2026-02-01", "post")] * 2],
        {"incidents": [{"kind": "damaged", "reported_on": "2026-02-10"}, {"kind": "complaint", "reported_on": "2026-02-10"}]},
    ),
}


def test_every_metric_is_worked_by_hand_once() -> None:
    assert {metric.key for metric in metrics.ALL} == set(CASES)


@pytest.mark.parametrize("key", CASES)
def test_the_figure_is_the_one_counted_by_hand(key: str, tmp_path: Path) -> None:
    case = CASES[key]
    data = province(tmp_path, case.dossiers, **case.others)
    assert case.expected == total(data, key)


@pytest.mark.parametrize("metric", metrics.ALL, ids=lambda metric: metric.key)
def test_every_metric_is_defined_and_sourced(metric: Metric) -> None:
    texts = (metric.label, metric.definition, metric.source, metric.dated)
    assert all(text.strip() and text == text.strip() for text in texts)
    assert metric.definition.endswith(".")
    assert metric.numerator
    assert bool(metric.denominator) or not metric.is_ratio


def test_no_two_metrics_share_a_key_or_a_name() -> None:
    assert len(metrics.ALL) == len({metric.key for metric in metrics.ALL}) == len({metric.label for metric in metrics.ALL}) == len(metrics.BY_KEY)


def test_a_count_has_one_definition() -> None:
    by_key: dict[str, set[int]] = {}
    for count in (count for metric in metrics.ALL for count in metric.counts):
        by_key.setdefault(count.key, set()).add(id(count))
    assert {key for key, counts in by_key.items() if len(counts) > 1} == set()


def test_only_percentages_are_divided() -> None:
    assert {metric.key for metric in metrics.ALL if metric.denominator and not metric.is_ratio} == {metric.key for metric in metrics.DISTINCT}
    assert all(metric.denominator for metric in metrics.ALL if metric.unit is Unit.PERCENT)


@pytest.mark.parametrize("metric", metrics.DISTINCT, ids=lambda metric: metric.key)
def test_distinct_things_are_never_added_up(metric: Metric) -> None:
    with pytest.raises(ValueError, match=metric.key):
        Measure((metric,))
