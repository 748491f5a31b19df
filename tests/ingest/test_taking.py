"""Taking: whatever events come in, they are durable before they are acknowledged, and what is none is kept."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import lake
from lake import Lake
from lake.errors import DamagedFile, EventsRejected, StorageFailed, UsageError, WriteRefused
from lake.ingest.events import Reason
from lake.ingest.mapping import FieldMap
from lake.ingest.rejected import Rejection, read_rejected, rejected_files
from lake.ingest.sources.options import SourceOptions
from lake.ingest.taking import Ingested, TakingOptions
from tests.ingest.readings import delivered, lines, records, segments, spooled
from tests.truth import make_truth

ROOT = Path(__file__).parents[2]
NAMES = [f"e{number}" for number in range(5)]
NO_VALUE = {"id": "a", "ts": "2026-02-01"}
GOOD = NO_VALUE | {"value": 1, "event_id": "good"}


def columns() -> pa.Table:
    return pa.Table.from_pylist(list(records(range(5))))


def rejections(db: Lake) -> list[Rejection]:
    return list(read_rejected(rejected_files(db.directory.spool / "rejected")))


# What may be given

KINDS: dict[str, Callable[[Path], Any]] = {
    "mappings": lambda _: list(records(range(5))),
    "a generator": lambda _: records(range(5)),
    "a tuple": lambda _: tuple(records(range(5))),
    # Without a zone: pyarrow asks pandas for it in a way that pandas warns of.
    "pandas": lambda _: pd.DataFrame(list(records(range(5)))).assign(ts=lambda frame: frame.ts.dt.tz_localize(None)),
    "polars": lambda _: pl.DataFrame(list(records(range(5)))),
    "an arrow table": lambda _: columns(),
    "an arrow reader": lambda _: columns().to_reader(max_chunksize=2),
    "an arrow batch": lambda _: columns().to_batches()[0],
    "a path": lambda path: path,
    "a path as text": str,
    "paths": lambda path: [path],
    "a folder": lambda path: path.parent,
    "a pattern": lambda path: f"{path.parent}/*.jsonl",
    "bytes in memory": lambda path: io.BytesIO(path.read_bytes()),
    "an open file": lambda path: path.open("rb"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_holds_events_is_taken(db: Lake, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "given" / "events.jsonl"
    path.parent.mkdir()
    path.write_bytes(lines(range(5)))
    data = KINDS[kind](path)
    done = db.ingest(data, source="s")
    if isinstance(data, io.IOBase):
        data.close()
    assert (done.records, done.events, done.rejected_count, done.delivery.new) == (5, 5, 0, 5)
    assert (done.unknown, done.notes) == ((), ())
    assert delivered(db) == NAMES


def test_one_mapping_is_one_event(db: Lake) -> None:
    assert db.ingest(GOOD, source="s").events == 1


@pytest.mark.parametrize("nothing", [[], iter(()), {}.values(), pa.table({"id": pa.array([], pa.string())})])
def test_nothing_is_taken_from_nothing(db: Lake, nothing: object) -> None:
    done = db.ingest(nothing)
    assert (done.records, done.events) == (0, 0)
    assert list(db.tables("default")) == []


@pytest.mark.parametrize("data", [5, None, b"{}", io.StringIO('{"id": "a"}')])
def test_what_holds_no_events_is_refused_by_its_type(db: Lake, data: object) -> None:
    with pytest.raises(UsageError, match=r"^(int|NoneType|bytes|StringIO) holds no events"):
        db.ingest(data)


def test_a_file_opened_for_text_is_refused(db: Lake, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines([0]))
    with path.open() as file, pytest.raises(UsageError, match="TextIOWrapper holds no events"):
        db.ingest(file)


def test_columns_are_renamed_left_out_and_melted(db: Lake) -> None:
    wide = {"station": "a", "time": "2026-02-01", "temp": 1, "wind": 2, "wet": None, "junk": "x"}
    done = db.ingest(
        [wide], source="s", names={"station": "id", "time": "ts", "junk": ""}, melt=("temp", "wind", "wet")
    )
    assert (done.records, done.events) == (1, 2)
    assert delivered(db, "id || metric || cast(cast(value as integer) as varchar)") == ["atemp1", "awind2"]


def test_a_text_names_one_column_to_melt(db: Lake) -> None:
    db.ingest([NO_VALUE | {"temp": 1, "t": 2}], source="s", melt="temp")
    assert delivered(db, "metric") == ["temp"]


# Acknowledging


def test_events_are_durable_before_they_are_acknowledged(db: Lake) -> None:
    seen: list[list[str]] = []
    done = db.ingest(records(range(5)), source="s", on_ack=lambda segment, count: seen.append(spooled(db)))
    assert seen == [NAMES]
    assert done.events == 5


KILLED = """
import os, signal, sys
import lake
from tests.ingest.readings import records
def die(segment, count):
    print(segment, count, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
with lake.connect(sys.argv[1]) as db:
    db.ingest(records(range(5)), source="s", on_ack=die, strict=sys.argv[2] == "strict")
"""


@pytest.mark.parametrize("how", ["strict", "all that are events"])
def test_what_a_process_acknowledged_that_is_killed_then_is_delivered_by_another(db: Lake, how: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(db.directory.path), how],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    (path,) = segments(db)
    assert run.stdout.split() == [path.name.removesuffix(".events"), "5"]
    assert spooled(db) == NAMES
    done = db.ingest([GOOD], source="s")
    assert (done.recovered.new, done.delivery.new) == (5, 1)
    assert delivered(db) == [*NAMES, "good"]


def test_what_an_acknowledgement_raises_is_raised_and_the_events_are_there(db: Lake) -> None:
    def refuse(segment: str, count: int) -> None:
        raise ZeroDivisionError("in on_ack")

    with pytest.raises(ZeroDivisionError):
        db.ingest(records(range(5)), source="s", on_ack=refuse)
    assert delivered(db) == NAMES


def test_records_before_one_that_cannot_be_made_are_taken(db: Lake) -> None:
    def failing() -> Iterator[dict[str, object]]:
        yield from records(range(5))
        raise ZeroDivisionError("in the data")

    acks: list[int] = []
    with pytest.raises(ZeroDivisionError):
        db.ingest(failing(), source="s", on_ack=lambda segment, count: acks.append(count))
    assert acks == [5]
    assert delivered(db) == NAMES


def test_a_source_that_cannot_be_read_leaves_what_came_before_it_taken(db: Lake, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(range(5)))
    damaged = tmp_path / "other.jsonl.gz"
    damaged.write_bytes(b"\x1f\x8b\x08no gzip at all")
    with pytest.raises(StorageFailed, match=r"other\.jsonl\.gz"):
        db.ingest([path, damaged])
    assert delivered(db) == NAMES


def some_damaged(folder: Path) -> list[Path]:
    """Five sources, the second and the fourth of which cannot be read."""
    packed = gzip.compress(lines([1]))
    paths = [folder / name for name in ("0.jsonl", "1.jsonl.gz", "2.jsonl", "3.csv", "4.jsonl")]
    for path, data in zip(paths, [lines([0]), packed[:-9], lines([2]), b"id,id\n1,2\n", lines([4])], strict=True):
        path.write_bytes(data)
    return paths


def test_sources_after_one_that_cannot_be_read_are_taken(db: Lake, tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"1\.jsonl\.gz") as raised:
        db.ingest(some_damaged(tmp_path))
    assert delivered(db) == ["e0", "e1", "e2", "e4"]
    own, others = str(raised.value.hint).split("repeat; ")
    assert own.startswith("the records before the damage are kept")
    assert others == f"1 more could not be read: {tmp_path / '3.csv'}; the other 3 were taken"


def test_strict_ends_at_the_first_source_that_cannot_be_read(db: Lake, tmp_path: Path) -> None:
    with pytest.raises(DamagedFile) as raised:
        db.ingest(some_damaged(tmp_path), strict=True)
    assert "taken" not in str(raised.value.hint)
    assert delivered(db) == []


def test_progress_is_told_after_each_block(db: Lake) -> None:
    told: list[Ingested] = []
    with db.taking(TakingOptions(progress=told.append)) as taking:
        taking.take_records(records(range(2)), name="a", identity="a", deduplicated=True)
        taking.take_records([*records([2]), NO_VALUE], name="b", identity="b", deduplicated=True)
    assert [(each.records, each.events, each.rejected_count) for each in told] == [(2, 2, 0), (4, 3, 1)]


# All or nothing


def test_strict_takes_nothing_when_the_last_of_several_sources_has_a_bad_record(db: Lake, tmp_path: Path) -> None:
    for number, data in enumerate([lines([0]), lines([1]), lines([2]) + b'{"id": 1}\n']):
        (tmp_path / f"{number}.jsonl").write_bytes(data)
    acks: list[int] = []
    with pytest.raises(EventsRejected, match=r"line 2 of .*2\.jsonl"):
        db.ingest(tmp_path / "*.jsonl", strict=True, on_ack=lambda segment, count: acks.append(count))
    assert acks == []
    assert [path.name for path in db.directory.spool.iterdir()] == ["deliver.lock"]
    assert delivered(db) == []
    assert rejections(db) == []


def test_strict_takes_everything_at_once_when_all_are_events(db: Lake, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.jsonl").write_bytes(lines([number]))
    acks: list[int] = []
    done = db.ingest(tmp_path / "*.jsonl", strict=True, on_ack=lambda segment, count: acks.append(count))
    assert acks == [3]
    assert (done.events, done.delivery.new) == (3, 3)


def test_strict_leaves_alone_what_others_have_taken(db: Lake) -> None:
    db.ingest(records([0]), source="s", deliver=False)
    with pytest.raises(EventsRejected):
        db.ingest([NO_VALUE], strict=True)
    assert delivered(db) == ["e0"]


@pytest.mark.parametrize("strict", [True, False])
def test_what_is_not_delivered_at_once_is_when_the_lake_is_closed(tmp_path: Path, strict: bool) -> None:
    lake.create_lake(tmp_path)
    with lake.connect(tmp_path) as db:
        done = db.ingest(records(range(5)), source="s", deliver=False, strict=strict)
        assert (done.events, done.delivery.new) == (5, 0)
        assert list(db.tables("default")) == []
        assert spooled(db) == NAMES
    with lake.connect(tmp_path) as db:
        assert delivered(db) == NAMES
        assert segments(db) == []


def test_a_lake_that_took_nothing_delivers_nothing_when_it_is_closed(db: Lake) -> None:
    db.ingest(records([0]), source="s", deliver=False)
    with lake.connect(db.directory.path) as other:
        other.query("SELECT 1")
    assert spooled(db) == ["e0"]


def test_several_ingests_without_delivery_share_a_segment(db: Lake) -> None:
    names: list[str] = []
    for number in range(5):
        db.ingest(records([number]), source="s", deliver=False, on_ack=lambda segment, count: names.append(segment))
    assert len(set(names)) == 1
    assert db.deliver().new == 5


def test_enough_events_are_delivered_without_being_asked_for(tmp_path: Path) -> None:
    directory = lake.create_lake(tmp_path).directory
    settings = directory.control / "lake.toml"
    settings.write_text(settings.read_text().replace('# deliver_bytes = "64MiB"', 'deliver_bytes = "1KB"'))
    with lake.connect(tmp_path) as db:
        done = db.ingest(records(range(100)), source="s", deliver=False)
        assert done.delivery.new == 100


# What is no event


def test_everything_is_taken_though_nothing_can_be_delivered_on_the_way(tmp_path: Path) -> None:
    lake.create_lake(tmp_path)
    settings = tmp_path / ".tap-lake" / "lake.toml"
    settings.write_text(settings.read_text().replace('# deliver_bytes = "64MiB"', 'deliver_bytes = "1KB"'))
    with lake.connect(tmp_path) as db:
        db.query("CREATE EXTERNAL TABLE readings (id string) STORED AS PARQUET LOCATION 'mine/'")
        with pytest.raises(WriteRefused):
            db.ingest(records(range(25_000)), source="s")
        assert len(spooled(db)) == 25_000


def test_what_is_rejected_is_kept_with_its_bytes_and_the_rest_is_taken(db: Lake, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    bad = [b'{"id": "\xff"}', b"{", b'{"id": "a", "ts": "2026-02-01", "value": 1e999}']
    path.write_bytes(bad[0] + b"\n" + lines(range(5)) + bad[1] + b"\r\n" + bad[2])
    done = db.ingest(path)
    assert (done.records, done.events, done.rejected_count) == (8, 5, 3)
    kept = rejections(db)
    assert [(each.line, each.raw.rstrip(b"\r\n")) for each in kept] == [(1, bad[0]), (7, bad[1]), (8, bad[2])]
    assert {each.source for each in kept} == {str(path)}
    assert [each.reason for each in kept] == [str(reason) for reason in done.rejected]
    assert delivered(db) == NAMES


def test_a_record_is_kept_once_however_many_of_its_parts_are_rejected(db: Lake) -> None:
    wide = {"id": "a", "ts": "2026-02-01", "x": "no number", "y": "none", "z": 1}
    done = db.ingest([wide], source="s", melt=("x", "y", "z"))
    assert (done.events, done.rejected_count) == (1, 2)
    assert [each.line for each in rejections(db)] == [1]


def test_a_record_without_any_of_the_melted_columns_is_kept(db: Lake, tmp_path: Path) -> None:
    path = tmp_path / "wide.jsonl"
    rows = [NO_VALUE | {"temp": 1}, NO_VALUE | {"metric": "x", "value": 3}, NO_VALUE | {"temp": None}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for done in (db.ingest(path, melt=("temp", "humid")), db.ingest(rows, source="s", melt=("temp", "humid"))):
        assert (done.records, done.events, done.rejected) == (3, 1, {Reason.NOT_WIDE: 1})
    assert [each.line for each in rejections(db)] == [2, 2]
    assert db.retry_rejected(TakingOptions()).events == 2


RETRIES = {
    "the same mapping": FieldMap(melt=("temp", "humid")),
    "what was taken": FieldMap(melt=("humid",)),
    "what was not": FieldMap(melt=("temp",)),
    "another name": FieldMap({"temp": "value", "humid": "metric"}),
    "the other as the value": FieldMap({"humid": "value"}),
    "no mapping": FieldMap(),
}


@pytest.mark.parametrize("kind", ["csv", "jsonl", "objects"])
@pytest.mark.parametrize("mapping", RETRIES.values(), ids=RETRIES)
def test_a_record_of_which_a_part_was_taken_gives_that_part_no_more(
    db: Lake, tmp_path: Path, kind: str, mapping: FieldMap
) -> None:
    row = {"id": "w", "ts": "2026-05-01T00:00:00Z", "temp": "broken", "humid": 5}
    path = tmp_path / f"wide.{kind}"
    path.write_text(json.dumps(row) if kind == "jsonl" else "id,ts,temp,humid\nw,2026-05-01T00:00:00Z,broken,5\n")
    db.ingest([row] if kind == "objects" else path, source="s", melt=("temp", "humid"))
    for _ in range(2):
        done = db.retry_rejected(TakingOptions(mapping))
        assert (done.events, done.rejected_count) == (0, 1)
    assert [each.taken for each in rejections(db)] == [{"humid"}]
    assert delivered(db, "metric || cast(cast(value as integer) as varchar)") == ["humid5"]


def test_a_record_is_taken_again_without_what_was_taken_of_it(db: Lake) -> None:
    row = NO_VALUE | {"temp": "broken", "humid": 5, "wind": 3, "value": 7}
    db.ingest([row], source="s", melt=("temp", "humid"))
    done = db.retry_rejected(TakingOptions(FieldMap({"temp": ""}, ("wind", "humid"))))
    assert (done.events, done.rejected_count) == (1, 0)
    assert delivered(db, "metric || json_format(cast(attributes as json))") == ['humid{"wind":"3"}', "wind{}"]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_rejected_line_of_csv_may_have_any_line_ends_within_quotes(db: Lake, tmp_path: Path, end: str) -> None:
    path = tmp_path / "notes.csv"
    path.write_text(f'id,ts,val,note\na,2026-02-01,1,"l1{end}l2"\nb,2026-02-01,2,x\n', newline="")
    assert db.ingest(path).rejected_count == 2
    assert db.retry_rejected(TakingOptions(FieldMap({"val": "value"}))).events == 2


ODD: list[object] = [
    5,
    None,
    "text",
    b"bytes",
    [1, 2],
    {},
    {(1, 2): 3},
    {1: 2},
    {"id": "a", "x": {(1, 2): 3}},
    {"id": "\ud800"},
    {"id": object()},
    {"id": "a", "ts": datetime(2026, 2, 1, tzinfo=UTC), "value": float("nan")},
]


@pytest.mark.parametrize("record", ODD, ids=range(len(ODD)))
def test_any_object_that_is_no_event_is_kept_as_text(db: Lake, record: object) -> None:
    done = db.ingest(iter([record, GOOD]), source="s")
    assert (done.records, done.events, done.rejected_count) == (2, 1, 1)
    assert len(rejections(db)) == 1


def test_an_attribute_of_any_kind_is_text(db: Lake) -> None:
    circle: list[object] = []
    circle.append(circle)
    done = db.ingest([GOOD | {"x": {(1, 2): 3}, "y": circle, (3, 4): 5}], source="s")  # type: ignore[operator]
    assert done.events == 1
    assert delivered(db, "attributes['x']") == ["{(1, 2): 3}"]


def test_an_attribute_may_have_any_name(db: Lake) -> None:
    done = db.ingest([GOOD | {"attributes": {1: 2, (3, 4): 5}}], source="s")  # type: ignore[operator]
    assert (done.events, done.rejected_count) == (1, 0)
    assert delivered(db, "json_format(cast(attributes as json))") == ['{"(3, 4)":"5","1":"2"}']


# Sources


def test_sources_whose_records_cannot_be_told_from_earlier_ones_are_named(db: Lake, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines([0]))
    nameless = {"id": "a", "ts": "2026-02-01", "value": 1}
    assert db.ingest([nameless]).unknown == ("records",)
    assert db.ingest(columns().drop_columns("event_id")).unknown == ("data",)
    assert len(db.ingest(io.BytesIO(json.dumps(nameless).encode())).unknown) == 1
    assert db.ingest([nameless], source="s").unknown == ()
    # An event_id tells it from all others.
    assert db.ingest(records([0])).unknown == ()
    assert db.ingest(columns()).unknown == ()
    assert db.ingest(io.BytesIO(lines([0]))).unknown == ()
    assert db.ingest(path).unknown == ()
    assert db.ingest(columns(), source="s").unknown == ()


def anonymous(count: int) -> list[dict[str, object]]:
    return [{"id": "a", "ts": "2026-02-01", "value": number % 2} for number in range(count)]


def test_a_source_taken_again_gives_nothing_new_and_one_that_has_grown_only_what_is(db: Lake) -> None:
    assert db.ingest(anonymous(4), source="s").delivery.new == 4
    assert db.ingest(anonymous(4), source="s").delivery.new == 0
    assert db.ingest(anonymous(6), source="s").delivery.new == 2
    assert db.ingest(anonymous(6), source="other").delivery.new == 6
    assert db.ingest(anonymous(6)).delivery.new == 6


def test_the_last_line_of_json_waits_until_it_is_whole(db: Lake, tmp_path: Path) -> None:
    path = tmp_path / "growing.jsonl"
    whole = lines([0, 1])
    path.write_bytes(whole[:-20])
    done = db.ingest(path)
    assert (done.records, done.events, done.rejected_count) == (1, 1, 0)
    assert done.notes == (
        f"{path}: its last line has no end: if it is still being written, it is taken when it is whole",
    )
    with pytest.raises(EventsRejected, match="not JSON"):
        db.ingest(path, strict=True)
    path.write_bytes(whole[:-1])
    done = db.ingest(path)
    assert (done.records, done.delivery.new, done.notes, rejections(db)) == (2, 1, (), [])


@pytest.mark.parametrize("end", ["", "\n", "\r", "\n ", "\n\n"])
def test_the_last_line_of_csv_is_taken_and_told_if_it_has_no_end(db: Lake, tmp_path: Path, end: str) -> None:
    path = tmp_path / "growing.csv"
    path.write_text(f"id,ts,value\na,2026-02-01,20\na,2026-02-02,21{end}", newline="")
    done = db.ingest(path)
    told = (f"{path}: its last line has no end: if it is still being written, it was taken too early",)
    assert (done.events, done.notes) == (2, () if end else told)


@pytest.mark.parametrize("packed", [True, False])
def test_half_a_last_line_that_cannot_become_whole_is_kept(db: Lake, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl.gz"
    path.write_bytes(gzip.compress(lines([0])[:-20]))
    done = db.ingest(path if packed else io.BytesIO(lines([0])[:-20]), source="s")
    assert (done.rejected_count, len(rejections(db)), done.notes) == (1, 1, ())


def test_a_file_taken_again_gives_nothing_new_wherever_it_lies_and_however_it_is_packed(
    db: Lake, tmp_path: Path
) -> None:
    text = "id,ts,value\n" + "".join(f"a,2026-02-01,{number % 2}\n" for number in range(4))
    path = tmp_path / "events.csv"
    path.write_text(text)
    assert db.ingest(path).delivery.new == 4
    (tmp_path / "copy.csv").write_text(text)
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert db.ingest(tmp_path / "copy.csv").delivery.new == 0
    assert db.ingest(tmp_path / "packed.csv.gz").delivery.new == 0
    with path.open("a") as file:
        file.write("a,2026-02-01,5\n")
    assert db.ingest(path).delivery.new == 1


def test_the_same_records_are_the_same_events_whatever_holds_them(db: Lake) -> None:
    rows = anonymous(4)
    assert db.ingest(rows, source="s").delivery.new == 4
    assert db.ingest(pd.DataFrame(rows), source="s").delivery.new == 0
    assert db.ingest(pl.DataFrame(rows), source="s").delivery.new == 0
    assert db.ingest(pa.Table.from_pylist(rows), source="s").delivery.new == 0


def test_seeded_events_come_out_as_the_truth_has_them(db: Lake, tmp_path: Path) -> None:
    truth = make_truth(seed=3, good=300)
    path = tmp_path / "events.jsonl"
    path.write_bytes(truth.lines())
    done = db.ingest(path)
    assert (done.records, done.rejected_count) == (len(truth.sent), len(truth.bad))
    assert done.delivery.new == len(truth.rows)
    assert truth_of(db) == sorted((row.identity, row.value, row.attributes, row.dt) for row in truth.rows)
    assert [each.raw.rstrip(b"\n") for each in rejections(db)] == [record.line for record in truth.bad]


def truth_of(db: Lake) -> list[tuple[object, ...]]:
    rows = db.query("SELECT * FROM readings").to_arrow().to_pylist()
    return sorted(
        (
            (
                row["id"],
                row["metric"],
                f"{row['ts']:%Y-%m-%dT%H:%M:%S}.{row['ts'].microsecond // 1000:03d}Z",
                row["event_id"],
            ),
            row["value"],
            tuple(sorted(row["attributes"])),
            row["dt"],
        )
        for row in rows
    )


def test_options_of_a_source_are_heeded(db: Lake, tmp_path: Path) -> None:
    path = tmp_path / "events.data"
    path.write_text("a;2026-02-01;1\n")
    options = SourceOptions(format="csv", delimiter=";", columns=("id", "ts", "value"))
    assert db.ingest(path, source=options).events == 1
