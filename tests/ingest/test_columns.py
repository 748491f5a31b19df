"""The columnar reader gives what the scalar reader gives, for every record."""

import json
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.ingest import columns
from lake.ingest.columns import EVENT_SCHEMA, ColumnReader, Read, Records
from lake.ingest.columns.instants import read_instants
from lake.ingest.events import Reason
from lake.ingest.mapping import FieldMap
from tests.ingest import hostile
from tests.ingest.model import SOURCE, expected_of_lines, expected_of_rows, found, lines_of
from tests.ingest.typed_tables import COLUMNS, typed_tables

CONNECTION = duckdb.connect()
PLAIN = FieldMap()
MAPPINGS = [
    PLAIN,
    FieldMap({"site": "", "b": "site"}),
    FieldMap({"event_id": "id", "id": "event_id"}),
    FieldMap({"site": "attributes", "attributes": "site"}),
    FieldMap({"b": "value", "metric": "größe"}),
    FieldMap({"metric": ""}, ("value", "b")),
    FieldMap({}, ("site", "value", "größe", "NA", "id")),
]


def read_lines(lines: list[bytes], mapping: FieldMap = PLAIN) -> Read:
    raw = pa.array(lines, pa.binary())
    return ColumnReader(CONNECTION, mapping).read(Records("json", lines_of(len(lines)), SOURCE, raw))


def read_table(table: pa.Table, mapping: FieldMap = PLAIN, *, kind: Any) -> Read:
    raw = pa.array([b"row"] * len(table), pa.binary()) if kind == "text" else None
    return ColumnReader(CONNECTION, mapping).read(Records(kind, lines_of(len(table)), SOURCE, raw, table))


@given(hostile.lines, st.sampled_from([PLAIN, *MAPPINGS]))
def test_lines_are_read_as_the_scalar_reader_reads_them(lines: list[bytes], mapping: FieldMap) -> None:
    read = read_lines(lines, mapping)
    assert found(read) == expected_of_lines(lines, mapping)
    assert read.events.schema.equals(EVENT_SCHEMA)
    assert read.records == len(lines)
    assert [record.raw for record in read.rejected] == [lines[record.line - 1] for record in read.rejected]


@given(hostile.lines)
def test_blocks_make_no_difference(lines: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "BLOCK_BYTES", 150)
        assert found(read_lines(lines)) == expected_of_lines(lines, PLAIN)


@given(st.lists(hostile.stamps, max_size=20))
def test_the_instants_that_are_certain_are_right(stamps: list[str]) -> None:
    lines = [json.dumps({"id": "a", "ts": stamp, "value": 1}).encode() for stamp in stamps]
    assert found(read_lines(lines)) == expected_of_lines(lines, PLAIN)


@st.composite
def text_tables(draw: st.DrawFn) -> pa.Table:
    count = draw(st.integers(0, 8))
    good = {"id": "s-1", "ts": "2026-01-31 07:00", "metric": "temp", "value": "21.5", "event_id": "e", "site": "JFK"}
    odd = {"value": hostile.numbers, "ts": hostile.stamps, "attributes": st.one_of(st.none(), hostile.objects())}
    data: dict[str, list[str | None]] = {}
    for name in draw(st.lists(st.sampled_from(COLUMNS), unique=True, min_size=4)):
        cell = st.one_of(st.just(good.get(name)), odd.get(name, hostile.texts), hostile.cell_texts())
        data[name] = draw(st.lists(cell, min_size=count, max_size=count))
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in data.items()})


@given(text_tables(), st.sampled_from([PLAIN, *MAPPINGS]))
def test_text_is_read_as_the_scalar_reader_reads_it(table: pa.Table, mapping: FieldMap) -> None:
    read = read_table(table, mapping, kind="text")
    assert found(read) == expected_of_rows(table.to_pylist(), mapping, texts=True)


@given(typed_tables(), st.sampled_from([PLAIN, *MAPPINGS]))
def test_typed_columns_are_read_as_the_scalar_reader_reads_them(table: pa.Table, mapping: FieldMap) -> None:
    read = read_table(table, mapping, kind="typed")
    rows = table.to_pylist(maps_as_pydicts="strict")
    assert found(read) == expected_of_rows(rows, mapping, texts=False)


