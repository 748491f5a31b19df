"""Trino's SQL text to a tree. This is the one module that reaches into sqlglot's parser, so its version is pinned.

Functions stay as they are written (`exp.Anonymous`), so that names and the order of arguments are Trino's.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.parsers.trino import TrinoParser


class TypedLiteral(exp.Expression):
    """`DATE '2026-01-01'`: a type and the text behind it, which is no cast of that text."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "to": True}


def _typed(self: Any, this: exp.Expr, to: exp.DataType) -> exp.Expr:
    made: exp.Expr = self.expression(TypedLiteral(this=this.name, to=to))
    return made


class QueryParser(TrinoParser):
    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        name: parser
        for name, parser in TrinoParser.FUNCTION_PARSERS.items()
        if name in ("CAST", "TRY_CAST", "EXTRACT", "TRIM", "SUBSTRING", "POSITION")
    }
    TYPE_LITERAL_PARSERS: ClassVar[dict[Any, Any]] = dict.fromkeys(exp.DType, _typed)
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        name: parser for name, parser in TrinoParser.NO_PAREN_FUNCTION_PARSERS.items() if name in ("CASE", "IF", "ANY")
    }


class QueryDialect(Trino):
    INDEX_OFFSET = 0
    Parser = QueryParser
