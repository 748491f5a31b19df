"""A query's life on Athena: started once, watched, stopped, its rows as the lake's own engine gives them."""

import gc
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

import lake
from lake.aws.connection import AwsConnection
from lake.engine.athena.calls import AthenaCalls
from lake.engine.athena.rates import QUOTAS
from lake.engine.request import Deadline
from lake.errors import (
    AlreadyExists,
    ColumnNotFound,
    ConfigError,
    ConnectionFailed,
    DatabaseNotFound,
    ExecutionNotFound,
    FunctionNotFound,
    LakeError,
    MalformedQuery,
    ParameterError,
    QueryCancelled,
    QueryFailed,
    QueryTimeout,
    TableNotFound,
    TypeMismatch,
    UsageError,
)
from lake.model import State
from lake.storage.new_file import NewFile
from tests.engine.athena.conftest import ENDLESS, ROWS, Ask, Asker, Service
from tests.proxies import Call, proxy

EVERY_TYPE = """SELECT true AS a, tinyint '1' AS b, smallint '-1' AS c, 1 AS d, bigint '1' AS e, real '1.5' AS f, 1e20 AS g,
    'x' AS h, cast('x' AS char(3)) AS i, decimal '1.10' AS j, timestamp '2026-01-01 00:00:00.123' AS k,
    timestamp '2026-01-01 00:00:00.123456' AS l, timestamp '2026-01-01 00:00:00.123456789' AS m,
    timestamp '2026-01-01 00:00:00.123 UTC' AS n, timestamp '2026-01-01 00:00:00.123 America/New_York' AS o,
    time '01:02:03.123' AS p, time '01:02:03.123+01:00' AS q, date '2026-01-01' AS r, x'0aff' AS s, array[1, null, 2] AS t,
    map(array[1], array[date '2026-01-01']) AS u, cast(row(1, 2) AS row(a integer, b bigint)) AS v, row(1, array[2]) AS w,
    json '{"a":1}' AS x, uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' AS y, ipaddress '10.0.0.1' AS z,
    interval '2' day AS aa, interval '3' month AS bb, null AS cc, nan() AS dd, -infinity() AS ee, x'' AS ff, '' AS gg,
    cast(null AS varchar) AS hh, cast(array[] AS array(integer)) AS ii, array[timestamp '2026-01-01 00:00:00.123 UTC'] AS jj"""


def same(asker: Asker, service: Service, sql: str, params: Any = None) -> None:
    wanted = service.db.query(sql, params)
    types = tuple(service.db.plan(sql, params).compiled.types)
    found = asker.query(sql, values=params, types=types)
    assert found.column_types == wanted.column_types
    assert found.schema == wanted.schema
    assert str(found.to_arrow().to_pylist()) == str(wanted.to_arrow().to_pylist())
    (schema, own), (other, theirs) = found.zoned(), wanted.zoned()
    assert schema == other
    assert [str(batch.to_pylist()) for batch in own] == [str(batch.to_pylist()) for batch in theirs]


def test_every_type_is_as_on_the_lakes_own_engine(asker: Asker, service: Service) -> None:
    same(asker, service, EVERY_TYPE)


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT count(*) FROM numbers", None),
        ("SELECT * FROM numbers WHERE n < 5 ORDER BY n", None),
        ("SELECT 1, 2 AS a, 3 AS a, count(*)", None),
        ("SELECT n FROM numbers WHERE false", None),
        ("SELECT * FROM (VALUES (1, NULL), (NULL, '')) t(a, b)", None),
        ("SELECT NULL FROM (VALUES 1, 2, 3) t", None),
        ("SELECT t FROM numbers WHERE n IN (:some) OR t = :text ORDER BY n", {"some": [1, 2, 3], "text": "text"}),
        ("SELECT ?, ?, ?, ?", ["it's", date(2026, 1, 31), None, b"\x00"]),
    ],
)
def test_the_same_rows_as_on_the_lakes_own_engine(asker: Asker, service: Service, sql: str, params: Any) -> None:
    same(asker, service, sql, params)


