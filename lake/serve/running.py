"""Running one execution: the lake's statement, its rows kept, its result written."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from lake.clock import Clock
from lake.errors import ExecutionNotFound, InvalidSql, LakeError, ParameterError, QueryCancelled, StorageFailed
from lake.lake import Lake
from lake.model import State
from lake.serve.columns import query_columns, statement_columns
from lake.serve.executions import Executions, Job
from lake.serve.failures import Failure, failure_of, internal_failure, output_failure
from lake.serve.metadata import metadata_bytes
from lake.serve.output import BINARY, OCTETS, Output, ResultObject
from lake.serve.parameters import bind_texts
from lake.serve.results import NO_ROWS, ResultFolder, ResultRows, keep_lines, keep_rows, write_csv, write_text
from lake.sql.ddl.result import HIVE_FIELD_WIDTH

logger = logging.getLogger(__name__)

DEFAULT_CATALOG = "awsdatacatalog"
DEFAULT_DATABASE = "default"
DEFAULT_AGE_MINUTES = 60
PADDED = frozenset({"SHOW_COLUMNS", "DESCRIBE_TABLE"})
"""Statements whose fields Hive pads."""


class Runner:
    """Runs jobs over a lake. Called from many threads."""

    def __init__(self, lake: Lake, output: Output, folder: ResultFolder, clock: Clock) -> None:
        self._lake = lake
        self._output = output
        self._folder = folder
        self._clock = clock

    def __call__(self, executions: Executions, job: Job) -> None:
        """Bring a job to its end. Raises nothing: whatever goes wrong is how it ends."""
        if not executions.advance(job, state=State.RUNNING, started_at=self._clock.now()):
            return
        with self._ending(executions, job):
            if self._reuse(executions, job):
                return
            rows = self._query(executions, job) if job.submission.form.is_query else self._statement(executions, job)
            executions.advance(job, computed_at=self._clock.now())
            if not job.state.ended:
                self._write(job, rows)
            executions.advance(job, state=State.SUCCEEDED, rows=rows)

    def _reuse(self, executions: Executions, job: Job) -> bool:
        by_age = (job.submission.reuse or {}).get("ResultReuseByAgeConfiguration", {})
        if not by_age.get("Enabled") or not job.submission.form.is_query:
            return False
        age = timedelta(minutes=by_age.get("MaxAgeInMinutes", DEFAULT_AGE_MINUTES))
        earlier = executions.reusable(job.submission, age)
        if earlier is None:
            return False
        job.location = earlier.location
        return executions.advance(job, state=State.SUCCEEDED, rows=earlier.progress.rows, reused=True)

    def _query(self, executions: Executions, job: Job) -> ResultRows:
        asked = job.submission
        _check_catalog(asked.context)
        sql = bind_texts(asked.sql, asked.parameters)
        execution = self._lake.submit(sql, database=_database(asked.context), keep=False)
        executions.attach(job, lambda: self._cancel(execution.id))
        executions.advance(job, planned_at=self._clock.now(), scanned=execution.estimated_bytes or 0)
        with self._lake.result(execution.id) as result:
            schema, batches = result.zoned()
            columns = query_columns(schema.names, result.column_types)
            rows = keep_rows(self._folder.new(".arrow"), columns, result.column_types, batches)
            scanned = result.execution.scanned_bytes
        if scanned is not None:
            executions.advance(job, scanned=scanned)
        return rows

    def _statement(self, executions: Executions, job: Job) -> ResultRows:
        asked = job.submission
        _check_catalog(asked.context)
        if asked.parameters:
            raise ParameterError(f"Incorrect number of parameters: expected 0 but found {len(asked.parameters)}")
        execution = self._lake.submit(asked.sql, database=_database(asked.context))
        executions.advance(job, planned_at=self._clock.now())
        with self._lake.result(execution.id) as result:
            names = result.column_names
            if not names:
                return NO_ROWS
            substatement = asked.form.substatement or ""
            if names == ["column", "type"]:
                substatement = "DESC_VIEW"
                executions.advance(job, substatement=substatement)
            columns = statement_columns(names) if asked.form.type == "UTILITY" else ()
            pad = HIVE_FIELD_WIDTH if substatement in PADDED else 0
            return keep_lines(self._folder.new(".arrow"), columns, result.batches(), pad)

    def _cancel(self, execution_id: str) -> None:
        with suppress(ExecutionNotFound):
            self._lake.cancel(execution_id)

    def _write(self, job: Job, rows: ResultRows) -> None:
        """Write the result and what describes it; nothing where the work group keeps results itself."""
        if job.location is None:
            return
        is_query = job.submission.form.is_query
        path = self._folder.new(".result")
        try:
            with path.open("wb") as out:
                (write_csv if is_query else write_text)(rows, out)
            content_type = OCTETS if is_query else BINARY
            self._put(job, "", path, content_type)
        finally:
            path.unlink(missing_ok=True)
        if rows.columns:
            described = metadata_bytes(job.submission.id, rows.columns, update_count=0 if is_query else None)
            self._put(job, ".metadata", described, OCTETS)

    def _put(self, job: Job, suffix: str, content: Any, content_type: str) -> None:
        location = f"{job.location}{suffix}"
        try:
            self._output.put(ResultObject(location, content, content_type, job.submission.settings))
        except LakeError as error:
            raise _OutputFailed(error.message) from error

    @contextmanager
    def _ending(self, executions: Executions, job: Job) -> Iterator[None]:
        """End the job as what is raised within says; a job that was stopped meanwhile has ended."""
        try:
            yield
        except QueryCancelled as error:
            executions.advance(job, state=State.CANCELLED, reason=error.message)
        except _OutputFailed as error:
            _fail(executions, job, output_failure(error.message))
        except LakeError as error:
            failure = failure_of(error, by_hive=job.submission.form.by_hive)
            self._write_failure(job, failure)
            _fail(executions, job, failure)
        finally:
            # Whatever went wrong beyond the errors that are known, nobody may wait for ever.
            if _fail(executions, job, internal_failure()):
                logger.error("execution %s ended unexpectedly:\n%s", job.submission.id, traceback.format_exc())

    def _write_failure(self, job: Job, failure: Failure) -> None:
        """Leave what Hive said where the result would be; that it cannot be written changes nothing."""
        if job.submission.form.by_hive and job.location is not None and not job.state.ended:
            with suppress(_OutputFailed):
                self._put(job, "", failure.message.encode(), OCTETS)


class _OutputFailed(StorageFailed):
    """The statement has run, and its result cannot be written."""


def _fail(executions: Executions, job: Job, failure: Failure) -> bool:
    return executions.advance(job, state=State.FAILED, reason=failure.message, failure=failure)


def _database(context: dict[str, str]) -> str:
    """awswrangler puts the name between back ticks for some statements, which the service takes."""
    return context.get("Database", DEFAULT_DATABASE).strip("`")


def _check_catalog(context: dict[str, str]) -> None:
    catalog = context.get("Catalog", DEFAULT_CATALOG)
    if catalog.lower() != DEFAULT_CATALOG:
        error = InvalidSql(f"Catalog '{catalog}' not found")
        error.id = "CATALOG_NOT_FOUND"
        raise error
