"""The catalogs that every behaviour is held against."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from lake.catalog.sqlite import SqliteCatalog
from lake.clock import Clock
from lake.interfaces import Catalog
from lake.model import Column, Database, StorageDescriptor, Table

BUCKET = "bucket"


def sqlite_catalog(folder: Path, clock: Clock) -> AbstractContextManager[Catalog]:
    return SqliteCatalog.create(folder / "catalog.db", bucket=BUCKET, clock=clock)


CATALOGS: dict[str, Callable[[Path, Clock], AbstractContextManager[Catalog]]] = {"sqlite": sqlite_catalog}


@pytest.fixture(params=CATALOGS)
def catalog(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Catalog]:
    """An empty catalog."""
    with CATALOGS[request.param](tmp_path, clock) as catalog:
        yield catalog


@pytest.fixture
def clicks(catalog: Catalog) -> Table:
    """Table web.clicks with keys dt and hour, as the catalog gives it."""
    catalog.create_database(Database("web"))
    catalog.create_table(clicks_table())
    return catalog.get_table(clicks_table().full_name)


def clicks_table() -> Table:
    return Table(
        "web",
        "clicks",
        StorageDescriptor(columns=(Column("id", "string"), Column("n", "bigint", "how many"))),
        location=f"s3://{BUCKET}/web/clicks/",
        partition_keys=(Column("dt", "string"), Column("hour", "string")),
    )
