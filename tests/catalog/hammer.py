"""One of several processes at work on one catalog: `python -m tests.catalog.hammer write|read PATH NAME SECONDS`.

It prints a line when it begins, and in the end a JSON line of what it did. Whatever it meets that is not allowed, a lock error above all, ends it with a trace.
"""

import json
import random
import sys
import time
from pathlib import Path

from lake.catalog.sqlite import SqliteCatalog
from lake.model import CHANGED, KeyBounds, Partition, Table, TableName
from tests.catalog.conftest import BUCKET

CLICKS = TableName("web", "clicks")


def pair(name: str, number: int, table: Table) -> list[Partition]:
    return [
        Partition((f"{name}-{number:06}", half), f"s3://{BUCKET}/{name}/{number}/{half}/", table.descriptor)
        for half in ("a", "b")
    ]


def write(path: Path, name: str, seconds: float) -> dict[str, object]:
    """Register pairs, move them and drop some, each in one step; now and then close everything and open it again."""
    dice = random.Random(name)
    held: set[int] = set()
    moved: set[int] = set()
    slowest = 0.0
    catalog = SqliteCatalog(path, bucket=BUCKET)
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        began = time.monotonic()
        if dice.random() < 0.2:
            catalog.close()
            catalog = SqliteCatalog(path, bucket=BUCKET)
        table = catalog.get_table(CLICKS)
        both = pair(name, number, table)
        with catalog.transaction():
            assert [catalog.add_partitions(CLICKS, [half]) for half in both] == [[], []]
        held.add(number)
        refusals = catalog.add_partitions(CLICKS, both)
        assert len(refusals) == 2
        if dice.random() < 0.3:
            new = Partition(both[0].values, f"s3://{BUCKET}/moved/{number}/", table.descriptor)
            assert catalog.replace_partition(CLICKS, new, expected=both[0]) is None
            refusal = catalog.replace_partition(CLICKS, new, expected=both[0])
            assert refusal is not None
            assert refusal.reason == CHANGED
            moved.add(number)
        if dice.random() < 0.3:
            dropped = dice.choice(sorted(held))
            assert catalog.drop_partitions(CLICKS, [half.values for half in pair(name, dropped, table)]) == []
            held.remove(dropped)
            moved.discard(dropped)
        number += 1
        slowest = max(slowest, time.monotonic() - began)
    catalog.close()
    return {"held": sorted(held), "moved": sorted(moved), "changes": number, "slowest": slowest}


def read(path: Path, name: str, seconds: float) -> dict[str, object]:
    """List everything, and one writer's, as often as possible: halves of a pair are never seen alone."""
    dice = random.Random(name)
    reads = 0
    slowest = 0.0
    catalog = SqliteCatalog(path, bucket=BUCKET)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        if dice.random() < 0.2:
            catalog.close()
            catalog = SqliteCatalog(path, bucket=BUCKET)
        table = catalog.get_table(CLICKS)
        where = [KeyBounds("dt", low="w1", high="w2")] if dice.random() < 0.5 else []
        values = [partition.values for partition in catalog.list_partitions(table, where)]
        assert values == sorted(values)
        if len(values) < 10_000:
            assert [key for key, half in values if half == "a"] == [key for key, half in values if half == "b"]
        reads += 1
        slowest = max(slowest, time.monotonic() - began)
    catalog.close()
    return {"reads": reads, "slowest": slowest}


if __name__ == "__main__":
    role, target, who, how_long = sys.argv[1:]
    print("begun", flush=True)
    did = {"write": write, "read": read}[role](Path(target), who, float(how_long))
    print(json.dumps(did))
