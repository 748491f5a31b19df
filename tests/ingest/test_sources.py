"""What a user gives, turned into blocks of records: held against plain models, byte for byte."""

import bz2
import csv
import gc
import gzip
import hashlib
import io
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lake.errors import DamagedFile, StorageFailed, UsageError
from lake.ingest.events import Reason
from lake.ingest.records import Records
from lake.ingest.sources import Source, SourceOptions, arrow_source, csv_blocks, lines, open_sources
from lake.ingest.sources.csv_blocks import CsvReader, Quotes, find_delimiter, is_utf8
from lake.ingest.sources.lines import cut, find_lines, json_records
from lake.ingest.sources.read_ahead import read_ahead

PLAIN = SourceOptions()
BLANKS = b" \t\r\n\v\f"
CELLS = {"id": "a", "ts": "2026-01-31", "value": "1"}


class Pieces:
    """A stream that gives bytes in pieces of one length."""

    waits = False

    def __init__(self, data: bytes, piece: int) -> None:
        self._file, self._piece = io.BytesIO(data), piece

    def read_into(self, view: memoryview) -> int:
        return self._file.readinto(view[: self._piece])


def one(path: Path, options: SourceOptions = PLAIN) -> Source:
    (source,) = open_sources([path], options)
    return source


def stdin(file: BinaryIO, options: SourceOptions = PLAIN) -> Source:
    (source,) = open_sources(["-"], options, file)
    return source


def raws(blocks: Iterator[Records]) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    for block in blocks:
        assert block.raw is not None
        found += zip(block.lines.to_pylist(), block.raw.to_pylist(), strict=True)
    return found


def rows(source: Source) -> list[dict[str, Any]]:
    return [row for block in source.blocks() for row in block.columns.to_pylist()]


def malformed(source: Source) -> list[tuple[int, Reason, bytes]]:
    return [(bad.line, bad.reason, bad.raw) for block in source.blocks() for bad in block.malformed]


def written(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def pack(suffix: str, data: bytes) -> bytes:
    if suffix == ".zst":
        buffer = pa.BufferOutputStream()
        with pa.CompressedOutputStream(buffer, "zstd") as packed:
            packed.write(data)
        return buffer.getvalue().to_pybytes()
    return gzip.compress(data) if suffix == ".gz" else bz2.compress(data)


# ---- cutting


def plain_lines(data: bytes) -> list[tuple[int, bytes]]:
    split = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    return [(number, line) for number, line in enumerate(split, 1) if line.strip(BLANKS)]


@given(
    data=st.lists(st.sampled_from([b"{}", b"\n", b"\r\n", b"\r", b" ", b"\t", b"x" * 9, b"\xff", b"\0"])).map(b"".join),
    size=st.integers(1, 40),
    piece=st.integers(1, 9),
)
def test_lines_are_those_of_bytes_split(data: bytes, size: int, piece: int) -> None:
    assert raws(json_records(Pieces(data, piece), "x", "x", size)) == plain_lines(data)


@given(data=st.binary(max_size=200), size=st.integers(1, 300))
def test_any_bytes_are_cut_as_bytes_split_does(data: bytes, size: int) -> None:
    assert raws(json_records(Pieces(data, 7), "x", "x", size)) == plain_lines(data)


def plain_csv(
    text: str, delimiter: str, width: int
) -> tuple[list[tuple[int, bytes, list[str]]], list[tuple[int, bytes]]]:
    """Read by the csv module; return good rows and bad ones, with the lines they begin on and their bytes."""
    good: list[tuple[int, bytes, list[str]]] = []
    bad: list[tuple[int, bytes]] = []
    taken: list[str] = []

    def lines_of() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    number = 1
    for row in csv.reader(lines_of(), delimiter=delimiter):
        whole, count = "".join(taken), len(taken)
        taken.clear()
        raw = lines.without_end(whole.encode())
        if raw.strip(BLANKS):
            more = len(list(csv.reader(io.StringIO(whole.rstrip("\r\n") + "\nx\n", newline=""), delimiter=delimiter)))
            is_open = not whole.endswith(("\n", "\r")) or number + count - 1 == len(list(io.StringIO(text, newline="")))
            if len(row) != width or (is_open and more == 1):
                bad.append((number, raw))
            else:
                good.append((number, raw, row))
        number += count
    return good, bad


CSV_TEXT = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            ",",
            ",",
            '"',
            '"',
            '""',
            '","',
            "\n",
            "\n",
            "\r\n",
            "\r",
            " ",
            "é",
            "\u2028",
            "\0",
            "\ufeff",
            "a,b\n",
            '"a","b"\n',
            "a" * 20,
        ]
    )
).map("".join)


