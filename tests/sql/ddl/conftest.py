"""A real catalog in a temporary folder, and a session on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from lake.catalog.sqlite import SqliteCatalog
from lake.errors import LocationForbidden
from lake.model import Column, Database, Partition, Table
from lake.sql.ddl.result import StatementResult
from lake.sql.ddl.run import run_ddl
from lake.sql.ddl.session import DdlSession

BUCKET = "s3://lake/"


def resolve_location(text: str) -> str:
    if not text.startswith(BUCKET):
        raise LocationForbidden(f"{text!r} is not in the lake")
    return text


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqliteCatalog]:
    with SqliteCatalog.create(tmp_path / "catalog.db", bucket="lake") as catalog:
        catalog.create_database(Database("web"))
        yield catalog


@pytest.fixture
def found() -> list[tuple[str, ...]]:
    """What a repair will find in storage."""
    return []


@pytest.fixture
def session(catalog: SqliteCatalog, found: list[tuple[str, ...]]) -> DdlSession:
    def repair(table: Table) -> Iterable[tuple[str, ...]]:
        added = [Partition(values, f"{table.location}{'/'.join(values)}/", table.descriptor) for values in found]
        catalog.add_partitions(table.full_name, added)
        return found

    def describe_query(sql: str, database: str) -> list[Column]:
        return [Column("n", "bigint"), Column("at", "timestamp(3) with time zone"), Column("tags", "array<string>")]

    return DdlSession(catalog, "web", resolve_location, describe_query, repair, catalog.transaction)


@pytest.fixture
def run(session: DdlSession) -> Callable[[str], StatementResult]:
    return lambda sql: run_ddl(sql, session)


@pytest.fixture
def rows(run: Callable[[str], StatementResult]) -> Callable[[str], list[tuple[str | None, ...]]]:
    return lambda sql: list(run(sql).rows)
