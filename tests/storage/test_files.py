"""What is the file storage's own: paths, links, durable writes, and what a disk may refuse. Nothing is patched."""

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from lake.errors import DiskFull, LocationForbidden, ReadOnlyLake, StorageFailed
from lake.storage.files import FileStorage
from lake.storage.temporary import UNFINISHED, claim_folder
from tests.storage.disks import become_nobody, fill, in_child, mounted_disk, remount

ROOT = "s3://bucket/"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    return data


@pytest.fixture
def storage(data: Path) -> FileStorage:
    return FileStorage(data, bucket="bucket")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    return outside


def listed(storage: FileStorage, prefix: str) -> list[str]:
    return sorted(found.location for found in storage.list_keys(prefix))


# Locations


def test_a_key_is_a_path_below_the_data_folder(storage: FileStorage, data: Path) -> None:
    assert storage.path(ROOT + "a/b=1/%41.csv") == data / "a/b=1/%41.csv"
    assert storage.path(ROOT) == storage.path("s3://bucket") == data
    assert storage.path(ROOT + "a/") == data / "a"
    for location in (ROOT, ROOT + "a", ROOT + "a/b=1/%41 ü.csv"):
        assert storage.location(storage.path(location)) == location


def test_a_file_url_inside_the_lake_is_the_same_object(storage: FileStorage, data: Path) -> None:
    storage.put(f"file://{data}/a/%20.csv", b"x")
    assert storage.get_range(ROOT + "a/%20.csv") == b"x"
    assert listed(storage, f"file://{data}/a/") == [f"file://{data}/a/%20.csv"]
    assert storage.location(storage.path(f"file://{data}/a/%20.csv")) == ROOT + "a/%20.csv"


def test_an_allowed_folder_is_reached_by_file_url(data: Path, outside: Path) -> None:
    storage = FileStorage(data, bucket="bucket", allowed_folders=[outside])
    assert listed(storage, f"file://{outside}/") == [f"file://{outside}/secret"]
    assert storage.location(outside / "secret") == f"file://{outside}/secret"
    with pytest.raises(LocationForbidden):
        storage.path(f"file://{outside}-not/secret")


@pytest.mark.parametrize(
    "location",
    [
        "s3://bucket/../outside/secret",
        "s3://bucket/a/../../outside/secret",
        "s3://bucket/a/..",
        "s3://bucket/./a",
        "s3://bucket//etc/passwd",
        "s3://bucket/a//b",
        "s3://bucket/a\x00b",
        "s3://bucket/\udc80",
        "s3://other/key",
        "s3://Bucket/key",
        "s3://bucket-2/key",
        "S3://bucket/key",
        "s3a://bucket/key",
        "file:///etc/passwd",
        "file:///",
        "file://{data}/../outside/secret",
        "file://{data}-2/x",
        "file://{data}//x",
        "file://localhost{data}/x",
        "file:{data}/x",
        "FILE://{data}/x",
        "{data}/x",
        "/etc/passwd",
        "../outside/secret",
        "https://example.org/x",
        "",
    ],
)
def test_what_is_outside_the_lake_is_forbidden_to_every_method(storage: FileStorage, data: Path, location: str) -> None:
    location = location.replace("{data}", str(data))
    for act in (
        lambda: storage.path(location),
        lambda: storage.head(location),
        lambda: storage.get_range(location),
        lambda: storage.put(location, b"x"),
        lambda: storage.delete([location]),
        lambda: list(storage.list_keys(location + "/")),
        lambda: list(storage.list_prefixes(location + "/")),
    ):
        with pytest.raises(LocationForbidden):
            act()
    assert list(data.parent.rglob("*")) == [data]


def test_another_bucket_is_refused_with_the_name_of_ours(storage: FileStorage) -> None:
    with pytest.raises(LocationForbidden, match=r"'other'.*'bucket'"):
        storage.path("s3://other/key")


# Symbolic links


