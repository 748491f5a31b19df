"""Holds off Python's cyclic garbage collector where many objects are made that hold no cycles.

It runs once for every 700 containers made and looks at all those that are young, and now and then at all there are: reading
100,000 records takes it longer than the reading.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_holders = 0
_was_enabled = False


@contextmanager
def collector_held() -> Iterator[None]:
    """Keep the collector from running until the last of all threads is out of such a block; for milliseconds each."""
    global _holders, _was_enabled  # noqa: PLW0603 - the collector is one for the whole process
    with _lock:
        if _holders == 0:
            _was_enabled = gc.isenabled()
            gc.disable()
        _holders += 1
    try:
        yield
    finally:
        with _lock:
            _holders -= 1
            if _holders == 0 and _was_enabled:
                gc.enable()
