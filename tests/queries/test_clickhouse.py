"""The same dossiers in ClickHouse, in one table and over three shards: equal frames, no writes, a time limit, sentences for its faults."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from dashboard.pages import ADDRESSES, answer
from queries import clickhouse, contract
from queries.check import check
from queries.data import Data, Question, read_data
from queries.errors import AccessRefused, BadRequest, DashboardError, DatabaseUnreachable, QueryFailed, QueryTooSlow, SourceRefused
from queries.filters import Filters
from queries.source import Source, open_source
from tests.clickhouse import new_clickhouse, run_clickhouse
from tests.queries.test_servers import QUESTIONS as STATEMENTS
from tests.queries.test_three_engines import QUERIES, QUESTIONS
from tests.queries.test_unit_questions_servers import QUESTIONS as UNIT_QUESTIONS
from tests.servers import Rows

ALL_QUESTIONS: tuple[Question, ...] = (*QUESTIONS, *UNIT_QUESTIONS.values())
PROVINCE = ({"agency_code": "A", "agency_name": "Sở A", "level": "province"},)
CARDS = [address for address in ADDRESSES if address != "data.state"]  # that one says which engine answers


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns), ignore_index=True)


@pytest.fixture(scope="module")
def on_duckdb(small_source: Source) -> Data:
    return read_data(small_source)


@pytest.fixture(scope="module")
def on_clickhouse(clickhouse_source: Source) -> Data:
    return read_data(clickhouse_source)


@pytest.mark.parametrize("relation", [table.name for table in contract.RELATIONS])
def test_every_relation_is_the_same_frame_as_in_duckdb(small_source: Source, clickhouse_source: Source, relation: str) -> None:
    expected, found = (_sorted(source.frame(sa.select(*source.relation(relation).c))) for source in (small_source, clickhouse_source))
    assert len(expected) > 0
    pd.testing.assert_frame_equal(expected, found)


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_same_statement_gives_equal_frames(small_source: Source, clickhouse_source: Source, name: str) -> None:
    expected, found = (_sorted(source.frame(STATEMENTS[name](source.relation("dossiers")))) for source in (small_source, clickhouse_source))
    assert len(expected) > 0
    pd.testing.assert_frame_equal(expected, found)


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERIES)
def test_every_question_has_the_answer_of_duckdb(on_duckdb: Data, on_clickhouse: Data, query: str) -> None:
    for question in ALL_QUESTIONS:
        pd.testing.assert_frame_equal(
            on_duckdb.ask(question, Filters.from_query(query)), on_clickhouse.ask(question, Filters.from_query(query)), obj=str(question)
        )


@pytest.mark.slow
@pytest.mark.parametrize("query", [*QUERIES, "tu=2018-01-01&den=2018-01-02"])
def test_every_card_of_every_page_has_the_frame_of_duckdb(on_duckdb: Data, on_clickhouse: Data, query: str) -> None:
    for address in CARDS:
        pd.testing.assert_frame_equal(answer(address, on_duckdb, query), answer(address, on_clickhouse, query), obj=address)


def test_the_check_says_the_same_lines(small_source: Source, clickhouse_source: Source) -> None:
    assert check(small_source).lines == check(clickhouse_source).lines


def test_the_date_of_the_data_and_its_version_are_read(on_duckdb: Data, on_clickhouse: Data) -> None:
    assert (on_duckdb.as_of, on_duckdb.first_on) == (on_clickhouse.as_of, on_clickhouse.first_on)
    assert on_clickhouse.version == on_clickhouse.source.version() != ""


def test_nothing_counted_is_zero_and_the_latest_of_nothing_is_missing(clickhouse_source: Source) -> None:
    d = clickhouse_source.relation("dossiers")
    frame = clickhouse_source.frame(sa.select(sa.func.count().label("n"), sa.func.max(d.c.received_at).label("last")).where(d.c.dossier_id == "không có"))
    assert (0, True) == (frame["n"].iloc[0], pd.isna(frame["last"].iloc[0]))


def test_a_name_in_where_means_the_column_though_a_result_is_called_so_too(clickhouse_source: Source) -> None:
    d = clickhouse_source.relation("dossiers")
    frame = clickhouse_source.frame(sa.select(sa.func.max(d.c.status).label("status")).where(d.c.status < 9))
    assert [8] == frame["status"].tolist()


def test_a_join_that_finds_nothing_is_missing_and_not_an_empty_text(clickhouse_source: Source) -> None:
    d, a = clickhouse_source.relation("dossiers"), clickhouse_source.relation("agencies")
    joined = sa.select(a.c.agency_name).select_from(d.outerjoin(a, d.c.agency_code == a.c.agency_code)).where(d.c.agency_code == "KHÔNG-CÓ")
    assert [True] == clickhouse_source.frame(joined)["agency_name"].isna().tolist()


def test_every_instant_from_1900_to_2299_keeps_its_day(clickhouse_server: sa.Engine) -> None:
    times = [datetime(1900, 1, 1), datetime(1969, 12, 31, 23, 59, 59), datetime(2149, 6, 7), datetime(2299, 12, 31, 23, 59, 59, 999999)]
    dossiers = [{"dossier_id": str(n), "received_at": time, "status": 4} for n, time in enumerate(times)]
    with new_clickhouse(clickhouse_server, {"dossiers": dossiers, "agencies": PROVINCE}) as url, open_source(url) as source:
        d = source.relation("dossiers")
        columns = [d.c.received_at, sa.cast(d.c.received_at, sa.Date).label("day"), sa.cast(sa.extract("year", d.c.received_at), sa.Integer).label("year")]
        frame = source.frame(sa.select(*columns).order_by(d.c.received_at))
    assert times == frame["received_at"].dt.to_pydatetime().tolist()
    assert [time.date() for time in times] == frame["day"].dt.date.tolist()
    assert [1900, 1969, 2149, 2299] == frame["year"].tolist()


def test_an_instant_without_a_zone_becomes_viet_nam_time_and_one_with_a_zone_stays(clickhouse_server: sa.Engine) -> None:
    made = (
        (
            "CREATE TABLE {0}.dossiers (dossier_id String, agency_code String, received_at DateTime, completed_at DateTime64(3, 'Asia/Ho_Chi_Minh'), "
            "due_at Date, status UInt8, procedure_code FixedString(4), returned_at Nullable(DateTime64(6, 'UTC')), received_channel Enum8('post' = 1), "
            "returned_channel LowCardinality(String)) ENGINE = Memory"
        ),
        (
            "INSERT INTO {0}.dossiers VALUES ('1', 'A', toDateTime('2026-01-01 01:00:00', 'UTC'), '2026-01-02 08:00:00', '2026-01-03', 10, '1.01', "
            "'2026-01-02 23:59:59', 'post', 'post')"
        ),
    )
    with new_clickhouse(clickhouse_server, {"agencies": PROVINCE}, *made) as url, open_source(url) as source:
        d = source.relation("dossiers")
        row = source.frame(sa.select(*d.c)).iloc[0]
        cast = set(source.cast_columns("dossiers"))
    assert (datetime(2026, 1, 1, 8), datetime(2026, 1, 2, 8), datetime(2026, 1, 2, 23, 59, 59)) == (row["received_at"], row["completed_at"], row["returned_at"])
    assert ("post", "1.01", 10, datetime(2026, 1, 3)) == (row["received_channel"], row["procedure_code"], row["status"], row["due_at"])
    assert {"received_at", "due_at", "received_channel", "procedure_code"} == cast


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO agencies (agency_code, agency_name, level) VALUES ('X', 'X', 'other')",
        "ALTER TABLE dossiers DELETE WHERE 1",
        "CREATE TABLE written_by_the_dashboard (a Int8) ENGINE = Memory",
        "DROP TABLE agencies",
        "SELECT 1 SETTINGS readonly = 0",
    ],
)
def test_a_write_through_the_dashboards_own_engine_fails(clickhouse_source: Source, statement: str) -> None:
    with clickhouse_source.database.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match=r"(?i)readonly"):
        connection.exec_driver_sql(statement)
    assert 40 == len(clickhouse_source.frame(sa.select(clickhouse_source.relation("dossiers").c.dossier_id)))


def test_a_statement_over_the_time_limit_is_stopped_and_the_next_one_answered(clickhouse_url: str) -> None:
    with open_source(clickhouse_url, timeout_seconds=0.5) as source:
        slow = sa.text("SELECT count() AS n FROM numbers(1000000000000) WHERE sipHash64(number) % 7 = 3").columns(sa.column("n", sa.BigInteger))
        with pytest.raises(QueryTooSlow) as caught:
            source.frame(sa.select(slow.subquery("slow")))
        assert "0.5 giây" in caught.value.sentence
        assert 40 == source.frame(sa.select(sa.func.count().label("n")).select_from(source.relation("dossiers")))["n"].iloc[0]


def _plan(source: Source, select: sa.Select[Any]) -> str:
    sql = str(select.compile(source.database.engine, compile_kwargs={"literal_binds": True}))
    with source.database.connection() as connection:
        return "\n".join(row[0] for row in connection.execute(sa.text(f"EXPLAIN {sql}".replace(":", "\\:"))))


def test_the_shards_add_up_their_own_rows_and_only_sums_travel(three_shards: Source) -> None:
    d = three_shards.relation("dossiers")
    plan = _plan(three_shards, sa.select(d.c.agency_code, sa.func.count().label("n")).group_by(d.c.agency_code))
    assert (1, 3) == (plan.count("MergingAggregated"), plan.count("Aggregating"))


def test_every_shard_holds_a_part_and_all_hold_the_whole(three_shards: Source) -> None:
    with three_shards.database.connection() as connection:
        counts = [row[1] for row in connection.execute(sa.text("SELECT shardNum(), count() FROM dossiers GROUP BY 1 ORDER BY 1"))]
    assert (3, 40, True) == (len(counts), sum(counts), all(counts))


def test_distinct_things_are_counted_once_though_several_shards_have_them(small_source: Source, three_shards: Source) -> None:
    expected, found = (
        source.frame(sa.select(sa.cast(sa.func.count(sa.distinct(source.relation("dossiers").c.agency_code)), sa.BigInteger).label("n")))
        for source in (small_source, three_shards)
    )
    pd.testing.assert_frame_equal(expected, found)


def test_a_subquery_over_the_shards_sees_the_rows_of_all(small_source: Source, three_shards: Source) -> None:
    def asked(source: Source) -> pd.DataFrame:
        d, e = source.relation("dossiers"), source.relation("dossiers").alias("e")
        by_post = sa.select(e.c.agency_code).where(e.c.returned_channel == "post")
        return source.frame(sa.select(sa.cast(sa.func.count(), sa.BigInteger).label("n")).select_from(d).where(d.c.agency_code.in_(by_post)))

    pd.testing.assert_frame_equal(asked(small_source), asked(three_shards))


def test_without_an_optional_column_its_values_are_missing(clickhouse_server: sa.Engine) -> None:
    rows: Rows = {"dossiers": [{"dossier_id": "1", "received_at": datetime(2026, 1, 1), "status": 4}], "agencies": PROVINCE}
    with new_clickhouse(clickhouse_server, rows, "ALTER TABLE {0}.dossiers DROP COLUMN postal_fee") as url, open_source(url) as source:
        assert not source.has_column("dossiers", "postal_fee")
        assert [True] == source.frame(sa.select(source.relation("dossiers").c.postal_fee))["postal_fee"].isna().tolist()


def test_a_missing_required_column_is_refused_by_name(clickhouse_server: sa.Engine) -> None:
    rows = {"dossiers": [], "agencies": PROVINCE}
    with (
        new_clickhouse(
            clickhouse_server, rows, "ALTER TABLE {0}.dossiers DROP INDEX returned_at_range", "ALTER TABLE {0}.dossiers DROP COLUMN returned_at"
        ) as url,
        pytest.raises(SourceRefused) as caught,
    ):
        open_source(url)
    assert "returned_at" in caught.value.sentence


def test_an_unknown_database_gives_a_sentence(clickhouse_server: sa.Engine) -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        open_source("clickhousedb://127.0.0.1/khong_co?interface=chdb")
    assert "không có cơ sở dữ liệu mang tên này" in caught.value.sentence


def test_a_server_that_does_not_answer_gives_a_sentence_without_the_password() -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        open_source("clickhousedb://doc:mat-khau@127.0.0.1:9/hoso", timeout_seconds=2)
    assert "ClickHouse 127.0.0.1:9/hoso" in caught.value.sentence
    assert "mat-khau" not in caught.value.sentence + str(caught.value)


def test_without_the_package_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clickhouse, "find_spec", lambda _: None)
    with pytest.raises(BadRequest) as caught:
        open_source("clickhousedb://may-chu:8123/hoso")
    assert "pip install -r requirements-clickhouse.txt" in caught.value.sentence


def test_the_dashboard_does_not_need_the_package_for_other_databases(monkeypatch: pytest.MonkeyPatch, small_source: Source) -> None:
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    assert "duckdb" == small_source.dialect


class _Driver(Exception):
    """An error as clickhouse-connect raises it: the server's number and words."""

    __module__ = "clickhouse_connect.driver.exceptions"

    def __init__(self, code: int | None, words: str) -> None:
        super().__init__(words)
        self.code = code


