"""The queries of this process on Athena: watched, stopped, ended, their rows read."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lake.batches import Closed
from lake.clock import Clock
from lake.engine.athena.calls import AthenaCalls
from lake.engine.athena.executions import execution_of
from lake.engine.athena.polling import Poller, Watcher
from lake.engine.athena.query import Query
from lake.engine.workers import Workers
from lake.errors import LakeError, QueryCancelled, QueryFailed
from lake.model import State
from lake.sql.near import NearNames

if TYPE_CHECKING:
    from lake.engine.athena.results import ResultReader

logger = logging.getLogger(__name__)

CONFIRM_SECONDS = 15.0
"""For Athena to say that a query has stopped, which takes it about a second."""


class QueryLives:
    """Safe to share between threads.

    `reader` gives what reads rows, always the same one. What that has to load first it loads while the first query runs.
    """

    def __init__(self, calls: AthenaCalls, reader: Callable[[], ResultReader], near: NearNames, clock: Clock) -> None:
        self._calls = calls
        self._reader = reader
        self._is_prepared = False
        self._near = near
        self._clock = clock
        self._workers = Workers("athena")
        self._poller = Poller(calls, self._workers)
        self._lock = threading.Lock()
        self._known: dict[str, Query] = {}
        self._told_location = False

    def get(self, execution_id: str) -> Query | None:
        return self._known.get(execution_id)

    def begin(self, query: Query, raw: dict[str, Any] | None = None) -> Query:
        """Watch a query until it has ended, as `raw` may say it has; return the one of its id that is known already."""
        with self._lock:
            known = self._known.setdefault(query.id, query)
        if known is not query:
            return known
        if raw is not None and query.execution.state.ended:
            self._end(query, raw)
        else:
            self._watch(query)
        return query

    def read(self, query: Query) -> None:
        """Have the rows read into the query's batches, at once or when it has succeeded."""
        with query.lock:
            query.wanted = True
        if not self._is_prepared:
            self._is_prepared = True
            self._workers.run(self._prepare)
        self._read_if_ready(query)

    def stop(self, query: Query, reason: LakeError) -> None:
        """Have Athena stop a query, whose end is told with `reason` then; return when it has ended, as a rule."""
        if not query.execution.state.ended:
            self._stop(query, reason)
            if not query.ended.wait(CONFIRM_SECONDS):
                logger.warning("query %s was told to stop, and Athena has not said yet that it did", query.id)

    def forget(self, execution_id: str) -> None:
        """Let go of a query and its rows; stop one of ours that still runs."""
        with self._lock:
            query = self._known.pop(execution_id, None)
        if query is None:
            return
        reason = QueryCancelled("nobody reads the result any more")
        query.batches.finish(reason)
        if query.owned and not query.execution.state.ended:
            with self._lock:
                # Until it has stopped, closing waits for it.
                self._known[execution_id] = query
            self._workers.run(partial(self._stop_quietly, query, reason))

    def close(self) -> None:
        """Stop what was started here and still runs, unless it was detached."""
        with self._lock:
            running = [query for query in self._known.values() if query.owned and not query.execution.state.ended]
        for query in running:
            self._workers.run(partial(self._stop_quietly, query, QueryCancelled("the lake was closed")))
        deadline = time.monotonic() + CONFIRM_SECONDS
        for query in running:
            query.ended.wait(max(0.0, deadline - time.monotonic()))
        self._poller.close()
        self._workers.close()

    def _prepare(self) -> None:
        self._reader()

    def _watch(self, query: Query) -> None:
        watcher = Watcher(partial(self._seen, query), partial(self._lost, query), partial(self._late, query))
        age = max(0.0, (self._clock.now() - query.execution.submitted_at).total_seconds())
        deadline = query.deadline.at if query.deadline is not None else None
        self._poller.watch(query.id, watcher, age=age, deadline=deadline)

    def _seen(self, query: Query, raw: dict[str, Any]) -> None:
        self._tell_location(query, raw)
        if not State(raw["Status"]["State"]).ended:
            query.execution = execution_of(raw, query.execution)
        elif raw["Status"]["State"] == State.SUCCEEDED and query.export is None:
            self._end(query, raw)
        else:
            self._workers.run(partial(self._end, query, raw))

    def _lost(self, query: Query, error: LakeError) -> None:
        query.error = error
        query.ended.set()
        query.batches.finish(error)

    def _late(self, query: Query) -> None:
        if query.deadline is not None:
            self._workers.run(partial(self._stop_quietly, query, query.deadline.error()))

    def _tell_location(self, query: Query, raw: dict[str, Any]) -> None:
        """Say once that a workgroup has it its own way."""
        wanted = query.output_location
        if wanted is None or self._told_location:
            return
        own = raw.get("ResultConfiguration", {}).get("OutputLocation")
        if own is None or not own.startswith(f"{wanted.rstrip('/')}/"):
            self._told_location = True
            place = f"puts results under {own.rpartition('/')[0]}/" if own else "keeps results itself"
            logger.warning("workgroup %s %s, not under %s", raw.get("WorkGroup", "primary"), place, wanted)

    def _end(self, query: Query, raw: dict[str, Any]) -> None:
        execution = execution_of(raw, query.execution)
        error: LakeError | None = None
        try:
            if execution.state is State.CANCELLED and query.stop_reason is not None:
                error = query.stop_reason
            elif execution.state is not State.SUCCEEDED:
                from lake.engine.athena.failures import failure_of

                error = failure_of(raw, query.bound, self._near)
            elif query.export is not None:
                execution = replace(execution, rows=self._export(query, raw))
        except LakeError as failure:
            error, execution = failure, replace(execution, state=State.FAILED)
        finally:
            # Whatever went wrong beyond the errors that are known, nobody may wait for ever.
            if error is not None:
                execution = replace(execution, error_id=error.id, error_message=error.message)
            with query.lock:
                query.execution, query.raw, query.error = execution, raw, error
            query.ended.set()
            if error is not None:
                query.batches.finish(error)
        self._read_if_ready(query)

    def _export(self, query: Query, raw: dict[str, Any]) -> int:
        import pyarrow as pa

        from lake.engine.athena.export import export

        assert query.export is not None
        count = export(self._reader().read(raw, query.known_types, intervals=False), query.export)
        query.types = ()
        query.batches.begin(pa.schema([]))
        query.batches.finish()
        return count

    def _stop(self, query: Query, reason: LakeError) -> None:
        """Have Athena stop a query, whose end is told with `reason` then."""
        with query.lock:
            query.stop_reason = query.stop_reason or reason
        self._calls.stop(query.id)
        if query.error is not None and not query.execution.state.ended:
            # It was lost sight of.
            query.ended.clear()
            self._watch(query)
        self._poller.hurry(query.id)

    def _stop_quietly(self, query: Query, reason: LakeError) -> None:
        """Stop a query where nobody is there to be told what stands against it; it counts as ended then."""
        try:
            self._stop(query, reason)
        except LakeError as failure:
            by_hand = f"aws athena stop-query-execution --query-execution-id {query.id}"
            reason.hint = f"it may still run, as it could not be stopped ({failure.message}): {by_hand}"
            self._poller.forget(query.id)
            self._lost(query, reason)

    def _read_if_ready(self, query: Query) -> None:
        with query.lock:
            ready = query.wanted and query.raw is not None and query.error is None and query.export is None
            if not ready or query.reading:
                return
            query.reading = True
        self._workers.run(partial(self._read, query))

    def _read(self, query: Query) -> None:
        assert query.raw is not None
        failure: LakeError | None = QueryFailed("the reading of the rows ended unexpectedly")
        try:
            rows = self._reader().read(query.raw, query.known_types)
            query.types = rows.types
            query.batches.begin(rows.schema)
            count = 0
            for batch in rows.batches:
                query.batches.put(batch)
                count += batch.num_rows
            query.execution = replace(query.execution, rows=count if rows.count is None else rows.count)
            failure = None
        except Closed:
            failure = QueryCancelled("nobody reads the result any more")
        except LakeError as error:
            failure = error
        finally:
            query.batches.finish(failure)
