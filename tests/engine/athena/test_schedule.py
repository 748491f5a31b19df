"""When queries are asked after, on a clock of the test's own."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.engine.athena.calls import MOST_IDS
from lake.engine.athena.rates import QUOTAS
from lake.engine.athena.schedule import GIVE_UP_SECONDS, LONGEST_SECONDS, Schedule, longest_delay


def polled(duration: float, seed: int) -> tuple[float, int]:
    """Watch one query that takes so long; return when its end is seen, and how often it was asked after."""
    chance, schedule, now, calls = random.Random(seed), Schedule(), 0.0, 0
    schedule.add("q", now)
    while True:
        now += schedule.rest(now) or 0.0
        assert schedule.due(now) == ["q"]
        calls += 1
        if now >= duration:
            return now - duration, calls
        schedule.asked("q", now, chance.random())


@pytest.mark.parametrize(
    ("duration", "overhead", "most_calls"), [(0.05, 0.06, 1), (3, 0.3, 70), (60, 3, 200), (1800, 5, 1000)]
)
def test_the_end_is_seen_soon_and_calls_are_few(duration: float, overhead: float, most_calls: int) -> None:
    seen = [polled(duration, seed) for seed in range(100)]
    assert max(late for late, _ in seen) <= overhead
    assert max(calls for _, calls in seen) <= most_calls
    average = sum(late for late, _ in seen) / len(seen)
    assert average <= max(0.05 * duration, 0.06)


def test_the_first_look_is_after_a_tenth_of_a_second_and_none_is_put_off_for_more_than_five() -> None:
    schedule = Schedule()
    schedule.add("q", 10.0)
    assert schedule.rest(10.0) == pytest.approx(0.1)
    assert longest_delay(0) == pytest.approx(0.1)
    assert longest_delay(10**6) == LONGEST_SECONDS == 5
    assert [longest_delay(age) for age in range(200)] == sorted(longest_delay(age) for age in range(200))


def test_one_that_was_begun_elsewhere_is_asked_after_at_once() -> None:
    schedule = Schedule()
    schedule.add("q", 10.0, age=50.0)
    assert schedule.due(10.0) == ["q"]


@given(count=st.integers(1, 300), seed=st.integers(0, 1000))
def test_many_queries_share_calls_and_none_is_forgotten(count: int, seed: int) -> None:
    chance, schedule, now = random.Random(seed), Schedule(), 0.0
    asked: Counter[str] = Counter()
    calls = 0
    for number in range(count):
        schedule.add(f"q{number}", now)
    while now < 3:
        now += (schedule.rest(now) or 0.0) + 0.01
        ids = schedule.due(now)
        assert len(ids) == len(set(ids)) <= MOST_IDS
        calls += bool(ids)
        for execution_id in ids:
            asked[execution_id] += 1
            schedule.asked(execution_id, now, chance.random())
    assert len(asked) == count
    assert calls <= QUOTAS["BatchGetQueryExecution"].burst + 100 * 3


def test_fifty_long_queries_share_most_of_their_calls() -> None:
    chance, schedule, now, calls = random.Random(1), Schedule(), 0.0, 0
    for number in range(50):
        schedule.add(f"q{number}", now)
    while now < 60:
        now += (schedule.rest(now) or 0.0) + 0.01
        ids = schedule.due(now)
        calls += bool(ids)
        for execution_id in ids:
            schedule.asked(execution_id, now, chance.random())
    assert calls <= 700


def test_two_hundred_are_asked_after_four_times_a_round() -> None:
    schedule = Schedule()
    for number in range(200):
        schedule.add(f"q{number}", 0.0)
    rounds = []
    while ids := schedule.due(0.2):
        rounds.append(len(ids))
        for execution_id in ids:
            schedule.asked(execution_id, 0.2, 1.0)
    assert rounds == [50, 50, 50, 50]


def test_a_stop_is_looked_for_at_once_and_often() -> None:
    schedule = Schedule()
    schedule.add("q", 0.0)
    schedule.asked("q", 600.0, 1.0)
    assert schedule.rest(600.0) == 5
    schedule.hurry("q", 600.0)
    assert schedule.due(600.0) == ["q"]
    schedule.asked("q", 600.0, 1.0)
    assert schedule.rest(600.0) == pytest.approx(0.1)


def test_a_deadline_is_told_once_and_wakes() -> None:
    schedule = Schedule()
    schedule.add("q", 0.0, deadline=7.0)
    schedule.asked("q", 600.0, 1.0)
    assert schedule.rest(6.0) == pytest.approx(1.0)
    assert schedule.overdue(6.9) == []
    assert schedule.overdue(7.0) == ["q"]
    assert schedule.overdue(8.0) == []


def test_looks_that_fail_are_borne_for_a_while() -> None:
    schedule = Schedule()
    schedule.add("q", 0.0)
    assert not schedule.failed("q", 1.0)
    assert not schedule.failed("q", GIVE_UP_SECONDS)
    schedule.answered("q")
    assert not schedule.failed("q", GIVE_UP_SECONDS + 2)
    assert schedule.failed("q", 2 * GIVE_UP_SECONDS + 3)
