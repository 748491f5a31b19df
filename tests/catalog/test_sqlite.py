"""What is the SQLite catalog's own: transactions, keys instead of locations, sharing."""

import os
import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.catalog import codec, keys
from lake.catalog.locations import Locations
from lake.catalog.sqlite import SqliteCatalog
from lake.clock import FixedClock
from lake.errors import AlreadyExists, CatalogFailed, UsageError
from lake.model import Column, Database, KeyBounds, Partition, StorageDescriptor, Table, TableName
from tests.catalog import strategies
from tests.catalog.conftest import BUCKET, clicks_table
from tests.storage.disks import in_child

CLICKS = TableName("web", "clicks")


@pytest.fixture
def catalog(tmp_path: Path, clock: FixedClock) -> SqliteCatalog:
    """A catalog with table web.clicks."""
    catalog = SqliteCatalog.create(tmp_path / "catalog.db", bucket=BUCKET, clock=clock)
    catalog.create_database(Database("web", location=f"s3://{BUCKET}/web/"))
    catalog.create_table(clicks_table())
    return catalog


def days(count: int, table: Table) -> list[Partition]:
    return [
        Partition((f"{day:07}", "00"), f"s3://{BUCKET}/web/clicks/dt={day:07}/", table.descriptor)
        for day in range(count)
    ]


