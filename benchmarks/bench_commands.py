"""What every command costs before it does anything, beside the library that it is made with."""

import sys
from pathlib import Path

from benchmarks.measure import Benchmark, Process, at_most

TAP_LAKE = str(Path(sys.executable).with_name("tap-lake"))
IMPORT_CLICK = Process([sys.executable, "-c", "import click"])

BENCHMARKS = [
    Benchmark(
        "--version / import click", at_most(2.5), ours=Process([TAP_LAKE, "--version"]), peer=IMPORT_CLICK, rounds=15
    ),
    Benchmark("--help / import click", at_most(2.5), ours=Process([TAP_LAKE, "--help"]), peer=IMPORT_CLICK, rounds=15),
]
