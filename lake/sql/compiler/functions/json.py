"""trino.io/docs/422/functions/json.html

On a JSON that is written out by DuckDB's rules too, and with a path of plain names, DuckDB's own functions answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lake.sql.compiler.functions.table import Call, Form, function
from lake.sql.compiler.python_forms import call_text, python
from lake.sql.compiler.runtime import json, plain_json
from lake.sql.compiler.runtime.errors import TrinoError
from lake.sql.compiler.typed import is_column

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
INDEX = re.compile(r"0\Z|[1-9]\d{0,8}\Z", re.ASCII)


def _native_where_plain(macro: str, body: Callable[..., object]) -> Form:
    """Return a form that asks `macro`(document, path, the slow text) where the path has steps that DuckDB takes alike."""

    def text(call: Call) -> str:
        slow, path = python(body)(call), call.literal(1)
        native = _native_path(path) if isinstance(path, str) else None
        if native is None:
            return slow
        document, (steps, indexes) = call.sql(0), native
        found = f"{macro}({document}, '{steps}', {slow})"
        if not indexes:
            return found
        # An index is a key too.
        odd = " OR ".join(f"contains({document}, '\"{index}\"')" for index in indexes)
        return f"CASE WHEN {odd} THEN {slow} ELSE {found} END"

    return text


def _native_path(path: str) -> tuple[str, set[str]] | None:
    """Return the path as DuckDB writes it, and the indexes in it."""
    try:
        steps = json.path_steps(path)
    except TrinoError:
        return None
    if not steps or not all(NAME.match(step) or INDEX.match(step) for step in steps):
        return None
    indexes = {step for step in steps if INDEX.match(step)}
    return "$" + "".join(f"[{step}]" if step in indexes else f".{step}" for step in steps), indexes


def _length(call: Call) -> str:
    return f"trino_json_length({call.sql(0)}, {python(json.json_array_length)(call)})"


def _element(call: Call) -> str:
    slow, index = python(json.json_array_get)(call), call.literal(1)
    if not isinstance(index, int):
        return slow
    place = f"$[{index}]" if index >= 0 else f"$[#{index}]"
    # An index that is written out finds no key of an object here.
    return f"trino_json_element({call.sql(0)}, '{place}', {slow})"


def _parsed(call: Call) -> str:
    document = call.sql(0)
    if is_column(document):
        return _parsed_text(document)
    return f"(list_transform([{document}], lambda parsed_: {_parsed_text('parsed_')}))[1]"


def _parsed_text(document: str) -> str:
    plain, slow = (
        call_text(body, [document], ("VARCHAR",), "VARCHAR") for body in (plain_json.canonical, json.parse_json)
    )
    return f"trino_json_parse({document}, {plain}, {slow})"


function("json_parse", "varchar", "json", _parsed)
function("json_format", "json", "varchar", "{0}")
for kind in ("json", "varchar(n)"):
    function(
        "json_extract",
        f"{kind}, varchar",
        "json",
        _native_where_plain("trino_json_extract", json.json_extract),
    )
    function(
        "json_extract_scalar",
        f"{kind}, varchar",
        "varchar" if kind == "json" else kind,
        _native_where_plain("trino_json_scalar", json.json_extract_scalar),
    )
    function("json_size", f"{kind}, varchar", "bigint", _native_where_plain("trino_json_size", json.json_size))
    function("is_json_scalar", kind, "boolean", python(json.is_json_scalar))
    function("json_array_length", kind, "bigint", _length)
    function("json_array_get", f"{kind}, bigint", "json", _element)
    for element in ("boolean", "bigint", "double", "varchar"):
        function("json_array_contains", f"{kind}, {element}", "boolean", python(plain_json.json_array_contains))
