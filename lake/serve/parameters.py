"""ExecutionParameters: texts that take the place of `?`, as expressions where they are some, else as strings."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import Token, TokenType, exp

from lake.errors import LakeError, ParameterError
from lake.sql.compiler.parser import QueryDialect
from lake.sql.parse import parse_query

NAMING = (exp.Column, exp.Query, exp.Placeholder, exp.Parameter, exp.Star)


def bind_texts(sql: str, texts: Sequence[str]) -> str:
    """Put each text in the place of its `?`. Raises ParameterError where there are not as many of one as of the other."""
    if not texts:
        return sql
    places = [token for token in _tokens(sql) if token.token_type is TokenType.PLACEHOLDER]
    if len(places) != len(texts):
        raise ParameterError(f"Incorrect number of parameters: expected {len(places)} but found {len(texts)}")
    parts, end = [], 0
    for place, text in zip(places, texts, strict=True):
        parts += [sql[end : place.start], _as_sql(text)]
        end = place.end + 1
    return "".join(parts) + sql[end:]


def _tokens(sql: str) -> list[Token]:
    return list(QueryDialect().tokenize(sql))


def _as_sql(text: str) -> str:
    if not _is_expression(text):
        escaped = text.replace("'", "''")
        return f"'{escaped}'"
    return text if len(_tokens(text)) == 1 else f"({text})"


def _is_expression(text: str) -> bool:
    """Say whether a text is one expression that names nothing."""
    try:
        tree = parse_query(f"SELECT {text}")
    except LakeError:
        return False
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or "--" in text or "/*" in text:
        return False
    alone = all(value in (None, [], False) for name, value in tree.args.items() if name != "expressions")
    found = tree.expressions[0]
    return alone and not isinstance(found, exp.Alias) and not any(found.find_all(*NAMING))
