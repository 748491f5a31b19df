"""The partitions of a table by hand: layout, diff, repair, add, drop, and what takes them back."""

import json
import shutil
from pathlib import Path

import pytest

ROOT = "s3://bucket/events/"
DATA = "data/events"
TABLE = """CREATE EXTERNAL TABLE events (id string) PARTITIONED BY (dt date, hour int)
STORED AS PARQUET LOCATION 's3://bucket/events/'"""


def put(lake: Path, *paths: str, data: bytes = b"data") -> None:
    for path in paths:
        file = lake / DATA / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


@pytest.fixture
def events(empty, run):
    """Firehose's default layout: twelve hours of a day, registered."""
    assert run("query", TABLE).code == 0
    put(empty, *(f"2026/01/31/{hour:02}/a" for hour in range(12)))
    assert run("partitions", "repair", "events").code == 0
    return empty


@pytest.fixture
def told(run):
    """Run a command and return its rows by change, each as values and location."""

    def told(*args, code=0):
        ran = run("partitions", *args, "--json")
        assert ran.code == code, ran.err
        return [
            (row["change"], row["values"], (row["location"] or "").removeprefix(ROOT)) for row in json.loads(ran.out)
        ]

    return told


def test_firehoses_layout_is_shown_and_declared(events, run):
    [row] = json.loads(run("partitions", "layout", "events", "--json").out)
    assert row == {
        "template": "${dt:yyyy/MM/dd}/${hour}", "places": 12, "files": 12, "bytes": 48, "declared": False,
        "example": f"{ROOT}2026/01/31/00/",
    }  # fmt: skip
    put(events, "2026/02/30/01/a", "other/x")
    rows = json.loads(run("partitions", "layout", "events", "--set", row["template"], "--json").out)
    assert sorted((each["template"] or "", each["places"], each["files"], each["declared"]) for each in rows) == [
        ("", 0, 2, False),
        ("${dt:yyyy/MM/dd}/${hour}", 12, 12, True),
    ]
    shown = run("query", "SHOW TBLPROPERTIES events").out
    assert "${dt}/${hour}/" in shown
    assert "yyyy/MM/dd" in shown


def test_diff_tells_each_thing_and_ends_with_6_if_asked(events, run, told):
    assert told("diff", "events", "--exit-code") == []
    put(events, "2026/02/01/00/b", "junk/x")
    shutil.rmtree(events / DATA / "2026/01/31/03")
    (events / DATA / "2026/01/31/04").rename(events / DATA / "2026/01/31/4")
    put(events, "2026/01/31/05/a", data=b"")
    wanted = [
        ("add", ["2026-02-01", "00"], "2026/02/01/00/"),
        ("drop", ["2026-01-31", "03"], "2026/01/31/03/"),
        ("empty", ["2026-01-31", "05"], "2026/01/31/05/"),
        ("move", ["2026-01-31", "04"], "2026/01/31/4/"),
        ("stray", None, "junk/"),
    ]
    assert sorted(told("diff", "events")) == sorted(wanted)
    assert sorted(told("diff", "--all", "--exit-code", code=6)) == sorted(wanted)
    row = json.loads(run("partitions", "diff", "events", "--jsonl").lines[0])
    assert row == {
        "change": "drop", "values": ["2026-01-31", "03"], "location": f"{ROOT}2026/01/31/03/",
        "registered_location": None, "reason": "nothing is there any more", "files": 0, "bytes": 0, "safe": None,
        "table": "default.events",
    }  # fmt: skip
    assert run("partitions", "diff").code == 2
    assert run("partitions", "diff", "events", "--all").code == 2


def test_repair_drops_only_when_told_and_within_its_guard(events, run, told):
    for hour in (3, 4):
        shutil.rmtree(events / DATA / f"2026/01/31/{hour:02}")
    put(events, "2026/02/01/00/b")
    assert [row[0] for row in told("repair", "events", "--dry-run", "--drop")] == ["drop", "drop", "add"]
    ran = run("partitions", "repair", "events", "--json")
    assert [(row["change"], row["applied"]) for row in json.loads(ran.out)] == [
        ("drop", False), ("drop", False), ("add", True),
    ]  # fmt: skip
    assert "2 gone and kept without --drop" in ran.err
    ran = run("partitions", "repair", "events", "--drop", "--json")
    assert (ran.code, [row["applied"] for row in json.loads(ran.out)]) == (7, [False, False])
    assert "2 of the 13 partitions of 'default.events' would be dropped, more than 10%" in ran.err
    ran = run("partitions", "repair", "events", "--drop", "--max-drop-share", "20%", "--json")
    assert (ran.code, [row["applied"] for row in json.loads(ran.out)]) == (0, [True, True])
    assert len(run("partitions", "list", "events").lines) == 12
    shutil.rmtree(events / DATA)
    ran = run("partitions", "repair", "events", "--drop", "--max-drop-share", "1")
    assert ran.code == 7
    assert "never means that all partitions are gone" in ran.err
    assert len(run("partitions", "list", "events").lines) == 12