@pytest.mark.parametrize("link", ["outside", "../outside", "chain"])
def test_a_link_out_of_the_lake_is_named_and_not_followed(
    storage: FileStorage, data: Path, outside: Path, link: str
) -> None:
    target = {"outside": outside, "../outside": Path("../../outside"), "chain": data / "second"}[link]
    (data / "second").symlink_to(outside)
    (data / "t").mkdir()
    (data / "t" / "link").symlink_to(target)
    for act in (
        lambda: storage.path(ROOT + "t/link/secret"),
        lambda: storage.get_range(ROOT + "t/link/secret"),
        lambda: storage.put(ROOT + "t/link/new", b"x"),
        lambda: storage.put(ROOT + "t/link/new/er/x", b"x"),
        lambda: storage.delete([ROOT + "t/link/secret"]),
        lambda: list(storage.list_keys(ROOT + "t/")),
        lambda: list(storage.list_keys(ROOT + "t/link/")),
        lambda: list(storage.list_prefixes(ROOT + "t/")),
    ):
        with pytest.raises(LocationForbidden, match="s3://bucket/t/link"):
            act()
    assert [entry.name for entry in outside.iterdir()] == ["secret"]


def test_a_link_to_a_file_outside_is_forbidden(storage: FileStorage, data: Path, outside: Path) -> None:
    (data / "passwd").symlink_to(outside / "secret")
    for act in (lambda: storage.head(ROOT + "passwd"), lambda: list(storage.list_keys(ROOT))):
        with pytest.raises(LocationForbidden, match="s3://bucket/passwd"):
            act()


def test_links_within_the_lake_are_followed(storage: FileStorage, data: Path) -> None:
    storage.put(ROOT + "t/dt=1/x", b"1")
    (data / "t" / "dt=2").symlink_to("dt=1")
    (data / "u").symlink_to(data / "t" / "dt=1" / "x")
    assert listed(storage, ROOT) == [ROOT + "t/dt=1/x", ROOT + "t/dt=2/x", ROOT + "u"]
    assert sorted(storage.list_prefixes(ROOT + "t/")) == [ROOT + "t/dt=1/", ROOT + "t/dt=2/"]
    assert storage.get_range(ROOT + "t/dt=2/x") == b"1"


def test_a_lake_below_a_link_works(tmp_path: Path, data: Path) -> None:
    (tmp_path / "link").symlink_to(data)
    storage = FileStorage(tmp_path / "link", bucket="bucket")
    storage.put(ROOT + "a/b", b"1")
    assert listed(storage, ROOT) == [ROOT + "a/b"]
    assert storage.get_range(f"file://{tmp_path}/link/a/b") == b"1"


@pytest.mark.parametrize("target", [".", "..", "../..", "../b"])
def test_a_link_that_leads_back_is_named_instead_of_followed_for_ever(
    storage: FileStorage, data: Path, target: str
) -> None:
    storage.put(ROOT + "t/a/x", b"1")
    (data / "t" / "b").mkdir()
    (data / "t" / "a" / "loop").symlink_to(target)
    (data / "t" / "b" / "loop").symlink_to("../a")
    with pytest.raises(StorageFailed, match="link back to"):
        list(storage.list_keys(ROOT + "t/"))


def test_links_to_nothing_are_no_objects(storage: FileStorage, data: Path) -> None:
    (data / "dangling").symlink_to("nothing")
    (data / "self").symlink_to("self")
    assert storage.head(ROOT + "dangling") is None
    (data / "self").unlink()
    assert listed(storage, ROOT) == []


# Listings


def test_what_is_no_file_is_left_out(storage: FileStorage, data: Path) -> None:
    os.mkfifo(data / "fifo")
    with socket.socket(socket.AF_UNIX) as unix:
        here = Path.cwd()
        os.chdir(data)
        try:
            unix.bind("socket")
        finally:
            os.chdir(here)
        storage.put(ROOT + "file", b"")
        assert listed(storage, ROOT) == [ROOT + "file"]
    assert storage.head(ROOT + "fifo") is None
    with pytest.raises(StorageFailed):
        storage.get_range(ROOT + "fifo")


def test_a_name_that_is_no_utf8_is_named(storage: FileStorage, data: Path) -> None:
    os.close(os.open(os.fsencode(data) + b"/\xff\xfe", os.O_CREAT | os.O_WRONLY))
    with pytest.raises(StorageFailed, match="udcff"):
        list(storage.list_keys(ROOT))


def test_listing_prefixes_looks_into_none_of_them(storage: FileStorage, data: Path) -> None:
    storage.put(ROOT + "t/dt=1/x", b"1")
    (data / "t" / "dt=2" / "empty").mkdir(parents=True)
    (data / "t" / "dt=3").mkdir()
    (data / "t" / "dt=3" / "back").symlink_to("../dt=3")
    assert sorted(storage.list_prefixes(ROOT + "t/")) == [f"{ROOT}t/dt={day}/" for day in (1, 2, 3)]


