"""trino.io/docs/422/functions/json.html

On a JSON that is written out by DuckDB's rules too, and with a path of plain names, DuckDB's own functions answer.
"""

from __future__ import annotations

import re

from lake.sql.compiler.functions.table import Call, Form, function
from lake.sql.compiler.python_forms import python
from lake.sql.compiler.runtime import json

PLAIN_PATH = re.compile(r"\$(\.[A-Za-z_][A-Za-z0-9_]*)+\Z")


def _native_where_plain(macro: str, slow: Form) -> Form:
    """Return a form that asks `macro`(document, path, is well formed, the slow text) where the path is plain."""

    def text(call: Call) -> str:
        assert callable(slow)
        path = call.literal(1)
        if not isinstance(path, str) or not PLAIN_PATH.match(path):
            return slow(call)
        return f"{macro}({call.sql(0)}, {call.sql(1)}, {slow(call)})"

    return text


def _length(call: Call) -> str:
    return f"trino_json_length({call.sql(0)}, {python(json.json_array_length)(call)})"


function("json_parse", "varchar", "json", python(json.parse_json))
function("json_format", "json", "varchar", "{0}")
for kind in ("json", "varchar(n)"):
    function(
        "json_extract",
        f"{kind}, varchar",
        "json",
        _native_where_plain("trino_json_extract", python(json.json_extract)),
    )
    function(
        "json_extract_scalar",
        f"{kind}, varchar",
        "varchar" if kind == "json" else kind,
        _native_where_plain("trino_json_scalar", python(json.json_extract_scalar)),
    )
    function("json_size", f"{kind}, varchar", "bigint", python(json.json_size))
    function("is_json_scalar", kind, "boolean", python(json.is_json_scalar))
    function("json_array_length", kind, "bigint", _length)
    function("json_array_get", f"{kind}, bigint", "json", python(json.json_array_get))
    for element in ("boolean", "bigint", "double", "varchar"):
        function("json_array_contains", f"{kind}, {element}", "boolean", python(json.json_array_contains))
