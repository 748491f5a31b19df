"""A disk that fills up, limits on files, a lake that may not be written: one line, and the table as it was."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest

from lake.clock import SystemClock
from lake.errors import DiskFull, LakeError, ReadOnlyLake, WriteRefused
from lake.model import Column, Partition, Table
from lake.write.journal import Entry
from lake.write.places import staging_folder
from lake.write.target import parquet_descriptor
from tests.storage.disks import mounted_disk, remount
from tests.write.place import Place

ROOT = Path(__file__).parents[2]

# Runs a write in a process of its own, since a limit on files is the process's.
LIMITED = """
import resource, sys
from pathlib import Path
import pyarrow as pa
from lake.clock import SystemClock
from lake.errors import LakeError
from tests.storage.disks import mounted_disk, remount
from tests.write.place import Place
place = Place(Path(sys.argv[1]), SystemClock())
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    place.write(pa.ipc.open_stream(pa.OSFile(sys.argv[3])), "t", mode=sys.argv[4])
except LakeError as error:
    print(error.id, error, sep="\\n")
"""


def noise(rows: int, days: int = 3) -> pa.Table:
    """Rows that do not compress."""
    return pa.table({"n": [os.urandom(1000) for _ in range(rows)], "day": [f"d{row % days}" for row in range(rows)]})


@pytest.mark.parametrize("mode", ["append", "overwrite_partitions"])
@pytest.mark.parametrize("limit", [10_000, 150_000])
def test_a_limit_on_the_size_of_files_is_one_line(place: Place, tmp_path: Path, mode: str, limit: int) -> None:
    place.write(noise(3), "t", partition_by="day")
    before = place.rows("t")
    data, stream = noise(1000), tmp_path / "data.arrow"
    with pa.ipc.new_stream(stream, data.schema) as writer:
        writer.write_table(data)
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(place.directory.path), str(limit), str(stream), mode],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    identifier, *lines = run.stdout.splitlines()
    assert identifier == "DISK_FULL", run.stdout + run.stderr
    assert len(lines) == 1
    assert place.rows("t") == before
    assert place.left_over() == []
    assert not (place.data / "default/t/_versions").exists()


@pytest.fixture
def disk_place(tmp_path: Path) -> Iterator[Place]:
    """A lake on a disk of 2 MB."""
    with mounted_disk(tmp_path / "disk") as disk:
        place = Place(disk / "lake", SystemClock())
        yield place
        place.close()


@pytest.mark.parametrize("mode", ["append", "overwrite_partitions"])
def test_a_full_disk_is_one_line_and_leaves_the_table_as_it_was(disk_place: Place, mode: str) -> None:
    place = disk_place
    place.write(noise(3), "t", partition_by="day")
    before = place.rows("t")
    for rows in (3000, 2200):
        with pytest.raises(DiskFull) as refused:
            place.write(noise(rows), "t", mode=mode)
        assert "\n" not in str(refused.value)
        assert "default.t" in str(refused.value)
        assert place.rows("t") == before
        assert place.left_over() == []
    place.write(noise(30), "t", mode=mode)


def test_a_disk_that_is_full_at_any_moment_leaves_the_old_or_the_new(disk_place: Place) -> None:
    """Less and less room, from plenty to none: each write is refused whole or taken whole."""
    place = disk_place
    place.write(noise(3), "t", partition_by="day")
    ballast = place.directory.path.parent / "ballast"
    outcomes, said = set(), []
    for step in range(40):
        before = len(place.rows("t"))
        room = os.statvfs(ballast.parent).f_bavail * os.statvfs(ballast.parent).f_frsize
        with ballast.open("ab") as file:
            file.write(b"x" * max(0, min(room, room - 4096 * (39 - step))))
        try:
            place.write(noise(4), "t")
            outcomes.add("taken")
            assert len(place.rows("t")) == before + 4
        except LakeError as error:
            outcomes.add(error.id)
            assert len(place.rows("t")) == before
            said.append(str(error))
    ballast.unlink()
    assert place.write(noise(3), "t").rows == 3
    assert place.left_over() == []
    assert outcomes == {"taken", "DISK_FULL"}
    assert not any("\n" in line for line in said)


def test_a_partition_on_another_file_system_is_refused(place: Place) -> None:
    descriptor = parquet_descriptor((Column("n", "bigint"),))
    table = Table("default", "t", descriptor, "s3://lake/default/t/", (Column("day", "string"),))
    place.catalog.create_table(table)
    with mounted_disk(place.data / "other"):
        place.catalog.add_partitions(table.full_name, [Partition(("a",), "s3://lake/other/a/", descriptor)])
        with pytest.raises(WriteRefused, match="another file system"):
            place.write(pa.table({"n": [1], "day": ["a"]}), "t")
        assert place.rows("t") == []
        assert place.left_over() == []


@contextmanager
def read_only(place: Place) -> Iterator[Place]:
    """The same lake, which nobody else has open, with its disk mounted for reading only."""
    place.close()
    disk = place.directory.path.parent
    remount(disk, "ro")
    other = Place(place.directory.path, SystemClock())
    try:
        yield other
    finally:
        other.close()
        remount(disk, "rw")


def test_a_read_only_lake_refuses_writes_and_lets_readers_list(disk_place: Place) -> None:
    disk_place.write(pa.table({"n": [1]}), "t")
    with read_only(disk_place) as place:
        with pytest.raises(ReadOnlyLake) as refused:
            place.write(pa.table({"n": [1]}), "t")
        assert refused.value.hint
        assert place.rows("t") == [(1,)]


@pytest.mark.parametrize("mode", ["append", "overwrite_partitions"])
def test_where_nothing_can_be_finished_a_reader_sees_the_old_or_the_new(disk_place: Place, mode: str) -> None:
    """The write is committed, and its process ended with one file of two in place; then the disk is read-only."""
    disk_place.write(pa.table({"n": [1, 2], "day": ["a", "b"]}), "t", partition_by="day")
    disk_place.writer._parts.journal.finish = half_finish(disk_place)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        disk_place.write(pa.table({"n": [3, 4], "day": ["a", "b"]}), "t", mode=mode)
    before = [(1, "a"), (2, "b")] if mode == "append" else [(3, "a"), (4, "b")]
    with read_only(disk_place) as place:
        assert place.rows("t") == before
    place = Place(disk_place.directory.path, SystemClock())
    assert place.rows("t") == ([*before, (3, "a"), (4, "b")] if mode == "append" else before)
    place.writer.sweep(place.table("t").full_name)
    assert place.left_over() == []
    assert place.writer._parts.journal.unfinished(place.table("t").full_name) == []
    place.close()


def half_finish(place: Place) -> Callable[[Entry], None]:
    def finish(entry: Entry) -> None:
        for move in entry.moves[:1]:
            staging = staging_folder(place.storage.path(entry.base), entry.write_id)
            (staging / move.file).rename(place.storage.path(move.folder) / move.file)
        raise KeyboardInterrupt

    return finish


@pytest.mark.slow
def test_memory_stays_bounded_however_long_the_stream_is(place: Place, tmp_path: Path) -> None:
    code = """
import resource, sys
from pathlib import Path
import pyarrow as pa, pyarrow.compute as pc
from lake.clock import SystemClock
from lake.settings import WriteSettings
from tests.storage.disks import mounted_disk, remount
from tests.write.place import Place
rows = 200_000
columns = {"n": pc.random(rows), "m": pc.random(rows), "k": pc.cast(pc.multiply(pc.random(rows), 50), pa.int32(), safe=False)}
batch = pa.record_batch(columns)
def batches():
    for _ in range(int(sys.argv[2])):
        yield batch
place = Place(Path(sys.argv[1]), SystemClock(), WriteSettings(chunk_bytes=64 << 20))
written = place.write(pa.RecordBatchReader.from_batches(batch.schema, batches()), sys.argv[3], partition_by=sys.argv[4].split())
print(written.rows, written.files, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""
    for name, keys, files in (("parted", "k", 50), ("flat", "", 1)):
        run = subprocess.run(
            [sys.executable, "-c", code, str(place.directory.path), "300", name, keys],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        rows, found, mebibytes = map(int, run.stdout.split())
        assert (rows, found) == (60_000_000, files)
        assert mebibytes < 700, f"{name}: {mebibytes} MiB for 1.2 GB of data"
