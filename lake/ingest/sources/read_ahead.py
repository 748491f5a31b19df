"""Work of a consumer and of what it reads from, at the same time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
AHEAD = 1
"""Items that lie ready; one more is being made meanwhile."""
LEAVING_SECONDS = 1.0


@dataclass(frozen=True)
class _Over:
    error: BaseException | None


def read_ahead(
    make: Callable[[threading.Event], Generator[T]], *, idle_seconds: float | None = None
) -> Iterator[T | None]:
    """Yield what `make` yields, made by a thread of its own, and raise what it raises; None when nothing came for so long.

    The thread ends with the iterator, even when that is abandoned: the event that `make` is given says so.
    """
    stopping = threading.Event()
    ready: queue.Queue[T | _Over] = queue.Queue(AHEAD)
    thread = threading.Thread(target=_make, args=(make, ready, stopping), name="tap-lake-read-ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(item := _next(ready, idle_seconds), _Over):
            yield item
            del item
        if item.error is not None:
            raise item.error
    finally:
        stopping.set()
        while not ready.empty():
            ready.get_nowait()
        thread.join(LEAVING_SECONDS)


def _next(ready: queue.Queue[T | _Over], seconds: float | None) -> T | _Over | None:
    try:
        return ready.get(timeout=seconds)
    except queue.Empty:
        return None


def _make(
    make: Callable[[threading.Event], Generator[T]], ready: queue.Queue[T | _Over], stopping: threading.Event
) -> None:
    over = _Over(None)
    try:
        with closing(make(stopping)) as items:
            for item in items:
                ready.put(item)
                del item
                if stopping.is_set():
                    return
    except BaseException as error:  # noqa: BLE001 it is raised where the items are awaited
        over = _Over(error)
    if not stopping.is_set():
        ready.put(over)
