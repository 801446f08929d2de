"""What a change is made of: parts that add up to the dossier, and a rate split into behaviour and mix without a rest."""

from __future__ import annotations

import math
import tempfile
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from queries import metrics
from queries.counting import Metric, Rules
from queries.data import Data
from queries.filters import Filters
from queries.measure import Measure, before
from queries.metrics import ACTIVE_AGENCIES, OPEN, POSTAL_RECEIPT_RATE, POSTAL_RETURN_RATE, RECEIVED, RETURNED, RETURNED_BY_POST, SAFETY_RATE
from queries.split import Split, rate_parts
from queries.statement import Dim
from tests.queries.hand import Row, ask, province, received, returned

DIMS = (Dim.AGENCY, Dim.PROCEDURE, Dim.AREA, Dim.RECEIVED_CHANNEL, Dim.RETURNED_CHANNEL, Dim.LEVEL, Dim.SECTOR)


def _rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    rows = frame[list(columns or ("kind", "key", "before", "now", "change"))].itertuples(index=False, name=None)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in rows]


# --- counts ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def across_the_reform(tmp_path: Path) -> Data:
    """The first halves of 2025 and 2026, on either side of both reorganisations: six results by post, then seven."""
    before_ = [("STP", "2025-02-10"), ("STP", "2025-02-11"), ("STTTT", "2025-02-12"), ("SKHCN", "2025-04-01"), ("HTD", "2025-05-05"), ("HTD", "2025-05-06")]
    now = [("SKHCN", "2026-01-06"), ("X-BL", "2026-01-07"), ("X-BL", "2026-01-08"), ("X-BL", "2026-01-08"), ("X-LL", "2026-01-08"), ("X-LL", "2026-01-08")]
    dossiers = [returned(day, "post", agency_code=code) for code, day in [*before_, *now]]
    return province(tmp_path, [*dossiers, returned("2026-05-01", "post", agency_code=None), returned("2026-05-02"), received("2024-12-30")])


def test_the_parts_of_a_count_come_largest_change_first_up_or_down(across_the_reform: Data) -> None:
    frame = ask(across_the_reform, Split(RETURNED_BY_POST, Dim.AGENCY))
    assert _rows(frame) == [
        ("group", "HTD,X-BL,X-LL", 2, 5, 3),
        ("agency", "STP", 2, 0, -2),
        ("agency", None, 0, 1, 1),
        ("group", "SKHCN,STTTT", 2, 1, -1),
    ]
    assert list(frame["name"]) == ["UBND huyện Tam Đường và 2 đơn vị kế thừa", "Sở Tư pháp", "chưa gán đơn vị", "Sở Khoa học và Công nghệ"]
    assert list(frame["members"]) == [3, 1, 0, 2]


def test_without_a_comparison_there_is_no_split(across_the_reform: Data) -> None:
    for query in ("ss=khong", "ky=2030", "ky=2024"):
        for metric in (RETURNED_BY_POST, POSTAL_RETURN_RATE):
            whole, nothing = ask(across_the_reform, Split(metric, Dim.AGENCY)), ask(across_the_reform, Split(metric, Dim.AGENCY), query)
            assert nothing.empty
            assert list(whole.dtypes.items()) == list(nothing.dtypes.items())


def test_a_former_area_is_joined_to_the_one_that_carries_it_on(tmp_path: Path) -> None:
    dossiers = [
        *[returned("2025-02-03", "post", area_code="03405")] * 2,
        returned("2025-02-03", "post", area_code="03390"),
        *[returned("2025-02-03", "post", area_code="03487")] * 4,
        *[returned("2026-02-03", "post", area_code="03390")] * 5,
        returned("2026-02-03", "post", area_code="03487"),
        returned("2026-02-03", "post", area_code=None),
    ]
    data = province(tmp_path, [received("2024-01-02"), *dossiers])
    frame = ask(data, Split(RETURNED_BY_POST, Dim.AREA))
    assert _rows(frame, "kind", "key", "name", "members", "before", "now") == [
        ("area", "03487", "Xã Lê Lợi", 2, 4, 1),
        ("area", "03390", "Xã Bình Lư", 3, 3, 5),
        ("area", None, "không ghi nhận địa bàn", 0, 0, 1),
    ]
    earlier = province(tmp_path, [received("2023-01-02"), returned("2024-02-03", "post", area_code="03405"), returned("2025-02-03", "post", area_code="03390")])
    assert _rows(ask(earlier, Split(RETURNED_BY_POST, Dim.AREA), "ky=2025-Q1"), "key", "now") == [("03390@2025", 1), ("03405@2025", 0)]