def test_many_rows_come_from_the_object(ask: Ask, service: Service) -> None:
    with proxy(service.server, lambda call: "pass") as before:
        asker = ask(endpoint_url=before.endpoint_url)
        found = asker.query("SELECT n, t FROM numbers ORDER BY n")
        assert found.to_arrow().equals(service.db.query("SELECT n, t FROM numbers ORDER BY n").to_arrow())
        assert before.calls["GetQueryResults"] == 1
        assert before.calls["GET"] == 1
    assert (found.execution.rows, len(found), found.to_arrow().num_rows) == (ROWS, ROWS, ROWS)


def test_without_the_object_rows_come_from_the_pages(ask: Ask, service: Service, caplog: Any) -> None:
    with proxy(service.server, lambda call: "pass") as before:
        asker = ask(endpoint_url=before.endpoint_url)
        execution = asker.submit("SELECT n, t FROM numbers ORDER BY n LIMIT 3500")
        asker.engine.wait(execution.id)
        location = service.athena.get_query_execution(QueryExecutionId=execution.id)["QueryExecution"][
            "ResultConfiguration"
        ]
        bucket, _, key = location["OutputLocation"].removeprefix("s3://").partition("/")
        service.server.client("s3").delete_object(Bucket=bucket, Key=key)
        found = asker.engine.result(execution.id)
        assert found.to_arrow().equals(service.db.query("SELECT n, t FROM numbers ORDER BY n LIMIT 3500").to_arrow())
        assert before.calls["GetQueryResults"] == 4
    assert "read from the API" in caplog.text


def test_rows_pass_by_once(asker: Asker) -> None:
    found = asker.query("SELECT n FROM numbers", keep=False)
    assert found.to_arrow().num_rows == ROWS
    with pytest.raises(LakeError, match="read already"):
        found.to_arrow()


def test_statements_about_tables_give_rows_too(asker: Asker, service: Service) -> None:
    for sql in (
        "SHOW TABLES",
        "DESCRIBE numbers",
        "SHOW COLUMNS IN numbers",
        "SHOW CREATE TABLE numbers",
        "SHOW DATABASES",
    ):
        found, wanted = asker.query(sql), service.db.query(sql)
        assert found.fetch_all() == wanted.fetch_all(), sql
        assert found.column_names == wanted.column_names
        assert (found.execution.statement_type, found.execution.cost_usd) == ("UTILITY", 0.0)
    made = asker.query("CREATE DATABASE made")
    assert (made.column_names, made.fetch_all(), made.execution.statement_type) == ([], [], "DDL")
    assert "made" in [found.name for found in service.db.catalog.list_databases()]
    with pytest.raises(AlreadyExists, match="made"):
        asker.query("CREATE DATABASE made")
    asker.query("DROP DATABASE made")


def test_an_execution_says_what_it_cost(asker: Asker) -> None:
    execution = asker.submit("SELECT sum(n) FROM numbers", parameters={"a": "1"})
    assert execution.state is State.QUEUED
    ended = asker.engine.wait(execution.id)
    assert (ended.state, ended.engine, ended.statement_type, ended.parameters) == (
        State.SUCCEEDED,
        "athena",
        "DML",
        {"a": "1"},
    )
    assert ended.scanned_bytes
    assert ended.cost_usd == pytest.approx(5e-5)
    assert ended.ended_at is not None
    assert ended.ended_at >= ended.submitted_at


FAILURES = [
    ("SELEC 1", MalformedQuery, "line 1:1: mismatched input 'SELEC'", None),
    ("SELECT nn FROM numbers", ColumnNotFound, "line 1:8: Column 'nn' cannot be resolved", "did you mean n?"),
    ("SELECT 1\nFROM numberz", TableNotFound, "line 2:6: table 'default.numberz'", "did you mean default.numbers?"),
    ("SELECT * FROM defualt.numbers", DatabaseNotFound, "line 1:15: database 'defualt'", "did you mean default?"),
    ("SELECT nope(1)", FunctionNotFound, "line 1:8", None),
    ("SELECT 1 + 'a'", TypeMismatch, "line 1:8", None),
    ("SELECT 1 / (n - n) FROM numbers", QueryFailed, "Division by zero", None),
    ("DROP TABLE nope", TableNotFound, "default.nope", "tap-lake tables lists what is"),
]


@pytest.mark.parametrize(("sql", "error", "words", "hint"), FAILURES, ids=[sql for sql, *_ in FAILURES])
def test_a_failure_has_its_class_place_and_remedy(
    asker: Asker, sql: str, error: type[LakeError], words: str, hint: str | None
) -> None:
    with pytest.raises(error) as failure:
        asker.query(sql)
    assert words in failure.value.message
    assert "\n" not in failure.value.message
    assert failure.value.hint == hint
    if error is not MalformedQuery:
        assert "(query " in failure.value.message


