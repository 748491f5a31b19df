"""The catalogs that every behaviour is held against."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

import pytest

from lake.aws.connection import AwsConnection, AwsOptions
from lake.catalog.glue import GlueCatalog
from lake.catalog.sqlite import SqliteCatalog
from lake.interfaces import Catalog
from lake.model import Column, Database, StorageDescriptor, Table
from tests.servers import CREDENTIALS, REGION, Server

if TYPE_CHECKING:
    from tests.catalog import strategies

BUCKET = "bucket"


def sqlite_catalog(request: pytest.FixtureRequest) -> AbstractContextManager[Catalog]:
    folder, clock = request.getfixturevalue("tmp_path"), request.getfixturevalue("clock")
    return SqliteCatalog.create(folder / "catalog.db", bucket=BUCKET, clock=clock)


def moto_catalog(request: pytest.FixtureRequest) -> AbstractContextManager[Catalog]:
    return nullcontext(GlueCatalog(connection_to(request.getfixturevalue("moto"))))


@contextmanager
def fake_glue_catalog(request: pytest.FixtureRequest) -> Iterator[Catalog]:
    from tests.catalog.fake_glue import fake_glue

    with fake_glue() as fake:
        yield GlueCatalog(connection_to(fake.server))


CATALOGS: dict[str, Callable[[pytest.FixtureRequest], AbstractContextManager[Catalog]]] = {
    "sqlite": sqlite_catalog,
    "glue": moto_catalog,
    "fake_glue": fake_glue_catalog,
}


@pytest.fixture(params=CATALOGS)
def catalog(request: pytest.FixtureRequest) -> Iterator[Catalog]:
    """An empty catalog."""
    with CATALOGS[request.param](request) as catalog:
        yield catalog


@pytest.fixture
def kinds(request: pytest.FixtureRequest) -> "strategies.Kinds":
    """What the test's `catalog` may be given."""
    from tests.catalog import strategies

    return strategies.ANY if request.node.callspec.params["catalog"] == "sqlite" else strategies.GLUE


def connection_to(server: Server) -> AwsConnection:
    """A connection to a service of the tests, with credentials that are no environment's."""
    connection = AwsConnection(AwsOptions(region=REGION, endpoint_url=server.endpoint_url))
    connection.session.set_credentials(*CREDENTIALS.values())
    return connection


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
