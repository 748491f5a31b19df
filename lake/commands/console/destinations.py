"""Standard output as bytes."""

from __future__ import annotations

import io
import sys
from typing import Any

from lake.storage.new_file import explained


class StandardOutput(io.BufferedIOBase):
    """Standard output in bytes, its failures told as ours; a closed pipe stays BrokenPipeError."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        with explained("standard output"):
            return sys.stdout.buffer.write(data)

    def flush(self) -> None:
        with explained("standard output"):
            sys.stdout.flush()
