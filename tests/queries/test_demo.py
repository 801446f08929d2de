"""The demo province: the published figures hold, the same arguments give the same rows, and the stories are there to be found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from queries import contract, errors
from queries.demo import days, seed, stories

AS_OF = date(2026, 10, 31)
SMALL = 200_000

VERDICTS = """
WITH results AS (
    SELECT agency_code, count(*) AS returned, count(returned_channel) AS recorded, count(*) FILTER (returned_channel = 'post') AS by_post
    FROM dossiers WHERE status = 10 AND returned_at >= '2026-01-01' GROUP BY agency_code
)
SELECT a.agency_code, CASE
    WHEN by_post > 0 THEN 'returns_by_post' WHEN recorded > 0 THEN 'not_by_post' WHEN returned > 0 THEN 'channel_not_recorded'
    WHEN covered_to >= '2026-01-01' THEN 'no_result' ELSE 'no_data' END AS verdict
FROM agencies a LEFT JOIN results USING (agency_code) LEFT JOIN coverage c USING (agency_code)
WHERE a.valid_to IS NULL
"""
OUTSIDE_ITS_LIFE = """
SELECT count(*) FROM dossiers JOIN agencies USING (agency_code)
WHERE received_at::DATE NOT BETWEEN coalesce(valid_from, '2017-01-01') AND coalesce(valid_to, '2030-01-01')
"""
OUTSIDE_EVERY_AREA = """
SELECT count(*) FROM dossiers d
ANTI JOIN areas a ON a.area_code = d.area_code AND received_at::DATE BETWEEN a.valid_from AND coalesce(a.valid_to, '2030-01-01')
WHERE d.area_code IS NOT NULL
"""
OUTSIDE_ITS_DISTRICT = """
SELECT count(*) FROM dossiers d JOIN areas a ON a.area_code = d.area_code AND valid_to = '2025-06-30'
WHERE d.agency_code LIKE 'H%' AND parent_code <> agency_code[2:]
"""


class Province:
    """A demo file opened for reading."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = duckdb.connect(str(path), read_only=True)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement).fetchall()

    def value(self, statement: str) -> Any:
        return self.rows(statement)[0][0]

    def dossiers(self, condition: str) -> int:
        return int(self.value(f"SELECT count(*) FROM dossiers WHERE {condition}"))


def opened(path: Path, **arguments: Any) -> Iterator[Province]:
    province = Province(seed(path, **({"dossiers": SMALL} | arguments)).path)
    yield province
    province.connection.close()


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    yield from opened(tmp_path_factory.mktemp("demo") / "first.duckdb")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    yield from opened(tmp_path_factory.mktemp("demo") / "other.duckdb", dossiers=260_000, seed=7)


@pytest.fixture(params=["province", "other"])
def either(request: pytest.FixtureRequest) -> Province:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Province)
    return found


def checksum(province: Province) -> list[tuple[Any, ...]]:
    return [province.rows(f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)) FROM {table.name} t")[0] for table in contract.RELATIONS]


RECEIVED_BY_POST = "received_channel = 'post' AND status NOT IN (1, 3)"


def test_received_by_post_in_2018_is_the_published_figure(either: Province) -> None:
    assert either.dossiers(f"{RECEIVED_BY_POST} AND received_at >= '2018-01-01' AND received_at < '2019-01-01'") == 13_205


def test_received_by_post_in_the_first_half_of_2019_is_the_published_figure(either: Province) -> None:
    assert either.dossiers(f"{RECEIVED_BY_POST} AND received_at >= '2019-01-01' AND received_at < '2019-07-01'") == 12_566


def test_the_published_figures_hold_in_the_smallest_province_that_ends_with_them(tmp_path: Path) -> None:
    for province in opened(tmp_path / "least.duckdb", dossiers=150_000, as_of=date(2019, 6, 30), seed=3):
        assert province.dossiers(f"{RECEIVED_BY_POST} AND year(received_at) = 2018") == 13_205
        assert province.dossiers(f"{RECEIVED_BY_POST} AND year(received_at) = 2019") == 12_566
        assert province.dossiers("received_at >= '2019-07-01' OR completed_at >= '2019-07-01' OR returned_at >= '2019-07-01'") == 0


