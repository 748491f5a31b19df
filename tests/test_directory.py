"""The folder of a lake: made whole or not at all, found, opened, moved, migrated, and refused where it cannot live."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lake.catalog.migrations import APPLICATION_ID, FORMAT, Step
from lake.catalog.sqlite import SqliteCatalog
from lake.clock import FixedClock
from lake.directory import LakeDirectory, claim_temp, create_lake, migrate_lake, open_lake
from lake.errors import ConfigError, DamagedCatalog, DiskFull, LakeNotFound, NewerFormat, ReadOnlyLake, StorageFailed
from lake.finding import CONTROL, find_lake
from lake.model import Column, Partition, Table
from tests.crash import Kill, crash_everywhere
from tests.storage.disks import become_nobody, fill, in_child, mounted_disk, remount

ROOT = Path(__file__).parents[1]


@pytest.fixture
def directory(tmp_path: Path, clock: FixedClock) -> LakeDirectory:
    return create_lake(tmp_path / "My Lake", clock=clock).directory


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def databases(directory: LakeDirectory) -> list[str]:
    with SqliteCatalog(directory.catalog_db, bucket=directory.settings.bucket) as catalog:
        return [database.name for database in catalog.list_databases()]


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Making


def test_a_new_lake_has_what_a_lake_has(tmp_path: Path, clock: FixedClock) -> None:
    created = create_lake(tmp_path / "deep" / "My Lake", clock=clock)
    directory = created.directory
    assert created.is_new
    assert directory.path == tmp_path / "deep" / "My Lake"
    assert names(directory.path) == [".tap-lake", "data"]
    assert names(directory.control) == ["catalog.db", "lake.toml", "tmp"]
    assert (directory.settings.format, directory.settings.bucket, directory.settings.database) == (
        FORMAT,
        "my-lake",
        "default",
    )
    assert databases(directory) == ["default"]
    assert open_lake(directory.path) == directory


def test_bucket_and_database_may_be_chosen(tmp_path: Path) -> None:
    directory = create_lake(tmp_path / "l", bucket="events-2026", database="Analytics").directory
    assert (directory.settings.bucket, directory.settings.database) == ("events-2026", "analytics")
    assert databases(directory) == ["analytics"]
    with pytest.raises(ConfigError, match="'No_Bucket'"):
        create_lake(tmp_path / "m", bucket="No_Bucket")
    with pytest.raises(ConfigError, match=r"'no\.name'"):
        create_lake(tmp_path / "m", database="no.name")
    assert not (tmp_path / "m").exists()


def test_making_a_lake_again_changes_nothing(directory: LakeDirectory) -> None:
    before = content(directory.path)
    again = create_lake(directory.path, bucket="another", database="another")
    assert not again.is_new
    assert again.directory == directory
    assert content(directory.path) == before


def test_a_lake_is_made_around_what_the_folder_holds(tmp_path: Path) -> None:
    (tmp_path / "data" / "web").mkdir(parents=True)
    (tmp_path / "data" / "web" / "x.csv").write_text("1")
    (tmp_path / CONTROL).mkdir()
    assert create_lake(tmp_path).is_new
    assert (tmp_path / "data" / "web" / "x.csv").read_text() == "1"
    assert names(tmp_path) == [".tap-lake", "data"]


def test_a_lake_whose_catalog_was_moved_away_gets_an_empty_one(directory: LakeDirectory) -> None:
    with SqliteCatalog(directory.catalog_db, bucket="b") as catalog:
        catalog.create_table(Table("default", "old"))
        # What was in the log of the old catalog must not come back in the new one.
        shutil.copy(f"{directory.catalog_db}-wal", directory.control / "log")
    directory.catalog_db.unlink()
    (directory.control / "log").rename(f"{directory.catalog_db}-wal")
    settings = (directory.control / "lake.toml").read_bytes()
    assert create_lake(directory.path, bucket="other").is_new
    assert (directory.control / "lake.toml").read_bytes() == settings
    with SqliteCatalog(directory.catalog_db, bucket="b") as catalog:
        assert list(catalog.list_tables("default")) == []


def test_a_folder_whose_settings_are_gone_is_left_alone(directory: LakeDirectory) -> None:
    (directory.control / "lake.toml").unlink()
    before = content(directory.path)
    for act in (lambda: create_lake(directory.path), lambda: open_lake(directory.path)):
        with pytest.raises(ConfigError, match=r"lake\.toml is missing"):
            act()
    assert content(directory.path) == before


def test_a_file_is_no_place_for_a_lake(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed, match="file"):
        create_lake(tmp_path / "file")


CREATE = "import sys; from pathlib import Path; from lake.directory import create_lake; create_lake(Path(sys.argv[1]))"


def is_lake_or_none(folder: Path, kill: Kill) -> None:
    try:
        directory = open_lake(folder / "l")
    except LakeNotFound:
        return
    assert databases(directory) == ["default"]
    assert directory.data.is_dir()


def is_lake_without_leftovers(folder: Path, kill: Kill) -> None:
    assert databases(open_lake(folder / "l")) == ["default"]
    assert names(folder / "l") == [".tap-lake", "data"]
    assert names(folder / "l" / CONTROL) == ["catalog.db", "lake.toml", "tmp"]


def kill_init(scratch: Path, max_points: int | None, random_kills: int) -> int:
    kills = crash_everywhere(
        [sys.executable, "-c", CREATE, "{folder}/l"],
        scratch=scratch,
        check=is_lake_or_none,
        check_rerun=is_lake_without_leftovers,
        env={"PYTHONPATH": str(ROOT)},
        max_points=max_points,
        random_kills=random_kills,
    )
    return len(kills)


def test_init_killed_leaves_a_lake_or_none(tmp_path: Path) -> None:
    assert kill_init(tmp_path, max_points=2, random_kills=0) == 4


@pytest.mark.slow
def test_init_killed_anywhere_leaves_a_lake_or_none(tmp_path: Path) -> None:
    assert kill_init(tmp_path, max_points=None, random_kills=10) > 30


def test_many_processes_make_one_lake(tmp_path: Path) -> None:
    crowd = [
        subprocess.Popen([sys.executable, "-c", CREATE, str(tmp_path / "l")], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(6)
    ]
    for process in crowd:
        _, errors = process.communicate()
        assert process.returncode == 0, errors.decode()
    assert databases(open_lake(tmp_path / "l")) == ["default"]
    assert names(tmp_path / "l") == [".tap-lake", "data"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with mounted_disk(tmp_path / "disk", size="1m") as disk:
        yield disk


def test_a_full_disk_is_said_and_nothing_is_half_made(disk: Path) -> None:
    filler = fill(disk)
    with pytest.raises(DiskFull, match="disk"):
        create_lake(disk / "l")
    with pytest.raises(LakeNotFound):
        open_lake(disk / "l")
    filler.unlink()
    assert create_lake(disk / "l").is_new
    assert names(disk / "l") == [".tap-lake", "data"]


def test_a_read_only_lake_opens_and_none_is_made_there(disk: Path) -> None:
    directory = create_lake(disk / "l").directory
    remount(disk, "ro")
    assert open_lake(disk / "l") == directory
    assert databases(directory) == ["default"]
    assert not create_lake(disk / "l").is_new
    with pytest.raises(ReadOnlyLake):
        create_lake(disk / "m")


# Finding


def test_the_nearest_lake_upwards_is_found(tmp_path: Path) -> None:
    outer, inner = create_lake(tmp_path / "a").directory.path, create_lake(tmp_path / "a" / "b").directory.path
    (inner / "c" / "d").mkdir(parents=True)
    (tmp_path / "a" / "e").mkdir()
    assert find_lake(inner / "c" / "d") == find_lake(inner) == inner
    assert find_lake(tmp_path / "a" / "e") == outer
    assert find_lake(tmp_path) is None


def test_a_folder_that_is_no_lake_is_named_with_the_remedy(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(LakeNotFound, match=str(folder)) as caught:
            open_lake(folder)
        assert f"tap-lake init {folder}" in str(caught.value.hint)


def test_a_file_of_the_name_is_no_lake(tmp_path: Path) -> None:
    (tmp_path / CONTROL).touch()
    with pytest.raises(LakeNotFound):
        open_lake(tmp_path)


def test_a_relative_folder_is_made_absolute(directory: LakeDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(directory.path)
    assert open_lake(Path()) == directory


# Moving


def test_a_moved_and_renamed_lake_works_on(directory: LakeDirectory, tmp_path: Path) -> None:
    table = Table("default", "t", location="s3://my-lake/t/", partition_keys=(Column("dt", "string"),))
    with SqliteCatalog(directory.catalog_db, bucket="my-lake") as catalog:
        catalog.create_table(table)
        catalog.add_partitions(table.full_name, [Partition(("1",), "s3://my-lake/t/dt=1/", table.descriptor)])
    assert not any(str(directory.path).encode() in data for data in content(directory.path).values())
    directory.path.rename(tmp_path / "moved")
    moved = open_lake(tmp_path / "moved")
    assert moved.settings == directory.settings
    assert moved.data == tmp_path / "moved" / "data"
    settings = moved.control / "lake.toml"
    settings.write_text(settings.read_text().replace('"my-lake"', '"renamed"'))
    moved = open_lake(tmp_path / "moved")
    with SqliteCatalog(moved.catalog_db, bucket=moved.settings.bucket) as catalog:
        assert catalog.get_table(table.full_name).location == "s3://renamed/t/"
        assert [partition.location for partition in catalog.list_partitions(table)] == ["s3://renamed/t/dt=1/"]


# Formats


def add_note(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE tables ADD COLUMN note TEXT")


def set_note(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE tables SET note = 'from format ' || (SELECT user_version FROM pragma_user_version)")


STEPS: dict[int, Step] = {FORMAT: add_note, FORMAT + 1: set_note}


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return found


def add_table(directory: LakeDirectory) -> None:
    with SqliteCatalog(directory.catalog_db, bucket="b") as catalog:
        catalog.create_table(Table("default", "t", location="s3://b/t/"))


def notes(directory: LakeDirectory) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(directory.catalog_db)) as connection:
        return connection.execute("SELECT name, note FROM tables").fetchall()


def test_a_lake_is_migrated_step_by_step_after_a_backup(directory: LakeDirectory, clock: FixedClock) -> None:
    add_table(directory)
    with closing(sqlite3.connect(directory.history_db)) as connection, connection:
        connection.execute("CREATE TABLE executions (id)")
    before = content(directory.control)
    migrate_lake(directory.path, clock, steps=STEPS, target=FORMAT + 2)
    assert notes(directory) == [("t", f"from format {FORMAT + 1}")]
    assert version(directory.catalog_db) == FORMAT + 2
    assert f"\nformat = {FORMAT + 2}\n" in (directory.control / "lake.toml").read_text()
    (backup,) = (directory.control / "backups").iterdir()
    assert backup.name == f"20260203T120000-format-{FORMAT}"
    assert names(backup) == ["catalog.db", "history.db", "lake.toml"]
    assert (backup / "lake.toml").read_bytes() == before["lake.toml"]
    for name in ("catalog.db", "history.db"):
        shutil.copy(backup / name, directory.control / name)
    shutil.copy(backup / "lake.toml", directory.control / "lake.toml")
    assert open_lake(directory.path) == directory
    with SqliteCatalog(directory.catalog_db, bucket="b") as catalog:
        assert [table.name for table in catalog.list_tables("default")] == ["t"]


def test_a_step_that_fails_is_undone_and_tried_again(directory: LakeDirectory, clock: FixedClock) -> None:
    add_table(directory)

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM tables")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        migrate_lake(directory.path, clock, steps={**STEPS, FORMAT + 1: fail}, target=FORMAT + 2)
    assert version(directory.catalog_db) == FORMAT + 1
    assert notes(directory) == [("t", None)]
    migrate_lake(directory.path, clock, steps=STEPS, target=FORMAT + 2)
    assert notes(directory) == [("t", f"from format {FORMAT + 1}")]
    assert names(directory.control / "backups") == [
        f"20260203T120000-format-{FORMAT}",
        f"20260203T120000-format-{FORMAT + 1}",
    ]


def test_a_migrated_lake_is_not_migrated_again(directory: LakeDirectory, clock: FixedClock) -> None:
    for _ in range(2):
        migrate_lake(directory.path, clock, steps=STEPS, target=FORMAT + 2)
    assert len(names(directory.control / "backups")) == 1


def test_a_newer_format_is_refused_by_its_number(directory: LakeDirectory) -> None:
    file = directory.control / "lake.toml"
    file.write_text(f"format = {FORMAT + 1}\nwhat_is_this = true\n")
    expected = f"this lake has format {FORMAT + 1}, this tap-lake reads up to {FORMAT}"
    for act in (lambda: open_lake(directory.path), lambda: create_lake(directory.path)):
        with pytest.raises(NewerFormat, match=expected) as caught:
            act()
        assert "upgrade tap-lake" in str(caught.value.hint)


def test_a_catalog_that_is_migrated_while_it_is_open_is_not_written(
    directory: LakeDirectory, clock: FixedClock
) -> None:
    with SqliteCatalog(directory.catalog_db, bucket="b") as catalog:
        assert [database.name for database in catalog.list_databases()] == ["default"]
        migrate_lake(directory.path, clock, steps=STEPS, target=FORMAT + 2)
        with pytest.raises(NewerFormat):
            catalog.create_table(Table("default", "t"))


def test_a_catalog_older_than_its_settings_says_what_to_write(directory: LakeDirectory) -> None:
    with closing(sqlite3.connect(directory.catalog_db)) as connection:
        connection.execute("PRAGMA user_version = 0")
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    with pytest.raises(Exception, match="format 0") as caught:
        databases(directory)
    assert "format = 0" in str(getattr(caught.value, "hint", ""))


def test_a_damaged_catalog_of_an_older_format_is_not_touched(directory: LakeDirectory, clock: FixedClock) -> None:
    directory.catalog_db.write_bytes(b"garbage" * 1000)
    before = content(directory.path)
    with pytest.raises(DamagedCatalog):
        migrate_lake(directory.path, clock, steps=STEPS, target=FORMAT + 2)
    assert content(directory.path) == before


# Temporary folders

CLAIM = """
import sys, time
from pathlib import Path
from lake.directory import claim_temp, open_lake
with claim_temp(open_lake(Path(sys.argv[1]))) as folder:
    (folder / "spilled").write_text("x")
    print(folder, flush=True)
    sys.stdin.read()
