"""Athena's SQL run by DuckDB in this process, over the files that a plan selected."""

from __future__ import annotations

import threading
import time
import uuid
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from lake.batches import Batches, Closed, KeptBatches, PassingBatches
from lake.clock import Clock
from lake.engine.conditions import passing_places
from lake.engine.export import export_text, place_export, staging_path
from lake.engine.faults import naming_file, translate, translate_streamed
from lake.engine.files import LocalFiles, Schemas
from lake.engine.output import arrow_caster, catalog_type
from lake.engine.request import QueryRequest
from lake.engine.sandbox import EngineLimits, Reach, SandboxPool
from lake.engine.statement import Statement, build_statement
from lake.errors import ExecutionNotFound, LakeError, QueryCancelled, QueryFailed, QueryTimeout
from lake.history import History
from lake.model import Column, Execution, State, Table
from lake.result import Result
from lake.sql.plan import QueryPlan, Scan
from lake.sql.tables import TableReference
from lake.storage.files import FileStorage

ROWS_PER_BATCH = 122_880
WATCH_SECONDS = 0.25


@dataclass(slots=True)
class _Run:
    """A query of this process, from submission until it is forgotten."""

    request: QueryRequest
    execution: Execution
    batches: Batches
    ended: threading.Event = field(default_factory=threading.Event)
    connection: duckdb.DuckDBPyConnection | None = None
    deadline: float | None = None
    stopping: bool = False
    error: LakeError | None = None
    result: weakref.ref[Result] | None = None