def test_the_number_of_dossiers_is_the_one_asked_for(either: Province) -> None:
    assert either.dossiers("true") == either.value("SELECT count(DISTINCT dossier_id) FROM dossiers") == (SMALL if either.path.stem == "first" else 260_000)


def test_the_same_arguments_give_the_same_rows(province: Province, tmp_path: Path) -> None:
    for again in opened(tmp_path / "again.duckdb"):
        assert checksum(again) == checksum(province)


def test_another_seed_gives_other_dossiers_and_the_same_catalogue(province: Province, other: Province) -> None:
    assert checksum(other)[1:] == checksum(province)[1:]
    assert checksum(other)[0] != checksum(province)[0]


def test_the_file_has_the_ten_relations_with_the_columns_of_the_contract_in_order(province: Province) -> None:
    found = province.rows("SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() WHERE NOT internal GROUP BY 1 ORDER BY 1")
    assert found == sorted((table.name, [column.name for column in table.columns]) for table in contract.RELATIONS)


def test_every_relation_has_rows(province: Province) -> None:
    assert all(count > 0 for count, *_ in checksum(province))


def test_the_source_says_that_the_data_are_made_up(province: Province) -> None:
    assert province.rows("SELECT * FROM load_info") == [(AS_OF, datetime(2026, 10, 31, 23, 59), "Dữ liệu minh họa (không phải số liệu thật)")]


def test_nothing_happens_after_the_date_of_the_data(either: Province) -> None:
    assert either.dossiers("greatest(received_at, completed_at, returned_at) >= '2026-11-01'") == 0


def test_dossiers_lie_in_the_order_of_receipt(either: Province) -> None:
    assert (
        either.value("SELECT count(*) FROM (SELECT received_at, lag(received_at) OVER (ORDER BY rowid) AS earlier FROM dossiers) WHERE earlier > received_at")
        == 0
    )


def test_all_five_verdicts_occur_in_2026_and_several_units_do_not_return_by_post(either: Province) -> None:
    found = Counter(verdict for _, verdict in either.rows(VERDICTS))
    assert set(found) == {"returns_by_post", "not_by_post", "channel_not_recorded", "no_result", "no_data"}
    assert found["not_by_post"] >= 8


def test_the_stories_hang_on_the_agencies_and_not_on_the_seed(either: Province) -> None:
    verdicts = dict(either.rows(VERDICTS))
    assert {verdicts[code] for code in ("TTT", "BQLKKT", "SDTTG", "X03439", "X03451", "SVHTTDL", "X03472")} == {"not_by_post"}
    assert {verdicts[code] for code in ("BHXH", "X03460", "X03532")} == {"channel_not_recorded"}
    assert {verdicts[code] for code in ("TTPVHCC", "THUE", "SNGV")} == {"no_result"}
    assert {verdicts[code] for code in ("BCHQS", "X03442", "BDTINH")} == {"no_data"}


def test_a_unit_that_stopped_returned_by_post_before_its_last_day_and_never_after(either: Province) -> None:
    last = dict(either.rows("SELECT agency_code, max(returned_at)::DATE FROM dossiers WHERE returned_channel = 'post' AND status = 10 GROUP BY 1"))
    for code, until in stories.STOPPED_AFTER.items():
        assert date(until.year, 1, 1) <= last[code] <= until


def test_a_unit_that_never_returns_by_post_returns_results_otherwise(either: Province) -> None:
    for code in stories.NEVER_BY_POST:
        assert either.dossiers(f"agency_code = '{code}' AND returned_channel = 'post'") == 0
        assert either.dossiers(f"agency_code = '{code}' AND status = 10 AND returned_channel IS NOT NULL") > 10


