"""What the demo shows, step by step."""

from __future__ import annotations

import os
import shlex
import time
from pathlib import Path
from typing import TextIO

from lake.demo.folder import DATABASE, has_forgotten_files, refuse_foreign
from lake.demo.shell import OTHER_LAKES, Shell, path_line
from lake.demo.weather import FILE, METRICS, NAMES, SKIPPED

TAKE = f"""\
tap-lake ingest {shlex.quote(str(FILE))} \\
  --map {",".join(f"{column}={name}" for column, name in NAMES.items())} \\
  --melt {",".join(METRICS)} \\
  --skip {",".join(SKIPPED)}"""

REPLAY = "python -m lake.demo.replay | tap-lake ingest - --source replay"
REJECTED = "tap-lake ingest --rejected --format vertical"
RETRY = "tap-lake ingest --retry --map time=ts"

LAST_DAY = """\
tap-lake query "
SELECT id, count(*) AS events,
  count(DISTINCT (ts, metric, event_id)) AS each_once,
  max(ts) > current_timestamp - INTERVAL '1' HOUR AS live
FROM readings
WHERE dt >= date_format(current_timestamp - INTERVAL '1' DAY, '%Y-%m-%d')
GROUP BY id ORDER BY id\""""

OVERVIEW = """\
tap-lake query "
SELECT metric, count(*) AS readings, min(value) AS least,
  round(avg(value), 2) AS mean, max(value) AS greatest
FROM readings WHERE dt < '2014' GROUP BY metric ORDER BY metric\""""

ONE_DAY = """\
tap-lake query --dry-run "
SELECT avg(value) FROM readings
WHERE metric = 'temp' AND dt = '2013-07-18'\""""

NEXT = (
    "tap-lake queries list",
    "tap-lake query @monthly_means -p metric=pressure -p zero=1000",
    "tap-lake query @outliers -p top=5",
    "tap-lake query \"SELECT * FROM readings WHERE dt = '2013-07-18'\" -o hot.parquet",
    "tap-lake query @daily_means -p since=2013-12-01 --csv | head -4",
    "tap-lake describe readings",
    "tap-lake --help",
)


def run_demo(directory: Path, *, out: TextIO, color: bool = False) -> None:
    """Make a lake of the shipped readings in `directory`, or complete the one that is there, and ask it.

    `out` gets a transcript of at most 80 columns. Raises UsageError where `directory` holds something else, and
    whatever a step fails with; run again, it goes on from what is there.
    """
    began = time.monotonic()
    refuse_foreign(directory)
    shell = Shell(out, color=color)
    path, other_lakes = path_line(), [name for name in OTHER_LAKES if os.environ.get(name)]
    with shell.opened():
        load_lake(shell, directory)
        take_live(shell)
        ask_lake(shell)
    shell.say(f"All of this took {time.monotonic() - began:.1f} seconds. What to try next:")
    shell.show(
        *([path] if path else []),
        *(f"unset {name}" for name in other_lakes),
        f"cd {shlex.quote(str(directory))}",
        *NEXT,
    )


def load_lake(shell: Shell, directory: Path) -> None:
    """Make the lake, and take the year that ships."""
    from lake.opening import open_directory

    folder = shlex.quote(str(directory))
    shell.say("A lake is a folder: your files, and a catalog that says what is in them.")
    shell.run(f"tap-lake init {folder} --database {DATABASE} --quiet")
    shell.run(f"cd {folder}")
    shell.say(
        "A year of weather at New York's three airports (NOAA, 2013), which ships with tap-lake. Its columns become "
        "events of table readings: each of --melt is a metric. What is there already is known again."
    )
    shell.run(TAKE)
    with open_directory(Path.cwd()) as lake:
        forgotten = has_forgotten_files(lake)
    if forgotten:
        shell.say("There are files that the catalog knows nothing of. Now it does:")
        shell.run("tap-lake partitions repair readings --format none")


def take_live(shell: Shell) -> None:
    """Have events come in as they do from a sender, good and bad."""
    shell.say(
        "Now live: the hottest day of that year as if it ended now, sent faster than it was. As from any sender, some "
        "events come twice, which are known, and some records are none (exit code 1):"
    )
    shell.run(REPLAY, may_fail=True)
    shell.say("What is no event is not lost. It is kept, with the reason:")
    shell.run(REJECTED)
    shell.say("One only had another name for ts. Told so, it is taken after all:")
    shell.run(RETRY, may_fail=True)


def ask_lake(shell: Shell) -> None:
    """Ask what is worth knowing of the readings."""
    shell.say("What came in during the last day, each event once:")
    shell.run(LAST_DAY)
    shell.say("What was measured? A wind of 1,048 mph is a broken instrument: real data.")
    shell.run(OVERVIEW)
    shell.say("What would a question read, and cost on Athena? A day is one file:")
    shell.run(ONE_DAY)
    shell.say("Queries have names. The hottest hour of each airport (ts is UTC):")
    shell.run("tap-lake query @hottest_hour")
    shell.say("The year at Kennedy airport, in degrees Fahrenheit:")
    shell.run("tap-lake query @monthly_means -p id=JFK -p until=2013-12-31")
    shell.say("The windiest days, the broken instrument left out:")
    shell.run("tap-lake query @windiest_days")
