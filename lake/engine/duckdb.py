"""Athena's SQL run by DuckDB in this process, over the files that a plan selected."""

from __future__ import annotations

import math
import time
import uuid
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

import duckdb
import pyarrow as pa

from lake.batches import Closed, KeptBatches, PassingBatches
from lake.clock import Clock
from lake.engine.conditions import passing_places
from lake.engine.export import export_text, naming_target
from lake.engine.faults import is_narrow_overflow, naming_file, translate, translate_streamed
from lake.engine.files import Access
from lake.engine.held import held_result
from lake.engine.output import arrow_caster, exported, shown
from lake.engine.request import QueryRequest
from lake.engine.runs import WATCH_SECONDS, Run, Runs
from lake.engine.sandbox import EngineLimits, Reach, Sandbox, SandboxPool
from lake.engine.statement import Statement, build_statement
from lake.errors import DamagedFile, LakeError, NotSupported, QueryCancelled, QueryFailed
from lake.history import History
from lake.model import Execution, State, Table
from lake.result import Result
from lake.sql.plan import QueryPlan
from lake.storage.new_file import NewFile, explained

ROWS_PER_BATCH = 122_880


class _TooNarrow(Exception):
    """Decimals of 64 bits did not do, and no row has left the engine."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class DuckDBEngine:
    """Reads what `access` comes at; the limits' `temp_folder` holds spills of this process."""

    name = "duckdb"
    takes_text = False

    def __init__(self, *, history: History, limits: EngineLimits, access: Access, clock: Clock) -> None:
        self._history = history
        self._limits = limits
        self._access = access
        self._clock = clock
        self._pool = SandboxPool(limits)
        self._runs = Runs(history, clock)

    def submit(self, request: QueryRequest) -> Execution:
        plan = request.planned
        execution = Execution(
            id=str(uuid.uuid4()),
            sql=request.sql,
            state=State.RUNNING,
            engine=self.name,
            database=request.database,
            submitted_at=self._clock.now(),
            parameters=request.parameters,
            estimated_bytes=plan.bytes,
        )
        batches = KeptBatches(self._limits.temp_folder) if request.keep else PassingBatches()
        work = partial(self._answer, request)
        run = Run(execution, batches, request.deadline, plan.compiled.types)
        started = self._runs.start(run, work, token=request.token)
        if started != execution.id:
            request.ended()
        return self.execution(started)

    def wait(self, execution_id: str, *, timeout: float | None = None) -> Execution:
        run = self._runs.get(execution_id)
        if run is not None:
            run.ended.wait(timeout)
            return run.execution
        deadline = time.monotonic() + timeout if timeout is not None else math.inf
        while not (execution := self.execution(execution_id)).state.ended and time.monotonic() < deadline:
            time.sleep(WATCH_SECONDS)
        return execution

    def execution(self, execution_id: str) -> Execution:
        run = self._runs.get(execution_id)
        return run.execution if run is not None else self._history.get(execution_id)

    def cancel(self, execution_id: str) -> Execution:
        run = self._runs.get(execution_id)
        if run is None:
            self._history.request_cancel(execution_id)
        else:
            self._runs.stop(run, QueryCancelled(f"query {execution_id} was stopped"))
        return self.execution(execution_id)

    def detach(self, execution_id: str) -> None:
        raise NotSupported("a query of the DuckDB engine runs in this process and ends with it")

    def result(self, execution_id: str) -> Result:
        """Return the rows; once nobody holds the Result any more, its rows are let go and a running query stops."""
        run = self._runs.get(execution_id)
        if run is None:
            execution = self._history.get(execution_id)
            raise QueryFailed(execution.error_message or f"the rows of execution {execution_id!r} are not kept here")
        if run.error is not None:
            self._runs.forget(execution_id)
            raise run.error
        held = run.result() if run.result is not None else None
        if held is None:
            held = held_result(run.batches, lambda: run.execution, run.types, self._runs.forget)
            run.result = weakref.ref(held)
        return held

    def evaluate(
        self, table: Table, values: Sequence[tuple[str, ...]], conditions: Sequence[tuple[str, bool]]
    ) -> Iterator[int]:
        """Yield the places in `values` whose partition keys pass all conditions (see `lake.sql.plan.Evaluate`)."""
        with self._pool.sandbox(Reach()) as sandbox:
            yield from passing_places(sandbox, table, values, conditions)

    def close(self) -> None:
        """Stop what runs and let go of files."""
        self._runs.close()
        self._pool.close()

    def _answer(self, request: QueryRequest, run: Run) -> int:
        try:
            return self._execute(request, run)
        except duckdb.Error as failure:
            raise naming_file(translate(failure), request.planned.locations) from failure
        except DamagedFile as failure:
            raise naming_file(failure, request.planned.locations) from failure.__cause__
        except Closed:
            raise QueryCancelled("nobody reads the result any more") from None
        except LakeError:
            raise
        except (OSError, pa.ArrowException) as failure:
            raise naming_file(translate_streamed(failure), request.planned.locations) from failure
        finally:
            request.ended()

    def _execute(self, request: QueryRequest, run: Run) -> int:
        plan = request.planned
        with suppress(_TooNarrow):
            return self._run(request, plan, run)
        try:
            return self._run(request, replace(plan, compiled=plan.compiled.exact()), run)
        except _TooNarrow as failure:
            # A cast of the query's own to a decimal of so many digits reads the same.
            raise failure.cause from None

    def _run(self, request: QueryRequest, plan: QueryPlan, run: Run) -> int:
        written = frozenset({str(request.export.path)} if request.export else ())
        with self._pool.sandbox(replace(self._access.reach(plan), files=written)) as sandbox:
            run.connection = sandbox.cursor
            go_on = partial(_go_on, run)
            try:
                with self._access.files(plan, sandbox.cursor, go_on) as files:
                    shape = shown if request.export is None else exported
                    statement = build_statement(plan, files, shape)
                    for name, rows in statement.rows.items():
                        sandbox.cursor.register(name, rows())
                    go_on()
                    if request.export is not None:
                        return self._export(run, sandbox, plan, statement, request.export)
                    return self._stream(run, sandbox, plan, statement)
            finally:
                with self._runs.lock:
                    run.connection = None

    def _stream(self, run: Run, sandbox: Sandbox, plan: QueryPlan, statement: Statement) -> int:
        rows = 0
        try:
            reader = sandbox.execute(statement.text).to_arrow_reader(ROWS_PER_BATCH)
            schema, cast = arrow_caster(reader.schema, plan.compiled)
            run.batches.begin(schema)
            for batch in reader:
                run.batches.put(cast(batch))
                rows += batch.num_rows
        except (duckdb.Error, OSError, pa.ArrowException) as failure:
            if not rows and is_narrow_overflow(failure):
                raise _TooNarrow(failure) from failure
            raise
        return rows

    def _export(self, run: Run, sandbox: Sandbox, plan: QueryPlan, statement: Statement, file: NewFile) -> int:
        with file.claimed() as path, explained(file.target), naming_target(path, file.target):
            try:
                rows = sandbox.execute(export_text(statement.text, plan.compiled.names, path)).fetchone()
            except duckdb.Error as failure:
                if is_narrow_overflow(failure):
                    raise _TooNarrow(failure) from failure
                raise
            file.sync()
            with self._runs.lock:
                if run.stopping:
                    raise QueryCancelled("stopped before the file was in place")
                file.take_place()
        run.batches.begin(pa.schema([]))
        return int(rows[0]) if rows else 0


def _go_on(run: Run) -> None:
    if run.stopping:
        raise QueryCancelled("stopped before it began")
