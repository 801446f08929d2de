"""What a check finds: each rule on rows counted by hand, its words, its exit code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from queries.check import Line, Report, check
from queries.check_report import listed, number, percent
from queries.errors import QueryTooSlow
from queries.source import Source, open_source
from tests.servers import SMALL, Rows, new_duckdb

START = datetime(2026, 1, 5, 8)  # a Monday
DAY = date(2025, 6, 30)
AGENCY = {"agency_code": "A", "agency_name": "Sở A", "level": "province"}


def _dossier(number: int, **given: Any) -> dict[str, Any]:
    """A dossier without fault: received by post, handed over by post the next day."""
    received = given.pop("received_at", START)
    row = {
        "dossier_id": f"D{number}",
        "agency_code": "A",
        "procedure_code": "P",
        "received_channel": "post",
        "returned_channel": "post",
        "postal_stage": "delivered",
        "received_at": received,
        "due_at": START + timedelta(days=10),
        "completed_at": START + timedelta(days=1),
        "returned_at": START + timedelta(days=1),
        "status": 10,
    }
    return {**row, **given}


def _check(path: Path, dossiers: list[dict[str, Any]], **others: list[dict[str, Any]]) -> Mapping[str, Line]:
    """The lines by rule for these dossiers, one agency, and the other relations given."""
    rows: Rows = {"dossiers": dossiers, "agencies": [AGENCY], **others}
    with open_source(new_duckdb(path / "checked.duckdb", rows)) as source:
        return {line.rule: line for line in check(source).lines}


def _one(path: Path, **given: Any) -> Mapping[str, Line]:
    """A fault in one dossier of three."""
    return _check(path, [_dossier(1), _dossier(2, **given), _dossier(3)], load_info=[{"as_of": date(2026, 3, 31)}])


@pytest.mark.parametrize(
    ("rule", "severity", "given"),
    [
        ("missing_dossier_id", "error", {"dossier_id": None}),
        ("missing_received_at", "warning", {"received_at": None}),
        ("missing_status", "warning", {"status": None, "returned_at": None}),
        ("missing_agency", "info", {"agency_code": None}),
        ("unknown_received_channel", "warning", {"received_channel": "fax"}),
        ("unknown_received_channel", "warning", {"received_channel": "Post"}),
        ("unknown_returned_channel", "warning", {"returned_channel": "fax", "postal_stage": None}),
        ("unknown_postal_stage", "warning", {"postal_stage": "lost"}),
        ("unknown_status", "warning", {"status": 0, "returned_at": None}),
        ("unknown_status", "warning", {"status": 11, "returned_at": None}),
        ("received_after_due", "warning", {"due_at": START - timedelta(seconds=1)}),
        ("completed_before_received", "warning", {"completed_at": START - timedelta(seconds=1)}),
        ("returned_before_completed", "warning", {"returned_at": START}),
        ("returned_without_time", "warning", {"returned_at": None}),
        ("time_without_returned", "warning", {"status": 9}),
        ("stage_without_post", "warning", {"returned_channel": "counter"}),
        ("in_the_future", "warning", {"returned_at": datetime(2026, 4, 1)}),
        ("agency_not_in_catalogue", "warning", {"agency_code": "a"}),
    ],
)
def test_a_fault_in_one_dossier_touches_one_and_only_its_rule(tmp_path: Path, rule: str, severity: str, given: dict[str, Any]) -> None:
    lines = _one(tmp_path, **given)
    assert (severity, 1) == (lines[rule].severity, lines[rule].touched)
    fine = ("hours", "empty_days", "silent_agencies", "dossiers", "relations", "load_info", "received_channel_missing", "returned_channel_missing")
    assert {rule} == {line.rule for line in lines.values() if line.severity in ("warning", "error") or line.rule == rule} - set(fine)


@pytest.mark.parametrize(
    "given", [{}, {"due_at": START}, {"completed_at": START, "returned_at": START}, {"returned_at": datetime(2026, 3, 31, 23, 59, 59)}, {"due_at": None}]
)
def test_equal_times_and_the_last_day_of_the_data_are_no_fault(tmp_path: Path, given: dict[str, Any]) -> None:
    assert not [line for line in _one(tmp_path, **given).values() if line.severity in ("warning", "error")]


def test_two_dossiers_of_one_number_are_both_touched_and_case_makes_a_difference(tmp_path: Path) -> None:
    lines = _check(tmp_path, [_dossier(1), _dossier(1), _dossier(2), _dossier(3, dossier_id="d2")])
    assert ("error", 2) == (lines["duplicate_dossier_id"].severity, lines["duplicate_dossier_id"].touched)


def test_codes_absent_from_a_catalogue_are_counted_in_dossiers_and_named(tmp_path: Path) -> None:
    dossiers = [
        _dossier(1, procedure_code="X"),
        _dossier(2, procedure_code="X"),
        _dossier(3, procedure_code="Y"),
        _dossier(4),
        _dossier(5, procedure_code=None),
    ]
    line = _check(tmp_path, dossiers, procedures=[{"procedure_code": "P"}])["procedure_not_in_catalogue"]
    assert 3 == line.touched
    assert line.text.endswith("X, Y")


def test_a_reused_area_code_is_known_only_while_it_is_valid(tmp_path: Path) -> None:
    areas = [
        {"area_code": "1", "area_name": "cũ", "valid_to": date(2025, 6, 30)},
        {"area_code": "1", "area_name": "mới", "valid_from": date(2026, 1, 1)},
    ]
    times = [datetime(2025, 6, 30, 23), datetime(2025, 7, 1), datetime(2025, 12, 31), datetime(2026, 1, 1)]
    dossiers = [_dossier(index, received_at=time, area_code="1") for index, time in enumerate(times)] + [_dossier(9, area_code="2")]
    lines = _check(tmp_path, dossiers, areas=areas)
    assert (1, 2) == (lines["area_not_in_catalogue"].touched, lines["area_not_valid_on_receipt"].touched)


def test_an_agency_twice_in_the_catalogue_makes_the_data_unusable(tmp_path: Path) -> None:
    rows: Rows = {"dossiers": [_dossier(1)], "agencies": [AGENCY, AGENCY]}
    with open_source(new_duckdb(tmp_path / "a.duckdb", rows)) as source:
        assert 2 == check(source).exit_code


def test_a_level_outside_the_list_is_found(tmp_path: Path) -> None:
    rows: Rows = {"dossiers": [_dossier(1)], "agencies": [{**AGENCY, "level": "tỉnh"}]}
    with open_source(new_duckdb(tmp_path / "a.duckdb", rows)) as source:
        lines = {line.rule: line for line in check(source).lines}
    assert ("warning", 1) == (lines["unknown_agency_level"].severity, lines["unknown_agency_level"].touched)


def test_a_database_without_a_dossier_is_not_usable(tmp_path: Path) -> None:
    with open_source(new_duckdb(tmp_path / "a.duckdb", {"dossiers": [], "agencies": [AGENCY]})) as source:
        report = check(source)
    assert 2 == report.exit_code
    assert "no_dossiers" in report.text()


def test_the_share_of_missing_channels_counts_receipts_and_returns(tmp_path: Path) -> None:
    dossiers = [
        _dossier(1),
        _dossier(2, received_channel=None),
        _dossier(3, status=1, returned_at=None, received_channel=None),
        _dossier(4, returned_channel=None, postal_stage=None),
    ]
    lines = _check(tmp_path, dossiers)
    assert "1 trên 3 hồ sơ tiếp nhận" in lines["received_channel_missing"].text
    assert "33,3%" in lines["received_channel_missing"].text
    assert "1 trên 3 hồ sơ đã trả" in lines["returned_channel_missing"].text


def _office_hours(shift: int) -> list[dict[str, Any]]:
    return [_dossier(10 * day + hour, received_at=START + timedelta(days=day, hours=hour - 1 - shift)) for day in range(4) for hour in range(10)]


def test_office_hours_are_fine(tmp_path: Path) -> None:
    assert "ok" == _check(tmp_path, _office_hours(0))["hours"].severity


def test_hours_seven_too_early_betray_universal_time(tmp_path: Path) -> None:
    line = _check(tmp_path, _office_hours(7))["hours"]
    assert "warning" == line.severity
    assert "cộng 7 giờ" in line.text


def test_hours_seven_too_late_betray_a_double_shift(tmp_path: Path) -> None:
    assert "bớt 7 giờ" in _check(tmp_path, _office_hours(-7))["hours"].text


def test_dates_without_hours_are_said_and_are_no_wrong_zone(tmp_path: Path) -> None:
    dossiers = [_dossier(day, received_at=datetime(2026, 1, 5 + day)) for day in range(4)]
    assert "info" == _check(tmp_path, dossiers)["hours"].severity


def _every_working_day(first: date, last: date, *but: date) -> list[dict[str, Any]]:
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    open_days = [day for day in days if day.weekday() < 5 and day not in but]
    return [
        _dossier(1000 * index + each, received_at=datetime(day.year, day.month, day.day, 8), due_at=None)
        for index, day in enumerate(open_days)
        for each in range(6)
    ]


def test_a_working_day_without_a_dossier_is_named_and_holidays_are_not(tmp_path: Path) -> None:
    tet = [date(2026, 2, day) for day in (16, 17, 18, 19, 20)]
    dossiers = _every_working_day(date(2026, 1, 5), date(2026, 5, 15), *tet, date(2026, 4, 30), date(2026, 5, 1), date(2026, 3, 11))
    line = _check(tmp_path, dossiers, load_info=[{"as_of": date(2026, 5, 15)}])["empty_days"]
    assert ("warning", 1) == (line.severity, line.touched)
    assert "11/03/2026" in line.text


def test_days_outside_the_covered_period_are_not_asked_for(tmp_path: Path) -> None:
    dossiers = [*_every_working_day(date(2026, 3, 2), date(2026, 3, 13)), _dossier(1, received_at=datetime(2025, 3, 3, 8))]
    coverage = [{"agency_code": None, "covered_from": date(2026, 3, 2), "covered_to": date(2026, 3, 13)}]
    assert "ok" == _check(tmp_path, dossiers, coverage=coverage, load_info=[{"as_of": date(2026, 3, 31)}])["empty_days"].severity


def _months(agency: str, first: int, last: int) -> list[dict[str, Any]]:
    """Ten dossiers a month of 2025, month numbers inclusive."""
    return [
        _dossier(1000 * month + each, dossier_id=f"{agency}{month}-{each}", agency_code=agency, received_at=datetime(2025, month, 3 + each, 8))
        for month in range(first, last + 1)
        for each in range(10)
    ]


def _silence(path: Path, dossiers: list[dict[str, Any]], **others: list[dict[str, Any]]) -> Line:
    agencies = [
        {**AGENCY, "agency_code": code, "valid_to": end} for code, end in (("A", None), ("B", None), ("C", date(2025, 8, 31)), ("D", None), ("E", None))
    ]
    rows: Rows = {"dossiers": dossiers, "agencies": agencies, "load_info": [{"as_of": date(2025, 11, 30)}], **others}
    with open_source(new_duckdb(path / "a.duckdb", rows)) as source:
        return {line.rule: line for line in check(source).lines}["silent_agencies"]


def test_a_unit_that_falls_silent_is_named_one_that_ended_or_lost_its_feed_or_was_never_busy_is_not(tmp_path: Path) -> None:
    dossiers = [*_months("A", 1, 11), *_months("B", 1, 9), *_months("C", 1, 8), *_months("D", 1, 9), *_months("E", 7, 9)]
    line = _silence(tmp_path, dossiers, coverage=[{"agency_code": "D", "covered_from": date(2025, 1, 1), "covered_to": date(2025, 9, 30)}])
    assert ("warning", 1) == (line.severity, line.touched)
    assert line.text.endswith(": B")


def test_one_empty_month_is_not_yet_silence(tmp_path: Path) -> None:
    assert "ok" == _silence(tmp_path, [*_months("A", 1, 11), *_months("B", 1, 10)]).severity


def test_successions_that_run_in_a_circle_are_named_and_reused_area_codes_are_none(tmp_path: Path) -> None:
    agencies = [{**AGENCY, "agency_code": code} for code in "ABC"]
    areas = [{"area_code": code, "valid_from": first, "valid_to": last} for code in "12" for first, last in ((None, DAY), (DAY + timedelta(days=1), None))]
    successions: list[dict[str, Any]] = [
        *({"kind": "agency", "predecessor_code": old, "successor_code": new} for old, new in ("AB", "BC", "CA")),
        *({"kind": "area", "predecessor_code": old, "successor_code": new, "effective_on": DAY} for old, new in ("12", "21")),
    ]
    rows: Rows = {"dossiers": [_dossier(1)], "agencies": agencies, "areas": areas, "successions": successions}
    with open_source(new_duckdb(tmp_path / "a.duckdb", rows)) as source:
        report = check(source)
    line = {line.rule: line for line in report.lines}["succession_circle"]
    assert ("warning", 3, 1) == (line.severity, line.touched, report.exit_code)
    assert "1 chuỗi kế thừa đi vòng trong bảng successions: đơn vị A → B → C → A;" in line.text


def test_successions_without_a_circle_are_fine(tmp_path: Path) -> None:
    lines = _check(tmp_path, [_dossier(1)], successions=[{"kind": "agency", "predecessor_code": "A", "successor_code": "A"}])
    assert "ok" == lines["succession_circle"].severity


def test_missing_relations_and_columns_are_notes_and_no_fault(tmp_path: Path) -> None:
    with open_source(new_duckdb(tmp_path / "a.duckdb", {"dossiers": [_dossier(1)], "agencies": [AGENCY]})) as source:
        report = check(source)
    lines = {line.rule: line for line in report.lines}
    assert "info" == lines["no_areas"].severity
    assert 0 == report.exit_code


def test_two_rows_of_load_info_are_a_warning_and_the_later_date_is_taken(tmp_path: Path) -> None:
    lines = _check(tmp_path, [_dossier(1)], load_info=[{"as_of": date(2026, 1, 31)}, {"as_of": date(2026, 2, 28)}])
    assert "warning" == lines["load_info"].severity
    assert "28/02/2026" in lines["in_the_future"].text


def test_a_value_that_cannot_be_read_is_a_line_and_makes_the_data_unusable(tmp_path: Path) -> None:
    url = new_duckdb(tmp_path / "a.duckdb", {"dossiers": [_dossier(1)], "agencies": [AGENCY]})
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("ALTER TABLE dossiers ALTER COLUMN status TYPE VARCHAR USING 'mười'")
    with open_source(url) as source:
        report = check(source)
    assert 2 == report.exit_code
    assert "dossiers.status" in report.text()


def test_the_text_has_one_line_per_rule_and_a_conclusion() -> None:
    lines = (Line("a", "ok", 0, "tốt"), Line("bb", "warning", 2, "2 hồ sơ"), Line("c", "info", 0, "biết vậy"))
    text = Report("native", "DuckDB x.duckdb", lines).text().splitlines()
    assert ["ĐẠT       a   tốt", "CẢNH BÁO  bb  2 hồ sơ", "GHI CHÚ   c   biết vậy"] == text[2:5]
    assert "Kết luận: dùng được, có 1 cảnh báo." == text[-1]


@pytest.mark.parametrize(("severities", "code"), [(["ok", "info"], 0), (["ok", "warning"], 1), (["warning", "error"], 2)])
def test_the_exit_code_is_that_of_the_worst_line(severities: list[Any], code: int) -> None:
    assert code == Report("x", "x", tuple(Line("r", severity, 1, "") for severity in severities)).exit_code


def test_numbers_are_written_as_officials_write_them() -> None:
    assert ("1.234.567", "12,5%", "–") == (number(1234567), percent(1, 8), percent(0, 0))
    assert "a, b, c, d, e và 2 mục khác" == listed(list("abcdefg"))


def test_a_folder_of_exports_is_checked_like_a_database() -> None:
    with open_source("duckdb://", str(SMALL)) as source:
        touched = {line.rule: line.touched for line in check(source).lines}
    assert (40, 1, 1, 1, 1) == tuple(
        touched[rule] for rule in ("dossiers", "unknown_status", "agency_not_in_catalogue", "procedure_not_in_catalogue", "area_not_in_catalogue")
    )


@pytest.mark.server
def test_three_engines_give_the_same_report(three_sources: dict[str, Source]) -> None:
    reports = {name: check(source).lines for name, source in three_sources.items()}
    assert reports["duckdb"] == reports["postgresql"]
    assert reports["duckdb"] == reports["mariadb"]


def test_nothing_is_changed_by_a_check(small_source: Source) -> None:
    before = small_source.version()
    check(small_source)
    assert before == small_source.version()


def test_a_rule_over_the_time_limit_is_a_warning_and_the_others_go_on(small_source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = small_source.frame

    def slow_on_duplicates(statement: Any) -> pd.DataFrame:
        if "HAVING" in str(statement):
            raise QueryTooSlow("too slow", sentence="Câu hỏi chạy quá 15 giây nên đã dừng.")
        return ask(statement)

    monkeypatch.setattr(small_source, "frame", slow_on_duplicates)
    report = check(small_source)
    lines = {line.rule: line for line in report.lines}
    assert "warning" == lines["duplicates"].severity
    assert "chưa kiểm tra được" in lines["duplicates"].text
    assert 40 == lines["dossiers"].touched
    assert 1 == report.exit_code
