"""What a delivery appends at once: as many frames of segments as it may hold in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lake.ingest.segments import Frame, Segment


@dataclass(frozen=True, slots=True)
class Portion:
    """The frames of a segment that are delivered together: `part` is the segment with no others.

    `until` is where in its file they end, or None where no others follow.
    """

    segment: Segment
    part: Segment
    until: int | None

    @property
    def name(self) -> str:
        return self.segment.name

    @property
    def events(self) -> int:
        return self.part.events

    @property
    def is_last(self) -> bool:
        return self.until is None


def portions_of(segment: Segment, start: int, limit: int) -> Iterator[Portion]:
    """Yield the frames from byte `start` on, in portions that end as soon as they take `limit` bytes of memory."""
    rest = [frame for frame in segment.frames if frame.offset >= start]
    held: list[Frame] = []
    memory = 0
    for frame in rest[:-1]:
        held.append(frame)
        memory += frame.memory
        if memory >= limit:
            yield _portion(segment, held, frame.end)
            held, memory = [], 0
    yield _portion(segment, [*held, *rest[-1:]], None)


def _portion(segment: Segment, frames: Sequence[Frame], until: int | None) -> Portion:
    return Portion(segment, replace(segment, frames=tuple(frames)), until)