def dump(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        text = "\n".join(connection.iterdump())
    connection.close()
    return text


# Transactions


def test_a_transaction_makes_all_its_changes_one(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    with catalog.transaction() as connection:
        catalog.add_partitions(CLICKS, days(3, table))
        catalog.drop_partitions(CLICKS, [("0000001", "00")])
        connection.execute("INSERT INTO journal VALUES ('w', 'append', 'committed', '{}', 0)")
        with SqliteCatalog(catalog.path, bucket=BUCKET) as other:
            assert list(other.list_partitions(table)) == []
        assert len(list(catalog.list_partitions(table))) == 2
    with SqliteCatalog(catalog.path, bucket=BUCKET) as other:
        assert len(list(other.list_partitions(table))) == 2
    assert "'committed'" in dump(catalog.path)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_transaction_that_fails_leaves_nothing(catalog: SqliteCatalog, error: type[BaseException]) -> None:
    before = dump(catalog.path)

    def change_and_fail() -> None:
        with catalog.transaction():
            catalog.add_partitions(CLICKS, days(3, catalog.get_table(CLICKS)))
            catalog.drop_table(CLICKS)
            raise error

    with pytest.raises(error):
        change_and_fail()
    assert dump(catalog.path) == before
    catalog.create_database(Database("next"))


def test_an_inner_failure_undoes_the_inner_part_alone(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)

    def change_and_fail() -> None:
        with catalog.transaction():
            catalog.add_partitions(CLICKS, days(3, table))
            catalog.create_database(Database("outer"))

    with catalog.transaction():
        catalog.create_database(Database("outer"))
        with pytest.raises(AlreadyExists):
            change_and_fail()
    assert list(catalog.list_partitions(table)) == []
    assert [database.name for database in catalog.list_databases()] == ["outer", "web"]


def test_threads_share_a_catalog(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(20):
                values = (f"{number}-{step}", "00")
                assert catalog.add_partitions(CLICKS, [Partition(values, f"s3://{BUCKET}/x/", table.descriptor)]) == []
                assert len(list(catalog.list_partitions(table, [KeyBounds("dt", frozenset([values[0]]))]))) == 1
        except BaseException as error:  # noqa: BLE001 - shown by the test
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(list(catalog.list_partitions(table))) == 160


def test_closing_closes_every_connection(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    catalog.add_partitions(CLICKS, days(10, table))
    listing = catalog.list_partitions(table)
    next(listing)
    catalog.close()
    catalog.close()
    open_files = {os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()}
    assert not [path for path in open_files if path.startswith(str(catalog.path))]
    with pytest.raises(CatalogFailed, match="closed"):
        catalog.get_table(CLICKS)


def test_a_forked_process_has_connections_of_its_own(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    with catalog.transaction() as connection:
        parents = connection

    def register() -> None:
        with catalog.transaction() as connection:
            assert connection is not parents
            catalog.add_partitions(CLICKS, days(5, table))

    in_child(register)
    assert len(list(catalog.list_partitions(table))) == 5
    assert catalog.check_integrity() == []


def test_a_listing_of_many_pages_is_whole_and_ordered(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    catalog.add_partitions(CLICKS, iter(days(25_001, table)))
    listed = [partition.values[0] for partition in catalog.list_partitions(table)]
    assert listed == [f"{day:07}" for day in range(25_001)]


def test_a_table_dropped_while_it_is_listed_is_noticed(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    catalog.add_partitions(CLICKS, days(20_001, table))
    listing = catalog.list_partitions(table)
    next(listing)
    catalog.drop_table(CLICKS)
    with pytest.raises(LookupError, match=r"'web\.clicks'"):
        list(listing)
    catalog.create_table(clicks_table())
    catalog.add_partitions(CLICKS, days(20_001, table))
    listing = catalog.list_partitions(table)
    next(listing)
    catalog.drop_table(CLICKS)
    catalog.create_table(clicks_table())
    with pytest.raises(LookupError, match=r"'web\.clicks'"):
        list(listing)


def test_partition_keys_cannot_change_below_partitions(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    catalog.add_partitions(CLICKS, days(1, table))
    with pytest.raises(CatalogFailed, match="partitions"):
        catalog.replace_table(replace(table, partition_keys=()))


# What is stored


def test_a_descriptor_is_stored_once_a_table_and_goes_with_it(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    shuffled = [
        replace(table.descriptor, parameters=dict(pairs))
        for pairs in ([("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")])
    ]
    partitions = [replace(day, descriptor=shuffled[index % 2]) for index, day in enumerate(days(10, table))]
    catalog.add_partitions(CLICKS, partitions)
    assert dump(catalog.path).count('INSERT INTO "descriptors"') == 2
    catalog.drop_table(CLICKS)
    assert 'INSERT INTO "descriptors"' not in dump(catalog.path)


def test_no_location_of_the_lake_is_stored_with_its_bucket(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    catalog.add_partitions(CLICKS, days(1, table))
    assert BUCKET not in dump(catalog.path)


def test_a_changed_bucket_name_shows_in_every_location(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    outside = Partition(("9", "00"), "file:///elsewhere/9/", table.descriptor)
    catalog.add_partitions(CLICKS, [*days(1, table), outside])
    with SqliteCatalog(catalog.path, bucket="renamed") as renamed:
        assert next(renamed.list_databases()).location == "s3://renamed/web/"
        assert renamed.get_table(CLICKS).location == "s3://renamed/web/clicks/"
        locations = [partition.location for partition in renamed.list_partitions(table)]
    assert locations == ["s3://renamed/web/clicks/dt=0000000/", "file:///elsewhere/9/"]


@given(strategies.locations, st.sampled_from(["bucket", "b", "file"]))
def test_a_location_comes_back_as_it_was(location: str, bucket: str) -> None:
    locations = Locations(bucket)
    assert locations.shown(locations.stored(location)) == location


@given(st.text(), st.text())
def test_two_locations_are_never_stored_as_one(first: str, second: str) -> None:
    locations = Locations("bucket")
    urls = {f"{scheme}{rest}" for rest in (first, second) for scheme in ("s3://bucket/", "s3://", "file:///")}
    assert len({locations.stored(url) for url in urls - {"s3://bucket"}}) == len(urls - {"s3://bucket"})


@pytest.mark.parametrize("location", ["", "web/clicks", "/web/clicks", "://x", "/s3://bucket/x"])
def test_what_is_no_url_is_no_location(catalog: SqliteCatalog, location: str) -> None:
    with pytest.raises(UsageError, match="no URL"):
        catalog.create_table(Table("web", "other", location=location))


def test_a_value_without_utf8_is_refused_and_asked_for_in_vain(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    partition = replace(days(1, table)[0], values=("\udc80", "00"))
    assert "UTF-8" in catalog.add_partitions(CLICKS, [partition])[0].message
    assert len(catalog.drop_partitions(CLICKS, [("\udc80", "00")])) == 1
    for bounds in (
        KeyBounds("dt", frozenset(["\udc80"])),
        KeyBounds("dt", low="\udc80"),
        KeyBounds("hour", high="\udc80"),
    ):
        assert list(catalog.list_partitions(table, [bounds])) == []


# Keys

values = st.text(st.sampled_from("ab\x00\x01\x02\x03\x1f @A~\ue000\U0001f600"), max_size=4) | st.text()


@given(st.lists(values, min_size=1, max_size=4).map(tuple).filter(lambda given: all(map(keys.is_storable, given))))
def test_encoded_values_decode_to_themselves(given_values: tuple[str, ...]) -> None:
    assert keys.decode(keys.encode(given_values)) == given_values


@given(st.tuples(values, values, values), st.tuples(values, values, values))
def test_encoded_values_sort_as_the_values_do(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    assert (keys.encode(first) < keys.encode(second)) == (first < second)


def test_many_values_narrow_to_their_span(catalog: SqliteCatalog) -> None:
    table = catalog.get_table(CLICKS)
    catalog.add_partitions(CLICKS, days(3000, table))
    wanted = frozenset(f"{day:07}" for day in range(500, 2500, 1) if day % 7)
    narrowing = keys.narrow(["dt", "hour"], [KeyBounds("dt", wanted)])
    assert len(narrowing.ranges) == 1
    found = catalog.list_partitions(table, [KeyBounds("dt", wanted)])
    assert {partition.values[0] for partition in found} == wanted


def test_a_range_is_read_by_the_primary_key(catalog: SqliteCatalog) -> None:
    with catalog.transaction() as connection:
        seen: list[str] = []
        connection.set_trace_callback(seen.append)
        list(catalog.list_partitions(catalog.get_table(CLICKS), [KeyBounds("dt", frozenset("a"))]))
        connection.set_trace_callback(None)
        (statement,) = [sql for sql in seen if "FROM partitions" in sql]
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    assert [row[3] for row in plan] == ["SEARCH partitions USING PRIMARY KEY (table_id=? AND key>? AND key<?)"]


@given(strategies.ANY.descriptors)
def test_a_descriptor_survives_as_glue_writes_it(descriptor: StorageDescriptor) -> None:
    written = codec.descriptor_to_glue(descriptor)
    assert codec.descriptor_from_glue(written) == descriptor
    assert codec.descriptor_from_glue(codec.from_json(codec.to_json(written))) == descriptor


def test_columns_without_a_type_are_read_as_glue_gives_them() -> None:
    assert codec.columns_from_glue([{"Name": "A"}]) == (Column("a", ""),)


# Time


def test_the_times_of_a_table_are_those_of_the_catalog(catalog: SqliteCatalog, clock: FixedClock) -> None:
    made, clicks = clock.now(), catalog.get_table(CLICKS)
    assert (clicks.created_at, clicks.updated_at) == (made, made)
    clock.advance(timedelta(hours=1, microseconds=1))
    catalog.replace_table(replace(clicks, description="new"))
    changed = catalog.get_table(CLICKS)
    assert (changed.created_at, changed.updated_at) == (made, clock.now())


def test_a_partition_has_the_time_of_its_registration(catalog: SqliteCatalog, clock: FixedClock) -> None:
    made, clicks = clock.now(), catalog.get_table(CLICKS)
    [old] = days(1, clicks)
    catalog.add_partitions(CLICKS, [old])
    clock.advance(timedelta(days=1))
    assert catalog.replace_partition(CLICKS, replace(old, location="s3://bucket/new/"), expected=old) is None
    assert [partition.created_at for partition in catalog.list_partitions(clicks)] == [made]
