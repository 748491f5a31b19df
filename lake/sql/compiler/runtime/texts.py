"""Functions of texts, by code points (trino.io/docs/422/functions/string.html, conversion.html)."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise
from typing import Literal, cast

from lake.sql.compiler.runtime.errors import TrinoError

REPLACEMENT = "\ufffd"
SOUNDEX = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "01230120022455012623010202", strict=True))
DATA_SIZE = re.compile(r"(\d+\.?\d*|\.\d+)([a-zA-Z]+)")
DATA_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
LARGEST_CODE_POINT = 0x10FFFF
MOST_LEVENSHTEIN_STEPS = 1_000_000
MOST_PARTS = 2**31 - 1


def invalid(message: str) -> TrinoError:
    return TrinoError("INVALID_FUNCTION_ARGUMENT", message)


def chr_(code: int) -> str:
    if not 0 <= code <= LARGEST_CODE_POINT or 0xD800 <= code <= 0xDFFF:
        raise invalid(f"Not a valid Unicode code point: {code}")
    return chr(code)


def reverse(text: str) -> str:
    return text[::-1]


def replace_(text: str, search: str, replacement: str) -> str:
    return text.replace(search, replacement)


def split_(text: str, delimiter: str, limit: int) -> list[str]:
    if limit <= 0:
        raise invalid("Limit must be positive")
    if limit > MOST_PARTS:
        raise invalid("Limit is too large")
    if not delimiter:
        raise invalid("The delimiter may not be the empty string")
    return text.split(delimiter, limit - 1)


def split_entries(text: str, entry: str, assignment: str) -> list[tuple[str, str]]:
    if not entry:
        raise invalid("entryDelimiter is empty")
    if not assignment:
        raise invalid("keyValueDelimiter is empty")
    if entry == assignment:
        raise invalid("entryDelimiter and keyValueDelimiter must not be the same")
    parts = text.split(entry)
    if not parts[-1]:
        parts.pop()
    pairs: list[tuple[str, str]] = []
    for part in parts:
        key, found, value = part.partition(assignment)
        if not found or assignment in value:
            raise invalid(f"Key-value delimiter must appear exactly once in each entry. Bad input: '{part}'")
        pairs.append((key, value))
    return pairs


def split_to_map(text: str, entry: str, assignment: str) -> tuple[list[str], list[str]]:
    """Return keys and values; a key that comes twice is refused."""
    found: dict[str, str] = {}
    for key, value in split_entries(text, entry, assignment):
        if key in found:
            raise invalid(f"Duplicate keys ({key}) are not allowed")
        found[key] = value
    return list(found), list(found.values())


def split_to_multimap(text: str, entry: str, assignment: str) -> tuple[list[str], list[list[str]]]:
    found: dict[str, list[str]] = {}
    for key, value in split_entries(text, entry, assignment):
        found.setdefault(key, []).append(value)
    return list(found), list(found.values())


def strpos_instance(text: str, part: str, instance: int) -> int:
    """Count from the end where `instance` is negative. Occurrences may overlap; 0 is none."""
    if instance == 0:
        raise invalid("'instance' must be a positive or negative number.")
    if not part:
        return 1
    place = -1 if instance > 0 else len(text)
    for _ in range(abs(instance)):
        place = text.find(part, place + 1) if instance > 0 else text.rfind(part, 0, max(place - 1, -1) + len(part))
        if place < 0:
            return 0
    return place + 1


def normalize(text: str, form: str) -> str:
    return unicodedata.normalize(cast("Literal['NFC', 'NFD', 'NFKC', 'NFKD']", form), text)


def soundex(text: str) -> str:
    """H and W between letters of one digit do not part them (Commons Codec, Soundex.US_ENGLISH)."""
    letters = [letter for letter in text.upper() if letter.isalpha()]
    for letter in letters:
        if letter not in SOUNDEX:
            raise invalid(f"The character is not mapped: {letter} (index={ord(letter) - ord('A')})")
    if not letters:
        return ""
    heard = [SOUNDEX[letter] for place, letter in enumerate(letters) if place == 0 or letter not in "HW"]
    digits = [digit for before, digit in pairwise(heard) if digit not in ("0", before)]
    return (letters[0] + "".join(digits) + "000")[:4]


def levenshtein(left: str, right: str) -> int:
    if len(left) * (len(right) - 1) > MOST_LEVENSHTEIN_STEPS:
        raise invalid(
            f"The combined inputs for Levenshtein distance are too large ({len(left)}, {len(right)} code points)"
        )
    return _distance(left, right) if left and right else len(left or right)


def _distance(left: str, right: str) -> int:
    """All rows of a column are bits of one number (Hyyrö 2003): `up` and `down` say where the next row is one more, or less."""
    last, mask = 1 << len(left) - 1, (1 << len(left)) - 1
    places: dict[str, int] = {}
    for place, letter in enumerate(left):
        places[letter] = places.get(letter, 0) | 1 << place
    up, down, distance = mask, 0, len(left)
    for letter in right:
        equal = places.get(letter, 0)
        diagonal = (((equal & up) + up) ^ up) | equal | down
        more, less = down | ~(diagonal | up) & mask, up & diagonal
        distance += bool(more & last) - bool(less & last)
        more, less = (more << 1 | 1) & mask, less << 1 & mask
        up, down = less | ~(diagonal | more) & mask, more & diagonal
    return distance


def hamming(left: str, right: str) -> int:
    if len(left) != len(right):
        raise invalid("The input strings to hamming_distance function must have the same length")
    return sum(ours != theirs for ours, theirs in zip(left, right, strict=True))


def luhn_check(text: str) -> bool:
    if not re.fullmatch("[0-9]*", text):
        raise invalid("Input string must only contain digits")
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text))]
    return bool(text) and sum(digit - 9 * (digit > 9) for digit in doubled) % 10 == 0


def from_utf8(value: bytes, replacement: str = REPLACEMENT) -> str:
    """Put `replacement` for each sequence that is no character (io.airlift.slice.SliceUtf8.tryGetCodePointAt)."""
    if len(replacement) > 1:
        raise invalid("Replacement character string must empty or a single character")
    try:
        return value.decode()
    except UnicodeDecodeError:
        return "".join(_characters(value, replacement))


def from_utf8_code(value: bytes, replacement: int) -> str:
    if not 0 <= replacement <= LARGEST_CODE_POINT or 0xD800 <= replacement <= 0xDFFF:
        raise invalid("Invalid replacement character")
    return from_utf8(value, chr(replacement))


def _characters(value: bytes, replacement: str) -> list[str]:
    found, place = [], 0
    while place < len(value):
        sequence = value[place : place + _length(value, place)]
        try:
            found.append(sequence.decode())
        except UnicodeDecodeError:
            found.append(replacement)
        place += len(sequence)
    return found


def _length(value: bytes, place: int) -> int:
    """Return how many bytes the sequence has that begins here, up to one that does not go on with it."""
    first = value[place]
    promised = next(
        (count for count, limit in enumerate((0x80, 0xC0, 0xE0, 0xF0, 0xF8, 0xFC, 0xFF)) if first < limit), 0
    )
    if promised < 2:
        return 1
    length = 1
    while length < promised and place + length < len(value) and value[place + length] & 0xC0 == 0x80:
        length += 1
    return length


def parse_data_size(text: str) -> Decimal:
    found = DATA_SIZE.fullmatch(text)
    if found is None or found[2] not in DATA_UNITS:
        raise invalid(f"Invalid data size: '{text}'")
    factor = Decimal(1024) ** DATA_UNITS.index(found[2])
    size = (Decimal(found[1]) * factor).to_integral_value(ROUND_DOWN)
    if size >= 10**38:
        raise TrinoError("NUMERIC_VALUE_OUT_OF_RANGE", f"Value out of range: '{text}' ('{size}B')")
    return size
