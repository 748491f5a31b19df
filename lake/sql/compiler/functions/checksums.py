"""checksum() (trino.io/docs/422/functions/aggregate.html#checksum), which hashes values of each type in a way of its own."""

from lake.errors import NotSupported
from lake.sql.compiler.coercion import DAYS, INTEGERS, MONTHS, OFFSET_TIME, ZONED
from lake.sql.compiler.decimals import unscaled
from lake.sql.compiler.forms import is_precise
from lake.sql.compiler.functions.table import Call, aggregate
from lake.sql.compiler.python_forms import Body, call_text, columns_text
from lake.sql.compiler.runtime import checksums, hash_columns
from lake.sql.compiler.typed import Typed
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP

SHORT_DECIMAL, MILLISECONDS = 18, 3
TEXTS = ("varchar", "char", "json")
NUMBERS = {
    "boolean": "CAST({0} AS BIGINT)",
    "date": "date_diff('day', DATE '1970-01-01', {0})",
    "time": "epoch_us({0}) * 1000000",
    "timestamp": "epoch_us({0})",
    ZONED: "CAST(epoch_ms(({0}).t) AS BIGINT)",
} | dict.fromkeys((*INTEGERS, DAYS.name, MONTHS.name), "CAST({0} AS BIGINT)")
FLOATS: dict[str, tuple[Body, str]] = {
    "double": (hash_columns.hash_of_doubles, "DOUBLE"),
    "real": (hash_columns.hash_of_reals, "FLOAT"),
}
BODIES: dict[str, tuple[Body, str]] = {
    "varbinary": (checksums.hash_of_bytes, "BLOB"),
    "ipaddress": (checksums.hash_of_halves, "BLOB"),
}


def hash_text(value: Typed) -> str:
    """Return the text of a value's hash, a BIGINT."""
    type_, sql = value.type, value.sql
    if type_.name in FLOATS:
        body, kind = FLOATS[type_.name]
        return columns_text(body, [sql], (kind,), "BIGINT")
    if type_.name in BODIES:
        body, kind = BODIES[type_.name]
        return call_text(body, [sql], (kind,), "BIGINT")
    if type_.name in TEXTS:
        return call_text(checksums.hash_of_bytes, [f"encode({sql})"], ("BLOB",), "BIGINT")
    if type_.name == "decimal":
        whole = unscaled(value, 0)
        if type_.parameters[0] > SHORT_DECIMAL:
            return call_text(checksums.hash_of_huge, [whole], ("HUGEINT",), "BIGINT")
        return columns_text(hash_columns.hash_of_numbers, [f"CAST({whole} AS BIGINT)"], ("BIGINT",), "BIGINT")
    if type_.name == ARRAY:
        hashes = f"list_transform({sql}, lambda e_: {hash_text(Typed('e_', type_.element))})"
        return call_text(checksums.hash_of_list, [hashes], ("BIGINT[]",), "BIGINT")
    if type_.name == MAP:
        return _of_map(sql, type_)
    if type_.name == "uuid":
        halves = f"unhex(replace(CAST({sql} AS VARCHAR), '-', ''))"
        return call_text(checksums.hash_of_halves, [halves], ("BLOB",), "BIGINT")
    if type_.name not in NUMBERS or is_precise(type_) or type_.name == OFFSET_TIME or _has_micros(type_):
        raise NotSupported(f"checksum of {type_.athena} is not supported on a directory")
    number = f"CAST({NUMBERS[type_.name].format(sql)} AS BIGINT)"
    return columns_text(hash_columns.hash_of_numbers, [number], ("BIGINT",), "BIGINT")


def _has_micros(type_: DataType) -> bool:
    return type_.name == ZONED and type_.parameters[0] > MILLISECONDS


def _of_map(sql: str, type_: DataType) -> str:
    key, value = hash_text(Typed("e_", type_.key)), hash_text(Typed("e_", type_.value))
    parts = [
        f"list_transform(map_{part}({sql}), lambda e_: {text})" for part, text in (("keys", key), ("values", value))
    ]
    found = call_text(checksums.hash_of_map, parts, ("BIGINT[]",) * 2, "BIGINT")
    return f"CASE WHEN {sql} IS NOT NULL THEN {found} END"


def _checksum(call: Call) -> str:
    value = call.arguments[0]
    assert isinstance(value, Typed)
    return call_text(checksums.checksum, [f"list({{d}}{hash_text(value)}){{f}}"], ("BIGINT[]",), "BLOB")


aggregate("checksum", "T", "varbinary", _checksum)
