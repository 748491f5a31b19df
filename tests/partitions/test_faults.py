"""Three calls in ten fail: a repair, run again where it gives up, comes to the end that it comes to without faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lake.catalog.glue import GlueCatalog
from lake.clock import SystemClock
from lake.errors import LakeError
from lake.model import Database, Partition
from lake.partitions.diff.full import plan_repair
from lake.partitions.repair.apply import ApplyOptions, RepairReport, apply
from lake.partitions.repair.lease import StorageLease
from lake.storage.s3 import ObjectStorage
from tests.catalog.conftest import connection_to
from tests.engine.athena.test_faults import failing
from tests.partitions.tables import DESCRIPTOR, LOCATION, partitioned_by
from tests.servers import Server

TABLE = partitioned_by(dt="string", hour="int")
S3_OPERATIONS = ("ListObjectsV2", "PutObject", "GetObject", "DeleteObjects")
RULES: list[dict[str, Any]] = [
    {"service": "glue", "probability": 0.15, "error": {"code": "ThrottlingException", "status": 400}},
    {"service": "glue", "probability": 0.15, "error": {"code": "InternalServiceException", "status": 500}},
    *(
        {"service": "s3", "operation": operation, "probability": 0.15, "error": {"code": code, "status": status}}
        for operation in S3_OPERATIONS
        for code, status in (("SlowDown", 503), ("InternalError", 500))
    ),
]
RUNS = 12
HOURS = 4


def place(day: int, hour: int) -> str:
    return f"{LOCATION}dt={day:02}/hour={hour:02}/"


def prepare(server: Server) -> None:
    """Of four days: the first in step, the second moved, the third gone, the fourth new."""
    server.client("s3").create_bucket(Bucket="lake")
    catalog, storage = GlueCatalog(connection_to(server)), ObjectStorage(connection_to(server))
    catalog.create_database(Database("web"))
    catalog.create_table(TABLE)
    for day in (1, 2, 4):
        for hour in range(HOURS):
            storage.put(f"{place(day, hour)}a", b"data")
    known = [
        Partition((f"{day:02}", f"{hour:02}"), place(day, hour) if day != 2 else f"{LOCATION}old/{hour}/", DESCRIPTOR)
        for day in (1, 2, 3)
        for hour in range(HOURS)
    ]
    assert catalog.add_partitions(TABLE.full_name, known) == []


def repair(server: Server, moto: Server) -> RepairReport:
    catalog, storage = GlueCatalog(connection_to(server)), ObjectStorage(connection_to(server))
    clock = SystemClock()
    plan = plan_repair(catalog, storage, TABLE, clock=clock)
    assert not plan.unknown
    options = ApplyOptions(drop=True, share=0.5)
    # Not by way of the faults: what stands between gives HEAD no length.
    lease = StorageLease(ObjectStorage(connection_to(moto)), clock)
    return apply(catalog, storage, plan, clock=clock, options=options, lease=lease)


@pytest.mark.slow
def test_the_end_is_that_of_a_repair_without_faults(moto: Server, tmp_path: Path) -> None:
    prepare(moto)
    gave_up = 0
    with failing(moto, tmp_path, RULES) as server:
        while gave_up < RUNS:
            try:
                report = repair(server, moto)
            except (LakeError, AssertionError):
                gave_up += 1
            else:
                assert report.refused == ()
                if not report.changed:
                    break
    catalog = GlueCatalog(connection_to(moto))
    found = {partition.values: partition.location for partition in catalog.list_partitions(TABLE)}
    assert found == {(f"{day:02}", f"{hour:02}"): place(day, hour) for day in (1, 2, 4) for hour in range(HOURS)}
    assert gave_up < RUNS