@example(text="a" * 40 + '"a","b"\n"a","b"\n' + "a" * 20 + '",a\n\0"a","b"\n', size=256, piece=50, parsed=20)
@given(text=CSV_TEXT, size=st.integers(1, 60), piece=st.integers(1, 9), parsed=st.integers(1, 30))
def test_csv_is_read_as_the_csv_module_reads_it(text: str, size: int, piece: int, parsed: int) -> None:
    options = SourceOptions(header=False, columns=("one", "two"))
    good, bad = plain_csv(text, ",", 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_blocks, "PARSED_BYTES", parsed)
        reader = CsvReader("x", "x", options, Quotes(ord(",")))
        blocks = list(reader.records(Pieces(text.encode(), piece), size))
    found = [
        (number, raw, list(row.values()))
        for block in blocks
        for number, raw, row in zip(
            block.lines.to_pylist(), block.raw.to_pylist(), block.columns.to_pylist(), strict=True
        )
    ]
    assert found == good
    assert [(record.line, record.raw) for block in blocks for record in block.malformed] == bad
    assert {record.reason for block in blocks for record in block.malformed} <= {Reason.BAD_ROW}


@given(st.lists(st.binary(max_size=12).filter(lambda line: b"\n" not in line), min_size=1, max_size=8))
def test_records_that_are_not_utf8_are_found(given_lines: list[bytes]) -> None:
    kept = [line for line in given_lines if line.strip(BLANKS)]
    blocks = list(cut(Pieces(b"\n".join(given_lines), 99), find_lines, "x", 999))
    assert [flag for block in blocks for flag in is_utf8(block).tolist()] == [_decodes(line) for line in kept]


def _decodes(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_a_record_of_many_blocks_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.ingest.sources.BLOCK_BYTES", 64)
    path = written(tmp_path / "a.ndjson", b"{}\n" + b"x" * 100_000 + b"\n{}\n")
    assert raws(one(path).blocks()) == [(1, b"{}"), (2, b"x" * 100_000), (3, b"{}")]


def test_a_record_without_an_end_in_sight_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_RECORD", 100)
    with pytest.raises(DamagedFile, match="x: what begins on line 2 is longer than"):
        list(json_records(Pieces(b"{}\n" + b"x" * 10_000, 64), "x", "x", 16))


def test_a_mark_at_the_start_is_dropped_and_line_ends_may_be_mixed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", b"\xef\xbb\xbf{}\r\n \t\n\n[]\nlast")
    assert raws(one(path).blocks()) == [(1, b"{}"), (4, b"[]"), (5, b"last")]
    (block,) = one(path).blocks()
    assert (block.kind, block.columns, block.malformed) == ("json", None, ())
    assert (block.lines.type, block.raw.type) == (pa.int64(), pa.binary())


@pytest.mark.parametrize("name", ["a.ndjson", "a.csv", "a.tsv"])
@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\n"])
def test_an_empty_file_has_no_records(tmp_path: Path, name: str, data: bytes) -> None:
    source = one(written(tmp_path / name, data))
    assert list(source.blocks()) == []
    assert len(source.identity) == 32


# ---- what is meant


@pytest.mark.parametrize("name", ["e.ndjson", "e.jsonl", "e.json", "E.NDJSON"])
@pytest.mark.parametrize("suffix", ["", ".gz", ".zst", ".bz2"])
def test_json_is_known_by_its_name(tmp_path: Path, name: str, suffix: str) -> None:
    data = b'{"id":1}\n'
    source = one(written(tmp_path / (name + suffix), pack(suffix, data) if suffix else data))
    assert raws(source.blocks()) == [(1, b'{"id":1}')]


@pytest.mark.parametrize(("name", "delimiter"), [("e.csv", ","), ("e.tsv", "\t")])
@pytest.mark.parametrize("suffix", ["", ".gz", ".zst", ".bz2"])
def test_delimited_text_is_known_by_its_name(tmp_path: Path, name: str, delimiter: str, suffix: str) -> None:
    data = "\n".join([delimiter.join(CELLS), delimiter.join(CELLS.values())]).encode()
    source = one(written(tmp_path / (name + suffix), pack(suffix, data) if suffix else data))
    assert rows(source) == [CELLS]
    assert [block.delimiter for block in source.blocks()] == [delimiter]


def test_a_folder_gives_its_known_files_in_order(tmp_path: Path) -> None:
    for name in (
        "b.csv",
        "a/z.ndjson.gz",
        "a/b/c.parquet",
        "c.txt",
        "_tmp/x.csv",
        ".hidden.csv",
        "a/_x.csv",
        ".git/y.csv",
    ):
        written(tmp_path / name, "")
    found = [source.name for source in open_sources([tmp_path], PLAIN)]
    assert found == [str(tmp_path / name) for name in ("a/b/c.parquet", "a/z.ndjson.gz", "b.csv")]
    assert [source.name for source in open_sources([str(tmp_path)], SourceOptions(format="csv"))] == found[2:]


def test_a_folder_without_such_files_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "c.txt", "")
    with pytest.raises(UsageError, match=r"holds no file to read") as refused:
        open_sources([tmp_path], PLAIN)
    assert str(tmp_path) in refused.value.message
    assert ".ndjson" in (refused.value.hint or "")


