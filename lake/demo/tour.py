"""What the demo shows, step by step."""

from __future__ import annotations

import fcntl
import os
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from lake.demo.loading import DATABASE, has_forgotten_files, refuse_foreign
from lake.demo.shell import OTHER_LAKES, Shell, path_line
from lake.directory import CONTROL

CREATE = """\
tap-lake query "
CREATE EXTERNAL TABLE IF NOT EXISTS readings (
  id string, ts timestamp, metric string, value double,
  event_id string, attributes map<string,string>)
PARTITIONED BY (dt string)
STORED AS PARQUET
LOCATION 'analytics/readings/'\""""

LOAD = """\
python -c '
import lake
from lake.demo import new_readings
with lake.connect() as db:
    written = db.write(new_readings(db), "readings")
    print(f"{written.rows:,} readings in {written.partitions} new days")'"""

OVERVIEW = """\
tap-lake query "
SELECT metric, count(*) AS readings, min(value) AS least,
  round(avg(value), 2) AS mean, max(value) AS greatest
FROM readings GROUP BY metric ORDER BY metric\""""

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
        ask_lake(shell)
    shell.say(f"All of this took {time.monotonic() - began:.1f} seconds. What to try next:")
    shell.show(
        *([path] if path else []),
        *(f"unset {name}" for name in other_lakes),
        f"cd {shlex.quote(str(directory))}",
        *NEXT,
    )


def load_lake(shell: Shell, directory: Path) -> None:
    """Make the lake and the table, and write the readings that it lacks."""
    from lake.opening import open_directory

    folder = shlex.quote(str(directory))
    shell.say("A lake is a folder: your files, and a catalog that says what is in them.")
    shell.run(f"tap-lake init {folder} --database {DATABASE} --quiet")
    shell.run(f"cd {folder}")
    shell.say("A table, in the SQL of Amazon Athena: Parquet files, a folder for each day.")
    shell.run(CREATE)
    here = Path.cwd()
    with open_directory(here) as lake:
        forgotten = has_forgotten_files(lake)
    if forgotten:
        shell.say("There are files that the catalog knows nothing of. Now it does:")
        shell.run("tap-lake partitions repair readings --format none")
    shell.say(
        "A year of weather at New York's three airports (NOAA, 2013), which ships with tap-lake. "
        "What is there already is not written twice."
    )
    with _alone(here):
        shell.run(LOAD)


@contextmanager
def _alone(lake: Path) -> Iterator[None]:
    """Hold off another demo on the same lake, which would find the same days missing and write them too."""
    with (lake / CONTROL / "demo.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ask_lake(shell: Shell) -> None:
    """Ask what is worth knowing of the readings."""
    shell.say("What was measured? A wind of 1,048 mph is a broken instrument: real data.")
    shell.run(OVERVIEW)
    shell.say("What would a question read, and cost on Athena? A day is one file:")
    shell.run(ONE_DAY)
    shell.say("Queries have names. The hottest hour of each airport (ts is UTC):")
    shell.run("tap-lake query @hottest_hour")
    shell.say("The year at Kennedy airport, in degrees Fahrenheit:")
    shell.run("tap-lake query @monthly_means -p id=JFK")
    shell.say("The windiest days, the broken instrument left out:")
    shell.run("tap-lake query @windiest_days")
