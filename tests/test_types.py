"""Types travel between Hive's text, Trino's, Arrow and DuckDB, and come back as they were."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.errors import MalformedQuery, NotSupported
from lake.types import DataType, array_of, from_arrow, from_duckdb, map_of, parse_type, row_of, to_arrow
from lake.types.datatype import PLAIN_TYPES, TIME_TYPES

# The text of a nested type with long names is long, and says enough where one fails.
pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")

decimals = st.integers(1, 38).flatmap(
    lambda precision: st.integers(0, precision).map(lambda scale: DataType("decimal", (precision, scale)))
)
lengths = st.integers(1, 255)
names = st.one_of(
    st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True),
    st.sampled_from(["a b", "timestamp", "double", "interval", "row", "comment", "x-y", "a--b", "a:b", "1st", "größe"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6).map(str.lower),
)
digits = st.integers(0, 12)

everywhere = [
    DataType(name)
    for name in (
        "boolean",
        "tinyint",
        "smallint",
        "integer",
        "bigint",
        "real",
        "double",
        "varchar",
        "varbinary",
        "date",
    )
]


def with_digits(*wanted: tuple[str, int]) -> list[DataType]:
    return [DataType(name, (precision,)) for name, precision in wanted]


hive_scalars = st.one_of(
    st.sampled_from(everywhere + with_digits(("timestamp", 3))),
    decimals,
    lengths.map(lambda length: DataType("varchar", (length,))),
    lengths.map(lambda length: DataType("char", (length,))),
)
all_scalars = st.one_of(
    hive_scalars,
    st.sampled_from(sorted(PLAIN_TYPES)).map(DataType),
    st.sampled_from(sorted(TIME_TYPES)).flatmap(
        lambda name: digits.map(lambda precision: DataType(name, (precision,)))
    ),
)
# What DuckDB and Arrow keep apart.
duckdb_scalars = st.one_of(
    st.sampled_from(
        everywhere
        + [DataType(name) for name in ("json", "uuid", "unknown", "interval day to second")]
        + with_digits(("timestamp", 3), ("timestamp", 9), ("timestamp with time zone", 3))
        + with_digits(("time", 3), ("time with time zone", 3))
    ),
    decimals,
)
arrow_scalars = st.one_of(
    st.sampled_from(
        everywhere
        + [DataType("interval day to second")]
        + with_digits(*((name, p) for name in ("timestamp", "timestamp with time zone", "time") for p in (0, 3, 6, 9)))
    ),
    decimals,
)


def nested(scalars: st.SearchStrategy[DataType], *, unnamed: bool = False) -> st.SearchStrategy[DataType]:
    field_names = st.one_of(st.none(), names) if unnamed else names

    def extend(inner: st.SearchStrategy[DataType]) -> st.SearchStrategy[DataType]:
        fields = st.lists(
            st.tuples(field_names, inner), min_size=1, max_size=4, unique_by=lambda field: field[0] or object()
        )
        return st.one_of(inner.map(array_of), st.builds(map_of, inner, inner), fields.map(row_of))

    return st.recursive(scalars, extend, max_leaves=8)


@given(nested(hive_scalars))
def test_hives_text_reads_back_as_the_same_type(data_type: DataType) -> None:
    assert parse_type(data_type.hive) == data_type


@given(nested(all_scalars, unnamed=True))
def test_trinos_text_reads_back_as_the_same_type(data_type: DataType) -> None:
    assert parse_type(data_type.athena) == data_type
    shouted = data_type.athena.upper()
    if shouted.lower() == data_type.athena:  # not so with ß, whose upper case is SS
        assert parse_type(shouted) == data_type


@given(nested(duckdb_scalars))
def test_duckdbs_text_reads_back_as_the_same_type(data_type: DataType) -> None:
    assert from_duckdb(data_type.duckdb) == data_type


@given(nested(arrow_scalars))
def test_arrow_types_read_back_as_the_same_type(data_type: DataType) -> None:
    assert from_arrow(to_arrow(data_type)) == data_type


@given(nested(duckdb_scalars.filter(lambda scalar: scalar.name != "unknown")))
def test_duckdb_understands_our_text_and_we_understand_its_own(data_type: DataType) -> None:
    try:
        described = duckdb.sql(f"SELECT CAST(NULL AS {data_type.duckdb}) AS c").types[0]
    except duckdb.Error as error:
        # DuckDB compares names of fields without case, ours by their lower case: not the same beyond ASCII.
        assert "duplicate" in str(error).lower()  # noqa: PT017 - the few that DuckDB cannot hold
        return
    assert from_duckdb(str(described)) == data_type


@given(st.text(alphabet="abirowstructay<>(),:` \"'0129-*/\n", max_size=40))
def test_any_text_gives_a_type_or_one_clear_error(text: str) -> None:
    try:
        parse_type(text)
    except (MalformedQuery, NotSupported) as error:
        message = error.message
    else:
        return
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "athena", "hive"),
    [
        ("int", "integer", "int"),
        ("INTEGER", "integer", "int"),
        ("string", "varchar", "string"),
        ("varchar", "varchar", "string"),
        ("varchar(10)", "varchar(10)", "varchar(10)"),
        ("varchar(2147483647)", "varchar", "string"),
        ("float", "real", "float"),
        ("double precision", "double", "double"),
        ("binary", "varbinary", "binary"),
        ("decimal", "decimal(10,0)", "decimal(10,0)"),
        ("DECIMAL( 10 , 2 )", "decimal(10,2)", "decimal(10,2)"),
        ("decimal(5)", "decimal(5,0)", "decimal(5,0)"),
        ("timestamp", "timestamp(3)", "timestamp"),
        ("array<struct<a:int>>", "array(row(a integer))", "array<struct<a:int>>"),
        ("STRUCT<A: int, b:string comment 'it''s'>", "row(a integer, b varchar)", "struct<a:int,b:string>"),
        ("struct<a b:int,@t:string>", 'row("a b" integer, "@t" varchar)', "struct<`a b`:int,@t:string>"),
        (
            "struct<\n  a : int -- first\n , /* c */ b:map<string,\tint>\n>",
            "row(a integer, b map(varchar, integer))",
            None,
        ),
        ("row(timestamp timestamp, d double)", "row(timestamp timestamp(3), d double)", None),
        ("map(varchar, array(real))", "map(varchar, array(real))", "map<string,array<float>>"),
    ],
)
def test_both_spellings_are_read(text: str, athena: str, hive: str | None) -> None:
    data_type = parse_type(text)
    assert data_type.athena == athena
    if hive is not None:
        assert data_type.hive == hive


@pytest.mark.parametrize(
    "text",
    [
        "timestamp(6) with time zone",
        "time(3)",
        "interval year to month",
        "json",
        "uuid",
        "ipaddress",
        "array(row(integer, varchar))",
        "unknown",
    ],
)
def test_what_hive_lacks_is_refused_by_name(text: str) -> None:
    with pytest.raises(NotSupported, match="no equal in Hive"):
        _ = parse_type(text).hive


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("arry<int>", "position 1 found 'arry'"),
        ("array<int", "position 10 found '<EOF>', expecting '>'"),
        ("map<int>", "position 8 found '>', expecting ','"),
        ("int x", "position 5 found 'x'"),
        ("", "position 1 found '<EOF>'"),
        ("decimal(39,0)", "decimal(39,0)"),
        ("decimal(0,0)", "decimal(1..38, 0..precision)"),
        ("decimal(2,3)", "decimal(1..38, 0..precision)"),
        ("varchar(0)", "varchar(0)"),
        ("bigint(3)", "found '('"),
        ("timestamp(13)", "timestamp(13)"),
        ("struct<>", "a field name"),
        ("array<" * 1000, "levels of nesting"),
        ("row(" * 1000, "levels of nesting"),
        ("struct<a:int comment 'x>", "a string"),
    ],
)
def test_a_bad_type_is_one_error_that_names_the_position(text: str, says: str) -> None:
    with pytest.raises(MalformedQuery) as caught:
        parse_type(text)
    assert says in caught.value.message


@pytest.mark.parametrize("text", ["uniontype<int,string>", "array<uniontype<int>>"])
def test_unions_are_refused_by_name(text: str) -> None:
    with pytest.raises(NotSupported, match="uniontype"):
        parse_type(text)


def test_a_bare_decimal_is_wide_in_a_query_and_narrow_in_a_table() -> None:
    assert parse_type("decimal").parameters == (10, 0)
    assert parse_type("decimal", trino=True).parameters == (38, 0)


@pytest.mark.parametrize(
    ("text", "athena"),
    [
        ("UBIGINT", "decimal(20,0)"),
        ("HUGEINT", "decimal(38,0)"),
        ("UTINYINT", "smallint"),
        ("ENUM('a', 'b)', 'it''s')", "varchar"),
        ("TIMESTAMP_NS", "timestamp(9)"),
        ("TIMESTAMP", "timestamp(3)"),
        ("INTEGER[3][]", "array(array(integer))"),
        ('STRUCT(a INTEGER, "B c" "NULL"[])', 'row(a integer, "b c" array(unknown))'),
        ("STRUCT(INTEGER, VARCHAR)", "row(integer, varchar)"),
        ("MAP(VARCHAR, STRUCT(x DECIMAL(18,3)))", "map(varchar, row(x decimal(18,3)))"),
    ],
)
def test_duckdbs_own_types_find_their_nearest(text: str, athena: str) -> None:
    assert from_duckdb(text).athena == athena


@pytest.mark.parametrize(
    ("arrow_type", "athena"),
    [
        (pa.large_string(), "varchar"),
        (pa.dictionary(pa.int32(), pa.string()), "varchar"),
        (pa.uint64(), "decimal(20,0)"),
        (pa.float16(), "real"),
        (pa.decimal256(38, 2), "decimal(38,2)"),
        (pa.binary(4), "varbinary"),
        (pa.large_list(pa.int8()), "array(tinyint)"),
        (pa.list_(pa.int8(), 2), "array(tinyint)"),
        (pa.date64(), "date"),
        (pa.duration("ns"), "interval day to second"),
        (pa.uuid(), "uuid"),
        (pa.struct([("A", pa.int32())]), "row(a integer)"),
    ],
)
def test_arrows_own_types_find_their_nearest(arrow_type: Any, athena: str) -> None:
    assert from_arrow(arrow_type).athena == athena


def test_what_has_no_values_is_null_in_arrow_and_text_as_a_key() -> None:
    assert from_arrow(to_arrow(parse_type("array(unknown)"))).athena == "array(unknown)"
    assert from_arrow(to_arrow(parse_type("map(unknown, unknown)"))).athena == "map(varchar, unknown)"


def test_an_arrow_type_without_equal_is_refused() -> None:
    for arrow_type in (pa.decimal256(60, 2), pa.dense_union([pa.field("a", pa.int8())])):
        with pytest.raises(NotSupported, match="no equal in Athena"):
            from_arrow(arrow_type)


def test_types_are_read_without_arrow() -> None:
    code = "import sys, lake.types as t; t.parse_type('array<int>').duckdb; sys.exit('pyarrow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