@pytest.mark.parametrize(
    ("code", "words", "kind", "sentence"),
    [
        (159, "Timeout exceeded", QueryTooSlow, "quá 15 giây"),
        (516, "Authentication failed", AccessRefused, "sai mật khẩu"),
        (497, "Not enough privileges", AccessRefused, "quyền SELECT"),
        (60, "Unknown table expression identifier 'dossiers'", SourceRefused, "“dossiers”"),
        (164, "Cannot modify 'max_execution_time' setting in readonly mode", AccessRefused, "readonly = 2"),
        (None, "Setting max_execution_time is unknown or readonly", BadRequest, "readonly = 2"),
        (115, "Unknown setting x", BadRequest, "tham số"),
        (241, "Memory limit exceeded", QueryFailed, "bộ nhớ"),
        (279, "All connection tries failed", DatabaseUnreachable, "nút"),
        (6, "Cannot parse string 'a' as Int32", QueryFailed, "không đổi được"),
        (None, "Connection refused", DatabaseUnreachable, "không trả lời"),
        (49, "Logical error", QueryFailed, "báo lỗi"),
    ],
)
def test_a_fault_of_the_server_becomes_a_sentence(clickhouse_source: Source, code: int | None, words: str, kind: type[DashboardError], sentence: str) -> None:
    clickhouse_source.database.seconds = 15
    fault = clickhouse_source.database.fault(_Driver(code, words))
    assert kind is type(fault)
    assert sentence in fault.sentence