def test_a_pattern_gives_what_it_matches(tmp_path: Path) -> None:
    for name in ("2.csv", "1.csv", "_3.csv", "sub/4.csv", "5.ndjson", "[6].csv"):
        written(tmp_path / name, "")

    def found(pattern: str) -> list[str]:
        return [
            str(Path(source.name).relative_to(tmp_path)) for source in open_sources([f"{tmp_path}/{pattern}"], PLAIN)
        ]

    assert found("*.csv") == ["1.csv", "2.csv", "[6].csv"]
    assert found("[12].csv") == ["1.csv", "2.csv"]
    assert found("[6].csv") == ["[6].csv"]
    assert found("_*.csv") == ["_3.csv"]
    assert found("**/*.csv") == ["1.csv", "2.csv", "[6].csv", "sub/4.csv"]
    assert found("s*") == ["sub/4.csv"]
    with pytest.raises(UsageError, match="no file matches"):
        found("?.txt")


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "")
    given_twice = [path, tmp_path, f"{tmp_path}/*.csv", "-", "-"]
    assert [source.name for source in open_sources(given_twice, PLAIN, io.BytesIO())] == [str(path), "stdin"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent.csv", "does not exist"),
        ("c.txt", "has no ending that tells its format"),
        ("noending", "has no ending that tells its format"),
        ("c.gz", "has no ending that tells its format"),
        ("c.parquet.gz", "is packed, which Parquet files are in themselves"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line_with_a_hint(tmp_path: Path, name: str, message: str) -> None:
    if name != "absent.csv":
        written(tmp_path / name, "")
    with pytest.raises(UsageError, match=message) as refused:
        open_sources([tmp_path / name], PLAIN)
    assert "\n" not in refused.value.message
    assert refused.value.hint


def test_an_empty_name_is_no_file() -> None:
    with pytest.raises(UsageError, match="an empty name is no file"):
        open_sources([""], PLAIN)


def test_the_format_reads_a_file_of_any_name(tmp_path: Path) -> None:
    path = written(tmp_path / "c.txt", "{}\n")
    assert raws(one(path, SourceOptions(format="ndjson")).blocks()) == [(1, b"{}")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "c.csv", "")
    path.chmod(0)
    with pytest.raises(StorageFailed, match=r"c\.csv could not be read"):
        list(one(path).blocks())


def test_a_file_that_goes_away_before_it_is_opened_is_named(tmp_path: Path) -> None:
    source = one(written(tmp_path / "c.csv", ""))
    (tmp_path / "c.csv").unlink()
    with pytest.raises(StorageFailed, match=r"c\.csv could not be read"):
        list(source.blocks())


@pytest.mark.parametrize(
    "options",
    [
        {"format": "xml"},
        {"delimiter": ",,"},
        {"delimiter": "é"},
        {"delimiter": '"'},
        {"delimiter": "\n"},
        {"encoding": "klingon"},
        {"encoding": "hex"},
        {"header": False},
        {"columns": ("a", "a")},
        {"columns": ("a", "")},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        SourceOptions(**options)


@pytest.mark.parametrize(
    ("data", "hint"), [(b'[{"id":1}]', "jq -c"), (b"\xef\xbb\xbf \n[1]", "jq -c"), ("[1]".encode("utf-16"), "jq -c")]
)
def test_a_json_array_is_refused_with_the_way_to_lines(tmp_path: Path, data: bytes, hint: str) -> None:
    with pytest.raises(UsageError, match="one JSON array") as refused:
        list(one(written(tmp_path / "a.json", data)).blocks())
    assert hint in (refused.value.hint or "")


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".bz2"])
def test_a_packed_file_without_its_ending_is_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(UsageError, match="is packed with") as refused:
        list(one(written(tmp_path / "a.csv", pack(suffix, b"id\n"))).blocks())
    assert suffix in (refused.value.hint or "")


# ---- identity


def test_a_file_that_has_grown_keeps_its_identity(tmp_path: Path) -> None:
    first = b'{"id":1}'
    identity = hashlib.sha256(first + b"\n").hexdigest()[:32]
    for name, data in {
        "a.ndjson": first + b"\n",
        "b.ndjson": b"\n" + first + b"\r\n" + b'{"id":2}\n' * 20_000,
        "c.jsonl.gz": gzip.compress(first),
    }.items():
        source = one(written(tmp_path / name, data))
        assert (source.identity, source.deduplicated) == (identity, True)
        assert {block.source for block in source.blocks()} == {identity}


def test_the_identity_of_csv_is_its_header_and_first_record(tmp_path: Path) -> None:
    def identity(text: str, **options: Any) -> str:
        return one(written(tmp_path / "a.csv", text), SourceOptions(**options)).identity

    known = identity("id,ts\n1,2\n")
    assert known == identity("id,ts\r\n1,2\r\n3,4\r\n") == identity("\ufeffid,ts\n\n1,2")
    assert known != identity("id,ts\n1,3\n")
    assert known != identity("id,value\n1,2\n")
    assert identity('id,ts\n"1\n",2\n') != identity('id,ts\n"1\n",3\n')
    bare = {"header": False, "columns": ("id", "ts")}
    assert identity("1,2\n", **bare) == identity("1,2\n3,4\n", **bare) != identity("3,4\n", **bare)


def test_a_name_is_the_identity(tmp_path: Path) -> None:
    options = SourceOptions(name="sensor")
    path = written(tmp_path / "a.ndjson", "{}")
    pq.write_table(pa.table(CELLS | {"id": ["a"], "ts": ["b"], "value": ["1"]}), tmp_path / "a.parquet")
    sources = [*open_sources([path, tmp_path / "a.parquet", "-"], options, io.BytesIO(b"{}"))]
    sources.append(arrow_source(pa.table({"id": [1]}), options))
    for source in sources:
        assert (source.identity, source.deduplicated) == ("sensor", True)
        assert {block.source for block in source.blocks()} == {"sensor"}


def test_without_a_name_stdin_and_arrow_data_are_never_the_same(tmp_path: Path) -> None:
    sources = [stdin(io.BytesIO(b"{}")), stdin(io.BytesIO(b"{}"))]
    sources += [arrow_source(pa.table({"id": [1]}), PLAIN) for _ in range(2)]
    assert len({source.identity for source in sources}) == 4
    assert not any(source.deduplicated for source in sources)
    for source in sources:
        assert {block.source for block in source.blocks()} == {source.identity}


# ---- packed files


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".bz2"])
def test_packed_files_may_have_several_parts(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path / f"a.ndjson{suffix}", pack(suffix, b"{}\n[") + pack(suffix, b"]\n"))
    assert raws(one(path).blocks()) == [(1, b"{}"), (2, b"[]")]


