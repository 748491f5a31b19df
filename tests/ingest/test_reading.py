"""Blocks read by several readers, in pieces where a record becomes many events."""

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from lake.ingest.columns import ColumnReader
from lake.ingest.events import Reason
from lake.ingest.mapping import FieldMap
from lake.ingest.reading import COPIED_BYTES, read_blocks
from lake.ingest.records import Records, RejectedRecord

METRICS = tuple(f"m{number}" for number in range(30))
RECORDS = 300
BAD = RejectedRecord(1, Reason.NOT_JSON, b"bad")


def wide_lines() -> Records:
    values = ",".join(f'"{name}":{place}' for place, name in enumerate(METRICS))
    texts = [f'{{"id":"s{number}","ts":"2026-02-01",{values},"note":"{"x" * 2000}"}}' for number in range(RECORDS)]
    return Records(
        "json", pa.array(range(1, RECORDS + 1)), "source", pa.array(texts).cast(pa.binary()), malformed=(BAD,)
    )


@pytest.fixture
def readers() -> Iterator[list[ColumnReader]]:
    with duckdb.connect() as connection:
        yield [ColumnReader(connection.cursor(), FieldMap(melt=METRICS)) for _ in range(2)]


def test_records_that_become_many_events_are_read_in_pieces_and_give_the_same(readers: list[ColumnReader]) -> None:
    records = wide_lines()
    assert records.size * len(METRICS) > COPIED_BYTES
    found = [each for each in read_blocks(iter([records]), readers, copies=len(METRICS)) if each is not None]
    ((_, whole),) = [each for each in read_blocks(iter([records]), readers) if each is not None]
    assert len(found) > 1
    assert pa.concat_tables([read.events for _, read in found]).equals(whole.events)
    assert sum(read.records for _, read in found) == whole.records == RECORDS + 1
    assert [rejected for _, read in found for rejected in read.rejected] == [BAD]
    assert [line for piece, _ in found for line in piece.lines.to_pylist()] == records.lines.to_pylist()


def test_a_block_without_records_is_one_piece(readers: list[ColumnReader]) -> None:
    empty = Records("json", pa.array([], pa.int64()), "source", pa.array([], pa.binary()), malformed=(BAD,))
    assert [len(piece) for piece in empty.pieces(3)] == [0]
    ((_, read),) = [each for each in read_blocks(iter([empty]), readers, copies=1000) if each is not None]
    assert read.rejected == [BAD]
