"""Text files packed in ways that DuckDB does not read, unpacked beside: bzip2, and Snappy in Hadoop's framing."""

from __future__ import annotations

import bz2
import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lake.engine.readers import is_text
from lake.errors import DamagedFile
from lake.model import StorageDescriptor

CHUNK = 1024 * 1024


def readable_path(path: Path, descriptor: StorageDescriptor, temp_folder: Path) -> Path:
    """Return `path`, or that of its unpacked copy in `temp_folder`, made once as long as the file does not change."""
    unpack = {".bz2": _bzip2, ".snappy": _hadoop_snappy}.get(path.suffix.lower())
    if unpack is None or not is_text(descriptor):
        return path
    stat = path.stat()
    name = hashlib.sha256(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}".encode()).hexdigest()[:32]
    copy = temp_folder / f"{name}.txt"
    if not copy.exists():
        partial = copy.with_suffix(".part")
        with path.open("rb") as source, partial.open("wb") as target:
            for chunk in unpack(source, path):
                target.write(chunk)
        partial.replace(copy)
    return copy


def _bzip2(source: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        with bz2.open(source) as unpacked:
            while chunk := unpacked.read(CHUNK):
                yield chunk
    except (OSError, EOFError) as error:
        raise DamagedFile(f"{path} is no whole bzip2 file: {error}") from error


def _hadoop_snappy(source: BinaryIO, path: Path) -> Iterator[bytes]:
    """Blocks of (unpacked length, then (packed length, packed bytes) until that length is reached), big endian.

    As org.apache.hadoop.io.compress.BlockCompressorStream writes them.
    """
    import pyarrow as pa

    codec = pa.Codec("snappy")
    while header := source.read(4):
        left = _length(header, path)
        while left > 0:
            packed = source.read(_length(source.read(4), path))
            size = _unpacked_size(packed, path)
            try:
                yield codec.decompress(packed, size, asbytes=True)
            except pa.ArrowInvalid as error:
                raise DamagedFile(f"{path} is no whole Snappy file: {error}") from error
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