def kept_in(found: list[tuple[int, bytes]], blocks: Iterator[Records]) -> Iterator[None]:
    for block in blocks:
        found += raws(iter([block]))
        yield


def incompressible(count: int) -> bytes:
    return b"".join(hashlib.sha256(b"%d" % number).hexdigest().encode() + b"\n" for number in range(count))


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".bz2"])
@pytest.mark.parametrize("kept", [0.999, 0.6, 0.0])
def test_of_a_cut_file_all_whole_lines_come_before_the_refusal(tmp_path: Path, suffix: str, kept: float) -> None:
    data = incompressible(12_000)
    packed = pack(suffix, data)
    path = written(tmp_path / f"a.ndjson{suffix}", packed[: int(len(packed) * kept)])
    found: list[tuple[int, bytes]] = []
    blocks = kept_in(found, one(path, SourceOptions(name="x")).blocks())
    with pytest.raises(DamagedFile, match=rf"a\.ndjson{suffix} is (cut short or damaged|empty)"):
        list(blocks)
    assert found == plain_lines(data)[: len(found)]
    assert len(found) == unpacked_lines(suffix, path.read_bytes())


def unpacked_lines(suffix: str, packed: bytes) -> int:
    """Count the whole lines that can be had of a cut file."""
    if suffix == ".gz":
        return zlib.decompressobj(31).decompress(packed).count(b"\n")
    if suffix == ".bz2":
        return bz2.BZ2Decompressor().decompress(packed).count(b"\n") if packed else 0
    return zstd_prefix(packed).count(b"\n") if packed else 0


