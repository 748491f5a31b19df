"""A real catalog, in a temporary folder or in Glue, and a session on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from lake.catalog.glue import GlueCatalog
from lake.catalog.sqlite import SqliteCatalog
from lake.errors import LocationForbidden
from lake.interfaces import Catalog
from lake.model import Column, Database, Partition, Table
from lake.sql.ddl.result import StatementResult
from lake.sql.ddl.run import run_ddl
from lake.sql.ddl.session import DdlSession
from tests.catalog.conftest import connection_to

BUCKET = "s3://lake/"


def resolve_location(text: str) -> str:
    if not text.startswith(BUCKET):
        raise LocationForbidden(f"{text!r} is not in the lake")
    return text


@pytest.fixture(params=["sqlite", "glue"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    with _catalog(request.param, request, tmp_path) as catalog:
        catalog.create_database(Database("web"))
        yield catalog


def _catalog(kind: str, request: pytest.FixtureRequest, folder: Path) -> AbstractContextManager[Catalog]:
    if kind == "sqlite":
        return SqliteCatalog.create(folder / "catalog.db", bucket="lake")
    return nullcontext(GlueCatalog(connection_to(request.getfixturevalue("moto"))))


@pytest.fixture
def found() -> list[tuple[str, ...]]:
    """What a repair will find in storage."""
    return []


@pytest.fixture
def session(catalog: Catalog, found: list[tuple[str, ...]]) -> DdlSession:
    def repair(table: Table) -> Iterable[tuple[str, ...]]:
        added = [Partition(values, f"{table.location}{'/'.join(values)}/", table.descriptor) for values in found]
        catalog.add_partitions(table.full_name, added)
        return found

    def describe_query(sql: str, database: str) -> list[Column]:
        return [Column("n", "bigint"), Column("at", "timestamp(3) with time zone"), Column("tags", "array<string>")]

    return DdlSession(
        catalog, "web", resolve_location, describe_query, repair, getattr(catalog, "transaction", nullcontext)
    )


@pytest.fixture
def run(session: DdlSession) -> Callable[[str], StatementResult]:
    return lambda sql: run_ddl(sql, session)


@pytest.fixture
def rows(run: Callable[[str], StatementResult]) -> Callable[[str], list[tuple[str | None, ...]]]:
    return lambda sql: list(run(sql).rows)
