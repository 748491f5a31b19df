"""From the spool to the table: each acknowledged event exactly once.

A delivery reads some segments, or a portion of a large one, leaves out what the table has already, sorts the rest by
partition, id and ts, and appends one file a partition. The same transaction of the catalog that makes the files part of the
table says how far the segments are delivered, so a delivery that is killed has either not happened or only its segments are
still to be removed. Small files of earlier deliveries are taken into the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lake.errors import CatalogChanged, NewerFormat, StorageFailed, WriteRefused
from lake.ingest.merging import files_to_merge
from lake.ingest.portions import Portion, portions_of
from lake.ingest.segments import Segment, read_segment
from lake.ingest.table import period_of
from lake.model import KeyBounds, StoredObject, Table, TableName
from lake.partitions.layouts.layout import layout_of
from lake.partitions.survey.discovery import list_data
from lake.write.keys import Values
from lake.write.parts import Rider
from lake.write.places import as_folder

if TYPE_CHECKING:
    import duckdb

    from lake.catalog.sqlite import SqliteCatalog
    from lake.ingest.delivered import Delivered
    from lake.ingest.fresh import Fresh
    from lake.ingest.spool import Spool
    from lake.ingest.table_files import TableFiles
    from lake.storage.files import FileStorage
    from lake.write.writer import Writer

ATTEMPTS = 5
PARTITIONS_NAMED = 1000

OpenCursor = Callable[[], "AbstractContextManager[duckdb.DuckDBPyConnection]"]
"""Gives a DuckDB connection that can reach the storage."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was delivered: `new` of the `events` were not in the table yet. `problems` are told in words."""

    segments: int = 0
    events: int = 0
    new: int = 0
    files: int = 0
    merged: int = 0
    problems: tuple[str, ...] = ()

    def __add__(self, other: Delivery) -> Delivery:
        return Delivery(
            self.segments + other.segments,
            self.events + other.events,
            self.new + other.new,
            self.files + other.files,
            self.merged + other.merged,
            self.problems + other.problems,
        )

    @property
    def duplicates(self) -> int:
        return self.events - self.new


NOTHING = Delivery()


@dataclass(frozen=True, slots=True)
class Place:
    """A partition that a delivery goes to: what it has already, and of that, what the delivery takes over."""

    values: Values
    location: str
    kept: tuple[StoredObject, ...] = ()
    merged: tuple[StoredObject, ...] = ()


