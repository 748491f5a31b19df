"""The life of a query: waiting, stopping, failing, reading again, and what stays behind."""

import gc
import signal
import subprocess
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

import lake
from lake.batches import Closed, KeptBatches
from lake.engine.request import QueryRequest
from lake.errors import (
    ColumnNotFound,
    DiskFull,
    ExecutionNotFound,
    FunctionNotFound,
    LakeError,
    MalformedQuery,
    NotSupported,
    QueryCancelled,
    QueryFailed,
    QueryTimeout,
    ResourcesExhausted,
    StorageFailed,
    TableNotFound,
)
from lake.model import State
from tests.storage.disks import mounted_disk

ENDLESS = "SELECT count(*) FROM {0} a, {0} b, {0} c, {0} d"


NUMBERS = pa.table({"n": list(range(200_000))})


@pytest.fixture
def numbers(db: lake.Lake) -> lake.Lake:
    db.write(NUMBERS, "numbers")
    return db


@pytest.fixture
def duckdb_numbers(duckdb_lake: lake.Lake) -> lake.Lake:
    duckdb_lake.write(NUMBERS, "numbers")
    return duckdb_lake


@pytest.fixture
def folder_numbers(folder_lake: lake.Lake) -> lake.Lake:
    folder_lake.write(NUMBERS, "numbers")
    return folder_lake


@pytest.mark.parametrize(
    ("sql", "error", "words"),
    [
        ("SELEC 1", MalformedQuery, "line 1"),
        ("SELECT 1 FROM", MalformedQuery, "line 1"),
        ("SELECT (1", MalformedQuery, "."),
        ("SELECT 'a", MalformedQuery, "."),
        ("", MalformedQuery, "."),
        ("SELECT 1; SELECT 2", MalformedQuery, "(?i)one (sql )?statement"),
        ("SELECT nope FROM numbers", ColumnNotFound, "nope"),
        ("SELECT * FROM nope", TableNotFound, "line 1:15"),
        ("SELECT nope(1)", FunctionNotFound, "line 1:8"),
        ("SELECT CAST('x' AS integer)", QueryFailed, "'x'"),
        ("SELECT * FROM UNNEST(read_text('x'))", LakeError, "."),
        ("MERGE INTO t USING u ON a = b WHEN MATCHED THEN DELETE", NotSupported, "MERGE"),
        ("INSERT INTO numbers VALUES (1)", NotSupported, "INSERT"),
        (f"SELECT {'(' * 3000}1{')' * 3000}", LakeError, "deep"),
        (f"SELECT {' + '.join(['1'] * 100_000)}", LakeError, "."),
        (f"SELECT '{'x' * 300_000}'", MalformedQuery, "262,144"),
    ],
)
def test_a_failure_has_its_class_and_one_line(numbers: lake.Lake, sql: str, error: type[LakeError], words: str) -> None:
    started = time.monotonic()
    with pytest.raises(error, match=words) as failure:
        numbers.query(sql)
    assert time.monotonic() - started < 4
    assert "\n" not in failure.value.message
    assert "read_parquet" not in failure.value.message


@pytest.mark.everywhere
def test_an_execution_is_known_from_start_to_end(numbers: lake.Lake) -> None:
    execution = numbers.submit("SELECT sum(n) AS total FROM numbers")
    ended = numbers.wait(execution.id)
    assert (ended.state, ended.error_id) == (State.SUCCEEDED, None)
    assert ended.rows in (1, None), "Athena does not count them"
    assert numbers.result(execution.id).fetch_all() == [(19999900000,)]
    failed = numbers.submit("SELECT CAST('x' AS integer)")
    assert numbers.wait(failed.id).state is State.FAILED
    assert numbers.execution(failed.id).error_id == "INVALID_CAST_ARGUMENT"
    with pytest.raises(QueryFailed):
        numbers.result(failed.id)
    with pytest.raises(ExecutionNotFound):
        numbers.execution("nobody")


def test_the_same_token_runs_once(duckdb_numbers: lake.Lake) -> None:
    first = duckdb_numbers.submit("SELECT 1", token="once")
    assert duckdb_numbers.submit("SELECT 1", token="once").id == first.id
    duckdb_numbers.wait(first.id)
    assert duckdb_numbers.query("SELECT count(*) FROM history.queries WHERE sql = 'SELECT 1'").fetch_all() == [(1,)]


