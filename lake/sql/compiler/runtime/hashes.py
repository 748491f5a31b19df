"""Hashes that are not for secrets (trino.io/docs/422/functions/binary.html). Each gives its bytes, the highest first."""

from __future__ import annotations

from struct import unpack

MASK = 2**64 - 1
SPOOKY = 0xDEADBEEFDEADBEEF
SPOOKY_BLOCK, SPOOKY_SHORT = 96, 192
SHORT_MIX = (50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36)
SHORT_END = (15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63)
LONG_MIX = (11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46)
LONG_END = (44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54)
XX = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
MURMUR_ONE, MURMUR_OTHER = 0x87C37B91114253D5, 0x4CF5AD432745937F


def _turned(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & MASK


def spooky_hash_v2_32(value: bytes) -> bytes:
    return (_spooky(value) & 0xFFFFFFFF).to_bytes(4, "big")


def spooky_hash_v2_64(value: bytes) -> bytes:
    return _spooky(value).to_bytes(8, "big")


def _spooky(value: bytes) -> int:
    """burtleburtle.net/bob/hash/spooky.html"""
    return _spooky_short(value) if len(value) < SPOOKY_SHORT else _spooky_long(value)


def _spooky_short(value: bytes) -> int:
    h = [0, 0, SPOOKY, SPOOKY]
    whole = len(value) // 32 * 32
    for start in range(0, whole, 32):
        words = unpack("<4Q", value[start : start + 32])
        _short_mix(h, words[0], words[1])
        h[0], h[1] = (h[0] + words[2]) & MASK, (h[1] + words[3]) & MASK
    rest = value[whole:]
    if len(rest) >= 16:
        _short_mix(h, *unpack("<2Q", rest[:16]))
        rest = rest[16:]
    low, high = int.from_bytes(rest[:8], "little"), int.from_bytes(rest[8:], "little")
    if not rest:
        low = high = SPOOKY
    h[2], h[3] = (h[2] + low) & MASK, (h[3] + high + (len(value) << 56)) & MASK
    for step, bits in enumerate(SHORT_END):
        at, before = (step + 3) % 4, (step + 2) % 4
        h[at] ^= h[before]
        h[before] = _turned(h[before], bits)
        h[at] = (h[at] + h[before]) & MASK
    return h[0]


def _short_mix(h: list[int], one: int, other: int) -> None:
    h[2], h[3] = (h[2] + one) & MASK, (h[3] + other) & MASK
    for step, bits in enumerate(SHORT_MIX):
        at = (step + 2) % 4
        h[at] = (_turned(h[at], bits) + h[(at + 1) % 4]) & MASK
        h[(at + 2) % 4] ^= h[at]


def _spooky_long(value: bytes) -> int:
    h = [0, 0, SPOOKY] * 4
    whole = len(value) // SPOOKY_BLOCK * SPOOKY_BLOCK
    for start in range(0, whole, SPOOKY_BLOCK):
        words = unpack("<12Q", value[start : start + SPOOKY_BLOCK])
        for at, bits in enumerate(LONG_MIX):
            h[at] = (h[at] + words[at]) & MASK
            h[(at + 2) % 12] ^= h[(at + 10) % 12]
            h[(at + 11) % 12] ^= h[at]
            h[at] = _turned(h[at], bits)
            h[(at + 11) % 12] = (h[(at + 11) % 12] + h[(at + 1) % 12]) & MASK
    rest = value[whole:]
    last = rest.ljust(SPOOKY_BLOCK - 1, b"\0") + bytes([len(rest)])
    h = [(ours + word) & MASK for ours, word in zip(h, unpack("<12Q", last), strict=True)]
    for _ in range(3):
        for at, bits in enumerate(LONG_END):
            before, after = (at + 11) % 12, (at + 1) % 12
            h[before] = (h[before] + h[after]) & MASK
            h[(at + 2) % 12] ^= h[before]
            h[after] = _turned(h[after], bits)
    return h[0]


def xxhash64(value: bytes) -> bytes:
    """github.com/Cyan4973/xxHash, without a seed."""
    found, place = XX[4], 0
    if len(value) >= 32:
        lanes = [(XX[0] + XX[1]) & MASK, XX[1], 0, -XX[0] & MASK]
        for place in range(0, len(value) - 31, 32):
            words = unpack("<4Q", value[place : place + 32])
            lanes = [_xx_round(lane, word) for lane, word in zip(lanes, words, strict=True)]
        place += 32
        found = sum(_turned(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18), strict=True)) & MASK
        for lane in lanes:
            found = ((found ^ _xx_round(0, lane)) * XX[0] + XX[3]) & MASK
    return _xx_finished((found + len(value)) & MASK, value[place:]).to_bytes(8, "big")


def _xx_round(lane: int, word: int) -> int:
    return _turned((lane + word * XX[1]) & MASK, 31) * XX[0] & MASK


def _xx_finished(found: int, rest: bytes) -> int:
    place = 0
    while place + 8 <= len(rest):
        word = int.from_bytes(rest[place : place + 8], "little")
        found = (_turned(found ^ _xx_round(0, word), 27) * XX[0] + XX[3]) & MASK
        place += 8
    if place + 4 <= len(rest):
        word = int.from_bytes(rest[place : place + 4], "little")
        found = (_turned(found ^ (word * XX[0] & MASK), 23) * XX[1] + XX[2]) & MASK
        place += 4
    for byte in rest[place:]:
        found = _turned(found ^ (byte * XX[4] & MASK), 11) * XX[0] & MASK
    found = (found ^ (found >> 33)) * XX[1] & MASK
    found = (found ^ (found >> 29)) * XX[2] & MASK
    return found ^ (found >> 32)


def murmur3(value: bytes) -> bytes:
    one, other = murmur3_words(value)
    return one.to_bytes(8, "little") + other.to_bytes(8, "little")


def murmur3_words(value: bytes) -> tuple[int, int]:
    """MurmurHash3_x64_128, without a seed."""
    one = other = 0
    whole = len(value) // 16 * 16
    for start in range(0, whole, 16):
        low, high = unpack("<2Q", value[start : start + 16])
        one ^= _murmur_low(low)
        one = ((_turned(one, 27) + other) * 5 + 0x52DCE729) & MASK
        other ^= _murmur_high(high)
        other = ((_turned(other, 31) + one) * 5 + 0x38495AB5) & MASK
    rest = value[whole:]
    one ^= _murmur_low(int.from_bytes(rest[:8], "little")) ^ len(value)
    other ^= _murmur_high(int.from_bytes(rest[8:], "little")) ^ len(value)
    one = (one + other) & MASK
    other = (other + one) & MASK
    one, other = _murmur_mixed(one), _murmur_mixed(other)
    one = (one + other) & MASK
    return one, (other + one) & MASK


def _murmur_low(word: int) -> int:
    return _turned(word * MURMUR_ONE & MASK, 31) * MURMUR_OTHER & MASK


def _murmur_high(word: int) -> int:
    return _turned(word * MURMUR_OTHER & MASK, 33) * MURMUR_ONE & MASK


def _murmur_mixed(value: int) -> int:
    value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD & MASK
    value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53 & MASK
    return value ^ (value >> 33)
