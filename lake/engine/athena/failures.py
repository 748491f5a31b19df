"""What a query failed with on Athena, in a lake's own errors: class, place, message, id of the query, remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lake.engine.athena.refusals import output_hint
from lake.errors import (
    AccessDenied,
    AlreadyExists,
    BudgetExceeded,
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
from lake.model import TableName
from lake.sql.bound_text import BoundText
from lake.sql.near import QUOTED, NearNames, did_you_mean

SQL_CLASSES: dict[str, type[InvalidSql]] = {
    "SYNTAX_ERROR": MalformedQuery,
    "MALFORMED_QUERY": MalformedQuery,
    "COLUMN_NOT_FOUND": ColumnNotFound,
    "FUNCTION_NOT_FOUND": FunctionNotFound,
    "TYPE_MISMATCH": TypeMismatch,
    "NOT_SUPPORTED": NotSupported,
}
# docs.aws.amazon.com/athena/latest/ug/error-reference.html: what there is where a message has no name before it.
NAMES_BY_TYPE = {
    1001: "DIVISION_BY_ZERO",
    1002: "TYPE_MISMATCH",
    1006: "COLUMN_NOT_FOUND",
    1100: "INVALID_CAST_ARGUMENT",
    1200: "NOT_SUPPORTED",
    1301: "TABLE_NOT_FOUND",
    1303: "FUNCTION_NOT_FOUND",
}
LAKE_FORMATION_HINT = "it is in the catalog: Lake Formation hides it from you, or its grant is for other columns; have SELECT granted there"
DRIFT_HINT = "`tap-lake partitions diff TABLE` shows the partitions whose columns differ from the table's"
EXHAUSTED_HINT = "read fewer rows or columns at once, or sort, join and count distinct less"

_SHAPE = re.compile(
    r"(?:(?P<name>[A-Z][A-Z0-9_]{3,}): )?(?:line (?P<line>\d+):(?P<column>\d+): )?(?P<words>.*)", re.DOTALL
)
_HIVE_TABLE = re.compile(r"Table not found:? ([\w.$-]+)|Table ([\w.$-]+) not found")
_HIVE_DATABASE = re.compile(r"Database does not exist: (\S+)|Database (\S+) not found")
_HIVE_START = re.compile(
    r"FAILED: (?:Execution Error, return code \d+ from \S+\. |(?:Semantic|Parse)Exception (?:\[Error \d+\]: )?)"
    r"(?:\w+Exception\(message:)?"
)
_ACTION = re.compile(r"\b([a-z0-9-]+:[A-Z]\w+)\b")
_DENIED = re.compile(
    r"access denied|not authorized to perform|permission denied|PERMISSION_DENIED|Insufficient permissions",
    re.IGNORECASE,
)
_EXHAUSTED = re.compile(
    r"exhausted resources|EXCEEDED_(LOCAL_|GLOBAL_)?\w*MEMORY|INSUFFICIENT_RESOURCES|EXCEEDED_SPILL", re.IGNORECASE
)
_CUTOFF = re.compile(r"bytes scanned limit|data (usage|scanned) (limit|cutoff)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Failed:
    """A failure taken apart: Trino's `name` of it where there is one, and its place in the text as it was given."""

    execution_id: str
    name: str
    words: str
    line: int | None
    column: int | None
    sql: str
    database: str


def failure_of(raw: dict[str, Any], bound: BoundText, near: NearNames) -> LakeError:
    """Return what to raise for an execution of the API that FAILED or was CANCELLED; its message ends with the query's id."""
    status = raw["Status"]
    told = status.get("AthenaError") or {}
    message = " ".join(
        str(told.get("ErrorMessage") or status.get("StateChangeReason") or "no reason was given").split()
    )
    execution_id = str(raw["QueryExecutionId"])
    if status["State"] == "CANCELLED":
        return _with_id(_cancelled(message), execution_id)
    shape = _SHAPE.match(_without_hive(message))
    assert shape is not None
    line, column = (int(shape["line"]), int(shape["column"])) if shape["line"] else (None, None)
    if line is not None and column is not None:
        line, column = bound.original_place(line, column)
    database = str(raw.get("QueryExecutionContext", {}).get("Database") or "default")
    name = shape["name"] or NAMES_BY_TYPE.get(int(told.get("ErrorType") or 0), "")
    failed = Failed(execution_id, name, shape["words"], line, column, bound.original, database)
    return _with_id(_told(failed, near), execution_id)


def _without_hive(words: str) -> str:
    """Leave out what Hive puts around a message."""
    start = _HIVE_START.match(words)
    if start is None:
        return words
    rest = words[start.end() :]
    return rest.removesuffix(")") if start[0].endswith("(message:") else rest


def _with_id(error: LakeError, execution_id: str) -> LakeError:
    error.message = f"{error.message} (query {execution_id})"
    error.args = (error.message,)
    return error


def _cancelled(message: str) -> LakeError:
    if _CUTOFF.search(message):
        return BudgetExceeded(
            f"the workgroup's limit of bytes scanned stopped the query: {message}",
            hint="read less, or have the workgroup's limit raised; what was scanned is billed",
        )
    return QueryCancelled(f"the query was stopped: {message}")


def _told(failed: Failed, near: NearNames) -> LakeError:
    for applies, tell in _KINDS:
        if applies(failed):
            error = tell(failed, near)
            break
    else:
        error = _any_other(failed)
    if failed.name and type(error).id in (QueryFailed.id, InvalidSql.id):
        error.id = failed.name
    return error


