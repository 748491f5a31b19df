"""What a query is doing, on one line of the terminal that goes when it has ended."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from lake.commands.console.amounts import show_bytes
from lake.errors import LakeError
from lake.model import Execution

FIRST_SECONDS, EVERY_SECONDS = 1.0, 0.5
CLEARED = "\r\x1b[2K"


@contextmanager
def progress_shown(look: Callable[[], Execution]) -> Iterator[None]:
    """Show the state of an execution, the time and what was scanned, for as long as this lasts; nothing in the first second."""
    ended = threading.Event()
    thread = threading.Thread(target=_show, args=(look, ended, time.monotonic()), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(EVERY_SECONDS)


def progress_line(execution: Execution, seconds: float) -> str:
    scanned = f", {show_bytes(execution.scanned_bytes)} scanned" if execution.scanned_bytes else ""
    return f"{execution.state.lower()}, {seconds:.0f} s{scanned}"


def _show(look: Callable[[], Execution], ended: threading.Event, began: float) -> None:
    shown = False
    pause = FIRST_SECONDS
    while not ended.wait(pause):
        pause = EVERY_SECONDS
        with suppress(LakeError):
            _write(CLEARED + progress_line(look(), time.monotonic() - began))
            shown = True
    if shown:
        _write(CLEARED)


def _write(text: str) -> None:
    with suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()
