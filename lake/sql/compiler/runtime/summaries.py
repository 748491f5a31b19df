"""Summaries of many numbers: percentiles with weights, frequent values, histograms (trino.io/docs/422/functions/aggregate.html)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from lake.sql.compiler.runtime.errors import TrinoError

Pairs = Sequence[dict[str, float | None] | None]
LEAST_BUCKETS = 2
ABOVE_ZERO = math.ulp(0.0)
"""The least number above zero."""


def _invalid(message: str) -> TrinoError:
    return TrinoError("INVALID_FUNCTION_ARGUMENT", message)


def value_weights(pairs: Pairs, least: float, refusal: str) -> list[tuple[float, float]]:
    """Return values with their weights, without pairs that lack one; `refusal` says what a weight below `least` is told."""
    found = []
    for pair in pairs:
        value, weight = (pair["v"], pair["w"]) if pair is not None else (None, None)
        if value is None or weight is None:
            continue
        if value != value:
            raise _invalid("value is NaN")
        if weight < least:
            raise _invalid(refusal.format(weight))
        found.append((value, weight))
    return found


def _weights(pairs: Pairs) -> list[tuple[float, float]]:
    return sorted(value_weights(pairs, ABOVE_ZERO, "percentile weight must be > 0"))


def _checked(share: float | None) -> float:
    if share is None or not 0 <= share <= 1:
        raise _invalid("Percentile must be between 0 and 1")
    return share


def weighted_whole(pairs: Pairs, shares: Sequence[float | None]) -> list[float] | None:
    found = weighted(pairs, shares)
    return None if found is None else [math.floor(value + 0.5) for value in found]


def weighted(pairs: Pairs, shares: Sequence[float | None]) -> list[float] | None:
    """Return what a t-digest of so few values says that each of them is a centroid."""
    weights = _weights(pairs)
    if not weights:
        return None
    return [value_at(weights, _checked(share)) for share in shares]


def value_at(centroids: Sequence[tuple[float, float]], share: float) -> float:
    """Interpolate between centroids, each a mean and a weight (io.airlift.stats.TDigest)."""
    if len(centroids) == 1:
        return centroids[0][0]
    total = sum(weight for _, weight in centroids)
    index = share * total
    (lowest, first), (highest, last) = centroids[0], centroids[-1]
    if index < 1 or (first > 1 and index < first / 2):
        return lowest
    if index > total - 1 or (last > 1 and total - index <= last / 2):
        return highest
    so_far = first / 2
    for (left, left_weight), (right, right_weight) in pairwise(centroids):
        step = (left_weight + right_weight) / 2
        if so_far + step > index:
            return _between((left, left_weight), (right, right_weight), index - so_far, so_far + step - index)
        so_far += step
    return highest


def _between(left: tuple[float, float], right: tuple[float, float], behind: float, ahead: float) -> float:
    """One that stands for a single value reaches half a place to both sides."""
    left_unit = right_unit = 0.0
    if left[1] == 1:
        if behind < 0.5:
            return left[0]
        left_unit = 0.5
    if right[1] == 1:
        if ahead <= 0.5:
            return right[0]
        right_unit = 0.5
    low, high = behind - left_unit, ahead - right_unit
    found = (left[0] * high + right[0] * low) / (low + high)
    return max(left[0], min(right[0], found))


def most_frequent(count: int, values: Sequence[Any]) -> list[tuple[Any, int]] | None:
    """Return the entries of a map from the most frequent values to their counts."""
    if count < LEAST_BUCKETS:
        raise _invalid("approx_most_frequent bucket count must be greater than one")
    found = Counter(value for value in values if value is not None)
    if not found:
        return None
    return found.most_common(count)


def numeric_histogram(count: int, pairs: Pairs) -> list[tuple[float, float]] | None:
    """Merge the nearest two buckets until there are no more than `count` (Ben-Haim and Tom-Tov)."""
    if count < LEAST_BUCKETS:
        raise _invalid("numeric_histogram bucket count must be greater than one")
    buckets: dict[float, float] = {}
    for pair in pairs:
        if pair is None or pair["v"] is None:
            continue
        weight = pair["w"]
        if weight is not None:
            buckets[pair["v"]] = buckets.get(pair["v"], 0.0) + weight
    if not buckets:
        return None
    merged = sorted(buckets.items())
    while len(merged) > count:
        place = min(range(len(merged) - 1), key=lambda at: merged[at + 1][0] - merged[at][0])
        (one, weight), (other, more) = merged[place : place + 2]
        merged[place : place + 2] = [((one * weight + other * more) / (weight + more), weight + more)]
    return merged
