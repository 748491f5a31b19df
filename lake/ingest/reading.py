"""Several readers at work on the blocks of one source, whose order is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from lake.ingest.columns import ColumnReader, Read
from lake.ingest.records import Records

SMALL = 50_000
"""A block of fewer records was not waited for long, so what follows it may be long in coming: it is read at once."""


COPIED_BYTES = 16 << 20
"""A block that makes more bytes of events, by its melted columns, is read in pieces."""


def read_blocks(
    blocks: Iterator[Records | None], readers: Sequence[ColumnReader], *, copies: int = 1
) -> Iterator[tuple[Records, Read] | None]:
    """Yield each block with what has been read of it, and None for None.

    A record may become as many events as `copies`, with all that is in it. What `blocks` raises comes after all blocks before it.
    """
    return _read(_pieces(blocks, copies), readers)


def _pieces(blocks: Iterator[Records | None], copies: int) -> Iterator[Records | None]:
    for records in blocks:
        count = 1 if records is None or copies == 1 else 1 + records.size * copies // COPIED_BYTES
        if records is None or count == 1:
            yield records
        else:
            yield from records.pieces(count)


def _read(blocks: Iterator[Records | None], readers: Sequence[ColumnReader]) -> Iterator[tuple[Records, Read] | None]:
    waiting: deque[tuple[Records, Future[Read]]] = deque()
    with ThreadPoolExecutor(len(readers), thread_name_prefix="tap-lake-read") as pool:
        turn = 0
        while True:
            try:
                records = next(blocks, END)
            except Exception:
                yield from _finished(waiting, 0)
                raise
            if records is None or isinstance(records, _End):
                yield from _finished(waiting, 0)
                if records is not None:
                    return
                yield None
                continue
            waiting.append((records, pool.submit(readers[turn % len(readers)].read, records)))
            turn += 1
            yield from _finished(waiting, len(readers) - 1 if len(records) >= SMALL else 0)


class _End:
    pass


END = _End()


def _finished(waiting: deque[tuple[Records, Future[Read]]], left: int) -> Iterator[tuple[Records, Read]]:
    while len(waiting) > left:
        records, read = waiting.popleft()
        yield records, read.result()
