"""Rejected records are kept until they are taken, whoever else adds to them or takes them meanwhile."""

import json
import threading
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lake.clock import FixedClock, SystemClock
from lake.ingest import retrying
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


def rejection(line: int, raw: bytes = b"{}") -> Rejection:
    return Rejection("s", "s", line, Reason.NO_ID, NOW, Form("json"), raw)


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


def test_what_is_known_of_records_takes_little_memory(tmp_path):
    file, count = RejectedFile(tmp_path / "rejected", FixedClock(NOW)), 39_000
    file.add(rejection(line) for line in range(count))
    tracemalloc.start()
    assert sum(1 for _ in read_rejected([file.path])) == count
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < count * 100


def test_records_are_taken_again_in_batches_of_bounded_size(monkeypatch):
    monkeypatch.setattr(retrying, "BYTES_AT_ONCE", 1000)
    monkeypatch.setattr(retrying, "RECORDS_AT_ONCE", 50)
    long, short = [rejection(line, b"x" * 600) for line in range(5)], [rejection(line) for line in range(5, 105)]
    sources = list(retrying.rejected_sources([*long, *short]))
    assert [len(source.rejections) for source in sources] == [2, 2, 50, 50, 1]
    assert [each for source in sources for each in source.rejections] == [*long, *short]


def test_what_was_taken_of_a_record_is_kept_whichever_reading_took_it(tmp_path):
    file = RejectedFile(tmp_path / "rejected", FixedClock(NOW))
    file.add([rejection(1), *(replace(rejection(1), taken=frozenset({name})) for name in ("temp", "humid"))])
    assert [each.taken for each in read_rejected([file.path])] == [{"temp", "humid"}]


def test_what_was_kept_before_columns_taken_were_is_read(tmp_path):
    path = tmp_path / "old.jsonl"
    body = {"source": "s", "identity": "s", "line": 1, "reason": Reason.NO_ID, "at": NOW.isoformat()}
    path.write_text(json.dumps(body | {"kind": "json", "text": "{}"}) + "\n")
    assert list(read_rejected([path])) == [rejection(1)]


def test_a_row_of_csv_with_an_open_quote_takes_in_no_other() -> None:
    form = Form("text", ("id", "note"))
    rows = [b'a,"never closed', b"b,x", b'c,"y"']
    kept = [Rejection("s", "i", line, Reason.NO_TS, NOW, form, raw) for line, raw in enumerate(rows, 2)]
    found = [records for source in retrying.rejected_sources(kept) for records in source.blocks()]
    read = {
        line: row
        for records in found
        for line, row in zip(records.lines.to_pylist(), records.columns.to_pylist(), strict=True)
    }
    assert {line: read[line] for line in (3, 4)} == {3: {"id": "b", "note": "x"}, 4: {"id": "c", "note": "y"}}
