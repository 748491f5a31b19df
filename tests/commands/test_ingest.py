"""`tap-lake ingest`: what it takes, says and leaves; what an event is and how files are read is tested in tests/ingest."""

import bz2
import gzip
import json
import signal
import subprocess
import time

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.commands.conftest import COMMAND
from tests.commands.test_streams import on_terminal

WIDE = "device,time,temp,humid,note\na,2026-01-31T07:00:00Z,1.5,NA,x\nb,2026-02-01T07:00:00Z,2.5,40,y\n"
MAPPED = ("--map", "device=id,time=ts", "--melt", "temp,humid", "--skip", "note")


def event(number: int, **others: object) -> dict[str, object]:
    return {"id": f"s{number % 3}", "ts": f"2026-01-{1 + number % 4:02}T12:00:00Z", "value": number, **others}


def ndjson(*events: object) -> str:
    return "".join(json.dumps(each) + "\n" for each in events)


GOOD = [event(number) for number in range(4)]
BAD = [event(4, id=None), event(5, value="much"), "no object"]


def held(run, select="count(*)"):
    return run("query", "-q", f"SELECT {select} FROM readings").lines[1:]


def test_events_of_a_file_are_taken_once(empty, run):
    (empty / "e.ndjson").write_text(ndjson(*GOOD))
    first, second = run("ingest", "e.ndjson"), run("ingest", "e.ndjson")
    assert (first.code, first.out, first.err) == (0, "", "4 records: 4 events taken, 4 new in readings, 0 rejected\n")
    assert second.err == "4 records: 4 events taken, 0 new in readings, 4 known already, 0 rejected\n"
    assert held(run) == ["4"]


def test_a_file_that_has_grown_adds_what_is_new(empty, run):
    (empty / "e.ndjson").write_text(ndjson(*GOOD))
    run("ingest", "e.ndjson")
    (empty / "e.ndjson").write_text(ndjson(*GOOD, event(9)))
    assert "1 new in readings, 4 known already" in run("ingest", "e.ndjson").err
    assert held(run) == ["5"]


def write_ndjson(folder):
    (folder / "e.jsonl").write_text(ndjson(*GOOD))


def write_gz(folder):
    (folder / "e.json.gz").write_bytes(gzip.compress(ndjson(*GOOD).encode()))


def write_bz2(folder):
    (folder / "e.ndjson.bz2").write_bytes(bz2.compress(ndjson(*GOOD).encode()))


def write_zst(folder):
    (folder / "e.ndjson.zst").write_bytes(pa.Codec("zstd").compress(ndjson(*GOOD).encode(), asbytes=True))


def write_csv(folder):
    lines = ["id;ts;value", *(f"{each['id']};{each['ts']};{each['value']}" for each in GOOD)]
    (folder / "e.csv").write_text("\n".join(lines))


def write_parquet(folder):
    parquet.write_table(pa.Table.from_pylist(GOOD), folder / "e.parquet")


@pytest.mark.parametrize("write", [write_ndjson, write_gz, write_bz2, write_zst, write_csv, write_parquet])
def test_each_format_gives_the_same_events(empty, run, write):
    (empty / "in").mkdir()
    write(empty / "in")
    assert run("ingest", "in").code == 0
    assert held(run, "sum(value), count(DISTINCT id), min(dt), max(dt)") == ["6.0,3,2026-01-01,2026-01-04"]


def test_files_folders_and_patterns_go_together(empty, run):
    for number, path in enumerate(["in/a.ndjson", "in/deep/b.ndjson", "c1.ndjson", "c2.ndjson", "in/ignored.txt"]):
        (empty / path).parent.mkdir(parents=True, exist_ok=True)
        (empty / path).write_text(ndjson(event(number)))
    assert run("ingest", "in", "c*.ndjson").err.startswith("4 records: 4 events taken, 4 new")


def test_columns_have_other_names_become_metrics_and_are_left_out(empty, run):
    (empty / "w.csv").write_text(WIDE)
    ran = run("ingest", "w.csv", *MAPPED)
    assert (ran.code, ran.err) == (0, "2 records: 3 events taken, 3 new in readings, 0 rejected\n")
    ran = run("query", "-q", "--csv", "SELECT id, metric, value, attributes FROM readings ORDER BY 1, 2")
    assert ran.lines[1:] == ["a,temp,1.5,{}", "b,humid,40.0,{}", "b,temp,2.5,{}"]


@pytest.mark.parametrize(
    "stdin", [WIDE, ndjson({"device": "a", "time": "2026-01-31T07:00:00Z", "temp": 1, "note": ""})]
)
def test_names_that_no_record_has_are_told(empty, run, stdin):
    ran = run("ingest", "-", "--source", "s", *MAPPED[:2], "--melt", "temp,tmep", "--skip", "note,noet", stdin=stdin)
    assert ran.code == 0
    assert [line for line in ran.err.splitlines() if "has a column" in line] == [
        "no record has a column 'noet', which the mapping names",
        "no record has a column 'tmep', which the mapping names",
    ]


