"""Each acknowledged event gets into the table once, on its own day, whatever others do to the table meanwhile."""

import errno
import multiprocessing
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lake
from lake import Lake
from lake.clock import FixedClock
from lake.errors import DamagedFile, DiskFull, ReadOnlyLake, StorageFailed, WriteRefused
from lake.ingest.delivery import NOTHING, Delivery
from lake.ingest.frames import LINES
from lake.ingest.merging import SMALL_FILES, files_to_merge
from lake.ingest.portions import Portion, portions_of
from lake.ingest.segments import TITLE, Frame, Segment, read_frames, read_segment
from lake.model import StoredObject, TableName
from lake.storage.faults import reading
from tests.ingest.readings import START, delivered, event, events, files, lines, segments, spooled
from tests.storage.disks import fill, mounted_disk, remount

T = TypeVar("T")
processes = multiprocessing.get_context("spawn")


def spool(db: Lake, *frames: Iterable[int], day: int = 0) -> Path:
    """Leave a segment in the spool, as a process that was killed does."""
    writer = db._parts.events.spool.new_segment()
    for frame in frames:
        writer.append(events(frame, day=day))
    writer.seal()
    return writer.path


def deliver(db: Lake, *frames: Iterable[int], day: int = 0) -> Delivery:
    spool(db, *frames, day=day)
    return db.deliver()


def names(numbers: Iterable[int]) -> list[str]:
    return sorted(f"e{number}" for number in numbers)


# Nothing doubled


def test_events_are_delivered_and_leave_the_spool(db: Lake) -> None:
    assert deliver(db, range(5), range(5, 8)) == Delivery(segments=1, events=8, new=8, files=1)
    assert delivered(db) == names(range(8))
    assert segments(db) == []
    assert db._parts.events.deliverer._delivered.names() == []


def test_delivering_nothing_makes_no_table(db: Lake) -> None:
    assert db.deliver() == NOTHING
    assert list(db.tables("default")) == []


def test_an_event_in_two_segments_is_delivered_once(db: Lake) -> None:
    spool(db, [1, 2], [2, 3])
    spool(db, [3, 4])
    done = db.deliver()
    assert (done.events, done.new, done.duplicates) == (6, 4, 2)
    assert delivered(db) == names([1, 2, 3, 4])


def test_an_event_that_the_table_has_is_not_delivered_again(db: Lake) -> None:
    deliver(db, [1, 2, 3])
    assert deliver(db, [2, 3, 4]) == Delivery(segments=1, events=3, new=1, files=1)
    assert deliver(db, [1, 4]) == Delivery(segments=1, events=2, new=0, files=0)
    assert delivered(db) == names([1, 2, 3, 4])
    assert len(files(db)) == 2


def test_events_that_share_an_event_id_and_differ_otherwise_are_all_there(db: Lake) -> None:
    shared = [
        {"id": id_, "ts": f"2026-02-01T00:00:0{second}Z", "metric": metric, "value": 1, "event_id": "same"}
        for id_ in "ab"
        for second in range(2)
        for metric in "xy"
    ]
    db.ingest(shared, source="first")
    again = db.ingest([*shared, shared[0] | {"id": "c"}], source="second")
    assert again.delivery.new == 1
    assert delivered(db, "id || metric || date_format(ts, '%Y-%m-%d %H:%i:%s')") == sorted(
        f"{each['id']}{each['metric']}{str(each['ts'])[:-1].replace('T', ' ')}"
        for each in [*shared, shared[0] | {"id": "c"}]
    )


IDS = st.sampled_from("ab")
STEPS = st.lists(
    st.lists(st.tuples(IDS, st.integers(0, 2), st.sampled_from("xy"), st.integers(0, 3)), min_size=1, max_size=8),
    min_size=1,
    max_size=4,
)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.data())
def test_whatever_is_repeated_the_table_has_each_identity_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[str, int, str, int]]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("lake")
    lake.create_lake(folder)
    sent = set()
    with lake.connect(folder) as db:
        for step in steps:
            batch = [
                {"id": id_, "ts": START + timedelta(days=day), "metric": metric, "value": 1, "event_id": f"e{number}"}
                for id_, day, metric, number in step
            ]
            sent |= set(step)
            done = db.ingest(batch, source="s", deliver=data.draw(st.booleans()))
            assert done.events == len(step)
        db.deliver()
        found = db.query("SELECT id, dt, metric, event_id FROM readings").to_arrow().to_pylist()
    expected = [(id_, f"2026-02-0{day + 1}", metric, f"e{number}") for id_, day, metric, number in sent]
    assert sorted(tuple(row.values()) for row in found) == sorted(expected)
    shutil.rmtree(folder)


# Where events go


def test_late_events_go_to_their_own_day(db: Lake) -> None:
    deliver(db, range(3), day=40)
    deliver(db, range(3), day=0)
    deliver(db, range(3), day=-700)
    assert delivered(db, "dt || ' ' || event_id") == [
        f"{day} {name}" for day in ("2024-03-03", "2026-02-01", "2026-03-13") for name in names(range(3))
    ]
    assert all(f"dt={pq.read_table(path)['ts'][0].as_py():%Y-%m-%d}" == path.parent.name for path in files(db))


