"""Looks into storage, as many at once as it likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from lake.interfaces import Storage

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def side_by_side(storage: Storage, look: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
    """Yield what comes of each item, in order. Where one fails, or nobody wants more, those not yet begun are left."""
    at_once = min(storage.listings_at_once, len(items))
    if at_once < 2:
        yield from map(look, items)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(at_once, thread_name_prefix="tap-lake-list") as pool:
        try:
            yield from pool.map(look, items)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
