"""What holds in every format: streaming, limits, and what an import costs."""

import io
import subprocess
import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest

import lake.formats
from lake.errors import UsageError
from lake.formats import FORMATS, FormatOptions, write
from tests.formats.arrays import nasty_table


class Watched(io.RawIOBase):
    """Takes bytes and counts them; neither seeks nor tells."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.size += (count := memoryview(data).nbytes)
        return count


@pytest.mark.parametrize("name", FORMATS)
def test_rows_are_counted_and_more_is_told(name: str) -> None:
    table = pa.table({"n": range(10)})
    for limit, rows, more in ((None, 10, False), (10, 10, False), (9, 9, True), (0, 0, True)):
        written = write(table.to_reader(4), Watched(), format=name, options=FormatOptions(max_rows=limit))
        assert (written.rows, written.more) == (rows, more)


@pytest.mark.parametrize("name", FORMATS)
def test_no_more_is_read_than_a_limit_needs(name: str) -> None:
    read = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield pa.record_batch({"n": [1, 2]})

    reader = pa.RecordBatchReader.from_batches(pa.schema({"n": pa.int64()}), batches())
    write(reader, Watched(), format=name, options=FormatOptions(max_rows=4))
    assert read <= 3


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "jsonl", "markdown", "vertical"])
def test_cutting_batches_small_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, pieces = io.BytesIO(), io.BytesIO()
    write(nasty_table().to_reader(), whole, format=name)
    monkeypatch.setattr(lake.formats, "PIECE_BYTES", 1)
    write(nasty_table().to_reader(), pieces, format=name)
    assert pieces.getvalue() == whole.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_a_result_without_columns_or_rows_is_no_error(name: str) -> None:
    assert write(pa.schema([]).empty_table().to_reader(), Watched(), format=name).rows == 0


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet", "arrow", "none"])
def test_memory_does_not_grow_with_the_rows(name: str) -> None:
    batch = pa.record_batch({"n": pa.array(range(65_536)), "text": ["some text or other"] * 65_536})
    before = pa.total_allocated_bytes()
    most = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal most
        for _ in range(48):
            most = max(most, pa.total_allocated_bytes() - before)
            yield batch

    write(pa.RecordBatchReader.from_batches(batch.schema, batches()), Watched(), format=name)
    assert most < 100 * 1024 * 1024


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(UsageError, match="'xml' is not one of table, vertical, csv"):
        write(nasty_table().to_reader(), io.BytesIO(), format="xml")


def test_importing_formats_loads_neither_pyarrow_nor_rich() -> None:
    check = "import sys, lake.formats; sys.exit(bool({'pyarrow', 'rich', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.mark.parametrize("name", FORMATS)
def test_writing_does_not_load_pandas(name: str) -> None:
    """Arrow does that, a quarter of a second long, whenever it converts a Python value."""
    data = io.BytesIO()
    write(nasty_table().drop_columns(["wait"]).to_reader(), data, format="arrow")
    check = (
        "import io, sys, pyarrow.ipc, lake.formats\n"
        "reader = pyarrow.ipc.open_file(io.BytesIO(sys.stdin.buffer.read())).read_all().to_reader()\n"
        f"lake.formats.write(reader, io.BytesIO(), format={name!r})\n"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", check], input=data.getvalue(), check=False).returncode == 0
