"""Which types may hold values of which."""

from __future__ import annotations

from lake.types import DataType
from lake.types.datatype import INTEGERS

EXACT = INTEGERS | {"decimal"}
FLOATS = frozenset({"real", "double"})
TEXTS = frozenset({"varchar", "char", "json"})
INSTANTS = frozenset({"timestamp", "timestamp with time zone"})


def compatible(given: DataType, wanted: DataType) -> bool:
    """Say whether values of `given` may be kept as `wanted`; one that does not fit is found when it is converted."""
    if given == wanted or given.name == "unknown":
        return True
    if given.name == wanted.name == "row":
        return _rows_compatible(given, wanted)
    if given.name == wanted.name and given.is_nested:
        return all(compatible(ours.type, theirs.type) for ours, theirs in zip(given.fields, wanted.fields, strict=True))
    if given.name in INTEGERS:
        return wanted.name in EXACT | FLOATS
    if given.name == "decimal":
        return wanted.name in EXACT
    if given.name in FLOATS:
        # A double that is also a real, or a decimal, is a matter of luck; a whole number in one is not.
        return wanted.name in INTEGERS or wanted.name == "double"
    if given.name in TEXTS:
        return wanted.name in TEXTS
    return wanted.name == "timestamp" and (given.name == "date" or given.name in INSTANTS)


def _rows_compatible(given: DataType, wanted: DataType) -> bool:
    ours = dict(zip(given.field_names, given.fields, strict=True))
    theirs = dict(zip(wanted.field_names, wanted.fields, strict=True))
    if ours.keys() != theirs.keys() or len(ours) < len(given.fields):
        return False
    return all(compatible(ours[name].type, theirs[name].type) for name in ours)
