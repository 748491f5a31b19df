"""Arrow arrays of any type, with the Python values they were made of."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    [
        "",
        " ",
        "a,b",
        'say "yes"',
        "two\nlines",
        "\r",
        "\t",
        "\x00",
        "\x1b[31m",
        "日本",
        "e\u0301",
        "null",
        "|",
        "\\",
        "{a=1}",
    ]
)
FLOAT_EDGES = [
    0.0,
    -0.0,
    1e-3,
    1e7,
    9999999.999999998,
    5e-324,
    1e21,
    1e10,
    0.00012,
    123456789.0,
    1.7976931348623157e308,
]


def _decimals(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    return st.integers(1 - 10**precision, 10**precision - 1).map(lambda unscaled: Decimal(unscaled).scaleb(-scale))


LEAVES: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.string(), TEXTS),
    (pa.bool_(), st.booleans()),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.int8(), st.integers(-128, 127)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float64(), st.floats() | st.sampled_from(FLOAT_EDGES)),
    (pa.float32(), st.floats(width=32)),
    (pa.decimal128(18, 2), _decimals(18, 2)),
    (pa.decimal128(38, 12), _decimals(20, 12)),
    (pa.date32(), st.dates()),
    (pa.timestamp("us"), st.datetimes()),
    (pa.timestamp("us", "UTC"), st.datetimes(timezones=st.just(UTC))),
    (pa.timestamp("ms"), st.datetimes().map(lambda value: value.replace(microsecond=value.microsecond // 1000 * 1000))),
    (pa.time64("us"), st.times()),
    (pa.binary(), st.binary(max_size=4)),
]
LEAF_TYPES: dict[pa.DataType, st.SearchStrategy[Any]] = dict(LEAVES)
KEY_TYPES = [pa.string(), pa.int64(), pa.date32(), pa.binary()]


def kinds() -> st.SearchStrategy[pa.DataType]:
    """Types, nested up to a depth."""

    def nested(inner: st.SearchStrategy[pa.DataType]) -> st.SearchStrategy[pa.DataType]:
        names = st.lists(st.sampled_from(["a", "b", 'q"q', "größe"]), min_size=1, max_size=3, unique=True)
        return st.one_of(
            inner.map(pa.list_),
            st.tuples(st.sampled_from(KEY_TYPES), inner).map(lambda pair: pa.map_(*pair)),
            names.flatmap(
                lambda ns: st.tuples(*[inner] * len(ns)).map(lambda ts: pa.struct(list(zip(ns, ts, strict=True))))
            ),
        )

    return st.recursive(st.sampled_from(list(LEAF_TYPES)), nested, max_leaves=4)


def values(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Values of a type, None among them; a map is a list of pairs with distinct keys."""
    if pa.types.is_list(kind):
        return st.none() | st.lists(values(kind.value_type), max_size=3)
    if pa.types.is_map(kind):
        pairs = st.tuples(LEAF_TYPES[kind.key_type], values(kind.item_type))
        return st.none() | st.lists(pairs, max_size=3, unique_by=lambda pair: pair[0])
    if pa.types.is_struct(kind):
        return st.none() | st.fixed_dictionaries({field.name: values(field.type) for field in kind})
    return st.none() | LEAF_TYPES[kind]


@st.composite
def columns(draw: st.DrawFn) -> tuple[pa.Array, list[Any]]:
    """An array that is a slice of a longer one, and its values."""
    kind = draw(kinds())
    before = draw(st.lists(values(kind), max_size=2))
    inside = draw(st.lists(values(kind), max_size=4))
    after = draw(st.lists(values(kind), max_size=1))
    array = pa.array([*before, *inside, *after], kind)
    return array.slice(len(before), len(inside)), inside


NASTY_TYPES: list[tuple[str, pa.DataType]] = [
    ("id", pa.int64()),
    ("double", pa.float64()),
    ("real", pa.float32()),
    ("amount", pa.decimal128(38, 12)),
    ("flag", pa.bool_()),
    ("name", pa.string()),
    ("name", pa.string()),
    ("day", pa.date32()),
    ("ts", pa.timestamp("us")),
    ("at", pa.timestamp("ms", "UTC")),
    ("clock", pa.time64("us")),
    ("raw", pa.binary()),
    ("list", pa.list_(pa.string())),
    ("map", pa.map_(pa.string(), pa.int32())),
    ("row", pa.struct([("a", pa.float64()), ("", pa.string())])),
    ("wait", pa.duration("ms")),
]
naive = datetime.fromisoformat

NASTY_ROWS: list[list[Any]] = [
    [1, 1.0, 0.1, Decimal("0.000000000001"), True, "plain", "", date(2017, 1, 1), naive("2017-01-01"),
     datetime(2017, 1, 1, tzinfo=UTC), time(0), b"123", ["a", "b"], [("b", 2), ("a", 1)], {"a": 1.0, "": "x"}, 0],
    [None] * len(NASTY_TYPES),
    [-(2**63), -0.0, 1e10, Decimal("-12345678901234567890.5"), False, "", "NULL", date(1, 1, 1),
     naive("2017-01-01 12:30:00.123456"), datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC), time(1, 2, 3, 4),
     b"", [], [], {"a": None, "": None}, 183_845_006],
    [2**63 - 1, 1e7, 1.4e-45, Decimal(0), None, 'quotes " and, commas | pipes \\ tab\there', "two\nlines\r\nthree",
     date(9999, 12, 31), naive("9999-12-31 23:59:59.999999"), datetime(2024, 2, 29, tzinfo=UTC), time(23, 59, 59),
     b"\x00\xff", [None, "", "a, b", "[x]"], [("\u00e9", None), ("a=b", 0)], {"a": float("nan"), "": 'q"'}, -1],
    [0, 1e-4, 3.4028235e38, Decimal("1e-7"), True, "日本語 한국어 👩‍👩‍👧 🇩🇪", "e\u0301 שלום عربي \u202egnp", date(2000, 2, 29),
     naive("2000-01-01"), datetime(2000, 1, 1, tzinfo=UTC), time(12), bytes(range(8)), ["日本"], [("k", 1)],
     {"a": 5e-324, "": "👍"}, 86_400_000],
    [7, float("nan"), float("inf"), Decimal(100), True, "\x00\x1b[31m\x7f\u2028", " edges ", date(1970, 1, 1),
     naive("1970-01-01"), datetime(1970, 1, 1, tzinfo=UTC), time(0, 0, 0, 1000), b"\n", ["\n"], [("\x01", 1)],
     {"a": float("-inf"), "": "\x07"}, 1],
    [8, 1.7976931348623157e308, float("-inf"), Decimal("-0.1"), False, "a long text that goes on and on " * 3, "C:\\dir",
     date(1582, 10, 15), naive("1582-10-15"), datetime(1582, 10, 15, tzinfo=UTC), time(6), b"long" * 6,
     ["x"] * 12, [(str(n), n) for n in range(10)], {"a": 123456789.0, "": None}, 999],
]  # fmt: skip


def nasty_table() -> pa.Table:
    """One table in two batches, with all that has ever come out wrong: two columns of one name among it."""
    arrays = [pa.array([row[place] for row in NASTY_ROWS], kind) for place, (_, kind) in enumerate(NASTY_TYPES)]
    batch = pa.record_batch(arrays, names=[name for name, _ in NASTY_TYPES])
    return pa.Table.from_batches([batch.slice(0, 4), batch.slice(4)])