def test_a_name_that_one_record_of_many_has_is_no_slip(empty, run):
    odd = event(5) | {"site\u00e9": "x", "nested": [1]}
    ran = run("ingest", "-", "--map", "site\u00e9=place", "--source", "s", stdin=ndjson(*GOOD, odd))
    assert ran.err == "5 records: 5 events taken, 5 new in readings, 0 rejected\n"


def test_what_is_no_event_is_counted_kept_and_listed(empty, run):
    ran = run("ingest", "--source", "s", stdin=ndjson(*GOOD, *BAD) + "{half")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[0] == "8 records: 4 events taken, 4 new in readings, 4 rejected"
    assert sorted(ran.err.splitlines()[1:-1]) == [
        "  1 rejected: id is missing",
        "  1 rejected: not JSON",
        "  1 rejected: not an object",
        "  1 rejected: value is not a finite number",
    ]
    listed = run("ingest", "--rejected", "--jsonl")
    assert listed.code == 0
    rows = [json.loads(line) for line in listed.lines]
    assert [(row["source"], row["line"]) for row in rows] == [("s", line) for line in (5, 6, 7, 8)]
    assert [row["record"] for row in rows] == [*map(json.dumps, BAD), "{half"]


def test_what_was_rejected_is_taken_again_by_a_better_mapping(empty, run):
    (empty / "w.csv").write_text(WIDE)
    assert run("ingest", "w.csv", "--map", "device=id,tiem=ts", "--melt", "temp,humid").code == 1
    ran = run("ingest", "--retry", *MAPPED)
    assert (ran.code, ran.err) == (0, "2 records: 3 events taken, 3 new in readings, 0 rejected\n")
    assert run("ingest", "--rejected").lines == ["source,line,reason,at,record"]
    assert "3 known already" in run("ingest", "w.csv", *MAPPED).err


def test_what_is_still_no_event_stays(empty, run):
    run("ingest", "--source", "s", stdin=ndjson(*BAD))
    assert run("ingest", "--retry").code == 1
    assert len(run("ingest", "--rejected").lines) == 1 + len(BAD)


def test_strict_takes_all_or_nothing(empty, run):
    ran = run("ingest", "--strict", "--ack", "--source", "s", stdin=ndjson(*GOOD, *BAD))
    assert (ran.code, ran.out) == (1, "")
    assert "tap-lake: line 5 of s: id is missing\n  hint: nothing was taken" in ran.err
    assert run("ingest", "--rejected").lines == ["source,line,reason,at,record"]
    ran = run("ingest", "--strict", "--ack", "--source", "s", stdin=ndjson(*GOOD))
    assert ran.code == 0
    assert [json.loads(line)["events"] for line in ran.lines] == [4]
    assert held(run) == ["4"]


def test_what_is_safe_is_acknowledged_by_lines_of_json(empty, run):
    ran = run("ingest", "--ack", "-q", "--source", "s", stdin=ndjson(*GOOD))
    assert ran.err == ""
    acknowledged = [json.loads(line) for line in ran.lines]
    assert sum(each["events"] for each in acknowledged) == 4
    assert all(set(each) == {"segment", "events"} for each in acknowledged)


def test_stdin_without_a_name_is_new_each_time_and_says_so(empty, run):
    for _ in range(2):
        ran = run("ingest", stdin=ndjson(*GOOD))
        assert "--source NAME makes them known" in ran.err
    assert held(run) == ["8"]


def test_standard_output_is_empty_whatever_format_is_asked_for(empty, run):
    assert run("ingest", "--json", "--source", "s", stdin=ndjson(*GOOD)).out == ""


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["absent.csv"], "absent.csv does not exist"),
        (["--map", "id"], "--map 'id' is not COLUMN=FIELD"),
        (["--rejected", "e.csv"], "--rejected lists, and takes nothing"),
        (["--rejected", "--retry"], "--rejected lists, and takes nothing"),
        (["--retry", "e.csv"], "--retry takes what was rejected, and no files"),
        (["--from", "xml"], "format 'xml' is not known"),
        (["--delimiter", "::"], "delimiter '::' is not one ASCII character"),
        (["--columns", "id,id"], "column 'id' is named twice"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(empty, run, args, message):
    ran = run("ingest", *args, stdin=ndjson(*GOOD))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"tap-lake: {message}")


def test_on_a_terminal_with_nothing_to_take_it_does_not_wait(empty):
    code, text = on_terminal(empty, "ingest")
    assert code == 2
    assert "there is nothing to take" in text


