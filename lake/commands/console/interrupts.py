"""Ctrl-C, SIGTERM and SIGHUP: what runs is stopped, nothing is left behind, and the process ends within a second.

The signal raises `Interrupted` in the main thread, and the query is stopped on its way out. Some of DuckDB's statements
outlive an interrupt, and the main thread may be inside C code; so a watcher ends the process when the grace is over.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

GRACE_SECONDS = 0.6
ENDING_SECONDS = 0.3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """The process was asked to end. No Exception, so that no handler on the way takes it for a failure."""


class _State:
    received: int | None = None
    said = False
    endings: list[Callable[[], None]] = []  # noqa: RUF012
    cleanups: dict[int, Callable[[], None]] = {}  # noqa: RUF012


def install() -> None:
    """Take over the signals, but for those that whoever started this process had it ignore (`nohup`, `&` in a script)."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _receive)


@contextmanager
def cleaned_up(cleanup: Callable[[], None]) -> Iterator[None]:
    """Have `cleanup` called too when the process must end without leaving this block. Afterwards it is the block's own."""
    _State.cleanups[id(cleanup)] = cleanup
    try:
        yield
    finally:
        if _State.received is None:
            del _State.cleanups[id(cleanup)]


@contextmanager
def ended_by(end: Callable[[], None]) -> Iterator[None]:
    """Have the first signal call `end`, and this block go on to its end, in its own time; then Interrupted is raised.

    The second signal ends the process at once.
    """
    _State.endings.append(end)
    try:
        yield
    finally:
        _State.endings.pop()
    if was_interrupted():
        raise Interrupted


def was_interrupted() -> bool:
    return _State.received is not None


def report() -> int:
    """Say, once, that the process was interrupted, and return its exit code: 130 for Ctrl-C, 143 for SIGTERM."""
    number = _State.received or signal.SIGINT
    if not _State.said:
        _State.said = True
        word = "interrupted" if number == signal.SIGINT else "terminated"
        with suppress(OSError, RuntimeError, ValueError):
            # A terminal has just shown ^C.
            sys.stderr.write(f"{chr(10) if sys.stderr.isatty() else ''}tap-lake: {word}\n")
            sys.stderr.flush()
    return 128 + number


def end(code: int) -> NoReturn:
    """End the process; without its threads' leave where one is still inside DuckDB, as it would not survive the end."""
    if was_interrupted():
        _end_now(report())
    deadline = time.monotonic() + ENDING_SECONDS
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    for thread in others:
        thread.join(max(0.0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in others):
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        _end_now(code)
    sys.exit(code)


def leave() -> NoReturn:
    """End the process where the block that a signal has ended does not come to its end."""
    _end_now(report())


def _receive(number: int, frame: FrameType | None) -> None:
    if was_interrupted():
        _end_now(report())
    _State.received = number
    threading.Thread(target=_watch, name="interrupted", daemon=True).start()
    if not _State.endings:
        raise Interrupted
    _State.endings[-1]()


def _watch() -> None:
    time.sleep(GRACE_SECONDS)
    while _State.endings:
        time.sleep(GRACE_SECONDS)
    _end_now(report())


def _end_now(code: int) -> NoReturn:
    for cleanup in list(_State.cleanups.values()):
        # A signal may come within a write to the stream that a cleanup writes to, which is a RuntimeError.
        with suppress(OSError, RuntimeError, ValueError):
            cleanup()
    os._exit(code)
