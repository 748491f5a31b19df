"""Random trees: a model that knows only keys says what a plan must be, and planted faults must be found by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, given, settings

import lake.partitions.diff
import lake.partitions.discovery
from lake.clock import FixedClock
from lake.model import Partition
from lake.partitions.diff import plan_repair
from lake.partitions.layout import Layout
from lake.partitions.repair import apply
from tests.partitions.memory import MemoryCatalog, MemoryStorage
from tests.partitions.tables import DESCRIPTOR, LOCATION, partitioned_by

TABLE = partitioned_by(city="string", hour="int", dt="date")
CLOCK = FixedClock(datetime(2026, 2, 3, tzinfo=UTC))

CITIES = [
    "city=Rome", "city=rome", "CITY=Rome", "city=R%6Fme", "city=Z%C3%BCrich", "city=Zürich", "city=a%3Ab", "city=a=b", "city=%zz",
    "city=__HIVE_DEFAULT_PARTITION__", "city=", "town=Rome", "_city=Rome", ".city=Rome", "Rome", "city=Rome_$folder$", "city=07",
]  # fmt: skip
HOURS = [
    "hour=5", "hour=05", "Hour=5", "hour=-1", "hour=noon", "hour=5.0", "hour=4294967296", "hour=__HIVE_DEFAULT_PARTITION__",
    "hour=7", "_temporary", "minute=5", "hour",
]  # fmt: skip
DAYS = ["dt=2026-01-31", "dt=2026-02-31", "dt=2026-1-31", "DT=2026-01-31", "dt=2028-02-29", "dt=", "day=1", "dt=soon"]
NAMES = ["part-0", "_SUCCESS", ".crc", "x_$folder$", "deep/er/part-1", "deep/_v/part-1", "deep/.v/part-1", ""]

KEYS = st.one_of(
    st.tuples(st.sampled_from(CITIES), st.sampled_from(HOURS), st.sampled_from(DAYS), st.sampled_from(NAMES)),
    st.tuples(
        st.sampled_from(CITIES[:4]), st.sampled_from(HOURS[:3]), st.sampled_from(DAYS[:4]), st.sampled_from(NAMES)
    ),
    st.tuples(st.sampled_from(CITIES), st.sampled_from(HOURS + NAMES)),
).map("/".join)
TREES = st.dictionaries(KEYS, st.sampled_from([b"", b"data", b"data"]), max_size=25)
REGISTERED = st.dictionaries(
    st.tuples(st.sampled_from(["Rome", "rome", "a:b"]), st.sampled_from(["5", "05", "7"]), st.just("2026-01-31")),
    st.sampled_from(
        [
            "s3://lake/elsewhere/",
            "city=Rome/hour=5/dt=2026-01-31/",
            "city=Rome/hour=05/dt=2026-01-31",
            "city=Rome/_v/1/",
        ]
    ),
    max_size=3,
)


def expected_plan(tree: dict[str, bytes], registered: dict[tuple[str, ...], str]) -> tuple[dict[Any, str], set[str]]:
    """Say what is added (values to place) and which places are told, from the keys alone."""
    places = {"/".join(key.split("/")[:3]) for key, data in tree.items() if holds_rows(key, data)}
    by_value: dict[Any, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    told = set()
    known = {same(values): location for values, location in registered.items()}
    registered_places = {location.strip("/") for location in registered.values()}
    for place in places:
        values = read(place)
        if values is None:
            continue
        if place in registered_places and known.get(same(values), "").strip("/") == place:
            continue
        if same(values) in known:
            other = read(known[same(values)].strip("/"))
            if other is None or same(other) != same(values):
                continue
            told.add(place)
        elif not typed(values) or place in registered_places:
            told.add(place)
        else:
            by_value[same(values)].append((values, place))
    added = {}
    for found in by_value.values():
        if len(found) == 1:
            added[found[0][0]] = LOCATION + found[0][1] + "/"
        else:
            told |= {place for _, place in found}
    return added, {LOCATION + place + "/" for place in told}


def holds_rows(key: str, data: bytes) -> bool:
    steps = key.split("/")
    below = steps[3:]
    return bool(
        data and below and below[-1] and not below[-1].endswith("_$folder$") and not any(s[:1] in "_." for s in below)
    )


def read(place: str) -> tuple[str, ...] | None:
    steps = place.split("/")
    values = []
    for step, name in zip(steps, ("city", "hour", "dt"), strict=False):
        key, equals, text = step.partition("=")
        if key.lower() != name or not equals or not text:
            return None
        values.append(unquote(text, encoding="latin-1"))
    return tuple(values) if len(steps) == 3 else None


def same(values: tuple[str, ...]) -> tuple[object, ...]:
    hour = values[1]
    return (values[0], int(hour) if hour.lstrip("-").isdigit() else hour, values[2])


def typed(values: tuple[str, ...]) -> bool:
    null = "__HIVE_DEFAULT_PARTITION__"
    try:
        if values[1] != null and not -(2**31) <= int(values[1]) < 2**31:
            return False
        if values[2] != null:
            date(*map(int, values[2].split("-")))
    except (ValueError, TypeError):
        return False
    return values[2] == null or len(values[2]) == 10


def check_against_the_model(tree: dict[str, bytes], registered: dict[tuple[str, ...], str]) -> None:
    catalog = MemoryCatalog([TABLE])
    located = {values: place if ":" in place else LOCATION + place for values, place in registered.items()}
    catalog.add_partitions(TABLE.full_name, [Partition(v, location, DESCRIPTOR) for v, location in located.items()])
    storage = MemoryStorage({LOCATION + key: data for key, data in tree.items()})
    plan = plan_repair(catalog, storage, TABLE, clock=CLOCK)
    added, told = expected_plan(tree, registered)
    assert {change.values: change.location for change in plan.changes} == added
    assert {change.location for change in plan.skipped} == told
    assert apply(catalog, plan).refused == ()
    now = {partition.values: partition.location for partition in catalog.list_partitions(TABLE)}
    assert now == located | added
    again = plan_repair(catalog, storage, TABLE, clock=CLOCK)
    assert again.changes == ()
    assert {change.location for change in again.skipped} == told


def distinct(registered: dict[tuple[str, ...], str]) -> bool:
    return len({same(values) for values in registered}) == len(registered)


@given(TREES, REGISTERED.filter(distinct))
def test_a_plan_is_what_the_keys_say(tree: dict[str, bytes], registered: dict[tuple[str, ...], str]) -> None:
    check_against_the_model(tree, registered)


def first_page_only(storage: MemoryStorage, prefix: str) -> list[str]:
    return sorted(LISTED(storage, prefix))[:2]


LISTED = MemoryStorage.list_prefixes
IDENTITY = Layout.identity
COVERS = lake.partitions.diff._Registered.covers
FAULTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "a page of prefixes lost": (MemoryStorage, "list_prefixes", first_page_only),
    "an empty place counted": (lake.partitions.diff, "holds_data", lambda storage, location: True),
    "a marker counted": (lake.partitions.discovery, "is_data", lambda stored, location: stored.size > 0),
    "zeros compared as text": (Layout, "identity", lambda layout, values: tuple(values)),
    "case of values lost": (Layout, "identity", lambda layout, values: tuple(map(str.lower, IDENTITY(layout, values)))),
    "types not checked": (Layout, "fault", lambda layout, values: None),
    "the catalog not asked": (lake.partitions.diff._Registered, "covers", lambda self, identity, location: False),
    "every registered value covered": (
        lake.partitions.diff._Registered,
        "covers",
        lambda self, identity, location: identity in self.places,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[name])

    @given(TREES, REGISTERED.filter(distinct))
    @settings(max_examples=1000, database=None, derandomize=True, phases=[Phase.generate])
    def check(tree: dict[str, bytes], registered: dict[tuple[str, ...], str]) -> None:
        check_against_the_model(tree, registered)

    with pytest.raises(AssertionError):
        check()
