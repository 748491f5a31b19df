"""Functions of bytes (trino.io/docs/422/functions/binary.html)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import zlib

from lake.sql.compiler.runtime.errors import TrinoError

MOST_BYTES = 2**31 - 1
BASE64_ENDS = {0: "", 2: "==", 3: "="}


def invalid(message: str) -> TrinoError:
    return TrinoError("INVALID_FUNCTION_ARGUMENT", message)


def from_hex(digits: str | bytes) -> bytes:
    written = _ascii(digits)
    if len(written) % 2 or not re.fullmatch("[0-9a-fA-F]*", written):
        raise invalid("Cannot decode hex: an even number of digits of base 16 is wanted")
    return bytes.fromhex(written)


def from_base64(written: str | bytes) -> bytes:
    return _decoded64(_ascii(written), "+/")


def from_base64url(written: str | bytes) -> bytes:
    return _decoded64(_ascii(written), "-_")


def to_base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


def _decoded64(written: str, last: str) -> bytes:
    """Like Java's decoder: the padding may be left out, but not half of it."""
    digits = written.rstrip("=")
    ending = BASE64_ENDS.get(len(digits) % 4)
    if ending is None or written[len(digits) :] not in ("", ending):
        raise invalid("Input byte array has wrong 4-byte ending unit")
    try:
        return base64.b64decode(digits + ending, altchars=last.encode(), validate=True)
    except ValueError as error:
        raise invalid(f"Illegal base64 character: {error}") from error


def to_base32(value: bytes) -> str:
    return base64.b32encode(value).decode()


def from_base32(written: str | bytes) -> bytes:
    digits = _ascii(written).rstrip("=")
    try:
        return base64.b32decode(digits + "=" * (-len(digits) % 8))
    except ValueError as error:
        raise invalid(f"Illegal base32 text: {error}") from error


def _ascii(written: str | bytes) -> str:
    return written if isinstance(written, str) else written.decode("latin-1")


def crc32(value: bytes) -> int:
    return zlib.crc32(value)


def sha512(value: bytes) -> bytes:
    return hashlib.sha512(value).digest()


def hmac_md5(value: bytes, key: bytes) -> bytes:
    return _authenticated(value, key, "md5")


def hmac_sha1(value: bytes, key: bytes) -> bytes:
    return _authenticated(value, key, "sha1")


def hmac_sha256(value: bytes, key: bytes) -> bytes:
    return _authenticated(value, key, "sha256")


def hmac_sha512(value: bytes, key: bytes) -> bytes:
    return _authenticated(value, key, "sha512")


def _authenticated(value: bytes, key: bytes, digest: str) -> bytes:
    if not key:
        raise invalid("Empty key")
    return hmac.digest(key, value, digest)


def to_big_endian_32(value: int) -> bytes:
    return struct.pack(">i", value)


def to_big_endian_64(value: int) -> bytes:
    return struct.pack(">q", value)


def from_big_endian_32(value: bytes) -> int:
    return int(_unpacked(">i", value, "from_big_endian_32: expected 4-byte input, but got instead"))


def from_big_endian_64(value: bytes) -> int:
    return int(_unpacked(">q", value, "from_big_endian_64: expected 8-byte input, but got instead"))


def to_ieee754_32(value: float) -> bytes:
    return struct.pack(">f", value)


def to_ieee754_64(value: float) -> bytes:
    return struct.pack(">d", value)


def from_ieee754_32(value: bytes) -> str:
    """Return text, since DuckDB takes a NaN from Python for NULL."""
    return repr(_unpacked(">f", value, "Input floating-point value must be exactly 4 bytes long: got"))


def from_ieee754_64(value: bytes) -> str:
    """Return text, since DuckDB takes a NaN from Python for NULL."""
    return repr(_unpacked(">d", value, "Input floating-point value must be exactly 8 bytes long: got"))


def _unpacked(layout: str, value: bytes, message: str) -> float:
    if len(value) != struct.calcsize(layout):
        raise invalid(f"{message} {len(value)} bytes")
    number: float = struct.unpack(layout, value)[0]
    return number


def reverse_bytes(value: bytes) -> bytes:
    return value[::-1]


def substr_bytes(value: bytes, start: int, length: int = MOST_BYTES) -> bytes:
    """`start` counts from 1, or from the end where it is negative; outside of the value is nothing."""
    if start == 0 or length <= 0 or abs(start) > len(value):
        return b""
    first = start - 1 if start > 0 else len(value) + start
    return value[first : first + length]


def lpad_bytes(value: bytes, size: int, padding: bytes) -> bytes:
    return _padding(value, size, padding) + value[:size]


def rpad_bytes(value: bytes, size: int, padding: bytes) -> bytes:
    return value[:size] + _padding(value, size, padding)


def _padding(value: bytes, size: int, padding: bytes) -> bytes:
    if not 0 <= size <= MOST_BYTES:
        raise invalid(f"Target length must be in the range [0..{MOST_BYTES}]")
    if not padding:
        raise invalid("Padding bytes must not be empty")
    missing = max(0, size - len(value))
    return (padding * (missing // len(padding) + 1))[:missing]
