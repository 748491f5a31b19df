"""Who may drop and move: one at a time, and not for ever."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lake.clock import FixedClock
from lake.errors import CatalogChanged, Throttled
from lake.partitions.repair.lease import StorageLease
from lake.partitions.repair.lookup import Pace
from tests.partitions.conftest import Pair
from tests.partitions.tables import LOCATION, partitioned_by

TABLE = partitioned_by(dt="string")
LEASE = LOCATION + "_tap_lake/lease.json"
START = datetime(2026, 2, 3, tzinfo=UTC)


def sleeper(clock: FixedClock, more: Callable[[], None] = lambda: None) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))
        more()

    return sleep


def holder(pair: Pair) -> Any:
    return json.loads(pair.storage.get_range(LEASE))["holder"]


def test_a_lease_is_held_and_given_back(pair: Pair) -> None:
    lease = StorageLease(pair.storage, pair.clock)
    for _ in range(2):
        with lease.held(TABLE) as renew:
            assert holder(pair) is not None
            renew()
        assert holder(pair) is None


def test_the_lease_of_a_dead_holder_is_waited_for_and_taken_over(pair: Pair) -> None:
    clock = FixedClock(START)
    dead = StorageLease(pair.storage, clock).held(TABLE)
    dead.__enter__()
    with StorageLease(pair.storage, clock, sleep=sleeper(clock)).held(TABLE):
        assert timedelta(seconds=59) < clock.now() - START < timedelta(seconds=62)


def test_a_holder_who_lives_is_not_waited_for_longer_than_a_lease(pair: Pair) -> None:
    clock = FixedClock(START)
    with StorageLease(pair.storage, clock).held(TABLE) as renew:
        other = StorageLease(pair.storage, clock, sleep=sleeper(clock, renew))
        with pytest.raises(CatalogChanged, match="another run"), other.held(TABLE):
            pass
        assert clock.now() - START < timedelta(seconds=61)


def test_a_lease_that_was_lost_is_noticed_before_the_next_step(pair: Pair) -> None:
    clock = FixedClock(START)
    first = StorageLease(pair.storage, clock).held(TABLE)
    renew = first.__enter__()
    clock.advance(timedelta(seconds=61))
    with StorageLease(pair.storage, clock, sleep=sleeper(clock)).held(TABLE):
        with pytest.raises(CatalogChanged, match="was lost"):
            renew()
        second = holder(pair)
        first.__exit__(None, None, None)
        assert holder(pair) == second is not None


@pytest.mark.parametrize("minutes", [-10, -2, 2, 10])
def test_clocks_that_are_apart_do_not_make_a_lease_end_early(minutes: int, pair: Pair) -> None:
    ours, theirs = FixedClock(START), FixedClock(START + timedelta(minutes=minutes))

    def minute(seconds: float) -> None:
        ours.advance(timedelta(seconds=seconds))
        theirs.advance(timedelta(seconds=seconds))
        if ours.now() - START == timedelta(seconds=40):
            renew()

    with StorageLease(pair.storage, theirs).held(TABLE) as renew:
        with pytest.raises(CatalogChanged, match="another run"):
            StorageLease(pair.storage, ours, sleep=minute).held(TABLE).__enter__()
        renew()


def test_a_lease_that_is_long_over_is_not_waited_for(pair: Pair) -> None:
    StorageLease(pair.storage, FixedClock(START)).held(TABLE).__enter__()
    later = FixedClock(START + timedelta(minutes=20))
    with StorageLease(pair.storage, later, sleep=lambda seconds: pytest.fail("waits")).held(TABLE):
        pass


class Overtaken:
    """A storage before whose first put something else happens."""

    def __init__(self, storage: Any, happens: Callable[[], object]) -> None:
        self._storage = storage
        self._happens: Callable[[], object] | None = happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def put(self, location: str, data: bytes, **condition: Any) -> bool:
        happens, self._happens = self._happens, None
        if happens is not None:
            happens()
        return bool(self._storage.put(location, data, **condition))


def test_of_two_who_find_the_same_dead_lease_one_takes_it(pair: Pair) -> None:
    StorageLease(pair.storage, FixedClock(START)).held(TABLE).__enter__()
    clock = FixedClock(START + timedelta(minutes=20))
    quick = StorageLease(pair.storage, clock).held(TABLE)
    storage: Any = Overtaken(pair.storage, quick.__enter__)
    with StorageLease(storage, clock, sleep=sleeper(clock)).held(TABLE):
        assert clock.now() - START >= timedelta(minutes=21)


def test_a_damaged_lease_is_taken_over(pair: Pair) -> None:
    pair.storage.put(LEASE, b"{")
    with StorageLease(pair.storage, pair.clock).held(TABLE):
        pass


def test_only_one_of_many_holds_it(pair: Pair) -> None:
    holding, most = 0, 0
    lock = threading.Lock()
    lease = StorageLease(pair.storage, pair.clock, sleep=lambda seconds: None)

    def run() -> None:
        nonlocal holding, most
        for _ in range(3):
            try:
                with lease.held(TABLE):
                    with lock:
                        holding += 1
                        most = max(most, holding)
                    with lock:
                        holding -= 1
            except CatalogChanged:
                pass

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_what_is_throttled_is_tried_again_in_smaller_batches() -> None:
    taken: list[list[int]] = []
    slept: list[float] = []
    refusals = iter([False, True, True, False, False, True] + [False] * 90)

    def call(batch: list[int]) -> int:
        if next(refusals):
            raise Throttled("too many calls")
        taken.append(batch)
        return len(batch)

    pace = Pace(400, 50, sleep=slept.append)
    done = list(pace.run(range(2000), call))
    assert [number for batch in taken for number in batch] == list(range(2000))
    assert [answer for _, answer, _ in done] == [len(batch) for batch in taken]
    assert [len(batch) for batch in taken][:4] == [400, 100, 150, 112]
    assert [was_tried for _, _, was_tried in done[:4]] == [False, True, True, True]
    assert len(slept) == 3


def test_what_is_always_throttled_ends() -> None:
    def call(batch: list[int]) -> Any:
        raise Throttled("too many calls")

    with pytest.raises(Throttled):
        list(Pace(400, sleep=lambda seconds: None).run(range(5), call))
