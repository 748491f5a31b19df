"""Partition repair: how long a look at everything takes, how many calls an hourly run makes, how fast new partitions are in Glue.

Glue is the tests' fake. Where calls are counted and memory is measured, listings are simulated: they are counted as S3 would
page them, and cost nothing.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import awswrangler

import lake
from benchmarks.measure import Benchmark, Process, at_least, at_most
from benchmarks.slow_glue import slow_catalog, slow_glue, slow_session
from lake.aws.connection import AwsConnection, AwsOptions
from lake.catalog.glue import GlueCatalog
from lake.clock import FixedClock, SystemClock
from lake.model import Column, Database, StorageDescriptor, StoredObject, Table, TableName
from lake.partitions import Partitions
from lake.partitions.diff.full import plan_repair
from lake.partitions.repair.apply import apply
from tests.catalog.fake_glue import fake_glue
from tests.servers import CREDENTIALS, REGION

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).resolve().parent / "data" / "repair-100000"
NOW = datetime(2026, 2, 3, 12, 30, tzinfo=UTC)
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
MANY = 1_000_000
NEW = 10_000
DEEP = [sys.executable, "-m", "benchmarks.deep_diff"]


# A directory with 100,000 partitions in step


@contextmanager
def directory() -> Iterator[None]:
    if not (FOLDER / "done").exists():
        shutil.rmtree(FOLDER, ignore_errors=True)
        lake.create_lake(FOLDER)
        for number in range(100_000):
            folder = (
                FOLDER
                / "data"
                / "t"
                / f"dt={2000 + number // 8064}-{number // 672 % 12 + 1:02}-{number // 24 % 28 + 1:02}"
            )
            place = folder / f"hour={number % 24:02}"
            place.mkdir(parents=True)
            (place / "part-0.parquet").write_bytes(b"data")
        with lake.connect(FOLDER) as db:
            db.query("CREATE EXTERNAL TABLE t (id string) PARTITIONED BY (dt date, hour int) LOCATION 't/'").close()
            assert len(db.partitions.repair("t").added) == 100_000
        (FOLDER / "done").touch()
    yield


def diff_directory() -> None:
    with lake.connect(FOLDER) as db:
        plan = db.partitions.plan_repair("t")
        assert not plan.counts
        assert plan.registered == 100_000


# 10,000 new partitions into Glue

numbers = count()


def new_table(name: str, *keys: str, template: str | None = None) -> Table:
    columns = tuple(Column(key, "string") for key in keys)
    parameters = {"storage.location.template": template} if template else {}
    descriptor = StorageDescriptor(tuple(Column(f"c{number}", "string") for number in range(20)))
    return Table("web", name, descriptor, f"s3://lake/web/{name}/", columns, parameters)


def made_table() -> Table:
    table = new_table(f"t{next(numbers)}", "dt", "hour", template=None)
    slow_catalog().create_table(table)
    return slow_catalog().get_table(table.full_name)


def new_places(table: Table) -> dict[str, list[str]]:
    return {
        f"{table.location}dt={number // 24:06}/hour={number % 24:02}/": [f"{number // 24:06}", f"{number % 24:02}"]
        for number in range(NEW)
    }


@dataclass
class SimulatedStorage:
    """Objects by place, given as a listing gives them."""

    places: dict[str, int]
    listings_at_once: int = 1
    below: dict[str, list[str]] = field(default_factory=dict)
    written: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.places:
            parts = place.split("/")
            for end in range(4, len(parts) - 1):
                self.below.setdefault("/".join(parts[:end]) + "/", {})[f"{'/'.join(parts[: end + 1])}/"] = None  # type: ignore[index, call-overload]

    def list_keys(self, prefix: str) -> Iterator[StoredObject]:
        chosen = [prefix] if prefix in self.places else (each for each in self.places if each.startswith(prefix))
        for place in chosen:
            for number in range(self.places[place]):
                yield StoredObject(f"{place}part-{number:05}.parquet", 1000, WRITTEN)

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        yield from self.below.get(prefix, ())

    def list_level(self, prefix: str) -> Iterator[str]:
        return self.list_prefixes(prefix)

    def delete(self, locations: Iterable[str]) -> None:
        for location in locations:
            self.written.pop(location, None)

    def put(self, location: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None) -> bool:
        self.written[location] = data
        return True


def ours() -> None:
    table = made_table()
    storage: Any = SimulatedStorage(dict.fromkeys(new_places(table), 1))
    plan = plan_repair(slow_catalog(), storage, table, clock=SystemClock())
    report = apply(slow_catalog(), storage, plan, clock=SystemClock())
    assert len(report.added) == NEW


def peer() -> None:
    table = made_table()
    registered = awswrangler.catalog.get_partitions("web", table.name, boto3_session=slow_session())
    places = {place: values for place, values in new_places(table).items() if place not in registered}
    columns = {column.name: column.type for column in table.columns}
    # With the table's columns, as its to_parquet registers what it has written.
    awswrangler.catalog.add_parquet_partitions(
        "web", table.name, places, columns_types=columns, boto3_session=slow_session()
    )


# Calls of an hourly run

run: Any = None


@contextmanager
def of_many(kind: str) -> Iterator[None]:
    """A million partitions in Glue and in storage; each run finds one more."""
    global run  # noqa: PLW0603
    keys, moments = ("dt", "hour"), (NOW - timedelta(hours=hours) for hours in range(1, MANY + 1))
    values = ((f"{at:%Y-%m-%d}", f"{at:%H}") for at in moments)
    if kind == "daily":
        keys = ("dt", "id")
        values = (
            (f"{NOW - timedelta(days=day):%Y-%m-%d}", f"{number:03}") for day in range(4000) for number in range(250)
        )
    table = new_table("many", *keys, template="/".join(f"${{{key}}}" for key in keys))
    os.environ.update(CREDENTIALS, AWS_DEFAULT_REGION=REGION)
    with ExitStack() as stack:
        fake = stack.enter_context(fake_glue())
        glue = GlueCatalog(AwsConnection(AwsOptions(region=REGION, endpoint_url=fake.server.endpoint_url)))
        glue.create_database(Database("web"))
        glue.create_table(table)
        known = list(values)
        fake.fill("web", "many", known)
        recent = [each for each in known if each[0] >= f"{NOW - timedelta(days=4):%Y-%m-%d}"]
        storage = SimulatedStorage({f"{table.location}{'/'.join(each)}/": 1 for each in recent})
        run = (fake, glue, storage, count())
        yield


def hourly_calls() -> float:
    """Add a place, repair the last 48 hours, and return how many calls that took."""
    fake, glue, storage, numbers = run
    table = TableName("web", "many")
    place = f"s3://lake/web/many/{NOW:%Y-%m-%d}/new{next(numbers)}/"
    storage.places[place] = 1
    storage.below.setdefault(place.rpartition("/new")[0] + "/", {})[place] = None
    partitions = Partitions(glue, storage, FixedClock(NOW), lambda name: glue.get_table(table))
    fake.calls.clear()
    report = partitions.apply(partitions.plan_recent("many"))
    assert len(report.added) == 1
    asked = sum(partitions.calls.counts[name] for name in ("list", "head", "get", "put", "delete"))
    return float(asked + len(fake.calls))


BENCHMARKS = [
    Benchmark("diff of 100,000 partitions", at_most(5, "s"), ours=diff_directory, setup=directory),
    Benchmark("sync of 10,000 partitions", at_least(5), ours=ours, peer=peer, setup=slow_glue),
    Benchmark("hourly repair, daily keys", at_most(12, "calls"), ours=hourly_calls, setup=lambda: of_many("daily")),
    Benchmark("hourly repair, dt and hour", at_most(40, "calls"), ours=hourly_calls, setup=lambda: of_many("hourly")),
    Benchmark("deep diff of 10,000,000 keys", at_most(120, "s"), ours=Process(DEEP, cwd=ROOT)),
    Benchmark("deep diff memory", at_most(1536, "MiB"), ours=Process(DEEP, cwd=ROOT), reads="peak_mib"),
]
