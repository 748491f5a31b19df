"""The crash runner finds planted faults: writers that lose or tear data are caught, sound ones pass."""

import sqlite3
import sys
from pathlib import Path

import pytest

from tests.crash import Kill, build_shim, crash_everywhere, spread

OLD, NEW = "old" * 1000, "new" * 1000

ATOMIC = """
import os
with open("state.tmp", "w") as file:
    file.write("new" * 1000)
    file.flush()
    os.fsync(file.fileno())
os.replace("state.tmp", "state")
"""
IN_PLACE = """
import os
with open("state", "w") as file:
    for _ in range(1000):
        file.write("new")
        file.flush()
        if _ == 500:
            os.fsync(file.fileno())
"""
DELETE_FIRST = """
import os
with open("state.tmp", "w") as file:
    file.write("new" * 1000)
os.unlink("state")
os.rename("state.tmp", "state")
"""
# Two rows that belong together, in one transaction or in two.
SQLITE = """
import sqlite3
db = sqlite3.connect("books.db", isolation_level=None)
db.execute("pragma synchronous=normal")
db.execute("begin")
db.execute("update account set balance = balance - 10 where name = 'a'")
{between}
db.execute("update account set balance = balance + 10 where name = 'b'")
db.execute("commit")
db.close()
"""


@pytest.fixture(scope="module", autouse=True)
def shim() -> Path:
    """Compiled before the clock of the first test runs: the compiler that comes as a wheel takes some seconds."""
    return build_shim()


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def write_old(folder: Path) -> None:
    (folder / "state").write_text(OLD)


def state_is_old_or_new(folder: Path, kill: Kill) -> None:
    assert (folder / "state").read_text() in (OLD, NEW), "torn"


def state_is_new(folder: Path, kill: Kill) -> None:
    assert (folder / "state").read_text() == NEW


def open_accounts(folder: Path) -> None:
    db = sqlite3.connect(folder / "books.db")
    db.execute("pragma journal_mode=wal")
    db.execute("create table account (name text primary key, balance int)")
    db.executemany("insert into account values (?, ?)", [("a", 100), ("b", 100)])
    db.commit()
    db.close()


def books_balance(folder: Path, kill: Kill) -> None:
    db = sqlite3.connect(folder / "books.db")
    (total,) = db.execute("select sum(balance) from account").fetchone()
    db.close()
    assert total == 200


def test_an_atomic_writer_survives_every_kill_and_ends_when_run_again(tmp_path):
    kills = crash_everywhere(
        python(ATOMIC),
        scratch=tmp_path,
        prepare=write_old,
        check=state_is_old_or_new,
        check_rerun=state_is_new,
    )
    points = [(kill.when, kill.event) for kill in kills if kill.number]
    assert points == [
        ("before", "fsync state.tmp"),
        ("after", "fsync state.tmp"),
        ("before", "rename state"),
        ("after", "rename state"),
    ]


def test_writing_in_place_is_caught(tmp_path):
    with pytest.raises(AssertionError, match=r"killed before point 1: fsync state\nAssertionError: torn"):
        crash_everywhere(python(IN_PLACE), scratch=tmp_path, prepare=write_old, check=state_is_old_or_new)


def test_deleting_before_renaming_is_caught(tmp_path):
    with pytest.raises(AssertionError, match=r"killed after point 1: unlink state\nFileNotFoundError"):
        crash_everywhere(python(DELETE_FIRST), scratch=tmp_path, prepare=write_old, check=state_is_old_or_new)


def test_a_command_that_cannot_go_on_after_a_kill_is_caught(tmp_path):
    exclusive = ATOMIC.replace('"state.tmp", "w"', '"state.tmp", "x"')
    with pytest.raises(
        AssertionError, match=r"killed before point 1: (?s:.*)run again, it failed(?s:.*)FileExistsError"
    ):
        crash_everywhere(python(exclusive), scratch=tmp_path, prepare=write_old, check_rerun=state_is_new)


def test_one_sqlite_transaction_survives_every_kill(tmp_path):
    kills = crash_everywhere(
        python(SQLITE.format(between="")), scratch=tmp_path, prepare=open_accounts, check=books_balance, random_kills=1
    )
    events = {kill.event for kill in kills if kill.number}
    assert "write books.db-wal" in events  # the commit: with synchronous=normal nothing is synced


def test_two_sqlite_transactions_for_one_act_are_caught(tmp_path):
    split = SQLITE.format(between='db.execute("commit"); db.execute("begin")')
    with pytest.raises(AssertionError, match="assert 190 == 200"):
        crash_everywhere(python(split), scratch=tmp_path, prepare=open_accounts, check=books_balance)


def test_duckdb_and_arrow_are_counted_below_python(tmp_path):
    code = """
import duckdb, pyarrow as pa, pyarrow.parquet as pq
duckdb.execute("copy (select 1 as a) to 'duckdb.parquet' (format parquet)")
db = duckdb.connect("lake.duckdb"); db.execute("create table t as select 1 as a"); db.close()
"""
    kills = crash_everywhere([sys.executable, "-c", code], scratch=tmp_path, max_points=4, random_kills=0)
    assert any("lake.duckdb" in kill.event for kill in kills)


def test_children_of_the_command_are_counted_and_killed_with_it(tmp_path):
    code = f"""
import subprocess, sys
subprocess.run([sys.executable, "-S", "-c", {ATOMIC!r}])
open("parent", "w").write("went on")
"""

    def parent_stopped_too(folder: Path, kill: Kill) -> None:
        assert not (folder / "parent").exists()

    kills = crash_everywhere(
        python(code), scratch=tmp_path, prepare=write_old, check=parent_stopped_too, random_kills=0
    )
    assert [kill.event for kill in kills] == ["fsync state.tmp"] * 2 + ["rename state"] * 2


def test_files_elsewhere_do_not_count_and_a_command_without_points_fails(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    code = f"import os; os.mkdir({str(elsewhere)!r}); os.rmdir({str(elsewhere)!r})"
    with pytest.raises(AssertionError, match="nothing to kill it at"):
        crash_everywhere(python(code), scratch=tmp_path)


def test_a_command_that_fails_by_itself_fails(tmp_path):
    with pytest.raises(AssertionError, match="failed without being killed"):
        crash_everywhere(python("raise SystemExit(3)"), scratch=tmp_path)


def test_a_bound_spreads_the_points_and_keeps_both_ends():
    assert spread(100, 5) == [1, 26, 51, 75, 100]
    assert spread(3, 5) == [1, 2, 3]
    assert spread(3, None) == [1, 2, 3]
