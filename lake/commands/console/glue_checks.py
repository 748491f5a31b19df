"""Whether Glue knows the database, and lets one see its tables and partitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lake.commands.console.amounts import counted
from lake.commands.console.aws_account import Account, attempt, held_up, not_tried, refused
from lake.commands.console.checks import FAIL, OK, WARN, Check
from lake.config import AWS_DATABASE
from lake.errors import ConnectionFailed, LakeError

TABLES_SEEN = 50
DATABASES_SEEN = 100
NAMED = 5


class GlueChecks:
    """Leaves in the account some tables of its database. Resource links of databases are followed."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._name = account.choice.database
        catalog = account.options.catalog
        self._catalog: dict[str, str] = {"CatalogId": catalog} if catalog else {}
        self._place = {**self._catalog, "DatabaseName": self._name}
        self._databases: list[str] = []

    def all(self) -> Iterator[Check]:
        yield attempt("glue:GetDatabases", self._list, lacking=WARN, needed_for="a list of all databases")
        database = self._database()
        yield database
        if database.status != OK:
            return
        yield attempt("glue:GetTables", self._tables)
        yield from self._of_a_table()

    def _list(self) -> str:
        answer = self._ask("get_databases", "Glue", **self._catalog, MaxResults=DATABASES_SEEN)
        self._databases = [found["Name"] for found in answer.get("DatabaseList", ())]
        return counted(len(self._databases), "database", more="NextToken" in answer)

    def _database(self) -> Check:
        from botocore.exceptions import ClientError

        from lake.aws.faults import error_code
        from lake.catalog.glue_calls import ABSENT

        try:
            answer = self._ask("get_database", f"database {self._name!r}", **self._catalog, Name=self._name)
        except ConnectionFailed:
            raise
        except LakeError as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and error_code(cause) == ABSENT:
                return self._absent()
            told = refused("glue:GetDatabase", error)
            return Check("database", told.status, told.detail, told.remedy)
        link = answer.get("Database", {}).get("TargetDatabase")
        if not link:
            return Check("database", OK, f"{self._name} is there")
        owner = {"CatalogId": link["CatalogId"]} if link.get("CatalogId") else {}
        self._place = {**owner, "DatabaseName": link["DatabaseName"]}
        return Check("database", OK, f"{self._name} is there, a link to {link['DatabaseName']}")

    def _absent(self) -> Check:
        some = ", ".join(self._databases[:NAMED]) + (", …" if len(self._databases) > NAMED else "")
        remedy = f"give -d DATABASE; there are {some}" if some else "give -d DATABASE, or another --region or --profile"
        # Nobody may have asked for that one.
        status = WARN if self._name == AWS_DATABASE else FAIL
        return Check("database", status, f"{self._name!r} is not in the catalog", remedy)

    def _tables(self) -> str:
        answer = self._ask("get_tables", f"database {self._name!r}", **self._place, MaxResults=TABLES_SEEN)
        tables = self._account.tables = answer.get("TableList", [])
        return counted(len(tables), "table", more="NextToken" in answer)

    def _of_a_table(self) -> Iterator[Check]:
        tables = self._account.tables
        if tables is None:
            yield held_up("glue:GetTable, glue:GetPartitions")
            return
        if not tables:
            yield not_tried("glue:GetTable", "no table")
            return
        yield attempt("glue:GetTable", lambda: self._table(tables[0]["Name"]))
        partitioned = next((found["Name"] for found in tables if found.get("PartitionKeys")), None)
        if partitioned is None:
            yield not_tried("glue:GetPartitions", f"none of {len(tables)} tables is partitioned")
            return
        yield attempt("glue:GetPartitions", lambda: self._partitions(partitioned))

    def _table(self, name: str) -> str:
        self._ask("get_table", f"table {self._name}.{name}", **self._place, Name=name)
        return f"{self._name}.{name}"

    def _partitions(self, name: str) -> str:
        arguments = {**self._place, "TableName": name, "MaxResults": 1, "ExcludeColumnSchema": True}
        self._ask("get_partitions", f"table {self._name}.{name}", **arguments)
        return f"{self._name}.{name}"

    def _ask(self, operation: str, subject: str, **arguments: Any) -> dict[str, Any]:
        return self._account.probe.ask("glue", operation, subject, **arguments)
