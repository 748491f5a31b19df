"""A day of the weather, as if it ended now: `python -m lake.demo.replay` prints it as NDJSON, at speed.

As from any real source, some events come twice and some records are no events: every fortieth event is sent again, as a
sender does that has missed the acknowledgement, and a few are spoilt.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, TextIO

from lake.clock import Clock, SystemClock
from lake.demo.weather import FILE, METRICS
from lake.ingest.events import MISSING, timestamp_text

DAY = "2013-07-18"
SPEED = 60_000
REPEATED_EVERY = 40
SPOILT = 3


def day_until(now: datetime, day: str = DAY) -> list[dict[str, Any]]:
    """Return the events of a day of UTC, moved so that its last hour is `now`, in the order of their time."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["time_hour"].startswith(day)]
    moved = now - max((_moment(row) for row in rows), default=now)
    return [
        {
            "id": row["origin"],
            "ts": timestamp_text(_moment(row) + moved),
            "metric": metric,
            "value": float(row[metric]),
            "event_id": f"{metric}-{row['hour']}",
            "hour": row["hour"],
        }
        for row in sorted(rows, key=_moment)
        for metric in METRICS
        if row[metric] not in MISSING
    ]


def as_sent(events: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the `ts` of an event and a line, with what goes wrong on the way."""
    spoilt_at = {(place + 1) * len(events) // (SPOILT + 1): place for place in range(SPOILT)}
    for place, event in enumerate(events):
        line = _line(event)
        yield event["ts"], line
        if place % REPEATED_EVERY == REPEATED_EVERY - 1:
            yield event["ts"], line
        if place in spoilt_at:
            yield event["ts"], _spoilt(event, line, spoilt_at[place])


def replay(lines: Iterable[tuple[str, str]], out: TextIO, speed: float) -> None:
    """Write lines as they came, `speed` times as fast; without a speed all at once."""
    before: datetime | None = None
    for text, hour in groupby(lines, key=lambda sent: sent[0]):
        ts = datetime.fromisoformat(text)
        if before is not None and speed:
            out.flush()
            time.sleep((ts - before) / timedelta(seconds=1) / speed)
        before = ts
        out.writelines(f"{line}\n" for _, line in hour)
    out.flush()


def main(arguments: Sequence[str] | None = None, clock: Clock | None = None) -> None:
    description = "Print a day of weather at New York's airports in 2013 as NDJSON, moved to the last 24 hours."
    parser = ArgumentParser("python -m lake.demo.replay", description=description)
    parser.add_argument("--day", default=DAY, help=f"yyyy-MM-dd of UTC ({DAY})")
    parser.add_argument("--speed", type=float, default=SPEED, help=f"times as fast; 0 is all at once ({SPEED:,})")
    given = parser.parse_args(arguments)
    events = day_until((clock or SystemClock()).now(), given.day)
    if not events:
        parser.error(f"there is no weather of {given.day}")
    replay(as_sent(events), sys.stdout, given.speed)


def _moment(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["time_hour"])


def _spoilt(event: dict[str, Any], line: str, kind: int) -> str:
    """Break an event: of three kinds in turn, `time` in the place of `ts`, text for a number, a line cut short."""
    late = event | {"event_id": f"{event['event_id']}-{kind}"}
    if kind % 3 == 0:
        return _line({"time" if name == "ts" else name: value for name, value in late.items()})
    if kind % 3 == 1:
        return _line(late | {"value": "broken"})
    return line[: len(line) // 2]


def _line(event: dict[str, Any]) -> str:
    return json.dumps(event, separators=(",", ":"))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        try:
            main()
        except BrokenPipeError:
            # Whoever read has gone; what is still in the buffer has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
