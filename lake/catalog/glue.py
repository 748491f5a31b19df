"""The catalog of an AWS account: Glue's, its own or another account's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from lake.aws.connection import AwsConnection
from lake.catalog.glue_calls import ABSENT, CONCURRENT, TAKEN, GlueCalls, Refused, Target
from lake.catalog.glue_codec import LINK, database_from_glue, database_to_glue, table_from_glue, table_to_glue
from lake.catalog.glue_listing import Listing, batches
from lake.catalog.glue_partitions import PartitionChanges
from lake.errors import (
    AccessDenied,
    AlreadyExists,
    CatalogChanged,
    CatalogFailed,
    DatabaseNotFound,
    GuardRefused,
    TableNotFound,
)
from lake.model import Database, KeyBounds, Partition, Refusal, Table, TableName

# docs.aws.amazon.com/glue/latest/webapi/API_BatchDeleteTable.html
TABLES_PER_CALL = 100
OWN_CATALOG = "awsdatacatalog"


class GlueCatalog:
    """Implements `lake.interfaces.Catalog`. `catalog_id` is another account's id; None or `awsdatacatalog` is one's own.

    Makes its client when it is first used, keeps nothing of what Glue answers, and is safe to share between threads.
    Resource links are followed, by Glue itself or here: a table keeps the name it was asked for by, and `extra` tells its
    `TargetTable`. `extra` also tells what decides on who may read a table (`IsRegisteredWithLakeFormation`, `FederatedTable`,
    `CatalogId` of a catalog within an account). Glue keeps no condition on a partition, so between the look at it and
    `replace_partition` some milliseconds are open to others; writers that must exclude each other hold a lock of their own.
    """

    def __init__(self, connection: AwsConnection, *, catalog_id: str | None = None) -> None:
        self.catalog_id = None if catalog_id is None or catalog_id.lower() == OWN_CATALOG else catalog_id
        self._calls = GlueCalls(connection)

    # Databases

    def list_databases(self) -> Iterator[Database]:
        pages = self._calls.pages("get_databases", "Glue", **self._catalog)
        databases = [database_from_glue(fields) for page in pages for fields in page["DatabaseList"]]
        yield from sorted(databases, key=lambda database: database.name)

    def create_database(self, database: Database) -> None:
        subject = _database(database.name)
        arguments = {**self._catalog, "DatabaseInput": database_to_glue(database)}
        try:
            self._calls.call("create_database", subject, accept={TAKEN}, **arguments)
        except Refused as refused:
            if refused.repeated:
                stored = database_from_glue(self._get_database(database.name))
                if replace(stored, created_at=None) == replace(database, created_at=None):
                    return
            raise AlreadyExists(f"{subject} already exists") from refused

    def drop_database(self, name: str, *, cascade: bool = False) -> None:
        name = name.lower()
        is_link = bool(self._get_database(name).get("TargetDatabase"))
        # Through a link one would see, and drop, the tables of its target.
        names = [] if is_link else [fields["Name"] for fields in self._tables(Target(self.catalog_id, name, ""))]
        if names and not cascade:
            raise GuardRefused(
                f"database {name!r} holds {len(names)} table{'s' if len(names) > 1 else ''}",
                hint=f"drop them first, or all at once: DROP DATABASE {name} CASCADE (data stay)",
            )
        for batch in batches(names, TABLES_PER_CALL):
            answer = self._calls.call(
                "batch_delete_table", _database(name), **self._catalog, DatabaseName=name, TablesToDelete=batch
            )
            for error in answer.get("Errors", ()):
                detail = error.get("ErrorDetail", {})
                if detail.get("ErrorCode") != ABSENT:
                    raise CatalogFailed(f"{_table(TableName(name, error['TableName']))}: {detail.get('ErrorMessage')}")
        try:
            self._calls.call("delete_database", _database(name), accept={ABSENT}, **self._catalog, Name=name)
        except Refused as refused:
            if not refused.repeated:
                raise DatabaseNotFound(name) from refused

    # Tables

    def list_tables(self, database: str) -> Iterator[Table]:
        database = database.lower()
        target = Target(self.catalog_id, database, "")
        try:
            found = list(self._tables(target))
            linked = None if found else self._linked_database(database)
            if linked is not None:
                found = list(self._tables(linked))
        except Refused as refused:
            raise DatabaseNotFound(database) from refused
        tables = [
            table_from_glue(
                fields,
                TableName(database, fields["Name"]),
                target=None if linked is None else replace(linked, name=fields["Name"]),
            )
            for fields in found
        ]
        yield from sorted(tables, key=lambda table: table.name)

    def get_table(self, name: TableName) -> Table:
        fields, target = self._find(name)
        return table_from_glue(fields, name, target=target)

    def create_table(self, table: Table) -> None:
        name = table.full_name
        arguments = {**self._catalog, "DatabaseName": table.database, "TableInput": table_to_glue(table)}
        try:
            self._calls.call("create_table", _table(name), accept={ABSENT, TAKEN}, **arguments)
        except Refused as refused:
            if refused.code == ABSENT:
                raise DatabaseNotFound(table.database) from refused
            if refused.repeated and _timeless(self.get_table(name)) == _timeless(table):
                return
            raise AlreadyExists(f"{_table(name)} already exists") from refused

    def replace_table(self, table: Table, *, expected: Table | None = None) -> None:
        """Keep no old version of the table in Glue. With `expected`, Glue refuses what someone changed after our look."""
        name = table.full_name
        fields, linked = self._find(name)
        condition: dict[str, Any] = {}
        if expected is not None:
            if _timeless(table_from_glue(fields, name, target=linked)) != _timeless(expected):
                raise _changed(name)
            condition = {"VersionId": fields["VersionId"]} if "VersionId" in fields else {}
        target = linked or self._target(name)
        leads_elsewhere = linked is not None or fields.get(LINK)
        new = table_to_glue(table, name=target.name if leads_elsewhere else None)
        arguments = {**target.database_arguments, "TableInput": new, "SkipArchive": True, **condition}
        try:
            self._calls.call("update_table", _table(name), accept={ABSENT, CONCURRENT}, **arguments)
        except Refused as refused:
            if refused.code == ABSENT:
                raise TableNotFound(str(name)) from refused
            if not (refused.repeated and _timeless(self.get_table(name)) == _timeless(table)):
                raise _changed(name) from refused

    def drop_table(self, name: TableName) -> None:
        """Forget the table, or the link and not what it leads to."""
        try:
            self._calls.call("delete_table", _table(name), accept={ABSENT}, **self._target(name).table_arguments)
        except Refused as refused:
            if not refused.repeated:
                raise self._not_found(name) from refused

    # Partitions

    def list_partitions(
        self, table: Table, where: Iterable[KeyBounds] = (), *, columns: bool = True, ordered: bool = True
    ) -> Iterator[Partition]:
        """Hold all partitions at once where they are `ordered`: Glue lists them in no order."""
        listing = Listing(self._calls, self._target_of(table), table, tuple(where), columns)
        with self._finding(table.full_name):
            yield from listing.partitions(ordered=ordered)

    def add_partitions(self, name: TableName, partitions: Iterable[Partition]) -> list[Refusal]:
        changes = self._changes(name)
        with self._finding(name):
            return changes.add(partitions)

    def replace_partition(self, name: TableName, new: Partition, *, expected: Partition) -> Refusal | None:
        refusals = self.replace_partitions(name, [(new, expected)])
        return refusals[0] if refusals else None

    def replace_partitions(self, name: TableName, changes: Iterable[tuple[Partition, Partition]]) -> list[Refusal]:
        """Make many changes as `replace_partition` makes one, from pairs of the new partition and the expected one."""
        replacing = self._changes(name)
        with self._finding(name):
            return replacing.replace(changes)

    def drop_partitions(self, name: TableName, values: Collection[tuple[str, ...]]) -> list[Refusal]:
        changes = self._changes(name)
        with self._finding(name):
            return changes.drop(values)

    # Beneath

    @property
    def _catalog(self) -> dict[str, str]:
        return {} if self.catalog_id is None else {"CatalogId": self.catalog_id}

    def _target(self, name: TableName) -> Target:
        return Target(self.catalog_id, name.database, name.name)

    def _target_of(self, table: Table) -> Target:
        """Say where to ask for a table's partitions: at the end of its link, but for those into other regions."""
        link = table.extra.get(LINK)
        if not isinstance(link, dict) or link.get("Region") not in (None, self._calls.region):
            return self._target(table.full_name)
        return Target(link.get("CatalogId"), link["DatabaseName"], link["Name"])

    def _changes(self, name: TableName) -> PartitionChanges:
        table = self.get_table(name)
        return PartitionChanges(self._calls, self._target_of(table), table)

    def _tables(self, target: Target) -> Iterator[dict[str, Any]]:
        pages = self._calls.pages(
            "get_tables", _database(target.database), accept={ABSENT}, **target.database_arguments
        )
        return (fields for page in pages for fields in page["TableList"])

    def _find(self, name: TableName) -> tuple[dict[str, Any], Target | None]:
        """Return what Glue says of a table, and where it is when a link that Glue did not follow led there."""
        target: Target | None = None
        try:
            fields = self._get_table(self._target(name), name)
        except Refused as refused:
            linked = self._linked_database(name.database)
            if linked is None:
                raise TableNotFound(str(name)) from refused
            target = replace(linked, name=name.name)
            with self._finding(name):
                fields = self._get_table(target, name)
        link = fields.get(LINK)
        if not link or fields.get("StorageDescriptor"):
            return fields, target
        if link.get("Region") not in (None, self._calls.region):
            raise CatalogFailed(
                f"{_table(name)} is a link into region {link['Region']}", hint=f"give --region {link['Region']}"
            )
        target = Target(link.get("CatalogId"), link["DatabaseName"], link["Name"])
        try:
            return self._get_table(target, name), target
        except Refused as refused:
            owner = f" of account {target.catalog_id}" if target.catalog_id else ""
            hint = f"it links to {target.database}.{target.name}{owner}, which is not there or not shared with you"
            raise TableNotFound(str(name), hint=hint) from refused

    def _get_table(self, target: Target, name: TableName) -> dict[str, Any]:
        answer = self._calls.call("get_table", _table(name), accept={ABSENT}, **target.table_arguments)
        fields: dict[str, Any] = answer["Table"]
        return fields

    def _get_database(self, name: str) -> dict[str, Any]:
        try:
            answer = self._calls.call("get_database", _database(name), accept={ABSENT}, **self._catalog, Name=name)
        except Refused as refused:
            raise DatabaseNotFound(name) from refused
        fields: dict[str, Any] = answer["Database"]
        return fields

    def _linked_database(self, name: str) -> Target | None:
        """Return the database that a link leads to, None for one that is no link; raise DatabaseNotFound.

        Who may not look at databases is taken to have named one that is there.
        """
        try:
            link = self._get_database(name).get("TargetDatabase")
        except AccessDenied:
            return None
        return Target(link.get("CatalogId"), link["DatabaseName"], "") if link else None

    def _not_found(self, name: TableName) -> DatabaseNotFound | TableNotFound:
        try:
            self._linked_database(name.database)
        except DatabaseNotFound as absent:
            return absent
        return TableNotFound(str(name))

    @contextmanager
    def _finding(self, name: TableName) -> Iterator[None]:
        """Take Glue's word that something is absent for the table."""
        try:
            yield
        except Refused as refused:
            raise self._not_found(name) from refused


def _table(name: TableName) -> str:
    return f"table {str(name)!r}"


def _database(name: str) -> str:
    return f"database {name!r}"


def _changed(name: TableName) -> CatalogChanged:
    return CatalogChanged(f"{_table(name)} was changed meanwhile", hint="look again, then repeat")


def _timeless(table: Table) -> Table:
    return replace(table, created_at=None, updated_at=None)