def test_the_last_and_the_first_moment_of_a_day_are_told_apart(db: Lake) -> None:
    moments = ["2026-02-01T23:59:59.999Z", "2026-02-02T00:00:00Z", "1970-01-01T00:00:00Z", "2200-12-31T23:59:59.999Z"]
    db.ingest([{"id": "a", "ts": ts, "value": 1} for ts in moments], source="s")
    found = delivered(db, "dt || ' ' || cast(ts as varchar)")
    assert found == [
        "1970-01-01 1970-01-01 00:00:00.000",
        "2026-02-01 2026-02-01 23:59:59.999",
        "2026-02-02 2026-02-02 00:00:00.000",
        "2200-12-31 2200-12-31 23:59:59.999",
    ]


def test_one_delivery_goes_to_as_many_days_as_it_has(db: Lake) -> None:
    writer = db._parts.events.spool.new_segment()
    for day in range(60):
        writer.append(events([day], day=day))
    writer.seal()
    assert db.deliver() == Delivery(segments=1, events=60, new=60, files=60)
    assert len(set(delivered(db, "dt"))) == 60


HOURS = ["2026-02-01T00:00", "2026-02-01T23:00", "2026-02-01T23:59:59.999", "2026-02-02T00:00"]


def test_a_lake_may_partition_by_the_hour(tmp_path: Path) -> None:
    lake.create_lake(tmp_path)
    settings = tmp_path / ".tap-lake" / "lake.toml"
    settings.write_text(settings.read_text().replace('# partition_by = "day"', 'partition_by = "hour"'))
    with lake.connect(tmp_path) as db:
        for number in range(SMALL_FILES + 2):
            db.ingest([{"id": "a", "ts": ts, "value": number, "event_id": f"{number}"} for ts in HOURS])
        rows = db.query("SELECT dt, hour, count(*) FROM readings GROUP BY 1, 2 ORDER BY 1, 2").fetch_all()
        assert rows == [
            ("2026-02-01", "00", SMALL_FILES + 2),
            ("2026-02-01", "23", 2 * (SMALL_FILES + 2)),
            ("2026-02-02", "00", SMALL_FILES + 2),
        ]
        assert db.query("SELECT count(*) FROM readings_distinct WHERE hour = '23'").fetch_all() == [
            (2 * (SMALL_FILES + 2),)
        ]
        assert db.ingest([{"id": "a", "ts": HOURS[0], "value": 0, "event_id": "0"}]).delivery.duplicates == 1
        assert len(files(db)) < 3 * SMALL_FILES


def test_files_are_sorted_by_id_and_time_and_compressed_with_zstd(db: Lake) -> None:
    deliver(db, range(500, 200, -1), range(200))
    (path,) = files(db)
    rows = [(row["id"], row["ts"]) for row in pq.read_table(path, columns=["id", "ts"]).to_pylist()]
    assert rows == sorted(rows)
    group = pq.ParquetFile(path).metadata.row_group(0)
    assert {group.column(place).compression for place in range(group.num_columns)} == {"ZSTD"}


def test_attributes_and_values_are_as_they_were_sent(db: Lake) -> None:
    deliver(db, [7])
    (row,) = db.query("SELECT * FROM readings").to_arrow().to_pylist()
    sent = event(7)
    assert (row["id"], row["metric"], row["value"], row["event_id"]) == (sent.id, sent.metric, sent.value, "e7")
    assert row["ts"] == sent.ts.replace(tzinfo=None)
    assert dict(row["attributes"]) == {"site": "JFK"}
    assert row["dt"] == "2026-02-01"


def test_readings_distinct_has_doubled_rows_once(db: Lake) -> None:
    deliver(db, range(3))
    shutil.copy(files(db)[0], files(db)[0].with_name("by-hand.parquet"))
    assert len(delivered(db)) == 6
    rows = db.query("SELECT * FROM readings_distinct").to_arrow()
    assert sorted(rows["event_id"].to_pylist()) == names(range(3))
    assert rows.column_names == ["id", "ts", "metric", "value", "event_id", "attributes", "dt"]


def test_readings_distinct_is_made_again_for_a_table_of_other_keys(tmp_path: Path) -> None:
    lake.create_lake(tmp_path)
    settings = tmp_path / ".tap-lake" / "lake.toml"
    settings.write_text(settings.read_text().replace('# partition_by = "day"', 'partition_by = "hour"'))
    with lake.connect(tmp_path) as db:
        deliver(db, [0])
        db.query("DROP TABLE readings")
        shutil.rmtree(db.directory.data / "default" / "readings")
    settings.write_text(settings.read_text().replace('"hour"', '"day"'))
    with lake.connect(tmp_path) as db:
        assert deliver(db, [1]).problems == ()
        assert db.query("SELECT event_id, dt FROM readings_distinct").fetch_all() == [("e1", "2026-02-01")]
        assert [column.name for column in db.table("readings_distinct").columns][-1] == "dt"


@pytest.mark.parametrize(
    "made", ["VIEW readings_distinct AS SELECT 1 AS id", "EXTERNAL TABLE readings_distinct (id int) LOCATION 'x/'"]
)
def test_what_a_user_calls_readings_distinct_is_left_alone(db: Lake, made: str) -> None:
    db.query(f"CREATE {made}")
    assert deliver(db, [0]) == Delivery(segments=1, events=1, new=1, files=1)
    assert [column.name for column in db.table("readings_distinct").columns] == ["id"]


