"""Kills a real command at every point where it makes something last, and asks each time whether what is left is sound.

    crash_everywhere(
        [sys.executable, "-m", "lake.commands", "--lake", "{folder}", "ingest", "events.jsonl"],
        scratch=tmp_path,
        prepare=make_lake,             # fills the folder once; every run works on a fresh copy
        check=lake_is_sound,           # after each kill: (folder, kill)
        check_rerun=everything_is_there,  # after the command has then run to its end: (folder, kill)
    )

A point is a call of fsync, fdatasync, rename, link, unlink, remove, rmdir, mkdir or truncate on a file below the folder, or a write to
SQLite's -wal or -journal. They are counted in libc, below Python, SQLite, DuckDB, Arrow and Rust alike, by a small C file that is
loaded into the command (`crash_shim.c`); `lake/` knows nothing of it. The command, with its children, is killed before and after the n-th point, for
every n until it ends unkilled, then at random moments. `{folder}` in the command stands for the folder, which has the same path in every run.

A kill keeps what the system was given: lost power, which may lose what was not synced, is not simulated.
"""

import compileall
import hashlib
import importlib.util
import mmap
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SHIM_SOURCE = Path(__file__).with_name("crash_shim.c")


@dataclass(frozen=True)
class Kill:
    """Where a run was killed: before or after its n-th point, or `at` a random moment (number 0); `event` is that point."""

    when: str
    number: int
    event: str

    def __str__(self) -> str:
        return f"killed {self.when} {f'point {self.number}: ' if self.number else ''}{self.event}"


@dataclass(frozen=True)
class Run:
    """One run of the command: its exit code (negative: killed by that signal), its points in order, and what it printed."""

    returncode: int
    events: tuple[str, ...]
    output: str
    seconds: float

    @property
    def killed(self) -> bool:
        return self.returncode == -signal.SIGKILL


Check = Callable[[Path, Kill], None]


def crash_everywhere(
    argv: Sequence[str],
    *,
    scratch: Path,
    prepare: Callable[[Path], None] = lambda folder: None,
    check: Check = lambda folder, kill: None,
    check_rerun: Check | None = None,
    env: Mapping[str, str] | None = None,
    max_points: int | None = None,
    random_kills: int = 3,
    seed: int = 0,
    timeout: float = 60,
) -> list[Kill]:
    """Kill `argv` everywhere and return where; an AssertionError of a check is raised again with the kill that led to it.

    `max_points` bounds the quick depth: that many points, evenly spread, the first and the last among them. A command that fails by
    itself, or that has no point at all, fails here: nothing would have been tested.
    """
    harness = Harness(argv, scratch, prepare, env or {}, timeout)
    whole = harness.run_unkilled()
    kills = []
    for kill, run in harness.kill_at_points(len(whole.events), max_points):
        kills.append(kill)
        harness.judge(kill, run, check, check_rerun)
    dice = random.Random(seed)
    for _ in range(random_kills):
        moment = dice.uniform(0, whole.seconds)
        run = harness.run(kill_after_seconds=moment)
        if run.killed:
            kills.append(Kill("at", 0, f"{moment:.3f} s, after {len(run.events)} points"))
            harness.judge(kills[-1], run, check, check_rerun)
    return kills


def keep_bytecode() -> None:
    """Have the project's bytecode made before the first run, which would make it within a test's time."""
    compileall.compile_dir(Path(__file__).resolve().parents[1] / "lake", quiet=1)