"""


def claimer(directory: LakeDirectory) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", CLAIM, str(directory.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str], how: signal.Signals | None = None) -> None:
    if how is not None:
        process.send_signal(how)
    process.communicate()


def test_a_temporary_folder_goes_with_its_use(directory: LakeDirectory) -> None:
    with claim_temp(directory) as first, claim_temp(directory) as second:
        assert first.parent == second.parent == directory.tmp
        assert first != second
        (first / "deep").mkdir()
        (first / "deep" / "file").touch()
    assert names(directory.tmp) == []


def test_folders_of_dead_processes_are_removed_and_those_of_living_ones_kept(directory: LakeDirectory) -> None:
    (directory.tmp / "mine").mkdir()
    living, kept = claimer(directory)
    dead, stale = claimer(directory)
    assert kept.is_dir()
    end(dead, signal.SIGKILL)
    assert stale.is_dir()
    with claim_temp(directory) as own:
        assert names(directory.tmp) == sorted(["mine", kept.name, own.name])
        assert (kept / "spilled").exists()
    end(living)
    assert names(directory.tmp) == ["mine"]


def test_the_temporary_folder_may_lie_elsewhere(directory: LakeDirectory, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "foreign").mkdir()
    with (directory.control / "lake.toml").open("a") as file:
        file.write(f'temp_directory = "{tmp_path}/scratch"\n')
    with claim_temp(open_lake(directory.path)) as folder:
        assert folder.parent == tmp_path / "scratch"
    assert names(tmp_path / "scratch") == ["foreign"]


def test_a_lake_that_cannot_be_written_uses_the_systems_temporary_folder(disk: Path) -> None:
    directory = create_lake(disk / "l").directory
    remount(disk, "ro")
    with claim_temp(directory) as folder:
        assert folder.is_relative_to(tempfile.gettempdir())
        assert not folder.is_relative_to(disk)
        (folder / "x").touch()
    assert not folder.exists()


def test_a_user_without_rights_opens_the_lake(clock: FixedClock) -> None:
    folder = Path(tempfile.mkdtemp(prefix="tap-lake-test-"))
    folder.chmod(0o755)
    directory = create_lake(folder / "l", clock=clock).directory

    def look() -> None:
        become_nobody()
        os.environ["HOME"] = "/"
        assert databases(open_lake(folder / "l")) == ["default"]
        with claim_temp(directory) as temporary:
            (temporary / "x").touch()
        with pytest.raises(ReadOnlyLake):
            create_lake(folder / "m")

    try:
        in_child(look)
    finally:
        shutil.rmtree(folder)
