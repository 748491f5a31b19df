"""What text is by its first bytes, and that text as UTF-8."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from lake.errors import UsageError
from lake.ingest.sources.options import SourceOptions
from lake.ingest.sources.streams import Filled, Stream, fill

MARKED = "tap-lake-mark"
"""What an encoding does not have stays as bytes that are not UTF-8, so that the records with them are found."""
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
PACKED = ((b"\x1f\x8b", "gzip", ".gz"), (b"\x28\xb5\x2f\xfd", "Zstandard", ".zst"), (b"BZh", "bzip2", ".bz2"))
DECODED_BYTES = 256 << 10
FALLBACK = "windows-1252"
LONGEST_MARK = 3
FIRST_BYTES = 8
"""Enough to tell formats and encodings."""


@dataclass(frozen=True)
class Text:
    """`stream` is UTF-8 from its first character on; `note` is what whoever reads it should know."""

    stream: Stream
    format: str
    note: str | None


def open_text(stream: Stream, name: str, options: SourceOptions, file_format: str | None, size: int) -> Text:
    """Read the first block and say what it is; `file_format` of None is found, too. Raises UsageError."""
    import numpy as np

    head = np.empty(size, np.uint8).data
    filled = fill(stream, head, LONGEST_MARK)
    head = head[: filled.count]
    _refuse_binary(bytes(head[:FIRST_BYTES]), name, is_named=file_format is not None)
    mark, encoding = _byte_order(bytes(head[:FIRST_BYTES]))
    encoding = _given(options) or encoding
    if encoding in (None, "utf-8"):
        head = head[mark:]
    start = bytes(head[:4096]).decode(encoding or "utf-8", "ignore").lstrip()[:1]
    found = file_format or ("ndjson" if start in ("{", "[") else "csv")
    if found == "ndjson" and start == "[":
        hint = f"make a line of each of its elements: jq -c '.[]' {name if name != 'stdin' else ''}".rstrip()
        raise UsageError(f"{name} is one JSON array, not a record on each line", hint=hint)
    note = None
    if encoding is None and found != "ndjson" and not _is_utf8(head, filled):
        encoding, note = FALLBACK, f"{name} is not UTF-8: it was read as {FALLBACK}"
    whole: Stream = Resumed(head, filled, stream)
    if encoding not in (None, "utf-8"):
        whole = Decoded(whole, str(encoding))
    return Text(whole, found, note)


class Resumed:
    """A stream that begins with what was read of it already."""

    def __init__(self, head: memoryview, filled: Filled, rest: Stream) -> None:
        self._head, self._filled, self._rest = head, filled, rest
        self.waits = rest.waits

    def read_into(self, view: memoryview) -> int | None:
        if self._head:
            count = min(len(view), len(self._head))
            view[:count] = self._head[:count]
            self._head = self._head[count:]
            return count
        if self._filled.fault is not None:
            raise self._filled.fault
        return 0 if self._filled.at_end else self._rest.read_into(view)


class Decoded:
    """A stream of UTF-8 made from one of another encoding."""

    def __init__(self, stream: Stream, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(MARKED)
        self._ready = memoryview(b"")
        self._begun = self._ended = False
        self.waits = stream.waits

    def read_into(self, view: memoryview) -> int | None:
        while not self._ready:
            if self._ended:
                return 0
            raw = bytearray(DECODED_BYTES)
            count = self._stream.read_into(memoryview(raw))
            if count is None:
                return None
            self._ended = count == 0
            text = self._decoder.decode(bytes(raw[:count]), final=self._ended)
            if text and not self._begun:
                text, self._begun = text.removeprefix("\ufeff"), True
            self._ready = memoryview(text.encode("utf-8", MARKED))
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count


def _given(options: SourceOptions) -> str | None:
    if options.encoding is None:
        return None
    name = codecs.lookup(options.encoding).name
    return "utf-8" if name in ("utf-8", "utf-8-sig", "ascii") else name


def _byte_order(start: bytes) -> tuple[int, str | None]:
    """Return the length of the byte order mark of UTF-8, and the encoding that any such mark says."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return (len(mark) if encoding == "utf-8" else 0), encoding
    return 0, None


def _is_utf8(head: memoryview, filled: Filled) -> bool:
    try:
        codecs.utf_8_decode(head, "strict", filled.at_end and filled.fault is None)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_binary(start: bytes, name: str, is_named: bool) -> None:
    for magic, packing, suffix in PACKED:
        if start.startswith(magic) and (magic != b"BZh" or start[4:8] == b"1AY&"):
            hint = f"unpack it on the way, or give it as a file whose name ends in {suffix}"
            raise UsageError(f"{name} is packed with {packing}, which its name does not say", hint=hint)
    if start.startswith(b"PAR1") and (not is_named or not start[4:].isascii() or start[4:5] < b" "):
        hint = "give the file by its name, which ends in .parquet" if name == "stdin" else "give the format parquet"
        raise UsageError(f"{name} is a Parquet file, which cannot be read as text", hint=hint)


def _mark(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeEncodeError):
        codes = [ord(character) for character in error.object[error.start : error.end]]
        return bytes(code & 0xFF if 0xDC80 <= code <= 0xDCFF else 0xFF for code in codes), error.end
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    # Bytes below 0x80 could be taken for line ends.
    return (chr(0xDC00 + bad[0]) if len(bad) == 1 and bad[0] >= 0x80 else "\udcff"), error.end


codecs.register_error(MARKED, _mark)
