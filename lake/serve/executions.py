"""What was submitted to this server and how it stands: kept as long as the server lives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from lake.clock import Clock
from lake.model import State
from lake.serve.failures import Failure
from lake.serve.refusals import invalid, too_many_queries
from lake.serve.results import NO_ROWS, ResultRows
from lake.serve.statements import StatementForm

MOST_ACTIVE = 200
"""Of one account: docs.aws.amazon.com/athena/latest/ug/service-limits.html"""

CANCELLED_BY_USER = "Query cancelled by user"


@dataclass(frozen=True, slots=True)
class Submission:
    """What was asked for. `settings` is the ResultConfiguration that holds; `location` the object, None where managed."""

    id: str
    sql: str
    form: StatementForm
    work_group: str
    submitted_at: datetime
    context: dict[str, str] = field(default_factory=dict, hash=False)
    parameters: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict, hash=False)
    location: str | None = None
    managed: bool = False
    reuse: dict[str, Any] | None = field(default=None, hash=False)

    @property
    def same_query(self) -> tuple[object, ...]:
        """What has to be equal for a result to be given again."""
        return self.sql, tuple(sorted(self.context.items())), self.parameters, self.work_group


@dataclass(frozen=True, slots=True)
class Progress:
    """How an execution stands; `planned_at` is when its statement was understood and handed to the engine."""

    state: State = State.QUEUED
    started_at: datetime | None = None
    planned_at: datetime | None = None
    computed_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    failure: Failure | None = None
    scanned: int = 0
    rows: ResultRows = NO_ROWS
    reused: bool = False
    substatement: str | None = None
    """Where only the run tells it."""


class Job:
    """One execution. Its progress is changed under the lock of its `Executions`."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.progress = Progress()
        self.stop_engine: Callable[[], None] | None = None
        self.location = submission.location

    @property
    def state(self) -> State:
        return self.progress.state


class Executions:
    """Safe to share between threads. `work` runs a job; at most `running` of them at once, the others are queued.

    With `active` of them running or queued, more are refused.
    """

    def __init__(
        self, work: Callable[[Executions, Job], None], clock: Clock, *, running: int, active: int = MOST_ACTIVE
    ) -> None:
        self._work = work
        self._active = active
        self._clock = clock
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._open: set[str] = set()
        self._tokens: dict[str, tuple[str, tuple[object, ...]]] = {}
        self._threads = ThreadPoolExecutor(running, thread_name_prefix="execution")

    def earlier(self, token: str, compared: tuple[object, ...]) -> str | None:
        """Return the id of the execution with this token; raise Refused where it was asked for other things."""
        with self._lock:
            return self._earlier(token, compared)

    def start(self, submission: Submission, token: str, compared: tuple[object, ...]) -> str:
        """Return the id of the new execution, or of the earlier one with this token."""
        job = Job(submission)
        with self._lock:
            earlier = self._earlier(token, compared)
            if earlier is not None:
                return earlier
            if len(self._open) >= self._active:
                raise too_many_queries()
            self._open.add(submission.id)
            self._tokens[token] = (submission.id, compared)
            self._jobs[submission.id] = job
        self._threads.submit(self._work, self, job)
        return submission.id

    def get(self, execution_id: str) -> Job:
        """Raise Refused for one that is unknown."""
        with self._lock:
            job = self._jobs.get(execution_id)
        if job is None:
            raise invalid(f"QueryExecution {execution_id} was not found", "QUERY_EXECUTION_NOT_FOUND")
        return job

    def oldest_first(self, work_group: str) -> list[str]:
        with self._lock:
            return [name for name, job in self._jobs.items() if job.submission.work_group == work_group]

    def reusable(self, submission: Submission, max_age: timedelta) -> Job | None:
        """Return the newest run of the same query that has succeeded within `max_age`."""
        since = submission.submitted_at - max_age
        with self._lock:
            for job in reversed(self._jobs.values()):
                done = job.progress
                if (
                    job.submission.same_query == submission.same_query
                    and done.state is State.SUCCEEDED
                    and not done.reused
                    and done.ended_at is not None
                    and done.ended_at >= since
                ):
                    return job
        return None

    def advance(self, job: Job, **changes: Any) -> bool:
        """Change a job's progress; False, and nothing changed, where it has ended."""
        with self._lock:
            if job.state.ended:
                return False
            if State(changes.get("state", job.state)).ended:
                changes["ended_at"] = self._clock.now()
                self._open.discard(job.submission.id)
            job.progress = replace(job.progress, **changes)
            return True

    def attach(self, job: Job, stop_engine: Callable[[], None]) -> None:
        """Say how the engine is stopped; done at once where the job has ended meanwhile."""
        with self._lock:
            job.stop_engine = stop_engine
            ended = job.state.ended
        if ended:
            stop_engine()

    def stop(self, job: Job, reason: str = CANCELLED_BY_USER) -> None:
        """End a job now, and let the engine know; one that has ended is left as it is."""
        if self.advance(job, state=State.CANCELLED, reason=reason) and job.stop_engine is not None:
            job.stop_engine()

    def close(self) -> None:
        """Stop what runs and take nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            jobs = list(self._jobs.values())
        for job in jobs:
            self.stop(job, "The server was stopped")

    def _earlier(self, token: str, compared: tuple[object, ...]) -> str | None:
        found = self._tokens.get(token)
        if found is None:
            return None
        if found[1] != compared:
            raise invalid("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
        return found[0]
