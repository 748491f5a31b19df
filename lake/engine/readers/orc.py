"""ORC, from copies in Parquet: columns by their places, as Athena reads them unless it is told to go by names."""

from __future__ import annotations

from lake.engine.readers.parquet import many_files_text
from lake.engine.readers.source import Source
from lake.model import StorageDescriptor

LIBRARY = "org.apache.hadoop.hive.ql.io.orc.OrcSerde"


def orc_text(source: Source) -> str:
    if goes_by_name(source.descriptor):
        return many_files_text(source.wanted_columns, source.paths)
    return many_files_text([(place, str(place), type_) for place, _, type_ in source.wanted_columns], source.paths)


def goes_by_name(descriptor: StorageDescriptor) -> bool:
    """docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html"""
    return descriptor.serde.parameters.get("orc.column.index.access", "true").lower() == "false"
