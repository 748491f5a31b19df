"""What a statement is in the API's terms, and whether it may become an execution at all."""

from __future__ import annotations

from dataclasses import dataclass

from lake.errors import LakeError, MalformedQuery, NotSupported
from lake.serve.refusals import Refused, invalid
from lake.sql.ddl import statements as ddl
from lake.sql.ddl.parse import parse_statement
from lake.sql.ddl.run import substatement_of
from lake.sql.ddl.split import StatementKind, classify, is_ctas, language_of, split_statements
from lake.sql.ddl.tokens import Kind, Language, token_at
from lake.sql.parse import parse_query

NOT_OF_THIS_TYPE = "Queries of this type are not supported"


@dataclass(frozen=True, slots=True)
class StatementForm:
    """`by_hive`: Athena runs it by Hive, whose failures have words of their own.

    `folder` and `suffix` stand around the execution's id in the name of its result.
    """

    type: str
    substatement: str | None
    suffix: str
    folder: str = ""
    by_hive: bool = False

    @property
    def is_query(self) -> bool:
        return self.substatement == "SELECT"

    def object_name(self, execution_id: str) -> str:
        return f"{self.folder}{execution_id}{self.suffix}"


QUERY = StatementForm("DML", "SELECT", ".csv")
CTAS = StatementForm("DDL", "CREATE_TABLE_AS_SELECT", "", folder="tables/")
OTHERS = {
    "insert": StatementForm("DML", "INSERT", ""),
    "update": StatementForm("DML", "UPDATE", ".csv"),
    "delete": StatementForm("DML", "DELETE", ".csv"),
    "merge": StatementForm("DML", "MERGE", ".csv"),
    "unload": StatementForm("DML", "UNLOAD", ".csv"),
    "vacuum": StatementForm("DML", "VACUUM_TABLE", ".csv"),
    "explain": StatementForm("DML", "EXPLAIN", ".txt"),
    "optimize": StatementForm("DDL", None, ".txt"),
    "prepare": StatementForm("DDL", None, ".txt"),
    "execute": StatementForm("DML", None, ".csv"),
    "deallocate": StatementForm("DDL", None, ".txt"),
}
"""Statements by their first word that no lake runs yet; they become executions, which fail."""

REFUSED_WORDS = frozenset(
    ["analyze", "call", "comment", "commit", "deny", "grant", "refresh", "reset", "revoke", "rollback"]
    + ["set", "start", "truncate", "use"]
)
SHOWS: dict[type[ddl.Statement], str] = {
    ddl.ShowDatabases: "SHOW_DATABASES",
    ddl.ShowTables: "SHOW_TABLES",
    ddl.ShowPartitions: "SHOW_PARTITIONS",
    ddl.ShowColumns: "SHOW_COLUMNS",
    ddl.ShowProperties: "SHOW_TABLE_PROPERTIES",
    ddl.ShowCreate: "SHOW_CREATE_TABLE",
    ddl.Describe: "DESCRIBE_TABLE",
}


def read_statement(sql: str) -> StatementForm:
    """Say what a statement is. Raises what Athena refuses at once: text that does not parse, or is no statement."""
    try:
        return _form(sql)
    except MalformedQuery as error:
        raise malformed(error) from error


def malformed(error: LakeError) -> Refused:
    return invalid(error.message, "MALFORMED_QUERY")


def _form(sql: str) -> StatementForm:
    if len(split_statements(sql)) > 1:
        raise invalid(f"Only one sql statement is allowed. Got: {sql}", "MALFORMED_QUERY")
    first = token_at(sql, 0, Language.TRINO)
    word = first.text.lower() if first.kind is Kind.WORD else ""
    if first.kind is Kind.END or word in REFUSED_WORDS:
        raise invalid(NOT_OF_THIS_TYPE, "MALFORMED_QUERY")
    if word in OTHERS:
        return OTHERS[word]
    if is_ctas(sql):
        return CTAS
    return _query_form(sql) if classify(sql) is StatementKind.QUERY else _ddl_form(sql)


def _query_form(sql: str) -> StatementForm:
    try:
        parse_query(sql)
    except NotSupported:
        # Right by the grammar, so it is an execution, which says what it fails with.
        return QUERY
    return QUERY


def _ddl_form(sql: str) -> StatementForm:
    by_hive = language_of(sql) is Language.HIVE
    try:
        statement = parse_statement(sql)
    except NotSupported:
        return StatementForm("DDL", None, ".txt", by_hive=by_hive)
    if type(statement) not in SHOWS:
        return StatementForm("DDL", substatement_of(statement), ".txt", by_hive=by_hive)
    name = SHOWS[type(statement)]
    if isinstance(statement, ddl.ShowCreate) and statement.view:
        name = "SHOW_CREATE_VIEW"
    if isinstance(statement, ddl.ShowTables) and statement.views_only:
        name = "SHOW_VIEWS"
    return StatementForm("UTILITY", name, ".txt", by_hive=by_hive)