def test_a_missing_data_folder_does_not_look_empty(storage: FileStorage, data: Path) -> None:
    data.rmdir()
    for act in (lambda: list(storage.list_keys(ROOT + "t/")), lambda: list(storage.list_prefixes(ROOT))):
        with pytest.raises(StorageFailed, match=str(data)):
            act()


def test_files_that_come_and_go_disturb_no_listing(storage: FileStorage) -> None:
    for number in range(50):
        storage.put(f"{ROOT}t/{number % 5}/stay-{number}", b"")
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            location = f"{ROOT}t/x/y/gone"
            storage.put(location, b"")
            storage.delete([location])
            shutil.rmtree(storage.path(ROOT + "t/x"))

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(200):
            found = [location for location in listed(storage, ROOT + "t/") if "stay" in location]
            assert len(found) == 50
    finally:
        stop.set()
        thread.join()


# Writing


def test_a_put_leaves_nothing_beside_the_object(storage: FileStorage, data: Path) -> None:
    storage.put(ROOT + "a/b", b"1")
    storage.put(ROOT + "a/b", b"2", if_absent=True)
    with pytest.raises(StorageFailed):
        storage.put(ROOT + "a", b"over a folder")
    with pytest.raises(StorageFailed):
        storage.put(ROOT + "a/b/c", b"below a file")
    with pytest.raises(StorageFailed):
        storage.put(ROOT + "a/", b"no name")
    assert sorted(path.name for path in data.rglob("*")) == ["a", "b"]


def test_an_unfinished_put_is_not_listed(storage: FileStorage, data: Path) -> None:
    (data / f"{UNFINISHED}1-2").write_bytes(b"half")
    assert listed(storage, ROOT) == []
    assert list(storage.list_prefixes(ROOT)) == []


