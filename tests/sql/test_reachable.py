"""Tables that DuckDB must not read are refused by name, with the reason."""

from dataclasses import replace
from typing import Any

import pytest

import lake
from lake.errors import NotSupported
from lake.model import Column, StorageDescriptor, Table, TableName
from lake.sql.reachable import refuse_unreachable

HUDI = StorageDescriptor(input_format="org.apache.hudi.hadoop.HoodieParquetInputFormat")
TABLE = Table("web", "clicks", StorageDescriptor((Column("id", "string"),)), "s3://bucket/clicks/")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"parameters": {"table_type": "ICEBERG"}}, "is an Iceberg table"),
        ({"parameters": {"spark.sql.sources.provider": "delta"}}, "is a Delta Lake table"),
        ({"descriptor": HUDI}, "is a Hudi table"),
        ({"extra": {"FederatedTable": {"ConnectionName": "aws:s3tables"}}}, "is in Amazon S3 Tables"),
        ({"extra": {"CatalogId": "123456789012:s3tablescatalog/b"}}, "is in Amazon S3 Tables"),
        ({"extra": {"FederatedTable": {"ConnectionName": "redshift"}}}, "is federated"),
        ({"extra": {"IsRegisteredWithLakeFormation": True}}, "is registered with Lake Formation"),
    ],
)
def test_a_table_that_its_files_do_not_tell_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotSupported, match=rf"table 'web\.clicks' {reason}"):
        refuse_unreachable(replace(TABLE, **changes))


@pytest.mark.parametrize("parameters", [{}, {"classification": "parquet", "table_type": "EXTERNAL_TABLE"}])
def test_other_tables_are_not_refused(parameters: dict[str, str]) -> None:
    refuse_unreachable(replace(TABLE, parameters=parameters))


def test_a_query_on_such_a_table_is_refused(duckdb_lake: lake.Lake) -> None:
    duckdb_lake.query("CREATE EXTERNAL TABLE ice (id bigint) STORED AS PARQUET LOCATION 's3://lake/ice/'")
    table = duckdb_lake.catalog.get_table(TableName(duckdb_lake.database, "ice"))
    duckdb_lake.catalog.replace_table(replace(table, parameters={"table_type": "ICEBERG"}))
    with pytest.raises(NotSupported, match="is an Iceberg table, which the DuckDB engine does not read yet"):
        duckdb_lake.query("SELECT count(*) FROM ice")
