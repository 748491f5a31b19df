"""What `test_fitting.py`, `test_partitions.py` and others say of writes into a folder, said of S3; and what is S3's own."""

import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

from lake.aws.connection import AwsConnection, AwsOptions
from lake.clock import FixedClock
from lake.errors import CatalogChanged, CatalogFailed, ConnectionFailed, WriteRefused
from lake.model import CHANGED, Partition, Refusal, TableName
from lake.write.objects import ObjectWriter
from tests.servers import CREDENTIALS, Server
from tests.write.object_place import BUCKET, ObjectPlace
from tests.write.test_fitting import *  # noqa: F403 - the tests run here once more, with the place below
from tests.write.test_overwrite import *  # noqa: F403
from tests.write.test_partitions import *  # noqa: F403
from tests.write.test_sources import *  # noqa: F403


@cache
def connection(endpoint_url: str) -> AwsConnection:
    """Return one for all tests: to make a client takes longer than most of them."""
    return AwsConnection(AwsOptions(endpoint_url=endpoint_url, region="us-east-1"))


@pytest.fixture
def place(moto: Server, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectPlace]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    moto.client("s3").create_bucket(Bucket=BUCKET)
    place = ObjectPlace(tmp_path / "lake", clock, connection(moto.endpoint_url))
    yield place
    place.close()


# Of files in a folder, or of very many, a call each.
test_a_new_table_does_not_take_files_over = None
test_what_came_later_to_an_old_place_is_not_deleted = None
test_old_files_stay_for_the_grace_then_go_with_the_next_write = None
test_versions_are_swept_in_turn_by_repair = None
test_many_keys_of_many_values_are_told_apart = None
test_any_text_makes_a_partition_and_comes_back = None


def days(*rows: tuple[int, str]) -> pa.Table:
    return pa.table({"n": [n for n, _ in rows], "day": [day for _, day in rows]})


def test_a_new_table_takes_no_objects_over(place: ObjectPlace) -> None:
    place.objects.put(f"s3://{BUCKET}/default/t/old.parquet", b"old")
    with pytest.raises(WriteRefused, match="holds files of no table"):
        place.write(days((1, "a")), "t")


def test_a_database_without_a_place_takes_no_new_table(place: ObjectPlace, clock: FixedClock) -> None:
    writer = ObjectWriter(place.catalog, place.objects, place.temp, clock=clock)
    with pytest.raises(WriteRefused, match=r"default\.t.*its database has no location") as caught:
        writer.write(days((1, "a")), TableName("default", "t"))
    assert "LOCATION" in (caught.value.hint or "")


def test_an_append_is_one_object_a_partition(place: ObjectPlace) -> None:
    place.write(days((1, "a"), (2, "b"), (3, "a")), "t", partition_by="day")
    assert [key.rpartition("/")[0] for key in place.held()] == ["default/t/day=a", "default/t/day=b"]
    place.write(days((4, "c/ü"), (5, "a")), "t")
    assert place.rows("t") == [(1, "a"), (2, "b"), (3, "a"), (4, "c/ü"), (5, "a")]
    assert not place.left_over()