def test_the_last_partition_is_never_dropped(events, run):
    shutil.rmtree(events / DATA / "2026")
    put(events, "junk/x")
    ran = run("partitions", "repair", "events", "--drop", "--max-drop-share", "1")
    assert ran.code == 7
    assert "no partition of 'default.events' would be left" in ran.err


def test_a_saved_plan_is_looked_at_again_before_it_is_applied(events, run, told):
    put(events, "2026/02/01/00/b", "2026/02/01/01/b")
    shutil.rmtree(events / DATA / "2026/01/31/03")
    assert len(told("repair", "events", "--plan", "plan.json")) == 3
    assert told("diff", "events")
    shutil.rmtree(events / DATA / "2026/02/01/01")
    put(events, "2026/01/31/03/back")
    ran = run("partitions", "repair", "--apply", "plan.json", "--drop", "--json")
    assert ran.code == 1
    rows = {tuple(row["values"]): (row["change"], row["reason"]) for row in json.loads(ran.out)}
    assert rows["2026-02-01", "00"][0] == "add"
    assert rows["2026-02-01", "01"] == ("refused", f"{ROOT}2026/02/01/01/ holds no data any more")
    assert rows["2026-01-31", "03"] == ("refused", f"{ROOT}2026/01/31/03/back is there again")
    assert told("diff", "events") == []
    assert run("partitions", "repair", "--apply", "plan.json", "--plan", "x").code == 2
    assert run("partitions", "repair", "events", "--apply", "plan.json").code == 2
    assert run("partitions", "repair", "--apply", "absent.json").code == 2


def test_what_a_run_did_is_taken_back(events, run, told):
    before = run("partitions", "list", "events", "--jsonl").lines
    put(events, "2026/02/01/00/b")
    shutil.rmtree(events / DATA / "2026/01/31/03")
    (events / DATA / "2026/01/31/04").rename(events / DATA / "2026/01/31/4")
    ran = run("partitions", "repair", "events", "--drop")
    place = ran.err.split("undo: ")[1].strip()
    assert told("diff", "events") == []
    ran = run("partitions", "repair", "--undo", place)
    assert (ran.code, ran.err) == (0, "default.events: 1 partition removed, 2 put back, 0 refused\n")
    after = run("partitions", "list", "events", "--jsonl").lines
    assert [json.loads(line) | {"created": None} for line in after] == [
        json.loads(line) | {"created": None} for line in before
    ]
    file = events / "data" / place.removeprefix("s3://bucket/")
    assert (
        run("partitions", "repair", "--undo", file).err
        == "default.events: 0 partitions removed, 0 put back, 0 refused\n"
    )


def test_partitions_are_added_by_hand(events, run, told):
    assert told("add", "events", "dt=2026-02-05", "hour=7") == [("add", ["2026-02-05", "7"], "2026/02/05/7/")]
    assert run("partitions", "add", "events", "dt=2026-02-05", "hour=7").code == 0
    ran = run("partitions", "add", "events", "dt=2026-02-05", "hour=07")
    assert (ran.code, "spelled" in ran.err) == (7, True)
    for args in (["dt=2026-02-30", "hour=1"], ["dt=2026-02-01"], ["dt=2026-02-01", "hour=1", "x=1"], ["dt"]):
        assert run("partitions", "add", "events", *args).code == 2
    ran = run("partitions", "add", "events", "dt=2026-02-06", "hour=1", "--location", f"{ROOT}2026/01/31/05")
    assert (ran.code, "is registered for" in ran.err) == (7, True)
    assert told("add", "events", "dt=2026-02-06", "hour=1", "--location", "elsewhere/6/")[0][0] == "add"


def test_partitions_are_dropped_by_hand_whatever_they_hold(events, run, told):
    wanted = [("drop", ["2026-01-31", "00"], "2026/01/31/00/")]
    assert told("drop", "events", "--where", "dt = DATE '2026-01-31' AND hour < 1", "--dry-run") == wanted
    assert told("drop", "events", "--where", "hour IN (0, 99)") == wanted
    assert told("diff", "events")[0][0] == "add"
    assert told("drop", "events", "--where", "hour > 5", code=7)
    assert run("partitions", "drop", "events", "--where", "hour >").code == 2
    assert run("partitions", "drop", "events").code == 2
    assert run("partitions", "drop", "events", "--where", "hour >= 0", "--max-drop-share", "1").code == 7
    assert len(run("partitions", "list", "events").lines) == 12


def test_files_and_bytes_are_counted_on_demand(events, run):
    ran = run("partitions", "list", "events", "--stats", "--where", "hour=3")
    assert [line.split(",")[-2:] for line in ran.lines] == [["files", "bytes"], ["1", "4"]]


