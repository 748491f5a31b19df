"""Run a statement: apply what was planned, or read what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lake.errors import (
    AlreadyExists,
    CatalogChanged,
    CatalogFailed,
    DatabaseNotFound,
    GuardRefused,
    QueryFailed,
    TableNotFound,
)
from lake.model import ALREADY_EXISTS, CHANGED, NOT_FOUND, KeyBounds, Refusal, Table
from lake.sql.ddl import changes, statements
from lake.sql.ddl.changes import Change
from lake.sql.ddl.parse import parse_statement
from lake.sql.ddl.partition_spec import shown
from lake.sql.ddl.plan import plan
from lake.sql.ddl.result import Row, StatementResult
from lake.sql.ddl.session import DdlSession
from lake.sql.ddl.show import show

ATTEMPTS = 20

SUBSTATEMENTS: dict[type[statements.Statement], str] = {
    statements.CreateDatabase: "CREATE_DATABASE",
    statements.DropDatabase: "DROP_DATABASE",
    statements.CreateTable: "CREATE_TABLE",
    statements.DropTable: "DROP_TABLE",
    statements.AddPartitions: "ALTER_TABLE_ADD_PARTITION",
    statements.DropPartitions: "ALTER_TABLE_DROP_PARTITION",
    statements.RenamePartition: "ALTER_TABLE_RENAME_PARTITION",
    statements.SetLocation: "ALTER_TABLE_SET_LOCATION",
    statements.SetProperties: "ALTER_TABLE_SET_PROPERTIES",
    statements.RepairTable: "MSCK_REPAIR",
    statements.CreateView: "CREATE_VIEW",
    statements.DropView: "DROP_VIEW",
}


def run_ddl(sql: str, session: DdlSession) -> StatementResult:
    """Parse, plan and run one statement. Raises a LakeError; what was begun is then as the catalog left it."""
    return run_statement(parse_statement(sql), session)


def run_statement(statement: statements.Statement, session: DdlSession) -> StatementResult:
    for _ in range(ATTEMPTS - 1):
        try:
            return _run_once(statement, session)
        except CatalogChanged:
            # Someone else was faster; planned anew, the change is one of what they left.
            continue
    return _run_once(statement, session)


def _run_once(statement: statements.Statement, session: DdlSession) -> StatementResult:
    change = plan(statement, session)
    if change is None:
        return show(statement, session)
    rows = apply(change, session)
    columns = (("result", "string"),) if rows else ()
    return StatementResult("DDL", substatement_of(statement), columns, rows)


def substatement_of(statement: statements.Statement) -> str:
    if isinstance(statement, statements.ChangeColumns):
        return "ALTER_TABLE_REPLACE_COLUMNS" if statement.replace else "ALTER_TABLE_ADD_COLUMNS"
    return SUBSTATEMENTS[type(statement)]


def apply(change: Change, session: DdlSession) -> Sequence[Row]:
    """Make a planned change; return the lines it has to say, which only MSCK has."""
    return APPLIERS[type(change)](change, session)


def _nothing(change: changes.NoChange, session: DdlSession) -> Sequence[Row]:
    return ()


def _create_database(change: changes.DatabaseCreated, session: DdlSession) -> Sequence[Row]:
    try:
        session.catalog.create_database(change.database)
    except AlreadyExists:
        if not change.if_not_exists:
            raise
    return ()


def _drop_database(change: changes.DatabaseDropped, session: DdlSession) -> Sequence[Row]:
    try:
        session.catalog.drop_database(change.name, cascade=change.cascade)
    except DatabaseNotFound:
        if not change.if_exists:
            raise
    except GuardRefused as error:
        # On Athena this is a statement that failed, and no guard of ours.
        raise QueryFailed(error.message, hint=error.hint) from error
    return ()


def _create_table(change: changes.TableCreated, session: DdlSession) -> Sequence[Row]:
    try:
        session.catalog.create_table(change.table)
    except AlreadyExists as error:
        if change.or_replace:
            raise CatalogChanged(error.message) from error
        if not change.if_not_exists:
            raise
    return ()


def _replace_table(change: changes.TableReplaced, session: DdlSession) -> Sequence[Row]:
    session.catalog.replace_table(change.new, expected=change.expected)
    return ()


def _drop_table(change: changes.TableDropped, session: DdlSession) -> Sequence[Row]:
    try:
        session.catalog.drop_table(change.name)
    except TableNotFound:
        if not change.if_exists:
            raise
    return ()


def _add_partitions(change: changes.PartitionsAdded, session: DdlSession) -> Sequence[Row]:
    with session.transaction():
        if not change.if_not_exists and len(change.partitions) > 1:
            # A catalog without transactions would keep the others.
            _raise_refused(change.table, _taken(change, session))
        refusals = session.catalog.add_partitions(change.table.full_name, change.partitions)
        if change.if_not_exists:
            refusals = [refusal for refusal in refusals if refusal.reason != ALREADY_EXISTS]
        _raise_refused(change.table, refusals)
    return ()


def _taken(change: changes.PartitionsAdded, session: DdlSession) -> list[Refusal]:
    wanted = {partition.values for partition in change.partitions}
    names = [key.name for key in change.table.partition_keys]
    bounds = [KeyBounds(name, frozenset(texts)) for name, texts in zip(names, zip(*wanted, strict=True), strict=True)]
    found = session.catalog.list_partitions(change.table, bounds, columns=False)
    return [Refusal(known.values, ALREADY_EXISTS, "") for known in found if known.values in wanted]


def _drop_partitions(change: changes.PartitionsDropped, session: DdlSession) -> Sequence[Row]:
    refusals = session.catalog.drop_partitions(change.table.full_name, change.values)
    # Gone meanwhile is what was asked for.
    _raise_refused(change.table, [refusal for refusal in refusals if refusal.reason != NOT_FOUND])
    return ()


def _replace_partition(change: changes.PartitionReplaced, session: DdlSession) -> Sequence[Row]:
    refusal = session.catalog.replace_partition(change.table.full_name, change.new, expected=change.expected)
    _raise_refused(change.table, [refusal] if refusal else [])
    return ()


def _rename_partition(change: changes.PartitionRenamed, session: DdlSession) -> Sequence[Row]:
    """The new name comes first, so that whatever happens the data stay registered under one."""
    if change.new.values == change.old.values:
        return ()
    with session.transaction():
        _raise_refused(change.table, session.catalog.add_partitions(change.table.full_name, [change.new]))
        session.catalog.drop_partitions(change.table.full_name, [change.old.values])
    return ()


def _repair(change: changes.TableRepaired, session: DdlSession) -> Sequence[Row]:
    table = change.table
    added = [f"{table.name}:{shown(table, values)}" for values in session.repair(table)]
    if not added:
        return ()
    missing = "\t".join(["Partitions not in metastore:", *added])
    return [(missing,), *((f"Repair: Added partition to metastore {partition}",) for partition in added)]


def _raise_refused(table: Table, refusals: Sequence[Refusal]) -> None:
    if not refusals:
        return
    first = refusals[0]
    others = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
    subject = f"partition {shown(table, first.values)} of {str(table.full_name)!r}"
    if first.reason == ALREADY_EXISTS:
        raise AlreadyExists(f"{subject} already exists{others}", hint="ADD IF NOT EXISTS leaves it as it is")
    if first.reason == CHANGED:
        raise CatalogChanged(f"{subject} was changed meanwhile{others}", hint="look again, then repeat")
    raise CatalogFailed(f"{subject} was refused: {first.message}{others}")


APPLIERS: dict[type[Change], Callable[[Any, DdlSession], Sequence[Row]]] = {
    changes.NoChange: _nothing,
    changes.DatabaseCreated: _create_database,
    changes.DatabaseDropped: _drop_database,
    changes.TableCreated: _create_table,
    changes.TableReplaced: _replace_table,
    changes.TableDropped: _drop_table,
    changes.PartitionsAdded: _add_partitions,
    changes.PartitionsDropped: _drop_partitions,
    changes.PartitionReplaced: _replace_partition,
    changes.PartitionRenamed: _rename_partition,
    changes.TableRepaired: _repair,
}
