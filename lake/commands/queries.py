"""tap-lake queries"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from lake.commands.console.completion import QueryName
from lake.commands.console.grouping import LakeGroup
from lake.commands.console.session import Session, pass_session

if TYPE_CHECKING:
    from lake.named import NamedQuery, QueryParameter

QUERIES = (("name", "varchar"), ("title", "varchar"), ("parameters", "varchar"))
PARAMETERS = (
    ("parameter", "varchar"),
    ("type", "varchar"),
    ("default", "varchar"),
    ("choices", "varchar"),
    ("help", "varchar"),
)
PARAMETER_TYPE = "array(row(name varchar, type varchar, default_value varchar, choices array(varchar), help varchar))"
QUERY = (
    ("name", "varchar"),
    ("title", "varchar"),
    ("help", "varchar"),
    ("parameters", PARAMETER_TYPE),
    ("sql", "varchar"),
)


@click.group("queries", cls=LakeGroup)
def command() -> None:
    """The named queries, which @name runs.

    They are those in queries/ of the lake, and some that ship: tap-lake query @daily_means
    """


@command.command("list")
@pass_session
def list_queries(session: Session) -> None:
    """List the named queries."""
    session.output.rows(QUERIES, map(_query_row, session.named_queries().list_queries()))


@command.command("show")
@click.argument("name", type=QueryName())
@pass_session
def show(session: Session, name: str) -> None:
    """Print the SQL of NAME, and on a terminal its parameters; with --format all that is known of it."""
    query = session.named_queries().get_query(name.removeprefix("@"))
    if session.settings.format is not None or session.output.file is not None:
        session.output.rows(QUERY, [_whole_row(query)])
        return
    session.output.text(query.sql if query.sql.endswith("\n") else query.sql + "\n")
    if session.output.to_terminal and query.parameters:
        session.output.rows(PARAMETERS, map(_parameter_row, query.parameters))


def _query_row(query: NamedQuery) -> tuple[str, str, str | None]:
    shown = [f"{each.name} {_type(each)}" + (f" = {each.default}" if each.default else "") for each in query.parameters]
    return query.name, query.title, ", ".join(shown) or None


def _parameter_row(parameter: QueryParameter) -> tuple[str | None, ...]:
    choices = ", ".join(parameter.choices) or None
    return parameter.name, _type(parameter), parameter.default, choices, parameter.help or None


def _whole_row(query: NamedQuery) -> tuple[Any, ...]:
    parameters = [
        {
            "name": each.name,
            "type": _type(each),
            "default_value": each.default,
            "choices": list(each.choices) or None,
            "help": each.help or None,
        }
        for each in query.parameters
    ]
    return query.name, query.title, query.help or None, parameters, query.sql


def _type(parameter: QueryParameter) -> str:
    return parameter.type + ("[]" if parameter.is_list else "")