def test_a_place_is_told_in_the_text_as_it_was_given(asker: Asker) -> None:
    with pytest.raises(ColumnNotFound) as failure:
        asker.query("SELECT :long,\n  nope FROM numbers", values={"long": "several\nlines\nof text"})
    assert (failure.value.line, failure.value.column) == (2, 3)


def test_what_failed_is_known_afterwards(asker: Asker) -> None:
    ended = asker.engine.wait(asker.submit("SELECT nope FROM numbers").id)
    assert (ended.state, ended.error_id, ended.cost_usd) == (State.FAILED, "COLUMN_NOT_FOUND", 0.0)
    assert "nope" in (ended.error_message or "")


def test_what_failed_is_neither_stopped_nor_asked_after_again(asker: Asker) -> None:
    parts: Any = SimpleNamespace(engine=asker.engine)
    with pytest.raises(TableNotFound):
        lake.Lake(parts, database="default").query("SELECT * FROM nope")
    assert asker.engine._lives._known == {}


def test_settings_that_do_not_fit_are_said(ask: Ask, service: Service) -> None:
    with pytest.raises(ConfigError, match="no workgroup 'nowhere'") as failure:
        ask(workgroup="nowhere").submit("SELECT 1")
    assert "list-work-groups" in (failure.value.hint or "")
    with pytest.raises(ParameterError, match="no value for parameter :a"):
        ask().submit("SELECT :a")
    with pytest.raises(MalformedQuery, match="262,144"):
        ask().submit(f"SELECT '{'x' * 300_000}'")


def test_an_endpoint_that_is_down_is_said_soon(ask: Ask) -> None:
    started = time.monotonic()
    with pytest.raises(ConnectionFailed):
        ask(endpoint_url="http://127.0.0.1:9").submit("SELECT 1")
    assert time.monotonic() - started < 4


def test_the_place_for_results_may_be_named(ask: Ask, service: Service) -> None:
    asker = ask(output_location="s3://results/mine/")
    execution = asker.submit("SELECT 1")
    asker.engine.wait(execution.id)
    found = service.athena.get_query_execution(QueryExecutionId=execution.id)["QueryExecution"]
    assert found["ResultConfiguration"]["OutputLocation"] == f"s3://results/mine/{execution.id}.csv"


def test_one_token_runs_once(asker: Asker, service: Service) -> None:
    before = len(service.started())
    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(lambda _: asker.submit("SELECT 17", token="a short one").id, range(8)))
    assert len(ids) == 1
    assert len(service.started()) == before + 1
    with pytest.raises(UsageError, match="another statement"):
        asker.submit("SELECT 18", token="a short one")


def test_a_query_is_stopped(asker: Asker, service: Service) -> None:
    execution = asker.submit(ENDLESS)
    started = time.monotonic()
    stopped = asker.engine.cancel(execution.id)
    assert time.monotonic() - started < 2
    assert stopped.state is State.CANCELLED
    assert service.state(execution.id) == "CANCELLED"
    with pytest.raises(QueryCancelled):
        asker.engine.result(execution.id)


def test_one_that_has_ended_is_left_as_it_is(asker: Asker) -> None:
    execution = asker.submit("SELECT 1")
    asker.engine.wait(execution.id)
    assert asker.engine.cancel(execution.id).state is State.SUCCEEDED
    assert asker.engine.result(execution.id).fetch_all() == [(1,)]


def test_a_deadline_stops_it(asker: Asker, service: Service) -> None:
    started = time.monotonic()
    execution = asker.submit(ENDLESS, deadline=Deadline.after(0.5))
    ended = asker.engine.wait(execution.id)
    assert 0.4 < time.monotonic() - started < 2
    assert (ended.state, ended.error_id) == (State.CANCELLED, "QUERY_TIMEOUT")
    with pytest.raises(QueryTimeout, match=r"0\.5 s"):
        asker.engine.result(execution.id)
    assert service.state(execution.id) == "CANCELLED"


