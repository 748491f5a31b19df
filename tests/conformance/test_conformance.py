"""Answers are those that Trino recorded, but for the failures that are known.

The quick depth asks the core cases that read no data, a test a group; `slow` asks everything, as `make conformance` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.conformance.adapter import Asker
from tests.conformance.cases import read_cases
from tests.conformance.known import news, read_known
from tests.conformance.lakes import make_empty_lake
from tests.conformance.run import run_cases
from tests.conformance.verdicts import credit, judge, known_calls

SECONDS_OF_A_CASE = 4.0
ENDLESS = ("timeout", "crash")
"""Known failures that only a process of their own can be asked."""

CASES = read_cases()
KNOWN = read_known()
KNOWN_CALLS = known_calls(CASES, lambda case_id: case_id not in KNOWN)
QUICK = [case for case in CASES if case.tier == "core" and case.env is None and KNOWN.get(case.id) not in ENDLESS]


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder = make_empty_lake(tmp_path_factory.mktemp("conformance") / "lake")
    with Asker({None: folder}) as asker:
        yield asker


@pytest.mark.parametrize("group", sorted({case.group for case in QUICK}))
def test_core_cases_without_data_are_answered_as_trino_does(asker: Asker, group: str) -> None:
    cases = [case for case in QUICK if case.group == group]
    verdicts = {case.id: credit(case, judge(case, asker, limit=SECONDS_OF_A_CASE), KNOWN_CALLS) for case in cases}
    assert "\n".join(news(cases, verdicts, KNOWN)) == ""


def test_known_failures_are_cases() -> None:
    assert KNOWN.keys() <= {case.id for case in CASES}


@pytest.mark.slow
def test_all_cases_are_answered_as_trino_does() -> None:
    run = run_cases(CASES, processes=min(2, os.cpu_count() or 1))
    assert "\n".join(news(CASES, run.verdicts, KNOWN)) == ""
