"""Literals of every type, from the ends of what it holds and from its everyday middle."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from lake.types import DataType, parse_type
from lake.types.datatype import ARRAY, MAP, ROW, array_of, map_of, row_of

LITERALS: dict[str, tuple[str, ...]] = {
    "boolean": ("true", "false"),
    "tinyint": ("TINYINT '0'", "TINYINT '1'", "TINYINT '-128'", "TINYINT '127'", "TINYINT '5'"),
    "smallint": ("SMALLINT '0'", "SMALLINT '-1'", "SMALLINT '-32768'", "SMALLINT '32767'", "SMALLINT '123'"),
    "integer": ("0", "1", "-1", "2", "3", "7", "10", "-5", "100", "2147483647", "-2147483648"),
    "bigint": (
        *("BIGINT '0'", "BIGINT '1'", "BIGINT '-1'", "BIGINT '2'", "BIGINT '3'", "BIGINT '16'", "BIGINT '-7'"),
        *("BIGINT '123456789012'", "BIGINT '9223372036854775807'", "BIGINT '-9223372036854775808'"),
    ),
    "double": (
        *("0e0", "1e0", "-1e0", "15e-1", "-25e-1", "123456e-3", "1e5", "1e-3", "-0e0", "5e-1"),
        *("nan()", "infinity()", "-infinity()"),
    ),
    "real": (
        *("REAL '0'", "REAL '1.5'", "REAL '-2.5'", "REAL '3.14'", "REAL '123.456'"),
        *("CAST(nan() AS real)", "CAST(infinity() AS real)"),
    ),
    "decimal": ("1.5", "-1.5", "0.00", "123.45", "-0.05", "7", "12345678901234567890.12", "-99.995"),
    "varchar": (
        *("''", "'a'", "'abc'", "'hello world'", "' x y '", "'ABC'", "'été'", "'a,b,c'", "'日本語'", "'😀x'", "'10'"),
        *("'1e3'", "'-7'", "'true'", "'b'", "','", "'ß'", "'2020-01-31'", "'2020-05-10 12:34:56.789'", "'12:34:56'"),
        *("'12.5'", "'NaN'", "' 7 '", "'UTC'", "'[1, 2]'", "'{\"a\": 1}'", "'1.2.3.4'"),
    ),
    "char": ("'ab '", "'x'", "''", "'hello'", "' a'", "'été'"),
    "varbinary": ("X''", "X'00'", "X'616263'", "X'DEADBEEF'", "X'0001020304050607'", "to_utf8('été')"),
    "date": (
        *("DATE '2020-02-29'", "DATE '1969-12-31'", "DATE '2001-01-31'", "DATE '1900-03-01'", "DATE '0001-01-01'"),
        *("DATE '9999-12-31'", "DATE '2021-01-03'", "DATE '2012-08-08'"),
    ),
    "timestamp": (
        *("2020-05-10 12:34:56", "2020-05-10 12:34:56.123", "1969-12-31 23:59:59.999", "2020-02-29 00:00:00.123456"),
        *("1500-05-10 12:34:56.1234", "2001-01-31 01:02:03.5", "2024-12-30 23:00:00.99"),
    ),
    "timestamp with time zone": (
        *("2020-05-10 12:34:56 UTC", "2020-05-10 12:34:56.123 Europe/Berlin", "1969-12-31 23:59:59.999 +05:30"),
        *("2020-11-01 01:30:00.1234 America/New_York", "2020-03-08 12:30:00.123456 America/Los_Angeles"),
        *("2001-01-31 01:02:03.5 -08:00", "2012-10-31 01:00:00 Asia/Kathmandu"),
    ),
    "time": ("12:34:56", "00:00:00", "23:59:59.999", "01:02:03.123456", "10:00:00.5"),
    "time with time zone": ("12:34:56+00:00", "00:00:00+05:30", "23:59:59.999-08:00", "01:02:03.123456+14:00"),
    "interval day to second": (
        *("INTERVAL '1' DAY", "INTERVAL '-3' HOUR", "INTERVAL '1 02:03:04.567' DAY TO SECOND"),
        *("INTERVAL '90' MINUTE", "INTERVAL '0' SECOND"),
    ),
    "interval year to month": ("INTERVAL '1' YEAR", "INTERVAL '-14' MONTH", "INTERVAL '3-4' YEAR TO MONTH"),
    "json": (
        *('JSON \'{"a":1,"b":[1,2,{"c":null}]}\'', "JSON '[1,\"2\",null,3.5,true]'", "JSON '1'", "JSON 'null'"),
        *("JSON '\"x\"'", "JSON '{}'", "JSON '[]'"),
    ),
    "uuid": ("UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'", "UUID '00000000-0000-0000-0000-000000000000'"),
    "ipaddress": ("IPADDRESS '1.2.3.4'", "IPADDRESS '2001:db8::ff00:42:8329'", "IPADDRESS '::1'"),
}
NUMBERED = {
    "decimal": ("decimal(10,2)", "decimal(3,1)", "decimal(18,0)", "decimal(38,5)", "decimal(25,10)"),
    "varchar": ("varchar", "varchar(3)", "varchar(20)"),
    "char": ("char(1)", "char(5)"),
    "timestamp": ("timestamp(0)", "timestamp(3)", "timestamp(6)"),
    "timestamp with time zone": ("timestamp(3) with time zone", "timestamp(6) with time zone"),
    "time": ("time(0)", "time(3)", "time(6)"),
    "time with time zone": ("time(3) with time zone", "time(6) with time zone"),
}
NUMBERS = ("tinyint", "smallint", "integer", "bigint", "double", "real", "decimal")
TIMES = ("date", "timestamp", "timestamp with time zone", "time", "time with time zone")
SCALARS: tuple[DataType, ...] = tuple(
    parse_type(text, trino=True) for name in LITERALS for text in NUMBERED.get(name, (name,))
)
KEYS = tuple(type_ for type_ in SCALARS if type_.name in ("integer", "bigint", "varchar", "date", "boolean"))
MAX_ITEMS = 3


def of_name(*names: str) -> SearchStrategy[DataType]:
    return st.sampled_from([type_ for type_ in SCALARS if type_.name in names])


@st.composite
def types(draw: st.DrawFn, *, depth: int = 1) -> DataType:
    """Scalars, and arrays, maps and rows of what is less deep."""
    if depth == 0 or draw(st.integers(0, 3)):
        return draw(st.sampled_from(SCALARS))
    kind = draw(st.sampled_from([ARRAY, MAP, ROW]))
    if kind == ARRAY:
        return array_of(draw(types(depth=depth - 1)))
    if kind == MAP:
        return map_of(draw(st.sampled_from(KEYS)), draw(types(depth=depth - 1)))
    inner = draw(st.lists(types(depth=depth - 1), min_size=1, max_size=MAX_ITEMS))
    return row_of([(f"f{place}", each) for place, each in enumerate(inner)])


@st.composite
def literal(draw: st.DrawFn, type_: DataType, *, nulls: bool = True) -> str:
    """An expression of exactly this type, without columns and functions."""
    if nulls and draw(st.integers(0, 7)) == 0:
        return f"CAST(NULL AS {type_.athena})"
    if type_.name == ARRAY:
        items = draw(st.lists(literal(type_.element), max_size=MAX_ITEMS))
        return f"CAST(ARRAY[{', '.join(items)}] AS {type_.athena})"
    if type_.name == MAP:
        keys = draw(st.lists(literal(type_.key, nulls=False), max_size=MAX_ITEMS, unique=True))
        values = [draw(literal(type_.value)) for _ in keys]
        return f"CAST(map(ARRAY[{', '.join(keys)}], ARRAY[{', '.join(values)}]) AS {type_.athena})"
    if type_.name == ROW:
        return f"CAST(ROW({', '.join(draw(literal(field.type)) for field in type_.fields)}) AS {type_.athena})"
    texts = LITERALS[type_.name]
    if type_.name == "decimal":
        texts = tuple(text for text in texts if fits(text, type_))
    return scalar(draw(st.sampled_from(texts)), type_)


def fits(text: str, type_: DataType) -> bool:
    """Columns that fail would fail here only: Trino does not compute what nobody asks for."""
    precision, scale = type_.parameters
    return abs(Decimal(text)) + Decimal(5).scaleb(-scale - 1) < Decimal(10) ** (precision - scale)


def scalar(text: str, type_: DataType) -> str:
    if type_.name in ("timestamp", "timestamp with time zone"):
        text = f"TIMESTAMP '{text}'"
    elif type_.name in ("time", "time with time zone"):
        text = f"TIME '{text}'"
    elif type_.name == "decimal":
        text = f"DECIMAL '{text}'"
    return f"CAST({text} AS {type_.athena})" if type_.parameters or type_.name in ("varchar", "char") else text
