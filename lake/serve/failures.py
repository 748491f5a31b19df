"""A lake's errors as a failed execution tells them: Trino's names and Hive's words, with Athena's numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lake.errors import (
    AlreadyExists,
    CatalogFailed,
    ConnectionFailed,
    DatabaseNotFound,
    LakeError,
    LocationForbidden,
    NotFound,
    StorageFailed,
    TableNotFound,
)

SYSTEM, USER = 1, 2
ENGINE_TYPE, SEMANTIC_TYPE, OUTPUT_TYPE = 200, 1006, 401
TYPES = {
    "TABLE_NOT_FOUND": 1301,
    "SCHEMA_NOT_FOUND": 1301,
    "COLUMN_NOT_FOUND": 1006,
    "CATALOG_NOT_FOUND": 1006,
    "TYPE_MISMATCH": 1002,
    "DIVISION_BY_ZERO": 1001,
    "INVALID_CAST_ARGUMENT": 1100,
    "NOT_SUPPORTED": 1200,
    "FUNCTION_NOT_FOUND": 1303,
}
OTHER_USER_TYPE = 1000
OUR_NAMES = {
    "ALREADY_EXISTS": "TABLE_ALREADY_EXISTS",
    "CONNECTION_FAILED": "HIVE_CANNOT_OPEN_SPLIT",
    "DAMAGED_FILE": "HIVE_BAD_DATA",
    "DISK_FULL": "GENERIC_INSUFFICIENT_RESOURCES",
    "INVALID_SQL": "SYNTAX_ERROR",
    "LOCATION_FORBIDDEN": "PERMISSION_DENIED",
    "QUERY_FAILED": "GENERIC_USER_ERROR",
    "RESOURCES_EXHAUSTED": "EXCEEDED_LOCAL_MEMORY_LIMIT",
    "STORAGE_FAILED": "HIVE_CANNOT_OPEN_SPLIT",
}
"""Errors of ours that Trino has a name for."""

SEMANTIC = "FAILED: SemanticException "
HIVE_TASK = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
PLACE = re.compile(r"line \d+:\d+: ")
UNKNOWN_CATALOG = re.compile(r"catalog ('.+') is not known")


@dataclass(frozen=True, slots=True)
class Failure:
    message: str
    category: int
    type: int
    retryable: bool = False

    def athena_error(self) -> dict[str, Any]:
        return {
            "ErrorCategory": self.category,
            "ErrorType": self.type,
            "Retryable": self.retryable,
            "ErrorMessage": self.message,
        }


def failure_of(error: LakeError, *, by_hive: bool = False) -> Failure:
    if isinstance(error, StorageFailed | ConnectionFailed) and not isinstance(error, LocationForbidden):
        return Failure(f"{_name(error)}: {error.message}", SYSTEM, ENGINE_TYPE)
    if by_hive:
        return _hive_failure(error)
    if isinstance(error, CatalogFailed):
        return Failure(f"HIVE_METASTORE_ERROR: {error.message}", SYSTEM, ENGINE_TYPE)
    name = _name(error)
    return Failure(f"{name}: {_trino_message(error, name)}", USER, TYPES.get(name, OTHER_USER_TYPE))


def internal_failure() -> Failure:
    return Failure("GENERIC_INTERNAL_ERROR: the query ended unexpectedly", SYSTEM, ENGINE_TYPE)


def output_failure(message: str) -> Failure:
    """The rows are there and cannot be written to where they are wanted."""
    return Failure(message, SYSTEM, OUTPUT_TYPE)


def _name(error: LakeError) -> str:
    if UNKNOWN_CATALOG.search(error.message):
        return "CATALOG_NOT_FOUND"
    return OUR_NAMES.get(error.id, error.id)


def _trino_message(error: LakeError, name: str) -> str:
    found = PLACE.match(error.message)
    place = found[0] if found else ""
    if catalog := UNKNOWN_CATALOG.search(error.message):
        return f"{place}Catalog {catalog[1]} not found"
    match error:
        case TableNotFound():
            return f"{place}Table 'awsdatacatalog.{error.table}' does not exist"
        case DatabaseNotFound():
            return f"{place}Schema '{error.database}' does not exist"
        case _ if name == "COLUMN_NOT_FOUND":
            return f"{error.message} or requester is not authorized to access requested resources"
    return error.message


def _hive_failure(error: LakeError) -> Failure:
    match error:
        case TableNotFound():
            name = error.table.rpartition(".")[2]
            return Failure(f"{SEMANTIC}[Error 10001]: Table not found {name}", USER, SEMANTIC_TYPE)
        case DatabaseNotFound():
            return Failure(f"{SEMANTIC}[Error 10072]: Database does not exist: {error.database}", USER, SEMANTIC_TYPE)
        case AlreadyExists():
            said = f"AlreadyExistsException(message:{error.message})"
        case NotFound():
            said = f"NoSuchObjectException(message:{error.message})"
        case _:
            said = error.message
    return Failure(f"{HIVE_TASK}{said}", SYSTEM, ENGINE_TYPE)
