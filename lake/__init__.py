"""tap-lake: one analytics interface over a data lake, on AWS or in a directory, asked in Athena's SQL.

    import lake

    with lake.connect("my-lake") as db:
        print(db.query("SELECT id, avg(value) FROM readings GROUP BY 1").to_pandas())

Importing this loads nothing heavy; names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lake.directory import create_lake
    from lake.errors import LakeError
    from lake.lake import Lake
    from lake.model import Column, Database, Execution, Partition, State, Table, TableName
    from lake.opening import connect
    from lake.result import Result

_HOMES = {
    "connect": "lake.opening",
    "create_lake": "lake.directory",
    "LakeError": "lake.errors",
    "Lake": "lake.lake",
    "Column": "lake.model",
    "Database": "lake.model",
    "Execution": "lake.model",
    "Partition": "lake.model",
    "State": "lake.model",
    "Table": "lake.model",
    "TableName": "lake.model",
    "Result": "lake.result",
}

__all__ = [
    "Column",
    "Database",
    "Execution",
    "Lake",
    "LakeError",
    "Partition",
    "Result",
    "State",
    "Table",
    "TableName",
    "__version__",
    "connect",
    "create_lake",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'lake' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
