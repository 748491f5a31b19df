"""A lake: a catalog, a storage, an engine and their history, composed."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lake.errors import ExecutionNotFound, LakeError, NotSupported, UsageError
from lake.model import Column, Execution, Table, TableName

if TYPE_CHECKING:
    from lake.clock import Clock
    from lake.directory import LakeDirectory
    from lake.engine.request import QueryRequest
    from lake.history import History
    from lake.ingest.delivery import Delivery
    from lake.ingest.rejected import Rejection
    from lake.ingest.sources.options import SourceOptions
    from lake.ingest.taking import Ingested, OnAck, Taking, TakingOptions
    from lake.interfaces import Catalog, Engine, Storage
    from lake.named import NamedQueries
    from lake.partitions import Partitions
    from lake.parts import Parts
    from lake.result import Result
    from lake.sql.parameters import Values
    from lake.sql.plan import QueryPlan
    from lake.write.parts import Written
    from lake.write.source import ArrowStream

logger = logging.getLogger(__name__)

SEEN_AGAIN_SECONDS = 0.05


class Lake:
    """One lake. Safe to share between threads; a context manager; made by `lake.connect`.

    `database` is what unqualified table names mean. SQL is Athena's (engine version 3) everywhere.
    """

    def __init__(self, parts: Parts, *, database: str) -> None:
        self._parts = parts
        self.database = database
        self._finished: dict[str, Result] = {}

    @property
    def directory(self) -> LakeDirectory:
        return self._parts.directory

    @property
    def clock(self) -> Clock:
        return self._parts.clock

    @property
    def catalog(self) -> Catalog:
        return self._parts.catalog

    @property
    def storage(self) -> Storage:
        return self._parts.storage

    @property
    def engine(self) -> Engine:
        return self._parts.engine

    @property
    def temp_folder(self) -> Path:
        """A folder of this process for what need not be kept."""
        return self._parts.temp_folder

    @property
    def history(self) -> History:
        return self._parts.history

    @property
    def queries(self) -> NamedQueries:
        return self._parts.queries

    @cached_property
    def partitions(self) -> Partitions:
        from lake.partitions import Partitions

        writer = self._parts.writer
        return Partitions(
            self.catalog,
            self.storage,
            self.clock,
            self.table,
            writer.table_lock,
            partial(self.query, keep=False),
            self._parts.calls,
        )

    def query(
        self,
        sql: str,
        params: Values | None = None,
        *,
        database: str | None = None,
        timeout: float | None = None,
        keep: bool = True,
        reuse_minutes: int | None = None,
    ) -> Result:
        """Run one statement, or `@name`, and return its rows once it has ended.

        With `keep=False` it returns as soon as the first rows are there, and they can be read once. `timeout` is in
        seconds. Athena may answer with a result that is at most `reuse_minutes` old. An interruption while waiting stops
        the query. Raises what the statement fails with.
        """
        execution = self.submit(sql, params, database=database, timeout=timeout, keep=keep, reuse_minutes=reuse_minutes)
        has_ended = False
        try:
            if keep:
                has_ended = self.wait(execution.id).state.ended
            result = self.result(execution.id)
            if not keep:
                result.schema  # noqa: B018  waits for the first rows, or for what the query fails with
        except BaseException:
            if not has_ended:
                with suppress(ExecutionNotFound):
                    self.cancel(execution.id)
            raise
        return result

    def submit(  # noqa: PLR0913 - all but the statement are said by name
        self,
        sql: str,
        params: Values | None = None,
        *,
        database: str | None = None,
        token: str | None = None,
        timeout: float | None = None,
        keep: bool = True,
        export: Path | None = None,
        reuse_minutes: int | None = None,
    ) -> Execution:
        """Start one statement, or `@name`, and return at once.

        On a lake that is asked by DuckDB, statements that are no query are done when it returns. The same `token` never
        runs twice. With `export` the rows of a query go into that Parquet file, whole or not at all.
        """
        from lake.engine.request import Deadline, QueryRequest
        from lake.sql.ddl.split import StatementKind, classify
        from lake.storage.new_file import NewFile

        deadline = Deadline.after(timeout) if timeout is not None else None
        sql, params = self._named(sql, params)
        database = database or self.database
        if not self.engine.takes_text and classify(sql) is not StatementKind.QUERY:
            if params:
                raise UsageError("parameters are for queries; this statement takes none")
            if export is not None:
                raise UsageError("only the rows of a query can be written to a file in columns")
            return self._run_statement(sql, database, token)
        request = QueryRequest(
            sql,
            database,
            token or str(uuid.uuid4()),
            values=params,
            parameters=_as_text(params),
            keep=keep,
            export=NewFile(export) if export is not None else None,
            deadline=deadline,
            reuse_minutes=reuse_minutes,
        )
        return self.engine.submit(request) if self.engine.takes_text else self._submit_planned(request)

    def _submit_planned(self, request: QueryRequest) -> Execution:
        mark = self._parts.writer.querying()
        try:
            plan = self._parts.planner.plan(request.sql, database=request.database, parameters=request.values)
            if request.deadline is not None:
                request.deadline.check()
            return self.engine.submit(request.with_plan(plan, mark))
        except BaseException:
            if mark is not None:
                mark.close()
            raise

    def _run_statement(self, sql: str, database: str, token: str | None) -> Execution:
        from lake.statements import run_statement

        execution, result = run_statement(self, sql, database=database, token=token)
        if result is not None:
            self._finished[execution.id] = result
        return execution

    def plan(self, sql: str, params: Values | None = None, *, database: str | None = None) -> QueryPlan:
        """Say what a query, or `@name`, would read. Nothing runs but the evaluation of partition predicates."""
        sql, params = self._named(sql, params)
        return self._parts.planner.plan(sql, database=database or self.database, parameters=params)

    def wait(self, execution_id: str, *, timeout: float | None = None) -> Execution:
        """Return the execution once it has ended, or as it stands after `timeout` seconds."""
        if execution_id in self._finished:
            return self._finished[execution_id].execution
        return self.engine.wait(execution_id, timeout=timeout)

    def as_completed(self, execution_ids: Iterable[str]) -> Iterator[Execution]:
        """Yield executions as they end, however they end; `result` gives the rows of each, or raises what it failed with.

        Raises what stands against looking at them, such as credentials that have expired.
        """
        pending = list(execution_ids)
        while pending:
            seen = {name: self.wait(name, timeout=0) for name in pending}
            pending = [name for name in pending if not seen[name].state.ended]
            yield from (execution for execution in seen.values() if execution.state.ended)
            if len(pending) == len(seen):
                self.wait(pending[0], timeout=SEEN_AGAIN_SECONDS)

    def detach(self, execution_id: str) -> None:
        """Let a query go on after this lake is closed; raise NotSupported where its engine runs in this process."""
        self.engine.detach(execution_id)

    def execution(self, execution_id: str) -> Execution:
        """Return an execution of this lake, of any process; raise ExecutionNotFound."""
        return self.engine.execution(execution_id)

    def cancel(self, execution_id: str) -> Execution:
        """Stop a running query, of this process or another one; one that has ended is left as it is."""
        return self.engine.cancel(execution_id)

    def result(self, execution_id: str) -> Result:
        """Return the rows of an execution that this Lake submitted; raise what it failed with."""
        if execution_id in self._finished:
            return self._finished.pop(execution_id)
        return self.engine.result(execution_id)

    def tables(self, database: str | None = None) -> Iterator[Table]:
        """Yield the tables and views of one database, or of all, by name."""
        names = [database] if database else [found.name for found in self.catalog.list_databases()]
        for name in names:
            yield from self.catalog.list_tables(name)

    def table(self, name: str) -> Table:
        """Return a table by `table` or `database.table`; raise TableNotFound."""
        return self.catalog.get_table(self.table_name(name))

    def table_name(self, text: str) -> TableName:
        try:
            return TableName.parse(text, self.database)
        except ValueError as error:
            raise UsageError(str(error)) from None

    def resolve_location(self, text: str) -> str:
        """Return the URL that a LOCATION means: a URL as it is, anything else a path below the lake's data.

        Raises LocationForbidden for what this lake cannot reach.
        """
        return self._parts.resolve_location(text)

    def transaction(self) -> AbstractContextManager[object]:
        """Changes of the catalog within it are made together, where the catalog can."""
        return self._parts.transaction()

    def describe_query(self, sql: str, database: str) -> list[Column]:
        """Return the columns that a query gives, types in Trino's text. No file is opened."""
        compiled = self._parts.planner.describe(sql, database=database)
        return [Column(name, type_.athena) for name, type_ in zip(compiled.names, compiled.types, strict=True)]

    def ingest(
        self,
        data: object,
        *,
        source: str | SourceOptions | None = None,
        names: Mapping[str, str] | None = None,
        melt: str | Sequence[str] = (),
        strict: bool = False,
        deliver: bool = True,
        on_ack: OnAck | None = None,
    ) -> Ingested:
        """Take events, acknowledge them, and deliver them to table `readings` of this lake's own database.

        `data` is a path or several (files, folders, patterns), a binary stream, what hands out Arrow columns, or mappings,
        one or any number. `names` maps a column to the event's name for it, or to "" where it is left out; each column of
        `melt` becomes events of its own. `source` names where the data come from: records without an event_id are told
        apart by it and their line. What is no event is kept and counted; with `strict` it raises EventsRejected, and
        nothing is taken. `on_ack(segment, count)` is called for events that are durable; those of a generator are when the
        next one comes after a second, or it has given 10,000, or ends: while it is silent, none is. Without `deliver` they
        are delivered when enough has come together, by the next ingest or delivery, or when the lake is closed.
        """
        from lake.ingest.inputs import take_all
        from lake.ingest.mapping import FieldMap
        from lake.ingest.taking import TakingOptions

        mapping = FieldMap(dict(names or {}), (melt,) if isinstance(melt, str) else tuple(melt))
        with self.taking(TakingOptions(mapping, strict, deliver, on_ack)) as taking:
            take_all(taking, data, source)
        return taking.done

    def rejected(self) -> Iterator[Rejection]:
        """Yield the records that were no events, oldest first."""
        from lake.ingest.rejected import read_rejected, rejected_files

        return read_rejected(rejected_files(self._parts.events.spool.rejected))

    def retry_rejected(self, options: TakingOptions) -> Ingested:
        """Take the rejected records again; those that are still no events are kept as before."""
        from lake.ingest.rejected import read_rejected, rejected_files, remove_unchanged, sizes_of
        from lake.ingest.retrying import rejected_sources

        files = sizes_of(rejected_files(self._parts.events.spool.rejected))
        with self.taking(options) as taking:
            for source in rejected_sources(read_rejected(list(files))):
                taking.take(source)
        if not options.ending.is_set():
            remove_unchanged(files)
        return taking.done

    def taking(self, options: TakingOptions) -> Taking:
        """Return what an ingest is made of, to be given one source after another (see `lake.ingest.taking`)."""
        return self._parts.events.taking(self.deliver, options)

    def deliver(self) -> Delivery:
        """Deliver what waits in the spool to table `readings` of this lake's own database, which is made when absent.

        Raises what the catalog, the storage and the engine raise; what is not delivered stays in the spool.
        """
        return self._parts.events.deliver(partial(self.query, database=self.readings.database))

    @property
    def readings(self) -> TableName:
        """The table that events are delivered to."""
        return self._parts.events.readings

    @property
    def has_undelivered(self) -> bool:
        """Say whether events that nobody is writing any more wait in the spool; on AWS there is none."""
        try:
            spool = self._parts.events.spool
        except NotSupported:
            return False
        return bool(spool.waiting())

    def write(
        self, data: ArrowStream, table: str, *, partition_by: Sequence[str] = (), mode: str = "append"
    ) -> Written:
        """Write columns to a Parquet table, which is made when it does not exist.

        `data` is whatever has `__arrow_c_stream__`: pandas, Polars, Arrow, a DuckDB relation. `append` adds one file a
        partition, `overwrite_partitions` replaces the partitions that occur in `data`; either is seen whole or not at
        all. Raises WriteRefused, naming the column, before anything is written.
        """
        return self._parts.writer.write(data, self.table_name(table), partition_by=partition_by, mode=mode)

    def close(self) -> None:
        """Deliver what this Lake has taken, stop what runs and let go of files. Closing twice is no error."""
        try:
            if self._parts.has_taken:
                self.deliver()
        except LakeError as error:
            logger.warning("events stay in the spool until the next delivery: %s", error.message)
        finally:
            self._parts.close()

    def __enter__(self) -> Lake:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _named(self, sql: str, params: Values | None) -> tuple[str, Values | None]:
        if not sql.startswith("@"):
            return sql, params
        query = self.queries.get_query(sql[1:].strip())
        if params is not None and not isinstance(params, Mapping):
            raise UsageError(f"{sql} takes its parameters by name")
        return query.sql, query.values(params or {})


def _as_text(params: Values | None) -> dict[str, str]:
    """Write parameters as history keeps them."""
    if not params:
        return {}
    pairs: Any = params.items() if isinstance(params, Mapping) else enumerate(params, start=1)
    return {str(name): str(value) for name, value in pairs}