def test_every_odd_value_is_read_in_every_field_as_the_scalar_reader_reads_it() -> None:
    lines = hostile.with_each_oddity()
    assert found(read_lines(lines)) == expected_of_lines(lines, PLAIN)
    mapping = FieldMap({"site": "attributes", "attributes": "b"}, ("value", "event_id"))
    assert found(read_lines(lines, mapping)) == expected_of_lines(lines, mapping)


@pytest.mark.parametrize("kind", ["text", "typed"])
def test_every_odd_text_is_read_in_every_column_as_the_scalar_reader_reads_it(kind: str) -> None:
    rows = hostile.rows_with_each_oddity()
    table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})
    if kind == "typed":
        values = [7.5 if row["value"] == "21.5" else float("nan") for row in rows]
        table = table.set_column(3, "value", pa.array(values))
    expected = expected_of_rows(table.to_pylist(), PLAIN, texts=kind == "text")
    assert found(read_table(table, kind=kind)) == expected


def test_maps_of_attributes_are_read_in_whatever_order_they_are() -> None:
    maps = [
        [("b", "1"), ("a", "2")],
        [("a", "1"), ("b", "2")],
        [("a", None)],
        [],
        None,
        [("a", '"'), ("z", "\x01")],
        [("é", "x")],
    ]
    count = len(maps)
    table = pa.table(
        {
            "id": ["i"] * count,
            "ts": pa.array([10**12 - 1] * count, pa.timestamp("us")),
            "value": [-0.0] * count,
            "attributes": pa.array(maps, pa.map_(pa.string(), pa.string())),
        }
    )
    rows = table.to_pylist(maps_as_pydicts="strict")
    assert found(read_table(table, kind="typed")) == expected_of_rows(rows, PLAIN, texts=False)
    sliced = [{**row, "value": -0.0} for row in rows[2:]]
    assert found(read_table(table[2:], kind="typed")) == expected_of_rows(sliced, PLAIN, texts=False)


def usual_lines(count: int) -> list[bytes]:
    """Valid records in the forms that real ones have, with one in 500 that is odd."""
    stamps = [
        "2026-01-31T07:00:00.123Z",
        "2026-01-31 07:00",
        "2026-01-31T07:00:00.123456789+05:30",
        "2026-01-31T07:00:00Z",
    ]
    stamps += ["2026-01-31", "2026-01-31T07:00:00,5-0800"]
    found = []
    for place in range(count):
        record: dict[str, Any] = {
            "id": f"möwe-{place % 50}",
            "ts": stamps[place % 6],
            "metric": "temp",
            "value": place / 7,
        }
        if place % 3 == 0:
            del record["metric"]
        if place % 2:
            record["event_id"] = f"e{place}"
        if place % 5:
            record |= {
                "site": "Zürich",
                "height": 408,
                "lat": 47.4587,
                "long": place / 3,
                "old": bool(place % 2),
                "note": None,
            }
        if place % 7 == 0:
            record = {"id": "s", "ts": stamps[0], "value": place, "attributes": {"site": "JFK", "unit": "°C, {x}"}}
        if place % 500 == 499:
            record["note"] = 'say "hi"'
        tight = (",", ":") if place % 4 else (", ", ": ")
        found.append(json.dumps(record, ensure_ascii=False, separators=tight).encode())
    return found


def test_few_of_the_usual_records_are_read_one_by_one() -> None:
    lines = usual_lines(3000)
    read = read_lines(lines)
    assert found(read) == expected_of_lines(lines, PLAIN)
    assert read.careful == 3000 // 500


def test_one_odd_line_leaves_the_others_in_the_fast_lane() -> None:
    good = [hostile.GOOD] * 100
    for odd in [*hostile.JUNK, hostile.GOOD.replace(b"JFK", b'J"K'), hostile.GOOD.replace(b"JFK", b"\\u00e9")]:
        lines = [*good[:50], odd, *good[50:]]
        read = read_lines(lines)
        assert found(read) == expected_of_lines(lines, PLAIN)
        assert read.careful <= 2


def test_lines_may_end_with_a_carriage_return() -> None:
    read = read_lines([hostile.GOOD + b"\r"] * 3)
    assert (len(read.events), read.careful) == (3, 0)