def test_no_incident_spoils_the_safety_of_2018_and_the_first_half_of_2019(province: Province) -> None:
    assert province.value("SELECT min(reported_on) FROM postal_incidents") > date(2019, 6, 30)
    assert {kind for (kind,) in province.rows("SELECT DISTINCT kind FROM postal_incidents")} == set(contract.INCIDENT_KINDS)
    assert province.rows("SELECT DISTINCT settled_on IS NULL FROM postal_incidents ORDER BY 1") == [(False,), (True,)]


def test_the_postal_list_has_about_1990_procedures(province: Province) -> None:
    assert 1_950 <= province.value("SELECT count(DISTINCT procedure_code) FROM agency_procedures") <= 2_010


def test_a_made_up_procedure_says_so_and_has_no_national_code(province: Province) -> None:
    assert province.value("SELECT count(*) FROM procedures WHERE regexp_matches(procedure_code, '^[0-9]\\.[0-9]{6}$')") == 149
    assert province.value("SELECT count(*) FROM procedures WHERE procedure_code LIKE 'MH.%' AND procedure_name NOT LIKE 'Thủ tục minh họa %'") == 0


def test_the_list_has_procedures_for_receipt_only_for_return_only_and_never_used(province: Province) -> None:
    assert province.rows("SELECT DISTINCT postal_receive, postal_return FROM agency_procedures ORDER BY ALL") == [(False, True), (True, False), (True, True)]
    assert province.value("SELECT count(DISTINCT procedure_code) FROM agency_procedures ANTI JOIN dossiers USING (procedure_code)") > 500


def test_a_procedure_outside_the_list_is_sometimes_used_by_post(province: Province) -> None:
    assert province.dossiers("received_channel = 'post' AND procedure_code NOT IN (SELECT procedure_code FROM agency_procedures)") > 0


def test_an_agency_has_dossiers_only_while_it_exists(either: Province) -> None:
    assert either.value(OUTSIDE_ITS_LIFE) == 0
    assert either.value("SELECT min(received_at)::DATE FROM dossiers WHERE agency_code = 'SKHCN'") >= date(2025, 3, 1)
    assert either.dossiers("agency_code = 'STTTT'") > 0


def test_a_dossier_lies_in_an_area_that_existed_and_that_its_agency_serves(either: Province) -> None:
    assert either.value(OUTSIDE_EVERY_AREA) == 0
    assert either.dossiers("agency_code LIKE 'X%' AND area_code <> agency_code[2:]") == 0
    assert either.value(OUTSIDE_ITS_DISTRICT) == 0


def test_a_postal_stage_stands_only_with_a_return_by_post(either: Province) -> None:
    assert either.dossiers("(postal_stage IS NOT NULL) <> (returned_channel IS NOT DISTINCT FROM 'post')") == 0
    assert {stage for (stage,) in either.rows("SELECT DISTINCT postal_stage FROM dossiers WHERE postal_stage IS NOT NULL")} == set(contract.STAGES)


def test_a_postal_fee_stands_only_with_the_post(either: Province) -> None:
    assert either.dossiers("postal_fee IS NOT NULL AND received_channel IS DISTINCT FROM 'post' AND returned_channel IS DISTINCT FROM 'post'") == 0
    assert either.dossiers("received_channel = 'post' AND postal_fee IS NULL") == 0


def test_later_years_return_two_to_four_times_as_many_by_post_as_they_receive(province: Province) -> None:
    for year in (2023, 2024, 2025, 2026):
        received = province.dossiers(f"{RECEIVED_BY_POST} AND year(received_at) = {year}")
        returned = province.dossiers(f"status = 10 AND returned_channel = 'post' AND year(returned_at) = {year}")
        assert 2 <= returned / received <= 4


def test_no_one_hands_in_on_a_sunday_at_tet_or_outside_office_hours(either: Province) -> None:
    assert either.dossiers("isodow(received_at) = 7") == 0
    assert either.dossiers("received_at::DATE IN ('2018-02-16', '2026-02-17')") == 0
    assert either.dossiers("received_at::TIME NOT BETWEEN '07:30:00' AND '17:00:00'") == 0


