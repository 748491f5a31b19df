"""Registered partitions by their very values, and changes of many of them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from lake.errors import Throttled
from lake.interfaces import Catalog
from lake.model import KeyBounds, Partition, Refusal, Table, TableName
from lake.partitions.layouts.layout import Values

LOOKED_UP = 100
"""At once: their values, key by key, make few enough combinations for a catalog to look up each."""

SHARE_LISTED = 0.2
"""Above this share of all partitions a catalog is asked for all."""

ATTEMPTS = 6
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def look_up(catalog: Catalog, table: Table, values: Collection[Values]) -> dict[Values, Partition]:
    """Return the partitions that are registered with exactly these texts."""
    found: dict[Values, Partition] = {}
    for batch in batches(values, LOOKED_UP):
        wanted = set(batch)
        bounds = [
            KeyBounds(key.name, values=frozenset(each[index] for each in batch))
            for index, key in enumerate(table.partition_keys)
        ]
        for partition in catalog.list_partitions(table, bounds, ordered=False):
            if partition.values in wanted:
                found[partition.values] = partition
    return found


def look_up_many(
    catalog: Catalog, table: Table, values: Collection[Values], registered: int
) -> dict[Values, Partition]:
    """As `look_up`, by one listing of all where so many of the `registered` are wanted that it is cheaper."""
    if len(values) <= max(LOOKED_UP, registered * SHARE_LISTED):
        return look_up(catalog, table, values)
    wanted = set(values)
    listed = catalog.list_partitions(table, ordered=False)
    return {partition.values: partition for partition in listed if partition.values in wanted}


def replace_all(catalog: Catalog, name: TableName, pairs: Sequence[tuple[Partition, Partition]]) -> list[Refusal]:
    """Put each first partition in the place of the second; at once where the catalog can."""
    at_once = getattr(catalog, "replace_partitions", None)
    if at_once is not None and pairs:
        refusals: list[Refusal] = at_once(name, pairs)
        return refusals
    made = (catalog.replace_partition(name, new, expected=expected) for new, expected in pairs)
    return [refusal for refusal in made if refusal is not None]


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


class Pace:
    """How many partitions go to a catalog in one call of ours: fewer when it has had too many, more while it takes them.

    A catalog cuts them into calls of the service's size, side by side.
    """

    def __init__(self, most: int, least: int = 100, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.size = most
        self._most = most
        self._least = least
        self._sleep = sleep

    def run(
        self, items: Iterable[Item], call: Callable[[list[Item]], Answer]
    ) -> Iterator[tuple[list[Item], Answer, bool]]:
        """Call with one batch after the other and yield what came of it; what was throttled is tried again in smaller ones.

        With each goes whether it was tried before, so that some of it may have been done by then. Raise Throttled when even
        the smallest is refused again and again.
        """
        remaining = iter(items)
        waiting: list[Item] = []
        throttled = 0
        while batch := waiting[: self.size] or list(islice(remaining, self.size)):
            try:
                answer = call(batch)
            except Throttled:
                throttled += 1
                if throttled >= ATTEMPTS:
                    raise
                waiting = waiting or batch
                self.size = max(self._least, self.size // 2)
                self._sleep(random.uniform(0.5, 1) * min(LONGEST_PAUSE, FIRST_PAUSE * 2**throttled))  # noqa: S311
                continue
            was_tried, waiting, throttled = bool(waiting), waiting[len(batch) :], 0
            self.size = min(self._most, self.size + self.size // 2)
            yield batch, answer, was_tried
