from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import text

LETTERS = "Ẳ ẵ ệ ỗ ữ ự ỵ Đ đ — Mường Tè, Nậm Nhùn, Sìn Hồ"
COUNTS = st.integers(min_value=0, max_value=10**9)


def test_a_number_has_dots_for_thousands_and_a_comma_for_decimals() -> None:
    assert text.number(1234567.8) == "1.234.567,8"
    assert text.number(Decimal("12.34"), 2) == "12,34"
    assert text.number(12.0) == "12"


def test_a_count_is_rounded_half_up_and_never_minus_zero() -> None:
    assert text.whole(2.5) == "3"
    assert text.whole(np.int64(1234)) == "1.234"
    assert text.number(-0.04) == "0"


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, np.nan, float("inf"), np.float32("nan"), Decimal("NaN")])
def test_a_missing_value_is_a_dash_everywhere(missing: object) -> None:
    dashes = {
        text.number(missing),
        text.whole(missing),
        text.signed(missing),
        text.percent(missing, 5),
        text.percent(5, missing),
        text.change(missing, 5),
        text.change(5, missing),
        text.relative_change(5, missing),
        text.points(1, 2, missing, 2),
        text.shorten(missing),
        text.join_names([]),
    }
    assert dashes == {"–"}
    assert text.fold(missing) == ""


@pytest.mark.parametrize("missing", [None, pd.NaT])
def test_a_missing_date_is_a_dash(missing: datetime | None) -> None:
    assert text.date_label(missing) == "–"
    assert text.datetime_label(missing) == "–"


def test_a_difference_carries_its_sign_and_a_true_minus() -> None:
    assert text.signed(1234) == "+1.234"
    assert text.signed(-12) == "−12"
    assert text.signed(0) == "0"
    assert text.signed(0.2) == "0"


def test_a_ratio_has_one_decimal() -> None:
    assert text.percent(952, 1000) == "95,2%"
    assert text.percent(95, 100) == "95,0%"
    assert text.percent(350, 70) == "500,0%"


def test_a_ratio_without_denominator_is_a_dash_never_zero() -> None:
    assert text.percent(0, 0) == "–"
    assert text.percent(3, 0) == "–"


def test_a_ratio_is_a_hundred_or_nothing_only_when_it_is() -> None:
    assert text.percent(5, 5) == "100%"
    assert text.percent(0, 5) == "0%"
    assert text.percent(9999, 10000) == ">99,9%"
    assert text.percent(1, 10000) == "<0,1%"


@given(numerator=COUNTS, denominator=COUNTS)
def test_only_a_complete_ratio_says_a_hundred_percent(numerator: int, denominator: int) -> None:
    assert (text.percent(numerator, denominator) == "100%") == (numerator == denominator != 0)


def test_a_change_says_up_or_down_with_amount_and_percentage() -> None:
    assert text.change(2856, 2733) == "tăng 123 hồ sơ (+4,5%)"
    assert text.change(88, 100) == "giảm 12 hồ sơ (−12,0%)"
    assert text.change(7, 7) == "không đổi"
    assert text.change(1200, 200, "kết quả") == "tăng 1.000 kết quả (+500,0%)"


def test_a_change_from_nothing_has_no_percentage() -> None:
    assert text.change(5, 0) == "tăng 5 hồ sơ (từ 0)"
    assert text.change(0, 0) == "không đổi"
    assert text.relative_change(5, 0) == "–"


def test_a_change_to_nothing_is_minus_a_hundred_and_a_tiny_one_is_not_nothing() -> None:
    assert text.change(0, 7) == "giảm 7 hồ sơ (−100%)"
    assert text.change(1, 100_000) == "giảm 99.999 hồ sơ (hơn −99,9%)"
    assert text.change(99_999, 100_000) == "giảm 1 hồ sơ (dưới 0,1%)"


@given(current=COUNTS, base=COUNTS)
def test_the_word_of_a_change_agrees_with_the_figures(current: int, base: int) -> None:
    word = text.change(current, base).split()[0]
    assert word == ("không" if current == base else "tăng" if current > base else "giảm")


def test_a_ratio_moves_in_percentage_points() -> None:
    assert text.points(952, 1000, 94, 100) == "tăng 1,2 điểm %"
    assert text.points(94, 100, 952, 1000) == "giảm 1,2 điểm %"
    assert text.points(1, 2, 2, 4) == "không đổi"
    assert text.points(1, 10_000, 2, 10_000) == "giảm dưới 0,1 điểm %"
    assert text.points(1, 0, 1, 2) == "–"


def test_dates_are_day_month_year() -> None:
    assert text.date_label(date(2027, 1, 5)) == "05/01/2027"
    assert text.datetime_label(pd.Timestamp("2027-01-05 09:08:59")) == "05/01/2027 09:08"


def test_search_ignores_diacritics_case_and_the_bar_of_d() -> None:
    assert text.fold("Mường  Tè") == "muong te"
    assert text.fold(LETTERS) == "a a e o u u y d d — muong te, nam nhun, sin ho"


@given(st.text())
def test_folding_twice_is_folding_once(any_text: str) -> None:
    assert text.fold(text.fold(any_text)) == text.fold(any_text)


def test_vietnamese_order_puts_letters_before_tones() -> None:
    in_order = ["an", "ăn", "ân", "ba", "bà", "bả", "bã", "bá", "Bạ", "bo"]
    assert sorted(sorted(in_order), key=text.sort_key) == in_order
    assert sorted(["Đoàn Kết", "Ẳng Tở", "Dào San", "Êa", "Em"], key=text.sort_key) == ["Ẳng Tở", "Dào San", "Đoàn Kết", "Em", "Êa"]
    assert sorted(["Mường Tè", "Mường", "Mương A", "Mường Kim"], key=text.sort_key) == ["Mường", "Mương A", "Mường Kim", "Mường Tè"]


def test_order_takes_numbers_by_value_and_missing_last() -> None:
    assert sorted(["Xã 10", "Xã 2", "Xã"], key=text.sort_key) == ["Xã", "Xã 2", "Xã 10"]
    assert sorted([None, "ỵ"], key=text.sort_key) == ["ỵ", None]


def test_order_does_not_depend_on_how_the_letters_are_composed() -> None:
    assert text.sort_key("e\u0323\u0302")[0] == text.sort_key("ệ")[0]


def test_names_are_joined_and_the_rest_is_counted() -> None:
    assert text.join_names(["A"]) == "A"
    assert text.join_names(["A", "B", "C"]) == "A, B và C"
    assert text.join_names(["A", "B", "C", "D", "E"], 2) == "A, B và 3 đơn vị khác"


def test_a_single_name_left_over_is_named() -> None:
    assert text.join_names(["A", "B", "C"], 2) == "A, B và C"


def test_a_long_name_is_abbreviated_before_it_is_cut() -> None:
    assert text.shorten("Ủy ban nhân dân xã Tủa Sín Chải", 24) == "UBND xã Tủa Sín Chải"
    assert text.shorten("Sở Nông nghiệp và Phát triển nông thôn", 20) == "Sở Nông nghiệp và…"
    assert text.shorten(LETTERS, 80) == LETTERS


@given(st.text(), st.integers(min_value=4, max_value=60))
def test_a_shortened_name_fits(name: str, width: int) -> None:
    assert len(text.shorten(name, width)) <= width
