"""Records as nobody should send them, and good ones among them."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

DAYS = ["2026-01-31", "2024-02-29", "2023-02-29", "1970-01-01", "2200-12-31", "2201-01-01", "0000-01-01", "0001-01-01"]
DAYS += ["9999-12-31", "1969-12-31", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "20260131", "26-01-31"]
TIMES = ["", "T07:00:00", " 07:00", "t23:59:59", "T24:00:00", "T23:59:60", "T23:60:00", "_07:00:00", "T7:00:00", "T07"]
TIMES += ["T07:00:00.5", "T07:00:00,123", "T07:00:00.123456789", "T07:00:00.999999999", "T07:00:00.1234567890"]
TIMES += ["T07:00:00.", "T07:00.5", "T00:00:00.000", "T0٣:00:00", "T23:59:59.9999"]
ZONES = ["", "Z", "z", "+01:00", "-0130", "+05", "+23:59", "-23:59", "+24:00", "-00:00", "+01:60", " Z", "+1:00", "ZZ"]
stamps = st.one_of(
    st.sampled_from(["2026-01-31T07:00:00.123Z", "2026-01-31T07:00:00Z", "2026-02-03 07:00:00"]),
    st.builds("".join, st.tuples(st.sampled_from(DAYS), st.sampled_from(TIMES), st.sampled_from(ZONES))),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.text("0123456789-:TZ+. ", max_size=36),
)

ODD_TEXTS = [
    "é",
    "e\u0301",
    "°C",
    "\u202eabc",
    "a\u0000b",
    "\x7f",
    "\x85",
    "\u009f",
    "\u00a0",
    "日本",
    "😀",
    'say "hi"',
    "a\\b",
]
ODD_TEXTS += [
    "",
    " ",
    "NA",
    "null",
    "NULL",
    "true",
    "x" * 64,
    "x" * 65,
    "é" * 64,
    "é" * 65,
    "y" * 128,
    "y" * 129,
    "a\tb",
    "\n",
]
ODD_TEXTS += ["a,b:c{d}[e]", "\ufeff", "\uffff", "a\rb"]
texts = st.one_of(st.sampled_from(["s-1", "JFK", "temp"]), st.sampled_from(ODD_TEXTS), st.text(max_size=8))

NUMBERS = ["0", "-0", "0.0", "-0.0", "1", "21.5", "1e5", "1E+2", "1e-7", "1e400", "-1e400", "1e-400", "NaN", "Infinity"]
NUMBERS += [
    "-Infinity",
    '"12"',
    "true",
    "false",
    "null",
    "1_000",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
    "0x10",
    "--1",
    "1 2",
    "",
]
NUMBERS += [
    "9" * 19,
    "9" * 309,
    "9" * 310,
    "1" + "0" * 309,
    "123456789012345678901234567890.5",
    "0.1000",
    "1.7976931348623157e308",
]
NUMBERS += [
    "1.7976931348623159e308",
    "4.9e-324",
    "100000000000000000.0",
    "0.00001",
    "1e16",
    "9007199254740993",
    "0." + "0" * 350 + "1",
]
numbers = st.one_of(
    st.sampled_from(["0.0", "21.5", "3"]),
    st.sampled_from(NUMBERS),
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)


@st.composite
def strings(draw: st.DrawFn, values: st.SearchStrategy[str] = texts) -> str:
    """A string of JSON, now and then with escapes that nobody needs, or with raw control characters."""
    text = draw(values)
    how = draw(st.sampled_from(["plain", "plain", "plain", "ascii", "hex", "raw"]))
    if how == "hex":
        return '"' + "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else letter for letter in text) + '"'
    return f'"{text}"' if how == "raw" else json.dumps(text, ensure_ascii=how == "ascii")


RAW_VALUES = [
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    "[]",
    "{}",
    "[1, 2.50]",
    '{"b":1e5,"a":null}',
    "nul",
    '"a" "b"',
    '"open',
    "\x00",
]
RAW_VALUES += ['{"x":[1,{"y":"é"}]}', '"a"b"', "'a'", "{", "}", '"\\q"', "[1,]", '{"a":1,"a":2}']
values = st.one_of(strings(), numbers, st.sampled_from(RAW_VALUES))
names = st.sampled_from(["site", "unit", "b", "größe", "a b", "", "Id", "TS", "attributes", "id", "value"])


@st.composite
def objects(draw: st.DrawFn) -> str:
    items = draw(st.lists(st.tuples(names, st.one_of(strings(), numbers)), max_size=3, unique_by=lambda item: item[0]))
    return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in items) + "}"


@st.composite
def fields(draw: st.DrawFn) -> list[tuple[str, str]]:
    found = [("id", draw(strings())), ("ts", draw(st.one_of(strings(stamps), values)))]
    if draw(st.booleans()):
        found.append(("metric", draw(st.one_of(strings(), st.sampled_from(['"temp"', '"a/b:c.d-e_F9"', "null"])))))
    found.append(("value", draw(numbers)))
    if draw(st.booleans()):
        found.append(("event_id", draw(st.one_of(strings(), values))))
    if draw(st.integers(0, 3)) == 0:
        found.append(("attributes", draw(st.one_of(objects(), values))))
    found += draw(st.lists(st.tuples(names, values), max_size=2))
    if draw(st.integers(0, 9)) == 0:
        found.pop(draw(st.integers(0, len(found) - 1)))
    return found


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """A line of JSON that has something odd in one or two places, if at all."""
    base = [
        ("id", '"s-1"'),
        ("ts", '"2026-01-31T07:00:00Z"'),
        ("metric", '"temp"'),
        ("value", "21.5"),
        ("event_id", '"e1"'),
    ]
    base.append(("site", '"JFK"'))
    chosen = dict(draw(fields()))
    odd = draw(st.sets(st.sampled_from([*dict(base), "attributes", "b"]), max_size=2))
    found = [(name, chosen.get(name, value) if name in odd else value) for name, value in base]
    found += [item for item in chosen.items() if item[0] in odd and item[0] not in dict(base)]
    if draw(st.integers(0, 5)) == 0:
        found = draw(fields())
    comma, colon = draw(st.sampled_from([(",", ":"), (", ", ": "), (",", ":"), (" ,", " :"), (",\t", ":\r")]))
    return (
        "{" + comma.join(f"{json.dumps(name, ensure_ascii=False)}{colon}{value}" for name, value in found) + "}"
    ).encode()


GOOD = b'{"id":"s-1","ts":"2026-01-31T07:00:00Z","metric":"temp","value":21.5,"event_id":"e1","site":"JFK"}'
JUNK = [
    b"[]",
    b"1",
    b'"text"',
    b"null",
    b"{}",
    b"{",
    b"}",
    b"nope",
    b"\xff",
    b"{}{}",
    b" " + GOOD,
    GOOD + b" ",
    GOOD + b"\r",
]
JUNK += [
    GOOD + b"x",
    GOOD + GOOD,
    GOOD[:-1],
    GOOD[:-1] + b",}",
    GOOD.replace(b"JFK", b"\xc3"),
    GOOD.replace(b"JFK", b"\xed\xa0\x80"),
]
JUNK += [
    GOOD.replace(b"JFK", b'J"K'),
    GOOD.replace(b'"site"', b'"id"'),
    b"\xef\xbb\xbf" + GOOD,
    GOOD.replace(b":", b"::", 1),
]
JUNK += [b'{"attributes":{}}', b"[" * 5000, b'{"a":' * 3000, b"{,}", b'{"id"}', b"{:}", GOOD.replace(b'"id"', b"id")]


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    """A good line with a byte put in, taken out or changed."""
    place, byte = draw(st.integers(0, len(GOOD) - 1)), draw(st.sampled_from([*b'{}[]",:\\ 0e\x00\x7f\xc2\x85\xff']))
    return GOOD[:place] + bytes([byte] * draw(st.integers(0, 1))) + GOOD[place + draw(st.integers(0, 1)) :]


lines = st.lists(st.one_of(records(), records(), torn(), st.just(GOOD), st.sampled_from(JUNK)), max_size=12)


def cell_texts() -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), texts, numbers, stamps)


STAMPS = [day + time + zone for day in DAYS for time in TIMES for zone in ZONES]
PLAIN_TEXTS = [*ODD_TEXTS, "a\x80b", "a\x9fb", "a\xa0b", "a\xbfb", "temp", "1", *NUMBERS]


def with_each_oddity() -> list[bytes]:
    """Good lines but for one value each."""
    base = {"id": '"s-1"', "ts": '"2026-01-31T07:00:00Z"', "metric": '"temp"', "value": "21.5", "event_id": '"e1"'}
    odd = [json.dumps(text, ensure_ascii=False) for text in PLAIN_TEXTS] + [f'"{text}"' for text in ODD_TEXTS]
    odd += [
        *NUMBERS,
        *RAW_VALUES,
        '{"site":"a"}',
        '{"site":{}}',
        '{"é": "1", "x": null, "id": "7"}',
        ' "a"',
        '"a" ',
        "null",
    ]
    found = [_record(base | {name: value}) for name in [*base, "site", "attributes"] for value in odd]
    found += [_record(base | {"site": value, "attributes": '{"b":"x"}', "event_id": "null"}) for value in odd]
    found += [_record(base | {"site": '"x"', "attributes": f'{{"site":{value}}}'}) for value in ('"y"', "null")]
    found += [_record(base | {"ts": f'"{stamp}"'}) for stamp in STAMPS]
    return [*found, *(_record({name: base[name] for name in base if name != left_out}) for left_out in base), *JUNK]


def _record(record: Mapping[str, str]) -> bytes:
    return ("{" + ",".join(f'"{name}":{value}' for name, value in record.items()) + "}").encode()


def rows_with_each_oddity() -> list[dict[str, str | None]]:
    """Good rows but for one text each."""
    base = {
        "id": "s-1",
        "ts": "2026-01-31 07:00",
        "metric": "temp",
        "value": "21.5",
        "event_id": "e1",
        "attributes": None,
        "site": "JFK",
    }
    odd = [*PLAIN_TEXTS, None, "{}", '{"b":"1"}', '{"site":"x"}']
    rows = [base | {name: value} for name in base for value in odd]
    rows += [base | {"event_id": None, "site": value} for value in odd]
    return [*rows, *(base | {"ts": stamp} for stamp in STAMPS)]
