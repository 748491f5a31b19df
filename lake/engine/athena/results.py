"""The rows of a query that succeeded: from the API while they are few, from the object that Athena wrote when they are many."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pyarrow as pa

from lake.engine.athena.calls import AthenaCalls
from lake.engine.athena.columns import NESTED, result_columns
from lake.engine.athena.rows import RowReader, csv_text, page_rows, shown_rows, whole_rows
from lake.errors import AccessDenied, LakeError, StorageFailed
from lake.interfaces import Storage
from lake.types import DataType

logger = logging.getLogger(__name__)

CHUNK_BYTES = 8 * 1024 * 1024

Describe = Callable[[str, str], Sequence[DataType]]
"""Tells the types of a query's columns, from its text and database; raises LakeError where it cannot."""


@dataclass(frozen=True, slots=True)
class Rows:
    """`batches` come as they are read. `count` is how many rows a statement wrote, None for one that gives rows."""

    schema: pa.Schema
    types: Sequence[DataType]
    batches: Iterator[pa.RecordBatch]
    count: int | None


class ResultReader:
    """`describe` is asked where Athena tells that a column is nested, but not of what."""

    def __init__(self, calls: AthenaCalls, storage: Storage, describe: Describe | None = None) -> None:
        self._calls = calls
        self._storage = storage
        self._describe = describe

    def read(self, raw: dict[str, Any], known: Sequence[DataType] | None, *, intervals: bool = True) -> Rows:
        """Begin with the result of an execution of the API.

        `known` are its columns' types where they were told; without `intervals` those are given as texts.
        """
        execution_id = str(raw["QueryExecutionId"])
        page = self._calls.page(execution_id)
        infos = (page["ResultSet"].get("ResultSetMetadata") or {}).get("ColumnInfo") or []
        reader = RowReader(result_columns(infos, known or self._described(raw, infos), intervals=intervals))
        if not infos or _writes(raw):
            return Rows(pa.schema([]), (), iter(()), page.get("UpdateCount"))
        if untold := [column.name for column in reader.columns if not column.told]:
            logger.warning(
                "query %s: %s of a nested type given as text, which Athena's results do not tell apart",
                execution_id,
                f"column {untold[0]} is" if len(untold) == 1 else f"columns {', '.join(untold)} are",
            )
        batches = self._batches(raw, page, reader)
        return Rows(reader.schema, [column.type for column in reader.columns], batches, None)

    def _described(self, raw: dict[str, Any], infos: Sequence[dict[str, Any]]) -> Sequence[DataType] | None:
        if self._describe is None or raw.get("StatementType") != "DML":
            return None
        if not any(str(info["Type"]).lower() in NESTED for info in infos):
            return None
        database = str(raw.get("QueryExecutionContext", {}).get("Database") or "default")
        try:
            return self._describe(str(raw["Query"]), database)
        except LakeError as error:
            logger.info("query %s: the types of its columns are not known: %s", raw["QueryExecutionId"], error)
            return None

    def _batches(self, raw: dict[str, Any], page: dict[str, Any], reader: RowReader) -> Iterator[pa.RecordBatch]:
        if page.get("NextToken") and (location := _object(raw)) is not None:
            try:
                yield from self._of_object(location, reader)
            except _NotAllowed as refused:
                logger.warning("%s; the rows are read from the API, which is slower", refused)
            else:
                return
        yield from self._of_pages(raw, page, reader)

    def _of_object(self, location: str, reader: RowReader) -> Iterator[pa.RecordBatch]:
        chunks = _chunks(self._storage, location)
        try:
            first = next(chunks, b"")
        except (AccessDenied, StorageFailed) as error:
            raise _NotAllowed(error.message) from error
        skip = 1
        for piece in whole_rows(chain([first], chunks)):
            batch = reader.batch(piece, skip=skip)
            skip = 0
            if batch.num_rows:
                yield batch

    def _of_pages(self, raw: dict[str, Any], page: dict[str, Any], reader: RowReader) -> Iterator[pa.RecordBatch]:
        execution_id = str(raw["QueryExecutionId"])
        names = [column.name for column in reader.columns]
        skip = raw.get("StatementType", "DML") == "DML"
        shown = not skip and not str(raw.get("SubstatementType") or "").startswith("SHOW_CREATE")
        while True:
            rows = page_rows(page)
            if shown:
                rows = shown_rows(rows, len(names))
            if skip and rows and rows[0] == names:
                rows = rows[1:]
            skip = False
            if rows:
                yield reader.batch(csv_text(rows))
            token = page.get("NextToken")
            if not token:
                return
            page = self._calls.page(execution_id, token)


def _chunks(storage: Storage, location: str) -> Iterator[bytes]:
    stored = storage.head(location)
    if stored is None:
        raise StorageFailed(f"there is no {location}")
    for start in range(0, stored.size, CHUNK_BYTES):
        yield storage.get_range(location, start=start, length=CHUNK_BYTES)


class _NotAllowed(Exception):
    """The object cannot be read, but the API may give its rows."""


def _object(raw: dict[str, Any]) -> str | None:
    """Return where the rows lie as CSV; None where they do not, or where Athena keeps them itself."""
    location = raw.get("ResultConfiguration", {}).get("OutputLocation")
    return location if location and location.endswith(".csv") and raw.get("StatementType") == "DML" else None


def _writes(raw: dict[str, Any]) -> bool:
    """Say whether a statement writes rows instead of giving some."""
    kind = str(raw.get("SubstatementType") or "").upper()
    return kind in ("INSERT", "UPDATE", "DELETE", "MERGE", "CREATE_TABLE_AS_SELECT", "UNLOAD", "VACUUM_TABLE")