def test_the_rows_of_a_select_come_in_blocks(clickhouse_source: Source) -> None:
    database = clickhouse_source.database
    assert isinstance(database, clickhouse.ClickHouse)
    d = clickhouse_source.relation("dossiers")
    with database.connection() as connection:
        frames = list(database.batches(connection, sa.select(d.c.dossier_id, d.c.received_at).where(d.c.received_at >= date(2026, 1, 1)), 10))
    whole = pd.concat(frames)
    assert ["dossier_id", "received_at"] == list(whole.columns)
    assert 17 == len(whole)


def test_a_view_under_the_name_of_a_relation_will_do(clickhouse_server: sa.Engine) -> None:
    rows: Rows = {"dossiers": [{"dossier_id": "1", "received_at": datetime(2026, 1, 1), "status": 4}], "agencies": PROVINCE}
    more = ("RENAME TABLE {0}.agencies TO {0}.don_vi", "CREATE VIEW {0}.agencies AS SELECT agency_code, agency_name, level FROM {0}.don_vi")
    with new_clickhouse(clickhouse_server, rows, *more) as url, open_source(url) as source:
        assert ["Sở A"] == read_data(source).catalogue.agencies["agency_name"].tolist()
        run_clickhouse(clickhouse_server, "SELECT 1")