def test_text_in_usual_forms_is_not_read_one_by_one() -> None:
    table = pa.table(
        {
            "id": ["a", "b", "c", "d"],
            "ts": ["2026-01-31T07:00:00Z", "2026-01-31", "2026-01-31 07:00", "2026-01-31T07:00:00.5+01:00"],
            "value": ["1", "-2.5", "00.10", "1e5"],
            "note": ['say "hi"', None, "NA", ""],
        }
    )
    read = read_table(table, kind="text")
    assert found(read) == expected_of_rows(table.to_pylist(), PLAIN, texts=True)
    assert read.careful == 0


def test_wide_typed_rows_become_a_record_a_metric_and_stay_in_the_fast_lane() -> None:
    table = pa.table(
        {
            "station": ["JFK", "LGA"],
            "time": pa.array([1_770_000_000_000_001, 1_770_000_000_999_999], pa.timestamp("us")),
            "temp": [1.5, float("nan")],
            "humid": pa.array([None, 40], pa.int16()),
            "tags": pa.array([[("b", "2"), ("c", "3")], None], pa.map_(pa.string(), pa.string())),
        }
    )
    mapping = FieldMap({"station": "id", "time": "ts", "tags": "attributes"}, ("temp", "humid"))
    read = read_table(table, mapping, kind="typed")
    assert read.events.select(["id", "metric", "value", "attributes"]).to_pylist() == [
        {"id": "JFK", "metric": "temp", "value": 1.5, "attributes": [("b", "2"), ("c", "3")]},
        {"id": "LGA", "metric": "humid", "value": 40.0, "attributes": []},
    ]
    assert (read.rejected, read.records, read.careful) == ([], 2, 0)


def test_a_typed_row_that_is_refused_is_kept_as_json() -> None:
    table = pa.table({"id": ["a"], "ts": pa.array([0], pa.timestamp("s")), "value": [float("nan")], "b": [b"\x00"]})
    [refused] = read_table(table, kind="typed").rejected
    assert refused.reason == Reason.BAD_VALUE
    assert refused.raw == b'{"id":"a","ts":"1970-01-01T00:00:00","value":NaN,"b":"AA=="}'


def test_times_beyond_what_python_has_are_out_of_range() -> None:
    for unit, since in [("s", 2**62), ("ms", -(2**62)), ("us", 2**62), ("s", -(2**62))]:
        table = pa.table({"id": ["a"], "ts": pa.array([since], pa.timestamp(unit)), "value": [1]})
        assert [record.reason for record in read_table(table, kind="typed").rejected] == [Reason.TS_OUT_OF_RANGE]


def test_sliced_columns_are_read_from_where_they_start() -> None:
    lines = usual_lines(40)
    raw = pa.array(lines, pa.binary())
    read = ColumnReader(CONNECTION, PLAIN).read(Records("json", lines_of(40)[20:], SOURCE, raw[20:]))
    expected = expected_of_lines([b"-"] * 20 + lines[20:], PLAIN)[0]
    assert found(read) == (expected, [])


def test_events_come_in_the_order_of_records_and_melted_columns() -> None:
    lines = [b'{"id":"a","ts":"2026-01-01","y":1,"x":2}', b'{"id":"b","ts":"2026-01-01T00:00","x":3,"y":4.25}'] * 2
    read = read_lines(lines, FieldMap({}, ("x", "y")))
    assert read.events["value"].to_pylist() == [2, 1, 3, 4.25] * 2


def test_no_records_give_no_events() -> None:
    assert read_lines([]).events.schema.equals(EVENT_SCHEMA)
    assert len(read_table(pa.table({"id": pa.array([], pa.string())}), kind="text").events) == 0


def test_forms_of_timestamps_that_are_read_without_the_scalar_reader() -> None:
    stamps = pa.array(
        [
            "2026-01-31T07:00:00.1239Z",
            "1970-01-01T00:00-00:01",
            "1970-01-01T00:00+00:01",
            None,
            "2024-02-29",
            "2023-02-29",
        ]
    )
    millis, certain = read_instants(stamps)
    assert certain.tolist() == [True, True, False, False, True, False]
    assert millis[certain].tolist() == [1_769_842_800_123, 60_000, 1_709_164_800_000]
