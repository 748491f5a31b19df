"""One thread that asks after all queries that are waited for."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lake.engine.athena.calls import ONCE, AthenaCalls
from lake.engine.athena.schedule import Schedule
from lake.engine.workers import Workers
from lake.errors import AccessDenied, LakeError, QueryFailed
from lake.model import State


@dataclass(frozen=True, slots=True)
class Watcher:
    """What is told of a query, in the poller's thread, which must not be held up."""

    seen: Callable[[dict[str, Any]], None]
    """The API's QueryExecution; the last one has ended."""
    lost: Callable[[LakeError], None]
    """Nothing more is heard of it."""
    late: Callable[[], None]
    """Its deadline is over."""


class Poller:
    """Safe to share between threads. Its thread is there while there is something to watch."""

    def __init__(
        self,
        calls: AthenaCalls,
        workers: Workers,
        *,
        now: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._calls = calls
        self._workers = workers
        self._now = now
        self._chance = chance
        self._changed = threading.Condition()
        self._schedule = Schedule()
        self._watchers: dict[str, Watcher] = {}
        self._running = False
        self._one_by_one = False

    def watch(self, execution_id: str, watcher: Watcher, *, age: float = 0.0, deadline: float | None = None) -> None:
        """Begin to watch a query, of which nothing is told before this returns. `deadline` is on the poller's clock."""
        with self._changed:
            self._watchers[execution_id] = watcher
            self._schedule.add(execution_id, self._now(), age=age, deadline=deadline)
            if not self._running:
                self._running = True
                self._workers.run(self._run)
            self._changed.notify_all()

    def hurry(self, execution_id: str) -> None:
        """Look at once, and often: the end is near."""
        with self._changed:
            self._schedule.hurry(execution_id, self._now())
            self._changed.notify_all()

    def forget(self, execution_id: str) -> None:
        with self._changed:
            self._watchers.pop(execution_id, None)
            self._schedule.remove(execution_id)
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            for execution_id in list(self._watchers):
                self.forget(execution_id)

    def _run(self) -> None:
        emptied = False
        try:
            self._watch_all()
            emptied = True
        finally:
            if not emptied:
                # Whatever went wrong beyond the errors that are known, nobody may wait for ever.
                self._lose_all()

    def _lose_all(self) -> None:
        with self._changed:
            self._running = False
            watchers = [watcher for name in list(self._watchers) if (watcher := self._taken_out(name)) is not None]
        for watcher in watchers:
            watcher.lost(QueryFailed("the queries are not watched any more"))

    def _watch_all(self) -> None:
        while True:
            with self._changed:
                rest = self._schedule.rest(self._now())
                if rest is None:
                    self._running = False
                    return
                if rest > 0:
                    self._changed.wait(rest)
                    continue
                late = self._schedule.overdue(self._now())
                ids = self._schedule.due(self._now())
                told = [self._watchers[execution_id] for execution_id in late]
            for watcher in told:
                watcher.late()
            if ids:
                self._look(ids)

    def _look(self, ids: list[str]) -> None:
        try:
            found = self._ask(ids)
        except LakeError as error:
            for execution_id in ids:
                self._failed(execution_id, error)
            return
        for execution_id, answer in found.items():
            if isinstance(answer, LakeError):
                self._failed(execution_id, answer)
            else:
                self._seen(execution_id, answer)

    def _ask(self, ids: list[str]) -> dict[str, dict[str, Any] | LakeError]:
        """Return what there is to say of each."""
        found: dict[str, dict[str, Any] | LakeError] = {}
        if len(ids) > 1 and not self._one_by_one:
            try:
                found |= {str(raw["QueryExecutionId"]): raw for raw in self._calls.get_many(ids, patience=ONCE)}
            except AccessDenied:
                # Policies made for one query at a time allow only GetQueryExecution.
                self._one_by_one = True
        for execution_id in ids:
            if execution_id not in found:
                try:
                    found[execution_id] = self._calls.get(execution_id, patience=ONCE)
                except LakeError as error:
                    found[execution_id] = error
        return found

    def _seen(self, execution_id: str, raw: dict[str, Any]) -> None:
        ended = State(raw["Status"]["State"]).ended
        watcher = self._taken_out(execution_id) if ended else self._put_off(execution_id, answered=True)
        if watcher is not None:
            watcher.seen(raw)

    def _failed(self, execution_id: str, error: LakeError) -> None:
        """Look again later where that may help."""
        with self._changed:
            hopeless = self._schedule.failed(execution_id, self._now()) or not self._calls.is_passing(error)
        if not hopeless:
            self._put_off(execution_id, answered=False)
        elif (watcher := self._taken_out(execution_id)) is not None:
            watcher.lost(error)

    def _put_off(self, execution_id: str, *, answered: bool) -> Watcher | None:
        with self._changed:
            if answered:
                self._schedule.answered(execution_id)
            self._schedule.asked(execution_id, self._now(), self._chance())
            return self._watchers.get(execution_id)

    def _taken_out(self, execution_id: str) -> Watcher | None:
        with self._changed:
            self._schedule.remove(execution_id)
            return self._watchers.pop(execution_id, None)
