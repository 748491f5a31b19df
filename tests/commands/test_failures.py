"""One line, a hint and an exit code, whatever goes wrong."""

import json
import shutil

import click
import pytest

from lake import errors
from lake.commands.console.failures import one_line, report
from lake.commands.console.options import Settings
from lake.opening import open_directory
from tests.commands.conftest import tap_lake
from tests.storage.disks import mounted_disk, remount


@pytest.mark.parametrize(
    ("error", "code", "first"),
    [
        (errors.LakeError("it failed"), 1, "tap-lake: it failed"),
        (errors.ConfigError("no"), 2, "tap-lake: no"),
        (errors.ConnectionFailed("no network"), 3, "tap-lake: no network"),
        (errors.QueryTimeout("too slow"), 4, "tap-lake: too slow"),
        (errors.BudgetExceeded("too dear"), 5, "tap-lake: too dear"),
        (errors.GuardRefused("too much"), 7, "tap-lake: too much"),
        (errors.QueryCancelled("stopped"), 130, "tap-lake: stopped"),
        (errors.LakeError("two\n  lines"), 1, "tap-lake: two; lines"),
        (errors.LakeError("a\x1b[31mred"), 1, "tap-lake: a\\x1b[31mred"),
        (click.ClickException("Said."), 1, "tap-lake: Said."),
        (ZeroDivisionError("division"), 1, "tap-lake: unexpected ZeroDivisionError: division"),
        (ZeroDivisionError(), 1, "tap-lake: unexpected ZeroDivisionError"),
        (
            OSError(28, "No space left on device", "/lake/x"),
            1,
            "tap-lake: /lake/x could not be written: No space left on device",
        ),
        (KeyboardInterrupt(), 130, "tap-lake: interrupted"),
    ],
)
def test_an_error_is_a_line_and_an_exit_code(error, code, first, capsys, monkeypatch):
    monkeypatch.setattr("lake.commands.console.interrupts._State.said", False)
    assert report(error, Settings()) == code
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == first
    assert len(lines) <= 2


def test_every_class_of_error_has_its_documented_code():
    codes = {
        errors.UsageError: 2,
        errors.LakeNotFound: 2,
        errors.ConnectionFailed: 3,
        errors.QueryTimeout: 4,
        errors.BudgetExceeded: 5,
        errors.GuardRefused: 7,
        errors.QueryCancelled: 130,
        errors.TableNotFound: 1,
        errors.DiskFull: 1,
    }
    assert {kind: kind.exit_code for kind in codes} == codes


def test_what_nobody_expected_asks_for_a_report(capsys):
    report(RuntimeError("oops"), Settings())
    assert capsys.readouterr().err.splitlines()[1] == "  hint: please report it; --verbose shows the trace"
    report(RuntimeError("oops"), Settings(verbose=True))
    first, *_, last = capsys.readouterr().err.splitlines()
    assert (first, last) == ("RuntimeError: oops", "tap-lake: unexpected RuntimeError: oops")


def test_a_message_is_one_line():
    assert one_line("a\n\n b \r\n\tc") == "a; b; c"
    assert one_line("x\u202ey\x7f") == "x\\u202ey\\x7f"


def test_a_damaged_data_file_is_named(lake, run):
    file = next((lake / "data/default/readings/dt=2026-01-31").glob("*.parquet"))
    file.write_bytes(b"this is no Parquet file")
    ran = run("query", "SELECT sum(value) FROM readings")
    assert (ran.code, ran.out) == (1, "")
    assert file.name in ran.err
    assert len(ran.err.splitlines()) == 2


def test_a_lake_of_a_newer_format_is_refused(lake, run):
    file = lake / ".tap-lake/lake.toml"
    file.write_text(file.read_text().replace("format = 1", "format = 99"))
    ran = run("tables")
    assert (ran.code, ran.out) == (1, "")
    assert "99" in ran.err
    assert len(ran.err.splitlines()) == 2


@pytest.fixture
def read_only_disk(template, tmp_path):
    """A disk that may only be read, with a lake on it."""
    with mounted_disk(tmp_path / "disk", size="32m") as disk:
        shutil.copytree(template, disk / "lake")
        remount(disk, "ro")
        yield disk


@pytest.mark.parametrize(
    "line", ["query SELECT(1)", "tables", "partitions list readings", "queries list", "query @of_day -p day=2026-01-31"]
)
def test_a_lake_that_may_only_be_read_answers(read_only_disk, line):
    ran = tap_lake("--lake", read_only_disk / "lake", *line.split())
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout


@pytest.mark.parametrize(
    "args", [["query", "CREATE DATABASE x"], ["query", "SELECT 1", "-o", "out.csv"], ["init", "new"]]
)
def test_a_lake_that_may_only_be_read_is_not_changed(read_only_disk, args):
    ran = tap_lake("--lake", "lake", *args, cwd=read_only_disk)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("tap-lake: ")
    assert len(ran.stderr.splitlines()) <= 2


@pytest.mark.parametrize("args", [[], ["-o", "out.parquet"], ["-o", "out.csv"], ["-o", "out.parquet", "--limit", "1"]])
def test_a_query_that_fails_on_a_lake_that_may_only_be_read_says_why(read_only_disk, tmp_path, args):
    ran = tap_lake("--lake", read_only_disk / "lake", "query", "SELECT CAST('x' AS integer)", *args, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("tap-lake: Cannot cast 'x' to INT")


@pytest.mark.parametrize("keep", [True, False])
def test_a_failure_on_a_lake_that_may_only_be_read_reaches_python(read_only_disk, keep):
    with open_directory(read_only_disk / "lake") as lake, pytest.raises(errors.QueryFailed, match="Cannot cast 'x'"):
        lake.query("SELECT CAST('x' AS integer)", keep=keep)


def test_doctor_warns_of_a_lake_that_may_only_be_read(read_only_disk, run):
    lines = run("--lake", read_only_disk / "lake", "doctor", "--jsonl").lines
    (row,) = [json.loads(line) for line in lines if '"writable"' in line]
    assert row["status"] == "warn"
