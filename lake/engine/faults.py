"""DuckDB's exceptions as the project's errors, once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from lake.errors import (
    DamagedFile,
    DiskFull,
    LakeError,
    LocationForbidden,
    NotSupported,
    QueryCancelled,
    QueryFailed,
    ResourcesExhausted,
    StorageFailed,
)
from lake.sql.compiler.decimals import NARROW_DIGITS
from lake.storage.faults import NO_SPACE

MEMORY_HINT = "raise [engine] memory_limit or max_temp_size in .tap-lake/lake.toml, or read fewer rows at once"
SPACE_HINT = "free space for temporary files, or set temp_directory in .tap-lake/lake.toml"
DAMAGED_HINT = "restore the file, or move it out of the table's folder"

MALFORMED_HINT = (
    "mend the line, or set 'ignore.malformed.json' = 'true' in the table's SerDe: it becomes a row of NULLs"
)
MAX_SHOWN = 200
"""Characters of somebody's data that an error shows."""

_DAMAGED = re.compile(
    r"magic bytes|not a parquet file|footer|Snappy decompression|ZSTD|GZIP|thrift|corrupt|too small to be a Parquet"
    r"|Failed to read Parquet|don't know what type|TProtocolException|Invalid input.*[Pp]arquet|decompress",
    re.IGNORECASE,
)
_RAISED = re.compile(r"TrinoError: (?P<code>[A-Z_]+): (?P<message>.*?)(?:\n\nAt:\n.*)?$", re.DOTALL)
_CSV = re.compile(
    r"CSV Error on Line: (?P<line>\d+)\n(?:Original Line: .*?\n)?(?P<reason>.*?)\n.*?file = (?P<file>[^\n]+)", re.DOTALL
)
_CSV_REASONS = {"Invalid unicode": "is not UTF-8", "Maximum line size": "is longer than Athena's 32 MiB a row"}
_MISREAD = re.compile(
    r'reading file "(?P<file>.+?)": failed to cast column "(?P<column>.+?)" from type (?P<own>.+?) to (?P<wanted>.+?): '
)
_NO_JSON = re.compile(r"Malformed JSON (.*) when casting from source column line", re.DOTALL)
_INNER_COLUMN = re.compile(r" when casting from source column [cr]\d+$")
_ANALYSIS = {
    "aggregate function calls cannot be nested": "NESTED_AGGREGATION",
    "clause cannot contain aggregates": "EXPRESSION_NOT_SCALAR",
    "clause cannot contain window functions": "EXPRESSION_NOT_SCALAR",
}
"""Trino's names of what DuckDB's own analysis refuses."""
_WHOLE_OVERFLOW = re.compile(
    r"Type (INT\d+ with value \S+ .* out of range|(DOUBLE|FLOAT) with value (?!-?nan).* destination type INT(8|16|32)\b)"
)
_DECIMAL_OVERFLOW = re.compile(r"Overflow in \w+ of DECIMAL\(\d+\)")
_GENERATED = re.compile(r"\n\s*\n?LINE \d+:.*", re.DOTALL)


def translate_streamed(error: OSError | pa.ArrowException) -> LakeError:
    """Return what to raise for a failure after the first rows, which Arrow's reader gives with DuckDB's text alone."""
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return DiskFull("there is no space left for temporary files", hint=SPACE_HINT)
    name = re.match(r"([A-Za-z -]+) Error: ", str(error))
    kind = "".join(word.capitalize() for word in re.split("[ -]", name[1])) if name else ""
    found = getattr(duckdb, f"{kind}Exception", duckdb.Error)
    return translate(found(str(error)))


def is_narrow_overflow(error: Exception) -> bool:
    """Say whether a decimal of 64 bits was too narrow for a value."""
    return f"DECIMAL({NARROW_DIGITS}" in str(error)


def naming_file(error: LakeError, locations: Sequence[str]) -> LakeError:
    """Return an error about a damaged file that says which it is, or among which, where DuckDB does not say it."""
    if (
        not isinstance(error, DamagedFile)
        or not locations
        or any(Path(place).name in error.message for place in locations)
    ):
        return error
    subject = locations[0] if len(locations) == 1 else f"one of {len(locations)} files, the first {locations[0]},"
    return DamagedFile(f"{subject} is damaged: {error.message}", hint=error.hint or DAMAGED_HINT)


