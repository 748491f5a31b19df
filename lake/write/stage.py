"""Write a stream into a folder that no reader looks into: one Parquet file a partition, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from lake.errors import WriteRefused
from lake.model import Column
from lake.storage.files import sync_folder
from lake.write.disk import make_folders
from lake.write.keys import Values
from lake.write.parquet import Encoding, write_file
from lake.write.spill import Spill
from lake.write.split import Run, split

if TYPE_CHECKING:
    import pyarrow as pa

PARTITIONS_LIMIT = 100_000
"""A write into more partitions than this has most likely been given the wrong key."""


@dataclass(frozen=True)
class StagedFile:
    values: Values
    path: Path
    rows: int


@dataclass(frozen=True)
class Staging:
    """Where files are staged: `path_of` names the file of a partition, below `folder`, from its number and values."""

    folder: Path
    spill_folder: Path
    table: str
    keys: tuple[Column, ...]
    path_of: Callable[[int, Values], Path]
    chunk_bytes: int
    threads: int


def stage(batches: Iterable[pa.RecordBatch], staging: Staging) -> list[StagedFile]:
    """Write and sync everything, folders included. The batches hold the table's columns, then its keys."""
    with _pool(staging.threads) as pool:
        files = _stage_partitions(batches, staging, pool) if staging.keys else _stage_one(batches, staging)
    sync_folders(files, staging)
    return files


def stage_sorted(body: pa.Table, runs: Sequence[Run], staging: Staging) -> list[StagedFile]:
    """Write and sync rows that lie together by partition, as `runs` say. They hold the table's columns without its keys."""
    with _pool(staging.threads) as pool:
        files = _write_runs(body, runs, Encoding.for_sample(body), staging, pool)
    sync_folders(files, staging)
    return files


def sync_folders(files: Sequence[StagedFile], staging: Staging) -> None:
    """Make the names of staged files durable."""
    for folder in {staging.folder, *(parent for file in files for parent in _between(file.path, staging.folder))}:
        sync_folder(folder)


@contextmanager
def _pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(threads, thread_name_prefix="tap-lake-write")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _between(path: Path, folder: Path) -> Iterator[Path]:
    for parent in path.parents:
        if parent == folder:
            return
        yield parent


def _stage_one(batches: Iterable[pa.RecordBatch], staging: Staging) -> list[StagedFile]:
    rest = iter(batches)
    first = next(rest, None)
    if first is None:
        return []
    path = staging.path_of(0, ())
    rows = write_file(path, chain([first], rest), Encoding.for_sample(first))
    return [StagedFile((), path, rows)]


def _stage_partitions(
    batches: Iterable[pa.RecordBatch], staging: Staging, pool: ThreadPoolExecutor
) -> list[StagedFile]:
    chunks = _chunks(batches, staging.chunk_bytes)
    first = next(chunks, None)
    if first is None:
        return []
    body, runs = split(first, staging.keys, staging.table, pool)
    encoding = Encoding.for_sample(body)
    second = next(chunks, None)
    if second is None:
        return _write_runs(body, runs, encoding, staging, pool)
    spill = Spill(staging.spill_folder)
    spill.add(body, runs)
    for chunk in chain([second], chunks):
        spill.add(*split(chunk, staging.keys, staging.table, pool))
    return _write_all(spill.partitions, spill.read, encoding, staging, pool)


def _write_runs(
    body: pa.Table, runs: Sequence[Run], encoding: Encoding, staging: Staging, pool: ThreadPoolExecutor
) -> list[StagedFile]:
    # NULL and the text that stands for it are two groups of one partition.
    places: dict[Values, list[Run]] = {}
    for run in runs:
        places.setdefault(run.values, []).append(run)
    return _write_all(list(places), lambda values: _slices(body, places[values]), encoding, staging, pool)


def _slices(body: pa.Table, runs: Iterable[Run]) -> list[pa.Table]:
    return [body.slice(run.start, run.length) for run in runs]


def _chunks(batches: Iterable[pa.RecordBatch], limit: int) -> Iterator[pa.Table]:
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size >= limit:
            yield pa.Table.from_batches(held)
            held, size = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _write_all(
    partitions: Sequence[Values],
    pieces_of: Callable[[Values], Iterable[pa.Table | pa.RecordBatch]],
    encoding: Encoding,
    staging: Staging,
    pool: ThreadPoolExecutor,
) -> list[StagedFile]:
    if len(partitions) > PARTITIONS_LIMIT:
        reason = f"the data fall into {len(partitions):,} partitions, more than {PARTITIONS_LIMIT:,}"
        raise WriteRefused(
            staging.table, None, reason, hint="partition by a column with fewer values, or write in parts"
        )
    ordered = sorted(partitions)
    paths = [staging.path_of(number, values) for number, values in enumerate(ordered)]
    make_folders({path.parent for path in paths})

    def write_one(values: Values, path: Path) -> StagedFile:
        return StagedFile(values, path, write_file(path, pieces_of(values), encoding))

    return list(pool.map(write_one, ordered, paths))
