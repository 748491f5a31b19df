"""Rows in Athena's CSV are read back as they were, wherever the text is cut."""

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.engine.athena.columns import result_columns
from lake.engine.athena.rows import RowReader, csv_text, page_rows, shown_rows, whole_rows
from lake.errors import DamagedFile
from lake.types import DataType, array_of, map_of, parse_type, row_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def info(kind: str, precision: int = 0, scale: int = 0, name: str = "c") -> dict[str, Any]:
    return {"Name": name, "Type": kind, "Precision": precision, "Scale": scale}


def read(texts: list[str | None], of: dict[str, Any], known: DataType | None = None) -> pa.RecordBatch:
    reader = RowReader(result_columns([of], None if known is None else [known]))
    return reader.batch(csv_text([[each] for each in texts]))


def values(texts: list[str | None], of: dict[str, Any], known: DataType | None = None) -> list[Any]:
    batch = read(texts, of, known)
    batch.validate(full=True)
    return batch.column(0).to_pylist()


@given(rows=st.lists(st.tuples(st.none() | TEXTS, st.none() | TEXTS), max_size=20), data=st.data())
def test_texts_and_nulls_survive_wherever_the_bytes_are_cut(
    rows: list[tuple[str | None, str | None]], data: Any
) -> None:
    text = csv_text([("a", 'b "quoted"\nname')]) + csv_text(rows)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    chunks = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    reader = RowReader(result_columns([info("varchar"), info("varchar")], None))
    pieces = list(whole_rows(chunks))
    batches = [reader.batch(piece, skip=int(place == 0)) for place, piece in enumerate(pieces)]
    assert b"".join(pieces) == text
    assert [tuple(row.values()) for batch in batches for row in batch.rename_columns(["a", "b"]).to_pylist()] == rows


@given(rows=st.lists(st.none() | TEXTS, max_size=20))
def test_one_column_keeps_its_nulls(rows: list[str | None]) -> None:
    assert values(rows, info("varchar")) == rows


def test_an_empty_text_is_no_null() -> None:
    assert csv_text([["", None], [None, ""]]) == b'"",\n,""\n'
    assert values(["", None, "a"], info("varchar")) == ["", None, "a"]
    assert values(["1", None], info("integer", 10)) == [1, None]


