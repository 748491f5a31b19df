"""Sketches of how many values are distinct: HyperLogLog with the hashes and the 4,096 registers of Trino's (io.airlift.stats).

Few hashes are kept as they are, so that counts are exact; of more, registers are. The bytes are not Trino's.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence

from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.runtime.hashes import murmur3

EXACT, REGISTERS = b"\x10", b"\x11"
INDEX_BITS, HASH_BITS = 12, 64
COUNT = 1 << INDEX_BITS
REST_BITS = HASH_BITS - INDEX_BITS
MOST_EXACT = 511
EMPTY = EXACT
LEAST_EMPTY = 0.4
"""With a greater share of empty registers, those alone are counted."""
RAW = 0.5 / math.log(2)


def sketch_of_numbers(values: Sequence[int | None]) -> bytes | None:
    return _sketch(struct.pack("<q", value) for value in values if value is not None)


def sketch_of_doubles(values: Sequence[float | None]) -> bytes | None:
    return _sketch(struct.pack("<d", value) for value in values if value is not None)


def sketch_of_bytes(values: Sequence[bytes | None]) -> bytes | None:
    return _sketch(value for value in values if value is not None)


def _sketch(values: Iterable[bytes]) -> bytes | None:
    hashes = {int.from_bytes(murmur3(value)[:8], "little") for value in values}
    return _written(hashes) if hashes else None


def _written(hashes: set[int]) -> bytes:
    if len(hashes) <= MOST_EXACT:
        return EXACT + struct.pack(f"<{len(hashes)}Q", *sorted(hashes))
    return REGISTERS + _registers(hashes)


def _registers(hashes: set[int]) -> bytes:
    """Return for each beginning of hashes by how many zeros one goes on, and one more."""
    found = bytearray(COUNT)
    for each in hashes:
        place, rest = each >> REST_BITS, each & (1 << REST_BITS) - 1
        found[place] = max(found[place], REST_BITS - rest.bit_length() + 1)
    return bytes(found)


def _hashes(sketch: bytes) -> set[int]:
    return set(struct.unpack(f"<{(len(sketch) - 1) // 8}Q", sketch[1:]))


def _check(sketch: bytes) -> bytes:
    kind, size = sketch[:1], len(sketch) - 1
    if not ((kind == EXACT and size % 8 == 0) or (kind == REGISTERS and size == COUNT)):
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", "Cannot deserialize HyperLogLog")
    return sketch


def merged_sketches(sketches: Sequence[bytes | None]) -> bytes | None:
    known = [_check(sketch) for sketch in sketches if sketch is not None]
    if not known:
        return None
    if all(sketch[:1] == EXACT for sketch in known):
        return _written(set().union(*map(_hashes, known)))
    dense = [sketch[1:] if sketch[:1] == REGISTERS else _registers(_hashes(sketch)) for sketch in known]
    return REGISTERS + bytes(map(max, zip(*dense, strict=True)))


def sketch_cardinality(sketch: bytes) -> int:
    """Return the count, or an estimate with a standard error of 1.6 %."""
    if _check(sketch)[:1] == EXACT:
        return (len(sketch) - 1) // 8
    return dense_cardinality(sketch)


def dense_cardinality(sketch: bytes) -> int:
    """Estimate from registers, also what could be counted."""
    registers = sketch[1:] if _check(sketch)[:1] == REGISTERS else _registers(_hashes(sketch))
    empty = registers.count(0)
    if empty > LEAST_EMPTY * COUNT:
        return round(COUNT * math.log(COUNT / empty))
    return round(_estimate([registers.count(value) for value in range(REST_BITS + 2)]))


def _estimate(counts: Sequence[int]) -> float:
    """Otmar Ertl's estimate, without tables of biases (arxiv.org/abs/1702.01284, algorithm 6)."""
    found = COUNT * _tau(1 - counts[-1] / COUNT)
    for count in reversed(counts[1:-1]):
        found = (found + count) / 2
    found += COUNT * _sigma(counts[0] / COUNT)
    return RAW * COUNT * COUNT / found


def _sigma(share: float) -> float:
    found, weight = share, 1.0
    while True:
        share *= share
        before, found = found, found + share * weight
        weight += weight
        if found == before:
            return found


def _tau(share: float) -> float:
    if share in (0, 1):
        return 0.0
    found, weight = 1 - share, 1.0
    while True:
        share = math.sqrt(share)
        before, weight = found, weight / 2
        found -= (1 - share) ** 2 * weight
        if found == before:
            return found / 3
