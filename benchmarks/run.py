"""Runs the benchmarks beside their peers and says PASS or FAIL: `make bench [ONLY=name]`.

Every `benchmarks/bench_*.py` has a list `BENCHMARKS` of `Benchmark` (see `benchmarks/measure.py`). The table goes to stdout, progress to
stderr, everything measured to `benchmarks/results/<time>.json`. Exit code 1 when a goal is missed or a benchmark breaks, 2 when ONLY
matches nothing; 0 with a word when there is no benchmark yet.
"""

import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

# As a script, this folder is what Python sees first; modules are named from the root, as elsewhere.
ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from benchmarks.measure import Benchmark, Outcome, measure  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"


def discover(folder: Path) -> list[Benchmark]:
    found: list[Benchmark] = []
    for path in sorted(folder.glob("bench_*.py")):
        spec = importlib.util.spec_from_file_location(f"benchmarks.{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        found += module.BENCHMARKS
    return found


def main(folder: Path = ROOT / "benchmarks", results: Path = RESULTS, only: str = "") -> int:
    everything = discover(folder)
    chosen = [benchmark for benchmark in everything if only in benchmark.name]
    if not everything:
        print("there are no benchmarks yet")
        return 0
    if not chosen:
        print(
            f"no benchmark has {only!r} in its name; there are: {', '.join(b.name for b in everything)}",
            file=sys.stderr,
        )
        return 2
    outcomes = [run_one(benchmark) for benchmark in chosen]
    print(table(outcomes))
    path = write(outcomes, results)
    print(f"written to {path}", file=sys.stderr)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def run_one(benchmark: Benchmark) -> Outcome:
    print(f"{benchmark.name} …", file=sys.stderr, flush=True)
    try:
        return measure(benchmark)
    except Exception:  # noqa: BLE001 - one that breaks is a failure, and the others still run
        traceback.print_exc()
        return Outcome.broken(benchmark, traceback.format_exc(limit=1).strip().splitlines()[-1])


def table(outcomes: Sequence[Outcome]) -> str:
    """An aligned table; the spread is half of (largest - smallest), as a share of the median."""
    head = ("benchmark", "ours", "spread", "peer", "spread", "figure", "goal", "")
    rows = [head, *(outcome.cells() for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(align(row, widths) for row in rows)


def align(row: Iterable[str], widths: Sequence[int]) -> str:
    name, *figures = row
    cells = [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(figures, widths[1:], strict=True))]
    return "  ".join(cells).rstrip()


def write(outcomes: Sequence[Outcome], results: Path) -> Path:
    results.mkdir(parents=True, exist_ok=True)
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    path = results / f"{moment}-{os.getpid()}.json"
    machine = {"platform": platform.platform(), "python": platform.python_version(), "cpus": os.cpu_count()}
    record = {
        "time": moment,
        "commit": commit(),
        "machine": machine,
        "outcomes": [asdict(outcome) | {"passed": outcome.passed} for outcome in outcomes],
    }
    path.write_text(json.dumps(record, indent=1) + "\n")
    return path


def commit() -> str:
    answer = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return answer.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(only=os.environ.get("ONLY", "")))
