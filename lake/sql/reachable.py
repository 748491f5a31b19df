"""Which tables DuckDB may not read, because their files alone do not say what is in the table, or who may see it."""

from __future__ import annotations

from collections.abc import Callable

from lake.errors import NotSupported
from lake.model import Table

CheckTable = Callable[[Table], None]

ON_ATHENA = "ask Athena: --engine athena"

# What `table_type` or `spark.sql.sources.provider` names: files of old states lie beside those of the new one.
LOGGED_FORMATS = {"iceberg": "an Iceberg", "delta": "a Delta Lake", "hudi": "a Hudi"}
S3_TABLES = "s3tables"


def refuse_unreachable(table: Table) -> None:
    """Raise NotSupported for a table that has to be read in another way than file by file; do nothing for others."""
    reason = unreachable_reason(table)
    if reason is not None:
        raise NotSupported(f"table {str(table.full_name)!r} {reason}", hint=ON_ATHENA)


def unreachable_reason(table: Table) -> str | None:
    federated = table.extra.get("FederatedTable")
    if S3_TABLES in str(table.extra.get("CatalogId", "")).lower() or S3_TABLES in str(federated).lower():
        return "is in Amazon S3 Tables, which the DuckDB engine does not read yet"
    if federated:
        return "is federated: its data are in another system, which the DuckDB engine cannot reach"
    for format_ in (
        table.parameters.get("table_type"),
        table.parameters.get("spark.sql.sources.provider"),
        _hudi(table),
    ):
        name = LOGGED_FORMATS.get((format_ or "").lower())
        if name is not None:
            return f"is {name} table, which the DuckDB engine does not read yet"
    if table.extra.get("IsRegisteredWithLakeFormation"):
        return (
            "is registered with Lake Formation: read from S3 directly, its filters on rows and columns would be passed by, "
            "so the DuckDB engine does not read it"
        )
    return None


def _hudi(table: Table) -> str | None:
    return "hudi" if ".hudi." in (table.descriptor.input_format or "").lower() else None
