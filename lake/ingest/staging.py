"""The files of a delivery: one a partition, of fresh events and the rows of the small files that are merged with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count

import pyarrow as pa

from lake.ingest.fresh import Fresh
from lake.ingest.table_files import TableFiles
from lake.model import StoredObject, Table
from lake.types import parse_type, to_arrow
from lake.write.fitting import stored_type
from lake.write.keys import Values
from lake.write.stage import StagedFile, Staging, stage_sorted, sync_folders


def staged_schema(table: Table) -> pa.Schema:
    """The columns of what is staged, then the partition keys."""
    fields = [(column.name, stored_type(to_arrow(parse_type(column.type)))) for column in table.all_columns]
    return pa.schema(fields)


def stage_fresh(
    fresh: Fresh,
    table: Table,
    table_files: TableFiles,
    merged: Mapping[Values, Sequence[StoredObject]],
    staging: Staging,
) -> list[StagedFile]:
    """Write a file a partition, sorted by id and ts, durably. `merged` has the files that go into a partition's."""
    files = stage_sorted(_rows(fresh, table), fresh.runs, staging)
    numbers = count(len(files))
    for place, file in enumerate(files):
        if file.values in merged:
            path = staging.path_of(next(numbers), file.values)
            files[place] = replace(file, path=path, rows=table_files.merge(file.path, merged[file.values], path))
            file.path.unlink()
    if merged:
        sync_folders(files, staging)
    return files


def _rows(fresh: Fresh, table: Table) -> pa.Table:
    """Return the columns that the table has; those that a user added are NULL."""
    schema = pa.schema(list(staged_schema(table))[: len(table.columns)])
    known = fresh.events.schema.names
    columns = [
        fresh.events.column(field.name).cast(field.type) if field.name in known else pa.nulls(len(fresh), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)