def test_closing_a_result_stops_its_query(asker: Asker, service: Service) -> None:
    execution = asker.submit(ENDLESS)
    asker.engine.result(execution.id).close()
    ended_soon(service, execution.id)
    execution = asker.submit(ENDLESS)
    result = asker.engine.result(execution.id)
    del result
    gc.collect()
    ended_soon(service, execution.id)


def ended_soon(service: Service, execution_id: str) -> None:
    deadline = time.monotonic() + 3
    while service.state(execution_id) not in ("CANCELLED", "FAILED", "SUCCEEDED") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert service.state(execution_id) == "CANCELLED"


def test_closing_the_engine_stops_what_was_not_detached(ask: Ask, service: Service) -> None:
    asker = ask()
    attached, detached = asker.submit(ENDLESS), asker.submit(ENDLESS)
    asker.engine.detach(detached.id)
    asker.engine.close()
    assert service.state(attached.id) == "CANCELLED"
    assert service.state(detached.id) in ("QUEUED", "RUNNING")
    assert ask().engine.cancel(detached.id).state is State.CANCELLED


def test_another_process_reads_on(ask: Ask, asker: Asker) -> None:
    execution = asker.submit("SELECT count(*) FROM numbers a, numbers b WHERE a.n < 2000")
    other = ask().engine
    assert other.execution(execution.id).sql.startswith("SELECT count(*)")
    assert other.wait(execution.id).state is State.SUCCEEDED
    assert other.result(execution.id).fetch_all() == [(2000 * ROWS,)]
    assert other.result(execution.id).fetch_all() == [(2000 * ROWS,)]


def test_what_is_unknown_is_said(asker: Asker) -> None:
    unknown = "00000000-0000-0000-0000-000000000000"
    for act in (asker.engine.execution, asker.engine.wait, asker.engine.cancel, asker.engine.result):
        with pytest.raises(ExecutionNotFound, match=unknown):
            act(unknown)


def test_waiting_ends_in_time(asker: Asker) -> None:
    execution = asker.submit(ENDLESS)
    started = time.monotonic()
    assert asker.engine.wait(execution.id, timeout=0.3).state in (State.QUEUED, State.RUNNING)
    assert 0.25 < time.monotonic() - started < 1
    asker.engine.cancel(execution.id)


def test_rows_go_into_a_file(asker: Asker, service: Service, tmp_path: Path) -> None:
    sql = "SELECT n, t, timestamp '2026-01-01 00:00:00.000 Asia/Kathmandu' AS at, interval '1' day AS d FROM numbers ORDER BY n"
    execution = asker.submit(sql, export=NewFile(tmp_path / "out.parquet"))
    assert asker.engine.wait(execution.id).rows == ROWS
    service.db.wait(service.db.submit(sql, export=tmp_path / "wanted.parquet").id)
    found, wanted = parquet.read_table(tmp_path / "out.parquet"), parquet.read_table(tmp_path / "wanted.parquet")
    assert found.to_pylist() == wanted.to_pylist()
    assert found.schema.types == wanted.schema.types
    assert asker.engine.result(execution.id).fetch_all() == []


def test_rows_reused_are_asked_for_by_age(asker: Asker, service: Service) -> None:
    execution = asker.submit("SELECT 4711", reuse_minutes=60)
    asker.engine.wait(execution.id)
    found = service.athena.get_query_execution(QueryExecutionId=execution.id)["QueryExecution"]
    asked = found["ResultReuseConfiguration"]["ResultReuseByAgeConfiguration"]
    assert asked == {"Enabled": True, "MaxAgeInMinutes": 60}


def test_few_rows_take_little_memory(asker: Asker) -> None:
    gc.collect()
    before = pa.total_allocated_bytes()
    for _ in range(3):
        assert len(asker.query("SELECT n, t FROM numbers")) == ROWS
    gc.collect()
    time.sleep(0.1)
    assert pa.total_allocated_bytes() - before < 1_000_000


def test_the_overhead_on_a_young_query_is_small(asker: Asker, service: Service) -> None:
    asker.query("SELECT 1")
    overheads = []
    for _ in range(5):
        started = time.monotonic()
        execution = asker.submit("SELECT count(*) FROM numbers a, numbers b WHERE a.n < 3000")
        asker.engine.wait(execution.id)
        took = time.monotonic() - started
        status = service.athena.get_query_execution(QueryExecutionId=execution.id)["QueryExecution"]["Status"]
        overheads.append(took - (status["CompletionDateTime"] - status["SubmissionDateTime"]).total_seconds())
    assert sorted(overheads)[2] < 0.3


