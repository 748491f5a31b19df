"""Pipes, full disks and terminals: the real command in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import COMMAND, tap_lake
from tests.terminal import run_on_terminal

MANY_ROWS = "SELECT a.* FROM readings a CROSS JOIN readings b CROSS JOIN readings c"
MANY_BYTES = "SELECT random() AS number FROM readings a CROSS JOIN readings b"
NO_TERMINAL = ["TERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS"]


def on_terminal(lake: Path, *args: str, columns: int = 100, **variables: str) -> tuple[int, str]:
    env = {name: value for name, value in os.environ.items() if name not in NO_TERMINAL}
    return run_on_terminal(
        [str(COMMAND), *args], env={**env, "TERM": "xterm", **variables}, cwd=lake, seconds=60, columns=columns
    )


def left_over(lake: Path) -> list[str]:
    return [path.name for folder in (lake, lake / ".tap-lake/tmp") if folder.exists() for path in folder.iterdir()]


def test_data_are_on_standard_output_and_all_else_is_not(lake):
    ran = tap_lake("query", "SELECT 1 AS a; SELECT * FROM absent", "-v")
    assert (ran.returncode, ran.stdout) == (1, "a\n1\n")
    assert "query id" in ran.stderr


def test_statements_come_in_through_a_pipe(lake):
    ran = tap_lake("query", stdin=None, input="SELECT 1 AS a;\nSHOW DATABASES;")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "a\n1\ndatabase_name\ndefault\nweb\n", "")


@pytest.mark.parametrize("command", [f'query "{MANY_ROWS}"', "--help", "tables", "queries show daily_means"])
def test_a_closed_pipe_ends_the_command_silently(lake, command):
    script = f"{COMMAND} {command} 2>err | head -1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert ran.stdout.splitlines()[1:] == ["0"]
    assert (lake / "err").read_text() == ""
    assert not [name for name in left_over(lake) if name.startswith("tap-lake-")]


def test_a_query_is_stopped_when_nobody_reads_it(lake):
    subprocess.run(["bash", "-c", f'{COMMAND} query "{MANY_ROWS}" | head -1'], capture_output=True, timeout=60)
    ran = tap_lake(
        "query", "SELECT state FROM history.queries ORDER BY submitted_at DESC", "--limit", "2", "--no-header"
    )
    assert ran.stdout.split() == ["RUNNING", "CANCELLED"]


@pytest.mark.parametrize("args", [("query", MANY_ROWS), ("tables",), ("--help",), ("--version",), ("query", "--help")])
def test_a_full_disk_behind_standard_output_is_told_in_a_line(lake, args):
    with Path("/dev/full").open("wb") as full:
        ran = tap_lake(*args, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 1
    expected = "tap-lake: standard output could not be written: No space left on device\n  hint: free some space\n"
    assert ran.stderr == expected


@pytest.mark.parametrize("name", ["out.csv", "out.arrow", "out.parquet"])
def test_a_file_that_grows_too_large_is_told_in_a_line_and_leaves_nothing(lake, name):
    limited = "import resource, os, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)); "
    limited += "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    argv = [sys.executable, "-c", limited, str(COMMAND), "query", MANY_BYTES, "-o", name]
    ran = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[0] == f"tap-lake: {name} could not be written: File too large"
    assert ran.stderr.splitlines()[1].startswith("  hint: free ")
    assert name not in "".join(left_over(lake))


def test_closed_standard_streams_are_no_trouble(lake):
    ran = subprocess.run(["bash", "-c", f'{COMMAND} query "SELECT 1" 2>&-'], capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, "_col0\n1\n")


def test_a_terminal_gets_a_table_with_its_time(lake):
    code, text = on_terminal(lake, "query", "SELECT 1 AS one")
    lines = text.splitlines()
    assert code == 0
    assert lines[0] == "┌─────┐"
    assert lines[-1].startswith("1 row, 0.")
    assert "\x1b[" in text


@pytest.mark.parametrize(("args", "variables"), [(["--no-color"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})])
@pytest.mark.parametrize("command", [["query", "SELECT NULL AS one"], ["query", "SELEC"], ["doctor"]])
def test_colour_can_be_refused(lake, args, variables, command):
    _, text = on_terminal(lake, *command, *args, **variables)
    assert "\x1b[" not in text


@pytest.mark.parametrize("sql", ["SELECT NULL AS one", "SELEC"])
def test_colour_can_be_forced(lake, sql):
    ran = tap_lake("query", sql, "--format", "table", env={**os.environ, "FORCE_COLOR": "1"})
    assert "\x1b[" in ran.stdout + ran.stderr


def test_a_wide_table_fits_the_terminal(lake):
    columns = ", ".join(f"'a rather long value' AS column_{number}" for number in range(12))
    for width in (40, 100):
        _, text = on_terminal(lake, "query", f"SELECT {columns}", "--no-color", "-q", columns=width)
        assert max(len(line) for line in text.splitlines()) <= width


def test_a_table_on_a_terminal_stops_at_a_thousand_rows_and_says_so(lake):
    code, text = on_terminal(lake, "query", "SELECT a.id FROM readings a CROSS JOIN readings b", "--no-color")
    lines = text.splitlines()
    assert code == 0
    assert len([line for line in lines if line.startswith("│ s")]) == 1000
    assert lines[-2] == "(1,000 rows shown, more follow: -o FILE or --format csv gives all)"
    assert lines[-1].startswith("1,000+ rows, ")


def test_nothing_is_cut_where_there_is_no_terminal(lake):
    ran = tap_lake("query", "SELECT a.id FROM readings a CROSS JOIN readings b", "--format", "table")
    assert len(ran.stdout.splitlines()) == 300 * 300 + 5


def test_a_binary_format_is_not_written_to_a_terminal(lake):
    code, text = on_terminal(lake, "query", "SELECT 1", "--format", "parquet", "--no-color")
    assert (code, text) == (2, "tap-lake: parquet is not for a terminal\n  hint: -o FILE writes it to a file\n")


def test_a_binary_format_goes_through_a_pipe(lake):
    import pyarrow as pa

    ran = tap_lake("query", "SELECT 1 AS a", "--format", "arrow", text=False)
    assert pa.ipc.open_file(ran.stdout).read_all().to_pylist() == [{"a": 1}]


def test_no_sql_on_a_terminal_is_a_usage_error_and_no_wait(lake):
    code, text = on_terminal(lake, "query", "--no-color")
    assert (code, text.splitlines()[0]) == (2, "tap-lake: there is no SQL to run")


def test_describe_tells_where_a_table_lies(lake):
    _, text = on_terminal(lake, "describe", "readings", "--no-color")
    assert text.splitlines()[-5:] == [
        "table:      default.readings",
        "location:   s3://bucket/default/readings/",
        "format:     Parquet",
        "partitions: 3",
        "created:    2026-02-03 12:00:00 UTC",
    ]


def test_doctor_prints_a_line_a_check(lake):
    code, text = on_terminal(lake, "doctor", "--no-color")
    assert code == 0
    assert text.splitlines()[1] == f"ok    lake           {lake}, found from {lake}; database default"
    assert text.splitlines()[2] == "ok    format         1; this tap-lake writes 1"


def test_the_door_from_a_clone_is_the_command(lake):
    door = Path(__file__).parents[2] / "cli.py"
    ran = subprocess.run([sys.executable, str(door), "query", "SELECT 1 AS a"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "a\n1\n")
