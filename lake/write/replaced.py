"""What overwrites over S3 have replaced: noted beside the table, and deleted once no query can still read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from lake.model import StoredObject, Table
from lake.partitions.survey.discovery import is_data, list_data
from lake.write.places import as_folder, base_of

if TYPE_CHECKING:
    from lake.interfaces import Catalog, Storage

REPLACED = "_replaced"
"""The hidden folder of the notes, beside the versions."""


@dataclass(frozen=True)
class Replaced:
    """The notes of one lake's tables."""

    catalog: Catalog
    storage: Storage

    def note(self, base: str, write_id: str, locations: Iterable[str], now: datetime) -> None:
        """Say before an overwrite that it will replace what lies at these locations; said in vain it does no harm."""
        noted = {"at": now.isoformat(), "locations": sorted(set(map(as_folder, locations)))}
        self.storage.put(f"{as_folder(base)}{REPLACED}/{write_id}.json", json.dumps(noted).encode())

    def sweep(self, table: Table, before: datetime) -> int:
        """Delete what was replaced before that time and nothing in the database reads; return how many objects went.

        Objects that came after the overwrite stay.
        """
        assert table.location is not None
        deleted = 0
        read: frozenset[str] | None = None
        for note in list(self.storage.list_keys(f"{base_of(table.location)}{REPLACED}/")):
            noted: Mapping[str, object] = json.loads(self.storage.get_range(note.location))
            if datetime.fromisoformat(str(noted["at"])) > before:
                continue
            if read is None:
                read = self._read_places(table)
            locations = noted["locations"]
            assert isinstance(locations, list)
            unread = [each.location for each in self._unread(locations, note, read)]
            self.storage.delete([*unread, note.location])
            deleted += len(unread)
        return deleted

    def _unread(self, locations: Iterable[str], note: StoredObject, read: frozenset[str]) -> Iterator[StoredObject]:
        for location in locations:
            for each in list_data(self.storage, location):
                if each.modified_at <= note.modified_at and not _is_read(each, read):
                    yield each

    def _read_places(self, table: Table) -> frozenset[str]:
        """Return where the table's partitions lie now, and the other tables of its database."""
        own = table.full_name
        others = (each for each in self.catalog.list_tables(table.database) if each.full_name != own)
        found = {as_folder(each.location) for each in others if each.location}
        if not table.partition_keys:
            assert table.location is not None
            return frozenset({*found, as_folder(table.location)})
        return frozenset({*found, *(as_folder(each.location) for each in self.catalog.list_partitions(table))})


def _is_read(stored: StoredObject, places: frozenset[str]) -> bool:
    """Say whether an object is data at one of the places, all of which end with `/`."""
    parts = stored.location.split("/")
    above = ("/".join(parts[:count]) + "/" for count in range(3, len(parts)))
    return any(place in places and is_data(stored, place) for place in above)
