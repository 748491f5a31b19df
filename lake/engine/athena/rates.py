"""How often an account may be called, kept by all threads of this process together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

SHARE = 0.9
"""Of the account's quota: calls that leave evenly may arrive in a bunch."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls a second, and how many at once after a pause."""

    rate: float
    burst: float


# docs.aws.amazon.com/athena/latest/ug/service-limits.html#service-limits-api-calls
QUOTAS = {
    "StartQueryExecution": Quota(20, 80),
    "StopQueryExecution": Quota(20, 80),
    "GetQueryExecution": Quota(100, 200),
    "GetQueryResults": Quota(100, 200),
    "BatchGetQueryExecution": Quota(20, 40),
    "ListQueryExecutions": Quota(5, 10),
}
OTHER = Quota(5, 10)


class TokenBucket:
    """Says how long the next caller has to wait; who asks first goes first. Safe to share between threads."""

    def __init__(self, quota: Quota, *, now: Callable[[], float] = time.monotonic) -> None:
        self._quota = quota
        self._now = now
        self._lock = threading.Lock()
        self._tokens = quota.burst
        self._filled_at = now()

    def reserve(self) -> float:
        """Take a place for one call and return the seconds until it may be made."""
        with self._lock:
            self._fill()
            self._tokens -= 1
            return max(0.0, -self._tokens / self._quota.rate)

    def drain(self) -> None:
        """Take note that the service found it too much: no call is saved up."""
        with self._lock:
            self._fill()
            self._tokens = min(self._tokens, 0.0)

    def _fill(self) -> None:
        now = self._now()
        gained = (now - self._filled_at) * self._quota.rate
        self._tokens = min(self._quota.burst, self._tokens + gained)
        self._filled_at = now


class Rates:
    """A bucket for each operation."""

    def __init__(self, *, share: float = SHARE, now: Callable[[], float] = time.monotonic) -> None:
        self._share = share
        self._now = now
        self._lock = threading.Lock()
        self._buckets: dict[str, TokenBucket] = {}

    def bucket(self, operation: str) -> TokenBucket:
        with self._lock:
            if operation not in self._buckets:
                quota = QUOTAS.get(operation, OTHER)
                scaled = Quota(quota.rate * self._share, quota.burst * self._share)
                self._buckets[operation] = TokenBucket(scaled, now=self._now)
            return self._buckets[operation]
