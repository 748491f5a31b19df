"""From a statement that is started to its first rows, or to its end by a signal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING, TypeVar

from lake.commands.console import interrupts
from lake.commands.console.progress import progress_shown
from lake.commands.console.terminal import say
from lake.errors import ExecutionNotFound, LakeError
from lake.model import Execution, State

if TYPE_CHECKING:
    from lake.commands.console.output import Output
    from lake.lake import Lake
    from lake.result import Result

Start = Callable[[], Execution]
Found = TypeVar("Found")


class Waiting:
    """Waits for what `start` begins. Athena's queries live outside this process, so their stop is waited for and told."""

    def __init__(self, lake: Lake, output: Output) -> None:
        self._lake = lake
        self._output = output

    def result(self, start: Start) -> Result:
        """Return the rows, the first of which are there; raise what the statement fails with."""

        def first_rows(execution: Execution) -> Result:
            result = self._lake.result(execution.id)
            result.schema  # noqa: B018  waits for the first rows, or for what the query fails with
            return result

        return self._until(start, first_rows)

    def end(self, start: Start) -> Execution:
        """Wait for the end of what has no rows for us; raise what it fails with."""

        def ended(execution: Execution) -> Execution:
            found = self._lake.wait(execution.id)
            self._lake.result(execution.id).close()
            return found

        return self._until(start, ended)

    def attached(self, execution_id: str) -> Result:
        """Return the rows of a query that somebody else started; a signal leaves it running."""
        execution = self._lake.execution(execution_id)
        with self._progress(execution):
            result = self._lake.result(execution_id)
            result.schema  # noqa: B018
        return result

    def _until(self, start: Start, wait: Callable[[Execution], Found]) -> Found:
        if self._lake.engine.takes_text:
            return self._there(start, wait)
        execution = start()
        try:
            with self._progress(execution):
                return wait(execution)
        except BaseException:
            with suppress(ExecutionNotFound):
                self._lake.cancel(execution.id)
            raise

    def _there(self, start: Start, wait: Callable[[Execution], Found]) -> Found:
        stop = _Stop(self._lake)
        with interrupts.cleaned_up(stop.tell_by_hand), interrupts.ended_by(stop.begin):
            execution = stop.started(start())
            try:
                with self._progress(execution):
                    found = wait(execution)
            except LakeError:
                if self._lake.execution(execution.id).state is State.CANCELLED:
                    say(f"query {execution.id} stopped")
                stop.is_over = True
                raise
            stop.is_over = True
            return found

    def _progress(self, execution: Execution) -> AbstractContextManager[None]:
        if not self._output.shows_progress:
            return nullcontext()
        return progress_shown(lambda: self._lake.execution(execution.id))


class _Stop:
    """Asks Athena to stop a query, from where a signal is handled, so in a thread of its own.

    One that is still being started is broken off, and the engine stops what of it has reached Athena.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._id: str | None = None
        self.is_over = False

    def started(self, execution: Execution) -> Execution:
        self._id = execution.id
        return execution

    def begin(self) -> None:
        if self._id is None:
            raise interrupts.Interrupted
        threading.Thread(target=self._cancel, name="stop", daemon=True).start()

    def tell_by_hand(self) -> None:
        """Say how to stop what may still run."""
        if self._id is not None and not self.is_over:
            by_hand = f"aws athena stop-query-execution --query-execution-id {self._id}"
            say(f"query {self._id} may still run; to stop it: {by_hand}")

    def _cancel(self) -> None:
        assert self._id is not None
        try:
            self._lake.cancel(self._id)
        except LakeError as error:
            say(f"query {self._id} could not be stopped: {error.message}")
            interrupts.leave()