class Harness:
    """The command, the folder that it works on, and the untouched copy of that folder."""

    def __init__(
        self,
        argv: Sequence[str],
        scratch: Path,
        prepare: Callable[[Path], None],
        env: Mapping[str, str],
        timeout: float,
    ) -> None:
        self.scratch = scratch.resolve()
        self.folder = self.scratch / "crash"
        self.pristine = self.scratch / "crash-pristine"
        self.argv = [part.replace("{folder}", str(self.folder)) for part in argv]
        # Bytecode may be kept: it lies outside the folder, and to make it anew took half of each run.
        self.env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "CRASH_ROOT": str(self.folder), **env}
        self.env["LD_PRELOAD"] = str(build_shim())
        self.timeout = timeout
        # Prepared at its final path, lest something in it remembers another one.
        for left_over in (self.folder, self.pristine):
            shutil.rmtree(left_over, ignore_errors=True)
        self.folder.mkdir(parents=True)
        prepare(self.folder)
        shutil.copytree(self.folder, self.pristine, symlinks=True)

    def run_unkilled(self) -> Run:
        run = self.run()
        if run.returncode != 0:
            raise AssertionError(f"{self.argv} failed without being killed ({run.returncode}):\n{run.output}")
        if not run.events:
            raise AssertionError(f"{self.argv} wrote nothing below {self.folder}: there is nothing to kill it at")
        return run

    def kill_at_points(self, total: int, max_points: int | None) -> Iterator[tuple[Kill, Run]]:
        """Yield each run that was killed, its folder as the kill left it. Without a bound, goes on until a run ends unkilled."""
        number = 0
        for number in spread(total, max_points):
            for when in ("before", "after"):
                run = self.run(at=number, when=when)
                if run.killed:
                    yield Kill(when, number, run.events[number - 1]), run
        while max_points is None:
            number += 1
            run = self.run(at=number, when="before")
            if not run.killed:
                return
            yield Kill("before", number, run.events[number - 1]), run

    def judge(self, kill: Kill, run: Run, check: Check, check_rerun: Check | None) -> None:
        try:
            check(self.folder, kill)
            if check_rerun is not None:
                again = self.run(fresh=False)
                assert again.returncode == 0, f"run again, it failed ({again.returncode}):\n{again.output}"
                check_rerun(self.folder, kill)
        except Exception as error:
            steps = "\n".join(f"  {i} {event}" for i, event in enumerate(run.events, 1))
            raise AssertionError(f"{kill}\n{type(error).__name__}: {error}\npoints:\n{steps}") from error

    def run(
        self, *, at: int = 0, when: str = "before", fresh: bool = True, kill_after_seconds: float | None = None
    ) -> Run:
        """Run the command in a process group of its own, on a fresh copy of the folder unless told to go on with what is there."""
        if fresh:
            shutil.rmtree(self.folder)
            shutil.copytree(self.pristine, self.folder, symlinks=True)
        counter, log = self.scratch / "crash-counter", self.scratch / "crash-log"
        counter.write_bytes(bytes(mmap.PAGESIZE))
        log.write_bytes(b"")
        shim = {"CRASH_COUNTER": str(counter), "CRASH_LOG": str(log), "CRASH_AT": str(at), "CRASH_WHEN": when}
        started = time.monotonic()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                self.argv,
                cwd=self.folder,
                env=self.env | shim,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.wait(process, kill_after_seconds)
            seconds = time.monotonic() - started
            output.seek(0)
            text = output.read().decode(errors="replace")
        (count,) = struct.unpack_from("l", counter.read_bytes())
        return Run(process.returncode, read_log(log, count), text, seconds)

    def wait(self, process: subprocess.Popen[bytes], kill_after_seconds: float | None) -> None:
        """Wait for the end, and leave no child of the command behind."""
        try:
            process.wait(timeout=self.timeout if kill_after_seconds is None else kill_after_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if kill_after_seconds is None:
                raise AssertionError(f"{self.argv} did not end within {self.timeout} s") from None


def spread(total: int, bound: int | None) -> list[int]:
    """The numbers 1 to `total`, or `bound` of them, evenly spread with both ends."""
    if bound is None or bound >= total:
        return list(range(1, total + 1))
    if bound == 1:
        return [total]
    return sorted({1 + round(i * (total - 1) / (bound - 1)) for i in range(bound)})


def read_log(log: Path, count: int) -> tuple[str, ...]:
    """The events in the order of their numbers; threads may have written their lines in another."""
    events = {}
    for line in log.read_text(errors="replace").splitlines():
        number, _, event = line.partition(" ")
        events[int(number)] = event
    return tuple(events.get(number, "(unknown)") for number in range(1, count + 1))


def build_shim() -> Path:
    """Compile the shim once for its text; without a C compiler, with the one that comes as the wheel `ziglang`."""
    if not sys.platform.startswith("linux"):
        raise AssertionError("the crash tests load a C file by LD_PRELOAD and read /proc: they run on Linux")
    digest = hashlib.sha256(SHIM_SOURCE.read_bytes()).hexdigest()[:16]
    built = SHIM_SOURCE.parent / ".cache" / f"crash_shim-{digest}.so"
    if not built.exists():
        built.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=built.parent) as folder:
            fresh = Path(folder) / built.name
            flags = ["-std=gnu11", "-O2", "-shared", "-fPIC", "-o", str(fresh), str(SHIM_SOURCE), "-ldl"]
            subprocess.run([*c_compiler(), *flags], check=True, env=os.environ | {"ZIG_GLOBAL_CACHE_DIR": folder})
            fresh.replace(built)  # two workers may build it at once
    return built


def c_compiler() -> list[str]:
    found = next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)
    if found:
        return [found]
    if importlib.util.find_spec("ziglang"):
        return [sys.executable, "-m", "ziglang", "cc"]
    raise AssertionError(
        "the crash tests need a C compiler: install gcc, or `pip install ziglang` into this environment"
    )
