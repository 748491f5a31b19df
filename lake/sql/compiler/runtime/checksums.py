"""The hashes that checksum() sums up (trino.io/docs/422/functions/aggregate.html#checksum)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from lake.sql.compiler.runtime.hashes import xxhash64

PRIME = 0x9E3779B185EBCA87
MASK = (1 << 64) - 1
SIGN = 1 << 63


def _signed(number: int) -> int:
    number &= MASK
    return number - (1 << 64) if number & SIGN else number


def hash_of_bytes(value: bytes) -> int:
    return _signed(int.from_bytes(xxhash64(value), "big"))


def hash_of_number(value: int) -> int:
    return hash_of_bytes(struct.pack("<Q", value & MASK))


def hash_of_huge(value: int) -> int:
    """Return that of a decimal of more than 18 digits."""
    return hash_of_number(value >> 64) ^ hash_of_number(value)


def hash_of_halves(value: bytes) -> int:
    """Return that of 16 bytes, an address or a UUID."""
    first, second = struct.unpack("<2q", value)
    return hash_of_number(first) ^ hash_of_number(second)


def hash_of_list(hashes: Sequence[int | None]) -> int:
    total = 0
    for each in hashes:
        total = (31 * total + (each or 0)) & MASK
    return _signed(total)


def hash_of_map(keys: Sequence[int | None], values: Sequence[int | None]) -> int:
    return _signed(sum([(key or 0) ^ (value or 0) for key, value in zip(keys, values, strict=True)]))


def checksum(hashes: Sequence[int | None]) -> bytes:
    """A NULL counts as one."""
    total = sum(PRIME if each is None else each * PRIME for each in hashes)
    return struct.pack("<Q", total & MASK)
