"""The text of any Arrow value, a whole array at a time: in Athena's notation or in JSON's.

One renderer serves both, since they nest alike; a `Notation` holds in what they differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as types

from lake.columns import texts_of
from lake.formats.number_text import decimal_text, floating_text
from lake.formats.strings import NULL, choose, join, join_lists, matches, number, patch, replace, unique_names
from lake.formats.time_text import (
    date_text,
    duration_text,
    interval_text,
    time_text,
    timestamp_text,
    zoned_text,
)
from lake.types import zoned


@dataclass(frozen=True)
class Notation:
    """`quotes`: texts and names are JSON strings. `iso`: timestamps are ISO 8601, with `T`, instants in UTC."""

    comma: str
    pair: str
    byte_gap: str
    quotes: bool
    iso: bool


ATHENA = Notation(comma=", ", pair="=", byte_gap=" ", quotes=False, iso=False)
JSON = Notation(comma=",", pair=":", byte_gap="", quotes=True, iso=True)

Renderer = Callable[[pa.Array, Notation], pa.Array]


def render(array: pa.Array, notation: Notation) -> pa.Array:
    """Give a string array with the text of each value; NULL stays NULL, and inside a value is `null`.

    A map is in the order of its keys; a row's unnamed field is its bare value in Athena's notation.
    """
    for fits, renderer in RENDERERS:
        if fits(array.type):
            return renderer(array, notation)
    return _quoted(array.cast(pa.string()), notation)


def json_string(text: str) -> str:
    """Give one name as a JSON string, escaped as values are."""
    return str(_string(texts_of([text]), JSON)[0].as_py())


def _quoted(texts: pa.Array, notation: Notation) -> pa.Array:
    """Put quotes around texts that need no escape."""
    return join('"', texts, '"') if notation.quotes else texts


NEEDS_ESCAPE = r'[\x00-\x1f"\\]'
SHORT_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
LONG_ESCAPES = {chr(code): f"\\u{code:04x}" for code in range(0x20) if chr(code) not in SHORT_ESCAPES}


def _escape(texts: pa.Array) -> pa.Array:
    texts = replace(texts, SHORT_ESCAPES.items())
    return patch(texts, matches(texts, r"[\x00-\x1f]"), lambda rare: replace(rare, LONG_ESCAPES.items()))


def _string(array: pa.Array, notation: Notation) -> pa.Array:
    texts = array.cast(pa.string())
    if not notation.quotes:
        return texts
    return join('"', patch(texts, matches(texts, NEEDS_ESCAPE), _escape), '"')


def _plain(array: pa.Array, notation: Notation) -> pa.Array:
    return array.cast(pa.string())


def _floating(array: pa.Array, notation: Notation) -> pa.Array:
    texts = floating_text(array)
    if not notation.quotes:
        return texts
    return patch(texts, pc.invert(pc.is_finite(array)), lambda names: join('"', names, '"'))


def _binary(array: pa.Array, notation: Notation) -> pa.Array:
    return _quoted(_hex(array, notation.byte_gap), notation)


def _hex(array: pa.Array, gap: str) -> pa.Array:
    """Print all bytes at once: the digits of a value lie where its bytes lay, so many times further on."""
    values = array.cast(pa.binary())
    _, offsets, data = values.buffers()
    ends = pa.Array.from_buffers(pa.int32(), len(values) + 1, [None, offsets], offset=values.offset)
    first, last = ends[0].as_py(), ends[-1].as_py()
    if first == last:
        return choose(array.is_valid(), "", NULL)
    taken = data.slice(first, last - first).to_pybytes()
    digits = taken.hex(gap) + gap if gap else taken.hex()
    places = pc.multiply(pc.subtract(ends, ends[0]), number(2 + len(gap), pa.int32()))
    texts = pa.StringArray.from_buffers(len(values), places.buffers()[1], pa.py_buffer(digits.encode()))
    return choose(array.is_valid(), pc.ascii_rtrim(texts, " "), NULL)


def _uuid(array: pa.Array, notation: Notation) -> pa.Array:
    digits = _hex(array.storage, "")
    bounds = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))
    first, *others = [pc.utf8_slice_codeunits(digits, start, stop) for start, stop in bounds]
    return _quoted(join(first, *(part for other in others for part in ("-", other))), notation)


def _extension(array: pa.Array, notation: Notation) -> pa.Array:
    name = array.type.extension_name
    if name == "arrow.uuid":
        return _uuid(array, notation)
    if name == zoned.NAME:
        return _quoted(zoned_text(zoned.instants(array), zoned.zones(array), iso=notation.iso), notation)
    if name == "arrow.bool8":
        return _plain(array.storage.cast(pa.bool_()), notation)
    if name == "arrow.json" and notation.quotes:
        # JSON already; a line break can only stand between its tokens, and must not end a line of jsonl
        return replace(array.storage.cast(pa.string()), [("\n", " "), ("\r", " ")])
    return render(array.storage, notation)


def _list(array: pa.Array, notation: Notation) -> pa.Array:
    inner = join_lists(render(array.flatten(), notation), _lengths(array), notation.comma)
    return _enclose("[", inner, "]", array)


def _lengths(lists: pa.Array) -> pa.Array:
    lengths = pc.list_value_length(lists).cast(pa.int32())
    return pc.coalesce(lengths, number(0, pa.int32()))


def _enclose(opening: str, inner: pa.Array, closing: str, array: pa.Array) -> pa.Array:
    return choose(array.is_valid(), join(opening, inner, closing), NULL)


def _map(array: pa.Array, notation: Notation) -> pa.Array:
    kind = array.type
    lists = array.cast(pa.list_(pa.struct([kind.key_field, kind.item_field])))
    entries = lists.flatten()
    keys = entries.field(0)
    key_texts = _json_name(render(keys, notation)) if notation.quotes else render(keys, notation)
    pairs = join(key_texts, notation.pair, render(entries.field(1), notation), null="null")
    sort_keys = keys if any(fits(kind.key_type) for fits in SORTABLE) else key_texts
    by_key = pa.table({"row": pc.list_parent_indices(lists), "key": sort_keys})
    order = pc.sort_indices(by_key, sort_keys=[("row", "ascending"), ("key", "ascending")])
    return _enclose("{", join_lists(pairs.take(order), _lengths(lists), notation.comma), "}", array)


SORTABLE = (types.is_integer, types.is_floating, types.is_decimal128, types.is_temporal, types.is_string)


def _json_name(texts: pa.Array) -> pa.Array:
    """Make names of JSON texts: a string is one, any other text becomes a string."""
    return patch(texts, pc.invert(pc.starts_with(texts, '"')), lambda others: join('"', _escape(others), '"'))


def _struct(array: pa.Array, notation: Notation) -> pa.Array:
    names = [field.name for field in array.type]
    if notation.quotes:
        named = unique_names([name or f"field{place}" for place, name in enumerate(names)])
        labels = [f"{json_string(name)}{notation.pair}" for name in named]
    else:
        labels = [f"{name}{notation.pair}" if name else "" for name in names]
    parts: list[pa.Array | str] = []
    for place, label in enumerate(labels):
        parts += [f"{notation.comma if place else '{'}{label}", render(array.field(place), notation)]
    if not parts:
        return choose(array.is_valid(), "{}", NULL)
    return choose(array.is_valid(), join(*parts, "}", null="null"), NULL)


def _union(array: pa.Array, notation: Notation) -> pa.Array:
    """Print the member that each value has; its own NULL is the value's."""
    texts = pa.nulls(len(array), pa.string())
    for place in range(array.type.num_fields):
        member = render(array.field(place), notation)
        if array.type.mode == "dense":
            chosen = pc.equal(array.type_codes, array.type.type_codes[place])
            member = member.take(pc.if_else(chosen, array.offsets, pa.scalar(None, pa.int32())))
        texts = choose(pc.equal(array.type_codes, array.type.type_codes[place]), member, texts)
    return texts


