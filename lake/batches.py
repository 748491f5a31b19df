"""Where the rows of a query wait between the engine that makes them and whoever reads them."""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lake.errors import LakeError, StorageFailed

if TYPE_CHECKING:
    import pyarrow as pa

KEPT_BYTES = 256 * 1024 * 1024
PASSING_BATCHES = 8


class Closed(Exception):
    """The reader has gone; nothing more is wanted."""


class Batches(Protocol):
    """One writer, any number of readers; all methods may be called from any thread."""

    read_once: bool

    def begin(self, schema: pa.Schema) -> None: ...

    def put(self, batch: pa.RecordBatch) -> None:
        """Add a batch; wait where too many wait already; raise Closed when nobody wants more."""
        ...

    def finish(self, error: BaseException | None = None) -> None:
        """Say that no more come, and why if it is a failure: readers raise it after the last batch."""
        ...

    def schema(self) -> pa.Schema:
        """Wait until it is known; raise what the query failed with before that."""
        ...

    def __iter__(self) -> Iterator[pa.RecordBatch]: ...

    def close(self) -> None: ...


class _Stage:
    """What both kinds share: the schema, the end, and the condition to wait on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._schema: pa.Schema | None = None
        self._ended = False
        self._error: BaseException | None = None
        self._closed = False

    def begin(self, schema: pa.Schema) -> None:
        with self._changed:
            self._schema = schema
            self._changed.notify_all()

    def finish(self, error: BaseException | None = None) -> None:
        with self._changed:
            if not self._ended:
                self._ended, self._error = True, error
                self._changed.notify_all()

    def schema(self) -> pa.Schema:
        with self._changed:
            self._changed.wait_for(lambda: self._schema is not None or self._ended)
            if self._schema is None:
                raise self._error or Closed()
            return self._schema

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class PassingBatches(_Stage):
    """A short queue: read once, in bounded memory."""

    read_once = True

    def __init__(self) -> None:
        super().__init__()
        self._taken = False
        self._waiting: deque[pa.RecordBatch] = deque()

    def put(self, batch: pa.RecordBatch) -> None:
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < PASSING_BATCHES or self._closed or self._ended)
            if self._closed or self._ended:
                raise Closed
            self._waiting.append(batch)
            self._changed.notify_all()

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        with self._changed:
            if self._taken:
                raise LakeError("the rows were read already", hint="ask with keep=True to read them more than once")
            self._taken = True
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if not self._waiting or self._error is not None:
                    break
                batch = self._waiting.popleft()
                self._changed.notify_all()
            yield batch
        if self._error is not None:
            raise self._error


class KeptBatches(_Stage):
    """All rows, to be read any number of times: in memory up to `kept_bytes`, then in a temporary Arrow file."""

    read_once = False

    def __init__(self, temp_folder: Path, *, kept_bytes: int = KEPT_BYTES) -> None:
        super().__init__()
        self._temp_folder = temp_folder
        self._room = kept_bytes
        self._memory: list[pa.RecordBatch] = []
        self._spilled = 0
        self._path: Path | None = None
        self._writer: pa.RecordBatchStreamWriter | None = None
        self._sink: pa.OSFile | None = None

    def put(self, batch: pa.RecordBatch) -> None:
        with self._changed:
            if self._closed or self._ended:
                raise Closed
            self._room -= batch.nbytes
            if self._room >= 0:
                self._memory.append(batch)
            else:
                self._spill(batch)
            self._changed.notify_all()

    def finish(self, error: BaseException | None = None) -> None:
        with self._changed:
            if self._writer is not None and self._sink is not None:
                # Readers count the batches, so what is written can be read without the mark of the end.
                with suppress(OSError):
                    self._writer.close()
                    self._sink.close()
                self._writer = self._sink = None
        super().finish(error)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        place = 0
        while (place := place + 1) <= self._available(place):
            if place <= len(self._memory):
                yield self._memory[place - 1]
            else:
                yield from self._spilled_batches()
                break
        if self._error is not None:
            raise self._error

    def _available(self, wanted: int) -> int:
        """Wait until `wanted` batches are there or no more come; return how many there are."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._memory) + self._spilled >= wanted or self._ended)
            return len(self._memory) + self._spilled

    def _spill(self, batch: pa.RecordBatch) -> None:
        import pyarrow as pa

        if self._writer is None:
            handle, name = tempfile.mkstemp(suffix=".arrow", dir=self._temp_folder)
            self._path = Path(name)
            weakref.finalize(self, self._path.unlink, missing_ok=True)
            os.close(handle)
            self._sink = pa.OSFile(name, mode="w")
            self._writer = pa.ipc.new_stream(self._sink, batch.schema)
        self._writer.write_batch(batch)
        self._spilled += 1

    def _spilled_batches(self) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        read = 0
        try:
            source = pa.OSFile(str(self._path), mode="r")
        except FileNotFoundError:
            raise StorageFailed("the rows beyond memory went when the lake was closed") from None
        with source:
            reader: pa.RecordBatchStreamReader | None = None
            while self._available(len(self._memory) + read + 1) > len(self._memory) + read:
                reader = reader or pa.ipc.open_stream(source)
                read += 1
                yield reader.read_next_batch()
