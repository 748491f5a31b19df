"""Events by the handful, and what a lake holds of them: in its table, and in its spool."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lake import Lake
from lake.ingest.events import Event
from lake.ingest.frames import Packed, pack_events
from lake.ingest.segments import Segment, read_frames, read_segment

START = datetime(2026, 2, 1, tzinfo=UTC)
TABLE = "readings"


def event(number: int, *, day: int = 0, value: float = 1.0) -> Event:
    """An event of some day from START on; its number is all that tells it from others."""
    ts = START + timedelta(days=day, seconds=number)
    return Event(f"s{number % 3}", ts, "temp", value, f"e{number}", {"site": "JFK"})


def events(numbers: Iterable[int], *, day: int = 0) -> Packed:
    return pack_events([event(number, day=day) for number in numbers])


def held(segment: Segment) -> list[str]:
    """The event_ids that a segment gives, in order."""
    return [found for batch in read_frames(segment) for found in batch.column("event_id").to_pylist()]


def spooled(db: Lake) -> list[str]:
    """The event_ids that wait in the spool, those of segments being written with them."""
    return [found for path in segments(db) for found in held(read_segment(path))]


def segments(db: Lake) -> list[Path]:
    return sorted(db.directory.spool.glob("*.events"))


def delivered(db: Lake, columns: str = "event_id") -> list[str]:
    """One column of the table, sorted; empty without a table."""
    if TABLE not in [table.name for table in db.tables("default")]:
        return []
    return sorted(db.query(f"SELECT {columns} FROM {TABLE}").to_arrow()[0].to_pylist())


def files(db: Lake) -> list[Path]:
    """Every Parquet file below the table's folder, hidden ones with them."""
    return sorted((db.directory.data / "default" / TABLE).rglob("*.parquet"))


def lines(numbers: Iterable[int], *, day: int = 0) -> bytes:
    return b"".join(event(number, day=day).normalised() + b"\n" for number in numbers)


def records(numbers: Iterable[int], *, day: int = 0) -> Iterator[dict[str, object]]:
    for number in numbers:
        made = event(number, day=day)
        yield {"id": made.id, "ts": made.ts, "metric": made.metric, "value": made.value, "event_id": made.event_id}