def test_a_channel_outside_the_list_is_not_recorded_or_the_counter_s(tmp_path: Path) -> None:
    channels = ["counter", "fax", None, "post"]
    dossiers = [received("2025-01-02", "post"), *(received("2026-02-03", channel) for channel in channels)]
    frame = ask(province(tmp_path, dossiers), Split(RECEIVED, Dim.RECEIVED_CHANNEL))
    assert _rows(frame, "kind", "key", "name", "before", "now") == [
        ("channel", None, "không ghi nhận", 0, 2),
        ("channel", "counter", "trực tiếp", 0, 1),
        ("channel", "post", "bưu chính", 1, 1),
    ]
    ruled = ask(province(tmp_path, dossiers, rules=Rules(missing_channel_as_counter=True)), Split(RECEIVED, Dim.RECEIVED_CHANNEL))
    assert _rows(ruled, "key", "before", "now") == [("counter", 0, 3), ("post", 1, 1)]


@pytest.mark.parametrize("metric", [ACTIVE_AGENCIES, OPEN])
def test_what_is_no_sum_of_dated_counts_is_not_split(metric: Metric) -> None:
    with pytest.raises(ValueError, match=metric.key):
        Split(metric, Dim.AGENCY)


def test_months_are_no_parts_of_a_change() -> None:
    with pytest.raises(ValueError, match="month"):
        Split(RETURNED, Dim.MONTH)


# --- rates -----------------------------------------------------------------------------------------------------------------------


