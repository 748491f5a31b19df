"""What was acknowledged stays, whatever becomes of the spool or of the process meanwhile."""

import logging
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import lake
from lake import Lake
from lake.errors import StorageFailed, WriteRefused
from tests.ingest.readings import delivered, records, segments, spooled

ROOT = Path(__file__).parents[2]


def names(count: int) -> list[str]:
    return sorted(f"e{number}" for number in range(count))


@pytest.mark.parametrize("what", ["the file", "the folder"])
def test_events_whose_file_is_removed_are_written_again(db: Lake, what: str, caplog: pytest.LogCaptureFixture) -> None:
    db.ingest(records(range(3)), deliver=False)
    (path,) = segments(db)
    if what == "the file":
        path.unlink()
    else:
        shutil.rmtree(path.parent)
    with caplog.at_level(logging.WARNING):
        db.ingest(records(range(3, 5)), deliver=False)
    assert f"{path} was removed while events were added to it; its 5 events are kept in" in caplog.text
    assert sorted(spooled(db)) == names(5)
    assert segments(db) != [path]
    db.deliver()
    assert delivered(db) == names(5)


def test_events_whose_file_is_removed_after_the_last_are_delivered(db: Lake) -> None:
    db.ingest(records(range(3)), deliver=False)
    segments(db)[0].unlink()
    assert db.deliver().new == 3
    assert delivered(db) == names(3)


FORKED = """
import multiprocessing, sys
import lake
from tests.ingest.readings import records

def child(number):
    db.ingest(records([number]), deliver=False)
    db.close()

db = lake.connect(sys.argv[1])
db.ingest(records([0]), deliver=False)
processes = [multiprocessing.get_context("fork").Process(target=child, args=[number]) for number in (1, 2)]
for process in processes:
    process.start()
for process in processes:
    process.join()
db.ingest(records([3]), deliver=False)
db.close()
raise SystemExit(max(process.exitcode for process in processes))
"""


def test_forked_processes_do_not_write_into_each_others_segment(db: Lake) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FORKED, str(db.directory.path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    db.deliver()
    assert delivered(db) == names(4)


def test_two_lakes_open_on_one_folder_share_a_spool_and_nothing_else(db: Lake) -> None:
    with lake.connect(db.directory.path) as other:
        one = threading.Thread(target=lambda: db.ingest(records(range(50)), source="s"))
        one.start()
        other.ingest(records(range(25, 75)), source="s")
        one.join()
    assert delivered(db) == names(75)
    assert segments(db) == []


def test_two_lakes_whose_tables_lie_in_one_folder_double_nothing(tmp_path: Path) -> None:
    """The second finds the first one's files; its catalog has no partition yet."""
    for name in ("first", "second"):
        lake.create_lake(tmp_path / name, bucket="shared")
    shutil.rmtree(tmp_path / "second" / "data")
    (tmp_path / "second" / "data").symlink_to(tmp_path / "first" / "data")
    with lake.connect(tmp_path / "first") as one, lake.connect(tmp_path / "second") as other:
        one.ingest(records(range(5)))
        other.ingest(records(range(3, 8)))
        one.ingest(records(range(6, 9)))
        assert delivered(one) == names(9)
        assert delivered(other) == names(9)


def test_events_are_taken_while_those_found_before_cannot_be_delivered(db: Lake) -> None:
    db.ingest(records([0]), deliver=False)
    db._parts.events.open_segment.seal()
    db.query("CREATE EXTERNAL TABLE readings (id string) STORED AS PARQUET LOCATION 'mine/'")
    with pytest.raises(WriteRefused, match="partitioned by nothing"):
        db.ingest(records([1]))
    assert sorted(spooled(db)) == names(2)
    db.query("DROP TABLE readings")
    assert db.deliver().new == 2


def test_a_segment_that_cannot_be_written_again_stays_with_its_process(db: Lake) -> None:
    db.ingest(records(range(3)), deliver=False)
    segments(db)[0].unlink()
    db.directory.spool.rename(db.directory.spool.with_name("elsewhere"))
    db.directory.spool.write_text("no folder")
    with pytest.raises(StorageFailed):
        db.ingest(records([3]), deliver=False)
    db.directory.spool.unlink()
    db.directory.spool.with_name("elsewhere").rename(db.directory.spool)
    db.deliver()
    assert set(delivered(db)) >= set(names(3))


FORKED_AND_LIVING = """
import os, sys, time
import lake
from tests.ingest.readings import records

db = lake.connect(sys.argv[1])
db.ingest(records([0]), deliver=False)
child = os.fork()
if child == 0:
    time.sleep(30)
    os._exit(0)
print(db.deliver().new)
os.kill(child, 9)
"""


def test_a_forked_process_that_lives_on_holds_no_segment(db: Lake) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FORKED_AND_LIVING, str(db.directory.path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stdout) == (0, "1\n"), run.stderr
