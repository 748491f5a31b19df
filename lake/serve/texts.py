"""The texts of a query's values, where Arrow alone does not say how Athena writes them but the column's type does."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from lake.formats.strings import choose, constant
from lake.formats.text import ATHENA, render
from lake.types import DataType
from lake.types.datatype import ARRAY, MAP, ROW, TIME_TYPES

MOST_DIGITS = "0" * 12
NO_MONTHS, NO_TIME = "0-0", "0 00:00:00.000"


def value_texts(column: pa.Array, type_: DataType) -> pa.Array:
    """Give the text of each value, NULL for NULL."""
    texts = render(_unnamed(column, type_), ATHENA)
    if type_.name in TIME_TYPES and pa.types.is_string(texts.type):
        return _with_digits(texts, type_.parameters[0])
    if type_.name == "interval year to month":
        return choose(pc.equal(texts, constant(NO_TIME)), NO_MONTHS, texts)
    return texts


def _with_digits(texts: pa.Array, digits: int) -> pa.Array:
    """Keep as many digits of a second as the type has."""
    filled = pc.replace_substring_regex(texts, r"(:\d\d)\.(\d+)", rf"\1.\2{MOST_DIGITS}")
    kept = r"\1.\2" if digits else r"\1"
    return pc.replace_substring_regex(filled, rf"(:\d\d)\.(\d{{{digits}}})\d*", kept)


def _unnamed(array: pa.Array, type_: DataType) -> pa.Array:
    """Take the names away that Arrow's rows have and Trino's have not."""
    if not _has_unnamed(type_):
        return array
    whole = pa.concat_arrays([array])
    absent = whole.is_null()
    if type_.name == ARRAY:
        return pa.ListArray.from_arrays(whole.offsets, _unnamed(whole.values, type_.element), mask=absent)
    if type_.name == MAP:
        keys, items = _unnamed(whole.keys, type_.key), _unnamed(whole.items, type_.value)
        return pa.MapArray.from_arrays(whole.offsets, keys, items, mask=absent)
    fields = [_unnamed(part, field.type) for part, field in zip(whole.flatten(), type_.fields, strict=True)]
    return pa.StructArray.from_arrays(fields, [field.name or "" for field in type_.fields], mask=absent)


def _has_unnamed(type_: DataType) -> bool:
    own = type_.name == ROW and any(field.name is None for field in type_.fields)
    return own or (type_.is_nested and any(_has_unnamed(field.type) for field in type_.fields))
