"""What is sent to create partitions is what botocore would send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lake.catalog.glue import GlueCatalog
from lake.catalog.glue_codec import partition_to_glue
from lake.errors import CatalogFailed
from lake.model import Column, Database, Partition, SerDe, StorageDescriptor
from tests.catalog.conftest import clicks_table, connection_to
from tests.catalog.fake_glue import fake_glue

DESCRIPTORS = [
    StorageDescriptor(),
    StorageDescriptor(columns=(Column("ü", "string", 'a "comment"\n'),), serde=SerDe("lib", {"a": "b"})),
    StorageDescriptor(columns=(Column("x", "int"),), parameters={"k": "v"}, extra={"SkewedInfo": {"SkewedColumnNames": []}}),
]  # fmt: skip


def test_partitions_arrive_as_they_would_by_botocores_own_way() -> None:
    texts = ["plain", 'q"uo\\te', "Zürich 東京\n", "a=b/c"]
    partitions = [
        Partition((text, str(number)), f"s3://b/{text}/", descriptor, {"n": text} if number else {})
        for number, descriptor in enumerate(DESCRIPTORS)
        for text in texts
    ]
    with fake_glue() as fake:
        catalog = GlueCatalog(connection_to(fake.server))
        catalog.create_database(Database("web"))
        catalog.create_table(clicks_table())
        assert catalog.add_partitions(clicks_table().full_name, partitions) == []
        [request] = fake.requests("BatchCreatePartition")
        assert request["PartitionInputList"] == [partition_to_glue(partition) for partition in partitions]
        fake.throttle["BatchCreatePartition"] = 2
        # What an earlier, refused call may have made counts as made.
        assert catalog.add_partitions(clicks_table().full_name, partitions[:2]) == []


def test_what_json_has_not_goes_botocores_own_way() -> None:
    odd = StorageDescriptor(extra={"Odd": datetime(2026, 1, 1, tzinfo=UTC)})
    with fake_glue() as fake:
        catalog = GlueCatalog(connection_to(fake.server))
        catalog.create_database(Database("web"))
        catalog.create_table(clicks_table())
        with pytest.raises(CatalogFailed, match="Odd"):
            catalog._changes(clicks_table().full_name)._create([Partition(("a", "b"), "s3://b/", odd)])
