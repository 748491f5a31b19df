"""The runner outlives what it runs, credits errors with care, and its report counts right."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.conformance import workers
from tests.conformance.adapter import Asker
from tests.conformance.cases import Case
from tests.conformance.known import news
from tests.conformance.report import Run, goals, table
from tests.conformance.verdicts import Verdict, credit, known_calls
from tests.conformance.workers import Worker


class BriefCase(Case):
    limit = 0.3


def make_case(sql: str, *, tier: str = "core", error: bool = False, case_id: str = "") -> Case:
    expected = {"error": "analysis"} if error else {"types": ["integer"], "rows": [[1]]}
    return BriefCase(case_id or sql, "group", tier, "query", "source", None, sql, expected)


def misbehave(case: Case, asker: Asker) -> Verdict:
    if case.sql == "hang":
        time.sleep(60)
    if case.sql == "die":
        os._exit(7)
    return Verdict("pass")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(workers, "SECONDS_TO_STOP", 0.0)
    with Worker({}, misbehave) as worker:
        yield worker


@pytest.mark.parametrize(("sql", "status"), [("hang", "timeout"), ("die", "crash")])
def test_a_case_that_hangs_or_dies_costs_its_own_verdict_alone(worker, sql, status):
    assert worker.judge(make_case(sql)).status == status
    assert worker.judge(make_case("SELECT 1")).passed


def test_an_error_counts_where_the_functions_are_known_to_exist():
    cases = [make_case("SELECT f(1)"), make_case("SELECT h(1)"), make_case("SELECT 'h(' || f('x')", error=True)]
    known = known_calls(cases, lambda case_id: case_id == "SELECT f(1)")
    assert credit(cases[2], Verdict("pass"), known).passed
    assert credit(make_case("SELECT f(h(1))", error=True), Verdict("pass"), known).status == "uncredited"
    assert credit(cases[1], Verdict("error"), known).status == "error"


def make_run(passed: int, wrong: int, refused: int) -> Run:
    statuses = ["pass"] * passed + ["value"] * wrong + ["error"] * refused
    cases = [make_case("SELECT 1", case_id=str(number)) for number in range(len(statuses))]
    return Run(cases, {case.id: Verdict(status, type_right=True) for case, status in zip(cases, statuses, strict=True)})


def test_goals_are_shares_of_all_cases_of_a_tier():
    assert all(goal.met for goal in goals(make_run(passed=985, wrong=5, refused=10)))
    right, *_, wrong, _ = goals(make_run(passed=984, wrong=6, refused=10))
    assert (right.share, right.met, wrong.share, wrong.met) == (98.4, False, 0.6, False)


def test_the_table_has_a_line_a_tier_and_a_group():
    head, everything, core, group = table(make_run(passed=3, wrong=1, refused=0)).splitlines()
    assert head.split()[:4] == ["group", "cases", "pass", "%"]
    assert everything.split() == ["all", "4", "75.0", "3", "1", "3/3"]
    assert (core.split()[0], group.split()[0]) == ("core", "group")


def test_a_new_failure_and_a_failure_that_is_gone_are_both_news():
    run = make_run(passed=2, wrong=2, refused=0)
    fails, passes = sorted(news(run.cases, run.verdicts, {"1": "value", "2": "value"}), reverse=True)
    assert fails.startswith("3 fails: value")
    assert passes.startswith("1 passes now")
