"""Killed anywhere while it takes, delivers or merges, a lake has every acknowledged event once, and goes on from there."""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import lake
from lake import Lake
from lake.ingest.merging import SMALL_FILES
from lake.ingest.segments import MAKING, read_frames, read_segment
from tests.crash import Harness, Kill, crash_everywhere
from tests.ingest.ingest_once import take_all
from tests.ingest.readings import files, segments
from tests.truth import Row, Sent, make_truth

ROOT = Path(__file__).parents[2]
TRUTH = make_truth(seed=11, good=120, late=0.02)
FEW_DAYS = [record for record in TRUTH.sent if record.row is None or record.row.dt >= "2026-02-01"]
MANY_DAYS = list(TRUTH.sent)
FRAMES = 3


@dataclass(frozen=True)
class Scenario:
    """What the command is given, in files, and what the lake has before: delivered one after another, or in the spool.

    What is `strict` is a folder of several files; so each of what is `spooled` is a segment of several frames. Of these
    `deliver_bytes` are delivered at once.
    """

    given: dict[str, list[Sent]]
    delivered: tuple[list[Sent], ...] = ()
    spooled: tuple[list[Sent], ...] = ()
    deliver_bytes: str = "64MiB"

    @property
    def rows(self) -> set[Row]:
        return rows_of(chain(*self.given.values(), self.before))

    @property
    def before(self) -> list[Sent]:
        return [*chain(*self.delivered, *self.spooled)]

    @cached_property
    def sent_once(self) -> set[Row]:
        sent = Counter(record.row for record in chain(*self.given.values(), self.before) if record.row is not None)
        return {row for row, times in sent.items() if times == 1}


def rows_of(records: Iterable[Sent]) -> set[Row]:
    return {record.row for record in records if record.row is not None}


def slices(records: list[Sent], count: int) -> tuple[list[Sent], ...]:
    return tuple(records[place::count] for place in range(count))


def good(records: list[Sent]) -> list[Sent]:
    return [record for record in records if record.verdict != "bad"]


ONE_DAY = [record for record in good(FEW_DAYS) if record.row is not None and record.row.dt == "2026-02-02"]
SCENARIOS = {
    "into no table": Scenario({"a": FEW_DAYS[:60], "b": FEW_DAYS[50:], "strict": good(FEW_DAYS[40:80])}),
    "what a dead process left": Scenario({}, delivered=(MANY_DAYS[:50],), spooled=slices(MANY_DAYS[30:], 3)),
    "in portions": Scenario({"strict": ONE_DAY[2:26]}, delivered=(ONE_DAY[:4],), deliver_bytes="1KB"),
    "with a merge": Scenario({"a": FEW_DAYS[80:]}, delivered=slices(FEW_DAYS[:100], SMALL_FILES)),
}


def text(records: Iterable[Sent]) -> bytes:
    return b"".join(record.line + b"\n" for record in records)


def build(scenario: Scenario, folder: Path) -> None:
    """Make the lake, the files that are given, and where acknowledgements go."""
    lake.create_lake(folder / "lake")
    (folder / "given").mkdir()
    for name, records in scenario.given.items():
        if name == "strict":
            (folder / "given" / name).mkdir()
            for place, part in enumerate(slices(records, FRAMES)):
                (folder / "given" / name / f"{place}.jsonl").write_bytes(text(part))
        else:
            (folder / "given" / f"{name}.jsonl").write_bytes(text(records))
    source = folder / "before.jsonl"
    with lake.connect(folder / "lake") as db:
        db.query("SELECT 1")  # loads what a test need not wait for
        for records in scenario.delivered:
            source.write_bytes(text(records))
            db.ingest(source)
    for records in scenario.spooled:
        db = lake.connect(folder / "lake")
        for part in slices(records, FRAMES):
            source.write_bytes(text(part))
            db.ingest(source, deliver=False)
        db._parts.events.open_segment.seal()
        db.close()
    settings = folder / "lake" / ".tap-lake" / "lake.toml"
    settings.write_text(
        settings.read_text().replace('# deliver_bytes = "64MiB"', f'deliver_bytes = "{scenario.deliver_bytes}"')
    )


@pytest.fixture(scope="module", params=SCENARIOS)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return SCENARIOS[request.param]


