from __future__ import annotations

from pathlib import Path

import pandas as pd

from queries.check import check
from queries.counting import Rules
from queries.filters import Filters
from queries.loaded import Findings, LoadedData, LoadedRelations
from tests.queries.hand import ask, province, received, returned


def test_every_dossier_of_the_database_is_counted_whatever_its_status(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05", status=1), received("2025-02-06", status=3), returned("2026-03-07")])
    row = ask(data, LoadedData()).iloc[0]
    assert (3, 7, 4, 9) == (row["dossiers"], row["agencies"], row["procedures"], row["areas"])
    assert ("2026-06-30", "2025-02-06") == (str(row["as_of"])[:10], str(row["first_on"])[:10])
    assert ("Bộ đếm trên đầu ngón tay", False, "duckdb") == (row["source_name"], row["is_demo"], row["engine"])


def test_what_is_not_told_is_missing(tmp_path: Path) -> None:
    row = ask(province(tmp_path, [received("2026-01-05")], as_of=None), LoadedData()).iloc[0]
    assert row[["loaded_at", "source_name"]].isna().all()
    assert "2026-01-05" == str(row["as_of"])[:10]


def test_the_switches_of_counting_are_told(tmp_path: Path) -> None:
    row = ask(province(tmp_path, [received("2026-01-05")], rules=Rules(missing_channel_as_counter=True, minimum_n=7)), LoadedData()).iloc[0]
    assert (True, False, 7) == (row["missing_channel_as_counter"], row["without_due_as_on_time"], row["minimum_n"])


def test_a_missing_relation_says_what_is_switched_off_and_a_missing_column_is_named(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05")], areas=None, without=("dossiers.postal_fee", "dossiers.area_code"))
    rows = {row["relation"]: row for row in ask(data, LoadedRelations()).to_dict("records")}
    assert ("không có trang địa bàn", False) == (rows["areas"]["without"], rows["areas"]["is_present"])
    assert "area_code, postal_fee" == rows["dossiers"]["absent_columns"]
    assert pd.isna(rows["dossiers"]["without"])
    assert 10 == len(rows)


def test_the_findings_are_the_lines_of_the_check(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05", "fax")])
    frame = ask(data, Findings())
    assert [(line.rule, line.severity, line.touched, line.text) for line in check(data.source).lines] == list(frame.itertuples(index=False, name=None))
    assert [1] == list(frame.loc[frame["rule"] == "unknown_received_channel", "touched"])


def test_the_check_runs_once_for_all_filters(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05")])
    assert data.ask(Findings(), Filters.from_query("ky=2025")) is data.ask(Findings(), Filters.from_query("dv=STP"))
