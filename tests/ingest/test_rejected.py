"""Rejected records are kept until they are taken, whoever else adds to them or takes them meanwhile."""

import threading
from datetime import UTC, datetime

import pytest

from lake.clock import FixedClock, SystemClock
from lake.ingest.events import Reason
from lake.ingest.rejected import (
    Form,
    RejectedFile,
    Rejection,
    read_rejected,
    rejected_files,
    remove_unchanged,
    sizes_of,
)

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def rejection(line: int) -> Rejection:
    return Rejection("s", "s", line, Reason.NO_ID, NOW, Form("json"), b"{}")


@pytest.fixture
def kept(tmp_path):
    file = RejectedFile(tmp_path / "rejected", FixedClock(NOW))
    file.add([rejection(1), rejection(2)])
    return file


def lines(folder):
    return [each.line for each in read_rejected(rejected_files(folder))]


def test_what_was_read_is_removed(kept):
    remove_unchanged(sizes_of([kept.path]))
    assert rejected_files(kept.path.parent) == []


def test_a_file_that_has_grown_since_is_kept(kept):
    sizes = sizes_of([kept.path])
    kept.add([rejection(3)])
    remove_unchanged(sizes)
    assert lines(kept.path.parent) == [1, 2, 3]


def test_what_comes_after_a_removal_is_kept(kept):
    remove_unchanged(sizes_of([kept.path]))
    kept.add([rejection(3)])
    assert lines(kept.path.parent) == [3]


def test_a_file_that_somebody_else_has_taken_is_passed_over(kept):
    files = [kept.path]
    kept.path.unlink()
    assert list(read_rejected(files)) == []
    assert sizes_of(files) == {}
    remove_unchanged({kept.path: 1})


def test_no_rejection_is_lost_between_one_who_adds_and_one_who_takes(tmp_path):
    folder, taken, count = tmp_path / "rejected", set(), 300

    def add():
        file = RejectedFile(folder, SystemClock())
        for line in range(count):
            file.add([rejection(line)])

    adding = threading.Thread(target=add)
    adding.start()
    alive = True
    while alive:
        alive = adding.is_alive()
        sizes = sizes_of(rejected_files(folder))
        taken |= {each.line for each in read_rejected(list(sizes))}
        remove_unchanged(sizes)
    assert taken == set(range(count))
    assert lines(folder) == []
