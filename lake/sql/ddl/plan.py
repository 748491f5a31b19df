"""A statement to what it will change. Reads the catalog, writes nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from lake.errors import AlreadyExists, DatabaseNotFound, InvalidSql, TableNotFound
from lake.model import Column, Database, Partition, Table
from lake.partitions.layouts.layout import hive_path
from lake.sql.ddl import changes
from lake.sql.ddl import statements as said
from lake.sql.ddl.changes import Change
from lake.sql.ddl.partition_spec import full_values, matching_partitions, partition_not_found
from lake.sql.ddl.plan_table import as_columns, check_names, folder_url, plan_table
from lake.sql.ddl.session import DdlSession
from lake.sql.ddl.views import View, view_columns, view_table


def plan(statement: said.Statement, session: DdlSession) -> Change | None:
    """Return what the statement will change, None for one that only reads.

    Raises InvalidSql, NotSupported, LocationForbidden, and NotFound for what it names.
    """
    return _plan(statement, session)


@singledispatch
def _plan(statement: said.Statement, session: DdlSession) -> Change | None:
    return None


@_plan.register
def _(statement: said.CreateDatabase, session: DdlSession) -> Change:
    location = None if statement.location is None else folder_url(session.resolve_location(statement.location))
    database = Database(statement.name, statement.comment, location, statement.properties)
    return changes.DatabaseCreated(database, statement.if_not_exists)


@_plan.register
def _(statement: said.DropDatabase, session: DdlSession) -> Change:
    return changes.DatabaseDropped(statement.name, statement.if_exists, statement.cascade)


@_plan.register
def _(statement: said.CreateTable, session: DdlSession) -> Change:
    table = plan_table(statement, session.name_of(statement.table), session.resolve_location)
    return changes.TableCreated(table, statement.if_not_exists)


@_plan.register
def _(statement: said.DropTable, session: DdlSession) -> Change:
    table = _find(statement.table, session, missing_ok=statement.if_exists)
    if table is None:
        return changes.NoChange()
    if table.is_view:
        raise InvalidSql(f"{str(table.full_name)!r} is a view", hint=f"DROP VIEW {table.full_name} drops it")
    return changes.TableDropped(table.full_name, statement.if_exists)


@_plan.register
def _(statement: said.DropView, session: DdlSession) -> Change:
    view = _find(statement.view, session, missing_ok=statement.if_exists)
    if view is None:
        return changes.NoChange()
    if not view.is_view:
        raise InvalidSql(f"{str(view.full_name)!r} is a table", hint=f"DROP TABLE {view.full_name} drops it")
    return changes.TableDropped(view.full_name, statement.if_exists)


@_plan.register
def _(statement: said.CreateView, session: DdlSession) -> Change:
    name = session.name_of(statement.view)
    # Blank text before the query, so that errors in it name their place in the whole statement.
    placed = "\n" * (statement.line - 1) + " " * (statement.column - 1) + statement.query
    columns = view_columns(session.describe_query(placed, session.database))
    table = view_table(name, View(statement.query, session.database, columns), comment=statement.comment)
    present = _find(statement.view, session, missing_ok=True) if statement.or_replace else None
    if present is None:
        return changes.TableCreated(table, or_replace=statement.or_replace)
    if not present.is_view:
        raise AlreadyExists(f"{str(name)!r} is a table, and CREATE OR REPLACE VIEW replaces views only")
    return changes.TableReplaced(table, present)


@_plan.register
def _(statement: said.AddPartitions, session: DdlSession) -> Change:
    table = _altered(statement.table, session)
    partitions = tuple(_new_partition(table, partition, session) for partition in statement.partitions)
    return changes.PartitionsAdded(table, partitions, statement.if_not_exists)


@_plan.register
def _(statement: said.DropPartitions, session: DdlSession) -> Change:
    table = _altered(statement.table, session)
    values: dict[tuple[str, ...], None] = {}
    for spec in statement.specs:
        matched = [partition.values for partition in matching_partitions(session.catalog, table, spec)]
        if not matched and not statement.if_exists:
            raise partition_not_found(table, spec)
        values.update(dict.fromkeys(matched))
    return changes.PartitionsDropped(table, tuple(values))


@_plan.register
def _(statement: said.RenamePartition, session: DdlSession) -> Change:
    table = _altered(statement.table, session)
    old = _one_partition(table, statement.spec, session)
    return changes.PartitionRenamed(table, replace(old, values=full_values(table, statement.new_spec)), old)


@_plan.register
def _(statement: said.ChangeColumns, session: DdlSession) -> Change:
    table = _altered(statement.table, session)

    def changed(columns: tuple[Column, ...]) -> tuple[Column, ...]:
        columns = (() if statement.replace else columns) + as_columns(statement.columns)
        check_names(table.full_name, columns, table.partition_keys)
        return columns

    if statement.partition is not None:
        old = _one_partition(table, statement.partition, session)
        descriptor = replace(old.descriptor, columns=changed(old.descriptor.columns))
        return changes.PartitionReplaced(table, replace(old, descriptor=descriptor), old)
    descriptor = replace(table.descriptor, columns=changed(table.columns))
    return changes.TableReplaced(replace(table, descriptor=descriptor), table)


@_plan.register
def _(statement: said.SetLocation, session: DdlSession) -> Change:
    table = _altered(statement.table, session)
    location = folder_url(session.resolve_location(statement.location))
    if statement.partition is None:
        return changes.TableReplaced(replace(table, location=location), table)
    old = _one_partition(table, statement.partition, session)
    return changes.PartitionReplaced(table, replace(old, location=location), old)


@_plan.register
def _(statement: said.SetProperties, session: DdlSession) -> Change:
    table = _altered(statement.table, session)
    return changes.TableReplaced(replace(table, parameters={**table.parameters, **statement.properties}), table)


@_plan.register
def _(statement: said.RepairTable, session: DdlSession) -> Change:
    table = _altered(statement.table, session)
    if not table.partition_keys:
        raise InvalidSql(f"table {str(table.full_name)!r} is not partitioned, so there is nothing to repair")
    return changes.TableRepaired(table)


def _find(table: said.TableRef, session: DdlSession, *, missing_ok: bool) -> Table | None:
    try:
        return session.get_table(table)
    except (DatabaseNotFound, TableNotFound):
        if missing_ok:
            return None
        raise


def _altered(name: said.TableRef, session: DdlSession) -> Table:
    table = session.get_table(name)
    if table.is_view:
        raise InvalidSql(f"{str(table.full_name)!r} is a view, and this statement is for tables")
    return table


def _new_partition(table: Table, new: said.NewPartition, session: DdlSession) -> Partition:
    values = full_values(table, new.spec)
    if new.location is not None:
        location = session.resolve_location(new.location)
    elif table.location is None:
        raise InvalidSql(f"table {str(table.full_name)!r} has no location, so its partitions need LOCATION")
    else:
        location = folder_url(table.location) + hive_path([key.name for key in table.partition_keys], values)
    return Partition(values, folder_url(location), table.descriptor)


def _one_partition(table: Table, spec: said.PartitionSpec, session: DdlSession) -> Partition:
    full_values(table, spec)
    for partition in matching_partitions(session.catalog, table, spec):
        return partition
    raise partition_not_found(table, spec)