def test_a_table_of_somebody_else_keeps_events_waiting(lake, run):
    ran = run("ingest", "--source", "s", stdin=ndjson(*GOOD))
    assert ran.code == 1
    assert "hint: events wait in the spool until default.readings is as the lake makes it" in ran.err
    assert len(list(lake.glob(".tap-lake/spool/*.events"))) == 1


def test_interrupted_it_delivers_what_it_has_acknowledged_and_goes_on_when_run_again(empty, run):
    command = [str(COMMAND), "ingest", "-", "--source", "s", "--ack"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, cwd=empty, text=True, **pipes) as process:
        process.stdin.write(ndjson(*map(event, range(1000))))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["events"] == 1000
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()
        assert process.wait(timeout=30) == 130
    assert err.splitlines() == [
        "1,000 records: 1,000 events taken, 1,000 new in readings, 0 rejected",
        "tap-lake: interrupted",
    ]
    ran = run("ingest", "-", "--source", "s", stdin=ndjson(*map(event, range(1500))))
    assert ran.err == "1,500 records: 1,500 events taken, 500 new in readings, 1,000 known already, 0 rejected\n"


def test_interrupted_it_takes_what_it_has_read_whole(empty, run):
    """The line that the producer has not ended is nobody's yet."""
    command = [str(COMMAND), "ingest", "-", "--source", "s", "--ack"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, cwd=empty, text=True, **pipes) as process:
        process.stdin.write(ndjson(event(0)))
        process.stdin.flush()
        process.stdout.readline()
        process.stdin.write(ndjson(*map(event, range(1, 500))) + '{"id": "a')
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()
        assert process.wait(timeout=30) == 130
    assert err.splitlines()[0] == "500 records: 500 events taken, 500 new in readings, 0 rejected"


def test_what_comes_after_a_damaged_file_is_taken(empty, run):
    (empty / "a.ndjson.gz").write_bytes(gzip.compress(ndjson(*map(event, range(3))).encode())[:-9])
    (empty / "b.ndjson").write_text(ndjson(event(9)))
    ran = run("ingest", "a.ndjson.gz", "b.ndjson")
    assert ran.code == 1
    assert "a.ndjson.gz" in ran.err
    assert "the other 1 was taken" in ran.err
    again = run("ingest", "b.ndjson")
    assert again.err == "1 record: 1 event taken, 0 new in readings, 1 known already, 0 rejected\n"


def test_interrupted_strict_takes_nothing(empty, run):
    command = [str(COMMAND), "ingest", "-", "--source", "s", "--strict"]
    with subprocess.Popen(command, cwd=empty, text=True, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(ndjson(event(0)))
        process.stdin.flush()
        while not list(empty.glob(".tap-lake/spool/*.held")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        err = process.stderr.read()
        assert process.wait(timeout=30) == 130
    assert err.splitlines()[0] == "1 record: 0 events taken, 0 new in readings, 0 rejected"
    assert list(empty.glob(".tap-lake/spool/*.held")) == []


def test_of_several_at_once_none_says_that_events_wait_which_another_has_delivered(empty):
    command = [str(COMMAND), "ingest", "-", "--source"]
    texts = [ndjson(*map(event, range(start, start + 500))) for start in range(0, 2000, 500)]
    processes = [
        subprocess.Popen([*command, str(place)], cwd=empty, text=True, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for place in range(4)
    ]
    for process, text in zip(processes, texts, strict=True):
        process.stdin.write(text)
        process.stdin.close()
    for process in processes:
        assert "in the spool" not in process.stderr.read()
        process.stderr.close()
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("option", ["--strict", "--map=a=id", "--source=x", "--from=csv"])
def test_options_that_say_nothing_to_a_list_are_refused(empty, run, option):
    ran = run("ingest", "--rejected", option)
    assert (ran.code, ran.err.splitlines()[0]) == (2, f"tap-lake: {option.split('=')[0]} says nothing to --rejected")


def test_killed_it_has_lost_nothing_that_was_acknowledged(empty, run):
    command = [str(COMMAND), "ingest", "-", "--source", "s", "--ack"]
    with subprocess.Popen(command, cwd=empty, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write(ndjson(*GOOD))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["events"] == 4
        process.kill()
    ran = run("ingest", "-", "--source", "s", stdin=ndjson(*GOOD, event(9)))
    assert ran.err.splitlines() == [
        "Delivered first what waited in the spool: 4 new events.",
        "5 records: 5 events taken, 1 new in readings, 4 known already, 0 rejected",
    ]


def test_a_reader_of_acknowledgements_that_has_gone_stops_nothing_that_is_safe(empty):
    (empty / "e.ndjson").write_text(ndjson(event(0)))
    script = f"{COMMAND} ingest e.ndjson --ack | true"
    ran = subprocess.run(["sh", "-c", script], cwd=empty, capture_output=True, text=True, timeout=60)
    assert ran.stderr == "1 record: 1 event taken, 1 new in readings, 0 rejected\n"
