"""Repairs that are killed, wherever it is: run again, they come to the same end."""

import shutil
import sqlite3
from pathlib import Path

import pytest

import lake
from tests.commands.conftest import COMMAND
from tests.commands.test_partitions import DATA, TABLE, put
from tests.crash import Kill, crash_everywhere, keep_bytecode

OPTIONS = ["--drop", "--max-drop-share", "50%", "-q"]
CHANGED = {"2026/01/31/03", "2026/01/31/04"}
BEFORE = {f"2026/01/31/{hour:02}" for hour in range(12)}
AFTER = BEFORE - CHANGED | {"2026/01/31/4", "2026/02/01/00", "2026/02/01/01"}
COMMANDS = {
    "repair": (["repair", "events", *OPTIONS], AFTER),
    "apply": (["repair", "--apply", "plan.json", *OPTIONS], AFTER),
    "due": (["repair", "events", "--due", *OPTIONS], AFTER),
    "undo": (["repair", "--undo", "undo.json", "-q"], BEFORE),
    "add": (["add", "events", "dt=2026-02-01", "hour=00", "-q"], BEFORE | {"2026/02/01/00"}),
    "drop": (["drop", "events", "--where", "hour=3", "-q"], BEFORE - {"2026/01/31/03"}),
    "layout": (["layout", "events", "--set", "${dt:yyyy/MM/dd}/${hour}", "-q"], BEFORE),
}


def places(folder: Path) -> set[str]:
    """Where partitions are registered, but for those of days to come."""
    with sqlite3.connect(f"file:{folder}/.tap-lake/catalog.db?mode=ro", uri=True) as connection:
        found = connection.execute("SELECT location FROM partitions WHERE parameters IS NULL").fetchall()
    connection.close()
    return {location.rpartition("events/")[2].strip("/") for (location,) in found}


def prepare(folder: Path, name: str) -> None:
    shutil.rmtree(folder)
    lake.create_lake(folder, bucket="bucket")
    with lake.connect(folder) as db:
        db.query(TABLE).close()
        put(folder, *(f"2026/01/31/{hour:02}/a" for hour in range(12)))
        db.partitions.repair("events")
        shutil.rmtree(folder / DATA / "2026/01/31/03")
        (folder / DATA / "2026/01/31/04").rename(folder / DATA / "2026/01/31/4")
        put(folder, "2026/02/01/00/b", "2026/02/01/01/b")
        plan = db.partitions.plan_repair("events")
        (folder / "plan.json").write_text(plan.to_json())
        if name == "undo":
            from lake.partitions.repair.apply import ApplyOptions

            report = db.partitions.apply(plan, options=ApplyOptions(drop=True, share=0.5))
            assert report.undo is not None
            (folder / "undo.json").write_bytes(db.storage.get_range(report.undo))


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_killed_comes_to_the_same_end_when_it_is_run_again(name: str, tmp_path: Path) -> None:
    argv, wanted = COMMANDS[name]
    keep_bytecode()

    def is_between(folder: Path, kill: Kill) -> None:
        assert places(folder) <= BEFORE | AFTER
        assert places(folder) >= BEFORE & AFTER - {"2026/01/31/03"}

    def is_after(folder: Path, kill: Kill) -> None:
        assert places(folder) == wanted
        with lake.connect(folder) as db:
            left = {str(change.kind) for change in db.partitions.plan_repair("events").changes}
        assert left == (set() if wanted == AFTER else {"add", "move", "drop"} - ({"drop"} if name == "drop" else set()))

    kills = crash_everywhere(
        [str(COMMAND), "partitions", *argv],
        scratch=tmp_path,
        prepare=lambda folder: prepare(folder, name),
        check=is_between,
        check_rerun=is_after,
        max_points=12,
    )
    assert len(kills) > 3
