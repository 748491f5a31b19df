"""Delimited text: LazySimpleSerDe (no quotes, `\\N` is NULL) and OpenCSVSerde (quotes, all text), by position.

A line that is short has NULLs at its end, what a line has too much is left out, as Hive does.
"""

from __future__ import annotations

import re

from lake.engine.readers.lines import MAX_LINE_BYTES, NOT_IN_TEXT, lines_text
from lake.engine.readers.literals import text, texts
from lake.engine.readers.nested import SEPARATORS, simple_value
from lake.engine.readers.source import Source
from lake.types import DataType


def simple_text(source: Source) -> str:
    parameters = source.properties
    delimiter = parameters.get("field.delim") or parameters.get("serialization.format") or SEPARATORS[0]
    if delimiter == "1":
        # How Hive writes the number of its default separator.
        delimiter = SEPARATORS[0]
    null = parameters.get("serialization.null.format", "\\N")
    separators = _separators(
        delimiter,
        parameters.get("collection.delim") or parameters.get("colelction.delim"),
        parameters.get("mapkey.delim"),
    )
    escape = parameters.get("escape.delim")
    if escape:
        rows, raw = _split_lines(source, delimiter, escape), "parts[{}+1]"
    else:
        rows, raw = _csv(source, delim=delimiter, quote="", escape="", null=null), "r{}"
    values = [
        f"{simple_value(f'nullif({raw.format(place)}, {text(null)})', type_, separators, 1)} AS c{place}"
        for place, (_, type_) in enumerate(source.columns)
    ]
    return f"(SELECT {', '.join(values)}, file_index FROM {rows})"


def opencsv_text(source: Source) -> str:
    parameters = source.properties
    quote, escape = parameters.get("quoteChar", '"'), parameters.get("escapeChar", "\\")
    rows = _csv(source, delim=parameters.get("separatorChar", ","), quote=quote, escape=escape, null=NOT_IN_TEXT)
    # A quote may be doubled instead of escaped; DuckDB undoes one of the two.
    raw = "r{}" if escape == quote or not quote else f"replace(r{{}}, {text(quote * 2)}, {text(quote)})"
    values = [
        f"{_opencsv_value(raw.format(place), type_)} AS c{place}" for place, (_, type_) in enumerate(source.columns)
    ]
    return f"(SELECT {', '.join(values)}, file_index FROM {rows})"


def _separators(field: str, collection: str | None, mapkey: str | None) -> tuple[str, ...]:
    return (field, collection or SEPARATORS[1], mapkey or SEPARATORS[2], *SEPARATORS[3:])


def _csv(source: Source, *, delim: str, quote: str, escape: str, null: str) -> str:
    """Without a `null` text DuckDB would take an empty field for NULL; OpenCSVSerde knows the empty string only."""
    columns = ", ".join(f"'r{place}': 'VARCHAR'" for place in range(len(source.columns)))
    return (
        f"read_csv({texts(source.paths)}, columns = {{{columns}}}, delim = {text(delim)}, quote = {text(quote)}, "
        f"escape = {text(escape)}, header = false, skip = {source.skip_lines}, nullstr = {text(null)}, "
        f"auto_detect = false, strict_mode = false, null_padding = true, max_line_size = {MAX_LINE_BYTES})"
    )


def _split_lines(source: Source, delimiter: str, escape: str) -> str:
    """Split by a delimiter that may be escaped: a regular expression a line, since DuckDB only knows escapes in quotes."""
    plain, escaped = re.escape(delimiter), re.escape(escape)
    field = f"((?:[^{plain}{escaped}]|{escaped}.)*){plain}"
    unescape = f"regexp_replace(f, {text(escaped + '(.)')}, '\\1', 'g')"
    parts = f"list_transform(regexp_extract_all(line || {text(delimiter)}, {text(field)}, 1), lambda f: {unescape})"
    return f"(SELECT {parts} AS parts, file_index FROM {lines_text(source)})"


def _opencsv_value(raw: str, type_: DataType) -> str:
    """Dates are days and timestamps milliseconds since 1970: docs.aws.amazon.com/athena/latest/ug/csv-serde.html"""
    if type_.name == "varchar" and not type_.parameters:
        return raw
    if type_.name == "date":
        return f"(DATE '1970-01-01' + CAST({raw} AS INTEGER))"
    if type_.name == "timestamp":
        return f"make_timestamp(CAST({raw} AS BIGINT) * 1000)"
    return f"CAST({raw} AS {type_.duckdb})"
