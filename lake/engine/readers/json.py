"""JSON, one object a line, by name without case, at every depth, as both of Athena's JSON SerDes read it.

docs.aws.amazon.com/athena/latest/ug/json-serde.html, …/openx-json-serde.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lake.engine.readers.lines import lines_text
from lake.engine.readers.literals import text, texts
from lake.engine.readers.scalars import scalar_value
from lake.engine.readers.source import Source
from lake.types import DataType

OPENX = "org.openx.data.jsonserde.JsonSerDe"
CLOUDTRAIL = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
MAX_DOCUMENT_BYTES = 128 * 1024 * 1024


def json_text(source: Source) -> str:
    parameters = {name.lower(): value for name, value in source.properties.items()}
    lenient = parameters.get("ignore.malformed.json", "false").lower() == "true"
    prefix = "mapping."
    fields = _Fields(
        {name.removeprefix(prefix): key for name, key in parameters.items() if name.startswith(prefix)},
        dots_are_underscores=parameters.get("dots.in.keys", "false").lower() == "true",
        knows_unix_time=source.descriptor.serde.library == OPENX,
    )
    # Once for each row: a value is asked for more than once where it is read.
    found = [
        f"{fields.member('o', name) if is_nested(type_) else _as_text(fields.member('o', name))} AS m{place}"
        for place, (name, type_) in enumerate(source.columns)
    ]
    values = [
        f"{fields.value(f'm{place}', type_) if is_nested(type_) else fields.scalar(f'm{place}', type_)} AS c{place}"
        for place, (_, type_) in enumerate(source.columns)
    ]
    records = _cloudtrail_records(source) if source.descriptor.input_format == CLOUDTRAIL else _lines(source, lenient)
    members = f"(SELECT {fields.members('j', 0)} AS o, file_index FROM {records})"
    return f"(SELECT {', '.join(values)}, file_index FROM (SELECT {', '.join(found)}, file_index FROM {members}))"


def _lines(source: Source, lenient: bool) -> str:
    """A line that is no JSON is a row of NULLs where that is asked for, and an error that shows the line elsewhere."""
    document = "TRY_CAST(line AS JSON)" if lenient else "CAST(line AS JSON)"
    return f"(SELECT {document} AS j, file_index FROM {lines_text(source)} WHERE trim(line) <> '')"


def _cloudtrail_records(source: Source) -> str:
    """CloudTrail's files are one object each, with all events in its list `Records`."""
    documents = (
        f"read_json_objects({texts(source.paths)}, format = 'unstructured', maximum_object_size = {MAX_DOCUMENT_BYTES})"
    )
    return f"(SELECT unnest(CAST(json -> 'Records' AS JSON[])) AS j, file_index FROM {documents})"


@dataclass(frozen=True, slots=True)
class _Fields:
    """How values are found in a document. `keys` are those of fields that have another name there."""

    keys: Mapping[str, str]
    dots_are_underscores: bool
    knows_unix_time: bool

    def value(self, value: str, type_: DataType, level: int = 1) -> str:
        """Return the expression that reads `value`, of type JSON, as `type_`; what does not fit is NULL."""
        e = f"e{level}"
        if type_.name == "array":
            item = self.value(e, type_.element, level + 1)
            return f"list_transform(TRY_CAST({value} AS JSON[]), lambda {e}: {item})"
        if type_.name == "map":
            key = scalar_value(f"{e}.key", type_.key)
            item = f"{{'k': {key}, 'v': {self.value(f'{e}.value', type_.value, level + 1)}}}"
            entries = f"map_entries(TRY_CAST({value} AS MAP(VARCHAR, JSON)))"
            return f"map_from_entries(list_transform({entries}, lambda {e}: {item}))"
        if type_.name == "row":
            x, o = f"x{level}", f"o{level}"
            fields = ", ".join(
                f"{text(name)}: {self.value(self.member(o, name), field.type, level + 1)}"
                for name, field in zip(type_.field_names, type_.fields, strict=True)
            )
            row = f"(list_transform([{self.members(x, level)}], lambda {o}: {{{fields}}}))[1]"
            return f"(list_transform([{value}], lambda {x}: CASE WHEN json_type({x}) = 'OBJECT' THEN {row} END))[1]"
        return self.scalar(_as_text(value), type_)

    def scalar(self, raw: str, type_: DataType) -> str:
        is_time = self.knows_unix_time and type_.name == "timestamp"
        return _unix_or_written(raw, type_) if is_time else scalar_value(raw, type_)

    def members(self, value: str, level: int) -> str:
        """Return an object's keys, the same in small letters, and its values, each in the order that they stand in."""
        key = f"replace(lower(k{level}), '.', '_')" if self.dots_are_underscores else f"lower(k{level})"
        keys = f"json_keys({value})"
        return (
            f"{{'k': {keys}, 's': list_transform({keys}, lambda k{level}: {key}), 'v': json_extract({value}, '$.*')}}"
        )

    def member(self, members: str, name: str) -> str:
        """Return a member by its name as declared, else by the first key that differs from it only in case."""
        name = self.keys.get(name, name)
        exact = f"list_position({members}.k, {text(name)})"
        return f"{members}.v[coalesce({exact}, list_position({members}.s, {text(name.lower())}))]"


def is_nested(type_: DataType) -> bool:
    return type_.name in ("array", "map", "row")


def _as_text(value: str) -> str:
    return f"({value} ->> '$')"


def _unix_or_written(raw: str, type_: DataType) -> str:
    """Read a time as OpenX's SerDe does: seconds or, where there are 13 digits, milliseconds since 1970, else ISO's text."""
    seconds = f"CASE WHEN length({raw}) >= 13 THEN 1000 ELSE 1000000 END"
    return (
        f"CASE WHEN regexp_full_match({raw}, '[0-9]+') "
        f"THEN CAST(make_timestamp(TRY_CAST({raw} AS BIGINT) * {seconds}) AS {type_.duckdb}) "
        f"WHEN regexp_full_match({raw}, '[0-9]+[.][0-9]*') "
        f"THEN CAST(make_timestamp(CAST(floor(TRY_CAST({raw} AS DOUBLE) * 1000) AS BIGINT) * 1000) AS {type_.duckdb}) "
        f"ELSE {scalar_value(raw, type_)} END"
    )
