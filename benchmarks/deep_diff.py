"""Plans a repair of a million partitions with ten keys each, the listing and the catalog simulated; half a percent is new.

python -m benchmarks.deep_diff [PARTITIONS]
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from lake.clock import SystemClock
from lake.model import Column, KeyBounds, Partition, StorageDescriptor, StoredObject, Table
from lake.partitions.diff.full import plan_repair

KEYS_EACH = 10
NEW_OF = 200
LOCATION = "s3://lake/web/clicks/"
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = Table(
    "web",
    "clicks",
    StorageDescriptor(columns=(Column("id", "string"),)),
    LOCATION,
    (Column("dt", "string"), Column("hour", "int")),
)


def places(count: int) -> Iterator[tuple[str, str]]:
    for number in range(count):
        day, hour = divmod(number, 24)
        yield f"{day // 10_000:02}{day % 10_000:04}", f"{hour:02}"


class SimulatedStorage:
    """Gives what listing would."""

    listings_at_once = 1

    def __init__(self, count: int) -> None:
        self.count = count

    def list_keys(self, prefix: str) -> Iterator[StoredObject]:
        for day, hour in places(self.count):
            folder = f"{LOCATION}dt={day}/hour={hour}/"
            for number in range(KEYS_EACH):
                yield StoredObject(f"{folder}part-{number:05}.parquet", 1000, WRITTEN)

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        yield f"{prefix}dt=000000/" if prefix == LOCATION else f"{prefix}hour=00/"


class SimulatedCatalog:
    """Lacks every NEW_OF-th partition."""

    def __init__(self, count: int) -> None:
        self.count = count

    def list_partitions(
        self, table: Table, where: Iterable[KeyBounds] = (), *, columns: bool = True, ordered: bool = True
    ) -> Iterator[Partition]:
        for number, values in enumerate(places(self.count)):
            if number % NEW_OF:
                location = f"{LOCATION}dt={values[0]}/hour={values[1]}/"
                yield Partition(values, location, table.descriptor, created_at=WRITTEN)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    plan = plan_repair(SimulatedCatalog(count), SimulatedStorage(count), TABLE, clock=SystemClock())  # type: ignore[arg-type]
    assert len(plan.changes) == -(-count // NEW_OF), len(plan.changes)
    assert plan.objects == count * KEYS_EACH
    assert not plan.skipped


if __name__ == "__main__":
    main()
