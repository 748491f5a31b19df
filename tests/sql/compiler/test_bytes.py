"""Bytes, hashes, UUIDs and addresses of the compiler (trino.io/docs/422/functions/binary.html, uuid.html, ipaddress.html)."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from lake.sql.compiler.runtime import addresses, hashes
from lake.sql.compiler.runtime.errors import TrinoError
from tests.sql.compiler.running import run


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("to_hex(xxhash64(to_utf8('hashme')))", "F9D96E0E1165E892"),
        ("to_hex(murmur3(to_utf8('hashme')))", "93192FE805BE23041C8318F67EC4F2BC"),
        ("to_hex(spooky_hash_v2_32(to_utf8('hashme')))", "2BA05291"),
        ("to_hex(spooky_hash_v2_64(to_utf8('hashme')))", "EC588E792BA05291"),
        ("crc32(to_utf8('CRC me!'))", 38028046),
        ("CAST(CAST(UUID '12151FD2-7586-11e9-8f9e-2a86e4085a59' AS varbinary) AS uuid) = UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'", True),
        ("TRY_CAST('12151fd2758611e98f9e2a86e4085a59' AS uuid)", None),
        ("CAST(IPADDRESS '2001:0db8:0000:0000:0000:ff00:0042:8329' AS varchar)", "2001:db8::ff00:42:8329"),
        ("CAST(IPADDRESS '::ffff:1.2.3.4' AS varchar)", "1.2.3.4"),
        ("CAST(CAST(X'01020304' AS ipaddress) AS varchar)", "1.2.3.4"),
        ("IPADDRESS '1.2.3.4' < IPADDRESS '1.2.3.10'", True),
        ("contains('10.0.0.0/8', IPADDRESS '10.255.255.255')", True),
        ("contains('2001:db8::/32', IPADDRESS '2001:db9::1')", False),
    ],
)  # fmt: skip
def test_an_expression_has_trinos_value(expression: str, expected: Any) -> None:
    assert run(f"SELECT {expression}") == [(expected,)]


@pytest.mark.parametrize("length", [0, 1, 8, 15, 16, 31, 32, 100, 191, 192, 300])
def test_hashes_take_any_length(length: int) -> None:
    value = bytes(range(256)) * 2
    found = [
        hashes.spooky_hash_v2_32(value[:length]),
        hashes.spooky_hash_v2_64(value[:length]),
        hashes.xxhash64(value[:length]),
        hashes.murmur3(value[:length]),
    ]
    assert [len(each) for each in found] == [4, 8, 8, 16]
    assert found[1].endswith(found[0])


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ("10.0.0.0", "Invalid CIDR"),
        ("10.0.0.5/8", "Invalid CIDR"),
        ("x/8", "Invalid network IP address"),
        ("10.0.0.0/33", "Invalid prefix length"),
        ("::/0", "version should be the same"),
    ],
)
def test_a_network_that_is_none_is_refused(network: str, message: str) -> None:
    with pytest.raises(TrinoError, match=message):
        addresses.address_in_network(network, addresses.address_of_text("1.2.3.4"))


def test_a_mac_has_a_key() -> None:
    with pytest.raises(duckdb.Error, match="Empty key"):
        run("SELECT hmac_sha256(X'00', X'')")


@pytest.mark.parametrize("call", ["from_base32", "from_base64", "from_base64url"])
def test_what_is_no_ascii_is_no_base_of_any_kind(call: str) -> None:
    with pytest.raises(duckdb.Error, match="INVALID_FUNCTION_ARGUMENT"):
        run(f"SELECT {call}(X'DEADBEEF')")
