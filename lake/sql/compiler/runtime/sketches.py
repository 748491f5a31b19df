"""Sketches of how many values are distinct: HyperLogLog, as sums of 64-bit hashes.

Few hashes are kept as they are, so that counts are exact; of more, registers are. The bytes are not Trino's.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from lake.sql.compiler.runtime.errors import TrinoError

EXACT, REGISTERS = b"\x10", b"\x11"
INDEX_BITS = 14
COUNT = 1 << INDEX_BITS
MOST_EXACT = 4096
EMPTY = EXACT
HASH_BITS = 64


def sketch_of_hashes(hashes: Sequence[int | None]) -> bytes | None:
    known = {each for each in hashes if each is not None}
    return _written(known) if known else None


def _written(hashes: set[int]) -> bytes:
    if len(hashes) <= MOST_EXACT:
        return EXACT + struct.pack(f"<{len(hashes)}Q", *sorted(hashes))
    return REGISTERS + _registers(hashes)


def _registers(hashes: set[int]) -> bytes:
    found = bytearray(COUNT)
    rest_bits = HASH_BITS - INDEX_BITS
    for each in hashes:
        place, rest = each >> rest_bits, each & (1 << rest_bits) - 1
        found[place] = max(found[place], rest_bits - rest.bit_length() + 1)
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
    """Return the count, or an estimate with a standard error of 0.8 %."""
    if _check(sketch)[:1] == EXACT:
        return (len(sketch) - 1) // 8
    registers = sketch[1:]
    estimate = 0.7213 / (1 + 1.079 / COUNT) * COUNT * COUNT / sum(2.0**-each for each in registers)
    empty = registers.count(0)
    return round(COUNT * math.log(COUNT / empty) if empty and estimate <= 2.5 * COUNT else estimate)
