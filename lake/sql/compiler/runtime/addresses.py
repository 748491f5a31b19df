"""IP addresses, which are 16 bytes (trino.io/docs/422/functions/ipaddress.html)."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from lake.sql.compiler.runtime.errors import TrinoError

MAPPED = bytes(10) + b"\xff\xff"


def address_of_text(text: str) -> bytes:
    found = _parsed(text)
    if found is None:
        raise TrinoError("INVALID_CAST_ARGUMENT", f"Cannot cast value to IPADDRESS: {text}")
    return found


def _parsed(text: str) -> bytes | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv4Address):
        return MAPPED + found.packed
    return found.packed


def address_text(address: bytes) -> str:
    if address.startswith(MAPPED):
        return str(IPv4Address(address[len(MAPPED) :]))
    found = IPv6Address(address)
    return found.compressed


def address_of_bytes(value: bytes) -> bytes:
    if len(value) == 4:
        return MAPPED + value
    if len(value) != 16:
        raise TrinoError("INVALID_CAST_ARGUMENT", f"Invalid IP address binary length: {len(value)}")
    return value


def address_in_network(network: str, address: bytes) -> bool:
    """Say whether an address is in a network of its own version."""
    base, slash, length = network.partition("/")
    if not slash:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", "Invalid CIDR")
    start = _parsed(base)
    if start is None:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", "Invalid network IP address")
    is_short, bits = start.startswith(MAPPED), 128
    if is_short:
        bits = 32
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", length) or not 0 <= int(length) <= bits:
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", "Invalid prefix length")
    if is_short != address.startswith(MAPPED):
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", "IP address version should be the same")
    shift = bits - int(length)
    first, wanted = (int.from_bytes(each[-bits // 8 :], "big") for each in (start, address))
    if is_short and first % (1 << shift):
        raise TrinoError("INVALID_FUNCTION_ARGUMENT", "Invalid CIDR")
    return first >> shift == wanted >> shift
