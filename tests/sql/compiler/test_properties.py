"""What holds for every query that can be written, on random ones: those that Trino is asked too (`tests/oracle`)."""

from __future__ import annotations

import functools
from collections.abc import Callable

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lake.errors import InvalidSql
from lake.sql.compiler.connection import Library
from lake.sql.compiler.parser import QueryDialect, QueryParser
from lake.sql.compiler.queries import Queries
from tests.oracle.calls import SCALAR, call, choice
from tests.oracle.queries import queries
from tests.oracle.values import literal

REFUSALS = (duckdb.ConversionException, duckdb.OutOfRangeException)
FAULTS = (duckdb.InternalException, duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)
KNOWN_FAULTS = (
    "aggregate function calls cannot be nested",
    "cannot contain aggregates",
    "Could not choose a best candidate",
)
unhurried = settings(suppress_health_check=list(HealthCheck))
both_depths = pytest.mark.parametrize("depth", ["quick", pytest.param("deep", marks=pytest.mark.slow)])
"""The profile says how many examples that means."""


def compiled(sql: str) -> str:
    dialect = QueryDialect()
    tree = QueryParser(dialect=dialect).parse(dialect.tokenize(sql), sql)[0]
    return Queries(lambda node: None).compile(tree).sql


class Session:
    def __init__(self, *settings: str) -> None:
        self._connection = duckdb.connect()
        self._library = Library()
        for setting in ("SET TimeZone = 'UTC'", "SET threads = 1", *settings):
            self._connection.execute(setting)

    def rows(self, text: str) -> list[tuple[str | None, ...]]:
        """Return rows as texts, in no order that means something."""
        shown = f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({text})"
        self._library.provide(self._connection, shown)
        return sorted(self._connection.execute(shown).fetchall(), key=repr)


@functools.cache
def optimised() -> Session:
    return Session()


@functools.cache
def unoptimised() -> Session:
    return Session("PRAGMA disable_optimizer")


def outcome(session: Session, sql: str) -> list[tuple[str | None, ...]] | None:
    """Return None for what is refused, before it runs or while it does."""
    try:
        return session.rows(compiled(sql))
    except (InvalidSql, *REFUSALS):
        return None
    except duckdb.Error as error:
        if is_fault(error):
            raise AssertionError(sql) from error
        return None


def is_fault(error: duckdb.Error) -> bool:
    said = str(error)
    if isinstance(error, duckdb.InvalidInputException):
        return "Python exception" in said and "TrinoError" not in said
    return isinstance(error, FAULTS) and not any(part in said for part in KNOWN_FAULTS)


@st.composite
def one_call_in_two_forms(draw: st.DrawFn) -> tuple[str, str]:
    """A call with arguments that are written out, and one with columns: constants decide which form runs."""
    name, overload = draw(choice([(name, line) for name, line in SCALAR if not _takes_lambda(line)]))
    given = []

    def argument(text: str) -> str:
        given.append(text)
        return text

    text = draw(call(name, overload, lambda wanted: literal(wanted).map(argument), seen=argument))
    names = ", ".join(f"c{place}" for place in range(len(given)))
    if not given:
        return f"SELECT {text}", f"SELECT {text}"
    return f"SELECT {text}", f"SELECT {name}({names}) FROM (VALUES ({', '.join(given)})) t({names})"


def _takes_lambda(line: object) -> bool:
    return any(pattern.name == "function" for pattern in line.parameters)


@both_depths
@unhurried
@given(calls=one_call_in_two_forms())
def test_a_function_gives_the_same_for_constants_and_for_columns(calls: tuple[str, str], depth: str):
    constant, of_columns = calls
    assert outcome(optimised(), constant) == outcome(optimised(), of_columns), f"{constant}\n{of_columns}"


@both_depths
@unhurried
@given(sql=queries())
def test_a_query_is_answered_or_refused_and_breaks_nothing(sql: str, depth: str):
    outcome(optimised(), sql)


@both_depths
@unhurried
@given(sql=queries())
def test_answers_do_not_depend_on_the_optimiser(sql: str, depth: str):
    one, other = outcome(optimised(), sql), outcome(unoptimised(), sql)
    if one is not None and other is not None:
        assert one == other, sql


def planted(fault: Exception) -> Callable[[str], None]:
    def rows(text: str) -> None:
        raise fault

    return rows


@pytest.mark.parametrize(
    "fault",
    [
        duckdb.InternalException("INTERNAL Error: assertion"),
        duckdb.BinderException("no function matches"),
        duckdb.InvalidInputException("Python exception occurred: KeyError"),
    ],
)
def test_a_fault_of_the_engine_does_not_pass_for_a_refusal(monkeypatch, fault: Exception):
    session = Session()
    monkeypatch.setattr(session, "rows", planted(fault))
    with pytest.raises(AssertionError):
        outcome(session, "SELECT 1")
