"""Digests of numbers, for their quantiles: t-digests in Trino's bytes, and quantile digests, which here are exact."""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.summaries import Pairs, value_at, value_weights

HEADER = "<bddddi"
COMPRESSION = 100.0
MOST_CENTROIDS = 1000
Centroids = list[tuple[float, float]]


def _invalid(message: str) -> TrinoError:
    return TrinoError("INVALID_FUNCTION_ARGUMENT", message)


def tdigest_of(pairs: Pairs) -> bytes | None:
    return _tdigest(value_weights(pairs, 1, "weight must be >= 1, was {}"))


def merged_tdigests(digests: Sequence[bytes | None]) -> bytes | None:
    known = [digest for digest in digests if digest is not None]
    ends = [end for digest in known for end in struct.unpack_from(HEADER, digest)[1:3]]
    found = _tdigest([centroid for digest in known for centroid in _centroids(digest)])
    if found is None:
        return None
    return found[:1] + struct.pack("<dd", min(ends), max(ends)) + found[17:]


def _tdigest(centroids: Centroids) -> bytes | None:
    if not centroids:
        return None
    ordered = sorted(centroids)
    least, most = ordered[0][0], ordered[-1][0]
    kept = _compressed(ordered)
    total = math.fsum(weight for _, weight in kept)
    means, weights = ([pair[place] for pair in kept] for place in (0, 1))
    return struct.pack(HEADER, 0, least, most, COMPRESSION, total, len(kept)) + struct.pack(
        f"<{2 * len(kept)}d", *means, *weights
    )


def _compressed(ordered: Centroids) -> Centroids:
    """Merge neighbours, the fewer the nearer they are to an end."""
    if len(ordered) <= MOST_CENTROIDS:
        return ordered
    total = sum(weight for _, weight in ordered)
    kept: Centroids = []
    mean, weight, passed = *ordered[0], 0.0
    for value, more in ordered[1:]:
        share = (passed + (weight + more) / 2) / total
        if weight + more <= max(1.0, 4 * total * share * (1 - share) / MOST_CENTROIDS):
            mean, weight = (mean * weight + value * more) / (weight + more), weight + more
        else:
            kept.append((mean, weight))
            passed += weight
            mean, weight = value, more
    return [*kept, (mean, weight)]


def _centroids(digest: bytes) -> Centroids:
    try:
        count = struct.unpack_from(HEADER, digest)[5]
        numbers = struct.unpack_from(f"<{2 * count}d", digest, struct.calcsize(HEADER))
    except struct.error as error:
        raise _invalid("Cannot deserialize t-digest") from error
    return list(zip(numbers[:count], numbers[count:], strict=True))


def tdigest_value(digest: bytes, share: float) -> float | None:
    return tdigest_values(digest, [share])[0]


def tdigest_values(digest: bytes, shares: Sequence[float | None]) -> list[float]:
    known = [_share(share, "quantiles should be in [0, 1] range") for share in shares]
    if known != sorted(known):
        raise _invalid("percentiles must be sorted in increasing order")
    centroids = _centroids(digest)
    least, most = struct.unpack_from(HEADER, digest)[1:3]
    return [min(max(value_at(centroids, share), least), most) for share in known]


def _share(share: float | None, message: str) -> float:
    if share is None or not 0 <= share <= 1:
        raise _invalid(message)
    return share


def qdigest_of(pairs: Pairs) -> bytes | None:
    """Keep each value with its weight."""
    return _qdigest(value_weights(pairs, 1, "Percentile weight must be > 0, was {:.0f}"))


def checked_qdigest(pairs: Pairs, accuracy: float) -> bytes | None:
    if not 0 < accuracy < 1:
        raise _invalid(f"Percentile accuracy must be exclusively between 0 and 1, was {accuracy}")
    return qdigest_of(pairs)


def merged_qdigests(digests: Sequence[bytes | None]) -> bytes | None:
    return _qdigest([pair for digest in digests if digest is not None for pair in _weighted(digest)])


def _qdigest(pairs: Centroids) -> bytes | None:
    weights: Counter[float] = Counter()
    for value, weight in pairs:
        weights[value] += weight  # type: ignore[assignment]
    if not weights:
        return None
    ordered = sorted(weights.items())
    return struct.pack(f"<{2 * len(ordered)}d", *(number for pair in ordered for number in pair))


def _weighted(digest: bytes) -> Centroids:
    if len(digest) % 16 or not digest:
        raise _invalid("Cannot deserialize quantile digest")
    numbers = struct.unpack(f"<{len(digest) // 8}d", digest)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def qdigest_value(digest: bytes, share: float) -> float:
    return qdigest_values(digest, [share])[0]


def qdigest_values(digest: bytes, shares: Sequence[float | None]) -> list[float]:
    pairs = _weighted(digest)
    sums = list(accumulate(weight for _, weight in pairs))
    ranks = [_share(share, "quantile must be between [0,1]") * sums[-1] for share in shares]
    return [
        next((value for (value, _), end in zip(pairs, sums, strict=True) if end > rank), pairs[-1][0]) for rank in ranks
    ]


def qdigest_quantile(digest: bytes, value: float) -> float | None:
    """Return the share of what is less, or None for what is outside."""
    pairs = _weighted(digest)
    if not pairs[0][0] <= value <= pairs[-1][0]:
        return None
    return sum(weight for each, weight in pairs if each < value) / sum(weight for _, weight in pairs)
