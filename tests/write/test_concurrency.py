"""Several processes and threads write and read one table at once: nothing is lost, nothing is seen half done."""

import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

from lake.clock import SystemClock
from lake.errors import CatalogFailed
from tests.write.place import Place

WRITERS = 4
WRITES = 5
DAYS = 3

# Threads of Arrow and DuckDB do not survive a fork.
processes = multiprocessing.get_context("spawn")


def append_often(folder: str, writer: int) -> None:
    place = Place(Path(folder), SystemClock())
    for number in range(WRITES):
        place.write(one_write(writer * WRITES + number), "t", partition_by="day")
    place.close()


def one_write(number: int) -> pa.Table:
    """A row for each of several days, so that a write seen half done shows."""
    return pa.table({"n": [number] * DAYS, "day": [f"d{(number + step) % 5}" for step in range(DAYS)]})


def overwrite_often(folder: str, writer: int) -> None:
    place = Place(Path(folder), SystemClock())
    for number in range(WRITES):
        data = pa.table({"n": [writer * WRITES + number] * DAYS, "day": [f"d{step}" for step in range(DAYS)]})
        place.write(data, "t", partition_by="day", mode="overwrite_partitions")
    place.close()


def read_often(folder: str, until: Callable[[], bool], check: Callable[[list[int]], None]) -> int:
    place = Place(Path(folder), SystemClock())
    reads = 0
    while not until():
        if list(place.catalog.list_tables("default")):
            check([row[0] for row in place.rows("t")])
            reads += 1
    place.close()
    return reads


def run_with_reader(folder: Path, target: Callable[[str, int], None], check: Callable[[list[int]], None]) -> int:
    writers = [processes.Process(target=target, args=(str(folder), number)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    reads = read_often(str(folder), lambda: not any(writer.is_alive() for writer in writers), check)
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    return reads


@pytest.mark.slow
def test_four_processes_append_at_once_and_a_reader_sees_whole_writes(place: Place) -> None:
    def check(numbers: list[int]) -> None:
        assert all(numbers.count(number) == DAYS for number in set(numbers)), "half a write"

    assert run_with_reader(place.directory.path, append_often, check) > 0
    numbers = sorted(row[0] for row in place.rows("t"))
    assert numbers == sorted(list(range(WRITERS * WRITES)) * DAYS)
    assert place.left_over() == []


@pytest.mark.slow
def test_four_processes_overwrite_at_once_and_a_reader_sees_whole_writes(place: Place) -> None:
    def check(numbers: list[int]) -> None:
        assert len(numbers) == DAYS
        assert len(set(numbers)) == 1, "of two writes"

    assert run_with_reader(place.directory.path, overwrite_often, check) > 0
    assert place.left_over() == []


def test_threads_append_at_once(place: Place) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: place.write(one_write(number), "t", partition_by="day"), range(12)))
    assert sorted(row[0] for row in place.rows("t")) == sorted(list(range(12)) * DAYS)
    assert place.left_over() == []


def test_a_write_waits_for_who_lists_and_is_not_starved_by_more_of_them(place: Place) -> None:
    place.write(one_write(0), "t", partition_by="day")
    name = place.table("t").full_name
    done = threading.Event()

    def list_always() -> None:
        while not done.is_set():
            with place.writer.read_lock(name):
                time.sleep(0.02)

    readers = [threading.Thread(target=list_always) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        started = time.monotonic()
        place.write(one_write(1), "t")
        assert time.monotonic() - started < 3
    finally:
        done.set()
        for reader in readers:
            reader.join()


def test_while_a_table_is_listed_a_write_stages_and_then_waits(place: Place) -> None:
    place.write(one_write(0), "t", partition_by="day")
    name = place.table("t").full_name
    with ThreadPoolExecutor(1) as pool:
        with place.writer.read_lock(name):
            writing = pool.submit(place.write, one_write(1), "t")
            time.sleep(0.3)
            assert not writing.done()
            assert len(list(place.catalog.list_partitions(place.table("t")))) == DAYS
        writing.result(timeout=10)
    assert len(place.rows("t")) == 2 * DAYS


def test_a_table_that_changed_while_it_was_written_is_left_alone(place: Place) -> None:
    place.write(pa.table({"n": [1]}), "t")

    def batches() -> object:
        yield pa.record_batch({"n": [2]})
        place.catalog.drop_table(place.table("t").full_name)
        yield pa.record_batch({"n": [3]})

    with pytest.raises(CatalogFailed, match=r"'default\.t' was changed meanwhile"):
        place.write(pa.RecordBatchReader.from_batches(pa.schema({"n": pa.int64()}), batches()), "t")
    assert len(list(place.data.rglob("*.parquet"))) == 1
    assert place.left_over() == []


def test_two_who_make_the_same_table_both_write(place: Place) -> None:
    def batches() -> object:
        yield pa.record_batch({"n": [1]})
        place.write(pa.table({"n": [2]}), "t")

    place.write(pa.RecordBatchReader.from_batches(pa.schema({"n": pa.int64()}), batches()), "t")
    assert place.rows("t") == [(1,), (2,)]


def test_what_a_source_raises_is_raised_and_nothing_is_left(place: Place) -> None:
    def batches() -> object:
        yield pa.record_batch({"n": [1]})
        raise ZeroDivisionError("in the data")

    with pytest.raises(ZeroDivisionError, match="in the data"):
        place.write(pa.RecordBatchReader.from_batches(pa.schema({"n": pa.int64()}), batches()), "t")
    assert list(place.catalog.list_tables("default")) == []
    assert place.left_over() == []
