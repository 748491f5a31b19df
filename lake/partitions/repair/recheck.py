"""Looks into storage again, just before what a plan says is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property

from lake.errors import AccessDenied, StorageFailed
from lake.interfaces import Storage
from lake.model import Partition, Table
from lake.partitions.diff.expected import is_ahead
from lake.partitions.diff.plan import Change
from lake.partitions.layouts.inference import layouts_of
from lake.partitions.layouts.layout import as_prefix
from lake.partitions.layouts.of_table import Layouts
from lake.partitions.survey.discovery import holds_data
from lake.partitions.survey.registered import EXPECTED
from lake.partitions.survey.side_by_side import side_by_side

Fault = Callable[[Change], str | None]


class Recheck:
    """Each method says why a change must not be made any more, or returns None. What cannot be listed is never gone."""

    def __init__(self, storage: Storage, table: Table, now: datetime) -> None:
        self._now = now
        self._storage = storage
        self._table = table

    def each(self, changes: Sequence[Change], fault_of: Fault) -> Iterator[tuple[Change, str | None]]:
        """Yield each change with its fault, in order, looking at several side by side."""

        def look(change: Change) -> str | None:
            try:
                return fault_of(change)
            except (StorageFailed, AccessDenied) as error:
                return error.message

        yield from zip(changes, side_by_side(self._storage, look, changes), strict=True)

    def addition(self, change: Change) -> str | None:
        return None if holds_data(self._storage, change.location) else f"{change.location} holds no data any more"

    def move(self, change: Change) -> str | None:
        before = as_prefix(change.registered_location or "")
        if not holds_data(self._storage, change.location):
            return f"{change.location} holds no data any more"
        place = self._layouts.find(before)
        is_of_others = (
            place is not None
            and place.location == before
            and self._layouts.identity(place.values) != self._layouts.identity(change.values)
        )
        if not is_of_others and holds_data(self._storage, before):
            return f"{before} holds data again"
        return None

    def drop(self, change: Change, now: Partition) -> str | None:
        until = now.parameters.get(EXPECTED)
        if until is not None and is_ahead(until, self._now):
            return "its data are expected by now"
        for location in dict.fromkeys([as_prefix(now.location), *self._layouts.own_places(change.values)]):
            for stored in self._storage.list_keys(location):
                return f"{stored.location} is there again"
        return None

    @cached_property
    def _layouts(self) -> Layouts:
        return layouts_of(self._storage, self._table)
