"""JSON, one object a line, by name without case, at every depth, as both of Athena's JSON SerDes read it.

docs.aws.amazon.com/athena/latest/ug/json-serde.html, …/openx-json-serde.html
"""

from __future__ import annotations

from lake.engine.readers.lines import lines_text
from lake.engine.readers.literals import paths, text
from lake.engine.readers.scalars import scalar_value
from lake.engine.readers.source import Source
from lake.types import DataType

CLOUDTRAIL = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
MAX_DOCUMENT_BYTES = 128 * 1024 * 1024


def json_text(source: Source) -> str:
    parameters = source.properties
    lenient = parameters.get("ignore.malformed.json", "false").lower() == "true"
    mappings = {
        key.removeprefix("mapping.").lower(): name for key, name in parameters.items() if key.startswith("mapping.")
    }
    values = [
        f"{json_value(_member('j', mappings.get(name, name)), type_)} AS c{place}"
        for place, (name, type_) in enumerate(source.columns)
    ]
    records = _cloudtrail_records(source) if source.descriptor.input_format == CLOUDTRAIL else _lines(source, lenient)
    return f"(SELECT {', '.join(values)}, file_index FROM {records})"


def _lines(source: Source, lenient: bool) -> str:
    """A line that is no JSON is a row of NULLs where that is asked for, and an error that shows the line elsewhere."""
    document = "TRY_CAST(line AS JSON)" if lenient else "CAST(line AS JSON)"
    return f"(SELECT {document} AS j, file_index FROM {lines_text(source)} WHERE trim(line) <> '')"


def _cloudtrail_records(source: Source) -> str:
    """CloudTrail's files are one object each, with all events in its list `Records`."""
    documents = (
        f"read_json_objects({paths(source.paths)}, format = 'unstructured', maximum_object_size = {MAX_DOCUMENT_BYTES})"
    )
    return f"(SELECT unnest(CAST(json -> 'Records' AS JSON[])) AS j, file_index FROM {documents})"


def json_value(value: str, type_: DataType, level: int = 1) -> str:
    """Return the expression that reads `value`, of type JSON, as `type_`; what does not fit is NULL."""
    e = f"e{level}"
    if type_.name == "array":
        item = json_value(e, type_.element, level + 1)
        return f"list_transform(TRY_CAST({value} AS JSON[]), lambda {e}: {item})"
    if type_.name == "map":
        key = scalar_value(f"{e}.key", type_.key)
        item = f"{{'k': {key}, 'v': {json_value(f'{e}.value', type_.value, level + 1)}}}"
        entries = f"map_entries(TRY_CAST({value} AS MAP(VARCHAR, JSON)))"
        return f"map_from_entries(list_transform({entries}, lambda {e}: {item}))"
    if type_.name == "row":
        fields = ", ".join(
            f"{text(name)}: {json_value(_member(value, name), field.type, level + 1)}"
            for name, field in zip(type_.field_names, type_.fields, strict=True)
        )
        return f"CASE WHEN json_type({value}) = 'OBJECT' THEN {{{fields}}} END"
    return scalar_value(f"({value} ->> '$')", type_)


def _member(value: str, name: str) -> str:
    """Return a member by its name as declared, else by the first key that differs from it only in case."""
    exact = f"json_extract({value}, {text(_pointer(name))})"
    same = f"list_filter(json_keys({value}), lambda k: lower(k) = {text(name.lower())})[1]"
    return f"coalesce({exact}, json_extract({value}, '/' || replace(replace({same}, '~', '~0'), '/', '~1')))"


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
