"""trino.io/docs/422/functions/binary.html"""

from lake.sql.compiler.functions.table import Call, function
from lake.sql.compiler.python_forms import call_text, python
from lake.sql.compiler.runtime import binary, hashes


def _from_ieee754(call: Call) -> str:
    body, form = (binary.from_ieee754_32, "FLOAT") if call.type.name == "real" else (binary.from_ieee754_64, "DOUBLE")
    return f"CAST({call_text(body, [call.sql(0)], ('BLOB',), 'VARCHAR')} AS {form})"


function("length", "varbinary", "bigint", "octet_length({0})")
function("reverse", "varbinary", "varbinary", python(binary.reverse_bytes))
function("substr", "varbinary, bigint", "varbinary", python(binary.substr_bytes))
function("substr", "varbinary, bigint, bigint", "varbinary", python(binary.substr_bytes))
function("lpad", "varbinary, bigint, varbinary", "varbinary", python(binary.lpad_bytes))
function("rpad", "varbinary, bigint, varbinary", "varbinary", python(binary.rpad_bytes))
function("to_hex", "varbinary", "varchar", "hex({0})")
function("to_base64", "varbinary", "varchar", "base64({0})")
function("to_base64url", "varbinary", "varchar", python(binary.to_base64url))
function("to_base32", "varbinary", "varchar", python(binary.to_base32))
for written in ("varchar", "varbinary"):
    function("from_hex", written, "varbinary", python(binary.from_hex))
    function("from_base64", written, "varbinary", python(binary.from_base64))
    function("from_base64url", written, "varbinary", python(binary.from_base64url))
    function("from_base32", written, "varbinary", python(binary.from_base32))
for name in ("md5", "sha1", "sha256"):
    function(name, "varbinary", "varbinary", f"unhex({name}({{0}}))")
function("sha512", "varbinary", "varbinary", python(binary.sha512))
function("crc32", "varbinary", "bigint", python(binary.crc32))
function("hmac_md5", "varbinary, varbinary", "varbinary", python(binary.hmac_md5))
function("hmac_sha1", "varbinary, varbinary", "varbinary", python(binary.hmac_sha1))
function("hmac_sha256", "varbinary, varbinary", "varbinary", python(binary.hmac_sha256))
function("hmac_sha512", "varbinary, varbinary", "varbinary", python(binary.hmac_sha512))
function("to_big_endian_32", "integer", "varbinary", python(binary.to_big_endian_32))
function("to_big_endian_64", "bigint", "varbinary", python(binary.to_big_endian_64))
function("from_big_endian_32", "varbinary", "integer", python(binary.from_big_endian_32))
function("from_big_endian_64", "varbinary", "bigint", python(binary.from_big_endian_64))
function("to_ieee754_32", "real", "varbinary", python(binary.to_ieee754_32))
function("to_ieee754_64", "double", "varbinary", python(binary.to_ieee754_64))
function("from_ieee754_32", "varbinary", "real", _from_ieee754)
function("from_ieee754_64", "varbinary", "double", _from_ieee754)
for hashed in (hashes.spooky_hash_v2_32, hashes.spooky_hash_v2_64, hashes.xxhash64, hashes.murmur3):
    function(hashed.__name__, "varbinary", "varbinary", python(hashed))
