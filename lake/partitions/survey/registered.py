"""The catalog's side of a comparison, by location, in the memory that a million partitions leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from lake.model import NOTHING, Partition, StorageDescriptor
from lake.partitions.layouts.layout import Values, as_prefix
from lake.partitions.layouts.of_table import Layouts

OWN, FOREIGN, ODD = 1, 2, 3
"""Where a partition is registered: at a place of its own values, at one of other values, or at none of the layout's."""

DATA, MARKER = 1, 2

EXPECTED = "tap_lake.expected"


class Registered:
    """Partitions as numbers, in the order they came: values, locations, what kind of place that is, what was seen there.

    A location that two partitions share is that of the one whose own place it is, else of the first; the others are in
    `sharing`. Those made after `as_of` are `fresh`.
    """

    def __init__(self, layouts: Layouts, *, as_of: datetime | None = None) -> None:
        self._as_of = as_of
        self.fresh: set[int] = set()
        self.layouts = layouts
        self.values: list[Values] = []
        self.locations: list[str] = []
        self.at: dict[str, int] = {}
        self.place = bytearray()
        self.seen = bytearray()
        self.expected: dict[int, str] = {}
        self.sharing: list[int] = []
        self.outside: list[int] = []
        self.odd = 0
        self.descriptors: dict[int, tuple[StorageDescriptor, list[int]]] = {}
        self.newest: datetime | None = None
        self._texts: dict[str, str] = {}
        self._roots = layouts.roots

    def take(self, partitions: Iterable[Partition], own: StorageDescriptor | None) -> None:
        """Add partitions; those whose descriptor is not `own` are kept by descriptor."""
        texts = self._texts
        for partition in partitions:
            number = len(self.values)
            location = as_prefix(partition.location)
            values = tuple([texts.setdefault(value, value) for value in partition.values])
            self.values.append(values)
            self.locations.append(location)
            self.seen.append(0)
            self.place.append(self._place(location, values))
            holder = self.at.setdefault(location, number)
            if holder != number:
                self._share(location, holder, number)
            if not location.startswith(self._roots):
                self.outside.append(number)
            if partition.parameters is not NOTHING and EXPECTED in partition.parameters:
                self.expected[number] = partition.parameters[EXPECTED]
            if own is not None and partition.descriptor is not own:
                key = id(partition.descriptor)
                self.descriptors.setdefault(key, (partition.descriptor, []))[1].append(number)
            if partition.created_at is not None:
                self._note_age(number, partition.created_at)

    def _share(self, location: str, holder: int, number: int) -> None:
        if self.place[number] == OWN and self.place[holder] != OWN:
            self.at[location] = number
            self.sharing.append(holder)
        else:
            self.sharing.append(number)

    def _note_age(self, number: int, created: datetime) -> None:
        if self.newest is None or created > self.newest:
            self.newest = created
        if self._as_of is not None and created >= self._as_of:
            self.fresh.add(number)

    def __len__(self) -> int:
        return len(self.values)

    def forget(self) -> None:
        """Forget what was seen in storage."""
        self.seen = bytearray(len(self.seen))

    def note(self, number: int, *, data: bool) -> None:
        self.seen[number] |= DATA if data else MARKER

    def has_data(self, number: int) -> bool:
        return bool(self.seen[self.at[self.locations[number]]] & DATA)

    def has_marker(self, number: int) -> bool:
        return bool(self.seen[self.at[self.locations[number]]] & MARKER)

    def find(self, wanted: set[Values]) -> dict[Values, list[int]]:
        """Return the partitions whose values are among `wanted` identities."""
        found: dict[Values, list[int]] = {}
        if wanted:
            for number, identity in self.identities():
                if identity in wanted:
                    found.setdefault(identity, []).append(number)
        return found

    def identities(self) -> Iterator[tuple[int, Values]]:
        identity = self.layouts.identity
        return ((number, identity(values)) for number, values in enumerate(self.values))

    def twins(self) -> set[Values]:
        """Return identities that are registered more than once, in several spellings."""
        if not self.layouts.has_spellings:
            return set()
        hashes: set[int] = set()
        again: set[int] = set()
        for _, identity in self.identities():
            code = hash(identity)
            (again if code in hashes else hashes).add(code)
        if not again:
            return set()
        counts: dict[Values, int] = {}
        for _, identity in self.identities():
            if hash(identity) in again:
                counts[identity] = counts.get(identity, 0) + 1
        return {identity for identity, count in counts.items() if count > 1}

    def _place(self, location: str, values: Values) -> int:
        place = self.layouts.find(location)
        if place is None or place.location != location:
            self.odd += 1
            return ODD
        same = place.values == values or self.layouts.identity(place.values) == self.layouts.identity(values)
        return OWN if same else FOREIGN