def _any_other(failed: Failed) -> LakeError:
    if failed.name in SQL_CLASSES or failed.line is not None:
        return SQL_CLASSES.get(failed.name, InvalidSql)(failed.words, line=failed.line, column=failed.column)
    return QueryFailed(
        f"{failed.name}: {failed.words}" if failed.name.startswith(("HIVE_", "ICEBERG_")) else failed.words
    )


def _placed(error: LakeError, failed: Failed) -> LakeError:
    if failed.line is not None:
        error.message = f"line {failed.line}:{failed.column}: {error.message}"
    return error


def _lake_formation(failed: Failed, near: NearNames) -> LakeError:
    return AccessDenied(
        f"Lake Formation denies it: {failed.words}",
        hint="have the permission granted in Lake Formation; IAM alone does not suffice for this table",
    )


def _denied(failed: Failed, near: NearNames) -> LakeError:
    action = _ACTION.search(failed.words)
    if "kms:" in failed.words or "KMS" in failed.words:
        return AccessDenied(
            f"the encryption key was refused: {failed.words}", hint="allow kms:Decrypt on the key, in its policy too"
        )
    needed = action[1] if action else "s3:GetObject and s3:ListBucket on the table's data, s3:PutObject on the results"
    return AccessDenied(f"access denied: {failed.words}", hint=f"allow {needed} in IAM")


def _table(failed: Failed, near: NearNames) -> LakeError:
    name = _table_name(failed)
    if name is None:
        return _any_other(failed)
    if near.has_table(name):
        return _placed(TableNotFound(str(name), hint=LAKE_FORMATION_HINT), failed)
    close = near.table(name)
    return _placed(TableNotFound(str(name), hint=did_you_mean(close) if close else None), failed)


def _table_name(failed: Failed) -> TableName | None:
    quoted, hive = QUOTED.search(failed.words), _HIVE_TABLE.search(failed.words)
    text = (hive[1] or hive[2]) if hive else quoted[1] if quoted else ""
    parts = text.split(".")
    if not all(parts) or len(parts) > 3:
        return None
    return TableName(parts[-2] if len(parts) > 1 else failed.database, parts[-1])


def _database(failed: Failed, near: NearNames) -> LakeError:
    quoted, hive = QUOTED.search(failed.words), _HIVE_DATABASE.search(failed.words)
    name = (hive[1] or hive[2]) if hive else quoted[1] if quoted else failed.database
    name = name.rpartition(".")[2]
    close = near.database(name)
    return _placed(DatabaseNotFound(name, hint=did_you_mean(close) if close else None), failed)


def _column(failed: Failed, near: NearNames) -> LakeError:
    quoted = QUOTED.search(failed.words)
    name = quoted[1].rpartition(".")[2] if quoted else ""
    close = near.column(name, failed.sql, failed.database)
    hint = None
    if close == name.lower() and close:
        hint = LAKE_FORMATION_HINT
    elif close:
        hint = did_you_mean(close)
    words = failed.words.replace(" or requester is not authorized to access requested resources", "")
    return ColumnNotFound(words, line=failed.line, column=failed.column, hint=hint)


def _exists(failed: Failed, near: NearNames) -> LakeError:
    return AlreadyExists(failed.words)


def _drift(failed: Failed, near: NearNames) -> LakeError:
    return QueryFailed(f"{failed.name}: {failed.words}", hint=DRIFT_HINT)


def _damaged(failed: Failed, near: NearNames) -> LakeError:
    return DamagedFile(f"{failed.name}: {failed.words}", hint=DRIFT_HINT)


def _exhausted(failed: Failed, near: NearNames) -> LakeError:
    return ResourcesExhausted(failed.words, hint=EXHAUSTED_HINT)


def _timed_out(failed: Failed, near: NearNames) -> LakeError:
    return QueryTimeout(
        f"Athena's own limit stopped the query: {failed.words}", hint="read less, or have the quota raised"
    )


def _throttled(failed: Failed, near: NearNames) -> LakeError:
    return Throttled(
        f"a service was called too often: {failed.words}", hint="run it again later, or read fewer files at once"
    )


def _output(failed: Failed, near: NearNames) -> LakeError:
    return StorageFailed(f"Athena cannot write results: {failed.words}", hint=output_hint(None))


def _says(pattern: str) -> Callable[[Failed], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda failed: compiled.search(failed.words) is not None


def _named(*names: str) -> Callable[[Failed], bool]:
    return lambda failed: failed.name in names


_KINDS: list[tuple[Callable[[Failed], bool], Callable[[Failed, NearNames], LakeError]]] = [
    (_says("Lake ?Formation"), _lake_formation),
    (_says(r"output bucket|output location|query result"), _output),
    (_named("TABLE_NOT_FOUND"), _table),
    (_says("Table not found"), _table),
    (_named("SCHEMA_NOT_FOUND"), _database),
    (_says("Database does not exist"), _database),
    (_named("COLUMN_NOT_FOUND"), _column),
    (_says("already exists"), _exists),
    (_named("HIVE_PARTITION_SCHEMA_MISMATCH", "HIVE_SCHEMA_MISMATCH"), _drift),
    (_named("HIVE_BAD_DATA"), _damaged),
    (lambda failed: failed.name == "PERMISSION_DENIED" or _DENIED.search(failed.words) is not None, _denied),
    (lambda failed: _EXHAUSTED.search(f"{failed.name} {failed.words}") is not None, _exhausted),
    (_named("EXCEEDED_TIME_LIMIT"), _timed_out),
    (_says("query timeout"), _timed_out),
    (_says(r"slow ?down|rate exceeded|throttl|too many requests|please reduce your request rate"), _throttled),
]
