"""Calls of functions, drawn from the compiler's own table: for each overload, arguments of the types that it says it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from lake.sql.compiler.functions import FUNCTIONS
from lake.sql.compiler.functions.table import Overload
from lake.sql.compiler.signature import FUNCTION, Pattern
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, ROW, array_of, map_of, row_of
from tests.oracle.values import KEYS, LITERALS, SCALARS, of_name

MOMENTARY = "now current_date current_time current_timestamp localtime localtimestamp current_user current_timezone uuid rand random shuffle"
ESTIMATES = "approx_distinct approx_most_frequent approx_percentile numeric_histogram approx_set empty_approx_set"
"""Their answers are within an error, and not the same."""
OTHERWISE_CALLED = "grouping current_groups trino_subscript listagg normalize"
"""No plain calls: they have a syntax of their own."""
UNORDERED = "array_agg map_agg multimap_agg map_union arbitrary any_value reduce_agg min_by max_by histogram"
"""Aggregates whose answer may depend on the order of rows."""
LATER = "bitwise_xor_agg apply"
"""Not registered there."""
SKIPPED = frozenset(f"{MOMENTARY} {ESTIMATES} {OTHERWISE_CALLED} {LATER}".split())
PARTS_OF_EXTRACT = "extract_"


def quoted(*texts: str) -> tuple[str, ...]:
    return tuple("'" + text.replace("'", "''") + "'" for text in texts)


UNITS = quoted("millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "DAY", "foo")
ZONES = quoted("UTC", "Europe/Berlin", "+05:30", "America/New_York", "-08:00", "Asia/Kathmandu")
REGEXPS = quoted("a", "[a-c]+", "^h.*d$", "(h)(.*)d$", r"\d+", "(?i)ABC", "", "x*", "(a)|(b)", ".", r"\s", r"\w", "(")
PATHS = quoted("$.a", "$.b[0]", "$", "$[1]", "$.b[2].c", "$.x", '$["a"]', "$.*", "$..a", "")
JSONS = quoted(
    '{"a":1,"b":[1,2,{"c":null}]}',
    '[1,"2",null,3.5,true]',
    "1",
    "null",
    '"x"',
    "",
    "{",
    "[1,2",
    "1.50",
    "1e3",
    " [1] ",
    '{"a":1,"a":2}',
)
URLS = quoted(
    "http://example.com:8080/path/x?a=1&b=2&b=3#frag",
    "https://user:pw@host/?a",
    "foo",
    "",
    "http://[::1]:80/a%20b?x=%20",
    "mailto:x@y.z",
)
SMALL = ("0", "1", "2", "3", "-1", "-2", "5", "100")
BITS = ("0", "1", "3", "7", "8", "31", "32", "63", "64")
PROBABILITIES = ("1e-1", "5e-1", "1e0", "0e0", "2e0")
POOLS: dict[tuple[str, int], tuple[str, ...]] = {
    **dict.fromkeys((("date_trunc", 0), ("date_add", 0), ("date_diff", 0)), UNITS),
    ("date_add", 1): SMALL,
    **dict.fromkeys((("at_timezone", 1), ("with_timezone", 1), ("from_unixtime", 1)), ZONES),
    ("date_format", 1): quoted("%a %b %c %d %e %f %H %h %I %i %j", "%k %l %M %m %p %r %S %s %T", "%v %W %Y %y %%", "%Y-%m-%d", "%x", ""),
    ("format_datetime", 1): quoted("yyyy-MM-dd HH:mm:ss.SSS", "YYYY/MM/dd hh:mm a", "EEE, d MMM yyyy", "D e w xxxx", "ZZ", "G C Y", "K k h H"),
    ("date_parse", 1): quoted("%Y-%m-%d", "%Y", "%H:%i", "%d/%m/%Y"),
    ("date_parse", 0): quoted("2020-01-31", "12:30", "2020", "31/01/2020", "foo", "2020-1-3"),
    ("parse_datetime", 1): quoted("yyyy-MM-dd", "yyyy", "HH:mm", "yyyy-MM-dd HH:mm:ss Z"),
    ("parse_datetime", 0): quoted("2020-01-31", "12:30", "2020", "2020-01-31 10:11:12 +0530", "foo"),
    ("from_iso8601_date", 0): quoted("2020-05-11", "2020-W10", "2020-W10-1", "2020-123", "2020-05", "2020", "foo", "20200511"),
    ("from_iso8601_timestamp", 0): quoted("2020-05-11", "2020-05-11T11:15:05", "2020-05-11T11:15:05.055+01:00", "2020-W10-1T10", "foo"),
    ("from_unixtime", 0): ("0e0", "15e-1", "-10005e-4", "1589123456789e-3", "123456789"),
    **{(f"regexp_{name}", 1): REGEXPS for name in "like extract extract_all count split replace position".split()},
    **{(f"regexp_{name}", 2): ("0", "1", "2", "-1") for name in ("extract", "extract_all", "position")},
    ("regexp_replace", 2): quoted("X", "", "$0$0", "$1", r"\$"),
    **{(f"json_{name}", 1): PATHS for name in ("extract", "extract_scalar", "size")},
    **{(name, 0): JSONS for name in "json_parse json_extract json_extract_scalar json_size json_array_get json_array_length".split()},
    **{(name, 0): JSONS for name in ("json_array_contains", "is_json_scalar")},
    **{(f"url_extract_{name}", 0): URLS for name in "host port path query fragment parameter protocol".split()},
    ("url_decode", 0): quoted("a%20b+c", "%", "%C3%A9", "abc"),
    ("parse_duration", 0): quoted("1s", "1.5m", "2 h", "3d", "5x", "", "100ms"),
    **dict.fromkeys((("parse_data_size", 0), ("parse_presto_data_size", 0)), quoted("1B", "1kB", "2.5MB", "x", "1YB", "")),
    ("date", 0): quoted("2020-01-31", "foo", " 2020-01-31 ", "2020-1-3"),
    **dict.fromkeys((("from_base", 1), ("to_base", 1)), ("2", "8", "10", "16", "36", "1")),
    ("bit_count", 1): ("2", "8", "16", "32", "64", "1"),
    **{(name, 1): BITS for name in ("bitwise_left_shift", "bitwise_right_shift", "bitwise_right_shift_arithmetic")},
    **{(name, 1): SMALL for name in "lpad rpad repeat combinations ngrams trim_array round truncate json_array_get substr substring".split()},
    **{(name, 2): SMALL for name in "strpos substr substring split_part split".split()},
    **{("slice", place): SMALL for place in (1, 2)},
    **dict.fromkeys((("split", 1), ("split_part", 1)), quoted(",", " ", "a", "", "bc")),
    **{("sequence", place): SMALL for place in (0, 1, 2)},
    ("chr", 0): ("65", "8364", "128512", "-1", "1114112"),
    ("word_stem", 1): quoted("en"),
    ("width_bucket", 3): SMALL,
    ("bar", 1): SMALL,
    **{(name, place): PROBABILITIES for name in ("beta_cdf", "inverse_beta_cdf", "inverse_normal_cdf") for place in (0, 1, 2)},
    ("ntile", 0): ("1", "2", "3"),
    ("nth_value", 1): ("1", "2", "3"),
    **dict.fromkeys((("lag", 1), ("lead", 1)), ("0", "1", "2")),
    **dict.fromkeys((("min", 1), ("max", 1), ("min_by", 2), ("max_by", 2)), ("1", "2", "3")),
}  # fmt: skip

Expressions = Callable[[DataType], SearchStrategy[str]]


@dataclass
class Variables:
    types: dict[str, DataType] = field(default_factory=dict)
    lambdas: int = 0


def is_drawn(pattern: Pattern) -> bool:
    """Say whether there are literals of it; the oracle is without the plugin of geometries."""
    known = pattern.is_variable or pattern.name in LITERALS or pattern.name in (ARRAY, MAP, ROW, FUNCTION)
    return known and all(map(is_drawn, pattern.parts))


def overloads(*, aggregate: bool = False, window: bool = False) -> list[tuple[str, Overload]]:
    return [
        (name, overload)
        for name, lines in sorted(FUNCTIONS.items())
        if name not in SKIPPED and not name.startswith(PARTS_OF_EXTRACT)
        for overload in lines
        if (overload.aggregate, overload.window) == (aggregate, window)
        if all(map(is_drawn, overload.parameters)) and (callable(overload.result) or is_drawn(overload.result))
    ]


SCALAR = overloads()
AGGREGATES = [(name, each) for name, each in overloads(aggregate=True) if name not in UNORDERED.split()]
WINDOW = overloads(window=True)


@st.composite
def call(
    draw: st.DrawFn,
    name: str,
    overload: Overload,
    expression: Callable[..., SearchStrategy[str]],
    *,
    seen: Callable[[str], str] = str,
) -> str:
    """`expression` gives a strategy for expressions of a type, and may be given names of variables with theirs.

    `seen` is told of the arguments that come from a pool.
    """
    variables = Variables()
    count = len(overload.parameters)
    if overload.variadic:
        count += draw(st.integers(-1, 1))
    arguments = []
    for place in range(count):
        pattern, pool = overload.parameter(place), POOLS.get((name, place))
        if pool is not None and _is_pooled(pattern):
            arguments.append(seen(draw(st.sampled_from(pool))))
        elif pattern.name == FUNCTION:
            arguments.append(draw(_lambda(pattern, variables, expression)))
        else:
            arguments.append(draw(expression(draw(concrete(pattern, variables)))))
    return f"{name}({', '.join(arguments)})"


def _is_pooled(pattern: Pattern) -> bool:
    return pattern.name in ("varchar", "bigint", "integer", "double", "decimal")


@st.composite
def _lambda(
    draw: st.DrawFn, pattern: Pattern, variables: Variables, expression: Callable[..., SearchStrategy[str]]
) -> str:
    *parameters, result = pattern.parts
    names = [f"v{variables.lambdas + place}" for place in range(len(parameters))]
    variables.lambdas += len(parameters)
    types = [draw(concrete(parameter, variables)) for parameter in parameters]
    body = draw(expression(draw(concrete(result, variables)), dict(zip(names, types, strict=True))))
    return f"({', '.join(names)}) -> {body}"


@st.composite
def concrete(draw: st.DrawFn, pattern: Pattern, variables: Variables) -> DataType:
    """Draw a type that a pattern stands for; a variable stands for the same one everywhere."""
    if pattern.is_variable:
        if pattern.name not in variables.types:
            variables.types[pattern.name] = draw(st.sampled_from(KEYS if pattern.name == "K" else SCALARS))
        return variables.types[pattern.name]
    parts = [draw(concrete(part, variables)) for part in pattern.parts]
    if pattern.name == ARRAY:
        return array_of(parts[0] if parts else draw(st.sampled_from(SCALARS)))
    if pattern.name == MAP:
        return map_of(*parts)
    if pattern.name == ROW:
        return row_of([(f"f{place}", part) for place, part in enumerate(parts)])
    if pattern.numbers and all(number.isdigit() for number in pattern.numbers):
        return DataType(pattern.name, tuple(map(int, pattern.numbers)))
    return draw(of_name(pattern.name))


def has_zone(overload: Overload) -> bool:
    return isinstance(overload.result, Pattern) and "with time zone" in overload.result.name


def choice(lines: Sequence[tuple[str, Overload]]) -> SearchStrategy[tuple[str, Overload]]:
    """Every function is as likely as another one, however many overloads it has."""
    by_name: dict[str, list[tuple[str, Overload]]] = {}
    for name, overload in lines:
        by_name.setdefault(name, []).append((name, overload))
    return st.sampled_from(sorted(by_name)).flatmap(lambda name: st.sampled_from(by_name[name]))
