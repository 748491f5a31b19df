"""A lake in a folder with a writer, and its tables as raw DuckDB reads the files that the catalog names."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lake.catalog.sqlite import SqliteCatalog
from lake.clock import Clock
from lake.directory import create_lake
from lake.model import NULL_PARTITION, Table, TableName
from lake.settings import WriteSettings
from lake.storage.files import FileStorage
from lake.types import parse_type
from lake.write.writer import Writer, Written


class Place:
    """A lake's parts, opened; `rows` and `files` read what readers of the lake would."""

    def __init__(self, folder: Path, clock: Clock, settings: WriteSettings | None = None) -> None:
        self.directory = create_lake(folder, bucket="lake", clock=clock).directory
        self.data = self.directory.data
        self.catalog = SqliteCatalog(self.directory.catalog_db, bucket="lake", clock=clock)
        self.storage = FileStorage(self.data, bucket="lake")
        self.locks = self.directory.control / "locks"
        self.writer = Writer(self.catalog, self.storage, locks=self.locks, clock=clock, settings=settings)

    def close(self) -> None:
        self.writer.close()
        self.catalog.close()

    def write(self, data: Any, name: str, **options: Any) -> Written:
        return self.writer.write(data, TableName.parse(name, "default"), **options)

    def table(self, name: str) -> Table:
        return self.catalog.get_table(TableName.parse(name, "default"))

    def files(self, name: str) -> list[tuple[tuple[str, ...], Path]]:
        """Every file that a reader sees now, with its partition's values."""
        table = self.table(name)
        assert table.location is not None
        with self.writer.read_lock(table.full_name) as hidden:
            places = [((), table.location)]
            if table.partition_keys:
                places = [(partition.values, partition.location) for partition in self.catalog.list_partitions(table)]
            places = [(values, location.removesuffix("/") + "/") for values, location in places]
            found = [
                (values, self.storage.path(stored.location))
                for values, location in places
                for stored in self.storage.list_keys(location)
                if not any(step[:1] in "_." for step in stored.location[len(location) :].split("/"))
            ]
        return [(values, path) for values, path in found if not path.name.startswith(tuple(hidden))]

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """The table's rows, keys last, sorted by their text."""
        import duckdb

        table = self.table(name)
        columns = [f'"{column.name}"' for column in table.columns]
        keys = [f"CAST(? AS {parse_type(key.type).duckdb})" for key in table.partition_keys]
        sql = f"SELECT {', '.join([*columns, *keys])} FROM read_parquet(?)"
        rows = []
        with duckdb.connect() as connection:
            for values, path in self.files(name):
                texts = [None if value == NULL_PARTITION else value for value in values]
                rows += connection.execute(sql, [*texts, str(path)]).fetchall()
        return sorted(rows, key=repr)

    def left_over(self) -> list[str]:
        """Files below data/ that no reader sees and nobody waits for, and marks of writes in progress."""
        hidden = [path for path in self.data.rglob("*") if "_staging" in path.parts and path.is_file()]
        return sorted(str(path) for path in [*hidden, *self.locks.glob("write-*")])


def moment(*parts: int) -> datetime:
    """A time as Athena's timestamps are: without a zone."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc, arg-type]
