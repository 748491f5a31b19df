"""Log files as the services of AWS deliver them, and how answers about them are compared."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lake
from tests.lakes import put

BUCKET = "amzn-s3-demo-bucket"
"""The name that AWS's documentation gives to buckets."""

TABLES = Path(__file__).parent / "tables"
OF_NOW = re.compile(r"\b(now\(|current_date|current_timestamp|localtime)", re.IGNORECASE)


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
    put(db, f"s3://{BUCKET}/{key}", gzip.compress(content, mtime=0) if key.endswith(".gz") else content)


def put_json(db: lake.Lake, key: str, records: Iterable[Mapping[str, Any]]) -> None:
    put_text(db, key, (json.dumps(record, separators=(",", ":")) for record in records))


def put_parquet(db: lake.Lake, key: str, records: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    out = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(records), schema), out)
    put(db, f"s3://{BUCKET}/{key}", out.getvalue().to_pybytes())


def check(db: lake.Lake, case: Case) -> None:
    on_athena = db.engine.takes_text
    if on_athena and OF_NOW.search(case.sql):
        pytest.skip("Athena's time is not the test's")
    found = db.query(case.sql).fetch_all()
    if on_athena and _has_texts_within(case.rows):
        assert found != list(case.rows), "not done yet: texts within arrays, maps and rows"
        return
    assert found == list(case.rows)


def _has_texts_within(rows: Sequence[tuple[Any, ...]]) -> bool:
    nested = [value for row in rows for value in row if isinstance(value, list | dict)]
    return any(isinstance(leaf, str) for value in nested for leaf in _leaves(value))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def ids(cases: Sequence[Case]) -> list[str]:
    return [f"query{place}" for place, _ in enumerate(cases)]
