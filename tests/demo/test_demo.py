"""The demo, run as people do: from any folder, in a pipe and on a terminal, and again."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

import lake
from lake.demo.shell import Shell
from lake.demo.tour import load_lake
from lake.demo.weather import FILE
from tests.demo import weather
from tests.demo.transcript import next_commands, output_of, read_steps, rows_of
from tests.docs_runner import ERASED, matches
from tests.terminal import run_on_terminal

BIN = Path(sys.executable).parent
PROGRAM = str(BIN / "tap-lake")
REPLAYED = 579
FAULTY = 3


def demo(*args: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [PROGRAM, "demo", *map(str, args)]
    return subprocess.run(command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """The folder that the demo was run from, and what it printed into a pipe."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run = demo(cwd=folder)
    assert (run.returncode, run.stderr) == (0, "")
    return folder, run.stdout


def answers(folder: Path) -> list[tuple[object, ...]]:
    with lake.connect(folder) as db:
        return db.query("""
            SELECT count(*), count(DISTINCT dt), count(DISTINCT (id, ts, metric, event_id)), max(value)
            FROM analytics.readings WHERE dt < '2014'
        """).fetch_all()


RIGHT = [(weather.READINGS, weather.DAYS, weather.READINGS, 1048.36058)]


def test_the_lake_is_made_where_the_demo_is_run_and_holds_every_reading(first):
    folder, _ = first
    assert [path.name for path in folder.iterdir()] == ["tap-lake-demo"]
    assert answers(folder / "tap-lake-demo") == RIGHT


def live(folder: Path) -> int:
    with lake.connect(folder) as db:
        ((count, once),) = db.query("""
            SELECT count(*), count(DISTINCT (id, ts, metric, event_id)) FROM analytics.readings WHERE dt > '2014'
        """).fetch_all()
    assert count == once
    return count


def test_what_came_live_is_told_good_repeated_and_bad(first):
    said = " ".join(output_of(first[1], "lake.demo.replay").split())
    again = REPLAYED // 40
    records = REPLAYED + again + FAULTY
    assert said.startswith(
        f"{records} records: {REPLAYED + again} events taken, {REPLAYED} new in readings, {again} known already, 3 rejected"
    )
    for reason in ("ts is missing", "value is not a finite number", "not JSON"):
        assert f"1 rejected: {reason}" in said


def test_what_was_rejected_is_shown_and_in_part_taken_after_all(first):
    shown = output_of(first[1], "--rejected")
    assert shown.count("source | replay") == FAULTY
    assert "1 event taken, 1 new in readings, 2 rejected" in output_of(first[1], "--retry")
    # Others of these tests run the demo again, on the same lake.
    assert live(first[0] / "tap-lake-demo") % (REPLAYED + 1) == 0


def test_each_live_event_is_seen_once_and_at_once(first):
    rows = rows_of(output_of(first[1], "current_timestamp"))
    assert [row[0] for row in rows] == ["EWR", "JFK", "LGA"]
    assert all(row[1] == row[2] and row[3] == "true" for row in rows)
    assert sum(int(row[1]) for row in rows) == REPLAYED + 1


def test_the_hottest_hours_are_right(first):
    shown = rows_of(output_of(first[1], "@hottest_hour"))
    expected = [[airport, f"{ts}.000", f"{value:.1f}"] for airport, ts, value in weather.hottest_hours()]
    assert [row[:3] for row in shown] == expected
    assert len(shown) == 3


def test_the_monthly_means_are_right_and_their_bars_as_long(first):
    shown = rows_of(output_of(first[1], "@monthly_means"))
    truth = weather.monthly("temp", "JFK")
    assert [row[0] for row in shown] == list(truth.index)
    numbers = [[float(row[1]), float(row[3]), float(row[4])] for row in shown]
    assert numbers == [[round(value, 1) for value in row] for row in truth.itertuples(index=False)]
    longest = truth["mean"].max()
    assert [len(row[2]) for row in shown] == [round(36 * mean / longest) for mean in truth["mean"]]


def test_the_windiest_days_are_right_and_leave_out_the_broken_instrument(first):
    shown = rows_of(output_of(first[1], "@windiest_days"))
    truth = weather.windy_days().head(5)
    assert [row[0] for row in shown] == list(truth.index)
    numbers = [[float(row[1]), float(row[3]), float(row[4])] for row in shown]
    assert numbers == [[round(value, 1) for value in row] for row in truth[["mean", "max", "gust"]].to_numpy()]
    assert [row[2] for row in shown] == ["▒" * round(mean) for mean in truth["mean"]]


def test_the_overview_counts_what_was_measured(first):
    shown = rows_of(output_of(first[1], "GROUP BY metric"))
    truth = weather.readings().groupby("metric")["value"].agg(["count", "min", "mean", "max"])
    assert [row[0] for row in shown] == list(truth.index)
    numbers = [[float(text) for text in row[1:]] for row in shown]
    assert numbers == [[count, low, round(mean, 2), high] for count, low, mean, high in truth.itertuples(index=False)]


def test_in_a_pipe_it_is_plain_text_of_80_columns(first):
    folder, text = first
    assert "\x1b" not in text
    for line in text.splitlines():
        # Only a path and a record may be longer than the line.
        wide = line.startswith("record | ") or str(FILE) in line or str(folder) in line or str(BIN) in line
        assert cell_len(line) <= 80 or wide, line


