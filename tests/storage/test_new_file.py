"""Files that users name: whole or not at all, and nothing beside them, however their writers end."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from lake.errors import DiskFull, UsageError
from lake.storage.new_file import NewFile, discard_claimed
from tests.storage.disks import fill, mounted_disk

WRITER = """
import sys, time
from lake.storage.new_file import NewFile
with NewFile(sys.argv[1]).opened() as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(target: Path, data: bytes) -> None:
    with NewFile(target).opened() as file:
        file.write(data)


def start_writer(target: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE, text=True, cwd="/")
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"before")
    with NewFile(target).opened() as file:
        file.write(b"after")
        file.flush()
        assert target.read_bytes() == b"before"
    assert target.read_bytes() == b"after"
    assert names(tmp_path) == ["out"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"before")
    with suppress(ZeroDivisionError), NewFile(target).opened() as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert target.read_bytes() == b"before"
    assert names(tmp_path) == ["out"]


def test_what_a_killed_writer_left_goes_with_the_next_write(tmp_path: Path) -> None:
    target = tmp_path / "out [1].csv"
    with start_writer(target) as process:
        process.kill()
    assert len(names(tmp_path)) == 1
    write(target, b"whole")
    assert names(tmp_path) == ["out [1].csv"]


def test_only_dead_writers_of_the_same_file_lose_theirs(tmp_path: Path) -> None:
    target = tmp_path / "out"
    kept = {".out.tmp", ".out.notes.tmp", ".out.0123456.tmp", ".other.01234567.tmp", "out.01234567.tmp"}
    for name in kept:
        (tmp_path / name).touch()
    (tmp_path / ".out.01234567.tmp").touch()
    with start_writer(target) as process:
        write(target, b"mine")
        assert len(set(names(tmp_path)) - kept - {"out"}) == 1
        process.kill()
    write(target, b"mine")
    assert set(names(tmp_path)) == kept | {"out"}


def test_a_process_that_ends_at_once_can_clear_up(tmp_path: Path) -> None:
    with NewFile(tmp_path / "out").claimed() as path:
        path.write_bytes(b"half")
        discard_claimed()
        assert names(tmp_path) == []


@pytest.mark.parametrize(("target", "message"), [("", "is a folder"), ("absent/out", "absent does not exist")])
def test_a_place_that_takes_no_file_is_told_before_anything_is_written(
    tmp_path: Path, target: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        NewFile(tmp_path / target)


def test_a_full_disk_names_the_file(tmp_path: Path) -> None:
    with mounted_disk(tmp_path / "disk") as disk:
        fill(disk)
        with pytest.raises(DiskFull, match="disk/out could not be written: No space left on device"):
            write(disk / "out", b"x" * 100_000)
        assert names(disk) == ["filler"]
