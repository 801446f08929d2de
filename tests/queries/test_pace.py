"""The pace of a year: working days by the calendar on the wall, the forecast worked by hand, what hides it, and what a target still needs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.targets import Target
from queries.data import Data
from queries.filters import Filters
from queries.forecast import NO_BASE, TOO_FEW_TRIALS, TOO_SHORT, forecast, naive
from queries.pace import NO_TARGET, YEAR_OVER, Pace
from queries.volumes import Totals
from queries.working_days import is_working_day, working_days
from tests.queries.hand import ask, province, returned

# --- working days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "days"),
    [
        ((2026, 1, 31), 21),  # 22 weekdays, New Year's Day on a Thursday
        ((2026, 2, 28), 15),  # 20 weekdays, five of them Tết (16th to 20th)
        ((2026, 4, 30), 20),  # 22 weekdays; Hùng Kings on a Sunday, off on Monday the 27th; the 30th
        ((2026, 8, 31), 21),  # 21 weekdays; Monday the 31st off, Saturday the 22nd worked instead
        ((2026, 9, 30), 20),  # 22 weekdays; two days of National Day
        ((2026, 11, 30), 20),  # 21 weekdays; the new Culture Day on the 24th
        ((2026, 12, 31), 23),
    ],
)
def test_working_days_of_a_month(month: tuple[int, int, int], days: int) -> None:
    last = date(*month)
    assert days == working_days(last.replace(day=1), last)


def test_a_swapped_day_changes_places_with_a_saturday() -> None:
    assert [True, False] == [is_working_day(date(2026, 8, 22)), is_working_day(date(2026, 8, 31))]
    assert [False, True] == [is_working_day(date(2018, 12, 31)), is_working_day(date(2019, 1, 5))]  # over the turn of the year


def test_no_days_lie_after_the_last_one() -> None:
    assert 0 == working_days(date(2027, 1, 1), date(2026, 12, 31))
    assert 1 == working_days(date(2026, 12, 31), date(2026, 12, 31))


# --- forecast ----------------------------------------------------------------------------------------------------------------


def test_a_steady_series_goes_on() -> None:
    ahead = forecast([10] * 24, 2)
    assert (20, 20, 20, 0, 5, "") == (ahead.low, ahead.middle, ahead.high, ahead.error, ahead.trials, ahead.hidden)


def test_a_forecast_worked_by_hand() -> None:
    """Twenty-three tens and 13. Next month: a year before 10, growth 63 / 60, so 10.5. Six trials forecast 10; five met 10, one 13: ratios 1, 1, 1, 1,
    1, 1.3. A tenth lie under 1, half under 1, nine tenths under 1 + 0.5 × 0.3. Mean error 0.3 / 1.3 / 6.
    """
    ahead = forecast([10] * 23 + [13], 1)
    assert pytest.approx((10.5, 10.5, 10.5 * 1.15, 0.3 / 1.3 / 6)) == (ahead.low, ahead.middle, ahead.high, ahead.error)
    assert 6 == ahead.trials


def test_a_forecast_that_was_too_high_makes_the_range_reach_down() -> None:
    """The same with 7: growth 57 / 60, ratios 0.7, 1, 1, 1, 1, 1; a tenth lie under 0.7 + 0.5 × 0.3."""
    ahead = forecast([10] * 23 + [7], 1)
    assert pytest.approx((9.5 * 0.85, 9.5, 9.5)) == (ahead.low, ahead.middle, ahead.high)


def test_the_season_of_a_year_before_comes_again() -> None:
    """January is 50, every other month 10, for four years; the next twelve months are 160."""
    ahead = forecast(([50] + [10] * 11) * 4, 12)
    assert pytest.approx((160, 160, 160)) == (ahead.low, ahead.middle, ahead.high)
    assert pytest.approx(60) == naive(([50] + [10] * 11) * 4, 2)


@pytest.mark.parametrize(("recent", "expected"), [(15, 30), (20, 40), (90, 40), (5, 10), (1, 10)])
def test_recent_growth_counts_between_half_and_double(recent: int, expected: int) -> None:
    """Two months at 10 a year ago, times the last six months over the same six a year before (60)."""
    assert expected == naive([10] * 18 + [recent] * 6, 2)


def test_only_the_last_twenty_four_trials_count() -> None:
    wild = [1, 400, 3, 90, 7, 1_000, 2, 5, 60, 800, 1, 30] * 3
    calm = forecast([*wild, *[10] * 60], 2)
    assert (20, 20, 0, 24) == (calm.low, calm.high, calm.error, calm.trials)


@pytest.mark.parametrize(
    ("history", "months", "reason"),
    [
        ([10] * 23, 2, TOO_SHORT),
        ([], 2, TOO_SHORT),
        ([10] * 24, 4, TOO_FEW_TRIALS),  # three trials
        ([10] * 24, 12, TOO_FEW_TRIALS),
        ([0] * 30, 2, NO_BASE),
    ],
)
def test_without_a_ground_to_stand_on_there_is_no_forecast(history: list[int], months: int, reason: str) -> None:
    ahead = forecast(history, months)
    assert (None, None, None) == (ahead.low, ahead.middle, ahead.high)
    assert reason == ahead.hidden


def test_twenty_four_months_suffice_for_the_last_three_of_a_year() -> None:
    assert ["", ""] == [forecast([10] * 24, months).hidden for months in (2, 3)]


def test_a_forecast_that_was_poor_in_the_past_is_hidden_with_its_error() -> None:
    ahead = forecast([1, 1, 1, 1, 100] * 8, 1)
    assert ahead.middle is None
    assert ahead.error is not None
    assert ahead.error > 0.35
    assert ahead.hidden.startswith("dự báo thử trên số liệu cũ sai trung bình ")


@pytest.mark.parametrize("silent", [8, 14, 24])
def test_a_unit_that_has_stopped_is_not_forecast_to_go_on(silent: int) -> None:
    ahead = forecast([10] * 30 + [0] * silent, 2)
    assert ahead.middle is None
    assert "sai trung bình" in ahead.hidden


def test_a_finished_year_needs_no_forecast() -> None:
    assert (0, 0, 0, "") == (forecast([], 0).low, forecast([], 0).middle, forecast([], 0).high, forecast([], 0).hidden)


def test_nothing_is_forecast_beyond_a_season() -> None:
    with pytest.raises(ValueError, match="13 months"):
        forecast([10] * 60, 13)


@given(st.lists(st.integers(0, 200), max_size=70), st.integers(0, 12))
def test_a_range_is_in_order_and_hidden_only_with_a_reason(history: list[int], months: int) -> None:
    ahead = forecast(history, months)
    if ahead.hidden:
        assert (None, None, None) == (ahead.low, ahead.middle, ahead.high)
        return
    assert ahead.low is not None
    assert ahead.middle is not None
    assert ahead.high is not None
    assert 0 <= ahead.low <= ahead.middle <= ahead.high
    assert ahead.error is None or ahead.error <= 0.35


# --- the question ------------------------------------------------------------------------------------------------------------


def steady(folder: Path, *, first: tuple[int, int] = (2024, 11), until: tuple[int, int] = (2026, 10), as_of: str = "2026-10-31", **more: Any) -> Data:
    """Five results by post and five at the counter on the second day of every month, of STP."""
    months = range(first[0] * 12 + first[1] - 1, until[0] * 12 + until[1])
    days = [f"{month // 12}-{month % 12 + 1:02d}-02" for month in months]
    dossiers = [returned(day, channel) for day in days for channel in ["post"] * 5 + ["counter"] * 5]
    return province(folder, dossiers, as_of=as_of, **more)


def row(frame: pd.DataFrame, code: str = "") -> dict[str, Any]:
    """The one row of the province or of an agency; missing values are None."""
    found = frame[(frame["code"] == code) & (frame["kind"] == ("agency" if code else "province"))]
    (only,) = found.astype(object).where(found.notna(), None).to_dict("records")
    return {str(name): value for name, value in only.items()}


def total(value: float, agency: str | None = None, metric: str = "returned_by_post", *, confirmed: bool = True) -> Target:
    return Target(metric, value, date(2026, 1, 1), date(2026, 12, 31), "Kế hoạch 2026", confirmed, agency, 2026, is_percent=False)


def share(value: float, agency: str | None = None) -> Target:
    return Target("postal_return_rate", value, date(2026, 1, 1), None, "Kế hoạch 2026", confirmed=True, agency=agency)


def test_what_is_done_and_where_the_year_may_end(tmp_path: Path) -> None:
    """Ten months of five; 206 working days are past and 43 are left; two more months of five make 60."""
    found = row(ask(steady(tmp_path), Pace("returned_by_post")))
    assert (2026, 50, None, 206, 43) == tuple(found[name] for name in ("year", "done", "out_of", "days_past", "days_left"))
    assert (60, 60, 60, 0.0, "") == tuple(found[name] for name in ("forecast_low", "forecast", "forecast_high", "forecast_error", "no_forecast"))
    assert pytest.approx(50 / 206) == found["per_day"]


def test_a_target_of_the_year_says_what_a_working_day_needs(tmp_path: Path) -> None:
    """93 in the year, 50 done: 43 remain for 43 working days."""
    found = row(ask(steady(tmp_path), Pace("returned_by_post", (total(93),))))
    assert (93, 93, 43, 1.0, "Kế hoạch 2026", "") == tuple(found[name] for name in ("target", "goal", "remaining", "needed_per_day", "target_note", "no_need"))


def test_a_target_that_is_reached_needs_nothing(tmp_path: Path) -> None:
    found = row(ask(steady(tmp_path), Pace("returned_by_post", (total(50),))))
    assert (0, 0.0, "") == tuple(found[name] for name in ("remaining", "needed_per_day", "no_need"))


def test_a_target_belongs_to_the_province_or_its_own_unit_alone(tmp_path: Path) -> None:
    frame = ask(steady(tmp_path), Pace("returned_by_post", (total(136, "STP", confirmed=False),)))
    own, whole = row(frame, "STP"), row(frame)
    assert (86, 2.0, "chỉ tiêu minh họa, cần đối chiếu văn bản") == tuple(own[name] for name in ("remaining", "needed_per_day", "target_note"))
    assert (None, None, NO_TARGET) == tuple(whole[name] for name in ("target", "remaining", "no_need"))
    of_province = ask(steady(tmp_path), Pace("returned_by_post", (total(93),)))
    assert {NO_TARGET} == set(of_province.loc[of_province["kind"] != "province", "no_need"])


def test_a_target_of_another_year_is_none_of_this_one(tmp_path: Path) -> None:
    later = Target("returned_by_post", 9, date(2027, 1, 1), date(2027, 12, 31), "x", confirmed=True, year=2027, is_percent=False)
    assert NO_TARGET == row(ask(steady(tmp_path), Pace("returned_by_post", (later,))))["no_need"]


def test_the_target_of_a_ratio_is_its_share_of_the_year_to_be_expected(tmp_path: Path) -> None:
    """50 of 100 so far, 120 expected in the year: 70 % are 84, so 34 remain."""
    found = row(ask(steady(tmp_path), Pace("postal_return_rate", (share(0.7),))))
    assert (50, 100, 120, 84, 34) == tuple(found[name] for name in ("done", "out_of", "forecast_out_of", "goal", "remaining"))
    assert pytest.approx(34 / 43) == found["needed_per_day"]
    assert 60 == found["forecast"]


def test_a_share_of_a_year_that_cannot_be_expected_is_not_invented(tmp_path: Path) -> None:
    found = row(ask(steady(tmp_path, first=(2025, 1)), Pace("postal_return_rate", (share(0.7),))))
    assert (0.7, None, None, None) == tuple(found[name] for name in ("target", "goal", "remaining", "needed_per_day"))
    assert "chưa dự báo được" in found["no_need"]
    assert TOO_SHORT == found["no_forecast"]


def test_under_twenty_four_months_there_is_no_forecast(tmp_path: Path) -> None:
    found = row(ask(steady(tmp_path, first=(2024, 12)), Pace("returned_by_post")))
    assert (50, None, TOO_SHORT) == tuple(found[name] for name in ("done", "forecast", "no_forecast"))


def test_a_month_that_is_not_over_is_done_and_still_to_be_forecast(tmp_path: Path) -> None:
    """On 15 October its five are done; October to December are forecast at 15 on top of the 45 of nine whole months."""
    found = row(ask(steady(tmp_path, first=(2024, 6), as_of="2026-10-15"), Pace("returned_by_post")))
    assert (50, 60, 54) == tuple(found[name] for name in ("done", "forecast", "days_left"))


def test_a_month_that_has_only_begun_is_no_month_without_results(tmp_path: Path) -> None:
    """On 1 November nothing came yet: the year still goes to 60."""
    assert 60 == row(ask(steady(tmp_path, first=(2024, 6), as_of="2026-11-01"), Pace("returned_by_post")))["forecast"]


def test_the_province_counts_agencies_that_never_return_by_post(tmp_path: Path) -> None:
    dossiers = [returned("2026-03-02", "post"), returned("2026-03-02", agency_code="X-BL"), returned("2026-03-02", agency_code=None)]
    found = row(ask(province(tmp_path, dossiers), Pace("postal_return_rate")))
    assert (1, 3) == (found["done"], found["out_of"])


def test_no_forecast_is_less_than_what_is_done(tmp_path: Path) -> None:
    """Forty by post on 2 December already: the forecast of that month is five, the year has them all the same."""
    months = [f"{month // 12}-{month % 12 + 1:02d}-02" for month in range(2023 * 12, 2026 * 12 + 11)]
    dossiers = [returned(day, "post") for day in months for _ in range(5)] + [returned("2026-12-02", "post") for _ in range(40)]
    found = row(ask(province(tmp_path, dossiers, as_of="2026-12-04"), Pace("returned_by_post")))
    assert (95, 95, 95) == tuple(found[name] for name in ("done", "forecast_low", "forecast"))


def test_when_the_year_is_over_nothing_is_needed_any_more(tmp_path: Path) -> None:
    found = row(ask(steady(tmp_path, until=(2026, 12), as_of="2026-12-31"), Pace("returned_by_post", (total(93),))))
    assert (60, 60, 60, 60, 0) == tuple(found[name] for name in ("done", "forecast_low", "forecast", "forecast_high", "days_left"))
    assert (33, None, YEAR_OVER) == tuple(found[name] for name in ("remaining", "needed_per_day", "no_need"))


def test_every_living_agency_has_a_row_and_no_other(tmp_path: Path) -> None:
    frame = ask(steady(tmp_path), Pace("returned_by_post"))
    assert ["SKHCN", "STP", "X-BL", "X-LL"] == list(frame.loc[frame["kind"] == "agency", "code"])
    assert ["province", "commune"] == list(frame.loc[frame["kind"] == "level", "code"])
    idle = row(frame, "X-BL")
    assert (0, None, TOO_SHORT) == tuple(idle[name] for name in ("done", "forecast", "no_forecast"))


def test_former_agencies_lend_their_history_to_the_present_one(tmp_path: Path) -> None:
    """Two years under STTTT and SKHCN: too short for the new agency as organised then, long enough as organised now."""
    old = [returned(f"{month // 12}-{month % 12 + 1:02d}-02", "post", agency_code="STTTT") for month in range(2024 * 12, 2025 * 12 + 2) for _ in range(5)]
    new = [returned(f"{month // 12}-{month % 12 + 1:02d}-02", "post", agency_code="SKHCN") for month in range(2025 * 12 + 2, 2026 * 12 + 10) for _ in range(5)]
    data = province(tmp_path, [*old, *new], as_of="2026-10-31")
    assert TOO_SHORT == row(ask(data, Pace("returned_by_post")), "SKHCN")["no_forecast"]
    assert 60 == row(ask(data, Pace("returned_by_post"), "tc=hien-nay"), "SKHCN")["forecast"]


def test_asked_agencies_stand_beside_their_level_and_the_whole_province(tmp_path: Path) -> None:
    data = steady(tmp_path)
    frame = ask(data, Pace("returned_by_post"), "dv=X-BL")
    assert [("province", ""), ("level", "commune"), ("agency", "X-BL")] == list(frame[["kind", "code"]].itertuples(index=False, name=None))
    assert 50 == row(frame)["done"]
    assert ["province"] == list(ask(data, Pace("returned_by_post"), "dv=KHONG-CO")["kind"])


def test_the_asked_period_plays_no_part(tmp_path: Path) -> None:
    data = steady(tmp_path)
    pd.testing.assert_frame_equal(ask(data, Pace("returned_by_post")), ask(data, Pace("returned_by_post"), "ky=2025-Q1&ss=khong"))


def test_a_year_of_reports_ends_on_14_december(tmp_path: Path) -> None:
    """From 15 December 2025: its results of January to October; Wednesday 14 October is the last whole month's end, 2 November not reached."""
    found = row(ask(steady(tmp_path), Pace("returned_by_post"), "lich=bao-cao"))
    assert (50, working_days(date(2025, 12, 15), date(2026, 10, 31)), working_days(date(2026, 11, 1), date(2026, 12, 14))) == tuple(
        found[name] for name in ("done", "days_past", "days_left")
    )


@pytest.mark.parametrize("key", ["open", "overdue", "active_agencies", "active_procedures", "no_such_metric"])
def test_only_what_adds_up_over_months_has_a_pace(key: str) -> None:
    with pytest.raises(ValueError, match="does not add up"):
        Pace(key)


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "tc=hien-nay"])
def test_on_the_demo_the_province_is_the_total_of_the_year(demo_url: str, query: str) -> None:
    from queries.data import open_data

    data = open_data(demo_url)
    frame = data.ask(Pace("postal_return_rate"), Filters.from_query(query))
    totals = data.ask(Totals(), Filters.from_query(query)).set_index("key")
    expected = (totals.loc["postal_return_rate", "numerator"], totals.loc["postal_return_rate", "denominator"])
    assert expected == tuple(row(frame)[name] for name in ("done", "out_of"))
    hidden = frame["no_forecast"] != ""
    assert frame.loc[hidden, ["forecast_low", "forecast", "forecast_high"]].isna().to_numpy().all()
    shown = frame[~hidden]
    assert len(shown) > 3
    assert ((shown["done"] <= shown["forecast_low"]) & (shown["forecast_low"] <= shown["forecast"]) & (shown["forecast"] <= shown["forecast_high"])).all()
