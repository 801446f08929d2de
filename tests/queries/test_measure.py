"""Metrics by dimensions: rows without a code, windows of months, the compared period, both clocks, and what a database does not have."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from queries.counting import Rules
from queries.filters import Filters
from queries.measure import Measure, Window, before, denominator, numerator
from queries.metrics import (
    INCIDENTS,
    OPEN,
    POSTAL_RECEIPT_RATE,
    POSTAL_RETURN_RATE,
    POSTAL_REVENUE,
    RECEIVED,
    RECEIVED_BY_POST,
    RETURNED,
    RETURNED_BY_POST,
    SAFETY_RATE,
)
from queries.period import month_label
from queries.statement import Dim
from tests.queries.hand import ask, province, received, returned

TWO = (RECEIVED, RECEIVED_BY_POST)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """The cells of some columns, missing as None."""
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame[list(columns)].itertuples(index=False, name=None)]


def by_month(frame: pd.DataFrame, column: str) -> dict[str, object]:
    return {month_label(int(month)): None if pd.isna(cell) else cell for month, cell in zip(frame["month"], frame[column], strict=True)}


def test_province_agencies_areas_and_procedures_have_the_same_total_with_the_rows_without_a_code(tmp_path: Path) -> None:
    codes: dict[str, str | None] = {"agency_code": "STP", "procedure_code": "1.01", "area_code": "03390"}
    gaps: list[dict[str, str | None]] = [{}, dict.fromkeys(codes), dict.fromkeys(codes, "KHONG-CO"), *[dict.fromkeys([name]) for name in codes]]
    data = province(tmp_path, [received("2026-03-02", "post", **(codes | gap)) for gap in gaps])
    assert [(6, 6)] == rows(ask(data, Measure(TWO), "ky=2026"), "received", "received_by_post")
    for dim in (Dim.AGENCY, Dim.AREA, Dim.PROCEDURE, Dim.LEVEL, Dim.SECTOR, Dim.RECEIVED_CHANNEL, Dim.MONTH):
        frame = ask(data, Measure(TWO, by=(dim,)), "ky=2026")
        assert (6, 6) == (frame["received"].sum(), frame["received_by_post"].sum()), dim


def test_rows_without_a_code_are_one_row_at_the_end(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", agency_code=code) for code in (None, "STP", None, "SKHCN")])
    assert [("SKHCN", 1), ("STP", 1), (None, 2)] == rows(ask(data, Measure((RECEIVED,), by=(Dim.AGENCY,)), "ky=2026"), "agency_code", "received")


def test_levels_and_sectors_come_from_the_catalogue(tmp_path: Path) -> None:
    dossiers = [
        received("2025-03-03", agency_code=agency, procedure_code=code) for agency, code in (("HTD", "1.01"), ("STP", "1.02"), ("STP", "9.01"), ("?", "2.01"))
    ]
    data = province(tmp_path, dossiers)
    assert [("district", 1), ("province", 2), (None, 1)] == rows(ask(data, Measure((RECEIVED,), by=(Dim.LEVEL,)), "ky=2025"), "level", "received")
    assert [("HT", 2), ("XD", 1), (None, 1)] == rows(ask(data, Measure((RECEIVED,), by=(Dim.SECTOR,)), "ky=2025"), "sector_code", "received")


def test_by_channel_an_unknown_word_stands_with_the_missing_ones(tmp_path: Path) -> None:
    dossiers = [received("2026-03-02", channel) for channel in ("post", "fax", None)]
    measure = Measure((RECEIVED,), by=(Dim.RECEIVED_CHANNEL,))
    assert [("post", 1), (None, 2)] == rows(ask(province(tmp_path, dossiers), measure, "ky=2026"), "received_channel", "received")
    merged = province(tmp_path, dossiers, rules=Rules(missing_channel_as_counter=True))
    assert [("counter", 2), ("post", 1)] == rows(ask(merged, measure, "ky=2026"), "received_channel", "received")


def test_two_dimensions_make_a_row_for_every_pair_that_has_dossiers(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02"), received("2026-04-01"), received("2026-04-02"), received("2026-04-02", agency_code="SKHCN")])
    frame = ask(data, Measure((RECEIVED,), by=(Dim.AGENCY, Dim.MONTH)), "ky=2026")
    assert [("SKHCN", "4/2026", 1), ("STP", "3/2026", 1), ("STP", "4/2026", 2)] == [
        (code, month_label(int(month)), number) for code, month, number in zip(frame["agency_code"], frame["month"], frame["received"], strict=True)
    ]


def test_every_month_of_the_period_has_a_row_and_nothing_happened_is_nought(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05"), received("2026-03-31 23:59"), received("2026-04-01")])
    assert {"1/2026": 1, "2/2026": 0, "3/2026": 1} == by_month(ask(data, Measure((RECEIVED,), by=(Dim.MONTH,)), "ky=2026-Q1"), "received")


def test_the_months_run_to_the_date_of_the_data_and_not_beyond(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05"), received("2026-07-15")], as_of="2026-05-20")
    assert ["1/2026", "2/2026", "3/2026", "4/2026", "5/2026"] == list(by_month(ask(data, Measure((RECEIVED,), by=(Dim.MONTH,)), "ky=2026"), "received"))


def test_reporting_months_end_on_the_14th_and_the_year_on_the_14th_of_december(tmp_path: Path) -> None:
    days = ("2025-12-14", "2025-12-15", "2026-01-14 23:59", "2026-01-15", "2026-03-14", "2026-03-15", "2026-12-14", "2026-12-15", "2026-12-31")
    data = province(tmp_path, [received("2024-01-02"), *(received(day) for day in days)], as_of="2026-12-31")
    measure = Measure((RECEIVED,), by=(Dim.MONTH,))
    reporting = by_month(ask(data, measure, "ky=2026&lich=bao-cao"), "received")
    assert {"1/2026": 2, "2/2026": 1, "3/2026": 1, "4/2026": 1, "12/2026": 1} == {month: number for month, number in reporting.items() if number}
    calendar = by_month(ask(data, measure, "ky=2026"), "received")
    assert {"1/2026": 2, "3/2026": 2, "12/2026": 3} == {month: number for month, number in calendar.items() if number}
    assert (6, 7) == tuple(ask(data, Measure((RECEIVED,)), query)["received"].iloc[0] for query in ("ky=2026&lich=bao-cao", "ky=2026"))


def test_the_last_24_months_are_missing_before_the_data_begin_and_nought_after(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-03-03"), received("2026-06-30")])
    months = by_month(ask(data, Measure((RECEIVED,), by=(Dim.MONTH,), window=Window.LAST_24_MONTHS), "ky=2026-06"), "received")
    assert (24, "7/2024", "6/2026") == (len(months), next(iter(months)), list(months)[-1])
    assert (None, 1, 0, 1) == (months["2/2025"], months["3/2025"], months["4/2025"], months["6/2026"])


def test_all_time_runs_from_the_first_dossier_to_the_date_of_the_data(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-11-30"), received("2026-01-05")], as_of="2026-02-10")
    months = by_month(ask(data, Measure((RECEIVED,), by=(Dim.MONTH,), window=Window.ALL_TIME), "ky=2026-01"), "received")
    assert {"11/2025": 1, "12/2025": 0, "1/2026": 1, "2/2026": 0} == months


def test_the_compared_period_stands_beside_and_a_row_of_one_side_counts_nought_on_the_other(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2024-01-02"), received("2025-03-03", agency_code="STP"), received("2026-03-02", agency_code="SKHCN")])
    frame = ask(data, Measure((RECEIVED,), by=(Dim.AGENCY,), compared=True), "ky=2026-03")
    assert [("SKHCN", 1, 0), ("STP", 0, 1)] == rows(frame, "agency_code", "received", before("received"))


def test_an_unfinished_month_is_compared_with_the_same_days(tmp_path: Path) -> None:
    days = ("2024-01-02", "2025-06-01", "2025-06-10 23:59", "2025-06-11", "2025-06-30", "2026-06-01", "2026-05-31")
    data = province(tmp_path, [received(day) for day in days], as_of="2026-06-10")
    assert [(1, 2)] == rows(ask(data, Measure((RECEIVED,), compared=True), "ky=2026-06"), "received", before("received"))


def test_without_a_comparison_the_columns_of_the_compared_period_are_missing(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post")])
    frame = ask(data, Measure((RETURNED, POSTAL_RETURN_RATE), compared=True), "ky=2026&ss=khong")
    assert [(1, None, 1, None)] == rows(frame, "returned", before("returned"), "postal_return_rate", before("postal_return_rate"))


def test_what_stands_open_today_has_no_figure_of_a_year_ago(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2024-01-02"), received("2026-03-02")])
    assert [(2, None)] == rows(ask(data, Measure((OPEN,), compared=True), "ky=2026"), "open", before("open"))


def test_months_cannot_be_compared_in_one_row() -> None:
    with pytest.raises(ValueError, match="months of two periods"):
        Measure((RECEIVED,), by=(Dim.MONTH,), compared=True)


def test_a_ratio_comes_with_its_sums_and_is_missing_where_nothing_is_recorded(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post"), returned("2026-03-02"), returned("2026-03-02", None, agency_code="SKHCN")])
    frame = ask(data, Measure((POSTAL_RETURN_RATE,), by=(Dim.AGENCY,)), "ky=2026")
    assert [("SKHCN", None, 0, 0), ("STP", 0.5, 1, 2)] == rows(
        frame, "agency_code", "postal_return_rate", numerator(POSTAL_RETURN_RATE), denominator(POSTAL_RETURN_RATE)
    )


def test_a_filter_that_a_relation_cannot_keep_makes_its_figure_missing_and_not_wider(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", "post")], incidents=[{"reported_on": "2026-03-02", "area_code": "03390"}])
    measure = Measure((RECEIVED, INCIDENTS, SAFETY_RATE))
    assert [(1, 1, 0)] == rows(ask(data, measure, "ky=2026"), "received", "incidents", "safety_rate")
    assert [(1, None, None)] == rows(ask(data, measure, "ky=2026&tt=1.01"), "received", "incidents", "safety_rate")
    assert [(1, None, None)] == rows(ask(data, measure, "ky=2026&ht=post"), "received", "incidents", "safety_rate")
    assert [(0, 1, None)] == rows(ask(data, measure, "ky=2026&db=03390"), "received", "incidents", "safety_rate")


def test_incidents_have_an_area_and_an_agency_and_no_procedure(tmp_path: Path) -> None:
    data = province(
        tmp_path, [received("2026-03-02")], incidents=[{"reported_on": "2025-06-30", "area_code": "03487"}, {"reported_on": "2025-07-01", "area_code": "03487"}]
    )
    early = province(
        tmp_path, [received("2024-03-02")], incidents=[{"reported_on": "2025-06-30", "area_code": "03487"}, {"reported_on": "2025-07-01", "area_code": "03487"}]
    )
    assert [] == rows(ask(data, Measure((INCIDENTS,), by=(Dim.AREA,)), "ky=2025"), "area_key")  # before the first dossier nothing is counted
    assert [("03487", 1), ("03487@2025", 1)] == rows(ask(early, Measure((INCIDENTS,), by=(Dim.AREA,)), "ky=2025"), "area_key", "incidents")
    assert [("STP", 2)] == rows(ask(early, Measure((INCIDENTS,), by=(Dim.AGENCY,)), "ky=2025"), "agency_code", "incidents")
    frame = ask(early, Measure((RECEIVED, INCIDENTS), by=(Dim.PROCEDURE,)), "ky=2024")
    assert [("1.01", 1, None)] == rows(frame, "procedure_code", "received", "incidents")


def test_a_missing_optional_column_takes_only_its_own_figure_away(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02", "post")], without=["dossiers.postal_fee", "dossiers.area_code", "dossiers.postal_stage"])
    assert [(1, None)] == rows(ask(data, Measure((RECEIVED, POSTAL_REVENUE)), "ky=2026"), "received", "postal_revenue")
    assert [(None, 1)] == rows(ask(data, Measure((RECEIVED,), by=(Dim.AREA,)), "ky=2026"), "area_key", "received")


def test_where_nothing_is_counted_there_is_one_row_of_missing_figures_and_none_by_a_dimension(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-02", "post")])
    assert [(None, None, None)] == rows(
        ask(data, Measure((RECEIVED, POSTAL_RECEIPT_RATE, RETURNED_BY_POST)), "ky=2027"), *("received", "postal_receipt_rate", "returned_by_post")
    )
    for dim in Dim:
        frame = ask(data, Measure((RECEIVED,), by=(dim,)), "ky=2027")
        assert (0, [dim.value, "received"]) == (len(frame), list(frame.columns)), dim


def test_equal_questions_share_an_answer(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-03-02")])
    assert data.ask(Measure(TWO), Filters.from_query("ky=2026")) is data.ask(Measure(TWO), Filters.from_query("ky=2026&lich=lich"))
    assert data.ask(Measure(TWO), Filters.from_query("ky=2026")) is not data.ask(Measure(TWO), Filters.from_query("ky=2026-Q1"))


def test_by_two_codes_nothing_counted_gives_no_row_whatever_is_asked(tmp_path: Path) -> None:
    """Two statements without a row each: pandas cannot merge them on two columns of text."""
    frame = ask(province(tmp_path, [received("2026-03-02", "post")]), Measure((RECEIVED, RETURNED), by=(Dim.AGENCY, Dim.PROCEDURE)), "ky=2026&tt=KHONG-CO")
    assert 0 == len(frame)
    assert {"agency_code", "procedure_code", "received", "returned"} <= set(frame.columns)


def test_columns_keep_their_kinds_where_nothing_is_counted(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, [received("2026-03-02")]), Measure((RECEIVED,), by=(Dim.AGENCY, Dim.MONTH)), "ky=2026&dv=KHONG-CO")
    assert ["str", "Int64", "Int64"] == [str(kind) for kind in frame.dtypes]
    assert frame.empty
