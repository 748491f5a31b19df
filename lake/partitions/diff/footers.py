"""Compares the columns in Parquet files to their table's: of each partition one file, that which was written last."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lake.errors import AccessDenied, StorageFailed
from lake.interfaces import Catalog, Storage
from lake.model import Column, Partition, StoredObject, Table
from lake.partitions.diff.plan import Change, ChangeKind, PartitionPlan
from lake.partitions.diff.schema import is_wider, plain_type
from lake.partitions.layouts.layout import as_prefix
from lake.partitions.survey.discovery import list_data
from lake.partitions.survey.side_by_side import side_by_side

FOOTER_BYTES = 64 * 1024
_TAIL = 8
_MAGIC = b"PAR1"


def with_footers(catalog: Catalog, storage: Storage, table: Table, plan: PartitionPlan) -> PartitionPlan:
    """Return a plan that also tells which partitions have files with other columns than the table's.

    Columns are found by name, as engines read Parquet: one that the table lacks, one that the file lacks, or a narrower type
    is safe; both at once, which may be one that was renamed, or a type that the table's cannot read are not. Files that
    cannot be read are told too. Of a table in another format there is only a note.
    """
    if not table.descriptor.is_parquet:
        return replace(plan, notes=(*plan.notes, "its files are no Parquet, whose columns alone are compared"))
    partitions = list(catalog.list_partitions(table, columns=False))
    found = side_by_side(storage, lambda partition: _compare(storage, table, partition), partitions)
    changes = [change for change in found if change is not None]
    return replace(plan, skipped=(*plan.skipped, *changes))


def _compare(storage: Storage, table: Table, partition: Partition) -> Change | None:
    location = as_prefix(partition.location)
    try:
        newest = max(list_data(storage, location), key=lambda stored: stored.modified_at, default=None)
        if newest is None:
            return None
        columns = read_footer(storage, newest)
    except (StorageFailed, AccessDenied) as error:
        return Change(ChangeKind.SCHEMA, partition.values, location, reason=error.message, safe=False)
    keys = {key.name for key in table.partition_keys}
    faults = list(_differences({name: type_ for name, type_ in columns.items() if name not in keys}, table.columns))
    if not faults:
        return None
    name = newest.location.removeprefix(location)
    reason = "; ".join(reason for reason, _ in faults)
    safe = all(is_safe for _, is_safe in faults)
    return Change(ChangeKind.SCHEMA, partition.values, location, reason=f"{name}: {reason}", safe=safe)


def _differences(columns: dict[str, str], table: tuple[Column, ...]) -> Iterator[tuple[str, bool]]:
    wanted = {column.name: plain_type(column.type) for column in table}
    missing = [repr(name) for name in wanted if name not in columns]
    for name, found in columns.items():
        if name not in wanted:
            yield f"column {name!r} is not in the table", not missing
        elif found != wanted[name] and not (found == "string" and wanted[name].startswith(("varchar", "char"))):
            yield (
                f"column {name!r} is {found} in the file and {wanted[name]} in the table",
                is_wider(found, wanted[name]),
            )
    if missing:
        yield f"the table has {', '.join(missing)} more", True


def read_footer(storage: Storage, stored: StoredObject) -> dict[str, str]:
    """Return the columns of a Parquet file by name, in Hive's types, from its end alone; raise StorageFailed for no Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from lake.types import from_arrow

    size = min(FOOTER_BYTES, stored.size)
    end = storage.get_range(stored.location, start=stored.size - size)
    if end[-4:] != _MAGIC:
        raise StorageFailed(f"{stored.location} is no Parquet")
    length = int.from_bytes(end[-_TAIL:-4], "little") + _TAIL
    if length > len(end):
        end = storage.get_range(stored.location, start=max(0, stored.size - length))
    try:
        schema: Any = pq.read_schema(io.BytesIO(_MAGIC + end[-length:]))
    except pa.ArrowException as error:
        raise StorageFailed(f"{stored.location} is damaged: {error}") from error
    return {field.name.lower(): plain_type(str(from_arrow(field.type).hive)) for field in schema}
