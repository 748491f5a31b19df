"""PARTITION (key = constant, …) against a table's keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lake.errors import InvalidSql, PartitionNotFound, TypeMismatch
from lake.interfaces import Catalog
from lake.model import NULL_PARTITION, Column, KeyBounds, Partition, Table
from lake.partitions.layouts.keys import key_of
from lake.partitions.layouts.layout import partition_text
from lake.sql.ddl.statements import Constant, PartitionSpec
from lake.types import parse_type

TEXT_TYPES = frozenset({"varchar", "char"})


def full_values(table: Table, spec: PartitionSpec) -> tuple[str, ...]:
    """Return the values in the order of the keys; raise InvalidSql naming a key that is missing."""
    values = some_values(table, spec)
    for key in table.partition_keys:
        if key.name not in values:
            raise InvalidSql(f"partition key {key.name!r} of {str(table.full_name)!r} has no value")
    return tuple(values[key.name] for key in table.partition_keys)


def some_values(table: Table, spec: PartitionSpec) -> Mapping[str, str]:
    """Return the values by key; raise InvalidSql for an unknown key, TypeMismatch for a value that is none of its type."""
    name = str(table.full_name)
    if not table.partition_keys:
        raise InvalidSql(f"table {name!r} is not partitioned")
    keys = {key.name: key for key in table.partition_keys}
    values = {}
    for key_name, constant in spec:
        if key_name not in keys:
            raise InvalidSql(f"{key_name!r} is no partition key of {name!r}", hint=f"its keys are {', '.join(keys)}")
        values[key_name] = _value(table, keys[key_name], constant)
    return values


def _value(table: Table, key: Column, constant: Constant) -> str:
    """Keep the text as Hive does (`month='01'` stays `01`), once it is known to be a value of the key's type."""
    if constant.kind == "null" or constant.text == NULL_PARTITION:
        return NULL_PARTITION
    subject = f"partition key {key.name!r} of {str(table.full_name)!r}"
    if not constant.text:
        raise InvalidSql(f"{subject} has an empty value", hint=f"'{NULL_PARTITION}' is the partition of NULL")
    data_type = parse_type(key.type)
    if data_type.name == "boolean" and constant.text.lower() not in ("true", "false"):
        raise TypeMismatch(f"{subject} is boolean and {constant.text!r} is not")
    fault = key_of(key, {}).fault(constant.text)
    if fault is not None:
        raise TypeMismatch(f"{subject} is {key.type}: {fault}")
    return constant.text


def matching_partitions(catalog: Catalog, table: Table, spec: PartitionSpec) -> Iterator[Partition]:
    """Yield the partitions with the values of `spec`, which may leave keys out; 1 and 01 of an integer are one value."""
    wanted = some_values(table, spec)
    places = {key.name: place for place, key in enumerate(table.partition_keys)}
    keys = {key.name: key_of(key, {}) for key in table.partition_keys if key.name in wanted}
    identities = {name: key.identity(wanted[name]) for name, key in keys.items()}
    # Bounds are for keys whose order is that of their text.
    bounds = [
        KeyBounds(key.name, frozenset({wanted[key.name]}))
        for key in table.partition_keys
        if key.name in wanted and parse_type(key.type).name in TEXT_TYPES
    ]
    for partition in catalog.list_partitions(table, bounds):
        if all(keys[name].identity(partition.values[places[name]]) == text for name, text in identities.items()):
            yield partition


def partition_not_found(table: Table, spec: PartitionSpec) -> PartitionNotFound:
    """Return the error that names what was looked for, in the order of the table's keys."""
    values = some_values(table, spec)
    keys = [key.name for key in table.partition_keys if key.name in values]
    return PartitionNotFound(str(table.full_name), partition_text(keys, [values[key] for key in keys]))


def shown(table: Table, values: tuple[str, ...]) -> str:
    return partition_text([key.name for key in table.partition_keys], values)
