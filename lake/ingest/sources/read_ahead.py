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


IsEnding = Callable[[], bool]
NEVER = threading.Event()


class Ended(Exception):
    """What reads was asked to end, and has given all that it had."""


@dataclass(frozen=True)
class _Over:
    error: BaseException | None


def read_ahead(
    make: Callable[[IsEnding], Generator[T]], ending: threading.Event = NEVER, *, idle_seconds: float | None = None
) -> Iterator[T | None]:
    """Yield what `make` yields, made by a thread of its own, and raise what it raises; None when nothing came for so long.

    Once `ending` is set, what has been made is still yielded, and nothing more is made. `make` is told by what it is given,
    and raises Ended where it would wait. The thread ends with the iterator, even when that is abandoned.
    """
    stopping = threading.Event()
    ready: queue.Queue[T | _Over] = queue.Queue(AHEAD)

    def is_ending() -> bool:
        return ending.is_set() or stopping.is_set()

    arguments = (make, ready, is_ending, stopping)
    thread = threading.Thread(target=_make, args=arguments, name="tap-lake-read-ahead", daemon=True)
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
    make: Callable[[IsEnding], Generator[T]],
    ready: queue.Queue[T | _Over],
    is_ending: IsEnding,
    stopping: threading.Event,
) -> None:
    over = _Over(None)
    try:
        with closing(make(is_ending)) as items:
            for item in items:
                ready.put(item)
                del item
                if stopping.is_set():
                    return
    except Ended:
        pass
    except BaseException as error:  # noqa: BLE001 it is raised where the items are awaited
        over = _Over(error)
    if not stopping.is_set():
        ready.put(over)