def test_most_dossiers_are_settled_on_time_and_some_are_overdue_or_due_in_three_days(either: Province) -> None:
    on_time = either.value("SELECT avg((completed_at::DATE <= due_at::DATE)::INTEGER) FROM dossiers WHERE completed_at IS NOT NULL AND due_at IS NOT NULL")
    assert 0.95 <= on_time <= 0.98
    assert either.dossiers("status IN (2, 4, 5, 6) AND due_at::DATE < '2026-10-31'") > 0
    assert either.dossiers("status IN (2, 4, 5, 6) AND due_at::DATE BETWEEN '2026-10-31' AND '2026-11-03'") > 0


@pytest.mark.parametrize(
    ("expected", "condition"),
    [
        (7, "agency_code NOT IN (SELECT agency_code FROM agencies)"),
        (12, "procedure_code NOT IN (SELECT procedure_code FROM procedures)"),
        (9, "status = 0"),
        (3, "received_channel NOT IN ('counter', 'online', 'post')"),
        (5, "received_at > due_at"),
        (4, "completed_at < received_at"),
        (4, "returned_at < completed_at"),
        (6, "status = 10 AND returned_at IS NULL"),
        (5, "status <> 10 AND returned_at IS NOT NULL"),
        (15, "agency_code IS NULL"),
        (0, "received_at::DATE = '2023-10-18'"),
    ],
)
def test_the_faults_are_there_for_the_check_to_find(either: Province, expected: int, condition: str) -> None:
    assert either.dossiers(condition) == expected


def test_every_status_occurs(either: Province) -> None:
    assert [status for (status,) in either.rows("SELECT DISTINCT status FROM dossiers ORDER BY 1")] == list(contract.STATUSES)


def test_areas_are_unique_by_code_and_first_day_and_codes_are_used_again(province: Province) -> None:
    assert province.rows("SELECT level, count(*) FROM areas GROUP BY 1 ORDER BY 1") == [("commune", 144), ("district", 8), ("province", 1)]
    assert province.value("SELECT count(*) FROM (SELECT DISTINCT area_code, valid_from FROM areas)") == 153
    assert province.value("SELECT count(*) FROM areas WHERE area_code = '03487'") == 2
    assert province.value("SELECT population FROM areas WHERE level = 'province'") == 512_601


def test_every_successor_is_an_agency_or_area_of_the_catalogue(province: Province) -> None:
    assert province.rows("SELECT kind, count(*) FROM successions GROUP BY 1 ORDER BY 1") == [("agency", 56), ("area", 106)]
    assert province.value("SELECT count(*) FROM successions ANTI JOIN agencies ON agency_code = successor_code WHERE kind = 'agency'") == 0
    assert (
        province.value("SELECT count(*) FROM successions ANTI JOIN areas ON area_code = successor_code AND valid_from = effective_on WHERE kind = 'area'") == 0
    )


def test_too_few_dossiers_are_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(errors.BadRequest) as fault:
        seed(tmp_path / "few.duckdb", dossiers=149_999)
    assert "Cần ít nhất 150.000 hồ sơ" in fault.value.sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("as_of", [date(2019, 6, 29), date(2030, 1, 1)])
def test_a_date_outside_the_known_calendar_is_refused_with_a_sentence(tmp_path: Path, as_of: date) -> None:
    with pytest.raises(errors.BadRequest) as fault:
        seed(tmp_path / "far.duckdb", dossiers=SMALL, as_of=as_of)
    assert "Ngày số liệu phải từ 30/06/2019" in fault.value.sentence


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_no_draft(tmp_path: Path) -> None:
    (tmp_path / "taken.duckdb").mkdir()
    with pytest.raises(errors.BadRequest) as fault:
        seed(tmp_path / "taken.duckdb", dossiers=150_000)
    assert "Không ghi được tệp" in fault.value.sentence
    assert [path.name for path in tmp_path.iterdir()] == ["taken.duckdb"]


def test_the_published_spans_are_1_year_and_6_months() -> None:
    assert [(window.first, window.last) for window in days.PUBLISHED] == [(date(2018, 1, 1), date(2018, 12, 31)), (date(2019, 1, 1), date(2019, 6, 30))]
