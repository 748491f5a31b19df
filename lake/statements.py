"""Statements that are no query, run against the catalog: their rows and their place in the history are as a query's."""

from __future__ import annotations

import uuid
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from lake.batches import KeptBatches
from lake.columns import to_array
from lake.errors import LakeError, NotSupported, QueryFailed
from lake.model import Execution, State, Table
from lake.result import Result
from lake.sql.ddl.result import Row, StatementResult
from lake.sql.ddl.run import run_ddl
from lake.sql.ddl.session import DdlSession
from lake.sql.ddl.split import StatementKind, classify

if TYPE_CHECKING:
    from lake.lake import Lake

ROWS_PER_BATCH = 10_000


def run_statement(lake: Lake, sql: str, *, database: str, token: str | None) -> tuple[Execution, Result | None]:
    """Run one DDL or SHOW statement and return its rows; raise what it fails with, after it is in the history.

    Where an earlier one had the token, nothing runs and its execution is returned without rows.
    """
    execution = Execution(
        id=str(uuid.uuid4()),
        sql=sql,
        state=State.RUNNING,
        engine="catalog",
        database=database,
        submitted_at=lake.clock.now(),
        statement_type="DDL",
    )
    earlier = lake.history.put(execution, token=token)
    if earlier != execution.id:
        return lake.history.get(earlier), None
    try:
        _refuse_the_rest(sql)
        outcome = run_ddl(sql, _session(lake, database))
        batches, rows = _batches(outcome, lake)
    except LakeError as error:
        _put_end(lake, execution, State.FAILED, error)
        raise
    except BaseException as error:
        state = State.FAILED if isinstance(error, Exception) else State.CANCELLED
        _put_end(lake, execution, state, QueryFailed("the statement ended unexpectedly"))
        raise
    done = replace(
        execution, state=State.SUCCEEDED, statement_type=outcome.statement_type, ended_at=lake.clock.now(), rows=rows
    )
    lake.history.put(done)
    return done, Result(batches, execution=lambda: done, close=lambda: None)


def _put_end(lake: Lake, execution: Execution, state: State, error: LakeError) -> None:
    ended = replace(execution, state=state, error_id=error.id, error_message=error.message)
    lake.history.put(replace(ended, ended_at=lake.clock.now()))


def _refuse_the_rest(sql: str) -> None:
    if classify(sql) not in (StatementKind.DDL, StatementKind.UNSUPPORTED):
        raise NotSupported(
            "INSERT is not supported on a directory lake", hint='use Lake.write(data, "database.table") from Python'
        )


def _session(lake: Lake, database: str) -> DdlSession:
    from lake.partitions.repair.apply import ApplyOptions

    def repair(table: Table) -> list[tuple[str, ...]]:
        report = lake.partitions.repair(str(table.full_name), options=ApplyOptions(move=False))
        if report.refused:
            first = report.refused[0]
            raise LakeError(f"{len(report.refused)} partitions were refused, the first: {first.message}")
        return [change.values for change in report.added]

    return DdlSession(
        catalog=lake.catalog,
        database=database,
        resolve_location=lake.resolve_location,
        describe_query=lake.describe_query,
        repair=repair,
        transaction=lake.transaction,
    )


def _batches(outcome: StatementResult, lake: Lake) -> tuple[KeptBatches, int]:
    schema = pa.schema([(name, pa.string()) for name, _ in outcome.columns])
    batches = KeptBatches(lake.temp_folder)
    batches.begin(schema)
    rows = iter(outcome.rows)
    count = 0
    while page := list(islice(rows, ROWS_PER_BATCH)):
        batches.put(_batch(page, schema))
        count += len(page)
    batches.finish()
    return batches, count


def _batch(rows: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays([to_array(column, pa.string()) for column in columns], schema=schema)
