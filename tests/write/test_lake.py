"""`Lake.write` and `Lake.query` together."""

import datetime as dt

import pandas as pd
import polars as pl

import lake
from lake.clock import FixedClock


def test_what_is_written_is_answered(db: lake.Lake) -> None:
    frame = pd.DataFrame({"id": ["a", "b", "a"], "value": [1.0, 2.0, 4.0], "dt": [dt.date(2026, 1, 1)] * 2 + [None]})
    written = db.write(frame, "readings", partition_by="dt")
    assert (written.rows, written.added) == (3, 2)
    sql = "SELECT id, sum(value), max(dt) FROM readings GROUP BY 1 ORDER BY 1"
    assert db.query(sql).fetch_all() == [("a", 5.0, dt.date(2026, 1, 1)), ("b", 2.0, dt.date(2026, 1, 1))]
    assert db.query("SELECT count(*) FROM readings WHERE dt IS NULL").fetch_all() == [(1,)]


def test_an_answer_can_be_written(db: lake.Lake) -> None:
    db.write(pl.DataFrame({"n": range(1000)}), "numbers")
    db.write(
        db.query("SELECT n % 10 AS digit, count(*) AS many FROM numbers GROUP BY 1"), "digits", partition_by="digit"
    )
    assert db.query("SELECT many FROM digits WHERE digit = 3").fetch_all() == [(100,)]
    db.write(db.query("SELECT n FROM numbers"), "numbers")
    assert db.query("SELECT count(*) FROM numbers").fetch_all() == [(2000,)]


def test_a_query_that_runs_is_not_disturbed_by_an_overwrite(db: lake.Lake, clock: FixedClock) -> None:
    db.write(pl.DataFrame({"n": range(500_000)}), "numbers")
    running = db.query("SELECT n FROM numbers", keep=False)
    db.write(pl.DataFrame({"n": [1]}), "numbers", mode="overwrite_partitions")
    clock.advance(dt.timedelta(minutes=59))
    db.write(pl.DataFrame({"n": [2]}), "numbers")
    assert sum(batch.num_rows for batch in running.batches()) == 500_000
    assert db.query("SELECT n FROM numbers ORDER BY n").fetch_all() == [(1,), (2,)]


def test_the_grace_of_replaced_files_is_a_setting(folder_lake: lake.Lake, clock: FixedClock) -> None:
    settings = folder_lake.directory.control / "lake.toml"
    settings.write_text(settings.read_text().replace('# grace = "1h"', 'grace = "5m"'))
    with lake.connect(folder_lake.directory.path, clock=clock) as db:
        db.write(pl.DataFrame({"n": [1]}), "numbers")
        db.write(pl.DataFrame({"n": [2]}), "numbers", mode="overwrite_partitions")
        assert len(list(db.directory.data.rglob("*.parquet"))) == 2
        clock.advance(dt.timedelta(minutes=5))
        db.write(pl.DataFrame({"n": [3]}), "numbers", mode="overwrite_partitions")
        assert db.query("SELECT n FROM numbers").fetch_all() == [(3,)]
        assert len(list(db.directory.data.rglob("*.parquet"))) == 2


def test_repair_finds_nothing_to_do_after_writes(db: lake.Lake) -> None:
    frame = pl.DataFrame({"n": [1, 2], "k": ["a/b", "c d"]})
    for mode in ("append", "overwrite_partitions", "append"):
        db.write(frame, "t", partition_by="k", mode=mode)
        assert list(db.query("MSCK REPAIR TABLE t").fetch_all()) == []
    assert db.query("SELECT n, k FROM t ORDER BY n").fetch_all() == [(1, "a/b"), (1, "a/b"), (2, "c d"), (2, "c d")]


def test_the_next_write_clears_away_what_an_overwrite_replaced_and_no_repair_does(
    folder_lake: lake.Lake, clock: FixedClock
) -> None:
    frame = pl.DataFrame({"n": [1], "dt": ["2026-01-01"]})
    folder_lake.write(frame, "numbers", partition_by="dt")
    folder_lake.write(frame, "numbers", mode="overwrite_partitions")
    folder = folder_lake.directory.data / "default" / "numbers"
    assert len(list(folder.rglob("*.parquet"))) == 2
    clock.advance(dt.timedelta(hours=2))
    folder_lake.partitions.repair("numbers")
    assert len(list(folder.rglob("*.parquet"))) == 2
    folder_lake.write(frame, "numbers")
    assert len(list(folder.rglob("*.parquet"))) == 2
    assert folder_lake.query("SELECT n FROM numbers").fetch_all() == [(1,), (1,)]
