"""A place whose tables lie in S3, its catalog in a file."""

from pathlib import Path
from typing import Any

from lake.aws.connection import AwsConnection
from lake.catalog.sqlite import SqliteCatalog
from lake.clock import Clock
from lake.directory import create_lake
from lake.storage.s3 import ObjectStorage
from lake.write.objects import ObjectWriter
from tests.write.place import Place

BUCKET = "lake"


class ObjectPlace(Place):
    """`data` is a copy of the bucket, made anew whenever somebody looks at files."""

    def __init__(self, folder: Path, clock: Clock, connection: AwsConnection) -> None:
        self.directory = create_lake(folder, bucket=BUCKET, clock=clock).directory
        self.data = self.directory.data
        self.catalog = SqliteCatalog(self.directory.catalog_db, bucket=BUCKET, clock=clock)
        self.objects = ObjectStorage(connection)
        self.temp = folder / "temp"
        self.temp.mkdir()
        self.storage: Any = _Copied(self.objects, self.data)
        self.writer: Any = ObjectWriter(self.catalog, self.objects, self.temp, clock=clock, bucket=BUCKET)

    def close(self) -> None:
        self.catalog.close()

    def held(self) -> list[str]:
        return sorted(
            each.location.removeprefix(f"s3://{BUCKET}/") for each in self.objects.list_keys(f"s3://{BUCKET}/")
        )

    def left_over(self) -> list[str]:
        return [str(path) for path in self.temp.iterdir()]


class _Copied:
    def __init__(self, objects: ObjectStorage, folder: Path) -> None:
        self._objects = objects
        self._folder = folder
        self.list_keys = objects.list_keys

    def path(self, location: str) -> Path:
        path = self._folder / location.removeprefix(f"s3://{BUCKET}/")
        if not location.endswith("/"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._objects.download(location, path)
        return path
