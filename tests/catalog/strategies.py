"""Databases, tables and partitions of every kind that a catalog may be given."""

from hypothesis import strategies as st

from lake.model import Column, Database, Partition, SerDe, StorageDescriptor, Table, TableType

# `$instant` is how instants are marked in what is stored.
any_text = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(["$instant", "$$instant", "instant"])
names = st.text("abcdefghijklmnopqrstuvwxyz_0123456789é漢", min_size=1, max_size=12)
parameters = st.dictionaries(any_text, any_text, max_size=4)
comments = st.none() | any_text
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

columns = st.builds(Column, names, types, comments, parameters)
column_lists = st.lists(columns, max_size=4).map(tuple)
descriptors = st.builds(
    StorageDescriptor,
    columns=column_lists,
    input_format=comments,
    output_format=comments,
    serde=st.builds(SerDe, comments, parameters, comments),
    parameters=parameters,
    compressed=st.booleans(),
    number_of_buckets=st.integers(-1, 99),
    bucket_columns=st.lists(names, max_size=2).map(tuple),
    stored_as_sub_directories=st.booleans(),
    extra=extras,
)
databases = st.builds(Database, names, description=comments, location=st.none() | locations, parameters=parameters)
tables = st.builds(
    Table,
    database=st.just("web"),
    name=names,
    descriptor=descriptors,
    location=st.none() | locations,
    partition_keys=column_lists,
    parameters=parameters,
    table_type=st.sampled_from([*TableType, "GOVERNED", "MANAGED_TABLE"]),
    view_original_text=comments,
    view_expanded_text=comments,
    description=comments,
    owner=comments,
    retention=st.integers(0, 2**31),
    extra=extras,
)


def partitions(width: int, texts: st.SearchStrategy[str] = any_text) -> st.SearchStrategy[Partition]:
    values = st.lists(texts, min_size=width, max_size=width).map(tuple)
    return st.builds(Partition, values, locations, descriptors, parameters)
