"""S3 Metadata in the place of a listing: a table that S3 keeps of a bucket's objects, asked by SQL.

docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-inventory-schema.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lake.errors import UsageError
from lake.model import StoredObject
from lake.partitions.survey.inventory import split_root

if TYPE_CHECKING:
    from lake.result import Result

OWN_TABLE = "s3-metadata"
"""Means the live inventory table that S3 itself keeps of the bucket where a table lies."""

LATENESS = timedelta(hours=1)
"""Within which S3 brings the table up to date."""

LATEST = """
SELECT key, max_by(size, sequence_number) AS size, max_by(last_modified_date, sequence_number) AS modified_at
FROM {table}
WHERE bucket = :bucket AND key >= :first AND key < :end
GROUP BY key
HAVING NOT coalesce(max_by(is_delete_marker, sequence_number), false)
ORDER BY key
"""
"""Of each key its latest version, unless that says that it was deleted; a later version has the larger sequence number."""

LAST = "\U0010ffff"

_NAME = re.compile(r'(?:"(?:[^"]|"")+"|[A-Za-z0-9_]+)(?:\.(?:"(?:[^"]|"")+"|[A-Za-z0-9_]+)){0,2}')

Ask = Callable[[str, Mapping[str, str]], "Result"]
"""Runs a query, with values for its parameters; the rows may be read once."""


@dataclass(frozen=True)
class MetadataTable:
    """`name` is a table's, as SQL has it, with the columns of a live inventory table; or `s3-metadata`."""

    ask: Ask
    name: str
    made_at: datetime

    def objects(self, roots: Collection[str]) -> Iterator[StoredObject]:
        """Yield the objects below some roots, by key; raise what the query fails with."""
        for root in roots:
            yield from self._below(*split_root(root))

    def _below(self, url: str, prefix: str) -> Iterator[StoredObject]:
        bucket = url.partition("://")[2].removesuffix("/")
        # A prefix ends with a slash, and the character after the slash is the zero.
        bounds = {"bucket": bucket, "first": prefix, "end": prefix[:-1] + "0" if prefix else LAST}
        result = self.ask(LATEST.format(table=self._table(bucket)), bounds)
        for batch in result.batches():
            keys, sizes, times = (column.to_pylist() for column in batch.columns)
            for key, size, modified_at in zip(keys, sizes, times, strict=True):
                yield StoredObject(url + key, size or 0, modified_at)

    def _table(self, bucket: str) -> str:
        return f'"s3tablescatalog/aws-s3"."b_{bucket}"."inventory"' if self.name == OWN_TABLE else self.name


def open_metadata_table(ask: Ask, name: str, now: datetime) -> MetadataTable:
    """Raise UsageError for what is no name of a table."""
    if name != OWN_TABLE and _NAME.fullmatch(name) is None:
        raise UsageError(
            f"{name!r} is no inventory",
            hint=f"give the manifest.json of an S3 Inventory, {OWN_TABLE}, or a table of S3 Metadata",
        )
    return MetadataTable(ask, name, now - LATENESS)
