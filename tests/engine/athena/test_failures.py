"""Failed queries as the service tells them, to errors with class, place, message, id and remedy."""

from typing import Any

import pytest

from lake.engine.athena.failures import failure_of
from lake.errors import (
    AccessDenied,
    AlreadyExists,
    BudgetExceeded,
    CatalogFailed,
    ColumnNotFound,
    DamagedFile,
    DatabaseNotFound,
    FunctionNotFound,
    InvalidSql,
    LakeError,
    MalformedQuery,
    NotSupported,
    QueryCancelled,
    QueryFailed,
    QueryTimeout,
    ResourcesExhausted,
    StorageFailed,
    TableNotFound,
    Throttled,
    TypeMismatch,
)
from lake.model import Column, Database, StorageDescriptor, Table, TableName
from lake.sql.bound_text import BoundText
from lake.sql.near import NearNames

SQL = "SELECT nam FROM clicks"


class Catalog:
    """What the lake knows: web.clicks(name, dt)."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        columns = (Column("name", "string"), Column("hidden", "string"))
        self.tables = [Table("web", "clicks", StorageDescriptor(columns=columns), "s3://b/", (Column("dt", "string"),))]

    def get_table(self, name: TableName) -> Table:
        if self.broken:
            raise CatalogFailed("no")
        for table in self.tables:
            if table.full_name == name:
                return table
        raise TableNotFound(str(name))

    def list_tables(self, database: str) -> Any:
        if self.broken:
            raise CatalogFailed("no")
        return iter([table for table in self.tables if table.database == database])

    def list_databases(self) -> Any:
        if self.broken:
            raise CatalogFailed("no")
        return iter([Database("web")])


def told(message: str, *, kind: int = 0, state: str = "FAILED", sql: str = SQL, catalog: Any = None) -> LakeError:
    status: dict[str, Any] = {"State": state, "StateChangeReason": message}
    if state == "FAILED":
        status["AthenaError"] = {"ErrorCategory": 2, "ErrorType": kind, "Retryable": False, "ErrorMessage": message}
    raw = {"QueryExecutionId": "q-1", "Status": status, "QueryExecutionContext": {"Database": "web"}}
    return failure_of(raw, BoundText(sql, sql), NearNames(lambda: catalog or Catalog()))


CASES: list[tuple[str, type[LakeError], str, str | None]] = [
    ("SYNTAX_ERROR: line 1:3: no", MalformedQuery, "line 1:3: no", None),
    ("TABLE_NOT_FOUND: line 1:17: Table 'awsdatacatalog.web.clik' does not exist", TableNotFound, "line 1:17: table 'web.clik' is not", "did you mean web.clicks?"),
    ("TABLE_NOT_FOUND: line 1:17: Table 'awsdatacatalog.web.zzzzzz' does not exist", TableNotFound, "web.zzzzzz", "tap-lake tables"),
    ("TABLE_NOT_FOUND: line 1:17: Table 'awsdatacatalog.web.clicks' does not exist", TableNotFound, "web.clicks", "Lake Formation hides it"),
    ("FAILED: SemanticException [Error 10001]: Table not found web.clik", TableNotFound, "table 'web.clik' is not", "did you mean web.clicks?"),
    ("SCHEMA_NOT_FOUND: line 1:15: Schema 'wep' does not exist", DatabaseNotFound, "line 1:15: database 'wep'", "did you mean web?"),
    ("FAILED: SemanticException [Error 10072]: Database does not exist: wep", DatabaseNotFound, "database 'wep'", "did you mean web?"),
    ("COLUMN_NOT_FOUND: line 1:8: Column 'nam' cannot be resolved or requester is not authorized to access requested resources", ColumnNotFound, "line 1:8: Column 'nam' cannot be resolved (query", "did you mean name?"),
    ("COLUMN_NOT_FOUND: line 1:8: Column 'hidden' cannot be resolved or requester is not authorized to access requested resources", ColumnNotFound, "hidden", "Lake Formation hides it"),
    ("FUNCTION_NOT_FOUND: line 1:8: Function 'nope' not registered", FunctionNotFound, "line 1:8", None),
    ("TYPE_MISMATCH: line 1:8: no", TypeMismatch, "line 1:8: no", None),
    ("NOT_SUPPORTED: no", NotSupported, "no", None),
    ("DUPLICATE_COLUMN_NAME: line 1:8: Column name 'foo' specified more than once", InvalidSql, "more than once", None),
    ("DIVISION_BY_ZERO: Division by zero", QueryFailed, "Division by zero (query q-1)", None),
    ("HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and partition schemas.", QueryFailed, "HIVE_PARTITION_SCHEMA_MISMATCH", "tap-lake partitions diff"),
    ("HIVE_BAD_DATA: Field x's type INT64 in parquet is incompatible with type string", DamagedFile, "HIVE_BAD_DATA", "tap-lake partitions diff"),
    ("PERMISSION_DENIED: Access Denied (Service: Amazon S3; Status Code: 403) User is not authorized to perform: s3:GetObject", AccessDenied, "access denied", "allow s3:GetObject in IAM"),
    ("HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://b/k: Access Denied", AccessDenied, "Access Denied", "s3:GetObject"),
    ("PERMISSION_DENIED: User is not authorized to perform: kms:Decrypt on the resource", AccessDenied, "encryption key", "kms:Decrypt"),
    ("Insufficient Lake Formation permission(s): Required Select on clicks", AccessDenied, "Lake Formation denies it", "granted in Lake Formation"),
    ("Query exhausted resources at this scale factor", ResourcesExhausted, "exhausted", "fewer rows"),
    ("EXCEEDED_LOCAL_MEMORY_LIMIT: Query exceeded per-node memory limit", ResourcesExhausted, "memory", "fewer rows"),
    ("Query timeout", QueryTimeout, "own limit", "quota"),
    ("EXCEEDED_TIME_LIMIT: no", QueryTimeout, "no", "quota"),
    ("HIVE_UNKNOWN_ERROR: Please reduce your request rate. (Service: Amazon S3; Status Code: 503; SlowDown)", Throttled, "too often", "later"),
    ("Unable to verify/create output bucket results", StorageFailed, "cannot write results", "--output-location"),
    ("FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Database web already exists)", AlreadyExists, "Database web already exists (query", None),
    ("FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Odd thing", QueryFailed, "Odd thing (query", None),
    ("ICEBERG_COMMIT_ERROR: Failed to commit", QueryFailed, "ICEBERG_COMMIT_ERROR: Failed", None),
]  # fmt: skip


@pytest.mark.parametrize(("message", "error", "words", "hint"), CASES, ids=[message[:60] for message, *_ in CASES])
def test_a_failure_is_told_with_class_place_and_remedy(
    message: str, error: type[LakeError], words: str, hint: str | None
) -> None:
    found = told(message)
    assert type(found) is error
    assert words in found.message
    assert str(found) == found.message
    assert found.message.endswith("(query q-1)")
    assert (found.hint or "").find(hint or "") >= 0
    assert bool(found.hint) == bool(hint)


def test_ids_are_trinos_names() -> None:
    assert told("DIVISION_BY_ZERO: Division by zero").id == "DIVISION_BY_ZERO"
    assert told("DUPLICATE_COLUMN_NAME: line 1:8: no").id == "DUPLICATE_COLUMN_NAME"
    assert told("TABLE_NOT_FOUND: line 1:17: Table 'web.x' does not exist").id == "TABLE_NOT_FOUND"
    assert QueryFailed.id == "QUERY_FAILED"


def test_the_number_tells_where_no_name_does() -> None:
    assert type(told("line 1:8: Column 'nam' cannot be resolved", kind=1006)) is ColumnNotFound


def test_a_stop_is_no_failure_and_a_cutoff_is_one_of_the_budget() -> None:
    assert type(told("Query cancelled by user", state="CANCELLED")) is QueryCancelled
    cut = told("Bytes scanned limit was exceeded", state="CANCELLED")
    assert (type(cut), cut.exit_code) == (BudgetExceeded, 5)


@pytest.mark.parametrize("message", [message for message, *_ in CASES])
def test_a_catalog_that_fails_takes_nothing_but_the_hint(message: str) -> None:
    assert told(message, catalog=Catalog(broken=True)).message.endswith("(query q-1)")


def test_a_message_is_one_line() -> None:
    assert told("SYNTAX_ERROR: line 1:3: no\n  more\n\nof it").message == "line 1:3: no more of it (query q-1)"
