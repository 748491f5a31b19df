"""Write data sets into a lake's Parquet tables, each write whole or not at all, for every reader of the lake."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lake.catalog.connections import SqliteFile
from lake.catalog.sqlite import SqliteCatalog
from lake.clock import Clock
from lake.errors import LakeError, UsageError
from lake.model import TableName
from lake.partitions.names import hive_path
from lake.storage.faults import writing
from lake.storage.files import FileStorage
from lake.write.commit import Commit
from lake.write.disk import make_folders, remove_empty
from lake.write.garbage import Garbage
from lake.write.journal import APPEND, Journal
from lake.write.keys import Values
from lake.write.leftovers import Leftovers
from lake.write.locks import Locks
from lake.write.places import base_of, file_name, new_write_id, staging_folder, version_folder
from lake.write.source import ArrowStream, open_reader, slices
from lake.write.stage import CHUNK_BYTES, StagedFile, Staging, stage
from lake.write.target import Target, choose_target, find_table

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

MODES = ("append", "overwrite_partitions")


@dataclass(frozen=True)
class WriteOptions:
    """`grace` is how long replaced files stay; `chunk_bytes` how much of the data is held in memory at once."""

    grace: timedelta = timedelta(hours=1)
    chunk_bytes: int = CHUNK_BYTES
    threads: int = 0


@dataclass(frozen=True)
class Written:
    """What a write did: `partitions` is how many it wrote to, `added` how many of them are new."""

    rows: int
    files: int
    partitions: int
    added: int


class Writer:
    """Safe to share between threads, and between processes that have one each on the same lake."""

    def __init__(
        self,
        catalog: SqliteCatalog,
        storage: FileStorage,
        *,
        locks: Path,
        clock: Clock,
        options: WriteOptions | None = None,
    ) -> None:
        self._catalog = catalog
        self._storage = storage
        self._locks = Locks(locks)
        self._clock = clock
        self._options = options or WriteOptions()
        self._file = SqliteFile(catalog.path)
        self._journal = Journal(catalog, self._file, storage.path, storage.paths.bucket)
        self._garbage = Garbage(catalog, self._file, storage.path, storage.paths.bucket)

        self._leftovers = Leftovers(self._locks, self._journal)

    def close(self) -> None:
        self._file.close()

    def write(
        self,
        data: ArrowStream,
        name: TableName,
        *,
        partition_by: Sequence[str] = (),
        mode: str = "append",
    ) -> Written:
        """Write every row durably, or nothing; the table is made when absent.

        `append` adds one file a partition, `overwrite_partitions` replaces the partitions that occur in the data, or
        the whole of a table without partition keys. Raises WriteRefused, naming the column, when the data do not fit.
        """
        if mode not in MODES:
            raise UsageError(f"mode {mode!r} is unknown", hint=f"it is one of: {', '.join(MODES)}")
        reader = open_reader(data, str(name))
        keys = (partition_by,) if isinstance(partition_by, str) else tuple(partition_by)
        target = choose_target(self._catalog, self._storage, name, reader.schema, keys)
        base = self._storage.path(target.base)
        if self._leftovers.list_dead(base) or self._garbage.is_due(name, self._clock.now()):
            self._sweep(name, base)
        self._locks.forget_dead()
        write_id = new_write_id(self._clock.now())
        with writing(f"table {str(name)!r}", base), self._locks.writing(write_id):
            try:
                return self._write(reader, target, base, write_id, overwrite=mode != "append")
            except BaseException:
                self._leftovers.abandon(base, write_id)
                raise

    @contextmanager
    def read_lock(self, name: TableName) -> Iterator[frozenset[str]]:
        """Hold off commits to a table while its partitions and files are listed; finish first what a crash left undone.

        What it yields is empty, except where nothing can be finished (the lake is read-only, the disk is full): then
        files whose names begin with one of the texts are to be passed over, for they belong to a write half in place.
        """
        tried = False
        while True:
            with self._locks.shared(name) as locked:
                unfinished = self._journal.unfinished(name, APPEND)
                if not unfinished or tried or not locked or self._catalog.read_only:
                    yield frozenset(unfinished)
                    return
            tried = not self._try_to_finish(name)

    def sweep(self, name: TableName) -> int:
        """Finish and clear away what writes that were killed left behind, and delete replaced files whose grace is over.

        Return how many replaced files were deleted.
        """
        table = find_table(self._catalog, name)
        base = self._storage.path(base_of(table.location)) if table is not None and table.location else None
        return self._sweep(name, base)

    def _sweep(self, name: TableName, base: Path | None) -> int:
        with self._locks.alone(name):
            self._journal.roll_forward(name)
            if base is not None:
                self._leftovers.sweep(base)
            return self._garbage.sweep(name, self._clock.now())

    def _write(
        self, reader: pa.RecordBatchReader, target: Target, base: Path, write_id: str, *, overwrite: bool
    ) -> Written:
        staging = staging_folder(base, write_id)
        folder = version_folder(base, write_id) if overwrite else staging
        make_folders([staging, folder])
        batches = (target.fit.convert(batch) for batch in slices(reader))
        keys = target.table.partition_keys

        def path_of(number: int, values: Values) -> Path:
            below = hive_path((key.name for key in keys), values) if overwrite and values else ""
            return folder / below / file_name(write_id, number)

        options = self._options
        files = stage(
            batches,
            Staging(folder, staging, str(target.name), keys, path_of, options.chunk_bytes, options.threads),
        )
        added = self._commit(target, write_id, files, overwrite=overwrite)
        if overwrite and keys and not files:
            remove_empty(folder, below=base)
        return Written(sum(file.rows for file in files), len(files), len(files) if keys else 0, added)

    def _commit(self, target: Target, write_id: str, files: Sequence[StagedFile], *, overwrite: bool) -> int:
        with self._locks.alone(target.name):
            self._journal.roll_forward(target.name)
            commit = Commit(
                self._catalog,
                self._storage,
                self._journal,
                self._garbage,
                target,
                write_id,
                self._clock.now(),
                self._options.grace,
            )
            return commit.overwrite(files) if overwrite else commit.append(files)

    def _try_to_finish(self, name: TableName) -> bool:
        try:
            with self._locks.alone(name), writing(f"table {str(name)!r}", self._catalog.path):
                self._journal.roll_forward(name)
        except LakeError as error:
            logger.warning("a write that was cut short cannot be finished now: %s", error)
            return False
        return True
