"""What a write that did not end leaves in its table's hidden folders, and how it is told from one that goes on."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from lake.errors import LakeError
from lake.write.disk import remove_empty
from lake.write.parts import WriteParts
from lake.write.places import STAGING, staging_folder, version_folder


class Leftovers:
    def __init__(self, parts: WriteParts) -> None:
        self._locks = parts.locks
        self._journal = parts.journal

    def list_dead(self, base: Path) -> list[str]:
        """Return the writes that began below the location `base` and whose process is gone, committed or not."""
        try:
            found = sorted(path.name for path in (base / STAGING).iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [write_id for write_id in found if not self._locks.is_alive(write_id)]

    def sweep(self, base: Path) -> None:
        """Delete what writes that died uncommitted have written. Committed ones are rolled forward before this."""
        for write_id in self.list_dead(base):
            self._delete_uncommitted(base, write_id)

    def abandon(self, base: Path, write_id: str) -> None:
        """Clear away after an error of this process, as far as it lets us; the next write does the rest."""
        with suppress(OSError, LakeError):
            self._delete_uncommitted(base, write_id)
            self._locks.forget(write_id)

    def _delete_uncommitted(self, base: Path, write_id: str) -> None:
        """The journal is asked first: a write that is neither there nor staged any more has been finished, and stays."""
        if self._journal.is_committed(write_id):
            return
        staging = staging_folder(base, write_id)
        if not staging.is_dir():
            return
        version = version_folder(base, write_id)
        if version.is_dir():
            shutil.rmtree(version)
            remove_empty(version.parent, below=base)
        shutil.rmtree(staging)
        remove_empty(staging.parent, below=base)
