"""Every error a user can meet, as one tree.

LakeError                     exit 1 unless a class says otherwise
├── UsageError                exit 2: what was typed or passed does not make sense
│   ├── ConfigError           lake.toml, environment variables, options that contradict
│   └── ParameterError        a query parameter is missing, unknown or of the wrong type
├── NotFound
│   ├── LakeNotFound, DatabaseNotFound, TableNotFound, PartitionNotFound
│   └── NamedQueryNotFound, ExecutionNotFound
├── AlreadyExists
├── InvalidSql                the statement cannot run; carries line and column where known
│   ├── MalformedQuery        it does not parse
│   ├── NotSupported          it parses, and this engine does not do it
│   ├── FunctionNotFound, ColumnNotFound
│   └── TypeMismatch
├── QueryFailed               it ran and failed
│   ├── QueryCancelled        exit 130
│   ├── QueryTimeout          exit 4
│   ├── BudgetExceeded        exit 5: refused before it ran
│   └── ResourcesExhausted    memory or temporary space
├── EventsRejected            some are no events, and all were to be taken or none
├── WriteRefused              data do not fit the table; names the column
├── StorageFailed
│   ├── LocationForbidden     a path outside what the lake may touch
│   ├── DamagedFile, DiskFull, ReadOnlyLake
│   └── UnsupportedFileSystem
├── CatalogFailed
│   ├── CatalogChanged        someone else was faster
│   ├── DamagedCatalog
│   └── NewerFormat
├── ConnectionFailed          exit 3: credentials, endpoint, network
│   └── CredentialsFailed     absent, incomplete, wrong or expired
├── AccessDenied              an account's policies, Lake Formation or a key's policy stand against it
├── Throttled                 too many calls, also after retries
└── GuardRefused              exit 7: a destructive step was stopped by its guard
"""

from __future__ import annotations


class LakeError(Exception):
    """`id` is stable and machine readable; `hint` is one line of remedy, or None."""

    id: str = "LAKE_ERROR"
    exit_code: int = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LakeError, ValueError):
    id = "USAGE"
    exit_code = 2


class ConfigError(UsageError):
    id = "CONFIG"


class ParameterError(UsageError):
    id = "INVALID_PARAMETER_USAGE"


class NotFound(LakeError, LookupError):
    id = "NOT_FOUND"


class LakeNotFound(NotFound):
    id = "LAKE_NOT_FOUND"
    exit_code = 2


class DatabaseNotFound(NotFound):
    id = "SCHEMA_NOT_FOUND"

    def __init__(self, database: str, *, hint: str | None = None) -> None:
        super().__init__(f"database {database!r} is not in the catalog", hint=hint or "tap-lake tables lists what is")
        self.database = database


class TableNotFound(NotFound):
    id = "TABLE_NOT_FOUND"

    def __init__(self, table: str, *, hint: str | None = None) -> None:
        super().__init__(f"table {table!r} is not in the catalog", hint=hint or "tap-lake tables lists what is")
        self.table = table


class PartitionNotFound(NotFound):
    id = "PARTITION_NOT_FOUND"

    def __init__(self, table: str, partition: str) -> None:
        super().__init__(f"partition {partition} is not registered in {table!r}")
        self.table = table
        self.partition = partition


class NamedQueryNotFound(NotFound):
    id = "NAMED_QUERY_NOT_FOUND"


class ExecutionNotFound(NotFound):
    id = "QUERY_EXECUTION_NOT_FOUND"

    def __init__(self, execution_id: str) -> None:
        super().__init__(f"execution {execution_id!r} was not found")
        self.execution_id = execution_id


class AlreadyExists(LakeError):
    id = "ALREADY_EXISTS"


class InvalidSql(LakeError, ValueError):
    id = "INVALID_SQL"

    def __init__(
        self, message: str, *, line: int | None = None, column: int | None = None, hint: str | None = None
    ) -> None:
        place = f"line {line}:{column}: " if line is not None else ""
        super().__init__(place + message, hint=hint)
        self.line = line
        self.column = column


class MalformedQuery(InvalidSql):
    id = "MALFORMED_QUERY"


class NotSupported(InvalidSql):
    id = "NOT_SUPPORTED"


class FunctionNotFound(InvalidSql):
    id = "FUNCTION_NOT_FOUND"


class ColumnNotFound(InvalidSql):
    id = "COLUMN_NOT_FOUND"


class TypeMismatch(InvalidSql, TypeError):
    id = "TYPE_MISMATCH"


class QueryFailed(LakeError):
    id = "QUERY_FAILED"


class QueryCancelled(QueryFailed):
    id = "QUERY_CANCELLED"
    exit_code = 130


class QueryTimeout(QueryFailed, TimeoutError):
    id = "QUERY_TIMEOUT"
    exit_code = 4


class BudgetExceeded(QueryFailed):
    id = "BUDGET_EXCEEDED"
    exit_code = 5


class ResourcesExhausted(QueryFailed):
    id = "RESOURCES_EXHAUSTED"


class WriteRefused(LakeError, ValueError):
    id = "WRITE_REFUSED"

    def __init__(self, table: str, column: str | None, reason: str, *, hint: str | None = None) -> None:
        subject = f"column {column!r} of {table!r}" if column else f"table {table!r}"
        super().__init__(f"{subject}: {reason}", hint=hint)
        self.table = table
        self.column = column


class EventsRejected(LakeError, ValueError):
    id = "EVENTS_REJECTED"


class StorageFailed(LakeError, OSError):
    id = "STORAGE_FAILED"


class LocationForbidden(StorageFailed, PermissionError):
    id = "LOCATION_FORBIDDEN"


class DamagedFile(StorageFailed):
    id = "DAMAGED_FILE"


class DiskFull(StorageFailed):
    id = "DISK_FULL"


class ReadOnlyLake(StorageFailed, PermissionError):
    id = "READ_ONLY"


class UnsupportedFileSystem(StorageFailed):
    id = "UNSUPPORTED_FILE_SYSTEM"


class CatalogFailed(LakeError):
    id = "CATALOG_FAILED"


class CatalogChanged(CatalogFailed):
    id = "CATALOG_CHANGED"


class DamagedCatalog(CatalogFailed):
    id = "DAMAGED_CATALOG"


class NewerFormat(CatalogFailed):
    id = "NEWER_FORMAT"


class ConnectionFailed(LakeError, ConnectionError):
    id = "CONNECTION_FAILED"
    exit_code = 3


class CredentialsFailed(ConnectionFailed):
    id = "CREDENTIALS_FAILED"


class AccessDenied(LakeError, PermissionError):
    id = "ACCESS_DENIED"


class Throttled(LakeError):
    id = "THROTTLED"


class GuardRefused(LakeError):
    id = "GUARD_REFUSED"
    exit_code = 7