def zstd_prefix(packed: bytes) -> bytes:
    found = bytearray()
    with suppress(OSError), pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as unpacked:
        while byte := unpacked.read(1):
            found += byte
    return bytes(found)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(incompressible(40_000)))
    packed[len(packed) // 2] ^= 0xFF
    path = written(tmp_path / "a.csv.gz", bytes(packed))
    with pytest.raises(DamagedFile, match=r"a\.csv\.gz is cut short or damaged"):
        list(one(path, SourceOptions(columns=("a",))).blocks())
    with pytest.raises(DamagedFile, match=r"b\.csv\.gz is cut short or damaged"):
        list(one(written(tmp_path / "b.csv.gz", b"no gzip at all")).blocks())


# ---- stdin


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"id":1}\n', "json"),
        (b' \n{"id":1}\n', "json"),
        (b"id\n1\n", "text"),
        ('{"id":1}\n'.encode("utf-16"), "json"),
    ],
)
def test_the_format_of_stdin_is_found(data: bytes, kind: str) -> None:
    assert [block.kind for block in stdin(io.BytesIO(data)).blocks()] == [kind]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PAR1\x15\x04", "stdin is a Parquet file"),
        (gzip.compress(b"id\n", mtime=0), "stdin is packed with gzip"),
        (b"[1]", "stdin is one JSON array"),
    ],
)
def test_what_stdin_cannot_be_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        list(stdin(io.BytesIO(data)).blocks())


def test_stdin_may_be_empty_or_absent() -> None:
    assert list(stdin(io.BytesIO()).blocks()) == []
    with pytest.raises(UsageError, match="no stdin"):
        open_sources(["-"], PLAIN, None)
    with pytest.raises(UsageError, match="Parquet is not read from stdin"):
        open_sources(["-"], SourceOptions(format="parquet"), io.BytesIO())


@pytest.mark.parametrize("buffering", [-1, 0])
def test_a_slow_pipe_gives_what_is_there(buffering: int) -> None:
    reading_end, writing_end = os.pipe()
    seen = [threading.Event() for _ in range(3)]

    def write() -> None:
        os.write(writing_end, b'{"a":1}\n{"a":')
        assert seen[0].wait(10)
        os.write(writing_end, b"2}")
        time.sleep(0.4)
        os.write(writing_end, b"\n")
        assert seen[1].wait(10)
        os.write(writing_end, b"last")
        os.close(writing_end)

    writer = threading.Thread(target=write)
    writer.start()
    started = time.monotonic()
    found = []
    with os.fdopen(reading_end, "rb", buffering) as file:
        for block, event in zip(stdin(file).blocks(), seen, strict=True):
            found += raws(iter([block]))
            event.set()
    writer.join()
    assert found == [(1, b'{"a":1}'), (2, b'{"a":2}'), (3, b"last")]
    assert time.monotonic() - started < 4


def test_a_pipe_that_drips_without_end_is_given_on() -> None:
    reading_end, writing_end = os.pipe()
    enough = threading.Event()

    def drip() -> None:
        with closing(os.fdopen(writing_end, "wb", 0)) as file:
            while not enough.wait(0.05):
                file.write(b"{}\n")

    writer = threading.Thread(target=drip)
    writer.start()
    with os.fdopen(reading_end, "rb") as file:
        blocks = stdin(file).blocks()
        started = time.monotonic()
        first = next(blocks)
        assert time.monotonic() - started < 2
        assert len(first) >= 2
        enough.set()
        for _ in blocks:
            pass
    writer.join()


def test_a_named_pipe_is_read_once_like_stdin(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"{}\n",))
    writer.start()
    source = one(path, SourceOptions(format="ndjson"))
    assert raws(source.blocks()) == [(1, b"{}")]
    assert (source.deduplicated, source.size, source.bytes_read) == (False, None, 3)
    writer.join()