def test_events_are_delivered_though_the_view_cannot_be_made(db: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    query = db.query

    def refusing(sql: str, **given: object) -> object:
        if "VIEW" in sql:
            raise lake.errors.CatalogFailed("the catalog is in a bad mood")
        return query(sql, **given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(db, "query", refusing)
        done = deliver(db, [0])
    assert (done.new, done.problems) == (
        1,
        ("view 'default.readings_distinct' could not be made: the catalog is in a bad mood",),
    )
    assert delivered(db) == ["e0"]
    assert deliver(db, [1]).problems == ()
    assert db.query("SELECT count(*) FROM readings_distinct").fetch_all() == [(2,)]


def test_doubled_rows_in_files_put_by_hand_do_not_disturb_a_delivery(db: Lake) -> None:
    deliver(db, range(3))
    shutil.copy(files(db)[0], files(db)[0].with_name("by-hand.parquet"))
    assert deliver(db, range(5)).new == 2
    assert delivered(db) == sorted([*names(range(3)), *names(range(5))])


def test_many_segments_are_put_together_without_counting_all_again_for_each(
    db: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = read_segment(spool(db, [0])).frames[0]
    counted: Counter[Path] = Counter()

    def memory(segment: Segment) -> int:
        counted[segment.path] += 1
        return 100

    monkeypatch.setattr(Segment, "memory", property(memory))
    monkeypatch.setattr(db._parts.events.deliverer, "_bytes_at_once", 300)
    monkeypatch.setattr("lake.ingest.delivery.read_segment", lambda path: Segment(path, (frame,), sealed=True))
    monkeypatch.setattr(db._parts.events.spool, "waiting", lambda: [Path(f"{number}.events") for number in range(7)])
    assert [len(batch) for batch, _ in db._parts.events.deliverer._batches()] == [3, 3, 1]
    assert max(counted.values()) <= 2


# A large segment, delivered in portions


@pytest.fixture
def small_portions(db: Lake, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake that delivers a frame at a time."""
    monkeypatch.setattr(db._parts.events.deliverer, "_bytes_at_once", 1)
    return db


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        ([], [[]]),
        ([10], [[10]]),
        ([99, 5], [[99, 5]]),
        ([50, 50, 5], [[50, 50], [5]]),
        ([100, 100], [[100], [100]]),
        ([60, 60, 60, 60, 60], [[60, 60], [60, 60], [60]]),
        ([500, 1], [[500], [1]]),
    ],
)
def test_a_portion_ends_as_soon_as_it_takes_as_much_as_it_may(memory: list[int], expected: list[list[int]]) -> None:
    frames = tuple(Frame(LINES, 1, 0, 0, size, 1000 * place, 900) for place, size in enumerate(memory))
    portions = list(portions_of(Segment(Path("a.events"), frames, sealed=True), 0, 100))
    assert [[frame.memory for frame in portion.part.frames] for portion in portions] == expected
    assert [portion.until for portion in portions] == [
        *(portion.part.frames[-1].end for portion in portions[:-1]),
        None,
    ]


def test_a_large_segment_is_delivered_in_portions(small_portions: Lake) -> None:
    done = deliver(small_portions, range(3), range(2, 5), range(5, 9))
    assert done == Delivery(segments=1, events=10, new=9, files=3)
    assert delivered(small_portions) == names(range(9))
    assert segments(small_portions) == []
    assert journal(small_portions) == []


def journal(db: Lake) -> list[tuple[object, ...]]:
    with db.catalog.transaction() as connection:
        return connection.execute("SELECT * FROM journal").fetchall()


def deliver_until_it_fails(db: Lake, monkeypatch: pytest.MonkeyPatch, portion: int) -> None:
    """Deliver what waits up to the n-th portion, for which the disk has no room."""
    real, calls = db._parts.events.deliverer._append, count(1)

    def append(name: TableName, batch: Sequence[Portion]) -> tuple[Delivery, list[Portion]]:
        if next(calls) == portion:
            raise DiskFull("there is no room")
        return real(name, batch)

    with monkeypatch.context() as patch:
        patch.setattr(db._parts.events.deliverer, "_append", append)
        with pytest.raises(DiskFull):
            db.deliver()


@pytest.mark.parametrize("portion", [1, 2, 3])
def test_a_delivery_goes_on_with_the_portion_that_it_came_to(
    small_portions: Lake, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    db = small_portions
    spool(db, [0, 1], [2, 3], [4, 5])
    deliver_until_it_fails(db, monkeypatch, portion)
    assert delivered(db) == names(range(2 * (portion - 1)))
    done = db.deliver()
    assert (done.segments, done.events, done.new) == (1, 8 - 2 * portion, 8 - 2 * portion)
    assert delivered(db) == names(range(6))
    assert (segments(db), journal(db)) == ([], [])


def test_a_delivery_goes_on_by_another_measure(small_portions: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    db = small_portions
    spool(db, [0, 1], [2, 3], [4, 5], [6])
    deliver_until_it_fails(db, monkeypatch, 2)
    monkeypatch.setattr(db._parts.events.deliverer, "_bytes_at_once", 1 << 20)
    assert db.deliver() == Delivery(segments=1, events=5, new=5, files=1)


def test_what_follows_a_portion_that_cannot_be_read_waits_for_it(
    small_portions: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = small_portions
    path = spool(db, [0, 1], [2, 3], [4, 5])
    spool(db, [6])
    bad = read_segment(path).frames[1]

    def read(segment: Segment) -> Iterator[pa.RecordBatch]:
        if bad in segment.frames:
            raise StorageFailed("that frame cannot be read")
        return read_frames(segment)

    with monkeypatch.context() as patch:
        patch.setattr("lake.ingest.fresh.read_frames", read)
        assert db.deliver() == Delivery(segments=1, events=3, new=3, files=2, problems=("that frame cannot be read",))
    assert segments(db) == [path]
    assert db.deliver() == Delivery(segments=1, events=4, new=4, files=2)
    assert delivered(db) == names(range(7))


def test_damage_is_told_with_the_last_portion(small_portions: Lake) -> None:
    path = spool(small_portions, range(3), range(3, 6), range(6, 9))
    data = bytearray(path.read_bytes())
    data[read_segment(path).frames[1].offset] ^= 1
    path.write_bytes(data)
    done = small_portions.deliver()
    assert delivered(small_portions) == names([0, 1, 2, 6, 7, 8])
    (problem,) = done.problems
    assert "its 6 whole events are delivered, the file is kept as" in problem
    assert journal(small_portions) == []


def test_a_segment_that_is_removed_half_delivered_is_forgotten(
    small_portions: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = small_portions
    path = spool(db, [0], [1])
    deliver_until_it_fails(db, monkeypatch, 2)
    path.unlink()
    assert db.deliver() == NOTHING
    assert journal(db) == []


# What a user does to the table


def test_a_column_that_a_user_added_is_null_in_new_events_and_kept_in_old_ones(db: Lake) -> None:
    deliver(db, [0])
    db.query("ALTER TABLE readings ADD COLUMNS (note string, level int)")
    row = (
        db.query("SELECT * FROM readings").to_arrow().select(["id", "ts", "metric", "value", "event_id", "attributes"])
    )
    row = row.append_column("note", pa.array(["mine"])).append_column("level", pa.array([3], pa.int32()))
    db.write(row.append_column("dt", pa.array(["2026-02-05"])), "readings")
    for number in range(12):
        deliver(db, [number], day=4)
    assert len(files(db)) <= 1 + SMALL_FILES
    found = db.query("SELECT note, level, count(*) AS n FROM readings GROUP BY 1, 2 ORDER BY 1").to_arrow().to_pylist()
    assert found == [{"note": "mine", "level": 3, "n": 1}, {"note": None, "level": None, "n": 13}]


def test_after_drop_table_the_files_that_stay_are_not_doubled(db: Lake) -> None:
    deliver(db, range(3))
    db.query("DROP TABLE readings")
    assert deliver(db, range(5)).new == 2
    assert delivered(db) == names(range(5))


@pytest.mark.parametrize("sql", ["DROP TABLE readings", "ALTER TABLE readings DROP PARTITION (dt = '2026-02-01')"])
def test_known_events_whose_files_are_in_no_partition_are_there_again(db: Lake, sql: str) -> None:
    deliver(db, range(3))
    deliver(db, range(3), day=1)
    db.query(sql)
    spool(db, range(2))
    spool(db, range(3), day=1)
    done = db.deliver()
    assert (done.new, done.duplicates) == (0, 5)
    assert delivered(db, "dt || event_id") == sorted(
        f"{dt}{name}" for dt in ("2026-02-01", "2026-02-02") for name in names(range(3))
    )
    assert len(files(db)) == 2
    assert deliver(db, range(5)).new == 2
    assert delivered(db) == sorted([*names(range(5)), *names(range(3))])


def test_what_lies_below_a_day_by_the_hour_is_known_and_read_by_the_day(tmp_path: Path) -> None:
    lake.create_lake(tmp_path)
    settings = tmp_path / ".tap-lake" / "lake.toml"
    by_day = settings.read_text()
    settings.write_text(by_day.replace('# partition_by = "day"', 'partition_by = "hour"'))
    with lake.connect(tmp_path) as db:
        deliver(db, range(0, 7200, 600))
        db.query("DROP TABLE readings")
    settings.write_text(by_day)
    with lake.connect(tmp_path) as db:
        assert deliver(db, range(0, 3600, 600)).new == 0
        assert delivered(db) == names(range(0, 7200, 600))
        assert deliver(db, range(0, 10_800, 600)).new == 6
        assert delivered(db) == names(range(0, 10_800, 600))
        assert [partition.values for partition in db.partitions.list("readings")] == [("2026-02-01",)]


def test_an_overwritten_day_gets_what_comes_next(db: Lake) -> None:
    deliver(db, range(5))
    rows = db.query("SELECT * FROM readings WHERE event_id IN ('e0', 'e1')").to_arrow()
    db.write(rows, "readings", mode="overwrite_partitions")
    assert deliver(db, range(1, 7)).new == 5
    assert delivered(db) == names(range(7))


def meanwhile(db: Lake, numbers: Iterable[int], act: object) -> Delivery:
    """Deliver events while `act` is done between the look at the table and the commit."""
    spool(db, numbers)
    writer = db._parts.writer
    append, acts = writer.append_files, iter([act])

    class Acting:
        def __getattr__(self, name: str) -> object:
            return getattr(writer, name)

        def append_files(self, *given: object) -> object:
            for todo in acts:
                todo()  # type: ignore[operator]
            return append(*given)  # type: ignore[arg-type]

    db._parts.events.deliverer._writer = Acting()  # type: ignore[assignment]
    return db.deliver()


def test_a_day_that_is_overwritten_meanwhile_is_looked_at_again(db: Lake) -> None:
    deliver(db, range(3))
    everything = db.query("SELECT * FROM readings").to_arrow()
    later = pa.Table.from_pylist(
        [everything.to_pylist()[0] | {"event_id": "e3", "id": "s0", "ts": event(3).ts.replace(tzinfo=None)}],
        everything.schema,
    )

    def overwrite() -> None:
        db.write(pa.concat_tables([everything, later]), "readings", mode="overwrite_partitions")

    assert meanwhile(db, range(6), overwrite).new == 3 - 1
    assert [
        row["event_id"] for row in db.query("SELECT * FROM readings ORDER BY event_id").to_arrow().to_pylist()
    ] == names(range(6))


def test_a_day_whose_events_are_all_known_and_that_is_overwritten_meanwhile_is_looked_at_again(db: Lake) -> None:
    deliver(db, range(3))
    rows = db.query("SELECT * FROM readings WHERE event_id = 'e0'").to_arrow()
    assert meanwhile(db, range(3), lambda: db.write(rows, "readings", mode="overwrite_partitions")).new == 2
    assert delivered(db) == names(range(3))


def test_a_column_that_is_added_meanwhile_only_makes_it_look_again(db: Lake) -> None:
    deliver(db, range(3))
    assert meanwhile(db, range(6), lambda: db.query("ALTER TABLE readings ADD COLUMNS (note string)")).new == 3
    assert db.query("SELECT count(*) - count(note) AS n FROM readings").to_arrow().to_pylist() == [{"n": 6}]


def test_a_table_that_is_dropped_meanwhile_is_made_again_by_the_next_delivery(db: Lake) -> None:
    deliver(db, range(3))
    with pytest.raises(lake.errors.TableNotFound):
        meanwhile(db, range(6), lambda: db.query("DROP TABLE readings"))
    assert len(spooled(db)) == 6
    assert db.deliver().new == 3
    assert delivered(db) == names(range(6))


def test_events_follow_a_partition_whose_location_was_moved(db: Lake) -> None:
    deliver(db, range(3))
    moved = db.directory.data / "elsewhere" / "feb1"
    moved.parent.mkdir()
    shutil.move(files(db)[0].parent, moved)
    location = db.resolve_location("elsewhere/feb1/")
    db.query(f"ALTER TABLE readings PARTITION (dt = '2026-02-01') SET LOCATION '{location}'")
    assert deliver(db, range(5)).new == 2
    assert delivered(db) == names(range(5))
    assert len(list(moved.glob("*.parquet"))) == 2
    assert files(db) == []


def test_files_in_a_folder_below_a_day_are_read_and_left_where_they_are(db: Lake) -> None:
    for number in range(SMALL_FILES - 1):
        deliver(db, [number])
    below = files(db)[0].parent / "below"
    below.mkdir()
    for path in files(db):
        path.rename(below / path.name)
    for number in range(SMALL_FILES + 2):
        deliver(db, [number, 100 + number])
    assert len(list(below.iterdir())) == SMALL_FILES - 1
    assert delivered(db) == names([*range(SMALL_FILES + 2), *range(100, 102 + SMALL_FILES)])


def test_events_wait_while_the_table_lacks_a_column_of_theirs(db: Lake) -> None:
    deliver(db, [0])
    db.query(f"ALTER TABLE readings REPLACE COLUMNS ({COLUMNS}, value double)")
    spool(db, [1])
    with pytest.raises(WriteRefused, match=r"'attributes' of 'default\.readings'"):
        db.deliver()
    assert spooled(db) == ["e1"]
    db.query("ALTER TABLE readings ADD COLUMNS (attributes map<string,string>)")
    db.deliver()
    assert delivered(db, "attributes['site']") == ["JFK", "JFK"]


COLUMNS = "id string, ts timestamp, metric string, event_id string"


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE EXTERNAL TABLE readings (id string) STORED AS PARQUET LOCATION 'mine/'", "partitioned by nothing"),
        (
            "CREATE EXTERNAL TABLE readings (id string, ts timestamp) PARTITIONED BY (dt string) STORED AS PARQUET LOCATION 'mine/'",
            "'metric' of 'default.readings'",
        ),
        (
            """CREATE EXTERNAL TABLE readings (id string, ts timestamp, metric string, value decimal(9,2), event_id string,
            attributes map<string,string>) PARTITIONED BY (dt string) STORED AS PARQUET LOCATION 'mine/'""",
            r"'value' of 'default.readings': its type is decimal\(9,2\), and events need double",
        ),
        (
            f"CREATE EXTERNAL TABLE readings ({COLUMNS}, value double) PARTITIONED BY (dt string) STORED AS PARQUET LOCATION 'mine/'",
            "'attributes' of 'default.readings'",
        ),
        (
            f"""CREATE EXTERNAL TABLE readings ({COLUMNS}, attributes map<string,string>)
            PARTITIONED BY (dt string) STORED AS PARQUET LOCATION 'mine/'""",
            "'value' of 'default.readings'",
        ),
        ("CREATE VIEW readings AS SELECT 1 AS id", "it is a view"),
    ],
)
def test_a_table_of_this_name_that_is_another_is_refused_and_events_wait(db: Lake, sql: str, reason: str) -> None:
    db.query(sql)
    spool(db, range(3))
    with pytest.raises(WriteRefused, match=reason):
        db.deliver()
    assert len(spooled(db)) == 3


def test_a_damaged_file_in_the_table_is_named_and_events_wait(db: Lake) -> None:
    deliver(db, range(3))
    bad = files(db)[0].with_name("bad.parquet")
    bad.write_bytes(b"no parquet at all")
    spool(db, range(6))
    with pytest.raises(DamagedFile, match=r"bad\.parquet"):
        db.deliver()
    bad.unlink()
    assert db.deliver().new == 3


# Merging


def test_many_small_deliveries_leave_few_files(db: Lake) -> None:
    for number in range(24):
        deliver(db, [number])
    assert len(files(db)) <= 16
    assert delivered(db) == names(range(24))
    assert db._parts.writer._parts.garbage.hidden(except_of=()) == []


def test_merged_files_stay_hidden_while_a_query_runs_and_go_with_the_next_delivery(db: Lake) -> None:
    for number in range(SMALL_FILES):
        deliver(db, [number])
    before = files(db)
    cells = ", ".join(f"r{place}.event_id AS e{place}" for place in range(7))
    joined = ", ".join(f"readings r{place}" for place in range(7))
    running = db.query(f"SELECT {cells} FROM {joined}", keep=False)
    rows = running.batches()
    read = next(rows).num_rows
    done = deliver(db, [100])
    assert done.merged == SMALL_FILES
    assert set(before) < set(files(db))
    assert delivered(db) == names([*range(SMALL_FILES), 100])
    assert read + sum(batch.num_rows for batch in rows) == SMALL_FILES**7
    running.close()
    deliver(db, [101])
    assert not set(before) & set(files(db))
    assert delivered(db) == names([*range(SMALL_FILES), 100, 101])


def test_another_table_over_the_same_files_sees_no_merged_file(db: Lake) -> None:
    for number in range(SMALL_FILES):
        deliver(db, [number])
    location = db.table("readings").location
    db.query(
        "CREATE EXTERNAL TABLE twin (event_id string) PARTITIONED BY (dt string) "
        f"STORED AS PARQUET LOCATION '{location}'"
    )
    db.query("MSCK REPAIR TABLE twin")
    cells = ", ".join(f"r{place}.event_id AS e{place}" for place in range(7))
    running = db.query(f"SELECT {cells} FROM {', '.join(f'readings r{place}' for place in range(7))}", keep=False)
    next(running.batches())
    assert deliver(db, [100]).merged == SMALL_FILES
    counted = "SELECT count(*), count(DISTINCT event_id) FROM twin"
    assert db.query(counted).fetch_all() == [(SMALL_FILES + 1, SMALL_FILES + 1)]
    db.query("DROP TABLE readings")
    assert db.query(counted).fetch_all() == [(SMALL_FILES + 1, SMALL_FILES + 1)]
    running.close()


def test_merged_files_that_nobody_delivers_after_are_left_by_a_repair_and_not_read(db: Lake, clock: FixedClock) -> None:
    for number in range(SMALL_FILES):
        deliver(db, [number])
    mark = db._parts.writer.querying()
    assert mark is not None
    deliver(db, [100])
    mark.close()
    assert len(files(db)) == SMALL_FILES + 1
    clock.advance(timedelta(hours=2))
    db.partitions.repair("readings")
    assert len(files(db)) == SMALL_FILES + 1
    assert delivered(db) == names([*range(SMALL_FILES), 100])


def test_files_put_by_hand_are_not_merged(db: Lake) -> None:
    deliver(db, [0])
    by_hand = files(db)[0].with_name("by-hand.parquet")
    pq.write_table(pq.read_table(files(db)[0]), by_hand)
    for number in range(1, 12):
        deliver(db, [number])
    assert by_hand.exists()
    assert delivered(db) == sorted([*names(range(12)), "e0"])


def test_a_column_that_a_user_took_out_of_the_table_is_not_lost_by_merging(db: Lake) -> None:
    deliver(db, [0])
    db.query("ALTER TABLE readings ADD COLUMNS (note string)")
    noted = db.query("SELECT * FROM readings").to_arrow().set_column(6, "note", pa.array(["mine"]))
    db.write(noted, "readings", mode="overwrite_partitions")
    db.query(f"ALTER TABLE readings REPLACE COLUMNS ({COLUMNS}, value double, attributes map<string,string>)")
    for number in range(1, 12):
        deliver(db, [number])
    assert delivered(db) == names(range(12))
    db.query("ALTER TABLE readings ADD COLUMNS (note string)")
    assert db.query("SELECT note FROM readings WHERE event_id = 'e0'").fetch_all() == [("mine",)]


@given(st.lists(st.integers(1, 200 << 20), max_size=40))
def test_what_is_merged_is_at_most_thrice_what_made_it_due(sizes: list[int]) -> None:
    given = [
        StoredObject(f"s3://b/20260201T000000000000-0123456789-{number:05d}.parquet", size, START)
        for number, size in enumerate(sizes)
    ]
    merged = files_to_merge(given)
    small = [file for file in given if file.size < 128 << 20]
    assert set(merged) <= set(small)
    assert bool(merged) == (len(small) >= SMALL_FILES)
    left = [file.size for file in small if file not in merged]
    assert not merged or all(size > 2 * sum(file.size for file in merged) for size in left)


# Segments that are not whole


def test_a_segment_cut_short_is_told_and_kept_and_its_whole_frames_are_delivered(db: Lake) -> None:
    path = spool(db, range(3), range(3, 6))
    path.write_bytes(path.read_bytes()[:-60])
    data = path.read_bytes()
    done = db.deliver()
    assert done.new == 3
    (problem,) = done.problems
    kept = path.parent / "damaged" / path.name
    assert problem.startswith(f"{path}: it ends within a frame")
    assert problem.endswith(f"its 3 whole events are delivered, the file is kept as {kept}")
    assert kept.read_bytes() == data
    assert segments(db) == []


def test_a_segment_that_ends_before_the_events_of_a_frame_is_told_and_goes(db: Lake) -> None:
    path = spool(db, range(3))
    path.write_bytes(path.read_bytes()[:-1])
    (problem,) = db.deliver().problems
    assert problem.endswith("its 3 whole events are delivered")
    assert not path.exists()
    assert not (path.parent / "damaged").exists()


def test_a_damaged_segment_is_kept_and_the_rest_goes_on(db: Lake) -> None:
    path = spool(db, range(3), range(3, 6))
    data = bytearray(path.read_bytes())
    data[len(TITLE) + 60] ^= 1
    path.write_bytes(data)
    spool(db, range(6, 8))
    done = db.deliver()
    assert delivered(db) == names(range(3, 8))
    (problem,) = done.problems
    kept = path.parent / "damaged" / path.name
    assert str(kept) in problem
    assert kept.read_bytes() == data
    assert segments(db) == []
    assert db.deliver() == NOTHING


def test_a_file_that_is_no_segment_is_kept(db: Lake) -> None:
    path = spool(db, [0])
    path.write_bytes(b"id,ts,value\n")
    assert "its first line is damaged" in db.deliver().problems[0]
    assert (path.parent / "damaged" / path.name).exists()


@pytest.mark.parametrize("length", [0, 5, len(TITLE) - 1, len(TITLE)])
def test_a_segment_that_hardly_began_just_goes(db: Lake, length: int) -> None:
    path = spool(db, [0])
    path.write_bytes(TITLE[:length])
    db.deliver()
    assert not path.exists()
    assert not (path.parent / "damaged").exists()


def test_a_segment_of_a_newer_version_is_told_and_stays(db: Lake) -> None:
    path = spool(db, [0])
    path.write_bytes(b"tap-lake segment 12\nand so on")
    spool(db, [1])
    done = db.deliver()
    assert done.new == 1
    assert "newer tap-lake" in done.problems[0]
    assert path.exists()


def test_a_damaged_segment_is_kept_by_who_finishes_a_delivery_that_was_killed(db: Lake) -> None:
    path = spool(db, range(3), range(3, 6))
    data = bytearray(path.read_bytes())
    data[len(TITLE) + 60] ^= 1
    path.write_bytes(data)
    name = path.name.partition(".")[0]
    with db.catalog.transaction() as connection:
        db._parts.events.deliverer._delivered.note(connection, {name: None})
    db.deliver()
    assert (path.parent / "damaged" / path.name).exists()
    assert not path.exists()
    assert db._parts.events.deliverer._delivered.names() == []


@pytest.mark.parametrize("suffix", ["events", "held"])
def test_a_folder_in_the_spool_keeps_nothing_else_from_being_delivered(db: Lake, suffix: str) -> None:
    spool(db, [1])
    folder = db.directory.spool / f"y.{suffix}"
    folder.mkdir()
    spool(db, [2])
    done = db.deliver()
    assert delivered(db) == names([1, 2])
    assert [problem.partition(":")[0] for problem in done.problems] == [f"{folder} could not be read"] * (
        suffix == "events"
    )
    assert folder.is_dir()


def failing(real: Callable[..., T], path: Path) -> Callable[..., T]:
    """What reads a segment, but not the one at `path`: the disk fails."""

    def read(given: Path | Segment) -> T:
        if (given.path if isinstance(given, Segment) else given) == path:
            with reading(str(path)):
                raise OSError(errno.EIO, "")
        return real(given)

    return read


@pytest.mark.parametrize(
    "reader", ["lake.ingest.spool.is_left", "lake.ingest.delivery.read_segment", "lake.ingest.fresh.read_frames"]
)
def test_a_segment_that_cannot_be_read_is_told_and_stays(
    db: Lake, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    paths = [spool(db, [number]) for number in range(3)]
    module, _, name = reader.rpartition(".")
    with monkeypatch.context() as patch:
        patch.setattr(reader, failing(getattr(sys.modules[module], name), paths[1]))
        if name == "is_left":
            patch.setattr("lake.ingest.delivery.read_segment", failing(read_segment, paths[1]))
        done = db.deliver()
    assert (done.segments, done.events, done.new) == (2, 2, 2)
    assert done.problems == (f"{paths[1]} could not be read: Input/output error",)
    assert delivered(db) == names([0, 2])
    assert segments(db) == [paths[1]]
    assert db.deliver().new == 1


def test_segments_none_of_which_can_be_read_all_stay(db: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    path = spool(db, [1])
    with monkeypatch.context() as patch:
        patch.setattr("lake.ingest.fresh.read_frames", failing(read_frames, path))
        assert db.deliver() == Delivery(problems=(f"{path} could not be read: Input/output error",))
    assert segments(db) == [path]
    assert db.deliver().new == 1


def test_a_delivered_segment_that_cannot_be_read_is_kept_and_the_rest_goes_on(
    db: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(db, [0])
    path = spool(db, [0])
    spool(db, [1])
    with db.catalog.transaction() as connection:
        db._parts.events.deliverer._delivered.note(connection, {path.stem: None})
    monkeypatch.setattr("lake.ingest.delivery.read_segment", failing(read_segment, path))
    done = db.deliver()
    kept = path.parent / "damaged" / path.name
    (problem,) = done.problems
    assert problem.endswith(
        f"could not be read: Input/output error; its events are delivered, the file is kept as {kept}"
    )
    assert kept.exists()
    assert (done.new, segments(db), db._parts.events.deliverer._delivered.names()) == (1, [], [])


# Others, disks and clocks


def ingest_often(folder: str, first: int) -> None:
    with lake.connect(folder) as db:
        for number in range(3):
            db.ingest(plain_records(range(first + number * 10, first + number * 10 + 20)), source="s")


def plain_records(numbers: Iterable[int]) -> list[dict[str, object]]:
    return [
        {
            "id": f"s{number % 3}",
            "ts": START + timedelta(seconds=number),
            "metric": "temp",
            "value": 1,
            "event_id": f"e{number}",
        }
        for number in numbers
    ]


@pytest.mark.slow
@pytest.mark.slow
def test_two_processes_that_deliver_at_once_double_nothing(db: Lake) -> None:
    folder = str(db.directory.path)
    started = [processes.Process(target=ingest_often, args=(folder, first)) for first in (0, 5)]
    for process in started:
        process.start()
    for process in started:
        process.join(60)
        assert process.exitcode == 0
    assert delivered(db) == names(range(45))
    assert segments(db) == []


def test_a_clock_that_goes_backwards_does_no_harm(db: Lake, clock: FixedClock) -> None:
    for number in range(SMALL_FILES + 2):
        clock.advance(timedelta(days=-1))
        deliver(db, [number, number + 1])
    assert delivered(db) == names(range(SMALL_FILES + 3))
    assert len(files(db)) <= SMALL_FILES


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A lake on a small disk, with some deliveries."""
    with mounted_disk(tmp_path / "disk", size="8m") as disk:
        lake.create_lake(disk)
        with lake.connect(disk) as db:
            for number in range(SMALL_FILES):
                deliver(db, [number])
        yield disk


def test_while_the_lake_may_only_be_read_events_wait_and_queries_work(disk: Path) -> None:
    with lake.connect(disk) as db:
        spool(db, [100])
    remount(disk, "ro")
    with lake.connect(disk) as db:
        with pytest.raises(ReadOnlyLake):
            db.deliver()
        assert delivered(db) == names(range(SMALL_FILES))
    remount(disk, "rw")
    with lake.connect(disk) as db:
        assert db.deliver().new == 1
        assert delivered(db) == names([*range(SMALL_FILES), 100])


def test_a_delivery_that_finds_no_room_leaves_everything_and_works_later(disk: Path) -> None:
    with lake.connect(disk) as db:
        spool(db, range(20))
        filler = fill(disk)
        with pytest.raises(lake.errors.LakeError):
            db.deliver()
        assert len(set(spooled(db))) == 20
        filler.unlink()
        assert db.deliver().new == 20 - SMALL_FILES
        assert delivered(db) == names(range(20))


def test_what_a_killed_delivery_staged_is_cleared_away_by_the_next(db: Lake) -> None:
    deliver(db, [0])
    staged = db.directory.data / "default/readings/_staging/20260101T000000000000-0123456789"
    staged.mkdir(parents=True)
    (staged / "x.parquet").write_bytes(b"half")
    mark = db.directory.control / "locks/write-20260101T000000000000-0123456789.lock"
    mark.touch()
    deliver(db, [1])
    assert not staged.parent.exists()
    assert not mark.exists()


def test_raw_duckdb_reads_what_was_delivered(db: Lake) -> None:
    db.ingest([{"id": "a", "ts": "2026-02-01", "value": 1, "site": "x"}], source="s")
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT id, value, attributes FROM read_parquet(?)", [str(files(db)[0])]).fetchall()
    assert rows == [("a", 1.0, {"site": "x"})]


def test_a_lake_in_a_folder_with_an_odd_name_delivers(tmp_path: Path) -> None:
    folder = tmp_path / 'it\'s a "lake" 湖'
    lake.create_lake(folder)
    with lake.connect(folder) as db:
        for number in range(SMALL_FILES + 2):
            deliver(db, [number, number + 1])
        assert delivered(db) == names(range(SMALL_FILES + 3))


def test_lines_and_frames_are_the_same_events(db: Lake, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(range(10)))
    deliver(db, range(5))
    assert db.ingest(path).delivery.new == 5
    assert os.listdir(db.directory.spool) == ["deliver.lock"]  # noqa: PTH208
