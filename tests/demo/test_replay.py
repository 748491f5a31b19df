"""The day that is replayed: moved as a whole, some of it twice, and spoilt in known ways."""

import io
import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from lake.clock import FixedClock
from lake.demo import replay
from lake.ingest.events import Rejected, read_line
from tests.demo import weather

NOW = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)


def test_the_day_is_that_of_the_observations_moved_to_end_now():
    events = replay.day_until(NOW)
    truth = weather.readings()[lambda frame: frame["dt"] == replay.DAY].sort_values(["ts", "id"], kind="stable")
    moved = pd.Timestamp(NOW).tz_localize(None) - truth["ts"].max()
    assert sorted((e["id"], e["ts"], e["metric"], e["value"]) for e in events) == sorted(
        (row.id, f"{row.ts + moved:%Y-%m-%dT%H:%M:%S}.000Z", row.metric, row.value) for row in truth.itertuples()
    )
    assert [event["ts"] for event in events] == sorted(event["ts"] for event in events)
    assert events[-1]["ts"] == "2026-03-01T10:30:00.000Z"


def test_some_are_sent_twice_and_three_are_no_events():
    events = replay.day_until(NOW)
    good, bad = Counter(), []
    for _, line in replay.as_sent(events):
        try:
            good[read_line(line.encode()).normalised()] += 1
        except Rejected as refusal:
            bad.append(refusal.reason)
    assert len(good) == len(events)
    assert Counter(good.values()) == {1: len(events) - len(events) // 40, 2: len(events) // 40}
    assert bad == ["ts is missing", "value is not a finite number", "not JSON"]


def test_it_is_as_much_faster_as_said(monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    replay.replay(replay.as_sent(replay.day_until(NOW)), io.StringIO(), 3600)
    assert sum(slept) == pytest.approx(23)
    slept.clear()
    replay.replay(replay.as_sent(replay.day_until(NOW)), io.StringIO(), 0)
    assert slept == []


def test_it_prints_lines_and_ends_quietly_when_nobody_reads(capsys):
    replay.main(["--speed", "0", "--day", "2013-01-31"], FixedClock(NOW))
    first, *_ = capsys.readouterr().out.splitlines()
    assert NOW - datetime.fromisoformat(json.loads(first)["ts"]) == timedelta(hours=23)
    command = [sys.executable, "-m", "lake.demo.replay"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert (process.stderr.read(), process.wait(timeout=30)) == (b"", 0)


def test_a_day_without_weather_is_refused(capsys):
    with pytest.raises(SystemExit):
        replay.main(["--day", "2014-01-01"], FixedClock(NOW))
    assert "there is no weather of 2014-01-01" in capsys.readouterr().err