@pytest.mark.everywhere
def test_executions_are_given_as_they_end(numbers: lake.Lake) -> None:
    right = numbers.submit("SELECT sum(n) FROM numbers").id
    wrong = numbers.submit("SELECT CAST('x' AS integer)").id
    ended = {execution.id: execution.state for execution in numbers.as_completed([right, wrong])}
    assert ended == {right: State.SUCCEEDED, wrong: State.FAILED}
    assert numbers.result(right).fetch_all() == [(19999900000,)]


@pytest.mark.everywhere
def test_the_same_token_runs_once_in_a_crowd(numbers: lake.Lake) -> None:
    def ask(_: int) -> str:
        execution = numbers.submit("SELECT sum(n) FROM numbers", token="crowd")
        return numbers.wait(execution.id).id if numbers.wait(execution.id).state is State.SUCCEEDED else "not yet"

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(ask, range(20)))
    assert len(ids) == 1
    assert numbers.result(ids.pop()).fetch_all() == [(19999900000,)]


def test_a_statement_with_a_token_runs_once_too(numbers: lake.Lake) -> None:
    first = numbers.submit("CREATE DATABASE web", token="make")
    assert numbers.submit("CREATE DATABASE web", token="make").id == first.id
    assert numbers.wait(first.id).state is State.SUCCEEDED


@pytest.mark.everywhere
def test_a_failure_is_told_as_often_as_it_is_asked_for(numbers: lake.Lake) -> None:
    failed = numbers.submit("SELECT CAST('x' AS integer)")
    numbers.wait(failed.id)
    for _ in range(3):
        with pytest.raises(QueryFailed, match="'x'"):
            numbers.result(failed.id)


def test_rows_that_have_gone_are_said_to_have_gone(duckdb_numbers: lake.Lake) -> None:
    done = duckdb_numbers.query("SELECT 1").execution
    gc.collect()
    with pytest.raises(QueryFailed, match="not kept here"):
        duckdb_numbers.result(done.id)


@pytest.mark.everywhere
def test_rows_read_once_are_whole_and_not_there_twice(numbers: lake.Lake) -> None:
    assert len(list(numbers.query("SELECT n FROM numbers", keep=False))) == 200_000
    result = numbers.query("SELECT n FROM numbers", keep=False)
    with pytest.raises(TypeError):
        len(result)
    assert len(result.fetch_all()) == 200_000
    with pytest.raises(LakeError, match="read already"):
        result.fetch_all()


@pytest.mark.parametrize("take", ["batches", "reader", "__iter__", "__arrow_c_stream__"])
def test_who_reads_holds_the_query(duckdb_numbers: lake.Lake, take: str) -> None:
    sql = "SELECT a.n FROM numbers a, (SELECT n FROM numbers LIMIT 10) b"
    rows = getattr(duckdb_numbers.query(sql, keep=False), take)()
    gc.collect()
    if take == "__arrow_c_stream__":
        rows = pa.RecordBatchReader._import_from_c_capsule(rows)
    assert sum(1 if take == "__iter__" else batch.num_rows for batch in rows) == 2_000_000


def test_finished_results_take_no_memory(duckdb_numbers: lake.Lake) -> None:
    gc.collect()
    before = pa.total_allocated_bytes()
    for _ in range(5):
        assert len(duckdb_numbers.query("SELECT n, CAST(n AS varchar) AS t FROM numbers")) == 200_000
    gc.collect()
    assert pa.total_allocated_bytes() - before < 1_000_000
    assert not duckdb_numbers.engine._runs._known


def test_a_result_does_not_hold_its_plan(duckdb_numbers: lake.Lake) -> None:
    plan = duckdb_numbers.plan("SELECT n FROM numbers")
    planned = weakref.ref(plan)
    execution = duckdb_numbers.engine.submit(QueryRequest(plan.sql, plan.database, "token").with_plan(plan, None))
    duckdb_numbers.wait(execution.id)
    result = duckdb_numbers.result(execution.id)
    del plan
    for _ in range(20):
        gc.collect()
        if planned() is None:
            break
        time.sleep(0.05)
    assert planned() is None
    assert len(result) == 200_000