def test_puts_go_through_the_temporary_folder_where_they_can(data: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    storage = FileStorage(data, bucket="bucket", temporary=temporary)
    assert storage.put(ROOT + "a/b", b"1")
    assert storage.put(ROOT + "a/c", b"1", if_absent=True)
    assert not storage.put(ROOT + "a/c", b"2", if_absent=True)
    assert list(temporary.iterdir()) == []
    with mounted_disk(tmp_path / "disk") as disk:
        elsewhere = FileStorage(data, bucket="bucket", temporary=disk)
        assert elsewhere.put(ROOT + "a/b", b"2")
        assert elsewhere.put(ROOT + "a/d", b"2", if_absent=True)
        assert list(disk.iterdir()) == []
    assert sorted(path.name for path in data.rglob("*")) == ["a", "b", "c", "d"]


def test_a_temporary_folder_that_is_gone_is_done_without(data: Path, tmp_path: Path) -> None:
    storage = FileStorage(data, bucket="bucket", temporary=tmp_path / "gone")
    assert storage.put(ROOT + "a/b", b"1")
    assert storage.get_range(ROOT + "a/b") == b"1"


def test_a_put_succeeds_while_empty_folders_are_pruned(storage: FileStorage, data: Path) -> None:
    stop = threading.Event()

    def prune() -> None:
        while not stop.is_set():
            with suppress(OSError):
                (data / "a").rmdir()
            time.sleep(0.0001)

    thread = threading.Thread(target=prune)
    thread.start()
    try:
        for _ in range(200):
            storage.put(ROOT + "a/b", b"1")
            storage.delete([ROOT + "a/b"])
    finally:
        stop.set()
        thread.join()


def test_what_killed_puts_left_is_swept_and_what_lives_is_not(data: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    (temporary / f"{UNFINISHED}1-2").write_bytes(b"left over")
    (temporary / "mine").write_bytes(b"kept")
    storage = FileStorage(data, bucket="bucket", temporary=temporary)
    stop = threading.Event()
    sweeps = 0

    def sweep() -> None:
        nonlocal sweeps
        while not stop.is_set():
            with claim_folder(temporary):
                sweeps += 1

    thread = threading.Thread(target=sweep)
    thread.start()
    try:
        for number in range(200):
            storage.put(f"{ROOT}a/{number}", b"x" * number)
    finally:
        stop.set()
        thread.join()
    assert sweeps > 3
    assert [path.name for path in temporary.iterdir()] == ["mine"]
    assert [storage.get_range(f"{ROOT}a/{number}") for number in range(200)] == [b"x" * number for number in range(200)]


def test_a_sweep_does_not_disturb_a_put_that_takes_long(data: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    (data / "a").mkdir()
    storage = FileStorage(data, bucket="bucket", temporary=temporary)
    thread = threading.Thread(target=lambda: storage.put(ROOT + "a/b", bytes(32 << 20)))
    thread.start()
    seen = 0
    while thread.is_alive():
        seen += len(list(temporary.glob(f"{UNFINISHED}*")))
        with claim_folder(temporary):
            assert list(data.glob(f"a/{UNFINISHED}*")) == [], "the put had to begin anew beside the object"
    assert seen
    assert storage.head(ROOT + "a/b") is not None


def test_one_of_many_gets_to_put_what_is_absent(data: Path) -> None:
    code = (
        "import sys, pathlib; from lake.storage.files import FileStorage; "
        "s = FileStorage(pathlib.Path(sys.argv[1]), bucket='bucket'); print('ready', flush=True); sys.stdin.read(); "
        "print(sum(s.put(f's3://bucket/lease/{n}', sys.argv[2].encode(), if_absent=True) for n in range(100)))"
    )
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(data), str(number)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for process in crowd:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in crowd:
        assert process.stdin is not None
        process.stdin.close()
    won = [int(process.stdout.read()) for process in crowd if process.stdout]
    for process in crowd:
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    assert sum(won) == 100
    assert len(list((data / "lease").iterdir())) == 100


# Refusals of the disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with mounted_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.mark.parametrize("if_absent", [False, True])
def test_a_full_disk_is_named_and_the_old_object_stays(disk: Path, if_absent: bool) -> None:
    storage = FileStorage(disk, bucket="bucket")
    storage.put(ROOT + "t/a", b"old")
    fill(disk)
    with pytest.raises(DiskFull, match=f"{ROOT}t/") as caught:
        storage.put(ROOT + ("t/b" if if_absent else "t/a"), b"x" * 100_000, if_absent=if_absent)
    assert f"free space on {disk} " in str(caught.value.hint)
    assert storage.get_range(ROOT + "t/a") == b"old"
    assert [path.name for path in (disk / "t").iterdir()] == ["a"]


def test_a_limit_on_file_sizes_is_a_full_disk(storage: FileStorage, data: Path) -> None:
    def write_too_much() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        with pytest.raises(DiskFull):
            storage.put(ROOT + "a", b"x" * 100_000)

    in_child(write_too_much)
    assert list(data.iterdir()) == []


def test_a_read_only_disk_is_read_and_not_written(disk: Path) -> None:
    storage = FileStorage(disk, bucket="bucket")
    storage.put(ROOT + "t/a", b"old")
    remount(disk, "ro")
    assert storage.get_range(ROOT + "t/a") == b"old"
    assert listed(storage, ROOT) == [ROOT + "t/a"]
    for act in (
        lambda: storage.put(ROOT + "t/a", b"new"),
        lambda: storage.put(ROOT + "u/a", b"new", if_absent=True),
        lambda: storage.delete([ROOT + "t/a"]),
    ):
        with pytest.raises(ReadOnlyLake, match=ROOT) as caught:
            act()
        assert str(disk) in str(caught.value.hint)


def test_what_may_not_be_read_does_not_look_absent() -> None:
    folder = Path(tempfile.mkdtemp(prefix="tap-lake-test-"))
    folder.chmod(0o755)
    storage = FileStorage(folder, bucket="bucket")
    storage.put(ROOT + "t/closed/a", b"1")
    (folder / "t" / "closed").chmod(0o700)

    def look() -> None:
        become_nobody()
        for act in (
            lambda: list(storage.list_keys(ROOT)),
            lambda: list(storage.list_keys(ROOT + "t/closed/")),
            lambda: list(storage.list_prefixes(ROOT + "t/closed/")),
            lambda: storage.head(ROOT + "t/closed/a"),
            lambda: storage.get_range(ROOT + "t/closed/a"),
        ):
            with pytest.raises(StorageFailed, match="could not be read"):
                act()
        with pytest.raises(ReadOnlyLake):
            storage.put(ROOT + "t/b", b"1")

    try:
        in_child(look)
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
def test_a_hundred_thousand_files_are_listed_in_a_second(storage: FileStorage, data: Path) -> None:
    for day in range(1000):
        folder = data / "t" / f"dt={day:04}"
        folder.mkdir(parents=True)
        for number in range(100):
            (folder / f"{number}.parquet").touch()
    took = []
    for _ in range(3):
        began = time.perf_counter()
        assert sum(1 for _ in storage.list_keys(ROOT + "t/")) == 100_000
        took.append(time.perf_counter() - began)
    assert min(took) < 1
