"""What has been read of a block of records."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from lake.ingest.records import RejectedRecord


@dataclass(frozen=True)
class Read:
    """`events` have EVENT_SCHEMA, in the order of the records and of melted columns, and an event_id each.

    `rejected` are in the order of lines; `careful` says how many of the records were read one by one. `mapped` are the columns
    of the mapping that any of the records has.
    """

    events: pa.Table
    rejected: list[RejectedRecord]
    records: int
    careful: int
    mapped: frozenset[str] = frozenset()
