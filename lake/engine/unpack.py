"""What DuckDB reads from a copy. Packed text: unpacked beside where DuckDB cannot read it (bzip2, Hadoop's Snappy), else found to be whole first."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from lake.engine.faults import DAMAGED_HINT
from lake.engine.orc import parquet_copy
from lake.engine.readers import is_text
from lake.engine.readers.orc import LIBRARY as ORC
from lake.engine.readers.orc import goes_by_name
from lake.errors import DamagedFile
from lake.model import StorageDescriptor

CHUNK = 1024 * 1024


def readable_path(path: Path, descriptor: StorageDescriptor, temp_folder: Path) -> Path:
    """Return `path`, or that of its unpacked copy in `temp_folder`, made once as long as the file does not change.

    Raises DamagedFile for packed text that ends too early. DuckDB would give the rows before the cut, and the cut line
    as if it were whole, so gzip and Zstandard are read through once before it reads them.
    """
    if descriptor.serde.library == ORC:
        return parquet_copy(path, temp_folder, by_name=goes_by_name(descriptor))
    suffix = path.suffix.lower()
    if not is_copied(suffix, descriptor):
        return path
    stat = path.stat()
    name = hashlib.sha256(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}".encode()).hexdigest()[:32]
    if suffix in CHECKED:
        seen = temp_folder / f"{name}.whole"
        if not seen.exists():
            for _ in _stream(path, CHECKED[suffix]):
                pass
            seen.touch()
        return path
    copy = temp_folder / f"{name}.txt"
    if not copy.exists():
        partial = copy.with_suffix(".part")
        with partial.open("wb") as target:
            for chunk in UNPACKED[suffix](path):
                target.write(chunk)
        partial.replace(copy)
    return copy


def is_copied(suffix: str, descriptor: StorageDescriptor) -> bool:
    """Say whether DuckDB reads a file whose name ends so from a copy, or only once it was found to be whole."""
    if descriptor.serde.library == ORC:
        return True
    return is_text(descriptor) and suffix.lower() in (*UNPACKED, *CHECKED)


def _stream(path: Path, codec: str) -> Iterator[pa.Buffer]:
    """Yield what a packed file holds; raise DamagedFile where it is not whole."""
    try:
        with pa.CompressedInputStream(pa.OSFile(str(path)), codec) as unpacked:
            while chunk := unpacked.read_buffer(CHUNK):
                yield chunk
    except (OSError, pa.ArrowInvalid) as error:
        raise DamagedFile(f"{path} is no whole {codec} file: {error}", hint=DAMAGED_HINT) from error


def _bzip2(path: Path) -> Iterator[pa.Buffer]:
    return _stream(path, "bz2")


def _hadoop_snappy(path: Path) -> Iterator[bytes]:
    """Blocks of (unpacked length, then (packed length, packed bytes) until that length is reached), big endian.

    As org.apache.hadoop.io.compress.BlockCompressorStream writes them.
    """
    codec = pa.Codec("snappy")
    with path.open("rb") as source:
        while header := source.read(4):
            left = _length(header, path)
            while left > 0:
                packed = source.read(_length(source.read(4), path))
                size = _unpacked_size(packed, path)
                try:
                    yield codec.decompress(packed, size, asbytes=True)
                except pa.ArrowInvalid as error:
                    raise DamagedFile(f"{path} is no whole Snappy file: {error}", hint=DAMAGED_HINT) from error
                left -= size


def _length(header: bytes, path: Path) -> int:
    if len(header) != 4:
        raise DamagedFile(f"{path} ends in the middle of a Snappy block")
    return int(struct.unpack(">I", header)[0])


def _unpacked_size(packed: bytes, path: Path) -> int:
    """Read the varint that raw Snappy begins with."""
    size = 0
    for place, byte in enumerate(packed[:5]):
        size |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return size
    raise DamagedFile(f"{path} holds a damaged Snappy block")


UNPACKED: dict[str, Callable[[Path], Iterable[Any]]] = {".bz2": _bzip2, ".snappy": _hadoop_snappy}
CHECKED = {".gz": "gzip", ".zst": "zstd"}
