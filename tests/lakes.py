"""An empty lake of each kind, for behaviours that all of them have.

- `folder`: DuckDB over files, in `tmp_path / "lake"`.
- `glue`: DuckDB over Glue and S3, which are Moto's.
- `athena`: Athena over the same, its API answered by `lake.serve`.

Each has bucket `lake` and database `default` in it, so that `LOCATION 's3://lake/t/'` means the same in all.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import lake
from lake.aws.connection import AwsConnection
from lake.aws.parts import AwsParts
from lake.clock import Clock, SystemClock
from tests.catalog.conftest import connection_to
from tests.servers import Server, reset_moto, serve

BUCKET = "lake"
RESULTS = "results"
FOLDER, GLUE, ATHENA = "folder", "glue", "athena"


@dataclass(frozen=True)
class Cloud:
    """Moto, `lake.serve` before it, and a connection to both that all tests share: a client takes longer than a test."""

    moto: Server
    server: Server
    connection: AwsConnection

    def reset(self) -> None:
        """Begin anew, with both buckets and database `default`."""
        reset_moto(self.moto)
        for bucket in (BUCKET, RESULTS):
            self.connection.client("s3").create_bucket(Bucket=bucket)
        database = {"Name": "default", "LocationUri": f"s3://{BUCKET}/default/"}
        self.connection.client("glue").create_database(DatabaseInput=database)

    @contextmanager
    def lake(self, engine: str, clock: Clock | None = None) -> Iterator[lake.Lake]:
        parts = AwsParts(self.connection, engine_name=engine, clock=clock or SystemClock())
        with lake.Lake(parts, database="default") as db:
            yield db


@contextmanager
def cloud_before(moto: Server) -> Iterator[Cloud]:
    options = ("--catalog", "glue", "--forward", "--output-location", f"s3://{RESULTS}/")
    with serve(*options, behind=moto) as server:
        yield Cloud(moto, server, connection_to(server))


@contextmanager
def folder_lake(request: pytest.FixtureRequest, clock: Clock) -> Iterator[lake.Lake]:
    folder: Path = request.getfixturevalue("tmp_path")
    lake.create_lake(folder / BUCKET, clock=clock)
    with lake.connect(folder / BUCKET, clock=clock) as db:
        yield db


def glue_lake(request: pytest.FixtureRequest, clock: Clock) -> AbstractContextManager[lake.Lake]:
    found: Cloud = request.getfixturevalue("cloud")
    return found.lake("duckdb", clock)


def athena_lake(request: pytest.FixtureRequest, clock: Clock) -> AbstractContextManager[lake.Lake]:
    found: Cloud = request.getfixturevalue("cloud")
    return found.lake("athena", clock)


LAKES: dict[str, Callable[[pytest.FixtureRequest, Clock], AbstractContextManager[lake.Lake]]] = {
    FOLDER: folder_lake,
    GLUE: glue_lake,
    ATHENA: athena_lake,
}
KINDS = {"lake_kind": tuple(LAKES), "duckdb_kind": (FOLDER, GLUE)}
"""Of each fixture that chooses one."""


def choose_kinds(metafunc: pytest.Metafunc) -> None:
    """Run a test on each kind of lake: every day on a folder, on the others where it says `everywhere`.

    `everywhere("glue")` names those others. `lacks("athena", reason, raises=…)` says what one of them does not do.
    """
    marker = metafunc.definition.get_closest_marker("everywhere")
    quick = {FOLDER, *(marker.args or LAKES)} if marker else {FOLDER}
    lacking = {mark.args[0]: _expected(mark) for mark in metafunc.definition.iter_markers("lacks")}
    for fixture, kinds in KINDS.items():
        if fixture in metafunc.fixturenames:
            marks = {kind: [*([] if kind in quick else [pytest.mark.slow]), *lacking.get(kind, [])] for kind in kinds}
            metafunc.parametrize(fixture, [pytest.param(kind, marks=own) for kind, own in marks.items()], indirect=True)


def _expected(mark: pytest.Mark) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=mark.args[1], raises=mark.kwargs["raises"], strict=True)]


def put(db: lake.Lake, location: str, content: str | bytes) -> None:
    """Put a file into any lake, at a URL or a path below its bucket."""
    where = location if location.startswith("s3://") else f"s3://{BUCKET}/{location}"
    db.storage.put(where, content.encode() if isinstance(content, str) else content)