def test_progress_is_told_in_bytes_of_the_file(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["a"]}), tmp_path / "a.parquet")
    written(tmp_path / "a.csv.gz", gzip.compress(b"id\n" + b"1\n" * 99_999))
    for source in open_sources([tmp_path], PLAIN):
        assert source.bytes_read == 0
        for _ in source.blocks():
            pass
        assert source.bytes_read == source.size == Path(source.name).stat().st_size


# ---- reading ahead


def test_an_abandoned_iterator_ends_its_thread() -> None:
    ended = threading.Event()

    def endless(_stopping: threading.Event) -> Iterator[int]:
        try:
            yield from iter(int, 1)
        finally:
            ended.set()

    items = read_ahead(endless)
    assert next(items) == 0
    del items
    gc.collect()
    assert ended.wait(5)
    assert not [thread for thread in threading.enumerate() if thread.name == "tap-lake-read-ahead"]


def test_a_thread_that_waits_for_stdin_ends_with_the_iterator() -> None:
    reading_end, writing_end = os.pipe()
    with os.fdopen(reading_end, "rb") as file, os.fdopen(writing_end, "wb", 0) as other:
        other.write(b"{}\n")
        blocks = stdin(file).blocks()
        assert len(next(blocks)) == 1
        blocks.close()
        assert not [thread for thread in threading.enumerate() if thread.name == "tap-lake-read-ahead"]


def test_few_blocks_are_held() -> None:
    made = 0

    def many(_stopping: threading.Event) -> Iterator[int]:
        nonlocal made
        while made < 50:
            made += 1
            yield made

    for item in read_ahead(many):
        time.sleep(0.001)
        assert made - item <= 2


def test_blocks_are_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.ingest.sources.BLOCK_BYTES", 10_000)
    path = written(tmp_path / "a.ndjson", incompressible(20_000))
    sizes = [block.raw.nbytes for block in one(path).blocks()]
    assert len(sizes) > 100
    assert max(sizes) < 12_000


# ---- CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_found_outside_quotes(tmp_path: Path, delimiter: str, end: str) -> None:
    text = end.join([delimiter.join(['"i,;|\td,,,;;;"', "ts", "value"]), delimiter.join(["1", "2", "3,4;5"])])
    if delimiter in ",;":
        text = text.replace("3,4;5", "3")
    source = one(written(tmp_path / "a.csv", text))
    (row,) = rows(source)
    assert list(row) == ["i,;|\td,,,;;;", "ts", "value"]
    assert list(row.values())[:2] == ["1", "2"]
    assert [block.delimiter for block in source.blocks()] == [delimiter]


@pytest.mark.parametrize(
    ("text", "at_end", "found"),
    [
        (b"a;b", False, None),
        (b"a;b", True, ord(";")),
        (b'"a\n;b', False, None),
        (b"a\n", False, ord(",")),
        (b"", True, ord(",")),
        (b"\n\na|b,c|d\n", False, ord("|")),
    ],
)
def test_the_delimiter_is_found_when_the_line_is_whole(text: bytes, at_end: bool, found: int | None) -> None:
    assert find_delimiter(text, at_end) == found