def test_the_readme_shows_what_it_prints(first):
    readme = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    block = re.search(r"```text\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    assert matches(block[1], first[1].lstrip("\n"))


@pytest.fixture(scope="module")
def again(first, tmp_path_factory):
    """The same lake, the demo run once more from another folder: that folder, and what it did."""
    folder = tmp_path_factory.mktemp("another")
    return folder, demo(first[0] / "tap-lake-demo", cwd=folder)


def test_run_again_from_another_folder_it_reuses_the_lake_and_doubles_nothing(first, again):
    folder, run = again
    assert (run.returncode, run.stderr) == (0, "")
    assert "is a lake already" in output_of(run.stdout, "tap-lake init")
    assert "211,061 events taken, 0 new in readings, 211,061 known already" in output_of(run.stdout, "--melt")
    assert list(folder.iterdir()) == []
    assert answers(first[0] / "tap-lake-demo") == RIGHT


def on_terminal(folder: Path, **variables: str) -> tuple[int, str]:
    env = {**os.environ, "TERM": "xterm-256color", **variables}
    return run_on_terminal([PROGRAM, "demo"], env=env, cwd=folder, seconds=60, columns=80)


@pytest.fixture(scope="module")
def colourful(first):
    """Exit code and text."""
    return on_terminal(first[0])


@pytest.fixture(scope="module")
def colourless(first):
    """Exit code and text."""
    return on_terminal(first[0], NO_COLOR="1", TAP_LAKE="/no/such/lake")


def test_on_a_terminal_it_shows_the_same_in_colour(first, colourful):
    code, text = colourful
    assert code == 0
    assert "\x1b[" in text
    assert [step.command for step in read_steps(text)] == [step.command for step in read_steps(first[1])]
    assert rows_of(output_of(text, "@hottest_hour")) == rows_of(output_of(first[1], "@hottest_hour"))


def test_no_color_and_a_lake_in_the_environment_are_honoured(colourless):
    code, text = colourless
    assert (code, "\x1b" in text) == (0, False)
    assert "unset TAP_LAKE" in next_commands(text)


@pytest.fixture(params=["ALTER TABLE readings DROP PARTITION (dt = '2013-02-03')", "DROP TABLE readings"])
def loaded_again(first, request):
    """Drop something, have the demo load the lake once more, in this process, and return what it printed."""
    made = first[0] / "tap-lake-demo"
    with lake.connect(made) as db:
        db.query(request.param)
    out = io.StringIO()
    shell = Shell(out, color=False)
    with shell.opened():
        load_lake(shell, made)
    return out.getvalue()


@pytest.mark.usefixtures("loaded_again")
def test_what_was_dropped_is_there_again_and_not_doubled(first):
    assert answers(first[0] / "tap-lake-demo") == RIGHT


def file_there(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")


def own_lake(folder: Path) -> None:
    lake.create_lake(folder)


def own_table(folder: Path) -> None:
    lake.create_lake(folder, database="analytics")
    with lake.connect(folder) as db:
        db.query("CREATE EXTERNAL TABLE readings (x int) STORED AS PARQUET LOCATION 'mine/'")


@pytest.mark.parametrize("prepare", [file_there, own_lake, own_table])
def test_a_folder_that_holds_something_else_is_left_as_it_is(prepare, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    prepare(folder)
    before = sorted(path for path in folder.rglob("*") if ".tap-lake" not in str(path))
    run = demo(folder, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"tap-lake: {folder} ")
    assert run.stderr.splitlines()[1:] == ["  hint: name a new folder: tap-lake demo DIR"]
    assert sorted(path for path in folder.rglob("*") if ".tap-lake" not in str(path)) == before


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    run = demo("file", cwd=tmp_path)
    assert (run.returncode, run.stderr.splitlines()[0]) == (2, "tap-lake: file is a file")


def timeless(text: str) -> list[str]:
    """The words of a text, without what changes from run to run: the times, also where a record is cut short."""
    return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.]+Z?", "TIME", ERASED.sub("", text)).split()


@pytest.mark.slow
def test_the_commands_shown_print_what_the_demo_says_when_typed(first, tmp_path):
    """All of them, on a terminal of 80 columns, in a new folder."""
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    folder = tmp_path
    for step in read_steps(first[1]):
        if step.command.startswith("cd "):
            folder = folder / step.command.removeprefix("cd ")
            continue
        script = (
            step.command.replace("tap-lake query", "tap-lake query -q") if "dry" not in step.command else step.command
        )
        code, output = run_on_terminal(["bash", "-c", script], env=env, cwd=folder, seconds=60, columns=80)
        assert code == (1 if re.search("replay|retry", step.command) else 0)
        assert timeless(output) == timeless(step.output.replace(str(first[0]), str(tmp_path)))


@pytest.mark.slow
def test_what_to_try_next_works_as_written(first):
    folder, text = first
    script = "set -eo pipefail\n" + "\n".join(next_commands(text))
    run = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert (folder / "tap-lake-demo" / "hot.parquet").is_file()


@pytest.mark.slow
def test_two_demos_at_once_load_the_readings_once(tmp_path):
    command = [PROGRAM, "demo", "l"]
    both = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert answers(tmp_path / "l") == RIGHT
