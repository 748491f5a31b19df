"""One write from the data to the commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lake.model import TableName
from lake.partitions.layouts.names import hive_path
from lake.storage.faults import writing
from lake.write.commit import Commit
from lake.write.disk import make_folders, remove_empty
from lake.write.keys import Values
from lake.write.leftovers import Leftovers
from lake.write.parts import Rider, WriteParts, Written
from lake.write.places import file_name, new_write_id, staging_folder, version_folder
from lake.write.source import open_reader, slices
from lake.write.stage import StagedFile, Staging, stage
from lake.write.target import Target, choose_target

if TYPE_CHECKING:
    import pyarrow as pa


Stager = Callable[[Staging], list[StagedFile]]
"""Writes and syncs the files of a write, where the staging says."""


@dataclass(frozen=True)
class SingleWrite:
    """`base` is the folder that the table's hidden folders lie in."""

    parts: WriteParts
    stager: Stager
    target: Target
    base: Path
    write_id: str
    overwrite: bool
    rider: Rider

    @classmethod
    def prepare(
        cls,
        parts: WriteParts,
        data: object,
        name: TableName,
        *,
        partition_by: Sequence[str],
        overwrite: bool,
        rider: Rider,
    ) -> SingleWrite:
        """Look at the data's columns and at the table. Nothing is written."""
        reader = open_reader(data, str(name))
        target = choose_target(
            parts.catalog, parts.storage, name, reader.schema, partition_by, bucket=parts.storage.paths.bucket
        )

        def stager(staging: Staging) -> list[StagedFile]:
            return stage((target.fit.convert(batch) for batch in slices(reader)), staging)

        base = parts.storage.path(target.base)
        return cls(parts, stager, target, base, new_write_id(parts.clock.now()), overwrite, rider)

    @classmethod
    def of_files(
        cls, parts: WriteParts, schema: pa.Schema, stager: Stager, name: TableName, rider: Rider
    ) -> SingleWrite:
        """An append to a table of which `stager` writes the files, with the columns of `schema`."""
        keys = [key.name for key in parts.catalog.get_table(name).partition_keys]
        target = choose_target(parts.catalog, parts.storage, name, schema, keys, bucket=parts.storage.paths.bucket)
        base = parts.storage.path(target.base)
        return cls(parts, stager, target, base, new_write_id(parts.clock.now()), overwrite=False, rider=rider)

    def run(self) -> Written:
        with writing(f"table {str(self.target.name)!r}", self.base), self.parts.locks.writing(self.write_id):
            try:
                files = self._stage()
                added = self._commit(files)
            except BaseException:
                Leftovers(self.parts).abandon(self.base, self.write_id)
                raise
        partitions = len(files) if self.target.table.partition_keys else 0
        return Written(sum(file.rows for file in files), len(files), partitions, added)

    def _stage(self) -> list[StagedFile]:
        keys = self.target.table.partition_keys
        staging_place = staging_folder(self.base, self.write_id)
        folder = version_folder(self.base, self.write_id) if self.overwrite else staging_place
        make_folders([staging_place, folder])

        def path_of(number: int, values: Values) -> Path:
            below = hive_path((key.name for key in keys), values) if self.overwrite and values else ""
            return folder / below / file_name(self.write_id, number)

        settings = self.parts.settings
        staging = Staging(
            folder=folder,
            spill_folder=staging_place,
            table=str(self.target.name),
            keys=keys,
            path_of=path_of,
            chunk_bytes=settings.chunk_bytes,
            threads=settings.threads,
        )
        files = self.stager(staging)
        if self.overwrite and keys and not files:
            # No partition will lie in it.
            remove_empty(folder, below=self.base)
        return files

    def _commit(self, files: Sequence[StagedFile]) -> int:
        with self.parts.locks.alone(self.target.name):
            self.parts.journal.roll_forward(self.target.name)
            commit = Commit(self.parts, self.target, self.write_id, self.parts.clock.now())
            return commit.overwrite(files) if self.overwrite else commit.append(files, self.rider)
