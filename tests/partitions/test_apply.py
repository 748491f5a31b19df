"""What becomes of a plan when several things are the matter with one partition, and when it cannot all be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lake.clock import FixedClock
from lake.errors import Throttled
from lake.model import Column, Partition, Refusal, TableName
from lake.partitions.repair.lease import StorageLease
from lake.partitions.repair.undo import Undo
from lake.partitions.repair.undo_file import forget_old
from tests.partitions.conftest import Pair
from tests.partitions.tables import DESCRIPTOR, LOCATION, partitioned_by

DAILY = partitioned_by(dt="string")


class ThrottledOnce:
    """A catalog that gives up in the middle of the first addition."""

    def __init__(self, catalog: Any, happens: Callable[[], object] = lambda: None) -> None:
        self._catalog = catalog
        self._happens = happens
        self._is_first = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalog, name)

    def add_partitions(self, name: TableName, partitions: Iterable[Partition]) -> list[Refusal]:
        given = list(partitions)
        self._happens()
        if self._is_first:
            self._is_first = False
            self._catalog.add_partitions(name, given[: len(given) // 2])
            raise Throttled("too many calls")
        refusals: list[Refusal] = self._catalog.add_partitions(name, given)
        return refusals


def days(pair: Pair, *names: str) -> None:
    pair.put(*(f"{LOCATION}dt={name}/a" for name in names))


def test_a_partition_that_is_moved_is_given_columns_in_the_same_run(pair: Pair) -> None:
    table = pair.create(DAILY)
    days(pair, "1")
    before = {("1",): f"{LOCATION}old/"}
    pair.register(table, before)
    columns = (*DESCRIPTOR.columns, Column("more", "string"))
    wider = replace(table, descriptor=replace(table.descriptor, columns=columns))
    pair.catalog.replace_table(wider, expected=pair.catalog.get_table(table.full_name))
    report = pair.repair(wider, cascade=True)
    assert ([len(report.moved), len(report.cascaded)], report.refused) == ([1, 1], ())
    assert pair.plan(wider).changes == ()
    assert report.undo is not None
    assert pair.undo(report.undo).refused == ()
    [partition] = pair.catalog.list_partitions(wider)
    assert (partition.location, partition.descriptor.columns) == (before["1",], DESCRIPTOR.columns)


def test_what_a_throttled_call_has_added_is_known_as_added(pair: Pair) -> None:
    table = pair.create(DAILY)
    days(pair, *map(str, range(6)))
    pair.catalog = ThrottledOnce(pair.catalog)
    report = pair.repair(table)
    assert (len(report.added), report.already_there) == (6, ())
    assert report.undo is not None
    assert len(Undo.from_json(pair.storage.get_range(report.undo)).added) == 6


def test_additions_that_take_long_cost_no_lease(pair: Pair) -> None:
    table = pair.create(DAILY)
    days(pair, "1", "2")
    pair.register(table, {("1",): f"{LOCATION}dt=1/", ("3",): f"{LOCATION}dt=3/"})
    pair.clock = clock = FixedClock(datetime(2026, 2, 3, tzinfo=UTC))
    pair.catalog = ThrottledOnce(pair.catalog, lambda: clock.advance(timedelta(minutes=2)))
    report = pair.repair(table, drop=True, share=0.5)
    assert ([len(report.added), len(report.dropped)], report.refused) == ([1, 1], ())


def test_what_another_runs_lease_stands_against_is_refused_and_the_rest_is_done(pair: Pair) -> None:
    table = pair.create(DAILY)
    days(pair, "1", "2")
    pair.register(table, {("1",): f"{LOCATION}dt=1/", ("3",): f"{LOCATION}dt=3/"})
    plan = pair.plan(table)
    pair.clock = clock = FixedClock(datetime(2026, 2, 3, tzinfo=UTC))
    with StorageLease(pair.storage, clock).held(table) as renew:

        def minute_by_minute(seconds: float) -> None:
            clock.advance(timedelta(seconds=20))
            renew()

        report = pair.apply(plan, sleep=minute_by_minute, drop=True, share=0.5)
    assert [change.values for change in report.added] == [("2",)]
    assert [(refusal.values, "another run" in refusal.message) for refusal in report.refused] == [(("3",), True)]
    assert set(pair.registered(table)) == {("1",), ("2",), ("3",)}
    assert report.undo is not None
    assert not Undo.from_json(pair.storage.get_range(report.undo)).dropped


def test_old_undo_files_go(pair: Pair) -> None:
    table = pair.create(DAILY)
    days(pair, "1")
    undo = pair.repair(table).undo
    assert undo is not None
    now = pair.clock.now()
    forget_old(pair.storage, table, now + timedelta(days=29))
    assert pair.storage.head(undo) is not None
    forget_old(pair.storage, table, now + timedelta(days=31))
    assert pair.storage.head(undo) is None
    assert pair.registered(table) == {("1",): f"{LOCATION}dt=1/"}


def test_what_others_changed_since_is_not_taken_back(pair: Pair) -> None:
    table = pair.create(DAILY)
    days(pair, "1", "2", "3", "4")
    pair.register(table, {("1",): f"{LOCATION}old/1/", ("2",): f"{LOCATION}old/2/"})
    undo = pair.repair(table).undo
    assert undo is not None
    now = {partition.values: partition for partition in pair.catalog.list_partitions(table)}
    changed = [replace(now[values], parameters={"owner": "me"}) for values in (("1",), ("3",))]
    for partition in changed:
        assert pair.catalog.replace_partition(table.full_name, partition, expected=now[partition.values]) is None
    report = pair.undo(undo)
    assert (report.removed, report.put_back) == (1, 1)
    assert {refusal.values: refusal.message for refusal in report.refused} == {
        partition.values: "its columns or parameters were changed since" for partition in changed
    }
    after = {partition.values: partition.location for partition in pair.catalog.list_partitions(table)}
    assert after == {("1",): f"{LOCATION}dt=1/", ("2",): f"{LOCATION}old/2/", ("3",): f"{LOCATION}dt=3/"}
