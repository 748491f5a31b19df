"""Athena's SQL text to sqlglot's tree, for queries. DDL has a parser of its own in `lake.sql.ddl`."""

from __future__ import annotations

import sys

import sqlglot.parser
from sqlglot import Token, TokenType, exp
from sqlglot.errors import ParseError, TokenError

from lake.errors import ConfigError, MalformedQuery, NotSupported
from lake.sql.compiler.parser import QueryDialect, QueryParser
from lake.sql.limits import MAX_SQL_BYTES

RECURSION_LIMIT = 8_000
"""sqlglot descends about 17 Python frames for each level of parentheses; Python's own limit ends at 50 levels."""


def parse_query(sql: str) -> exp.Query:
    """Return the tree of one SELECT, WITH, VALUES or TABLE statement.

    Raises MalformedQuery with line and column, or NotSupported for a statement that is no query.
    """
    if sqlglot.parser.__file__.endswith((".so", ".pyd")):
        raise ConfigError("tap-lake extends sqlglot's parser, which sqlglotc compiles", hint="pip uninstall sqlglotc")
    try:
        size = len(sql.encode())
    except UnicodeEncodeError as error:
        raise MalformedQuery(f"the query is no UTF-8 text at character {error.start + 1}") from None
    if size > MAX_SQL_BYTES:
        raise MalformedQuery(f"the query is longer than {MAX_SQL_BYTES:,} bytes, Athena's limit")
    if sys.getrecursionlimit() < RECURSION_LIMIT:
        sys.setrecursionlimit(RECURSION_LIMIT)
    try:
        statements = [statement for statement in _parse(sql) if statement is not None]
    except ParseError as error:
        raise _malformed(error) from error
    except TokenError as error:
        raise MalformedQuery(str(error).splitlines()[0]) from error
    except RecursionError:
        raise MalformedQuery("the query is nested too deep") from None
    if len(statements) != 1:
        raise MalformedQuery("one statement is wanted, and there is none" if not statements else "one statement only")
    tree = statements[0]
    if isinstance(tree, exp.Values):
        tree = exp.select("*").from_(tree)
    if not isinstance(tree, exp.Query):
        raise NotSupported(f"{tree.key.upper()} is not a query")
    return tree


def _parse(sql: str) -> list[exp.Expr | None]:
    """Parse with every `?` as a parameter named by its number, since the tree does not keep the order of the text."""
    dialect = QueryDialect()
    tokens: list[Token] = []
    number = 0
    for token in dialect.tokenize(sql):
        if token.token_type is TokenType.PLACEHOLDER:
            number += 1
            tokens += [_in_place(token, TokenType.PARAMETER, "@"), _in_place(token, TokenType.VAR, str(number))]
        elif token.token_type is TokenType.COLON and tokens and tokens[-1].token_type is TokenType.L_BRACKET:
            # sqlglot takes `array[:place]` for a slice, which Athena does not have.
            tokens.append(_in_place(token, TokenType.PARAMETER, "@"))
        else:
            tokens.append(token)
    return QueryParser(dialect=dialect).parse(tokens, sql)


def _in_place(token: Token, kind: TokenType, text: str) -> Token:
    return Token(kind, text, token.line, token.col, token.start, token.end)


def position(node: exp.Expr) -> tuple[int | None, int | None]:
    """Return line and column, from 1, of the first token in the text that sqlglot remembers below `node`."""
    known = ((part.meta["line"], part.meta["col"] - _width(part) + 1) for part in node.walk() if "line" in part.meta)
    return min(known, default=(None, None))


def _width(part: exp.Expr) -> int:
    return len(part.name) + 2 * bool(part.args.get("quoted"))


def _malformed(error: ParseError) -> MalformedQuery:
    first = error.errors[0] if error.errors else {}
    token = first.get("highlight")
    column = (first.get("col") or 0) - len(token or "") + 1
    said = f"mismatched input '{token}'" if token else (first.get("description") or str(error).splitlines()[0])
    detail = first.get("description") or ""
    if token and detail and "<class" not in detail and "<Token" not in detail:
        said += f". {detail.rstrip('.')}"
    return MalformedQuery(said, line=first.get("line"), column=max(column, 1))
