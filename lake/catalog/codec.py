"""The model as Glue writes it (`StorageDescriptor`, `TableInput`), and as JSON of that. Nothing is lost either way.

Locations, names and instants that a catalog keeps apart are not part of it. Fields that have their default are left out.
Lists in `extra` come back as lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lake.model import NOTHING, Column, Parameters, SerDe, StorageDescriptor, Table, TableType

MARK = re.compile(r"\$+instant")

DESCRIPTOR_FIELDS = frozenset(
    {
        "Columns",
        "Location",
        "InputFormat",
        "OutputFormat",
        "SerdeInfo",
        "Parameters",
        "Compressed",
        "NumberOfBuckets",
        "BucketColumns",
        "StoredAsSubDirectories",
    }
)
TABLE_FIELDS = frozenset(
    {
        "Name",
        "DatabaseName",
        "StorageDescriptor",
        "PartitionKeys",
        "Parameters",
        "TableType",
        "ViewOriginalText",
        "ViewExpandedText",
        "Description",
        "Owner",
        "Retention",
        "CreateTime",
        "UpdateTime",
    }
)


def descriptor_to_glue(descriptor: StorageDescriptor) -> dict[str, Any]:
    serde = descriptor.serde
    return _given(
        {
            **descriptor.extra,
            "Columns": columns_to_glue(descriptor.columns),
            "InputFormat": descriptor.input_format,
            "OutputFormat": descriptor.output_format,
            "SerdeInfo": _given(
                {
                    "Name": serde.name,
                    "SerializationLibrary": serde.library,
                    "Parameters": dict(serde.parameters) or None,
                }
            )
            or None,
            "Parameters": dict(descriptor.parameters) or None,
            "Compressed": descriptor.compressed or None,
            "NumberOfBuckets": None if descriptor.number_of_buckets == -1 else descriptor.number_of_buckets,
            "BucketColumns": list(descriptor.bucket_columns) or None,
            "StoredAsSubDirectories": descriptor.stored_as_sub_directories or None,
        },
        keep=descriptor.extra,
    )


def descriptor_from_glue(fields: Mapping[str, Any]) -> StorageDescriptor:
    serde = fields.get("SerdeInfo", {})
    return StorageDescriptor(
        columns=columns_from_glue(fields.get("Columns", ())),
        input_format=fields.get("InputFormat"),
        output_format=fields.get("OutputFormat"),
        serde=SerDe(serde.get("SerializationLibrary"), frozen(serde.get("Parameters")), serde.get("Name")),
        parameters=frozen(fields.get("Parameters")),
        compressed=fields.get("Compressed", False),
        number_of_buckets=fields.get("NumberOfBuckets", -1),
        bucket_columns=tuple(fields.get("BucketColumns", ())),
        stored_as_sub_directories=fields.get("StoredAsSubDirectories", False),
        extra=_rest(fields, DESCRIPTOR_FIELDS),
    )


def table_to_glue(table: Table) -> dict[str, Any]:
    """Give what is the table's own: not its names, storage descriptor, location or instants."""
    return _given(
        {
            **table.extra,
            "PartitionKeys": columns_to_glue(table.partition_keys) or None,
            "Parameters": dict(table.parameters) or None,
            "TableType": table.table_type,
            "ViewOriginalText": table.view_original_text,
            "ViewExpandedText": table.view_expanded_text,
            "Description": table.description,
            "Owner": table.owner,
            "Retention": table.retention or None,
        },
        keep=table.extra,
    )


def table_from_glue(
    fields: Mapping[str, Any],
    *,
    database: str,
    name: str,
    descriptor: StorageDescriptor,
    location: str | None,
    instants: tuple[datetime | None, datetime | None] = (None, None),
) -> Table:
    """`instants` are those of creation and of the last change."""
    return Table(
        database=database,
        name=name,
        descriptor=descriptor,
        location=location,
        partition_keys=columns_from_glue(fields.get("PartitionKeys", ())),
        parameters=frozen(fields.get("Parameters")),
        table_type=fields.get("TableType", TableType.EXTERNAL),
        view_original_text=fields.get("ViewOriginalText"),
        view_expanded_text=fields.get("ViewExpandedText"),
        description=fields.get("Description"),
        owner=fields.get("Owner"),
        retention=fields.get("Retention", 0),
        created_at=instants[0],
        updated_at=instants[1],
        extra=_rest(fields, TABLE_FIELDS),
    )


def columns_to_glue(columns: Iterable[Column]) -> list[dict[str, Any]]:
    return [
        _given(
            {
                "Name": column.name,
                "Type": column.type,
                "Comment": column.comment,
                "Parameters": dict(column.parameters) or None,
            }
        )
        for column in columns
    ]


def columns_from_glue(columns: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(
        Column(column["Name"], column.get("Type", ""), column.get("Comment"), frozen(column.get("Parameters")))
        for column in columns
    )


def frozen(parameters: Mapping[str, str] | None) -> Parameters:
    return MappingProxyType(dict(parameters)) if parameters else NOTHING


def to_json(value: object, *, canonical: bool = False) -> str:
    """Write compact JSON; `canonical` gives equal mappings one text. Datetimes are kept, tuples become lists."""
    return json.dumps(_marked(value), separators=(",", ":"), sort_keys=canonical)


def from_json(text: str) -> Any:
    return json.loads(text, object_hook=_unmarked)


def _given(fields: dict[str, Any], keep: Mapping[str, object] = NOTHING) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None or name in keep}


def _rest(fields: Mapping[str, Any], known: frozenset[str]) -> Mapping[str, object]:
    rest = {name: value for name, value in fields.items() if name not in known}
    return MappingProxyType(rest) if rest else NOTHING


def _marked(value: Any) -> Any:
    """Write a datetime as `{"$instant": text}`, and give a mapping that looks so already one `$` more."""
    if isinstance(value, datetime):
        return {"$instant": value.isoformat()}
    if isinstance(value, Mapping):
        looks_so = len(value) == 1 and MARK.fullmatch(next(iter(value)))
        return {f"${key}" if looks_so else key: _marked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(inner) for inner in value]
    return value


def _unmarked(fields: dict[str, Any]) -> Any:
    if len(fields) != 1:
        return fields
    key, value = next(iter(fields.items()))
    if not MARK.fullmatch(key):
        return fields
    return datetime.fromisoformat(value) if key == "$instant" else {key[1:]: value}
