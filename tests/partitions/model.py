"""What the catalog must be after a repair, said from keys alone. Shares no code with what it judges."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import unquote

ROOT = "s3://lake/web/clicks/"
NULL = "__HIVE_DEFAULT_PARTITION__"

Objects = dict[str, bytes]
Registered = dict[tuple[str, str], str]


def data_below(objects: Objects, location: str) -> bool:
    return any(is_data(key.removeprefix(location), body) for key, body in objects.items() if key.startswith(location))


def is_data(name: str, body: bytes) -> bool:
    steps = name.split("/")
    return bool(body and steps[-1]) and not name.endswith("_$folder$") and not any(s[:1] in ("_", ".") for s in steps)


def anything_below(objects: Objects, location: str) -> bool:
    return any(key.startswith(location) or key == f"{location[:-1]}_$folder$" for key in objects)


def read(location: str) -> tuple[str, str] | None:
    """Values of a place of `region=…/hour=…/`."""
    steps = location.removeprefix(ROOT).split("/")
    if not location.startswith(ROOT) or len(steps) != 3 or steps[2]:
        return None
    values = []
    for step, key in zip(steps, ("region", "hour"), strict=False):
        name, equals, text = step.partition("=")
        if name.lower() != key or not equals or not text:
            return None
        values.append(unquote(text, encoding="latin-1"))
    return values[0], values[1]


def same(values: tuple[str, str]) -> tuple[str, object]:
    return values[0], int(values[1]) if values[1].lstrip("-").isdigit() else values[1]


def is_typed(values: tuple[str, str]) -> bool:
    return values[1] == NULL or values[1].lstrip("-").isdigit()


def places(objects: Objects) -> set[str]:
    found = set()
    for key in objects:
        steps = key.removeprefix(ROOT).split("/")
        if key.startswith(ROOT) and len(steps) > 2:
            found.add(f"{ROOT}{steps[0]}/{steps[1]}/")
    return {place for place in found if read(place) and data_below(objects, place)}


def after_repair(
    objects: Objects, registered: Registered, *, drop: bool, share: float, expected: set[tuple[str, str]]
) -> Registered:
    """Return the catalog that a repair must leave. No two registered values may be the same."""
    kinds = {}
    for values, location in registered.items():
        at = read(location)
        kinds[values] = "odd" if at is None else "own" if same(at) == same(values) else "foreign"
    own_taken = {location for values, location in registered.items() if kinds[values] == "own"}
    free = defaultdict(list)
    for place in sorted(places(objects)):
        there = read(place)
        assert there is not None
        if place not in own_taken and is_typed(there):
            free[same(there)].append(place)
    moves = {}
    for values, location in registered.items():
        targets = free.get(same(values), [])
        if len(targets) == 1 and (kinds[values] == "foreign" or not data_below(objects, location)):
            moves[values] = targets[0]
    while stuck := [v for v, target in moves.items() if holder(registered, moves, target)]:
        for values in stuck:
            del moves[values]
    known = {same(values) for values in registered}
    adds = {}
    for identity, targets in free.items():
        if identity not in known and len(targets) == 1 and not holder(registered, moves, targets[0]):
            there = read(targets[0])
            assert there is not None
            adds[there] = targets[0]
    drops = [
        values
        for values, location in registered.items()
        if not data_below(objects, location)
        and same(values) not in free
        and values not in expected
        and not any(anything_below(objects, place) for place in {location, *spelled(objects, values)})
    ]
    after = registered | moves | adds
    seen = any(key.startswith(ROOT) for key in objects)
    if drop and seen and len(drops) < len(registered) and len(drops) <= share * len(registered):
        for values in drops:
            del after[values]
    return after


def holder(registered: Registered, moves: Registered, location: str) -> bool:
    return any(there == location and values not in moves for values, there in registered.items())


def spelled(objects: Objects, values: tuple[str, str]) -> set[str]:
    """Places of these values that anything at all lies at, however they are written."""
    found = {f"{ROOT}region={values[0].replace(':', '%3A')}/hour={values[1]}/"}
    for key in objects:
        steps = key.removesuffix("_$folder$").removeprefix(ROOT).split("/")
        place = f"{ROOT}{'/'.join(steps[:2])}/"
        there = read(place)
        if there is not None and same(there) == same(values):
            found.add(place)
    return found