class Recorder:
    """Takes note of when calls are made, and that none is made with more at once than the account may."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.calls: dict[str, list[float]] = {}

    def __call__(self, connection: AwsConnection) -> AthenaCalls:
        client = connection.client("athena", retries=False)
        client.meta.events.register("before-send.athena", self.sent)
        return AthenaCalls(connection)

    def sent(self, request: Any, **_: Any) -> None:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        with self.lock:
            self.calls.setdefault(operation, []).append(time.monotonic())


@pytest.mark.slow
def test_two_hundred_queries_at_once_stay_within_the_accounts_rates(ask: Ask, service: Service) -> None:
    recorder = Recorder()
    asker = ask(calls=recorder)
    before = len(service.started())
    with ThreadPoolExecutor(50) as threads:
        executions = list(
            threads.map(lambda number: asker.submit(f"SELECT count(*) + {number} FROM numbers"), range(200))
        )
    rows = [asker.engine.result(asker.engine.wait(each.id).id).fetch_all() for each in executions]
    assert rows == [[(ROWS + number,)] for number in range(200)]
    assert len(service.started()) == before + 200
    for operation, moments in recorder.calls.items():
        quota, ordered = QUOTAS[operation], sorted(moments)
        for place, start in enumerate(ordered):
            for number, moment in enumerate(ordered[place:], start=1):
                assert number <= quota.burst + quota.rate * (moment - start), operation
    logging.getLogger(__name__).info("%s", {name: len(moments) for name, moments in recorder.calls.items()})


def test_lost_answers_start_nothing_twice(ask: Ask, service: Service) -> None:
    before = len(service.started())
    for fate in ("drop", "reset", "refuse", "cut"):

        def decide(call: Call, fate: str = fate) -> str:
            return (
                fate
                if call.operation in ("StartQueryExecution", "GetQueryExecution", "GetQueryResults")
                and call.number == 1
                else "pass"
            )

        with proxy(service.server, decide) as between:
            asker = ask(endpoint_url=between.endpoint_url)
            assert asker.query(f"SELECT '{fate}'").fetch_all() == [(fate,)]
            assert between.calls["StartQueryExecution"] == 2
            assert between.fates[fate] == 3
    assert len(service.started()) == before + 4


def test_a_download_that_is_cut_is_read_again(ask: Ask, service: Service) -> None:
    with proxy(service.server, lambda call: "cut" if call == Call("GET", 1) else "pass") as between:
        asker = ask(endpoint_url=between.endpoint_url)
        assert asker.query("SELECT n FROM numbers").to_arrow().num_rows == ROWS
        assert between.calls["GET"] > 1


def test_a_stop_whose_answer_is_lost_still_stops(ask: Ask, service: Service) -> None:
    with proxy(service.server, lambda call: "drop" if call == Call("StopQueryExecution", 1) else "pass") as between:
        asker = ask(endpoint_url=between.endpoint_url)
        execution = asker.submit(ENDLESS)
        assert asker.engine.cancel(execution.id).state is State.CANCELLED
    assert service.state(execution.id) == "CANCELLED"


def test_an_interruption_of_the_start_leaves_nothing_running(
    ask: Ask, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = ask()
    client = asker.engine._calls._client("x")
    real, interrupted = client.start_query_execution, []

    def interrupt_once(**request: Any) -> Any:
        answer = real(**request)
        if not interrupted:
            interrupted.append(answer["QueryExecutionId"])
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(client, "start_query_execution", interrupt_once)
    with pytest.raises(KeyboardInterrupt):
        asker.submit(ENDLESS)
    ended_soon(service, interrupted[0])


def test_a_deadline_that_ends_with_the_start_unanswered_leaves_nothing_running(ask: Ask, service: Service) -> None:
    def decide(call: Call) -> str:
        return "drop" if call.operation == "StartQueryExecution" and call.number <= 3 else "pass"

    with proxy(service.server, decide) as between:
        asker = ask(endpoint_url=between.endpoint_url)
        with pytest.raises(QueryTimeout):
            asker.submit(ENDLESS, deadline=Deadline.after(0.02))
    ended_soon(service, service.started()[0])
