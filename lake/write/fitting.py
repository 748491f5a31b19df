"""Whether the columns of some data fit a table, and the conversion of each batch to the types that its files hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lake.errors import NotSupported, WriteRefused
from lake.model import Column, Table
from lake.types import DataType, from_arrow, parse_type, to_arrow
from lake.write.compatibility import compatible

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Fit:
    """How data become rows of a table: `positions` says which column of the data each column of `schema` is.

    `schema` has the columns held in files in the table's order, then the partition keys.
    """

    table: str
    schema: pa.Schema
    types: tuple[DataType, ...]
    positions: tuple[int, ...]

    def convert(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Raise WriteRefused naming the column whose values would lose something."""
        import pyarrow as pa

        columns = [
            self._converted(batch.column(position), index, field)
            for index, (position, field) in enumerate(zip(self.positions, self.schema, strict=True))
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _converted(self, array: pa.Array, index: int, field: pa.Field) -> pa.Array:
        import pyarrow as pa

        wanted = self.types[index]
        try:
            if array.type != field.type:
                array = convert(array, field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            reason = f"{array.type} does not fit {wanted.hive} without loss ({str(error).splitlines()[0]})"
            raise WriteRefused(self.table, field.name, reason, hint="convert it before writing") from error
        if wanted.name in ("varchar", "char") and wanted.parameters:
            self._check_length(array, field.name, wanted)
        return array

    def _check_length(self, array: pa.Array, name: str, wanted: DataType) -> None:
        import pyarrow.compute as pc

        longest = pc.max(pc.utf8_length(array)).as_py()
        if longest is not None and longest > wanted.parameters[0]:
            raise WriteRefused(self.table, name, f"a value of {longest} characters does not fit {wanted.hive}")


def new_columns(schema: pa.Schema, table: str) -> tuple[Column, ...]:
    """Say which columns a table for these data has; raise WriteRefused naming a column that no table can hold."""
    check_names(schema.names, table)
    return tuple(Column(field.name, storable_type(field, table).hive) for field in schema)


def fit_to(schema: pa.Schema, table: Table) -> Fit:
    """Raise WriteRefused naming the first column that is missing, too many or of a type that does not fit."""
    import pyarrow as pa

    name = str(table.full_name)
    check_names(schema.names, name)
    positions = {column.lower(): position for position, column in enumerate(schema.names)}
    wanted = {column.name: parse_type(column.type) for column in table.all_columns}
    for column, position in positions.items():
        if column not in wanted:
            given = schema.field(position).type
            raise WriteRefused(name, column, f"the table has no such column (the data's is {given})")
    for column, data_type in wanted.items():
        if column not in positions:
            raise WriteRefused(name, column, f"the data lack it (the table's is {data_type.hive})")
        field = schema.field(positions[column])
        given_type = readable_type(field, name)
        if not compatible(given_type, data_type):
            raise WriteRefused(name, column, f"{_shown(given_type, field)} does not fit {data_type.hive}")
    fields = [pa.field(column, stored_type(to_arrow(data_type))) for column, data_type in wanted.items()]
    ordered = tuple(positions[column] for column in wanted)
    return Fit(name, pa.schema(fields), tuple(wanted.values()), ordered)


def check_names(names: Sequence[str], table: str) -> None:
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.lower(), name)
        if not name.strip():
            raise WriteRefused(table, name or "''", "a column must have a name")
        if other is not name and names.count(name) == 1:
            raise WriteRefused(table, name, f"the data also have {other!r}, and names match without case")
    if len(seen) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise WriteRefused(table, twice, "the data have two columns of this name")


def storable_type(field: pa.Field, table: str) -> DataType:
    """The type of a new table's column: an instant loses its zone, as Athena's tables keep UTC."""
    data_type = without_zone(readable_type(field, table))
    if data_type.name == "unknown":
        reason = "all its values are null, so its type is not known"
        raise WriteRefused(table, field.name, reason, hint="give the column a type, or create the table first")
    if data_type.name == "json":
        return DataType("varchar")
    try:
        data_type.hive  # noqa: B018  asks whether there is one
    except NotSupported as error:
        raise WriteRefused(table, field.name, error.message, hint="convert it before writing") from None
    return data_type


def readable_type(field: pa.Field, table: str) -> DataType:
    try:
        data_type = from_arrow(field.type)
    except NotSupported as error:
        raise WriteRefused(table, field.name, error.message, hint="convert it before writing") from None
    if "list_view<" in str(field.type):
        # pyarrow 25.0 casts them to invalid lists where a value is null.
        raise WriteRefused(table, field.name, f"Arrow's type {field.type} is not read", hint="cast it to a list")
    return data_type


def without_zone(data_type: DataType) -> DataType:
    if data_type.name == "timestamp with time zone":
        return DataType("timestamp", data_type.parameters)
    if data_type.is_nested:
        fields = tuple(type(field)(field.name, without_zone(field.type)) for field in data_type.fields)
        return DataType(data_type.name, data_type.parameters, fields)
    return data_type


def stored_type(arrow_type: Any) -> pa.DataType:
    """What the files hold: microseconds, which Athena reads; it reads no nanoseconds."""
    import pyarrow as pa

    kinds = pa.types
    if kinds.is_timestamp(arrow_type):
        return pa.timestamp("us")
    if kinds.is_list(arrow_type):
        return pa.list_(stored_type(arrow_type.value_type))
    if kinds.is_map(arrow_type):
        return pa.map_(stored_type(arrow_type.key_type), stored_type(arrow_type.item_type))
    if kinds.is_struct(arrow_type):
        return pa.struct([(field.name, stored_type(field.type)) for field in arrow_type])
    return arrow_type


def convert(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    """Cast with every value kept; raise ArrowInvalid where one would change."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_run_end_encoded(array.type):
        array = pc.run_end_decode(array)
    if pa.types.is_nested(array.type):
        lowered = with_lower_names(array.type)
        if lowered != array.type:
            array = pa.array(_Renamed(array, lowered))
    if pa.types.is_decimal(wanted) and pa.types.is_integer(array.type):
        # pyarrow refuses by type what may fit by value, unless the array holds decimals already.
        array = array.cast(pa.decimal128(20, 0))
    return array if array.type == wanted else array.cast(wanted)


def with_lower_names(arrow_type: Any) -> pa.DataType:
    """pyarrow casts structs by exact name, and gives NULL for a name that differs in case."""
    import pyarrow as pa

    kinds = pa.types
    if kinds.is_struct(arrow_type):
        return pa.struct(
            [field.with_name(field.name.lower()).with_type(with_lower_names(field.type)) for field in arrow_type]
        )
    if kinds.is_map(arrow_type):
        return pa.map_(with_lower_names(arrow_type.key_type), with_lower_names(arrow_type.item_type))
    if kinds.is_fixed_size_list(arrow_type):
        return pa.list_(with_lower_names(arrow_type.value_type), arrow_type.list_size)
    if kinds.is_large_list(arrow_type):
        return pa.large_list(with_lower_names(arrow_type.value_type))
    if kinds.is_list(arrow_type):
        return pa.list_(with_lower_names(arrow_type.value_type))
    return arrow_type


class _Renamed:
    """The same memory under a type whose names differ."""

    def __init__(self, array: pa.Array, arrow_type: pa.DataType) -> None:
        self.array = array
        self.type = arrow_type

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return self.type.__arrow_c_schema__(), self.array.__arrow_c_array__()[1]


def _shown(given: DataType, field: pa.Field) -> str:
    try:
        return without_zone(given).hive
    except NotSupported:
        return str(field.type)
