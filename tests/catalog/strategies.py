"""Databases, tables and partitions of every kind that a catalog may be given: ANY, or those that GLUE can hold."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from lake.model import Column, Database, Partition, SerDe, StorageDescriptor, Table, TableType

# `$instant` is how instants are marked in what is stored.
any_text = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(["$instant", "$$instant", "instant"])
names = st.text("abcdefghijklmnopqrstuvwxyz_0123456789é漢", min_size=1, max_size=12)
types = st.sampled_from(["string", "bigint", "decimal(38,9)", "array<struct<a:int,b:map<string,date>>>"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | any_text | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=6,
)
# Fields of Glue's structures that the model has no place of its own for.
extras = st.dictionaries(
    st.sampled_from(["SortColumns", "SkewedInfo", "SchemaReference", "TargetTable", "Été"]), json_values
)

locations = st.one_of(
    st.tuples(st.sampled_from(["", "/", "//", "/s3://"]), any_text).map(lambda key: f"s3://bucket/{''.join(key)}"),
    st.tuples(st.sampled_from(["s3", "s3a", "file", "s3://bucket/file", "s3://bucket/"]), any_text).map("://".join),
    any_text.map(lambda path: f"file:///{path}"),
)


# Those that Glue gives and takes.
glue_extras = st.fixed_dictionaries(
    {},
    optional={
        "SortColumns": st.lists(st.fixed_dictionaries({"Column": names, "SortOrder": st.integers(0, 1)}), max_size=2),
        "AdditionalLocations": st.lists(any_text, max_size=2),
        "SkewedInfo": st.fixed_dictionaries({"SkewedColumnNames": st.lists(names, max_size=2)}),
    },
)
glue_table_extras = st.fixed_dictionaries(
    {}, optional={"FederatedTable": st.fixed_dictionaries({"ConnectionName": names, "Identifier": names})}
)


@dataclass(frozen=True)
class Kinds:
    """What a catalog may be given: `text` wherever it is free, `given` where it may not be empty."""

    text: st.SearchStrategy[str]
    given: st.SearchStrategy[str]
    extras: st.SearchStrategy[dict[str, Any]]
    table_extras: st.SearchStrategy[dict[str, Any]]

    @property
    def parameters(self) -> st.SearchStrategy[dict[str, str]]:
        return st.dictionaries(self.given, self.text, max_size=4)

    @property
    def columns(self) -> st.SearchStrategy[Any]:
        return st.lists(st.builds(Column, names, types, st.none() | self.text, self.parameters), max_size=4).map(tuple)

    @property
    def descriptors(self) -> st.SearchStrategy[StorageDescriptor]:
        return st.builds(
            StorageDescriptor,
            columns=self.columns,
            input_format=st.none() | self.text,
            output_format=st.none() | self.text,
            serde=st.builds(SerDe, st.none() | self.given, self.parameters, st.none() | self.given),
            parameters=self.parameters,
            compressed=st.booleans(),
            number_of_buckets=st.integers(-1, 99),
            bucket_columns=st.lists(names, max_size=2).map(tuple),
            stored_as_sub_directories=st.booleans(),
            extra=self.extras,
        )

    @property
    def databases(self) -> st.SearchStrategy[Database]:
        comment = st.none() | self.text
        return st.builds(
            Database, names, description=comment, location=st.none() | locations, parameters=self.parameters
        )

    @property
    def tables(self) -> st.SearchStrategy[Table]:
        comment = st.none() | self.text
        return st.builds(
            Table,
            database=st.just("web"),
            name=names,
            descriptor=self.descriptors,
            location=st.none() | locations,
            partition_keys=self.columns,
            parameters=self.parameters,
            table_type=st.sampled_from([*TableType, "GOVERNED", "MANAGED_TABLE"]),
            view_original_text=comment,
            view_expanded_text=comment,
            description=comment,
            owner=st.none() | self.given,
            retention=st.integers(0, 2**31 - 1),
            extra=self.table_extras,
        )

    def partitions(self, width: int) -> st.SearchStrategy[Partition]:
        values = st.lists(self.given, min_size=width, max_size=width).map(tuple)
        return st.builds(Partition, values, locations, self.descriptors, self.parameters)


ANY = Kinds(any_text, any_text, extras, extras)
GLUE = Kinds(any_text, any_text.filter(bool), glue_extras, glue_table_extras)
