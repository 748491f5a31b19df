"""Log files as the services of AWS deliver them, and how answers about them are compared."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

import lake

BUCKET = "amzn-s3-demo-bucket"
"""The name that AWS's documentation gives to buckets."""

TABLES = Path(__file__).parent / "tables"


class Case(NamedTuple):
    sql: str
    rows: Sequence[tuple[Any, ...]]
    """What the query answers, worked out from the rows in Python or by hand."""


def table(name: str) -> str:
    """Return the statement that declares a table, as AWS's documentation has it."""
    return (TABLES / f"{name}.sql").read_text()


def put_text(db: lake.Lake, key: str, lines: Iterable[str]) -> None:
    """Write lines, packed where the key ends with .gz."""
    content = "".join(f"{line}\n" for line in lines).encode()
    path(db, key).write_bytes(gzip.compress(content, mtime=0) if key.endswith(".gz") else content)


def put_json(db: lake.Lake, key: str, records: Iterable[Mapping[str, Any]]) -> None:
    put_text(db, key, (json.dumps(record, separators=(",", ":")) for record in records))


def put_parquet(db: lake.Lake, key: str, records: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    pq.write_table(pa.Table.from_pylist(list(records), schema), path(db, key))


def path(db: lake.Lake, key: str) -> Path:
    found = db.directory.data / key
    found.parent.mkdir(parents=True, exist_ok=True)
    return found


def check(db: lake.Lake, case: Case) -> None:
    found = db.query(case.sql).fetch_all()
    assert found == list(case.rows)


def ids(cases: Sequence[Case]) -> list[str]:
    return [f"query{place}" for place, _ in enumerate(cases)]
