"""Failures that are known: `known_failures.txt` has a line for each, `id tier status cause`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.conformance.cases import HERE, Case
from tests.conformance.report import Run, cause
from tests.conformance.verdicts import Verdict

FILE = HERE / "known_failures.txt"
HEAD = "# Written by `python -m tests.conformance.run --write-known`: each case that fails, by group, and why.\n"


def read_known() -> dict[str, str]:
    """The status of each known failure, by id."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {line.split()[0]: line.split()[2] for line in lines if not line.startswith("#")}


def write_known(run: Run) -> None:
    failing = sorted(run.failing, key=lambda case: (case.group, case.id))
    lines = [
        f"{case.id} {case.tier} {run.verdicts[case.id].status} {cause(case, run.verdicts[case.id])}\n"
        for case in failing
    ]
    FILE.write_text(HEAD + "".join(lines), encoding="utf-8")


def news(cases: Iterable[Case], verdicts: Mapping[str, Verdict], known: Mapping[str, str]) -> list[str]:
    """Say which cases fail and are not known to, and which pass and are known to fail."""
    found = []
    for case in cases:
        verdict = verdicts[case.id]
        if verdict.passed and case.id in known:
            found.append(f"{case.id} passes now: take it out of known_failures.txt (--write-known)")
        if not verdict.passed and case.id not in known:
            found.append(f"{case.id} fails: {verdict.status}, {verdict.detail}\n    {case.sql}")
    return found
