"""However many threads call, no second has more calls in it than the account may make."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.engine.athena.rates import QUOTAS, Quota, Rates, TokenBucket


class Time:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(pauses=st.lists(st.floats(0, 3), min_size=1, max_size=200), rate=st.integers(1, 50), burst=st.integers(1, 50))
def test_calls_fit_the_quota_whenever_they_come(pauses: list[float], rate: int, burst: int) -> None:
    time = Time()
    bucket = TokenBucket(Quota(rate, burst), now=time)
    made = []
    for pause in pauses:
        time.now += pause
        made.append(time.now + bucket.reserve())
    for place, start in enumerate(made):
        for number, moment in enumerate(made[place:], start=1):
            assert number <= burst + rate * (moment - start) + 1.000001
    assert made == sorted(made)


def test_what_was_saved_up_is_gone_once_the_service_complains() -> None:
    time = Time()
    bucket = TokenBucket(Quota(10, 40), now=time)
    assert bucket.reserve() == 0
    bucket.drain()
    assert bucket.reserve() == pytest.approx(0.1)
    time.now += 100
    assert [bucket.reserve() for _ in range(41)][:40] == [0] * 40


def test_threads_share_one_bucket() -> None:
    time = Time()
    rates = Rates(now=time)
    with ThreadPoolExecutor(16) as threads:
        waits = sorted(threads.map(lambda _: rates.bucket("StartQueryExecution").reserve(), range(200)))
    quota = QUOTAS["StartQueryExecution"]
    assert sum(wait == 0 for wait in waits) <= quota.burst
    assert waits[-1] >= (200 - quota.burst) / quota.rate
