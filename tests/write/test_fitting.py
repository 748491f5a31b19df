"""Types: each is written as Athena reads it, one takes another's values, and a value that would lose something is refused."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lake.errors import DatabaseNotFound, WriteRefused
from lake.model import Column, SerDe, StorageDescriptor, Table, TableType
from lake.write.target import parquet_descriptor
from tests.write.place import Place, moment

NOON = moment(2026, 1, 1, 12, 0, 0, 1)
BERLIN = dt.datetime(2026, 1, 1, 13, tzinfo=dt.timezone(dt.timedelta(hours=1)))

# Arrow's type, values, the column's type, and what is read back where that is something else.
STORED: list[tuple[pa.DataType, list[Any], str, list[Any] | None]] = [
    (pa.bool_(), [True, None], "boolean", None),
    (pa.int8(), [-128, 127], "tinyint", None),
    (pa.int16(), [-32768, 32767], "smallint", None),
    (pa.int32(), [-(2**31), 2**31 - 1], "int", None),
    (pa.int64(), [-(2**63), 2**63 - 1], "bigint", None),
    (pa.uint8(), [0, 255], "smallint", None),
    (pa.uint16(), [0, 65535], "int", None),
    (pa.uint32(), [0, 2**32 - 1], "bigint", None),
    (pa.uint64(), [0, 2**64 - 1], "decimal(20,0)", [Decimal(0), Decimal(2**64 - 1)]),
    (pa.float16(), [0.5, None], "float", None),
    (pa.float32(), [0.5, None], "float", None),
    (pa.float64(), [0.1, None], "double", None),
    (pa.decimal128(10, 2), [Decimal("1.25"), None], "decimal(10,2)", None),
    (pa.decimal256(38, 10), [Decimal("1.2500000000"), None], "decimal(38,10)", None),
    (pa.string(), ["ä\u0000b", None], "string", None),
    (pa.large_string(), ["x", ""], "string", None),
    (pa.string_view(), ["x", None], "string", None),
    (pa.dictionary(pa.int8(), pa.large_string()), ["x", None, "x"], "string", None),
    (pa.binary(), [b"\x00\xff", None], "binary", None),
    (pa.large_binary(), [b"x", None], "binary", None),
    (pa.binary(2), [b"ab", None], "binary", None),
    (pa.date32(), [dt.date(1, 1, 1), dt.date(9999, 12, 31)], "date", None),
    (pa.date64(), [dt.date(2026, 1, 1), None], "date", None),
    (pa.timestamp("s"), [NOON.replace(microsecond=0), None], "timestamp", None),
    (pa.timestamp("ms"), [NOON.replace(microsecond=1000), None], "timestamp", None),
    (pa.timestamp("us"), [NOON, None], "timestamp", None),
    (pa.timestamp("ns"), [NOON, None], "timestamp", None),
    (pa.timestamp("us", "Europe/Berlin"), [BERLIN, None], "timestamp", [moment(2026, 1, 1, 12), None]),
    (pa.list_(pa.int32()), [[1, None], [], None], "array<int>", None),
    (pa.large_list(pa.large_string()), [["x"], None], "array<string>", None),
    (pa.list_(pa.int8(), 2), [[1, 2], [3, 4]], "array<tinyint>", None),
    (pa.map_(pa.string(), pa.timestamp("ns")), [[("k", NOON)], None], "map<string,timestamp>", [{"k": NOON}, None]),
    (pa.struct([("A", pa.uint8()), ("b", pa.string())]), [{"A": 1, "b": "x"}, None], "struct<a:smallint,b:string>", [{"a": 1, "b": "x"}, None]),
    (pa.list_(pa.struct([("Q", pa.list_(pa.date64()))])), [[{"Q": [dt.date(2026, 1, 1)]}]], "array<struct<q:array<date>>>", [[{"q": [dt.date(2026, 1, 1)]}]]),
]  # fmt: skip


@pytest.mark.parametrize(("arrow_type", "values", "stored", "back"), STORED, ids=lambda value: str(value)[:40])
def test_each_type_is_stored_as_athena_reads_it(
    place: Place, arrow_type: pa.DataType, values: list[Any], stored: str, back: list[Any] | None
) -> None:
    array = (
        pa.array(values, arrow_type.value_type).dictionary_encode()
        if pa.types.is_dictionary(arrow_type)
        else pa.array(values, arrow_type)
    )
    place.write(pa.table({"c": array}), "t")
    assert [column.type for column in place.table("t").columns] == [stored]
    assert place.rows("t") == sorted([(value,) for value in back or values], key=repr)
    place.write(pa.table({"C": array}), "t")
    assert len(place.rows("t")) == 2 * len(values)


def test_files_hold_microseconds_without_a_zone_compressed_by_zstd(place: Place) -> None:
    table = pa.table({"at": pa.array([NOON], pa.timestamp("ns", "UTC")), "s": pa.array(["x"]).dictionary_encode()})
    place.write(table, "t")
    [(_, path)] = place.files("t")
    schema = pq.read_schema(path)
    assert schema.field("at").type == pa.timestamp("us")
    assert schema.field("s").type == pa.string()
    assert schema.metadata is None
    assert pq.read_metadata(path).row_group(0).column(0).compression == "ZSTD"


TAKEN = [
    (pa.int8(), 1, "bigint", 1),
    (pa.int32(), 1, "double", 1.0),
    (pa.int16(), 1, "float", 1.0),
    (pa.int32(), 1, "decimal(12,2)", Decimal("1.00")),
    (pa.uint32(), 1, "bigint", 1),
    (pa.float32(), 0.5, "double", 0.5),
    (pa.int64(), 2**31 - 1, "int", 2**31 - 1),
    (pa.int64(), -128, "tinyint", -128),
    (pa.int64(), 2**53, "double", float(2**53)),
    (pa.int64(), 7, "float", 7.0),
    (pa.int64(), 10**18 - 1, "decimal(18,0)", Decimal(10**18 - 1)),
    (pa.int64(), 7, "decimal(5,2)", Decimal("7.00")),
    (pa.uint64(), 2**63 - 1, "bigint", 2**63 - 1),
    (pa.float64(), 3.0, "bigint", 3),
    (pa.decimal128(12, 2), Decimal("7.50"), "decimal(3,1)", Decimal("7.5")),
    (pa.decimal128(12, 2), Decimal("7.00"), "int", 7),
    (pa.decimal128(10, 2), Decimal("1.25"), "decimal(12,2)", Decimal("1.25")),
    (pa.decimal128(10, 2), Decimal("1.25"), "decimal(12,4)", Decimal("1.2500")),
    (pa.date32(), dt.date(2026, 1, 1), "timestamp", moment(2026, 1, 1)),
    (pa.timestamp("s"), moment(2026, 1, 1), "timestamp", moment(2026, 1, 1)),
    (pa.string(), "abc", "varchar(3)", "abc"),
    (pa.string(), "abc", "char(5)", "abc"),
    (pa.null(), None, "bigint", None),
    (pa.list_(pa.int32()), [1], "array<bigint>", [1]),
    (pa.list_(pa.null()), [None], "array<map<string,int>>", [None]),
    (pa.struct([("B", pa.int8()), ("a", pa.null())]), {"B": 1, "a": None}, "struct<a:string,b:int>", {"a": None, "b": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("arrow_type", "value", "column", "back"), TAKEN, ids=str)
def test_a_column_takes_what_fits_without_loss(
    place: Place, arrow_type: pa.DataType, value: Any, column: str, back: Any
) -> None:
    make_table(place, Column("c", column))
    place.write(pa.table({"c": pa.array([value], arrow_type)}), "t")
    assert place.rows("t") == [(back,)]


REFUSED = [
    (pa.int32(), "string"),
    (pa.float64(), "float"),
    (pa.float64(), "decimal(38,10)"),
    (pa.string(), "date"),
    (pa.string(), "binary"),
    (pa.string(), "int"),
    (pa.binary(), "string"),
    (pa.date32(), "string"),
    (pa.timestamp("us"), "date"),
    (pa.bool_(), "int"),
    (pa.list_(pa.int64()), "bigint"),
    (pa.struct([("a", pa.int64())]), "struct<a:bigint,b:bigint>"),
    (pa.struct([("a", pa.int64()), ("b", pa.int64())]), "struct<a:bigint>"),
    (pa.struct([("a", pa.int64()), ("A", pa.int64())]), "struct<a:bigint>"),
]


@pytest.mark.parametrize(("arrow_type", "column"), REFUSED, ids=str)
def test_a_column_refuses_what_may_not_fit_and_says_both_types(
    place: Place, arrow_type: pa.DataType, column: str
) -> None:
    make_table(place, Column("fine", "int"), Column("c", column))
    with pytest.raises(WriteRefused) as refused:
        place.write(pa.table({"fine": pa.array([], pa.int32()), "c": pa.array([], arrow_type)}), "t")
    assert refused.value.column == "c"
    assert "does not fit" in str(refused.value)
    assert column in str(refused.value)


VALUES_REFUSED = [
    (pa.array([2**31]), "int"),
    (pa.array([-1, 128]), "tinyint"),
    (pa.array([2**53 + 1]), "double"),
    (pa.array([2**24 + 1], pa.int32()), "float"),
    (pa.array([10**18]), "decimal(18,0)"),
    (pa.array([2**63], pa.uint64()), "bigint"),
    (pa.array([1.5]), "bigint"),
    (pa.array([float("nan")]), "int"),
    (pa.array([Decimal("0.125")]), "decimal(12,2)"),
    (pa.array([Decimal("1000.00")]), "decimal(5,2)"),
    (pa.array([Decimal("1.5")]), "int"),
    (pa.array([[1, 2**31]]), "array<int>"),
    (pa.array([[("k", 2**31)]], pa.map_(pa.string(), pa.int64())), "map<string,int>"),
    (pa.array([1], pa.timestamp("ns")), "timestamp"),
    (pa.array([2**62], pa.timestamp("s")), "timestamp"),
    (pa.array(["ok", "four"]), "varchar(3)"),
    (pa.array([[1]], pa.list_(pa.timestamp("ns"))), "array<timestamp>"),
]


@pytest.mark.parametrize(("array", "column"), VALUES_REFUSED, ids=str)
def test_a_value_that_would_change_is_refused_and_nothing_is_left(place: Place, array: pa.Array, column: str) -> None:
    make_table(place, Column("c", column))
    good = pa.record_batch({"c": array.slice(0, 0)})
    reader = pa.RecordBatchReader.from_batches(good.schema, iter([good, pa.record_batch({"c": array})]))
    with pytest.raises(WriteRefused, match="'c'"):
        place.write(reader, "t")
    assert place.rows("t") == []
    assert place.left_over() == []


UNSTORABLE = [
    pa.time64("us"),
    pa.duration("s"),
    pa.null(),
    pa.month_day_nano_interval(),
    pa.uuid(),
    pa.list_(pa.time32("s")),
    pa.struct([("a", pa.null())]),
    pa.decimal256(76, 0),
    pa.list_view(pa.int32()),
]


@pytest.mark.parametrize("arrow_type", UNSTORABLE, ids=str)
def test_a_new_table_refuses_types_that_athena_lacks(place: Place, arrow_type: pa.DataType) -> None:
    with pytest.raises(WriteRefused) as refused:
        place.write(pa.table({"fine": pa.array([1]), "odd": pa.array([None], arrow_type)}), "t")
    assert refused.value.column == "odd"
    assert list(place.catalog.list_tables("default")) == []


def test_a_missing_column_is_named_with_its_type(place: Place) -> None:
    make_table(place, Column("a", "int"), Column("b", "array<string>"))
    with pytest.raises(WriteRefused, match=r"column 'b' of 'default\.t': the data lack it .*array<string>"):
        place.write(pa.table({"a": pa.array([1], pa.int32())}), "t")


def test_an_extra_column_is_named_with_its_type(place: Place) -> None:
    make_table(place, Column("a", "int"))
    with pytest.raises(WriteRefused, match=r"column 'more' of 'default\.t': the table has no such column.*double"):
        place.write(pa.table({"a": pa.array([1], pa.int32()), "more": [1.0]}), "t")


@pytest.mark.parametrize("names", [["a", "A"], ["a", "a"]])
def test_two_columns_of_one_name_are_refused(place: Place, names: list[str]) -> None:
    with pytest.raises(WriteRefused, match="'A'" if "A" in names else "'a'"):
        place.write(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=names), "t")


def test_columns_match_in_any_order_and_case(place: Place) -> None:
    make_table(place, Column("a", "int"), Column("b", "string"))
    place.write(pa.table({"B": ["x"], "A": pa.array([1], pa.int32())}), "t")
    assert place.rows("t") == [(1, "x")]


def test_only_parquet_tables_are_written(place: Place) -> None:
    csv = StorageDescriptor((Column("a", "int"),), serde=SerDe("org.apache.hadoop.hive.serde2.OpenCSVSerde"))
    place.catalog.create_table(Table("default", "c", csv, "s3://lake/default/c/"))
    view = Table("default", "v", table_type=TableType.VIEW, view_original_text="/* Presto View: e30= */")
    place.catalog.create_table(view)
    for name, reason in [("c", "OpenCSVSerde"), ("v", "view")]:
        with pytest.raises(WriteRefused, match=rf"'default\.{name}'.*{reason}"):
            place.write(pa.table({"a": pa.array([1], pa.int32())}), name)


def test_a_database_must_exist(place: Place) -> None:
    with pytest.raises(DatabaseNotFound):
        place.write(pa.table({"a": [1]}), "nowhere.t")


def make_table(place: Place, *columns: Column) -> None:
    place.catalog.create_table(Table("default", "t", parquet_descriptor(columns), "s3://lake/default/t/"))
