"""What has been read of a block of records."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from lake.ingest.events import Reason
from lake.ingest.records import Records, RejectedRecord


@dataclass(frozen=True)
class Read:
    """`events` have EVENT_SCHEMA, in the order of the records and of melted columns, and an event_id each.

    `rejected` are in the order of lines; `careful` says how many of the records were read one by one. `mapped` are the columns
    of the mapping that any of the records has, `derived` how many events were given an event_id.
    """

    events: pa.Table
    rejected: list[RejectedRecord]
    records: int
    careful: int
    mapped: frozenset[str] = frozenset()
    derived: int = 0

    def ends_within(self, records: Records) -> bool:
        """Say whether the last of these lines of JSON is but the beginning of one, as of a file that is being written."""
        if not (records.unended and records.kind == "json" and self.rejected):
            return False
        last = self.rejected[-1]
        return last.line == records.lines[-1].as_py() and last.reason in (Reason.NOT_JSON, Reason.NOT_UTF8)

    def without_last(self) -> Read:
        return replace(self, rejected=self.rejected[:-1], records=self.records - 1)
