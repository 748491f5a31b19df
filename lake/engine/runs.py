"""The queries that this process runs: started, watched, stopped, ended, each known to the history."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from lake.batches import Batches
from lake.clock import Clock
from lake.engine.request import Deadline
from lake.engine.workers import Workers
from lake.errors import LakeError, QueryCancelled, QueryFailed
from lake.history import History
from lake.model import Execution, State

if TYPE_CHECKING:
    import duckdb

    from lake.result import Result
    from lake.types import DataType

logger = logging.getLogger(__name__)

WATCH_SECONDS = 0.25
GRACE_SECONDS = 1.0


@dataclass(slots=True)
class Run:
    """A query, from submission until it is forgotten."""

    execution: Execution
    batches: Batches
    deadline: Deadline | None
    types: Sequence[DataType]
    """Of the result's columns."""
    ended: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)
    """Set when the engine has let go of it, which may be after it was told to have ended."""
    connection: duckdb.DuckDBPyConnection | None = None
    stopping: bool = False
    error: LakeError | None = None
    result: weakref.ref[Result] | None = None


Work = Callable[[Run], int]
"""Answers a query into the batches of its run and returns the number of rows; raises LakeError."""


class Runs:
    """Safe to share between threads; each query has a thread, and one more watches over them while there are any."""

    def __init__(self, history: History, clock: Clock) -> None:
        self._history = history
        self._clock = clock
        self._known: dict[str, Run] = {}
        self._working: dict[str, Run] = {}
        self._submitting = threading.Lock()
        self._watching = False
        self._workers = Workers("query")
        self.lock = threading.Lock()
        """Held where a run must not be stopped meanwhile."""

    def start(self, run: Run, work: Work, *, token: str) -> str:
        """Start a query in a thread of its own; return its id, or that of the earlier one with its token."""
        execution = run.execution
        with self._submitting:
            earlier = self._history.put(execution, token=token)
            if earlier != execution.id:
                return earlier
            with self.lock:
                self._known[execution.id] = self._working[execution.id] = run
        self._workers.run(partial(self._work, run, work))
        self._watch()
        return execution.id

    def get(self, execution_id: str) -> Run | None:
        return self._known.get(execution_id)

    def stop(self, run: Run, reason: LakeError) -> None:
        """Tell a run to have ended by `reason`, and the engine to let go of it; one that has ended is left as it is."""
        with self.lock:
            if run.execution.state.ended:
                return
            run.stopping = True
        self._interrupt(run)
        self._end(run, State.CANCELLED, reason)

    def forget(self, execution_id: str) -> None:
        """Let go of a run and its rows; stop it if it still goes on."""
        with self.lock:
            run = self._known.pop(execution_id, None)
        if run is not None:
            self.stop(run, QueryCancelled("nobody reads the result any more"))

    def close(self) -> None:
        """Stop what runs, and wait a moment for the engine to let go of it."""
        with self.lock:
            working = list(self._working.values())
        for run in working:
            self.stop(run, QueryCancelled("the lake was closed"))
        deadline = time.monotonic() + GRACE_SECONDS
        for run in working:
            while not run.left.wait(0.02) and time.monotonic() < deadline:
                self._interrupt(run)
        self._workers.close()

    def _work(self, run: Run, work: Work) -> None:
        try:
            rows = work(run)
        except LakeError as error:
            cancelled = run.stopping or isinstance(error, QueryCancelled)
            self._end(run, State.CANCELLED if cancelled else State.FAILED, error)
        else:
            self._end(run, State.SUCCEEDED, None, rows)
        finally:
            # Whatever went wrong beyond the errors that are known, nobody may wait for ever.
            self._end(run, State.FAILED, QueryFailed("the query ended unexpectedly"))
            with self.lock:
                del self._working[run.execution.id]
            run.left.set()

    def _end(self, run: Run, state: State, error: LakeError | None, rows: int | None = None) -> None:
        with self.lock:
            if run.execution.state.ended:
                return
            run.error = error
            run.execution = replace(
                run.execution,
                state=state,
                ended_at=self._clock.now(),
                rows=rows,
                error_id=error.id if error else None,
                error_message=error.message if error else None,
            )
        try:
            self._history.put(run.execution)
        except LakeError as failure:
            logger.warning("the end of execution %s is missing from the history: %s", run.execution.id, failure.message)
        finally:
            run.ended.set()
            run.batches.finish(error)

    def _interrupt(self, run: Run) -> None:
        """Stop what DuckDB does for a run now. Between two of its statements that is lost, so it is done again."""
        with self.lock:
            if run.connection is not None:
                run.connection.interrupt()

    def _watch(self) -> None:
        """Look from time to time for queries that are to be stopped: out of time, or by word of another process."""
        with self.lock:
            if self._watching:
                return
            self._watching = True
        self._workers.run(self._watch_runs)

    def _watch_runs(self) -> None:
        while True:
            with self.lock:
                working = list(self._working.values())
                if not working:
                    self._watching = False
                    return
            left = [run.deadline.left for run in working if run.deadline is not None and not run.stopping]
            if not working[0].left.wait(max(0.0, min([WATCH_SECONDS, *left]))):
                self._stop_those_due(working)

    def _stop_those_due(self, working: Sequence[Run]) -> None:
        try:
            wanted = self._history.cancel_requests()
        except LakeError:
            # Deadlines hold without it.
            wanted = set()
        for run in working:
            name = run.execution.id
            if run.stopping:
                self._interrupt(run)
            elif run.deadline is not None and run.deadline.left <= 0:
                self.stop(run, run.deadline.error())
            elif name in wanted:
                self.stop(run, QueryCancelled(f"query {name} was stopped"))
