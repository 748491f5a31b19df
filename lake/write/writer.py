"""Write data sets into a lake's Parquet tables, each write whole or not at all, for every reader of the lake.

A lake has a `Writer` for its readers too, so what writing alone needs is loaded by the first write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from lake.catalog.connections import SqliteFile
from lake.catalog.sqlite import SqliteCatalog
from lake.clock import Clock
from lake.errors import LakeError, TableNotFound, UsageError
from lake.model import TableName
from lake.settings import WriteSettings
from lake.storage.faults import writing
from lake.storage.files import FileStorage
from lake.write.garbage import Garbage
from lake.write.journal import APPEND, Journal
from lake.write.leftovers import Leftovers
from lake.write.locks import Locks
from lake.write.parts import ALONE, Rider, WriteParts, Written
from lake.write.places import base_of

if TYPE_CHECKING:
    import pyarrow as pa

    from lake.write.single import SingleWrite, Stager
    from lake.write.source import ArrowStream

__all__ = ["MODES", "Writer", "Written"]

logger = logging.getLogger(__name__)

MODES = ("append", "overwrite_partitions")


class Writer:
    """Safe to share between threads, and between processes that have one each on the same lake."""

    def __init__(
        self,
        catalog: SqliteCatalog,
        storage: FileStorage,
        *,
        locks: Path,
        clock: Clock,
        settings: WriteSettings | None = None,
    ) -> None:
        self._file = SqliteFile(catalog.path)
        bucket = storage.paths.bucket
        self._parts = WriteParts(
            catalog=catalog,
            storage=storage,
            locks=Locks(locks),
            journal=Journal(catalog, self._file, storage.path, bucket),
            garbage=Garbage(catalog, self._file, storage.path, bucket),
            clock=clock,
            settings=settings or WriteSettings(),
        )

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
        from lake.write.single import SingleWrite

        if mode not in MODES:
            raise UsageError(f"mode {mode!r} is unknown", hint=f"it is one of: {', '.join(MODES)}")
        keys = (partition_by,) if isinstance(partition_by, str) else tuple(partition_by)
        write = SingleWrite.prepare(self._parts, data, name, partition_by=keys, overwrite=mode != "append", rider=ALONE)
        return self._run(write)

    def append_files(self, schema: pa.Schema, stager: Stager, name: TableName, rider: Rider) -> Written:
        """Append files that `stager` writes, with the columns of `schema`, to a table that is there."""
        from lake.write.single import SingleWrite

        return self._run(SingleWrite.of_files(self._parts, schema, stager, name, rider))

    @contextmanager
    def read_lock(self, name: TableName) -> Iterator[frozenset[str]]:
        """Hold off commits to a table while its partitions and files are listed; finish first what a crash left undone.

        Files whose names begin with one of the texts that it yields are to be passed over: merged into others that are
        there, or of a write half in place that cannot be finished (the lake is read-only, the disk is full).
        """
        tried = False
        while True:
            with self._parts.locks.shared(name) as locked:
                unfinished = self._parts.journal.unfinished(name, APPEND)
                if not unfinished or tried or not locked or self._parts.catalog.read_only:
                    yield self._passed_over()
                    return
            tried = not self._try_to_finish(name)

    def _passed_over(self) -> frozenset[str]:
        """Say for the files of every table how the names begin that are not, or no longer, part of it."""
        unfinished = self._parts.journal.unfinished_anywhere(APPEND)
        return frozenset((*unfinished, *self._parts.garbage.hidden(except_of=unfinished)))

    def sweep(self, name: TableName) -> int:
        """Finish and clear away what writes that were killed left behind, and delete replaced files whose grace is over.

        Return how many replaced files were deleted.
        """
        try:
            location = self._parts.catalog.get_table(name).location
        except TableNotFound:
            location = None
        return self._sweep(name, self._parts.storage.path(base_of(location)) if location else None)

    def querying(self) -> IO[bytes] | None:
        """Mark a query as running until what is returned is closed."""
        return self._parts.locks.querying()

    @property
    def table_lock(self) -> Callable[[TableName], AbstractContextManager[None]]:
        return self._locked

    @contextmanager
    def _locked(self, name: TableName) -> Iterator[None]:
        """Keep others from committing to a table, and from reading its listing, once what a crash left undone is finished."""
        with writing(f"table {str(name)!r}", self._parts.catalog.path), self._parts.locks.alone(name):
            self._parts.journal.roll_forward(name)
            yield

    def sweep_merged(self, name: TableName) -> int:
        """Delete the files that merges have replaced, unless a query runs that may read them; return how many."""
        with self._parts.locks.alone(name):
            # What replaces them may not be in place yet.
            self._parts.journal.roll_forward(name)
            unread = not self._parts.locks.is_queried()
            return self._parts.garbage.sweep(name, self._parts.clock.now(), unread=unread)

    def _run(self, write: SingleWrite) -> Written:
        """Clear away first what earlier writes to the table have left."""
        name = write.target.name
        if Leftovers(self._parts).list_dead(write.base) or self._parts.garbage.is_due(name, self._parts.clock.now()):
            self._sweep(name, write.base)
        self._parts.locks.forget_dead()
        return write.run()

    def _sweep(self, name: TableName, base: Path | None) -> int:
        with writing(f"table {str(name)!r}", self._parts.catalog.path), self._parts.locks.alone(name):
            self._parts.journal.roll_forward(name)
            if base is not None:
                Leftovers(self._parts).sweep(base)
            return self._parts.garbage.sweep(name, self._parts.clock.now())

    def _try_to_finish(self, name: TableName) -> bool:
        try:
            with writing(f"table {str(name)!r}", self._parts.catalog.path), self._parts.locks.alone(name):
                self._parts.journal.roll_forward(name)
        except LakeError as error:
            logger.warning("a write that was cut short cannot be finished now: %s", error)
            return False
        return True
