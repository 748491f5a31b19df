"""What a benchmark is, and how one is measured: ours and the peer take turns, so that a busy moment strikes both.

    BENCHMARKS = [
        Benchmark("tpch/q1", at_most(1.10), ours=run_lake, peer=run_duckdb, setup=make_data),
        Benchmark("one partition", at_most(100, "ms"), ours=one_partition),
        Benchmark("version", at_most(2.5), ours=Process(["tap-lake", "--version"]), peer=Process([sys.executable, "-c", "import click"])),
        Benchmark("export memory", at_most(1024, "MiB"), ours=Process(argv), reads="peak_mib"),
        Benchmark("listing", at_least(18), ours=list_with_obstore, peer=list_with_boto3),   # how many times as fast as the peer
    ]

`at_most(x)` holds the ratio ours / peer to x, `at_least(x)` the ratio peer / ours; with a unit ("s", "ms", "MiB", or one of your own) the goal is absolute.
A callable is timed; if it returns a float, that is the measurement instead (seconds, unless the unit says otherwise). A `Process` is
timed from start to end, with its own peak memory. `setup` returns a context manager or None and is not timed.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

ROUNDS = 5
LAUNCHER = Path(__file__).with_name("launch.py")
SCALES = {"s": 1.0, "ms": 1000.0}


@dataclass(frozen=True)
class Goal:
    bound: float
    unit: str
    direction: Literal["≤", "≥"]

    def __str__(self) -> str:
        return f"{self.direction} {self.bound:g}{f' {self.unit}' if self.unit else ''}"

    def met_by(self, figure: float) -> bool:
        return figure <= self.bound if self.direction == "≤" else figure >= self.bound


def at_most(bound: float, unit: str = "") -> Goal:
    return Goal(bound, unit, "≤")


def at_least(bound: float, unit: str = "") -> Goal:
    return Goal(bound, unit, "≥")


@dataclass(frozen=True)
class Process:
    """A command, measured as a whole. It must end with 0; what it prints is dropped unless it fails."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None

    def measure(self) -> "Sample":
        answer = subprocess.run(
            [sys.executable, "-I", "-S", str(LAUNCHER), *self.argv],
            env=os.environ | dict(self.env),
            cwd=self.cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if answer.returncode:
            raise RuntimeError(f"{list(self.argv)} ended with {answer.returncode}: {answer.stderr[-2000:]}")
        return Sample(**json.loads(answer.stdout))


Subject = Callable[[], float | None] | Process


@dataclass(frozen=True)
class Sample:
    seconds: float
    peak_mib: float = 0.0


@dataclass(frozen=True)
class Benchmark:
    name: str
    goal: Goal
    ours: Subject
    peer: Subject | None = None
    rounds: int = ROUNDS
    setup: Callable[[], AbstractContextManager[object] | None] = lambda: None
    reads: Literal["seconds", "peak_mib"] = "seconds"

    def __post_init__(self) -> None:
        if self.rounds < ROUNDS:
            raise ValueError(f"{self.name}: at least {ROUNDS} rounds, not {self.rounds}")
        if self.peer is None and not self.goal.unit:
            raise ValueError(f"{self.name}: a ratio needs a peer, an absolute goal a unit")
        if self.reads == "peak_mib" and not all(
            isinstance(s, Process) for s in (self.ours, self.peer) if s is not None
        ):
            raise ValueError(f"{self.name}: peak memory is read from a Process")


@dataclass(frozen=True)
class Outcome:
    """What was measured, in the goal's unit (a ratio's samples in seconds or MiB). `trouble` when it broke."""

    name: str
    goal: Goal
    ours: tuple[float, ...]
    peer: tuple[float, ...] = ()
    unit: str = "s"
    trouble: str = ""

    @classmethod
    def broken(cls, benchmark: Benchmark, trouble: str) -> "Outcome":
        return cls(benchmark.name, benchmark.goal, (), trouble=trouble)

    @property
    def figure(self) -> float:
        """What the goal is about: ours in its unit, or the ratio of the medians."""
        if self.goal.unit:
            return statistics.median(self.ours)
        ours, peer = statistics.median(self.ours), statistics.median(self.peer)
        return ours / peer if self.goal.direction == "≤" else peer / ours

    @property
    def passed(self) -> bool:
        return not self.trouble and self.goal.met_by(self.figure)

    def cells(self) -> tuple[str, ...]:
        if self.trouble:
            return (self.name, "", "", "", "", "broken", str(self.goal), f"FAIL  {self.trouble}")
        figure = f"{self.figure:.4g}{f' {self.goal.unit}' if self.goal.unit else ''}"
        verdict = "PASS" if self.passed else "FAIL"
        return (self.name, *self.describe(self.ours), *self.describe(self.peer), figure, str(self.goal), verdict)

    def describe(self, samples: tuple[float, ...]) -> tuple[str, str]:
        if not samples:
            return ("", "")
        median = statistics.median(samples)
        spread = (max(samples) - min(samples)) / median if median else 0.0
        return (f"{median:.4g} {self.unit}", f"±{spread / 2:.0%}")


def measure(benchmark: Benchmark) -> Outcome:
    """Warm both up once, then measure them in turn; who goes first changes from round to round."""
    unit = benchmark.goal.unit or ("MiB" if benchmark.reads == "peak_mib" else "s")
    subjects = {"ours": benchmark.ours} | ({"peer": benchmark.peer} if benchmark.peer is not None else {})
    samples: dict[str, list[float]] = {name: [] for name in subjects}
    with benchmark.setup() or nullcontext():
        for subject in subjects.values():
            sample(subject)
        for number in range(benchmark.rounds):
            for name in sorted(subjects, reverse=bool(number % 2)):
                taken = sample(subjects[name])
                samples[name].append(getattr(taken, benchmark.reads) * SCALES.get(unit, 1.0))
    return Outcome(benchmark.name, benchmark.goal, tuple(samples["ours"]), tuple(samples.get("peer", ())), unit)


def sample(subject: Subject) -> Sample:
    if isinstance(subject, Process):
        return subject.measure()
    started = time.perf_counter()
    reported = subject()
    elapsed = time.perf_counter() - started
    return Sample(elapsed if reported is None else float(reported))
