"""Answers the conformance cases and says how many are right: `make conformance`.

Figures by tier and group go to stdout, then what fails by cause, then the goals. Each failing case is written to
`tests/.cache/conformance/failing.jsonl`. Exit code 1 when a goal is missed.

    python -m tests.conformance.run [--tier core] [--group json …] [--no-data] [--processes N] [--write-known]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from tests.conformance.cases import Case, read_cases
from tests.conformance.known import write_known
from tests.conformance.lakes import CACHE, make_lakes
from tests.conformance.report import Run, causes, goals, table, write_failing
from tests.conformance.verdicts import Verdict, credit, known_calls
from tests.conformance.workers import judge_all

FAILING = CACHE / "failing.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    run = run_cases(_chosen(options), processes=options.processes)
    write_failing(run, FAILING)
    if options.write_known:
        write_known(run)
    met = goals(run)
    print(table(run), causes(run), "\n".join(map(str, met)), sep="\n\n")
    print(f"failing cases are in {FAILING}", file=sys.stderr)
    return 0 if all(goal.met for goal in met) else 1


def run_cases(cases: Sequence[Case], *, processes: int) -> Run:
    """Answer them, those of the same data together; makes the data that they need."""
    ordered = sorted(cases, key=lambda case: (case.env or "", case.group, case.id))
    lakes = make_lakes({case.env for case in cases if case.env})
    raised: dict[str, Verdict] = {}
    for case, verdict in judge_all(ordered, dict(lakes), processes=processes):
        raised[case.id] = verdict
    known = known_calls(cases, lambda case_id: raised[case_id].passed)
    return Run(cases, {case.id: credit(case, raised[case.id], known) for case in cases})


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Answer the conformance cases.")
    parser.add_argument("--tier", nargs="+")
    parser.add_argument("--group", nargs="+")
    parser.add_argument("--no-data", action="store_true", help="leave out the cases that read tables")
    parser.add_argument("--processes", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--write-known", action="store_true", help="write known_failures.txt anew, of all cases")
    options = parser.parse_args(arguments)
    if options.write_known and (options.tier or options.group or options.no_data):
        parser.error("--write-known is for a run of all cases")
    return options


def _chosen(options: argparse.Namespace) -> list[Case]:
    return [
        case
        for case in read_cases()
        if (not options.tier or case.tier in options.tier)
        and (not options.group or case.group in options.group)
        and not (options.no_data and case.env)
    ]


if __name__ == "__main__":
    sys.exit(main())
