"""Set digests: hashes of values and how often each came, for the overlap of sets."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Sequence

from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.hashes import murmur3

MOST_HASHES = 8192
ENTRY = "<qi"
LARGEST_COUNT = 32767
Hashes = dict[int, int]


def set_digest_of_numbers(values: Sequence[int | None]) -> bytes | None:
    return _digest_of([struct.pack("<q", value) for value in values if value is not None])


def set_digest_of_bytes(values: Sequence[bytes | None]) -> bytes | None:
    return _digest_of([value for value in values if value is not None])


def _digest_of(values: list[bytes]) -> bytes | None:
    if not values:
        return None
    counts = Counter(values)
    return _written(Counter({_hash(value): count for value, count in counts.items()}))


def _hash(value: bytes) -> int:
    found: int = struct.unpack_from("<q", murmur3(value))[0]
    return found


def _written(hashes: Hashes) -> bytes:
    return b"".join(struct.pack(ENTRY, each, min(count, LARGEST_COUNT)) for each, count in sorted(hashes.items()))


def _read(digest: bytes) -> Hashes:
    if len(digest) % struct.calcsize(ENTRY):
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", "Cannot deserialize set digest")
    return dict(struct.iter_unpack(ENTRY, digest))


def merged_set_digests(digests: Sequence[bytes | None]) -> bytes | None:
    known = [digest for digest in digests if digest is not None]
    total: Counter[int] = Counter()
    for digest in known:
        total.update(_read(digest))
    return _written(total) if known else None


def set_digest_cardinality(digest: bytes) -> int:
    return len(_read(digest))


def hash_counts(digest: bytes) -> list[tuple[int, int]]:
    return sorted(_read(digest).items())[:MOST_HASHES]


def jaccard_index(left: bytes, right: bytes) -> float:
    """Compare the least hashes, as many as the smaller set has."""
    one, other = (set(sorted(_read(each))[:MOST_HASHES]) for each in (left, right))
    size = min(len(one), len(other))
    least = sorted(one | other)[:size]
    return len([each for each in least if each in one and each in other]) / size if size else 0.0


def intersection_cardinality(left: bytes, right: bytes) -> int:
    return len(_read(left).keys() & _read(right).keys())
