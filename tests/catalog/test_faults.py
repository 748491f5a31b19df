"""What becomes of a catalog when the disk, the rights or the file itself are not as they should be. Nothing is patched."""

import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from lake.catalog.sqlite import SqliteCatalog
from lake.errors import CatalogFailed, DamagedCatalog, DiskFull, ReadOnlyLake, TableNotFound
from lake.model import Database, KeyBounds, Partition, Table, TableName
from tests.catalog.conftest import BUCKET, clicks_table
from tests.storage.disks import become_nobody, fill, in_child, mounted_disk, remount

CLICKS = TableName("web", "clicks")


def make_catalog(path: Path, partitions: int = 0) -> None:
    with SqliteCatalog.create(path, bucket=BUCKET) as catalog:
        catalog.create_database(Database("web"))
        catalog.create_table(clicks_table())
        assert catalog.add_partitions(CLICKS, [day(number) for number in range(partitions)]) == []


def day(number: int, filler: str = "") -> Partition:
    location = f"s3://{BUCKET}/web/clicks/dt={number:06}/{filler}"
    return Partition((f"{number:06}", "00"), location, clicks_table().descriptor, {"rows": str(number)})


def opened(path: Path) -> SqliteCatalog:
    return SqliteCatalog(path, bucket=BUCKET)


def read_all(path: Path) -> list[Any]:
    with opened(path) as catalog:
        table = catalog.get_table(CLICKS)
        return [
            list(catalog.list_databases()),
            list(catalog.list_tables("web")),
            table,
            list(catalog.list_partitions(table)),
        ]


def listed(catalog: SqliteCatalog) -> list[str]:
    return [partition.values[0] for partition in catalog.list_partitions(catalog.get_table(CLICKS))]


# Damage


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "catalog.db"
    make_catalog(path, 1500)
    return path


def garbled(sound: Path, folder: Path, offset: int, garbage: bytes) -> Path:
    path = folder / "catalog.db"
    data = bytearray(sound.read_bytes())
    data[offset : offset + len(garbage)] = garbage
    path.write_bytes(data)
    return path


def test_a_page_of_garbage_is_noticed_wherever_it_is(sound: Path, tmp_path: Path) -> None:
    right = read_all(sound)
    pages = sound.stat().st_size // 4096
    dice = random.Random(7)
    noticed = 0
    for page in range(pages):
        path = garbled(sound, tmp_path, page * 4096, dice.randbytes(4096))
        try:
            assert read_all(path) == right, f"page {page} of {pages} is read as if it were sound"
        except DamagedCatalog:
            noticed += 1
    assert noticed > pages * 0.9


def test_small_damage_raises_nothing_but_damaged_catalog(sound: Path, tmp_path: Path) -> None:
    size = sound.stat().st_size
    dice = random.Random(8)
    noticed = 0
    for _ in range(80):
        path = garbled(sound, tmp_path, dice.randrange(size), dice.randbytes(dice.choice([1, 3, 8, 50])))
        try:
            read_all(path)
        except DamagedCatalog:
            noticed += 1
    assert noticed > 5


@pytest.mark.parametrize(
    ("lost", "ask"),
    [
        ("sqlite_autoindex_tables_1", lambda catalog: catalog.get_table(CLICKS)),
        ("sqlite_autoindex_tables_1", lambda catalog: list(catalog.list_partitions(clicks_table()))),
        ("sqlite_autoindex_tables_1", lambda catalog: catalog.drop_table(CLICKS)),
        ("databases", lambda catalog: list(catalog.list_tables("web"))),
        ("databases", lambda catalog: catalog.drop_database("web")),
    ],
)
def test_a_name_lost_to_damage_is_not_told_as_absent(
    sound: Path, tmp_path: Path, lost: str, ask: Callable[[SqliteCatalog], object]
) -> None:
    with closing(sqlite3.connect(sound)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (lost,)).fetchone()
    # By its head the page holds no record.
    path = garbled(sound, tmp_path, (page - 1) * 4096 + 3, b"\0\0")
    with opened(path) as catalog, pytest.raises(DamagedCatalog):
        ask(catalog)