def translate(error: duckdb.Error) -> LakeError:
    """Return what to raise; paths stay in the text, the text of generated SQL does not."""
    if (unread := _unread(str(error))) is not None:
        return unread
    if raised := _RAISED.search(str(error)):
        return _with_id(QueryFailed(raised["message"].strip()), raised["code"])
    said = _GENERATED.sub("", str(error)).strip()
    message = said.split(": ", 1)[1] if re.match(r"[A-Z][A-Za-z ]*(Error|Exception): ", said) else said
    message = _INNER_COLUMN.sub("", re.sub(r"\s*\n\s*", "; ", message))
    match error:
        case duckdb.OutOfRangeException() if _DECIMAL_OVERFLOW.search(message):
            return _with_id(QueryFailed("Decimal overflow"), "NUMERIC_VALUE_OUT_OF_RANGE")
        case _ if _DAMAGED.search(message):
            return DamagedFile(message, hint=DAMAGED_HINT)
        case duckdb.InterruptException():
            return QueryCancelled("the query was stopped")
        case duckdb.OutOfMemoryException():
            return _memory_or_disk(message)
        case duckdb.PermissionException():
            return LocationForbidden(message)
        case duckdb.IOException():
            return _disk(message)
        case (
            duckdb.BinderException()
            | duckdb.CatalogException()
            | duckdb.ParserException()
            | duckdb.NotImplementedException()
        ):
            return _refused(message)
    return _with_id(QueryFailed(message), _trino_name(error, message))


def _refused(message: str) -> LakeError:
    names = [name for part, name in _ANALYSIS.items() if part in message]
    return _with_id(NotSupported(message), names[0] if names else NotSupported.id)


def _trino_name(error: duckdb.Error, message: str) -> str:
    """Return Trino's name of what failed while it ran."""
    match error:
        case duckdb.ConversionException():
            return "NUMERIC_VALUE_OUT_OF_RANGE" if _WHOLE_OVERFLOW.search(message) else "INVALID_CAST_ARGUMENT"
        case duckdb.OutOfRangeException():
            return "NUMERIC_VALUE_OUT_OF_RANGE"
        case duckdb.InvalidInputException() if message.startswith("More than one row returned by a subquery"):
            return "SUBQUERY_MULTIPLE_ROWS"
        case duckdb.InvalidInputException():
            return "INVALID_FUNCTION_ARGUMENT"
    return QueryFailed.id


def _unread(said: str) -> DamagedFile | None:
    """Return what to raise where a reader came upon contents that are not what the table says."""
    if found := _CSV.search(said):
        known = [told for start, told in _CSV_REASONS.items() if found["reason"].startswith(start)]
        reason = known[0] if known else f"cannot be read: {found['reason'][:MAX_SHOWN]}"
        return DamagedFile(f"line {found['line']} of {found['file']} {reason}", hint=DAMAGED_HINT)
    if found := _MISREAD.search(said):
        message = (
            f"column {found['column']} of {found['file']} is {found['own']} and does not read as {found['wanted']}"
        )
        return DamagedFile(message, hint="correct the column's type in the table, or write the file again")
    if found := _NO_JSON.search(said):
        return DamagedFile(f"a line is no JSON: {found[1][:MAX_SHOWN]}", hint=MALFORMED_HINT)
    return None


def _memory_or_disk(message: str) -> LakeError:
    limited = "max_temp_directory_size" in message and "90%" not in message
    if "No space left" in message or ("disk space" in message.lower() and not limited):
        return DiskFull(message, hint=SPACE_HINT)
    return ResourcesExhausted(f"the query needs more memory than it may use: {message}", hint=MEMORY_HINT)


def _disk(message: str) -> LakeError:
    if "No space left" in message or "File too large" in message:
        return DiskFull(message, hint="free space and run the query again")
    if "max_temp_directory_size" in message or "temp_directory" in message:
        return ResourcesExhausted(message, hint=MEMORY_HINT)
    return StorageFailed(message)


def _with_id(error: LakeError, error_id: str) -> LakeError:
    error.id = error_id
    return error
