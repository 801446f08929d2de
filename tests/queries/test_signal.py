"""Signal or noise: limits worked by hand from the definitions, runs, gaps, what is too few, and the funnel against the binomial distribution itself."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import metrics
from queries.data import Data
from queries.signal import MonthlySignal, RateFunnel, RateWord, Word, funnel_limits, rate_word, xmr
from tests.queries.hand import ask, province, received, returned

REAL, USUAL, FEW = Word.REAL, Word.USUAL, Word.FEW
UP = [11.0, 15.0]
DOWN = [9.0, 5.0]


# --- months ------------------------------------------------------------------------------------------------------------------


def test_limits_worked_by_hand() -> None:
    """10 and 12 in turn: mean 11, every moving range 2, so the limits are 11 ± 2.66 × 2."""
    judged = xmr([10, 12] * 6)
    assert pytest.approx((11, 5.68, 16.32)) == (judged.centre, judged.lower, judged.upper)
    assert (USUAL,) * 12 == judged.words


def test_a_value_beyond_a_limit_is_real() -> None:
    """Eleven times 10 and 12 in turn, then 30: mean 150 / 12 = 12.5, moving ranges 10 × 2 + 20 = 40 in eleven, limits 12.5 ± 9.67."""
    judged = xmr([*[10, 12] * 5, 10, 30])
    assert pytest.approx((12.5, 12.5 - 2.66 * 40 / 11, 12.5 + 2.66 * 40 / 11)) == (judged.centre, judged.lower, judged.upper)
    assert REAL == judged.last
    assert {REAL} == set(judged.words[:-1])  # and the eleven before it are a run below the mean
    low = xmr([*[30, 28] * 5, 30, 10])
    assert REAL == low.last


def test_on_the_limit_is_usual_and_just_beyond_is_real() -> None:
    """After 10 and 12 in turn (eleven values, sum 120, ranges 20) the value L lies on the upper limit when L = (120 + L) / 12 + 2.66 (20 + L - 10) / 11."""
    reach = Fraction(266, 100) / 11
    on_it = (10 + 10 * reach) / (1 - Fraction(1, 12) - reach)
    assert USUAL == xmr([*[10, 12] * 5, 10, on_it], [100] * 12).last
    assert REAL == xmr([*[10, 12] * 5, 10, on_it + Fraction(1, 10**9)], [100] * 12).last


def test_eight_on_one_side_are_a_real_change_and_seven_are_none() -> None:
    """11 and 15 in turn, then 9 and 5: mean 10, no value near a limit; sixteen values make two runs of eight, fourteen two runs of seven."""
    assert {REAL} == set(xmr([*UP * 4, *DOWN * 4]).words)
    seven = xmr([*UP * 3, UP[0], *DOWN * 3, DOWN[0]])
    assert 10 == seven.centre
    assert {USUAL} == set(seven.words)


def test_a_value_on_the_mean_ends_a_run() -> None:
    judged = xmr([*UP * 2, 10, *UP * 2, *DOWN * 2, 10, *DOWN * 2])
    assert 10 == judged.centre
    assert {USUAL} == set(judged.words)


def test_a_gap_ends_a_run_and_has_no_moving_range() -> None:
    """Without the gap the eight would be a run. Ranges: 3 × 4 twice on either side, none across the gaps, 6 (15 → 9) in the middle: 54 in 13."""
    judged = xmr([*UP * 2, None, *UP * 2, *DOWN * 2, None, *DOWN * 2])
    assert (None, None) == (judged.words[4], judged.words[13])
    assert {USUAL, None} == set(judged.words)
    assert pytest.approx(10 + 2.66 * (12 + 12 + 6 + 12 + 12) / 13) == judged.upper


def test_only_the_run_itself_is_real() -> None:
    judged = xmr([*UP * 4, 9, 11, 5, 11, 5, 15, 3, 11, 3, 11, 4, 12])
    assert pytest.approx(10.2) == judged.centre
    assert [REAL] * 8 == list(judged.words[:8])
    assert {USUAL} == set(judged.words[8:])


def test_a_series_that_never_moves_is_no_change() -> None:
    """0.1 has no exact binary form: a mean that is off by a hair would put all values on one side."""
    for value in (0.1, 1 / 3, 7.0):
        assert {USUAL} == set(xmr([value] * 24, [100] * 24).words)


def test_under_twelve_months_nothing_is_concluded() -> None:
    assert {FEW} == set(xmr([100] * 10 + [900]).words)
    assert REAL == xmr([100] * 11 + [900]).last
    assert FEW == xmr([*[100] * 10, None, 900]).last


def test_under_five_a_month_nothing_is_concluded() -> None:
    assert {FEW} == set(xmr([4] * 11 + [15]).words)  # 59 in twelve months
    assert REAL == xmr([4] * 11 + [16]).last  # 60: five a month


def test_rates_are_judged_by_the_cases_behind_them() -> None:
    rates = [0.1] * 11 + [0.9]
    assert {FEW} == set(xmr(rates, [4] * 12).words)
    assert REAL == xmr(rates, [5] * 12).last


def test_no_limit_lies_under_nothing() -> None:
    assert 0 == xmr([0, 12] * 6).lower


@pytest.mark.parametrize("values", [[], [None], [7.0], [7.0, None, 7.0]])
def test_without_two_neighbours_there_are_no_limits(values: list[float | None]) -> None:
    judged = xmr(values)
    assert (None, None, None) == (judged.centre, judged.lower, judged.upper)
    assert [None if value is None else FEW for value in values] == list(judged.words)


@given(st.lists(st.one_of(st.none(), st.integers(0, 1_000)), max_size=40), st.integers(1, 50))
def test_the_words_do_not_depend_on_the_unit(values: list[int | None], factor: int) -> None:
    counts = [None if value is None else 100 for value in values]
    scaled = [None if value is None else value * factor for value in values]
    assert xmr(values, counts).words == xmr(scaled, counts).words
    assert [value is None for value in values] == [word is None for word in xmr(values, counts).words]


# --- months of a province ----------------------------------------------------------------------------------------------------


def month_by_month(folder: Path, numbers: list[int], *, first: date = date(2025, 1, 2), **more: Any) -> Data:
    """So many results by post on the second day of one month after another."""
    dossiers = []
    day = first
    for number in numbers:
        dossiers += [returned(day.isoformat(), "post") for _ in range(number)]
        day = (day.replace(day=28) + timedelta(days=7)).replace(day=2)
    return province(folder, dossiers, **more)


def test_a_month_that_is_not_over_has_a_value_and_no_word(tmp_path: Path) -> None:
    """January 2025 to May 2026 in full, June up to the 15th: seventeen months are judged."""
    frame = ask(month_by_month(tmp_path, [20, 24] * 8 + [20, 1], as_of="2026-06-15"), MonthlySignal(metrics.RETURNED_BY_POST))
    assert 24 == len(frame)
    june, may = frame.iloc[-1], frame.iloc[-2]
    assert (1, True) == (june["value"], june.isna()["word"])
    assert ("dao động thường", pytest.approx((20 * 9 + 24 * 8) / 17)) == (may["word"], may["centre"])
    assert 17 == frame["word"].notna().sum()


def test_months_before_the_data_begin_are_gaps(tmp_path: Path) -> None:
    frame = ask(month_by_month(tmp_path, [20, 24] * 9), MonthlySignal(metrics.RETURNED_BY_POST))
    assert 6 == frame["value"].isna().sum()
    assert {"dao động thường"} == set(frame["word"].dropna())


def test_a_first_month_that_begins_late_is_not_judged(tmp_path: Path) -> None:
    data = month_by_month(tmp_path, [3, *[20, 24] * 8, 20], first=date(2025, 1, 20))
    frame = ask(data, MonthlySignal(metrics.RETURNED_BY_POST))
    january = frame[frame["value"].notna()].iloc[0]
    assert (3, True) == (january["value"], january.isna()["word"])


def test_a_drop_to_nothing_is_real(tmp_path: Path) -> None:
    frame = ask(month_by_month(tmp_path, [20, 24] * 8 + [22, 0]), MonthlySignal(metrics.RETURNED_BY_POST))
    assert "thay đổi thật" == frame["word"].iloc[-1]


def test_a_rate_has_its_cases_and_no_limit_above_the_whole(tmp_path: Path) -> None:
    frame = ask(month_by_month(tmp_path, [20, 24] * 9), MonthlySignal(metrics.POSTAL_RETURN_RATE))
    assert (1.0, 20, 1.0) == tuple(frame.loc[6, ["value", "cases", "upper"]])


def test_the_limit_of_a_rate_that_swings_is_the_whole(tmp_path: Path) -> None:
    """100 % and 50 % in turn: 75 % ± 2.66 × 50 points."""
    months = [f"{month // 12}-{month % 12 + 1:02d}-02" for month in range(2025 * 12, 2025 * 12 + 18)]
    dossiers = [returned(day, "post") for day in months for _ in range(8)] + [returned(day) for day in months[1::2] for _ in range(8)]
    frame = ask(province(tmp_path, dossiers), MonthlySignal(metrics.POSTAL_RETURN_RATE))
    assert {(0.75, 0.0, 1.0)} == set(frame[["centre", "lower", "upper"]].itertuples(index=False, name=None))


def test_months_before_the_agency_existed_are_gaps_and_not_months_without_results(tmp_path: Path) -> None:
    """X-BL exists from July 2025: 10 and 12 in turn for a year, mean 11 and not 5.5."""
    days = [f"{month // 12}-{month % 12 + 1:02d}-02" for month in range(2025 * 12 + 6, 2026 * 12 + 6)]
    results = [returned(day, "post", agency_code="X-BL") for place, day in enumerate(days) for _ in range(10 + 2 * (place % 2))]
    data = province(tmp_path, [received("2024-01-02"), *results])
    frame = ask(data, MonthlySignal(metrics.RETURNED_BY_POST), "dv=X-BL&ky=2026")
    assert ([True] * 12 + [False] * 12) == list(frame["value"].isna()) == list(frame["word"].isna())
    assert 11 == frame["centre"].iloc[0]
    others = ask(data, MonthlySignal(metrics.RETURNED_BY_POST), "dv=STP&ky=2026")
    assert [0] * 24 == list(others["value"])


def test_where_nothing_is_counted_there_is_nothing_to_judge(tmp_path: Path) -> None:
    assert ask(month_by_month(tmp_path, [1]), MonthlySignal(metrics.RETURNED_BY_POST), "ky=2030").empty


# --- funnel ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cases", "rate", "limits"),
    [
        (10, 0.5, (1, 9)),  # 0 of 10: 1 in 1,024, less than a thousandth; 0 or 1: 11 in 1,024
        (9, 0.5, (0, 9)),  # 0 of 9: 1 in 512
        (20, 0.5, (3, 17)),  # up to 2: 211 in 1,048,576; up to 3: 1,351
        (3, 0.01, (0, 1)),  # 2 of 3: 3 in 10,000
        (100, 0.0, (0, 0)),
        (100, 1.0, (100, 100)),
        (0, 0.3, (0, 0)),
    ],
)
def test_funnel_limits_worked_by_hand(cases: int, rate: float, limits: tuple[int, int]) -> None:
    assert limits == funnel_limits(cases, rate)


@given(st.integers(1, 120), st.integers(1, 99))
def test_beyond_a_limit_lies_at_most_a_thousandth_and_within_it_more(cases: int, percent: int) -> None:
    """Against the binomial distribution in whole numbers."""
    least, most = funnel_limits(cases, percent / 100)
    weights = [comb(cases, count) * percent**count * (100 - percent) ** (cases - count) for count in range(cases + 1)]
    whole = Fraction(100**cases)
    tail = Fraction(1, 1000)
    assert sum(weights[:least]) / whole <= tail < sum(weights[: least + 1]) / whole
    assert sum(weights[most + 1 :]) / whole <= tail < sum(weights[most:]) / whole


def test_for_a_large_agency_the_limits_are_those_of_the_normal_distribution() -> None:
    """3.09 standard deviations: 100,000 cases at 20 % give 20,000 ± 3.09 × 126.5."""
    least, most = funnel_limits(100_000, 0.2)
    assert abs(least - (20_000 - 391)) <= 3
    assert abs(most - (20_000 + 391)) <= 3


@pytest.mark.parametrize(
    ("above", "cases", "word"),
    [(0, 19, RateWord.FEW), (3, 20, RateWord.USUAL), (2, 20, RateWord.REAL), (17, 20, RateWord.USUAL), (18, 20, RateWord.REAL)],
)
def test_the_word_for_a_rate_beside_one_half(above: int, cases: int, word: RateWord) -> None:
    assert word == rate_word(above, cases, 0.5)
    assert RateWord.FEW == rate_word(above, cases, 0.5, minimum=cases + 1)


def test_agencies_are_judged_beside_the_whole_province(tmp_path: Path) -> None:
    """STP 0 of 20, X-BL 12 of 20, X-LL 1 of 1, and 7 of 9 without an agency: 20 of 50 in all. At 40 %, of 20 cases 2 to 15 are no surprise."""
    cases = (("STP", 0, 20), ("X-BL", 12, 8), ("X-LL", 1, 0), (None, 7, 2))
    dossiers = [returned("2026-03-02", channel, agency_code=code) for code, post, other in cases for channel in ["post"] * post + ["counter"] * other]
    question = RateFunnel(metrics.POSTAL_RETURN_RATE)
    frame = ask(province(tmp_path, dossiers), question, "ky=2026")
    columns = ["agency_code", "numerator", "denominator", "province_rate", "lower", "upper", "word"]
    assert [
        ("STP", 0, 20, 0.4, 0.1, 0.75, "khác thật so với toàn tỉnh"),
        ("X-BL", 12, 20, 0.4, 0.1, 0.75, "trong dao động thường"),
        ("X-LL", 1, 1, 0.4, 0.0, 1.0, "số ít, chưa kết luận"),
    ] == list(frame[columns].itertuples(index=False, name=None))
    asked = ask(province(tmp_path, dossiers), question, "ky=2026&dv=X-BL")
    assert [("X-BL", 0.4)] == list(asked[["agency_code", "province_rate"]].itertuples(index=False, name=None))


def test_only_rates_have_a_funnel() -> None:
    with pytest.raises(ValueError, match="is no ratio"):
        RateFunnel(metrics.RETURNED_BY_POST)


def test_agencies_without_cases_have_no_rate_to_judge(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, [received("2026-01-05")]), RateFunnel(metrics.POSTAL_RETURN_RATE), "ky=2026")
    assert frame.empty
    assert "word" in frame
