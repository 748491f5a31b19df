"""Make a staged write part of its table: one transaction of the catalog, after which nothing can undo it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from lake.errors import CatalogChanged, WriteRefused
from lake.model import Partition, Table
from lake.partitions.layouts.layout import hive_path, layout_of
from lake.write.disk import make_folders, remove_folders
from lake.write.garbage import Retired
from lake.write.journal import APPEND, OVERWRITE, Entry, Move
from lake.write.keys import Values
from lake.write.parts import Rider, WriteParts
from lake.write.places import staging_folder, version_location
from lake.write.registered import check_taken, known_partitions, places_of
from lake.write.stage import StagedFile
from lake.write.target import Target

TRY_AGAIN = "nothing was written: try again"


@dataclass(frozen=True)
class Commit:
    """Everything that a commit needs. The caller holds the table's lock alone, and has finished what was unfinished."""

    parts: WriteParts
    target: Target
    write_id: str
    now: datetime

    def append(self, files: Sequence[StagedFile], rider: Rider) -> int:
        """Return how many partitions are new. Raises CatalogChanged when the table is not any more what the rider says."""
        made: list[Path] = []
        with removing_on_error(made), self.parts.catalog.transaction() as connection:
            table = self.target.table_now(self.parts.catalog)
            wanted = list(dict.fromkeys([*(file.values for file in files), *rider.held]))
            places, added = places_of(self.parts.catalog, table, wanted)
            for values, place in places.items():
                if rider.places.get(values, place) != place:
                    raise CatalogChanged(f"a partition was moved to {place} meanwhile", hint=TRY_AGAIN)
            merged = {places[values]: names for values, names in rider.merged.items()}
            self._check_merged(merged)
            moves = tuple(Move(file.path.name, places[file.values]) for file in files)
            made += self._make_places(table, [move.folder for move in moves])
            check_taken(self.parts.catalog.add_partitions(table.full_name, added), table)
            entry = Entry(table.full_name, self.write_id, APPEND, self.target.base, moves)
            self.parts.journal.note(connection, entry, self.now)
            due = self.now + self.parts.settings.grace
            self.parts.garbage.note_merged(
                connection, table.full_name, self.write_id, self.target.base, merged, now=self.now, due=due
            )
            if rider.note is not None:
                rider.note(connection)
        self.parts.journal.finish(entry)
        return len(added)

    def overwrite(self, files: Sequence[StagedFile]) -> int:
        """Return how many partitions are new. The files lie in the version already."""
        with self.parts.catalog.transaction() as connection:
            table = self.target.table_now(self.parts.catalog)
            if table.partition_keys:
                added, old = self._swap_partitions(table, [file.values for file in files])
            else:
                assert table.location is not None
                added, old = 0, [table.location]
                self.parts.catalog.replace_table(replace(table, location=self._version), expected=table)
            retired = Retired(self.target.base, tuple(old))
            name = table.full_name
            self.parts.garbage.note(
                connection, name, self.write_id, retired, now=self.now, due=self.now + self.parts.settings.grace
            )
            entry = Entry(name, self.write_id, OVERWRITE, self.target.base)
            self.parts.journal.note(connection, entry, self.now)
        self.parts.journal.finish(entry)
        return added

    def _check_merged(self, merged: Mapping[str, Sequence[str]]) -> None:
        for place, names in merged.items():
            for name in names:
                if not (self.parts.storage.path(place) / name).is_file():
                    raise CatalogChanged(f"{place}{name} was replaced meanwhile", hint=TRY_AGAIN)

    @property
    def _version(self) -> str:
        return version_location(self.target.base, self.write_id)

    def _make_places(self, table: Table, places: Sequence[str]) -> list[Path]:
        """Make the folders while nothing is valid yet, so that a full disk is met in time."""
        paths = [self.parts.storage.path(place) for place in dict.fromkeys(places)]
        made = make_folders(paths)
        device = staging_folder(self.parts.storage.path(self.target.base), self.write_id).stat().st_dev
        for path in paths:
            if path.stat().st_dev != device:
                remove_folders(made)
                reason = f"{path} is on another file system than the table, and files cannot move there at once"
                raise WriteRefused(str(table.full_name), None, reason)
        return made

    def _swap_partitions(self, table: Table, values: Sequence[Values]) -> tuple[int, list[str]]:
        """Register the version's folders in the place of what was; return how many are new, and the old locations."""
        layout = layout_of(table)
        known = known_partitions(self.parts.catalog, table, layout, values)
        added, old = [], []
        for new in values:
            location = self._version + hive_path(layout.names, new)
            current = known.get(layout.identity(new), [])
            old += [partition.location for partition in current]
            if not current:
                added.append(Partition(new, location, table.descriptor))
                continue
            swapped = Partition(current[0].values, location, table.descriptor)
            refusal = self.parts.catalog.replace_partition(table.full_name, swapped, expected=current[0])
            check_taken([refusal] if refusal else [], table)
            check_taken(
                self.parts.catalog.drop_partitions(table.full_name, [each.values for each in current[1:]]), table
            )
        check_taken(self.parts.catalog.add_partitions(table.full_name, added), table)
        return len(added), old


@contextmanager
def removing_on_error(made: list[Path]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        remove_folders(made)
        raise
