"""The benchmark runner measures both sides in turn, tells a goal met from one missed, and exits accordingly."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.measure import Benchmark, Outcome, Process, at_least, at_most, measure
from benchmarks.run import ROOT, main, table

MODULE = """
from benchmarks.measure import Benchmark, at_least, at_most
BENCHMARKS = [
    Benchmark("sums/ratio", at_most(1.5), ours=lambda: 1.2, peer=lambda: 1.0),
    Benchmark("sums/absolute", at_most(100, "ms"), ours=lambda: {seconds}),
    Benchmark("listing", at_least(18), ours=lambda: 1.0, peer=lambda: 20.0),
]
"""


@pytest.fixture
def bench(tmp_path: Path, capsys):
    """Run the runner on one module; return its exit code, its table and the JSON that it wrote."""

    def bench(module: str, only: str = ""):
        (tmp_path / "bench_planted.py").write_text(module)
        code = main(tmp_path, tmp_path / "results", only)
        written = [json.loads(path.read_text()) for path in (tmp_path / "results").glob("*.json")]
        return code, capsys.readouterr().out, written[0] if written else None

    return bench


def test_goals_that_are_met_pass_and_exit_with_0(bench):
    code, printed, written = bench(MODULE.format(seconds=0.05))
    assert code == 0
    assert printed.count("PASS") == 3
    assert "FAIL" not in printed
    assert [(o["name"], o["passed"]) for o in written["outcomes"]] == [
        ("sums/ratio", True),
        ("sums/absolute", True),
        ("listing", True),
    ]
    assert written["outcomes"][1]["ours"] == [50.0] * 5


def test_one_missed_goal_is_a_fail_and_exits_with_1(bench):
    code, printed, written = bench(MODULE.format(seconds=0.2))
    assert code == 1
    lines = [line.split() for line in printed.splitlines()]
    assert [line[-1] for line in lines[1:4]] == ["PASS", "FAIL", "PASS"]
    assert [o["passed"] for o in written["outcomes"]] == [True, False, True]


def test_only_chooses_by_a_part_of_the_name(bench):
    code, printed, _ = bench(MODULE.format(seconds=0.2), only="ratio")
    assert code == 0
    assert "sums/ratio" in printed
    assert "listing" not in printed
    code, _, _ = bench(MODULE.format(seconds=0.2), only="nothing such")
    assert code == 2


def test_a_benchmark_that_breaks_fails_and_the_others_still_run(bench):
    broken = MODULE.format(seconds=0.05).replace("lambda: 1.2", "lambda: 1 / 0")
    code, printed, _ = bench(broken)
    assert code == 1
    assert "FAIL  ZeroDivisionError: division by zero" in printed
    assert printed.count("PASS") == 2


def test_without_any_benchmark_it_says_so(tmp_path, capsys):
    assert main(tmp_path, tmp_path / "results") == 0
    assert capsys.readouterr().out == "there are no benchmarks yet\n"


def test_ours_and_the_peer_take_turns_after_a_warm_up():
    calls: list[str] = []
    outcome = measure(
        Benchmark("turns", at_most(2), ours=lambda: calls.append("o"), peer=lambda: calls.append("p"), rounds=6)
    )
    assert "".join(calls) == "op" + "oppo" * 3
    assert (len(outcome.ours), len(outcome.peer)) == (6, 6)


def test_the_median_decides_and_not_the_mean():
    values = iter([9.0, 1.0, 1.0, 1.0, 50.0, 1.0])
    outcome = measure(Benchmark("median", at_most(1, "s"), ours=lambda: next(values)))
    assert outcome.figure == 1.0
    assert outcome.passed


def test_a_process_is_measured_as_a_whole_with_its_peak_memory():
    code = "import time; time.sleep(0.1); block = bytearray(100 * 2**20)"
    sample = Process([sys.executable, "-S", "-c", code]).measure()
    assert 0.1 < sample.seconds < 3
    assert 100 < sample.peak_mib < 200


def test_the_size_of_the_runner_is_not_taken_for_that_of_the_process():
    ballast = bytearray(b"x") * (300 * 2**20)
    assert Process([sys.executable, "-S", "-c", "pass"]).measure().peak_mib < 100
    assert len(ballast) > 0


def test_peak_memory_can_be_the_goal():
    small, large = (Process([sys.executable, "-S", "-c", f"bytearray({mib} * 2**20)"]) for mib in (1, 150))
    assert measure(Benchmark("small", at_most(100, "MiB"), ours=small, reads="peak_mib")).passed
    assert not measure(Benchmark("large", at_most(100, "MiB"), ours=large, reads="peak_mib")).passed


def test_a_process_that_fails_is_no_measurement():
    with pytest.raises(RuntimeError, match=r"ended with 3: oops"):
        Process([sys.executable, "-S", "-c", "import sys; sys.stderr.write('oops'); sys.exit(3)"]).measure()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"goal": at_most(1.1)}, "needs a peer"),
        ({"goal": at_most(1, "s"), "rounds": 4}, "at least 5 rounds"),
        ({"goal": at_most(1, "MiB"), "reads": "peak_mib"}, "from a Process"),
    ],
)
def test_a_benchmark_that_could_not_be_judged_is_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        Benchmark("bad", ours=lambda: None, **arguments)


def test_setup_surrounds_the_rounds_and_is_not_measured():
    from contextlib import contextmanager

    steps = []

    @contextmanager
    def setup():
        steps.append("made")
        yield
        steps.append("removed")

    measure(Benchmark("setup", at_most(1, "s"), ours=lambda: steps.append("ran"), setup=setup))
    assert steps == ["made", *["ran"] * 6, "removed"]


def test_the_table_is_aligned():
    outcomes = [
        Outcome("short", at_most(1.5), (1.0,) * 5, (1.0,) * 5),
        Outcome("a much longer name", at_least(18), (1.0,) * 5, (20.0,) * 5),
    ]
    head, *lines = table(outcomes).splitlines()
    assert len({line.rindex("  ") for line in lines}) == 1
    assert head.startswith("benchmark")


def test_as_a_script_it_finds_the_modules_of_the_clone():
    answer = subprocess.run(
        [sys.executable, "benchmarks/run.py"], cwd=ROOT, env={"ONLY": "no such name"}, capture_output=True, text=True
    )
    assert answer.returncode in (0, 2), answer.stderr
    assert "Traceback" not in answer.stderr
