"""Files in S3 as DuckDB comes at them: read where they are where it can, else from copies that go with the query."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa

from lake.engine.files import Schemas, plan_locations
from lake.engine.httpfs import Secret
from lake.engine.readers.literals import without_patterns
from lake.engine.remote_faults import told
from lake.engine.sandbox import Reach
from lake.engine.unpack import is_copied, readable_path
from lake.model import StorageDescriptor, StoredObject
from lake.sql.plan import QueryPlan
from lake.storage.s3 import ObjectStorage, place_of
from lake.storage.s3_endpoint import Endpoint, endpoint_of, frozen_credentials


class RemoteAccess:
    """Instances read the prefixes of a plan with the credentials of this moment, and are not used with later ones.

    `temp_folder` holds copies of what DuckDB cannot read over the network.
    """

    def __init__(self, storage: ObjectStorage, temp_folder: Path) -> None:
        self._storage = storage
        self._temp_folder = temp_folder
        self._schemas = Schemas()
        self._endpoints: dict[str, Endpoint] = {}

    def reach(self, plan: QueryPlan) -> Reach:
        by_bucket: dict[str, set[str]] = {}
        for location in plan_locations(plan):
            place = place_of(location if location.endswith("/") else f"{location}/")
            by_bucket.setdefault(place.bucket, set()).add(url_of(place.bucket, place.key))
        secrets = frozenset(self.secret(bucket, tuple(sorted(prefixes))) for bucket, prefixes in by_bucket.items())
        folders = {prefix for prefixes in by_bucket.values() for prefix in prefixes}
        return Reach(frozenset({*folders, f"{self._temp_folder}/"}), secrets=secrets)

    @contextmanager
    def files(
        self, plan: QueryPlan, cursor: duckdb.DuckDBPyConnection, go_on: Callable[[], None]
    ) -> Iterator[RemoteFiles]:
        folder = Path(tempfile.mkdtemp(prefix="copies-", dir=self._temp_folder))
        files = RemoteFiles(self._storage, folder, self._schemas, cursor, go_on)
        try:
            yield files
        except (duckdb.Error, OSError, pa.ArrowException, UnicodeDecodeError) as failure:
            raised = told(failure, plan.locations, files.copies, self._storage.connection.options.profile)
            if raised is None:
                raise
            raise raised from failure
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def secret(self, bucket: str, prefixes: tuple[str, ...]) -> Secret:
        """Return what opens prefixes of a bucket now; raise what stands against having credentials."""
        credentials = frozen_credentials(self._storage)
        if bucket not in self._endpoints:
            self._endpoints[bucket] = endpoint_of(self._storage, bucket)
        endpoint = self._endpoints[bucket]
        split = urlsplit(endpoint.url)
        return Secret(
            prefixes=prefixes,
            key_id=credentials.access_key,
            key=credentials.secret_key,
            token=credentials.token,
            region=endpoint.region,
            endpoint=split.netloc + split.path.rstrip("/"),
            path_style=endpoint.path_style,
            use_ssl=split.scheme == "https",
            ca_file=endpoint.ca_file,
        )


class RemoteFiles:
    """`copies` tells which location each copy stands for."""

    def __init__(
        self,
        storage: ObjectStorage,
        folder: Path,
        schemas: Schemas,
        cursor: duckdb.DuckDBPyConnection,
        go_on: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._folder = folder
        self._schemas = schemas
        self._cursor = cursor
        self._go_on = go_on
        self._copied: dict[str, Path] = {}
        self.copies: dict[str, str] = {}

    def paths(self, files: Sequence[StoredObject], descriptor: StorageDescriptor) -> list[str]:
        self._copy([file for file in files if needs_copy(file.location, descriptor)])
        return [self._path(file, descriptor) for file in files]

    def parquet_columns(self, file: StoredObject) -> Mapping[str, str]:
        copy = self._copied.get(file.location)
        path = without_patterns(str(copy)) if copy else _url(file.location)
        return self._schemas.columns(file, path, self._cursor)

    def _path(self, file: StoredObject, descriptor: StorageDescriptor) -> str:
        copy = self._copied.get(file.location)
        if copy is None:
            return _url(file.location)
        self._go_on()
        path = readable_path(copy, descriptor, self._folder)
        self.copies[str(path)] = file.location
        return without_patterns(str(path))

    def _copy(self, files: Sequence[StoredObject]) -> None:
        targets: dict[str, Path] = {}
        for file in files:
            if file.location not in self._copied:
                folder = self._folder / str(len(self._copied) + len(targets))
                folder.mkdir()
                # Readers go by the end of a name.
                targets[file.location] = folder / f"file{Path(file.location).suffix}"
        self.copies |= {str(path): location for location, path in targets.items()}
        for _ in self._storage.download_many(targets):
            self._go_on()
        self._copied |= targets


def needs_copy(location: str, descriptor: StorageDescriptor) -> bool:
    """Say whether DuckDB cannot read an object over the network, or would ask for another one by its name."""
    key = place_of(location).key
    return is_copied(Path(key).suffix, descriptor) or not {".", ".."}.isdisjoint(key.split("/"))


def url_of(bucket: str, key: str) -> str:
    return f"s3://{bucket}/{key}"


def _url(location: str) -> str:
    place = place_of(location)
    return url_of(place.bucket, place.key)
