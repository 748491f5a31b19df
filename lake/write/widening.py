"""Which types fit into which without loss."""

from __future__ import annotations

from lake.types import DataType

INTEGER_DIGITS = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
"""In order of width, with the decimal digits that hold each."""

FLOATS = {"tinyint": "real", "smallint": "real", "integer": "double"}
"""The narrowest floating type that holds every value of an integer type; bigint has none."""

TEXTS = ("varchar", "char", "json")
INSTANTS = ("timestamp", "timestamp with time zone")


def widens(given: DataType, wanted: DataType) -> bool:
    """Say whether every value of `given` is one of `wanted`. Lengths of texts and fractions of seconds are checked by value."""
    if given == wanted or given.name == "unknown":
        return True
    if given.name == wanted.name == "row":
        return _row_widens(given, wanted)
    if given.name == wanted.name and given.is_nested:
        return all(widens(ours.type, theirs.type) for ours, theirs in zip(given.fields, wanted.fields, strict=True))
    if given.name in INTEGER_DIGITS:
        return _integer_widens(given.name, wanted)
    if given.name == "real":
        return wanted.name == "double"
    if given.name == wanted.name == "decimal":
        return _holds(wanted, given.parameters[0] - given.parameters[1], given.parameters[1])
    if given.name in TEXTS:
        return wanted.name in TEXTS
    return wanted.name == "timestamp" and given.name in ("date", *INSTANTS)


def _integer_widens(given: str, wanted: DataType) -> bool:
    if wanted.name in INTEGER_DIGITS:
        return INTEGER_DIGITS[given] <= INTEGER_DIGITS[wanted.name]
    if wanted.name == "decimal":
        return _holds(wanted, INTEGER_DIGITS[given], 0)
    narrowest = FLOATS.get(given)
    return wanted.name == narrowest or (wanted.name == "double" and narrowest is not None)


def _holds(wanted: DataType, whole_digits: int, scale: int) -> bool:
    precision, wanted_scale = wanted.parameters
    return wanted_scale >= scale and precision - wanted_scale >= whole_digits


def _row_widens(given: DataType, wanted: DataType) -> bool:
    ours = dict(zip(given.field_names, given.fields, strict=True))
    theirs = dict(zip(wanted.field_names, wanted.fields, strict=True))
    if ours.keys() != theirs.keys() or len(ours) < len(given.fields):
        return False
    return all(widens(ours[name].type, theirs[name].type) for name in ours)
