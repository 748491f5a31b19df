"""Calls of SQL/JSON's functions. Their bodies are in Python; one is made for each path and set of clauses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from lake.errors import InvalidSql, NotSupported, TypeMismatch
from lake.sql.compiler.casts import cast_text, coerced
from lake.sql.compiler.coercion import BOOLEAN, JSON, NUMBERS, UNKNOWN, VARCHAR, can_coerce
from lake.sql.compiler.expressions import Expressions, handles, refuse
from lake.sql.compiler.forms import form
from lake.sql.compiler.json_casts import KEYS, carried
from lake.sql.compiler.json_syntax import (
    JsonArray,
    JsonBehavior,
    JsonExists,
    JsonMember,
    JsonObject,
    JsonPassed,
    JsonQuery,
    JsonValue,
)
from lake.sql.compiler.python_forms import Body, call_text
from lake.sql.compiler.runtime import sql_json
from lake.sql.compiler.runtime.json_paths import PathSyntaxError, parse_path, path_variables
from lake.sql.compiler.typed import Typed
from lake.types import DataType

INPUTS = frozenset({"varchar", "char", "unknown"})
DOWN = re.compile(r"\s*(?:lax|strict)\s+\$(?:\.(?:\w+|\*|\"[^\"]*\")|\[(?:\d+|\*)\])*\s*", re.IGNORECASE)
"""A path of names and indexes alone."""
ENCODED = frozenset({"JSON", "UTF8"})


@handles("this format path passing on_error", JsonExists)
def _exists(compiler: Expressions, node: JsonExists) -> Typed:
    behavior = _behavior(node, "on_error", "FALSE", {"ERROR", "TRUE", "FALSE", "UNKNOWN"})
    search, texts = _search(compiler, node)
    body = sql_json.exists_body(search, behavior)
    return Typed(_call(body, node, search, texts, BOOLEAN), BOOLEAN)


@handles("this format path passing on_error on_empty returning", JsonValue)
def _value(compiler: Expressions, node: JsonValue) -> Typed:
    wanted = _returned(compiler, node)
    read = VARCHAR if wanted.name == "char" else wanted
    if read.name not in KEYS:
        raise refuse(NotSupported, f"JSON_VALUE returning {wanted.athena} is not supported", node)
    behaviors = [_behavior(node, name, "NULL", {"NULL", "ERROR", "DEFAULT"}) for name in ("on_empty", "on_error")]
    search, (document, *passed) = _search(compiler, node)
    defaults = [_default(compiler, node, name, read) for name in ("on_empty", "on_error")]
    body = sql_json.value_body(search, read, *behaviors)
    wire = carried(read)
    text = _call(body, node, search, [document, *defaults, *passed], wire, middle=[form(wire)] * 2)
    return _brought(Typed(text if wire == read else f"CAST({text} AS {form(read)})", read), wanted)


@handles("this format path passing on_error on_empty returning wrapper omits_quotes", JsonQuery)
def _query(compiler: Expressions, node: JsonQuery) -> Typed:
    if node.args.get("wrapper") and node.args.get("omits_quotes"):
        raise refuse(InvalidSql, "OMIT QUOTES behavior specified with WITH WRAPPER behavior", node)
    known = {"NULL", "ERROR", "EMPTY ARRAY", "EMPTY OBJECT"}
    behaviors = [_behavior(node, name, "NULL", known) for name in ("on_empty", "on_error")]
    options = sql_json.QueryOptions(node.args.get("wrapper"), bool(node.args.get("omits_quotes")), *behaviors)
    search, texts = _search(compiler, node)
    text = _call(sql_json.query_body(search, options), node, search, texts, VARCHAR)
    return _brought(Typed(text, VARCHAR), _text_returned(compiler, node))


@handles("expressions absent_on_null returning", JsonArray)
def _array(compiler: Expressions, node: JsonArray) -> Typed:
    values = ", ".join(_member(compiler, member) for member in node.expressions)
    kept = f"list_filter(CAST([{values}] AS VARCHAR[]), lambda j_: j_ IS NOT NULL)"
    nulls = f"list_transform(CAST([{values}] AS VARCHAR[]), lambda j_: coalesce(j_, 'null'))"
    listed = f"array_to_string({kept if node.args.get('absent_on_null') else nulls}, ',')"
    text = f"('[' || {listed} || ']')" if values else "'[]'"
    return _brought(Typed(text, VARCHAR), _text_returned(compiler, node))


@handles("expressions absent_on_null unique_keys returning", JsonObject)
def _object(compiler: Expressions, node: JsonObject) -> Typed:
    unique = bool(node.args.get("unique_keys"))
    if unique and any(member.args.get("format") for member in node.expressions):
        message = (
            "WITH UNIQUE KEYS behavior is not supported for JSON_OBJECT function when input expression has FORMAT JSON"
        )
        raise refuse(NotSupported, message, node)
    keys = ", ".join(_key(compiler, member.this) for member in node.expressions)
    values = ", ".join(_member(compiler, member) for member in node.expressions)
    arguments = [f"CAST([{keys}] AS VARCHAR[])", f"CAST([{values}] AS VARCHAR[])"]
    flags = [str(bool(node.args.get("absent_on_null"))).lower(), str(unique).lower()]
    parameters = ("VARCHAR[]", "VARCHAR[]", "BOOLEAN", "BOOLEAN")
    text = call_text(sql_json.json_object, arguments + flags, parameters, "VARCHAR")
    return _brought(Typed(text, VARCHAR), _text_returned(compiler, node))


def _call(
    body: Body,
    node: exp.Expr,
    search: sql_json.Search,
    texts: Sequence[str],
    result: DataType,
    *,
    middle: Sequence[str] = (),
) -> str:
    """Return the text of a call; the name of a body is made of all that it is made of."""
    fixed = {name: part for name, part in node.args.items() if name not in ("this", "passing")}
    made_of = repr((fixed, search.variables, middle)).encode()
    body.__name__ = f"{node.key}_{hashlib.sha256(made_of).hexdigest()[:8]}"
    parameters = ["VARCHAR", *middle, *(["VARCHAR"] * (len(texts) - 1 - len(middle)))]
    return call_text(body, list(texts), tuple(parameters), form(result), takes_null=True)


def _search(compiler: Expressions, node: exp.Expr) -> tuple[sql_json.Search, list[str]]:
    """Return what is looked for, and the texts of the document and of the variables."""
    document = _document(compiler, node.this, node.args.get("format") or "JSON")
    written, passing = node.args["path"].name, node.args.get("passing") or []
    variables, texts = [], [document]
    for passed in passing:
        variable, text = _variable(compiler, passed)
        variables.append(variable)
        texts.append(text)
    missing = path_variables(written) - {variable.name for variable in variables}
    if missing:
        raise refuse(InvalidSql, f"no value passed for parameter {min(missing)}", node)
    try:
        return sql_json.Search(parse_path(written), tuple(variables), DOWN.fullmatch(written) is not None), texts
    except PathSyntaxError as error:
        raise refuse(InvalidSql, f"INVALID_PATH: {error}", node) from error


def _variable(compiler: Expressions, passed: JsonPassed) -> tuple[sql_json.Variable, str]:
    name = passed.args["variable"]
    if passed.args.get("format") or _is_json(passed.this):
        return sql_json.Variable(name, True, False), _document(
            compiler, passed.this, passed.args.get("format") or "JSON"
        )
    value = compiler.compile(passed.this)
    return sql_json.Variable(name, False, value.type.name == "decimal"), _json(value)


def _document(compiler: Expressions, node: exp.Expr, format_: str) -> str:
    value = compiler.compile(node)
    if value.type.name == "varbinary" and format_ in ENCODED:
        return f"decode({value.sql})"
    if value.type.name not in INPUTS or format_ != "JSON":
        shown = "JSON" if format_ == "JSON" else f"JSON ENCODING {format_}"
        message = f"Cannot read input of type {value.type.athena} as JSON using formatting {shown}"
        raise refuse(TypeMismatch, message, node)
    return cast_text(value, VARCHAR)


def _is_json(node: exp.Expr) -> bool:
    """The results of these are JSON within others, without FORMAT JSON."""
    return isinstance(node.unnest(), JsonObject | JsonArray | JsonQuery)


def _member(compiler: Expressions, member: JsonMember) -> str:
    format_ = member.args.get("format")
    if format_ or _is_json(member.expression):
        document = _document(compiler, member.expression, format_ or "JSON")
        return call_text(sql_json.format_json, [document], ("VARCHAR",), "VARCHAR")
    return _json(compiler.compile(member.expression))


def _json(value: Typed) -> str:
    """Numbers and booleans are what they are in JSON, all else is its text."""
    if value.type == UNKNOWN:
        return "CAST(NULL AS VARCHAR)"
    if value.type.name in NUMBERS or value.type == BOOLEAN:
        return cast_text(value, JSON)
    return cast_text(Typed(cast_text(value, VARCHAR), VARCHAR), JSON)


def _key(compiler: Expressions, node: exp.Expr) -> str:
    key = compiler.compile(node)
    if key.type.name not in INPUTS:
        raise refuse(InvalidSql, f"Invalid type of JSON object key: {key.type.athena}", node)
    return cast_text(key, VARCHAR)


def _behavior(node: exp.Expr, name: str, default: str, known: set[str]) -> str:
    behavior: JsonBehavior | None = node.args.get(name)
    word = str(behavior.this) if behavior is not None else default
    if word not in known:
        raise refuse(InvalidSql, f"{word} {name.replace('_', ' ').upper()} is not for {node.key.upper()}", node)
    return word


def _default(compiler: Expressions, node: exp.Expr, name: str, wanted: DataType) -> str:
    behavior: Any = node.args.get(name)
    if behavior is None or behavior.expression is None:
        return f"CAST(NULL AS {form(carried(wanted))})"
    value = compiler.compile(behavior.expression)
    if not can_coerce(value.type, wanted):
        message = f"default value of type {value.type.athena} is not compatible with the result type {wanted.athena}"
        raise refuse(TypeMismatch, message, node)
    return f"CAST({coerced(value, wanted).sql} AS {form(carried(wanted))})"


def _returned(compiler: Expressions, node: exp.Expr) -> DataType:
    returning = node.args.get("returning")
    return VARCHAR if returning is None else compiler.type(returning)


def _text_returned(compiler: Expressions, node: exp.Expr) -> DataType:
    wanted = _returned(compiler, node)
    if wanted.name not in ("varchar", "char"):
        raise refuse(NotSupported, f"{node.key.upper()} returning {wanted.athena} is not supported", node)
    return wanted


def _brought(value: Typed, wanted: DataType) -> Typed:
    return Typed(cast_text(value, wanted), wanted)