def _either(*predicates: Callable[[pa.DataType], bool]) -> Callable[[pa.DataType], bool]:
    return lambda kind: any(fits(kind) for fits in predicates)


is_any_string = _either(types.is_string, types.is_large_string, types.is_string_view)
is_any_binary = _either(types.is_binary, types.is_large_binary, types.is_binary_view, types.is_fixed_size_binary)
is_any_list = _either(
    types.is_list, types.is_large_list, types.is_fixed_size_list, types.is_list_view, types.is_large_list_view
)
is_number = _either(types.is_integer, types.is_floating, types.is_decimal)

RENDERERS: list[tuple[Callable[[pa.DataType], bool], Renderer]] = [
    (is_any_string, _string),
    (types.is_integer, _plain),
    (types.is_boolean, _plain),
    (types.is_null, _plain),
    (types.is_floating, _floating),
    (types.is_decimal, lambda array, notation: decimal_text(array)),
    (types.is_timestamp, lambda array, notation: _quoted(timestamp_text(array, iso=notation.iso), notation)),
    (types.is_date, lambda array, notation: _quoted(date_text(array), notation)),
    (types.is_time, lambda array, notation: _quoted(time_text(array), notation)),
    (types.is_duration, lambda array, notation: _quoted(duration_text(array), notation)),
    (types.is_interval, lambda array, notation: _quoted(interval_text(array), notation)),
    (is_any_binary, _binary),
    (is_any_list, _list),
    (types.is_map, _map),
    (types.is_struct, _struct),
    (types.is_union, _union),
    (types.is_dictionary, lambda array, notation: render(array.dictionary_decode(), notation)),
    (types.is_run_end_encoded, lambda array, notation: render(pc.run_end_decode(array), notation)),
    (lambda kind: isinstance(kind, pa.BaseExtensionType), _extension),
]