class Deliverer:
    """Safe to share between threads and processes: whoever comes second waits.

    What takes more than `bytes_at_once` of memory together is delivered one after the other.
    """

    def __init__(
        self,
        *,
        spool: Spool,
        delivered: Delivered,
        catalog: SqliteCatalog,
        storage: FileStorage,
        writer: Writer,
        cursor: OpenCursor,
        bytes_at_once: int,
    ) -> None:
        self._spool = spool
        self._delivered = delivered
        self._catalog = catalog
        self._storage = storage
        self._writer = writer
        self._cursor = cursor
        self._bytes_at_once = bytes_at_once

    def deliver(self, name: TableName) -> Delivery:
        """Deliver every segment that nobody writes any more to table `name`, which must be there.

        Raises what the catalog, the storage and the engine raise; what is not delivered then stays in the spool.
        """
        done = Delivery()
        unread: set[str] = set()
        with self._spool.delivering():
            self._spool.sweep()
            done += Delivery(problems=self._forget_delivered())
            for batch, problems in self._batches():
                # What follows a portion that could not be read must wait for it.
                batch = [portion for portion in batch if portion.name not in unread]
                delivery, read = self._deliver_batch(name, batch)
                unread |= {portion.name for portion in batch if portion not in read}
                done += delivery + Delivery(problems=problems)
        return done

    def _batches(self) -> Iterator[tuple[list[Portion], tuple[str, ...]]]:
        held: list[Portion] = []
        problems: list[str] = []
        memory = 0
        until = self._delivered.until()
        for path in self._spool.waiting():
            try:
                segment = read_segment(path)
            except (NewerFormat, StorageFailed) as error:
                problems.append(f"{error.message}; {error.hint}" if error.hint else error.message)
                continue
            for portion in portions_of(segment, until.get(segment.name, 0), self._bytes_at_once):
                size = portion.part.memory
                if held and memory + size > self._bytes_at_once:
                    yield held, tuple(problems)
                    held, problems, memory = [], [], 0
                held.append(portion)
                memory += size
        if held or problems:
            yield held, tuple(problems)

    def _deliver_batch(self, name: TableName, batch: Sequence[Portion]) -> tuple[Delivery, Sequence[Portion]]:
        """Return with the delivery what could be read; what could not is told, and stays."""
        done = Delivery()
        if any(portion.events for portion in batch):
            for attempt in range(ATTEMPTS):
                try:
                    done, batch = self._append(name, batch)
                    break
                except CatalogChanged:
                    if attempt == ATTEMPTS - 1:
                        raise
        whole = [portion.segment for portion in batch if portion.is_last]
        if whole:
            done += Delivery(problems=tuple(self._report(segment) for segment in whole if segment.damage))
            self._spool.remove([segment.name for segment in whole])
            self._delivered.forget([segment.name for segment in whole])
        self._writer.sweep_merged(name)
        return done, batch

    def _report(self, segment: Segment) -> str:
        """Keep a segment that may hold more than its whole frames, and say what is wrong with it."""
        kept = f", the file is kept as {self._spool.set_aside(segment.path)}" if segment.has_rest else ""
        return f"{segment.path}: {segment.damage}; its {segment.events:,} whole events are delivered{kept}"

    def _append(self, name: TableName, batch: Sequence[Portion]) -> tuple[Delivery, list[Portion]]:
        """Return with the delivery the portions that it was made of: all that could be read."""
        from lake.ingest.staging import stage_fresh, staged_schema
        from lake.ingest.table_files import TableFiles

        table = self._catalog.get_table(name)
        with self._cursor() as cursor:
            files = TableFiles(cursor, table, self._storage.path)
            places, fresh, unread = self._fresh(table, batch, files)
            read = [portion for portion in batch if portion.name not in unread]
            left = {run.values for run in fresh.runs}
            merged = {
                place.values: place.merged
                for place in places
                if place.merged and place.values in left and files.can_merge(place.merged)
            }
            rider = Rider(
                merged={values: [_file_name(file) for file in taken] for values, taken in merged.items()},
                held=[place.values for place in places if place.kept or place.merged],
                places={place.values: place.location for place in places},
                note=partial(self._delivered.note, until={each.name: each.until for each in read}),
            )
            stager = partial(stage_fresh, fresh, table, files, merged)
            try:
                written = self._writer.append_files(staged_schema(table), stager, name, rider)
            except WriteRefused as error:
                if self._catalog.get_table(name) == table:
                    raise
                raise CatalogChanged(f"table {str(name)!r} was changed meanwhile", hint="deliver again") from error
        events = sum(portion.events for portion in read)
        count = sum(map(len, merged.values()))
        segments = sum(portion.is_last for portion in read)
        return Delivery(segments, events, len(fresh), written.files, count, tuple(unread.values())), read

    def _fresh(
        self, table: Table, batch: Sequence[Portion], files: TableFiles
    ) -> tuple[list[Place], Fresh, dict[str, str]]:
        """Return where events go, those that are not there yet, and by name why segments cannot be read.

        Events are sorted while files are looked at.
        """
        from lake.ingest.fresh import Fresh, partitions_of, read_events

        period = period_of(table)
        events, unread = read_events(batch)
        places = self._places(table, partitions_of(events, period))
        with ThreadPoolExecutor(1) as pool:
            sorting = pool.submit(Fresh.of, events, period)
            files.look_for(events, [file for place in places for file in (*place.kept, *place.merged)])
            fresh = sorting.result()
        return places, fresh.without(files.rows_present(fresh)), unread

    def _places(self, table: Table, wanted: Sequence[Values]) -> list[Place]:
        """Look at partitions where they are, or where they will be: files may lie there already, as after DROP TABLE."""
        layout = layout_of(table)
        locations = {values: layout.location(values) for values in wanted}
        days = frozenset(values[0] for values in wanted)
        bounds = [KeyBounds(layout.names[0], days)] if len(days) <= PARTITIONS_NAMED else []
        with self._writer.read_lock(table.full_name) as passed_over:
            for partition in self._catalog.list_partitions(table, bounds, columns=False):
                if partition.values in locations:
                    locations[partition.values] = partition.location
            return [
                _plan_place(values, location, list_data(self._storage, location, passed_over))
                for values, location in locations.items()
            ]

    def _forget_delivered(self) -> tuple[str, ...]:
        """Finish what a delivery did not come to that was killed after its commit; say which segments cannot be read.

        Of a segment that somebody has removed in between there is nothing to finish.
        """
        problems = []
        begun = self._delivered.until()
        gone = begun.keys() - {path.stem for path in self._spool.paths(begun)}
        names = [*self._delivered.names(), *gone]
        for path in self._spool.paths(names):
            try:
                if read_segment(path).has_rest:
                    self._spool.set_aside(path)
            except StorageFailed as error:
                kept = self._spool.set_aside(path)
                problems.append(f"{error.message}; its events are delivered, the file is kept as {kept}")
        if names:
            self._spool.remove(names)
            self._delivered.forget(names)
        return tuple(problems)


def _plan_place(values: Values, location: str, files: Sequence[StoredObject]) -> Place:
    """What lies in a folder below the partition's own was put there by somebody else, and stays."""
    merged = files_to_merge([file for file in files if file.location == as_folder(location) + _file_name(file)])
    return Place(values, location, tuple(file for file in files if file not in merged), tuple(merged))


def _file_name(file: StoredObject) -> str:
    return file.location.rpartition("/")[2]