def test_a_result_is_read_as_often_as_one_likes(numbers: lake.Lake) -> None:
    result = numbers.query("SELECT n FROM numbers ORDER BY n")
    assert len(result) == 200_000
    assert list(result)[-1] == (199_999,)
    assert pl.DataFrame(result)["n"].sum() == result.to_pandas()["n"].sum() == 19999900000


def test_rows_beyond_the_memory_they_may_take_go_to_a_file(tmp_path: Path) -> None:
    batches = KeptBatches(tmp_path, kept_bytes=100_000)
    schema = pa.schema([("n", pa.int64())])
    batches.begin(schema)
    for start in range(0, 100_000, 1000):
        batches.put(pa.record_batch([pa.array(range(start, start + 1000), pa.int64())], schema=schema))
    half_way = iter(batches)
    first = next(half_way)
    batches.finish()
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(Closed):
        batches.put(pa.record_batch([pa.array([1], pa.int64())], schema=schema))
    for rows in (pa.Table.from_batches(list(batches)), pa.Table.from_batches([first, *half_way])):
        assert rows["n"].to_pylist() == list(range(100_000))
    del batches, half_way
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_rows_that_pass_hold_the_engine_up(duckdb_numbers: lake.Lake) -> None:
    result = duckdb_numbers.query("SELECT a.n FROM numbers a, numbers b", keep=False)
    assert next(result.batches()).num_rows > 0
    assert result.execution.state is State.RUNNING
    result.close()
    assert result.execution.state is State.CANCELLED


@pytest.mark.everywhere
def test_a_failure_after_the_first_rows_reaches_the_reader(numbers: lake.Lake) -> None:
    sql = "SELECT CAST(CASE WHEN n = 199999 THEN 'x' ELSE '1' END AS integer) AS n FROM numbers"
    with pytest.raises(QueryFailed, match="'x'"):
        numbers.query(sql, keep=False).fetch_all()


@pytest.mark.everywhere
def test_a_query_ends_within_a_second_of_its_time(numbers: lake.Lake) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"after 0\.5 s"):
        numbers.query(ENDLESS.format("numbers"), timeout=0.5)
    assert time.monotonic() - started < 1.5
    assert threading.active_count() < 20


def test_planning_counts_as_time_of_a_query(duckdb_numbers: lake.Lake) -> None:
    choices = ", ".join(map(str, range(5_000)))
    with pytest.raises(QueryTimeout, match=r"after 0\.01 s"):
        duckdb_numbers.query(f"SELECT n FROM numbers WHERE n IN ({choices})", timeout=0.01)


@pytest.mark.everywhere
def test_another_thread_stops_a_query(numbers: lake.Lake) -> None:
    execution = numbers.submit(ENDLESS.format("numbers"))
    started = time.monotonic()
    threading.Timer(0.2, numbers.cancel, [execution.id]).start()
    assert numbers.wait(execution.id).state is State.CANCELLED
    assert time.monotonic() - started < 1.2
    with pytest.raises(QueryCancelled):
        numbers.result(execution.id)


def test_another_process_stops_a_query(folder_numbers: lake.Lake) -> None:
    execution = folder_numbers.submit(ENDLESS.format("numbers"))
    code = f"import lake; lake.connect({str(folder_numbers.directory.path)!r}).cancel({execution.id!r})"
    subprocess.run([sys.executable, "-c", code], check=True, cwd="/")
    started = time.monotonic()
    assert folder_numbers.wait(execution.id, timeout=3).state is State.CANCELLED
    assert time.monotonic() - started < 1


def test_a_stop_is_never_lost(duckdb_numbers: lake.Lake) -> None:
    for wait in (0, 0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03):
        execution = duckdb_numbers.submit(ENDLESS.format("numbers"))
        time.sleep(wait)
        duckdb_numbers.cancel(execution.id)
    started = time.monotonic()
    while any(thread.name.startswith("query-") and thread.name != "query-watch" for thread in threading.enumerate()):
        assert time.monotonic() - started < 1.5
        time.sleep(0.02)


