"""What was acknowledged is read again, whatever became of the rest of its file; nobody takes a file that is being written."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lake.clock import FixedClock, SystemClock
from lake.errors import NewerFormat, StorageFailed
from lake.ingest.events import Event
from lake.ingest.frames import pack_columns, pack_events
from lake.ingest.schema import event_columns
from lake.ingest.segments import TITLE, Segment, SegmentWriter, is_left, read_frames, read_segment
from lake.ingest.spool import MAKING_TAKES, Spool
from tests.ingest.readings import event, events, held

ROOT = Path(__file__).parents[2]
FRAMES = ([0, 1], [2], [3, 4, 5])
NAMES = [[f"e{number}" for number in frame] for frame in FRAMES]


@pytest.fixture
def spool(tmp_path: Path, clock: FixedClock) -> Spool:
    return Spool(tmp_path / "spool", clock)


def written(spool: Spool, *, seal: bool = True) -> Path:
    writer = spool.new_segment()
    for frame in FRAMES:
        writer.append(events(frame))
    if seal:
        writer.seal()
    else:
        os.close(writer._file)  # as the death of its process does
    return writer.path


def ends_of_frames(path: Path) -> list[int]:
    return [frame.offset + frame.length for frame in read_segment(path).frames]


def frames_of(segment: Segment) -> list[list[str]]:
    """What each frame gives."""
    return [held(Segment(segment.path, (frame,), segment.sealed)) for frame in segment.frames]


# Reading what was written


@pytest.mark.parametrize("seal", [True, False])
def test_a_segment_gives_what_was_appended_in_order(spool: Spool, seal: bool) -> None:
    segment = read_segment(written(spool, seal=seal))
    assert frames_of(segment) == NAMES
    assert (segment.events, segment.sealed, segment.damage) == (6, seal, None)


def test_a_frame_tells_the_span_of_its_events(spool: Spool) -> None:
    frames = read_segment(written(spool)).frames
    assert [(frame.count, frame.last - frame.first) for frame in frames] == [(2, 1000), (1, 0), (3, 2000)]


@given(st.lists(st.lists(st.integers(0, 10_000), min_size=1, max_size=50), max_size=5))
def test_all_columns_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, frames: list[list[int]]) -> None:
    path = tmp_path_factory.mktemp("segment") / "a.events"
    writer = SegmentWriter(path)
    for frame in frames:
        writer.append(events(frame))
    if not frames:
        os.close(writer._file)
        assert read_segment(path) == Segment(path, (), sealed=False)
        return
    writer.seal()
    found = [row for batch in read_frames(read_segment(path)) for row in batch.to_pylist()]
    assert found == event_columns([event(number) for frame in frames for number in frame]).to_pylist()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(st.dictionaries(TEXTS, TEXTS, max_size=3), st.floats(allow_nan=False, allow_infinity=False))))
def test_events_come_back_as_they_were_whatever_is_in_them(
    tmp_path_factory: pytest.TempPathFactory, given_: list[tuple[dict[str, str], float]]
) -> None:
    path = tmp_path_factory.mktemp("segment") / "a.events"
    sent = [
        Event(f"é{n}", event(n).ts, "temp", value + 0.0, f"e\u2028{n}", texts)
        for n, (texts, value) in enumerate(given_)
    ]
    writer = SegmentWriter(path)
    for each in sent:
        writer.append(pack_events([each]))
    if sent:
        writer.append(pack_events(sent))
    writer.seal()
    found = [row for batch in read_frames(read_segment(path)) for row in batch.to_pylist()] if sent else []
    assert found == event_columns([*sent, *sent]).to_pylist()


def test_a_segment_of_the_first_format_is_read(spool: Spool) -> None:
    writer = spool.new_segment()
    writer.append(pack_columns(event_columns([event(0), event(1)])))
    writer.seal()
    writer.path.write_bytes(writer.path.read_bytes().replace(TITLE, b"tap-lake segment 1\n"))
    assert held(read_segment(writer.path)) == ["e0", "e1"]


# Damage


def test_a_file_cut_anywhere_gives_every_frame_before_the_cut(spool: Spool) -> None:
    path = written(spool)
    whole, ends, intact = path.read_bytes(), ends_of_frames(path), payloads(read_segment(path), path.read_bytes())
    starts = [frame.offset for frame in read_segment(path).frames]
    for length in reversed(range(len(whole))):
        os.truncate(path, length)
        segment = read_segment(path)
        assert payloads(segment, whole) == intact[: sum(end <= length for end in ends)], length
        assert not segment.sealed
        assert (segment.damage or "").startswith("it ends within a frame") or length in (len(TITLE), *ends), length
        assert segment.has_rest == any(start <= length < end for start, end in zip(starts, ends, strict=True)), length


@pytest.mark.parametrize("flip", [0x01, 0x80])
def test_any_byte_flipped_never_gives_a_wrong_event_and_spoils_no_frame_before_it(spool: Spool, flip: int) -> None:
    path = written(spool)
    whole, ends, intact = path.read_bytes(), ends_of_frames(path), payloads(read_segment(path), path.read_bytes())
    for place in range(len(whole)):
        overwrite(path, place, whole[place] ^ flip)
        try:
            segment = read_segment(path)
        except NewerFormat:
            assert place < len(TITLE)
            continue
        finally:
            overwrite(path, place, whole[place])
        assert not any(frame.offset <= place < frame.offset + frame.length for frame in segment.frames), place
        found = payloads(segment, whole)
        assert all(payload in intact for payload in found), place
        if place >= len(TITLE):
            before = sum(end <= place for end in ends)
            assert found[:before] == intact[:before], place
            assert segment.damage, place
            assert segment.has_rest, f"byte {place}: a damaged file is kept"


def overwrite(path: Path, place: int, byte: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(bytes([byte]))


def payloads(segment: Segment, data: bytes) -> list[tuple[int, bytes]]:
    """What the frames of a segment say that they hold, and what that is in the file as it was."""
    return [(frame.count, data[frame.offset :][: frame.length]) for frame in segment.frames]


def test_frames_behind_a_damaged_one_are_read(spool: Spool) -> None:
    path = written(spool)
    whole = bytearray(path.read_bytes())
    whole[ends_of_frames(path)[0] - 1] ^= 1
    path.write_bytes(whole)
    segment = read_segment(path)
    assert frames_of(segment) == NAMES[1:]
    assert segment.damage is not None
    assert segment.damage.startswith("it is damaged at byte")


def test_frames_that_are_gone_are_missed(spool: Spool) -> None:
    path = written(spool)
    whole, ends = path.read_bytes(), ends_of_frames(path)
    path.write_bytes(whole[: ends[0]] + whole[ends[1] :])
    assert read_segment(path).damage == "1 of its frames are gone"


def test_the_format_of_a_newer_version_is_named(spool: Spool) -> None:
    path = written(spool)
    path.write_bytes(b"tap-lake segment 12\nwhatever that is")
    with pytest.raises(NewerFormat, match=r"segment format 12, this one reads 2") as raised:
        read_segment(path)
    assert str(path) in raised.value.message


@pytest.mark.parametrize("text", [b"id,ts,value\n", b"tap-lake segment x\n", b"\0" * 100, b"tap-lake segment 1 \n"])
def test_what_is_no_segment_is_damaged_and_kept(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "a.events"
    path.write_bytes(text)
    segment = read_segment(path)
    assert segment.damage == "its first line is damaged"
    assert segment.has_rest


def test_a_file_that_is_not_there_is_an_error_of_the_storage(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match=r"a\.events could not be read"):
        read_segment(tmp_path / "a.events")


# A disk that is full

LIMITED = """
import resource, sys
from pathlib import Path
from lake.clock import SystemClock
from lake.errors import DiskFull
from lake.ingest.spool import Spool
from tests.ingest.readings import events
writer = Spool(Path(sys.argv[1]), SystemClock()).new_segment()
writer.append(events([0, 1]))
size = writer.path.stat().st_size
for room in map(int, sys.argv[2].split(",")):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, resource.RLIM_INFINITY))
    try:
        writer.append(events(range(100, 200)))
    except DiskFull as error:
        assert str(writer.path) in error.message
    else:
        raise SystemExit("there was room")
    assert (writer.path.stat().st_size, writer.events) == (size, 2), room
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
writer.append(events([2]))
writer.append(events([3, 4, 5]))
writer.seal()
print(writer.path)
"""


def test_a_full_disk_leaves_the_file_as_it_was_and_later_appends_work(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "spool"), "0,1,47,48,49,500"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    segment = read_segment(Path(run.stdout.strip()))
    assert frames_of(segment) == NAMES
    assert segment.damage is None


# Who writes, and who may take


def test_a_segment_that_is_left_does_not_wait_for_delivery(spool: Spool) -> None:
    writer = spool.new_segment()
    writer.append(events([0]))
    assert not is_left(writer.path)
    assert spool.waiting() == []
    writer.seal()
    assert is_left(writer.path)
    assert spool.waiting() == [writer.path]


def test_two_writers_have_a_segment_each(spool: Spool) -> None:
    first, second = spool.new_segment(), spool.new_segment()
    first.append(events([0]))
    second.append(events([1]))
    first.append(events([2]))
    first.seal()
    assert spool.waiting() == [first.path]
    second.seal()
    assert sorted(map(tuple, (held(read_segment(path)) for path in spool.waiting()))) == [("e0", "e2"), ("e1",)]


def test_a_segment_that_got_no_events_is_gone_when_it_is_sealed(spool: Spool) -> None:
    writer = spool.new_segment()
    writer.seal()
    assert list(spool.folder.iterdir()) == []


def test_a_discarded_segment_is_gone(spool: Spool) -> None:
    writer = spool.new_segment(held=True)
    writer.append(events([0]))
    writer.discard()
    assert list(spool.folder.iterdir()) == []


def test_a_segment_that_is_held_back_waits_once_it_is_published(spool: Spool) -> None:
    writer = spool.new_segment(held=True)
    writer.append(events([0]))
    assert spool.waiting() == []
    name = spool.publish(writer)
    assert [path.name for path in spool.waiting()] == [f"{name}.events"]
    assert [path.name for path in spool.folder.iterdir()] == [f"{name}.events"]
    assert read_segment(spool.waiting()[0]).sealed


def test_nobody_sweeps_a_segment_between_its_sealing_and_its_publishing(tmp_path: Path) -> None:
    stop, spool_folder = tmp_path / "stop", tmp_path / "spool"
    run = subprocess.Popen(
        [sys.executable, "-c", SWEEPING, str(spool_folder), str(stop)], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        spool = Spool(spool_folder, SystemClock())
        for number in range(200):
            writer = spool.new_segment(held=True)
            writer.append(events([number]))
            spool.publish(writer)
        assert len(spool.waiting()) == 200
    finally:
        stop.touch()
        assert run.wait(20) == 0


SWEEPING = """
import sys
from pathlib import Path
from lake.clock import SystemClock
from lake.ingest.spool import Spool
spool = Spool(Path(sys.argv[1]), SystemClock())
while not Path(sys.argv[2]).exists():
    spool.sweep()
