"""Killed anywhere in a script of DDL, each statement has happened or has not; those that have not can be run then."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import lake
from lake import Lake
from tests.crash import Kill, crash_everywhere, keep_bytecode

ROOT = Path(__file__).parents[3]
STATEMENTS = [
    "CREATE DATABASE made",
    "CREATE EXTERNAL TABLE made.t (n int) PARTITIONED BY (day string) STORED AS TEXTFILE LOCATION 't/'",
    "ALTER TABLE made.t ADD PARTITION (day = 'a') PARTITION (day = 'b') PARTITION (day = 'c') LOCATION 'elsewhere/'",
    "ALTER TABLE made.t ADD COLUMNS (m int, k string)",
    "ALTER TABLE made.t SET TBLPROPERTIES ('one' = '1', 'two' = '2')",
    "MSCK REPAIR TABLE made.t",
    "CREATE VIEW made.v AS SELECT n, day FROM made.t",
    "CREATE OR REPLACE VIEW made.v AS SELECT day FROM made.t",
    "ALTER TABLE made.t DROP PARTITION (day = 'a'), PARTITION (day = 'b')",
    "DROP VIEW made.v",
    "DROP TABLE made.t",
    "CREATE EXTERNAL TABLE made.last (n int) LOCATION 'last/'",
    "DROP DATABASE made CASCADE",
    "CREATE DATABASE again",
]

State = list[Any]


def prepare(folder: Path) -> None:
    lake.create_lake(folder, bucket="crash")
    found = folder / "data" / "t" / "day=found"
    found.mkdir(parents=True)
    (found / "rows.txt").write_text("1\n")


def state(db: Lake) -> State:
    """All that the catalog says of databases, tables and partitions, but when they were made."""
    found: State = []
    for database in db.catalog.list_databases():
        found.append(database.name)
        for table in db.catalog.list_tables(database.name):
            partitions = [] if table.is_view else list(db.catalog.list_partitions(table))
            found.append((str(table.full_name), table.all_columns, table.location, table.view_original_text or ""))
            found.append(
                sorted((name, value) for name, value in table.parameters.items() if not name.startswith("trans"))
            )
            found.append(sorted((partition.values, partition.location) for partition in partitions))
    return found


def states_of_each_step(folder: Path) -> list[State]:
    prepare(folder)
    with lake.connect(folder) as db:
        states = [state(db)]
        for sql in STATEMENTS:
            db.query(sql)
            states.append(state(db))
    return states


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[State]:
    keep_bytecode()
    states = states_of_each_step(tmp_path_factory.mktemp("steps"))
    assert all(states[place] != states[place + 1] for place in range(len(STATEMENTS)))
    return states


def crash(tmp_path: Path, steps: list[State], **bounds: Any) -> set[int]:
    """Return after which statements it was killed."""
    script, copy = tmp_path / "script.sql", tmp_path / "copy"
    script.write_text(";\n".join(STATEMENTS))
    reached: set[int] = set()

    def after_kill(folder: Path, kill: Kill) -> None:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        with lake.connect(copy) as db:
            assert db.catalog.check_integrity() == []
            found = state(db)
            assert found in steps, "a statement has half happened"
            done = steps.index(found)
            reached.add(done)
            for sql in STATEMENTS[done:]:
                db.query(sql)
            assert state(db) == steps[-1]

    crash_everywhere(
        [sys.executable, "-m", "cli", "--lake", "{folder}", "query", "-q", "-f", str(script)],
        scratch=tmp_path,
        prepare=prepare,
        check=after_kill,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        **bounds,
    )
    return reached


def test_killed_at_some_points_each_statement_has_happened_or_has_not(tmp_path: Path, steps: list[State]) -> None:
    assert len(crash(tmp_path, steps, max_points=2, random_kills=0)) > 1


@pytest.mark.slow
def test_killed_at_many_points_each_statement_has_happened_or_has_not(tmp_path: Path, steps: list[State]) -> None:
    reached = crash(tmp_path, steps, max_points=80, random_kills=10)
    assert reached == {steps.index(step) for step in steps}
