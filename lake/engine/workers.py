"""Threads that stay for the next piece of work: to start one costs more than a small query."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import SimpleQueue

Work = Callable[[], None]


class Workers:
    """As many threads as there is work at once. They are daemons: one that is deaf does not hold the process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[Work | None]] = []
        self._process = os.getpid()
        self._closed = False

    def run(self, work: Work) -> None:
        """Do a piece of work, which raises nothing, in another thread."""
        with self._lock:
            if self._process != os.getpid():
                # A forked process has none of its parent's threads.
                self._idle, self._process = [], os.getpid()
            queue = self._idle.pop() if self._idle else None
        if queue is None:
            queue = SimpleQueue()
            threading.Thread(target=self._serve, args=(queue,), name=self._name, daemon=True).start()
        queue.put(work)

    def close(self) -> None:
        """Let the idle ones end; those at work end when it is done."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for queue in idle:
            queue.put(None)

    def _serve(self, queue: SimpleQueue[Work | None]) -> None:
        while (work := queue.get()) is not None:
            work()
            # What a query holds is let go of before the next one comes.
            del work
            with self._lock:
                if self._closed:
                    return
                self._idle.append(queue)