def java(number: float) -> str:
    """Write a double as Java does."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    shown = repr(number).upper()
    return shown.replace("E+", "E").replace("E-0", "E-")


@given(numbers=st.lists(st.none() | st.floats()))
def test_doubles_are_read_exactly(numbers: list[float | None]) -> None:
    found = values([None if each is None else java(each) for each in numbers], info("double", 17))
    assert list(map(repr, found)) == list(map(repr, numbers))


@given(numbers=st.lists(st.none() | st.floats(width=32)))
def test_reals_are_read_exactly(numbers: list[float | None]) -> None:
    found = values([None if each is None else java(each) for each in numbers], info("float", 17))
    assert list(map(repr, found)) == list(map(repr, numbers))


@given(numbers=st.lists(st.none() | st.decimals(-(10**30), 10**30, allow_nan=False, places=7)))
def test_decimals_keep_their_scale(numbers: list[Decimal | None]) -> None:
    batch = read([None if each is None else f"{each:f}" for each in numbers], info("decimal", 38, 7))
    assert batch.schema.types == [pa.decimal128(38, 7)]
    assert batch.column(0).to_pylist() == numbers


@given(days=st.lists(st.none() | st.dates()))
def test_dates_are_read(days: list[date | None]) -> None:
    assert values([None if each is None else each.isoformat() for each in days], info("date")) == days


@given(moments=st.lists(st.none() | st.datetimes()), digits=st.sampled_from([3, 6, 9]))
def test_timestamps_keep_their_microseconds(moments: list[datetime | None], digits: int) -> None:
    moments = [
        each and each.replace(microsecond=each.microsecond // 1000 * 1000) if digits == 3 else each for each in moments
    ]
    texts = [each and f"{each.isoformat(' ', 'microseconds')}000"[: 20 + digits] for each in moments]
    assert values(texts, info("timestamp", 3)) == moments


def test_moments_beyond_four_digits_are_read() -> None:
    found = read(["12026-01-31 07:00:00.123", None, "2026-01-31 07:00:00.123"], info("timestamp", 3)).column(0)
    assert found.cast(pa.int64()).to_pylist()[0] == np.datetime64("12026-01-31T07:00:00.123", "us").astype(int)
    days = read(["12026-01-31", "-0044-03-15", None], info("date")).column(0)
    assert days.cast(pa.int32()).to_pylist() == [
        np.datetime64(each, "D").astype(int) for each in ("12026-01-31", "-0044-03-15")
    ] + [None]


@given(clocks=st.lists(st.none() | st.times()))
def test_times_are_read(clocks: list[time | None]) -> None:
    assert values([each and each.isoformat("microseconds") for each in clocks], info("time", 3)) == clocks


@given(blobs=st.lists(st.none() | st.binary()))
def test_bytes_are_read(blobs: list[bytes | None]) -> None:
    assert values([None if each is None else each.hex(" ") for each in blobs], info("varbinary", 1073741824)) == blobs


@given(spans=st.lists(st.none() | st.integers(-(10**12), 10**12)))
def test_intervals_are_read(spans: list[int | None]) -> None:
    def written(millis: int) -> str:
        rest = abs(millis)
        days, clock = divmod(rest, 86_400_000)
        return f"{'-' if millis < 0 else ''}{days} {timedelta(milliseconds=clock) // timedelta(hours=1):02}:{clock // 60000 % 60:02}:{clock // 1000 % 60:02}.{clock % 1000:03}"

    found = values([None if each is None else written(each) for each in spans], info("interval day to second"))
    assert [each and each.days * 86_400_000 + each.nanoseconds // 1_000_000 for each in found] == [
        each or (each and 0) for each in spans
    ]


def test_months_are_read() -> None:
    found = values(["0-3", "-1-2", None, "10-11"], info("interval year to month"))
    assert [each and each.months for each in found] == [3, -14, None, 131]


def test_moments_keep_their_zones() -> None:
    texts = [
        "2026-01-31 07:00:00.123 UTC",
        "2026-07-31 07:00:00.000 Europe/Berlin",
        None,
        "2026-01-31 07:00:00.000 +05:30",
        "2026-10-25 02:30:00.000 Europe/Berlin",
    ]
    column = read(texts, info("timestamp with time zone", 3)).column(0)
    assert [
        each and str(each["t"].astimezone().utcfromtimestamp(each["t"].timestamp()))
        for each in column.storage.to_pylist()
    ] == [
        "2026-01-31 07:00:00.123000",
        "2026-07-31 05:00:00",
        None,
        "2026-01-31 01:30:00",
        "2026-10-25 00:30:00",
    ]
    assert [each and each["z"] for each in column.storage.to_pylist()] == [
        "UTC",
        "Europe/Berlin",
        None,
        "+05:30",
        "Europe/Berlin",
    ]


LEAVES = {
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "double": st.floats(allow_nan=False),
    "date": st.dates(),
    "timestamp(3)": st.datetimes().map(lambda each: each.replace(microsecond=each.microsecond // 1000 * 1000)),
    "time(3)": st.times().map(lambda each: each.replace(microsecond=each.microsecond // 1000 * 1000)),
    "decimal(20,3)": st.decimals(-(10**10), 10**10, allow_nan=False, places=3),
    "uuid": st.uuids().map(str),
}


def written(value: Any, of: DataType) -> str:
    """Write a value as Athena does within another one."""
    if value is None:
        return "null"
    if of.name == "array":
        return f"[{', '.join(written(each, of.element) for each in value)}]"
    if of.name == "map":
        return f"{{{', '.join(f'{written(key, of.key)}={written(each, of.value)}' for key, each in value)}}}"
    if of.name == "row":
        parts = zip(of.fields, value.values(), strict=True)
        return f"{{{', '.join((f'{field.name}=' if field.name else '') + written(each, field.type) for field, each in parts)}}}"
    match value:
        case bool():
            return str(value).lower()
        case float():
            return java(value)
        case datetime():
            return value.isoformat(" ", "milliseconds")
        case time():
            return value.isoformat("milliseconds")
        case Decimal():
            return f"{value:f}"
    return str(value)


def typed(depth: int) -> st.SearchStrategy[DataType]:
    leaf = st.sampled_from(sorted(LEAVES)).map(parse_type)
    if depth == 0:
        return leaf
    inner = typed(depth - 1)
    rows = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        leaf,
        inner.map(array_of),
        st.tuples(leaf, inner).map(lambda both: map_of(*both)),
        rows.map(lambda types: row_of((f"f{place}", each) for place, each in enumerate(types))),
        rows.map(lambda types: row_of((None, each) for each in types)),
    )


def valued(of: DataType) -> st.SearchStrategy[Any]:
    if of.name == "array":
        made: st.SearchStrategy[Any] = st.lists(valued(of.element), max_size=3)
    elif of.name == "map":
        pair = st.tuples(valued(of.key).filter(lambda key: key is not None), valued(of.value))
        made = st.lists(pair, max_size=3, unique_by=lambda both: repr(both[0]))
    elif of.name == "row":
        fields = st.tuples(*(valued(field.type) for field in of.fields))
        made = fields.map(lambda each: dict(zip(of.field_names, each, strict=True)))
    else:
        made = LEAVES[of.athena]
    return st.none() | made


@given(data=st.data(), of=typed(3).filter(lambda each: each.is_nested))
def test_nested_values_are_taken_apart(data: Any, of: DataType) -> None:
    rows = data.draw(st.lists(valued(of), max_size=5))
    texts = [None if row is None else written(row, of) for row in rows]
    found = read(texts, info(of.name), of).column(0)
    found.validate(full=True)
    assert found.to_pylist() == rows


@pytest.mark.parametrize(
    "of", ["array(varchar)", "map(varchar, integer)", "row(a integer, b varchar)", "array(row(a json))"]
)
def test_nested_texts_stay_as_they_are(of: str) -> None:
    known = parse_type(of, trino=True)
    columns = result_columns([info(known.name)], [known])
    assert [(column.told, column.type) for column in columns] == [(False, DataType("varchar"))]
    assert values(["[a, b]", None], info(known.name), known) == ["[a, b]", None]


@pytest.mark.parametrize(
    ("of", "known", "wanted"),
    [
        (info("float", 17), None, "real"),
        (info("integer", 10), None, "integer"),
        (info("varchar", 2147483647), None, "varchar"),
        (info("varchar", 5), None, "varchar(5)"),
        (info("char", 5), None, "char(5)"),
        (info("decimal", 10, 2), "decimal(10,2)", "decimal(10,2)"),
        (info("decimal", 10, 2), "decimal(38,2)", "decimal(10,2)"),
        (info("timestamp", 3), None, "timestamp(3)"),
        (info("timestamp", 3), "timestamp(9)", "timestamp(9)"),
        (info("timestamp with time zone", 3), None, "timestamp(3) with time zone"),
        (info("bigint", 19), "integer", "bigint"),
        (info("string"), None, "varchar"),
        (info("array"), "array(bigint)", "array(bigint)"),
        (info("array"), "map(bigint, bigint)", "varchar"),
        (info("array"), None, "varchar"),
    ],
)  # fmt: skip
def test_what_the_statement_says_goes_where_athena_agrees(of: dict[str, Any], known: str | None, wanted: str) -> None:
    types = None if known is None else [parse_type(known, trino=True)]
    assert [column.type.athena for column in result_columns([of], types)] == [wanted]


def test_names_may_come_twice_or_be_numbers() -> None:
    columns = result_columns([info("integer", 10, name=name) for name in ("a", "a", "_col2", "")], None)
    reader = RowReader(columns)
    batch = reader.batch(csv_text([["a", "a", "_col2", ""], ["1", "2", "3", None]]), skip=1)
    assert batch.schema.names == ["a", "a", "_col2", ""]
    assert [column.to_pylist() for column in batch.columns] == [[1], [2], [3], [None]]


def test_what_does_not_read_is_said() -> None:
    with pytest.raises(DamagedFile, match="not as Athena writes it"):
        read(["x"], info("integer", 10))


def test_rows_of_show_are_parted_at_tabs() -> None:
    rows = [
        [{"VarCharValue": "n                   \tbigint              \t                    "}],
        [{"VarCharValue": ""}],
        [{}],
    ]
    page = {"ResultSet": {"Rows": [{"Data": data} for data in rows]}}
    assert shown_rows(page_rows(page), 3) == [["n", "bigint", None], ["", None, None], ["", None, None]]
    assert shown_rows([["field               "]], 1) == [["field"]]
