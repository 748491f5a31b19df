"""The catalog and the storage of a folder, put together by hand: what partition management needs of a lake."""

from __future__ import annotations

from pathlib import Path

from lake.catalog.sqlite import SqliteCatalog
from lake.model import Database
from lake.storage.files import FileStorage

BUCKET = "lake"


def create_directory(folder: Path) -> tuple[SqliteCatalog, FileStorage]:
    (folder / "data").mkdir()
    catalog = SqliteCatalog.create(folder / "catalog.db", bucket=BUCKET)
    catalog.create_database(Database("web"))
    return catalog, FileStorage(folder / "data", bucket=BUCKET)


def open_directory(folder: Path) -> tuple[SqliteCatalog, FileStorage]:
    return SqliteCatalog(folder / "catalog.db", bucket=BUCKET), FileStorage(folder / "data", bucket=BUCKET)
