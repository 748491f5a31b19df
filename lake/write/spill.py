"""Chunks sorted by partition, kept on disk until the whole stream has been seen, so that a partition gets one file."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lake.write.keys import Values
from lake.write.split import Run

if TYPE_CHECKING:
    import pyarrow as pa


class Spill:
    """Temporary Arrow files in `folder`, which its owner removes. Reading is safe from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places: dict[Values, list[tuple[int, int]]] = defaultdict(list)
        self._readers: list[Any] = []
        self._reading = threading.Lock()

    def add(self, body: pa.Table, runs: Sequence[Run]) -> None:
        import pyarrow as pa

        number = len(self._readers)
        path = str(self._folder / f"spill-{number}.arrow")
        written = 0
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, body.schema, options=options) as writer:
            for run in runs:
                for batch in body.slice(run.start, run.length).to_batches():
                    writer.write_batch(batch)
                    self._places[run.values].append((number, written))
                    written += 1
        # Not mapped: pages of a mapped file would count as this process's memory.
        self._readers.append(pa.ipc.open_file(pa.OSFile(path, "rb")))

    @property
    def partitions(self) -> list[Values]:
        return list(self._places)

    def read(self, values: Values) -> Iterator[pa.RecordBatch]:
        """Yield a partition's rows in the order in which they came."""
        for number, position in self._places[values]:
            with self._reading:
                batch = self._readers[number].get_batch(position)
            yield batch
