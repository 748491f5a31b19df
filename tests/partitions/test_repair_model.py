"""Any mix of adding, moving, deleting, registering, repairing and killing: a model says what the catalog must be, and faults
that are planted must be found by it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

import lake.partitions.diff.full
import lake.partitions.repair.apply
import lake.partitions.repair.guards
import lake.partitions.survey.folders
from lake.clock import FixedClock
from lake.model import Partition
from lake.partitions.diff.expected import Expectation
from lake.partitions.diff.plan import PartitionPlan
from lake.partitions.layouts.layout import Layout
from tests.partitions.conftest import Pair
from tests.partitions.memory import MemoryCatalog, MemoryStorage
from tests.partitions.model import NULL, ROOT, Registered, after_repair, same
from tests.partitions.tables import DESCRIPTOR, partitioned_by

TABLE = partitioned_by(region="string", hour="int")
PLACES = [
    "region=EU/hour=5/", "region=EU/hour=05/", "REGION=EU/hour=5/", "region=US/hour=7/", "region=us/hour=7/",
    "region=a%3Ab/hour=7/", f"region={NULL}/hour=7/", "region=EU/hour=6/", "region=EU/hour=noon/",
]  # fmt: skip
FOLDERS = [*PLACES, *PLACES[:4], "", "region=EU/", "misc/", "_old/region=EU/hour=5/", "region=EU/hour=5/v2/"]
NAMES = ["a", "a", "b", "deep/c", "_SUCCESS", ".x/y", "empty", "d_$folder$"]
VALUES = [("EU", "5"), ("EU", "05"), ("EU", "6"), ("US", "7"), ("us", "7"), ("a:b", "7"), (NULL, "7"), ("EU", "9")]
LOCATIONS = [*(ROOT + folder for folder in FOLDERS if folder), "s3://lake/else/1/", "s3://lake/else/2/"]
KEYS = st.builds(lambda folder, name: f"{ROOT}{folder}{name}", st.sampled_from(FOLDERS), st.sampled_from(NAMES))


class KilledError(BaseException):
    """Stands for the end of the process."""


class MortalCatalog(MemoryCatalog):
    """Ends its process before or after the n-th change."""

    left: float = float("inf")

    def live(self, change: Callable[[], Any]) -> Any:
        self.left -= 1
        if self.left == 0:
            raise KilledError
        done = change()
        self.left -= 1
        if self.left == 0:
            raise KilledError
        return done

    def add_partitions(self, name: Any, partitions: Any) -> Any:
        add = partial(MemoryCatalog.add_partitions, self, name)
        return [refused for each in partitions for refused in self.live(partial(add, [each]))]

    def replace_partition(self, name: Any, new: Partition, *, expected: Partition) -> Any:
        return self.live(lambda: MemoryCatalog.replace_partition(self, name, new, expected=expected))

    def drop_partitions(self, name: Any, values: Any) -> Any:
        drop = partial(MemoryCatalog.drop_partitions, self, name)
        return [refused for each in values for refused in self.live(partial(drop, [each]))]


class Repairing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.catalog = MortalCatalog([TABLE])
        self.storage = MemoryStorage()
        self.pair = Pair(self.catalog, self.storage, FixedClock(datetime(2026, 2, 3, tzinfo=UTC)))
        self.old: PartitionPlan | None = None

    @initialize(others=st.integers(0, 1))
    def begin(self, others: int) -> None:
        """Sometimes with a partition in step, so that others may be dropped."""
        for number in range(others):
            self.storage.objects[f"{ROOT}region=PL/hour={number}/a"] = b"data"
            self.pair.register(TABLE, {("PL", str(number)): f"{ROOT}region=PL/hour={number}/"})

    @rule(keys=st.lists(KEYS, min_size=1, max_size=5))
    def add(self, keys: list[str]) -> None:
        for key in keys:
            self.storage.objects[key] = b"" if key.endswith("empty") else b"data"

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        keys = self.keys()
        if keys:
            prefix = data.draw(st.sampled_from(keys)).rpartition("/")[0] + "/"
            for key in [key for key in self.storage.objects if key.startswith(prefix) and not self.is_kept(key)]:
                del self.storage.objects[key]

    @rule(data=st.data(), place=st.sampled_from([ROOT + place for place in PLACES]))
    def move(self, data: st.DataObject, place: str) -> None:
        keys = self.keys()
        if keys:
            key = data.draw(st.sampled_from(keys))
            self.storage.objects[place + key.rpartition("/")[2]] = self.storage.objects.pop(key)

    @rule(values=st.sampled_from(VALUES), location=st.sampled_from(LOCATIONS), expected=st.booleans())
    def register(self, values: tuple[str, str], location: str, expected: bool) -> None:
        if same(values) not in map(same, self.registered()):
            given = {"parameters": {"tap_lake.expected": "true"}} if expected else {}
            partition = Partition(values, location, DESCRIPTOR, **given)  # type: ignore[arg-type]
            assert self.catalog.add_partitions(TABLE.full_name, [partition]) == []

    @rule(data=st.data())
    def unregister(self, data: st.DataObject) -> None:
        if self.registered():
            self.catalog.drop_partitions(TABLE.full_name, [data.draw(st.sampled_from(sorted(self.registered())))])

    @rule()
    def remember_a_plan(self) -> None:
        self.old = self.pair.plan(TABLE)

    @rule(drop=st.booleans(), share=st.sampled_from([0.1, 0.5, 1.0]))
    def repair(self, drop: bool, share: float) -> None:
        wanted = self.wanted(self.registered(), drop, share)
        report = self.pair.repair(TABLE, drop=drop, share=share)
        assert report.refused == ()
        assert self.registered() == wanted
        assert not [change for change in self.pair.plan(TABLE).changes if change.kind in ("add", "move")]

    @rule(drop=st.booleans(), after=st.integers(1, 8))
    def be_killed_and_repair_again(self, drop: bool, after: int) -> None:
        wanted = self.registered()
        for _ in range(3):
            wanted = self.wanted(wanted, drop, 1.0)
        self.catalog.left = after
        try:
            self.pair.repair(TABLE, drop=drop, share=1.0)
        except KilledError:
            pass
        finally:
            self.catalog.left = float("inf")
        for _ in range(3):
            self.pair.repair(TABLE, drop=drop, share=1.0)
        assert self.registered() == wanted

    @rule(drop=st.booleans())
    def apply_the_old_plan(self, drop: bool) -> None:
        """What it still says must be what a plan of now would say; the rest must stay as it is."""
        if self.old is None:
            return
        before = self.registered()
        now = self.wanted(before, True, 1.0)
        self.pair.apply(self.old, drop=drop, share=1.0, recheck=True)
        after = self.registered()
        for values in before.keys() | after.keys():
            assert after.get(values) in (before.get(values), now.get(values)), values

    @rule(drop=st.booleans())
    def take_back_a_repair(self, drop: bool) -> None:
        before = dict(self.catalog.partitions[TABLE.full_name])
        report = self.pair.repair(TABLE, drop=drop, share=1.0)
        assert (report.undo is None) == (report.changed == 0)
        if report.undo:
            assert self.pair.undo(report.undo).refused == ()
        assert self.catalog.partitions[TABLE.full_name] == before

    def wanted(self, registered: Registered, drop: bool, share: float) -> Registered:
        stored = self.catalog.partitions[TABLE.full_name]
        expected = {values for values, each in stored.items() if each.parameters}
        objects = {key: body for key, body in self.storage.objects.items() if not self.is_kept(key)}
        return after_repair(objects, registered, drop=drop, share=share, expected=expected)  # type: ignore[arg-type]

    def registered(self) -> Registered:
        return {each.values: each.location for each in self.catalog.list_partitions(TABLE)}  # type: ignore[misc]

    def keys(self) -> list[str]:
        return sorted(key for key in self.storage.objects if not self.is_kept(key))

    @staticmethod
    def is_kept(key: str) -> bool:
        return "/_tap_lake/" in key


def test_a_repair_leaves_what_the_model_says() -> None:
    run_state_machine_as_test(Repairing, settings=settings(max_examples=40, stateful_step_count=10, deadline=None))


@pytest.mark.slow
def test_a_repair_leaves_what_the_model_says_deep() -> None:
    run_state_machine_as_test(Repairing, settings=settings(max_examples=2000, stateful_step_count=20, deadline=None))


LISTED = MemoryStorage.list_keys
IDENTITY = Layout.identity


def count_markers(storage: MemoryStorage, survey: Any) -> None:
    for stored in storage.list_keys(ROOT):
        survey.take(stored.location.rpartition("/")[0] + "/", 1, stored.size, 0)


FAULTS: dict[str, tuple[Any, str, Any]] = {
    "a marker counted": (lake.partitions.diff.full, "survey_everything", count_markers),
    "a page lost": (MemoryStorage, "list_keys", lambda self, prefix: sorted(LISTED(self, prefix), key=str)[:2]),
    "zeros compared as text": (Layout, "identity", lambda layout, values: tuple(values)),
    "case of values lost": (Layout, "identity", lambda layout, values: tuple(map(str.lower, IDENTITY(layout, values)))),
    "types not checked": (Layout, "fault", lambda layout, values: None),
    "the guard off": (lake.partitions.repair.guards, "share_guard", lambda *args: None),
    "hidden names counted": (lake.partitions.survey.folders, "is_hidden", lambda folder, start: False),
    "an expected partition dropped": (Expectation, "holds", lambda *args: False),
    "an old plan applied": (lake.partitions.repair.apply.Application, "_current", lambda self, changes: changes),
}  # fmt: skip


RARE = ("an expected partition dropped", "an old plan applied", "the guard off")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in RARE else name for name in FAULTS]
)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[name])
    found = settings(
        max_examples=2000, stateful_step_count=12, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], print_blob=False,
    )  # fmt: skip
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Repairing, settings=found)
