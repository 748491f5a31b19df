"""The clauses of SQL/JSON's functions (trino.io/docs/422/functions/json.html) and of LISTAGG, as nodes of our own.

json_value(input [FORMAT JSON], 'path' [PASSING …] [RETURNING type] [… ON EMPTY] [… ON ERROR])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.parsers.trino import TrinoParser
from sqlglot.tokenizer_core import TokenType

CALL = {"this": True, "format": False, "path": True, "passing": False, "on_error": False}


class JsonExists(exp.Expression):
    arg_types: ClassVar[dict[str, bool]] = CALL


class JsonValue(exp.Expression):
    arg_types: ClassVar[dict[str, bool]] = CALL | {"returning": False, "on_empty": False}


class JsonQuery(exp.Expression):
    arg_types: ClassVar[dict[str, bool]] = JsonValue.arg_types | {"wrapper": False, "omits_quotes": False}


class JsonPassed(exp.Expression):
    """A variable of a path; `name` is as the path has it."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "format": False, "variable": True}


class JsonBehavior(exp.Expression):
    """What stands before ON EMPTY and ON ERROR; `expression` is that of DEFAULT."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "expression": False}


class JsonMember(exp.Expression):
    arg_types: ClassVar[dict[str, bool]] = {"this": False, "expression": True, "format": False}


class JsonObject(exp.Expression):
    arg_types: ClassVar[dict[str, bool]] = {
        "expressions": False,
        "absent_on_null": False,
        "unique_keys": False,
        "returning": False,
    }


class JsonArray(exp.Expression):
    arg_types: ClassVar[dict[str, bool]] = {"expressions": False, "absent_on_null": False, "returning": False}


BEHAVIORS = ("NULL", "ERROR", "TRUE", "FALSE", "UNKNOWN", "EMPTY ARRAY", "EMPTY OBJECT", "DEFAULT")


class JsonClauses(TrinoParser):
    """Reads a call behind its opening parenthesis."""

    def _json_format(self) -> str | None:
        """Read FORMAT JSON [ENCODING …]; return the encoding, or JSON."""
        if not self._match_text_seq("FORMAT", "JSON"):
            return None
        if not self._match_text_seq("ENCODING"):
            return "JSON"
        name: str = self._curr.text.upper()
        self._advance()
        return name

    def _json_expression(self) -> exp.Expr:
        return self._json_wanted(self._parse_disjunction(), "an expression")

    def _json_wanted(self, found: exp.Expr | None, what: str) -> exp.Expr:
        if found is None:
            self.raise_error(f"{what} is wanted")
        return found or exp.Null()

    def _json_path_arguments(self) -> dict[str, Any]:
        value = self._json_expression()
        format_ = self._json_format()
        if not self._match(TokenType.COMMA):
            self.raise_error("a path is wanted")
        path = self._json_wanted(self._parse_string(), "a path")
        passing = self._parse_csv(self._json_passed) if self._match_text_seq("PASSING") else None
        return {"this": value, "format": format_, "path": path, "passing": passing}

    def _json_passed(self) -> exp.Expr:
        value = self._json_expression()
        format_ = self._json_format()
        if not self._match_text_seq("AS"):
            self.raise_error("AS is wanted")
        name = self._json_wanted(self._parse_id_var(), "a name")
        variable = name.name if name.args.get("quoted") else name.name.upper()
        return JsonPassed(this=value, format=format_, variable=variable)

    def _json_returning(self) -> exp.Expr | None:
        if not self._match_text_seq("RETURNING"):
            return None
        found = self._json_wanted(self._parse_types(), "a type")
        self._json_format()
        return found

    def _json_behaviors(self) -> dict[str, exp.Expr]:
        found: dict[str, exp.Expr] = {}
        while (word := next((word for word in BEHAVIORS if self._match_text_seq(*word.split())), None)) is not None:
            behavior = JsonBehavior(this=word, expression=self._json_expression() if word == "DEFAULT" else None)
            if not self._match_text_seq("ON"):
                self.raise_error("ON is wanted")
            if self._match_text_seq("EMPTY"):
                found["on_empty"] = behavior
            elif self._match_text_seq("ERROR"):
                found["on_error"] = behavior
            else:
                self.raise_error("EMPTY or ERROR is wanted")
        return found

    def _json_wrapper(self) -> str | None:
        if self._match_text_seq("WITHOUT"):
            word = None
        elif self._match_text_seq("WITH"):
            word = "CONDITIONAL" if self._match_text_seq("CONDITIONAL") else "UNCONDITIONAL"
            self._match_text_seq("UNCONDITIONAL")
        else:
            return None
        self._match_text_seq("ARRAY")
        if not self._match_text_seq("WRAPPER"):
            self.raise_error("WRAPPER is wanted")
        return word

    def _json_omits_quotes(self) -> bool:
        omits = bool(self._match_text_seq("OMIT", "QUOTES"))
        if omits or self._match_text_seq("KEEP", "QUOTES"):
            self._match_text_seq("ON", "SCALAR", "STRING")
        return omits

    def json_exists(self) -> exp.Expr:
        return JsonExists(**self._json_path_arguments(), **self._json_behaviors())

    def json_value(self) -> exp.Expr:
        return JsonValue(**self._json_path_arguments(), returning=self._json_returning(), **self._json_behaviors())

    def json_query(self) -> exp.Expr:
        arguments = self._json_path_arguments() | {"returning": self._json_returning(), "wrapper": self._json_wrapper()}
        return JsonQuery(**arguments, omits_quotes=self._json_omits_quotes(), **self._json_behaviors())

    def json_object(self) -> exp.Expr:
        members = self._json_members(self._json_member)
        absent = self._json_absent_on_null(default=False)
        unique = bool(self._match_text_seq("WITH", "UNIQUE"))
        if unique or self._match_text_seq("WITHOUT", "UNIQUE"):
            self._match_text_seq("KEYS")
        return JsonObject(
            expressions=members, absent_on_null=absent, unique_keys=unique, returning=self._json_returning()
        )

    def json_array(self) -> exp.Expr:
        members = self._json_members(lambda: JsonMember(expression=self._json_expression(), format=self._json_format()))
        absent = self._json_absent_on_null(default=True)
        return JsonArray(expressions=members, absent_on_null=absent, returning=self._json_returning())

    def _json_members(self, member: Any) -> list[exp.Expr]:
        closes = self._curr is not None and self._curr.text.upper() in (")", "RETURNING")
        return [] if closes else list(self._parse_csv(member))

    def _json_member(self) -> exp.Expr:
        self._match_text_seq("KEY")
        key = self._json_expression()
        if not self._match_text_seq("VALUE") and not self._match(TokenType.COLON):
            self.raise_error("a value is wanted")
        value = self._json_expression()
        return JsonMember(this=key, expression=value, format=self._json_format())

    def _json_absent_on_null(self, *, default: bool) -> bool:
        if self._match_text_seq("NULL", "ON", "NULL"):
            return False
        return bool(self._match_text_seq("ABSENT", "ON", "NULL")) or default

    def listagg(self) -> exp.Expr:
        """`LISTAGG([DISTINCT] value [, separator] [ON OVERFLOW ERROR | TRUNCATE [filler] WITH | WITHOUT COUNT])`."""
        is_distinct = self._match_text_seq("DISTINCT")
        arguments = self._parse_csv(self._parse_disjunction)
        if self._match_text_seq("ON", "OVERFLOW"):
            if len(arguments) == 1:
                arguments.append(exp.Literal.string(""))
            arguments += self._overflow()
        return exp.Anonymous(
            this="listagg", expressions=[exp.Distinct(expressions=arguments)] if is_distinct else arguments
        )

    def _overflow(self) -> list[exp.Expr]:
        """Return whether it is an error, what stands for the rest, and whether that is counted."""
        if self._match_text_seq("ERROR"):
            return [exp.true(), exp.Literal.string(""), exp.false()]
        self._match_text_seq("TRUNCATE")
        filler = self._parse_string() or exp.Literal.string("...")
        counts = self._match_text_seq("WITH", "COUNT")
        if not counts and not self._match_text_seq("WITHOUT", "COUNT"):
            self.raise_error("Expecting WITH COUNT or WITHOUT COUNT")
        return [exp.false(), filler, exp.true() if counts else exp.false()]


JSON_PARSERS: dict[str, Callable[[Any], exp.Expr]] = {
    "LISTAGG": JsonClauses.listagg,
    "JSON_EXISTS": JsonClauses.json_exists,
    "JSON_VALUE": JsonClauses.json_value,
    "JSON_QUERY": JsonClauses.json_query,
    "JSON_OBJECT": JsonClauses.json_object,
    "JSON_ARRAY": JsonClauses.json_array,
}