@pytest.fixture(scope="module")
def built(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(scenario, folder)
    return folder


class Checks:
    """Looks at a copy, and lets it go on there to the end."""

    def __init__(self, scenario: Scenario, built: Path, scratch: Path) -> None:
        self.scenario = scenario
        self.given = built / "given"
        self.acks = scratch / "acks"
        self.copy = scratch / "copy"

    def prepare(self, built: Path) -> Callable[[Path], None]:
        return lambda folder: shutil.copytree(built / "lake", folder, dirs_exist_ok=True)

    def after_kill(self, folder: Path, kill: Kill) -> None:
        acknowledged = self.acks.read_text().split() if self.acks.exists() else []
        self.acks.unlink(missing_ok=True)
        sent = [*chain(*(self.scenario.given[name.removesuffix(".jsonl")] for name in acknowledged))]
        sent += self.scenario.before
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(folder, self.copy)
        with lake.connect(self.copy) as db:
            found = table(db)
            assert len(found) == len(set(found)), "doubled"
            waiting, done = spool(db)
            assert {row.identity for row in rows_of(sent)} <= {*found, *waiting}, "lost"
            assert done <= set(found), "delivered, and not in the table"
            once = {row.identity for row in self.scenario.sent_once}
            assert not once & waiting & set(found), "in the table, and in the spool"
            assert table(db) == found, "it changed when looked at again"
            take_all(db, self.given, self.acks)
            self.acks.unlink(missing_ok=True)
            self.at_the_end(db)

    def at_the_end(self, db: Lake) -> None:
        rows = db.query("SELECT * FROM readings").to_arrow().to_pylist()
        expected = [(row.identity, row.value, row.attributes, row.dt) for row in self.scenario.rows]
        found = [(identity(row), row["value"], tuple(sorted(row["attributes"])), row["dt"]) for row in rows]
        assert sorted(found) == sorted(expected)
        assert segments(db) == []
        # What was hardly begun may be another's, and stays for an hour.
        left = [path.name for path in db.directory.spool.iterdir() if path.suffix != MAKING]
        assert set(left) <= {"deliver.lock", "rejected"}
        assert not list(db.directory.data.rglob("_staging/*/*"))
        seen = db.query('SELECT DISTINCT "$path" AS path FROM readings').to_arrow()["path"].to_pylist()
        assert len(files(db)) == len(seen), "files that nobody reads"
        with db.catalog.transaction() as connection:
            assert connection.execute("SELECT * FROM journal").fetchall() == []
        assert db.catalog.check_integrity() == []


def identity(row: dict[str, Any]) -> tuple[str, str, str, str]:
    ts = f"{row['ts']:%Y-%m-%dT%H:%M:%S}.{row['ts'].microsecond // 1000:03d}Z"
    return (row["id"], row["metric"], ts, row["event_id"])


def table(db: Lake) -> list[tuple[str, str, str, str]]:
    if "readings" not in [found.name for found in db.tables("default")]:
        return []
    return sorted(map(identity, db.query("SELECT * FROM readings").to_arrow().to_pylist()))


def spool(db: Lake) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """What waits in the spool, and what lies there and has been delivered."""
    delivered = db._parts.events.deliverer._delivered
    names, until = delivered.names(), delivered.until()
    waiting: set[tuple[str, ...]] = set()
    done: set[tuple[str, ...]] = set()
    for path in segments(db):
        segment = read_segment(path)
        for frame in segment.frames:
            part = replace(segment, frames=(frame,))
            found = [identity(row) for batch in read_frames(part) for row in batch.to_pylist()]
            is_done = segment.name in names or frame.end <= until.get(segment.name, 0)
            (done if is_done else waiting).update(found)
    return waiting, done


def command(built: Path, acks: Path) -> list[str]:
    return [sys.executable, "-m", "tests.ingest.ingest_once", "{folder}", str(built / "given"), str(acks)]


ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}


@pytest.mark.parametrize("at", [6, 25, 45])
def test_killed_at_some_point_no_acknowledged_event_is_lost_or_doubled(
    tmp_path: Path, scenario: Scenario, built: Path, at: int
) -> None:
    checks = Checks(scenario, built, tmp_path)
    harness = Harness(command(built, checks.acks), tmp_path, checks.prepare(built), ENVIRONMENT, timeout=60)
    run = harness.run(at=at, when="after")
    assert run.killed, run.output
    harness.judge(Kill("after", at, run.events[at - 1]), run, checks.after_kill, None)


@pytest.mark.slow
def test_killed_at_every_point_no_acknowledged_event_is_lost_or_doubled(
    tmp_path: Path, scenario: Scenario, built: Path
) -> None:
    checks = Checks(scenario, built, tmp_path)
    kills = crash_everywhere(
        command(built, checks.acks),
        scratch=tmp_path,
        prepare=checks.prepare(built),
        check=checks.after_kill,
        env=ENVIRONMENT,
        random_kills=10,
    )
    assert len(kills) > 50
