"""Write data sets into Parquet tables over S3, where an object appears whole and nothing can be moved.

An append puts one object into each partition, new partitions first, and registers those when their objects are there:
what goes to one partition is seen at once or not at all. An overwrite puts its objects where nobody looks, then leads each
partition there by one change of the catalog. What it replaces stays for a grace, for queries that read it still.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lake.clock import Clock
from lake.errors import CatalogChanged, LakeError, TableNotFound, UsageError
from lake.model import ALREADY_EXISTS, Partition, Refusal, Table, TableName
from lake.settings import WriteSettings
from lake.write.parts import Written
from lake.write.writer import MODES

if TYPE_CHECKING:
    import pyarrow as pa

    from lake.interfaces import Catalog
    from lake.storage.s3 import ObjectStorage
    from lake.write.source import ArrowStream
    from lake.write.stage import StagedFile
    from lake.write.target import Target

logger = logging.getLogger(__name__)

UPLOADS_AT_ONCE = 16
CHANGED_HINT = "nothing was written: try again"


class ObjectWriter:
    """Safe to share between threads and processes. `temp_folder` holds files until they are in S3.

    `bucket` is where new tables lie of a database that has no location; without it they are refused.
    """

    table_lock = None

    def __init__(
        self,
        catalog: Catalog,
        storage: ObjectStorage,
        temp_folder: Path,
        *,
        clock: Clock,
        bucket: str | None = None,
        settings: WriteSettings | None = None,
    ) -> None:
        self._catalog = catalog
        self._storage = storage
        self._temp_folder = temp_folder
        self._clock = clock
        self._bucket = bucket
        self._settings = settings or WriteSettings()

    def write(
        self, data: ArrowStream, name: TableName, *, partition_by: Sequence[str] = (), mode: str = "append"
    ) -> Written:
        """Write every row durably; the table is made when absent. Raises WriteRefused before anything is written.

        `append` adds one object a partition, `overwrite_partitions` replaces the partitions that occur in the data, or the
        whole of a table without partition keys. A write that fails takes back what it can: its objects, and partitions
        that it has replaced.
        """
        from lake.write.source import open_reader
        from lake.write.target import choose_target

        if mode not in MODES:
            raise UsageError(f"mode {mode!r} is unknown", hint=f"it is one of: {', '.join(MODES)}")
        keys = (partition_by,) if isinstance(partition_by, str) else tuple(partition_by)
        reader = open_reader(data, str(name))
        target = choose_target(self._catalog, self._storage, name, reader.schema, keys, bucket=self._bucket)
        with tempfile.TemporaryDirectory(prefix="write-", dir=self._temp_folder) as folder:
            write = _Write(self._catalog, self._storage, target, self._new_id())
            files = self._stage(reader, target, Path(folder), write.id)
            added = write.append(files) if mode == "append" else write.overwrite(files, self._clock.now())
        self._sweep_after(name)
        partitions = len(files) if target.table.partition_keys else 0
        return Written(sum(file.rows for file in files), len(files), partitions, added)

    @contextmanager
    def read_lock(self, name: TableName) -> Iterator[frozenset[str]]:
        """Nothing is held off: what is listed is whole at any moment."""
        yield frozenset()

    def querying(self) -> None:
        """Queries need no mark: nothing is deleted as long as one may read it."""
        return

    def sweep(self, name: TableName) -> int:
        """Delete replaced objects whose grace is over; return how many."""
        from lake.write.replaced import Replaced

        try:
            table = self._catalog.get_table(name)
        except TableNotFound:
            return 0
        if table.location is None:
            return 0
        return Replaced(self._catalog, self._storage).sweep(table, self._clock.now() - self._settings.grace)

    def _sweep_after(self, name: TableName) -> None:
        try:
            self.sweep(name)
        except LakeError as error:
            logger.warning("replaced objects of table %s stay in S3: %s", name, error)

    def _new_id(self) -> str:
        from lake.write.places import new_write_id

        return new_write_id(self._clock.now())

    def _stage(self, reader: pa.RecordBatchReader, target: Target, folder: Path, write_id: str) -> list[StagedFile]:
        from lake.write.places import file_name
        from lake.write.source import slices
        from lake.write.stage import Staging, stage

        staging = Staging(
            folder=folder,
            spill_folder=folder,
            table=str(target.name),
            keys=target.table.partition_keys,
            path_of=lambda number, _: folder / file_name(write_id, number),
            chunk_bytes=self._settings.chunk_bytes,
            threads=self._settings.threads,
        )
        return stage((target.fit.convert(batch) for batch in slices(reader)), staging)


@dataclass(frozen=True)
class _Write:
    """The part of a write that others can see."""

    catalog: Catalog
    storage: ObjectStorage
    target: Target
    id: str

    def append(self, files: Sequence[StagedFile]) -> int:
        """Return how many partitions are new."""
        from lake.write.registered import places_of

        table = self.target.table_now(self.catalog)
        places, added = places_of(self.catalog, table, [file.values for file in files])
        new = {partition.values for partition in added}
        targets = {f"{_folder(places[file.values])}{file.path.name}": file for file in files}
        with self._taken_back_on_error(targets):
            # Nobody sees what lies in a partition that is not registered, so what may fail first goes there.
            self._upload({location: file for location, file in targets.items() if file.values in new})
            self._upload({location: file for location, file in targets.items() if file.values not in new})
            self._register(table, added)
            self._check_unmoved(places)
        return len(added)

    def overwrite(self, files: Sequence[StagedFile], now: datetime) -> int:
        """Return how many partitions are new."""
        from lake.partitions.layouts.layout import hive_path
        from lake.write.places import version_location

        version = version_location(self.target.base, self.id)
        table = self.target.table_now(self.catalog)
        names = [key.name for key in table.partition_keys]
        places = {file.values: version + (hive_path(names, file.values) if names else "") for file in files}
        targets = {f"{places[file.values]}{file.path.name}": file for file in files}
        with self._taken_back_on_error(targets):
            self._upload(targets)
        # From here on objects stay, whatever happens: the catalog may lead to them.
        if not names:
            assert table.location is not None
            self._note_replaced([table.location], now)
            self.catalog.replace_table(replace(table, location=version), expected=table)
            return 0
        return self._lead_to(table, places, now)

    def _note_replaced(self, locations: Sequence[str], now: datetime) -> None:
        from lake.write.replaced import Replaced

        if locations:
            Replaced(self.catalog, self.storage).note(self.target.base, self.id, locations, now)

    def _upload(self, targets: Mapping[str, StagedFile]) -> None:
        from concurrent.futures import ThreadPoolExecutor

        if targets:
            with ThreadPoolExecutor(min(UPLOADS_AT_ONCE, len(targets))) as pool:
                list(pool.map(lambda each: self.storage.upload(each[1].path, each[0]), targets.items()))

    @contextmanager
    def _taken_back_on_error(self, locations: Mapping[str, object]) -> Iterator[None]:
        try:
            yield
        except BaseException:
            try:
                self.storage.delete(locations)
            except LakeError as error:
                logger.warning("objects of write %s stay in S3: %s", self.id, error)
            raise

    def _register(self, table: Table, added: Sequence[Partition]) -> None:
        """Partitions that others have made meanwhile are no refusal."""
        from lake.write.registered import check_taken

        refused = self.catalog.add_partitions(table.full_name, added) if added else []
        check_taken([each for each in refused if each.reason != ALREADY_EXISTS], table)

    def _check_unmoved(self, places: Mapping[tuple[str, ...], str]) -> None:
        """Raise CatalogChanged where an overwrite has led a partition away before its new object was there."""
        from lake.write.registered import places_of

        now, _ = places_of(self.catalog, self.catalog.get_table(self.target.name), list(places))
        for values, place in places.items():
            if _folder(now[values]) != _folder(place):
                raise CatalogChanged(f"{place} was replaced by {now[values]} meanwhile", hint=CHANGED_HINT)

    def _lead_to(self, table: Table, places: Mapping[tuple[str, ...], str], now: datetime) -> int:
        """Give partitions their new locations, one after the other; give those back again where one is refused."""
        from lake.partitions.layouts.layout import layout_of
        from lake.write.registered import check_taken, known_partitions

        layout = layout_of(table)
        known = known_partitions(self.catalog, table, layout, places)
        self._note_replaced([each.location for found in known.values() for each in found], now)
        swapped: list[tuple[Partition, Partition]] = []
        added: list[Partition] = []
        try:
            for values, location in places.items():
                current = known.get(layout.identity(values), [])
                if not current:
                    added.append(Partition(values, location, table.descriptor))
                    continue
                new = Partition(current[0].values, location, table.descriptor)
                _check_swapped(self.catalog.replace_partition(table.full_name, new, expected=current[0]), table)
                swapped.append((current[0], new))
            refused = self.catalog.add_partitions(table.full_name, added)
            _check_swapped(refused[0] if refused else None, table)
        except BaseException:
            self._give_back(table, swapped)
            raise
        # Others with the same values, spelled in another way, would show the old rows beside the new ones.
        others = [each.values for values in places for each in known.get(layout.identity(values), [])[1:]]
        if others:
            check_taken(self.catalog.drop_partitions(table.full_name, others), table)
        return len(added)

    def _give_back(self, table: Table, swapped: Sequence[tuple[Partition, Partition]]) -> None:
        for old, new in swapped:
            try:
                self.catalog.replace_partition(table.full_name, old, expected=new)
            except LakeError as error:
                logger.warning("partition %s stays replaced: %s", "/".join(old.values), error)


def _check_swapped(refusal: Refusal | None, table: Table) -> None:
    if refusal is not None:
        text = "/".join(refusal.values)
        raise CatalogChanged(
            f"table {str(table.full_name)!r} did not take partition {text}: {refusal.message}", hint="try again"
        )


def _folder(location: str) -> str:
    return location if location.endswith("/") else f"{location}/"