def test_closing_the_lake_stops_what_runs_and_leaves_nothing(folder_numbers: lake.Lake) -> None:
    running = [folder_numbers.submit(ENDLESS.format("numbers")) for _ in range(3)]
    time.sleep(0.2)
    started = time.monotonic()
    folder_numbers.close()
    assert time.monotonic() - started < 1
    assert not [
        thread for thread in threading.enumerate() if thread.name.startswith("query-") and "watch" not in thread.name
    ]
    assert not list(folder_numbers.directory.tmp.iterdir())
    with lake.connect(folder_numbers.directory.path) as again:
        assert {again.execution(one.id).state for one in running} == {State.CANCELLED}


def test_an_interrupted_main_thread_stops_its_query(folder_numbers: lake.Lake) -> None:
    code = (
        "import lake, threading, time\n"
        f"db = lake.connect({str(folder_numbers.directory.path)!r})\n"
        "def tell():\n"
        "    while not db.history.arrow().num_rows: time.sleep(0.02)\n"
        "    print('ready', flush=True)\n"
        "threading.Thread(target=tell).start()\n"
        f"try: db.query({ENDLESS.format('numbers')!r})\n"
        "except KeyboardInterrupt: print(db.history.arrow()['state'].to_pylist(), flush=True)\n"
        "db.close()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd="/") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        assert process.stdout.read() == "['CANCELLED']\n"
        assert time.monotonic() - started < 1.5
        assert process.wait() == 0


def test_one_waits_for_the_query_of_another_process(folder_numbers: lake.Lake) -> None:
    code = (
        f"import lake, time; db = lake.connect({str(folder_numbers.directory.path)!r});"
        f"e = db.submit({ENDLESS.format('numbers')!r}); print(e.id, flush=True); time.sleep(0.5); db.cancel(e.id)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd="/") as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert folder_numbers.wait(name, timeout=0.1).state is State.RUNNING
        assert folder_numbers.wait(name, timeout=5).state is State.CANCELLED


def test_a_query_of_a_process_that_died_has_failed(folder_numbers: lake.Lake) -> None:
    code = (
        f"import lake, os; db = lake.connect({str(folder_numbers.directory.path)!r});"
        f"print(db.submit({ENDLESS.format('numbers')!r}).id, flush=True); os.kill(os.getpid(), 9)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/")
    execution = folder_numbers.execution(answer.stdout.strip())
    assert (execution.state, execution.error_message) == (State.FAILED, "the process that ran it ended")
    sql = "SELECT state, error_id FROM history.queries WHERE id = :id"
    assert folder_numbers.query(sql, {"id": execution.id}).fetch_all() == [("FAILED", "INTERNAL_ERROR")]


@pytest.mark.everywhere
def test_many_threads_share_a_lake(numbers: lake.Lake) -> None:
    def ask(number: int) -> int:
        return int(numbers.query("SELECT count(*) FROM numbers WHERE n < :n", {"n": number}).fetch_all()[0][0])

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(ask, range(60))) == list(range(60))


def test_nothing_stays_behind(folder_numbers: lake.Lake) -> None:
    for _ in range(3):
        folder_numbers.query("SELECT * FROM numbers")
    gc.collect()
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(10):
        folder_numbers.query("SELECT * FROM numbers")
    gc.collect()
    assert len(list(Path("/proc/self/fd").iterdir())) <= descriptors + 2
    temp = folder_numbers.directory.tmp
    folder_numbers.close()
    assert [path for path in temp.rglob("*") if path.is_file()] == []


def test_too_little_memory_spills_or_says_so(tmp_path: Path) -> None:
    lake.create_lake(tmp_path / "lake")
    settings = tmp_path / "lake" / ".tap-lake" / "lake.toml"
    settings.write_text(settings.read_text() + 'memory_limit = "200MB"\nthreads = 1\nmax_temp_size = "20MB"\n')
    with lake.connect(tmp_path / "lake") as db:
        db.write(pa.table({"n": list(range(1_000_000))}), "numbers")
        assert len(db.query("SELECT n FROM numbers ORDER BY n DESC LIMIT 10")) == 10
        with pytest.raises(ResourcesExhausted) as failure:
            db.query(
                "SELECT array_agg(a.n * 10 + b.n ORDER BY a.n DESC) FROM numbers a, (SELECT n FROM numbers LIMIT 50) b"
            )
    assert "memory_limit" in str(failure.value.hint)


def test_history_is_a_table(duckdb_numbers: lake.Lake) -> None:
    duckdb_numbers.query("SELECT :a AS a", {"a": 1})
    with pytest.raises(LakeError):
        duckdb_numbers.query("SELECT * FROM nope")
    sql = "SELECT sql, parameters, state, rows FROM history.queries WHERE sql LIKE 'SELECT :a%'"
    assert duckdb_numbers.query(sql).fetch_all() == [("SELECT :a AS a", '{"a": "1"}', "SUCCEEDED", 1)]
    assert (
        duckdb_numbers.query("SELECT count(*) FROM history.queries WHERE ended_at >= submitted_at").fetch_all()[0][0]
        >= 1
    )


def test_a_full_disk_under_spilled_rows_is_said(tmp_path: Path) -> None:
    with mounted_disk(tmp_path / "disk", "4m") as disk:
        lake.create_lake(tmp_path / "lake")
        settings = tmp_path / "lake" / ".tap-lake" / "lake.toml"
        settings.write_text(settings.read_text() + f'temp_directory = "{disk}"\n')
        with lake.connect(tmp_path / "lake") as db:
            db.write(pa.table({"n": list(range(200_000))}), "numbers")
            execution = db.submit("SELECT a.n FROM numbers a, (SELECT n FROM numbers LIMIT 200) b")
            with pytest.raises(DiskFull, match="space"):
                db.result(db.wait(execution.id, timeout=20).id).fetch_all()
            assert db.query("SELECT count(*) FROM numbers").fetch_all() == [(200_000,)]


def test_rows_that_pass_take_bounded_memory(folder_numbers: lake.Lake) -> None:
    code = (
        f"import lake, resource; db = lake.connect({str(folder_numbers.directory.path)!r}); db.query('SELECT 1');"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "r = db.query('SELECT a.n FROM numbers a, (SELECT n FROM numbers WHERE n < 200) b', keep=False);"
        "print(sum(b.num_rows for b in r.batches()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    count, grown = map(int, answer.stdout.split())
    assert count == 40_000_000
    assert grown < 150_000


def test_a_file_that_vanishes_after_planning_is_named(folder_numbers: lake.Lake) -> None:
    plan = folder_numbers.plan("SELECT sum(n) FROM numbers")
    [location] = plan.locations
    folder_numbers.storage.path(location).unlink()
    execution = folder_numbers.engine.submit(QueryRequest(plan.sql, plan.database, "token").with_plan(plan, None))
    folder_numbers.wait(execution.id)
    with pytest.raises(StorageFailed, match=location.rpartition("/")[2]):
        folder_numbers.result(execution.id)


@pytest.mark.slow
def test_100_million_rows_in_a_file_take_a_gibibyte_at_most(folder_numbers: lake.Lake, tmp_path: Path) -> None:
    sql = "SELECT a.n, b.n AS m, a.n * 0.5 AS v FROM numbers a, (SELECT n FROM numbers WHERE n < 500) b"
    code = (
        f"import lake, resource; from pathlib import Path; db = lake.connect({str(folder_numbers.directory.path)!r});"
        f"e = db.submit({sql!r}, export=Path({str(tmp_path / 'big.parquet')!r}));"
        "print(db.wait(e.id).rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    count, peak = map(int, answer.stdout.split())
    assert count == 100_000_000
    assert peak <= 1024


def test_exports_leave_the_instances_of_queries_where_they_are(folder_numbers: lake.Lake, tmp_path: Path) -> None:
    folder_numbers.query("SELECT n FROM numbers WHERE n = 1")
    instances = len(folder_numbers.engine._pool._instances)
    for place in range(5):
        execution = folder_numbers.submit("SELECT n FROM numbers WHERE n = 1", export=tmp_path / f"{place}.parquet")
        assert folder_numbers.wait(execution.id).state is State.SUCCEEDED
        folder_numbers.result(execution.id).close()
    assert len(folder_numbers.engine._pool._instances) == instances