@pytest.mark.parametrize("mode", ["append", "overwrite_partitions"])
def test_an_upload_that_fails_leaves_nothing(place: ObjectPlace, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    place.write(days((1, "a"), (2, "b")), "t", partition_by="day")
    before = place.held()
    upload = place.objects.upload
    sent = []

    def fail(path: Path, location: str) -> None:
        sent.append(location)
        if len(sent) == 3:
            raise ConnectionFailed("the network is down")
        upload(path, location)

    monkeypatch.setattr(place.objects, "upload", fail)
    with pytest.raises(ConnectionFailed):
        place.write(days((3, "a"), (4, "b"), (5, "c"), (6, "d")), "t", mode=mode)
    assert place.held() == before
    assert place.rows("t") == [(1, "a"), (2, "b")]
    assert not place.left_over()


def test_partitions_that_the_catalog_does_not_take_leave_nothing(
    place: ObjectPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write(days((1, "a")), "t", partition_by="day")
    before = place.held()
    refused = [Refusal(("b",), "AccessDeniedException", "no")]
    monkeypatch.setattr(place.catalog, "add_partitions", lambda *_: refused)
    with pytest.raises(CatalogFailed, match="day=b"):
        place.write(days((2, "a"), (3, "b")), "t")
    assert place.held() == before
    assert place.rows("t") == [(1, "a")]


def test_an_overwrite_that_is_refused_gives_back_what_it_took(
    place: ObjectPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write(days((1, "a"), (2, "b")), "t", partition_by="day")
    swap = place.catalog.replace_partition

    def refuse(name: TableName, new: Partition, *, expected: Partition) -> Refusal | None:
        if new.values == ("b",) and "_versions" in new.location:
            return Refusal(new.values, CHANGED, "it was changed meanwhile")
        return swap(name, new, expected=expected)

    monkeypatch.setattr(place.catalog, "replace_partition", refuse)
    with pytest.raises(CatalogChanged, match="did not take partition b"):
        place.write(days((3, "a"), (4, "b"), (5, "c")), "t", mode="overwrite_partitions")
    assert place.rows("t") == [(1, "a"), (2, "b")]


def test_what_was_replaced_goes_after_its_grace(place: ObjectPlace, clock: FixedClock) -> None:
    place.write(days((1, "a"), (2, "b")), "t", partition_by="day")
    old = {key for key in place.held() if "day=a" in key}
    place.write(days((3, "a")), "t", mode="overwrite_partitions")
    clock.advance(dt.timedelta(minutes=59))
    place.write(days((4, "a")), "t")
    assert old <= set(place.held())
    clock.advance(dt.timedelta(minutes=2))
    place.write(days((5, "a")), "t")
    assert not old & set(place.held())
    assert place.rows("t") == [(2, "b"), (3, "a"), (4, "a"), (5, "a")]
    assert not [key for key in place.held() if "_replaced" in key]


def test_versions_go_in_turn(place: ObjectPlace, clock: FixedClock) -> None:
    for number in range(3):
        place.write(days((number, "a")), "t", partition_by="day", mode="overwrite_partitions")
        place.write(days((number, "a")), "flat", mode="overwrite_partitions")
    clock.advance(dt.timedelta(hours=1))
    assert [place.writer.sweep(place.table(name).full_name) for name in ("t", "flat", "t")] == [2, 2, 0]
    assert len(place.held()) == 2
    assert (place.rows("t"), place.rows("flat")) == ([(2, "a")], [(2, "a")])


def test_what_came_later_to_a_replaced_place_stays(place: ObjectPlace, clock: FixedClock) -> None:
    place.write(days((1, "a")), "t", partition_by="day")
    place.write(days((2, "a")), "t", mode="overwrite_partitions")
    time.sleep(1.1)  # S3 tells times in seconds
    place.objects.put(f"s3://{BUCKET}/default/t/day=a/late.parquet", b"late")
    clock.advance(dt.timedelta(hours=1))
    assert place.writer.sweep(place.table("t").full_name) == 1
    assert "default/t/day=a/late.parquet" in place.held()


def test_a_replaced_place_that_is_in_use_again_stays(place: ObjectPlace, clock: FixedClock) -> None:
    place.write(days((1, "a")), "t", partition_by="day")
    [old] = place.catalog.list_partitions(place.table("t"))
    place.write(days((2, "a")), "t", mode="overwrite_partitions")
    [new] = place.catalog.list_partitions(place.table("t"))
    assert place.catalog.replace_partition(place.table("t").full_name, old, expected=new) is None
    clock.advance(dt.timedelta(hours=1))
    assert place.writer.sweep(place.table("t").full_name) == 0
    assert place.rows("t") == [(1, "a")]


def test_who_appends_to_a_partition_made_meanwhile_joins_it(
    place: ObjectPlace, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    place.write(days((1, "a")), "t", partition_by="day")
    other = ObjectWriter(place.catalog, place.objects, place.temp, clock=clock)
    upload = place.objects.upload

    def meanwhile(path: Path, location: str) -> None:
        monkeypatch.setattr(place.objects, "upload", upload)
        other.write(days((2, "b")), TableName("default", "t"))
        upload(path, location)

    monkeypatch.setattr(place.objects, "upload", meanwhile)
    place.write(days((3, "b")), "t")
    assert place.rows("t") == [(1, "a"), (2, "b"), (3, "b")]


@pytest.mark.parametrize("key", ["day", None])
def test_an_append_that_an_overwrite_overtakes_says_so(
    place: ObjectPlace, monkeypatch: pytest.MonkeyPatch, clock: FixedClock, key: str | None
) -> None:
    place.write(days((1, "a")), "t", partition_by=key or ())
    other = ObjectWriter(place.catalog, place.objects, place.temp, clock=clock)
    upload = place.objects.upload

    def meanwhile(path: Path, location: str) -> None:
        monkeypatch.setattr(place.objects, "upload", upload)
        other.write(days((2, "a")), TableName("default", "t"), mode="overwrite_partitions")
        upload(path, location)

    monkeypatch.setattr(place.objects, "upload", meanwhile)
    with pytest.raises(CatalogChanged, match="was replaced by"):
        place.write(days((3, "a")), "t")
    assert place.rows("t") == [(2, "a")]
    assert sum(key.endswith(".parquet") for key in place.held()) == 2


def test_threads_append_at_once_to_one_new_table(place: ObjectPlace) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: place.write(days((n, "a"), (n, f"{n}")), "t", partition_by="day"), range(4)))
    assert place.rows("t") == sorted([(n, "a") for n in range(4)] + [(n, f"{n}") for n in range(4)], key=repr)