class DuckDBEngine:
    """Reads what `storage` has; `temp_folder` holds spills and unpacked files of this process."""

    name = "duckdb"

    def __init__(self, *, history: History, limits: EngineLimits, storage: FileStorage, clock: Clock) -> None:
        self._history = history
        self._limits = limits
        self._storage = storage
        self._clock = clock
        self.temp_folder = limits.temp_folder
        self._pool = SandboxPool(limits)
        self._schemas = Schemas()
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._watching = False

    def submit(self, request: QueryRequest) -> Execution:
        execution = Execution(
            id=str(uuid.uuid4()),
            sql=request.plan.sql,
            state=State.RUNNING,
            engine=self.name,
            database=request.plan.database,
            submitted_at=self._clock.now(),
            parameters=request.parameters,
            estimated_bytes=request.plan.bytes,
        )
        earlier = self._history.put(execution, token=request.token)
        if earlier != execution.id:
            return self.execution(earlier)
        batches = KeptBatches(self._limits.temp_folder) if request.keep else PassingBatches()
        run = _Run(request, execution, batches)
        if request.timeout is not None:
            run.deadline = time.monotonic() + request.timeout
        with self._lock:
            self._runs[execution.id] = run
        threading.Thread(target=self._work, args=(run,), name=f"query-{execution.id}", daemon=True).start()
        self._watch()
        return execution

    def wait(self, execution_id: str, *, timeout: float | None = None) -> Execution:
        run = self._runs.get(execution_id)
        if run is not None:
            run.ended.wait(timeout)
        return self.execution(execution_id)

    def execution(self, execution_id: str) -> Execution:
        run = self._runs.get(execution_id)
        return run.execution if run is not None else self._history.get(execution_id)

    def cancel(self, execution_id: str) -> Execution:
        run = self._runs.get(execution_id)
        if run is None:
            self._history.request_cancel(execution_id)
            return self.execution(execution_id)
        self._stop(run, QueryCancelled(f"query {execution_id} was stopped"))
        return run.execution

    def result(self, execution_id: str) -> Result:
        """Return the rows; once nobody holds the Result any more, its rows are let go and a running query stops."""
        run = self._runs.get(execution_id)
        if run is None:
            raise ExecutionNotFound(execution_id)
        if run.error is not None:
            self._forget(execution_id)
            raise run.error
        held = run.result() if run.result is not None else None
        if held is None:
            forget: weakref.WeakMethod[Any] = weakref.WeakMethod(self._forget)
            held = Result(run.batches, execution=lambda: run.execution, close=lambda: _call(forget, execution_id))
            run.result = weakref.ref(held)
            weakref.finalize(held, _call, forget, execution_id)
        return held

    def describe(self, tree: exp.Query, references: Sequence[TableReference]) -> list[Column]:
        """Return the columns that a resolved query gives, types in Hive's text where Hive has one."""
        scans = tuple(Scan(reference.table, reference.alias, (), (), pruned=False) for reference in references)
        try:
            with self._pool.cursor(Reach()) as cursor:
                statement = build_statement(QueryPlan("", "", tree, tuple(references), scans), self._files(cursor))
                if statement.reads_history:
                    cursor.register(statement.history_name, self._history.arrow())
                described = cursor.execute(f"DESCRIBE {statement.text}").fetchall()
        except duckdb.Error as error:
            raise translate(error) from error
        return [Column(row[0], catalog_type(row[1])) for row in described]

    def evaluate(
        self, table: Table, values: Sequence[tuple[str, ...]], conditions: Sequence[tuple[str, bool]]
    ) -> Iterator[int]:
        """Yield the places in `values` whose partition keys pass all conditions (see `lake.sql.plan.Evaluate`)."""
        with self._pool.cursor(Reach()) as cursor:
            yield from passing_places(cursor, table, values, conditions)

    def close(self) -> None:
        for execution_id in list(self._runs):
            self.cancel(execution_id)
        self._pool.close()

    def _work(self, run: _Run) -> None:
        try:
            self._run_to_end(run)
        finally:
            # Whatever went wrong beyond the errors that are known, nobody may wait for ever.
            self._end(run, State.FAILED, QueryFailed("the query ended unexpectedly"))

    def _run_to_end(self, run: _Run) -> None:
        error: LakeError | None = None
        rows = 0
        try:
            rows = self._execute(run)
        except duckdb.Error as failure:
            error = translate(failure)
        except LakeError as failure:
            error = failure
        except Closed:
            error = QueryCancelled("nobody reads the result any more")
        except (OSError, pa.ArrowException) as failure:
            error = translate_streamed(failure)
        if error is not None:
            error = naming_file(error, run.request.plan.locations)
        state = State.SUCCEEDED if error is None else State.FAILED
        if run.stopping or isinstance(error, QueryCancelled):
            state = State.CANCELLED
        self._end(run, state, error, rows)

    def _execute(self, run: _Run) -> int:
        plan = run.request.plan
        export = staging_path(run.request.export) if run.request.export else None
        with self._pool.cursor(Reach(self._folders(plan), frozenset({str(export)} if export else ()))) as cursor:
            with self._lock:
                if run.stopping:
                    raise QueryCancelled("stopped before it began")
                run.connection = cursor
            try:
                statement = build_statement(plan, self._files(cursor))
                if statement.reads_history:
                    cursor.register(statement.history_name, self._history.arrow())
                if export is not None and run.request.export is not None:
                    return self._export(run, cursor, statement, export)
                return self._stream(run, cursor, statement)
            finally:
                with self._lock:
                    run.connection = None

    def _stream(self, run: _Run, cursor: duckdb.DuckDBPyConnection, statement: Statement) -> int:
        cursor.execute(statement.text)
        types = [str(column[1]) for column in cursor.description or ()]
        reader = cursor.to_arrow_reader(ROWS_PER_BATCH)
        schema, cast = arrow_caster(reader.schema, types)
        run.batches.begin(schema)
        rows = 0
        for batch in reader:
            run.batches.put(cast(batch))
            rows += batch.num_rows
        return rows

    def _export(self, run: _Run, cursor: duckdb.DuckDBPyConnection, statement: Statement, staging: Path) -> int:
        assert run.request.export is not None
        try:
            rows = cursor.execute(export_text(cursor, statement.text, staging)).fetchone()
            if run.stopping:
                raise QueryCancelled("stopped before the file was in place")
            place_export(staging, run.request.export)
        finally:
            staging.unlink(missing_ok=True)
        run.batches.begin(pa.schema([]))
        return int(rows[0]) if rows else 0

    def _end(self, run: _Run, state: State, error: LakeError | None, rows: int | None = None) -> None:
        with self._lock:
            if run.execution.state.ended:
                return
            run.error = error
            run.execution = replace(
                run.execution,
                state=state,
                ended_at=self._clock.now(),
                rows=rows if state is State.SUCCEEDED else None,
                error_id=error.id if error else None,
                error_message=error.message if error else None,
            )
        try:
            self._history.put(run.execution)
        finally:
            run.ended.set()
            run.batches.finish(error)

    def _forget(self, execution_id: str) -> None:
        with self._lock:
            run = self._runs.pop(execution_id, None)
        if run is not None:
            self._stop(run, QueryCancelled("nobody reads the result any more"))

    def _stop(self, run: _Run, reason: LakeError) -> None:
        with self._lock:
            if run.execution.state.ended:
                return
            run.stopping = True
            if run.connection is not None:
                run.connection.interrupt()
        self._end(run, State.CANCELLED, reason)

    def _watch(self) -> None:
        """Look from time to time for queries that are to be stopped: out of time, or by word of another process."""
        with self._lock:
            if self._watching:
                return
            self._watching = True
        threading.Thread(target=self._watch_runs, name="query-watch", daemon=True).start()

    def _watch_runs(self) -> None:
        while True:
            with self._lock:
                running = [run for run in self._runs.values() if not run.ended.is_set()]
                if not running:
                    self._watching = False
                    return
            now = time.monotonic()
            soonest = min((run.deadline for run in running if run.deadline is not None), default=now + WATCH_SECONDS)
            if running[0].ended.wait(max(0.0, min(WATCH_SECONDS, soonest - now))):
                continue
            self._stop_those_due(running)

    def _stop_those_due(self, running: Sequence[_Run]) -> None:
        wanted = self._history.cancel_requests()
        for run in running:
            if run.deadline is not None and time.monotonic() >= run.deadline:
                self._stop(run, QueryTimeout(f"query {run.execution.id} was stopped after {run.request.timeout:g} s"))
            elif run.execution.id in wanted:
                self.cancel(run.execution.id)

    def _folders(self, plan: QueryPlan) -> frozenset[str]:
        """Return the folders that hold the files of a plan: those of its tables, and those of partitions elsewhere."""
        folders = {self._folder(scan.table.location) for scan in plan.scans if scan.table.location}
        for scan in plan.scans:
            own = (scan.table.location or "").rstrip("/") + "/"
            folders |= {
                self._folder(partition.location)
                for partition in scan.partitions
                if not partition.location.startswith(own)
            }
        return frozenset(folders) | {str(self._limits.temp_folder) + "/"}

    def _folder(self, location: str) -> str:
        return str(self._storage.path(location.rstrip("/"))) + "/"

    def _files(self, cursor: duckdb.DuckDBPyConnection) -> LocalFiles:
        return LocalFiles(self._storage, self.temp_folder, self._schemas, cursor)


def _call(method: weakref.WeakMethod[Any], execution_id: str) -> None:
    bound = method()
    if bound is not None:
        bound(execution_id)
