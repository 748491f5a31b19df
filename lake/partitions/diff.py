"""Compares what storage holds with what the catalog says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lake.interfaces import Catalog, Storage
from lake.model import Partition, Table
from lake.partitions.discovery import Found, holds_data, list_places
from lake.partitions.layout import Layout, Values, as_prefix, layout_of
from lake.partitions.plan import Change, ChangeKind, PartitionPlan

if TYPE_CHECKING:
    from lake.clock import Clock

NOT_REGISTERED = "holds data and is not registered"
TWO_PLACES = "these values have data at more than one place"
TWO_VALUES = "this place is registered under other values"


def plan_repair(catalog: Catalog, storage: Storage, table: Table, *, clock: Clock) -> PartitionPlan:
    """Say what would make the catalog agree with storage. Reads only.

    A prefix without data objects counts as absent. Values that are registered, wherever, are never added again.
    Raise UsageError when the table is not partitioned, TableNotFound when it is gone from the catalog.
    """
    layout = layout_of(table)
    made_at = clock.now()
    registered = _Registered(layout, catalog.list_partitions(table, columns=False, ordered=False))
    findings: dict[Values, list[Change]] = {}
    skipped: list[Change] = []
    for place in list_places(storage, layout):
        identity = layout.identity(place.values)
        if registered.covers(identity, place.location) or not holds_data(storage, place.location):
            continue
        change = _judge(layout, registered, identity, place)
        if change.kind == ChangeKind.ADD:
            findings.setdefault(identity, []).append(change)
        else:
            skipped.append(change)
    changes = [places[0] for places in findings.values() if len(places) == 1]
    skipped.extend(_told_apart(places for places in findings.values() if len(places) > 1))
    return PartitionPlan(
        table=table.full_name,
        keys=layout.names,
        made_at=made_at,
        changes=tuple(sorted(changes, key=_by_values)),
        skipped=tuple(sorted(skipped, key=_by_values)),
        registered=registered.count,
    )


class _Registered:
    """The catalog's side, by value: 1 million partitions are held as their identities and locations only."""

    def __init__(self, layout: Layout, partitions: Iterable[Partition]) -> None:
        self.count = 0
        self.places: dict[Values, str] = {}
        self._layout = layout
        for partition in partitions:
            self.count += 1
            self.places[layout.identity(partition.values)] = as_prefix(partition.location)
        self.locations = frozenset(self.places.values())

    def covers(self, identity: Values, location: str) -> bool:
        """Say whether a place needs no look: it is registered, or its values are, outside the layout (an overwrite)."""
        registered = self.places.get(identity)
        return registered is not None and (registered == location or not self._is_own(identity, registered))

    def _is_own(self, identity: Values, location: str) -> bool:
        if not location.startswith(self._layout.root):
            return False
        values = self._layout.values(location.removeprefix(self._layout.root))
        return values is not None and self._layout.identity(values) == identity


def _judge(layout: Layout, registered: _Registered, identity: Values, place: Found) -> Change:
    """Name what a place with data, and not registered as it is, means."""
    fault = layout.fault(place.values)
    if fault is not None:
        return Change(ChangeKind.STRAY, place.values, place.location, reason=fault)
    elsewhere = registered.places.get(identity)
    if elsewhere is not None:
        return Change(ChangeKind.DUPLICATE, place.values, place.location, elsewhere, TWO_PLACES)
    if place.location in registered.locations:
        return Change(ChangeKind.DUPLICATE, place.values, place.location, reason=TWO_VALUES)
    return Change(ChangeKind.ADD, place.values, place.location, reason=NOT_REGISTERED)


def _told_apart(groups: Iterable[list[Change]]) -> Iterator[Change]:
    """Turn places that would all be the same partition into duplicates: which one is meant is not ours to guess."""
    for places in groups:
        for change in places:
            yield Change(ChangeKind.DUPLICATE, change.values, change.location, reason=TWO_PLACES)


def _by_values(change: Change) -> tuple[Values, str]:
    return change.values, change.location