def _parts(*rows: tuple[int, int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["numerator_before", "denominator_before", "numerator", "denominator"], dtype="Int64")


def _points(frame: pd.DataFrame) -> list[tuple[float, float]]:
    return [(round(float(behaviour), 9), round(float(mix), 9)) for behaviour, mix in zip(frame["behaviour"], frame["mix"], strict=True)]


def test_behaviour_and_mix_are_as_worked_by_hand() -> None:
    # 60/200 = 30 % falls to 80/400 = 20 %. A: rate 10 % to 30 %, share 1/2 to 1/4; B: rate 50 % to 1/6, share 1/2 to 3/4; the middle is 25 %
    frame = rate_parts(_parts((10, 100, 30, 100), (50, 100, 50, 300)))
    behaviour = (20 * Fraction(3, 8), Fraction(-100, 3) * Fraction(5, 8))
    mix = (-25 * (Fraction(20, 100) - Fraction(25, 100)), 25 * (Fraction(100, 300) - Fraction(25, 100)))
    assert [(round(float(b), 9), round(float(m), 9)) for b, m in zip(behaviour, mix, strict=True)] == _points(frame)
    assert math.fsum(frame["change"]) == pytest.approx(-10, abs=1e-12)


def test_equal_shares_leave_all_to_behaviour_and_equal_rates_all_to_mix() -> None:
    assert [(10.0, 0.0), (5.0, 0.0)] == _points(rate_parts(_parts((20, 100, 40, 100), (30, 100, 40, 100))))
    moved = rate_parts(_parts((10, 100, 30, 300), (90, 100, 90, 100)))
    assert [0.0, 0.0] == [behaviour for behaviour, _ in _points(moved)]
    assert math.fsum(moved["mix"]) == pytest.approx(30 - 50, abs=1e-12)


def test_a_part_of_one_period_only_is_all_mix() -> None:
    # 20 % becomes 35 %: the newcomer has half of what is counted, at 50 %; the middle is 27.5 %
    frame = rate_parts(_parts((20, 100, 20, 100), (0, 0, 50, 100)))
    assert [(0.0, 3.75), (0.0, 11.25)] == _points(frame)
    gone = rate_parts(_parts((20, 100, 20, 100), (50, 100, 0, 0)))
    assert [(0.0, -3.75), (0.0, -11.25)] == _points(gone)


def test_a_loss_where_nothing_was_carried_still_counts_for_the_whole() -> None:
    frame = rate_parts(_parts((10, 10, 10, 10), (0, 0, -1, 0)))
    assert [(0.0, 0.0), (0.0, -10.0)] == _points(frame)


@pytest.mark.parametrize("row", [(0, 0, 5, 10), (5, 10, 0, 0), (0, 0, 0, 0)])
def test_without_a_rate_in_one_of_the_periods_the_split_is_missing(row: tuple[int, int, int, int]) -> None:
    assert rate_parts(_parts(row))[["behaviour", "mix", "change"]].isna().all(axis=None)


_COUNTS = st.integers(0, 5000)


@st.composite
def _some_parts(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    rows = draw(st.lists(st.tuples(_COUNTS, _COUNTS, _COUNTS, _COUNTS), min_size=1, max_size=40))
    return [(min(a, b), b, min(c, d), d) for a, b, c, d in rows]


@given(_some_parts())
def test_the_parts_of_a_rate_add_up_to_its_change(rows: list[tuple[int, int, int, int]]) -> None:
    above_before, below_before, above, below = (sum(column) for column in zip(*rows, strict=True))
    frame = rate_parts(_parts(*rows))
    if not below or not below_before:
        assert frame["change"].isna().all()
        return
    whole = Fraction(above, below) - Fraction(above_before, below_before)
    assert math.fsum(frame["change"]) == pytest.approx(float(whole * 100), abs=1e-12 * 100)
    assert math.fsum([*frame["behaviour"], *frame["mix"]]) == pytest.approx(float(whole * 100), abs=1e-12 * 100)
    one_period = [not row[1] or not row[3] for row in rows]
    assert (frame.loc[one_period, "behaviour"] == 0).all()


def test_a_rate_is_split_by_agency_with_its_sums(tmp_path: Path) -> None:
    dossiers = [
        *[returned("2025-02-03", "post")] * 1,
        *[returned("2025-02-03")] * 3,
        *[returned("2025-02-03", agency_code="SKHCN-CU")] * 4,
        *[returned("2026-02-03", "post")] * 3,
        *[returned("2026-02-03")] * 1,
        *[returned("2026-02-03", agency_code="SKHCN")] * 4,
        returned("2026-02-03", None, agency_code="X-BL"),
    ]
    frame = ask(province(tmp_path, [received("2024-12-30"), *dossiers]), Split(POSTAL_RETURN_RATE, Dim.AGENCY))
    sums = _rows(frame, "kind", "key", "numerator_before", "denominator_before", "numerator", "denominator")
    assert sums == [("agency", "STP", 1, 4, 3, 4), ("group", "SKHCN,SKHCN-CU", 0, 4, 0, 4)]  # X-BL records no channel: in neither sum
    assert [(25.0, 0.0), (0.0, 0.0)] == _points(frame)  # 1/8 to 3/8


# --- any data --------------------------------------------------------------------------------------------------------------------

_DAYS = st.sampled_from([date(2025, 1, 10), date(2025, 7, 10), date(2026, 1, 10)]).flatmap(
    lambda first: st.integers(0, 150).map(lambda days: (first + timedelta(days=days)).isoformat())
)
_DOSSIER = st.fixed_dictionaries(
    {
        "on": _DAYS,
        "channel": st.sampled_from(["post", "counter", "online", None, "fax"]),
        "agency_code": st.sampled_from(["STP", "STTTT", "SKHCN-CU", "SKHCN", "HTD", "X-BL", "X-LL", "LA", None]),
        "procedure_code": st.sampled_from(["1.01", "1.02", "2.01", "9.01", "LA", None]),
        "area_code": st.sampled_from(["03390", "03405", "03487", "106", "03999", "LA", None]),
        "received_channel": st.sampled_from(["post", "counter", "online", None, "fax"]),
    }
)
_LOSS = st.fixed_dictionaries(
    {"reported_on": _DAYS, "agency_code": st.sampled_from(["STP", "HTD", "SKHCN", None]), "area_code": st.sampled_from(["03390", None])}
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.lists(_DOSSIER, max_size=30),
    st.lists(_LOSS, max_size=3),
    st.sampled_from(["", "tc=hien-nay", "ss=ky-truoc&ky=2026-Q2", "cap=commune,province"]),
    st.sampled_from([RECEIVED, RETURNED_BY_POST, POSTAL_RETURN_RATE, POSTAL_RECEIPT_RATE, SAFETY_RATE]),
)
def test_the_parts_add_up_to_the_change_in_any_data(dossiers: list[Row], losses: list[Row], query: str, metric: Metric) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = [returned(**row) for row in dossiers]
        data = province(Path(folder), [received("2024-12-30"), *rows], incidents=losses)
        for dim in DIMS:
            _adds_up(data, metric, dim, Filters.from_query(query))
        data.source.close()


def _adds_up(data: Data, metric: Metric, dim: Dim, filters: Filters) -> None:
    frame = data.ask(Split(metric, dim), filters)
    whole = data.ask(Measure((metric,), compared=True), filters).iloc[0]
    sizes = [round(float(change), 6) for change in frame["change"].abs().dropna()]
    assert sizes == sorted(sizes, reverse=True)
    if metric is SAFETY_RATE and dim not in (Dim.AGENCY, Dim.AREA, Dim.LEVEL):
        assert frame.empty  # an incident has neither procedure nor channel
    elif not metric.is_ratio:
        assert (whole[before(metric.key)], whole[metric.key]) == (frame["before"].sum(), frame["now"].sum())
        assert whole[metric.key] - whole[before(metric.key)] == frame["change"].sum()
    elif pd.isna(whole[metric.key]) or pd.isna(whole[before(metric.key)]):
        assert frame["change"].isna().all()
    else:
        assert math.fsum(frame["change"]) == pytest.approx(100 * (whole[metric.key] - whole[before(metric.key)]), abs=1e-10)


def test_every_sum_and_rate_of_dated_counts_can_be_split(across_the_reform: Data) -> None:
    able = [m for m in metrics.ALL if m not in metrics.DISTINCT and all(count.dated_by for count in m.counts)]
    assert len(able) > 15
    for metric in able:
        assert "change" in ask(across_the_reform, Split(metric, Dim.AGENCY))
