"""Databases and tables as the API tells of them."""

import pytest

from tests.serve.test_life import refused

CATALOG = "AwsDataCatalog"


def test_a_table_is_told_with_hives_types_and_where_it_lies(served):
    answer = served.client.get_table_metadata(CatalogName=CATALOG, DatabaseName="web", TableName="Days")
    table = answer["TableMetadata"]
    assert (table["Name"], table["TableType"]) == ("days", "EXTERNAL_TABLE")
    assert table["Columns"] == [{"Name": "hits", "Type": "bigint"}]
    assert table["PartitionKeys"] == [{"Name": "day", "Type": "string"}]
    parameters = table["Parameters"]
    assert parameters["location"] == "s3://lake/web/days/"
    assert parameters["inputformat"].endswith("MapredParquetInputFormat")
    assert parameters["serde.serialization.lib"].endswith("ParquetHiveSerDe")
    assert table["CreateTime"]


def test_a_view_is_one(served):
    answer = served.client.get_table_metadata(CatalogName=CATALOG, DatabaseName="web", TableName="short")
    assert answer["TableMetadata"]["TableType"] == "VIRTUAL_VIEW"
    assert answer["TableMetadata"]["Columns"] == [{"Name": "n", "Type": "bigint"}]


def test_tables_are_listed_by_pages_and_by_pattern(served):
    pages = served.client.get_paginator("list_table_metadata").paginate(
        CatalogName=CATALOG, DatabaseName="web", PaginationConfig={"PageSize": 2}
    )
    names = [[table["Name"] for table in page["TableMetadataList"]] for page in pages]
    assert names == [["days", "many"], ["short"]]
    found = served.client.list_table_metadata(CatalogName=CATALOG, DatabaseName="web", Expression="^m.*y$")
    assert [table["Name"] for table in found["TableMetadataList"]] == ["many"]
    error = refused(served.client.list_table_metadata, CatalogName=CATALOG, DatabaseName="web", Expression="(")
    assert error[0] == "InvalidRequestException"


def test_databases_and_the_catalog_are_told(served):
    listed = served.client.list_databases(CatalogName=CATALOG)["DatabaseList"]
    assert {"default", "web"} <= {database["Name"] for database in listed}
    assert served.client.get_database(CatalogName=CATALOG, DatabaseName="web")["Database"]["Name"] == "web"
    listed = served.client.list_data_catalogs()["DataCatalogsSummary"]
    assert [catalog["CatalogName"] for catalog in listed] == [CATALOG]
    assert served.client.get_data_catalog(Name="awsdatacatalog")["DataCatalog"]["Type"] == "GLUE"
    assert refused(served.client.list_databases, CatalogName="other")[0] == "InvalidRequestException"


@pytest.mark.parametrize(
    ("operation", "names"),
    [
        ("get_table_metadata", {"DatabaseName": "web", "TableName": "nope"}),
        ("get_table_metadata", {"DatabaseName": "nope", "TableName": "many"}),
        ("list_table_metadata", {"DatabaseName": "nope"}),
        ("get_database", {"DatabaseName": "nope"}),
    ],
)
def test_what_is_absent_is_a_metadata_exception(served, operation, names):
    kind, _, message = refused(getattr(served.client, operation), CatalogName=CATALOG, **names)
    assert kind == "MetadataException"
    assert "Error Code: EntityNotFoundException;" in message
