"""Disks that are small, or that may only be read, and users who may do less: real ones, so that faults are too."""

import gc
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@contextmanager
def mounted_disk(folder: Path, size: str = "2m") -> Iterator[Path]:
    """Mount a disk of the given size on `folder`. Needs the right to mount; in CI its absence fails the test."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = f"cannot mount a disk here: {done.stderr.strip()}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, mode: str) -> None:
    """Make a mounted disk `ro` or `rw`."""
    subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Use up all that is free on the disk; return the file that does."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


def in_child(act: Callable[[], object]) -> None:
    """Run `act` in a forked child, which may change its limits or its user; fail with what it failed with."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        # What is garbage already may be DuckDB's, whose threads the child does not have: collecting it would crash.
        gc.freeze()
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - reported to the parent
            os.write(write_end, f"{type(error).__name__}: {error}".encode()[:4000])
            os._exit(1)
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        report = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    assert status == 0, report or f"the child ended with wait status {status}"


def become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
