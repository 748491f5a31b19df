"""init, tables, describe, partitions, queries."""

import json
import shutil
from pathlib import Path

import pytest

from tests.golden import golden


def test_tables_lists_all_or_those_of_a_database(lake, run):
    golden("commands/tables.csv", run("tables").out)
    assert run("tables", "web").lines[1:] == ["web,clicks,table,,s3://bucket/web/,"]
    assert run("tables", "-d", "web").lines == run("tables", "web").lines
    ran = run("tables", "absent")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("tap-lake: database 'absent' is not in the catalog\n  hint: ")


def test_describe_shows_columns_in_athenas_types(lake, run):
    golden("commands/describe.csv", run("describe", "readings").out)
    assert run("describe", "web.clicks").lines[1:] == ["url,varchar,false,where"]
    assert run("describe", "clicks", "--database", "web").lines[1:] == ["url,varchar,false,where"]
    assert run("describe", "READINGS").code == 0


@pytest.mark.parametrize("table", ["absent", "absent.readings", "a.b.c.d", ""])
def test_describing_what_is_not_there_fails(lake, run, table):
    ran = run("describe", table)
    assert ran.code in (1, 2)
    assert ran.out == ""
    assert ran.err.startswith("tap-lake: ")


def test_partitions_are_listed_a_column_a_key(lake, run):
    ran = run("partitions", "list", "readings", "--jsonl")
    first = json.loads(ran.lines[0])
    assert first == {
        "values": ["2026-01-30"],
        "dt": "2026-01-30",
        "location": "s3://bucket/default/readings/dt=2026-01-30/",
        "created": "2026-02-03T12:00:00.000",
    }
    assert len(ran.lines) == 3


def test_partitions_are_listed_where_a_key_has_a_value(lake, run):
    assert len(run("partitions", "list", "readings", "--where", "dt=2026-01-31").lines) == 2
    assert run("partitions", "list", "readings", "--where", "dt=x").lines == ["dt,location,created"]
    for condition in ("dt", "=x", "hour=1"):
        ran = run("partitions", "list", "readings", "--where", condition)
        assert (ran.code, ran.out) == (2, "")
    assert run("partitions", "list", "web.clicks").code == 2


def put_by_hand(lake: Path, day: str) -> None:
    """Copy a file of another day to where a partition for this day would be."""
    source = next((lake / "data/default/readings/dt=2026-01-31").glob("*.parquet"))
    folder = lake / f"data/default/readings/dt={day}"
    folder.mkdir()
    shutil.copy(source, folder / "by-hand.parquet")


def test_repair_shows_then_adds_what_was_put_by_hand(lake, run):
    put_by_hand(lake, "2026-03-01")
    expected = [
        "change,values,location,registered_location,reason,files,bytes,safe,table,applied",
        "add,dt=2026-03-01,s3://bucket/default/readings/dt=2026-03-01/,,holds data and is not registered,1,SIZE,,default.readings,false",
    ]
    expected[1] = expected[1].replace(
        "SIZE", str((lake / "data/default/readings/dt=2026-03-01/by-hand.parquet").stat().st_size)
    )
    ran = run("partitions", "repair", "readings", "--dry-run")
    assert ran.lines == expected
    assert ran.err == "default.readings: 1 partition would be added; 3 were registered before\n"
    assert len(run("partitions", "list", "readings").lines) == 4
    ran = run("partitions", "repair", "readings")
    assert ran.lines == [expected[0], expected[1].removesuffix("false") + "true"]
    assert ran.err.startswith("default.readings: 1 partition added; 3 were registered before\nundo: s3://bucket/")
    assert run("query", "SELECT count(*) FROM readings WHERE dt = '2026-03-01'").lines[1] == "100"
    ran = run("partitions", "repair", "readings", "-q")
    assert (ran.lines, ran.err) == (expected[:1], "")


def test_repair_tells_what_it_leaves(lake, run):
    put_by_hand(lake, "2026-03-01")
    put_by_hand(lake, "__HIVE_DEFAULT_PARTITION__")
    shutil.move(lake / "data/default/readings/dt=2026-03-01", lake / "data/default/readings/dt=2026%2D01-31")
    ran = run("partitions", "repair", "readings", "--dry-run")
    assert [line.split(",")[:2] for line in ran.lines[1:]] == [
        ["add", "dt=__HIVE_DEFAULT_PARTITION__"],
        ["duplicate", "dt=2026-01-31"],
    ]
    assert "1 left for you to look at" in ran.err
    assert run("partitions", "repair", "readings").code == 0


def test_repair_of_a_table_without_partitions_is_a_usage_error(lake, run):
    assert run("partitions", "repair", "web.clicks").code == 2
    assert run("partitions", "repair", "absent").code == 1


def test_named_queries_are_those_of_the_lake_and_those_that_ship(lake, run):
    names = [json.loads(line)["name"] for line in run("queries", "list", "--jsonl").lines]
    assert {"of_day", "daily_means"} <= set(names)
    (row,) = [json.loads(line) for line in run("queries", "list", "--jsonl").lines if '"of_day"' in line]
    assert row == {"name": "of_day", "title": "Readings of a day", "parameters": "day string, least double = 0"}


def test_a_named_query_is_shown_as_its_file_or_as_a_row(lake, run):
    text = (lake / "queries/of_day.sql").read_text()
    assert run("queries", "show", "of_day").out == text
    assert run("queries", "show", "@of_day").out == text
    (row,) = json.loads(run("queries", "show", "of_day", "--json").out)
    assert row == {
        "name": "of_day",
        "title": "Readings of a day",
        "help": "Counts them.",
        "parameters": [
            {"name": "day", "type": "string", "default_value": None, "choices": None, "help": "which day"},
            {"name": "least", "type": "double", "default_value": "0", "choices": None, "help": None},
        ],
        "sql": text,
    }
    assert run("queries", "show", "absent").code == 1


def test_queries_that_ship_are_known_without_a_lake(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "daily_means" in run("queries", "list").out
    assert run("--lake", tmp_path, "queries", "list").code == 2


def test_init_makes_a_lake_and_says_what_to_try(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("init", "mine")
    assert (ran.code, ran.out) == (0, f"Made a lake in {tmp_path}/mine (s3://mine is its data/)\n")
    assert "tap-lake --lake mine query" in ran.err
    assert run("--lake", "mine", "query", "SHOW DATABASES").lines == ["database_name", "default"]
    ran = run("init", "mine")
    assert ran.out == f"{tmp_path}/mine is a lake already (s3://mine); nothing was changed\n"
    assert ran.err == ""


def test_init_makes_a_lake_here_with_the_names_asked_for(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("init", "--bucket", "shared", "-d", "web", "-q").err == ""
    assert run("query", "SELECT 1").code == 0
    assert run("query", "SHOW DATABASES").lines == ["database_name", "web"]
    assert run("init", "other", "--bucket", "No Bucket").code == 2
    assert not (tmp_path / "other").exists()
