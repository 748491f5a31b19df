import json
import shutil

from lake import connect
from lake.commands.console import folder_checks
from lake.commands.console.checks import Check
from lake.ingest.segments import read_segment
from tests.ingest.readings import events


def checked(ran) -> dict[str, dict[str, str]]:
    return {row["check"]: row for row in map(json.loads, ran.lines)}


def test_a_lake_in_order_is_ok(lake, run):
    (lake / "data/web").mkdir()
    ran = run("doctor", "--jsonl")
    assert ran.code == 0
    rows = checked(ran)
    names = [
        "versions",
        "lake",
        "format",
        "file system",
        "writable",
        "catalog",
        "locations",
        "spool",
        "disk space",
        "engine limits",
    ]
    assert list(rows) == names
    assert {row["status"] for row in rows.values()} == {"ok"}
    for package in ("tap-lake", "python", "duckdb", "pyarrow", "sqlglot"):
        assert package in rows["versions"]["detail"]
    assert rows["catalog"]["detail"] == "whole; 2 tables, 1 view"


def test_how_the_lake_was_chosen_is_told(lake, run, monkeypatch):
    assert checked(run("doctor", "--jsonl", "--lake", lake))["lake"]["detail"].startswith(f"{lake}, chosen by --lake;")
    monkeypatch.setenv("TAP_LAKE", str(lake))
    assert "chosen by TAP_LAKE" in checked(run("doctor", "--jsonl"))["lake"]["detail"]


def test_without_a_lake_the_rest_is_told_and_it_fails(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("doctor", "--jsonl")
    assert ran.code == 1
    rows = checked(ran)
    assert list(rows) == ["versions", "lake"]
    assert rows["lake"]["status"] == "FAIL"
    assert "tap-lake init" in rows["lake"]["remedy"]


def test_a_table_without_its_folder_is_a_warning(lake, run):
    shutil.rmtree(lake / "data/default/readings")
    ran = run("doctor", "--jsonl")
    assert ran.code == 0
    found = [json.loads(line) for line in ran.lines if '"locations"' in line]
    assert [row["status"] for row in found] == ["warn", "warn"]
    assert "default.readings (s3://bucket/default/readings/)" in found[0]["detail"]


def test_a_damaged_catalog_fails_and_the_other_checks_are_made(lake, run):
    path = lake / ".tap-lake/catalog.db"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    for name in ("catalog.db-wal", "catalog.db-shm"):
        (lake / ".tap-lake" / name).unlink(missing_ok=True)
    ran = run("doctor", "--jsonl")
    assert ran.code == 1
    rows = checked(ran)
    assert rows["catalog"]["status"] == "FAIL"
    assert rows["catalog"]["remedy"]
    assert rows["engine limits"]["status"] == "ok"


def spool(run):
    row = checked(run("doctor", "--jsonl"))["spool"]
    return row["status"], row["detail"], row["remedy"]


def test_what_waits_in_the_spool_is_told(left, empty, run):
    remedy = "tap-lake deliver puts them into their table"
    assert spool(run) == ("warn", "1 segment with 3 events waits for delivery", remedy)
    assert run("ingest", "-", stdin=b"{}\n5\n").code == 1
    kept = "tap-lake ingest --rejected lists what is no event"
    assert spool(run) == ("warn", "2 rejected records kept", kept)


def test_of_a_segment_half_delivered_the_rest_waits(left, empty, run):
    (done,) = empty.glob(".tap-lake/spool/*.events")
    with connect(empty) as db:
        writer = db._parts.events.spool.new_segment()
        for frame in (range(3), range(3, 8)):
            writer.append(events(frame))
        writer.seal()
        first = read_segment(writer.path).frames[0]
        with db.catalog.transaction() as connection:
            db._parts.events.deliverer._delivered.note(connection, {done.stem: None, writer.name: first.end})
    assert spool(run)[1] == "1 segment with 5 events waits for delivery"


def test_a_segment_that_cannot_be_read_fails_with_its_name(left, empty, run):
    (segment,) = empty.glob(".tap-lake/spool/*.events")
    segment.write_bytes(b"tap-lake segment 99\n")
    status, detail, _ = spool(run)
    assert status == "FAIL"
    assert segment.name in detail


def test_little_space_is_a_warning_and_too_little_a_failure(lake, run, monkeypatch):
    monkeypatch.setattr(folder_checks, "LITTLE_SPACE", 10**18)
    row = checked(run("doctor", "--jsonl"))["disk space"]
    assert (row["status"], row["remedy"]) == ("warn", f"free some space under {lake}")
    monkeypatch.setattr(folder_checks, "TOO_LITTLE_SPACE", 10**18)
    assert run("doctor").code == 1


def test_a_broken_setting_is_told(lake, run):
    (lake / ".tap-lake/lake.toml").write_text("format = 1\nbucket = 'x y'\n")
    row = checked(run("doctor", "--jsonl"))["lake"]
    assert row["status"] == "FAIL"
    assert "bucket is 'x y'" in row["detail"]


def test_a_lake_that_is_not_mounted_anywhere_known_is_no_failure(lake, run, monkeypatch, tmp_path):
    from lake.storage import mounts

    monkeypatch.setattr(mounts, "MOUNTS", tmp_path / "absent")
    assert checked(run("doctor", "--jsonl"))["file system"] == {
        "check": "file system",
        "status": "warn",
        "detail": "unknown on this system",
        "remedy": "keep the lake on a local disk",
    }


def test_a_check_is_a_value():
    assert Check("a", "ok", "b") == Check("a", "ok", "b", None)
