"""Partitions of a table out of Glue, in as few and as parallel calls as the question allows.

Exact values are looked up. Anything else begins with one call: most answers fit into its page. Where they do not, the
table's segments are read side by side, in whose pages partitions come in no order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from operator import attrgetter
from typing import Any, TypeVar

from lake.catalog.glue_calls import ABSENT, LANES, Answer, GlueCalls, Refused, Target, in_lanes
from lake.catalog.glue_codec import PartitionReader
from lake.catalog.glue_expression import EVERYTHING, expressions
from lake.catalog.keys import Narrowing, is_storable, merged
from lake.collector import collector_held
from lake.errors import CatalogFailed
from lake.model import KeyBounds, Partition, Table

# docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html, API_BatchGetPartition.html
PAGE = 1000
VALUES_PER_GET = 1000

LOOKED_UP = 2 * VALUES_PER_GET
"""Values that are looked up one by one rather than selected by an expression."""

SHORT_PAGES = 4
"""Pages not full, perhaps empty, that are read one after another before a selection is read by segments."""

# What Glue says of an expression that it cannot evaluate, on account of a key's type or of one partition's value.
UNEVALUATED = frozenset({"InvalidInputException", "InvalidStateException"})

Item = TypeVar("Item")
Page = list[dict[str, Any]]
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One question for partitions of `table`. Raises Refused when the table is gone."""

    calls: GlueCalls
    target: Target
    table: Table
    where: tuple[KeyBounds, ...]
    columns: bool

    def partitions(self, *, ordered: bool) -> Iterator[Partition]:
        """Yield them page by page as they come, or by value, once the last has come."""
        if not ordered:
            for page in self._read():
                yield from page
            return
        found = [partition for page in self._read() for partition in page]
        found.sort(key=attrgetter("values"))
        last: Values | None = None
        for partition in found:
            # A partition made during the listing may be in two pages.
            if partition.values != last:
                yield partition
            last = partition.values

    def _read(self) -> Iterator[list[Partition]]:
        reader = PartitionReader(self.table, columns=self.columns)
        bounds_of = merged(self.where)
        width = len(self.table.partition_keys)
        rest = [
            (index, bounds_of[key.name]) for index, key in enumerate(self.table.partition_keys) if key.name in bounds_of
        ]
        narrowing = Narrowing((), tuple(rest))
        for page in self._pages():
            with collector_held():
                partitions = reader.read(page)
                page.clear()
            for partition in partitions:
                if len(partition.values) != width:
                    raise CatalogFailed(
                        f"{self._subject}: partition {partition.values} has not the table's {width} keys"
                    )
            yield [each for each in partitions if narrowing.admits(each.values)] if rest else partitions

    def _pages(self) -> Iterator[Page]:
        wanted = self._values_asked()
        if wanted is not None:
            yield from in_lanes(self._look_up, batches(wanted, VALUES_PER_GET))
            return
        texts = expressions(self.table.partition_keys, self.where)
        if texts == (EVERYTHING,):
            yield from self._everything()
            return
        try:
            # All before the first is given: an expression may fail on a late page.
            selected = list(self._selected(texts))
        except Refused as refused:
            if refused.code not in UNEVALUATED:
                raise
            yield from self._everything()
        else:
            yield from selected

    def _values_asked(self) -> list[Values] | None:
        """Return every combination of values that the bounds leave, where they name values for each key."""
        bounds_of = merged(self.where)
        sets = [bounds_of[key.name].values if key.name in bounds_of else None for key in self.table.partition_keys]
        if not sets or None in sets or prod(len(values) for values in sets if values is not None) > LOOKED_UP:
            return None
        return [values for values in product(*(sorted(each or ()) for each in sets)) if is_possible(values)]

    def _look_up(self, values: Sequence[Values]) -> Page:
        return look_up(self.calls, self.target, values, self._subject)

    def _everything(self) -> Iterator[Page]:
        first = self._page({})
        if first.get("NextToken"):
            yield from self._segments({})
        else:
            yield first["Partitions"]

    def _selected(self, texts: Sequence[str]) -> Iterator[Page]:
        requests = [{"Expression": text} for text in texts]
        for request, pages in zip(requests, in_lanes(self._first_pages, requests), strict=True):
            yield from self._segments(request) if pages is None else pages

    def _first_pages(self, request: dict[str, Any]) -> list[Page] | None:
        """Return the pages of a selection that is soon at its end; None for others."""
        pages: list[Page] = []
        token: str | None = None
        while len(pages) < SHORT_PAGES:
            answer = self._page(request, token)
            pages.append(answer["Partitions"])
            token = answer.get("NextToken")
            if not token:
                return pages
            if len(pages[-1]) == PAGE:
                return None
        return None

    def _segments(self, request: dict[str, Any]) -> Iterator[Page]:
        """Yield the pages of all segments as they come, each segment one page ahead."""
        requests = [
            {**request, "Segment": {"SegmentNumber": number, "TotalSegments": LANES}} for number in range(LANES)
        ]
        with ThreadPoolExecutor(LANES, thread_name_prefix="tap-lake-glue") as pool:
            running: dict[Future[Answer], int] = {pool.submit(self._page, each): n for n, each in enumerate(requests)}
            try:
                while running:
                    ended, _ = wait(running, return_when=FIRST_COMPLETED)
                    answers = [(running.pop(future), future.result()) for future in ended]
                    for number, answer in answers:
                        if token := answer.get("NextToken"):
                            running[pool.submit(self._page, requests[number], token)] = number
                    for _, answer in answers:
                        yield answer["Partitions"]
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _page(self, request: dict[str, Any], token: str | None = None) -> Answer:
        more = {} if token is None else {"NextToken": token}
        return self.calls.call(
            "get_partitions",
            self._subject,
            accept=UNEVALUATED | {ABSENT} if "Expression" in request else {ABSENT},
            MaxResults=PAGE,
            ExcludeColumnSchema=not self.columns,
            **self.target.partition_arguments,
            **request,
            **more,
        )

    @property
    def _subject(self) -> str:
        return f"table {str(self.table.full_name)!r}"


def look_up(calls: GlueCalls, target: Target, values: Sequence[Values], subject: str) -> Page:
    """Return the partitions that have these values, in no order; at most VALUES_PER_GET may be asked for."""
    found: Page = []
    wanted = [list(each) for each in values]
    while wanted:
        answer = calls.call(
            "batch_get_partition",
            subject,
            accept={ABSENT},
            PartitionsToGet=[{"Values": each} for each in wanted],
            **target.partition_arguments,
        )
        page = answer["Partitions"]
        found += page
        wanted = [left["Values"] for left in answer.get("UnprocessedKeys", [])]
        if wanted and not page:
            raise CatalogFailed(f"{subject}: Glue gave none of {len(wanted)} partitions that were asked for")
    return found


def is_possible(values: Collection[str]) -> bool:
    """Say whether Glue can hold such values: none is empty, and all have a UTF-8 form."""
    return all(value and is_storable(value) for value in values)


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
