"""Calls are counted as they are made, by operation."""

from lake.catalog.glue import GlueCatalog
from lake.clock import SystemClock
from lake.model import Database
from lake.partitions import Partitions
from lake.storage.s3 import ObjectStorage
from tests.catalog.conftest import connection_to
from tests.partitions.tables import LOCATION, partitioned_by
from tests.servers import Server


def test_a_repair_tells_what_it_asked_of_each_service(moto: Server) -> None:
    connection = connection_to(moto)
    connection.client("s3").create_bucket(Bucket="lake")
    catalog, storage = GlueCatalog(connection), ObjectStorage(connection)
    table = partitioned_by(dt="string")
    catalog.create_database(Database("web"))
    catalog.create_table(table)
    storage.put(f"{LOCATION}dt=1/a", b"data")
    connection.calls.clear()
    partitions = Partitions(
        catalog, storage, SystemClock(), lambda name: catalog.get_table(table.full_name), counts=connection.calls
    )
    assert len(partitions.repair("web.clicks").added) == 1
    counts = dict(connection.calls)
    assert counts["BatchCreatePartition"] == 1
    assert counts["ListObjectsV2"] >= 1
    assert str(partitions.calls) == ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
