from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from queries import counting, metrics
from queries.counting import Metric, one
from queries.data import Data, open_data
from queries.definitions import COUNT_NAMES, Definitions, denominator_in_words, in_words, numerator_in_words
from queries.filters import Filters


@pytest.fixture(scope="module")
def frame(demo_url: str) -> pd.DataFrame:
    data: Data = open_data(demo_url)
    return data.ask(Definitions(), Filters())


@pytest.mark.parametrize("metric", metrics.ALL, ids=lambda metric: metric.key)
def test_every_metric_says_what_it_counts(metric: Metric) -> None:
    assert numerator_in_words(metric)
    assert bool(metric.denominator) == bool(denominator_in_words(metric))


def test_no_words_are_kept_for_counts_that_no_metric_uses() -> None:
    assert {count.key for metric in metrics.ALL for count in metric.counts} == set(COUNT_NAMES)


def test_no_two_counts_have_the_same_words() -> None:
    assert len(COUNT_NAMES) == len(set(COUNT_NAMES.values()))


def test_a_sum_is_written_with_its_signs() -> None:
    expected = "hồ sơ tiếp nhận qua bưu chính + kết quả trả qua bưu chính − vụ mất, thất lạc, hư hỏng"
    assert expected == numerator_in_words(metrics.SAFETY_RATE)
    assert "−2 × hồ sơ tiếp nhận" == in_words(((-2, counting.C_RECEIVED),))


def test_a_count_without_words_is_refused() -> None:
    with pytest.raises(KeyError):
        in_words(one(replace(counting.C_RECEIVED, key="moi")))


def test_the_frame_has_every_metric_in_the_order_of_declaration(frame: pd.DataFrame) -> None:
    assert [metric.key for metric in metrics.ALL] == list(frame["key"])
    assert frame.drop(columns="denominator").notna().all().all()
    rows = {row["key"]: row for row in frame.to_dict("records")}
    rate = rows["postal_return_rate"]
    assert ("kết quả trả qua bưu chính", "kết quả đã trả có ghi nhận hình thức") == (rate["numerator"], rate["denominator"])
    assert pd.isna(rows["received"]["denominator"])