def test_every_format_shows_every_command(events, run):
    put(events, "2026/02/01/00/b")
    for line in (["diff", "events"], ["repair", "events", "--dry-run"], ["layout", "events"], ["list", "events"]):
        for form in ("table", "csv", "tsv", "json", "jsonl", "markdown", "vertical", "none"):
            ran = run("partitions", *line, "--format", form)
            assert (ran.code, bool(ran.out)) == (0, form != "none"), (line, form, ran.err)


def test_a_run_over_the_last_days_says_what_it_asked(events, run, told):
    put(events, "2026/02/01/00/b")
    ran = run("partitions", "repair", "events", "--since", "2026-02-01", "-v", "--no-progress", "--json")
    assert [row["change"] for row in json.loads(ran.out)] == ["add"]
    assert "calls: create_partitions 1, get_partitions 1, list " in ran.err
    assert run("partitions", "repair", "events", "--since", "yesterday").code == 2
    assert "list" in run("partitions", "diff", "events", "-v").err


def test_a_schedule_repairs_all_tables_and_logs_json(events, run):
    put(events, "2026/02/01/00/b", "junk/x")
    ran = run("partitions", "repair", "--due", "--log-format", "json", "--json")
    assert ran.code == 0
    [row] = json.loads(ran.out)
    assert row.pop("lag_seconds") > 0
    assert [undo.startswith(f"{ROOT}_tap_lake/undo/") for undo in row.pop("undo")] == [True, True]
    assert row == {
        "table": "default.events", "added": 1, "moved": 0, "dropped": 0, "refused": 0, "stray": 1, "expected": 24,
        "unknown": 0, "full": True, "in_time": True, "guard": None, "error": None,
    }  # fmt: skip
    [line] = map(json.loads, ran.err.splitlines())
    assert (line["level"], line["added"], line["message"].split(",")[0]) == ("INFO", 1, "default.events: 1 added")
    shutil.rmtree(events / DATA / "2026/01/31/03")
    ran = run("partitions", "repair", "events", "--due", "--json", "--verbose")
    assert json.loads(ran.out)[0]["full"] is False
    assert "events: calls: get 1, get_partitions 1, list " in ran.err
    assert run("partitions", "repair", "events", "--due", "--dry-run").code == 2
    ran = run("partitions", "repair", "events", "absent", "--due", "--deadline", "1ms")
    assert ran.code == 1
    assert "time ran out" in ran.err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["--undo", "u.json", "--dry-run"], "--undo takes no --dry-run"),
        (["--apply", "p.json", "--undo", "u.json"], "exclude each other"),
        (["--apply", "p.json", "events"], "says which table"),
        (["--apply", "p.json", "--since", "2d"], "--apply takes no --since"),
        (["events", "--deadline", "5m"], "--deadline is for --due"),
        (["events", "--since", "2d", "--drop"], "does nothing"),
        (["events", "--since", "2d", "--inventory", "m.json"], "give one of them"),
        (["events", "--since", "2099-01-01"], "not between 1970 and now"),
        (["events", "--since", "99999999999d"], "longer than there are days"),
        (["events", "--since", "999999d"], "not between 1970 and now"),
        (["--due", "--all", "events"], "takes no tables"),
        (["--due", "--plan", "p.json"], "--due takes no --plan"),
    ],
)
def test_options_that_say_nothing_together_are_refused(line, message, events, run):
    ran = run("partitions", "repair", *line)
    assert (ran.code, message in ran.err) == (2, True), ran.err


def test_one_bad_table_stops_no_others_diff(events, run, told):
    put(events, "2026/02/01/00/b")
    ran = run("partitions", "diff", "absent", "events", "--json")
    assert (ran.code, [row["change"] for row in json.loads(ran.out)]) == (1, ["add"])
    assert "absent" in ran.err


def test_what_would_be_added_by_hand_is_shown(events, run):
    ran = run("partitions", "add", "events", "dt=2026-02-02", "hour=07", "--dry-run", "--json")
    assert [(row["change"], row["applied"]) for row in json.loads(ran.out)] == [("add", False)]
    assert len(json.loads(run("partitions", "list", "events", "--json").out)) == 12
    assert run("partitions", "add", "events", "dt=2026-02-02", "DT=2026-02-03", "hour=07").code == 2
    assert run("partitions", "add", "events", "dt=2026-02-02", "hour=07", "--location", "s3://bucket/events/").code == 7


def test_several_templates_are_declared_at_once(events, run):
    hive = "dt=${dt}/hour=${hour}"
    rows = json.loads(run("partitions", "layout", "events", "--set", "${dt:yyyy/MM/dd}/${hour}", hive, "--json").out)
    assert [row["template"] for row in rows if row["declared"]] == ["${dt:yyyy/MM/dd}/${hour}", hive]
    assert run("partitions", "layout", "events", hive).code == 2
