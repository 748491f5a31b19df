"""The places of values in the text of a statement, and the literals that stand there.

The places are found among the tokens of Trino's SQL, so what stands in strings, quoted names and comments is left alone; all
else of the text stays as it was, byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import Token, TokenType, exp
from sqlglot.errors import TokenError

from lake.errors import MalformedQuery
from lake.sql.bound_text import Edit
from lake.sql.compiler.parser import QueryDialect, TypedLiteral
from lake.sql.parameters import GivenValues, Values, literal, literals, not_in_list

NO_ROWS = "SELECT NULL WHERE false"
"""What stands in the place of an empty list: `IN ()` is no SQL, and `IN (NULL)` is not false."""


def edits_of(sql: str, values: Values | None) -> tuple[Edit, ...]:
    """Return what to put in the place of each `:name` and `?` of a statement in Trino's SQL, in order; raise ParameterError."""
    tokens = _tokens(sql)
    if not values and tokens and tokens[0].text.upper() == "PREPARE":
        return ()
    given = GivenValues(values)
    edits: list[Edit] = []
    empty: list[_Item] = []
    for place in _places(tokens):
        value, subject = given.take(place.name)
        items = literals(value, subject)
        if items is None:
            written = literal_text(literal(value, subject))
            edits.append(place.edit(tokens, f"({written})" if _follows_in(tokens, place) else written))
        elif (item := _item(tokens, place)) is None:
            raise not_in_list(subject)
        elif items:
            written = ", ".join(map(literal_text, items))
            edits.append(item.edit(tokens, written if item.opening else f"({written})"))
        else:
            empty.append(item)
    given.refuse_left_over()
    edits += _without(tokens, empty)
    return tuple(sorted(edits, key=lambda edit: edit.start))


def literal_text(node: exp.Expr) -> str:
    """Write a node of `lake.sql.parameters.literal` in Trino's SQL."""
    match node:
        case exp.Null():
            return "NULL"
        case exp.Boolean():
            return "true" if node.this else "false"
        case exp.HexString():
            return f"X'{node.this}'"
        case TypedLiteral():
            return f"{node.args['to'].sql('trino')} {_quoted(str(node.this))}"
        case exp.Paren():
            return f"(-{node.this.this.this})"
        case exp.Literal() if node.is_string:
            return _quoted(str(node.this))
    return str(node.this)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _tokens(sql: str) -> list[Token]:
    try:
        return list(QueryDialect().tokenize(sql))
    except TokenError as error:
        raise MalformedQuery(str(error).splitlines()[0]) from error


@dataclass(frozen=True, slots=True)
class _Place:
    """A placeholder: its first and last token."""

    name: str
    first: int
    last: int

    def edit(self, tokens: Sequence[Token], text: str) -> Edit:
        # Blanks, so that the literal is a token of its own: 'a'?'b' would else be one string.
        return Edit(tokens[self.first].start, tokens[self.last].end + 1, f" {text} ")


def _places(tokens: Sequence[Token]) -> Iterator[_Place]:
    number = 0
    for index, token in enumerate(tokens):
        if token.token_type is TokenType.PLACEHOLDER:
            number += 1
            yield _Place(str(number), index, index)
        elif token.token_type is TokenType.COLON and index + 1 < len(tokens):
            name = tokens[index + 1]
            if name.token_type is TokenType.IDENTIFIER or name.text.isidentifier():
                yield _Place(name.text, index, index + 1)


@dataclass(frozen=True, slots=True)
class _Item:
    """What one member of an IN list consists of, brackets around it included.

    `opening` is the bracket of the list; None for `IN :ids`, which has none.
    """

    first: int
    last: int
    opening: int | None

    def edit(self, tokens: Sequence[Token], text: str) -> Edit:
        return _Place("", self.first, self.last).edit(tokens, text)


def _item(tokens: Sequence[Token], place: _Place) -> _Item | None:
    """Find the IN that a placeholder is a member of by itself; None where there is none."""
    first, last = place.first, place.last
    while _kind(tokens, first - 1) is TokenType.L_PAREN and _kind(tokens, last + 1) is TokenType.R_PAREN:
        if _kind(tokens, first - 2) is TokenType.IN:
            return _Item(first, last, first - 1)
        first, last = first - 1, last + 1
    before, after = _kind(tokens, first - 1), _kind(tokens, last + 1)
    if before is TokenType.IN:
        return _Item(first, last, None)
    if before not in (TokenType.COMMA, TokenType.L_PAREN) or after not in (TokenType.COMMA, TokenType.R_PAREN):
        return None
    opening = _opening(tokens, first)
    return _Item(first, last, opening) if _kind(tokens, opening - 1) is TokenType.IN else None


def _follows_in(tokens: Sequence[Token], place: _Place) -> bool:
    """Say whether it is `IN :id`, without the brackets that Trino wants."""
    return _kind(tokens, place.first - 1) is TokenType.IN


def _kind(tokens: Sequence[Token], index: int) -> TokenType | None:
    return tokens[index].token_type if 0 <= index < len(tokens) else None


OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET})
CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET})


def _opening(tokens: Sequence[Token], index: int) -> int:
    """Return the bracket that is open at `index`, -1 where none is."""
    depth = 0
    for before in range(index - 1, -1, -1):
        depth += (tokens[before].token_type in CLOSING) - (tokens[before].token_type in OPENING)
        if depth < 0:
            return before
    return -1


def _without(tokens: Sequence[Token], empty: Sequence[_Item]) -> list[Edit]:
    """Take empty lists out of their INs, each with a comma; an IN that nothing is left of gets no rows."""
    edits: list[Edit] = []
    for opening in {item.opening for item in empty}:
        members = [item for item in empty if item.opening == opening]
        if opening is None:
            edits += [item.edit(tokens, f"({NO_ROWS})") for item in members]
            continue
        commas, closing = _commas(tokens, opening)
        if len(members) == len(commas) + 1:
            edits.append(Edit(tokens[opening].end + 1, tokens[closing].start, NO_ROWS))
            continue
        gone: set[int] = set()
        for item in members:
            comma = item.first - 1
            comma = comma if comma in commas and comma not in gone else item.last + 1
            gone.add(comma)
            edits += [item.edit(tokens, ""), Edit(tokens[comma].start, tokens[comma].end + 1, " ")]
    return edits


def _commas(tokens: Sequence[Token], opening: int) -> tuple[list[int], int]:
    """Return the commas right below a bracket, and the bracket that closes it."""
    depth = 0
    commas: list[int] = []
    for index in range(opening, len(tokens)):
        kind = tokens[index].token_type
        depth += (kind in OPENING) - (kind in CLOSING)
        if depth == 0:
            return commas, index
        if depth == 1 and kind is TokenType.COMMA:
            commas.append(index)
    return commas, len(tokens) - 1