"""

TAKING = SWEEPING.replace(
    "spool.sweep()", "spool.remove([path.name.removesuffix('.events') for path in spool.waiting()])"
)


def test_segments_that_somebody_else_removes_do_not_disturb_who_looks(tmp_path: Path) -> None:
    stop, spool = tmp_path / "stop", Spool(tmp_path / "spool", SystemClock())
    spool.folder.mkdir()
    run = subprocess.Popen(
        [sys.executable, "-c", TAKING, str(spool.folder), str(stop)], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        for number in range(200):
            writer = spool.new_segment()
            writer.append(events([number]))
            writer.seal()
            spool.waiting()
            spool.sweep()
    finally:
        stop.touch()
        assert run.wait(20) == 0


def test_sweeping_takes_what_dead_processes_held_back_and_leaves_the_rest(spool: Spool) -> None:
    alive, dead, valid = spool.new_segment(held=True), spool.new_segment(held=True), spool.new_segment()
    for writer in (alive, dead, valid):
        writer.append(events([0]))
    os.close(dead._file)
    valid.seal()
    spool.sweep()
    assert sorted(spool.folder.iterdir()) == sorted([alive.path, valid.path])
    alive.discard()


def test_sweeping_takes_what_was_begun_long_ago(spool: Spool, clock: FixedClock) -> None:
    spool.new_segment().seal()
    old = spool.folder / f"{clock.now():%Y%m%dT%H%M%S%f}-0000000000.making"
    old.touch()
    spool.sweep()
    assert old.exists()
    clock.advance(MAKING_TAKES + timedelta(seconds=1))
    spool.sweep()
    assert not old.exists()


def test_sweeping_a_spool_that_was_never_used_is_no_error(spool: Spool) -> None:
    spool.sweep()
    assert spool.waiting() == []


def test_one_at_a_time_delivers(spool: Spool) -> None:
    with spool.delivering():
        run = subprocess.Popen(
            [sys.executable, "-c", DELIVERING, str(spool.folder)], env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(1)
    assert run.wait(20) == 0


DELIVERING = """
import sys
from pathlib import Path
from lake.clock import SystemClock
from lake.ingest.spool import Spool
with Spool(Path(sys.argv[1]), SystemClock()).delivering():
    pass
"""