def test_a_given_delimiter_stands(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "a,b,c#d\n1,2,3#4\n")
    assert rows(one(path, SourceOptions(delimiter="#"))) == [{"a,b,c": "1,2,3", "d": "4"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    source = one(written(tmp_path / "a.csv", "id,ort\n1,Zürich\n".encode(encoding)))
    assert rows(source) == [{"id": "1", "ort": "Zürich"}]
    assert raws(source.blocks()) == [(2, "1,Zürich".encode())]
    assert bool(source.notes) == (encoding == "windows-1252")
    assert all("windows-1252" in note for note in source.notes)


def test_utf16_of_the_other_order_is_found(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", b"\xfe\xff" + "id,ort\n1,Zürich\n".encode("utf-16-be"))
    assert rows(one(path)) == [{"id": "1", "ort": "Zürich"}]


@pytest.mark.parametrize("encoding", ["utf-16-le", "shift_jis", "iso-8859-15", "cp037", "utf-8", "ascii"])
def test_a_given_encoding_stands(tmp_path: Path, encoding: str) -> None:
    text = "id,ort\n1,Bern\n"
    path = written(tmp_path / "a.csv", text.encode(encoding))
    assert rows(one(path, SourceOptions(encoding=encoding))) == [{"id": "1", "ort": "Bern"}]


def test_a_character_on_the_edge_of_a_piece_is_whole(tmp_path: Path) -> None:
    text = "id,ort\n" + "1,Zürich😀\n" * 60_000
    for encoding in ("utf-8", "utf-16"):
        found = rows(one(written(tmp_path / "a.csv", text.encode(encoding))))
        assert len(found) == 60_000
        assert {row["ort"] for row in found} == {"Zürich😀"}


def test_a_first_block_that_ends_within_a_character_is_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.csv", "id,ort\n" + "1,ü\n" * 50)
    for size in range(8, 20):
        monkeypatch.setattr("lake.ingest.sources.BLOCK_BYTES", size)
        source = one(path)
        assert {row["ort"] for row in rows(source)} == {"ü"}
        assert source.notes == []


def test_a_line_that_is_not_utf8_is_set_aside(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", b"id,ort\n1,a\n2,\xff\n3,\xc3\n4,\xed\xa0\x80\n5,\xc3\xa9\n")
    source = one(path, SourceOptions(encoding="utf-8"))
    assert [row["id"] for row in rows(source)] == ["1", "5"]
    assert [block.lines.to_pylist() for block in source.blocks()] == [[2, 6]]
    assert malformed(source) == [
        (3, Reason.NOT_UTF8, b"2,\xff"),
        (4, Reason.NOT_UTF8, b"3,\xc3"),
        (5, Reason.NOT_UTF8, b"4,\xed\xa0\x80"),
    ]


def test_what_an_encoding_does_not_have_is_set_aside(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", b"id,ort\n1,\x81\xfc\n2,\xfc\n")
    source = one(path)
    assert rows(source) == [{"id": "2", "ort": "ü"}]
    assert malformed(source) == [(2, Reason.NOT_UTF8, b"1,\x81\xc3\xbc")]
    halves = "id,ort\n1,".encode("utf-16") + b"\x0a\xd8" + ",x\n2,y\n".encode("utf-16-le")
    source = one(written(tmp_path / "b.csv", halves))
    assert rows(source) == [{"id": "2", "ort": "y"}]
    assert [bad[:2] for bad in malformed(source)] == [(2, Reason.NOT_UTF8)]


def test_json_is_not_validated(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ndjson", b'{"a":"\xff"}\n')
    assert raws(one(path).blocks()) == [(1, b'{"a":"\xff"}')]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("id,,ts", r"a\.csv: column 2 has no name"),
        ("id, ,ts", r"a\.csv: column 2 has no name"),
        ("id,ts, id ", r"a\.csv: column 'id' is twice"),
        ("id,ts,", r"a\.csv: column 3 has no name"),
    ],
)
def test_a_header_with_an_empty_or_repeated_name_is_refused(tmp_path: Path, header: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        list(one(written(tmp_path / "a.csv", f"{header}\n1,2,3\n")).blocks())


def test_a_header_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the header is not UTF-8"):
        list(one(written(tmp_path / "a.csv", b"id,\xff\n"), SourceOptions(encoding="utf-8")).blocks())


def test_a_header_beyond_measure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the header cannot be read"):
        list(one(written(tmp_path / "a.csv", b"x" * 200_000)).blocks())


def test_names_are_stripped_of_blanks_and_values_are_not(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", '\n id , "t ""s"\n 1 , "2" \n,""\n')
    assert rows(one(path)) == [{"id": " 1 ", '"t ""s"': ' "2" '}, {"id": "", '"t ""s"': ""}]


def test_columns_name_what_has_no_header_or_another(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "1,2\n3,4\n")
    names = ("id", "ts")
    for options in (SourceOptions(columns=names), SourceOptions(columns=names, header=False)):
        assert rows(one(path, options)) == [{"id": "1", "ts": "2"}, {"id": "3", "ts": "4"}]
    source = one(path, SourceOptions(columns=names, header=True))
    assert rows(source) == [{"id": "3", "ts": "4"}]
    assert [block.lines.to_pylist() for block in source.blocks()] == [[2]]


def test_rows_of_the_wrong_width_are_set_aside_with_their_lines(tmp_path: Path) -> None:
    text = 'id,ts\r\n1,2\r\n3\r\n\r\n"4\r\n5","6"\r\n7,8,9\r\n10,11\r\n12,"13'
    source = one(written(tmp_path / "a.csv", text))
    assert rows(source) == [{"id": "1", "ts": "2"}, {"id": "4\r\n5", "ts": "6"}, {"id": "10", "ts": "11"}]
    assert [block.lines.to_pylist() for block in source.blocks()] == [[2, 5, 8]]
    assert raws(source.blocks())[1] == (5, b'"4\r\n5","6"')
    assert malformed(source) == [
        (3, Reason.BAD_ROW, b"3"),
        (7, Reason.BAD_ROW, b"7,8,9"),
        (9, Reason.BAD_ROW, b'12,"13'),
    ]


def test_a_block_of_bad_rows_alone_is_given(tmp_path: Path) -> None:
    (block,) = one(written(tmp_path / "a.csv", "id,ts\n1\n2,3,4\n")).blocks()
    assert (len(block), block.columns.num_rows, len(block.raw), len(block.malformed)) == (0, 0, 0, 2)
    assert block.columns.column_names == ["id", "ts"]


def test_bad_rows_are_found_in_every_part_of_a_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "PARSED_BYTES", 50)
    text = "id,ts\n" + "".join(f"{line}\n" if line % 7 == 0 else f"{line},x\n" for line in range(2, 500))
    source = one(written(tmp_path / "a.csv", text))
    assert [bad[0] for bad in malformed(source)] == [line for line in range(2, 500) if line % 7 == 0]
    for block in source.blocks():
        assert block.columns["id"].to_pylist() == [str(line) for line in block.lines.to_pylist()]


def test_an_inch_within_a_field_does_not_swallow_what_follows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.ingest.sources.BLOCK_BYTES", 1_000)
    text = "id,size\n" + '1,5"\n2,"a\n""b"""\n' * 500
    found = rows(one(written(tmp_path / "a.csv", text)))
    assert found == [{"id": "1", "size": '5"'}, {"id": "2", "size": 'a\n"b"'}] * 500


def test_a_record_longer_than_what_is_parsed_at_once_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "PARSED_BYTES", 16)
    long = "x\n" * 5_000
    source = one(written(tmp_path / "a.csv", f'id,t\n1,a\n2,"{long}"\n3,b\n'))
    assert [row["t"] for row in rows(source)] == ["a", long, "b"]


# ---- typed data


def test_parquet_is_read_in_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lake.ingest.sources.typed.FEWEST_ROWS", 10)
    monkeypatch.setattr("lake.ingest.sources.BLOCK_BYTES", 800)
    table = pa.table({"id": pa.array(["a", None] * 500), "value": pa.array(range(1000), pa.int16())})
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, row_group_size=300)
    source = one(path)
    blocks = list(source.blocks())
    assert len(blocks) > 5
    assert [number for block in blocks for number in block.lines.to_pylist()] == list(range(1, 1001))
    assert pa.concat_tables([block.columns for block in blocks]).equals(table)
    assert {(block.kind, block.raw) for block in blocks} == {("typed", None)}
    assert source.identity == hashlib.sha256(path.read_bytes()).hexdigest()[:32]


@pytest.mark.parametrize(
    "spoil", [lambda data: b"", lambda data: data[:-9], lambda data: data[:4] + b"\0" * 99 + data[103:]]
)
def test_a_damaged_parquet_file_is_named(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [str(number) for number in range(1000)]}), path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DamagedFile, match=r"a\.parquet is no whole Parquet file"):
        list(one(path).blocks())


@pytest.mark.parametrize("make", [pa.table, pd.DataFrame, pl.DataFrame, lambda data: pa.table(data).to_reader()])
def test_arrow_data_are_read_in_rows(make: Callable[[dict[str, list[Any]]], Any]) -> None:
    source = arrow_source(make({"id": ["a", "b"], "value": [1, 2]}), PLAIN)
    blocks = list(source.blocks())
    assert [row for block in blocks for row in block.columns.to_pylist()] == [
        {"id": "a", "value": 1},
        {"id": "b", "value": 2},
    ]
    assert [number for block in blocks for number in block.lines.to_pylist()] == [1, 2]
    assert {(block.kind, block.raw) for block in blocks} == {("typed", None)}


def test_typed_columns_of_one_name_are_refused() -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["id", "id"])
    with pytest.raises(UsageError, match="two columns are called 'id'"):
        list(arrow_source(table, PLAIN).blocks())
    with pytest.raises(UsageError, match="it is not a table"):
        arrow_source(5, PLAIN)  # type: ignore[arg-type]
