"""Trino's SQL text to a tree. This and json_syntax reach into sqlglot's parser, so its version is pinned.

Functions stay as they are written (`exp.Anonymous`), so that names and the order of arguments are Trino's.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.parsers.trino import TrinoParser
from sqlglot.tokenizer_core import TokenType

from lake.sql.compiler.json_syntax import JSON_PARSERS, JsonClauses
from lake.types.datatype import QDIGEST

FURTHER_TYPES = frozenset({"sphericalgeography", "bingtile", "kdbtree", "p4hyperloglog", "setdigest", "color", QDIGEST})


class TypedLiteral(exp.Expression):
    """`DATE '2026-01-01'`: a type and the text behind it, which is no cast of that text."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "to": True}


def typed_literal(kind: str, written: str) -> TypedLiteral:
    return TypedLiteral(this=written, to=exp.DataType.build(kind))


def _typed(self: Any, this: exp.Expr, to: exp.DataType) -> exp.Expr:
    made: exp.Expr = self.expression(TypedLiteral(this=this.name, to=to))
    return made


class QueryParser(JsonClauses):
    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        name: parser
        for name, parser in TrinoParser.FUNCTION_PARSERS.items()
        if name in ("CAST", "TRY_CAST", "EXTRACT", "TRIM", "SUBSTRING", "POSITION")
    } | JSON_PARSERS
    ARRAY_CONSTRUCTORS: ClassVar[dict[str, Any]] = {"ARRAY": exp.Array}
    FUNC_TOKENS: ClassVar[set[Any]] = TrinoParser.FUNC_TOKENS | {TokenType.APPLY}
    TYPE_LITERAL_PARSERS: ClassVar[dict[Any, Any]] = dict.fromkeys(exp.DType, _typed)
    SUBQUERY_TOKENS: ClassVar[set[Any]] = TrinoParser.SUBQUERY_TOKENS | {TokenType.VALUES}
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        name: parser for name, parser in TrinoParser.NO_PAREN_FUNCTION_PARSERS.items() if name in ("CASE", "IF", "ANY")
    }

    def _parse_types(self, *args: Any, **kwargs: Any) -> exp.Expr | None:
        """Read types that sqlglot has not heard of, where nothing but a type may stand."""
        name = self._curr.text.lower() if self._curr is not None else ""
        if name not in FURTHER_TYPES or kwargs.get("check_func") or not kwargs.get("allow_identifiers", True):
            found: exp.Expr | None = super()._parse_types(*args, **kwargs)
            return found
        self._advance()
        if name == QDIGEST and self._match(TokenType.L_PAREN):
            summarised = self._parse_types()
            self._match_r_paren()
            name = f"{name}({summarised.sql('trino') if summarised is not None else ''})"
        return exp.DataType(this=exp.DType.USERDEFINED, kind=name)

    def _parse_struct_types(self, *args: Any, **kwargs: Any) -> exp.Expr | None:
        """Read `name type` where the type is one of those."""
        if self._next is not None and self._next.text.lower() in FURTHER_TYPES:
            name = self._parse_id_var()
            return self.expression(exp.ColumnDef(this=name, kind=self._parse_types()))
        found: exp.Expr | None = super()._parse_struct_types(*args, **kwargs)
        return found

    def _parse_string_as_identifier(self) -> None:
        """A text is no name, of a table or of a column."""
        return

    def _parse_derived_table_values(self, allow_value_synonym: bool = False) -> exp.Values | None:
        """Leave `(VALUES 1, 2 UNION …)` to what parses queries."""
        index = self._index
        if self._match_pair(TokenType.L_PAREN, TokenType.VALUES):
            self._parse_csv(self._parse_value)
            goes_on = self._curr is not None and self._curr.token_type in self.SET_OPERATIONS
            self._retreat(index)
            if goes_on:
                return None
        return super()._parse_derived_table_values(allow_value_synonym)


NO_WORDS_OF_TRINO = frozenset({"LIST", "GLOB", "ILIKE", "RLIKE", "REGEXP", "RETURNING", "GRANT", "REVOKE"})


class QueryTokenizer(Trino.Tokenizer):
    KEYWORDS: ClassVar[dict[str, Any]] = {
        word: token for word, token in Trino.Tokenizer.KEYWORDS.items() if word not in NO_WORDS_OF_TRINO
    }
    # sqlglot reads hexadecimal digits as a number, which loses blanks between them and an odd one.
    HEX_STRINGS: ClassVar[list[Any]] = []
    BYTE_STRINGS: ClassVar[list[Any]] = [("x'", "'"), ("X'", "'")]


class QueryDialect(Trino):
    INDEX_OFFSET = 0
    Tokenizer = QueryTokenizer
    Parser = QueryParser