def test_a_name_that_is_absent_is_told_without_reading_the_partitions(sound: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(sound)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'partitions'").fetchone()
    path = garbled(sound, tmp_path, (page - 1) * 4096, b"\xff" * 4096)
    with opened(path) as catalog, pytest.raises(TableNotFound):
        catalog.get_table(TableName("web", "absent"))


@pytest.mark.parametrize("body", ["[]", '{"Columns":7}', '{"Columns":[{"Nam":"x"}]}', "{", "", "7"])
def test_a_record_that_makes_no_sense_is_damage(sound: Path, tmp_path: Path, body: str) -> None:
    path = tmp_path / "catalog.db"
    shutil.copy(sound, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE descriptors SET body = ?", (body,))
    with pytest.raises(DamagedCatalog, match="does not read back"):
        read_all(path)


@pytest.mark.parametrize("garbage", [b"", b"x", b"SQLite format 3\x00", b"no database at all\n" * 1000], ids=len)
def test_what_is_no_catalog_is_damage(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "catalog.db"
    path.write_bytes(garbage)
    with pytest.raises(DamagedCatalog, match=str(path)):
        read_all(path)


def test_another_database_is_no_catalog(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE tables (id)")
    with pytest.raises(DamagedCatalog, match="no tap-lake catalog"):
        read_all(path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_catalog_cut_short_is_damage(sound: Path, tmp_path: Path, share: float) -> None:
    path = tmp_path / "catalog.db"
    path.write_bytes(sound.read_bytes()[: int(sound.stat().st_size * share)])
    with pytest.raises(DamagedCatalog):
        read_all(path)


def test_a_missing_catalog_is_damage_to_read_and_to_write(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with pytest.raises(DamagedCatalog, match="missing"):
        read_all(path)
    with pytest.raises(DamagedCatalog, match="missing"):
        opened(path).create_database(Database("x"))
    assert not path.exists()


def test_the_remedy_for_damage_is_the_newest_backup(tmp_path: Path) -> None:
    control = tmp_path / "lake" / ".tap-lake"
    for stamp in ("20260101T000000-format-1", "20260202T000000-format-1"):
        (control / "backups" / stamp).mkdir(parents=True)
        (control / "backups" / stamp / "catalog.db").touch()
    (control / "catalog.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(DamagedCatalog) as caught:
        read_all(control / "catalog.db")
    assert f"{control}/backups/20260202T000000-format-1/catalog.db" in str(caught.value.hint)
    shutil.rmtree(control / "backups")
    with pytest.raises(DamagedCatalog) as caught:
        read_all(control / "catalog.db")
    assert f"tap-lake init {tmp_path}/lake" in str(caught.value.hint)


# A full disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with mounted_disk(tmp_path / "disk") as disk:
        yield disk


def test_a_full_disk_loses_nothing_that_was_acknowledged(disk: Path) -> None:
    path = disk / "catalog.db"
    make_catalog(path)
    done: list[int] = []

    def register_until_it_fails(catalog: SqliteCatalog) -> None:
        for first in count(step=100):
            days = [day(number, "x" * 200) for number in range(first, first + 100)]
            assert catalog.add_partitions(CLICKS, days) == []
            done.extend(range(first, first + 100))

    with opened(path) as catalog:
        with pytest.raises(DiskFull, match=str(path)) as caught:
            register_until_it_fails(catalog)
        assert str(disk) in str(caught.value.hint)
        assert len(done) > 300
        assert listed(catalog) == [f"{number:06}" for number in done]
        assert catalog.check_integrity() == []
    assert len(read_all(path)[3]) == len(done)


def test_a_catalog_works_on_when_the_disk_has_room_again(disk: Path) -> None:
    path = disk / "catalog.db"
    make_catalog(path, 10)
    with opened(path) as catalog:
        assert len(listed(catalog)) == 10
        filler = fill(disk)
        with pytest.raises(DiskFull):
            catalog.add_partitions(CLICKS, [day(number, "x" * 200) for number in range(10, 5000)])
        assert len(listed(catalog)) == 10
        filler.unlink()
        assert catalog.add_partitions(CLICKS, [day(10)]) == []
    assert len(read_all(path)[3]) == 11


def test_a_catalog_on_a_full_disk_says_so_when_it_is_opened_to_write(disk: Path) -> None:
    path = disk / "catalog.db"
    make_catalog(path, 10)
    fill(disk)
    with opened(path) as catalog, pytest.raises(DiskFull):
        catalog.create_database(Database("more", description="x" * 10_000))


def test_a_limit_on_file_sizes_is_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    make_catalog(path, 10)

    def write_too_much() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))
        with opened(path) as catalog:
            with pytest.raises(DiskFull):
                catalog.add_partitions(CLICKS, [day(number, "x" * 200) for number in range(10, 5000)])
            assert len(listed(catalog)) == 10

    in_child(write_too_much)
    assert len(read_all(path)[3]) == 10


# Rights


def held_by_a_killed_writer(path: Path) -> None:
    """Leave a log beside the catalog: a writer registers day 777 and dies before it can close."""
    code = (
        "import os, signal, sys, pathlib; from tests.catalog import test_faults as t; "
        "c = t.opened(pathlib.Path(sys.argv[1])); assert c.add_partitions(t.CLICKS, [t.day(777)]) == []; "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2], check=False)
    assert Path(f"{path}-wal").stat().st_size > 0


def test_a_read_only_disk_can_be_queried_and_not_changed(disk: Path) -> None:
    path = disk / "catalog.db"
    make_catalog(path, 10)
    before = read_all(path)
    remount(disk, "ro")
    assert read_all(path) == before
    with opened(path) as catalog:
        assert catalog.read_only
        with pytest.raises(ReadOnlyLake, match=str(path)) as caught:
            catalog.create_database(Database("x"))
        assert "writable" in str(caught.value.hint)
    remount(disk, "rw")
    with opened(path) as catalog:
        assert not catalog.read_only
        catalog.create_database(Database("x"))


def test_a_read_only_disk_shows_what_a_killed_writer_had_registered(disk: Path) -> None:
    path = disk / "catalog.db"
    make_catalog(path, 10)
    held_by_a_killed_writer(path)
    remount(disk, "ro")
    with opened(path) as catalog:
        assert listed(catalog)[-1] == "000777"


def test_a_catalog_follows_when_its_disk_becomes_read_only_and_back(disk: Path) -> None:
    path = disk / "catalog.db"
    make_catalog(path, 10)
    remount(disk, "ro")
    with opened(path) as catalog:
        assert len(listed(catalog)) == 10
        remount(disk, "rw")
        assert catalog.add_partitions(CLICKS, [day(11)]) == []
        assert len(listed(catalog)) == 11


@pytest.fixture
def foreign_folder() -> Iterator[Path]:
    """A folder that everybody may look into and only its owner may write."""
    folder = Path(tempfile.mkdtemp(prefix="tap-lake-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_user_without_rights_can_query_and_sees_later_changes(foreign_folder: Path) -> None:
    path = foreign_folder / "catalog.db"
    make_catalog(path, 10)

    def look() -> None:
        become_nobody()
        with opened(path) as catalog:
            assert len(listed(catalog)) == 10
            with pytest.raises(ReadOnlyLake):
                catalog.drop_table(CLICKS)

    def look_while_others_write() -> None:
        reader = opened(path)
        table = Table("web", "clicks", partition_keys=clicks_table().partition_keys)
        wanted = KeyBounds("dt", frozenset(["000777"]))
        with SqliteCatalog(path, bucket=BUCKET) as writer:
            in_child(look)
            assert writer.add_partitions(CLICKS, [day(777)]) == []
        become_nobody()
        assert len(list(reader.list_partitions(table, [wanted]))) == 1

    in_child(look)
    in_child(look_while_others_write)


@pytest.mark.slow
def test_a_catalog_locked_for_long_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    make_catalog(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other, opened(path) as catalog:
        other.execute("BEGIN IMMEDIATE")
        assert listed(catalog) == []
        with pytest.raises(CatalogFailed, match="stayed locked") as caught:
            catalog.create_database(Database("x"))
        assert f"fuser {path}" in str(caught.value.hint)
        other.execute("ROLLBACK")
        catalog.create_database(Database("x"))
